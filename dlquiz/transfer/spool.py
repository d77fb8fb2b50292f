"""Plain values, and long texts, that wait on the disk until they are used, however many there are; a few wait in memory."""

from __future__ import annotations

import marshal
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
        place = slice(self._end, self._end + len(raw))
        self._end = place.stop
        return place

    def read(self, place: slice) -> str:
        self._file.seek(place.start)
        return self._file.read(place.stop - place.start).decode()

    def close(self) -> None:
        self._file.close()
