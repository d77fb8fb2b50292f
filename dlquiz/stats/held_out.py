"""How well weights predict a log: which answers count, what was held out, and the log loss there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from dlquiz import fsrs, scheduler
from dlquiz.card import Event

NEEDED = 1_000  # next-day reviews; with fewer, fitted weights lose against the defaults (docs/scheduling.md)
HELD_OUT = 0.2  # of them, the last in time
CLIP = 0.001  # no prediction is surer than that

History = list[tuple[int, int]]  # of one card: study day, rating


class Comparison(NamedTuple):
    """Fitted weights beside the defaults, on answers that they were not fitted to."""

    reviews: int  #: next-day reviews in all
    held_out: int  #: of them, on which both are compared
    since: int  #: first study day of those
    default: float  #: log loss there
    fitted: float  #: log loss there
    weights: tuple[float, ...]  #: fitted to all of the log

    @property
    def wins(self) -> bool:
        return self.fitted < self.default


def histories(events: Iterable[Sequence[Event]]) -> list[History]:
    """What was answered, card by card; a reset begins another history, an undone answer is none."""
    cards = list[History]()
    for card_events in events:
        history = History()
        for event in scheduler.effective(card_events):
            if event.kind == "reset":
                cards.append(history)
                history = []
            elif event.kind == "review" and event.rating is not None:
                history.append((event.study_day.toordinal(), int(event.rating)))
        cards.append(history)
    return [history for history in cards if history]


def next_day_reviews(cards: Iterable[History]) -> list[int]:
    """The study days of all answers that came on a later day than the one before, in order."""
    return sorted(day for history in cards for (before, _), (day, _) in pairwise(history) if day > before)


def split_day(days: Sequence[int]) -> int:
    """The study day from which on the last part in time is held out."""
    return days[math.floor(len(days) * (1 - HELD_OUT))]


def log_loss(cards: Iterable[History], weights: Sequence[float], since: int = 0) -> float:
    """Mean log loss over the next-day reviews from a study day on; 0 when there are none.

    Args:
        cards: Whole histories: what came before is known, not predicted.
        weights: The 21 weights.
        since: Study day.
    """
    losses, count = 0.0, 0
    for history in cards:
        last, rating = history[0]
        stability, difficulty = fsrs.first(rating, weights)
        for day, rating in history[1:]:
            elapsed = max(0, day - last)
            if elapsed and day >= since:
                chance = min(max(fsrs.retrievability(elapsed, stability, weights), CLIP), 1 - CLIP)
                losses -= math.log(chance if rating > 1 else 1 - chance)
                count += 1
            stability, difficulty = fsrs.following(stability, difficulty, elapsed, rating, weights)
            last = max(last, day)
    return losses / count if count else 0.0
