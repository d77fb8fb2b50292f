"""The live region: rows of the normal screen that are drawn over themselves, and the lines they leave above. Knows no card.

The cursor is hidden and rests in the region's first cell. A terminal that is resized moves it together with that cell, however it wraps
the rows anew, so that everything from the cursor on is always the region and nothing else. Rows that such wrapping pushes out of a window
that got narrower are among those that have scrolled away (tmux, kitty), and no terminal gives them back; xterm wraps none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from dlquiz.terminal.graphics import Picture

HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"  # the cursor
CLIP, WRAP = "\x1b[?7l", "\x1b[?7h"  # a row that is wider than our tables say must not run into the next
SAVE, RESTORE = "\x1b7", "\x1b8"  # the cursor's place
ERASE_LINE = "\x1b[K"
BOTTOM = "\x1b[999B"  # the screen's last line, where the region ends: its foot never moves
# All from the cursor's row on, but not as one erasure of a whole screen: tmux keeps what that erases among the lines that scrolled away.
ERASE_BELOW = "\r\x1b[K\x1b[B\x1b[J\x1b[A"


class Region:
    """Its rows on the screen; every change is one write."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._rows: list[str] = []  #: on the screen now
        self._picture: Picture | None = None  #: over them

    @property
    def open(self) -> bool:
        """Is it on the screen?"""
        return bool(self._rows)

    def draw(self, screen_lines: Sequence[str], above: Sequence[str] = (), picture: Picture | None = None) -> None:
        """Show these lines in its place; only those that changed are written.

        Args:
            screen_lines: At most as many as the screen has, none wider than it; with styles.
            above: Lines that are left above it for good.
            picture: What is drawn over the lines, until a drawing without it.
        """
        if self._rows and len(screen_lines) == len(self._rows) and not above and picture == self._picture:
            changed = [number for number, line in enumerate(screen_lines) if line != self._rows[number]]
            if not changed:
                return
            text = "".join(f"{_down(number)}{ERASE_LINE}{screen_lines[number]}\r{_up(number)}" for number in changed)
        else:
            scrolled = "".join(f"{ERASE_LINE}{line}\r\n" for line in above)
            start = ERASE_BELOW if self._rows else f"{HIDE}\r"
            body = "\r\n".join(f"{ERASE_LINE}{line}" for line in screen_lines)
            room = (
                "\n" * (len(screen_lines) - 1) + f"{BOTTOM}{_up(len(screen_lines) - 1)}\r"
            )  # scrolls only as far as it has to
            text = f"{self._bare()}{start}{scrolled}{room}{body}\r{_up(len(screen_lines) - 1)}{_drawn(picture)}"
            self._picture = picture
        self._write(text if text.isascii() else f"{CLIP}{text}{WRAP}")
        self._rows = list(screen_lines)

    def forget(self) -> None:
        """The screen was resized: the next drawing writes every row."""
        if self._rows:
            self._rows = [""]

    def clear(self, above: Sequence[str] = ()) -> None:
        """Take it off the screen; what is printed next stands in its place.

        Args:
            above: Lines that are left there for good.
        """
        scrolled = "".join(f"{ERASE_LINE}{line}\r\n" for line in above)
        if self._rows:
            self._write(f"{self._bare()}{ERASE_BELOW}{scrolled}{SHOW}")
        elif scrolled:
            self._write(f"\r{scrolled}")
        self._rows, self._picture = [], None

    def _bare(self) -> str:
        """What takes the picture away that is on the screen."""
        return self._picture.image.erase if self._picture else ""

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _drawn(picture: Picture | None) -> str:
    """The picture in its place; the cursor is where it was."""
    if picture is None:
        return ""
    return f"{SAVE}{_down(picture.row)}\x1b[{picture.column}C{picture.image.draw}{RESTORE}"


def _down(count: int) -> str:
    return f"\x1b[{count}B" if count else ""


def _up(count: int) -> str:
    return f"\x1b[{count}A" if count else ""
