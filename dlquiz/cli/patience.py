"""A word for whoever waits: what is being done, where it takes longer than a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

AFTER_S = 1.0


@contextmanager
def patience(what: str) -> Iterator[None]:
    """On a terminal, say what is being done once it has taken a second; the line is gone when it is done.

    Meanwhile nothing else may be printed.
    """
    if not sys.stderr.isatty():
        yield
        return
    line, is_shown = f"{what} ...", threading.Event()

    def show() -> None:
        is_shown.set()
        sys.stderr.write(line)
        sys.stderr.flush()

    timer = threading.Timer(AFTER_S, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if is_shown.is_set():
            sys.stderr.write(f"\r{' ' * len(line)}\r")
            sys.stderr.flush()
