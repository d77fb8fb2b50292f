"""The real program in a real pseudo-terminal, seen as its screen shows it."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import a_bank, run

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals", allow_module_level=True)

import pty

from screen import WAIT, Terminal


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []
    path = str(a_bank(tmp_path))

    def start(*args: str, columns: int = 80, rows: int = 24, **env: str) -> Terminal:
        command = [sys.executable, "-m", "dlquiz", "study", "--no-builtin", "--bank", path, *args]
        terminal = Terminal(command, columns, rows, **env)
        opened.append(terminal)
        return terminal

    yield start
    for terminal in opened:
        terminal.child.close(force=True)


def reviews() -> list[tuple[str, int, bool]]:
    rows = json.loads(run("log", "--json").stdout)
    return [(row["card"], row["rating"], row["undone"]) for row in rows]


@pytest.mark.parametrize("columns", [40, 80])
def test_a_whole_sitting(study: Callable[..., Terminal], columns: int) -> None:
    terminal = study("--card", "mine/adam", "--card", "mine/adam.beta", columns=columns)
    text = terminal.shows("What does Adam keep")
    assert "mine/adam" not in text
    assert "Two running means" not in text

    terminal.type(" ")
    text = terminal.shows("4 easy")
    assert "Two running means." in text
    assert re.search(r"a  must:? +A mean of gradients", text)
    terminal.type("ab")
    terminal.shows("Enter gives 3 good")
    terminal.type("\r")
    said = "2 of 3 said" if columns == 80 else "2/3"  # one line, however narrow
    terminal.shows(rf"^✓ good · mine/adam · {said} · \w{{3}} \d+ \w{{3}}$")
    terminal.shows("What is Adam's usual β₁")

    terminal.type("u")
    terminal.shows("undone mine/adam")
    terminal.shows("taken back: rate it again")
    terminal.type("4")
    terminal.shows(r"✓ easy · mine/adam\b")
    terminal.type(" 4")
    terminal.shows("2 answers: 2 easy")
    assert terminal.ended() == 0
    assert terminal.restored()
    assert reviews() == [("mine/adam", 3, True), ("mine/adam", 4, False), ("mine/adam.beta", 4, False)]
    assert max(len(line) for line in terminal.text().splitlines()) <= columns


def test_the_rest_comes_in_screenfuls_and_rating_keys_always_work(
    tmp_path: Path, study: Callable[..., Terminal]
) -> None:
    long = "\\n\\n".join(f"paragraph {n}" for n in range(60))
    text = f'bank: long\nnotes: [{{id: n, question: Why?, short: So., answer: "{long}"}}]\n'
    terminal = study("--bank", str(a_bank(tmp_path / "more", text)), "--card", "long/n", rows=20)
    terminal.shows("Why?")
    terminal.type(" ")
    assert "paragraph 0" not in terminal.shows("Space more")
    terminal.type(" ")
    assert "paragraph 40" not in terminal.shows("paragraph 4$")
    assert re.search(r"Space more \(1 of \d+\)", terminal.now())
    terminal.type("3")
    terminal.shows("✓ good · long/n")


def test_keys_typed_ahead_never_rate_a_card_that_was_not_yet_shown(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "mine/sgd", "--card", "mine/adam.lr")
    terminal.type(" 4")
    terminal.shows("typed before the card was shown")
    terminal.type("4")
    terminal.shows("✓ easy · mine/sgd")
    terminal.shows("usual learning rate")
    terminal.type(" 4")

    assert terminal.ended() == 0
    assert [rating for _, rating, _ in reviews()] == [4, 4]


@pytest.mark.parametrize("accessible", ["", "1"])
def test_good_without_a_must_is_asked_once(study: Callable[..., Terminal], accessible: str) -> None:
    terminal = study("--card", "mine/adam", ACCESSIBLE=accessible)
    terminal.shows("What does Adam keep")
    terminal.type(" 03")
    terminal.shows(r"2 musts unsaid: really good\? 3 again takes it")
    terminal.type("a4")
    terminal.shows(r"1 must unsaid: really easy\? 4 again takes it")
    assert terminal.child.isalive()
    terminal.type("4")
    terminal.shows("1 answer: 1 easy")
    assert terminal.ended() == 0


def test_what_the_terminal_says_itself_and_alt_with_a_digit_rate_nothing(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "mine/adam.lr")
    terminal.shows("usual learning rate")
    terminal.type("=\r")
    terminal.type(" ")
    terminal.shows("4 easy")
    for reply in (
        "\x1b]11;rgb:1e1e/2323/3434\x07",
        "\x1bP1$r3 q\x1b\\",
        "\x1b_Gi=31;1\x1b\\",
        "\x1b[?62;1;4c",
        "\x1b[24;80R",
    ):
        terminal.type(reply)
        for place in (2, 6, len(reply) - 1):
            terminal.type(reply[:place])
            time.sleep(0.1)
            terminal.type(reply[place:])
    terminal.type("\x1b1\x1b4\x1b\r")
    time.sleep(0.2)
    terminal.type("w")
    terminal.shows("'w' does nothing here")
    assert terminal.child.isalive()
    assert "You wrote" not in terminal.now()
    terminal.type("\x1b]11;rgb:12\x1b[200~1\x1b[201~4")
    terminal.shows("1 answer: 1 easy")


def test_typing_an_answer(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "mine/adam.lr", "--card", "mine/adam.beta")
    terminal.shows("usual learning rate")
    terminal.type("1e-4\x7f3\r")
    terminal.shows("You wrote “1e-3”. Right.")
    terminal.type("3")
    terminal.shows(r"✓ good · mine/adam\.lr\b")
    terminal.shows("usual β₁")
    terminal.type("=0.5")
    terminal.shows("Enter checks  Esc cancels")
    terminal.type("\x1b")
    time.sleep(0.3)
    terminal.type("=0.9\r")
    terminal.shows("You wrote “0.9”. Right.")


def test_ctrl_c_keeps_answers_and_restores_the_terminal(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "mine/sgd", "--card", "mine/adam")
    terminal.shows("What is SGD")
    assert not terminal.echoes()
    terminal.type(" 3")
    terminal.shows(r"✓ good · mine/sgd\b")
    terminal.shows("What does Adam keep")
    terminal.type("\x03")

    assert terminal.ended() == 130
    assert terminal.restored()
    assert "1 answer kept" in terminal.text()
    assert "Traceback" not in terminal.text()
    assert reviews() == [("mine/sgd", 3, False)]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_that_ends_it_restores_the_terminal(study: Callable[..., Terminal], number: int, code: int) -> None:
    terminal = study("--card", "mine/sgd")
    terminal.shows("What is SGD")
    terminal.child.kill(number)

    assert terminal.ended() == code
    assert terminal.restored()
    assert "Traceback" not in terminal.text()


def test_a_terminal_that_is_closed_ends_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dlquiz", "study", "--no-builtin", "--bank", str(a_bank(tmp_path))]
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(command[0], command)  # the tests' process goes on below
    while b"What does Adam keep" not in os.read(fd, 65536):
        pass
    os.close(fd)
    end = time.monotonic() + WAIT
    while not os.waitpid(pid, os.WNOHANG)[0]:
        assert time.monotonic() < end, "still running without a terminal"
        time.sleep(0.02)


def test_ctrl_z_hands_the_terminal_back_and_fg_goes_on(tmp_path: Path) -> None:
    path = a_bank(tmp_path)
    shell = Terminal(["bash", "--norc", "--noprofile", "-i"], PS1="ready> ", PYTHON=sys.executable)
    shell.shows("ready>")
    shell.type(f"$PYTHON -m dlquiz study --no-builtin --bank {path} --card mine/sgd\n")
    shell.shows("What is SGD")
    shell.type("\x1a")
    shell.shows("Stopped")
    shell.type("echo back $(stty -a | grep -o '[-]*icanon')\n")
    shell.shows("^back icanon")
    assert "What is SGD" not in shell.text()
    shell.type("fg\n")
    shell.shows(r"^\s*What is SGD")
    shell.type(" 3")
    shell.shows("✓ good · mine/sgd")
    shell.type("\nexit\n")
    shell.child.close(force=True)


def test_a_resize_draws_the_card_again_at_the_new_width(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "mine/adam")
    terminal.shows("What does Adam keep")
    terminal.resize(40, 24)
    terminal.shows("3 new  0 learning  0 due|─ +1 new  0")
    terminal.type(" 3")
    terminal.shows(r"✓ good · mine/adam\b")


def test_neither_resizes_nor_help_nor_typing_leave_a_line_behind(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "mine/adam", "--card", "mine/adam.lr", "--card", "mine/adam.beta")
    terminal.shows("What does Adam keep")
    terminal.type(" a44")
    terminal.shows("usual learning rate")
    for columns, rows in ((50, 24), (100, 30), (44, 12), (80, 24)):
        terminal.resize(columns, rows)
        before = len(terminal.raw)
        terminal.until(lambda seen=before: len(terminal.raw) > seen, "a drawing")  # type: ignore[misc]
        terminal.shows("usual learning rate")
        terminal.type("?")
        terminal.shows("  Space +show the answer")
        terminal.type("?=1e\x1b")
        terminal.until(lambda: "> 1e" not in terminal.now(), "the card alone")
    terminal.type("q")
    assert terminal.ended() == 0

    lines = [line for line in terminal.text().splitlines() if line]
    assert lines[0].startswith("✓ easy · mine/adam · 1 of 3 said · ")
    assert re.fullmatch(r"1 answer: 1 easy; \d+ s", lines[-1])
    assert "usual learning rate" not in terminal.text()


def test_output_alone_no_terminal_is_refused(tmp_path: Path) -> None:
    path = a_bank(tmp_path)
    command = f"{sys.executable} -m dlquiz study --no-builtin --bank {path} > {tmp_path}/out; echo code $?"
    terminal = Terminal(["bash", "--norc", "-c", command])
    terminal.shows("code 2")
    assert "study needs a terminal" in terminal.text()


def test_a_dumb_terminal_and_no_colour_get_no_colour(study: Callable[..., Terminal]) -> None:
    plain = study("--card", "mine/adam", NO_COLOR="1")
    plain.shows("What does Adam keep")
    dumb = study("--card", "mine/adam", TERM="dumb")
    dumb.shows("What does Adam keep")
    dumb.type(" a")
    dumb.shows("Enter gives")

    assert not re.search(rb"\x1b\[([0-9]+;)*[39][0-7](;[0-9]+)*m", plain.raw)
    assert b"\x1b" not in dumb.raw


def test_ten_lines_are_enough(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "mine/adam", rows=10, columns=40)
    terminal.shows("What does Adam keep")
    terminal.type(" ")
    terminal.shows("4 easy")
    terminal.type("a")
    terminal.shows("Enter [12] (again|hard)  Space more")
    terminal.type("33")
    terminal.shows(r"✓ good · mine/adam\b")


def test_practice_writes_nothing(tmp_path: Path, home: Path) -> None:
    path = a_bank(tmp_path)
    terminal = Terminal([sys.executable, "-m", "dlquiz", "random", "--no-builtin", "--bank", str(path), "--count", "1"])
    terminal.shows("1 new")
    terminal.type(" 3")
    terminal.shows("practice: nothing was written")
    assert terminal.ended() == 0
    assert not home.exists()


def test_a_key_that_only_looks_like_a_digit_is_no_pick(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "mine/adam.pick")
    terminal.shows("Which mean does Adam keep")

    terminal.type("²")
    terminal.type(" 4")

    terminal.shows(r"✓ easy · mine/adam\.pick\b")
    assert terminal.ended() == 0
