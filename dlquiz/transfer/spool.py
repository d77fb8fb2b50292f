"""Plain values that wait on the disk until they are used, however many there are; a few wait in memory."""

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
