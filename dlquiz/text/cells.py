"""How many cells of a terminal a text takes: one a character, mostly; else by Rich's tables, which are loaded when they are needed."""

from __future__ import annotations

from functools import lru_cache

# ASCII, Latin, Greek and Cyrillic letters, dashes and quotes, superscripts, arrows, mathematics, boxes: all of them one cell wide.
_NARROW = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x2FF), (0x370, 0x482), (0x2010, 0x2027), (0x2030, 0x203B), (0x2070, 0x209C),
    (0x2190, 0x2199), (0x2200, 0x22FF), (0x2500, 0x25FC),
)  # fmt: skip


@lru_cache(maxsize=4096)
def _narrow(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _NARROW)


def are_narrow(text: str) -> bool:
    """Is each of its characters known to be one cell wide?"""
    return text.isprintable() if text.isascii() else all(map(_narrow, text))


def length(text: str) -> int:
    """Its width."""
    if are_narrow(text):
        return len(text)
    from rich import cells

    return cells.cell_len(text)


def cut(text: str, width: int) -> str:
    """Its beginning, at most so wide; half of a wide character becomes a space."""
    if length(text) <= width:
        return text
    if are_narrow(text):
        return text[: max(0, width)]
    from rich import cells

    return cells.set_cell_size(text, width)


def chopped(text: str, width: int) -> list[str]:
    """The text in pieces that are at most so wide."""
    if are_narrow(text):
        return [text[start : start + width] for start in range(0, len(text), width)]
    from rich import cells

    return cells.chop_cells(text, width)
