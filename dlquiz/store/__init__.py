"""SQLite: the log, its cache of standings, migrations, backups. Knows no bank and no schedule."""

from __future__ import annotations

import os
from pathlib import Path

from dlquiz.errors import StoreError
from dlquiz.store import backups, schema
from dlquiz.store.lately import LONGEST_ANSWER_MS
from dlquiz.store.log import Entry, Store

__all__ = ["LONGEST_ANSWER_MS", "Entry", "Store", "backups", "open_store"]


def open_store(path: Path, backup_folder: Path, *, create: bool) -> Store | None:
    """Open the progress file, bringing an older one to this version after a backup.

    Args:
        path: The file.
        backup_folder: Where daily backups go.
        create: Make the file when it is not there, and insist on writing; else None is returned for a missing one, nothing is
            created, and a file in a read-only place can still be read.

    Raises:
        StoreError: Newer than this program, damaged, locked, unwritable, or none of dlquiz's.
    """
    if not create and not path.exists():
        return None
    if create:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"can't create {path.parent}: {error.strerror or error}; set DLQUIZ_HOME to a folder you may write to"
            ) from error
    if path.is_dir():
        raise StoreError(schema.damaged(path, "is a folder, no file", backup_folder))
    if path.is_file() and not path.stat().st_size and schema.newest_first(backup_folder):
        raise StoreError(schema.damaged(path, "is empty", backup_folder))
    writable = create or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
    db = schema.connect(path, backup_folder, write=writable)
    try:
        with schema.explained(path, backup_folder):
            found = schema.version(db, path)
            if found < schema.VERSION and writable:
                if found:
                    backup_folder.mkdir(parents=True, exist_ok=True)
                    backups.copy(db, backup_folder / f"before-format-{schema.VERSION}.db")
                schema.migrate(db, found)
            elif found < schema.VERSION:
                raise StoreError(f"{path} has an older format and can't be written; make it writable once")
    except BaseException:
        db.close()
        raise
    return Store(db, path, backup_folder, writable=writable)
