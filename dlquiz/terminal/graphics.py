"""Pictures inside a terminal that speaks kitty's or iTerm2's protocol: which one, how large, what is sent. Writes nothing itself."""

from __future__ import annotations

import struct
import sys
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

if sys.platform != "win32":
    import fcntl
    import termios

MAX_BYTES = 8 << 20  # of a file; larger ones are the viewer's
PIECE = 4096  # bytes of base64 that kitty takes at once
NUMBER = 3107  # of our picture among those that kitty holds
CELL = (10, 20)  # pixels, where the terminal does not tell
PNG = b"\x89PNG\r\n\x1a\n"
ITERM2_FORMS = (".png", ".jpg", ".jpeg", ".gif", ".webp")


class Protocol(StrEnum):
    KITTY = "kitty"
    ITERM2 = "iterm2"


class Image(NamedTuple):
    """A picture as a terminal gets it."""

    draw: str  #: puts it with its upper left corner at the cursor
    erase: str  #: takes it away; "" where the next text does
    rows: int  #: of the screen


class Picture(NamedTuple):
    """A picture over the region, and where its upper left corner is, counted from the region's first cell."""

    image: Image
    row: int
    column: int


def spoken(environ: Mapping[str, str], platform: str = sys.platform) -> Protocol | None:
    """What the terminal understands, as far as it says so itself; None for no pictures.

    tmux and screen are between us and the terminal and know nothing of a picture, so that it would stay where it was drawn.

    Args:
        environ: Where `DLQUIZ_PICTURES` (kitty, iterm2, viewer) decides for itself.
        platform: As `sys.platform` has it.
    """
    named, term, program = (environ.get(name, "") for name in ("DLQUIZ_PICTURES", "TERM", "TERM_PROGRAM"))
    if named:
        return Protocol(named) if named in list(Protocol) else None
    if platform == "win32" or environ.get("TMUX") or environ.get("STY") or term.startswith(("tmux", "screen")):
        return None
    if environ.get("KITTY_WINDOW_ID") or term in ("xterm-kitty", "xterm-ghostty") or program == "ghostty":
        return Protocol.KITTY
    known = program in ("iTerm.app", "WezTerm", "mintty") or environ.get("LC_TERMINAL") == "iTerm2"
    return Protocol.ITERM2 if known else None


def image(protocol: Protocol, path: Path, columns: int, rows: int, cell: tuple[int, int] = CELL) -> Image | None:
    """A picture's file for so many cells at most; an SVG is shown by the PNG beside it.

    Args:
        protocol: What the terminal understands.
        path: The file.
        columns: How wide it may be.
        rows: How high.
        cell: Pixels of a cell, width and height.

    Returns:
        None where the terminal can't show that file.
    """
    file = path.with_suffix(".png") if path.suffix.lower() == ".svg" else path
    with suppress(OSError):
        raw = file.read_bytes() if file.stat().st_size <= MAX_BYTES else b""
        if raw.startswith(PNG) and len(raw) >= 24:
            width, height = struct.unpack(">II", raw[16:24])
            return _fitted(protocol, raw, (max(1, width), max(1, height)), (columns, rows), cell)
        if raw and protocol is Protocol.ITERM2 and file.suffix.lower() in ITERM2_FORMS:
            return Image(_iterm2(raw, columns, rows), "", rows)
    return None


def cell_size(descriptor: int) -> tuple[int, int]:
    """Pixels of a cell of that terminal."""
    if sys.platform != "win32":
        with suppress(OSError):
            answer = fcntl.ioctl(descriptor, termios.TIOCGWINSZ, b"\0" * 8)
            rows, columns, width, height = struct.unpack("HHHH", answer)
            if rows and columns and width >= columns and height >= rows:
                return width // columns, height // rows
    return CELL


def _fitted(
    protocol: Protocol, raw: bytes, size: tuple[int, int], cells: tuple[int, int], cell: tuple[int, int]
) -> Image:
    """As large as there is room, and no larger than it is."""
    scale = min(1.0, *(cells[side] * cell[side] / size[side] for side in (0, 1)))
    columns, rows = (max(1, min(cells[side], round(size[side] * scale / cell[side]))) for side in (0, 1))
    if protocol is Protocol.ITERM2:
        return Image(_iterm2(raw, columns, rows), "", rows)
    return Image(_kitty(raw, columns, rows), _KITTY_ERASE, rows)


_KITTY_ERASE = f"\x1b_Ga=d,d=I,i={NUMBER},q=2\x1b\\"


def _kitty(raw: bytes, columns: int, rows: int) -> str:
    """Both sides are told, as an older kitty asks for; the cursor stays, and nothing is answered."""
    text = b64encode(raw).decode()
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    heads = [f"a=T,f=100,t=d,i={NUMBER},p=1,q=2,C=1,c={columns},r={rows},", *["q=2,"] * (len(pieces) - 1)]
    ends = [*["m=1"] * (len(pieces) - 1), "m=0"]
    return "".join(f"\x1b_G{head}{end};{piece}\x1b\\" for head, end, piece in zip(heads, ends, pieces, strict=True))


def _iterm2(raw: bytes, columns: int, rows: int) -> str:
    room = f"width={columns};height={rows};preserveAspectRatio=1;doNotMoveCursor=1"
    return f"\x1b]1337;File=inline=1;size={len(raw)};{room}:{b64encode(raw).decode()}\x07"
