"""A collection as it lies in an Anki profile, `collection.anki2` with its pictures beside it: a copy is looked at, no file is touched."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import cached_property
from pathlib import Path

from dlquiz import files
from dlquiz.anki.reader import archive
from dlquiz.errors import BankError, StoreError, UsageError
from dlquiz.text.phrases import number


def is_loose(path: Path) -> bool:
    """Is the file a database, and no package?"""
    try:
        with open(path, "rb") as file:
            return file.read(len(files.SQLITE_BEGINNING)) == files.SQLITE_BEGINNING
    except OSError:
        return False  # whoever opens it says why


class LooseCollection:
    """A collection's file and the folder of its pictures; offers what an `Archive` does."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path

    @cached_property
    def media(self) -> Mapping[str, str]:
        """Names of the files in the folder of media."""
        folder = self._path.with_suffix(".media")
        try:
            return {entry.name: entry.name for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)}
        except OSError:
            return {}

    def read(self, member: str, most: int) -> bytes:
        """A picture's bytes.

        Raises:
            BankError: It can't be read, or is larger than `most` bytes.
        """
        try:
            with open(self._path.with_suffix(".media") / member, "rb") as file:
                raw = file.read(most + 1)
        except OSError as error:
            raise BankError(f"{member}: {error.strerror or error}") from error
        if len(raw) > most:
            raise BankError(f"{member}: larger than {number(most)} bytes")
        return raw

    def database(self, target: Path) -> None:
        """Copy the collection with what its journal holds.

        Raises:
            UsageError: It can't be read, or Anki is writing it.
            BankError: It is too large, or no database.
        """
        journal = self._path.with_name(f"{self._path.name}-wal")
        before = _state(self._path, journal)
        if before[0] and before[0][0] > archive.MAX_DATABASE:
            raise BankError(f"{self.name}: larger than {number(archive.MAX_DATABASE)} bytes; nothing was imported")
        try:
            shutil.copyfile(self._path, target)
            if journal.exists() and journal.stat().st_size:
                shutil.copyfile(journal, f"{target}-wal")
        except OSError as error:
            raise UsageError(f"{self.name}: {error.strerror or error}; check the path") from error
        if _state(self._path, journal) != before:
            raise StoreError(f"{self.name} is being written; close Anki, and import again")
        try:
            with closing(sqlite3.connect(target)) as db:
                db.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.Error as error:
            raise BankError(f"{self.name}: its collection is damaged ({error}); nothing was imported") from error


def _state(*paths: Path) -> list[tuple[int, int] | None]:
    """Size and time of files, by which a change shows."""
    states: list[tuple[int, int] | None] = []
    for path in paths:
        try:
            about = path.stat()
            states.append((about.st_size, about.st_mtime_ns))
        except OSError:
            states.append(None)
    return states
