"""What a card costs: seconds on a day on which it is asked, learnt from the user's own times."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dlquiz import deck
from dlquiz.card import EXPLAIN, KINDS

# Answers on a day, the steps of that day included, when one first answer in four and one later answer in ten is "again".
NEW_ANSWERS = {True: 1.25, False: 2.1}  # main cards, others
AGAIN_ANSWERS = 1.1
WEIGHT = 10  # days of one kind that weigh as much as what was supposed before
CLIP = 4  # a day that took so many times more, or less, than supposed counts as if it took so many times


class Cost(NamedTuple):
    """Seconds on a day, repeats included."""

    new: float
    again: float


class Spent(NamedTuple):
    """The time that one card took on one day."""

    kind: str
    new: bool
    seconds: float


def supposed(kind: str) -> Cost:
    """Before anything is known of the user."""
    explains = kind == EXPLAIN
    answer = deck.EXPLAIN_SECONDS if explains else deck.ATOMIC_SECONDS
    return Cost(answer * NEW_ANSWERS[explains], answer * AGAIN_ANSWERS)


def learnt(days: Iterable[Spent]) -> Mapping[str, Cost]:
    """Costs by kind: what was supposed, drawn towards the user's own mean the more days are known; a kind of atomic card of which little
    is known takes what the others took.
    """
    spent = list(days)
    costs = {EXPLAIN: _drawn(supposed(EXPLAIN), [entry for entry in spent if entry.kind == EXPLAIN])}
    atomic = _drawn(supposed(KINDS[0]), [entry for entry in spent if entry.kind != EXPLAIN])
    for kind in KINDS:
        costs[kind] = _drawn(atomic, [entry for entry in spent if entry.kind == kind])
    return costs


def _drawn(before: Cost, entries: list[Spent]) -> Cost:
    return Cost(
        _mean(before.new, [entry.seconds for entry in entries if entry.new]),
        _mean(before.again, [entry.seconds for entry in entries if not entry.new]),
    )


def _mean(before: float, times: list[float]) -> float:
    clipped = [min(max(seconds, before / CLIP), before * CLIP) for seconds in times]
    return (WEIGHT * before + sum(clipped)) / (WEIGHT + len(clipped))
