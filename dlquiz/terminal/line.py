"""A line of text being typed, as a value: what a key makes of it, and how it is drawn in one line of the screen."""

import re
from collections.abc import Callable
from typing import NamedTuple

from dlquiz.text import cells


class Line(NamedTuple):
    """Text with a cursor; wide and combining characters are whole."""

    before: str = ""  #: text before the cursor
    behind: str = ""

    @property
    def text(self) -> str:
        return self.before + self.behind

    def after(self, key: str) -> "Line":
        """The line once a key was pressed: a character, a control character, or left, right, home, end, delete."""
        before, behind = self
        match key:
            case "\x7f" | "\b":
                return Line(_without_last(before), behind)
            case "delete":
                return Line(before, behind[len(_first(behind)) :])
            case "left" | "\x02":
                shortened = _without_last(before)
                return Line(shortened, before[len(shortened) :] + behind)
            case "right" | "\x06":
                step = _first(behind)
                return Line(before + step, behind[len(step) :])
            case "home" | "\x01":
                return Line("", self.text)
            case "end" | "\x05":
                return Line(self.text, "")
            case "\x15":
                return Line("", behind)
            case "\x0b":
                return Line(before, "")
            case "\x17":
                return Line(re.sub(r"\S*\s*$", "", before), behind)
        return Line(before + key, behind) if len(key) == 1 and key.isprintable() else self

    def within(self, room: int) -> tuple[str, str]:
        """What is shown of it in so many cells, before the cursor and behind it: the part around the cursor."""
        before, behind = self
        while cells.length(before) > room - min(4, cells.length(behind)):
            before = before[1:]
        while cells.length(before + behind) > room:
            behind = behind[:-1]
        return before, behind

    def drawn(self, prompt: str, columns: int) -> str:
        """What draws the line over itself, without a control sequence, and puts the cursor to its place.

        A text longer than the screen is wide shows the part around the cursor.
        """
        room = max(4, columns - 1 - cells.length(prompt))
        left, right = self.within(room)
        blank = room - cells.length(left + right)
        return f"\r{prompt}{left}{right}{' ' * blank}" + "\b" * (blank + cells.length(right))


DrawLine = Callable[[str, Line | None], None]  # a prompt and the line behind it; None when it is done


def _without_last(text: str) -> str:
    """Without its last character and what combines with it."""
    end = len(text) - 1
    while end > 0 and not cells.length(text[end]):
        end -= 1
    return text[: max(0, end)]


def _first(text: str) -> str:
    """The first character with what combines with it."""
    end = 1
    while end < len(text) and not cells.length(text[end]):
        end += 1
    return text[:end]
