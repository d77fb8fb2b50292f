"""A program in a pseudo-terminal, seen as its screen shows it. POSIX only."""

from __future__ import annotations

import os
import re
import signal
import termios
import time
from collections.abc import Callable
from typing import Any

import pexpect
import pyte

WAIT = 20.0


def _hears_ctrl_c() -> None:
    """As a shell in a terminal starts it; tests that run in the background have their own Ctrl-C ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A program in a pseudo-terminal, and the screen that a person would see."""

    def __init__(self, command: list[str], columns: int = 80, rows: int = 24, **env: str) -> None:
        self.screen = pyte.HistoryScreen(columns, rows, history=2000)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **env}
        self.child: Any = pexpect.spawn(
            command[0],
            command[1:],
            dimensions=(rows, columns),
            env=environment,
            timeout=WAIT,
            preexec_fn=_hears_ctrl_c,
        )
        self.modes = termios.tcgetattr(self.child.child_fd)

    def pump(self, seconds: float = 0.05) -> None:
        try:
            raw = self.child.read_nonblocking(65536, timeout=seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return
        self.raw += raw
        self._stream.feed(raw)

    def text(self) -> str:
        """Everything shown so far, scrolled away or not."""
        above = ["".join(row[column].data for column in range(self.screen.columns)) for row in self.screen.history.top]
        return "\n".join(line.rstrip() for line in [*above, *self.screen.display])

    def above(self) -> str:
        """What has scrolled away."""
        return self.text()[: -len("\n".join(line.rstrip() for line in self.screen.display))].strip("\n")

    def shows(self, pattern: str, count: int = 1) -> str:
        """Wait until the text shows a pattern so many times."""
        self.until(lambda: len(re.findall(pattern, self.text(), re.MULTILINE)) >= count, pattern)
        return self.text()

    def until(self, holds: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + WAIT
        while not holds():
            assert time.monotonic() < end, f"{what!r} never came; the screen:\n{self.text()}"
            self.pump()

    def resize(self, columns: int, rows: int) -> None:
        """As xterm and tmux do it: what is below the cursor goes first, and no line is wrapped anew."""
        cursor, screen = self.screen.cursor.y, self.screen
        lines = {line: dict(row) for line, row in screen.buffer.items() if line < rows}
        gone = max(0, cursor + 1 - rows)
        assert not gone, "the cursor rests in the region's first line"
        screen.resize(rows, columns)
        screen.buffer.clear()
        for line, row in lines.items():
            screen.buffer[line].update({column: char for column, char in row.items() if column < columns})
        screen.cursor.y, screen.cursor.x = cursor, min(screen.cursor.x, columns - 1)
        self.child.setwinsize(rows, columns)

    def now(self) -> str:
        """What stands on the screen at this moment."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def type(self, keys: str) -> None:
        self.child.send(keys)

    def ended(self) -> int:
        """Wait for the end; the exit code, negative for a signal."""
        end = time.monotonic() + WAIT
        while self.child.isalive():
            assert time.monotonic() < end, f"never ended; the screen:\n{self.text()}"
            self.pump()
        for _ in range(5):
            self.pump(0.01)
        return int(-self.child.signalstatus if self.child.signalstatus else self.child.exitstatus)

    def restored(self) -> bool:
        return bool(termios.tcgetattr(self.child.child_fd)[3] & termios.ICANON) and self.echoes()

    def echoes(self) -> bool:
        return bool(termios.tcgetattr(self.child.child_fd)[3] & termios.ECHO)
