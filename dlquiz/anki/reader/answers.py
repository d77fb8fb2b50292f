"""Rows of Anki's review log -> events of ours: each by the identity that it has in Anki, on the study day that it had there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from dlquiz import doubles
from dlquiz.anki.reader.records import AnkiClock, RevlogRow
from dlquiz.card import Event, Rating, State

ORIGIN = "anki"
EARLIEST_MS = 946_684_800_000  # 2000-01-01: Anki did not exist
LONGEST_DAYS = 36_500  # as far as dlquiz's own intervals reach
LONGEST_MS = 3_600_000  # of an answer
_LEARNING, _REVIEW, _RELEARNING, _FILTERED, _BY_HAND, _RESCHEDULED = range(6)
_BEFORE = {_LEARNING: State.LEARNING, _REVIEW: State.REVIEW, _RELEARNING: State.RELEARNING, _FILTERED: State.REVIEW}
CRAMMED = "of filtered decks that did not reschedule"
MISDATED = "with a date that can't be"
KNOWN = "in our log already"
STRANGE = "set by hand before any answer, or no answers at all"


class ReviewedCard(NamedTuple):
    """The card that rows are about."""

    card: str  #: its id in dlquiz
    tail: str  #: `notes.key`: what tells the card in Anki
    due_day: date | None = None  #: where it stands in review there


def events(
    rows: Sequence[RevlogRow],
    subject: ReviewedCard,
    clock: AnkiClock,
    latest_ms: int,
    ours: Mapping[int, Event],
    left: Counter[str],
) -> Iterator[Event]:
    """The rows that dlquiz does not have yet.

    Args:
        rows: Of one card, oldest first.
        subject: That card.
        clock: How its collection counts days.
        latest_ms: Now: nothing can have been answered later.
        ours: What our log has of the card, by instant.
        left: Counts what is left out, by its kind.
    """
    own = {row.id for row in rows}
    native = {at_ms: event for at_ms, event in ours.items() if event.origin is None}
    met = False
    for row in rows:
        if not EARLIEST_MS <= row.id <= latest_ms:
            left[MISDATED] += 1
            continue
        kind = _kind(row)
        logged = doubles.own_row(row.id, row.ease, native, own) or ours.get(row.id)
        if logged is None and kind in ("review", "reset", "reschedule") and (met or kind == "review"):
            yield _event(row, kind, subject, clock, met=met, last=row is rows[-1])
        else:
            left[KNOWN if logged else CRAMMED if kind == "cram" else STRANGE] += 1
        if kind in ("review", "reset"):
            met = kind == "review"


def suspension(
    subject: ReviewedCard, changed_s: int, clock: AnkiClock, latest_ms: int, ours: Iterable[Event]
) -> Event | None:
    """A card that is suspended in Anki; None where our log says something newer of it.

    Args:
        subject: The card.
        changed_s: When it last changed there.
        clock: How its collection counts days.
        latest_ms: Now.
        ours: What our log has of the card.
    """
    at_ms = changed_s * 1000
    newer = any(event.kind in ("suspend", "unsuspend") and event.at_ms >= at_ms for event in ours)
    if newer or not EARLIEST_MS <= at_ms <= latest_ms:
        return None
    return Event(
        "suspend", subject.card, at_ms, _day(at_ms, clock), clock.utc_offset_min, id=f"{at_ms}-anki-{subject.tail}-suspended",
        device=ORIGIN, mode="import", origin=ORIGIN, foreign_row=json.dumps({"queue": -1, "mod": changed_s}),
    )  # fmt: skip


def _kind(row: RevlogRow) -> str:
    """What a row says. Cramming leaves no factor; a card that is forgotten by hand has none either."""
    if row.type == _FILTERED and row.factor == 0:
        return "cram"
    if row.type in _BEFORE and row.ease in (1, 2, 3, 4):
        return "review"
    if row.type == _BY_HAND and row.factor == 0:
        return "reset"
    return "reschedule" if row.type in (_BY_HAND, _RESCHEDULED) else "strange"


def _event(row: RevlogRow, kind: str, subject: ReviewedCard, clock: AnkiClock, *, met: bool, last: bool) -> Event:
    day = _day(row.id, clock)
    after = _bounded(row.interval)
    given: dict[str, Any] = {}
    if kind == "review":
        given = {
            "rating": _rating(row, clock),
            "state_before": _BEFORE[row.type] if met else State.NEW,
            "took_ms": min(max(0, row.took_ms), LONGEST_MS),
        }
    elif kind == "reschedule" and last and subject.due_day:
        after = min(
            max(0, (subject.due_day - day).days), LONGEST_DAYS
        )  # the row's own interval counts from the last answer
    original = {"id": row.id, "ease": row.ease, "ivl": row.interval, "lastIvl": row.last_interval, "factor": row.factor,
            "time": row.took_ms, "type": row.type}  # fmt: skip
    return Event(
        kind, subject.card, row.id, day, clock.utc_offset_min, id=f"{row.id}-anki-{subject.tail}", device=ORIGIN,
        interval_before=_bounded(row.last_interval), interval_after=None if kind == "reset" else after, mode="import",
        origin=ORIGIN, foreign_row=json.dumps(original), **given,
    )  # fmt: skip


def _rating(row: RevlogRow, clock: AnkiClock) -> Rating:
    if clock.old_buttons and row.type in (_LEARNING, _RELEARNING) and row.ease in (2, 3):
        return Rating(row.ease + 1)
    return Rating(row.ease)


def _bounded(interval: int) -> int:
    return max(-LONGEST_DAYS * 86_400, min(interval, LONGEST_DAYS))


def _day(at_ms: int, clock: AnkiClock) -> date:
    """The study day of an instant, as the collection's scheduler counts it: under one offset, as Anki does."""
    shifted = timedelta(milliseconds=at_ms, minutes=clock.utc_offset_min - clock.rollover_min)
    return (datetime(1970, 1, 1, tzinfo=UTC) + shifted).date()


def due_day(clock: AnkiClock, due: int) -> date | None:
    """The study day of a card in review; None when the collection says nonsense."""
    return clock.first_day + timedelta(days=due) if abs(due) <= LONGEST_DAYS * 2 else None
