"""What a sitting shows of a card. Decides how things look, never what they are; meaning never rests on colour alone."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.text import Text

from dlquiz import plain, points
from dlquiz.card import Rating
from dlquiz.session import Session, Sheet
from dlquiz.view import NAMES, Hanging, Row, interval, narrow, prose


def header(session: Session, sheet: Sheet, label: str, *, with_id: bool) -> RenderableType:
    """The id alone on the first line; below it topic, kind, difficulty, state, how many are left."""
    card, note, memory = sheet.card, sheet.note, sheet.standing.memory
    facts = [label or card.topic, card.kind]
    if note.difficulty:
        facts.append(f"difficulty {note.difficulty}/3")
    facts += [memory.state.value if memory else "new", f"{session.left} left"]
    name = [Text(plain.printable(card.id), "bold")] if with_id else []
    return Group(*name, Text(plain.printable(" · ".join(facts)), "dim"), Text())


def question(sheet: Sheet) -> RenderableType:
    """What is asked, with a choice card's answers."""
    card = sheet.card
    parts: list[RenderableType] = [narrow(prose(card.front, card.forms, "bold" if card.explains else ""))]
    if card.notation:
        parts += [narrow(prose(card.notation, card.forms, "italic"))]
    if sheet.options:
        parts.append(Text())
        parts += [Hanging(Text(f"  {n}  ", "bold"), prose(each, card.forms)) for n, each in enumerate(sheet.options, 1)]
    return Group(*parts)


def key_points(sheet: Sheet) -> RenderableType:
    """The key points with the letters that tick them, musts marked, and what was not said last time."""
    rows: list[RenderableType] = [Text(), Text("  Which of these did you say?", "bold")]
    for letter, point in zip(points.LETTERS, sheet.key_points, strict=False):
        text = prose(point.text, sheet.card.forms)
        if isinstance(text, Text) and point.id in sheet.missed_before:
            text.append("  (missed last time)", "italic")
        label = Text(f"  {letter}  {'must' if point.must else '    '}  ", "bold")
        rows.append(Hanging(label, text))
    return Group(*rows)


def rating_keys(sheet: Sheet, suggested: Rating | None = None) -> RenderableType:
    """The four keys with the intervals they promise."""
    return Row(
        (
            Text.assemble(
                (str(int(rating)), "bold reverse" if rating is suggested else "bold"),
                f" {NAMES[rating]} {interval(sheet.previews[rating])}",
            )
            for rating in Rating
        ),
        gap=3,
    )


def ticked(session: Session, suggested: Rating) -> str:
    """What is ticked, and what Enter takes."""
    shown = session.sheet.key_points if session.sheet else ()
    said = session.said or frozenset()
    letters = " ".join(letter for letter, point in zip(points.LETTERS, shown, strict=False) if point.id in said)
    return f"  said {letters or 'none'} ({len(said)} of {len(shown)}); Enter takes {int(suggested)} {NAMES[suggested]}"


def hints(rows: Iterable[tuple[str, str]]) -> RenderableType:
    """Keys with what they do."""
    return Row((Text(f"{key} {does}", "dim") for key, does in rows), gap=2)
