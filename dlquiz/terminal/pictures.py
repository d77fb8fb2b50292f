"""Pictures outside the terminal: the system's own viewer. Draws none itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")  # where a window can open; elsewhere one would be looked for in vain


def viewer(environ: Mapping[str, str], platform: str = sys.platform) -> list[str] | None:
    """The command that opens a file in the program the user has for it; None where there is no screen for its window.

    Args:
        environ: Where DLQUIZ_VIEWER names another one, and screens are looked up.
        platform: As `sys.platform` has it.
    """
    if environ.get("DLQUIZ_VIEWER"):
        return [environ["DLQUIZ_VIEWER"]]
    if platform == "darwin":
        return ["open"]
    if platform == "win32":
        return ["explorer"]
    opener = shutil.which("xdg-open", path=environ.get("PATH"))
    return [opener] if opener and any(environ.get(name) for name in SCREENS) else None


def show(path: Path) -> bool:
    """Open a picture in the system's viewer, which lives on by itself; False where there is none."""
    command = viewer(os.environ)
    if command is None:
        return False
    nowhere = subprocess.DEVNULL
    try:
        subprocess.Popen([*command, str(path)], stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)
    except OSError:
        return False
    return True
