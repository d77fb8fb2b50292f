"""What a sitting shows once a card is turned over, as chapters of renderables. Decides order and look, never what is true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlquiz import card_text, session, view
from dlquiz.session import Session
from dlquiz.text import printable
from dlquiz.view import card as card_layout
from dlquiz.view import key_points
from dlquiz.view.styled import Column, Text

if TYPE_CHECKING:
    from rich.console import RenderableType

Chapters = dict[str, list["RenderableType"]]  # each under the words that say what Space will show

JUDGED = {"Right.": "right", "Wrong.": "wrong", "Nearly:": "hard"}  # words of `card_text.typed`, with their styles
ANSWER, FOLLOW_UP, REPLY, REST, SOURCES = "answer", "what is asked next", "its answer", "more", "sources"


def opening(state: Session, spoke: str = "") -> list[RenderableType]:
    """What comes before the key points: how a typed or picked answer compares, and the short answer.

    Args:
        state: The sitting.
        spoke: How long the answer was, as a sentence; only where no key points tell it.
    """
    card_view = state.card_view
    if card_view is None:
        return []
    forms = card_view.card.forms
    renderables: list[RenderableType] = []
    if state.given is not None and card_view.card.explains and card_view.key_points:
        words = view.narrow(Text(printable.clean(state.given)), 4)
        renderables += [Column(Text("  You wrote:", "quiet"), words), Text()]
    elif state.given is not None:
        compared = view.prose(card_text.typed(state.given, card_view.card), forms)
        if isinstance(compared, Text):
            for words, style in JUDGED.items():
                compared.highlight_words([words], style)
        renderables += [view.narrow(compared), Text()]
    if spoke and not card_view.key_points:
        renderables += [Text(f"  {spoke}", "quiet"), Text()]
    answer = view.narrow(view.Readable(card_text.first_answer(card_view, state.given), forms))
    return [*renderables, answer, *card_layout.remark(card_view)]


def chapters(state: Session, spoke: str = "") -> Chapters:
    """The whole answer at once, as a plain transcript shows it: the short answer with its key points, then all the rest."""
    card_view = state.card_view
    if card_view is None:
        return {}
    points, before = key_points.listed(state, card_view, spoke), opening(state, spoke)
    first = [*points, Text(), *before] if state.heard else [*before, *points]
    if card_view.seen is not None:
        first.append(card_layout.changed(card_view))
    return {ANSWER: first, **_rest(state, card_text.rest(card_view))}


class TurnedAnswer:
    """The answer as it is turned page by page: ticks at its key points, one follow-up question asked, then the rest."""

    def __init__(self, state: Session, spoke: str = "") -> None:
        self._made_of = state.card_view, state.given, spoke
        self._opening = opening(state, spoke)
        self._changed = [card_layout.changed(state.card_view)] if state.card_view and state.card_view.seen else []
        self._rest = _rest(state, card_text.rest(state.card_view, with_follow_ups=False)) if state.card_view else {}

    def suits(self, state: Session, spoke: str) -> bool:
        """Is it the answer of this state, as it would be made anew? Where there are key points, they tell how long it took."""
        card_view, given, spoke_then = self._made_of
        told_by_points = card_view is not None and bool(card_view.key_points)
        return card_view is state.card_view and given == state.given and (told_by_points or spoke == spoke_then)

    def chapters(self, state: Session, spoke: str = "") -> Chapters:
        """With the ticks of now; what they don't change is the same object each time, and need not be laid out again."""
        card_view, follow_up = state.card_view, session.follow_up(state)
        asked: Chapters = {}
        if card_view and follow_up:
            question = card_layout.asked_next(card_view, follow_up, all_said=session.all_said(state))
            answer = view.narrow(view.Readable(follow_up.answer, card_view.card.forms))
            asked = {FOLLOW_UP: [question], REPLY: [question, answer]}
        ticks = key_points.ticked(state, spoke)
        first = [*ticks, Text(), *self._opening] if state.heard else [*self._opening, *ticks]
        first += self._changed
        return {ANSWER: first, **asked, **self._rest}


def _rest(state: Session, full_answer: str) -> Chapters:
    card_view = state.card_view
    if card_view is None:
        return {}
    cited = card_layout.sources(map(card_text.cited, card_view.sources)) if card_view.sources else None
    if full_answer:
        return {
            REST: [view.narrow(view.Readable(full_answer, card_view.card.forms)), *([Text(), cited] if cited else [])],
        }
    return {SOURCES: [cited]} if cited else {}


def understood(state: Session) -> list[RenderableType]:
    """What was understood of the words that were said, for the key `t`."""
    words = Text(printable.clean(state.transcript or ""))
    return [
        Column(Text("  Understood, with what was misheard:", "quiet"), view.narrow(words, 4))
    ]  # one paragraph to the pager


def whole_note(state: Session) -> list[RenderableType]:
    """Everything that the card's note teaches, for the key `i`."""
    card_view = state.card_view
    if card_view is None:
        return []
    note, forms = card_view.note, card_view.card.forms
    renderables: list[RenderableType] = []
    for heading, text in card_text.sections(note, card_view.sources if card_view.card.explains else ()):
        if heading:
            renderables.append(Text(f"  {heading}", "heading"))
        elif card_view.card.explains:
            continue  # the question stands above it already
        renderables += [view.narrow(view.Readable(text, {**note.forms, **forms})), Text()]
    return renderables
