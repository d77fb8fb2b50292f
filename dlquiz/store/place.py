"""Is the open file still the one that its name leads to? Moved or deleted in the middle of a sitting, it would swallow answers."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from dlquiz.errors import StoreError
from dlquiz.store import backups, schema

Identity = tuple[int, int]


def identity(path: Path) -> Identity | None:
    """Which file a name leads to; None for none."""
    with suppress(OSError):
        found = os.stat(path)
        return found.st_dev, found.st_ino
    return None


def insist(db: sqlite3.Connection, path: Path, folder: Path, opened: Identity | None) -> None:
    """Refuse to write into a file that nobody would find again; what it holds is copied beside the backups.

    Args:
        db: The open file.
        path: Its name.
        folder: Where backups lie.
        opened: What the name led to when it was opened.

    Raises:
        StoreError: The name leads to another file, or to none.
    """
    if identity(path) == opened:
        return
    rescued = backups.free_name(folder, "rescued")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        backups.copy(db, rescued)
    except (OSError, StoreError) as error:
        raise StoreError(
            f"{path} was moved or deleted, and its answers can't be copied to {rescued}: {error}"
        ) from error
    raise StoreError(
        f"{path} was moved, replaced or deleted meanwhile; this answer was not saved, all before it are, in a copy:"
        f" dlquiz restore {schema.quoted(rescued)}"
    )
