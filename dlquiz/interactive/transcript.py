"""What a sitting shows where nothing is drawn twice: piped lines, a dumb terminal, a screen reader. Reads no key, decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dlquiz import session, view
from dlquiz.card import CardState, Rating
from dlquiz.interactive import key_hints
from dlquiz.session import Phase, Session
from dlquiz.terminal.line import Line
from dlquiz.terminal.multiline import MultilineText
from dlquiz.terminal.screen import Footer
from dlquiz.text import printable
from dlquiz.view import answer as answer_layout
from dlquiz.view import card as card_layout
from dlquiz.view import verdicts
from dlquiz.view.pager import Screenfuls
from dlquiz.view.sheet import Sheet
from dlquiz.view.styled import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from dlquiz.interactive.card_foot import RecordingStep

LOW = 16  # lines; on a lower screen only the hints that one can't do without


class Transcript:
    """One sitting, line by line."""

    runs_clock = False
    redraws = False
    covered = False  # nothing ever lies over anything

    def __init__(self, *, lines: bool, label: str, keeps: bool) -> None:
        """
        Args:
            lines: Line mode: no hints, no paging.
            label: What was selected, for the header; "" for the card's topic.
            keeps: Answers are written, so they can be undone.
        """
        self._lines = lines
        self._label = label
        self._keeps = keeps
        self._console = view.console(plain_text=True)
        self._foot = Footer(self._console, lines=True)
        self._screenfuls: Screenfuls | None = None  #: of the answer on the table
        self._names: list[str] = []  #: its chapters
        self._follow_up_shown = False
        self._step = ""  #: of an answer that is spoken or written down
        self._noted = ""  #: the note below which nothing was printed yet

    # ---- a card

    def count(self, state: Session, states: Mapping[str, CardState]) -> None:
        """Nothing to do: the header tells how many are left."""

    def question(self, state: Session) -> None:
        """A new card, question up."""
        self._screenfuls, self._follow_up_shown = None, False
        self.put(Text(f"card {printable.clean(state.card_view.card.id)}" if self._lines and state.card_view else ""))
        self._heading(state)
        self._draw_foot(state)

    def prepare(self, state: Session) -> None:
        """Nothing to do: an answer is printed as it is laid out."""

    def look_ahead(self, state: Session, states: Mapping[str, CardState]) -> None:
        """Nothing to do, likewise."""

    def answer(self, state: Session, start: int = 0) -> None:
        """The short answer and key points; on a terminal the rest waits for Space.

        Args:
            state: The sitting.
            start: Paragraphs to leave out, after the screen has changed.
        """
        self.put(Text())
        chapters = answer_layout.chapters(state, key_hints.spoke(state))
        if self._lines:
            for chapter in chapters.values():
                for renderable in chapter:
                    self.put(renderable)
                self.put(Text())
            for line in verdicts.lines(state.card_view.key_points if state.card_view else (), state.heard):
                self.say(line)
            self._draw_foot(state)
            return
        if state.card_view:
            self.put(Text(printable.clean(state.card_view.card.id)))
        self._names = list(chapters)
        self._screenfuls = Screenfuls(Sheet(lambda: self._console), chapters.values(), start)
        self._read_on(state)

    def again(self, state: Session) -> None:
        """The card on the table once more, at the width that the screen has now, and where it was."""
        self.put(Text())
        self._heading(state)
        if state.phase is Phase.QUESTION:
            self._draw_foot(state)
        else:
            long = state.card_view and state.card_view.card.explains and self._screenfuls
            self.answer(state, long.start if long else 0)

    def undone(self, state: Session) -> None:
        """The card whose answer was taken back, with its answer."""
        self._screenfuls, self._follow_up_shown = None, False
        if not self._lines:
            self.put(Text())
        self._heading(state)
        self.answer(state)

    def _heading(self, state: Session) -> None:
        if state.card_view:
            self.put(card_layout.header(state, state.card_view, self._label))
            self.put(card_layout.question(state.card_view))

    def coming(self, state: Session) -> str:
        """What Space would show, in a word; "" for nothing."""
        if self._offers(state):
            return answer_layout.REPLY
        if self._screenfuls is None or not self._screenfuls.more:
            return ""
        if self._screenfuls.unfinished:
            return "more key points" if self._points_hidden(state) else "more"
        return self._names[self._screenfuls.chapter]

    def more(self, state: Session) -> None:
        """The next screenful, or the answer of the follow-up question that was offered."""
        follow_up = session.follow_up(state)
        if state.card_view and follow_up and self._offers(state):
            self._follow_up_shown = True
            self.put(Text())
            self.put(card_layout.asked_next(state.card_view, follow_up))
            self.put(view.narrow(view.Readable(f"{follow_up.answer}\n", state.card_view.card.forms)))
            self._draw_foot(state)
        else:
            self._read_on(state)

    def turn(self, state: Session, by: int) -> bool:
        """Only forwards: what was printed stands above."""
        if by < 1 or not self.coming(state):
            return False
        self.more(state)
        return True

    def _read_on(self, state: Session) -> None:
        if self._screenfuls and self._screenfuls.more:
            foot = sum(len(self._console.render_lines(item)) for item in self._foot_items(state))
            self.put(self._screenfuls.take(max(4, self._console.size.height - foot - 2)))
        self._draw_foot(state)

    def remarked(self, state: Session, notice: str) -> None:  # noqa: ARG002 - what was typed stands above
        """A word on the remark."""
        self.note(notice)

    def ticks(self, state: Session, letter: str) -> None:  # noqa: ARG002 - every point stands above
        """What is ticked and what Enter takes; once all was said, what is asked next."""
        suggested = session.suggestion(state)
        if suggested:
            self.put(Text(card_layout.taken(state, suggested)))
        self._ask_unsure(state)
        follow_up = session.follow_up(state)
        if self._offers(state) and state.card_view and follow_up:
            self.put(card_layout.asked_next(state.card_view, follow_up))

    def _ask_unsure(self, state: Session) -> None:
        letter = session.asked_about(state)
        if letter and not self._lines:
            self.put(Text(f"  {verdicts.question(state, letter)}  y n"))

    def write(self, state: Session, text: MultilineText | None) -> None:
        """Nothing to do: lines that are being written are drawn one by one."""

    def rated(self, state: Session, rating: Rating, when: str) -> None:
        """Nothing to do: `acknowledge` tells it."""

    def acknowledge(self, text: str) -> None:
        """An answer is kept."""
        self.say(text)

    def tell_time(self, state: Session, seconds: float) -> None:
        """Nothing to do: no clock runs, the seconds are told afterwards."""

    # ---- its foot

    def _draw_foot(self, state: Session) -> None:
        items = self._foot_items(state)
        suggested = session.suggestion(state) if state.phase is Phase.ANSWER else None
        self._foot.draw(*items, told=card_layout.taken(state, suggested) if suggested else "")

    def _foot_items(self, state: Session) -> list[RenderableType]:
        """What was undone, the rating keys, and on a terminal the keys worth a reminder."""
        items: list[RenderableType] = []
        if state.phase is Phase.ANSWER and state.card_view:
            items += [card_layout.taken_back(state.undid)] if state.undid else []
            suggested = session.suggestion(state)
            items.append(card_layout.rating_keys(state.card_view, suggested, promises=self._keeps))
        if self._lines:
            return items
        low = self._console.size.height < LOW
        hints = key_hints.worth_telling(state, self._holding(state), more=self.coming(state), few=low)
        return [*([] if low else [Text()]), *items, card_layout.hints(hints)]

    def _holding(self, state: Session) -> frozenset[str]:
        return key_hints.conditions(state, keeps=self._keeps, more=bool(self.coming(state)))

    def _offers(self, state: Session) -> bool:
        """Is the follow-up question on offer: was everything said, for the first time?"""
        if session.follow_up(state) is None or state.undid or self._follow_up_shown:
            return False
        read_on = self._screenfuls is not None and self._screenfuls.chapter > 1  # where it is answered already
        return session.all_said(state) and not self._points_hidden(state) and not read_on

    def _points_hidden(self, state: Session) -> bool:
        """Do some key points wait for Space?"""
        screenfuls = self._screenfuls
        has_points = state.card_view is not None and bool(state.card_view.key_points)
        return has_points and screenfuls is not None and screenfuls.chapter <= 1 and screenfuls.unfinished

    # ---- lines

    def put(self, item: RenderableType) -> None:
        """Print."""
        self._noted = ""
        view.put(self._console, item)

    def say(self, text: str) -> None:
        self.put(Text(printable.clean(text)))

    def apart(self) -> None:
        """What comes next is no part of the card, nor of a list of keys: an empty line, where there is room for one."""
        set_off = self._noted and "\n" not in self._noted
        if not set_off and not self._lines and self._console.size.height >= LOW:
            self.put(Text())
            self._noted = " "

    def aside(self, text: str) -> None:
        """A word that is no part of the card, on a terminal not said twice running."""
        if text != self._noted or self._lines:
            self.apart()
            self.say(text)
        self._noted = text

    def note(self, text: str) -> None:
        """A word on what was just pressed."""
        self.aside(text)

    def explain(self, text: str) -> None:
        """A sentence on what just happened; where lines are piped it is never broken, for it may name a path."""
        if self._lines:
            sys.stdout.write(f"{printable.clean(text)}\n")
            sys.stdout.flush()
        else:
            self.say(text)

    def paused(self) -> None:
        """The sitting waits."""
        self.aside("  paused; " + ("the next line goes on" if self._lines else "any key goes on"))

    def uncover(self) -> None:
        """Nothing to do: nothing lies over the card."""

    def resume(self) -> None:
        """Nothing to do: nothing was taken away."""

    def help(self, state: Session) -> None:
        """The keys that work now."""
        bindings = key_hints.working(state, self._holding(state))
        self.aside("\n".join(f"  {keys:<7}{does}" for keys, does in bindings))
        self.aside(f"  {key_hints.USED_TO_ANKI}{key_hints.FROM_ANKI}")

    def unbound(self, state: Session, key: str) -> None:
        """A word on a key that does nothing now."""
        self.note(f"  {key_hints.unbound(state, key)}")

    def source(self, state: Session) -> None:
        """The LaTeX of what is shown."""
        self.aside("\n".join(f"  {line}" for line in key_hints.latex(state)) or "  no formula here")

    def understood(self, state: Session) -> None:
        """What was understood of the words that were said."""
        self.put(Text())
        for renderable in answer_layout.understood(state):
            self.put(renderable)

    def listen(self, state: Session, step: RecordingStep | None) -> None:  # noqa: ARG002 - the card stands above
        """What happens while somebody speaks, once where it begins."""
        if step is not None and step.name != self._step:
            self.say(f"  {step.name}: {', '.join(f'{keys} {does}' for keys, does in step.hints)}")
        self._step = step.name if step else ""

    def whole_note(self, state: Session) -> None:
        """Everything that the card's note teaches."""
        self.put(Text())
        for renderable in answer_layout.whole_note(state):
            self.put(renderable)

    def pictures(self, paths: Mapping[str, Path]) -> bool:  # noqa: ARG002 - nothing is drawn over anything
        """Shows none."""
        return False

    def draw_line(self, prompt: str, line: Line | None) -> None:
        """A line being typed, over itself and without a control sequence."""
        sys.stdout.write("\n" if line is None else line.drawn(prompt, self._console.width))
        sys.stdout.flush()

    def close(self) -> None:
        """Nothing to do: what was printed stays."""
