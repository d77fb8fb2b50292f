"""Styled text, laid out in lines: what a sitting shows beside Markdown and tables. These are Rich's, whose import would take longer than
all the rest before the first question; so Rich is imported where something is first drawn through it.

What is laid out here can stand among Rich's renderables, and be printed through a console of Rich.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from dlquiz.text import cells

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.measure import Measurement

WIDEST = 100  # columns of prose; longer lines are hard to read
Line = list[tuple[str, str]]  # pieces of text, each with its style
Lines = list[Line]

# Every style by the name of what it marks: a theme is another table. Colours are the terminal's own sixteen, only those that can be read
# on light and dark grounds alike, and never alone in meaning. Markdown's stand in place of Rich's, whose cyan on black vanishes on white.
STYLES = {
    "again": "bold red",
    "hard": "bold magenta",
    "good": "green",  # xterm brightens bold green to what vanishes on white
    "easy": "bold bright_blue",
    "suggested": "reverse",
    "right": "green",
    "wrong": "bold red",
    "tick": "green",
    "must": "bold magenta",
    "gap": "bold magenta",
    "quiet": "dim",
    "heading": "bold",
    "key": "bold",
    "notice": "italic",
    "remark": "italic bright_blue",
    "progress": "green",
    "chart": "green",
    "count.new": "bright_blue",
    "count.learning": "red",
    "count.due": "green",
    "count.current": "bold underline",
    "cursor": "reverse",
    "markdown.code": "bold",
    "markdown.code_block": "none",
    "markdown.block_quote": "italic",
    "markdown.list": "none",
    "markdown.item.number": "bold",
    "markdown.h1": "bold underline",
    "markdown.h2": "bold",
    "markdown.h3": "bold",
    "markdown.h4": "italic",
    "markdown.link": "underline",
    "markdown.link_url": "underline",
    "markdown.table.border": "dim",
    "markdown.table.header": "bold",
}
_ATTRIBUTES = {"bold": 1, "dim": 2, "italic": 3, "underline": 4, "reverse": 7, "strike": 9}
_COLOURS = {
    f"{bright}{name}": code + number
    for bright, code in (("", 30), ("bright_", 90))
    for number, name in enumerate(("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"))
}
_WORD = re.compile(r"\s*\S+\s*")


@cache
def words_of(style: str) -> tuple[str, ...]:
    """The attributes and the colour of a style that is written in names of `STYLES` and in words of Rich; the last colour counts."""
    words = [word for name in style.split() for word in STYLES.get(name, name).split()]
    colours = [word for word in words if word in _COLOURS]
    return (*(name for name in _ATTRIBUTES if name in words), *colours[-1:])


@cache
def codes(style: str, *, colour: bool) -> str:
    """The codes with which a terminal is told of a style, without its colour where none is wanted."""
    words = words_of(style)
    return ";".join(str(_ATTRIBUTES.get(word) or _COLOURS[word]) for word in words if colour or word in _ATTRIBUTES)


class Item:
    """Something that can be laid out in lines."""

    def lines(self, width: int) -> Lines:
        """Its lines, none wider than `width` cells."""
        raise NotImplementedError

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.segment import Segment

        for line in self.lines(options.max_width):
            for text, style in line:
                yield Segment(text, console.get_style(" ".join(words_of(style)) or "none"))
            yield Segment.line()


class Text(Item):
    """Text with styles, of which the later lie over the earlier."""

    def __init__(self, plain: str = "", style: str = "") -> None:
        self.plain = plain
        self.style = style
        self._spans: list[tuple[int, int, str]] = []  #: begin, end and style

    @classmethod
    def assemble(cls, *pieces: str | tuple[str, str] | Text) -> Text:
        """The pieces one behind the other; each is a text, or a string with its style or without."""
        text = cls()
        for piece in pieces:
            if isinstance(piece, Text):
                text._extend(piece)
            else:
                text.append(*((piece,) if isinstance(piece, str) else piece))
        return text

    def append(self, plain: str, style: str = "") -> Text:
        """Add to its end; this text."""
        if style and plain:
            self._spans.append((len(self.plain), len(self.plain) + len(plain), style))
        self.plain += plain
        return self

    def _extend(self, other: Text) -> None:
        at = len(self.plain)
        self.append(other.plain, other.style)
        self._spans += [(start + at, end + at, style) for start, end, style in other._spans]

    @property
    def cell_len(self) -> int:
        return cells.length(self.plain)

    def copy(self) -> Text:
        return self._part(0, len(self.plain))

    def _part(self, first: int, last: int) -> Text:
        """The characters from `first` on and before `last`, with their styles."""
        cut_out = type(self)(self.plain[first:last], self.style)
        cut_out._spans = [
            (max(start, first) - first, min(end, last) - first, style)
            for start, end, style in self._spans
            if start < last and end > first
        ]
        return cut_out

    def begin(self, length: int) -> Text:
        """Its first characters."""
        return self._part(0, length)

    def stylize(self, style: str, start: int = 0, end: int | None = None) -> None:
        """Lay a style over all characters, or from `start` on and before `end`."""
        self._spans.append((start, len(self.plain) if end is None else end, style))

    def highlight_words(self, words: Iterable[str], style: str) -> None:
        """Lay a style over these words, wherever they stand."""
        pattern = "|".join(map(re.escape, words))
        self._spans += [(*match.span(), style) for match in re.finditer(pattern, self.plain)]

    def truncate(self, width: int, *, ellipsis: bool = False) -> None:
        """Cut what is wider than `width` cells."""
        if self.cell_len > width:
            self.plain = f"{cells.cut(self.plain, width - 1)}…" if ellipsis and width else cells.cut(self.plain, width)

    def rstrip(self) -> None:
        """Take the blanks off its end."""
        self.plain = self.plain.rstrip()

    def wrap(self, width: int) -> list[Text]:
        """Its lines, broken between words; a word that is too long for any line is cut."""
        wrapped = []
        first = 0
        for plain in self.plain.split("\n"):
            for line in self._part(first, first + len(plain))._expanded()._broken(width):
                blanks = len(line.plain) - len(line.plain.rstrip())
                line.plain = line.plain[: len(line.plain) - min(blanks, max(0, len(line.plain) - width))]
                line.truncate(width)
                wrapped.append(line)
            first += len(plain) + 1
        return wrapped

    def _broken(self, width: int) -> list[Text]:
        return [self._part(*ends) for ends in pairwise([0, *self.breaks(width), len(self.plain)])]

    def breaks(self, width: int) -> list[int]:
        """Where its lines begin, see the function."""
        return breaks(self.plain, width)

    def _expanded(self) -> Text:
        """With blanks in place of tabs, to every eighth column."""
        if "\t" not in self.plain:
            return self
        text = type(self)(style=self.style)
        for piece, style in self._pieces():
            for n, words in enumerate(piece.split("\t")):
                text.append(" " * (8 - cells.length(text.plain) % 8) if n else "", style).append(words, style)
        return text

    def _pieces(self) -> Line:
        """Runs of the same style, its own left out."""
        size = len(self.plain)
        edges = sorted({0, size, *(min(edge, size) for start, end, _ in self._spans for edge in (start, end))})
        return [
            (self.plain[first:last], " ".join(style for start, end, style in self._spans if start <= first < end))
            for first, last in pairwise(edges)
        ]

    def line(self) -> Line:
        """All of it in one line."""
        return [(text, f"{self.style} {style}".strip()) for text, style in self._pieces()]

    def lines(self, width: int) -> Lines:
        return [line.line() for line in self.wrap(width)]

    def __rich_measure__(self, _console: Console, _options: ConsoleOptions) -> Measurement:
        from rich.measure import Measurement

        rows = self.plain.split("\n")
        words = self.plain.split()
        return Measurement(max(map(cells.length, words), default=0), max(map(cells.length, rows)))


def breaks(text: str, width: int) -> list[int]:
    """Where the lines of a paragraph begin that are no wider than `width` cells; the first is left out."""
    starts: list[int] = []
    length = len if cells.are_narrow(text) else cells.length
    used = 0
    for match in _WORD.finditer(text):
        start, word = match.start(), match[0]
        needed = length(word.rstrip())
        if needed <= width - used:
            used += length(word)
        elif needed > width:
            for piece in cells.chopped(word, width):
                starts += [start] if start else []
                start += len(piece)
                used = length(piece)
        elif used and start:
            starts.append(start)
            used = length(word)
    return starts


class Laid(Item):
    """Lines that were laid out already."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def lines(self, width: int) -> Lines:
        return [cut(line, width) for line in self._lines]


class Column(Item):
    """Items one below the other; those of Rich among them are drawn by a `sheet.Sheet` or a console."""

    def __init__(self, *items: RenderableType) -> None:
        self.items = items

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> RenderResult:
        yield from self.items


class Indented(Item):
    """An item, of Rich perhaps, set in by some columns."""

    def __init__(self, item: RenderableType, indent: int) -> None:
        self.item, self.indent = item, indent

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> RenderResult:
        from rich.padding import Padding

        yield Padding(self.item, (0, 0, 0, self.indent))


class Hanging(Item):
    """A label, and text whose further lines begin under its first."""

    def __init__(self, label: Text, text: object) -> None:
        self.label = label
        self.text = text if isinstance(text, Text) else Text(str(getattr(text, "text", text)))

    def lines(self, width: int) -> Lines:
        blank = Text(" " * self.label.cell_len)
        rows: Lines = []
        for line in self.text.wrap(max(10, min(width, WIDEST) - self.label.cell_len)):
            line.rstrip()
            rows += Text.assemble(blank if rows else self.label, line).lines(width)
        return rows


class Cited(Item):
    """A source: a label, what it is, and its link, which stands whole wherever it fits on a line of its own."""

    def __init__(self, label: Text, line: Text) -> None:
        self.label, self.line = label, line

    def lines(self, width: int) -> Lines:
        words, _, link = self.line.plain.rpartition(" ")
        if not min(width, WIDEST) - self.label.cell_len < cells.length(link) <= width:
            return Hanging(self.label, self.line).lines(width)
        return [
            *Hanging(self.label, self.line.begin(len(words))).lines(width),
            *Text(link, self.line.style).lines(width),
        ]


class SideBySide(Item):
    """Items side by side, as many on a line as fit; none is broken."""

    def __init__(self, items: Iterable[Text], between: Text, indent: int = 2) -> None:
        self.items, self.between, self.indent = list(items), between, indent

    def lines(self, width: int) -> Lines:
        texts = [Text()]
        for item in self.items:
            text = texts[-1]
            if text.plain and text.cell_len + self.between.cell_len + item.cell_len > width:
                texts.append(Text())
            text = texts[-1]
            texts[-1] = Text.assemble(text, self.between if text.plain else " " * self.indent, item)
        return [line for text in texts for line in text.lines(width)]


def cut(line: Sequence[tuple[str, str]], width: int) -> Line:
    """The begin of a line that is no wider than `width` cells."""
    pieces: Line = []
    for text, style in line:
        if width <= 0:
            break
        pieces.append((cells.cut(text, width), style))
        width -= cells.length(text)
    return pieces


def terminal_codes(lines: Lines, *, colour: bool) -> list[str]:
    """Lines as a terminal gets them."""
    rows = []
    for line in lines:
        pieces = ((text, codes(style, colour=colour)) for text, style in line)
        rows.append("".join(f"\x1b[{code}m{text}\x1b[0m" if code and text else text for text, code in pieces))
    return rows
