"""Another `progress.db` comes in: a copy of it is opened, each of its rows is held against the table of what a row may be."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from dlquiz import config, files, store
from dlquiz.card import Event, InterviewRow, Ledger, PointResult
from dlquiz.collection import BankPaths, opened
from dlquiz.errors import BankError, StoreError, UsageError
from dlquiz.store import journal, schema
from dlquiz.transfer import imports, journal_format
from dlquiz.transfer.imports import ImportResult, Told, quiet
from dlquiz.transfer.shape import Checker


def import_file(paths: BankPaths, file: Path, on_progress: Told = quiet) -> ImportResult:
    """Another progress.db: the union of both logs.

    Raises:
        UsageError: There is no such file, or it is the log in use.
        StoreError: A newer dlquiz wrote it; nothing was changed.
        BankError: It is damaged, none of dlquiz's, or a row holds what no row can; nothing was changed.
    """
    home = config.home()
    if home.progress.exists() and os.path.realpath(file) == os.path.realpath(home.progress):
        raise UsageError(f"{file} is the progress in use; name another machine's file")
    on_progress("reading the file", 0, 0)
    with tempfile.TemporaryDirectory() as folder:  # a copy: with its journal, and an older format may be brought up
        copy = Path(folder, "progress.db")
        try:
            for ending in ("", "-wal"):
                source = file.with_name(file.name + ending)
                if source.is_file() or not ending:
                    shutil.copyfile(source, copy.with_name(copy.name + ending))
        except OSError as error:
            raise UsageError(f"{file}: {error.strerror or error}; check the path") from error
        _insist_own_journal(copy, file)
        _remove_programs(copy)
        try:
            store.backups.check(copy, file)
            with closing(store.open_store(copy, Path(folder), create=False)) as theirs:
                ledger = _checked(theirs, Checker(str(file), "mend it with `dlquiz doctor` where it comes from"))
        except schema.NoRoomError:
            raise
        except StoreError as error:
            kind = StoreError if _is_newer(copy) else BankError
            raise kind(str(error).replace(str(copy), str(file))) from error
    on_progress("adding answers", 0, 0)
    with opened(paths, write=True) as col:
        merged, unknown = imports.join_counting(col, ledger)
    return ImportResult((imports.told(merged),), tuple(unknown))


def _insist_own_journal(copy: Path, file: Path) -> None:
    """Refuse a file beside which another one's journal lies: what it says would be neither's."""
    try:
        journal.insist_own(copy, copy.parent)
    except StoreError as error:
        theirs = journal.beside(file)
        raise BankError(
            f"{theirs} was written for another file than {file}; move it away, then import again"
        ) from error


def _remove_programs(copy: Path) -> None:
    """Take triggers and views out of the copy, and make its indexes anew: dlquiz makes none of the former, and only rows are read."""
    with suppress(*schema.FAULTS), closing(sqlite3.connect(copy, isolation_level=None)) as db:
        query = "SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view')"
        for kind, name in db.execute(query).fetchall():
            quoted = str(name).replace('"', '""')
            db.execute(f'DROP {kind} "{quoted}"')
        db.execute("REINDEX")  # the rows are what counts


def _is_newer(path: Path) -> bool:
    """Does the file say, where SQLite keeps it, that a newer dlquiz wrote it?"""
    with open(path, "rb") as file:
        head = file.read(64)
    return head.startswith(files.SQLITE_BEGINNING) and schema.VERSION < int.from_bytes(head[60:64], "big") < 1 << 31


def _checked(theirs: store.Store, checker: Checker) -> Ledger:
    """The whole log of a file, every row of it as the table wants it."""

    def numbered_rows(table: str, columns: tuple[str, ...]) -> Iterator[tuple[str, tuple[Any, ...]]]:
        query = f"SELECT {', '.join(columns)} FROM {table}"
        for number, row in enumerate(
            list(theirs.select(query)), 1
        ):  # all of them: the file is closed where one is refused
            yield f"{table}, row {number}", row

    def full(columns: tuple[str, ...], row: tuple[Any, ...]) -> dict[str, Any]:
        return {column: value for column, value in zip(columns, row, strict=True) if value is not None}

    check, form = checker.value, journal_format
    return Ledger(
        events=[
            form.event(checker, check(full(Event._fields, row), form.EVENT, where), where)
            for where, row in numbered_rows("event", Event._fields)
        ],
        points=[
            PointResult(*check(_shown(row), form.POINT, f"point_result, row {number}"))
            for number, row in enumerate(list(theirs.point_rows()), 1)
        ],
        interviews=[
            InterviewRow(**check(full(InterviewRow._fields, row), form.INTERVIEW, where))
            for where, row in numbered_rows("interview", InterviewRow._fields)
        ],
        presets=[check(list(row), form.PRESET, where) for where, row in numbered_rows("preset", ("hash", "text"))],
        contents=[
            check(list(row), form.CONTENT, where)
            for where, row in numbered_rows("content", ("hash", "text", "first_ms"))
        ],
    )


def _shown(row: Sequence[Any]) -> list[Any]:
    """A row of `point_result` as an export has it: without a verdict where nobody judged."""
    event, point, ticked, verdict, judge = row
    judged = [verdict, judge] if verdict is not None or judge is not None else []
    return [event, point, bool(ticked) if ticked in (0, 1) else ticked, *judged]
