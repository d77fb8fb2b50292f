"""Copies of `progress.db` through SQLite's backup API, and the way back."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path

from dlquiz.errors import StoreError, UsageError
from dlquiz.store import schema

KEPT = 7


def daily(db: sqlite3.Connection, folder: Path, day: date) -> None:
    """Keep a copy of the file as it is before the first write of a study day; seven are kept.

    A backup that can't be made (a full disk) must not stop the answer from being written, which tells of the fault itself.
    """
    if db.execute("SELECT 1 FROM event LIMIT 1").fetchone() is None:
        return
    target = folder / f"progress-{day}.db"
    if target.exists():
        return
    with suppress(OSError, sqlite3.Error, StoreError):
        folder.mkdir(parents=True, exist_ok=True)
        copy(db, target)
        for old in sorted(folder.glob("progress-????-??-??.db"))[:-KEPT]:
            old.unlink()


def copy(db: sqlite3.Connection, target: Path) -> None:
    """A whole, consistent copy; the target appears complete or not at all."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with schema.explained(target), closing(sqlite3.connect(draft)) as other:
            db.backup(other)
            other.execute("PRAGMA journal_mode = DELETE")
        with open(draft, "rb+") as written:
            os.fsync(written.fileno())
        os.replace(draft, target)
    except OSError as error:
        raise StoreError(f"can't write {target}: {error.strerror or error}; nothing was changed") from error
    finally:
        draft.unlink(missing_ok=True)


def check(path: Path) -> None:
    """Refuse a file that is no sound progress file.

    Raises:
        UsageError: There is no such file.
        StoreError: It is damaged, newer, or something else.
    """
    if not path.is_file():
        raise UsageError(f"there is no file {path}; `dlquiz doctor` lists the backups")
    with schema.explained(path), closing(schema.connect(path, write=False)) as db:
        if schema.version(db, path) == 0:
            raise StoreError(f"{path} is empty; nothing was changed")
        found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise StoreError(f"{path} is damaged ({found}); nothing was changed, try an older backup")


def restore(source: Path, target: Path, folder: Path, at: datetime) -> Path | None:
    """Put a backup in place of the progress file, which is moved to `backups/replaced-...`.

    Returns:
        Where the replaced file lies now, or None when there was none.
    """
    check(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.restored")
    draft.unlink(missing_ok=True)
    with schema.explained(source), closing(schema.connect(source, write=False)) as db:
        copy(db, draft)
    kept = None
    if target.exists():
        kept = _set_aside(target, folder, at)
    os.replace(draft, target)
    return kept


def _set_aside(target: Path, folder: Path, at: datetime) -> Path:
    """Move a progress file with its journal, which holds answers that were not yet checkpointed, out of the way."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = f"{at:%Y-%m-%dT%H%M%S}"
    kept = next(
        path for n in range(1000) if not (path := folder / f"{schema.SET_ASIDE}{stamp}{f'-{n}' if n else ''}.db").exists()
    )
    for ending in ("", "-wal", "-shm"):
        part = target.with_name(target.name + ending)
        if part.exists():
            os.replace(part, kept.with_name(kept.name + ending))
    return kept
