"""The end of a sitting: what was answered, what was missed and where it is explained, how long it took, when to come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from dlquiz import calendar, maths, view
from dlquiz.card import Rating, note_of
from dlquiz.collection import Collection
from dlquiz.session import Session
from dlquiz.text import printable

MISSED_SHOWN = 10  # lines; more is for another day


def summary(state: Session, col: Collection, seconds: float, *, keeps: bool) -> Iterator[RenderableType]:
    """What is told when a sitting is over.

    Args:
        state: The sitting.
        collection: Knows the cards, and what is due next.
        seconds: How long it took, without pauses.
        keeps: Answers were written.
    """
    if not state.answers:
        yield Text("nothing answered" if keeps else "practice ended")
    else:
        given = Counter(rating for _, rating, _ in state.answers)
        parts = ", ".join(f"{given[rating]} {view.NAMES[rating]}" for rating in Rating if given[rating])
        yield Text()
        yield Text(f"{counted(state)}: {parts}; {_minutes(seconds)}")
        yield from _missed(state, col)
    if not keeps:
        yield Text("practice: nothing was written")
        return
    yield from (Text(line) for line in _coming(state, col))


def counted(state: Session) -> str:
    """How many answers were given."""
    return _count(len(state.answers), "answer")


def _missed(state: Session, col: Collection) -> Iterator[RenderableType]:
    """Points that were not said and cards that were not recalled, under the page that explains them."""
    pages: dict[str, list[str]] = {}
    for card, rating, points in state.answers:
        if points:
            pages.setdefault(note_of(card), []).extend(points)
        elif rating is Rating.AGAIN:
            pages.setdefault(card, []).append(card)
    if not pages:
        return
    yield Text()
    yield Text("Missed, and where it is explained:")
    left = MISSED_SHOWN
    for page, missed in pages.items():
        if left <= 0:
            yield Text("  and more; they come back on their days")
            return
        yield Text(f"  dlquiz show {printable.clean(page)}", "bold")
        for each in dict.fromkeys(missed):
            yield view.Hanging(Text("    - "), Text(printable.clean(_words(col, each))))
            left -= 1
    yield Text()


def _words(col: Collection, missed: str) -> str:
    """A key point's text, or a card's question; the id alone where the bank has it no more."""
    if note_of(missed) not in col.bank.card_refs([note_of(missed)]):
        return missed
    if "#" not in missed:
        card = col.bank.card(missed)
        return maths.plain(" ".join(card.front.split()), card.forms)
    note = col.bank.note(note_of(missed))
    return next((maths.plain(each.text, note.forms) for each in note.key_points if each.id == missed), missed)


def _coming(state: Session, col: Collection) -> Iterator[str]:
    """When to come back."""
    from dlquiz.collection import reports  # at the end only

    moment = col.now()
    if col.days_left(moment):
        from dlquiz.collection import outlook
        from dlquiz.view import plan

        rest = outlook.rest_of_today(col, moment)
        yield from [plan.share(rest)] if rest else []
    else:
        # Of all topics: this sitting may have had limits and topics of its own.
        left = len(col.queue(None, col.limits(), moment).cards)
        yield from [f"{_count(left, 'card')} left for today: dlquiz study"] if left else []
    steps = sorted(state.later, key=lambda row: row[0])
    if steps:
        yield f"{_count(len(steps), 'card')} still being learnt, the next at {calendar.clock(steps[0][0])}"
    coming = None if col.days_left(moment) else reports.next_due(col, None)
    if coming:
        yield f"Next: {_count(coming[1], 'card')} on {calendar.day_name(coming[0])}"


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def _minutes(seconds: float) -> str:
    return f"{round(seconds)} s" if seconds < 90 else f"{round(seconds / 60)} min"
