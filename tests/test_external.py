"""The user's editors and pagers: how each is told what it needs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from builders import a_bank

from dlquiz.errors import UsageError
from dlquiz.terminal import external

PATH = Path("/my banks/mine.yaml")


@pytest.mark.parametrize(
    ("editor", "opens"),
    [
        ("vi", ["vi", "+7", str(PATH)]),
        ("/usr/bin/nvim -u NONE", ["/usr/bin/nvim", "-u", "NONE", "+7", str(PATH)]),
        ("nano", ["nano", "+7", str(PATH)]),
        ("emacsclient -t", ["emacsclient", "-t", "+7", str(PATH)]),
        ("hx", ["hx", f"{PATH}:7"]),
        ("code", ["code", "--wait", "--goto", f"{PATH}:7"]),
        ("code -w", ["code", "-w", "--goto", f"{PATH}:7"]),
        ("subl", ["subl", "--wait", f"{PATH}:7"]),
        ("kate", ["kate", "--block", "--line", "7", str(PATH)]),
        ("gvim", ["gvim", "--nofork", "+7", str(PATH)]),
        ("notepad.exe", ["notepad.exe", str(PATH)]),
        ("notepad++.exe", ["notepad++.exe", "-n7", str(PATH)]),
        ("'/opt/my editors/ed' -x", ["/opt/my editors/ed", "-x", str(PATH)]),
    ],
)
def test_every_editor_is_told_the_line_its_own_way(editor: str, opens: list[str]) -> None:
    if sys.platform == "win32" and "'" in editor:
        pytest.skip("single quotes quote nothing there")
    command = external.command({"EDITOR": editor}, "it")

    assert external.opening(command, PATH, 7) == opens


def test_visual_comes_before_editor_and_a_path_with_blanks_needs_no_quotes(tmp_path: Path) -> None:
    program = tmp_path / "my editor"
    program.write_text("", encoding="utf-8")

    assert external.command({"VISUAL": str(program), "EDITOR": "vi"}, "it") == [str(program)]
    assert external.command({"VISUAL": " ", "EDITOR": "vi"}, "it") == ["vi"]


def test_no_editor_is_a_sentence_with_the_place() -> None:
    with pytest.raises(UsageError, match=r"no editor is set: .* or open mine\.yaml at line 3 yourself"):
        external.command({}, "mine.yaml at line 3")


def test_the_pager_is_the_users_own_and_none_where_they_say_so() -> None:
    assert external.pager({"PAGER": "most -s"}) == "most -s"
    assert external.pager({"PAGER": ""}) is None
    assert external.pager({"PAGER": "cat"}) is None


if sys.platform != "win32":
    import pexpect

    def seen(folder: Path, *args: str, rows: int = 10, **env: str) -> str:
        """What a person sees of a page in a terminal of so many lines."""
        command = ["-m", "dlquiz", *args, "--no-builtin", "--bank", str(a_bank(folder))]
        environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **env}
        child = pexpect.spawn(
            sys.executable, command, dimensions=(rows, 80), env=environment, encoding="utf-8", timeout=20
        )
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0, child.before
        return str(child.before)

    def test_a_page_longer_than_the_screen_goes_through_the_pager(tmp_path: Path) -> None:
        text = seen(tmp_path, "show", "mine/adam", PAGER="cat > /dev/null; echo paged")
        assert text == "paged\r\n"

    def test_a_page_that_fits_does_not(tmp_path: Path) -> None:
        text = seen(tmp_path, "show", "mine/adam", rows=60, PAGER="cat > /dev/null; echo paged")
        assert "paged" not in text
        assert "What does Adam keep" in text

    def test_a_pager_that_is_not_there_costs_no_page(tmp_path: Path) -> None:
        assert "What does Adam keep" in seen(tmp_path, "show", "mine/adam", PAGER="no-such-pager")

    def test_a_pager_that_is_left_early_is_no_error(tmp_path: Path) -> None:
        assert seen(tmp_path, "list", rows=4, PAGER="head -c 1 > /dev/null") == ""

    def test_only_less_is_sent_styles(tmp_path: Path) -> None:
        assert "\x1b" not in seen(tmp_path, "show", "mine/adam", PAGER="sed -n p")

    def test_a_dumb_terminal_has_no_pager(tmp_path: Path) -> None:
        assert "paged" not in seen(tmp_path, "show", "mine/adam", TERM="dumb", PAGER="cat > /dev/null; echo paged")
