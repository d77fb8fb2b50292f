"""A main card's key points below its answer: with the letters that tick them, musts marked, and what a judge heard of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlquiz import points
from dlquiz.session import CardView, Session
from dlquiz.view import prose, verdicts
from dlquiz.view.styled import Column, Hanging, Item, Lines, Text

if TYPE_CHECKING:
    from rich.console import RenderableType

ROOMY = 60  # columns from which on what marks a key point has a column of its own


def listed(state: Session, card_view: CardView, spoke: str = "") -> list[RenderableType]:
    """The key points with the letters that tick them, musts marked, and what was not said last time; one renderable a point.

    Args:
        state: The sitting.
        card_view: The card.
        spoke: How long the answer was, as a sentence.
    """
    lines: list[RenderableType] = []
    for letter, point in zip(points.LETTERS, card_view.key_points, strict=False):
        text = prose(point.text, card_view.card.forms)
        if isinstance(text, Text) and point.id in card_view.missed_before:
            text.append("  (missed last time)", "bold italic")
        judgement = verdicts.of(state, point.id)
        mark = verdicts.MARKS[judgement.verdict] if judgement else " "
        label = Text(f"{mark} {letter}  {'must' if point.must else '    '}  ", "bold")
        lines.append(Column(Hanging(label, text), *verdicts.heard_below(state, judgement)))
    if lines:
        asked = Text.assemble((f"{spoke} " if spoke else "", "quiet"), ("Which of these did you say?", "bold"))
        lines[0] = Column(Text(), _set_in(asked), lines[0])
    return [
        *lines,
        *([Text(), _set_in(Text(verdicts.limits(spoken=state.transcript is not None), "dim"))] if state.heard else []),
    ]


class TickedPoint(Item):
    """A key point behind its tick and letter. On a narrow screen `must` is the first of its words, which have more room that way."""

    def __init__(self, label: Text, must: tuple[str, str], text: object) -> None:
        self.label, self.must, self.text = label, must, text

    def lines(self, width: int) -> Lines:
        if width >= ROOMY:
            column = Text.assemble(self.label, (f"{self.must[0]:<4}", self.must[1]), "  ")
            return Hanging(column, self.text).lines(width)
        words = Hanging(self.label, self.text).text
        return Hanging(self.label, Text.assemble(self.must, ": ", words) if self.must[0] else words).lines(width)


def ticked(state: Session, spoke: str = "") -> list[RenderableType]:
    """The key points with a tick at each that was said; a must that was not said stays marked. One renderable a point."""
    card_view = state.card_view
    if card_view is None or not card_view.key_points:
        return []
    asked = Text.assemble((f"{spoke} " if spoke else "", "quiet"), ("Which of these did you say?", "heading"))
    lines: list[RenderableType] = []
    for letter, point in zip(points.LETTERS, card_view.key_points, strict=False):
        ticked = state.said is not None and point.id in state.said
        text = prose(point.text, card_view.card.forms)
        if isinstance(text, Text) and point.id in card_view.missed_before:
            text.append("  (missed last time)", "notice")
        must = ("must", "quiet" if ticked else "must") if point.must else ("", "")
        judgement = verdicts.of(state, point.id)
        mark = ("✓ ", "tick") if ticked else verdicts.mark(judgement)
        line = TickedPoint(Text.assemble(mark, (letter, "key"), "  "), must, text)
        lines.append(Column(line, *verdicts.heard_below(state, judgement)) if state.heard else line)
    lines[0] = Column(Text(), _set_in(asked), lines[0])  # the question never ends a page
    return [
        *lines,
        *(
            [Text(), _set_in(Text(verdicts.limits(spoken=state.transcript is not None), "quiet"))]
            if state.heard
            else []
        ),
    ]


def _set_in(text: Text) -> Hanging:
    return Hanging(Text("  "), text)
