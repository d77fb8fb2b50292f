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
    if sys.platform == "win32":
        pytest.skip("how an editor is found there has its own test")
    command = external.command({"EDITOR": editor}, "it")

    assert external.opening(command, PATH, 7) == opens


def test_visual_comes_before_editor_and_a_path_with_blanks_needs_no_quotes(tmp_path: Path) -> None:
    program = tmp_path / "my editor"
    program.write_text("", encoding="utf-8")

    if sys.platform == "win32":
        pytest.skip("a program has an ending there")
    assert external.command({"VISUAL": str(program), "EDITOR": "vi"}, "it") == [str(program)]
    assert external.command({"VISUAL": " ", "EDITOR": "vi"}, "it") == ["vi"]


def test_no_editor_is_a_sentence_with_the_place() -> None:
    if sys.platform == "win32":
        pytest.skip("there is always one there")
    with pytest.raises(UsageError, match=r"no editor is set: .* or open mine\.yaml at line 3 yourself"):
        external.command({}, "mine.yaml at line 3")


def test_an_editor_that_is_there_is_taken_where_none_is_set(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("there is always one there")
    for name in ("vi", "nano"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\n", encoding="utf-8")
        program.chmod(0o755)

    assert external.likely({"PATH": str(tmp_path)}) == "nano"
    assert external.likely({}) == ""
    assert external.command({"PATH": str(tmp_path), "EDITOR": "ed"}, "it") == ["ed"]


def test_the_pager_is_the_users_own_and_none_where_they_say_so() -> None:
    assert external.pager({"PAGER": "most -s"}) == "most -s"
    assert external.pager({"PAGER": ""}) is None
    assert external.pager({"PAGER": "cat"}) is None


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment of Windows, with what VS Code puts there and an editor in a folder with blanks."""
    monkeypatch.setattr(external, "WINDOWS", True)
    for name in ("bin/code", "bin/code.cmd", "bin/notepad.exe", "Program Files/Ed/ed.exe"):
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("", encoding="utf-8")
        program.chmod(0o755)
    return {"PATH": str(tmp_path / "bin"), "PATHEXT": ".com;.exe;.bat;.cmd"}


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("code", ["bin/code.cmd", "--wait", "--goto", f"{PATH}:7"]),
        ("code.cmd -w", ["bin/code.cmd", "-w", "--goto", f"{PATH}:7"]),
        ("", ["bin/notepad.exe", str(PATH)]),
        ('"{}/Program Files/Ed/ed.exe" -x', ["Program Files/Ed/ed.exe", "-x", str(PATH)]),
        ("{}/Program Files/Ed/ed.exe -x", ["Program Files/Ed/ed.exe", "-x", str(PATH)]),
        ("{}/Program Files/Ed/ed", ["Program Files/Ed/ed.exe", str(PATH)]),
    ],
)
def test_on_windows_the_editor_is_found_as_its_shell_finds_it(
    windows: dict[str, str], tmp_path: Path, editor: str, words: list[str]
) -> None:
    command = external.command({**windows, "EDITOR": editor.format(tmp_path)}, "it")
    program, *options = external.opening(command, PATH, 7)

    assert Path(program) == tmp_path / words[0]
    assert options == words[1:]
    assert external.waits(command) is (Path(program).stem in ("code", "notepad"))


def test_on_windows_backslashes_are_letters_and_an_editor_that_is_not_there_is_named(windows: dict[str, str]) -> None:
    assert external.command({**windows, "EDITOR": r'"C:\My Editors\vim.exe" -n'}, "it") == [
        r"C:\My Editors\vim.exe",
        "-n",
    ]
    assert external.opening([r"C:\My Editors\vim.exe"], PATH, 7)[1] == "+7"
    with pytest.raises(UsageError, match="'no-such' can't be started"):
        external.edit(external.command({**windows, "EDITOR": "no-such"}, "it"), PATH, 7)


@pytest.mark.usefixtures("windows")
def test_what_a_batch_file_is_given_stands_in_quotes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = []

    class Done:
        returncode = 0

    def run(command: str, check: bool) -> type[Done]:
        given.append((command, check))
        return Done

    monkeypatch.setattr("subprocess.run", run)
    external.edit([r"C:\Code\code.cmd"], tmp_path / "a & b.yaml", 7)

    assert given == [(rf'"C:\Code\code.cmd" "--wait" "--goto" "{tmp_path / "a & b.yaml"}:7"', False)]


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
