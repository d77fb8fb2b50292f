"""Copies of `progress.db` through SQLite's backup API, and the way back."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime
from pathlib import Path

from dlquiz import files
from dlquiz.errors import StoreError, UsageError
from dlquiz.store import schema

KEPT = 7


def daily(db: sqlite3.Connection, path: Path, folder: Path, day: date) -> None:
    """Keep a copy of the file as it is before the first write of a study day; seven are kept.

    A backup that can't be made (a full disk) must not stop the answer from being written, which tells of the fault itself. The
    copy of a damaged file never takes the place of a sound one: nobody may meet the damage before seven days are over.

    Raises:
        StoreError: The file is damaged; checking the copy costs half of what making it costs.
    """
    if db.execute("SELECT 1 FROM event LIMIT 1").fetchone() is None:
        return
    target = folder / f"progress-{day}.db"
    if target.exists():
        return
    damage = None
    with suppress(OSError, sqlite3.Error, StoreError):
        folder.mkdir(parents=True, exist_ok=True)
        unchecked = folder / f".unchecked-{day}.db"
        copy(db, unchecked)
        damage = _damage(unchecked)
        if damage:
            unchecked.unlink()
        else:
            os.replace(unchecked, target)
        for old in sorted(folder.glob("progress-????-??-??.db"))[:-KEPT]:
            old.unlink()
    if damage:
        raise StoreError(schema.damaged(path, f"is damaged ({damage})", folder))


def _damage(path: Path) -> str | None:
    try:
        with closing(sqlite3.connect(path)) as db:
            return schema.fault(db, quick=True)
    except sqlite3.DatabaseError as error:
        return str(error)


def copy(db: sqlite3.Connection, target: Path) -> None:
    """A whole, consistent copy; the target appears complete or not at all."""
    try:
        with files.replacing(target) as draft, schema.explained(target), closing(sqlite3.connect(draft)) as other:
            db.backup(other)
            other.execute("PRAGMA journal_mode = DELETE")
    except OSError as error:
        raise StoreError(f"can't write {target}: {error.strerror or error}; nothing was changed") from error


def check(path: Path, name: Path | None = None) -> None:
    """Refuse a file that is no sound progress file.

    Args:
        path: The file.
        name: What it is called in messages, where that is another.

    Raises:
        UsageError: There is no such file.
        StoreError: It is damaged, newer, or something else.
    """
    if not path.is_file():
        raise UsageError(f"there is no file {path}; `dlquiz doctor` lists the backups")
    name = name or path
    with schema.explained(name), closing(schema.connect(path, write=False)) as db:
        if schema.version(db, name) == 0:
            raise StoreError(f"{name} is empty; nothing was changed")
        found = schema.fault(db)
        if found:
            raise StoreError(f"{name} is damaged ({found}); nothing was changed, try an older backup")


def restore(source: Path, target: Path, folder: Path, at: datetime) -> Path | None:
    """Put a backup in place of the progress file, which is moved to `backups/replaced-...`.

    Returns:
        Where the replaced file lies now, or None when there was none.
    """
    draft = target.with_name(f".{target.name}.restored")
    try:
        with with_journal(source) as whole:
            check(whole, source)
            target.parent.mkdir(parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            with schema.explained(source), closing(schema.connect(whole, write=False)) as db:
                copy(db, draft)
        kept = _set_aside(target, folder, at)
        os.replace(draft, target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StoreError(f"can't restore {target}: {error.strerror or error}; nothing was changed") from error
    return kept


@contextmanager
def with_journal(source: Path) -> Iterator[Path]:
    """A file that can be read without its journal: the file itself, or a copy into which the journal's answers were put."""
    journal = Path(f"{source}-wal")
    if not source.is_file() or not journal.is_file() or not journal.stat().st_size:
        yield source
        return
    import shutil  # rarely needed, and not cheap
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder, source.name)
        shutil.copyfile(source, whole)
        shutil.copyfile(journal, whole.with_name(journal.name))
        with schema.explained(source), closing(schema.connect(whole, write=True)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield whole


def _set_aside(target: Path, folder: Path, at: datetime) -> Path | None:
    """Move a progress file with its journal, which holds answers that were not yet checkpointed, out of the way.

    A journal left without its file is moved too: SQLite would play it into whatever file comes in its place.
    """
    parts = [part for ending in ("", "-wal", "-shm") if (part := target.with_name(target.name + ending)).exists()]
    if not parts:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    kept = files.free_name(folder, f"{schema.SET_ASIDE}{at:%Y-%m-%dT%H%M%S}", ".db")
    for part in parts:
        os.replace(part, kept.with_name(kept.name + part.name.removeprefix(target.name)))
    return kept if target in parts else None
