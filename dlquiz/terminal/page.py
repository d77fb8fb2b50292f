"""What a sitting shows of its card, on a terminal or line by line: the views put in order. Reads no key, decides nothing."""

from __future__ import annotations

import sys
from collections import Counter

from rich.console import Console, RenderableType
from rich.text import Text

from dlquiz import calendar, documents, maths, plain, points, session, view
from dlquiz.card import Brief, Rating
from dlquiz.desk import Desk
from dlquiz.session import Phase, Session
from dlquiz.terminal import keys
from dlquiz.terminal.keys import AFTER, BEFORE
from dlquiz.view import sitting

SPEAK_TARGET_S = 90
KEY_LINES = 6  # lines that a screenful leaves to the keys below it


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
        self._screenfuls: list[RenderableType] = []
        self._open = False  #: the last line is one that ticks are drawn on

    # ---- a card

    def card(self, state: Session) -> None:
        """The card on the table as it lies: its question, or its answer with what is ticked."""
        if state.phase is Phase.QUESTION:
            self.question(state)
        else:
            self.answer(state)
            self.ticks(state)

    def heading(self, state: Session) -> None:
        """Header and question."""
        sheet = state.sheet
        if sheet is None:
            return
        self.put(sitting.header(state, sheet, self._label, with_id=not self._lines))
        self.put(sitting.question(sheet))

    def question(self, state: Session) -> None:
        sheet = state.sheet
        if sheet is None:
            return
        self._screenfuls = []
        self.say(f"card {sheet.card.id}" if self._lines else "")
        self.heading(state)
        self.say("")
        self._hints(state, BEFORE)

    def answer(self, state: Session) -> None:
        """The short answer and key points; the rest waits for Space."""
        sheet = state.sheet
        if sheet is None:
            return
        self.say("")
        if state.mode == "speak" and state.thought_ms is not None:
            self.put(Text(f"  you spoke for {round(state.thought_ms / 1000)} s; aim at {SPEAK_TARGET_S}", "dim"))
        if state.given is not None:
            self.put(view.narrow(view.prose(documents.typed(state.given, sheet.card), sheet.card.forms)))
            self.say("")
        self.put(view.narrow(view.Reading(documents.first_answer(sheet), sheet.card.forms)))
        if sheet.key_points:
            self.put(sitting.key_points(sheet))
        whole = documents.rest(sheet)
        rest = view.narrow(view.Reading(whole, sheet.card.forms))
        if whole and self._lines:
            self.say("")
            self.put(rest)
        elif whole:
            drawn = self._console.render_lines(rest, pad=False)
            size = max(4, self._console.size.height - KEY_LINES)
            self._screenfuls = [view.Drawn(drawn[start : start + size]) for start in range(0, len(drawn), size)]
        self._keys(state)

    @property
    def has_more(self) -> bool:
        """Is there another screenful?"""
        return bool(self._screenfuls)

    def more(self, state: Session) -> None:
        """The next screenful."""
        self.put(self._screenfuls.pop(0))
        self._keys(state)

    def ticks(self, state: Session) -> None:
        """What is ticked and what Enter takes, on one line that is drawn again at each tick."""
        suggested = session.suggestion(state)
        if suggested is None:
            return
        text = sitting.ticked(state, suggested)
        if self._lines or self._console.is_dumb_terminal:
            self.say(text)
            return
        self.raw(f"\r\x1b[2K{text[: self._console.width - 1]}")
        self._open = True

    def help(self, state: Session) -> None:
        """The keys that work now."""
        when = BEFORE if state.phase is Phase.QUESTION else AFTER
        for each in keys.BINDINGS:
            if each.when in (when, keys.ALWAYS) and (self._usable(each, state) or each.hint == "type"):
                self.say(f"  {_keys_of(each, state):<7}{each.does}")

    def _keys(self, state: Session) -> None:
        if state.sheet is None:
            return
        self.say("")
        if state.again:
            self.put(Text("  taken back: rate it again, or Space goes on", "dim"))
        self.put(sitting.rating_keys(state.sheet, session.suggestion(state)))
        self._hints(state, AFTER)

    def _hints(self, state: Session, when: str) -> None:
        """Keys worth a reminder now, from the bindings."""
        if self._lines:
            return
        found = [("Space", "more")] if when == AFTER and self._screenfuls else []
        for each in keys.BINDINGS:
            if each.when in (when, keys.ALWAYS) and each.hint and self._usable(each, state):
                speaks = each.hint == "show" and state.mode == "speak"
                found.append((_keys_of(each, state), "done speaking" if speaks else each.hint))
        self.put(sitting.hints(found))

    def _usable(self, binding: keys.Binding, state: Session) -> bool:
        """Has this key anything to do on the card on the table?"""
        sheet = state.sheet
        if sheet is None:
            return False
        needed = {
            "pick": bool(sheet.options), "type": bool(sheet.card.accept), "tick": bool(sheet.key_points),
            "none": bool(sheet.key_points), "undo": self._keeps,
        }  # fmt: skip
        return needed.get(binding.hint, True)

    def summary(self, state: Session, desk: Desk, seconds: float) -> None:
        """What was answered, what was missed and where it is explained, time, when to come back."""
        answers = state.answers
        if not answers:
            self.say("nothing answered" if self._keeps else "practice ended")
            return
        given = Counter(rating for _, rating, _ in answers)
        parts = ", ".join(f"{given[rating]} {view.NAMES[rating]}" for rating in Rating if given[rating])
        self.put(Text())
        self.say(f"{counted(state)}: {parts}; {_minutes(seconds)}")
        shown = dict.fromkeys(point for _, _, missing in answers for point in missing)
        if shown:
            self.say("Missed points:")
            for point in shown:
                self.put(view.Hanging(Text("  - "), Text(plain.printable(_point_text(desk, point)))))
            notes = dict.fromkeys(point.partition("#")[0] for point in shown)
            self.say("Read again: " + ", ".join(f"dlquiz show {note}" for note in notes))
        if not self._keeps:
            self.say("practice: nothing was written")
            return
        steps = sorted(state.later, key=lambda row: row[0])
        if steps:
            count = "1 card" if len(steps) == 1 else f"{len(steps)} cards"
            self.say(f"{count} in steps, the next at {calendar.clock(steps[0][0])}")

    # ---- lines

    def put(self, item: RenderableType) -> None:
        self.close_line()
        view.put(self._console, item)

    def say(self, text: str) -> None:
        self.put(Text(plain.printable(text)))

    def raw(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def close_line(self) -> None:
        """End the line that ticks are drawn on."""
        if self._open:
            self._open = False
            self.raw("\n")


def counted(state: Session) -> str:
    """How many answers were given."""
    count = len(state.answers)
    return "1 answer" if count == 1 else f"{count} answers"


def _point_text(desk: Desk, point: str) -> str:
    note = desk.bank.note(point.partition("#")[0])
    return next((maths.plain(each.text, note.forms) for each in note.key_points if each.id == point), point)


def _minutes(seconds: float) -> str:
    return f"{round(seconds)} s" if seconds < 90 else f"{round(seconds / 60)} min"


def _keys_of(binding: keys.Binding, state: Session) -> str:
    """The keys of a binding as far as this card uses them."""
    if state.sheet and binding.hint == "pick":
        return f"1-{len(state.sheet.options)}"
    if state.sheet and binding.hint == "tick":
        return f"a-{points.LETTERS[: len(state.sheet.key_points)][-1]}"
    return binding.shown


def practice_sheet(desk: Desk, console: Console, brief: Brief) -> None:
    """A question with its whole answer, for a run that nobody types into."""
    sheet = desk.sheet(brief.id, desk.now())
    view.put(console, Text(f"card {plain.printable(sheet.card.id)}"))
    view.put(console, sitting.question(sheet))
    view.put(console, Text())
    view.put(console, view.narrow(view.Reading(documents.first_answer(sheet), sheet.card.forms)))
    if sheet.note.key_points and sheet.card.explains:
        view.put(console, view.narrow(view.Reading(documents.key_points(sheet.note), sheet.card.forms)))
    whole = documents.rest(sheet)
    if whole:
        view.put(console, Text())
        view.put(console, view.narrow(view.Reading(whole, sheet.card.forms)))
    view.put(console, Text())
