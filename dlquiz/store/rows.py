"""Values <-> the rows of `event` and `standing`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from dlquiz.card import CardState, Event, InterviewRow, Memory, Rating, State

IN = 500  # variables in one IN (...), well below SQLite's limit
EVENT = ", ".join(Event._fields)
FOLDED = "kind, at_ms, study_day, id, target, rating, interval_after"  # what a card state depends on
INSERT_EVENT = f"INSERT INTO event ({EVENT}) VALUES ({', '.join('?' * len(Event._fields))})"
STANDING = (
    "card, suspended, buried_on, last_event, last_ms, state, stability, difficulty, due_day, interval, last_day,"
    " last_review_ms, due_ms, step, reps, lapses"
)
STRENGTH = "card, suspended, buried_on, stability, difficulty, last_day, due_day, reps"  # stability None: no memory
INTERVIEW = ", ".join(InterviewRow._fields)
EXPORTED = "exported:"  # how the keys of `meta` begin that say what the last export held
LAST_MS = 253_402_214_400_000  # the end of 9999 is the end of all dates, in every time zone
READABLE = (
    f"at_ms BETWEEN 0 AND {LAST_MS} AND date(study_day) IS study_day AND length(study_day) = 10"
    " AND utc_offset_min BETWEEN -1440 AND 1440 AND coalesce(took_ms, 0) >= 0 AND coalesce(thought_ms, 0) >= 0"
    " AND (kind <> 'review' OR rating IS NOT NULL) AND abs(coalesce(interval_after, 0)) <= 4000000"
    " AND abs(coalesce(interval_before, 0)) <= 4000000"
)  # what holds of every row that dlquiz writes
PUT_STANDING = f"INSERT OR REPLACE INTO standing ({STANDING}) VALUES ({', '.join('?' * (STANDING.count(',') + 1))})"

_DAY, _RATING, _BEFORE = (Event._fields.index(name) for name in ("study_day", "rating", "state_before"))
_RATINGS = {int(rating): rating for rating in Rating}
_STATES = {state.value: state for state in State}
_day = lru_cache(maxsize=4096)(date.fromisoformat)  # a million rows hold some thousand days


class UnreadableError(ValueError):
    """A row holds what dlquiz never writes, such as an invalid day or an unknown state."""


def parts(items: Iterable[str]) -> Iterator[list[str]]:
    """The items in chunks that fit into one IN (...)."""
    all_items = list(items)
    for start in range(0, len(all_items), IN):
        yield all_items[start : start + IN]


def of_event(event: Event) -> list[Any]:
    """The values of a row of `event`, in the order of EVENT; plain ones, which SQLite takes without asking what they stand for."""
    values = list[Any](event)
    values[_DAY] = event.study_day.isoformat()
    if event.rating is not None:
        values[_RATING] = int(event.rating)
    if event.state_before is not None:
        values[_BEFORE] = str(event.state_before)
    return values


def event(columns: Sequence[Any]) -> Event:
    """A row in the order of EVENT as a value."""
    values = list(columns)
    try:
        values[_DAY] = _day(values[_DAY])
    except ValueError as error:
        raise UnreadableError(str(error)) from error
    values[_RATING] = _RATINGS.get(values[_RATING])
    values[_BEFORE] = _STATES.get(values[_BEFORE])
    return Event._make(values)


def folded(columns: Sequence[Any]) -> Event:
    """A row of the card's newest id and FOLDED as a value; its other fields are meaningless."""
    card, kind, at_ms, day, name, target, rating, interval = columns
    try:
        # All 23 fields written out: a million rows are folded 3 % quicker than with defaults.
        return Event._make((
            kind, card, at_ms, _day(day), 0, name, "", target, _RATINGS.get(rating), None, None, interval,
            None, None, None, None, None, None, None, None, None, None, None,
        ))  # fmt: skip
    except ValueError as error:
        raise UnreadableError(str(error)) from error


def of_standing(card: str, card_state: CardState) -> list[Any]:
    """The values of a row of `standing`, in the order of STANDING."""
    memory, buried = card_state.memory, card_state.buried_on
    columns = [
        card,
        int(card_state.suspended),
        buried and buried.isoformat(),
        card_state.last_event,
        card_state.last_ms,
    ]
    if memory is None:
        return [*columns, *[None] * 11]
    return [
        *columns, memory.state, memory.stability, memory.difficulty, memory.due_day.isoformat(), memory.interval,
        memory.last_day.isoformat(), memory.last_ms, memory.due_ms, memory.step, memory.reps, memory.lapses,
    ]  # fmt: skip


def card_state(columns: Sequence[Any]) -> CardState:
    """A row in the order of STANDING as a value."""
    _, suspended, buried, last_event, last_ms, state, stability, difficulty, due_day, interval, last_day = columns[:11]
    last_review_ms, due_ms, step, reps, lapses = columns[11:]
    try:
        memory = None
        if state is not None:
            memory = Memory(
                state=_STATES[state], stability=stability, difficulty=difficulty, due_day=_day(due_day),
                interval=interval, last_day=_day(last_day), last_ms=last_review_ms, due_ms=due_ms, step=step,
                reps=reps, lapses=lapses,
            )  # fmt: skip
        return CardState(memory, bool(suspended), _day(buried) if buried else None, last_event, last_ms)
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableError(str(error)) from error
