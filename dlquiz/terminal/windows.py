"""Keys from a Windows console."""

from __future__ import annotations

import sys

from dlquiz.terminal.keys import Typing

if sys.platform == "win32":
    import msvcrt

    class WindowsKeys(Typing):
        def char(self) -> str:
            """Arrow and function keys come as two characters and are swallowed."""
            while True:
                char = msvcrt.getwch()
                if char in ("\x00", "\xe0"):
                    msvcrt.getwch()
                    continue
                if char == "\x03":
                    raise KeyboardInterrupt
                return "\x04" if char == "\x1a" else char
