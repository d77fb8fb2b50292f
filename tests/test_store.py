from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from builders import MONDAY, a_review, later
from hypothesis import given, settings
from hypothesis import strategies as st

from dlquiz import scheduler, store
from dlquiz.card import CardState, Event, Memory, Moment, Rating
from dlquiz.errors import StaleError, StoreError, UsageError
from dlquiz.store import LogEntry, Store, backups, schema


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Store]:
    log = open_at(tmp_path)
    yield log
    log.close()


def open_at(folder: Path) -> Store:
    log = store.open_store(folder / "progress.db", folder / "backups", create=True)
    assert log is not None
    return log


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program is in the middle of writing."""
    with closing(sqlite3.connect(folder / "progress.db", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("ROLLBACK")


def fold(events: list[Event]) -> CardState:
    return scheduler.fold(events, scheduler.DEFAULT)


def answer(log: Store, card: str, rating: Rating, at: Moment = MONDAY, **changes: object) -> Event:
    """Append an answer as the collection does."""
    card_state = log.card_states([card]).get(card, CardState())
    event = a_review(card_state.memory, rating, at, card=card)._replace(**changes)  # type: ignore[arg-type]
    entry = LogEntry(event, lambda row: scheduler.apply(card_state, row, scheduler.DEFAULT), preset=scheduler.DEFAULT)
    return log.append([entry], after={card: card_state.last_event})[0]


def undo(log: Store) -> Event:
    target = log.undoable()
    assert target is not None
    history = log.history(target.card)
    row = Event("undo", target.card, MONDAY.at_ms, MONDAY.day, 0, target=target.id)
    return log.append([LogEntry(row, lambda event: fold([*history, event]))], after={target.card: history[-1].id})[0]


def test_what_is_written_is_there_after_opening_again(tmp_path: Path) -> None:
    log = open_at(tmp_path)
    event = answer(log, "n.c", Rating.GOOD)
    log.close()

    again = open_at(tmp_path)
    assert again.history("n.c") == [event]
    memory = again.card_states(["n.c"])["n.c"].memory
    assert memory is not None
    assert memory.reps == 1
    again.close()


def test_the_events_table_has_the_columns_that_are_fixed_for_ever(tmp_path: Path) -> None:
    open_at(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "progress.db")) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(event)")]

    assert (
        columns
        == (
            "id kind card at_ms study_day utc_offset_min device target rating state_before interval_before interval_after preset mode"
            " predicted thought_ms took_ms content params given interview origin foreign_row"
        ).split()
    )


def test_an_id_is_its_instant_and_device_and_a_tie_moves_on(opened: Store) -> None:
    first = answer(opened, "a.b", Rating.GOOD)
    second = answer(opened, "c.d", Rating.GOOD)

    assert first.id == f"{first.at_ms}-{opened.device()}"
    assert second.at_ms == first.at_ms + 1


def test_a_row_is_never_older_than_its_cards_last(opened: Store) -> None:
    last = answer(opened, "n.c", Rating.GOOD, later(days=3))
    set_back = answer(opened, "n.c", Rating.GOOD, MONDAY)

    assert set_back.at_ms == last.at_ms + 1


def test_a_stale_write_is_refused_and_writes_nothing(opened: Store) -> None:
    answer(opened, "n.c", Rating.GOOD)
    entry = LogEntry(a_review(None, Rating.EASY, card="n.c"), lambda _: CardState())

    with pytest.raises(StaleError):
        opened.append([entry], after={"n.c": None})
    assert len(opened.history("n.c")) == 1


def test_one_answer_is_one_transaction(opened: Store) -> None:
    """A card state that can't be computed takes the event and its points with it."""

    def broken(_: Event) -> CardState:
        raise RuntimeError("no standing")

    entry = LogEntry(a_review(None, Rating.GOOD, card="n.c"), broken, points={"n#p": True})
    with pytest.raises(RuntimeError):
        opened.append([entry], after={"n.c": None})

    assert opened.history("n.c") == []
    assert opened.last_points("n.c") == {}


def test_content_and_presets_are_kept_once_by_hash(opened: Store, tmp_path: Path) -> None:
    for rating in (Rating.GOOD, Rating.GOOD):
        card_state = opened.card_states(["n"]).get("n", CardState())
        entry = LogEntry(
            a_review(card_state.memory, rating, card="n"),
            lambda row, before=card_state: scheduler.apply(before, row, scheduler.DEFAULT),  # type: ignore[misc]
            points={"n#p": rating is Rating.GOOD},
            content=("abc", "the text"),
            preset=scheduler.DEFAULT,
        )
        opened.append([entry], after={"n": card_state.last_event})

    with closing(sqlite3.connect(tmp_path / "progress.db")) as db:
        assert db.execute("SELECT hash, text, first_ms FROM content").fetchall() == [("abc", "the text", MONDAY.at_ms)]
        assert db.execute("SELECT hash FROM preset").fetchall() == [(scheduler.DEFAULT.hash,)]


def test_undo_goes_further_back_each_time_and_is_not_undone(opened: Store) -> None:
    before = opened.card_states(["n.c"])
    events = [answer(opened, "n.c", Rating.GOOD, later(days=day)) for day in range(3)]
    taken = [undo(opened).target for _ in events]

    assert taken == [event.id for event in reversed(events)]
    assert opened.undoable() is None
    assert before == {}
    assert opened.card_states(["n.c"])["n.c"].memory is None


def test_an_imported_row_is_never_undone(opened: Store) -> None:
    answer(opened, "n.c", Rating.GOOD, origin="anki")

    assert opened.undoable() is None


STEPS = st.lists(
    st.tuples(st.sampled_from([1, 2, 3, 4, 0]), st.sampled_from(["a.x", "b.y"]), st.integers(0, 9)), max_size=14
)


@given(STEPS)
@settings(max_examples=40)
def test_the_cache_equals_the_folded_log_and_undo_restores_exactly(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, int]]
) -> None:
    log = open_at(tmp_path_factory.mktemp("log"))
    moment = MONDAY
    past: list[dict[str, Memory | None]] = []
    for rating, card, days in steps:
        moment = later(moment, days=days, seconds=60)
        if rating == 0:
            if log.undoable():
                undo(log)
                known = dict(log.all_standings())
                for name, memory in past.pop().items():
                    assert known[name].memory == memory
        else:
            names = {name for name, _ in log.all_standings()} | {card}
            found = log.card_states(names)
            past.append({name: found[name].memory if name in found else None for name in names})
            answer(log, card, Rating(rating), moment)
    assert {card: fold(rows) for card, rows in log.histories()} == dict(log.all_standings())
    log.close()


def test_rebuilding_gives_the_same_cache(opened: Store) -> None:
    for day, rating in enumerate((3, 4, 1, 3)):
        answer(opened, "n.c", Rating(rating), later(days=day))
    before = dict(opened.all_standings())
    opened.rebuild(scheduler.fold, scheduler.DEFAULT)

    assert dict(opened.all_standings()) == before
    assert opened.folded_under() == scheduler.DEFAULT.hash


def test_a_renamed_card_keeps_its_history_and_its_rows_keep_their_id(opened: Store) -> None:
    answer(opened, "old.card", Rating.EASY)
    again = opened.set_aliases({"old.card": "new.card"}, live=[])
    opened.rebuild(scheduler.fold, scheduler.DEFAULT, again)

    card_state = opened.card_states(["new.card", "old.card"])
    assert card_state["new.card"].memory is not None
    assert "old.card" not in card_state or card_state["old.card"].memory is None
    assert [event.card for event in opened.history("new.card")] == ["old.card"]
    answer(opened, "new.card", Rating.GOOD, later(days=9))
    memory = opened.card_states(["new.card"])["new.card"].memory
    assert memory is not None
    assert memory.reps == 2
    before = dict(opened.all_standings())
    opened.rebuild(scheduler.fold, scheduler.DEFAULT)
    assert dict(opened.all_standings()) == before


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    open_at(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "progress.db")) as db:
        db.execute("PRAGMA user_version = 99")
    before = (tmp_path / "progress.db").read_bytes()

    with pytest.raises(StoreError, match=r"newer dlquiz .*upgrade"):
        open_at(tmp_path)
    assert (tmp_path / "progress.db").read_bytes() == before


def test_an_older_database_is_backed_up_before_it_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = open_at(tmp_path)
    answer(log, "n.c", Rating.GOOD)
    log.close()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "CREATE TABLE later (x TEXT) STRICT"))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    migrated = open_at(tmp_path)
    assert len(migrated.history("n.c")) == 1
    migrated.close()

    with closing(sqlite3.connect(tmp_path / "backups" / f"before-format-{schema.VERSION}.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (schema.VERSION - 1,)
        assert db.execute("SELECT count(*) FROM event").fetchone() == (1,)


def remark(log: Store, card: str, text: str) -> Event:
    row = Event("remark", card, MONDAY.at_ms, MONDAY.day, 0, given=text)
    history = log.history(card)
    return log.append(
        [LogEntry(row, lambda event: fold([*history, event]))], after={card: history[-1].id if history else None}
    )[0]


def test_the_latest_remark_that_was_not_undone_counts_also_under_a_new_name(opened: Store) -> None:
    remark(opened, "n.c", "first")
    last = remark(opened, "n.c", "second")
    assert opened.remark("n.c") == "second"
    assert opened.remarks() == {"n.c": ("second", last.at_ms)}

    opened.set_aliases({"n.c": "n.d"}, ())
    assert opened.remark("n.d") == "second"
    assert opened.remarks() == {"n.d": ("second", last.at_ms)}

    back = undo(opened)
    assert opened.remark("n.d") == "first"
    assert opened.remarks() == {"n.d": ("first", back.at_ms)}

    remark(opened, "n.d", "")
    assert opened.remark("n.d") == ""
    assert opened.remark("n.other") == ""


def test_someone_elses_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "progress.db")) as db:
        db.execute("CREATE TABLE theirs (x)")

    with pytest.raises(StoreError, match="none of dlquiz's"):
        open_at(tmp_path)


def test_an_old_sqlite_is_told_with_what_to_do() -> None:
    with pytest.raises(StoreError, match=r"SQLite 3\.36\.0.*3\.37"):
        schema.check_sqlite((3, 36, 0))


def test_a_missing_file_is_not_made_by_reading(tmp_path: Path) -> None:
    with closing(store.open_store(tmp_path / "home" / "progress.db", tmp_path / "home", create=False)) as log:
        assert not log.writable
        assert list(log.reviews()) == []
    assert not (tmp_path / "home").exists()


def test_a_damaged_file_names_the_backup_to_go_back_to(tmp_path: Path) -> None:
    log = open_at(tmp_path)
    answer(log, "n.c", Rating.GOOD)
    answer(log, "n.c", Rating.GOOD, later(days=1))
    log.close()
    assert len(list((tmp_path / "backups").iterdir())) == 1
    path = tmp_path / "progress.db"
    path.write_bytes(b"no database at all" * 500)

    with pytest.raises(StoreError, match=r"is damaged.*dlquiz restore .*progress-2026-11-24\.db"):
        open_at(tmp_path)


def refused(folder: Path) -> str:
    """What is said instead of opening."""
    with pytest.raises(StoreError) as told:
        open_at(folder)
    return str(told.value)


def with_answers(folder: Path, count: int) -> Path:
    """A progress file, closed."""
    log = open_at(folder)
    for number in range(count):
        answer(log, f"n.c{number}", Rating.GOOD, later(seconds=number))
    log.close()
    return folder / "progress.db"


def answered(folder: Path) -> dict[str, int]:
    """How many rows each card has."""
    with closing(open_at(folder)) as log:
        assert log.damage() is None
        return {card: len(rows) for card, rows in log.histories()}


def put_back(folder: Path, source: Path) -> Path | None:
    return backups.restore(source, folder / "progress.db", folder / "backups", datetime(2026, 11, 24, tzinfo=UTC))


def test_the_backup_with_the_most_answers_is_named_whatever_clocks_said_unless_it_is_damaged(tmp_path: Path) -> None:
    path = with_answers(tmp_path, 0)
    (tmp_path / "backups").mkdir()
    for name, count, at in (("progress-2037-01-01", 1, 2_000_000_000), ("by-hand-x", 3, 1_000_000_000), ("new", 2, 1)):
        made = with_answers(tmp_path / name, count)
        shutil.copy(made, tmp_path / "backups" / f"{name}.db")
        os.utime(tmp_path / "backups" / f"{name}.db", (at, at))
    shutil.copy(with_answers(tmp_path / "more", 9), tmp_path / "backups" / "replaced-x.db")
    path.write_bytes(b"rubbish" * 1000)

    assert refused(tmp_path).endswith("backups/by-hand-x.db")
    (tmp_path / "backups" / "by-hand-x.db").write_bytes(b"rubbish" * 1000)
    assert refused(tmp_path).endswith("backups/new.db")


def test_without_a_backup_no_command_is_told_that_cannot_work(tmp_path: Path) -> None:
    with_answers(tmp_path, 1).write_bytes(b"rubbish" * 1000)

    assert "there is no backup here" in refused(tmp_path)


def test_an_empty_file_or_a_folder_in_its_place_is_no_new_beginning_where_there_is_a_backup(tmp_path: Path) -> None:
    path = with_answers(tmp_path, 1)
    path.write_bytes(b"")
    open_at(tmp_path).close()
    (tmp_path / "backups").mkdir()
    shutil.copy(with_answers(tmp_path / "other", 1), tmp_path / "backups" / "progress-2026-11-23.db")
    path.write_bytes(b"")
    assert "is empty; go back to the newest backup" in refused(tmp_path)

    path.unlink()
    path.mkdir()
    assert "is no file" in refused(tmp_path)
    put_back(tmp_path, tmp_path / "backups" / "progress-2026-11-23.db")
    assert answered(tmp_path) == {"n.c0": 1}


@pytest.mark.skipif(os.name == "nt", reason="an open file can't be deleted there")
@pytest.mark.parametrize("fate", ["deleted", "replaced", "moved"])
def test_a_file_that_goes_away_in_use_takes_no_answer_and_loses_none(tmp_path: Path, fate: str) -> None:
    log = open_at(tmp_path)
    answer(log, "n.c1", Rating.GOOD)
    answer(log, "n.c2", Rating.GOOD)
    if fate == "replaced":
        put_back(tmp_path, with_answers(tmp_path / "other", 1))
    elif fate == "moved":
        os.replace(tmp_path / "progress.db", tmp_path / "elsewhere.db")
    else:
        (tmp_path / "progress.db").unlink()

    verb = "import" if fate == "replaced" else "restore"  # import keeps what both hold
    with pytest.raises(StoreError, match=rf"this answer was not saved.*dlquiz {verb} .*rescued\.db"):
        answer(log, "n.c3", Rating.GOOD)
    log.close()
    put_back(tmp_path, tmp_path / "backups" / "rescued.db")

    assert answered(tmp_path) == {"n.c1": 1, "n.c2": 1}


def test_a_journal_left_alone_is_not_played_into_what_is_restored(tmp_path: Path) -> None:
    log = open_at(tmp_path)
    answer(log, "n.c", Rating.GOOD)
    log.copy_to(tmp_path / "copy.db")
    for number in range(50):
        answer(log, f"n.c{number}", Rating.AGAIN)
    journal = (tmp_path / "progress.db-wal").read_bytes()
    log.close()
    (tmp_path / "progress.db").unlink()
    (tmp_path / "progress.db-wal").write_bytes(journal)

    assert put_back(tmp_path, tmp_path / "copy.db") is None
    assert answered(tmp_path) == {"n.c": 1}


def test_a_file_that_is_no_database_is_called_so(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("dropout: see page 12 of the book", encoding="utf-8")

    with pytest.raises(
        StoreError, match=r"notes.txt is no progress file, or its beginning is damaged; nothing was changed"
    ):
        put_back(tmp_path, notes)


def test_what_lies_in_a_journal_is_restored_too(tmp_path: Path) -> None:
    log = open_at(tmp_path / "live")
    answer(log, "n.c", Rating.GOOD)
    for ending in ("", "-wal"):
        shutil.copy(tmp_path / "live" / f"progress.db{ending}", tmp_path / f"copy.db{ending}")
    log.close()
    put_back(tmp_path, tmp_path / "copy.db")

    assert answered(tmp_path) == {"n.c": 1}


def test_a_file_that_cannot_be_written_is_told_before_a_question_is_asked(tmp_path: Path) -> None:
    path = with_answers(tmp_path, 1)
    path.chmod(0o444)
    if os.access(path, os.W_OK):
        pytest.skip("this user may write everything")

    assert "read-only" in refused(tmp_path)


def test_closing_waits_for_no_other_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 30.0)
    log = open_at(tmp_path)
    answer(log, "n.c", Rating.GOOD)
    with locked(tmp_path):
        began = time.monotonic()
        log.close()

        assert time.monotonic() - began < 15


def test_a_page_of_rubbish_is_noticed_when_it_is_met(tmp_path: Path) -> None:
    log = open_at(tmp_path)
    for day in range(200):
        answer(log, f"n.c{day}", Rating.GOOD, later(seconds=day))
    log.close()
    path = tmp_path / "progress.db"
    raw = bytearray(path.read_bytes())
    size = int.from_bytes(raw[16:18], "big")
    for page in range(2, len(raw) // size):
        raw[page * size : page * size + 64] = b"\xff" * 64
    path.write_bytes(raw)

    damaged = open_at(tmp_path)
    with pytest.raises(StoreError, match="damaged"):
        list(damaged.histories())
    damaged.close()


def lose_from_index(path: Path) -> None:
    """Double the rows behind the back of an index, as a flipped byte in it would have it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        index = db.execute("SELECT * FROM sqlite_schema WHERE name = 'event_day'").fetchone()
        db.execute("PRAGMA writable_schema = ON")
        db.execute("DELETE FROM sqlite_schema WHERE name = 'event_day'")
    columns = ", ".join(Event._fields)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        changed = columns.replace("at_ms", "at_ms + 1", 1).replace(", id,", ", id || 'x',", 1)
        db.execute(f"INSERT INTO event ({columns}) SELECT {changed} FROM event")
        db.execute("PRAGMA writable_schema = ON")
        db.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", index)


def test_a_damaged_index_costs_no_answer(tmp_path: Path) -> None:
    log = open_at(tmp_path)
    answer(log, "n.c", Rating.GOOD)
    log.close()
    lose_from_index(tmp_path / "progress.db")
    shutil.copy(tmp_path / "progress.db", tmp_path / "spoilt.db")

    log = open_at(tmp_path)
    damage = log.damage()
    assert damage is not None
    assert damage.endswith("`dlquiz doctor` makes it anew from the answers, which are all there")
    assert log.mend_indexes()
    assert log.damage() is None
    assert len(log.history("n.c")) == 2
    log.close()

    backups.restore(tmp_path / "spoilt.db", tmp_path / "progress.db", tmp_path / "backups", MONDAY.at)
    log = open_at(tmp_path)
    assert log.damage() is None
    assert len(log.history("n.c")) == 2
    log.close()


def test_a_schema_that_is_no_text_is_damage(tmp_path: Path) -> None:
    log = open_at(tmp_path)
    answer(log, "n.c", Rating.GOOD)
    (tmp_path / "backups").mkdir(exist_ok=True)
    log.copy_to(tmp_path / "backups" / "kept.db")
    log.close()
    raw = bytearray((tmp_path / "progress.db").read_bytes())
    raw[raw.index(b"CREATE TABLE")] = 0xDA
    (tmp_path / "progress.db").write_bytes(raw)

    with pytest.raises(StoreError, match=r"is damaged .*dlquiz restore"):
        open_at(tmp_path)


def test_a_fuller_backup_with_a_row_that_cannot_be_read_counts_what_can(tmp_path: Path) -> None:
    log = open_at(tmp_path)
    answer(log, "n.c", Rating.GOOD)
    answer(log, "n.d", Rating.GOOD)
    folder = tmp_path / "backups"
    folder.mkdir(exist_ok=True)
    log.copy_to(folder / "full.db")
    log.close()
    with closing(sqlite3.connect(folder / "full.db")) as db, db:
        db.execute("UPDATE event SET study_day = '2026-15-24' WHERE card = 'n.d'")

    assert backups.fuller(folder, 0) == (folder / "full.db", 1)
    assert backups.fuller(folder, 1) is None


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    open_at(tmp_path).close()
    db = schema.connect(tmp_path / "progress.db", write=True)
    log = Store(db, tmp_path / "progress.db", tmp_path / "backups", writable=True)
    answer(log, "n.c", Rating.GOOD)
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        for number in range(2000):
            answer(log, f"other.c{number}", Rating.GOOD, later(seconds=number), given="x" * 500)

    with pytest.raises(StoreError, match="make room on the disk"):
        fill()
    db.execute("PRAGMA max_page_count = 1000000")

    assert len(log.history("n.c")) == 1
    assert {card: fold(rows) for card, rows in log.histories()} == dict(log.all_standings())
    answer(log, "n.c", Rating.GOOD, later(days=1))
    log.close()


@pytest.mark.parametrize(
    ("full_below", "cure"), [(2**62, "make room on the disk"), (0, "see to the disk, which failed")]
)
def test_room_is_asked_for_on_a_full_disk_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full_below: int, cure: str
) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"  # what a full disk gives where the journal's index can't grow
    monkeypatch.setattr(schema, "ROOM_BYTES", full_below)

    with pytest.raises(StoreError, match=cure), schema.explained(tmp_path / "progress.db"):
        raise error


def test_what_a_killed_backup_left_goes_with_the_next(tmp_path: Path) -> None:
    log = open_at(tmp_path)
    answer(log, "n.c", Rating.GOOD)
    log.close()
    folder = tmp_path / "backups"
    folder.mkdir(exist_ok=True)
    left = [
        folder / name
        for name in (".progress-2026-11-01.db.9.new-wal", "..unchecked-2026-11-01.db.9.new", ".unchecked-2026-11-01.db")
    ]
    for path in left:
        path.write_bytes(b"half")
        os.utime(path, (0, 0))

    log = open_at(tmp_path)
    answer(log, "n.c", Rating.GOOD, later(days=1))
    log.close()

    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_locked_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BUSY_SECONDS", 0.1)
    opened = open_at(tmp_path)
    with locked(tmp_path), pytest.raises(StoreError, match="locked by another program"):
        answer(opened, "n.c", Rating.GOOD)
    opened.close()


def test_seven_daily_backups_are_kept(tmp_path: Path) -> None:
    log = open_at(tmp_path)
    for day in range(12):
        answer(log, "n.c", Rating.GOOD, later(days=day))
    log.close()

    names = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert names == [f"progress-{MONDAY.day + timedelta(days=day)}.db" for day in range(5, 12)]


def test_a_file_whose_damage_nobody_met_pushes_no_sound_backup_out(tmp_path: Path) -> None:
    log = open_at(tmp_path)
    for day in range(9):
        answer(log, f"n.c{day}", Rating.GOOD, later(days=day))
    with closing(sqlite3.connect(tmp_path / "progress.db")) as db, db:
        db.execute("CREATE TABLE elsewhere (text TEXT)")
        db.execute("INSERT INTO elsewhere (text) VALUES (?)", ("x" * 200_000,))
        (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'elsewhere'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    log.close()
    path = tmp_path / "progress.db"
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * size : page * size] = b"\xaa" * size
    path.write_bytes(raw)
    before = sorted((tmp_path / "backups").iterdir())

    log = open_at(tmp_path)
    with pytest.raises(StoreError, match=r"is damaged .*; go back to the newest backup with: dlquiz restore "):
        answer(log, "n.c", Rating.GOOD, later(days=9))
    log.close()

    assert sorted((tmp_path / "backups").iterdir()) == before


def test_restoring_keeps_what_it_replaces(tmp_path: Path) -> None:
    log = open_at(tmp_path)
    answer(log, "n.c", Rating.GOOD)
    log.copy_to(tmp_path / "copy.db")
    answer(log, "n.c", Rating.GOOD, later(days=1))
    log.close()
    kept = backups.restore(
        tmp_path / "copy.db", tmp_path / "progress.db", tmp_path / "backups", datetime(2026, 11, 24, tzinfo=UTC)
    )

    restored = open_at(tmp_path)
    assert len(restored.history("n.c")) == 1
    restored.close()
    assert kept is not None
    shutil.copy(kept, tmp_path / "progress.db")
    old = open_at(tmp_path)
    assert len(old.history("n.c")) == 2
    old.close()


@pytest.mark.parametrize("content", [b"", b"rubbish" * 100])
def test_a_file_that_is_no_backup_is_never_put_in_place(tmp_path: Path, content: bytes) -> None:
    log = open_at(tmp_path)
    answer(log, "n.c", Rating.GOOD)
    log.close()
    (tmp_path / "bad.db").write_bytes(content)

    with pytest.raises(StoreError, match=r"nothing was changed|damaged"):
        backups.restore(tmp_path / "bad.db", tmp_path / "progress.db", tmp_path / "b", datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(UsageError, match="there is no file"):
        backups.check(tmp_path / "nowhere.db")
    again = open_at(tmp_path)
    assert len(again.history("n.c")) == 1
    again.close()


def test_reviews_of_a_day_leave_out_what_was_undone(opened: Store) -> None:
    answer(opened, "a.x", Rating.GOOD)
    answer(opened, "b.y", Rating.GOOD)
    undo(opened)

    assert [event.card for event in opened.reviewed_on(MONDAY.day)] == ["a.x"]
    assert [undone for _, undone in opened.reviews()] == [False, True]
    assert opened.reviewed_on(date(2020, 1, 1)) == []


def test_what_was_last_said_of_a_key_point_counts_and_undone_answers_do_not(opened: Store) -> None:
    def tick(card: str, at: Moment, **said: bool) -> None:
        card_state = opened.card_states([card]).get(card, CardState())
        event = a_review(card_state.memory, Rating.HARD, at, card=card)
        points = {f"n#{name}": yes for name, yes in said.items()}
        entry = LogEntry(event, lambda row: scheduler.apply(card_state, row, scheduler.DEFAULT), points)
        opened.append([entry], after={card: card_state.last_event})

    tick("n", MONDAY, a=False, b=False)
    tick("n", later(MONDAY, days=2), a=True, b=False)
    tick("m", later(MONDAY, days=3), a=False)
    undo(opened)

    tuesday_on = MONDAY.day + timedelta(days=1)
    assert opened.point_results() == {
        "n#a": (True, MONDAY.day + timedelta(days=2)),
        "n#b": (False, MONDAY.day + timedelta(days=2)),
    }
    assert opened.point_results(since=tuesday_on) == opened.point_results()
    assert opened.point_results(since=MONDAY.day + timedelta(days=3)) == {}


# ---- files that came from elsewhere


def test_a_missing_file_is_no_new_beginning_where_there_is_a_backup(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    shutil.copy(with_answers(tmp_path / "other", 2), tmp_path / "backups" / "progress-2026-11-23.db")

    said = refused(tmp_path)

    assert "is gone" in said
    assert "dlquiz restore" in said
    put_back(tmp_path, tmp_path / "backups" / "progress-2026-11-23.db")
    assert answered(tmp_path) == {"n.c0": 1, "n.c1": 1}


def test_a_backup_fuller_than_the_log_is_never_the_one_that_goes_and_wrong_clocks_keep_no_place(tmp_path: Path) -> None:
    with_answers(tmp_path, 0)
    (tmp_path / "backups").mkdir()
    full = tmp_path / "backups" / "progress-2020-01-01.db"
    shutil.copy(with_answers(tmp_path / "other", 40), full)
    os.utime(full, (1, 1))
    for year in range(2091, 2099):  # a clock that was wrong for a week
        made = tmp_path / "backups" / f"progress-{year}-01-01.db"
        shutil.copy(with_answers(tmp_path / str(year), 1), made)
        os.utime(made, (2, 2))
    log = open_at(tmp_path)
    for day in range(10):
        answer(log, "n.c", Rating.GOOD, later(days=day))
    log.close()

    names = sorted(path.name for path in (tmp_path / "backups").glob("*.db"))
    assert names[0] == full.name
    assert names[1:] == [
        f"progress-2026-{day}.db" for day in ("11-26", "11-27", "11-28", "11-29", "11-30", "12-01", "12-02")
    ]
    assert backups.fuller(tmp_path / "backups", 10) == (full, 40)
    assert backups.fuller(tmp_path / "backups", 40) is None


def test_a_journal_of_another_file_is_kept_out(tmp_path: Path) -> None:
    base = with_answers(tmp_path, 3)
    shutil.copytree(tmp_path, tmp_path / "laptop")
    log = open_at(tmp_path / "laptop")
    answer(log, "n.laptop", Rating.GOOD, later(seconds=50))
    stale = (tmp_path / "laptop" / "progress.db-wal").read_bytes()
    log.close()
    log = open_at(tmp_path)
    for number in range(100):
        answer(log, f"n.here{number}", Rating.GOOD, later(seconds=60 + number))
    log.close()
    Path(f"{base}-wal").write_bytes(stale)

    said = refused(tmp_path)

    assert "another file's" in said
    assert len(answered(tmp_path)) == 103
    assert (tmp_path / "backups" / "journal-of-another-file.wal").read_bytes() == stale


def test_the_own_journal_of_a_killed_program_is_played_in(tmp_path: Path) -> None:
    with_answers(tmp_path, 3)
    log = open_at(tmp_path)
    answer(log, "n.more", Rating.GOOD, later(seconds=50))
    shutil.copytree(tmp_path, tmp_path / "killed")
    log.close()

    assert len(answered(tmp_path / "killed")) == 4


def test_a_copied_home_gets_a_device_of_its_own_and_a_moved_one_keeps_it(tmp_path: Path) -> None:
    with_answers(tmp_path / "one", 1)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    os.rename(tmp_path / "one", tmp_path / "moved")
    devices = {}
    for name in ("moved", "two"):
        log = open_at(tmp_path / name)
        answer(log, "n.new", Rating.GOOD, later(seconds=50))
        devices[name] = log.device()
        log.close()
    shutil.copytree(tmp_path / "moved", tmp_path / "three")
    log = open_at(tmp_path / "three")
    answer(log, "n.newer", Rating.GOOD, later(seconds=60))

    assert log.device() != devices["moved"]
    log.close()


# ---- rows that no dlquiz wrote


def spoil(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(statement)


def test_a_spoilt_row_of_the_cache_is_folded_again(tmp_path: Path) -> None:
    path = with_answers(tmp_path, 1)
    spoil(path, "UPDATE standing SET state = 'reviev'")
    with closing(open_at(tmp_path)) as log:
        log.fold = fold
        assert log.card_states(["n.c0"])["n.c0"] == fold(log.history("n.c0"))


@pytest.mark.parametrize(
    "change",
    [
        "study_day = '2026-13-01'", "study_day = 'soon'", "study_day = '20261124'", "at_ms = 9007199254740993", "at_ms = -1",
        "took_ms = -5", "thought_ms = -5", "utc_offset_min = 100000", "rating = NULL", "interval_after = 999999999999",
    ],
)  # fmt: skip
def test_a_row_that_no_dlquiz_wrote_is_set_aside_and_all_others_stay(tmp_path: Path, change: str) -> None:
    path = with_answers(tmp_path, 3)
    spoil(path, f"UPDATE event SET {change} WHERE card = 'n.c1'")
    with closing(open_at(tmp_path)) as log:
        (name,) = log.unreadable()
        kept = log.set_aside([name])
        assert log.unreadable() == []
        assert [event.card for event, _ in log.reviews()] == ["n.c0", "n.c2"]

    assert "n.c1" in kept.read_text(encoding="utf-8")
    assert len(list((tmp_path / "backups").glob("before-setting-aside*.db"))) == 1


@pytest.mark.parametrize(
    ("table", "column", "aside"),
    [
        ("event", "study_day", 1), ("event", "card", 1), ("event", "id", 1), ("event", "given", 0), ("meta", "value", 0),
        ("standing", "card", 0), ("standing", "due_day", 0), ("content", "text", 0), ("preset", "hash", 0),
    ],
)  # fmt: skip
def test_a_text_that_is_none_any_more_is_mended_and_costs_one_row_at_most(
    tmp_path: Path, table: str, column: str, aside: int
) -> None:
    path = with_answers(tmp_path, 3)
    spoil(path, "UPDATE event SET given = 'tanh' || rowid")
    spoil(path, "INSERT OR IGNORE INTO content VALUES ('a1', 'What is tanh?', 1)")
    spoil(
        path,
        f"UPDATE {table} SET {column} = CAST(CAST({column} AS BLOB) || x'C3' AS TEXT)"
        f" WHERE {column} = (SELECT max({column}) FROM {table})",
    )
    spoilt = 3 if column == "study_day" else 1  # all were given on one day

    with closing(open_at(tmp_path)) as log:
        assert log.mend_texts() is (aside == 0)
        assert not log.mend_texts()
        ids = log.unreadable()
        assert len(ids) == aside * spoilt
        if ids:
            assert "2026" in log.set_aside(ids).read_text(encoding="utf-8")
        assert log.unreadable() == []
        assert len(list(log.reviews())) == 3 - len(ids)
        answer(log, "n.c9", Rating.GOOD)


def test_what_the_program_writes_is_readable(tmp_path: Path) -> None:
    path = with_answers(tmp_path, 5)
    assert path.is_file()
    with closing(open_at(tmp_path)) as log:
        assert log.unreadable() == []


def test_restore_takes_rows_alone_and_a_file_with_a_trigger_is_not_written_to(tmp_path: Path) -> None:
    path = with_answers(tmp_path, 2)
    spoil(path, "CREATE TRIGGER t BEFORE INSERT ON event BEGIN SELECT RAISE(IGNORE); END")
    assert "dlquiz restore" in refused(tmp_path)

    put_back(tmp_path, path)

    log = open_at(tmp_path)
    answer(log, "n.new", Rating.GOOD, later(seconds=50))
    assert len(log.history("n.new")) == 1
    assert log.history("n.c0")
    log.close()


@pytest.mark.parametrize(
    "statement", ["DROP TABLE event", "PRAGMA user_version = 77", "PRAGMA user_version = -3", "DROP TABLE meta"]
)
def test_restore_refuses_what_study_could_not_use(tmp_path: Path, statement: str) -> None:
    with_answers(tmp_path, 1)
    other = with_answers(tmp_path / "other", 2)
    spoil(other, statement)

    with pytest.raises(StoreError):
        put_back(tmp_path, other)
    assert answered(tmp_path) == {"n.c0": 1}


def test_an_answer_keeps_what_a_judge_said_of_its_key_points(tmp_path: Path) -> None:
    log = open_at(tmp_path)
    event = a_review(None, Rating.GOOD, card="n")
    entry = LogEntry(event, lambda _: CardState(), {"n#a": True, "n#b": False}, verdicts={"n#a": "unsure"}, judge="abc")
    log.append([entry], after={})

    assert [tuple(row[1:]) for row in log.point_rows()] == [("n#a", 1, "unsure", "abc"), ("n#b", 0, None, None)]
    log.close()


def test_a_file_from_before_judges_keeps_its_key_points(tmp_path: Path) -> None:
    path = tmp_path / "progress.db"
    with closing(sqlite3.connect(path)) as db:
        for statement in schema.MIGRATIONS[0].split(";"):
            db.execute(statement)
        db.execute("INSERT INTO point_result VALUES ('e', 'n#a', 1)")
        db.execute("PRAGMA user_version = 1")
        assert list(schema.point_rows(db)) == [("e", "n#a", 1, None, None)]
        db.commit()

    log = open_at(tmp_path)

    assert list(log.point_rows()) == [("e", "n#a", 1, None, None)]
    log.close()
