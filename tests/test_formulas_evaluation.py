"""Formulas of the topic evaluation, each against an independent computation."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations, pairwise, permutations, product

import formulas
import numpy as np
import pytest
from formulas import Array, claims, relu, sigmoid, slope, softmax

# evaluation-metrics: classes


@claims("evaluation-metrics.cost-threshold", "20 times", "1/21, about 0.048")
@claims("evaluation-metrics", "flag when 20p exceeds 1 − p, so above p = 1/21, about 0.048")
def test_a_miss_that_costs_twenty_false_alarms_puts_the_threshold_at_one_in_21() -> None:
    p = formulas.random().uniform(size=20_000)

    def cost(threshold: float) -> float:
        return float(np.where(p > threshold, 1 - p, 20 * p).sum())  # expected, since p is calibrated

    grid = np.linspace(0, 0.2, 2_001)
    assert grid[np.argmin([cost(t) for t in grid])] == pytest.approx(1 / 21, abs=1e-3)
    assert round(1 / 21, 3) == 0.048
    assert cost(1 / 21) < cost(1 / 20)


@claims("evaluation-metrics.accuracy-imbalance", "if 1% of cases are positive, always answering no scores the same")
@claims("evaluation-metrics", "always answering no scores 99% and finds nothing")
def test_always_answering_no_is_accurate_on_rare_positives_and_finds_none() -> None:
    actual = np.arange(10_000) < 100
    flagged = np.zeros_like(actual)

    assert (actual == flagged).mean() == 0.99
    assert (actual & flagged).sum() == 0


@claims("evaluation-metrics.recall-denominator", "predicted positives in precision", "actual positives in recall")
@claims("evaluation-metrics.f1", r"$2\mathrm{TP}/(2\mathrm{TP} + \mathrm{FP} + \mathrm{FN})$")
@claims("evaluation-metrics", "Recall, TP/(TP+FN)", "their harmonic mean, is 2TP/(2TP+FP+FN): it ignores TN")
def test_f1_is_the_harmonic_mean_of_precision_and_recall_and_ignores_true_negatives() -> None:
    chance = formulas.random()
    for share, rate in product((0.02, 0.3, 0.9), repeat=2):
        actual, flagged = chance.random(1000) < share, chance.random(1000) < rate
        tp, fp, fn = int((actual & flagged).sum()), int((~actual & flagged).sum()), int((actual & ~flagged).sum())
        precision, recall = actual[flagged].mean(), flagged[actual].mean()

        assert tp / (tp + fp) == pytest.approx(precision)
        assert tp / (tp + fn) == pytest.approx(recall)
        if tp:
            assert 2 * tp / (2 * tp + fp + fn) == pytest.approx(2 / (1 / precision + 1 / recall))


# evaluation-metrics: rankings


def roc_auc(scores: Array, positive: Array) -> float:
    """Area under the curve of true against false positive rate, walked from the highest score down."""
    thresholds = np.concatenate(([np.inf], np.unique(scores)[::-1]))
    caught = np.array([(scores[positive == 1] >= t).mean() for t in thresholds])
    alarmed = np.array([(scores[positive == 0] >= t).mean() for t in thresholds])
    return float(((caught[1:] + caught[:-1]) / 2 * np.diff(alarmed)).sum())


def average_precision(scores: Array, positive: Array) -> float:
    """Mean over the positives of the precision at their rank, for scores without ties."""
    ranked = positive[np.argsort(-scores)]
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float(precision[ranked == 1].mean())


@claims("evaluation-metrics.micro-f1", "each error is one false positive and one false negative")
@claims("evaluation-metrics", "with one label per case, micro-F1 is accuracy")
def test_micro_f1_of_single_labels_is_accuracy_and_macro_f1_is_not() -> None:
    chance = formulas.random()
    actual, given = chance.integers(4, size=500), chance.choice(4, p=[0.6, 0.2, 0.1, 0.1], size=500)
    tp = np.array([np.sum((actual == c) & (given == c)) for c in range(4)])
    fp = np.array([np.sum((actual != c) & (given == c)) for c in range(4)])
    fn = np.array([np.sum((actual == c) & (given != c)) for c in range(4)])
    accuracy = np.mean(actual == given)
    assert 2 * tp.sum() / (2 * tp.sum() + fp.sum() + fn.sum()) == pytest.approx(accuracy)
    assert abs(np.mean(2 * tp / (2 * tp + fp + fn)) - accuracy) > 0.01


@claims("evaluation-metrics.proper", "stating one's honest probabilities optimises the expected score")
@claims("evaluation-metrics.brier", "probability 0.8", "0.04")
@claims("evaluation-metrics", "honest probabilities optimise them on average")
def test_log_loss_and_brier_score_are_best_on_average_for_the_true_probability() -> None:
    wrong = 0.2
    assert wrong**2 == pytest.approx(0.04)
    said = np.linspace(0.01, 0.99, 99)
    for true in (0.2, 0.5, 0.83):
        log_loss = -true * np.log(said) - (1 - true) * np.log(1 - said)
        brier = true * (1 - said) ** 2 + (1 - true) * said**2
        assert said[log_loss.argmin()] == pytest.approx(true)
        assert said[brier.argmin()] == pytest.approx(true)


@claims("evaluating-llms.pass-at-k", r"$1 - \binom{n-c}{k} / \binom{n}{k}$")
def test_pass_at_two_is_the_share_of_pairs_of_samples_with_a_pass() -> None:
    passed = [True] * 3 + [False] * 7
    assert np.mean([a or b for a, b in combinations(passed, 2)]) == pytest.approx(0.533, abs=5e-4)
    rate = 0.3  # and it is unbiased, whereas 1 - (1 - c/n)^k is too low on average
    counts = formulas.random().binomial(10, rate, size=100_000)
    unbiased = np.array([1 - math.comb(10 - c, 2) / math.comb(10, 2) for c in range(11)])[counts]
    assert unbiased.mean() == pytest.approx(1 - (1 - rate) ** 2, abs=0.004)
    assert (1 - (1 - counts / 10) ** 2).mean() < 1 - (1 - rate) ** 2 - 0.015


@claims("evaluation-metrics.auc-meaning", "A random fraud outscores a random honest case 95% of the time")
@claims(
    "evaluation-metrics",
    "ROC-AUC is the chance that a random positive outscores a random negative (ties half). It does not see prevalence.",
)
def test_the_area_under_the_roc_curve_is_the_chance_of_outscoring_whatever_the_prevalence() -> None:
    chance = formulas.random()
    positive = (chance.random(400) < 0.2).astype(float)
    scores = np.round(chance.normal(size=400) + positive, 1)  # rounded, so that many scores tie
    ahead = scores[positive == 1][:, None] - scores[positive == 0][None, :]
    assert (ahead == 0).any()

    area = roc_auc(scores, positive)

    assert area == pytest.approx((ahead > 0).mean() + (ahead == 0).mean() / 2)
    more = np.where(positive == 1, 7, 1)  # each positive seven times
    assert roc_auc(np.repeat(scores, more), np.repeat(positive, more)) == pytest.approx(area)


@claims("evaluation-metrics.pr-baseline", "0.5 for ROC-AUC; about the positive rate for average precision")
@claims("evaluation-metrics", "its chance level is the positive rate")
def test_a_random_ranking_has_an_auc_of_one_half_and_an_average_precision_of_the_positive_rate() -> None:
    chance = formulas.random()
    for rate in (0.3, 0.05):
        positive = (np.arange(4_000) < rate * 4_000).astype(float)
        precisions = [average_precision(chance.random(4_000), positive) for _ in range(20)]
        assert np.mean(precisions) == pytest.approx(rate, abs=0.01)
        assert roc_auc(chance.random(4_000), positive) == pytest.approx(0.5, abs=0.06)


@claims("evaluation-metrics.auprc-always", "It weighs mistakes among top scores most")
@claims("evaluation-metrics", "AUPRC weighs mistakes among high scores most", "AUC counts every positive-negative pair")
def test_mending_a_mistake_helps_average_precision_more_near_the_top_and_auc_alike_everywhere() -> None:
    positive = np.tile([0.0, 1.0], 30)  # ranked: each positive just below a negative
    scores = -np.arange(60.0)
    gains = []
    for top in range(0, 60, 2):
        mended = positive.copy()
        mended[[top, top + 1]] = 1, 0
        gains.append(
            (
                average_precision(scores, mended) - average_precision(scores, positive),
                roc_auc(scores, mended) - roc_auc(scores, positive),
            )
        )

    assert all(higher[0] > lower[0] > 0 for higher, lower in pairwise(gains))
    assert np.allclose([auc for _, auc in gains], 1 / 30**2)


@claims("evaluation-metrics.precision-low-prev", "Prevalence 1%", "rate 0.9", "rate 0.05", "About 0.154")
@claims("evaluation-metrics", r"precision is $0.009/(0.009 + 0.0495) \approx 0.154$")
def test_one_percent_prevalence_leaves_a_precision_of_two_in_thirteen() -> None:
    positives, negatives = 100, 9_900
    found, false = 0.9 * positives, 0.05 * negatives

    assert (found, false) == pytest.approx((90, 495))
    assert round(found / (found + false), 3) == round(0.009 / (0.009 + 0.0495), 3) == 0.154


# evaluation-metrics: probabilities and numbers


@claims("evaluation-metrics.ece", r"$\sum_b (n_b/n) \cdot |\mathrm{acc}(b) - \mathrm{conf}(b)|$")
@claims("evaluation-metrics", "the gap between confidence and accuracy over bins, each weighted by its cases")
def test_the_calibration_error_is_near_zero_for_true_probabilities_and_finds_a_known_excess() -> None:
    chance = formulas.random()
    true = chance.uniform(0.5, 0.8, size=200_000)
    correct = chance.random(200_000) < true

    def ece(confidence: Array) -> float:
        bins = np.floor(confidence * 20)
        gaps = [
            (bins == b).mean() * abs(correct[bins == b].mean() - confidence[bins == b].mean()) for b in np.unique(bins)
        ]
        return float(np.sum(gaps))

    assert ece(true) < 0.01
    assert ece(true + 0.15) == pytest.approx(0.15, abs=0.01)


@claims("evaluation-metrics.temp-scaling", "keeps their order, so the top class stays")
def test_a_temperature_moves_the_confidence_and_never_the_top_class() -> None:
    logits = formulas.random().normal(size=(500, 10)) * 3
    for temperature in (0.3, 2.0, 10.0):
        scaled = softmax(logits / temperature)
        assert np.array_equal(scaled.argmax(axis=1), logits.argmax(axis=1))
        assert ((scaled.max(axis=1) < softmax(logits).max(axis=1)) == (temperature > 1)).all()


@claims("evaluation-metrics.mae-vs-mse", "The median for absolute error; the mean for squared error")
@claims("evaluation-metrics", "MAE is best served by the conditional median, MSE and RMSE by the mean")
def test_the_median_minimises_absolute_and_the_mean_squared_error() -> None:
    y = formulas.random().exponential(size=501)
    guesses = np.linspace(0, 3, 3_001)

    absolute = [abs(y - g).mean() for g in guesses]
    squared = [((y - g) ** 2).mean() for g in guesses]

    assert guesses[np.argmin(absolute)] == pytest.approx(np.median(y), abs=2e-3)
    assert guesses[np.argmin(squared)] == pytest.approx(y.mean(), abs=2e-3)


@claims("evaluation-metrics.r2", r"$1 - \sum_i (y_i - \hat y_i)^2 / \sum_i (y_i - \bar y)^2$")
@claims("evaluation-metrics.r2-negative", "negative whenever held-out predictions do worse than the mean")
@claims("evaluation-metrics", "is a share of variance for in-sample least squares with an intercept")
def test_r2_is_a_share_of_variance_for_least_squares_with_an_intercept_and_negative_for_worse_than_the_mean() -> None:
    def r2(y: Array, predicted: Array) -> float:
        return float(1 - ((y - predicted) ** 2).sum() / ((y - y.mean()) ** 2).sum())

    chance = formulas.random()
    x, noise = chance.normal(size=(2, 200))
    y = 3 + x + noise
    design = np.stack([np.ones(200), x], axis=1)
    fitted = design @ np.linalg.lstsq(design, y)[0]
    assert r2(y, fitted) == pytest.approx(fitted.var() / y.var())
    assert r2(y, fitted) == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2)
    assert r2(y, np.full(200, y.mean())) == pytest.approx(0)
    assert r2(np.array([1.0, 2, 3]), np.array([3.0, 2, 1])) == -3


# explainability


def integrated_gradients(score: Callable[[Array], float], x: Array, baseline: Array, steps: int = 400) -> Array:
    """By the words of the card, the integral by the midpoint rule."""
    alphas = (np.arange(steps) + 0.5) / steps
    gradients = np.stack([slope(score, baseline + a * (x - baseline)) for a in alphas])
    return np.asarray((x - baseline) * gradients.mean(axis=0))


@claims(
    "explainability.ig",
    r"$(x_i - x'_i) \cdot \int_0^1 \partial F(x' + \alpha(x - x'))/\partial x_i \, d\alpha$",
)
@claims("explainability.ig-baseline", "Input minus baseline is zero there")
@claims("explainability", "attributions sum to $F(x) - F(x')$", "equal to its baseline value gets exactly zero")
def test_integrated_gradients_sum_to_the_change_from_the_baseline_and_give_nothing_where_there_is_none() -> None:
    chance = formulas.random()
    w, v = chance.normal(size=(6, 4)), chance.normal(size=6)

    def score(x: Array) -> float:
        return float(v @ np.tanh(w @ x))

    x, baseline = chance.normal(size=4), chance.normal(size=4)
    baseline[2] = x[2]

    attributions = integrated_gradients(score, x, baseline)

    assert attributions.sum() == pytest.approx(score(x) - score(baseline), abs=1e-4)
    assert attributions[2] == 0
    assert abs(slope(score, x)[2]) > 1e-3  # although the score does depend on it

    saturated = np.array([3.0])  # the plain gradient is next to nothing, the attribution is not
    assert abs(slope(lambda z: float(sigmoid(4 * z)[0]), saturated)[0]) < 1e-4
    assert integrated_gradients(lambda z: float(sigmoid(4 * z)[0]), saturated, np.zeros(1))[0] > 0.49


@claims(
    "explainability.gradcam",
    r"$\mathrm{ReLU}(\sum_k \alpha_k A^k)$, with $\alpha_k$ the spatial mean of $\partial y_c / \partial A^k$",
)
@claims(
    "explainability", "Grad-CAM weights convolutional feature maps by averaged gradients and keeps the positive part"
)
def test_grad_cam_after_average_pooling_shows_the_class_weights_own_map() -> None:
    chance = formulas.random()
    maps, class_weights = chance.normal(size=(3, 5, 5)), chance.normal(size=3)

    def class_score(maps: Array) -> float:
        return float(class_weights @ maps.mean(axis=(1, 2)))

    alpha = slope(class_score, maps).mean(axis=(1, 2))
    heat = relu(np.tensordot(alpha, maps, axes=1))

    assert np.allclose(heat * 25, relu(np.tensordot(class_weights, maps, axes=1)), atol=1e-6)
    assert class_score(maps) == pytest.approx(25 * np.tensordot(alpha, maps, axes=1).mean(), rel=1e-6)


@claims("explainability.shapley", "marginal contribution to the prediction, over all orders of adding the features")
@claims("explainability", "contribution averaged over all orders of adding features")
def test_shapley_values_share_out_a_prediction_and_give_an_unused_feature_nothing() -> None:
    def model(features: frozenset[str]) -> float:
        return 3.0 * ("a" in features) + 2.0 * ({"a", "b"} <= features)

    orders = list(permutations("abc"))
    shares = dict.fromkeys("abc", 0.0)
    for order in orders:
        for place, name in enumerate(order):
            before = frozenset(order[:place])
            shares[name] += (model(before | {name}) - model(before)) / len(orders)
    assert sum(shares.values()) == pytest.approx(model(frozenset("abc")) - model(frozenset()))
    assert (shares["a"], shares["b"], shares["c"]) == pytest.approx((4, 1, 0))


@claims("explainability.lime", "outputs on perturbed inputs, weighted by closeness")
def test_a_linear_fit_weighted_by_closeness_finds_the_slope_at_the_input() -> None:
    chance = formulas.random()

    def black_box(x: Array) -> Array:
        return np.asarray(np.sin(3 * x[..., 0]) * x[..., 1])

    x = np.array([0.2, 1.0, -0.5])
    inputs = x + chance.normal(size=(20_000, 3))
    closeness = np.sqrt(np.exp(-((inputs - x) ** 2).sum(axis=1) / (2 * 0.05**2)))
    design = np.column_stack([np.ones(20_000), inputs - x]) * closeness[:, None]

    fitted = np.linalg.lstsq(design, black_box(inputs) * closeness)[0]

    assert np.allclose(fitted[1:], [3 * math.cos(0.6), math.sin(0.6), 0], atol=0.15)


# bayesian-deep-learning: one weight, where every integral can be done on a grid

NOISE, PRIOR = 0.5, 1.5  # standard deviations
GRID = np.linspace(-12, 12, 24_001)


def normal(at: Array | float, mean: Array | float, deviation: float) -> Array:
    return np.asarray(
        np.exp(-((at - np.asarray(mean)) ** 2) / (2 * deviation**2)) / (deviation * math.sqrt(2 * math.pi))
    )


def integral(values: Array) -> float:
    return float(values.sum() * (GRID[1] - GRID[0]))


def data() -> tuple[Array, Array]:
    x, noise = formulas.random().normal(size=(2, 8))
    return x, 0.8 * x + NOISE * noise


def likelihood() -> Array:
    """p(D|w) for every w of the grid."""
    x, y = data()
    return np.asarray(normal(y[None, :], GRID[:, None] * x[None, :], NOISE).prod(axis=1))


@claims("bayesian-deep-learning.predictive", r"$\int p(y|x,w) p(w|D) \, dw$")
@claims("bayesian-deep-learning", r"$p(w|D) \propto p(D|w) p(w)$", r"$$p(y|x,D) = \int p(y|x,w) p(w|D) \, dw$$")
def test_the_posterior_predictive_is_the_one_known_in_closed_form_for_a_linear_model() -> None:
    x, y = data()
    posterior = likelihood() * normal(GRID, 0, PRIOR)
    posterior /= integral(posterior)
    precision = 1 / PRIOR**2 + x @ x / NOISE**2
    mean, new_x = x @ y / NOISE**2 / precision, 2.0

    for new_y in (-1.0, 0.5, 2.0):
        averaged = integral(normal(new_y, GRID * new_x, NOISE) * posterior)
        known = normal(new_y, mean * new_x, math.sqrt(NOISE**2 + new_x**2 / precision))
        assert averaged == pytest.approx(float(known), rel=1e-6)


@claims("bayesian-deep-learning.elbo-w", r"$\mathbb{E}_q[\log p(D|w)] - \mathrm{KL}(q(w) \| p(w))$")
@claims("bayesian-deep-learning", r"maximising $\mathbb{E}_q[\log p(D|w)] - \mathrm{KL}(q(w) \| p(w))$")
def test_the_variational_objective_is_a_lower_bound_that_the_posterior_reaches() -> None:
    x, y = data()
    prior, evidence = normal(GRID, 0, PRIOR), math.log(integral(likelihood() * normal(GRID, 0, PRIOR)))
    log_likelihood = -((y[None, :] - GRID[:, None] * x[None, :]) ** 2).sum(axis=1) / (2 * NOISE**2) - len(x) * math.log(
        NOISE * math.sqrt(2 * math.pi)
    )

    def objective(mean: float, deviation: float) -> float:
        q = normal(GRID, mean, deviation)
        some = q > 1e-290
        kl = integral(np.where(some, q * np.log(np.where(some, q / prior, 1)), 0))
        return integral(q * log_likelihood) - kl

    precision = 1 / PRIOR**2 + x @ x / NOISE**2
    best = float(x @ y / NOISE**2 / precision), 1 / math.sqrt(precision)
    assert objective(*best) == pytest.approx(evidence, abs=1e-6)
    for shift, factor in ((0.3, 1.0), (0.0, 1.5), (-0.2, 0.5)):
        assert objective(best[0] + shift, best[1] * factor) < evidence - 0.01


def entropy(p: Array) -> Array:
    """In nats, along the last axis; 0 log 0 is 0."""
    return np.asarray(-(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1))


@claims("bayesian-deep-learning.decomp", r"$H[\mathbb{E}_w p_w]$", r"$\mathbb{E}_w H[p_w] + I(y; w)$")
@claims(
    "bayesian-deep-learning",
    "Ten members all saying 0.5 show a coin toss; five saying 0 and five saying 1 show ignorance",
    "The entropy of the mean, equal in both cases, splits into the members' average entropy (aleatoric) and the mutual",
)
def test_the_entropy_of_the_mean_is_the_mean_entropy_plus_mutual_information() -> None:
    def information(members: Array) -> float:
        joint = members / len(members)  # p(w, y), each member as likely as the next
        apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
        return float((joint * np.log(np.where(joint > 0, joint / apart, 1))).sum())

    toss = np.full((10, 2), 0.5)
    split = np.array([[1.0, 0.0]] * 5 + [[0.0, 1.0]] * 5)
    some = softmax(formulas.random().normal(size=(10, 4)) * 2)
    for members in (toss, split, some):
        assert entropy(members.mean(axis=0)) == pytest.approx(entropy(members).mean() + information(members))

    assert entropy(toss.mean(axis=0)) == entropy(split.mean(axis=0)) == pytest.approx(math.log(2))
    assert information(toss) == pytest.approx(0)
    assert entropy(split).mean() == 0


@claims("bayesian-deep-learning.alea-epis", "Epistemic shrinks; aleatoric stays")
@claims("bayesian-deep-learning.mc-limit", "With a fixed drop rate it need not")
def test_more_data_narrow_the_posterior_but_not_the_spread_of_a_fixed_dropout() -> None:
    chance, rate = formulas.random(), 0.3
    posterior, dropout = [], []
    for n in (500, 50_000):
        x = chance.normal(size=n)
        y = 2 * x + NOISE * chance.normal(size=n)
        posterior.append(NOISE / math.sqrt(x @ x))  # of the prediction at 1, without the noise
        masked = x * (chance.random(n) >= rate) / (1 - rate)
        weight = masked @ y / (masked @ masked)  # least squares under dropout
        dropout.append(weight * math.sqrt(rate / (1 - rate)))  # deviation of weight · mask / (1 − rate)

    assert posterior[1] / posterior[0] == pytest.approx(0.1, rel=0.1)
    assert dropout[1] / dropout[0] == pytest.approx(1, rel=0.1)
    draws = weight * (chance.random(100_000) >= rate) / (1 - rate)
    assert draws.std() == pytest.approx(dropout[1], rel=0.02)


@claims("bayesian-deep-learning.conformal-q", r"$\lceil (n+1)(1-\alpha) \rceil$")
@claims("bayesian-deep-learning.conformal-guarantee", "miscoverage 0.1", "At least 90% coverage on average over inputs")
@claims("bayesian-deep-learning", r"$\lceil (n+1)(1-\alpha) \rceil$-th smallest of $n$ held-out scores")
def test_the_conformal_rank_covers_at_the_promised_rate_where_the_plain_quantile_falls_short() -> None:
    chance, alpha = formulas.random(), 0.1

    def coverage(n: int, rank: int) -> float:
        scores = np.sort(chance.exponential(size=(50_000, n)), axis=1)
        return float((chance.exponential(size=50_000) <= scores[:, rank - 1]).mean())

    for n in (10, 27, 99):
        rank = math.ceil((n + 1) * (1 - alpha))
        assert coverage(n, rank) == pytest.approx(rank / (n + 1), abs=0.005)
        assert rank / (n + 1) >= 1 - alpha
    assert coverage(10, math.ceil(10 * (1 - alpha))) < 0.83
