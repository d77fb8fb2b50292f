"""What a sitting shows of its card in the live region, and what lies over it; `card_rows` lays it out. Reads no key, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlquiz import points, session, view
from dlquiz.card import CardState, Rating
from dlquiz.interactive import key_hints
from dlquiz.interactive.card_rows import CardRows, Ready
from dlquiz.session import Phase, Session
from dlquiz.terminal import clock
from dlquiz.terminal.line import Line
from dlquiz.text import cells, printable
from dlquiz.view import answer as answer_layout
from dlquiz.view import card as card_layout
from dlquiz.view.pager import Pages
from dlquiz.view.styled import Hanging, Text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from dlquiz.interactive.card_foot import RecordingStep
    from dlquiz.terminal.multiline import MultilineText


class CardScreen(CardRows):
    """Where one sitting is shown on a terminal that can draw lines over themselves."""

    runs_clock = True
    redraws = True

    # ---- a card

    def count(self, state: Session, states: Mapping[str, CardState]) -> None:
        """Count what is left, for the header."""
        self._counts = session.counts(state, states)

    def question(self, state: Session) -> None:
        """A new card, question up."""
        ready, self._ahead = self._ahead, None
        if ready is None or ready.state.card_view is not state.card_view:
            ready = Ready(state, Pages(self._sheet, _question(state)))
        self._answer, self._prepared, self._clock = None, None, ""
        self._open(state, ready)

    def answer(self, state: Session, notice: str = "") -> None:
        """The short answer with its key points; the rest waits for Space."""
        spoke, ready = key_hints.spoke(state), self._prepared
        self._clock, self._prepared = "", None
        if self._answer is None or not self._answer.suits(state, spoke):
            self._answer, ready = answer_layout.TurnedAnswer(state, spoke), None
        chapters = self._answer.chapters(state, spoke)
        ready = ready or Ready(state, Pages(self._sheet, chapters))
        ready.pages.replace(chapters)
        self._open(state, ready, notice)

    def prepare(self, state: Session) -> None:
        """Lay the answer out while its question is read, as it is when nothing is typed: Space then waits 0.5 ms and not 2."""
        turned = session.reveal(state, 0)
        self._answer = answer_layout.TurnedAnswer(state)
        pages = Pages(self._sheet, self._answer.chapters(turned, key_hints.spoke(turned)))
        self._prepared = self._laid_out(turned, pages, self._counts)

    def look_ahead(self, state: Session, states: Mapping[str, CardState]) -> None:
        """Lay out the question that will most likely come next, while another one is read."""
        self._ahead = self._laid_out(state, Pages(self._sheet, _question(state)), session.counts(state, states))

    def undone(self, state: Session) -> None:
        """The card whose answer was taken back, with its answer; the word on it gives way to the next key."""
        self.answer(state, notice=card_layout.taken_back(state.undid).plain.strip())

    def remarked(self, state: Session, notice: str) -> None:
        """The answer with the remark that it has now, on the page that is open, and a word on it in the foot."""
        self._state, self._notice = state, notice
        spoke = key_hints.spoke(state)
        self._answer = answer_layout.TurnedAnswer(state, spoke)
        if self._pages:
            self._pages.replace(self._answer.chapters(state, spoke))
        self._draw()

    def ticks(self, state: Session, letter: str) -> None:
        """Ticks at the points that were said, and what Enter takes; the page with the point that was ticked last is opened."""
        self._state = state
        if self._pages and self._answer:
            self._pages.replace(self._answer.chapters(state, key_hints.spoke(state)))
            if letter in points.LETTERS and self._pages.chapter == answer_layout.ANSWER:
                self._pages.open(self._body_height, lambda line: line[2:5] == f"{letter}  ")
        self._draw()

    def _open(self, state: Session, ready: Ready, notice: str = "") -> None:
        self._state, self._overlay, self._show, self._notice = state, None, None, notice
        self._pages = ready.pages
        self._fixed.clear()
        self._draw(ready)

    def again(self, state: Session) -> None:
        """Everything once more: the screen was resized, or another program had it."""
        self._state = state
        self._region.forget()
        self._draw()

    def turn(self, state: Session, by: int) -> bool:
        """Turn a page on (by 1) or back (by -1); False where there is none."""
        self._state = state
        pages = self._overlay or self._pages
        turned = self._show.turn(by) if self._show else pages is not None and pages.turn(self._body_height, by)
        self._draw()
        return turned

    def rated(self, state: Session, rating: Rating, when: str) -> None:
        """The line that the card leaves behind, drawn together with what comes next."""
        self._above.append(card_layout.left_behind(state, rating, when, self._sheet.width))

    def tell_time(self, state: Session, seconds: float) -> None:
        """The running clock."""
        self._clock = clock.told(seconds, key_hints.target(state))
        self._draw()

    # ---- over the card

    def uncover(self) -> None:
        """The card again, and no word in the foot."""
        self._overlay, self._show, self._notice, self._sentence = None, None, "", False

    def help(self, state: Session) -> None:
        """The keys that work now."""
        holding = key_hints.conditions(state, keeps=self._keeps, more=bool(self.coming(state)))
        bindings = key_hints.working(state, holding)
        lines = [Hanging(Text(f"  {keys:<9}", "key"), Text(does)) for keys, does in bindings]
        anki = Hanging(Text("  "), Text.assemble((key_hints.USED_TO_ANKI, "heading"), key_hints.FROM_ANKI))
        self._cover([*lines, Text(), anki])

    def source(self, state: Session) -> None:
        """The LaTeX of what is shown."""
        lines = key_hints.latex(state)
        if lines:
            self._cover([Text(f"  {line}") for line in lines])
        else:
            self.note("no formula here")

    def whole_note(self, state: Session) -> None:
        """Everything that the card's note teaches."""
        self._cover(answer_layout.whole_note(state))

    def pictures(self, paths: Mapping[str, Path]) -> bool:
        """Show pictures over the card; False where the system's viewer shows them better."""
        from dlquiz.interactive.picture_show import PictureShow  # what the first card must not wait for

        show = PictureShow(paths)
        if not show.possible:
            return False
        self._overlay, self._show, self._notice = None, show, ""
        self._draw()
        return True

    def understood(self, state: Session) -> None:
        """What was understood of the words that were said."""
        self._cover(answer_layout.understood(state))

    def apart(self) -> None:
        """Nothing to do: what is typed stands in the foot."""

    def _cover(self, renderables: Sequence[RenderableType], *, stays: bool = True) -> None:
        """Lay something over the card, which stays there until a key takes it away; or else goes with the key that acts on the card."""
        self._overlay, self._show, self._notice = Pages(self._sheet, {"more": renderables}), None, ""
        self._sentence = not stays and self._overlay.page(self._body_height).of == 1
        self._draw()

    def draw_line(self, prompt: str, line: Line | None) -> None:
        """A line being typed stands in the foot until it is done."""
        self._input = None if line is None else (prompt, line)
        self._draw()

    def write(self, state: Session, text: MultilineText | None) -> None:
        """An answer of several lines that is being written stands below its question; None when it is done."""
        self._state, self._writing = state, text
        if text is not None:
            self._overlay = None
            self._draw()

    def listen(self, state: Session, step: RecordingStep | None) -> None:
        """What happens while somebody speaks, in the foot; None when it is over."""
        self._state, self._step, self._notice, self._clock = state, step, "", ""
        if step is not None:
            self._draw()

    # ---- words

    def note(self, text: str) -> None:
        """A word on what was just pressed, in the foot until the next key."""
        self._notice = printable.clean(" ".join(text.split()))
        self._draw()

    def explain(self, text: str) -> None:
        """A sentence on what just happened: in the foot, or over the card where it is too long for that."""
        if "\n" in text or cells.length(text) + 4 > self._sheet.width:
            self._cover(
                [Hanging(Text("  "), Text(printable.clean(line))) for line in text.splitlines()],
                stays=self._state is None or self._state.phase is not Phase.QUESTION,
            )
        else:
            self.note(text)

    def unbound(self, state: Session, key: str) -> None:
        """A word on a key that does nothing now."""
        self.note(key_hints.unbound(state, key))

    def say(self, text: str) -> None:
        """A line that stays, above the region."""
        self._above.append(Text(printable.clean(text.strip()), "quiet"))
        if self._region.open:
            self._draw()
        else:
            self.close()

    def aside(self, text: str) -> None:
        """A line that stays and is drawn together with what comes next."""
        self._above.append(Text(printable.clean(text.strip()), "quiet"))

    def paused(self) -> None:
        """The sitting waits."""
        self.note("paused; any key goes on")

    def acknowledge(self, text: str) -> None:
        """Nothing to say of what the line above the region tells."""

    def put(self, item: RenderableType) -> None:
        """Print where the region was, as the sitting ends."""
        self.close()
        view.put(self._sheet.console, item)

    def resume(self) -> None:
        """The card as it was, after something else."""
        self._draw()

    def close(self) -> None:
        """Take the region off the screen, as the sitting ends or something else takes over."""
        self._sheet.measure()
        above, self._above = self._above, []
        self._region.clear(self._sheet.rows([line for item in above for line in self._sheet.lines(item)]))


def _question(state: Session) -> answer_layout.Chapters:
    return {"the question": [card_layout.question(state.card_view)] if state.card_view else []}
