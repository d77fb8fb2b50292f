"""The loop of a sitting: read a key, act. The collection writes, the session decides, the view renders; `asking` brings the next card,
`answering` hears what is answered."""

from __future__ import annotations

from collections.abc import Callable

from dlquiz import calendar, scheduler, session, view
from dlquiz.card import Rating
from dlquiz.errors import NothingToUndoError, StoreError, UsageError
from dlquiz.interactive import key_hints, writing
from dlquiz.interactive.answering import Answering
from dlquiz.session import Phase
from dlquiz.terminal import clock, keyboard, keys
from dlquiz.terminal.keys import AFTER, BEFORE, Key
from dlquiz.text.phrases import counted
from dlquiz.view import card as card_layout
from dlquiz.view import leech

PREDICTIONS = {"y": "sure", "h": "half", "n": "no"}
TURNING = {" ": 1, "on": 1, "back": -1}  # pages


class Sitting(Answering):
    """One sitting with one person, at a terminal or in line mode: its loop, and what each key does to the card on the table."""

    def run(self) -> None:
        """Ask until nothing is left, the limit is reached, or the person quits."""
        try:
            if not self._lines:
                self._reader = keyboard.opened(self._screen.draw_line, self._redraw, self._stopped)
            self._look_up()
            self._next()
            while not self._over:
                try:
                    self._act(self._read())
                except UsageError as error:
                    self._screen.explain(str(error))
        except KeyboardInterrupt:
            self._screen.close()
            self._screen.say(
                f"interrupted; {counted(len(self.state.answers), 'answer')} kept" if self._keeps else "interrupted"
            )
            self._tell_unsaved()
            raise
        except StoreError:
            self._screen.close()
            self._tell_unsaved()
            raise
        finally:
            self._screen.close()
            self._reader.forget()
        from dlquiz.interactive.summary import (
            summary,  # with the plan behind it, which the first card must not wait for
        )

        for renderable in summary(self.state, self.col, self._before_answer, self._clock.seconds, keeps=self._keeps):
            self._screen.put(renderable)

    # ---- keys

    def _read(self) -> Key:
        if self._draft is not None and isinstance(self._reader, keys.TerminalKeys):
            return self._written(self._reader, self._draft)
        when = BEFORE if self.state.phase is Phase.QUESTION else AFTER
        card_view = self.state.card_view
        options = len(card_view.options) if card_view else 0
        if when == BEFORE and self.state.mode == "speak" and self._screen.runs_clock and not self.state.listens:
            return clock.key(
                self._reader,
                when,
                options=options,
                seconds=lambda: self._spent_ms() / 1000,
                draw=lambda seconds: self._screen.tell_time(self.state, seconds),
            )
        return self._reader.key(when, options=options)

    def _act(self, key: Key) -> None:
        if self._screen.covered and key.name in TURNING:
            if not self._screen.turn(self.state, TURNING[key.name]):
                self._screen.uncover()
                self._screen.resume()
            return
        closes = self._screen.covered and key.name in ("?", "esc", "\n", "i", "t", "v", "x")
        self._screen.uncover()
        if closes or key.name in ("esc", "redraw"):
            self._redraw() if key.name == "redraw" else self._screen.resume()
        elif key.name in ("on", "back"):
            self._screen.turn(self.state, TURNING[key.name])
        else:
            self._do(key)

    def _do(self, key: Key) -> None:
        always: dict[str, Callable[[], None]] = {
            "u": self._undo, "-": self._bury, "@": self._suspend, "x": lambda: self._screen.source(self.state), "p": self._pause,
            "?": lambda: self._screen.help(self.state),
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
        if key.name in (" ", "\n", "=") and self._left and not self._lines:
            self._draft, self._left = self._left, ""
        elif key.name == " " and self.state.listens:
            self._listen()
        elif key.name in (" ", "\n"):
            self._reveal()
        elif key.name == "v" and card_view and card_view.pictures_asked:
            self._show_pictures()
        elif key.name == "v" and self._lines:
            self._before(Key("typed", "v"))
        elif key.name == "typed" and not key.text.strip():
            self._screen.note("  nothing was typed after =")
        elif key.name == "typed" and self._writes:
            self._reveal(writing.in_lines(self._reader, key.text) if self._lines else key.text, "type")
        elif key.name in PREDICTIONS:
            self.state = session.predict(self.state, PREDICTIONS[key.name])
            self._screen.note(f"  predicted: {PREDICTIONS[key.name]}")
        elif key.name in keys.CHOICES[: len(options)]:
            self._reveal(options[int(key.name) - 1])
        elif key.name == "typed":
            self._reveal(key.text, "type")
        elif key.name in ("=", "pasted") or (card_view and card_view.card.typed and key.name.isprintable()):
            given = self._reader.text(key_hints.ANSWER_PROMPT, key.text or key.name.lstrip("="))
            if given and given.strip():
                self._reveal(given, "type")
            else:
                self._screen.resume()
        else:
            self._screen.unbound(self.state, key.text or key.name)

    def _after(self, key: Key) -> None:
        suggested = session.suggestion(self.state)
        if key.ahead and key.name in ("1", "2", "3", "4", "\n"):
            self._screen.note("  typed before the card was shown: press 1-4 to rate it")
        elif key.name in ("1", "2", "3", "4"):
            rating = Rating(int(key.name))
            if not self._doubts(rating):
                self._rate(rating)
        elif key.name == "\n" and suggested:
            self._rate(suggested)
        elif key.name == "ticks" or key.name in "abcdefg0":
            self._tick(key.text or key.name)
        elif key.name in ("y", "n") and self.state.unasked:
            self._decide(said=key.name == "y")
        elif key.name == "k" and self.state.credited and self._keeps:
            self._keep_words(*self.state.credited)
        elif key.name == "i":
            self._screen.whole_note(self.state)
        elif key.name == "t" and self.state.transcript:
            self._screen.understood(self.state)
        elif key.name == "m":
            self._remark(key.text)
        elif key.name == "v":
            self._show_pictures()
        elif key.name == "o":
            self._edit()
        elif key.name == " " and self._screen.coming(self.state):
            self._screen.turn(self.state, 1)
        elif key.name in (" ", "\n") and self.state.undid:
            self.state = session.put_aside(self.state)
            self._next()
        elif key.name in (" ", "\n"):
            takes = "the suggestion" if suggested else "a suggestion once key points are ticked"
            ticks = self.state.card_view and self.state.card_view.key_points
            self._screen.note("  press 1-4 to rate" + (f"; Enter gives {takes}" if ticks else ""))
        else:
            self._screen.unbound(self.state, key.text or key.name)

    def _doubts(self, rating: Rating) -> bool:
        """Asks once whether an answer without a must is good or easy. Keys that are piped in mean what they say: there it is told only."""
        unsaid, card_ref = session.unsaid_musts(self.state), self.state.card_ref
        if not unsaid or card_ref is None or rating < Rating.GOOD:
            return False
        doubted = (card_ref.id, self.state.said)
        asks = not self._lines and doubted != self._doubted
        self._doubted = doubted
        musts = f"  {counted(unsaid, 'must')} unsaid"
        if asks:
            self._screen.note(f"{musts}: really {view.NAMES[rating]}? {int(rating)} again takes it")
        elif self._lines:
            self._screen.note(musts)
        return asks

    def _rate(self, rating: Rating) -> None:
        moment = self.col.now()
        ticked = session.point_results(self.state)
        card_view, card_ref = self.state.card_view, self.state.card_ref
        if card_view is None or card_ref is None:
            return
        if not self._keeps:
            self._screen.rated(self.state, rating, "")
            self.state, _ = session.answer(self.state, rating, moment, self.col.preset, self._spent_ms())
            self._next()
            return
        self._before_answer.setdefault(card_ref.id, card_view.card_state.memory)
        after, event = session.answer(self.state, rating, moment, self.col.preset, self._spent_ms())
        judged, judge = session.verdicts(self.state), self.state.judge or None
        _, card_state = self.col.answer(card_view, event, ticked, judged, judge)
        memory = card_state.memory
        if memory is None:
            raise AssertionError("an answered card has a memory")
        self._states[card_ref.id] = card_state
        back = calendar.day_name(memory.due_day) if memory.due_ms is None else calendar.clock(memory.due_ms)
        self._screen.rated(self.state, rating, back)
        self._screen.acknowledge(f"saved {card_ref.id} {int(rating)} due {view.due(memory)}")
        if rating is Rating.AGAIN and scheduler.is_leech(memory):
            self._screen.aside(f"  {leech.advice(memory.lapses)}")
        self.state = session.settled(after, card_ref, card_state)
        if ticked and self._queues:
            self.state, self._queued_ms = session.requeued(self.state, self._queues(moment)), moment.at_ms
            self._look_up()
        self._next()

    def _undo(self) -> None:
        if not self._keeps:
            self._screen.note("  practice: nothing was written, nothing to undo")
            return
        moment = self.col.now()
        try:
            taken = self.col.undo(moment)
        except NothingToUndoError as error:
            self._screen.note(f"  {error}")
            return
        for card in (taken.card, *taken.others):
            self._screen.aside(f"undone {card}")
        if taken.card not in self.col.bank.card_refs([taken.card]):
            self._redraw()
            return
        card_view = self.col.card_view(taken.card, moment, self._seed, taken.event.params)
        lying, word = self.state.card_ref, card_layout.put_back(taken.event.kind)
        self.state = session.undone(self.state, card_view, taken.event, taken.said)
        self._states |= self.col.card_states([taken.card, *taken.others])
        if lying and lying.id != taken.card and self.state.card_ref == lying:
            self._screen.note(f"  {taken.card}: {word}")
        elif self.state.undid:
            self._turned = self._clock.seconds
            self._screen.count(self.state, self._states)
            self._screen.undone(self.state)
        elif taken.event.kind == "remark" and self.state.phase is Phase.ANSWER:
            self._screen.remarked(self.state, word)
        else:
            if lying is None or lying.id != taken.card:
                self._ask(card_view)
            self._screen.note(f"  {word}")

    def _bury(self) -> None:
        self._remove("bury", "buried until tomorrow")

    def _suspend(self) -> None:
        self._remove("suspend", "suspended; u or `dlquiz undo` takes it back; `dlquiz unsuspend` lists all")

    def _remove(self, kind: str, done: str) -> None:
        card_ref = self.state.card_ref
        if card_ref is None:
            return
        if self._keeps:
            self.col.act(kind, [card_ref.id], self.col.now())
            self._screen.aside(f"{card_ref.id} {done}")
        self.state = session.drop(self.state, [card_ref.id])
        self._next()

    def _pause(self) -> None:
        self._screen.paused()
        with self._clock.held():
            key = self._reader.key(AFTER, options=0)
        self._screen.uncover()
        self._quit() if key.name == "q" else self._screen.resume()
