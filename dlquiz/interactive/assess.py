"""The loop of `assess`: one question after the other, y, h or n to each. Nothing enters memory; every word is kept at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import nullcontext

from dlquiz import view
from dlquiz.card import CardRef
from dlquiz.collection import Collection, assessment
from dlquiz.terminal import keyboard, keys
from dlquiz.text import printable
from dlquiz.view import prose
from dlquiz.view.styled import Text

WORDS = {assessment.YES: "yes", assessment.HALF: "half", assessment.NO: "no"}
HINTS = "y yes   h half   n no   Space skip   u back   q stop"
OPENING = "Could you say it now, key points and all? Nothing is rated; it decides what comes first."


class AssessLoop:
    """One pass over main questions, at a terminal or in line mode."""

    def __init__(self, col: Collection, cards: Sequence[CardRef]) -> None:
        self._col = col
        self._cards = cards
        self._lines = not keys.is_terminal(sys.stdin)
        self._console = view.console(plain_text=self._lines)
        self.said: dict[str, str] = {}  #: note -> y, h or n

    def run(self) -> dict[str, str]:
        """Ask until all are asked or the person stops; what was said."""
        typing = None if self._lines else keyboard.opened(lambda _prompt, _line: None, lambda: None, nullcontext)
        self._console.print(Text(OPENING))
        at = 0
        try:
            while 0 <= at < len(self._cards):
                at = self._ask(at, typing)
        finally:
            if typing:
                typing.forget()
        return self.said

    def _ask(self, at: int, typing: keys.TerminalKeys | None) -> int:
        """One question; the place of the next, or -1 for the end."""
        card = self._cards[at]
        note = self._col.bank.note(card.note)
        self._console.print()
        if self._lines:
            self._console.print(Text(f"card {card.id}"))
        self._console.print(Text(printable.clean(f"{at + 1} of {len(self._cards)} · {card.topic}"), "quiet"))
        self._console.print(prose(note.question, note.forms, "bold"))
        if not self._lines:
            self._console.print(Text(HINTS, "quiet"))
        while True:
            key = self._key(typing)
            if key in WORDS:
                self._keep(card.note, key)
                return at + 1
            if key in (" ", "\n"):
                return at + 1
            if key == "u":
                return max(0, at - 1)
            if key == "q":
                return -1
            self._console.print(Text(f"  {printable.clean(key)[:20]!r} does nothing here; {HINTS}"))

    def _keep(self, note: str, key: str) -> None:
        self.said[note] = key
        assessment.keep(self._col, {note: key})
        self._console.print(Text(f"kept {note} {key}" if self._lines else f"  {WORDS[key]}"))

    def _key(self, typing: keys.TerminalKeys | None) -> str:
        """The next key; q at the end of input, in line mode a whole line."""
        if typing is None:
            line = sys.stdin.readline()
            return line.rstrip("\r\n").strip() or "\n" if line else "q"
        while True:
            key = typing.char(None)
            if key in ("", "\x04"):
                return "q"
            if key == "paste":
                list(typing.pasted())  # no key
            elif key in ("\r", "\n"):
                return "\n"
            elif key and len(key) == 1 and key.isprintable():
                return key
