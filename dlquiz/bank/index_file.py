"""The index in its file: brought up to date when banks have changed, rebuilt when it turns out to be damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext, suppress
from pathlib import Path
from typing import Any

from dlquiz.bank import index_tables
from dlquiz.bank import paths as bank_paths
from dlquiz.bank.paths import Patience
from dlquiz.errors import BankError
from dlquiz.files import sqlite_uri


class IndexRows(list[Any]):
    """All rows of a query's result."""

    def fetchone(self) -> Any:
        """The first row."""
        return self[0] if self else None


class IndexFile:
    """A compiled index that answers queries. It is only a cache: a damaged one is rebuilt and queried again."""

    def __init__(
        self,
        target: Path | None,
        files: Mapping[str, bank_paths.Root],
        patience: Patience = nullcontext,
    ) -> None:
        """
        Args:
            target: Where it lies; None: in memory.
            files: The bank files that it is compiled from.
            patience: Entered, with what is done, while it is compiled here; not when damage asks for it later, with a card on the screen.

        Raises:
            BankError: One of them is malformed or can't be read; every problem is named with its place.
        """
        self._builds = _builds(target, files, _stats(files), patience)
        self._db = next(self._builds)

    def close(self) -> None:
        self._db.close()

    def execute(self, query: str, values: Sequence[Any] = ()) -> IndexRows:
        """The rows of a query."""
        while True:
            try:
                rows = IndexRows(self._db.execute(query, values))
                if any("\0" in value for row in rows for value in row if isinstance(value, str)):
                    raise sqlite3.DatabaseError("a text holds a NUL, which none in a bank can")
                return rows
            except UnicodeEncodeError:
                return IndexRows()  # half a character, typed: no file can hold it
            except sqlite3.ProgrammingError:
                raise  # ours
            except sqlite3.DatabaseError:
                self._db.close()
                another = next(self._builds, None)
                if another is None:
                    raise
                self._db = another


def fresh(target: Path, files: Iterable[str]) -> bool:
    """Is the index there up to date? Creates and changes nothing."""
    if not target.is_file():
        return False
    with closing(sqlite3.connect(sqlite_uri(target.absolute(), "mode=ro"), uri=True, isolation_level=None)) as db:
        return _fresh(db, _stats(files))


def _builds(
    target: Path | None,
    files: Mapping[str, bank_paths.Root],
    stats: Mapping[str, tuple[int, int]],
    patience: Patience,
) -> Iterator[sqlite3.Connection]:
    """The stored index; if that is damaged, half-written or unwritable, a rebuilt one; and last, one in memory."""
    for path in (target, target, None) if target else (None,):
        try:
            db = _compiled(path, files, stats, patience)
        except (sqlite3.DatabaseError, OSError):
            if path is None:
                raise
        else:
            yield db
            patience = nullcontext
        if path is not None:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _compiled(
    target: Path | None,
    files: Mapping[str, bank_paths.Root],
    stats: Mapping[str, tuple[int, int]],
    patience: Patience,
) -> sqlite3.Connection:
    if target is None:
        db = sqlite3.connect(":memory:", isolation_level=None)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(target, isolation_level=None, timeout=30)
    try:
        if not _fresh(db, stats):
            from dlquiz.bank import compiler  # YAML and all that: only when a file changed

            db.execute("PRAGMA synchronous = OFF")  # a cache: a damaged one is built anew
            with patience("reading the cards"):
                compiler.update(db, files, stats)
        return db
    except BaseException:
        db.close()
        raise


def _fresh(db: sqlite3.Connection, stats: Mapping[str, tuple[int, int]]) -> bool:
    if db.execute("PRAGMA user_version").fetchone()[0] != index_tables.FORMAT:
        return False
    with closing(db.execute("SELECT path, size, mtime_ns FROM file")) as rows:
        return {path: (size, mtime) for path, size, mtime in rows} == stats


def _stats(files: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Size and time of each file, and of the sources and glossaries beside them."""
    stats = {path: _stat(path) for path in files}
    return {**stats, **_beside(files)}


def _stat(path: str) -> tuple[int, int]:
    try:
        stat = Path(path).stat()
    except OSError as error:
        raise BankError(str(bank_paths.unreadable(path, error)), [path]) from error
    return stat.st_size, stat.st_mtime_ns


def _beside(files: Iterable[str]) -> dict[str, tuple[int, int]]:
    folders = {str(Path(path).parent) for path in files}
    names = (bank_paths.SOURCES, bank_paths.GLOSSARY)
    beside = (Path(folder) / name for folder in sorted(folders) for name in names)
    return {str(path): _stat(str(path)) for path in beside if path.is_file()}
