"""The loop of a sitting: draw, read a key, act. The desk writes, the session decides, the view looks after looks."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable

from rich.console import Console, RenderableType
from rich.text import Text

from dlquiz import calendar, documents, maths, plain, points, scheduler, session, view
from dlquiz.card import Brief, Rating
from dlquiz.desk import Desk
from dlquiz.errors import NothingToUndoError, UsageError
from dlquiz.session import Phase, Session
from dlquiz.terminal import keys
from dlquiz.terminal.keys import AFTER, BEFORE, Key

SPEAK_TARGET_S = 90
PREDICTIONS = {"y": "sure", "h": "half", "n": "no"}


class Sitting:
    """One sitting with one person, at a terminal or in line mode."""

    def __init__(
        self,
        desk: Desk,
        start: Session,
        *,
        label: str = "",
        mode: str | None = None,
        minutes: float | None = None,
        keeps: bool = True,
        since_ms: int | None = None,
    ) -> None:
        self.desk = desk
        self.state = start
        self._label = label
        self._mode = mode
        self._seconds = None if minutes is None else minutes * 60
        self._keeps = keeps  #: answers are written; practice writes nothing
        self._since_ms = since_ms  #: when the queue was made; None asks its cards whatever happened elsewhere
        self._lines = not keys.is_terminal(sys.stdin)
        self._console = view.console(plain_text=self._lines)
        self._began = self._turned = time.monotonic()
        self._paused = 0.0  #: seconds of all pauses
        self._paused_before = 0.0  #: of them, those before this card
        self._pages: list[RenderableType] = []
        self._status_open = False
        self._over = False
        self._reader: keys.Reader = keys.Lines(sys.stdin)

    def run(self) -> None:
        """Ask until nothing is left, the limit is reached, or the person quits."""
        try:
            if not self._lines:
                self._reader = keys.terminal(self._raw, self._redraw)
            self._next()
            while not self._over:
                try:
                    self._act(self._read())
                except UsageError as error:
                    self._say(str(error))
        except KeyboardInterrupt:
            self._line()
            self._say(f"interrupted; {self._counted()} kept" if self._keeps else "interrupted")
            raise
        finally:
            self._reader.forget()
        self._line()
        self._summary()

    # ---- showing

    def _next(self) -> None:
        """Put the next card on the table, or end."""
        self._pages = []
        while not self._over:
            if self._seconds is not None and self._active() >= self._seconds:
                self._say(f"time is up: {round(self._seconds / 60)} min")
                self._over = True
                return
            moment = self.desk.now()
            self.state, brief = session.choose(self.state, moment)
            if brief is None:
                self._over = True
                return
            if self._since_ms is not None and self._done_elsewhere(brief, self._since_ms):
                continue
            sheet = self.desk.sheet(brief.id, moment)
            self.state = session.show(self.state, sheet, self._mode or ("speak" if brief.explains else "reveal"))
            self._paused_before = self._paused
            self._turned = time.monotonic()
            self._draw_question()
            if not self._lines:
                view.warm()
            return

    def _done_elsewhere(self, brief: Brief, since_ms: int) -> bool:
        """Another sitting answered, suspended or buried the card since the queue was made."""
        standing = self.desk.standing(brief.id)
        moment = self.desk.now()
        if scheduler.hidden(standing, moment.day):
            return True
        memory = standing.memory
        return (
            memory is not None and memory.last_ms > since_ms and memory.due_ms is None and memory.due_day > moment.day
        )

    def _draw_question(self) -> None:
        sheet = self.state.sheet
        if sheet is None:
            return
        if self._lines:
            self._put(Text(f"card {plain.printable(sheet.card.id)}"))
        else:
            self._put(Text())
        self._put(view.header(self.state, sheet, self._label, with_id=not self._lines))
        self._put(view.question(sheet))
        self._put(Text())
        if not self._lines:
            self._put(view.hints(self._hints(BEFORE)))

    def _draw_answer(self) -> None:
        """The short answer and key points; the rest waits for Space."""
        sheet = self.state.sheet
        if sheet is None:
            return
        self._put(Text())
        if self.state.mode == "speak" and self.state.thought_ms is not None:
            self._put(Text(f"  you spoke for {round(self.state.thought_ms / 1000)} s; aim at {SPEAK_TARGET_S}", "dim"))
        if self.state.given is not None:
            self._put(view.narrow(view.prose(documents.typed(self.state.given, sheet.card), sheet.card.forms)))
            self._put(Text())
        self._put(self._reading(documents.first_answer(sheet)))
        if sheet.key_points:
            self._put(view.key_points(sheet))
        whole = documents.rest(sheet)
        if whole and self._lines:
            self._put(Text())
            self._put(self._reading(whole))
        elif whole:
            self._pages = self._screenfuls(self._reading(whole))
        self._draw_keys()

    def _reading(self, text: str) -> RenderableType:
        """Markdown of the card on the table."""
        forms = self.state.sheet.card.forms if self.state.sheet else {}
        return view.narrow(view.Reading(text, forms))

    def _draw_keys(self) -> None:
        sheet = self.state.sheet
        if sheet is None:
            return
        self._put(Text())
        if self.state.again:
            self._put(Text("  taken back: rate it again, or Space goes on", "dim"))
        self._put(view.rating_keys(sheet, session.suggestion(self.state)))
        if not self._lines:
            self._put(view.hints(self._hints(AFTER)))

    def _hints(self, when: str) -> list[tuple[str, str]]:
        """Keys worth a reminder now, from the bindings."""
        found = [("Space", "more")] if when == AFTER and self._pages else []
        for each in keys.BINDINGS:
            if each.when in (when, keys.ALWAYS) and each.hint and self._usable(each):
                speaks = each.hint == "show" and self.state.mode == "speak"
                found.append((self._keys_of(each), "done speaking" if speaks else each.hint))
        return found

    def _usable(self, binding: keys.Binding) -> bool:
        """Has this key anything to do on the card on the table?"""
        sheet = self.state.sheet
        if sheet is None:
            return False
        needed = {
            "pick": bool(sheet.options), "type": bool(sheet.card.accept), "tick": bool(sheet.key_points),
            "none": bool(sheet.key_points), "undo": self._keeps,
        }  # fmt: skip
        return needed.get(binding.hint, True)

    def _keys_of(self, binding: keys.Binding) -> str:
        sheet = self.state.sheet
        if sheet and binding.hint == "pick":
            return f"1-{len(sheet.options)}"
        if sheet and binding.hint == "tick":
            return f"a-{points.LETTERS[: len(sheet.key_points)][-1]}"
        return binding.shown

    def _screenfuls(self, whole: RenderableType) -> list[RenderableType]:
        """The text cut into pieces that leave room for the keys."""
        lines = self._console.render_lines(whole, pad=False)
        size = max(4, self._console.size.height - 6)
        return [view.Drawn(lines[start : start + size]) for start in range(0, len(lines), size)]

    def _redraw(self) -> None:
        """After a resize or coming back: the card on the table once more, at the new width."""
        if self.state.sheet is None:
            return
        self._line()
        if self.state.phase is Phase.QUESTION:
            self._draw_question()
        else:
            self._draw_answer()
            self._draw_ticks()

    # ---- keys

    def _read(self) -> Key:
        when = BEFORE if self.state.phase is Phase.QUESTION else AFTER
        sheet = self.state.sheet
        return self._reader.key(when, options=len(sheet.options) if sheet else 0)

    def _act(self, key: Key) -> None:
        always: dict[str, Callable[[], None]] = {
            "u": self._undo, "-": self._bury, "@": self._suspend, "x": self._source, "p": self._pause, "?": self._help,
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
        sheet = self.state.sheet
        options = sheet.options if sheet else []
        if key.name in (" ", "\n"):
            self._reveal()
        elif key.name in PREDICTIONS:
            self.state = session.predict(self.state, PREDICTIONS[key.name])
            self._say(f"  predicted: {PREDICTIONS[key.name]}")
        elif key.name.isdigit() and 1 <= int(key.name) <= len(options):
            self._reveal(options[int(key.name) - 1])
        elif key.name == "typed":
            self._reveal(key.text, "type")
        elif key.name == "=" or (sheet and sheet.card.accept and key.name.isprintable()):
            given = self._reader.text("  > ", "" if key.name == "=" else key.name)
            if given:
                self._reveal(given, "type")

    def _reveal(self, given: str | None = None, mode: str | None = None) -> None:
        if given is not None:
            self.state = session.give(self.state, plain.printable(given))
        if mode:
            self.state = self.state._replace(mode=mode)
        self.state = session.reveal(self.state, self._spent_ms())
        self._draw_answer()

    def _after(self, key: Key) -> None:
        suggested = session.suggestion(self.state)
        if key.name in ("1", "2", "3", "4"):
            self._rate(Rating(int(key.name)))
        elif key.name == "\n" and suggested:
            self._rate(suggested)
        elif key.name == "ticks" or key.name in "abcdefg0":
            for letter in key.text or key.name:
                self.state = session.tick(self.state, letter)
            self._draw_ticks()
        elif key.name == " " and self._pages:
            self._put(self._pages.pop(0))
            self._draw_keys()
        elif key.name in (" ", "\n") and self.state.again:
            self.state = session.put_aside(self.state)
            self._next()
        elif key.name == "\n":
            self._say("  press 1-4 to rate; Enter takes a suggestion once key points are ticked")
        elif key.name == "unbound":
            self._say(f"  {key.text[:20]!r} is no key here; 1-4 rate, ? shows the keys")

    def _draw_ticks(self) -> None:
        suggested = session.suggestion(self.state)
        if suggested is None:
            return
        text = view.ticked(self.state, suggested)
        if self._lines or self._console.is_dumb_terminal:
            self._say(text)
            return
        self._raw(f"\r\x1b[2K{text[: self._console.width - 1]}")
        self._status_open = True

    def _rate(self, rating: Rating) -> None:
        self._line()
        moment = self.desk.now()
        ticked = session.point_results(self.state)
        sheet, brief = self.state.sheet, self.state.brief
        if sheet is None or brief is None:
            return
        if not self._keeps:
            self.state, _ = session.answer(self.state, rating, moment, self.desk.preset, self._spent_ms())
            self._next()
            return
        after, event = session.answer(self.state, rating, moment, self.desk.preset, self._spent_ms())
        _, standing = self.desk.answer(sheet, event, ticked)
        memory = standing.memory
        if memory is None:
            raise AssertionError("an answered card has a memory")
        self._say(f"saved {brief.id} {int(rating)} due {view.due(memory)}")
        if rating is Rating.AGAIN and scheduler.is_leech(memory):
            self._say(f"  lapsed {memory.lapses} times: rewrite the card, learn what it rests on, or suspend it with @")
        self.state = session.settled(after, brief, standing)
        self._next()

    def _undo(self) -> None:
        self._line()
        if not self._keeps:
            self._say("  practice: nothing was written, nothing to undo")
            return
        moment = self.desk.now()
        try:
            taken = self.desk.undo(moment)
        except NothingToUndoError as error:
            self._say(f"  {error}")
            return
        self._say(f"undone {taken.card}")
        if taken.card not in self.desk.bank.briefs([taken.card]):
            self._redraw()
            return
        sheet = self.desk.sheet(taken.card, moment)
        self.state = session.undone(self.state, sheet, taken.event, taken.said)
        self._turned, self._paused_before = time.monotonic(), self._paused
        self._put(view.header(self.state, sheet, self._label, with_id=not self._lines))
        self._put(view.question(sheet))
        self._draw_answer()

    def _bury(self) -> None:
        self._remove("bury", "buried until tomorrow")

    def _suspend(self) -> None:
        self._remove("suspend", "suspended; `dlquiz unsuspend` brings it back")

    def _remove(self, kind: str, said: str) -> None:
        brief = self.state.brief
        if brief is None:
            return
        self._line()
        if self._keeps:
            self.desk.act(kind, [brief.id], self.desk.now())
            self._say(f"{brief.id} {said}")
        self.state = session.drop(self.state, [brief.id])
        self._next()

    def _flag(self, text: str) -> None:
        brief = self.state.brief
        if brief is None:
            return
        self._line()
        note = text if self._lines else self._reader.text("  what is wrong with this card? ")
        if note is None:
            self._say("  nothing noted")
        elif self._keeps:
            self.desk.act("flag", [brief.id], self.desk.now(), given=plain.printable(note).strip())
            self._say(f"flagged {brief.id}")
        else:
            self._say("  practice: nothing is written; run `dlquiz study` to note it")

    def _source(self) -> None:
        """The LaTeX of what is shown."""
        sheet = self.state.sheet
        if sheet is None:
            return
        text = sheet.card.front + ("" if self.state.phase is Phase.QUESTION else "\n" + sheet.card.back)
        found = maths.source(text)
        self._say("\n".join(f"  {each}" for each in found) if found else "  no formula here")

    def _pause(self) -> None:
        self._line()
        began = time.monotonic()
        self._say("  paused; " + ("the next line goes on" if self._lines else "any key goes on"))
        key = self._reader.key(AFTER, options=0)
        self._paused += time.monotonic() - began
        if key.name == "q":
            self._quit()
            return
        self._redraw()

    def _help(self) -> None:
        self._line()
        when = BEFORE if self.state.phase is Phase.QUESTION else AFTER
        for each in keys.BINDINGS:
            if each.when in (when, keys.ALWAYS) and (self._usable(each) or each.hint == "type"):
                self._put(Text(f"  {self._keys_of(each):<7}{each.does}"))

    def _quit(self) -> None:
        self._over = True

    # ---- the end

    def _summary(self) -> None:
        """What was answered, what was missed and where it is explained, time, when to come back."""
        answers = self.state.answers
        if not answers:
            self._say("nothing answered" if self._keeps else "practice ended")
            return
        given = Counter(rating for _, rating, _ in answers)
        parts = ", ".join(f"{given[rating]} {view.NAMES[rating]}" for rating in Rating if given[rating])
        self._put(Text())
        self._say(f"{self._counted()}: {parts}; {_minutes(self._active())}")
        shown = dict.fromkeys(point for _, _, missing in answers for point in missing)
        if shown:
            self._say("Missed points:")
            for point in shown:
                self._put(view.Hanging(Text("  - "), Text(plain.printable(self._point_text(point)))))
            notes = dict.fromkeys(point.partition("#")[0] for point in shown)
            self._say("Read again: " + ", ".join(f"dlquiz show {note}" for note in notes))
        if not self._keeps:
            self._say("practice: nothing was written")
            return
        steps = sorted(self.state.later, key=lambda row: row[0])
        if steps:
            count = "1 card" if len(steps) == 1 else f"{len(steps)} cards"
            self._say(f"{count} in steps, the next at {calendar.clock(steps[0][0])}")

    def _point_text(self, point: str) -> str:
        note = self.desk.bank.note(point.partition("#")[0])
        return next((maths.plain(each.text, note.forms) for each in note.key_points if each.id == point), point)

    def _counted(self) -> str:
        count = len(self.state.answers)
        return "1 answer" if count == 1 else f"{count} answers"

    # ---- time and output

    def _active(self) -> float:
        """Seconds of this sitting without its pauses."""
        return time.monotonic() - self._began - self._paused

    def _spent_ms(self) -> int:
        """Milliseconds since the card came on the table, without pauses."""
        pauses = self._paused - self._paused_before
        return max(0, round((time.monotonic() - self._turned - pauses) * 1000))

    def _put(self, item: RenderableType) -> None:
        self._line()
        view.put(self._console, item)

    def _say(self, text: str) -> None:
        self._put(Text(plain.printable(text)))

    def _line(self) -> None:
        """End the line that ticks are drawn on."""
        if self._status_open:
            self._status_open = False
            self._raw("\n")

    def _raw(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def _minutes(seconds: float) -> str:
    return f"{round(seconds)} s" if seconds < 90 else f"{round(seconds / 60)} min"


def practice_sheet(desk: Desk, console: Console, brief: Brief) -> None:
    """A question with its whole answer, for a run that nobody types into."""
    sheet = desk.sheet(brief.id, desk.now())
    view.put(console, Text(f"card {plain.printable(sheet.card.id)}"))
    view.put(console, view.question(sheet))
    view.put(console, Text())
    view.put(console, view.narrow(view.Reading(documents.first_answer(sheet), sheet.card.forms)))
    if sheet.note.key_points and sheet.card.explains:
        view.put(console, view.narrow(view.Reading(documents.key_points(sheet.note), sheet.card.forms)))
    whole = documents.rest(sheet)
    if whole:
        view.put(console, Text())
        view.put(console, view.narrow(view.Reading(whole, sheet.card.forms)))
    view.put(console, Text())
