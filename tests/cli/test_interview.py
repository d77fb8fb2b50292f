"""`interview`: line by line, at a terminal, and killed in the middle."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from builders import a_bank, called

BANK = """\
bank: one
topic: optimizers
notes:
  - id: adam
    question: What does Adam keep for each weight, $w$?
    answer: Two running means, of the gradient and of its square.
    short: Two running means.
    key_points:
      - {id: first, text: A mean of gradients., must: true}
      - {id: second, text: A mean of squared gradients., must: true}
      - {id: bias, text: Both are corrected.}
    follow_ups:
      - {question: "Why squares?", answer: They scale the step.}
  - id: sgd
    question: What is SGD?
    answer: A step against the gradient of a mini-batch.
    key_points:
      - {id: step, text: A step against the gradient., must: true}
"""
QUESTIONS = r"What does Adam keep|What is SGD"


@pytest.fixture
def bank(tmp_path: Path) -> list[str]:
    return ["--no-builtin", "--bank", str(a_bank(tmp_path, BANK))]


@pytest.fixture
def at_terminal(bank: list[str]) -> Iterator[Callable[..., Any]]:
    if sys.platform == "win32":
        pytest.skip("no pseudo-terminals")
    from screen import Terminal

    opened: list[Terminal] = []

    def start(*args: str, columns: int = 80, rows: int = 24, **env: str) -> Terminal:
        command = [sys.executable, "-m", "dlquiz", "interview", *bank, "--seed", "s", *args]
        if "--resume" in args:
            command.remove("--seed")
            command.remove("s")
        opened.append(Terminal(command, columns, rows, **env))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.child.close(force=True)


def logged(home: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(home / "progress.db")) as db:
        query = "SELECT card, given, (SELECT count(*) FROM point_result WHERE event = id AND said) FROM event"
        return sorted(db.execute(query))


# ---- line mode


def test_a_whole_spoken_interview_in_lines(bank: list[str], home: Path) -> None:
    done = called("interview", *bank, "--questions", "2", "--seed", "s", keys="\n\n\nab\n\n0\n\n")
    asked, debrief = done.stdout.split("Now the debrief")

    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"^card one/", asked, re.MULTILINE)) == 2
    assert "Why squares?" in asked
    assert "running means" not in asked
    assert "A step against" not in asked
    assert "Two running means." in debrief
    assert len(re.findall(r"^saved one/(adam 2 of 3|sgd 0 of 1|sgd 1 of 1|adam 0 of 3)$", debrief, re.MULTILINE)) == 2
    assert debrief.index("Verdict") < debrief.index("Next") < debrief.index("kept ")
    assert "\x1b" not in done.stdout
    assert sorted(path.suffix for path in (home / "interviews").iterdir()) == [".html", ".md"]
    assert len(logged(home)) == 2
    assert json.loads(called("log", "--json").stdout) == []


def test_written_answers_end_with_an_empty_line_and_are_kept(bank: list[str], home: Path) -> None:
    keys = "?\np\nany\n=s\nsecond line\n\ns\n" + "\n" * 2
    done = called("interview", *bank, "--typed", "--seed", "s", keys=keys)

    assert done.returncode == 0, done.stderr
    assert "skip what is asked" in done.stdout
    assert "paused" in done.stdout
    givens = [row[1] for row in logged(home)]
    assert givens == ["s\nsecond line"]
    (report,) = (home / "interviews").glob("*.md")
    assert "```text\ns\nsecond line\n```" in report.read_text(encoding="utf-8")


def test_end_of_input_keeps_it_and_resume_goes_on_with_the_text(bank: list[str], home: Path) -> None:
    left = called("interview", *bank, "--typed", "--seed", "s", keys="half a sentence\n")
    assert left.returncode == 0
    assert left.stdout.splitlines()[-1] == "the interview is kept; go on with: dlquiz interview --resume"
    assert "unfinished" in called("interview", "--list", *bank).stdout

    done = called("interview", "--resume", *bank, keys="and the rest\n\n" + "\n" * 6)

    assert "half a sentence" in done.stdout
    assert "half a sentence\nand the rest" in [row[1] for row in logged(home)]
    again = called("interview", "--resume", *bank)
    assert again.returncode == 1
    assert "no interview is unfinished" in again.stderr


def test_the_same_seed_asks_the_same(bank: list[str]) -> None:
    one, two = (called("interview", *bank, "--seed", "monday", keys="s\ns\n").stdout for _ in "12")

    assert re.findall(r"^card .*", one, re.MULTILINE) == re.findall(r"^card .*", two, re.MULTILINE)


def test_list_compares_and_says_when_there_is_none(bank: list[str], home: Path) -> None:
    assert called("interview", "--list", *bank).stdout == "No mock interview yet. `dlquiz interview` begins one.\n"
    assert not home.exists()
    for ticks in ("0", "ab"):
        called("interview", *bank, "--seed", "s", keys=f"\n\n\n{ticks}\n\n{ticks}\n\n")
    shown = called("interview", "--list", *bank).stdout

    assert len(re.findall(r"2 of 2 +\d of 3 +\d:\d\d$", shown, re.MULTILINE)) == 2
    assert "optimizers not yet" in shown
    assert "optimizers passed" in shown
    assert "Musts said: 100 % in the last one, 0 % in the one before: more." in shown


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["--questions", "0"], 2, "--questions"),
        (["--minutes", "0"], 2, "--minutes"),
        (["--minutes", "nan"], 2, "--minutes"),
        (["--minutes", "inf"], 2, "--minutes"),
        (["--topic", "optimzers"], 2, "did you mean"),
        (["--resume"], 1, "no interview is unfinished"),
        (["--resume", "--topic", "optimizers", "--seed", "x"], 2, "leave out --topic and --seed"),
        (["--resume", "--list"], 2, "ask for one of them"),
        (["--list", "--typed"], 2, "leave out --typed"),
    ],
)
def test_what_makes_no_sense_is_told(bank: list[str], args: list[str], code: int, said: str) -> None:
    done = called("interview", *bank, *args)

    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_fewer_questions_than_asked_for_are_told_and_asked(bank: list[str]) -> None:
    done = called("interview", *bank, "--topic", "optimizers", "--questions", "9")

    assert "optimizers has only 2 of the 9 questions asked for" in done.stderr
    assert "Question 1 of 2" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_kill_9_in_the_middle_loses_no_finished_step(bank: list[str], home: Path) -> None:
    command = [sys.executable, "-m", "dlquiz", "interview", *bank]
    for args, keys, told in (
        (["--typed", "--seed", "s"], "one\ntwo\n\nthree\n\nfour\n\nhalf\n", "Now the debrief"),
        (["--resume"], "ab\n\n", "saved one/"),
    ):
        program = subprocess.Popen(
            [*command, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.write(keys)
        program.stdin.flush()
        while told not in (line := program.stdout.readline()):
            assert line, "ended before it was killed"
        os.killpg(program.pid, signal.SIGKILL)
        program.communicate()

    done = called("interview", "--resume", *bank, keys="0\n\n")

    assert done.returncode == 0, done.stderr
    found = logged(home)
    assert len(found) == 2
    assert {row[1] for row in found} <= {"one\ntwo", "three", "four"}
    assert sum(row[2] for row in found) in (1, 2)


def test_of_two_windows_the_losing_one_keeps_what_was_typed_in_a_file_and_says_where(
    bank: list[str], home: Path
) -> None:
    command = [sys.executable, "-m", "dlquiz", "interview", *bank]
    first = subprocess.Popen(
        [*command, "--typed", "--seed", "s", "--questions", "2"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", bufsize=1,
    )  # fmt: skip
    assert first.stdin is not None
    assert first.stdout is not None
    while not first.stdout.readline().startswith("card "):
        pass
    second = called("interview", "--resume", *bank, keys="the winner's\n\n")
    _, told = first.communicate("the loser's first line\n")

    assert second.returncode == 0, second.stderr
    assert first.returncode == 1
    (aside,) = (home / "interviews").glob("*-not-kept.md")
    assert told == (
        f"dlquiz: this interview goes on in another window; this one ends here; what you typed here is in {aside}\n"
    )
    assert aside.read_text(encoding="utf-8").splitlines()[-1] == "the loser's first line"
    with closing(sqlite3.connect(home / "progress.db")) as db:
        ((state,),) = db.execute("SELECT state FROM interview")
    assert "the winner's" in state
    assert "loser" not in state


def test_several_that_were_left_are_listed_and_one_is_taken_by_its_number(bank: list[str]) -> None:
    called("interview", *bank, "--typed", "--seed", "s", keys="the older\n")
    begun = called("interview", *bank, "--typed", "--seed", "s", keys="the newer\n")
    assert re.fullmatch(
        r"not finished, here or in another window: the interview of \w+ \d+ \w+ \d\d:\d\d, at question 1 of 2\n"
        r"this begins another; to go on with that one: dlquiz interview --resume\n",
        begun.stderr.replace("the bank has only 2 of the 5 questions asked for\n", ""),
    )

    several = called("interview", "--resume", *bank)
    assert several.returncode == 2
    assert several.stderr.startswith(
        "dlquiz: 2 interviews were left unfinished; go on with one of them: dlquiz interview --resume N\n  1  "
    )
    assert "so far:\n  the older" in called("interview", "--resume", "2", *bank).stdout
    assert "so far:\n  the newer" in called("interview", *bank, "--resume", "1").stdout
    assert "there is no unfinished interview 3" in called("interview", "--resume", "3", *bank).stderr
    assert "--resume 2" in called("interview", "2", *bank).stderr
    assert re.findall(r"--resume (\d)", called("interview", "--list", *bank).stdout) == ["2", "1"]


# ---- a terminal


def test_while_one_is_open_a_terminal_asks_whether_to_go_on_with_it(at_terminal: Callable[..., Any]) -> None:
    first = at_terminal("--typed")
    first.shows("left in all")
    second = at_terminal("--typed")
    second.shows("not finished, here or in another window")
    second.shows(r"Go on with it\? \[Y/n\]")
    second.type("\r")
    second.shows("Going on with question 1 of 2")
    second.type("mine now\r")
    second.shows("mine now")
    first.type("typed in the first\r")
    first.shows(r"not-kept\.md")
    assert first.ended() == 1
    assert first.restored()
    second.type("\x03")
    assert second.ended() == 130
    third = at_terminal()
    third.shows("Go on with it")
    third.type("n\r")
    third.shows("Mock interview: 2 questions")


def test_clocks_run_and_keys_work_at_a_terminal(at_terminal: Callable[..., Any], home: Path) -> None:
    terminal = at_terminal()
    terminal.shows(QUESTIONS)
    assert "running means" not in terminal.shows(r"0:00 on this · 30:00 left in all")
    terminal.shows(r"0:01 on this · 29:59 left in all")
    assert "0:00 on this" not in terminal.text()
    terminal.type("?")
    terminal.shows("s      skip what is asked")
    terminal.type(" ")
    terminal.until(lambda: "skip what is asked" not in terminal.text(), "the question without the keys")
    terminal.type("pp")
    terminal.shows("paused; any key goes on")
    terminal.type("z")
    terminal.shows(r"left in all   'z' does nothing here")
    terminal.type("   ")
    terminal.shows("Now the debrief")
    terminal.shows("Which of these did you say")
    terminal.type("a")
    terminal.shows(r"said a \(1 of \d\)")
    assert re.search(r"^✓ a  ", terminal.now(), re.MULTILINE)
    assert terminal.text().count("Which of these did you say") == 1
    terminal.type(" ")
    terminal.shows("saved one/")
    terminal.type(" ")
    terminal.shows("nothing ticked: 0 for none of them; Space again records nothing")
    terminal.type("0\r")
    terminal.shows("^kept ")
    assert terminal.ended() == 0
    assert terminal.restored()
    assert len(logged(home)) == 2


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 10)])
def test_writing_with_editing_keys_a_paste_and_a_resize(
    at_terminal: Callable[..., Any], home: Path, columns: int, rows: int
) -> None:
    terminal = at_terminal("--typed", "--questions", "1", columns=columns, rows=rows)
    terminal.shows("left in all")
    terminal.type("?\r")
    terminal.shows("a key above stands alone")
    terminal.type("bc\x1b[D\x1b[DX\x1b[F!")
    terminal.shows("Xbc!")
    terminal.type("\r\x1b[200~pasted\r\rwith a gap\x1b[201~")
    terminal.shows("with a gap")
    terminal.screen.resize(rows, columns - 5)
    terminal.child.setwinsize(rows, columns - 5)
    terminal.shows(r"^\s*What is SGD", 2)
    terminal.type("\r\r")
    terminal.shows("done after")
    terminal.type("\r")  # a follow-up, if it has one
    terminal.shows("Which of these did you say")
    terminal.type("a\r")
    terminal.shows("^kept ")
    assert terminal.ended() == 0
    assert logged(home)[0][1] == "Xbc!\npasted\n\nwith a gap"
    assert terminal.raw.count(b"\x1b[?2004h") == terminal.raw.count(b"\x1b[?2004l") > 0


def test_ctrl_c_keeps_text_and_time_for_resume(at_terminal: Callable[..., Any]) -> None:
    terminal = at_terminal("--typed")
    terminal.shows("0:01 on this")
    terminal.type("half")
    terminal.shows("  half")
    terminal.type("\x03")
    assert terminal.ended() == 130
    assert terminal.restored()
    assert "interrupted; the interview is kept" in terminal.text()
    assert "Traceback" not in terminal.text()

    again = at_terminal("--resume")
    again.shows("  half")
    assert not re.search("0:00 on this", again.text())
    again.type("\x04")
    again.shows("the interview is kept")
    assert again.ended() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_a_hang_up_keeps_it_and_restores_the_terminal(at_terminal: Callable[..., Any]) -> None:
    terminal = at_terminal("--typed")
    terminal.shows("left in all")
    terminal.type("half")
    terminal.shows("  half")
    terminal.child.kill(signal.SIGHUP)

    assert terminal.ended() == 129
    assert terminal.restored()
    again = at_terminal("--resume")
    again.shows("  half")


def test_ctrl_z_stops_the_clock_and_hands_the_terminal_back(bank: list[str]) -> None:
    if sys.platform == "win32":
        pytest.skip("no job control")
    from screen import Terminal

    shell = Terminal(["bash", "--norc", "--noprofile", "-i"], PS1="ready> ")
    shell.shows("ready>")
    shell.type(f"{sys.executable} -m dlquiz interview {' '.join(bank)}\n")
    shell.shows("0:00 on this")
    shell.type("\x1a")
    shell.shows("Stopped")
    time.sleep(3)
    shell.type("fg\n")
    shell.shows(QUESTIONS, 2)
    assert re.search(r"0:0[012] on this", shell.shows("on this · 29:5"))
    shell.type("q")
    shell.shows("the interview is kept")
    shell.type("exit\n")
    shell.child.close(force=True)


def test_a_dumb_terminal_gets_no_control_sequences(at_terminal: Callable[..., Any], home: Path) -> None:
    terminal = at_terminal("--typed", "--questions", "1", TERM="dumb")
    terminal.shows(QUESTIONS)
    terminal.type("said\n\n")
    terminal.shows("done after")
    terminal.type("\n\n\n")
    assert terminal.ended() == 0
    assert b"\x1b" not in terminal.raw
    assert [row[1] for row in logged(home)] == ["said"]


def test_output_alone_no_terminal_is_refused(bank: list[str], tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("no pseudo-terminals")
    from screen import Terminal

    command = f"{sys.executable} -m dlquiz interview {' '.join(bank)} > {tmp_path}/out; echo code $?"
    terminal = Terminal(["bash", "--norc", "-c", command])
    terminal.shows("code 2")
    assert "interview needs a terminal" in terminal.text()


def test_each_answer_can_be_compared_at_once(bank: list[str]) -> None:
    done = called("interview", *bank, "--seed", "s", "--questions", "2", "--debrief", "each", keys="\na\n\n\n\na\n\n\n")

    assert done.returncode == 0, done.stderr
    begun = re.findall(r"^(card|saved) (\S+)", done.stdout, re.MULTILINE)
    first, second = begun[0][1], begun[-1][1]
    assert begun == [("card", first)] * 2 + [("saved", first)] + [("card", second)] * 2 + [("saved", second)]
    assert "Answers follow each question." in done.stdout
    assert "Would pass today, going by the musts: 1 of 2 questions." in done.stdout
    assert "Say next time" in done.stdout
    assert "there is no debrief 'now'" in called("interview", *bank, "--debrief", "now").stderr
