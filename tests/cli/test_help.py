"""The help: every page fits a screen's width, shows what to type, and a slip of the finger gets the right verb."""

from __future__ import annotations

import pytest
from builders import called

from dlquiz import config
from dlquiz.cli.verbs import GROUPS, VERBS


@pytest.mark.parametrize("verb", [*VERBS, "config get", "config set", "config path"])
def test_every_page_has_examples_and_fits_80_columns(verb: str) -> None:
    done = called(*verb.split(), "--help")

    assert done.returncode == 0
    assert "\n  Examples:\n    dlquiz " in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_verbs_are_listed_by_what_somebody_wants_each_once_and_whole() -> None:
    text = called("--help").stdout
    lines = text.partition("Answer cards:")[2].splitlines()
    listed = [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]

    assert listed == [verb for group in GROUPS.values() for verb in group]
    assert not any("..." in line for line in lines)
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_listed_with_the_first_sentence_of_its_own_page(verb: str) -> None:
    page = " ".join(called(verb, "--help").stdout.split())

    assert f" {VERBS[verb].help} " in page


def test_the_help_of_config_tells_every_setting_with_its_meaning_values_and_default() -> None:
    text = " ".join(called("config", "--help").stdout.split())

    for name, rule in config.RULES.items():
        assert f"{name} = {getattr(config.Settings(), name)}" in text
        assert f"{rule.means} ({rule.wants})" in text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["stdy"], "Did you mean 'study'?"),
        (["serach", "adam"], "Did you mean 'search'?"),
        (["study", "--topics", "x"], "--topic"),
        (["config", "get", "new_per_dya"], "did you mean 'new_per_day'?"),
        (["config", "set", "rolover", "1"], "did you mean 'rollover'?"),
        (["config", "stet", "x"], "Did you mean 'set'?"),
    ],
)
def test_a_slip_of_the_finger_gets_the_nearest(typed: list[str], meant: str) -> None:
    done = called(*typed)

    assert done.returncode == 2
    assert meant in done.stderr


def test_help_with_a_verb_is_that_verbs_help_and_config_alone_prints_the_settings() -> None:
    assert called("help", "study").stdout == called("study", "--help").stdout
    assert called("help").stdout == called("--help").stdout
    assert called("config").stdout == called("config", "get").stdout
