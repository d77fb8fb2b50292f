"""How well the default weights predict a real log: python -m benchmarks.recall REVIEWS.csv

REVIEWS.csv has the columns card_id, review_rating (1-4) and review_time (ISO-8601, UTC), as in py-fsrs' test data (MIT), whose learner
lives in US Pacific time. Log loss is taken over every review that is not the card's first and not on the study day of the one before,
with elapsed time counted once in study days and once in blocks of 24 hours; predictions are clipped to 0.001..0.999.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dlquiz import calendar, fsrs

ZONE = ZoneInfo("America/Los_Angeles")
ROLLOVER_MIN = 240
CLIP = 0.001


def main(path: str) -> None:
    cards: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cards[row["card_id"]].append((datetime.fromisoformat(row["review_time"]), int(row["review_rating"])))
    for name, days in (("study days", True), ("24-hour blocks", False)):
        losses = [loss for history in cards.values() for loss in log_losses(sorted(history), study_days=days)]
        print(f"{name:15} log loss {sum(losses) / len(losses):.4f} over {len(losses)} reviews of {len(cards)} cards")


def log_losses(history: list[tuple[datetime, int]], *, study_days: bool) -> list[float]:
    """Minus the log of the chance that was given to what happened, at each review on a later day."""
    losses = []
    state: tuple[float, float] | None = None
    before = history[0][0]
    for at, rating in history:
        elapsed = _days(before, at) if study_days else (at - before) // timedelta(days=1)
        if state is not None and _days(before, at) > 0:
            recall = min(max(fsrs.retrievability(elapsed, state[0]), CLIP), 1 - CLIP)
            losses.append(-math.log(recall if rating > 1 else 1 - recall))
        state = fsrs.first(rating) if state is None else fsrs.following(*state, elapsed, rating)
        before = at
    return losses


def _days(before: datetime, at: datetime) -> int:
    return (calendar.moment(at, ROLLOVER_MIN, ZONE).day - calendar.moment(before, ROLLOVER_MIN, ZONE).day).days


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
