"""Long answers in screenfuls that end between paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment

Lines = list[list[Segment]]


class Drawn:
    """Lines that were laid out already."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> RenderResult:
        for line in self.lines:
            yield from line
            yield Segment.line()


class Screenfuls:
    """Chapters of an answer, laid out as they are asked for: what nobody reads costs nothing."""

    def __init__(self, console: Console, chapters: Iterable[Sequence[RenderableType]], start: int = 0) -> None:
        """
        Args:
            console: Tells the width.
            chapters: What is to be read, in order. A screenful ends between two parts of a chapter, or at an empty line within one,
                and never runs into the next chapter.
            start: How many paragraphs to leave out: where a screen of another width had come to.
        """
        self._console = console
        self._coming = [(part, first) for parts in chapters for first, part in _marked(parts)]
        self._paragraphs: list[Lines] = []
        self._chapters: set[int] = set()  #: the paragraphs that begin one
        self._rests: set[int] = set()  #: what is left of a paragraph that was cut, which another width cuts elsewhere
        while start and self._coming and len(self._paragraphs) <= start:
            self._lay_out()
        self._next = min(start, max(0, len(self._paragraphs) - 1))
        self.start = self._next  #: the first paragraph of the latest screenful, cut ones counted once
        self._gap = False  #: an empty line belongs between the latest screenful and the next

    @property
    def unfinished(self) -> bool:
        """Does the chapter that is being read go on?"""
        if self._next < len(self._paragraphs):
            return self._next not in self._chapters
        return bool(self._coming) and not self._coming[0][1]

    @property
    def chapter(self) -> int:
        """The chapter that is being read, 1 for the first; 0 before it."""
        return sum(place < self._next for place in self._chapters)

    @property
    def more(self) -> bool:
        """Is there another screenful?"""
        return self._next < len(self._paragraphs) or bool(self._coming)

    def take(self, height: int) -> Drawn:
        """The next screenful of so many lines; a paragraph that is longer than that is cut."""
        self.start, first = self._next - sum(place <= self._next for place in self._rests), self._next
        gap: Lines = [[]] if self._gap else []
        height -= len(gap)
        lines: Lines = []
        while self.more:
            if self._next == len(self._paragraphs):
                if lines and self._coming[0][1]:
                    break
                self._lay_out()
                continue
            paragraph = self._paragraphs[self._next]
            if lines and (self._next in self._chapters or len(lines) + len(_stripped(paragraph)) > height):
                break
            if len(_stripped(paragraph)) > height:
                self._cut(self._next, height)
                paragraph = paragraph[:height]
            lines += paragraph
            self._next += 1
        while self.unfinished and self._next - 1 > first and _announces(self._paragraphs[self._next - 1]):
            self._next -= 1
            del lines[-len(self._paragraphs[self._next]) :]
        self._gap = not self.unfinished or (bool(lines) and _empty(lines[-1]))
        return Drawn(gap + _stripped(lines))

    def _cut(self, place: int, height: int) -> None:
        paragraph = self._paragraphs[place]
        self._paragraphs[place : place + 1] = [paragraph[:height], paragraph[height:]]
        self._chapters = {each + (each > place) for each in self._chapters}
        self._rests = {each + (each > place) for each in self._rests} | {place + 1}

    def _lay_out(self) -> None:
        part, first = self._coming.pop(0)
        if first:
            self._chapters.add(len(self._paragraphs))
        self._paragraphs += _paragraphs(self._console.render_lines(part, pad=False))


def _marked(parts: Sequence[RenderableType]) -> Iterator[tuple[bool, RenderableType]]:
    """Each part, and whether it is the chapter's first."""
    return ((place == 0, part) for place, part in enumerate(parts))


def _paragraphs(lines: Lines) -> list[Lines]:
    """The lines cut behind every run of empty ones."""
    found: list[Lines] = []
    for line in lines:
        if not found or (_empty(found[-1][-1]) and not _empty(line)):
            found.append([])
        found[-1].append(line)
    return found


def _announces(paragraph: Lines) -> bool:
    """Is it a heading or a question, all bold or all italic, that should stand above what it announces?"""
    shown = [segment.style for line in paragraph for segment in line if segment.text.strip()]
    return all(style and style.bold for style in shown) or all(style and style.italic for style in shown)


def _stripped(lines: Lines) -> Lines:
    """Without the empty lines at its end."""
    end = len(lines)
    while end and _empty(lines[end - 1]):
        end -= 1
    return lines[:end]


def _empty(line: list[Segment]) -> bool:
    return not "".join(segment.text for segment in line).strip()
