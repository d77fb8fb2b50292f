"""Spoken answers in a whole sitting, on a screen: with a microphone and a transcriber that are fakes in real processes."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from builders import a_bank, called
from listening import BANK, a_model, with_extra

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals", allow_module_level=True)

from screen import Terminal

Start = Callable[..., Terminal]
LONG_ENOUGH = r"● 0:(0[2-9]|[1-5])"


@pytest.fixture
def study(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    with_extra(monkeypatch)
    a_model(home)
    opened: list[Terminal] = []

    def start(*args: str, verb: str = "study", columns: int = 80, rows: int = 30, **env: str) -> Terminal:
        command = [sys.executable, "-m", "dlquiz", verb, "--no-builtin", "--bank", str(a_bank(tmp_path, BANK)), *args]
        opened.append(Terminal(command, columns, rows, **env))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.child.close(force=True)


def logged(home: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "progress.db")) as db:
        return db.execute(question).fetchall()


def test_space_begins_and_ends_it_and_the_letters_have_the_last_word(study: Start, home: Path) -> None:
    terminal = study()
    terminal.shows(r"Space speak +Enter show")
    assert "0:00 of 1:30" not in terminal.text()

    terminal.type(" ")
    terminal.shows(LONG_ENOUGH)
    terminal.type(" ")
    terminal.shows(r"You spoke for 0:\d\d of 1:30\. Which of these did you say\?")
    screen = terminal.now()
    assert '✓ a  must  Units are zeroed at random.\n           heard: "zero units at random"' in screen
    assert 'you said the opposite: "reduce overfitting"' in screen
    assert "Experimental. It hears words, not meaning" in screen
    assert "You wrote" not in screen

    terminal.type("t")
    terminal.shows(r"Understood, with what was misheard:\n +We zero units at random\. All are kept\.")
    terminal.type("t")
    terminal.type("b")
    terminal.shows("said a b")
    terminal.type("\n")
    assert terminal.ended() == 0

    assert logged(home, "SELECT mode, given FROM event") == [("speak", None)]
    assert logged(home, "SELECT point, said, verdict FROM point_result ORDER BY point") == [
        ("mine/drop#mask", 1, "found"), ("mine/drop#off", 1, "unsure"), ("mine/drop#why", 0, "opposite"),
    ]  # fmt: skip
    assert b"All are kept" not in b"".join(path.read_bytes() for path in home.glob("progress.db*"))
    assert not (home / "answers").exists()


def test_without_a_microphone_it_is_said_and_ticked_as_ever(study: Start, home: Path) -> None:
    terminal = study(FAKE_MICROPHONE="none")
    terminal.shows("Space speak")

    terminal.type(" ")
    terminal.shows("No microphone found: plug one in")
    assert "Which of these" not in terminal.text()
    terminal.type("\n")
    terminal.shows("Which of these did you say")
    terminal.type("a\n")
    assert terminal.ended() == 0

    assert logged(home, "SELECT said, verdict FROM point_result ORDER BY point") == [(1, None), (0, None), (0, None)]


def test_on_a_narrow_screen_the_keys_work_below_the_sentence_that_names_them(study: Start) -> None:
    terminal = study(columns=40, rows=20, FAKE_MICROPHONE="none")
    terminal.shows("Space speak")

    terminal.type(" ")
    terminal.shows(r"No microphone found: plug one in\.\n +Space tries again, Enter goes on")
    assert "back to the card" not in terminal.text()
    terminal.type("\n")
    terminal.shows("You spoke for 0")


def test_a_long_transcript_begins_below_its_heading_on_a_small_screen(study: Start) -> None:
    words = (
        "We zero units at random, so that none may lean on one neighbour, and whoever is left carries more of the load. Once"
        " everything is learnt nobody stays away, hence what comes out is steady. The price is a longer course with shakier"
        " steps, plus a rate which somebody has to pick by trying a few on held-out examples."
    )
    terminal = study(columns=40, rows=20, FAKE_WORDS=words)
    terminal.shows("Space speak")
    terminal.type(" ")
    terminal.shows(LONG_ENOUGH)
    terminal.type(" ")
    terminal.shows("You spoke for")

    terminal.type("t")
    terminal.shows("Understood, with what was misheard:\n +We zero units at random")


def test_a_narrow_and_low_screen_names_the_keys_below_the_clock(study: Start) -> None:
    terminal = study(columns=40, rows=12)
    terminal.shows("Space speak")

    terminal.type(" ")
    terminal.shows(LONG_ENOUGH + r" +▮+▯+  aim 1:30\n  Space done  Esc discard, tick myself")


def test_ctrl_c_while_the_microphone_is_open_keeps_the_terminal(study: Start) -> None:
    terminal = study()
    terminal.shows("Space speak")
    terminal.type(" ")
    terminal.shows(LONG_ENOUGH)

    terminal.type("\x03")

    assert terminal.ended() == 130
    assert terminal.restored()


def test_where_nothing_is_drawn_twice_each_step_is_a_line(study: Start) -> None:
    terminal = study(ACCESSIBLE="1", rows=40)
    terminal.shows("Space speak")
    terminal.type(" ")
    terminal.shows("● recording: Space done, Esc discard, tick myself")
    terminal.pump(0.5)
    terminal.type(" ")
    terminal.shows("Which of these did you say")
    assert terminal.text().count("● recording") == 1
    assert "●" not in terminal.text().partition("● recording")[2]

    terminal.type("t")
    terminal.shows("Understood, with what was misheard")


def test_switched_off_it_is_as_it_was(study: Start) -> None:
    called("config", "set", "listen", "no")

    terminal = study()

    terminal.shows("Space done speaking")
    terminal.shows("0:00 of 1:30")


# ---- an interview


def test_an_interview_hears_its_answers_and_compares_them_in_the_debrief(study: Start, home: Path) -> None:
    terminal = study("--questions", "1", verb="interview")
    terminal.shows("Space speak  Enter done  s skip")
    terminal.type(" ")
    terminal.shows(LONG_ENOUGH + r".*aim 1:30 · +\d:\d\d on this · \d\d:\d\d left in all")
    terminal.type(" ")
    terminal.shows("done after")
    terminal.shows('✓ a  must  Units are zeroed at random.\n           heard: "zero units at random"')
    terminal.shows('heard: "kept", of what; b if you said it')
    terminal.shows("Experimental. It hears words, not meaning")
    terminal.shows("t transcript")

    terminal.type("t")
    terminal.shows(r"Understood, with what was misheard:\n +We zero units at random\. All are kept\.")
    terminal.type("b")
    terminal.shows(r"said a b \(2 of 3\)")
    terminal.type(" ")
    assert terminal.ended() == 0

    assert logged(home, "SELECT mode, given FROM event") == [("interview", None)]
    assert logged(home, "SELECT point, said, verdict FROM point_result ORDER BY point") == [
        ("mine/drop#mask", 1, "found"), ("mine/drop#off", 1, "unsure"), ("mine/drop#why", 0, "opposite"),
    ]  # fmt: skip
    everything = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"All are kept" not in everything


def test_on_a_narrow_screen_an_interview_shows_the_clock_of_the_recording_alone(study: Start) -> None:
    terminal = study("--questions", "1", verb="interview", columns=40)
    terminal.shows("Space speak")

    terminal.type(" ")

    terminal.shows(LONG_ENOUGH + r" +▮+▯+  aim 1:30$")


def test_an_interview_tells_of_a_damaged_model_before_anything_is_said(study: Start, home: Path) -> None:
    terminal = study("--questions", "1", verb="interview")
    terminal.shows("Space speak")
    (home / "models" / "ggml-mine.bin").write_bytes(b"lmggother weights")

    terminal.type(" ")

    terminal.shows(r"The model file is damaged: run `dlquiz listen setup` again\. Enter goes on")
    assert "●" not in terminal.text()
    terminal.type("\n")
    terminal.shows("Which of these did you say")


def test_an_interview_without_a_microphone_is_held_as_ever(study: Start) -> None:
    terminal = study("--questions", "1", verb="interview", FAKE_MICROPHONE="busy")
    terminal.shows("Space speak")
    terminal.type(" ")
    terminal.shows("Another program uses the microphone. Space tries again, Enter goes on")
    terminal.type("\n")
    terminal.shows("Which of these did you say")
    assert "heard:" not in terminal.text()
    assert "transcript" not in terminal.text()


def test_a_debrief_does_not_wait_for_a_transcriber_that_hangs(study: Start) -> None:
    terminal = study("--questions", "1", verb="interview", FAKE_TRANSCRIBER="hang")
    terminal.shows("Space speak")
    terminal.type(" ")
    terminal.shows(LONG_ENOUGH)
    terminal.type(" ")
    terminal.shows(r"Writing it down \.\.\. 0 of")
    terminal.type("\x1b")
    terminal.shows("Which of these did you say")


def test_an_interview_that_is_left_closes_the_microphone_and_goes_on_without_what_was_heard(study: Start) -> None:
    terminal = study("--questions", "1", verb="interview", FAKE_TRANSCRIBER="hang")
    terminal.shows("Space speak")
    terminal.type(" ")
    terminal.shows(LONG_ENOUGH)
    terminal.type(" ")
    terminal.shows("Writing it down")
    terminal.type("\x03")
    assert terminal.ended() == 130
    assert terminal.restored()

    again = study("--resume", verb="interview")
    again.shows("Which of these did you say")
    assert "heard:" not in again.text()
