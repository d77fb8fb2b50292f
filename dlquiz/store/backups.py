"""Copies of `progress.db` through SQLite's backup API, and the way back."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path

from dlquiz import files
from dlquiz.errors import StoreError, UsageError
from dlquiz.store import journal, schema

KEPT = 7


def daily(db: sqlite3.Connection, path: Path, folder: Path, day: date) -> None:
    """Keep a copy of the file as it is before the first write of a study day; seven are kept.

    A backup that can't be made (a full disk) must not stop the answer from being written, which reports the fault itself. The
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
    with suppress(OSError, *schema.FAULTS, StoreError):
        folder.mkdir(parents=True, exist_ok=True)
        unchecked = folder / f".unchecked-{day}.db"
        copy(db, unchecked)
        damage = _damage(unchecked)
        if damage:
            unchecked.unlink()
        else:
            os.replace(unchecked, target)
        _rotate(folder, _rows(db))
    if damage:
        raise StoreError(schema.damaged(path, f"is damaged ({damage})", folder))


def _rotate(folder: Path, row_count: int) -> None:
    """Remove daily backups but the newest by file time (clocks may have been wrong) and those with more than `row_count` rows.

    What a killed program left of one goes too.
    """
    by_age = sorted(folder.glob("progress-????-??-??.db"), key=lambda path: path.stat().st_mtime, reverse=True)
    for newest in by_age[:1]:
        for pattern in (".*.db.*.new*", ".unchecked-*"):
            files.sweep(folder, pattern, beside=newest)
    for old in by_age[KEPT:]:
        if rows_in(old) <= row_count:
            old.unlink()


def as_large(folder: Path, path: Path) -> list[Path]:
    """The backups that are no smaller than a progress file: only these can be fuller, and looking at sizes costs nothing."""
    with suppress(OSError):
        size = path.stat().st_size
        return [backup for backup in _backups(folder) if backup.stat().st_size >= size]
    return []


def fuller(folder: Path, row_count: int) -> tuple[Path, int] | None:
    """The backup with the most readable log rows, and how many, if more than `row_count`; files set aside by a restore don't count."""
    with suppress(OSError):
        row_counts = {path: rows_in(path) for path in _backups(folder)}
        for path in sorted(row_counts, key=lambda path: row_counts[path], reverse=True):
            if row_counts[path] <= row_count:
                break
            readable = rows_in(path, schema.READABLE_ONCE)  # slower: the rows themselves are looked at
            if readable > row_count:
                return path, readable
    return None


def _backups(folder: Path) -> list[Path]:
    return [path for path in folder.glob("[!.]*.db") if not path.name.startswith(schema.SET_ASIDE)]


def rows_in(path: Path, query: str = schema.ROWS_ONCE) -> int:
    """The number of log rows in a file, 0 when it can't be read."""
    with suppress(*schema.FAULTS, StoreError), closing(schema.connect(path, write=False)) as db:
        return _rows(db, query)
    return 0


def _rows(db: sqlite3.Connection, query: str = schema.ROWS_ONCE) -> int:
    return int(db.execute(query).fetchone()[0])


def _damage(path: Path) -> str | None:
    try:
        with closing(sqlite3.connect(path)) as db:
            return schema.fault(db, quick=True)
    except schema.FAULTS as error:
        return str(error)


def copy(db: sqlite3.Connection, target: Path) -> None:
    """Make a complete, consistent copy; the target appears whole or not at all."""
    try:
        with files.replacing(target) as draft, schema.explained(target), closing(sqlite3.connect(draft)) as draft_db:
            db.backup(draft_db)
            draft_db.execute("PRAGMA journal_mode = DELETE")
    except OSError as error:
        raise StoreError(f"can't write {target}: {error.strerror or error}; nothing was changed") from error


def check(path: Path, name: Path | None = None) -> None:
    """Refuse a file whose rows can't be read; its indexes may be damaged, for whoever takes the rows makes indexes anew.

    Args:
        path: The file.
        name: Its name in messages, if different.

    Raises:
        UsageError: There is no such file.
        StoreError: It is damaged, newer, or something else.
    """
    if not path.is_file():
        raise UsageError(f"there is no file {path}; `dlquiz doctor` lists the backups")
    name = name or path
    with path.open("rb") as file:
        begins = file.read(len(files.SQLITE_BEGINNING))
    if begins not in (b"", files.SQLITE_BEGINNING):
        raise StoreError(
            f"{name} is no progress file, or its beginning is damaged; nothing was changed, `dlquiz doctor` lists the backups"
        )
    with schema.explained(name), closing(schema.connect(path, write=False)) as db:
        if schema.version(db, name) == 0:
            raise StoreError(f"{name} is empty; nothing was changed")
        fault = schema.fault(db, quick=True)
        if fault:
            raise StoreError(f"{name} is damaged ({fault}); nothing was changed, try an older backup")


def restore(source: Path, target: Path, folder: Path, at: datetime) -> Path | None:
    """Put a backup's rows in place of the progress file, which is moved to `backups/replaced-...`.

    Returns:
        Where the replaced file lies now, or None when there was none.

    Raises:
        UsageError: There is no such backup, or it is an export.
        StoreError: It is not a sound progress file; nothing was changed.
    """
    if source.suffix.lower() in (".json", ".apkg", ".colpkg", ".csv"):
        raise UsageError(f"{source} is an export, no backup; bring it in with: dlquiz import {files.quoted(source)}")
    try:
        with journal.merged(source) as merged_source:
            check(merged_source, source)
            target.parent.mkdir(parents=True, exist_ok=True)
            with files.replacing(target) as draft:
                _take_rows(merged_source, source, draft)
                replaced = _set_aside(Path(os.path.realpath(target)), folder, at)
    except OSError as error:
        raise StoreError(f"can't restore {target}: {error.strerror or error}; nothing was changed") from error
    return replaced


def _take_rows(source: Path, name: Path, target: Path) -> None:
    """Copy the rows of a file into a new one with our own schema, and nothing else. The cache is folded again.

    Raises:
        StoreError: It has rows that the schema refuses.
    """
    with schema.explained(name), closing(sqlite3.connect(target, isolation_level=None, uri=True)) as db:
        schema.migrate(db, 0)
        db.execute("PRAGMA trusted_schema = 0")
        db.execute("ATTACH ? AS old", (files.sqlite_uri(source.absolute(), "mode=ro&immutable=1"),))
        db.execute("BEGIN")
        try:
            for table in schema.TABLES:
                if table == "standing":
                    continue
                old_columns = {row[1] for row in db.execute(f"PRAGMA old.table_info({table})")}
                columns = ", ".join(
                    row[1] for row in db.execute(f"PRAGMA main.table_info({table})") if row[1] in old_columns
                )
                db.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM old.{table} NOT INDEXED")
        except sqlite3.IntegrityError as error:
            raise StoreError(f"{name} holds rows that dlquiz never wrote ({error}); nothing was changed") from error
        db.execute("DELETE FROM main.meta WHERE key IN ('folded_under', 'unseen_from')")
        db.execute("COMMIT")
        db.execute("DETACH old")


def _set_aside(target: Path, folder: Path, at: datetime) -> Path | None:
    """Move a progress file with its journal, which holds answers that were not yet checkpointed, out of the way.

    A journal left without its file is moved too: SQLite would play it into whatever file comes in its place.
    """
    paths = [path for ending in ("", "-wal", "-shm") if (path := target.with_name(target.name + ending)).exists()]
    if not paths:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    aside = files.free_name(folder, f"{schema.SET_ASIDE}{at:%Y-%m-%dT%H%M%S}", ".db")
    for path in paths:
        os.replace(path, aside.with_name(aside.name + path.name.removeprefix(target.name)))
    return aside if target in paths else None
