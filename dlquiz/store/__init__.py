"""SQLite: the log, its cache of card states, migrations, backups. Knows no bank and no schedule."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from dlquiz.errors import StoreError
from dlquiz.store import backups, journal, schema
from dlquiz.store.counts import LONGEST_ANSWER_MS
from dlquiz.store.log import LogEntry, Store

__all__ = ["LONGEST_ANSWER_MS", "LogEntry", "Store", "backups", "open_store"]


def open_store(path: Path, backup_folder: Path, *, create: bool) -> Store:
    """Open the progress file, bringing an older one to this version after a backup.

    Args:
        path: The file.
        backup_folder: Where daily backups go.
        create: Create the file when it is missing, and insist on writing; else a missing one is an empty log in memory, nothing is
            created, and a file in a read-only folder can still be read.

    Raises:
        StoreError: Newer than this program, damaged, locked, unwritable, or not a dlquiz file.
    """
    if not path.exists() and schema.newest(backup_folder):
        raise StoreError(schema.gone(path, backup_folder))
    if not create and not path.exists():
        db = sqlite3.connect(":memory:", isolation_level=None)
        schema.migrate(db, 0)
        return Store(db, path, backup_folder, writable=False)
    if create:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"can't create {path.parent}: {error.strerror or error}; set DLQUIZ_HOME to a folder you may write to"
            ) from error
    if path.exists() and not path.is_file():
        raise StoreError(schema.damaged(path, "is no file", backup_folder))
    if path.is_file() and not path.stat().st_size and schema.newest(backup_folder):
        raise StoreError(schema.damaged(path, "is empty", backup_folder))
    if create and path.is_file() and not os.access(path, os.W_OK):  # told before a question is asked, not at its answer
        raise StoreError(schema.read_only(path))
    journal.insist_own(path, backup_folder)
    writable = create or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
    db, writable = _connected(path, backup_folder, create=create, write=writable)
    try:
        with schema.explained(path, backup_folder):
            file_version = schema.version(db, path)
            schema.insist_plain(db, path)
            if file_version < schema.VERSION and writable:
                if file_version:
                    backup_folder.mkdir(parents=True, exist_ok=True)
                    backups.copy(db, backup_folder / f"before-format-{schema.VERSION}.db")
                schema.migrate(db, file_version)
            elif file_version < schema.VERSION:
                raise StoreError(f"{path} has an older format and can't be written; make it writable once")
    except BaseException:
        db.close()
        raise
    return Store(db, path, backup_folder, writable=writable)


def _connected(path: Path, backup_folder: Path, *, create: bool, write: bool) -> tuple[sqlite3.Connection, bool]:
    """The open file, and whether it can be written; on a full disk it can still be read."""
    if write:
        try:
            return schema.connect(path, backup_folder, write=True), True
        except schema.NoRoomError:
            if create:
                raise
    with journal.merged(path) as merged_path:
        db = schema.connect(merged_path, backup_folder, write=False)
        if merged_path == path:
            return db, False
        with closing(db), schema.explained(path, backup_folder):
            memory = sqlite3.connect(":memory:", isolation_level=None)
            try:
                db.backup(memory)
            except BaseException:
                memory.close()
                raise
        return memory, False
