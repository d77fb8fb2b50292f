"""The key reader of this platform's terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

from dlquiz.terminal.keys import TerminalKeys
from dlquiz.terminal.line import DrawLine


def opened(
    draw: DrawLine, redraw: Callable[[], None], stopped: Callable[[], AbstractContextManager[None]]
) -> TerminalKeys:
    """Keys one by one, until the reader's `forget` is called.

    Args:
        draw: Shows a line that is being typed.
        redraw: Called after a resize and after coming back from Ctrl-Z.
        stopped: Entered for as long as Ctrl-Z stops the program.
    """
    if sys.platform == "win32":
        from dlquiz.terminal.windows import WindowsKeys

        return WindowsKeys(draw, redraw, sys.stdin)
    from dlquiz.terminal.posix import PosixKeys  # each of the two needs modules that the other platform lacks

    return PosixKeys(draw, redraw, stopped)
