"""A word for whoever waits: what is being done, where it takes longer than a second."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from dlquiz.text import cells, printable

AFTER_S = 1.0


@contextmanager
def patience(what: str) -> Iterator[None]:
    """On a terminal, say what is being done once it has taken a second; the line is gone when it is done.

    Meanwhile nothing else may be printed.
    """
    if not sys.stderr.isatty():
        yield
        return
    line, is_shown = _on_one_line(f"{what} ..."), threading.Event()

    def show() -> None:
        is_shown.set()
        _write(line)

    timer = threading.Timer(AFTER_S, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if is_shown.is_set():
            _write(f"\r{' ' * cells.length(line)}\r")


def _on_one_line(text: str) -> str:
    """What the terminal holds of it in a line: of what is wrapped, the first part could not be wiped."""
    with suppress(OSError, ValueError):
        return cells.cut(printable.clean(text), max(1, os.get_terminal_size(sys.stderr.fileno()).columns - 1))
    return printable.clean(text)


def _write(text: str) -> None:
    with suppress(OSError):  # the terminal was closed: what is being done tells of it, if it matters
        sys.stderr.write(text)
        sys.stderr.flush()
