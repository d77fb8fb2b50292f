"""Keys from a Windows console."""

from __future__ import annotations

import sys
import time

from dlquiz.terminal.keys import TerminalKeys

if sys.platform == "win32":
    import msvcrt

    POLL_SECONDS = 0.02
    SPECIAL = {
        "H": "up",
        "P": "down",
        "K": "left",
        "M": "right",
        "G": "home",
        "O": "end",
        "S": "delete",
        "I": "pageup",
        "Q": "pagedown",
    }

    class WindowsKeys(TerminalKeys):
        def char(self, seconds: float | None = None) -> str | None:
            """Arrow and function keys come as two characters."""
            end = None if seconds is None else time.monotonic() + seconds
            while end is not None and not msvcrt.kbhit():
                if time.monotonic() >= end:
                    return None
                time.sleep(POLL_SECONDS)
            char = msvcrt.getwch()
            if char in ("\x00", "\xe0"):
                return SPECIAL.get(msvcrt.getwch())
            if char == "\x03":
                raise KeyboardInterrupt
            return "\x04" if char == "\x1a" else char
