"""Formulas and figures of the topic ethics, each against an independent computation."""

from __future__ import annotations

import math
from itertools import product

import formulas
import numpy as np
import pytest
from formulas import Array, claims

# privacy


def randomised_response(epsilon: float) -> Array:
    """Chance of each answer (row: the truth, column: the answer); the textbook mechanism that is exactly ε-private."""
    honest = math.exp(epsilon) / (1 + math.exp(epsilon))
    return np.array([[honest, 1 - honest], [1 - honest, honest]])


@claims("dl-ethics.dp-bound", r"$P(M(D) \in S) \leq e^\varepsilon P(M(D') \in S) + \delta$")
@claims("dl-ethics", r"$$P(M(D) \in S) \leq e^\varepsilon P(M(D') \in S) + \delta$$")
@pytest.mark.parametrize("epsilon", [0.1, 1.0, 3.0])
def test_randomised_response_meets_the_bound_and_no_smaller_one(epsilon: float) -> None:
    answers = randomised_response(epsilon)
    worst = max(
        answers[one][list(results)].sum() / answers[other][list(results)].sum()
        for one, other in ((0, 1), (1, 0))
        for results in ((0,), (1,), (0, 1))
    )
    assert worst == pytest.approx(math.exp(epsilon))


@claims("dl-ethics.epsilon-one", "ε = 1 and δ = 0", r"$e \approx 2.72$")
@claims("dl-ethics", "one record changes any probability by at most a factor 2.72", "at most $e^\\varepsilon$")
def test_epsilon_one_allows_a_factor_of_2_72_and_ten_promises_little() -> None:
    assert round(math.exp(1), 2) == 2.72
    assert round(math.exp(10), -3) == 22_000


@claims("dl-ethics.dp-sgd", "clips each example's gradient, then adds Gaussian noise to the sum")
def test_after_clipping_one_example_moves_the_sum_by_at_most_the_clipping_norm() -> None:
    chance, bound = formulas.random(), 1.5
    gradients = chance.normal(size=(50, 8)) * chance.exponential(20, size=(50, 1))
    clipped = gradients / np.maximum(1, np.linalg.norm(gradients, axis=1, keepdims=True) / bound)

    moved = [np.linalg.norm(clipped.sum(axis=0) - np.delete(clipped, n, axis=0).sum(axis=0)) for n in range(50)]
    assert max(moved) <= bound + 1e-9
    assert np.linalg.norm(gradients, axis=1).max() > 10 * bound  # unclipped, one example moves it far more


# harms and energy


@claims("dl-ethics.average-hides", "2% of a group of 900", "30% of a group of 100", "4.8%")
def test_an_average_of_4_8_percent_hides_a_group_at_thirty() -> None:
    wrong = np.concatenate([np.arange(900) < 18, np.arange(100) < 30])
    assert wrong.mean() == pytest.approx(0.048)


@claims("dl-ethics.serving", "1 000 MWh", "1 Wh", "10 million", "100 days")
@claims("dl-ethics", "1 287 MWh and 552 t", "ten million queries a day at 1 Wh make 1 000 MWh in 100 days")
def test_energy_of_training_and_serving_in_joules() -> None:
    watt_hour = 3_600
    kilograms = 1_287e6 * watt_hour * (0.429 / (1e3 * watt_hour))
    assert round(kilograms / 1000) == 552
    assert (1_000e6 * watt_hour) / (10e6 * 1 * watt_hour) == 100


# fairness: people as rows, so that every rate is a count


def people(positives: int, negatives: int, hits: int, alarms: int) -> tuple[Array, Array]:
    """Truth and decision of a group with so many true and false positives."""
    truth = np.repeat([1.0, 0.0], [positives, negatives])
    decision = np.concatenate([np.arange(positives) < hits, np.arange(negatives) < alarms]).astype(float)
    return truth, decision


@claims("bias-mitigation.dp", r"$P(\hat y = 1 \mid A = a)$ is equal for all $a$")
@claims("bias-mitigation.dp-difference", "45 of 150", "20 of 100", "0.10")
@claims("bias-mitigation", r"| demographic parity | $P(\hat y = 1)$ |")
def test_demographic_parity_compares_selection_rates() -> None:
    men, women = people(150, 0, 45, 0)[1], people(100, 0, 20, 0)[1]
    assert men.mean() - women.mean() == pytest.approx(0.10)


@claims("bias-mitigation.one-metric", "error rates may differ widely")
def test_demographic_parity_can_hold_while_one_group_is_selected_at_random() -> None:
    truth, skilled = people(50, 50, 50, 0)
    blind = people(50, 50, 25, 25)[1]
    assert skilled.mean() == blind.mean()
    assert skilled[truth == 1].mean() - blind[truth == 1].mean() == 0.5


@claims("bias-mitigation.eo", r"$P(\hat y = 1 \mid y, A = a)$ is equal for all $a$, for $y = 0$ and for $y = 1$")
@claims("bias-mitigation.equal-opp", "TPR only")
def test_the_equalised_odds_gap_is_the_larger_of_both_differences() -> None:
    groups = [people(100, 100, 80, 10), people(100, 100, 75, 25)]
    rates = np.array([[decision[truth == y].mean() for y in (1, 0)] for truth, decision in groups])
    gaps = np.abs(rates[0] - rates[1])
    assert gaps.max() == pytest.approx(0.15)
    assert gaps[0] == pytest.approx(0.05)  # equal opportunity looks at this one only


@claims("bias-mitigation.ppv-low-base", "TPR 0.8 and FPR 0.1", "base rate 0.5 the PPV is 0.89", "base rate 0.2", "0.67")
@claims("bias-mitigation", "PPV is 0.89 for base rate 0.5 but 0.67 for 0.2")
def test_equal_error_rates_give_unequal_precision_when_base_rates_differ() -> None:
    for positives, precision in ((500, 0.89), (200, 0.67)):
        truth, decision = people(positives, 1000 - positives, positives * 8 // 10, (1000 - positives) // 10)
        assert round(float(truth[decision == 1].mean()), 2) == precision


@claims(
    "bias-mitigation.chouldechova",
    r"$\mathrm{FPR} = \frac{p}{1-p} \cdot \frac{1-\mathrm{PPV}}{\mathrm{PPV}} \cdot (1-\mathrm{FNR})$",
)
@claims("bias-mitigation", "Equal PPV excludes equal FPR with equal FNR")
def test_the_false_positive_rate_follows_from_base_rate_precision_and_misses() -> None:
    for positives, negatives, hits, alarms in product((20, 50), (30, 80), (1, 15), (1, 20)):
        truth, decision = people(positives, negatives, hits, alarms)
        p, ppv, fnr = truth.mean(), truth[decision == 1].mean(), 1 - decision[truth == 1].mean()
        assert decision[truth == 0].mean() == pytest.approx(p / (1 - p) * (1 - ppv) / ppv * (1 - fnr))


def class_means(scores: Array, shares: Array) -> tuple[float, float]:
    """Mean score of the true positives and of the true negatives, if every score is the chance of a positive."""
    positive, negative = shares * scores, shares * (1 - scores)
    return float(positive @ scores / positive.sum()), float(negative @ scores / negative.sum())


@claims(
    "bias-mitigation.kleinberg", "Equal mean scores within each actual class", "scores are calibrated in each group"
)
@claims(
    "bias-mitigation",
    "Scores calibrated in each group cannot have equal means both among actual positives and among actual negatives",
)
def test_calibration_ties_both_class_means_to_the_base_rate_so_only_perfect_scores_can_match() -> None:
    chance = formulas.random()
    for _ in range(50):
        scores, shares = chance.random(6), chance.dirichlet(np.ones(6))
        base = float(shares @ scores)
        above, below = class_means(scores, shares)
        assert base * above + (1 - base) * below == pytest.approx(base)

    for first, second in ((0.5, 0.2), (0.3, 0.31)):  # the same two means in two groups: one solution, the perfect one
        system = np.array([[first, 1 - first], [second, 1 - second]])
        assert np.linalg.solve(system, [first, second]) == pytest.approx([1, 0], abs=1e-9)


@claims("bias-mitigation.calibrated-can", "it can; what must then differ is PPV")
@claims("bias-mitigation", "a calibrated score cut at one threshold *can* have equal FPR and FNR")
def test_two_calibrated_scores_cut_at_one_half_can_share_both_error_rates() -> None:
    groups = {  # score and share of the people above and below the threshold, with base rates 0.5 and 0.2
        "half": (np.array([0.4 / 0.45, 0.1 / 0.55]), np.array([0.45, 0.55])),
        "fifth": (np.array([0.16 / 0.24, 0.04 / 0.76]), np.array([0.24, 0.76])),
    }
    precision = []
    for scores, shares in groups.values():
        positive, negative, above = shares * scores, shares * (1 - scores), scores > 0.5
        assert positive[above].sum() / positive.sum() == pytest.approx(0.8)
        assert negative[above].sum() / negative.sum() == pytest.approx(0.1)
        precision.append(round(float(positive[above].sum() / shares[above].sum()), 2))
    assert precision == [0.89, 0.67]
    assert [tuple(scores.round(2)) for scores, _ in groups.values()] == [(0.89, 0.18), (0.67, 0.05)]


@claims("bias-mitigation.interval", "10 of 100", "About 0.06")
def test_a_hundred_people_pin_a_ten_percent_error_down_to_six_points_either_way() -> None:
    audits = formulas.random().binomial(100, 0.1, size=200_000) / 100
    assert 1.96 * audits.std() == pytest.approx(0.06, abs=0.002)


@claims("bias-mitigation.gap-interval", "10% and 13%", "About 0.09")
def test_the_gap_between_two_such_groups_is_known_to_nine_points_either_way() -> None:
    gaps = formulas.random().binomial(100, 0.13, size=200_000) - formulas.random(1).binomial(100, 0.10, size=200_000)
    assert 1.96 * gaps.std() / 100 == pytest.approx(0.088, abs=0.002)


@claims("bias-mitigation.four-fifths", "30% and 50%", "0.6")
@claims("bias-mitigation.four-fifths-safe", "0.85")
def test_the_impact_ratio_divides_the_lower_selection_rate_by_the_higher() -> None:
    lower, higher = people(100, 0, 30, 0)[1].mean(), people(100, 0, 50, 0)[1].mean()
    assert lower / higher == pytest.approx(0.6)
    assert lower / higher < 4 / 5 < 0.85
