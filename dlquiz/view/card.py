"""What a sitting shows of a card. Decides how things look, never what they are; meaning never rests on colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from dlquiz import changed_since, points, session
from dlquiz.card import BLANK, Card, FollowUp, Rating
from dlquiz.session import CardView, Counts, Phase, Session
from dlquiz.text import printable
from dlquiz.view import NAMES, interval, narrow, prose
from dlquiz.view.styled import WIDEST, Cited, Column, Hanging, Item, Lines, SideBySide, Text

if TYPE_CHECKING:
    from rich.console import RenderableType

DRILLS = "drills a point you missed"
CHANGES_SHOWN = 6  # of an edited card; more is a card to read anew
_TAKEN_BACK = {
    "bury": "no longer buried",
    "suspend": "no longer suspended",
    "unsuspend": "suspended again",
    "reset": "remembered as before",
    "flag": "your note is taken back",
    "remark": "your remark is as it was before",
}  # what is told of a card after an undo; any other was an answer


def header(state: Session, card_view: CardView, label: str) -> RenderableType:
    """Topic, kind, difficulty, state, and how many are left, as a plain transcript has it."""
    facts = [*_facts(card_view, label), f"{state.left} left"]
    if card_view.card.id in state.forward:
        facts.append(DRILLS)
    items = SideBySide((Text(printable.clean(fact), "quiet") for fact in facts), Text(" · ", "quiet"), indent=0)
    return Column(items, Text())


def live_header(state: Session, card_view: CardView, label: str, counts: Counts, *, low: bool) -> list[RenderableType]:
    """Topic, kind and state, with the id once the card is turned over; below them the progress line and Anki's three counts.

    Args:
        state: The sitting.
        card_view: The card.
        label: What was selected; "" for the card's topic.
        counts: Cards still to come.
        low: On a low screen both stand in one line.
    """
    facts = _facts(card_view, label)
    if card_view.card.id in state.forward and state.phase is Phase.QUESTION:
        facts.append(DRILLS)
    first = Text()
    if state.phase is Phase.ANSWER:  # the id needs the room
        first = Text.assemble((printable.clean(card_view.card.id), "heading"), (" · ", "quiet"))
    if low:
        return [Facts(first, facts, counted(counts))]
    return [Facts(first, facts, Text()), Progress(len(state.answers), state.left, counted(counts))]


def _facts(card_view: CardView, label: str) -> list[str]:
    card, memory = card_view.card, card_view.card_state.memory
    facts = [label or card.topic, *([] if card.explains and not card.spoken else [card.kind])]
    if card_view.note.difficulty:
        facts.append(f"difficulty {card_view.note.difficulty}/3")
    return [printable.clean(fact) for fact in (*facts, memory.state.value if memory else "new")]


def counted(counts: Counts) -> Text:
    """`4 new  1 learning  12 due`, the kind of the card on the table underlined as in Anki."""
    text = Text()
    for name in ("new", "learning", "due"):
        style = "count.current" if name == counts.current else ""
        text.append("  " if text.plain else "")
        text.append(str(getattr(counts, name)), f"count.{name}").append(" ").append(name, style or "quiet")
    return text


class Facts(Item):
    """A line of facts, and a text at its end. Where not all fit, the middle ones are left out first, then the line is cut."""

    def __init__(self, first: Text, facts: Sequence[str], right: Text) -> None:
        self.first, self.facts, self.right = first, list(facts), right

    def lines(self, width: int) -> Lines:
        screen, width = width, min(width, WIDEST)
        room = width - self.right.cell_len - (2 if self.right.plain else 0)
        facts = self.facts
        while len(facts) > 2 and self._left(facts).cell_len > room:
            facts = [*facts[:-2], facts[-1]]
        left = self._left(facts)
        left.truncate(max(0, room), ellipsis=True)
        blank = " " * max(0, width - left.cell_len - self.right.cell_len) if self.right.plain else ""
        line = Text.assemble(left, blank, self.right)
        line.truncate(screen)
        return [line.line()]

    def _left(self, facts: Sequence[str]) -> Text:
        return Text.assemble(self.first, (" · ".join(facts), "quiet"))


class Progress(Item):
    """A thin line: what is answered, and what is left; behind it how many of each kind."""

    def __init__(self, done: int, left: int, counts: Text) -> None:
        self.done, self.left, self.counts = done, left, counts

    def lines(self, width: int) -> Lines:
        length = max(0, min(width, WIDEST) - self.counts.cell_len - 2)
        filled = length * self.done // max(1, self.done + self.left)
        line = Text.assemble(("━" * filled, "progress"), ("─" * (length - filled), "quiet"), "  ", self.counts)
        line.truncate(width)
        return [line.line()]


def pinned(card_view: CardView) -> RenderableType:
    """The question without what can be picked, for above its answer."""
    return Column(*_asked(card_view.card))


def _asked(card: Card) -> list[RenderableType]:
    """The question, and what its letters stand for."""
    notation = [_block(prose(card.notation, card.forms, "italic"))] if card.notation else []
    return [_block(_front(card)), *notation]


def _front(card: Card) -> RenderableType:
    text = prose(card.front, card.forms, "bold" if card.explains else "")
    if isinstance(text, Text):
        text.highlight_words([BLANK], "gap")
    return text


def question(card_view: CardView) -> RenderableType:
    """What is asked, with what can be picked."""
    card = card_view.card
    renderables = _asked(card)
    if card_view.options:
        renderables.append(Text())
        renderables += [
            Hanging(Text(f"  {n}  ", "key"), prose(option, card.forms)) for n, option in enumerate(card_view.options, 1)
        ]
    return Column(*renderables)


def changed(card_view: CardView) -> RenderableType:
    """What the bank has changed in a card since it was last answered."""
    if card_view.seen is None:
        return Column()
    changes = changed_since.excerpts(*card_view.seen)
    title = Text("  Changed since you last saw it" + (":" if changes else ": most of it; read it again"), "bold")
    lines = [Hanging(Text("  - "), prose(change, card_view.card.forms)) for change in changes[:CHANGES_SHOWN]]
    if len(changes) > CHANGES_SHOWN:
        lines.append(Hanging(Text("  - "), Text(f"and {len(changes) - CHANGES_SHOWN} more")))
    return Column(Text(), title, *lines)


def remark(card_view: CardView) -> list[RenderableType]:
    """The user's own remark, where there is one."""
    if not card_view.remark:
        return []
    text = prose(card_view.remark, card_view.card.forms)
    return [Text(), Hanging(Text("  You noted: ", "remark"), text)]


def taken_back(kind: str) -> Text:
    """What an undo did to the card whose answer it shows again."""
    rate = f"{_TAKEN_BACK[kind]}: rate it" if kind in _TAKEN_BACK else "taken back: rate it again"
    return Text(f"  {rate}, or Space goes on", "quiet")


def put_back(kind: str) -> str:
    """What an undo did to the card whose question it shows again."""
    return _TAKEN_BACK.get(kind, "taken back")


def sources(lines: Iterable[str]) -> RenderableType:
    """What a card rests on, quietly."""
    rows = [Cited(Text("  - ", "quiet"), Text(printable.clean(line), "quiet")) for line in lines]
    return Column(Text("  Sources", "quiet"), *rows) if rows else Column()


def asked_next(card_view: CardView, follow_up: FollowUp, *, all_said: bool = True) -> RenderableType:
    """What an interviewer asks next."""
    title = "  All said. Asked next:" if all_said else "  Asked next:"
    return Column(Text(title, "heading"), _block(prose(follow_up.question, card_view.card.forms, "bold")), Text())


def _block(item: RenderableType) -> RenderableType:
    """Set in, and no wider than reads well."""
    return Hanging(Text("  "), item) if isinstance(item, Text) else narrow(item)


def rating_keys(card_view: CardView, suggested: Rating | None = None, *, promises: bool = True) -> RenderableType:
    """The four keys with the intervals they promise; practice promises none."""
    return SideBySide(
        (
            Text.assemble(
                (str(int(rating)), f"{NAMES[rating]}"),
                " ",
                (NAMES[rating], "suggested" if rating is suggested else ""),
                f" {interval(card_view.previews[rating])}" if promises else "",
            )
            for rating in Rating
        ),
        Text("   "),
    )


def left_behind(state: Session, rating: Rating, when: str, width: int = WIDEST) -> Text:
    """The line that an answered card leaves: `✓ good · neuron · 3 of 7 said · Mon 30 Nov`.

    Args:
        state: The sitting, with the card still on the table.
        rating: What it was given.
        when: The day or the time it comes back; "" in practice.
        width: Where all of it does not fit, the points are told in brief or not at all, and the id is cut.
    """
    judged, card_view = session.judged(state), state.card_view
    first = f"{'✗' if rating is Rating.AGAIN else '✓'} {NAMES[rating]}"
    card = printable.clean(card_view.card.id) if card_view else ""
    facts = [] if judged is None else ["right" if judged else "wrong"]
    facts += [when] if when else []
    room = width - len(" · ".join([first, "", *facts]))
    if state.said is not None and card_view:
        sentence, of = len(state.said), len(card_view.key_points)
        fitting = (form for form in (f"{sentence} of {of} said", f"{sentence}/{of}") if len(f"{card} · {form}") <= room)
        facts = [*islice(fitting, 1), *facts]
    if len(card) > room:
        card = f"{card[: max(1, room - 1)]}…"
    return Text.assemble((first, NAMES[rating]), ("".join(f" · {fact}" for fact in (card, *facts)), "quiet"))


def taken(state: Session, suggested: Rating, *, brief: bool = False) -> str:
    """What is ticked, `brief` only how many points, and what Enter takes."""
    enter = f"Enter gives {int(suggested)} {NAMES[suggested]}"
    if state.said is None or state.card_view is None:
        return f"  {enter}"
    ticked = state.said
    if brief:
        return f"  {len(ticked)} of {len(state.card_view.key_points)} said; {enter}"
    lettered = zip(points.LETTERS, state.card_view.key_points, strict=False)
    letters = " ".join(letter for letter, point in lettered if point.id in ticked)
    return f"  said {letters or 'nothing'} ({len(ticked)} of {len(state.card_view.key_points)}); {enter}"


def hints(bindings: Iterable[tuple[str, str]]) -> RenderableType:
    """Keys with what they do."""
    return told_hints("", bindings)


def told_hints(before: str, bindings: Iterable[tuple[str, str]]) -> SideBySide:
    """A word with keys and what they do behind it."""
    items = [Text(before)] if before else []
    return SideBySide(
        [*items, *(Text.assemble((key, "key"), (f" {does}", "quiet")) for key, does in bindings)], Text("  ")
    )


def first_hints(bindings: Iterable[tuple[str, str]]) -> RenderableType:
    """As many of them as fit in one line."""
    return few_hints("", bindings)


def few_hints(before: str, bindings: Iterable[tuple[str, str]]) -> RenderableType:
    """A word and as many hints as fit in one line, for a low screen."""
    return FirstLine(told_hints(before, bindings))


class FirstLine(Item):
    """The first line of another item."""

    def __init__(self, item: Item) -> None:
        self.item = item

    def lines(self, width: int) -> Lines:
        return self.item.lines(width)[:1]
