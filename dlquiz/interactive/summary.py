"""The end of a sitting: what it changed, what is still missed and where it is explained, when to come back; last what was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.console import RenderableType

from dlquiz import calendar, maths, view
from dlquiz.card import Memory, Rating, note_of
from dlquiz.collection import Collection, outlook, progress_made, reports, waiting
from dlquiz.session import Session
from dlquiz.text import pictures, printable
from dlquiz.text.phrases import counted
from dlquiz.view import plan as plan_layout
from dlquiz.view.styled import Hanging, Text

READ_AGAIN = 3  # points; more is for another day


def summary(
    state: Session, col: Collection, before: Mapping[str, Memory | None], seconds: float, *, keeps: bool
) -> Iterator[RenderableType]:
    """What is told when a sitting is over.

    Args:
        state: The sitting.
        col: Knows the cards, and what is due next.
        before: The answered cards with what was remembered of each when the sitting began.
        seconds: How long it took, without pauses.
        keeps: Answers were written.
    """
    if state.answers:
        yield Text()
        if keeps:
            yield from _changes(col, before)
        yield from _read_again(state, col)
    if keeps:
        yield from (Text(line) for line in _coming(col))
    else:
        yield Text("practice: nothing was written")
    if not state.answers:
        yield Text("nothing answered" if keeps else "practice ended")
        return
    given = Counter(rating for _, rating, _ in state.answers)
    ratings = ", ".join(f"{given[rating]} {view.NAMES[rating]}" for rating in Rating if given[rating])
    yield Text(f"{counted(len(state.answers), 'answer')}: {ratings}; {_minutes(seconds)}", "heading")


def _changes(col: Collection, before: Mapping[str, Memory | None]) -> Iterator[RenderableType]:
    """Each topic before the sitting and after it."""
    moment = col.now()
    lines = []
    for change in progress_made.changes(col, before, moment):
        seen = "{} → {}".format(*change.seen) if change.seen[0] != change.seen[1] else str(change.seen[1])
        lines.append((change.topic, f"{seen}/{change.cards}", plan_layout.ready_change(*change.ready)))
    if lines:
        yield view.rows(lines, ("topic", "seen", plan_layout.ready_head(ahead=col.days_left(moment) is not None)))
        yield Text()


def _read_again(state: Session, col: Collection) -> Iterator[RenderableType]:
    """The points most worth reading again, musts first, each with the page that explains it; a card that was not recalled likewise.

    Of a card that came more than once its last answer counts.
    """
    last = {card: (rating, missing) for card, rating, missing in state.answers}
    missed = [
        name
        for card, (rating, missing) in last.items()
        for name in (missing or ([card] if rating is Rating.AGAIN else []))
    ]
    if not missed:
        return
    first = sorted(missed, key=lambda name: not _is_must(col, name))[:READ_AGAIN]
    yield Text("Read again:", "heading")
    pages = [note_of(name) if "#" in name else name for name in first]
    for page in dict.fromkeys(pages):
        for name in (name for name, its in zip(first, pages, strict=True) if its == page):
            yield Hanging(Text("  - "), Text(printable.clean(_words(col, name))))
        yield Text(f"    dlquiz show {printable.clean(page)}", "key")
    if len(missed) > len(first):
        rest = len(missed) - len(first)
        yield Text(f"  and {rest} more; {'it comes' if rest == 1 else 'they come'} back when due")
    yield Text()


def _is_must(col: Collection, name: str) -> bool:
    note = note_of(name)
    if "#" not in name or note not in col.bank.card_refs([note]):
        return False
    return any(point.id == name and point.must for point in col.bank.note(note).key_points)


def _words(col: Collection, missed: str) -> str:
    """A key point's text, or a card's question; the id alone where the bank has it no more."""
    if note_of(missed) not in col.bank.card_refs([note_of(missed)]):
        return missed
    if "#" not in missed:
        card = col.bank.card(missed)
        return maths.plain(" ".join(pictures.in_words(card.front).split()), card.forms)
    note = col.bank.note(note_of(missed))
    return next((maths.plain(point.text, note.forms) for point in note.key_points if point.id == missed), missed)


def _coming(col: Collection) -> Iterator[str]:
    """When to come back; the counts are those of the start screen and of `status`."""
    moment = col.now()
    now, learning = waiting.now(col, moment), waiting.due(col, moment).learning
    if col.days_left(moment):
        rest = outlook.rest_of_today(col, moment)
        yield from [plan_layout.share(rest)] if rest else []
    else:
        # Of all topics: this sitting may have had limits and topics of its own.
        cards = len(now.now)
        if cards:
            yield f"{counted(cards, 'card')} left for today: dlquiz study"
        elif not learning:
            yield "Today's cards are done."
    if learning:
        back = f", the next at {calendar.clock(now.queue.later[0][0])}" if now.queue.later else ""
        yield f"{counted(learning, 'card')} still being learnt{back}"
    backlog = now.queue.backlog
    if backlog:
        yield backlog.sentence
    coming = None if col.days_left(moment) or backlog else reports.next_due(col, None)
    if coming:
        yield f"Next: {counted(coming[1], 'card')} on {calendar.day_name(coming[0])}"


def _minutes(seconds: float) -> str:
    return f"{round(seconds)} s" if seconds < 90 else f"{round(seconds / 60)} min"
