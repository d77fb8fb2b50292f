"""A whole preparation, the clock moved from outside: python -m benchmarks.preparation [--days N] [--minutes M] [--out DIR]

Played through in a pseudo-terminal, fifteen days long unless told: what is known is assessed, a plan, a sitting a day (one is quit, one
interrupted, one resized, some answers are undone), missed days, a spoken mock interview that is interrupted and resumed, a typed one, the
final pass, the day itself and the days after. What the program promises is asserted on the way; every screen is kept in DIR to be looked
at. Linux with libfaketime (apt install faketime); some minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from screen import Terminal

from dlquiz import rng

PROGRAM = [sys.executable, "-m", "dlquiz"]
FIRST = datetime(2026, 11, 24, 19, tzinfo=UTC)  # a Tuesday
MISSED = (4, 7, 8, 9, 25, 26, 27)  # a day, and three days later on
AFTER = 8  # days that are watched from the interview's on
SPOKEN, TYPED = 6, 11  # days with a mock interview
WIDE = (2, 8, 12)  # days on a terminal of 120x40; the others have 80x24
OVER = 1.4  # a day's sitting may take so many times what was promised; all together a fifth more or less

ASKED = re.compile(r"Space (show|done speaking)")
INTERVIEWED = "SELECT id, state FROM interview ORDER BY at_ms DESC LIMIT 1"  # written after every step
ANSWERED = re.compile(r"1 again.*4 easy", re.DOTALL)


class Clock:
    """The wall clock that the program sees; libfaketime reads it from a file at every look."""

    def __init__(self, folder: Path) -> None:
        found = subprocess.run(["faketime", "-f", "+0", "printenv", "LD_PRELOAD"], capture_output=True, text=True)
        self._file = folder / "clock"
        self.environment = {
            "LD_PRELOAD": found.stdout.strip(),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "TZ": "UTC",
        }
        self._ahead = 0.0  #: seconds

    @property
    def now(self) -> float:
        return time.time() + self._ahead

    def set(self, when: datetime) -> None:
        self._move(when.timestamp() - time.time())

    def advance(self, seconds: float) -> None:
        self._move(self._ahead + seconds)

    def _move(self, ahead: float) -> None:
        self._ahead = ahead
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{ahead:+.3f}\n")
        os.replace(draft, self._file)


class Candidate:
    """Somebody who forgets, misses points, predicts, and now and then takes an answer back."""

    def __init__(self, folder: Path, interview: int, minutes: int) -> None:
        self.folder, self.minutes, self.clock = folder, minutes, Clock(folder)
        self.interview = interview  #: days from the first
        self.answers = self.undone = 0
        self.last: dict[str, int] = {}  #: card -> the day it was last answered
        self.opened = interview  #: the first day with a last look
        self._environment = {"DLQUIZ_HOME": str(folder / "home"), "PAGER": "cat", **self.clock.environment}

    def chance(self) -> float:
        return rng.draw(f"preparation {self.answers}")

    def run(self, *args: str) -> str:
        done = subprocess.run(
            [*PROGRAM, *args], env={**os.environ, **self._environment}, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{args} ended with {done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout

    def reads(self, *args: str) -> Any:
        return json.loads(self.run(*args, "--json"))

    def opens(self, day: int, *args: str) -> Terminal:
        columns, rows = (120, 40) if day in WIDE else (80, 24)
        return Terminal([*PROGRAM, *args], columns, rows, **self._environment)

    def looks(self, day: int, name: str, *args: str) -> None:
        """Keep a screen."""
        terminal = self.opens(day, *args)
        assert terminal.ended() == 0, terminal.text()
        self.keep(day, name, terminal)

    def keep(self, day: int, name: str, terminal: Terminal) -> None:
        Path(self.folder, f"{day:02}-{name}.txt").write_text(terminal.text().strip("\n") + "\n")
        terminal.child.close(force=True)

    def assesses(self, day: int) -> None:
        """Say of every question whether the answer could be said: one in five is known, a third half known."""
        terminal, count = self.opens(day, "assess"), 0
        while True:
            count += 1
            terminal.until(partial(self._assessed, terminal, f"{count} of"), "a question")
            if not terminal.child.isalive():
                break
            terminal.type("yhhnn"[count % 5])
        assert terminal.ended() == 0, terminal.text()
        self.keep(day, "0-assess", terminal)

    def _assessed(self, terminal: Terminal, number: str) -> bool:
        return not terminal.child.isalive() or number in foot(terminal)

    def select(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the log, read beside the program."""
        path = self.folder / "home" / "progress.db"
        if not path.exists():
            return []
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            return db.execute(query).fetchall()

    # ---- a sitting

    def sits(self, day: int, name: str = "study", *, most: int = 10_000, leave: str = "q") -> float:
        """Answer what the day asks, or so many cards; the minutes that it took."""
        began, terminal, count = self.clock.now, self.opens(day, "study"), 0
        while self._asked(terminal):
            if count == most:
                terminal.type(leave)
                break
            if count == 5 and day == 1:
                terminal.resize(120, 40)
            self._answers(terminal)
            count += 1
            if count == 3 and day % 3 == 0 and self._asked(terminal):  # a slip
                terminal.type("u")
                self._saved(terminal, "2")
                self.answers, self.undone, count = self.answers + 1, self.undone + 1, count + 1
        assert terminal.ended() == (130 if leave == "\x03" and count == most else 0), terminal.text()
        for card, last, due in self.select("SELECT card, last_day, due_day FROM standing WHERE state IS NOT NULL"):
            if last == date_of(day):
                self.last[card] = day
                assert day >= self.interview or due <= date_of(self.interview), f"{card} is promised beyond the day"
        self.keep(day, name, terminal)
        return (self.clock.now - began) / 60

    def _asked(self, terminal: Terminal) -> bool:
        """Wait for a question; False when the sitting has ended."""
        terminal.until(lambda: not terminal.child.isalive() or bool(ASKED.search(foot(terminal))), "a question")
        return bool(terminal.child.isalive())

    def _answers(self, terminal: Terminal) -> None:
        main, chance = "done speaking" in foot(terminal), self.chance()
        recalled = chance < 0.8
        if chance > 0.75 or chance < 0.1:
            terminal.type("y" if recalled else "h")
        self.clock.advance(60 + 50 * chance if main else 6 + 10 * chance)
        terminal.type(" ")
        terminal.until(lambda: bool(ANSWERED.search(foot(terminal))), "the answer")
        self.clock.advance(20 if main else 4)
        if main:
            terminal.type("abcde" if recalled else "b")
            terminal.until(lambda: "Enter gives" in foot(terminal), "what Enter gives")
        self._saved(terminal, "\r" if main else str(1 if not recalled else 2 + int(3 * chance / 0.8)))
        self.answers += 1

    def _saved(self, terminal: Terminal, key: str) -> None:
        terminal.until(lambda: bool(ANSWERED.search(foot(terminal))), "four ratings")
        terminal.type(key)
        terminal.until(lambda: self._logged() > self.answers, "the acknowledgement")

    def _logged(self) -> int:
        return int(self.select("SELECT count(*) FROM event WHERE kind = 'review'")[0][0])

    # ---- a mock interview

    def is_interviewed(self, day: int, name: str, *args: str, leaves_after: int = 99) -> None:
        terminal, typed, asked = self.opens(day, "interview", *args), "--typed" in args, 0
        while True:
            terminal.until(
                lambda: not terminal.child.isalive() or bool(re.search(r"\? (Enter )?keys", foot(terminal))), "keys"
            )
            if not terminal.child.isalive():
                break
            before, screen = self._reached(), terminal.now()
            if "tick" in foot(terminal):
                terminal.type("ac ")
            elif asked == leaves_after:
                terminal.type("\x03")
                break
            else:
                asked += 1
                self.clock.advance(95)
                terminal.type("It keeps two running means.\r\r" if typed else " ")
            terminal.until(partial(self._went_on, terminal, before, screen), "the next")
            if self._reached()[2] == "done":  # it is still being told
                break
        assert terminal.ended() == (130 if asked == leaves_after else 0), terminal.text()
        self.keep(day, name, terminal)

    def _reached(self) -> tuple[Any, ...]:
        """How far the last interview has come: ticks are kept too, and Space alone goes on."""
        ((name, state),) = self.select(INTERVIEWED) or [("", '{"at": 0, "phase": "", "questions": []}')]
        kept = json.loads(state)
        return name, kept["at"], kept["phase"], sum(len(question["answers"]) for question in kept["questions"])

    def _went_on(self, terminal: Terminal, before: tuple[Any, ...], screen: str) -> bool:
        """Is it kept, and shown? A key that comes between the two would go to the next question."""
        return self._reached() != before and (not terminal.child.isalive() or terminal.now() != screen)


def foot(terminal: Terminal) -> str:
    return "\n".join([line for line in terminal.now().splitlines() if line][-5:])


def date_of(day: int) -> str:
    return (FIRST + timedelta(days=day)).date().isoformat()


def play(folder: Path, interview: int, minutes: int) -> None:
    """The whole of it, day by day."""
    person = Candidate(folder, interview, minutes)
    person.clock.set(FIRST)
    person.assesses(0)
    person.looks(0, "0-plan-made", "plan", "--date", date_of(interview), "--minutes", str(minutes))
    promised = took = 0.0
    for day in (day for day in range(interview + AFTER) if day not in MISSED):
        person.clock.set(FIRST + timedelta(days=day))
        person.looks(day, "1-start")
        person.looks(day, "2-plan", "plan")
        person.looks(day, "2-status", "status")
        morning = person.reads("plan") if day < interview else None
        spent = lives(person, day)
        nothing_is_lost(person)
        if morning:
            is_kept(person, day, morning, spent)
            promised, took = promised + morning["days"][0]["minutes"], took + spent
    assert abs(took - promised) <= promised / 5, f"{promised:.0f} minutes were promised, {took:.0f} taken"
    assert len(list(Path(folder, "home", "interviews").iterdir())) == 4, "a report is missing"
    print(
        f"{person.answers} answers, none lost; {promised:.0f} minutes promised, {took:.0f} taken; screens in {folder}"
    )


def lives(person: Candidate, day: int) -> float:
    """One evening; the minutes that its sittings took."""
    spent = 0.0
    if day in (1, 10):
        spent += person.sits(day, "3-study-quit", most=8)
    if day == 2:
        spent += person.sits(day, "3-study-interrupted", most=11, leave="\x03")
    spent += person.sits(day, "4-study")
    person.looks(day, "5-after")
    person.looks(day, "5-plan-after", "plan")
    if day == SPOKEN:
        person.is_interviewed(day, "6-interview-interrupted", "--seed", "one", leaves_after=3)
        person.is_interviewed(day, "7-interview-resumed", "--resume")
    if day == TYPED:
        person.is_interviewed(day, "6-interview-typed", "--typed", "--questions", "3", "--seed", "two")
    return spent


def is_kept(person: Candidate, day: int, morning: Any, spent: float) -> None:
    """Did the day keep what the plan promised that morning?"""
    today, left = morning["days"][0], person.reads("plan")["days"][0]
    cards, fits = sum(topic["cards"] for topic in morning["readiness"]), morning["fits"]
    if today["final_pass"]:
        person.opened = min(person.opened, day)
    print(
        f"{date_of(day)}  {today['new']:3} new {today['reviews']:3} reviews {today['final_pass']:3} last looks,"
        f" {today['minutes']:4.0f} min promised, {spent:4.0f} taken; {len(person.last):3} of {cards} seen,"
        f" recall {morning['predicted_recall']['mid']:.0%}, {morning['minutes_needed']} min a day would do",
        flush=True,
    )
    assert today["minutes"] <= person.minutes + 1, (
        "a day that asks more than its minutes"
    )  # a drill may take longer than what it replaces
    assert left["new"] + left["reviews"] + left["final_pass"] == 0, "study leaves something of the day's part"
    assert spent <= OVER * today["minutes"] + 4, "a sitting that takes far more than was promised"
    seen_all = len(person.last) >= cards
    assert day < 2 * person.interview // 3 or not fits or seen_all, "it fits, yet cards are unseen"
    passed = all(last >= person.opened for last in person.last.values())
    assert day < person.interview - 1 or not fits or passed, "it fits, yet cards get no last look"


def nothing_is_lost(person: Candidate) -> None:
    rows = person.reads("log")
    assert (len(rows), sum(row["undone"] for row in rows)) == (person.answers, person.undone)
    person.run("doctor")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=15, help="to the interview")
    parser.add_argument("--minutes", type=int, default=60, help="a day")
    parser.add_argument("--out", type=Path, help="where screens are kept; a new folder if left away")
    asked = parser.parse_args()
    folder = (asked.out or Path(tempfile.mkdtemp())).resolve()
    folder.mkdir(parents=True, exist_ok=not asked.out)  # a home that was lived in would spoil the count
    play(folder, asked.days, asked.minutes)


if __name__ == "__main__":
    main()
