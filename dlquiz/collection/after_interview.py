"""After an interview: what the plan had promised for that day at the latest comes back on the day on which it is needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dlquiz import scheduler
from dlquiz.card import CardState, Memory, Moment
from dlquiz.collection import kept_plan
from dlquiz.store import counts as log_counts

if TYPE_CHECKING:
    from dlquiz.collection import Collection
    from dlquiz.collection.lookup import Lookup
    from dlquiz.plan.course import Leftover


def interview_days(col: Lookup) -> frozenset[date]:
    """The days up to which plans promised cards at the latest."""
    day_plan = kept_plan.read(col)
    return day_plan.interview_days if day_plan else frozenset()


def needed_on(col: Lookup, card: str, memory: Memory, days: Set[date]) -> date:
    """The day on which a card is due; of one that a plan promised for an interview's day, the day that would have been promised
    without a plan.
    """
    if memory.due_ms is not None or memory.due_day not in days or memory.last_day >= memory.due_day:
        return memory.due_day
    wait = scheduler.usual_interval(memory.stability, card, memory.reps, col.preset)
    return max(memory.due_day, memory.last_day + timedelta(days=wait))


def deferred(col: Lookup, moment: Moment) -> dict[str, date]:
    """Cards that would be due by now, had they not been promised for an interview's day, with the day on which they are needed."""
    days = interview_days(col)
    if not any(day <= moment.day for day in days):
        return {}
    needed = {
        card: needed_on(col, card, card_state.memory, days)
        for card, card_state in col.progress.due(moment.day)
        if card_state.memory and not card_state.suspended
    }
    return {card: day for card, day in needed.items() if day > moment.day}


def as_needed(col: Lookup, card_states: Mapping[str, CardState], moment: Moment) -> dict[str, CardState]:
    """Cards as they are shown and as another program is to have them: what waits beyond an interview's day with the day on which it is
    needed.
    """
    days = {day for day in interview_days(col) if day <= moment.day}
    needed = dict(card_states)
    for card, card_state in card_states.items():
        memory = card_state.memory
        if memory and (day := needed_on(col, card, memory, days)) > moment.day and day != memory.due_day:
            wait = (day - memory.last_day).days
            needed[card] = card_state._replace(memory=memory._replace(due_day=day, interval=wait))
    return needed


def due_days(col: Lookup, moment: Moment, last: date, *, overdue: bool) -> Iterator[tuple[date, list[str]]]:
    """Study days until `last` with the cards that come up on them and are not suspended; without `overdue` only later than today. A day
    may come several times.
    """
    later = deferred(col, moment)
    for day, cards in log_counts.due_days(col.progress, moment.day, last, overdue=overdue):
        yield day, [card for card in cards if card not in later] if later else cards
    yield from ((day, [card]) for card, day in later.items() if day <= last)


def leftover(col: Collection, moment: Moment) -> Leftover:
    """How much comes back, and until when."""
    from dlquiz.plan.course import Leftover  # with all of planning behind it, which a backlog must not wait for

    later = deferred(col, moment)
    in_bank = col.bank.card_refs(later)
    days = sorted(day for card, day in later.items() if card in in_bank)
    return Leftover(len(col.due(moment)), len(days), days[(len(days) - 1) // 2] if days else None)
