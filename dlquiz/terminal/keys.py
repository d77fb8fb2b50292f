"""What a key means and when; and reading keys from a terminal or lines from anything else."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple, Protocol

from dlquiz.terminal.line import DrawLine, Line

if sys.platform == "win32":
    from dlquiz.terminal import win32

BEFORE, AFTER, ALWAYS = "before the answer", "after the answer", "always"


class Binding(NamedTuple):
    keys: str  #: each letter a key; " " stands for Space, "\n" for Enter
    when: str
    does: str  #: as `?` tells it
    shown: str  #: the keys as they are written
    hint: str = ""  #: as the line below a card tells it; "" for keys that need no reminder
    needs: str = ""  #: what must hold of the card for the key to do anything (see `hints.conditions`)
    hinted: str = ""  #: what must hold besides for a reminder


BINDINGS = (
    Binding(" ", AFTER, "read on", "Space", "more", "more"),
    Binding(" \n", BEFORE, "show the answer (done speaking)", "Space", "show", "turned"),
    Binding(" ", BEFORE, "speak; Space again ends it", "Space", "speak", "listens"),
    Binding("\n", BEFORE, "show the answer, without being heard", "Enter", "show", "listens"),
    Binding("123456", BEFORE, "pick an answer", "1-6", "pick", "options"),
    Binding("v", BEFORE, "show the question's picture", "v", "picture", needs="picture asked"),
    Binding("yhn", BEFORE, "predict: sure, half, no", "y h n", "how sure"),
    Binding("=", BEFORE, "type an answer", "=", "type", hinted="typed"),
    Binding("", BEFORE, "begin a typed answer", "others", needs="typed"),
    Binding("abcdefg", AFTER, "tick a key point", "a-g", "tick", "points"),
    Binding("0", AFTER, "none of the key points", "0", "none", "points"),
    Binding("yn", AFTER, "yes or no: did you say the point in question?", "y n", "said it?", "unasked"),
    Binding("1234", AFTER, "again, hard, good, easy; Space never rates", "1-4"),
    Binding("\n", AFTER, "take the suggested rating", "Enter", needs="suggestion"),
    Binding("v", AFTER, "show its picture", "v", "picture", needs="picture"),
    Binding("k", AFTER, "keep as your own the words that you credited twice", "k", "keep words", "credited"),
    Binding("t", AFTER, "what was understood of your words", "t", "transcript", "transcript"),
    Binding("i", AFTER, "its whole note", "i"),
    Binding("m", AFTER, "a remark of your own", "m", needs="kept"),
    Binding("o", AFTER, "open its file in your editor", "o"),
    Binding("u", ALWAYS, "undo the last answer; after the sitting: dlquiz undo", "u", "undo", "kept", "answered"),
    Binding("-", ALWAYS, "bury until tomorrow", "-"),
    Binding("@", ALWAYS, "suspend until you take it back", "@"),
    Binding("!", ALWAYS, "note an error in the card", "!"),
    Binding("x", ALWAYS, "LaTeX source", "x", needs="formula"),
    Binding("p", ALWAYS, "pause", "p"),
    Binding("?", ALWAYS, "these keys", "?", "keys"),
    Binding("q", ALWAYS, "quit; every answer is kept", "q", "quit"),
)


class Key(NamedTuple):
    """`name` is the key; `typed`, `!` and `m` carry a text, `ticks` several letters, `pasted` what is no key."""

    name: str
    text: str = ""
    ahead: bool = False  #: typed before the card came on the screen


CHOICES = ("1", "2", "3", "4", "5", "6")  # of a choice card
PASTE_SECONDS = 1.0  # a paste that never ends is over then
NOTHING = Key("")  # no key came in time
# Keys that are no characters of a text, by the names that `char` gives them.
NAMED = {"\n": "\n", "\x1b": "esc", "\x0c": "redraw", "up": "back", "down": "on", "pageup": "back", "pagedown": "on"}


def bound(when: str) -> str:
    """Every key bound now."""
    return "".join(binding.keys for binding in BINDINGS if binding.when in (when, ALWAYS))


class KeyReader(Protocol):
    """Where keys come from."""

    def key(self, when: str, *, options: int, seconds: float | None = None) -> Key:
        """The next key; `q` at the end of input.

        Args:
            when: BEFORE or AFTER the answer.
            options: How many answers a choice card shows; 0 for other cards.
            seconds: How long to wait, at a terminal; NOTHING when no key came, or when the screen was drawn again. None waits for ever.
        """

    def text(self, prompt: str, begun: str = "") -> str | None:
        """A line of text; None when it was left with Esc."""

    def card_shown(self) -> None:
        """A card has come on the screen: keys that wait now were typed before anyone saw it."""

    def forget(self) -> None:
        """Leave the terminal as it was found."""


class LineReader:
    """Line mode: one key a line, or several tick letters, or a typed answer."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def key(self, when: str, *, options: int, seconds: float | None = None) -> Key:  # noqa: ARG002 - lines come when they come
        line = self._stream.readline()
        if not line:
            return Key("q")
        line = line.rstrip("\r\n")
        if line.startswith("!"):
            return Key("!", line[1:].strip() or " ")
        if when == BEFORE:
            return self._before(line, options)
        if line == "":
            return Key("\n")
        if re.match(r"m(\s|$)", line):
            return Key("m", line[1:].strip())
        if len(line) == 1 and line in bound(AFTER):
            return Key(line)
        if re.fullmatch(r"[a-g]{2,}", line):
            return Key("ticks", line)
        return Key("unbound", line)

    def _before(self, line: str, options: int) -> Key:
        if line == "":
            return Key(" ")
        if line.startswith("="):
            return Key("typed", line[1:])
        if line == "v":  # an answer, too, where the question has no picture
            return Key("v", line)
        if len(line) == 1 and line in bound(BEFORE) and not (line.isdigit() and int(line) > options):
            return Key(line)
        return Key("typed", line)

    def text(self, prompt: str, begun: str = "") -> str | None:  # noqa: ARG002 - line mode shows no prompt
        line = self._stream.readline()
        return line.rstrip("\r\n") if line else None

    def card_shown(self) -> None:
        """Nothing to do: lines are written before the cards they are for."""

    def forget(self) -> None:
        """Nothing to do."""


class TerminalKeys:
    """Keys from a terminal. Subclasses say how to get one character, and how many wait."""

    def __init__(self, draw: DrawLine) -> None:
        """
        Args:
            draw: Shows a line that is being typed.
        """
        self._draw = draw
        self._ahead = 0  #: characters waiting that were typed before the card came on the screen

    def key(self, when: str, *, options: int, seconds: float | None = None) -> Key:  # noqa: ARG002 - a key is the same on every card
        while True:
            ahead = self._ahead > 0
            char = self.char(seconds)
            if char in ("", "\x04"):
                return Key("q")
            if char == "paste":
                text = self._pasted_line()
                if when == BEFORE and text:
                    return Key("pasted", text)
                continue
            if char == "\r":
                char = "\n"
            if char and (char in NAMED or (len(char) == 1 and char.isprintable())):
                return Key(NAMED.get(char, char), ahead=ahead)
            if seconds is not None:
                return NOTHING

    def text(self, prompt: str, begun: str = "") -> str | None:
        """A line with the usual editing keys; Enter submits, Esc leaves. Drawn again after a resize."""
        line = Line(begun)
        while True:
            self._draw(prompt, line)
            char = self.char()
            if char in ("\r", "\n", "", "\x04", "\x1b"):
                self._draw(prompt, None)
                return None if char == "\x1b" else line.text
            if char == "paste":
                line = Line(line.before + self._pasted_line(), line.behind)
            elif char:
                line = line.after(char)

    def card_shown(self) -> None:
        self._ahead = self.waiting()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Another program has the terminal."""
        yield

    def waiting(self) -> int:
        """How many characters were typed and not yet taken. `char` counts `_ahead` down as it takes them."""
        return 0

    def pasted(self) -> Iterator[str]:
        """What is pasted, up to its end; "\n" for the ends of its lines, which are no Enter."""
        while (char := self.char(PASTE_SECONDS)) not in (None, "", "\x04", "pasted"):
            if char and (len(char) == 1 and char != "\x1b"):
                yield "\n" if char == "\r" else char

    def _pasted_line(self) -> str:
        return "".join(char if char.isprintable() else " " for char in self.pasted()).strip()

    def char(self, seconds: float | None = None) -> str | None:
        """One character, or the name of a special key (see Line).

        Args:
            seconds: How long to wait; None waits for ever.

        Returns:
            "" at the end of input, "\\x1b" for Esc, None when nothing came in time or the screen was just drawn again.
        """
        raise NotImplementedError

    def forget(self) -> None:
        """Nothing to do where the terminal was not changed."""


def is_terminal(stream: IO[str] | None) -> bool:
    """Is there a person at this stream?"""
    try:
        if stream is None or not os.isatty(stream.fileno()):
            return False
        return sys.platform != "win32" or win32.is_console(stream)  # where NUL is called a terminal too
    except (OSError, ValueError):
        return False
