"""Another `progress.db` comes in: a copy of it is opened, each of its rows is held against the table of what a row may be."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from dlquiz import config, store
from dlquiz.card import Event, InterviewRow, Ledger, PointResult
from dlquiz.collection import BankPaths, opened
from dlquiz.errors import StoreError, UsageError
from dlquiz.transfer import imports, journal_format
from dlquiz.transfer.imports import ImportResult, Told, quiet
from dlquiz.transfer.shape import Checker


def import_file(paths: BankPaths, file: Path, _told: Told = quiet) -> ImportResult:
    """Another progress.db: the union of both logs.

    Raises:
        UsageError: There is no such file, or it is the log in use.
        StoreError: It is damaged, newer, or none of dlquiz's; nothing was changed.
        BankError: A row holds what no row can; nothing was changed.
    """
    home = config.home()
    if home.progress.exists() and os.path.realpath(file) == os.path.realpath(home.progress):
        raise UsageError(f"{file} is the progress in use; name another machine's file")
    with tempfile.TemporaryDirectory() as folder:  # a copy: with its journal, and an older format may be brought up
        copy = Path(folder, "progress.db")
        try:
            for ending in ("", "-wal"):
                part = file.with_name(file.name + ending)
                if part.is_file() or not ending:
                    shutil.copyfile(part, copy.with_name(copy.name + ending))
        except OSError as error:
            raise UsageError(f"{file}: {error.strerror or error}; check the path") from error
        try:
            store.backups.check(copy, file)
            with closing(store.open_store(copy, Path(folder), create=False)) as other:
                ledger = _checked(other, Checker(str(file), "mend it with `dlquiz doctor` where it comes from"))
        except StoreError as error:
            raise StoreError(str(error).replace(str(copy), str(file))) from error
    with opened(paths, write=True) as col:
        merged, unknown = imports.join_counting(col, ledger)
    return ImportResult((imports.told(merged),), tuple(unknown))


def _checked(other: store.Store, checker: Checker) -> Ledger:
    """The whole log of a file, every row of it as the table wants it."""

    def rows(table: str, columns: tuple[str, ...]) -> Iterator[tuple[str, tuple[Any, ...]]]:
        query = f"SELECT {', '.join(columns)} FROM {table}"
        for number, row in enumerate(
            list(other.select(query)), 1
        ):  # all of them: the file is closed where one is refused
            yield f"{table}, row {number}", row

    def full(columns: tuple[str, ...], row: tuple[Any, ...]) -> dict[str, Any]:
        return {column: value for column, value in zip(columns, row, strict=True) if value is not None}

    check, form = checker.value, journal_format
    return Ledger(
        events=[
            form.event(checker, check(full(Event._fields, row), form.EVENT, place), place)
            for place, row in rows("event", Event._fields)
        ],
        points=[
            PointResult(*check(_shown(row), form.POINT, f"point_result, row {number}"))
            for number, row in enumerate(list(other.point_rows()), 1)
        ],
        interviews=[
            InterviewRow(**check(full(InterviewRow._fields, row), form.INTERVIEW, place))
            for place, row in rows("interview", InterviewRow._fields)
        ],
        presets=[check(list(row), form.PRESET, place) for place, row in rows("preset", ("hash", "text"))],
        contents=[
            check(list(row), form.CONTENT, place) for place, row in rows("content", ("hash", "text", "first_ms"))
        ],
    )


def _shown(row: Sequence[Any]) -> list[Any]:
    """A row of `point_result` as an export has it: without a verdict where nobody judged."""
    event, point, said, verdict, judge = row
    judged = [verdict, judge] if verdict is not None or judge is not None else []
    return [event, point, bool(said) if said in (0, 1) else said, *judged]
