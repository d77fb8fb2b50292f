"""What a sitting shows of its card in the live region: question pinned, body turned in place, foot. Reads no key, decides nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dlquiz import points, session, view
from dlquiz.card import CardState, Rating
from dlquiz.interactive import card_foot, key_hints
from dlquiz.session import Counts, Phase, Session
from dlquiz.terminal import clock
from dlquiz.terminal.line import Line
from dlquiz.terminal.region import Region
from dlquiz.text import cells, printable
from dlquiz.view import answer as answer_layout
from dlquiz.view import card as card_layout
from dlquiz.view.pager import Pages
from dlquiz.view.sheet import Sheet
from dlquiz.view.styled import Hanging, Lines, Text, cut

if TYPE_CHECKING:
    from rich.console import RenderableType

    from dlquiz.interactive.card_foot import RecordingStep
    from dlquiz.interactive.picture_show import PictureShow
    from dlquiz.terminal.graphics import Picture
    from dlquiz.terminal.multiline import MultilineText

LOW = 16  # lines; on a lower screen only what one can't do without
TIGHT = 28  # lines; on a lower screen no line is empty that could show a key point
HIGH = 34  # lines; on a higher screen the cards answered before stay in sight above the region
PINNED = 5  # one part in so many of the region is the most that a question takes whose answer needs the room
LONGEST = "what is asked next"  # of what Space is told with; the foot has room for it, so that it never moves


class Ready:
    """A screen that was laid out before it was asked for."""

    def __init__(self, state: Session, pages: Pages, inputs: tuple[object, ...] = (), rows: Sequence[str] = ()) -> None:
        """
        Args:
            state: The sitting as it was expected.
            pages: Its question, or its answer.
            inputs: What the rows are made of.
            rows: As the terminal gets them; empty where only the pages are known.
        """
        self.state, self.pages, self.inputs, self.rows = state, pages, inputs, rows


class CardScreen:
    """Where one sitting is shown on a terminal that can draw lines over themselves."""

    runs_clock = True
    redraws = True

    def __init__(self, *, label: str, keeps: bool) -> None:
        """
        Args:
            label: What was selected, for the header; "" for the card's topic.
            keeps: Answers are written, so they can be undone.
        """
        self._label = label
        self._keeps = keeps
        self._sheet = Sheet(lambda: view.console(plain_text=False))
        self._region = Region(sys.stdout, os.environ)
        self._state: Session | None = None
        self._pages: Pages | None = None  #: of the question, or of the answer
        self._answer: answer_layout.TurnedAnswer | None = None
        self._prepared: Ready | None = None  #: the answer, laid out while the question is read
        self._ahead: Ready | None = None  #: the question that may come next
        self._fixed: dict[tuple[object, ...], tuple[Lines, int]] = {}  #: header and question, and the foot's height
        self._show: PictureShow | None = None  #: pictures that lie over the card
        self._overlay: Pages | None = None  #: what lies over the card: the keys, its note, its LaTeX source
        self._sentence = False  #: it is one below a question, whose keys work as ever
        self._notice = ""  #: a word in the foot, until the next key
        self._clock = ""
        self._input: tuple[str, Line] | None = None  #: what is being typed, with its prompt
        self._writing: MultilineText | None = None  #: an answer of several lines
        self._step: RecordingStep | None = None  #: of an answer that is spoken or written down
        self._above: list[RenderableType] = []  #: lines to be left above the region with the next drawing
        self._counts = Counts(0, 0, 0, "")

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

    def _laid_out(self, state: Session, pages: Pages, counts: Counts) -> Ready:
        """A screen as it will be if nothing but time passes."""
        from copy import copy  # while somebody reads

        then = copy(self)
        then._state, then._pages, then._counts, then._fixed = state, pages, counts, {}
        return Ready(state, pages, then._inputs(state), then._rows(state)[0])

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

    def coming(self, state: Session) -> str:  # noqa: ARG002 - a transcript asks the sitting
        """What Space would show, in words; "" for nothing."""
        if self._pages is None:
            return ""
        page, coming = self._pages.page(self._body_height), self._pages.coming(self._body_height)
        return f"more ({page.number} of {page.of})" if coming == self._pages.chapter else coming

    def rated(self, state: Session, rating: Rating, when: str) -> None:
        """The line that the card leaves behind, drawn together with what comes next."""
        self._above.append(card_layout.left_behind(state, rating, when, self._sheet.width))

    def tell_time(self, state: Session, seconds: float) -> None:
        """The running clock."""
        self._clock = clock.told(seconds, key_hints.target(state))
        self._draw()

    # ---- over the card

    @property
    def covered(self) -> bool:
        """Does something lie over the card that must go before its keys work?"""
        return self._covered and not self._sentence

    @property
    def _covered(self) -> bool:
        return self._overlay is not None or self._show is not None

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

    # ---- drawing

    def _draw(self, ready: Ready | None = None) -> None:
        """One write: the lines to be left above the region, and its rows, which may be laid out already."""
        self._sheet.measure()
        if self._state is None:
            return
        if ready and ready.rows and ready.inputs == self._inputs(self._state):
            rows, picture = ready.rows, None
        else:
            rows, picture = self._rows(self._state)
        above = self._sheet.rows([line for item in self._above for line in self._sheet.lines(item)])
        self._above = []
        self._region.draw(rows, above=above, picture=picture)

    def _inputs(self, state: Session) -> tuple[object, ...]:
        """All that the rows of a question or an answer are made of; of answers and steps how many there are, of a time how it is told."""
        shown = state._replace(answers=(), later=(), recent=(), thought_ms=None)
        said = self._notice, self._clock, self._input, self._writing, self._step
        return (self._size, said, self._counts, len(state.answers), len(state.later), key_hints.spoke(state), shown)

    def _rows(self, state: Session) -> tuple[Sequence[str], Picture | None]:
        """The header, the question, the body filled up to where the foot stands, the foot."""
        head, _ = self._frame
        pages = self._overlay or self._pages
        body = pages.page(self._body_height).lines if pages else []
        picture = None
        if self._show:
            body = self._sheet.lines(Text(f"  {printable.clean(self._show.name)}", "quiet"))
            room = self._sheet.width - 4, self._body_height - 1
            picture = self._show.placed(*room, line=len(head) + 1, column=2)
        elif self._writing is not None and not self._overlay:
            body = self._written(self._writing)
        foot = self._foot(state, self.coming(state))
        blank: Lines = [[] for _ in range(self._height - len(head) - len(body) - len(foot))]
        return self._sheet.rows((head + body + blank + foot)[: self._height]), picture

    def _written(self, text: MultilineText) -> Lines:
        """The rows of an answer that is being written, as many as fit around the cursor, which is drawn."""
        from dlquiz.terminal import multiline  # where answers are written

        text_lines, at, cell = multiline.laid_out(text, max(8, self._sheet.width - 3))
        height = self._body_height
        first = min(max(0, at - height + 1), max(0, len(text_lines) - height))
        visible = [Text(f"  {line}") for line in text_lines[first : first + height]]
        visible[at - first].append(" ").stylize("cursor", cell + 2, cell + 3)
        return [line.line() for line in visible]

    @property
    def _low(self) -> bool:
        return self._sheet.height < LOW

    @property
    def _tight(self) -> bool:
        return self._sheet.height < TIGHT

    @property
    def _height(self) -> int:
        return self._sheet.height if self._low else min(self._sheet.height - 1, HIGH)

    @property
    def _frame(self) -> tuple[Lines, int]:
        """What stays as it is while a card's question, or its answer, is on the screen: the lines above the body, and the foot's height."""
        if self._size not in self._fixed and self._state:
            foot_height = len(self._foot(self._state, LONGEST))
            self._fixed[self._size] = (self._head(self._state, self._height - foot_height), foot_height)
        return self._fixed.get(self._size, ([], 0))

    @property
    def _size(self) -> tuple[object, ...]:
        return (
            self._sheet.width,
            self._sheet.height,
            self._covered or self._writing is not None,
            self._show is not None,
            self._step is not None,
        )

    @property
    def _body_height(self) -> int:
        head, foot_height = self._frame
        return max(1, self._height - len(head) - foot_height)

    def _head(self, state: Session, room: int) -> Lines:
        """The header, and once the card is turned over the question, its first lines where it is long.

        Args:
            state: The sitting.
            room: Lines above the foot.
        """
        if state.card_view is None:
            return []
        low = self._low
        renderables = card_layout.live_header(state, state.card_view, self._label, self._counts, low=low)
        lines = [line for renderable in renderables for line in self._sheet.lines(renderable)]
        if self._show:  # pictures need the room
            return lines[:1]
        if state.phase is Phase.QUESTION and not self._covered and self._writing is None:
            return lines if self._tight else [*lines, []]
        pinned = self._sheet.lines(card_layout.pinned(state.card_view))
        spare = room - len(lines) - 2 - (self._pages.height if self._pages else 0)
        most = max(1 if low else self._height // PINNED, spare)
        if len(pinned) > most:
            pinned = pinned[:most]
            pinned[-1] = [*cut(pinned[-1], self._sheet.width - 2), (" …", "")]
        if low:
            return [*lines, *pinned]
        return [*lines, *pinned, []] if self._tight else [*lines, [], *pinned, []]

    def _foot(self, state: Session, more: str) -> Lines:
        over = self._show.hints() if self._show else self._overlay_hints() if self.covered else None
        writing = None if self._covered else self._writing
        foot = card_foot.FootParts(
            self._sheet.width,
            self._low,
            self._keeps,
            more,
            self._notice,
            self._clock,
            self._input,
            writing,
            over,
            self._step,
        )
        renderables = card_foot.rows(state, foot)
        return [line for renderable in renderables for line in self._sheet.lines(renderable)]

    def _overlay_hints(self) -> card_foot.Hints:
        if self._overlay is None:
            return []
        if self._size not in self._fixed:  # what takes the most room: the frame is made for it
            return [("Space", "more (10 of 10)"), ("Esc", "back")]
        page = self._overlay.page(self._body_height)
        if page.number == page.of:
            return [("Space", card_foot.BACK), *([("PgUp", "turn back")] if page.of > 1 else [])]
        return [("Space", f"more ({page.number} of {page.of})"), ("Esc", "back")]


def _question(state: Session) -> answer_layout.Chapters:
    return {"the question": [card_layout.question(state.card_view)] if state.card_view else []}
