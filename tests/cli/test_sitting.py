"""A sitting with one person, screen by screen: the clock, long answers, what was missed, what has changed."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from builders import SMALL_BANK, a_bank, a_collection, run

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals", allow_module_level=True)

from screen import Terminal

POINTS = "\n".join(
    f"      - {{id: p{n}, text: Point number {n} says something that takes more than one line of a screen to say it at all.}}"
    for n in range(7)
)
LONG = f"""\
bank: long
topic: optimizers
notes:
  - id: n
    question: Why is it so?
    short: A short answer {"that takes a few lines of the screen, as the answers of the built-in bank do, " * 3}and ends.
    answer: "The whole answer.\\n\\nIts second paragraph.\\n\\n$a_1$ and $b$."
    key_points:
{POINTS}
    follow_ups:
      - {{question: And what if not?, answer: Then not at all.}}
    cards:
      - {{id: one, front: What is one?, back: "1", drills: [p0]}}
      - {{id: two, front: What is two?, back: "2", drills: [p1]}}
      - {{id: mean, front: Which mean?, back: exponential, accept: [exponential mean]}}
"""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(*args: str, text: str = LONG, columns: int = 80, rows: int = 24, **env: str) -> Terminal:
        path = str(a_bank(tmp_path, text))
        command = [sys.executable, "-m", "dlquiz", "study", "--no-builtin", "--bank", path, *args]
        opened.append(Terminal(command, columns, rows, **env))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.child.close(force=True)


def logged(home: Path, column: str) -> list[object]:
    with closing(sqlite3.connect(home / "progress.db")) as db:
        return [row[0] for row in db.execute(f"SELECT {column} FROM event WHERE kind = 'review' ORDER BY rowid")]


# ---- both pages of a main card


def test_the_second_page_of_a_main_card_has_its_question_and_every_key_point(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n")
    terminal.shows("Why is it so")
    terminal.type(" ")
    terminal.shows("A short answer")
    first = terminal.now()
    terminal.type(" ")
    terminal.until(lambda: "Point number 6" in terminal.now(), "the last key point")

    second = terminal.now()
    assert "Why is it so?" in second
    assert "Which of these did you say?" in second
    assert [f"Point number {n} " in second for n in range(7)] == [True] * 7
    assert {line for line in first.splitlines() if "Point" in line} <= set(second.splitlines())


# ---- a remark of one's own


def test_a_remark_is_typed_in_the_foot_and_stands_with_the_answer_at_once(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n.one")
    terminal.shows("What is one")
    terminal.type(" m")
    terminal.shows("Enter keeps it")
    terminal.type("ask in the ta\x7f\x7ftalk\r")
    terminal.shows("You noted: ask in the talk")
    assert "remark on long/n.one kept" in terminal.now()

    terminal.type("m")
    terminal.shows("your remark: ask in the talk")
    terminal.type("\x1b")
    terminal.until(lambda: "your remark is as it was" in terminal.now(), "the word on it")
    terminal.type("m\x15\r")
    terminal.until(lambda: "You noted" not in terminal.now(), "an answer without the remark")
    terminal.type("u")
    terminal.until(lambda: "You noted: ask in the talk" in terminal.now(), "the remark again")
    terminal.type("4")
    assert terminal.ended() == 0
    assert "your remark" not in terminal.text()


# ---- the clock


def test_a_clock_runs_on_one_line_until_the_answer(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n")
    terminal.shows("0:00 of 1:30")
    terminal.shows("0:02 of 1:30")
    assert terminal.text().count("of 1:30") == 1
    assert "Point number" not in terminal.text()
    before = len(terminal.raw)
    terminal.shows("0:03 of 1:30")
    assert len(terminal.raw) - before < 80

    terminal.type(" ")
    terminal.shows(r"You spoke for 0:0[34] of 1:30\. Which of these did you say\?")
    assert terminal.text().count("of 1:30") == 1


def test_no_clock_where_lines_cannot_be_drawn_again_or_nothing_is_spoken(
    tmp_path: Path, study: Callable[..., Terminal]
) -> None:
    dumb = study("--card", "long/n", TERM="dumb")
    silent = study("--card", "long/n", "--mode", "reveal")
    atomic = study("--card", "long/n.one", "--mode", "speak")
    dumb.shows("Why is it so")
    silent.shows("Why is it so")
    atomic.shows("0:01$")
    time.sleep(0.5)
    dumb.pump()
    silent.pump()

    assert "of 1:30" not in dumb.text() + silent.text()
    dumb.type(" ")
    dumb.shows("You spoke for 0:0. of 1:30")
    assert b"\x1b" not in dumb.raw
    piped = run("study", "--card", "long/n", "--no-builtin", "--bank", str(a_bank(tmp_path, LONG)), keys="\n")
    assert "You spoke for 0:00 of 1:30." in piped.stdout


def test_a_pause_stops_the_clock_and_a_resize_does_not(study: Callable[..., Terminal], home: Path) -> None:
    terminal = study("--card", "long/n")
    terminal.shows("0:01 of 1:30")
    terminal.type("p")
    terminal.shows("paused; any key goes on")
    time.sleep(1.5)
    terminal.type(".")
    terminal.shows("0:0[12] of 1:30")
    terminal.resize(40, 24)
    terminal.shows("0:03 of 1:30")
    assert terminal.text().count("Why is it so") == 1
    terminal.type(" 3")
    terminal.shows(r"✓ good · long/n\b")

    (thought,) = logged(home, "thought_ms")
    assert isinstance(thought, int)
    assert 2500 < thought < 4500


def test_arrow_keys_do_not_stop_the_clock(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n")
    terminal.shows("0:00 of 1:30")
    terminal.type("\x1b[A\x1b[C\t")

    terminal.shows("0:02 of 1:30")


def test_ctrl_c_while_the_clock_runs_leaves_the_screen_in_order(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n")
    terminal.shows("0:01 of 1:30")
    terminal.type("\x03")

    assert terminal.ended() == 130
    assert terminal.restored()
    assert re.search(r"^interrupted; 0 answers kept$", terminal.text(), re.MULTILINE)


def test_time_stopped_by_ctrl_z_is_no_time_spoken(tmp_path: Path) -> None:
    path = a_bank(tmp_path, LONG)
    shell = Terminal(["bash", "--norc", "--noprofile", "-i"], PS1="ready> ", PYTHON=sys.executable)
    shell.shows("ready>")
    shell.type(f"$PYTHON -m dlquiz study --no-builtin --bank {path} --card long/n\n")
    shell.shows("0:01 of 1:30")
    shell.type("\x1a")
    shell.shows("Stopped")
    time.sleep(2.5)
    assert "Why is it so" not in shell.text()
    shell.type("fg\n")
    shell.shows(r"^\s*Why is it so")
    shell.shows("0:0[12] of 1:30")
    shell.child.close(force=True)


# ---- long answers


def test_the_short_answer_stays_when_its_key_points_appear(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n")
    terminal.shows("Why is it so")
    terminal.type(" ")
    terminal.shows(r"Space more \(1 of 2\)")

    assert "A short answer" in terminal.now()
    assert "  g  " not in terminal.now()
    terminal.type(" ")
    terminal.shows("^  g  .*Point number 6")
    assert "The whole answer" not in terminal.text()
    terminal.type(" ")
    terminal.shows("And what if not")
    assert "Then not at all" not in terminal.text()
    terminal.type(" ")
    terminal.shows("Then not at all")
    terminal.type(" ")
    terminal.shows("The whole answer")
    assert "Then not at all" not in terminal.text()
    terminal.type("\x1b[5~")
    terminal.shows("Then not at all")


@pytest.mark.parametrize(("columns", "rows"), [(40, 10), (80, 10), (40, 24), (120, 40)])
def test_every_screen_fits(study: Callable[..., Terminal], columns: int, rows: int) -> None:
    terminal = study("--card", "long/n", columns=columns, rows=rows)
    terminal.shows("of 1:30")
    assert "Why is it so?" in terminal.now()
    assert "done speaking" in terminal.now()
    assert "long/n" not in terminal.now()

    terminal.type(" ")
    terminal.shows("4 easy")
    text = ""
    for _ in range(40):
        terminal.pump(0.2)
        screen = terminal.now()
        text += screen
        assert "Why is it so?" in screen
        assert "4 easy" in screen
        assert "long/n" in screen
        if "Space" not in screen:
            break
        terminal.type(" ")
        terminal.until(lambda before=screen: terminal.now() != before, "another page")  # type: ignore[misc]
    for words in ("short answer", *(f"Point number {n}" for n in range(7)), "whole answer", "second paragraph"):
        assert words.replace(" ", "") in text.replace("\n", "").replace(" ", ""), words
    assert terminal.above() == ""


def test_a_resize_in_the_middle_of_a_long_answer_stays_where_it_was(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n")
    terminal.shows("Why is it so")
    terminal.type("     ")
    terminal.shows("Its second paragraph")
    terminal.resize(60, 24)
    terminal.until(lambda: re.search("━|─{60}|─ +1 new", terminal.now()) is not None, "a header of 60 columns")
    terminal.shows(r"^\s*Its second paragraph")

    assert "Point number 0" not in terminal.now()
    terminal.type("3")
    terminal.shows(r"✓ good · long/n\b")


def test_once_all_was_said_a_follow_up_is_asked_and_space_answers_it(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n")
    terminal.shows("Why is it so")
    terminal.type("  abcdefg")
    terminal.shows("Space what is asked next")
    terminal.type(" ")
    terminal.shows("All said. Asked next:")
    assert "And what if not?" in terminal.now()
    assert "Then not at all" not in terminal.text()
    terminal.type("g")
    terminal.shows("said a b c d e f \\(6 of 7\\)")
    assert "All said" not in terminal.now()
    terminal.type("g ")
    terminal.shows("Then not at all")
    terminal.type("\r")
    terminal.shows("✓ good · long/n · 7 of 7 said")


def test_the_keys_lie_over_the_card_and_go(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n.one")
    terminal.shows("What is one")
    terminal.type("?")
    terminal.shows("  Space +show the answer")
    assert "What is one" in terminal.now()
    terminal.type(" ")
    terminal.until(lambda: "show the answer" not in terminal.text(), "the card without the keys")
    terminal.type(" \r")
    terminal.shows("press 1-4 to rate")
    terminal.type("?")
    terminal.shows("again, hard, good, easy")
    assert "press 1-4 to rate" not in terminal.text()
    terminal.type("4")
    assert terminal.ended() == 0
    assert terminal.above().count("long/n.one") <= 1


def test_a_key_that_does_nothing_is_told_in_the_foot_and_undo_is_offered_once_there_is_something(
    study: Callable[..., Terminal],
) -> None:
    terminal = study("--card", "long/n.one", "--card", "long/n")
    terminal.shows("What is one")
    terminal.type("w")
    text = terminal.shows(r"'w' does nothing here; \? shows the keys")
    assert "undo" not in text
    terminal.type(" w")
    text = terminal.shows(r"'w' does nothing here; 1-4 rate, \? shows the keys")
    assert "undo" not in text
    terminal.type("3")
    text = terminal.shows(r"Space done speaking  y h n how sure  u undo")
    assert "does nothing here" not in text


def test_what_is_pasted_is_an_answer_in_one_line_and_rates_nothing(study: Callable[..., Terminal], home: Path) -> None:
    terminal = study("--card", "long/n.mean")
    terminal.shows("Which mean")
    terminal.type("\x1b[200~expo\rnential 3\r\x1b[201~")
    terminal.shows("> expo nential 3")
    terminal.type("\r")
    terminal.shows("You wrote “expo nential 3”")
    terminal.type("\x1b[200~1\r2\x1b[201~4")
    terminal.shows(r"✓ easy · long/n\.mean\b")

    assert logged(home, "given") == ["expo nential 3"]


@pytest.mark.parametrize(
    ("key", "told"), [("-", "no longer buried"), ("@", "no longer suspended"), ("!x\r", "your note is taken back")]
)
def test_an_undo_says_what_it_took_back_and_returns_to_the_question_or_the_answer(
    study: Callable[..., Terminal], key: str, told: str
) -> None:
    terminal = study("--card", "long/n.one", "--card", "long/n.two")
    terminal.shows("What is one")
    terminal.type(f"{key}u")

    terminal.shows(told)
    assert "What is one" in terminal.now()
    assert "4 easy" not in terminal.now()
    terminal.type(" ")
    terminal.shows("4 easy")
    terminal.type(f"{key}u")
    terminal.shows(told)
    assert "What is one" in terminal.now()
    assert "4 easy" in terminal.now()


def test_the_whole_note_lies_over_the_card_and_is_turned_in_place(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n.one")
    terminal.shows("What is one")
    terminal.type(" i")
    terminal.shows("Short answer")
    terminal.shows(r"Space more \(1 of \d\)  Esc back$")
    for number in range(2, 9):
        if "Then not at all" in terminal.now():
            break
        terminal.type(" ")
        terminal.shows(rf"\({number} of|Space back")
    assert "Then not at all" in terminal.now()
    terminal.type("\x1b")
    terminal.until(lambda: "Then not at all" not in terminal.text(), "the card without its note")
    assert terminal.above() == ""
    terminal.type("4")
    terminal.shows("✓ easy · long/n.one")


def editor(tmp_path: Path, change: str) -> str:
    """A program that changes the file it is given with sed."""
    path = tmp_path / "nano"
    path.write_text(f'#!/bin/sh\nfor file; do :; done\nsed -i {change!r} "$file"\n')
    path.chmod(0o755)
    return str(path)


def test_a_card_is_edited_in_mid_sitting_and_shown_anew(study: Callable[..., Terminal], tmp_path: Path) -> None:
    terminal = study("--card", "long/n.mean", EDITOR=editor(tmp_path, "s/Which mean/Which kind of mean/"))
    terminal.shows("Which mean")
    terminal.type(" o")
    terminal.shows("shown as it is written now")
    assert "Which kind of mean" in terminal.now()
    terminal.type("4")

    assert terminal.ended() == 0
    assert terminal.restored()


def test_a_file_that_an_edit_spoilt_is_put_back(study: Callable[..., Terminal], tmp_path: Path) -> None:
    terminal = study("--card", "long/n.mean", EDITOR=editor(tmp_path, "s/back: exponential/rear: exponential/"))
    terminal.shows("Which mean")
    terminal.type(" o")
    terminal.shows("has no back")
    terminal.type("4")

    assert terminal.ended() == 0
    assert "back: exponential" in (tmp_path / "mine.yaml").read_text()


def test_a_picture_opens_in_a_viewer_or_is_named(study: Callable[..., Terminal], tmp_path: Path) -> None:
    text = LONG.replace("    cards:", "    figures: [{file: media/a.svg, alt: A line.}]\n    cards:")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    seen = tmp_path / "seen"
    viewer = tmp_path / "viewer"
    viewer.write_text(f'#!/bin/sh\necho "$1" > {seen}\n')
    viewer.chmod(0o755)
    nowhere = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "DLQUIZ_VIEWER": "", "DLQUIZ_PICTURES": "viewer"}

    with_viewer = study("--card", "long/n.one", text=text, DLQUIZ_VIEWER=str(viewer), DLQUIZ_PICTURES="viewer")
    with_viewer.shows("What is one")
    with_viewer.type(" v")
    with_viewer.shows("1 picture opened beside the terminal")
    with_viewer.until(seen.exists, "the viewer")
    without = study("--card", "long/n.one", text=text, **nowhere)
    without.shows("What is one")
    without.type(" v")
    without.shows("picture:")


def test_a_terminal_that_can_shows_pictures_over_the_card(study: Callable[..., Terminal], tmp_path: Path) -> None:
    media = Path(__file__).resolve().parents[2] / "questions" / "media"
    shutil.copytree(media, tmp_path / "media")
    text = LONG.replace("What is one?", '"What does ![](media/neuron.svg) show?"').replace(
        '"1"', '"![](media/rope.png)"'
    )
    terminal = study("--card", "long/n.one", "--card", "long/n.two", text=text, DLQUIZ_PICTURES="kitty")
    terminal.shows(r"What does \[picture 1 of 2\] show\?")
    terminal.shows("v picture")  # a draw may arrive in two pieces

    terminal.type("v")
    terminal.until(lambda: b"\x1b_Ga=T" in terminal.raw, "the question's picture")
    terminal.until(lambda: b"\x1b8" in terminal.raw, "all of it")
    assert terminal.raw.count(b"\x1b_Ga=T") == 1
    terminal.type(" ")
    terminal.until(lambda: b"\x1b_Ga=d" in terminal.raw, "the question without it")
    terminal.type(" v")
    terminal.until(lambda: terminal.raw.count(b"\x1b_Ga=T") == 2, "the first of two")
    terminal.type(" ")
    terminal.until(lambda: terminal.raw.count(b"\x1b_Ga=T") == 3, "the second")
    terminal.type("4")
    terminal.shows("What is two")
    assert terminal.raw.count(b"\x1b_Ga=d") == 3
    assert b"\x1b_G" not in terminal.raw[terminal.raw.rindex(b"\x1b_Ga=d") + 9 :]


def test_without_an_editor_the_foot_says_what_to_set(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n.mean", EDITOR="", VISUAL="", PATH="")
    terminal.shows("Which mean")
    terminal.type(" o")
    terminal.shows("no editor is set")
    terminal.type("4")
    assert terminal.ended() == 0


def test_for_a_screen_reader_nothing_is_drawn_twice_and_no_clock_runs(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n", ACCESSIBLE="1")
    terminal.shows("Why is it so")
    time.sleep(1.2)
    terminal.type(" ")
    terminal.shows("Which of these did you say")
    terminal.type("ab")
    terminal.shows(r"said a b \(2 of 7\); Enter gives 1 again")
    terminal.type("?")
    terminal.shows("quit; every answer is kept")
    terminal.type("i")
    terminal.shows("Short answer")
    terminal.type("2")
    terminal.shows("saved long/n 2")

    assert terminal.ended() == 0
    plain = terminal.raw.replace(b"\x1b[?2004h", b"").replace(b"\x1b[?2004l", b"")  # marks of what is pasted
    assert b"\x1b" not in plain
    assert "0:00 of 1:30" not in terminal.text()
    assert terminal.text().count("saved long/n 2") == 1


@pytest.mark.parametrize(("given", "suggested"), [("exponential", "Enter gives 3 good"), ("arithmetic", "")])
def test_a_right_typed_answer_suggests_good_and_another_one_nothing(
    study: Callable[..., Terminal], given: str, suggested: str
) -> None:
    terminal = study("--card", "long/n.mean")
    terminal.shows("Which mean")
    terminal.type(f"={given}\r")
    terminal.shows(suggested or "Compare:")
    if suggested:
        terminal.type("\r")
        terminal.shows("✓ good · long/n.mean · right")
    else:
        assert "Enter gives" not in terminal.text()


# ---- what was missed, what was predicted, what has changed


def test_a_missed_point_brings_its_cards_into_the_same_sitting(study: Callable[..., Terminal]) -> None:
    terminal = study("--new", "3")
    terminal.shows("Why is it so")
    terminal.type(" cdefg")
    terminal.shows("5 of 7")
    terminal.type("1")
    terminal.shows("drills a point you missed")
    text = terminal.shows("What is (one|two)")
    assert "long/n.mean" not in text


def test_what_was_missed_last_time_is_marked(study: Callable[..., Terminal]) -> None:
    first = study("--card", "long/n")
    first.shows("Why is it so")
    first.type(" a")
    first.shows("Enter gives 1 again")
    first.type("2")
    assert first.ended() == 0
    text = first.text()
    assert re.search(r"^topic +seen +ready today$", text, re.MULTILINE)
    assert re.search(r"^optimizers +0 → 1/4 +0 → \d+ %(?: \(likely \d+ to \d+ %\))?$", text, re.MULTILINE)
    assert "Read again:" in text
    assert "dlquiz show long/n" in text
    assert "Point number 3" in text
    assert "and 3 more; they come back when due" in text
    assert re.search(r"^1 answer: 1 hard; \d+ s$", text, re.MULTILINE)
    assert re.search(r"^Next: 1 card on \w{3} \d+ \w{3}$", text, re.MULTILINE)
    again = study("--card", "long/n")
    again.shows("Why is it so")
    again.type(" ")
    again.shows("more \\(1 of 2\\)")

    assert len(re.findall("missed last\\s+time", again.text())) >= 3


def test_a_prediction_is_kept_with_the_answer(study: Callable[..., Terminal], home: Path) -> None:
    terminal = study("--card", "long/n")
    terminal.shows("Why is it so")
    terminal.type("h")
    terminal.shows("predicted: half")
    terminal.type(" 2")
    terminal.shows(r"✓ hard · long/n\b")

    assert logged(home, "predicted") == ["half"]


def test_an_edited_card_says_once_what_has_changed(study: Callable[..., Terminal]) -> None:
    def answered(text: str) -> str:
        terminal = study("--card", "mine/adam.lr", text=text)
        terminal.shows("learning rate")
        terminal.type(" ")
        answer = terminal.shows("4 easy")
        terminal.type("4")
        assert terminal.ended() == 0
        return answer

    edited = SMALL_BANK.replace("usual learning rate", "default learning rate")

    assert "Changed" not in answered(SMALL_BANK)
    text = answered(edited)
    assert "Changed since you last saw it:" in text
    assert "What is Adam's [usual → default] learning rate?" in text
    assert "Changed" not in answered(edited)


@pytest.mark.parametrize("remarked", [True, False])
def test_what_another_program_changes_in_the_next_card_is_shown(
    study: Callable[..., Terminal], tmp_path: Path, *, remarked: bool
) -> None:
    """It was looked up and laid out already while the card before was read."""
    terminal = study("--card", "mine/adam.lr", "--card", "mine/adam.beta", text=SMALL_BANK)
    terminal.shows("learning rate")
    terminal.type("y")
    terminal.shows("predicted: sure")
    if not remarked:
        a_bank(tmp_path, SMALL_BANK.replace("back: 0.9", "back: 0.91"))
    with a_collection(tmp_path) as elsewhere:  # compiles what has changed
        if remarked:
            elsewhere.act("remark", ["mine/adam.beta"], elsewhere.now(), given="As in momentum.")
    terminal.type(" 4")
    terminal.shows("✓ easy · mine/adam.lr")
    terminal.type(" ")
    text = terminal.shows("4 easy")

    assert ("You noted: As in momentum." in text) is remarked
    assert ("0.91" in text) is not remarked


# ---- keys and typing


def test_only_the_keys_that_work_now_are_listed(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n.one", "--card", "long/n")
    terminal.shows("What is one")
    terminal.type("?")
    text = terminal.shows("quit; every answer is kept")
    assert "tick a key point" not in text
    assert "LaTeX source" not in text
    assert "Used to Anki? Space shows and never rates" in text
    terminal.type(" ")
    terminal.until(lambda: "every answer is kept" not in terminal.text(), "the card without the keys")
    terminal.type(" ?")
    text = terminal.shows("quit; every answer is kept")
    assert "tick a key point" not in text
    assert "take the suggested rating" not in text
    terminal.type("3")
    terminal.shows("Why is it so")
    terminal.type(" a?")
    text = terminal.shows("tick a key point")
    assert "a-g      tick a key point" in text
    assert "take the suggested rating" in text


def test_the_latex_of_a_whole_answer_is_shown(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n")
    terminal.shows("Why is it so")
    terminal.type("x")
    terminal.shows("no formula here")
    terminal.type(" x")
    terminal.shows("^  a_1$")


def test_a_slip_of_the_fingers_is_told_with_the_difference(study: Callable[..., Terminal]) -> None:
    terminal = study("--card", "long/n.mean")
    terminal.shows("Which mean")
    terminal.type("=exponetial\r")

    terminal.shows(r"Nearly: expone\[ → n\]tial")


def test_a_resize_while_typing_keeps_what_was_typed(study: Callable[..., Terminal], home: Path) -> None:
    terminal = study("--card", "long/n.mean")
    terminal.shows("Which mean")
    terminal.type("=expo")
    terminal.shows("> expo")
    terminal.resize(40, 24)
    terminal.shows("> expo")
    terminal.type("X\x1b[D\x1b[Cnential\x1b[H\x1b[3~e\r")
    terminal.shows("You wrote “expoXnential”")
    terminal.type("1")
    terminal.shows(r"✗ again · long/n\.mean\b")

    assert logged(home, "given") == ["expoXnential"]


# ---- any terminal, any text


def test_a_bank_in_any_script_keeps_its_columns(study: Callable[..., Terminal]) -> None:
    text = """\
bank: any
notes:
  - id: n
    question: 勾配消失とは何ですか？ما هو التدرج؟ 🧠
    answer: 層を重ねると勾配が小さくなる。التدرج يتلاشى.
    key_points: [{id: a, text: 層ごとに微分を掛け合わせるので、深い網では勾配が指数的に小さくなっていくことを言う。}]
"""
    terminal = study("--card", "any/n", text=text, columns=40)
    terminal.shows("of 1:30")
    terminal.type(" a")
    terminal.shows("1 of 1 said; Enter gives 3 good")
    assert "التدرج" in terminal.text()
    terminal.type("\r")
    terminal.shows("✓ good · any/n · 1 of 1 said")


def test_a_long_question_stays_whole_above_an_answer_that_leaves_it_the_room(study: Callable[..., Terminal]) -> None:
    front = " ".join(f"word{n}" for n in range(30))
    text = f"bank: any\nnotes:\n  - {{id: n, question: Q?, answer: A., cards: [{{id: c, front: {front}, back: Short.}}]}}\n"
    terminal = study("--card", "any/n.c", text=text, columns=40, rows=20)
    terminal.shows("word29")
    terminal.type(" ")
    terminal.shows("Short.")

    assert "word29" in terminal.now()


def test_the_rest_of_a_question_that_is_too_long_for_the_screen_is_a_key_away(study: Callable[..., Terminal]) -> None:
    front = " ".join(f"word{n}" for n in range(60))
    text = f"bank: any\nnotes:\n  - {{id: n, question: Q?, answer: A., cards: [{{id: c, front: {front}, back: Short.}}]}}\n"
    terminal = study("--card", "any/n.c", text=text, columns=40, rows=10)
    terminal.shows(r"PgDn more \(1 of 2\)  Space show")
    terminal.type("\x1b[6~")
    terminal.shows("word59")
    terminal.type(" ")
    terminal.shows("Short.")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_lines_for_a_screen_reader_are_plain_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "dlquiz",
            "study",
            "--card",
            "long/n",
            "--no-builtin",
            "--bank",
            str(a_bank(tmp_path, LONG)),
        ],
        input=b"h\n\nabcdefg\n \n\n",
        capture_output=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "FORCE_COLOR": "1"},
        check=False,
    )

    assert done.returncode == 0, done.stderr
    text = done.stdout.decode(encoding)
    assert not set(text) & {"\x1b", "\r", "─", "━"}
    assert "---" not in text
    lines = [line for line in text.splitlines() if line.strip()]
    assert lines[0] == "card long/n"
    assert "0:0" not in lines[1]
    assert any(line.startswith("saved long/n 3 due ") for line in lines)
