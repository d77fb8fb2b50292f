"""A process that works for this one: its output is read by a thread, and it never outlives its use."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import ModuleType
from typing import Any

END_SECONDS = 5  # for a process that was killed; only a broken driver holds one longer


class Child:
    """A program of this room, run by its path."""

    def __init__(self, program: ModuleType | str, read: Callable[[Any], None], arguments: Sequence[str] = ()) -> None:
        """
        Args:
            program: The module's file.
            read: Reads its standard output to the end, in a thread.
            arguments: For the program.

        Raises:
            OSError: It can't be started.
        """
        path = program if isinstance(program, str) else str(program.__file__)
        self._process = subprocess.Popen(
            [sys.executable, "-P", path, *arguments],  # -P: nothing is imported from beside the file
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name != "nt",  # Ctrl-C is ours
        )
        self._thread = threading.Thread(target=read, args=(self._process.stdout,), daemon=True)
        self._thread.start()

    def send(self, data: bytes) -> None:
        """Write to its standard input; what it can't take any more is told by the end of its output."""
        with suppress(OSError, ValueError):
            assert self._process.stdin is not None
            self._process.stdin.write(data)
            self._process.stdin.flush()

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        self._thread.join(END_SECONDS)
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None and not self._thread.is_alive():
                    pipe.close()


class Lines:
    """JSON lines as they come."""

    def __init__(self) -> None:
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()

    def read(self, stream: Any) -> None:
        """Everything that a process prints; an empty line stands for its end."""
        with suppress(OSError, ValueError):
            for line in stream:
                self._lines.put(json.loads(line))
        self._lines.put({})

    def next(self, seconds: float) -> dict[str, Any] | None:
        """The next line, {} at the end; None when none comes in time."""
        try:
            return self._lines.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None
