"""What a sitting shows of a card. Decides how things look, never what they are; meaning never rests on colour alone."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.text import Text

from dlquiz import plain, points
from dlquiz.card import FollowUp, Rating
from dlquiz.session import Session, Sheet
from dlquiz.view import NAMES, WIDEST, Cited, Hanging, Row, interval, narrow, prose

CHANGES_SHOWN = 6  # of an edited card; more is a card to read anew
_TAKEN_BACK = {
    "bury": "no longer buried: rate it",
    "suspend": "no longer suspended: rate it",
    "unsuspend": "suspended once more",
    "reset": "remembered as before: rate it",
    "flag": "your note is taken back: rate it",
}  # what is told of a card after an undo; any other was an answer


def header(session: Session, sheet: Sheet, label: str, *, with_id: bool) -> RenderableType:
    """The id alone on the first line; below it topic, kind, difficulty, state, how many are left, and how far the sitting is."""
    card, note, memory = sheet.card, sheet.note, sheet.standing.memory
    facts = [label or card.topic, *([] if card.explains and not card.spoken else [card.kind])]
    if note.difficulty:
        facts.append(f"difficulty {note.difficulty}/3")
    facts += [memory.state.value if memory else "new", f"{session.left} left"]
    if card.id in session.forward:
        facts.append("drills a point you missed")
    items = Row((Text(plain.printable(each), "dim") for each in facts), Text(" · ", "dim"), indent=0)
    if not with_id:
        return Group(items, Text())
    return Group(Text(plain.printable(card.id), "bold"), items, Progress(len(session.answers), session.left), Text())


class Progress:
    """A thin line: what is answered, and what is left."""

    def __init__(self, done: int, left: int) -> None:
        self.done, self.left = done, left

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        width = min(options.max_width, WIDEST)
        filled = width * self.done // max(1, self.done + self.left)
        yield Text("━" * filled + "─" * (width - filled), "dim")


def question(sheet: Sheet) -> RenderableType:
    """What is asked, with what can be picked."""
    card = sheet.card
    parts: list[RenderableType] = [_block(prose(card.front, card.forms, "bold" if card.explains else ""))]
    if card.notation:
        parts += [_block(prose(card.notation, card.forms, "italic"))]
    if sheet.options:
        parts.append(Text())
        parts += [Hanging(Text(f"  {n}  ", "bold"), prose(each, card.forms)) for n, each in enumerate(sheet.options, 1)]
    return Group(*parts)


def key_points(sheet: Sheet, spoke: str = "") -> list[RenderableType]:
    """The key points with the letters that tick them, musts marked, and what was not said last time; one renderable a point.

    Args:
        sheet: The card.
        spoke: How long the answer was, as a sentence.
    """
    rows: list[RenderableType] = []
    for letter, point in zip(points.LETTERS, sheet.key_points, strict=False):
        text = prose(point.text, sheet.card.forms)
        if isinstance(text, Text) and point.id in sheet.missed_before:
            text.append("  (missed last time)", "bold italic")
        label = Text(f"  {letter}  {'must' if point.must else '    '}  ", "bold")
        rows.append(Hanging(label, text))
    if rows:
        asked = Text.assemble((f"{spoke} " if spoke else "", "dim"), ("Which of these did you say?", "bold"))
        rows[0] = Group(Text(), _block(asked), rows[0])
    return rows


def changed(sheet: Sheet) -> RenderableType:
    """What the bank has changed in a card since it was last answered."""
    if sheet.seen is None:
        return Group()
    found = plain.changes(*sheet.seen)
    title = Text("  Changed since you last saw it" + (":" if found else ": most of it; read it anew"), "bold")
    rows = [Hanging(Text("  - "), prose(each, sheet.card.forms)) for each in found[:CHANGES_SHOWN]]
    if len(found) > CHANGES_SHOWN:
        rows.append(Hanging(Text("  - "), Text(f"and {len(found) - CHANGES_SHOWN} more")))
    return Group(Text(), title, *rows)


def taken_back(kind: str) -> RenderableType:
    """What an undo did to the card that it shows again."""
    return Text(f"  {_TAKEN_BACK.get(kind, 'taken back: rate it again')}, or Space goes on", "dim")


def sources(lines: Iterable[str]) -> RenderableType:
    """What a card rests on, quietly."""
    rows = [Cited(Text("  - ", "dim"), Text(plain.printable(line), "dim")) for line in lines]
    return Group(Text("  Sources", "dim"), *rows) if rows else Group()


def asked_next(sheet: Sheet, follow_up: FollowUp) -> RenderableType:
    """What an interviewer asks once everything was said."""
    return Group(
        Text("  All said. Asked next:", "bold"), _block(prose(follow_up.question, sheet.card.forms, "bold")), Text()
    )


def _block(item: RenderableType) -> RenderableType:
    """Set in, and no wider than reads well."""
    return Hanging(Text("  "), item) if isinstance(item, Text) else narrow(item)


def rating_keys(sheet: Sheet, suggested: Rating | None = None, *, promises: bool = True) -> RenderableType:
    """The four keys with the intervals they promise; practice promises none."""
    return Row(
        (
            Text.assemble(
                (str(int(rating)), "bold reverse" if rating is suggested else "bold"),
                f" {NAMES[rating]}{f' {interval(sheet.previews[rating])}' if promises else ''}",
            )
            for rating in Rating
        ),
        Text("   "),
    )


def said(session: Session) -> str:
    """What is ticked."""
    shown = session.sheet.key_points if session.sheet else ()
    ticks = session.said or frozenset()
    letters = " ".join(letter for letter, point in zip(points.LETTERS, shown, strict=False) if point.id in ticks)
    return f"  said {letters or 'none'} ({len(ticks)} of {len(shown)})"


def ticked(session: Session, suggested: Rating) -> str:
    """What is ticked, and what Enter takes."""
    return f"{said(session)}; Enter takes {int(suggested)} {NAMES[suggested]}"


def hints(rows: Iterable[tuple[str, str]]) -> RenderableType:
    """Keys with what they do."""
    return Row((Text(f"{key} {does}", "dim") for key, does in rows), Text("  "))
