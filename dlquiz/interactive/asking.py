"""Which card of a sitting is asked next, and how it comes on the table. Of the two ways to show it one alone is imported."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING

from dlquiz import scheduler, session, view
from dlquiz.card import CardRef, CardState, Memory, Moment
from dlquiz.collection import BankPaths, Collection
from dlquiz.deck import Queue
from dlquiz.errors import DlquizError, UsageError
from dlquiz.session import CardView, Session
from dlquiz.terminal import clock, keys, screen

if TYPE_CHECKING:
    from dlquiz.bank.index import Bank
    from dlquiz.collection import judging
    from dlquiz.interactive.card_screen import CardScreen
    from dlquiz.interactive.listening import Listener  # an extra, loaded once somebody speaks
    from dlquiz.interactive.transcript import Transcript


class Asking:
    """The cards of one sitting, one after the other; `study.Sitting` acts on the keys."""

    def __init__(
        self,
        col: Collection,
        start: Session,
        *,
        label: str = "",
        mode: str | None = None,
        minutes: float | None = None,
        keeps: bool = True,
        seed: str = "",
        queues: Callable[[Moment], Queue] | None = None,
        where: BankPaths | None = None,
    ) -> None:
        """
        Args:
            col: Where answers go.
            start: The sitting as it begins.
            label: What was selected, for the header.
            mode: How every card is asked; None speaks main cards.
            minutes: When to stop.
            keeps: Answers are written; practice writes nothing.
            seed: Of practice, which was drawn by it.
            queues: Makes today's queue anew, after an answer that changes it. None asks the cards of `start` and no others, whatever
                happened elsewhere.
            where: The banks, to read them anew once a card was edited; None where none can be.
        """
        self._where = where
        self.col = col
        self.state = start
        self._mode = mode
        self._seconds = None if minutes is None else minutes * 60
        self._keeps = keeps
        self._seed = seed
        self._queues = queues
        self._queued_ms = col.now().at_ms  #: when the queue was made
        self._lines = not keys.is_terminal(sys.stdin)
        self._screen: CardScreen | Transcript
        if self._lines or not screen.redraws():
            from dlquiz.interactive.transcript import Transcript

            self._screen = Transcript(lines=self._lines, label=label, keeps=keeps)
        else:
            from dlquiz.interactive.card_screen import CardScreen

            self._screen = CardScreen(label=label, keeps=keeps)
        self._states: dict[str, CardState] = {}  #: of the cards in the queue, as far as they were looked up
        self._before_answer: dict[
            str, Memory | None
        ] = {}  #: what was remembered of the answered cards as the sitting began
        self._clock = clock.Clock()
        self._turned = 0.0  #: its reading when the card came on the table
        self._over = False
        self._draft: str | None = None  #: of an answer that is being written; None while none is
        self._listener: Listener | None = None  #: once something was said to a card
        self._note_judge: judging.Judge | None = None  #: of the card on the table, once an answer is being written
        self._left = ""  #: what was written of it when Esc left it
        self._ahead: tuple[Bank, int, date, CardView] | None = (
            None  #: the card that may come next, and of what it was made: bank, its version, day
        )
        self._unsaved = ""  #: a remark that is being kept
        self._doubted: tuple[str, frozenset[str] | None] | None = (
            None  #: the card and its ticks of which was asked whether that is good
        )
        self._reader: keys.LineReader | keys.TerminalKeys = keys.LineReader(sys.stdin)

    def _next(self) -> None:
        """Put the next card on the table, or end."""
        while not self._over:
            if self._seconds is not None and self._clock.seconds >= self._seconds:
                self._screen.say(f"time is up: {round(self._seconds / 60)} min")
                self._over = True
                return
            moment = self.col.now()
            self.state, card_ref = session.choose(self.state, moment)
            if card_ref is None:
                self._over = True
                return
            card_state = self.col.card_state(card_ref.id)
            if self._queues and self._done_elsewhere(card_state, moment):
                continue
            try:
                card_view = self._card_view(card_ref, card_state, moment)
            except UsageError:  # another program has read the bank anew
                self._screen.say(f"{card_ref.id} is no longer in the bank")
                continue
            self._ask(card_view)
            if not self._lines:
                view.warm()
                self._screen.prepare(self.state)
                self._look_ahead()
            return

    def _look_ahead(self) -> None:
        """While the card on the table is read, look up and lay out the one that will most likely follow: from a rating to the next
        question, looking it up takes 1.4 of 3.3 ms beside the disk's, laying it out 0.6.
        """
        moment, bank = self.col.now(), self.col.bank
        after, card_ref = session.expected(self.state, moment)
        self._ahead = None
        if card_ref:
            with suppress(DlquizError):  # told when the card is really asked
                version = bank.version()
                card_view = self.col.card_view(card_ref.id, moment, self._seed)
                self._ahead = bank, version, moment.day, card_view
                self._screen.look_ahead(self._on_table(after, card_view), self._states)

    def _card_view(self, card_ref: CardRef, card_state: CardState, moment: Moment) -> CardView:
        """The card as it is now: the one that was looked up ahead, where nothing that it was made of has changed."""
        if self._ahead:
            bank, version, day, card_view = self._ahead
            if (
                card_view.card.id == card_ref.id
                and (day, card_view.card_state) == (moment.day, card_state)
                and bank is self.col.bank
                and version == bank.version()
            ):
                return card_view
        return self.col.card_view(card_ref.id, moment, self._seed)

    def _on_table(self, state: Session, card_view: CardView) -> Session:
        """A card on the table, question up."""
        mode = self._mode or ("speak" if card_view.card.spoken else "reveal")
        mode = mode if mode != "type" or card_view.card.spoken else "reveal"
        listens = mode == "speak" and not self._lines and card_view.card.spoken and self.col.hears(card_view.key_points)
        return session.show(state, card_view, mode, listens=listens)

    def _ask(self, card_view: CardView) -> None:
        """Put a card on the table, question up."""
        self.state = self._on_table(self.state, card_view)
        self._turned, self._note_judge = self._clock.seconds, None
        self._screen.count(self.state, self._states)
        self._screen.question(self.state)
        self._draft = "" if self._writes and not self._lines else None
        self._reader.card_shown()

    def _look_up(self) -> None:
        """What is remembered of the cards in the queue, for the counts in the header."""
        if not self._lines:
            unknown = [card_ref.id for card_ref in self.state.queue if card_ref.id not in self._states]
            self._states.update(self.col.card_states(unknown))

    def _done_elsewhere(self, card_state: CardState, moment: Moment) -> bool:
        """Another sitting answered, suspended or buried the card since the queue was made."""
        memory, today = card_state.memory, moment.day
        return scheduler.hidden(card_state, today) or (
            memory is not None and memory.last_ms > self._queued_ms and memory.due_ms is None and memory.due_day > today
        )

    def _redraw(self) -> None:
        """After a resize, a pause or coming back: the card on the table once more, at the new width."""
        self._screen.again(self.state)

    @contextmanager
    def _stopped(self) -> Iterator[None]:
        """While Ctrl-Z stops the program the shell has the screen."""
        self._screen.close()
        if self._listener:
            self._listener.release()
        with self._clock.held():
            yield

    @property
    def _writes(self) -> bool:
        """Is the card on the table one whose answer is written and judged?"""
        card_view = self.state.card_view
        return self.state.mode == "type" and card_view is not None and card_view.card.spoken

    def _spent_ms(self) -> int:
        """Milliseconds since the card came on the table, without pauses."""
        return round((self._clock.seconds - self._turned) * 1000)
