"""Keys from a Windows console, whose modes are put back at the end."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import IO

from dlquiz.terminal import win32
from dlquiz.terminal.keys import TerminalKeys
from dlquiz.terminal.line import DrawLine
from dlquiz.terminal.win32 import KeyEvent

POLL_SECONDS = 0.05  # Ctrl-C and a resize are noticed that often
SETTLE_SECONDS = 0.15  # a resize by hand is many; redraw after the last
BURST_SECONDS = 0.01  # what comes so soon after a key was pressed by no finger
FASTEST_SECONDS = 0.02  # from key to key; a key held down repeats 30 times a second
PASTE_GAP_SECONDS = 0.1  # a paste is over when nothing came for so long
ALT_KEY = 0x12
ALT, CTRL = 0x0001 | 0x0002, 0x0004 | 0x0008  # left or right; AltGr is both together
SPECIAL = {
    0x21: "pageup", 0x22: "pagedown", 0x23: "end", 0x24: "home",
    0x25: "left", 0x26: "up", 0x27: "right", 0x28: "down", 0x2E: "delete",
}  # fmt: skip


class WindowsKeys(TerminalKeys):
    """A console marks no paste: it is told by its speed."""

    def __init__(self, draw: DrawLine, redraw: Callable[[], None], keyboard: IO[str]) -> None:
        super().__init__(draw)
        self._redraw = redraw
        self._console = win32.Console(keyboard)
        self._kept = self._console.mode()
        self._size = _size()
        self._waiting: list[str] = []
        self._pasting = False
        self._gone = False  #: the console was closed
        self._high = 0  #: the first half of a character that comes in two
        self._looked = time.monotonic()  #: when the keyboard was last found empty, or emptied
        self._end = 0  #: the signal that asked for the end
        self._break = getattr(signal, "SIGBREAK", None)
        self._handler = signal.signal(self._break, self._ended) if self._break else None
        self._enter()

    def _enter(self) -> None:
        """Special keys as such; Ctrl-C interrupts. Nothing is echoed where events are read."""
        if self._kept is not None:
            flags = self._kept & ~win32.ENABLE_VIRTUAL_TERMINAL_INPUT
            self._console.set_mode(flags | win32.ENABLE_PROCESSED_INPUT)

    def _leave(self) -> None:
        if self._kept is not None:
            self._console.set_mode(self._kept)

    def forget(self) -> None:
        self._leave()
        if self._break:
            signal.signal(self._break, self._handler)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Another program has the console."""
        self._leave()
        try:
            yield
        finally:
            self._enter()
            self._size, self._looked = _size(), time.monotonic()

    def char(self, seconds: float | None = None) -> str | None:
        """As TerminalKeys has it.

        Raises:
            SystemExit: Ctrl-Break asked for the end. It is raised here and nowhere else: not in the middle of writing an answer.
        """
        end = None if seconds is None else time.monotonic() + seconds
        while not self._waiting:
            if self._end:
                raise SystemExit(128 + self._end)
            if self._gone:
                return ""
            if self._resized():
                return None
            seconds = POLL_SECONDS if end is None else min(POLL_SECONDS, end - time.monotonic())
            if self._pasting:
                self._pasting = self._arrived(PASTE_GAP_SECONDS)
                if not self._pasting:
                    return "pasted"
                continue
            self._arrived(max(0.0, seconds))
            if end is not None and not self._waiting and time.monotonic() >= end:
                return None
        self._ahead = max(0, self._ahead - 1)
        return self._waiting.pop(0)

    def waiting(self) -> int:
        if self._console.wait(0):
            self._fill(self._looked)
        return len(self._waiting)

    def _arrived(self, seconds: float) -> bool:
        """Has anything happened to the keyboard in time? What did is taken."""
        began = self._looked
        if not self._console.wait(0):
            if not self._console.wait(seconds):
                self._looked = time.monotonic()
                return False
            began = time.monotonic()
        self._fill(began)
        return True

    def _fill(self, began: float) -> None:
        """Take what was typed since `began`. Faster than anybody types, it was pasted."""
        time.sleep(BURST_SECONDS)
        events = self._console.key_events()
        self._looked = time.monotonic()
        if events is None:
            self._gone = True
            return
        typed = self._typed(events)
        if not self._pasting and len(typed) > 1 and self._looked - began < len(typed) * FASTEST_SECONDS:
            self._pasting = True
            self._waiting.append("paste")
        self._waiting += [key for key, repeats in typed for _ in range(repeats)]

    def _typed(self, events: Sequence[KeyEvent]) -> list[tuple[str, int]]:
        """Characters and names of special keys, each with how often it is meant."""
        typed = []
        for event in events:
            composed = (
                not event.down and event.virtual_key == ALT_KEY and event.unit
            )  # Alt with digits ends as it is let go
            accelerator = event.modifiers & ALT and not event.modifiers & CTRL
            if not composed and (accelerator or not event.down):
                continue
            key = self._character(event.unit) if event.unit else SPECIAL.get(event.virtual_key)
            if key:
                typed.append(("\x04" if key == "\x1a" else key, max(1, event.repeats)))
        return typed

    def _character(self, unit: int) -> str:
        """A character, once it is whole."""
        high, self._high = self._high, 0
        if 0xD800 <= unit < 0xDC00:
            self._high = unit
            return ""
        if 0xDC00 <= unit < 0xE000:
            return chr(0x10000 + (high - 0xD800 << 10) + unit - 0xDC00) if high else ""
        return chr(unit)

    def _resized(self) -> bool:
        """Was the window resized? It is drawn again then."""
        size = _size()
        if size == self._size:
            return False
        while size != self._size:
            self._size = size
            time.sleep(SETTLE_SECONDS)
            size = _size()
        self._redraw()
        return True

    def _ended(self, number: int, _frame: FrameType | None) -> None:
        self._end = number


def _size() -> os.terminal_size | None:
    try:
        return os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):  # the console is gone
        return None
