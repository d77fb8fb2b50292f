"""One answer is one answer, whichever roads its copies took and in whichever order they arrive."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest
from builders import a_collection, all_of, called, later, rate

from dlquiz import doubles, scheduler
from dlquiz.card import Rating
from dlquiz.collection import BankPaths, Collection, doctor
from dlquiz.store import rows
from dlquiz.transfer import database, from_anki, json_file, to_anki

CARDS = ("mine/adam", "mine/adam.lr", "mine/sgd")
ANSWERS = 6
IMPORTS = {".apkg": from_anki.package, ".json": json_file.import_file, ".db": database.import_file}


def answered(col: Collection) -> list[tuple[str, int, int | None]]:
    return sorted((row.card, row.at_ms, row.rating) for row, undone in col.progress.reviews() if not undone)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """The same six answers as a package, as JSON and as a progress file; one was taken back."""
    found = {ending: tmp_path / f"all{ending}" for ending in IMPORTS}
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("DLQUIZ_HOME", str(tmp_path / "first"))
        with a_collection(tmp_path) as col:
            for second, card in enumerate(CARDS * 2):
                rate(col, card, Rating.GOOD, later(days=second // 3 * 4, seconds=second))
            rate(col, "mine/sgd.batch", Rating.EASY, later(days=4, seconds=9))
            col.undo(later(days=4, seconds=10))
            to_anki.apkg(col, found[".apkg"], None, with_progress=True)
            json_file.export_file(col, found[".json"], None, with_progress=True)
            col.progress.copy_to(found[".db"])
    return found


@pytest.mark.parametrize("order", list(permutations(IMPORTS)), ids=" ".join)
def test_the_same_answers_by_three_roads_count_once(
    tmp_path: Path, files: dict[str, Path], order: Sequence[str]
) -> None:
    bank = BankPaths((tmp_path / "mine.yaml",), builtin=False)
    for ending in order:
        IMPORTS[ending](bank, files[ending])
        with a_collection(tmp_path) as col:
            assert len(answered(col)) == ANSWERS

    for ending in order:
        done = IMPORTS[ending](bank, files[ending])
        assert "nothing was added" in done.said[-1]

    with a_collection(tmp_path) as col:
        assert len(answered(col)) == ANSWERS
        assert [row.origin for row in all_of(col).events] == [None] * (ANSWERS + 2)
        assert doctor.examine(col).differences == []


def test_what_came_back_from_a_friend_does_not_double_at_home(
    tmp_path: Path, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = BankPaths((tmp_path / "mine.yaml",), builtin=False)
    from_anki.package(bank, files[".apkg"])
    back = tmp_path / "back.json"
    with a_collection(tmp_path) as col:
        rate(col, "mine/adam", Rating.HARD, later(days=30))
        json_file.export_file(col, back, None, with_progress=True)
    monkeypatch.setenv("DLQUIZ_HOME", str(tmp_path / "first"))

    done = json_file.import_file(bank, back)

    assert done.said == ("added 1 row of 1 card to the log, 6 were there already",)
    with a_collection(tmp_path) as col:
        assert len(answered(col)) == ANSWERS + 1


def join_twice(tmp_path: Path, files: dict[str, Path]) -> None:
    """Make a log of the time when the same answers by two roads were two."""
    bank = BankPaths((tmp_path / "mine.yaml",), builtin=False)
    from_anki.package(bank, files[".apkg"])
    with a_collection(tmp_path) as col:
        foreign = all_of(col)
    database.import_file(bank, files[".db"])
    with a_collection(tmp_path) as col:
        with closing(sqlite3.connect(col.log.path)) as db, db:  # as an older version joined them
            db.executemany(rows.INSERT_EVENT, map(rows.of_event, foreign.events))
        col.log.rebuild(scheduler.fold, col.preset)
        assert len(answered(col)) == 2 * ANSWERS


def test_doctor_mends_a_log_that_counts_answers_twice(tmp_path: Path, files: dict[str, Path]) -> None:
    join_twice(tmp_path, files)

    done = called("--no-builtin", "--bank", str(tmp_path / "mine.yaml"), "doctor")

    assert done.returncode == 1
    assert "6 answers stood in the log twice" in done.stderr
    with a_collection(tmp_path) as col:
        assert len(answered(col)) == ANSWERS
        memory = col.card_state("mine/adam").memory
        assert memory is not None
        assert memory.reps == 2
        assert doctor.examine(col) == doctor.Health(None, [], ANSWERS + 2, repaired=False)


def test_answers_of_two_seconds_are_two_answers() -> None:
    instants = ((1000, False), (1020, True), (2000, True))
    traces = [doubles.Trace(f"{ms}", "review", ms, 3, foreign) for ms, foreign in instants]

    assert doubles.of_card(traces) == {}


def test_a_row_that_moved_on_by_a_tie_is_the_same_answer_unless_that_one_is_there_itself() -> None:
    own = doubles.Trace("own", "review", 1000, 3, foreign=False)
    moved = doubles.Trace("moved", "review", 1001, 3, foreign=True)
    exact = doubles.Trace("exact", "review", 1000, 3, foreign=True)

    assert doubles.of_card([own, moved]) == {"moved": "own"}
    assert doubles.of_card([own, moved, exact]) == {"exact": "own"}
    assert doubles.of_card([own, moved._replace(rating=2)]) == {}
    assert doubles.of_card([exact, exact._replace(id="again")]) == {"exact": "again"}
