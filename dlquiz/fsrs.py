"""The FSRS-6 formulas on plain floats. R is the chance of recall, S the stability in days, D the difficulty 1 to 10, G the rating 1 to 4.

Source of every formula: open-spaced-repetition wiki, "The Algorithm", section FSRS-6.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import exp

# The 21 default weights of FSRS-6, fitted by its authors to many learners' logs.
DEFAULT_WEIGHTS = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
# FSRS-6's bounds of each weight, as its authors' optimizers keep to them.
BOUNDS = (
    (0.001, 100), (0.001, 100), (0.001, 100), (0.001, 100), (1, 10), (0.001, 4), (0.001, 4), (0.001, 0.75), (0, 4.5),
    (0, 0.8), (0.001, 3.5), (0.001, 5), (0.001, 0.25), (0.001, 0.9), (0, 4), (0, 1), (1, 6), (0, 2), (0, 2), (0, 0.8),
    (0.1, 0.8),
)  # fmt: skip
MIN_STABILITY = 0.001  # FSRS-6's bounds
MAX_STABILITY = 36500.0


def sound(weights: Sequence[float]) -> bool:
    """Are these 21 weights within their bounds?"""
    return len(weights) == len(BOUNDS) and all(
        low - 1e-6 <= weight <= high + 1e-6 for weight, (low, high) in zip(weights, BOUNDS, strict=True)
    )


def curve(weights: Sequence[float]) -> tuple[float, float]:
    """Decay and factor of the forgetting curve, `(1 + factor * days / stability) ** decay`."""
    decay = -weights[20]
    return decay, 0.9 ** (1 / decay) - 1


def retrievability(elapsed_days: float, stability: float, weights: Sequence[float] = DEFAULT_WEIGHTS) -> float:
    """Chance in 0..1 of recalling a card now.

    Args:
        elapsed_days: Days since the last review, 0 or more.
        stability: Days until that chance falls to 90 %, above 0.
        weights: The 21 weights.
    """
    decay, factor = curve(weights)
    return float((1 + factor * elapsed_days / stability) ** decay)


def interval_days(stability: float, desired_retention: float, weights: Sequence[float] = DEFAULT_WEIGHTS) -> float:
    """Days, unrounded, until the chance of recall falls to `desired_retention` (0..1, exclusive)."""
    decay, factor = curve(weights)
    return float(stability / factor * (desired_retention ** (1 / decay) - 1))


def first(rating: int, weights: Sequence[float] = DEFAULT_WEIGHTS) -> tuple[float, float]:
    """Stability and difficulty after the first rating (1 to 4)."""
    return _bounded(weights[rating - 1]), _difficulty_bounds(_first_difficulty(rating, weights))


def following(
    stability: float, difficulty: float, elapsed_days: float, rating: int, weights: Sequence[float] = DEFAULT_WEIGHTS
) -> tuple[float, float]:
    """Stability and difficulty after a later rating.

    Args:
        stability: Before, in days.
        difficulty: Before, 1 to 10.
        elapsed_days: Study days since the last rating; below 1 the same-day formula holds.
        rating: 1 to 4.
        weights: The 21 weights.
    """
    return under(tuple(weights))(stability, difficulty, elapsed_days, rating)


@lru_cache(maxsize=8)
def under(weights: tuple[float, ...]) -> Callable[[float, float, float, int], tuple[float, float]]:
    """`following` under these weights, for many ratings: what depends on the weights alone is computed once."""
    w = weights
    (decay, factor), reverting = curve(w), w[7] * _first_difficulty(4, w)
    growing, shrinking = exp(w[8]), exp(w[17] * w[18])

    def after(stability: float, difficulty: float, elapsed_days: float, rating: int) -> tuple[float, float]:
        if elapsed_days < 1:
            grown = exp(w[17] * (rating - 3 + w[18])) * stability ** -w[19]
            new = stability * (max(grown, 1.0) if rating >= 2 else grown)  # a pass never shrinks it
        else:
            recall = (1 + factor * elapsed_days / stability) ** decay
            if rating == 1:
                forgotten = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * exp(w[14] * (1 - recall))
                new = min(forgotten, stability / shrinking)
            else:
                bonus = w[15] if rating == 2 else w[16] if rating == 4 else 1.0
                growth = growing * (11 - difficulty) * stability ** -w[9] * (exp(w[10] * (1 - recall)) - 1)
                new = stability * (1 + growth * bonus)
        damped = difficulty - w[6] * (rating - 3) * (10 - difficulty) / 9
        return _bounded(new), _difficulty_bounds(reverting + (1 - w[7]) * damped)

    return after


def _first_difficulty(rating: int, weights: Sequence[float]) -> float:
    return weights[4] - exp(weights[5] * (rating - 1)) + 1


def _bounded(stability: float) -> float:
    return MIN_STABILITY if stability < MIN_STABILITY else MAX_STABILITY if stability > MAX_STABILITY else stability


def _difficulty_bounds(difficulty: float) -> float:
    return 1.0 if difficulty < 1.0 else 10.0 if difficulty > 10.0 else difficulty
