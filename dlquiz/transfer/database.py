"""Another `progress.db` comes in: a copy of it is opened, each of its rows is held against the table of what a row may be."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

from dlquiz import config, files, store
from dlquiz.card import Event, InterviewRow
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
    # A copy is read: with its journal, and an older format may be brought up. It stays open until its rows have joined ours.
    with tempfile.TemporaryDirectory() as folder, ExitStack() as until_joined:
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
            theirs = until_joined.enter_context(closing(store.open_store(copy, Path(folder), create=False)))
            _check(theirs, Checker(str(file), "mend it with `dlquiz doctor` where it comes from"))
        except schema.NoRoomError:
            raise
        except StoreError as error:
            kind = StoreError if _is_newer(copy) else BankError
            raise kind(str(error).replace(str(copy), str(file))) from error
        on_progress("adding answers", 0, 0)
        with opened(paths, write=True) as col:
            merged, unknown = imports.join_counting(col, theirs.as_ledger())
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


def _check(theirs: store.Store, checker: Checker) -> None:
    """Hold every row of a file's log against the table, one by one.

    Raises:
        BankError: A row is not as the table wants it.
    """
    tables: Sequence[tuple[str, tuple[str, ...], Callable[[Sequence[Any]], Any], Any]] = (
        ("event", Event._fields, lambda row: _full(Event._fields, row), journal_format.EVENT),
        ("point_result", (), _shown, journal_format.POINT),
        ("interview", InterviewRow._fields, lambda row: _full(InterviewRow._fields, row), journal_format.INTERVIEW),
        ("preset", ("hash", "text"), list, journal_format.PRESET),
        ("content", ("hash", "text", "first_ms"), list, journal_format.CONTENT),
    )
    for table, columns, exported, shape in tables:
        rows = theirs.select(f"SELECT {', '.join(columns)} FROM {table}") if columns else theirs.point_rows()
        with closing(rows):  # before the file is closed, where one is refused
            for number, row in enumerate(rows, 1):
                where = f"{table}, row {number}"
                fields = checker.value(exported(row), shape, where)
                if table == "event":
                    journal_format.event(checker, fields, where)


def _full(columns: tuple[str, ...], row: Sequence[Any]) -> dict[str, Any]:
    """A row as an export has it: without the fields that hold nothing."""
    return {column: value for column, value in zip(columns, row, strict=True) if value is not None}


def _shown(row: Sequence[Any]) -> list[Any]:
    """A row of `point_result` as an export has it: without a verdict where nobody judged."""
    event, point, ticked, verdict, judge = row
    judged = [verdict, judge] if verdict is not None or judge is not None else []
    return [event, point, bool(ticked) if ticked in (0, 1) else ticked, *judged]
