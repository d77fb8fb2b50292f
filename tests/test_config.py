"""The file of settings: what is read of it without TOML's parser is what that parser would read."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import config
from dlquiz.errors import UsageError

LINES = (
    "new_per_day = 5",
    "new_per_day = 0",
    "new_per_day = 05",
    "new_per_day = 1_0",
    "new_per_day = +7",
    "new_per_day=8",
    "new_per_day = 0x10",
    'plan_topics = "a, b"',
    "plan_topics = 'a'",
    'plan_topics = "\\u0061"',
    'plan_topics = "aéb"',
    'plan_topics = "a\x7f"',
    'plan_topics = "a\x0bb"',
    'plan_topics = "a" # mine',
    'plan_topics = ""',
    'plan_topics = """a"""',
    'plan_topics = "a\\"',
    'plan_topics = "#"',
    "desired_retention = 0.85",
    "desired_retention = 0.8_5",
    "desired_retention = .85",
    "desired_retention = 85e-2",
    "desired_retention = 0.850",
    'rollover = "03:00"',
    "# a remark",
    "",
    "  ",
    '"new_per_day" = 4',
    "a.b = 1",
    "new_per_day = 5\r",
    "minutes_per_day = 25",
)


def home_with(folder: Path, text: str) -> config.Home:
    (folder / "config.toml").write_bytes(text.encode())
    return config.Home(folder)


@given(lines=st.lists(st.sampled_from(LINES), max_size=4))
def test_the_file_says_what_toml_says(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    home = home_with(tmp_path_factory.mktemp("home"), "\n".join(lines))
    try:
        said = tomllib.loads(home.settings_file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError:
        with pytest.raises(UsageError):
            config.load(home)
        return
    if set(said) <= set(config.names()):
        assert config.load(home) == config.Settings()._replace(**said)
    else:
        with pytest.raises(UsageError):
            config.load(home)


def test_toml_is_not_waited_for_where_dlquiz_wrote_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = config.Home(tmp_path)
    config.save(
        home, {"interview_date": "2027-01-31", "plan_minutes": 25, "desired_retention": 0.85, "plan_topics": ""}
    )
    monkeypatch.setitem(sys.modules, "tomllib", None)  # importing it fails

    assert config.load(home).plan_minutes == 25
