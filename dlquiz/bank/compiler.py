"""Changed files into the index, all of them in one transaction."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dlquiz.bank import ids, index_rows, index_tables, read
from dlquiz.bank import paths as bank_paths
from dlquiz.bank.index_rows import FileRows, Rows, Source
from dlquiz.errors import BankError, Problem

MANY_BYTES = 4_000_000  # of touched files, from which other processes pay their start
MAX_SAID = 40  # problems named in one error
_CLASHES = (
    "SELECT 1 FROM renamed JOIN card ON card.id = renamed.old",
    "SELECT 1 FROM renamed JOIN point ON point.id = renamed.old",
    "SELECT 1 FROM renamed JOIN retired ON retired.id = renamed.old",
    "SELECT 1 FROM retired JOIN card ON card.id = retired.id",
    "SELECT 1 FROM renamed GROUP BY old HAVING count(*) > 1",
)


def update(db: sqlite3.Connection, files: Mapping[str, bank_paths.Root], stats: Mapping[str, tuple[int, int]]) -> None:
    """Bring the index up to date, reading only files whose content changed.

    Raises:
        BankError: A file is malformed; the index stays as it was.
    """
    collecting = gc.isenabled()
    gc.disable()  # three times as fast on a big bank: nothing that is made here is garbage
    db.execute("BEGIN IMMEDIATE")
    try:
        is_new = db.execute("PRAGMA user_version").fetchone()[0] != index_tables.FORMAT
        if is_new:
            _clear(db)
        _update(db, files, stats)
        if is_new:
            _make(db, index_tables.INDEXES)  # sorted once, a third quicker than row by row
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    finally:
        if collecting:
            gc.enable()


def _clear(db: sqlite3.Connection) -> None:
    old = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for name in old:
        db.execute(f'DROP TABLE "{name}"')
    _make(db, index_tables.TABLES)
    db.execute(f"PRAGMA user_version = {index_tables.FORMAT}")


def _make(db: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            db.execute(statement)


def _update(db: sqlite3.Connection, files: Mapping[str, bank_paths.Root], stats: Mapping[str, tuple[int, int]]) -> None:
    old_shas = {values[0]: values[1] for values in db.execute("SELECT path, sha FROM file")}
    problems: list[Problem] = []
    fits = True
    for path in sorted(set(old_shas) - set(stats)):
        _forget(db, path)
    sources = [Source(path, old_shas.get(path), files[path].builtin if path in files else None) for path in stats]
    for (path, (size, mtime_ns)), file in zip(stats.items(), _read(db, sources, stats), strict=True):
        problems.extend(file.problems)
        if file.sha is None:
            continue
        if old_shas.get(path) != file.sha:
            if path in old_shas:
                _forget(db, path)
            fits = fits and not problems and _fits(db, file.rows)
        values = (path, size, mtime_ns, file.sha, "")
        db.execute("INSERT OR REPLACE INTO file (path, size, mtime_ns, sha, bank) VALUES (?, ?, ?, ?, ?)", values)
    if not problems and (not fits or _clashes(db)):
        # Unchanged files may be party to it: read all, so that it is told as a fresh index would tell it.
        problems = ids.cross_check([read.read(Path(path), builtin=root.builtin) for path, root in files.items()])
        if not problems:
            raise sqlite3.DatabaseError("the index says what its files don't")
    if problems:
        raise BankError(said(problems), [problem.path for problem in problems])


def _read(
    db: sqlite3.Connection, sources: Sequence[Source], stats: Mapping[str, tuple[int, int]]
) -> Iterator[FileRows]:
    """What each file gives, in their order; where much was touched, read on all cores."""
    compiled_stats = {
        path: (size, mtime_ns) for path, size, mtime_ns in db.execute("SELECT path, size, mtime_ns FROM file")
    }
    touched = [stat[0] for path, stat in stats.items() if compiled_stats.get(path) != stat]
    if sum(touched) < MANY_BYTES:
        return index_rows.of_files(sources)
    from dlquiz import parallel

    count = min(parallel.cores(), len(touched))
    return parallel.pieces(index_rows.of_files, [sources[n::count] for n in range(count)])


def _fits(db: sqlite3.Connection, rows: Rows) -> bool:
    """Add a file's rows; False when an id in it is used twice."""
    try:
        for statement, values in rows.items():
            db.executemany(statement, values)
    except sqlite3.IntegrityError:
        return False
    return True


def _clashes(db: sqlite3.Connection) -> bool:
    """Is an id both in use and former or retired, or a former one of two cards?"""
    return any(db.execute(f"SELECT EXISTS ({query})").fetchone()[0] for query in _CLASHES)


def said(problems: list[Problem]) -> str:
    """The problems, one a line."""
    rest = len(problems) - MAX_SAID
    lines = [str(problem) for problem in sorted(problems)[:MAX_SAID]]
    return "\n".join([*lines, f"... and {rest} more; `dlquiz check` lists all"] if rest > 0 else lines)


def _forget(db: sqlite3.Connection, path: str) -> None:
    for table in ("tag", "point", "card"):
        db.execute(f"DELETE FROM {table} WHERE note IN (SELECT id FROM note WHERE file = ?)", (path,))
    for table in ("note", "topic", "alias", "renamed", "former_bank", "retired", "source", "glossary", "words"):
        db.execute(f"DELETE FROM {table} WHERE file = ?", (path,))
    db.execute("DELETE FROM file WHERE path = ?", (path,))
