"""The loop of a sitting: draw, read a key, act. The collection writes, the session decides, the view looks after looks."""

from __future__ import annotations

import sys
from collections.abc import Callable

from dlquiz import scheduler, session, variants, view
from dlquiz.card import CardRef, Moment, Rating
from dlquiz.collection import Collection
from dlquiz.deck import Queue
from dlquiz.errors import NothingToUndoError, UsageError
from dlquiz.interactive.card_screen import CardScreen
from dlquiz.interactive.summary import counted, summary
from dlquiz.session import Phase, Session
from dlquiz.terminal import clock, keys
from dlquiz.terminal.keys import AFTER, BEFORE, Key
from dlquiz.text import printable

PREDICTIONS = {"y": "sure", "h": "half", "n": "no"}


class Sitting:
    """One sitting with one person, at a terminal or in line mode."""

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
    ) -> None:
        """
        Args:
            collection: Where answers go.
            start: The sitting as it begins.
            label: What was selected, for the header.
            mode: How every card is asked; None speaks main cards.
            minutes: When to stop.
            keeps: Answers are written; practice writes nothing.
            seed: Of practice, which was drawn by it.
            queues: Makes today's queue anew, after an answer that changes it. None asks the cards of `start` and no others, whatever
                happened elsewhere.
        """
        self.col = col
        self.state = start
        self._mode = mode
        self._seconds = None if minutes is None else minutes * 60
        self._keeps = keeps
        self._seed = seed
        self._queues = queues
        self._queued_ms = col.now().at_ms  #: when the queue was made
        self._lines = not keys.is_terminal(sys.stdin)
        self._page = CardScreen(lines=self._lines, label=label, keeps=keeps)
        self._clock = clock.Clock()
        self._turned = 0.0  #: its reading when the card came on the table
        self._over = False
        self._reader: keys.KeyReader = keys.LineReader(sys.stdin)

    def run(self) -> None:
        """Ask until nothing is left, the limit is reached, or the person quits."""
        try:
            if not self._lines:
                self._reader = keys.terminal(self._page.raw, self._redraw, self._clock.held)
            self._next()
            while not self._over:
                try:
                    self._act(self._read())
                except UsageError as error:
                    self._page.say(str(error))
        except KeyboardInterrupt:
            self._page.close()
            self._page.say(f"interrupted; {counted(self.state)} kept" if self._keeps else "interrupted")
            raise
        finally:
            self._reader.forget()
        self._page.close()
        for part in summary(self.state, self.col, self._clock.seconds, keeps=self._keeps):
            self._page.put(part)

    # ---- showing

    def _next(self) -> None:
        """Put the next card on the table, or end."""
        while not self._over:
            if self._seconds is not None and self._clock.seconds >= self._seconds:
                self._page.say(f"time is up: {round(self._seconds / 60)} min")
                self._over = True
                return
            moment = self.col.now()
            self.state, card_ref = session.choose(self.state, moment)
            if card_ref is None:
                self._over = True
                return
            if self._queues and self._done_elsewhere(card_ref):
                continue
            try:
                card_view = self.col.card_view(card_ref.id, moment, self._seed)
            except UsageError:  # another program has read the bank anew
                self._page.say(f"{card_ref.id} is in the bank no more")
                continue
            self.state = session.show(self.state, card_view, self._mode or ("speak" if card_ref.spoken else "reveal"))
            self._turned = self._clock.seconds
            self._page.question(self.state)
            if not self._lines:
                view.warm()
            return

    def _done_elsewhere(self, card_ref: CardRef) -> bool:
        """Another sitting answered, suspended or buried the card since the queue was made."""
        card_state, today = self.col.card_state(card_ref.id), self.col.now().day
        memory = card_state.memory
        return scheduler.hidden(card_state, today) or (
            memory is not None and memory.last_ms > self._queued_ms and memory.due_ms is None and memory.due_day > today
        )

    def _redraw(self) -> None:
        """After a resize, a pause or coming back: the card on the table once more, at the new width."""
        self._page.again(self.state)

    # ---- keys

    def _read(self) -> Key:
        when = BEFORE if self.state.phase is Phase.QUESTION else AFTER
        card_view = self.state.card_view
        options = len(card_view.options) if card_view else 0
        if when == BEFORE and self.state.mode == "speak" and self._page.runs_clock:
            return clock.key(
                self._reader,
                when,
                options=options,
                seconds=lambda: self._spent_ms() / 1000,
                draw=lambda seconds: self._page.tell_time(self.state, seconds),
            )
        return self._reader.key(when, options=options)

    def _act(self, key: Key) -> None:
        always: dict[str, Callable[[], None]] = {
            "u": self._undo, "-": self._bury, "@": self._suspend, "x": lambda: self._page.source(self.state), "p": self._pause,
            "?": lambda: self._page.help(self.state),
            "q": self._quit,
        }  # fmt: skip
        if key.name == "!":
            self._flag(key.text)
        elif key.name in always:
            always[key.name]()
        elif self.state.phase is Phase.QUESTION:
            self._before(key)
        else:
            self._after(key)

    def _before(self, key: Key) -> None:
        card_view = self.state.card_view
        options = card_view.options if card_view else []
        if key.name in (" ", "\n"):
            self._reveal()
        elif key.name in PREDICTIONS:
            self.state = session.predict(self.state, PREDICTIONS[key.name])
            self._page.note(f"  predicted: {PREDICTIONS[key.name]}")
        elif key.name in keys.CHOICES[: len(options)]:
            self._reveal(options[int(key.name) - 1])
        elif key.name == "typed":
            self._reveal(key.text, "type")
        elif key.name in ("=", "pasted") or (card_view and card_view.card.accept and key.name.isprintable()):
            given = self._reader.text("  > ", key.text or key.name.lstrip("="))
            if given:
                self._reveal(given, "type")
            else:
                self._page.resume()
        else:
            self._page.unbound(self.state, key.text or key.name)

    def _reveal(self, given: str | None = None, mode: str | None = None) -> None:
        if given is not None:
            self.state = session.give(self.state, printable.clean(given))
        if mode:
            self.state = self.state._replace(mode=mode)
        self.state = session.reveal(self.state, self._spent_ms())
        self._page.answer(self.state)

    def _after(self, key: Key) -> None:
        suggested = session.suggestion(self.state)
        if key.name in ("1", "2", "3", "4"):
            self._rate(Rating(int(key.name)))
        elif key.name == "\n" and suggested:
            self._rate(suggested)
        elif key.name == "ticks" or key.name in "abcdefg0":
            for letter in key.text or key.name:
                self.state = session.tick(self.state, letter)
            self._page.ticks(self.state)
        elif key.name == " " and self._page.coming(self.state):
            self._page.more(self.state)
        elif key.name in (" ", "\n") and self.state.undid:
            self.state = session.put_aside(self.state)
            self._next()
        elif key.name in (" ", "\n"):
            takes = "the suggestion" if suggested else "a suggestion once key points are ticked"
            ticks = self.state.card_view and self.state.card_view.key_points
            self._page.note("  press 1-4 to rate" + (f"; Enter takes {takes}" if ticks else ""))
        else:
            self._page.unbound(self.state, key.text or key.name)

    def _rate(self, rating: Rating) -> None:
        self._page.rated(self.state, rating)
        moment = self.col.now()
        ticked = session.point_results(self.state)
        card_view, card_ref = self.state.card_view, self.state.card_ref
        if card_view is None or card_ref is None:
            return
        if not self._keeps:
            self.state, _ = session.answer(self.state, rating, moment, self.col.preset, self._spent_ms())
            self._next()
            return
        after, event = session.answer(self.state, rating, moment, self.col.preset, self._spent_ms())
        _, card_state = self.col.answer(card_view, event, ticked)
        memory = card_state.memory
        if memory is None:
            raise AssertionError("an answered card has a memory")
        self._page.say(f"saved {card_ref.id} {int(rating)} due {view.due(memory)}")
        if rating is Rating.AGAIN and scheduler.is_leech(memory):
            self._page.say(
                f"  lapsed {memory.lapses} times: rewrite the card, learn what it rests on, or suspend it with @"
            )
        self.state = session.settled(after, card_ref, card_state)
        if ticked and self._queues:
            self.state, self._queued_ms = session.requeued(self.state, self._queues(moment)), moment.at_ms
        self._next()

    def _undo(self) -> None:
        if not self._keeps:
            self._page.note("  practice: nothing was written, nothing to undo")
            return
        moment = self.col.now()
        try:
            taken = self.col.undo(moment)
        except NothingToUndoError as error:
            self._page.note(f"  {error}")
            return
        self._page.aside(f"undone {taken.card}")
        if taken.card not in self.col.bank.card_refs([taken.card]):
            self._redraw()
            return
        card_view = self.col.card_view(taken.card, moment, self._seed, taken.event.params)
        self.state = session.undone(self.state, card_view, taken.event, taken.said)
        self._turned = self._clock.seconds
        self._page.undone(self.state)

    def _bury(self) -> None:
        self._remove("bury", "buried until tomorrow")

    def _suspend(self) -> None:
        self._remove("suspend", "suspended; u takes it back, `dlquiz unsuspend` lists such cards")

    def _remove(self, kind: str, said: str) -> None:
        card_ref = self.state.card_ref
        if card_ref is None:
            return
        if self._keeps:
            self.col.act(kind, [card_ref.id], self.col.now())
            self._page.aside(f"{card_ref.id} {said}")
        self.state = session.drop(self.state, [card_ref.id])
        self._next()

    def _flag(self, text: str) -> None:
        card_view = self.state.card_view
        if card_view is None:
            return
        if not self._keeps:
            self._page.note("  practice: nothing is written; `dlquiz study` notes errors")
            return
        self._page.apart()
        note = text if self._lines else self._reader.text("  what is wrong with this card? ")
        if note is None:
            self._page.note("  nothing noted")
        else:
            card, said = card_view.card, printable.clean(note).strip()
            self.col.act("flag", [card.id], self.col.now(), given=said, params=variants.params(card.numbers))
            self._page.note(f"flagged {card.id}")

    def _pause(self) -> None:
        self._page.aside("  paused; " + ("the next line goes on" if self._lines else "any key goes on"))
        with self._clock.held():
            key = self._reader.key(AFTER, options=0)
        self._quit() if key.name == "q" else self._page.resume()

    def _quit(self) -> None:
        self.state = session.put_aside(self.state)
        self._over = True

    def _spent_ms(self) -> int:
        """Milliseconds since the card came on the table, without pauses."""
        return round((self._clock.seconds - self._turned) * 1000)
