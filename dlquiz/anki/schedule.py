"""What a person has done and what is remembered of it, in Anki's numbers: due days, FSRS memory, review log, deck options."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from dlquiz import fsrs
from dlquiz.anki import decks
from dlquiz.anki.package import CardSchedule, RevlogEntry
from dlquiz.card import CardState, Event, Memory, Preset, State

DAY_ZERO = date(2020, 1, 1)  # from which due days count; Anki moves them to the collection they come to
DAY_ZERO_S = 1_577_880_000  # its noon, UTC
STARTING_EASE = 2500  # thousandths; Anki's default, used only where FSRS is off
LEARNING, REVIEW, RELEARNING, RESET, RESCHEDULED = 0, 1, 2, 4, 5  # types of rows in Anki's review log
LONGEST_S = 300  # seconds of an answer that Anki counts: a main card takes 90 to say
_TYPES = {State.NEW: LEARNING, State.LEARNING: LEARNING, State.RELEARNING: RELEARNING}


class Answered(NamedTuple):
    """A row of the log with what was remembered after it."""

    event: Event
    memory: Memory | None


def schedule(card_state: CardState, position: int, preset: Preset, *, explains: bool) -> CardSchedule:
    """Where a card stands.

    Args:
        card state: As dlquiz has it.
        position: The card's place among new ones.
        preset: The active preset.
        explains: A main card, whose learning steps are others.
    """
    memory = card_state.memory
    queue = -1 if card_state.suspended else None
    if memory is None:
        return CardSchedule(position, queue=queue or 0)
    standing = CardSchedule(
        due=(memory.due_day - DAY_ZERO).days,
        type=2,
        queue=2 if queue is None else queue,
        interval=max(1, memory.interval),
        factor=STARTING_EASE,
        reps=memory.reps,
        lapses=memory.lapses,
        data=_data(memory, position, preset),
    )
    if memory.due_ms is None:
        return standing
    learning = memory.state is State.LEARNING
    steps = preset.relearning_steps if not learning else preset.explain_steps if explains else preset.learning_steps
    ideal = fsrs.interval_days(memory.stability, preset.desired_retention, preset.weights)
    return standing._replace(
        due=memory.due_ms // 1000,
        type=1 if learning else 3,
        queue=1 if queue is None else queue,
        interval=0 if learning else min(max(1, round(ideal)), preset.maximum_interval),
        factor=0 if learning else STARTING_EASE,
        left=max(1, len(steps) - memory.step),
    )


def _data(memory: Memory, position: int, preset: Preset) -> str:
    """What FSRS needs, rounded as Anki itself rounds it."""
    data = {
        "pos": position,
        "s": round(memory.stability, 4),
        "d": round(memory.difficulty, 3),
        "dr": round(preset.desired_retention, 2),
        "decay": round(preset.weights[20], 3),
        "lrt": memory.last_ms // 1000,
    }
    return json.dumps(data, separators=(",", ":"))


def reviews(answers: Iterable[Answered]) -> list[tuple[str, RevlogEntry]]:
    """A card's rows of Anki's review log, oldest first, each with the id of its event.

    Args:
        answers: Its effective rows in the order of folding; undone ones are left out.

    A row's id is its instant in milliseconds, by which dlquiz knows it again when the deck comes back; on a tie the later one moves on by
    one, as in dlquiz's own log. The first answer of a card, and the first after a reset, is a learning row: otherwise Anki takes the
    history for cut off, and guesses.
    """
    entries: list[tuple[str, RevlogEntry]] = []
    begun, last = False, -1
    for event, memory in answers:
        entry = _review(event, memory, first=not begun)
        if entry:
            last = max(event.at_ms, last + 1)
            entries.append((event.id, entry._replace(id=last)))
            begun = event.kind != "reset"
    return entries


def preset(active: Preset, new_per_day: int) -> dict[str, Any]:
    """dlquiz's settings as Anki's deck options. Reviews are not limited: what is due is due; a leech is marked, never suspended."""
    return decks.preset(
        decks.OUR_PRESET,
        "dlquiz",
        maxTaken=LONGEST_S,
        new={"delays": _minutes(active.learning_steps), "perDay": new_per_day},
        rev={"maxIvl": active.maximum_interval, "perDay": 9999},
        lapse={"delays": _minutes(active.relearning_steps)},
        fsrsParams6=list(active.weights),
        desiredRetention=active.desired_retention,
        **decks.BY_POSITION,
    )


def _minutes(steps: Iterable[int]) -> list[float]:
    return [seconds / 60 for seconds in steps]


def _review(event: Event, memory: Memory | None, *, first: bool) -> RevlogEntry | None:
    """A row of Anki's log, without its id; None for what is no part of memory, and for a reset of nothing."""
    if event.kind == "review" and event.rating and memory:
        kind = LEARNING if first or event.state_before is None else _TYPES.get(event.state_before, REVIEW)
        factor = round(
            100 + (memory.difficulty - 1) / 9 * 1000
        )  # where FSRS is on, Anki keeps 10 to 110 % difficulty there
        waits = (event.interval_after or 0, event.interval_before or 0)
        return RevlogEntry(0, int(event.rating), *waits, factor, event.took_ms or 0, kind)
    if event.kind == "reset" and not first:
        return RevlogEntry(0, 0, 0, event.interval_before or 0, 0, 0, RESET)
    if event.kind == "reschedule" and not first:
        return RevlogEntry(0, 0, event.interval_after or 0, event.interval_before or 0, STARTING_EASE, 0, RESCHEDULED)
    return None
