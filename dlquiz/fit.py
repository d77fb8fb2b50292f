"""Fits the 21 weights to a log, run as a process of its own, JSON in, JSON out. The one user of fsrs-rs-python."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

# Chosen on simulated learners, for whom it predicts best from 1,000 to 6,000 answers (docs/simulation.md). fsrs-rs' own five epochs, held
# to the defaults with a strength of 1, stop too early.
EPOCHS = 100
TOWARDS_DEFAULTS = 0.1  # how strongly the weights are held to the defaults


def fitted(
    cards: Sequence[Sequence[Sequence[int]]],
    until: int | None = None,
    *,
    epochs: int = EPOCHS,
    towards_defaults: float = TOWARDS_DEFAULTS,
) -> list[float]:
    """Weights that predict these answers best.

    Args:
        cards: Of each card its answers: study day, rating.
        until: Study day from which on answers are left out.
        epochs: How often the fit goes over all answers.
        towards_defaults: How strongly the weights are held to the defaults.
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
    config = fsrs_rs.TrainingConfig(num_epochs=epochs, gamma=towards_defaults)
    model = fsrs_rs.FSRS(parameters=list(fsrs_rs.DEFAULT_PARAMETERS))
    return list(model.compute_parameters([item for _, item in items], training_config=config))


def main() -> None:
    """A job on standard input, its weights on standard output."""
    job = json.load(sys.stdin)
    json.dump(fitted(job["cards"], job.get("until")), sys.stdout)


if __name__ == "__main__":
    main()
