from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
import shares
from builders import MONDAY, a_bank, later
from shares import Share

from dlquiz import parallel, scheduler, store
from dlquiz.bank import compiler, index
from dlquiz.card import Event, Rating, State
from dlquiz.errors import BankError, StoreError
from dlquiz.store import log, rows

IN_TURN = ["a0", "b0", "c0", "a1", "b1", "c1", "a2", "c2"]


@pytest.fixture
def three_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three processes work, however little there is."""
    monkeypatch.setattr(parallel, "cores", lambda: 3)
    monkeypatch.setattr(compiler, "MANY_BYTES", 0)
    monkeypatch.setattr(log, "MANY_ROWS", 0)


def test_each_share_has_a_process_of_its_own_and_pieces_come_in_turn() -> None:
    pids = set(parallel.pieces(shares.pids, [Share("a"), Share("b"), Share("c")]))

    assert len(pids) == 3
    assert os.getpid() not in pids
    assert list(parallel.pieces(shares.letters, [Share("a"), Share("b", 2), Share("c")])) == IN_TURN


def test_a_single_share_starts_no_process() -> None:
    assert set(parallel.pieces(shares.pids, [Share("a")])) == {os.getpid()}


def test_what_a_killed_process_has_not_made_is_made_here() -> None:
    assert list(parallel.pieces(shares.killed, [Share("a"), Share("b", 2), Share("c")])) == IN_TURN


def test_where_no_process_can_be_started_all_is_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "")

    assert list(parallel.pieces(shares.letters, [Share("a"), Share("b", 2), Share("c")])) == IN_TURN
    assert set(parallel.pieces(shares.pids, [Share("a"), Share("b")])) == {os.getpid()}


def test_what_goes_wrong_elsewhere_is_raised_here() -> None:
    pieces = parallel.pieces(shares.wrong, [Share("a"), Share("b")])

    assert [next(pieces), next(pieces)] == ["a", "b"]
    with pytest.raises(ValueError, match="no more of a"):
        next(pieces)


def silent(path: Path) -> bool:
    """Does the file soon stop growing?"""
    size, until = -1, time.monotonic() + 20
    while path.stat().st_size != size and time.monotonic() < until:
        size = path.stat().st_size
        time.sleep(0.3)
    return path.stat().st_size == size


@pytest.mark.parametrize(
    "how", ["killed", pytest.param("interrupted", marks=pytest.mark.skipif(os.name == "nt", reason="a signal"))]
)
def test_no_process_works_on_where_the_first_has_ended(tmp_path: Path, how: str) -> None:
    code = f"import sys; sys.path[:] = {sys.path}; import shares; shares.beat({str(tmp_path)!r})"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "both\n"
        if how == "killed":
            first.kill()
        else:
            os.killpg(first.pid, signal.SIGINT)
        _, errors = first.communicate(timeout=30)

    assert silent(tmp_path / "one")
    assert silent(tmp_path / "two")
    assert errors.count("Traceback") == (how == "interrupted")  # its own, which a program catches


# ---- a log


def a_long_life(folder: Path, chance: Random) -> store.Store:
    """A log of forty cards with rows of every kind, ties, undone ones and former ids."""
    opened = store.open_store(folder / "progress.db", folder / "backups", create=True)
    cards, ids, moment = [f"note-{n % 7}.card-{n}" for n in range(40)], [""], MONDAY
    values = []
    for n in range(1500):
        moment = later(moment, seconds=chance.randrange(4000)) if n % 50 else later(moment, days=chance.randrange(3))
        kind = chance.choice(["review"] * 30 + ["undo", "suspend", "unsuspend", "bury", "reset", "reschedule", "flag"])
        event = Event(
            kind, chance.choice(cards), moment.at_ms - chance.choice([0, 0, 90_000_000]), moment.day, 0, id=f"{n}-x",
            device="x", target=chance.choice(ids) if kind == "undo" else None,
            rating=chance.choice(list(Rating)) if kind == "review" else None, state_before=State.NEW,
            interval_after=chance.choice([-600, 1, 9, 200]),
        )  # fmt: skip
        ids.append(event.id)
        values.append(rows.of_event(event))
    with opened._writing():
        opened._db.executemany(rows.INSERT_EVENT, values)
    opened.set_aliases({cards[3]: "another-note.card", cards[20]: cards[21]}, live=[])
    return opened


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.usefixtures("three_cores")
def test_many_processes_fold_a_log_as_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    with closing(a_long_life(tmp_path, Random(seed))) as opened:
        opened.rebuild(scheduler.fold, scheduler.DEFAULT)
        by_many = dict(opened.all_standings())
        monkeypatch.setattr(log, "MANY_ROWS", 10**9)
        opened.rebuild(scheduler.fold, scheduler.DEFAULT)

        assert len(by_many) == 39
        assert by_many == dict(opened.all_standings())


@pytest.mark.usefixtures("three_cores")
def test_a_row_that_cant_be_read_is_told_as_by_one_process_and_changes_nothing(tmp_path: Path) -> None:
    with closing(a_long_life(tmp_path, Random(1))) as opened:
        opened.rebuild(scheduler.fold, scheduler.DEFAULT)
        before = dict(opened.all_standings())
        opened._db.execute("UPDATE event SET study_day = 'someday' WHERE rowid = 700")

        with pytest.raises(StoreError, match=r"has a row that can't be read .*someday"):
            opened.rebuild(scheduler.fold, scheduler.DEFAULT)
        assert dict(opened.all_standings()) == before


# ---- banks


def some_banks(folder: Path) -> list[Path]:
    """Seven files with notes, and what lies beside them."""
    a_bank(folder, "sources:\n  here: {authors: A, title: T, link: L}\n", "sources.yaml")
    a_bank(folder, "glossary:\n  rate: learning rate\n", "glossary.yaml")
    note = "  - {{id: note-{0}, question: Q {0}?, answer: A, was: [old-{0}], tags: [t], cards: [{{id: c, front: f, back: b}}]}}\n"
    return [
        a_bank(folder, f"bank: mine\nnotes:\n{note.format(n)}{note.format(n + 10)}", f"file-{n}.yaml") for n in range(7)
    ]


def index_of(folder: Path, cache: Path) -> list[str]:
    """All that the index of a folder of banks holds, but for the times of its files."""
    with closing(index.open_bank([index.Root(folder)], cache)):
        pass
    (file,) = cache.glob("*.db")
    with closing(sqlite3.connect(file)) as db:
        return [line for line in db.iterdump() if not line.startswith('INSERT INTO "file"')]


def changing(folder: Path, cache: Path) -> list[list[str]]:
    """The index of some banks as they are at first, and after two were changed."""
    files = some_banks(folder)
    first = index_of(folder, cache)
    for file in (files[2], files[5]):
        file.write_text(file.read_text().replace("answer: A", "answer: Another"))
    return [first, index_of(folder, cache)]


@pytest.mark.usefixtures("three_cores")
def test_many_processes_compile_banks_as_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_many = changing(tmp_path / "banks", tmp_path / "many")
    monkeypatch.setattr(compiler, "MANY_BYTES", 10**9)

    assert by_many == changing(tmp_path / "banks", tmp_path / "one")
    assert sum("Another" in line for line in by_many[1]) == 4


@pytest.mark.usefixtures("three_cores")
def test_many_processes_say_of_broken_banks_what_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = some_banks(tmp_path / "banks")
    for n in (1, 2, 6):
        files[n].write_text(f"bank: mine\nnotes: [{{id: Bad {n}}}, 7]\n")
    files[4].write_bytes(b"\xff\xfe")
    a_bank(tmp_path / "banks", "sources: nothing\n", "sources.yaml")
    errors = []
    for many in (0, 10**9):
        monkeypatch.setattr(compiler, "MANY_BYTES", many)
        with pytest.raises(BankError) as error:
            index_of(tmp_path / "banks", tmp_path / str(many))
        errors.append((str(error.value), error.value.files))

    assert errors[0] == errors[1]
    assert len(errors[0][1]) == 5


@pytest.mark.usefixtures("three_cores")
def test_many_processes_find_an_id_that_is_used_twice(tmp_path: Path) -> None:
    files = some_banks(tmp_path / "banks")
    files[5].write_text(files[3].read_text() + "  - {id: new, question: Q, answer: A}\n")

    with pytest.raises(BankError, match=r"file-5\.yaml:1:1: .* the same cards as .*file-3\.yaml"):
        index_of(tmp_path / "banks", tmp_path / "cache")
