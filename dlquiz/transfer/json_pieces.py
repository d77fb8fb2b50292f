"""A JSON text piece by piece, as it is read: however long the text is, no more of it is held than one value that was asked for whole."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

CHUNK = 1 << 16  # bytes read at once; of a value that is longer, twice as many each time
_decoder = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\n\r]*")


class Pieces:
    """One text, from its beginning to its end. Whoever asks for a mapping's keys or a list's items takes each value before the next.

    Raises:
        ValueError: In every method: it is no JSON, or not UTF-8; the place is named.
        RecursionError: A value is nested too deeply.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._utf8 = codecs.getincrementaldecoder("utf-8-sig")()
        self._text, self._at = "", 0  # what was read and not dropped yet, and where in it we are
        self._characters, self._lines, self._line_start = 0, 0, 0  # of what was dropped; and where its last line begins
        self._bytes = 0

    def first(self) -> str:
        """The next character that is not blank; "" at the end."""
        while True:
            self._at = _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]  # it matches nothing at all too
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def value(self) -> Any:
        """The value that begins here, whole."""
        self.first()
        size = CHUNK
        while True:
            try:
                value, end = _decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._more(size):
                    raise self._fault(error.msg, error.pos) from error
            else:
                if end + len("e+") < len(self._text) or not self._more(size):  # a number may go on
                    self._at = end
                    return value
            size *= 2

    def items(self) -> Iterator[Any]:
        """Each value of the list that begins here."""
        for _ in self._parts("[", "]"):
            yield self.value()

    def members(self) -> Iterator[str]:
        """Each key of the mapping that begins here."""
        for _ in self._parts("{", "}"):
            if self.first() != '"':
                raise self._fault("Expecting property name enclosed in double quotes", self._at)
            key = self.value()
            self._take(":")
            yield key

    def end(self) -> None:
        """Insist that nothing follows."""
        if self.first():
            raise self._fault("Extra data", self._at)

    def _parts(self, opening: str, closing: str) -> Iterator[None]:
        self._take(opening)
        if self.first() != closing:
            yield
            while self.first() != closing:
                self._take(",")
                yield
        self._take(closing)

    def _take(self, mark: str) -> None:
        if self.first() != mark:
            raise self._fault(f"Expecting {mark!r} delimiter", self._at)
        self._at += 1

    def _more(self, size: int = CHUNK) -> bool:
        """Read on, and drop what lies behind; False at the end."""
        raw = self._file.read(size)
        begun = self._bytes - len(self._utf8.getstate()[0])
        try:
            text = self._utf8.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            raise ValueError(f"byte {begun + error.start} is not UTF-8") from error
        if raw:
            dropped = self._text[: self._at]
            if "\n" in dropped:
                self._line_start = self._characters + dropped.rindex("\n") + 1
            self._lines += dropped.count("\n")
            self._characters += len(dropped)
            self._bytes += len(raw)
            self._text, self._at = self._text[self._at :] + text, 0
        return bool(raw)

    def _fault(self, message: str, at: int) -> ValueError:
        """What is wrong at a place of the text that is held, said as Python's own reader says it."""
        before = self._text[:at]
        line_start = before.rindex("\n") + 1 + self._characters if "\n" in before else self._line_start
        at += self._characters
        line = self._lines + before.count("\n") + 1
        return ValueError(f"{message}: line {line} column {at - line_start + 1} (char {at})")
