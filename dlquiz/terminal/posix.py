"""Keys from a POSIX terminal in cbreak mode, restored after Ctrl-C, Ctrl-Z, Ctrl-\\, a hang-up and every other end."""

from __future__ import annotations

import codecs
import os
import select
import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from types import FrameType
from typing import Any

from dlquiz.terminal.keys import TerminalKeys
from dlquiz.terminal.line import DrawLine

ESCAPE_SECONDS = 0.05  # a lone Esc is one that nothing follows
PIECE_SECONDS = 1.0  # the rest of a sequence that has begun comes within that, over any line
ALT_SECONDS = 0.2  # Alt with [, O, ], P, _, ^ or X looks like the begin of a sequence; then nothing follows
STRINGS = "]P_^X"  # begin OSC, DCS, APC, PM and SOS: the terminal's own replies
RATING = "0123456789\r\n"  # with Alt no rating; any other key with Alt is Esc and the key
CANCEL = "\x18\x1a"  # ends any sequence
SPECIAL = {
    "A": "up", "B": "down", "200~": "paste", "201~": "pasted",
    "D": "left", "C": "right", "H": "home", "F": "end", "1~": "home", "4~": "end", "7~": "home", "8~": "end", "3~": "delete",
    "5~": "pageup", "6~": "pagedown",
}  # fmt: skip
PASTE_ON, PASTE_OFF = "\x1b[?2004h", "\x1b[?2004l"  # a paste comes marked: nothing in it is a key
# A resize by hand sends many signals; redraw after the last, or at a key: where rows are wrapped each drawing may leave some behind.
SETTLE_SECONDS = 0.35


class PosixKeys(TerminalKeys):
    def __init__(
        self,
        draw: DrawLine,
        redraw: Callable[[], None],
        stopped: Callable[[], AbstractContextManager[None]],
    ) -> None:
        super().__init__(draw)
        self._redraw = redraw
        self._while_stopped = stopped
        self._fd = sys.stdin.fileno()
        self._kept: list[Any] = termios.tcgetattr(self._fd)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._waiting: list[str] = []
        self._end = 0  #: the signal that asked for the end
        self._wake, self._ring = os.pipe()
        os.set_blocking(self._ring, False)
        os.set_blocking(self._wake, False)
        self._handlers = {
            number: signal.signal(number, handler)
            for number, handler in (
                (signal.SIGWINCH, self._resized),
                (signal.SIGTSTP, self._stopped),
                (signal.SIGHUP, self._ended),
                (signal.SIGTERM, self._ended),
                (signal.SIGQUIT, self._ended),
            )
        }
        self._enter()

    def _enter(self) -> None:
        """Keys one by one, unechoed; Ctrl-C still interrupts. TCSANOW keeps what was typed ahead."""
        mode = termios.tcgetattr(self._fd)
        mode[3] &= ~(termios.ICANON | termios.ECHO)
        mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
        with suppress(termios.error):
            termios.tcsetattr(self._fd, termios.TCSANOW, mode)
        _mark_pastes(PASTE_ON)

    def _leave(self) -> None:
        _mark_pastes(PASTE_OFF)
        with suppress(termios.error, OSError):
            termios.tcsetattr(self._fd, termios.TCSANOW, self._kept)

    def forget(self) -> None:
        self._leave()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._wake)
        os.close(self._ring)

    def char(self, seconds: float | None = None) -> str | None:
        """As TerminalKeys has it.

        Raises:
            SystemExit: A signal asked for the end. It is raised here and nowhere else: not in the middle of writing an answer.
        """
        if self._end:
            raise SystemExit(128 + self._end)
        if not self._waiting:
            ready, _, _ = select.select([self._fd, self._wake], [], [], seconds)
            if self._end:
                raise SystemExit(128 + self._end)
            if self._wake in ready:
                self._settle()
                return None
            if not ready:
                return None
            if not self._fill():
                return ""
        if not self._waiting:
            return None  # the first bytes of a character
        char = self._take()
        return self._after_escape() if char == "\x1b" else char

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Ctrl-Z stops that program and this one alike, as a shell's jobs do."""
        self._leave()
        before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        try:
            yield
        finally:
            signal.signal(signal.SIGTSTP, before)
            self._enter()

    def waiting(self) -> int:
        while select.select([self._fd], [], [], 0)[0] and self._fill():
            pass
        return len(self._waiting)

    def _take(self) -> str:
        self._ahead = max(0, self._ahead - 1)
        return self._waiting.pop(0)

    def _fill(self) -> bool:
        """Read what is there; False when the terminal is gone."""
        try:
            raw = os.read(self._fd, 1024)
        except OSError:  # EIO: the terminal was closed
            return False
        self._waiting.extend(self._decoder.decode(raw))
        return bool(raw)

    def _after_escape(self) -> str | None:
        """Esc itself, or the name of the special key whose sequence follows; None for one that has none, a reply of the terminal, or a
        digit with Alt.
        """
        if not self._comes(ESCAPE_SECONDS) or self._waiting[0] not in f"[O{STRINGS}{RATING}":
            return "\x1b"
        first = self._take()
        if first in STRINGS:
            self._skip_string()
        if first not in "[O":
            return None
        sequence = ""
        while self._comes(PIECE_SECONDS if sequence else ALT_SECONDS) and self._waiting[0] not in f"\x1b{CANCEL}":
            sequence += self._take()
            if "@" <= sequence[-1] <= "~":
                break
        return SPECIAL.get(sequence)

    def _skip_string(self) -> None:
        """Take a reply of the terminal up to its end, which is BEL or ST; another sequence, or none of it in time, ends it too."""
        seconds = ALT_SECONDS
        while self._comes(seconds):
            if self._waiting[0] == "\x1b":
                if not self._comes(PIECE_SECONDS, 2):
                    return
                if self._waiting[1] == "\\":
                    self._take()
                    self._take()
                return
            if self._take() in f"\x07\x9c{CANCEL}":
                return
            seconds = PIECE_SECONDS

    def _comes(self, seconds: float, many: int = 1) -> bool:
        """Do so many characters wait, or come in time?"""
        end = time.monotonic() + seconds
        while len(self._waiting) < many:
            if not select.select([self._fd], [], [], max(0.0, end - time.monotonic()))[0] or not self._fill():
                return False
        return True

    def _settle(self) -> None:
        while self._wake in select.select([self._wake, self._fd], [], [], SETTLE_SECONDS)[0]:
            with suppress(BlockingIOError):
                os.read(self._wake, 1024)
        self._redraw()

    def _resized(self, _number: int, _frame: FrameType | None) -> None:
        with suppress(BlockingIOError):
            os.write(self._ring, b"r")

    def _stopped(self, _number: int, _frame: FrameType | None) -> None:
        """Ctrl-Z: hand the terminal back, stop, and take it again when continued."""
        self._leave()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        with self._while_stopped():
            os.kill(os.getpid(), signal.SIGTSTP)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTSTP})
        signal.signal(signal.SIGTSTP, self._stopped)
        self._enter()
        self._resized(0, None)

    def _ended(self, number: int, _frame: FrameType | None) -> None:
        self._end = number
        self._resized(0, None)  # wakes whoever waits for a key


def _mark_pastes(sequence: str) -> None:
    """Where the terminal is one that knows control sequences."""
    if os.environ.get("TERM", "dumb") not in ("dumb", "unknown"):
        with suppress(OSError, ValueError):  # it was closed
            # Past the buffer: a signal may have come while that is written.
            os.write(sys.stdout.fileno(), sequence.encode())
