"""A written answer of several lines in a sitting."""

from __future__ import annotations

from collections.abc import Callable

from dlquiz.terminal import keys, multiline
from dlquiz.terminal.keys import Key, TerminalKeys
from dlquiz.terminal.multiline import MultilineText

ALONE = "u-@p?q"  # keys that stand alone in the first line, with Enter
TAB = "    "
Draw = Callable[[MultilineText], None]


def written(reader: TerminalKeys, draw: Draw, begun: str) -> Key:
    """An answer in several lines, ended by an empty one or Ctrl-D; or what was done instead.

    Args:
        reader: The terminal's keys.
        draw: Shows what there is of it.
        begun: What was written of it before.

    Returns:
        `typed` with the text; " " for none; a key of `ALONE` that stood alone; `esc` with the text so far; `q` at the input's end, and for
        Ctrl-D where nothing is written.
    """
    text = multiline.begun(begun)
    while True:
        if not reader.waiting():
            draw(text)
        char = reader.char()
        if char in ("", "\x04"):
            return Key("typed", text.whole) if char and text.whole.strip() else Key("q")
        if char == "\x1b":
            return Key("esc", "\n".join((*text.above, text.line.text, *text.below)))  # with a space at its end
        if char == "paste":
            for pasted in reader.pasted():
                text = text.typed(TAB) if pasted == "\t" else text.after(pasted)
        elif char in ("\r", "\n"):
            if text.whole in tuple(ALONE):
                return Key(text.whole)
            if text.at_empty_end:
                return Key("typed", text.whole) if text.whole.strip() else Key(" ")
            text = text.after("\n")
        elif char:
            text = text.after(char)


def in_lines(reader: keys.KeyReader, first: str | None = None) -> str:
    """An answer where nothing can be drawn twice, line by line up to an empty one.

    Args:
        reader: Where lines come from.
        first: Its first line, when that was read already.
    """
    lines = [] if first is None else [first]
    while line := reader.text("  > "):
        lines.append(line)
    return "\n".join(lines)
