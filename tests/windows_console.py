"""A console as Windows has it, for tests anywhere: what the program calls of `msvcrt` and `kernel32`, as their documentation says.

Time is its own: it passes in waits and sleeps only, and events come at the moments they are planned for.
"""

from __future__ import annotations

import ctypes
import io
import os
import sys
import time
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from dlquiz.terminal.win32 import InputRecord

KEYBOARD, SCREEN, NUL = 3, 7, 11  # handles
KEY_EVENT, FOCUS_EVENT = 1, 16
WAIT_TIMEOUT = 0x102
FILES = {0: KEYBOARD, 1: SCREEN, 2: SCREEN}  # descriptors
VIRTUAL_KEYS = {"up": 0x26, "left": 0x25, "home": 0x24, "delete": 0x2E, "f1": 0x70, "shift": 0x10, "alt": 0x12}


class Event(NamedTuple):
    kind: int = KEY_EVENT
    down: bool = True
    repeats: int = 1
    virtual_key: int = 0
    unit: int = 0
    modifiers: int = 0


class FakeStream(io.StringIO):
    """A standard stream of the console."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor


class FakeConsole:
    """The keyboard's queue and both modes."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.modes = {KEYBOARD: 0x01F7, SCREEN: 0x0003}  # what a console window of Windows 10 begins with
        self.old = False  #: one that obeys no control sequences
        self.gone = False
        self.size = os.terminal_size((80, 24))
        self._planned: list[tuple[float, Event]] = []
        self._queue: list[Event] = []

    def plan(self, seconds: float, *events: Event) -> None:
        """These happen together, so many seconds from now."""
        self._planned += [(self.now + seconds, event) for event in events]
        self._planned.sort(key=lambda planned: planned[0])
        self._pass(0)

    def press(self, seconds: float, *keys: str, modifiers: int = 0) -> None:
        """One key after another, 80 ms apart, each let go after 50 ms."""
        for place, key in enumerate(keys):
            down, up = _down_and_up(key, modifiers)
            self.plan(seconds + place * 0.08, down)
            self.plan(seconds + place * 0.08 + 0.05, up)

    def paste(self, seconds: float, text: str) -> None:
        """As a console does it: every character goes down and up at once, a line ends with Enter."""
        for char in text.replace("\n", "\r"):
            self.plan(seconds, *_down_and_up(char))

    def _pass(self, seconds: float) -> None:
        self.now += seconds
        while self._planned and self._planned[0][0] <= self.now + 1e-9:
            self._queue.append(self._planned.pop(0)[1])

    # msvcrt, time, os

    def get_osfhandle(self, descriptor: int) -> int:
        if descriptor not in FILES and descriptor != NUL:
            raise OSError(9, "Bad file descriptor")
        return FILES.get(descriptor, NUL)

    def sleep(self, seconds: float) -> None:
        self._pass(seconds)

    def monotonic(self) -> float:
        return self.now

    def get_terminal_size(self, _descriptor: int = 1) -> os.terminal_size:
        return self.size

    # kernel32

    def GetConsoleMode(self, handle: ctypes.c_void_p, flags: Any) -> int:  # noqa: N802 - as Windows has it
        if handle.value not in self.modes or self.gone:
            return 0
        flags._obj.value = self.modes[handle.value]
        return 1

    def SetConsoleMode(self, handle: ctypes.c_void_p, flags: ctypes.c_uint32) -> int:  # noqa: N802
        if handle.value not in self.modes or (self.old and handle.value == SCREEN and flags.value & 4):
            return 0
        self.modes[handle.value] = flags.value
        return 1

    def WaitForSingleObject(self, handle: ctypes.c_void_p, milliseconds: ctypes.c_uint32) -> int:  # noqa: N802
        assert handle.value == KEYBOARD
        end = self.now + milliseconds.value / 1000
        if self.gone:
            return 0
        if not self._queue and self._planned and self._planned[0][0] <= end:
            self._pass(max(0.0, self._planned[0][0] - self.now))
        elif not self._queue:
            self._pass(end - self.now)
        return 0 if self._queue else WAIT_TIMEOUT

    def GetNumberOfConsoleInputEvents(self, _handle: ctypes.c_void_p, count: Any) -> int:  # noqa: N802
        count._obj.value = len(self._queue)
        return int(not self.gone)

    def ReadConsoleInputW(self, _handle: ctypes.c_void_p, records: Any, most: int, count: Any) -> int:  # noqa: N802
        assert self._queue, "it would wait"
        taken, self._queue = self._queue[:most], self._queue[most:]
        for place, event in enumerate(taken):
            records[place] = InputRecord(
                event.kind, (event.down, event.repeats, event.virtual_key, 0, event.unit, event.modifiers)
            )
        count._obj.value = len(taken)
        return 1


def _down_and_up(key: str, modifiers: int = 0) -> tuple[Event, Event]:
    code, unit = (VIRTUAL_KEYS[key], 0) if key in VIRTUAL_KEYS else (0x41, ord(key))
    down = Event(virtual_key=code, unit=unit, modifiers=modifiers)
    return down, down._replace(down=False)


def install(monkeypatch: pytest.MonkeyPatch) -> FakeConsole:
    """This process stands at such a console from now on."""
    console = FakeConsole()
    msvcrt: Any = ModuleType("msvcrt")
    msvcrt.get_osfhandle = console.get_osfhandle
    monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)
    monkeypatch.setattr(ctypes, "WinDLL", lambda _name: console, raising=False)
    monkeypatch.setattr(time, "sleep", console.sleep)
    monkeypatch.setattr(time, "monotonic", console.monotonic)
    monkeypatch.setattr(os, "get_terminal_size", console.get_terminal_size)
    return console
