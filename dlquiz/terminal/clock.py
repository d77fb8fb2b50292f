"""Time at work, and waiting for a key while it is told: drawn again once a second, nothing else moves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dlquiz.terminal.keys import NOTHING, Key, KeyReader

SPEAK_TARGET_S = 90  # what an interviewer listens to before asking on; a note's card is written for it


class Clock:
    """Seconds at work: pauses don't count. One for a whole sitting; what a question took is the difference of two readings."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._lost = 0.0  #: seconds of all pauses
        self._holds = 0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began - self._lost

    @contextmanager
    def held(self) -> Iterator[None]:
        """The clock stands still: a pause, or the program was stopped. May be nested."""
        began, self._holds = time.monotonic(), self._holds + 1
        try:
            yield
        finally:
            self._holds -= 1
            if not self._holds:
                self._lost += time.monotonic() - began


def told(seconds: float, target: int | None = SPEAK_TARGET_S) -> str:
    """`0:23 of 1:30`; `1:33, 3 s over`."""
    over = int(seconds) - target if target else 0
    if over > 0:
        return f"{_reading(seconds)}, {f'{over} s' if over < 60 else _reading(over)} over"
    return _reading(seconds) + (f" of {_reading(target)}" if target else "")


def key(
    reader: KeyReader, when: str, *, options: int, seconds: Callable[[], float], draw: Callable[[float], None]
) -> Key:
    """The next key; until it comes the time is drawn at every full second.

    Args:
        reader: Where keys come from; a terminal's, for lines that are piped in nobody waits.
        when: BEFORE or AFTER the answer.
        options: How many answers a choice card shows.
        seconds: The time to tell, anew at each call.
        draw: Draws it over what it drew before.
    """
    while True:
        now = seconds()
        draw(now)
        pressed = reader.key(when, options=options, seconds=1 - now % 1)
        if pressed is not NOTHING:
            return pressed


def _reading(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"
