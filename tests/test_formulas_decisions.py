"""Formulas of the topics rl and production, each against an independent computation."""

from __future__ import annotations

import math
from itertools import product

import formulas
import numpy as np
import pytest
from formulas import claims

# rl


@claims("dqn.max-noise", "independently +1 or −1 with equal chance", "0.5")
@claims("dqn", "expected maximum of 0.5")
def test_the_maximum_of_two_unbiased_estimates_is_biased_upwards() -> None:
    outcomes = list(product((-1, 1), repeat=2))
    assert sum(map(max, outcomes)) / len(outcomes) == 0.5
    assert sum(first for first, _ in outcomes) == 0


@claims("dqn", r"With $r=1$, $\gamma=0.9$ and a best next value of 5 the target is 5.5")
def test_repeating_the_q_update_settles_on_the_target() -> None:
    value = 0.0
    for _ in range(2000):
        value += 0.1 * (1 + 0.9 * 5 - value)
    assert value == pytest.approx(5.5)


# production: applications


@claims("applications.best-bound", r"expected below $\sqrt{2 \ln n}$", "About 3.7")
@claims(
    "applications", "the best of 1 000 worthless independent strategies is expected 3.2 standard deviations above zero"
)
def test_the_best_of_a_thousand_worthless_strategies_lies_below_the_bound() -> None:
    best = formulas.random().normal(size=(4000, 1000)).max(axis=1)
    assert best.mean() == pytest.approx(3.24, abs=0.02)
    assert math.sqrt(2 * math.log(1000)) == pytest.approx(3.72, abs=0.005)
    assert best.mean() < math.sqrt(2 * math.log(1000))


@claims("applications.false-alerts", "true in 20% of cases", "4")
@claims("applications", "with 13% to 26% of alerts true, staff see three to seven false ones for each case")
@claims("applications", "74% to 87% of its alerts were false")
def test_false_alerts_outnumber_true_ones_where_the_predictive_value_is_low() -> None:
    def false_per_true(alerts: int, value: float) -> float:
        true = round(alerts * value)
        return (alerts - true) / true

    assert false_per_true(100, 0.20) == 4
    assert (round(false_per_true(100, 0.26)), round(false_per_true(100, 0.13))) == (3, 7)
    assert np.allclose(1 - np.array([0.26, 0.13]), [0.74, 0.87])
