"""Plain values, and long texts, that wait on the disk until they are used, however many there are; a few wait in memory."""

from __future__ import annotations

import errno
import marshal
import sqlite3
from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

BLOCK = 500  # values that are written, and held, together
IN_MEMORY = 1 << 20  # bytes
_LENGTH = 4  # bytes that say how long a block is


class Spool:
    """A list of texts, numbers, lists and mappings on the disk. It can be gone through as often as one likes, once it is complete."""

    def __init__(self, make: Callable[[Any], Any] = lambda value: value) -> None:
        """
        Args:
            make: What becomes of each value when it is taken out again.
        """
        self._make = make
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - `close` closes it
        self._block: list[Any] = []

    def add(self, value: Any) -> None:
        self._block.append(value)
        if len(self._block) == BLOCK:
            self._write()

    def close(self) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Any]:
        self._write()
        place = 0
        while True:
            self._file.seek(place)
            length = int.from_bytes(self._file.read(_LENGTH), "big")
            if not length:
                return
            block = marshal.loads(self._file.read(length))
            place += _LENGTH + length
            yield from map(self._make, block)

    def _write(self) -> None:
        if self._block:
            raw = marshal.dumps(self._block)
            self._file.write(len(raw).to_bytes(_LENGTH, "big") + raw)
            self._block = []


class Texts:
    """Texts on the disk, each read when it is asked for."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - `close` closes it
        self._end = 0

    def add(self, text: str) -> slice:
        """The place at which a text is kept, by which it is read again."""
        raw = text.encode()
        self._file.seek(self._end)
        self._file.write(raw)
        span = slice(self._end, self._end + len(raw))
        self._end = span.stop
        return span

    def read(self, span: slice) -> str:
        self._file.seek(span.start)
        return self._file.read(span.stop - span.start).decode()

    def close(self) -> None:
        self._file.close()


class Shelf:
    """Plain values under keys, on the disk: those of a key come in the order in which they were added, and so do the keys."""

    def __init__(self, make: Callable[[Any], Any] = lambda value: value) -> None:
        """make: What becomes of each value when it is taken out again."""
        self._make = make
        self._db = sqlite3.connect("", isolation_level=None)  # a file without a name, which SQLite removes itself
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("CREATE TABLE value (key BLOB, data BLOB) STRICT")
        self._db.execute("CREATE INDEX value_key ON value (key)")
        self._db.execute("BEGIN")
        self.count = 0  #: values

    def add(self, key: str, value: Any) -> None:
        try:
            self._db.execute("INSERT INTO value (key, data) VALUES (?, ?)", (_key(key), marshal.dumps(value)))
        except sqlite3.OperationalError as error:  # as a full disk is told where any other file is written
            raise OSError(errno.ENOSPC, str(error)) from error
        self.count += 1

    def close(self) -> None:
        self._db.close()

    def of(self, key: str) -> Iterator[Any]:
        """The values under a key."""
        return self._made(self._db.execute("SELECT data FROM value WHERE key = ? ORDER BY rowid", (_key(key),)))

    def every(self) -> Iterator[Any]:
        """All values, whatever their keys, in the order in which they were added."""
        return self._made(self._db.execute("SELECT data FROM value ORDER BY rowid"))

    def _made(self, rows: sqlite3.Cursor) -> Iterator[Any]:
        return (self._make(marshal.loads(data)) for (data,) in rows)

    def all_keys(self) -> list[str]:
        keys = self._db.execute("SELECT key FROM value GROUP BY key ORDER BY min(rowid)")
        return [key.decode("utf-8", "surrogatepass") for (key,) in keys]


def _key(key: str) -> bytes:
    """As SQLite takes it, which knows no halves of characters."""
    return key.encode("utf-8", "surrogatepass")
