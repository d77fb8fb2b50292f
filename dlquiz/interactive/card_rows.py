"""The rows of the live region: header, question pinned, body, foot, and how they fit the screen; laid out when asked for, or ahead."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dlquiz import view
from dlquiz.interactive import card_foot, key_hints
from dlquiz.session import Counts, Phase, Session
from dlquiz.terminal.line import Line
from dlquiz.terminal.region import Region
from dlquiz.text import printable
from dlquiz.view import answer as answer_layout
from dlquiz.view import card as card_layout
from dlquiz.view.pager import Pages
from dlquiz.view.sheet import Sheet
from dlquiz.view.styled import Lines, Text, cut

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


class CardRows:
    """What the region shows of one sitting; `card_screen.CardScreen` says what that is."""

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

    def coming(self, state: Session) -> str:  # noqa: ARG002 - a transcript asks the sitting
        """What Space would show, in words; "" for nothing."""
        if self._pages is None:
            return ""
        page, coming = self._pages.page(self._body_height), self._pages.coming(self._body_height)
        return f"more ({page.number} of {page.of})" if coming == self._pages.chapter else coming

    @property
    def covered(self) -> bool:
        """Does something lie over the card that must go before its keys work?"""
        return self._covered and not self._sentence

    @property
    def _covered(self) -> bool:
        return self._overlay is not None or self._show is not None

    def _laid_out(self, state: Session, pages: Pages, counts: Counts) -> Ready:
        """A screen as it will be if nothing but time passes."""
        from copy import copy  # while somebody reads

        then = copy(self)
        then._state, then._pages, then._counts, then._fixed = state, pages, counts, {}
        return Ready(state, pages, then._inputs(state), then._rows(state)[0])

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
        card = state._replace(answers=(), later=(), recent=(), thought_ms=None)
        foot = self._notice, self._clock, self._input, self._writing, self._step
        return (self._size, foot, self._counts, len(state.answers), len(state.later), key_hints.spoke(state), card)

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
