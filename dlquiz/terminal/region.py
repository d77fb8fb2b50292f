"""The live region: rows of the normal screen that are drawn over themselves, and the lines they leave above. Knows no card.

The cursor is hidden and rests in the region's first cell. A terminal that is resized moves it together with that cell, however it wraps
the rows anew, so that everything from the cursor on is always the region and nothing else.

Some terminals wrap the rows of a window that gets narrower from its last row up, and push what no longer fits to what has scrolled away,
before any program hears of it. From there nothing takes single lines back (tmux, Alacritty, foot). kitty and Ghostty do so too, but wrap no
prompt, since shells draw theirs anew; there the region is marked as one. xterm wraps nothing, VTE keeps the cursor's row in its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from dlquiz.terminal.graphics import Picture

HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"  # the cursor
# A row that is wider than our tables say, or than a window that was just resized, must not run into the next.
CLIP, WRAP = "\x1b[?7l", "\x1b[?7h"
SAVE, RESTORE = "\x1b7", "\x1b8"  # the cursor's place
ERASE_LINE = "\x1b[K"
BOTTOM = "\x1b[999B"  # the screen's last line, where the region ends: its foot never moves
# All from the cursor's row on, but not as one erasure of a whole screen: tmux keeps what that erases among the lines that scrolled away.
ERASE_BELOW = "\r\x1b[K\x1b[B\x1b[J\x1b[A"
ERASES_PROMPTS = ("kitty", "ghostty")  # when resized; other terminals do something else with such marks
PROMPT, OUTPUT = (
    "\x1b]133;A;redraw=1\x1b\\",
    "\x1b]133;C\x1b\\",
)  # what the rows from the cursor's on are (semantic prompts, OSC 133)


class Region:
    """Its rows on the screen; every change is one write."""

    def __init__(self, stream: TextIO, environ: Mapping[str, str] | None = None) -> None:
        """
        Args:
            stream: The terminal.
            environ: Tells which one it is.
        """
        name = _name(environ or {})
        self._stream = stream
        self._prompt, self._output = (PROMPT, OUTPUT) if name in ERASES_PROMPTS else ("", "")
        self._strays = name == "foot"
        self._rows: list[str] = []  #: on the screen now
        self._resized = False  #: since they were drawn
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
        if (
            self._rows
            and not self._resized
            and len(screen_lines) == len(self._rows)
            and not above
            and picture == self._picture
        ):
            changed = [number for number, line in enumerate(screen_lines) if line != self._rows[number]]
            if not changed:
                return
            # Back by the place that was kept, not by rows: a window that was just resized may have fewer below the cursor.
            text = "".join(f"{SAVE}{_down(number)}{ERASE_LINE}{screen_lines[number]}{RESTORE}" for number in changed)
        else:
            start = f"{self._found()}{ERASE_BELOW}" if self._rows else f"{HIDE}\r"
            body = "\r\n".join(f"{ERASE_LINE}{line}" for line in screen_lines)
            room = (
                "\n" * (len(screen_lines) - 1) + f"{BOTTOM}{_up(len(screen_lines) - 1)}\r"
            )  # scrolls only as far as it has to
            text = f"{self._bare()}{start}{self._left(above)}{room}{self._prompt}{body}\r{_up(len(screen_lines) - 1)}{_drawn(picture)}"
            self._picture = picture
        self._write(f"{CLIP}{text}{WRAP}")
        self._rows, self._resized = list(screen_lines), False

    def forget(self) -> None:
        """The screen was resized: the next drawing writes every row."""
        self._resized = True

    def clear(self, above: Sequence[str] = ()) -> None:
        """Take it off the screen; what is printed next stands in its place.

        Args:
            above: Lines that are left there for good.
        """
        if self._rows:
            self._write(f"{self._bare()}{self._found()}{ERASE_BELOW}{self._output}{self._left(above)}{SHOW}")
        elif above:
            self._write(f"\r{self._left(above)}")
        self._rows, self._picture = [], None

    def _found(self) -> str:
        """What moves the cursor from the screen's last row to where the region began: there foot puts it when its row was pushed away."""
        rest = len(self._rows) - 1
        return f"{_down(rest)}{_up(rest)}" if self._strays and self._resized else ""

    def _left(self, above: Sequence[str]) -> str:
        """Lines that are no longer the region's."""
        return "".join(f"{self._output}{ERASE_LINE}{line}\r\n" for line in above)

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


def _name(environ: Mapping[str, str]) -> str:
    """Which terminal it is, as far as that makes a difference; tmux and screen are between it and us."""
    if environ.get("TMUX") or environ.get("STY"):
        return ""
    terminal = f"{environ.get('TERM', '')} {environ.get('TERM_PROGRAM', '')}".lower()
    return next((name for name in (*ERASES_PROMPTS, "foot") if name in terminal), "")


def _down(count: int) -> str:
    return f"\x1b[{count}B" if count else ""


def _up(count: int) -> str:
    return f"\x1b[{count}A" if count else ""
