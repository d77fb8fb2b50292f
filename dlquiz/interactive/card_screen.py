"""What a sitting shows of its card, on a terminal or line by line: the views put in order. Reads no key, decides nothing."""

from __future__ import annotations

import sys

from rich.console import RenderableType
from rich.text import Text

from dlquiz import card_text, maths, session, view
from dlquiz.card import Rating
from dlquiz.interactive import key_hints
from dlquiz.session import CardView, Phase, Session
from dlquiz.terminal import clock
from dlquiz.terminal.screen import Footer
from dlquiz.text import printable
from dlquiz.view import card as card_layout
from dlquiz.view.pager import Screenfuls

LOW = 16  # lines; on a lower screen only the hints that one can't do without


class CardScreen:
    """Where one sitting is shown."""

    def __init__(self, *, lines: bool, label: str, keeps: bool) -> None:
        """
        Args:
            lines: Line mode: plain text, no hints, no paging.
            label: What was selected, for the header; "" for the card's topic.
            keeps: Answers are written, so they can be undone.
        """
        self._lines = lines
        self._label = label
        self._keeps = keeps
        self._console = view.console(plain_text=lines)
        self._foot = Footer(self._console, lines=lines)
        self._screenfuls: Screenfuls | None = None  #: of the answer on the table
        self._names: list[str] = []  #: its chapters
        self._follow_up_shown = False
        self._noted = ""  #: the note below which nothing was printed yet

    # ---- a card

    def question(self, state: Session) -> None:
        """A new card, question up."""
        self._screenfuls, self._follow_up_shown = None, False
        self.put(Text(f"card {printable.clean(state.card_view.card.id)}" if self._lines and state.card_view else ""))
        self.heading(state)
        self._question_foot(state)

    def answer(self, state: Session, start: int = 0) -> None:
        """The short answer and key points; the rest waits for Space.

        Args:
            state: The sitting.
            start: Paragraphs to leave out, after the screen has changed.
        """
        card_view = state.card_view
        if card_view is None:
            return
        self.put(Text())
        chapters = self._chapters(state)
        if not self._lines:
            self._names = list(chapters)
            self._screenfuls = Screenfuls(self._console, chapters.values(), start)
            self._read_on(state)
            return
        for chapter in chapters.values():
            for part in chapter:
                self.put(part)
            self.put(Text())
        self._answer_foot(state)

    def again(self, state: Session) -> None:
        """The card on the table once more, at the width that the screen has now, and where it was."""
        self._foot.keep()
        self.put(Text())
        self.heading(state)
        if state.phase is Phase.QUESTION:
            self._question_foot(state)
        else:
            long = state.card_view and state.card_view.card.explains and self._screenfuls
            self.answer(state, long.start if long else 0)

    def undone(self, state: Session) -> None:
        """The card whose answer was taken back, with its answer."""
        self._screenfuls, self._follow_up_shown = None, False
        if not self._lines:
            self.put(Text())
        self.heading(state)
        self.answer(state)

    def heading(self, state: Session) -> None:
        """Header and question."""
        if state.card_view:
            self.put(card_layout.header(state, state.card_view, self._label, with_id=not self._lines))
            self.put(card_layout.question(state.card_view))

    def coming(self, state: Session) -> str:
        """What Space would show, in a word; "" for nothing."""
        if self._offers(state):
            return "its answer"
        if self._screenfuls is None or not self._screenfuls.more:
            return ""
        if self._screenfuls.unfinished:
            return "more key points" if self._points_hidden(state) else "more"
        return self._names[self._screenfuls.chapter]

    def more(self, state: Session) -> None:
        """The next screenful, or the answer of the follow-up question that was offered."""
        follow_up = state.card_view.follow_up if state.card_view else None
        if state.card_view and follow_up and self._offers(state):
            self._follow_up_shown = True
            self.put(Text())
            self.put(card_layout.asked_next(state.card_view, follow_up))
            self.put(view.narrow(view.Readable(f"{follow_up.answer}\n", state.card_view.card.forms)))
            self._answer_foot(state)
        else:
            self._read_on(state)

    def _read_on(self, state: Session) -> None:
        if self._screenfuls and self._screenfuls.more:
            height = self._console.size.height - self._foot_height(state) - 1
            self.put(self._screenfuls.take(max(4, height)))
        self._answer_foot(state)

    def ticks(self, state: Session) -> None:
        """What is ticked and what Enter takes; once all was said, what is asked next."""
        if self._foot.redraws:
            self._answer_foot(state)
            return
        suggested = session.suggestion(state)
        if suggested:
            self.put(Text(card_layout.ticked(state, suggested)))
        if self._offers(state) and state.card_view and state.card_view.follow_up:
            self.put(card_layout.asked_next(state.card_view, state.card_view.follow_up))

    def rated(self, state: Session, rating: Rating) -> None:
        """The rating that was given stays on the screen."""
        if self._foot.redraws and state.card_view:
            said = card_layout.said(state) if state.said is not None else ""
            self._foot.draw(Text(), card_layout.rating_keys(state.card_view, rating, promises=self._keeps), told=said)
        self._foot.keep()

    def tell_time(self, state: Session, seconds: float) -> None:
        """The running clock."""
        self._foot.tell(f"  {clock.told(seconds, target(state))}")

    @property
    def runs_clock(self) -> bool:
        """Can a clock be drawn here? Elsewhere the seconds are told afterwards."""
        return self._foot.redraws

    # ---- its pieces

    def _chapters(self, state: Session) -> dict[str, list[RenderableType]]:
        """What is to be read, each chapter under the word that Space is told with."""
        card_view = state.card_view
        if card_view is None:
            return {}
        whole = card_text.rest(card_view)
        cited = card_layout.sources(map(card_text.cited, card_view.sources)) if card_view.sources else None
        found = {"answer": self._first_parts(card_view, state)}
        if whole:
            found["more"] = [
                view.narrow(view.Readable(whole, card_view.card.forms)),
                *([Text(), cited] if cited else []),
            ]
        elif cited:
            found["sources"] = [cited]
        return found

    def _first_parts(self, card_view: CardView, state: Session) -> list[RenderableType]:
        """What comes with the first Space."""
        spoke = ""
        if state.mode == "speak" and state.thought_ms is not None:
            spoke = f"You spoke for {clock.told(state.thought_ms / 1000, target(state))}."
        parts: list[RenderableType] = []
        if state.given is not None:
            parts += [
                view.narrow(view.prose(card_text.typed(state.given, card_view.card), card_view.card.forms)),
                Text(),
            ]
        if spoke and not card_view.key_points:
            parts += [Text(f"  {spoke}", "dim"), Text()]
        parts += [view.narrow(view.Readable(card_text.first_answer(card_view, state.given), card_view.card.forms))]
        parts += card_layout.key_points(card_view, spoke)
        return [*parts, card_layout.changed(card_view)] if card_view.seen is not None else parts

    def _question_foot(self, state: Session) -> None:
        self._foot.draw(*self._with_hints(state))

    def _answer_foot(self, state: Session) -> None:
        suggested = session.suggestion(state)
        self._foot.draw(*self._answer_items(state), told=card_layout.ticked(state, suggested) if suggested else "")

    def _answer_items(self, state: Session) -> list[RenderableType]:
        card_view = state.card_view
        if card_view is None:
            return []
        items: list[RenderableType] = []
        if self._offers(state) and card_view.follow_up and self._foot.redraws:
            items.append(card_layout.asked_next(card_view, card_view.follow_up))
        if state.undid:
            items.append(card_layout.taken_back(state.undid))
        return self._with_hints(
            state, *items, card_layout.rating_keys(card_view, session.suggestion(state), promises=self._keeps)
        )

    def _with_hints(self, state: Session, *items: RenderableType) -> list[RenderableType]:
        """An empty line, these, and the keys worth a reminder now."""
        if self._lines:
            return list(items)
        low = self._console.size.height < LOW
        found = key_hints.worth_telling(state, self._holding(state), more=self.coming(state), few=low)
        return [*([] if low else [Text()]), *items, card_layout.hints(found)]

    def _holding(self, state: Session) -> frozenset[str]:
        return key_hints.conditions(state, keeps=self._keeps, more=bool(self.coming(state)))

    def _foot_height(self, state: Session) -> int:
        """Lines below a screenful, the one for what is ticked included."""
        return 1 + sum(len(self._console.render_lines(item)) for item in self._answer_items(state))

    def _offers(self, state: Session) -> bool:
        """Is the follow-up question on offer: was everything said, for the first time?"""
        if state.card_view is None or state.card_view.follow_up is None or state.undid or self._follow_up_shown:
            return False
        read_on = self._screenfuls is not None and self._screenfuls.chapter > 1  # where it is answered already
        return session.all_said(state) and not self._points_hidden(state) and not read_on

    def _points_hidden(self, state: Session) -> bool:
        """Do some key points wait for Space?"""
        shown = self._screenfuls
        has_points = state.card_view is not None and bool(state.card_view.key_points)
        return has_points and shown is not None and shown.chapter <= 1 and shown.unfinished

    # ---- lines

    def put(self, item: RenderableType) -> None:
        """Print in place of the foot."""
        self._foot.clear()
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
        """A word on what was just pressed; the keys stay below it."""
        self.aside(text)
        self._foot.again()

    def resume(self) -> None:
        """The keys again, after something else stood in their place."""
        self._foot.again()

    def help(self, state: Session) -> None:
        """The keys that work now."""
        self.note("\n".join(f"  {shown:<7}{does}" for shown, does in key_hints.working(state, self._holding(state))))

    def unbound(self, state: Session, key: str) -> None:
        """A word on a key that does nothing now."""
        rates = "1-4 rate, " if state.phase is Phase.ANSWER else ""
        self.note(f"  {key[:20]!r} is no key here; {rates}? shows the keys")

    def source(self, state: Session) -> None:
        """The LaTeX of what is shown."""
        if state.card_view:
            found = maths.source(card_text.source(state.card_view, answered=state.phase is Phase.ANSWER))
            written = [f"  {each}" for each in dict.fromkeys(found) if len(each) > 1]  # a letter is its own source
            self.note("\n".join(written) or "  no formula here")

    def raw(self, text: str) -> None:
        """Text as it is, for a line that is being typed."""
        self._foot.clear()
        sys.stdout.write(text)
        sys.stdout.flush()

    def close(self) -> None:
        """Leave what is on the screen, as the sitting ends or something else takes over."""
        self._foot.keep()


def target(state: Session) -> int | None:
    """Seconds that a spoken answer should take."""
    return clock.SPEAK_TARGET_S if state.card_view and state.card_view.card.spoken else None
