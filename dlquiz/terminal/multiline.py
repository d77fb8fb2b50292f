"""Several lines being typed: what a key makes of them, as a value, and how they are drawn over themselves on a terminal."""

import sys
from collections.abc import Sequence
from typing import NamedTuple

from dlquiz.terminal.line import Line
from dlquiz.text import cells

INDENT = 2


class MultilineText(NamedTuple):
    """Lines with a cursor in one of them."""

    above: tuple[str, ...] = ()
    line: Line = Line()
    below: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        return "\n".join((*self.above, self.line.text, *self.below)).rstrip()

    @property
    def at_empty_end(self) -> bool:
        """Is the cursor in an empty last line? Enter submits there."""
        return not self.line.text and not self.below

    def typed(self, text: str) -> "MultilineText":
        """With a text put in at the cursor."""
        return self._replace(line=Line(self.line.before + text, self.line.behind))

    def after(self, key: str) -> "MultilineText":
        """The text once a key was pressed: "\\n" and up and down beside those of a line."""
        above, line, below = self
        match key:
            case "\n":
                return MultilineText((*above, line.before), Line("", line.behind), below)
            case "\x7f" | "\b" | "left" | "\x02" if not line.before and above:
                if key in ("left", "\x02"):
                    return MultilineText(above[:-1], Line(above[-1], ""), (line.text, *below))
                return MultilineText(above[:-1], Line(above[-1], line.behind), below)
            case "delete" | "right" | "\x06" if not line.behind and below:
                if key == "delete":
                    return MultilineText(above, Line(line.before, below[0]), below[1:])
                return MultilineText((*above, line.text), Line("", below[0]), below[1:])
            case "up" if above:
                return MultilineText(above[:-1], _at(above[-1], len(line.before)), (line.text, *below))
            case "down" if below:
                return MultilineText((*above, line.text), _at(below[0], len(line.before)), below[1:])
        return MultilineText(above, line.after(key), below)


def begun(text: str) -> MultilineText:
    """A text that was typed earlier, the cursor at its end."""
    *above, last = text.split("\n")
    return MultilineText(tuple(above), Line(last, ""))


def _at(text: str, column: int) -> Line:
    return Line(text[:column], text[column:])


def wrapped(line: str, width: int) -> list[str]:
    """A line in pieces that fit, broken after spaces where there are any; together they are the line."""
    pieces = []
    while cells.length(line) > width:
        end = width
        while cells.length(line[:end]) > width:
            end -= 1
        space = line.rfind(" ", 0, end)
        cut = space + 1 if space > 0 else max(1, end)
        pieces.append(line[:cut])
        line = line[cut:]
    return [*pieces, line]


def laid_out(text: MultilineText, width: int) -> tuple[list[str], int, int]:
    """All rows of the text, and the row and cell of the cursor."""
    above = [at for line in text.above for at in wrapped(line, width)]
    offset, pieces = len(text.line.before), wrapped(text.line.text, width)
    at = 0
    while at + 1 < len(pieces) and offset >= len(pieces[at]):
        offset -= len(pieces[at])
        at += 1
    cursor = (len(above) + at, cells.length(pieces[at][:offset]))
    return [*above, *pieces, *(at for line in text.below for at in wrapped(line, width))], *cursor


class Pad:
    """Where the text stands on the screen, with fixed lines below it."""

    def __init__(self) -> None:
        self._row = 0  #: of the cursor, counted from the pad's first
        self._drawn = ""

    def draw(self, text: MultilineText, below: Sequence[str], columns: int, lines: int) -> None:
        """Draw it in place of what it showed; where the screen is low, the part around the cursor."""
        rows, row, column = laid_out(text, max(8, columns - INDENT - 1))
        room = max(1, lines - len(below) - 1)
        first = min(max(0, row - room + 1), max(0, len(rows) - room))
        drawn_rows = [" " * INDENT + line for line in rows[first : first + room]] + list(below)
        row -= first
        up = f"\x1b[{len(drawn_rows) - 1 - row}A" if len(drawn_rows) - 1 > row else ""
        body = "\r\n".join(f"{line}\x1b[K" for line in drawn_rows) + "\x1b[J"
        drawn = f"{body}{up}\r\x1b[{INDENT + column}C"
        if drawn != self._drawn:
            self._write(self._home() + drawn)
            self._row, self._drawn = row, drawn

    def clear(self) -> None:
        """Take it off the screen; the next drawing begins where the cursor is then."""
        self._write(self._home() + "\x1b[J")
        self._row, self._drawn = 0, ""

    def _home(self) -> str:
        return (f"\x1b[{self._row}A" if self._row else "") + "\r"

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
