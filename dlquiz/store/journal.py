"""The journal beside `progress.db`: what SQLite has not yet put into the file itself. One left there by another file is not applied.

What copies it is imported where a journal was left behind: every start passes here.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from dlquiz import files
from dlquiz.errors import StoreError
from dlquiz.store import schema

_LAST = "SELECT rowid, id FROM event ORDER BY rowid DESC LIMIT 1"


def beside(path: Path) -> Path:
    """Where the journal of a file lies."""
    return Path(f"{path}-wal")


def insist_own(path: Path, folder: Path) -> None:
    """Move a journal that was not written for this file out of the way, before SQLite applies it: a copied or synced folder may hold
    another machine's. The log only grows, so the last row of the file alone must also be there with its journal.

    Args:
        path: The progress file.
        folder: Where backups lie; the journal and a copy of the file go there.

    Raises:
        StoreError: It was another file's; both are kept.
    """
    journal = beside(path)
    if not path.is_file() or not journal.is_file() or not journal.stat().st_size or _belongs(path):
        return
    import shutil

    aside = files.free_name(folder, "journal-of-another-file", ".wal")
    copy = files.free_name(folder, "beside-that-journal", ".db")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with files.replacing(copy) as draft:
            shutil.copyfile(path, draft)
        os.replace(journal, aside)
        Path(f"{path}-shm").unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"{journal} is another file's, as a copied or synced folder may hold it, and can't be moved to {folder}: "
            f"{error.strerror or error}; nothing was changed, mend that or move it away yourself"
        ) from error
    raise StoreError(
        f"{journal} was another file's, as a copied or synced folder may hold it; it was moved to {aside} before it could spoil"
        f" {path.name}, of which a copy lies beside it. Your answers are as they were: type the command again"
    )


def _belongs(path: Path) -> bool:
    """Does the file with its journal still have the last row that it has alone? True when that can't be read."""
    try:
        with closing(_looking(path, "&immutable=1")) as alone:
            last = alone.execute(_LAST).fetchone()
        with closing(_looking(path)) as with_journal:
            event = with_journal.execute("SELECT id FROM event WHERE rowid = ?", last[:1]).fetchone() if last else None
    except sqlite3.OperationalError:
        return True
    except schema.FAULTS as error:
        return getattr(error, "sqlite_errorname", "SQLITE_CORRUPT") != "SQLITE_CORRUPT" or _is_damaged(path)
    return last is None or bool(event == last[1:])


def _is_damaged(path: Path) -> bool:
    """Is the file damaged without its journal too?"""
    with suppress(*schema.FAULTS), closing(_looking(path, "&immutable=1")) as alone:
        return schema.fault(alone, quick=True) is not None
    return True


def _looking(path: Path, more: str = "") -> sqlite3.Connection:
    """Open read-only, so that closing writes nothing into the file; immutable ignores the journal."""
    return sqlite3.connect(files.sqlite_uri(path.absolute(), f"mode=ro{more}"), uri=True)


@contextmanager
def merged(source: Path) -> Iterator[Path]:
    """A file that can be read without its journal: the file itself, or a copy with the journal's answers merged in."""
    journal = beside(source)
    if not source.is_file() or not journal.is_file() or not journal.stat().st_size:
        yield source
        return
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        merged_path = Path(folder, source.name)
        shutil.copyfile(source, merged_path)
        shutil.copyfile(journal, merged_path.with_name(journal.name))
        with schema.explained(source), closing(schema.connect(merged_path, write=True)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield merged_path
