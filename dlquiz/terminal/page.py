"""What a sitting shows of its card, on a terminal or line by line: the views put in order. Reads no key, decides nothing."""

from __future__ import annotations

import sys

from rich.console import RenderableType
from rich.text import Text

from dlquiz import documents, maths, plain, session, view
from dlquiz.card import Rating
from dlquiz.session import Phase, Session, Sheet
from dlquiz.terminal import clock, hints
from dlquiz.terminal.foot import Foot
from dlquiz.view import sitting
from dlquiz.view.paging import Screenfuls

LOW = 16  # lines; on a lower screen only the hints that one can't do without


class Page:
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
        self._foot = Foot(self._console, lines=lines)
        self._screenfuls: Screenfuls | None = None  #: of the answer on the table
        self._names: list[str] = []  #: its chapters
        self._follow_up_shown = False
        self._noted = ""  #: the note below which nothing was printed yet

    # ---- a card

    def question(self, state: Session) -> None:
        """A new card, question up."""
        self._screenfuls, self._follow_up_shown = None, False
        self.put(Text(f"card {plain.printable(state.sheet.card.id)}" if self._lines and state.sheet else ""))
        self.heading(state)
        self._question_foot(state)

    def answer(self, state: Session, start: int = 0) -> None:
        """The short answer and key points; the rest waits for Space.

        Args:
            state: The sitting.
            start: Paragraphs to leave out, after the screen has changed.
        """
        sheet = state.sheet
        if sheet is None:
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
            long = state.sheet and state.sheet.card.explains and self._screenfuls
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
        if state.sheet:
            self.put(sitting.header(state, state.sheet, self._label, with_id=not self._lines))
            self.put(sitting.question(state.sheet))

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
        follow_up = state.sheet.follow_up if state.sheet else None
        if state.sheet and follow_up and self._offers(state):
            self._follow_up_shown = True
            self.put(Text())
            self.put(sitting.asked_next(state.sheet, follow_up))
            self.put(view.narrow(view.Reading(f"{follow_up.answer}\n", state.sheet.card.forms)))
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
            self.put(Text(sitting.ticked(state, suggested)))
        if self._offers(state) and state.sheet and state.sheet.follow_up:
            self.put(sitting.asked_next(state.sheet, state.sheet.follow_up))

    def rated(self, state: Session, rating: Rating) -> None:
        """The rating that was given stays on the screen."""
        if self._foot.redraws and state.sheet:
            said = sitting.said(state) if state.said is not None else ""
            self._foot.draw(Text(), sitting.rating_keys(state.sheet, rating, promises=self._keeps), told=said)
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
        sheet = state.sheet
        if sheet is None:
            return {}
        whole = documents.rest(sheet)
        cited = sitting.sources(map(documents.cited, sheet.sources)) if sheet.sources else None
        found = {"answer": self._first_parts(sheet, state)}
        if whole:
            found["more"] = [view.narrow(view.Reading(whole, sheet.card.forms)), *([Text(), cited] if cited else [])]
        elif cited:
            found["sources"] = [cited]
        return found

    def _first_parts(self, sheet: Sheet, state: Session) -> list[RenderableType]:
        """What comes with the first Space."""
        spoke = ""
        if state.mode == "speak" and state.thought_ms is not None:
            spoke = f"You spoke for {clock.told(state.thought_ms / 1000, target(state))}."
        parts: list[RenderableType] = []
        if state.given is not None:
            parts += [view.narrow(view.prose(documents.typed(state.given, sheet.card), sheet.card.forms)), Text()]
        if spoke and not sheet.key_points:
            parts += [Text(f"  {spoke}", "dim"), Text()]
        parts += [view.narrow(view.Reading(documents.first_answer(sheet, state.given), sheet.card.forms))]
        parts += sitting.key_points(sheet, spoke)
        return [*parts, sitting.changed(sheet)] if sheet.seen is not None else parts

    def _question_foot(self, state: Session) -> None:
        self._foot.draw(*self._with_hints(state))

    def _answer_foot(self, state: Session) -> None:
        suggested = session.suggestion(state)
        self._foot.draw(*self._answer_items(state), told=sitting.ticked(state, suggested) if suggested else "")

    def _answer_items(self, state: Session) -> list[RenderableType]:
        sheet = state.sheet
        if sheet is None:
            return []
        items: list[RenderableType] = []
        if self._offers(state) and sheet.follow_up and self._foot.redraws:
            items.append(sitting.asked_next(sheet, sheet.follow_up))
        if state.undid:
            items.append(sitting.taken_back(state.undid))
        return self._with_hints(
            state, *items, sitting.rating_keys(sheet, session.suggestion(state), promises=self._keeps)
        )

    def _with_hints(self, state: Session, *items: RenderableType) -> list[RenderableType]:
        """An empty line, these, and the keys worth a reminder now."""
        if self._lines:
            return list(items)
        low = self._console.size.height < LOW
        found = hints.worth_telling(state, self._holding(state), more=self.coming(state), few=low)
        return [*([] if low else [Text()]), *items, sitting.hints(found)]

    def _holding(self, state: Session) -> frozenset[str]:
        return hints.conditions(state, keeps=self._keeps, more=bool(self.coming(state)))

    def _foot_height(self, state: Session) -> int:
        """Lines below a screenful, the one for what is ticked included."""
        return 1 + sum(len(self._console.render_lines(item)) for item in self._answer_items(state))

    def _offers(self, state: Session) -> bool:
        """Is the follow-up question on offer: was everything said, for the first time?"""
        if state.sheet is None or state.sheet.follow_up is None or state.undid or self._follow_up_shown:
            return False
        read_on = self._screenfuls is not None and self._screenfuls.chapter > 1  # where it is answered already
        return session.all_said(state) and not self._points_hidden(state) and not read_on

    def _points_hidden(self, state: Session) -> bool:
        """Do some key points wait for Space?"""
        shown = self._screenfuls
        has_points = state.sheet is not None and bool(state.sheet.key_points)
        return has_points and shown is not None and shown.chapter <= 1 and shown.unfinished

    # ---- lines

    def put(self, item: RenderableType) -> None:
        """Print in place of the foot."""
        self._foot.clear()
        self._noted = ""
        view.put(self._console, item)

    def say(self, text: str) -> None:
        self.put(Text(plain.printable(text)))

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
        self.note("\n".join(f"  {shown:<7}{does}" for shown, does in hints.working(state, self._holding(state))))

    def unbound(self, state: Session, key: str) -> None:
        """A word on a key that does nothing now."""
        rates = "1-4 rate, " if state.phase is Phase.ANSWER else ""
        self.note(f"  {key[:20]!r} is no key here; {rates}? shows the keys")

    def source(self, state: Session) -> None:
        """The LaTeX of what is shown."""
        if state.sheet:
            found = maths.source(documents.source(state.sheet, answered=state.phase is Phase.ANSWER))
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
    return clock.SPEAK_TARGET_S if state.sheet and state.sheet.card.spoken else None
