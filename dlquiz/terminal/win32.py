"""The few calls to the Windows console that the program makes: its modes, and the events of its keyboard."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import IO, Any, NamedTuple

ENABLE_PROCESSED_INPUT = 0x0001  # Ctrl-C interrupts
ENABLE_VIRTUAL_TERMINAL_INPUT = 0x0200  # special keys come as sequences of characters
ENABLE_PROCESSED_OUTPUT = 0x0001
ENABLE_VIRTUAL_TERMINAL_PROCESSING = 0x0004  # control sequences are obeyed instead of printed
KEY_EVENT = 0x0001
WAIT_OBJECT_0 = 0
MOST_EVENTS = 256  # read at once


class KeyEventRecord(ctypes.Structure):
    """KEY_EVENT_RECORD, with the sizes that its fields have on Windows."""

    _fields_ = (
        ("down", ctypes.c_int32),
        ("repeats", ctypes.c_uint16),
        ("virtual_key", ctypes.c_uint16),
        ("scan_code", ctypes.c_uint16),
        ("unit", ctypes.c_uint16),
        ("modifiers", ctypes.c_uint32),
    )


class InputRecord(ctypes.Structure):
    """INPUT_RECORD. The other events of its union are no longer than a key's."""

    _fields_ = (("event_type", ctypes.c_uint16), ("key", KeyEventRecord))


class KeyEvent(NamedTuple):
    """A key that went down or up."""

    down: bool
    repeats: int
    virtual_key: int
    unit: int  #: UTF-16; 0 for a key that types nothing
    modifiers: int


class Console:
    """One end of a console, the keyboard or the screen."""

    def __init__(self, stream: IO[str]) -> None:
        """
        Raises:
            OSError, ValueError: The stream is closed, or none of the system's.
        """
        self._kernel = _kernel()
        self._handle = ctypes.c_void_p(import_module("msvcrt").get_osfhandle(stream.fileno()))

    def mode(self) -> int | None:
        """Its flags; None when this is no console."""
        flags = ctypes.c_uint32()
        return flags.value if self._kernel.GetConsoleMode(self._handle, ctypes.byref(flags)) else None

    def set_mode(self, flags: int) -> bool:
        """Can it do that?"""
        return bool(self._kernel.SetConsoleMode(self._handle, ctypes.c_uint32(flags)))

    def wait(self, seconds: float) -> bool:
        """Has something happened to the keyboard? Ctrl-C is noticed at the end of the wait only."""
        milliseconds = ctypes.c_uint32(max(0, math.ceil(seconds * 1000)))
        return bool(self._kernel.WaitForSingleObject(self._handle, milliseconds) == WAIT_OBJECT_0)

    def key_events(self) -> list[KeyEvent] | None:
        """Everything that has happened to the keyboard since; None when the console is gone."""
        records, count = (InputRecord * MOST_EVENTS)(), ctypes.c_uint32()
        events: list[KeyEvent] = []
        while True:
            if not self._kernel.GetNumberOfConsoleInputEvents(self._handle, ctypes.byref(count)):
                return None
            if not count.value:
                return events
            if not self._kernel.ReadConsoleInputW(self._handle, records, MOST_EVENTS, ctypes.byref(count)):
                return None
            for record in records[: count.value]:
                if record.event_type == KEY_EVENT:
                    key = record.key
                    events.append(KeyEvent(bool(key.down), key.repeats, key.virtual_key, key.unit, key.modifiers))


def is_console(stream: IO[str]) -> bool:
    """Is a person there? NUL calls itself a terminal too."""
    try:
        return Console(stream).mode() is not None
    except (OSError, ValueError):
        return False


def obey_sequences(*streams: IO[str]) -> Callable[[], None]:
    """Let the console obey control sequences where it can; returns what puts it back as it was."""
    changed: list[tuple[Console, int]] = []
    for stream in streams:
        with suppress(OSError, ValueError):
            console = Console(stream)
            before = console.mode()
            modes = ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING
            if before is not None and before & modes != modes and console.set_mode(before | modes):
                changed.append((console, before))

    def restore() -> None:
        for console, before in reversed(changed):
            console.set_mode(before)

    return restore


def _kernel() -> Any:
    """The system's library; `Any`, because other systems' ctypes knows no WinDLL."""
    module: Any = ctypes
    return module.WinDLL("kernel32")
