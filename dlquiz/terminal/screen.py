"""The lines below a card that give way to what comes next: keys, what is ticked, a running clock. Knows no card."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dlquiz.text import cells

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


def redraws() -> bool:
    """Can lines be drawn over themselves there, and may they? ACCESSIBLE asks for a plain transcript, as screen readers need it."""
    if os.environ.get("TERM", "").lower() in ("dumb", "unknown") or os.environ.get("ACCESSIBLE", "") not in ("", "0"):
        return False
    if sys.platform == "win32":
        from rich.console import detect_legacy_windows

        if detect_legacy_windows():
            return False
    encoding = (sys.stdout.encoding or "utf-8").lower()
    return encoding.replace("-", "").startswith("utf")  # what is spelled out has another width


class Footer:
    """On a terminal its lines are drawn over themselves; where nothing can be drawn twice they are printed as they come."""

    def __init__(self, console: Console, *, lines: bool) -> None:
        """
        Args:
            console: Where it is drawn.
            lines: Line mode: nothing is ever drawn over.
        """
        self._console = console
        self.redraws = not lines and redraws()
        self._items: Sequence[RenderableType] = ()
        self._told = ""  #: the line of changing text
        self._above = 0  #: of its lines on the screen, those above the cursor
        self._open = False  #: the line of changing text is on the screen

    def draw(self, *items: RenderableType, told: str = "") -> None:
        """Show these in place of what the foot showed, and a line of changing text below them."""
        above = self._bare()
        self._items, self._told = items, ""
        with self._console.capture() as taken:
            for item in items:
                self._console.print(item)
        lines = taken.get().splitlines()
        if not self.redraws:
            lines = [line.rstrip() for line in lines]
        self._above = len(lines)
        self._open = False
        self._write(above + "".join(f"{line}\n" for line in lines))
        if told:
            self.tell(told)

    def tell(self, text: str) -> None:
        """The line of changing text; where lines can be drawn twice it takes the place of the one before, and is cut to the width."""
        if not self.redraws:
            self._write(f"{text}\n")
        elif not self._open or text != self._told:
            if cells.length(text) >= self._console.width:
                text = cells.cut(text, self._console.width - 1)
            self._write(f"\r{text}\x1b[K")
            self._told, self._open = text, True

    def again(self) -> None:
        """Show what it showed before it was cleared, where it was cleared at all."""
        if self.redraws:
            self.draw(*self._items, told=self._told)

    def clear(self) -> None:
        """Take it off the screen; what is printed next stands in its place."""
        if bare := self._bare():
            self._write(bare)
        self._above, self._open = 0, False

    def _bare(self) -> str:
        """What takes it off the screen."""
        if not self.redraws or not (self._above or self._open):
            return ""
        return "\r" + (f"\x1b[{self._above}A" if self._above else "") + "\x1b[J"

    def keep(self) -> None:
        """Leave it where it is; what is printed next stands below."""
        if self._open:
            self._write("\n")
        self._above, self._open = 0, False

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
