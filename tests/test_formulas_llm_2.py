"""Formulas of the notes on reasoning, retrieval, agents, evaluation, diffusion and vision, each against an independent computation."""

from __future__ import annotations

import math
from itertools import product

import formulas
import numpy as np
from formulas import claims

# llm: reasoning models


@claims(
    "reasoning-models", r"$$A_i = \frac{r_i - \mathrm{mean}(r)}{\mathrm{std}(r)}$$", "A unanimous group teaches nothing"
)
@claims("reasoning-models.grpo-binary", "has 8 answers, 2 of them correct", "1.73")
def test_a_correct_answer_of_a_group_gets_the_root_of_its_odds_against() -> None:
    def advantages(correct: int) -> formulas.Array:
        rewards = np.array([1.0] * correct + [0.0] * (8 - correct))
        return np.asarray((rewards - rewards.mean()) / rewards.std())

    assert round(advantages(2)[0], 2) == 1.73
    for correct in range(1, 8):
        p = correct / 8
        assert math.isclose(advantages(correct)[0], math.sqrt((1 - p) / p))
        assert math.isclose(advantages(correct)[-1], -math.sqrt(p / (1 - p)))
    assert np.ptp(np.ones(8)) == 0


@claims("reasoning-models.dead-group", "right with probability 0.9", "groups of 8", "43%")
def test_a_group_is_unanimous_when_all_of_its_answers_are_right_or_all_wrong() -> None:
    outcomes = product([True, False], repeat=8)
    chances = [math.prod(0.9 if right else 0.1 for right in group) for group in outcomes if len(set(group)) == 1]
    assert round(100 * sum(chances), 1) == 43.0


@claims("reasoning-models.majority", "each right with probability 0.6", "0.683")
def test_five_votes_amplify_what_is_commoner() -> None:
    def majority(p: float) -> float:
        votes = (votes for votes in product([1, 0], repeat=5) if sum(votes) >= 3)
        return sum(math.prod(p if vote else 1 - p for vote in group) for group in votes)

    assert round(majority(0.6), 3) == 0.683
    assert round(majority(0.4), 3) == 0.317
    assert all(majority(p) > p for p in (0.55, 0.7, 0.9))
    assert all(majority(p) < p for p in (0.1, 0.3, 0.45))


@claims("reasoning-models.verifier", "1% of samples are right", "5% of the wrong ones", "16.8%")
def test_few_right_samples_drown_in_false_acceptances() -> None:
    samples = 10_000
    right, wrong = samples // 100, samples - samples // 100
    accepted_wrong = wrong * 5 // 100
    assert round(100 * right / (right + accepted_wrong), 1) == 16.8
