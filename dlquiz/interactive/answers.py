"""How a mock interview hears a person: keys and written answers, from a terminal with the clock running or line by line."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from dlquiz.interactive.interview_screen import InterviewScreen
from dlquiz.terminal import multiline
from dlquiz.terminal.keys import TerminalKeys
from dlquiz.terminal.multiline import MultilineText, Pad

TAB = "    "
TICK_SECONDS = 0.2  # looked at so often that no second is skipped; drawn only when it changed
DRAFT_SECONDS = 2  # a text that is being typed is kept so often, and at each Enter


class LeftError(Exception):
    """The input ended, or the person left."""


class AnswerSource(Protocol):
    """Where keys and answers come from."""

    def key(self, tell: Callable[[], str] | None) -> str:
        """The next key, "\\n" for Enter; in line mode a whole line. LeftError at the end.

        Args:
            tell: What the running clocks show; None where none runs.
        """

    def written(self, begun: str, keep: Callable[[str], None], tell: Callable[[], str], alone: str) -> str:
        """An answer in several lines, ended by an empty one; or one of the keys in `alone`, when it stands alone in the first line.

        Args:
            begun: What was typed of it earlier.
            keep: Called with what there is of it, now and then.
            tell: What the running clocks show.
            alone: Keys.
        """

    def any_key(self) -> str:
        """Whatever is pressed; in line mode the next line."""

    def stops(self) -> bool:
        """Was Esc pressed, while something else is at work?"""


class LineAnswers:
    """Line mode."""

    def __init__(self, interview_screen: InterviewScreen) -> None:
        self._screen = interview_screen

    def key(self, tell: Callable[[], str] | None) -> str:  # noqa: ARG002 - no clock is drawn
        return self.any_key() or "\n"

    def written(self, begun: str, keep: Callable[[str], None], tell: Callable[[], str], alone: str) -> str:  # noqa: ARG002
        lines = begun.split("\n") if begun else []
        if begun:
            self._screen.say("  so far:\n" + "\n".join(f"  {line}" for line in lines))
        while True:
            line = self.any_key()
            if not line or (not lines and len(line) == 1 and line in alone):
                return "\n".join([*lines, line]) if lines else line
            lines.append(line)
            keep("\n".join(lines))

    def stops(self) -> bool:
        return False

    def any_key(self) -> str:
        line = sys.stdin.readline()
        if not line:
            raise LeftError
        return line.rstrip("\r\n")


class KeyAnswers:
    """A terminal."""

    def __init__(self, interview_screen: InterviewScreen, typing: TerminalKeys) -> None:
        self._screen = interview_screen
        self._typing = typing
        self._pad = Pad()
        self._writes = False

    def key(self, tell: Callable[[], str] | None) -> str:
        runs = tell if self._screen.redraws else None
        while True:
            if runs:
                self._screen.tell(runs())
            key = self._char(TICK_SECONDS if runs else None)
            if key == "paste":
                self._pasted(MultilineText())  # no key
            if key == "\n" or (key is not None and len(key) == 1 and key.isprintable()):
                return key

    def any_key(self) -> str:
        while True:
            key = self._char(None)
            if key:
                return key

    def written(self, begun: str, keep: Callable[[str], None], tell: Callable[[], str], alone: str) -> str:
        text, saved, since = multiline.begun(begun), begun, time.monotonic()
        with self._writing():
            try:
                while True:
                    hints = self._screen.writing_hints(begun=bool(text.whole))
                    self._pad.draw(text, ["", *hints, tell()], *self._screen.size)
                    key = self._char(TICK_SECONDS)
                    answer = text.whole
                    if key == "\n" and len(answer) == 1 and answer in alone:
                        text = MultilineText()
                        return answer
                    if key == "\x1b" or (key == "\n" and text.at_empty_end):
                        return key if key == "\x1b" else answer
                    text = self._pasted(text) if key == "paste" else text.after(key) if key else text
                    if answer != saved and (key == "\n" or time.monotonic() - since > DRAFT_SECONDS):
                        keep(answer)
                        saved, since = answer, time.monotonic()
            finally:
                keep(text.whole)

    def stops(self) -> bool:
        return self._typing.waiting() > 0 and self._typing.char(0) == "\x1b"

    def below(self) -> None:
        """What is printed next stands in the pad's place."""
        if self._writes:
            self._pad.clear()

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """While the program is stopped the shell has the terminal as it was."""
        self._screen.clear()
        self.below()
        yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._writes = True
        try:
            yield
        finally:
            self._pad.clear()
            self._writes = False

    def _pasted(self, text: MultilineText) -> MultilineText:
        """The text with everything up to the paste's end, whose line ends are no Enter."""
        for char in self._typing.pasted():
            text = text.after(char) if char != "\t" else text.typed(TAB)
        return text

    def _char(self, seconds: float | None) -> str | None:
        """One character or special key; "\n" for Enter. Ctrl-D and the terminal's end leave."""
        key = self._typing.char(seconds)
        if key in ("", "\x04"):
            raise LeftError
        return "\n" if key == "\r" else key
