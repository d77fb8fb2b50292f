"""The screen that a sitting is drawn on where lines can be drawn over themselves: lays items out, knows the codes of the terminal."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, cached_property
from typing import TYPE_CHECKING

from dlquiz.view import styled
from dlquiz.view.styled import Column, Indented, Item, Line, Lines

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.style import Style

UNKNOWN = (80, 25)  # columns and lines where no terminal tells its own


def size() -> tuple[int, int]:
    """Columns and lines of the screen, as the environment or else the terminal tells them."""
    columns, lines = UNKNOWN
    for stream in range(3):
        try:
            columns, lines = os.get_terminal_size(stream)
        except (OSError, ValueError):
            continue
        break
    columns, lines = _asked("COLUMNS") or columns, _asked("LINES") or lines
    return columns or UNKNOWN[0], lines or UNKNOWN[1]


def _asked(name: str) -> int:
    text = os.environ.get(name, "")
    return int(text) if text.isdigit() else 0


class Sheet:
    """The screen, as Rich knows it too; but Rich is asked, and imported, only for what it draws."""

    def __init__(self, console: Callable[[], Console], size: Callable[[], tuple[int, int]] = size) -> None:
        self._make_console = console
        self._ask_size = size
        self._size = size()

    @cached_property
    def console(self) -> Console:
        """The same screen for Rich."""
        return self._make_console()

    def measure(self) -> None:
        """Ask for the size anew: it holds for one drawing."""
        self._size = self._ask_size()

    @property
    def width(self) -> int:
        return self._size[0]

    @property
    def height(self) -> int:
        return self._size[1]

    def lines(self, item: RenderableType, width: int | None = None) -> Lines:
        """An item laid out, as wide as the screen where `width` does not say otherwise."""
        width = self.width if width is None else width
        if isinstance(item, Column):
            return [line for child in item.items for line in self.lines(child, width)]
        if isinstance(item, Indented):
            blank: Line = [(" " * item.indent, "")]
            return [[*blank, *line] for line in self.lines(item.item, max(1, width - item.indent))]
        return item.lines(width) if isinstance(item, Item) else through_rich(self.console, item, width)

    def rows(self, lines: Lines) -> list[str]:
        """Lines as the terminal gets them; none is wider than it."""
        width = self.width
        cut = [styled.cut(line, width) for line in lines]
        if not _shows_styles():
            return ["".join(text for text, _ in line) for line in cut]
        return styled.terminal_codes(cut, colour=not os.environ.get("NO_COLOR"))


def through_rich(console: Console, item: RenderableType, width: int) -> Lines:
    """What Rich makes of an item, without the blanks that it fills lines up with (they would wrap when the window gets narrower) and the
    empty line above a list.
    """
    rows = console.render_lines(item, console.options.update(width=width), pad=False)
    lines = [_stripped([(text, _words(style)) for text, style, control in row if not control]) for row in rows]
    return lines[next((number for number, line in enumerate(lines) if line), 0) :]


def _stripped(line: Line) -> Line:
    while line and not line[-1][0].strip(" "):
        line.pop()
    return [*line[:-1], (line[-1][0].rstrip(" "), line[-1][1])] if line else line


@cache
def _words(style: Style | None) -> str:
    return "" if style is None else str(style)


def _shows_styles() -> bool:
    """On a terminal, unless it is said to be none; as Rich decides it."""
    compatible = os.environ.get("TTY_COMPATIBLE", "")
    return compatible == "1" or (compatible != "0" and os.environ.get("FORCE_COLOR") != "")
