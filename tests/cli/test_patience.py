"""What takes long is told on a terminal, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from builders import run

from benchmarks import synthetic
from dlquiz.cli import patience

POSIX = sys.platform != "win32"
if POSIX:
    from screen import Terminal


class Screen(StringIO):
    """A standard error stream that tells when something was written to it."""

    def __init__(self, *, is_terminal: bool = True) -> None:
        super().__init__()
        self.is_terminal, self.has_text = is_terminal, threading.Event()

    def isatty(self) -> bool:
        return self.is_terminal

    def flush(self) -> None:
        self.has_text.set()


def test_what_takes_long_is_told_and_the_line_goes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(patience, "AFTER_S", 0)

    with patience.patience("counting"):
        screen.has_text.wait()
        assert screen.getvalue() == "counting ..."

    assert screen.getvalue() == "counting ...\r            \r"


@pytest.mark.parametrize(("is_terminal", "after"), [(True, 1000), (False, 0)])
def test_what_is_quick_or_no_screen_sees_is_not_told(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, after: int
) -> None:
    screen = Screen(is_terminal=is_terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(patience, "AFTER_S", after)

    with patience.patience("counting"):
        pass

    assert screen.getvalue() == ""


def test_a_line_fits_the_terminal_and_holds_nothing_that_acts_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    screen.fileno = lambda: 2  # type: ignore[method-assign]  # some stream of a terminal 12 columns wide
    monkeypatch.setattr(os, "get_terminal_size", lambda _stream: os.terminal_size((12, 24)))
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(patience, "AFTER_S", 0)

    with patience.patience("writing \x1b[2Jdeck.apkg"):
        screen.has_text.wait()

    assert screen.getvalue() == "writing \ufffd[2\r           \r"


# What is slow with a bank of any size is told at once here.
AT_ONCE = "from dlquiz import cli; from dlquiz.cli import patience; patience.AFTER_S = 0; cli.main()"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """The program in a pseudo-terminal, with a bank that takes some tenths of a second to read."""
    folder, opened = tmp_path / "bank", list[Terminal]()
    synthetic.bank(folder, 2000)

    def start(*args: str, editor: str = "") -> Terminal:
        command = [sys.executable, "-c", AT_ONCE, *args]
        terminal = Terminal(command, DLQUIZ_BANK=str(folder), DLQUIZ_BUILTIN="0", PAGER="cat", EDITOR=editor, VISUAL="")
        opened.append(terminal)
        return terminal

    yield start
    for terminal in opened:
        terminal.child.close(force=True)


def wiped(line: str) -> bytes:
    """How a line is shown and taken away."""
    return f"{line}\r{' ' * len(line)}\r".encode()


@pytest.mark.skipif(not POSIX, reason="a pseudo-terminal")
@pytest.mark.parametrize(
    ("args", "shown"),
    [
        ((), "Next: dlquiz study"),
        (("study",), "What is asked in note number 0"),
        (("status",), "topic-3"),
        (("random",), "What is"),
    ],
)
def test_whichever_verb_meets_a_changed_bank_tells_that_it_is_read(
    program: Callable[..., Terminal], home: Path, args: tuple[str, ...], shown: str
) -> None:
    home.mkdir()  # where what was read is kept
    terminal = program(*args)
    terminal.shows(shown)

    assert wiped("reading the cards ...") in terminal.raw
    assert "reading" not in terminal.text()

    again = program(*args)
    again.shows(shown)
    assert b"reading" not in again.raw


@pytest.mark.skipif(not POSIX, reason="a pseudo-terminal")
@pytest.mark.parametrize(
    ("args", "line", "shown"),
    [
        (("search", "fact"), "reading 200 notes for the search ...", "The best 12 of 1800 cards"),
        (("list",), "listing the notes ...", "200 notes, 2000 cards"),
        (("check",), "checking the cards ...", "200 notes, 2000 cards, no problems"),
    ],
)
def test_search_list_and_check_tell_what_they_do(
    program: Callable[..., Terminal], args: tuple[str, ...], line: str, shown: str
) -> None:
    terminal = program(*args)
    terminal.shows(shown)

    assert wiped(line) in terminal.raw
    assert " ..." not in terminal.text()


@pytest.mark.skipif(not POSIX, reason="a pseudo-terminal")
def test_a_setting_that_moves_every_card_is_told(program: Callable[..., Terminal]) -> None:
    program("study").shows("What is asked")
    run("config", "set", "desired_retention", "0.8")

    terminal = program("study")
    terminal.shows("What is asked")

    assert wiped("working out when each card is due ...") in terminal.raw


@pytest.mark.skipif(not POSIX, reason="a pseudo-terminal")
def test_an_import_tells_it_with_its_bar(program: Callable[..., Terminal], tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_text("What is new?,This.\n", encoding="utf-8")

    terminal = program("import", str(tmp_path / "words.csv"))
    terminal.shows("1 card")

    assert b"reading the cards" in terminal.raw
    assert b"reading the cards ..." not in terminal.raw


@pytest.mark.skipif(not POSIX, reason="a pseudo-terminal")
def test_a_file_changed_within_a_sitting_is_read_without_a_word(
    program: Callable[..., Terminal], tmp_path: Path
) -> None:
    (tmp_path / "bank" / "spoilt.yaml").write_text(
        "bank: big\nnotes: 7\n", encoding="utf-8"
    )  # left out, at each reading
    script = tmp_path / "editor.py"
    script.write_text("import sys; open(sys.argv[-1], 'a').write('# seen\\n')", encoding="utf-8")
    terminal = program("study", editor=f'"{sys.executable}" "{script}"')
    terminal.shows("What is asked")
    begun = len(terminal.raw)
    terminal.type(" o")

    terminal.shows("shown as it is written now")

    assert b"reading" in terminal.raw[:begun]
    assert b"reading" not in terminal.raw[begun:]


@pytest.mark.parametrize("args", [("search", "fact"), ("list",), ("check",), ("status",)])
def test_a_pipe_is_told_nothing(tmp_path: Path, args: tuple[str, ...]) -> None:
    synthetic.bank(tmp_path / "bank", 20)
    env = {**os.environ, "DLQUIZ_BANK": str(tmp_path / "bank"), "DLQUIZ_BUILTIN": "0"}
    command = [sys.executable, "-c", AT_ONCE, *args]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)

    assert done.returncode == 0
    assert "..." not in done.stdout + done.stderr
