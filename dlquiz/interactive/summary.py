"""The end of a sitting: what was answered, what was missed and where it is explained, how long it took, when to come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from dlquiz import calendar, maths, view
from dlquiz.card import Memory, Rating, note_of
from dlquiz.collection import Collection
from dlquiz.session import Session
from dlquiz.text import printable
from dlquiz.text.phrases import counted
from dlquiz.view import plan as plan_layout

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
    if not state.answers:
        yield Text("nothing answered" if keeps else "practice ended")
    else:
        given = Counter(rating for _, rating, _ in state.answers)
        parts = ", ".join(f"{given[rating]} {view.NAMES[rating]}" for rating in Rating if given[rating])
        yield Text()
        yield Text(f"{counted(len(state.answers), 'answer')}: {parts}; {_minutes(seconds)}", "heading")
        if keeps:
            yield from _changes(col, before)
        yield from _read_again(state, col)
    if not keeps:
        yield Text("practice: nothing was written")
        return
    yield from (Text(line) for line in _coming(state, col))


def _changes(col: Collection, before: Mapping[str, Memory | None]) -> Iterator[RenderableType]:
    """Each topic before the sitting and after it."""
    from dlquiz.collection import progress_made  # at the end only: it needs all that a plan needs

    moment = col.now()
    rows = []
    for change in progress_made.changes(col, before, moment):
        met = "{} → {}".format(*change.met) if change.met[0] != change.met[1] else str(change.met[1])
        rows.append((change.topic, f"{met} of {change.cards}", plan_layout.recall_change(*change.recall)))
    if rows:
        day = col.settings.interview if col.days_left(moment) else None
        yield Text()
        yield view.rows(rows, ("topic", "met", f"recall on {calendar.day_name(day)}" if day else "recall today"))


def _read_again(state: Session, col: Collection) -> Iterator[RenderableType]:
    """The points most worth reading again, musts first, each with the page that explains it; a card that was not recalled likewise."""
    missed = dict.fromkeys(
        name
        for card, rating, missing in state.answers
        for name in (missing or ([card] if rating is Rating.AGAIN else []))
    )
    if not missed:
        return
    first = sorted(missed, key=lambda name: not _is_must(col, name))[:READ_AGAIN]
    yield Text()
    yield Text("Read again:", "heading")
    for page in dict.fromkeys(note_of(name) if "#" in name else name for name in first):
        for name in first:
            if page in (name, note_of(name)):
                yield view.Hanging(Text("  - "), Text(printable.clean(_words(col, name))))
        yield Text(f"    dlquiz show {printable.clean(page)}", "key")
    if len(missed) > len(first):
        yield Text(f"  and {len(missed) - len(first)} more; they come back on their days")
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
        return maths.plain(" ".join(card.front.split()), card.forms)
    note = col.bank.note(note_of(missed))
    return next((maths.plain(point.text, note.forms) for point in note.key_points if point.id == missed), missed)


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
        yield from [f"{counted(left, 'card')} left for today: dlquiz study"] if left else []
    steps = sorted(state.later, key=lambda row: row[0])
    if steps:
        yield f"{counted(len(steps), 'card')} still being learnt, the next at {calendar.clock(steps[0][0])}"
    coming = None if col.days_left(moment) else reports.next_due(col, None)
    if coming:
        yield f"Next: {counted(coming[1], 'card')} on {calendar.day_name(coming[0])}"


def _minutes(seconds: float) -> str:
    return f"{round(seconds)} s" if seconds < 90 else f"{round(seconds / 60)} min"
