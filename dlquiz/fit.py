"""Fits the 21 weights to a log, run as a process of its own, JSON in, JSON out. The one user of fsrs-rs-python."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

EPOCHS = 20  # with fsrs-rs' own five, weights fitted to a few thousand answers stop too early (benchmarks/optimize.py)
TOWARDS_DEFAULTS = 0.2  # how strongly the weights are held to the defaults; fsrs-rs' own is 1


def fitted(cards: Sequence[Sequence[Sequence[int]]], until: int | None = None) -> list[float]:
    """Weights that predict these answers best.

    Args:
        cards: Of each card its answers: study day, rating.
        until: Study day from which on answers are left out.
    """
    import fsrs_rs_python as fsrs_rs  # an extra, see `optimize` in pyproject.toml

    items = list[tuple[int, Any]]()
    for card in cards:
        reviews = list[Any]()
        last = card[0][0] if card else 0
        for day, rating in card:
            if until is not None and day >= until:
                break
            elapsed = max(0, day - last)
            reviews.append(fsrs_rs.FSRSReview(rating, elapsed))
            if elapsed:
                items.append((day, fsrs_rs.FSRSItem(reviews=list(reviews))))
            last = max(last, day)
    items.sort(key=lambda item: item[0])  # later answers weigh more
    config = fsrs_rs.TrainingConfig(num_epochs=EPOCHS, gamma=TOWARDS_DEFAULTS)
    model = fsrs_rs.FSRS(parameters=list(fsrs_rs.DEFAULT_PARAMETERS))
    return list(model.compute_parameters([item for _, item in items], training_config=config))


def main() -> None:
    """A job on standard input, its weights on standard output."""
    job = json.load(sys.stdin)
    json.dump(fitted(job["cards"], job.get("until")), sys.stdout)


if __name__ == "__main__":
    main()
