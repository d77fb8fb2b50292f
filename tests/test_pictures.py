"""Which program shows a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlquiz.terminal import pictures


@pytest.mark.parametrize(("platform", "command"), [("darwin", ["open"]), ("win32", ["explorer"])])
def test_the_systems_own_viewer_shows_pictures(platform: str, command: list[str]) -> None:
    assert pictures.viewer({}, platform) == command


def test_without_a_screen_there_is_no_viewer_and_one_can_be_named(tmp_path: Path) -> None:
    program = tmp_path / "xdg-open"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    path = {"PATH": str(tmp_path)}

    assert pictures.viewer(path, "linux") is None
    assert pictures.viewer({**path, "DISPLAY": ":0"}, "linux") == [str(program)]
    assert pictures.viewer({"PATH": "", "DISPLAY": ":0"}, "linux") is None
    assert pictures.viewer({"DLQUIZ_VIEWER": "feh"}, "linux") == ["feh"]
