"""A home that an older edition made opens with everything in it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from builders import called

DUMP = Path(__file__).parents[1] / "home_of_november_2026.sql"


@pytest.fixture
def old_home(home: Path) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(home / "progress.db")) as db:
        db.executescript(DUMP.read_text(encoding="utf-8"))
    return home


def test_every_answer_of_an_older_home_is_there_and_counts(old_home: Path) -> None:
    answers = json.loads(called("log", "--json").stdout)

    assert len(answers) == 6
    assert sum(bool(answer["undone"]) for answer in answers) == 1
    shown = json.loads(called("show", "dropout", "--json").stdout)
    assert shown["memory"]["reps"] == 1
    assert called("status").returncode == 0
    assert called("doctor").returncode == 0
    assert sorted(old_home.glob("backups/before-format-*.db"))


def test_an_older_home_takes_remarks_and_keeps_its_rows_in_their_order(old_home: Path) -> None:
    def rows() -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(old_home / "progress.db")) as db:
            return list(db.execute("SELECT rowid, * FROM event ORDER BY rowid"))

    before = rows()

    done = called("study", "--card", "dropout", "--cards", "1", keys="\nm as in the talk\n3\n")

    assert "remark on dropout kept" in done.stdout
    after = rows()
    assert after[: len(before)] == before
    assert [row[2] for row in after[len(before) :]] == ["remark", "review"]
    with closing(sqlite3.connect(old_home / "progress.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        indexes = {row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL")}
    assert {"event_card", "event_day", "event_target"} <= indexes


@pytest.mark.usefixtures("old_home")
def test_an_older_home_is_studied_on_and_its_last_answer_can_be_taken_back() -> None:
    done = called("study", "--card", "dropout", "--cards", "1", keys="\n0\n3\n")
    assert done.returncode == 0, done.stderr
    assert "saved dropout" in done.stdout

    undone = [called("undo").stdout.split()[1] for _ in range(2)]

    assert undone[0] == "dropout"
    assert undone[1] == "bayesian-deep-learning.alea-epis"
