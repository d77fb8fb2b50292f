"""Long answers in screenfuls that end between paragraphs: printed one below the other, or turned in place."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dlquiz.view.sheet import Sheet
from dlquiz.view.styled import Laid, Line, Lines, words_of

if TYPE_CHECKING:
    from rich.console import RenderableType


_ITEM = re.compile(r"\s*[•-] ")  # of a list


class Screenfuls:
    """Chapters of an answer, laid out as they are asked for: what nobody reads costs nothing."""

    def __init__(self, sheet: Sheet, chapters: "Iterable[Sequence[RenderableType]]", start: int = 0) -> None:
        """
        Args:
            sheet: Lays them out.
            chapters: What is to be read, in order. A screenful ends between two parts of a chapter, or at an empty line within one,
                and never runs into the next chapter.
            start: How many paragraphs to leave out: where a screen of another width had come to.
        """
        self._sheet = sheet
        self._coming = [(renderable, first) for renderables in chapters for first, renderable in _marked(renderables)]
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
        return sum(number < self._next for number in self._chapters)

    @property
    def more(self) -> bool:
        """Is there another screenful?"""
        return self._next < len(self._paragraphs) or bool(self._coming)

    def take(self, height: int) -> Laid:
        """The next screenful of so many lines; a paragraph that is longer than that is cut."""
        self.start, first = self._next - sum(number <= self._next for number in self._rests), self._next
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
        return Laid(gap + _stripped(lines))

    def _cut(self, index: int, height: int) -> None:
        paragraph = self._paragraphs[index]
        self._paragraphs[index : index + 1] = [paragraph[:height], paragraph[height:]]
        self._chapters = {number + (number > index) for number in self._chapters}
        self._rests = {number + (number > index) for number in self._rests} | {index + 1}

    def _lay_out(self) -> None:
        renderable, first = self._coming.pop(0)
        if first:
            self._chapters.add(len(self._paragraphs))
        self._paragraphs += _paragraphs(self._sheet.lines(renderable))


class Page(NamedTuple):
    """What stands on the screen now."""

    lines: Lines
    number: int  #: 1 for the chapter's first
    of: int  #: so many pages has the chapter


class Pages:
    """Chapters that are turned in place. Each is laid out when it is reached; its last page is filled up with what stood before."""

    def __init__(self, sheet: Sheet, chapters: "Mapping[str, Sequence[RenderableType]]") -> None:
        self._sheet = sheet
        self._chapters = dict(chapters)
        self._laid_out: dict[int, tuple[RenderableType, list[Lines]]] = {}  #: paragraphs of a part, by its identity
        self._width = sheet.width
        self._chapter = 0
        self._place = (0, 0)  #: where the open page begins: a paragraph, and a line of it

    @property
    def chapter(self) -> str:
        """The name of the chapter that is open."""
        return list(self._chapters)[self._chapter]

    @property
    def height(self) -> int:
        """So many lines has the first chapter."""
        return sum(map(len, self._read(0)))

    def lay_out(self) -> None:
        """Lay the open chapter out before it is asked for."""
        self._read()

    def replace(self, chapters: "Mapping[str, Sequence[RenderableType]]") -> None:
        """Other text in the place of this one, the same page open: a tick was set."""
        name = self.chapter
        self._chapters = dict(chapters)
        if name in self._chapters:
            self._chapter = list(self._chapters).index(name)
        else:
            self._chapter, self._place = 0, (0, 0)

    def page(self, height: int) -> Page:
        """The open page, so many lines high."""
        paragraphs = self._read()
        pages = _broken(paragraphs, height)
        number = self._number(paragraphs, pages)
        start, end = pages[number]
        lines = [line for paragraph in paragraphs for line in paragraph]
        while start < end - 1 and _empty(lines[start]):
            start += 1
        return Page(_stripped(lines[start:end]), number + 1, len(pages))

    def open(self, height: int, matches: Callable[[str], bool]) -> None:
        """Open the chapter's page that shows such a line, unless the open one does."""
        if any(map(matches, _texts(self.page(height).lines))):
            return
        paragraphs = self._read()
        lines = [line for paragraph in paragraphs for line in paragraph]
        for start, end in _broken(paragraphs, height):
            if any(map(matches, _texts(lines[start:end]))):
                self._place = _place(paragraphs, start)
                return

    def coming(self, height: int) -> str:
        """The name of the chapter that the next page belongs to; "" at the end."""
        paragraphs = self._read()
        pages = _broken(paragraphs, height)
        if self._number(paragraphs, pages) + 1 < len(pages):
            return self.chapter
        return next(iter(list(self._chapters)[self._chapter + 1 :]), "")

    def turn(self, height: int, by: int) -> bool:
        """Open the next page (by 1) or the one before (by -1), of a neighbouring chapter where this one ends; False where there is none."""
        paragraphs = self._read()
        pages = _broken(paragraphs, height)
        number = self._number(paragraphs, pages) + by
        if not 0 <= number < len(pages):
            if not 0 <= self._chapter + by < len(self._chapters):
                return False
            self._chapter += by
            paragraphs = self._read()
            pages = _broken(paragraphs, height)
            number = 0 if by > 0 else len(pages) - 1
        self._place = _place(paragraphs, pages[number][0])
        return True

    def _number(self, paragraphs: list[Lines], pages: list[tuple[int, int]]) -> int:
        """The open page, 0 for the chapter's first."""
        paragraph, line = self._place
        line = max(0, min(line, len(paragraphs[paragraph]) - 1)) if paragraph < len(paragraphs) else 0
        line += sum(map(len, paragraphs[:paragraph]))
        return max(number for number, (start, _) in enumerate(pages) if start <= line)

    def _read(self, chapter: int | None = None) -> list[Lines]:
        """A chapter's paragraphs, the open one's where none is named, at the width that the screen has now."""
        if self._width != self._sheet.width:
            self._width, self._laid_out = self._sheet.width, {}
        paragraphs: list[Lines] = []
        for renderable in list(self._chapters.values())[self._chapter if chapter is None else chapter]:
            _, laid_out = self._laid_out.get(id(renderable), (None, None))
            if laid_out is None:
                laid_out = _paragraphs(self._sheet.lines(renderable))
                self._laid_out[id(renderable)] = (renderable, laid_out)
            for paragraph in laid_out:
                if paragraphs and not _stripped(paragraph):
                    paragraphs[-1] = [*paragraphs[-1], *paragraph]
                else:
                    paragraphs.append(paragraph)
        if paragraphs:
            paragraphs[-1] = _stripped(paragraphs[-1])
        return paragraphs or [[]]


def _broken(paragraphs: list[Lines], height: int) -> list[tuple[int, int]]:
    """The first line of each page and the line behind its last. Pages end between paragraphs; one that is too long for any is cut, and so
    is one that would leave the page with headings alone, or nearly empty.
    """
    starts, ends, at = [], [], 0  # of the paragraphs, empty lines at their ends left out
    for paragraph in paragraphs:
        starts.append(at)
        ends.append(at + len(_stripped(paragraph)))
        at += len(paragraph)
    pages: list[tuple[int, int]] = []
    first, begun = 0, 0  # the page's first line and paragraph
    while ends[-1] - first > height:
        fitting = [n for n in range(begun + 1, len(starts)) if ends[n - 1] <= first + height]
        while len(fitting) > 1 and _announces(paragraphs[fitting[-1] - 1]):
            fitting.pop()
        following = fitting[-1] if fitting else begun
        end = starts[following] if fitting else first + height
        too_long = ends[following] - starts[following] > height
        if (end - first) * (2 if too_long else 3) <= height or all(map(_announces, paragraphs[begun:following])):
            end = first + height
        pages.append((first, end))
        first, begun = end, max(n for n, start in enumerate(starts) if start <= end)
    if pages:  # the last one
        filled = next((start for start in starts if start >= at - height), first)
        first = max(min(first, filled), pages[-1][0] + 1)
    return [*pages, (first, at)]


def _place(paragraphs: list[Lines], line: int) -> tuple[int, int]:
    """The paragraph that a line of the whole belongs to, and its number within it."""
    for number, paragraph in enumerate(paragraphs):
        if line < len(paragraph):
            return number, line
        line -= len(paragraph)
    return max(0, len(paragraphs) - 1), 0


def _marked(renderables: "Sequence[RenderableType]") -> "Iterator[tuple[bool, RenderableType]]":
    """Each part, and whether it is the chapter's first."""
    return ((number == 0, renderable) for number, renderable in enumerate(renderables))


def _paragraphs(lines: Lines) -> list[Lines]:
    """The lines cut behind every run of empty ones and before every item of a list."""
    paragraphs: list[Lines] = []
    for line in lines:
        begins = _empty(paragraphs[-1][-1]) if paragraphs else True
        if not paragraphs or ((begins or _ITEM.match("".join(text for text, _ in line))) and not _empty(line)):
            paragraphs.append([])
        paragraphs[-1].append(line)
    return paragraphs


def _announces(paragraph: Lines) -> bool:
    """Is it a heading or a question, all bold or all italic, that should stand above what it announces?"""
    styles = [words_of(style) for line in paragraph for text, style in line if text.strip()]
    return bool(styles) and any(all(mark in words for words in styles) for mark in ("bold", "italic"))


def _stripped(lines: Lines) -> Lines:
    """Without the empty lines at its end."""
    end = len(lines)
    while end and _empty(lines[end - 1]):
        end -= 1
    return lines[:end]


def _texts(lines: Lines) -> Iterator[str]:
    return ("".join(text for text, _ in line) for line in lines)


def _empty(line: Line) -> bool:
    return not any(text.strip() for text, _ in line)
