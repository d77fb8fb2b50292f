"""Where a mock interview is shown, on a terminal or line by line. Reads no key, decides nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import RenderableType

from dlquiz import points, view
from dlquiz.collection.open_interview import Heard
from dlquiz.interview import Interview, InterviewPhase, Question
from dlquiz.interview.verdict import Debrief, clock
from dlquiz.terminal.keys import ALWAYS, Binding
from dlquiz.terminal.line import Line
from dlquiz.terminal.screen import Footer
from dlquiz.text import cells, printable
from dlquiz.view import card as card_layout
from dlquiz.view import interview as looks
from dlquiz.view import verdicts
from dlquiz.view.key_points import ROOMY
from dlquiz.view.styled import Text

if TYPE_CHECKING:
    from dlquiz.interactive.card_foot import RecordingStep  # an extra, loaded once somebody speaks

ASKING, DEBRIEF = "while you answer", "in the debrief"
SILENT, LISTENS, TRANSCRIPT = "silent", "listens", "transcript"  # is what is said heard, or was it?
CREDITED = "credited"  # words were counted as a key point for the second time
BINDINGS = (
    Binding(" \n", ASKING, "done: the answer is finished", shown="Space", hint="done", needs="silent"),
    Binding(" ", ASKING, "speak; Space again ends it", shown="Space", hint="speak", needs="listens"),
    Binding("\n", ASKING, "done: the answer is finished, nobody listened", shown="Enter", hint="done", needs="listens"),
    Binding("s", ASKING, "skip what is asked", shown="s", hint="skip"),
    Binding("p", ASKING, "pause; the clocks stop", shown="p", hint="pause"),
    Binding("=", ASKING, "type this answer", shown="="),
    Binding("abcdefg", DEBRIEF, "tick a key point that you said", shown="a-g", hint="tick"),
    Binding("0", DEBRIEF, "none of the key points", shown="0", hint="none"),
    Binding("t", DEBRIEF, "what was understood of your words", shown="t", hint="transcript", needs="transcript"),
    Binding("k", DEBRIEF, "keep as your own the words that you credited twice", "k", "keep words", "credited"),
    Binding(" \n", DEBRIEF, "go on; without a tick or 0 nothing is noted", shown="Space", hint="go on"),
    Binding("?", ALWAYS, "these keys", shown="?", hint="keys"),
    Binding("q", ALWAYS, "leave; `dlquiz interview --resume` goes on", shown="q", hint="leave"),
)

NOT_HEARD = Heard()


def bound(when: str, holding: Collection[str] = (SILENT,)) -> list[Binding]:
    """The keys that work now.

    Args:
        when: ASKING or DEBRIEF.
        holding: Of SILENT, LISTENS, TRANSCRIPT and CREDITED.
    """
    return [binding for binding in BINDINGS if binding.when in (when, ALWAYS) and binding.needs in {"", *holding}]


class InterviewScreen:
    """Everything that is printed goes through here; the foot below it gives way."""

    def __init__(self, *, lines: bool) -> None:
        """
        Args:
            lines: Line mode: plain text, nothing drawn twice, no hints.
        """
        self._lines = lines
        self._console = view.console(plain_text=lines)
        self._foot = Footer(self._console, lines=lines)
        self.holding: Collection[str] = (SILENT,)  #: which keys work, see `bound`
        self._step = ""  #: of an answer that is spoken or written down
        self._ticking: Heard | None = None  #: the answer whose key points stand in the foot, with their ticks
        self._notice = ""  #: a word behind the line of changing text, until the next key
        self._coming_notice = ""  #: for the next hints

    @property
    def redraws(self) -> bool:
        """Can a line be drawn over itself? Only then a clock runs."""
        return self._foot.redraws

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines, now."""
        return self._console.width, self._console.height

    # ---- asking

    def opening(self, state: Interview, *, resumed: bool) -> None:
        if resumed:
            self.put(looks.resumed(state))
        else:
            self.put(looks.opening(state))

    def question(self, state: Interview) -> None:
        """What is asked now."""
        self.put(Text())
        if state.follow_up is None:
            if self._lines:
                self.say(f"card {state.question.note}")
            self.put(looks.heading(state))
            self.put(Text())
        self.put(looks.asked(state))
        self.put(Text())

    def answered(self, state: Interview, took_ms: int, given: str | None, *, skipped: bool) -> None:
        """An answer is kept; `state` is what comes after it."""
        if given and not self._lines:
            self.put(view.narrow(Text(given)))
        self.say(f"  {'skipped' if skipped else 'done'} after {clock(took_ms)}")
        if state.phase is not InterviewPhase.ASKING:
            self.put(Text())
            self.put(looks.turning(state))

    # ---- the debrief

    def compared(self, state: Interview, heard: Heard = NOT_HEARD) -> None:
        self.put(Text())
        if self._lines:
            self.say(f"card {state.question.note}")
        self.put(looks.compared(state))
        self._ticking = heard if self._has_room(state.question, heard) else None
        if self._ticking is None:
            self.put(self._points(state.question, heard, ticks=False))
            self.put(Text())
        if self._lines:
            for line in verdicts.lines(state.question.points, heard.judgements):
                self.say(line)

    def _points(self, question: Question, heard: Heard, *, ticks: bool) -> RenderableType:
        return looks.key_points(question, heard.judgements, heard.words, spoken=heard.spoken, ticks=ticks)

    def _has_room(self, question: Question, heard: Heard) -> bool:
        """Can all key points be drawn over themselves, with the keys and what is ticked below?"""
        columns, lines = self.size
        height = len(self._rows(self._points(question, heard, ticks=True)))
        return self.redraws and bool(question.points) and height + (4 if columns < ROOMY else 3) < lines

    def _rows(self, item: RenderableType) -> list[str]:
        """The lines that Rich makes of an item."""
        with self._console.capture() as output:
            self._console.print(item)
        return output.get().splitlines()

    def ticked(self, question: Question) -> None:
        """What is ticked, on one line that is drawn again at each tick."""
        if question.said is not None:
            self.tell(looks.ticked(question))

    def judged(self, question: Question, *, logged: bool, has_note: bool) -> None:
        """After the answer was logged: its ticks, the acknowledgement, and what was missed."""
        if self._ticking:
            self.put(self._points(question, self._ticking, ticks=True))
            self.put(Text())
            self._ticking = None
        if logged and question.said is not None:
            self.say(f"saved {question.note} {len(question.said)} of {len(question.points)}")
        elif logged:
            self.say(f"saved {question.note}")
        if question.points and question.said is None:
            self.say("  nothing ticked, so nothing is recorded of its key points")
        if question.missed:
            self.put(looks.missed(question, has_note=has_note))

    def result(self, debrief: Debrief, files: Sequence[Path]) -> None:
        """The end: the verdict, what to do next, and where it can be read again."""
        self.put(Text())
        self.put(looks.result(debrief))
        self.put(Text())
        for path in files:
            self.put(looks.Unbroken(Text(printable.clean(f"kept {path}"))))

    # ---- the foot

    def hints(self, when: str, question: Question | None = None) -> None:
        """Keys worth a reminder now, from the bindings; none in line mode."""
        if self._lines:
            return
        ticks = question is None or question.points
        hints = [(_keys_of(binding, question), binding.hint) for binding in bound(when, self.holding) if binding.hint]
        below = card_layout.hints((keys, does) for keys, does in hints if ticks or does not in ("tick", "none"))
        if self._ticking and when == DEBRIEF and question:
            self._foot.draw(self._points(question, self._ticking, ticks=True), Text(), below)
        else:
            self._foot.draw(below)
        self._notice, self._coming_notice = self._coming_notice, ""
        if self._notice:
            self.tell("")

    def listen(self, step: RecordingStep | None, clocks: str = "") -> None:
        """What happens while somebody speaks, with the clocks behind it where there is room; None when it is over."""
        if step is None:
            self._step = ""
            return
        if step.name != self._step:
            self._step = step.name
            self._foot.draw(card_layout.hints(step.hints))
            if not self.redraws:
                self._foot.tell(f"  {step.name}")
        if self.redraws:
            fits = cells.length(f"  {step.line}{clocks}") < self._console.width
            self._foot.tell(f"  {step.line}{clocks if fits else ''}")

    def understood(self, words: str) -> None:
        """What was understood of the words that were said."""
        self.say("  Understood, with what was misheard:")
        self.put(view.narrow(Text(printable.clean(words)), 4))
        self.put(Text())

    def tell(self, text: str) -> None:
        """The line of changing text below the hints."""
        self._foot.tell(f"{text}   {self._notice}" if text and self._notice else text or f"  {self._notice}")

    def clear(self) -> None:
        """Take the foot off the screen."""
        self._foot.clear()

    def again(self) -> None:
        """The foot, after what lay above it was drawn again."""
        self._foot.again()

    def help(self, when: str, *, typed: bool = False) -> bool:
        """The keys that work now. True where they stand in place of the hints, until a key is pressed."""
        lines = [f"  {binding.shown:<7}{binding.does}" for binding in bound(when, self.holding)]
        if self.redraws and not typed:
            self._foot.draw(*map(Text, lines), Text("\n  any key goes on", "quiet"))
            return True
        if typed:
            lines.append(
                "  Written: an empty line is done, Esc pauses; a key above stands alone in the first line, with Enter."
            )
        for line in lines:
            self.say(line)
        if not self._lines:
            self.put(Text())
        return False

    def writing_hints(self, *, begun: bool) -> list[str]:
        """The keys beside a written answer, as rows of the screen."""
        commands = [binding for binding in bound(ASKING) if binding.hint and binding.hint != "done"]
        alone = [(f"{binding.shown} Enter", binding.hint) for binding in commands]
        others = [("Esc", "pause"), ("Ctrl-C", "leave")] if begun else alone
        return self._rows(card_layout.hints([("Enter twice" if begun else "Enter", "done"), *others]))

    def unbound(self, key: str) -> None:
        word = f"{key[:20]!r} does nothing here; ? shows the keys"
        if self.redraws:
            self._coming_notice = word
        else:
            self.say(f"  {word}")

    # ---- lines

    def put(self, item: RenderableType) -> None:
        self._foot.clear()
        view.put(self._console, item)

    def say(self, text: str) -> None:
        self.put(Text(printable.clean(text)))

    def draw_line(self, prompt: str, line: Line | None) -> None:
        """An interview asks for no single line."""


def _keys_of(binding: Binding, question: Question | None) -> str:
    """The keys of a binding as far as this question uses them."""
    if question is None or binding.hint != "tick" or not question.points:
        return binding.shown
    last = points.LETTERS[: len(question.points)][-1]
    return "a" if last == "a" else f"a-{last}"
