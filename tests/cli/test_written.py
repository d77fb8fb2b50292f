"""Written answers in a sitting and in an interview: how they are typed, what is heard, and what is kept of it."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from builders import Called, a_bank, called

BANK = """\
bank: mine
notes:
  - id: drop
    question: What does dropout do?
    answer: It drops units at random.
    short: It zeroes units.
    frames: {phase: {train: train | training, test: test | inference}}
    key_points:
      - {id: mask, text: Units are zeroed at random., must: true, about: train?, need: [random | coin, zero | drop, unit]}
      - {id: off, text: At test all units are kept., about: test, need: [keep | 'off']}
      - {id: plain, text: No rubric here.}
      - {id: why, text: It reduces overfitting., need: ['overfit*', reduce | less]}
    cards: [{id: rate, front: Which rate?, back: half}]
"""
ANSWER = "We zero units at random.\nAll are kept.\nIt does not reduce overfitting.\n\n"


def kept(home: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(home / "progress.db")) as db:
        return db.execute("SELECT point, said, verdict, judge IS NOT NULL FROM point_result ORDER BY point").fetchall()


def study(folder: Path, keys: str, *more: str) -> str:
    bank = a_bank(folder, BANK)
    done = called(
        "--no-builtin", "--bank", str(bank), "study", "--mode", "type", "--card", "mine/drop", *more, keys=keys
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_written_answer_is_judged_and_the_letters_have_the_last_word(tmp_path: Path, home: Path) -> None:
    out = study(tmp_path, ANSWER + "b\n\n")

    assert "point a found mine/drop#mask\npoint b unsure mine/drop#off\npoint d opposite mine/drop#why\n" in out
    assert 'heard: "zero units at random"' in out
    assert 'you wrote the opposite: "reduce overfitting"' in out
    assert "said a (1 of 4); Enter gives 3 good" in out
    assert "said a b (2 of 4)" in out
    assert "saved mine/drop 3" in out
    assert kept(home) == [
        ("mine/drop#mask", 1, "found", 1),
        ("mine/drop#off", 1, "unsure", 1),
        ("mine/drop#plain", 0, None, 0),
        ("mine/drop#why", 0, "opposite", 1),
    ]


def test_what_is_unsure_is_asked_and_not_said_until_then(tmp_path: Path, home: Path) -> None:
    out = study(tmp_path, ANSWER + "y\na\n0\n\n")

    assert "said a b (2 of 4)" in out
    assert "said b (1 of 4); Enter gives 1 again" in out
    assert "saved mine/drop 1" in out
    assert [row[1] for row in kept(home)] == [0, 0, 0, 0]


def test_an_empty_line_shows_the_answer_and_judges_nothing(tmp_path: Path, home: Path) -> None:
    out = study(tmp_path, "\na\n\n")

    assert "point " not in out
    assert "hears words, not meaning" not in out
    assert [row[2] for row in kept(home)] == [None, None, None, None]


def test_a_key_that_stands_alone_first_is_that_key(tmp_path: Path) -> None:
    assert "mine/drop suspended" in study(tmp_path, "@\n")


def test_an_atomic_card_is_asked_as_ever(tmp_path: Path) -> None:
    bank = a_bank(tmp_path, BANK)
    done = called(
        "--no-builtin", "--bank", str(bank), "study", "--mode", "type", "--card", "mine/drop.rate", keys="\n3\n"
    )

    assert "saved mine/drop.rate 3" in done.stdout


def test_verdicts_leave_and_come_back_with_the_log(tmp_path: Path, home: Path) -> None:
    study(tmp_path, ANSWER + "\n")
    before = kept(home)
    out = tmp_path / "all.json"
    bank = ("--no-builtin", "--bank", str(tmp_path / "mine.yaml"))
    assert called(*bank, "export", str(out), "--progress").returncode == 0
    (home / "progress.db").rename(tmp_path / "old.db")
    for beside in home.glob("progress.db-*"):
        beside.unlink()
    for backup in (home / "backups").glob("*.db"):
        backup.unlink()

    assert called(*bank, "import", str(out)).returncode == 0
    assert kept(home) == before
    assert called(*bank, "import", str(tmp_path / "old.db")).returncode == 0


def test_a_written_interview_hears_its_answers_in_the_debrief(tmp_path: Path, home: Path) -> None:
    bank = a_bank(tmp_path, BANK)
    done = called(
        "--no-builtin", "--bank", str(bank), "interview", "--typed", "--questions", "1", keys=ANSWER + "b\n \n"
    )

    assert done.returncode == 0, done.stderr
    assert "✓ a  must  Units are zeroed at random.\n           heard:" in done.stdout
    assert 'heard: "kept", of what; b if you said it' in done.stdout
    assert "point b unsure mine/drop#off\n" in done.stdout
    assert "saved mine/drop 2 of 4" in done.stdout
    assert [row[1:3] for row in kept(home)] == [(1, "found"), (1, "unsure"), (0, None), (0, "opposite")]


def test_a_sitting_that_writes_nothing_loads_no_judge(tmp_path: Path) -> None:
    bank = a_bank(tmp_path, BANK)
    script = (
        "import sys, atexit\n"
        "atexit.register(lambda: print([name for name in sys.modules if name.startswith(('dlquiz.judge', 'snowball'))]))\n"
        f"sys.argv = ['dlquiz', '--no-builtin', '--bank', {str(bank)!r}, 'study']\n"
        "from dlquiz.cli import main\nmain()"
    )

    done = subprocess.run([sys.executable, "-c", script], input="\n3\nq\n", capture_output=True, text=True, check=False)

    assert done.stdout.endswith("[]\n"), done.stdout + done.stderr


# ---- on a terminal

if sys.platform != "win32":
    from screen import Terminal

    @pytest.fixture
    def terminal(tmp_path: Path) -> Iterator[Callable[[int, int], Terminal]]:
        opened: list[Terminal] = []

        def start(columns: int, rows: int) -> Terminal:
            path = str(a_bank(tmp_path, BANK))
            command = [sys.executable, "-m", "dlquiz", "study", "--no-builtin", "--bank", path, "--mode", "type"]
            opened.append(Terminal([*command, "--card", "mine/drop"], columns, rows))
            return opened[-1]

        yield start
        for each in opened:
            each.child.close(force=True)

    @pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 20)])
    def test_an_answer_is_written_in_place_left_and_gone_on_with(
        terminal: Callable[[int, int], Terminal], home: Path, columns: int, rows: int
    ) -> None:
        seen = terminal(columns, rows)
        seen.shows("  write; an empty line ends the answer")
        seen.type("We zero units at random.\rAll are ")
        seen.shows("All are")
        seen.type("\x1b")
        seen.shows(r"Space (show|more|write)|\? keys")
        seen.type(" ")
        seen.shows("Enter twice")
        seen.type("kept.\r\r")
        seen.shows("b: did you say it")
        assert "✓ a" in seen.now()
        seen.type("y")
        seen.shows("said a b" if columns == 80 else "2 of 4 said")
        seen.type("\r")

        assert seen.ended() == 0
        assert [row[1:3] for row in kept(home)][:2] == [(1, "found"), (1, "unsure")]

    def test_ctrl_d_ends_what_is_written(terminal: Callable[[int, int], Terminal], home: Path) -> None:
        seen = terminal(80, 24)
        seen.shows("Esc other keys")
        seen.type("We zero units at random.\x04")
        seen.shows("said a")
        seen.type("\r3")

        assert seen.ended() == 0
        assert kept(home)[0][:3] == ("mine/drop#mask", 1, "found")

    def test_what_is_being_written_stays_on_the_screen_after_ctrl_c(
        terminal: Callable[[int, int], Terminal], home: Path
    ) -> None:
        seen = terminal(80, 24)
        seen.shows("Esc other keys")
        seen.type("We zero units.\rAll of ")
        seen.shows("All of")
        seen.type("\x03")

        assert seen.ended() == 130
        assert "what you wrote is not kept:\nWe zero units.\nAll of" in "\n".join(
            line.strip() for line in seen.text().splitlines()
        )
        assert kept(home) == []

    def test_what_was_left_unfinished_stays_on_the_screen_when_one_quits(
        terminal: Callable[[int, int], Terminal], home: Path
    ) -> None:
        seen = terminal(80, 24)
        seen.shows("Esc other keys")
        seen.type("We zero units.")
        seen.shows("We zero units")
        seen.type("\x1b")
        seen.shows("q quit")
        seen.type("q")

        assert seen.ended() == 0
        assert re.search(r"what you wrote is not kept:\s+We zero units\.", seen.text())
        assert kept(home) == []

    @pytest.mark.parametrize(
        ("keys", "unkept"),
        [("3", "We zero units at random."), ("mAsk Kim, twice.\r", "Ask Kim, twice.\nWe zero units at random.")],
    )
    def test_what_was_written_and_the_log_does_not_take_stays_on_the_screen(
        terminal: Callable[[int, int], Terminal], home: Path, keys: str, unkept: str
    ) -> None:
        seen = terminal(80, 24)
        seen.shows("Esc other keys")
        seen.type("We zero units at random.\r\r")
        seen.shows("said a")
        with closing(sqlite3.connect(home / "progress.db")) as db:
            db.execute("CREATE TRIGGER t BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no more'); END")
        seen.type(keys)

        assert seen.ended() == 1
        assert f"what you wrote is not kept:\n{unkept}\n" in "\n".join(
            line.strip() for line in seen.text().splitlines()
        )
        assert kept(home) == []


def test_stats_tell_how_often_the_checker_was_overruled(tmp_path: Path) -> None:
    study(tmp_path, ANSWER + "b\n\n")
    study(tmp_path, ANSWER + "ad\n\n")  # takes the found one back, credits the denied one
    where = ("--no-builtin", "--bank", str(tmp_path / "mine.yaml"), "stats")

    found = json.loads(called(*where, "--json").stdout)["checker"]
    assert found["verdicts"] == {
        "found": {"counted": 2, "said": 1},
        "opposite": {"counted": 2, "said": 1},
        "unsure": {"counted": 2, "said": 1},
    }
    assert (found["overruled"], found["decided"]) == (2, 4)
    assert "You overruled 2 of 4 verdicts; unsure ones are none." in called(*where).stdout
    assert "checker" not in called(*where, "--topic", "nowhere").stdout


# ---- words of one's own

OWN = "A bouncer turns half the guests away.\n\n"


def judge(folder: Path, *more: str, keys: str = "") -> Called:
    return called("--no-builtin", "--bank", str(folder / "mine.yaml"), "judge", "mine/drop", *more, keys=keys)


def test_words_that_were_credited_twice_may_be_kept_and_are_heard_from_then_on(tmp_path: Path, home: Path) -> None:
    first = study(tmp_path, OWN + "a\n3\n")
    again = study(tmp_path, "It is like a bouncer who turns half the guests away.\n\na\nk\n3\n")
    after = study(tmp_path, "Guests? Think of the bouncer: turns half the guests away.\n\n\n")

    assert "credited twice" not in first
    asked = 'credited twice: "turns half the guests away"; k keeps it as your own words for mine/drop#mask'
    assert asked in " ".join(again.split())
    assert "kept for mine/drop#mask; dlquiz judge mine/drop --own lists it" in again
    assert "point a found mine/drop#mask" in after
    assert json.loads((home / "own-words.json").read_text(encoding="utf-8")) == {
        "mine/drop#mask": ["turns half the guests away"]
    }


def test_own_words_are_listed_shown_and_removed(tmp_path: Path, home: Path) -> None:
    a_bank(tmp_path, BANK)
    home.mkdir(exist_ok=True)
    (home / "own-words.json").write_text('{"mine/drop#mask": ["guests away"], "other#p": ["x"]}', encoding="utf-8")
    where = ("--no-builtin", "--bank", str(tmp_path / "mine.yaml"))

    assert judge(tmp_path, "--own").stdout == "mine/drop#mask  guests away\n"
    assert "found" in judge(tmp_path, "--json", keys="It turns guests away.").stdout
    assert "found" not in judge(tmp_path, "--json", keys="It does not turn guests away.").stdout
    assert "guests away" in called(*where, "show", "mine/drop").stdout
    shown = json.loads(called(*where, "show", "mine/drop", "--json").stdout)
    assert shown["own_words"] == {"mine/drop#mask": ["guests away"]}
    assert judge(tmp_path, "--forget", "nothing").returncode == 2
    assert judge(tmp_path, "--forget", "guests away").stdout == "No words of your own for mine/drop.\n"
    assert "found" not in judge(tmp_path, "--json", keys="It turns guests away.").stdout
    assert json.loads((home / "own-words.json").read_text(encoding="utf-8")) == {"other#p": ["x"]}
    assert json.loads(called(*where, "show", "mine/drop", "--json").stdout)["own_words"] == {}


def test_an_interview_offers_to_keep_words_that_were_credited_twice(tmp_path: Path) -> None:
    a_bank(tmp_path, BANK)
    where = ("--no-builtin", "--bank", str(tmp_path / "mine.yaml"))
    interview = (*where, "interview", "--typed", "--questions", "1")

    study(tmp_path, OWN + "a\n3\n")
    kept = called(*interview, keys="Picture a bouncer: he turns half the guests away.\n\na\nk\nk\n \n")
    after = called(*interview, keys="The bouncer turns half the guests away.\n\n \n")

    asked = 'credited twice: "turns half the guests away"; k keeps it as your own words for mine/drop#mask'
    assert asked in " ".join(kept.stdout.split())
    assert "kept for mine/drop#mask; dlquiz judge mine/drop --own lists it" in kept.stdout
    assert "'k' does nothing here" in kept.stdout  # once kept
    assert "point a found mine/drop#mask" in after.stdout
    assert "credited twice" not in after.stdout


def test_own_words_follow_a_key_point_that_is_renamed(tmp_path: Path, home: Path) -> None:
    a_bank(tmp_path, BANK.replace("id: mask,", "id: zeroing, was: [drop#mask],"))
    home.mkdir(exist_ok=True)
    (home / "own-words.json").write_text('{"mine/drop#mask": ["guests away"]}', encoding="utf-8")

    assert judge(tmp_path, "--own").stdout == "mine/drop#zeroing  guests away\n"
    assert "found" in judge(tmp_path, "--json", keys="It turns guests away.").stdout
    assert judge(tmp_path, "--forget", "guests away").stdout == "No words of your own for mine/drop.\n"


def test_a_broken_file_of_own_words_says_what_to_do(tmp_path: Path, home: Path) -> None:
    a_bank(tmp_path, BANK)
    home.mkdir(exist_ok=True)
    (home / "own-words.json").write_text("[1]", encoding="utf-8")

    done = judge(tmp_path, keys="It zeroes units at random.")

    assert done.returncode == 1
    assert "own-words.json; correct it or remove it" in done.stderr
