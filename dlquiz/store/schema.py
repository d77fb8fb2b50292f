"""The tables of `progress.db`, how an older file becomes a newer one, and what each fault of SQLite means to a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from dlquiz import files
from dlquiz.errors import StoreError
from dlquiz.store import rows

OLDEST_SQLITE = (3, 37)  # STRICT tables
BUSY_SECONDS = 10.0
ROOM_BYTES = 256 * 1024  # the journal and its index take less
ROWS_ONCE = "SELECT count(*) FROM (SELECT DISTINCT card, at_ms FROM event)"  # along an index
READABLE_ONCE = f"SELECT count(*) FROM (SELECT DISTINCT card, at_ms FROM event NOT INDEXED WHERE {rows.READABLE})"
SET_ASIDE = "replaced-"  # how the name of a progress file begins that a restore has put another in place of


FAULTS = (sqlite3.Error, UnicodeDecodeError)  # the latter where SQLite quotes a damaged schema


class NoRoomError(StoreError):
    """The disk is full, or fails."""


# A released migration is never edited. MIGRATIONS[n] leads from user_version n to n + 1.
MIGRATIONS = (
    """
    CREATE TABLE event (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('review', 'attempt', 'undo', 'suspend', 'unsuspend', 'bury',
            'reset', 'reschedule', 'flag')), card TEXT NOT NULL, at_ms INTEGER NOT NULL, study_day TEXT NOT NULL,
        utc_offset_min INTEGER NOT NULL, device TEXT NOT NULL, target TEXT, rating INTEGER CHECK (rating BETWEEN 1 AND 4),
        state_before TEXT, interval_before INTEGER, interval_after INTEGER, preset TEXT, mode TEXT, predicted TEXT,
        thought_ms INTEGER, took_ms INTEGER, content TEXT, params TEXT, given TEXT, interview TEXT, origin TEXT,
        foreign_row TEXT) STRICT;
    CREATE INDEX event_card ON event (card, at_ms, id);
    CREATE INDEX event_day ON event (study_day, kind);
    CREATE INDEX event_target ON event (target) WHERE target IS NOT NULL;
    CREATE TABLE point_result (event TEXT NOT NULL, point TEXT NOT NULL, said INTEGER NOT NULL CHECK (said IN (0, 1)),
        PRIMARY KEY (event, point)) STRICT, WITHOUT ROWID;
    CREATE TABLE interview (id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, device TEXT NOT NULL, seed TEXT, settings TEXT,
        state TEXT, ended_ms INTEGER) STRICT;
    CREATE TABLE preset (hash TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE content (hash TEXT PRIMARY KEY, text TEXT NOT NULL, first_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE alias (old TEXT PRIMARY KEY, card TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX alias_card ON alias (card);
    CREATE TABLE standing (
        card TEXT PRIMARY KEY, suspended INTEGER NOT NULL, buried_on TEXT, last_event TEXT, last_ms INTEGER, state TEXT,
        stability REAL, difficulty REAL, due_day TEXT, interval INTEGER, last_day TEXT, last_review_ms INTEGER,
        due_ms INTEGER, step INTEGER, reps INTEGER, lapses INTEGER) STRICT, WITHOUT ROWID;
    CREATE INDEX standing_due ON standing (due_day) WHERE state IS NOT NULL;
    """,
    """
    ALTER TABLE point_result ADD COLUMN verdict TEXT CHECK (verdict IN ('found', 'unsure', 'opposite', 'none'));
    ALTER TABLE point_result ADD COLUMN judge TEXT
    """,  # what a checker said before the user's word, and which; null where none judged
    """
    CREATE TABLE event_with_remarks (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('review', 'attempt', 'undo', 'suspend', 'unsuspend', 'bury',
            'reset', 'reschedule', 'flag', 'remark')), card TEXT NOT NULL, at_ms INTEGER NOT NULL, study_day TEXT NOT NULL,
        utc_offset_min INTEGER NOT NULL, device TEXT NOT NULL, target TEXT, rating INTEGER CHECK (rating BETWEEN 1 AND 4),
        state_before TEXT, interval_before INTEGER, interval_after INTEGER, preset TEXT, mode TEXT, predicted TEXT,
        thought_ms INTEGER, took_ms INTEGER, content TEXT, params TEXT, given TEXT, interview TEXT, origin TEXT,
        foreign_row TEXT) STRICT;
    INSERT INTO event_with_remarks (rowid, id, kind, card, at_ms, study_day, utc_offset_min, device, target, rating, state_before,
        interval_before, interval_after, preset, mode, predicted, thought_ms, took_ms, content, params, given, interview,
        origin, foreign_row)
        SELECT rowid, id, kind, card, at_ms, study_day, utc_offset_min, device, target, rating, state_before,
        interval_before, interval_after, preset, mode, predicted, thought_ms, took_ms, content, params, given, interview,
        origin, foreign_row FROM event ORDER BY rowid;
    DROP TABLE event;
    ALTER TABLE event_with_remarks RENAME TO event;
    CREATE INDEX event_card ON event (card, at_ms, id);
    CREATE INDEX event_day ON event (study_day, kind);
    CREATE INDEX event_target ON event (target) WHERE target IS NOT NULL;
    """,  # a kind of event more: SQLite changes a CHECK only with the table anew; rows keep their order
)
VERSION = len(MIGRATIONS)
JUDGED_SINCE = 2  # the version from which key points keep what a checker said of them
TABLES = ("event", "point_result", "interview", "preset", "content", "meta", "alias", "standing")


def connect(path: Path, backups: Path | None = None, *, write: bool) -> sqlite3.Connection:
    """Open a file with the durability that the log requires; without `write` it is neither created nor changed."""
    check_sqlite()
    # "immutable" is what a file in a read-only folder needs: no lock, no journal beside it.
    mode = "rwc" if write else "ro&immutable=1"
    with explained(path, backups):
        db = sqlite3.connect(
            files.sqlite_uri(path.absolute(), f"mode={mode}"), uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
        try:
            if write:
                if db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                    db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = FULL")
                db.execute("PRAGMA fullfsync = 1")  # macOS; no effect elsewhere
                db.execute("PRAGMA wal_autocheckpoint = 0")  # at exit instead: no pause within a sitting
            db.execute("PRAGMA trusted_schema = 0")
        except BaseException:
            db.close()
            raise
        return db


def check_sqlite(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> None:
    """Refuse an SQLite that lacks what the log needs.

    Raises:
        StoreError: It is too old.
    """
    if version < OLDEST_SQLITE:
        raise StoreError(
            f"this Python comes with SQLite {'.'.join(map(str, version))}, dlquiz needs 3.37 or newer; use a newer Python"
        )


def version(db: sqlite3.Connection, path: Path) -> int:
    """The file's version, 0 for an empty one.

    Raises:
        StoreError: It is newer than this program, or not a dlquiz progress file.
    """
    file_version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if file_version > VERSION:
        raise StoreError(
            f"{path} was written by a newer dlquiz (format {file_version}, this one knows {VERSION}); upgrade dlquiz, nothing was changed"
        )
    names = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if file_version < 0 or (file_version == 0 and names) or (file_version and not names.issuperset(TABLES)):
        raise StoreError(f"{path} is an SQLite file, but none of dlquiz's; move it away")
    return file_version


def point_rows(db: sqlite3.Connection) -> sqlite3.Cursor:
    """Every row of `point_result`; from a file of an older format too, which is read as it is."""
    judged = "verdict, judge" if int(db.execute("PRAGMA user_version").fetchone()[0]) >= JUDGED_SINCE else "NULL, NULL"
    return db.execute(f"SELECT event, point, said, {judged} FROM point_result ORDER BY event, point")


def insist_plain(db: sqlite3.Connection, path: Path) -> None:
    """Refuse a file with a trigger or a view: dlquiz creates none, and one could swallow what is written.

    Raises:
        StoreError: It has one; `restore` takes over the rows alone.
    """
    strange = db.execute("SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view')").fetchone()
    if strange:
        raise StoreError(
            f"{path} holds a {strange[0]}, '{strange[1]}', that dlquiz never made and that could swallow answers; nothing was changed."
            f" Take over the answers alone with: dlquiz restore {files.quoted(path)}"
        )


def migrate(db: sqlite3.Connection, current: int) -> None:
    """Bring an older file to this version, in one transaction."""
    db.execute("BEGIN IMMEDIATE")
    try:
        now = int(db.execute("PRAGMA user_version").fetchone()[0])  # another program may have been quicker
        for step in range(max(current, now), VERSION):
            for statement in MIGRATIONS[step].split(";"):
                if statement.strip():
                    db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


@contextmanager
def explained(path: Path, backups: Path | None = None) -> Iterator[None]:
    """Turn what SQLite raises into a sentence that says what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        kind = NoRoomError if _no_room(error) else StoreError
        raise kind(_sentence(error, path, backups)) from error
    except UnicodeDecodeError as error:
        raise StoreError(damaged(path, "is damaged (its schema is no text)", backups)) from error


def _no_room(error: sqlite3.DatabaseError) -> bool:
    name = getattr(error, "sqlite_errorname", "") or ""
    return name.startswith("SQLITE_FULL") or "SQLITE_IOERR" in name


def _is_full(path: Path) -> bool:
    """Is there no room where the file lies? Beside its journal SQLite calls that a fault of the disk."""
    import shutil  # where something failed: every start passes here

    with suppress(OSError):
        return shutil.disk_usage(path.parent).free < ROOM_BYTES
    return False


def _sentence(error: sqlite3.DatabaseError, path: Path, backups: Path | None) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return damaged(path, f"is damaged ({error})", backups)
    if _no_room(error):
        cure = (
            "make room on the disk"
            if name.startswith("SQLITE_FULL") or _is_full(path)
            else "see to the disk, which failed"
        )
        return f"can't write {path}: {error}; {cure}, and start again: every answer saved so far is kept"
    if "decode" in str(error):  # without a name: it is Python that could not read the text
        cure = "`dlquiz doctor` mends it" if backups else "try an older copy"
        return f"{path} holds a text that is damaged; {cure}"
    if name.startswith("SQLITE_READONLY"):
        return read_only(path)
    if name.startswith("SQLITE_CANTOPEN"):
        return f"can't open {path}; check that the folder exists and that you may write to it, or set DLQUIZ_HOME"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"{path} is locked by another program; close it and try again"
    return f"{path}: {error}"


def read_only(path: Path) -> str:
    return f"can't write {path}: it is read-only; change its permissions or set DLQUIZ_HOME to another folder"


def damaged(path: Path, what: str, backups: Path | None) -> str:
    """What is wrong with a file, and the command that puts the newest sound backup in its place."""
    backup = newest(backups) if backups else None
    if backup:
        return f"{path} {what}; go back to the newest backup with: dlquiz restore {files.quoted(backup)}"
    return (
        f"{path} {what}, and there is no backup here; move it away, or put one of yours back with: dlquiz restore FILE"
    )


def gone(path: Path, backups: Path) -> str:
    """Message for a missing progress file with backups: how to restore it, and how to start over."""
    backup = newest(backups)
    assert backup is not None
    return (
        f"{path} is gone, but there are backups of it; bring back the fullest with: dlquiz restore {files.quoted(backup)}"
        f" (or, to begin anew, move {backups} away)"
    )


def newest(backups: Path) -> Path | None:
    """The backup to restore, daily or made by hand, but not one set aside by a restore; None when none is sound."""
    answer_counts = {}
    with suppress(OSError):
        answer_counts = {
            path: answers(path) for path in backups.glob("[!.]*.db") if not path.name.startswith(SET_ASIDE)
        }
    fullest = max(sorted(answer_counts), key=lambda path: answer_counts[path], default=None)
    return fullest if fullest and answer_counts[fullest] else None


def fault(db: sqlite3.Connection, *, quick: bool = False) -> str | None:
    """What SQLite's own check finds, None when all is sound. Reads the whole file; the quick one leaves indexes out."""
    check = "quick_check" if quick else "integrity_check"
    report = " ".join(db.execute(f"PRAGMA {check}(1)").fetchone()[0].split())
    return None if report == "ok" else report


def answers(backup: Path) -> int:
    """The number of log rows it holds, 0 when damaged. The log only grows, so this finds the newest whatever clocks said."""
    with suppress(*FAULTS, StoreError), closing(connect(backup, write=False)) as db:
        if version(db, backup) > 0 and fault(db, quick=True) is None:
            return int(db.execute("SELECT count(*) FROM event NOT INDEXED").fetchone()[0])
    return 0
