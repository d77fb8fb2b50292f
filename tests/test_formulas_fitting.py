"""Formulas of the topics optimizers, regularization and data, each against an independent computation."""

from __future__ import annotations

import math
from itertools import combinations, product

import formulas
import numpy as np
import pytest
from formulas import Array, claims, slope, softmax

# optimizers: batches


@claims("epochs-and-batches.steps-per-epoch", r"$\lceil N/B \rceil$")
@claims("epochs-and-batches.steps-50k-128", "391")
@claims("epochs-and-batches", r"\lceil 50000/128 \rceil = 391", "ten epochs need 3 910", "⌈N/B⌉")
def test_an_epoch_takes_the_quotient_rounded_up() -> None:
    def batches(n: int, b: int) -> int:
        return len([range(start, min(start + b, n)) for start in range(0, n, b)])

    assert batches(50_000, 128) == 391
    assert 10 * batches(50_000, 128) == 3_910
    assert all(batches(n, b) == math.ceil(n / b) for n, b in product(range(1, 60), range(1, 20)))


@claims("epochs-and-batches.noise-vs-b", "$1/B$")
@claims(
    "epochs-and-batches",
    "variance falls as $1/B$",
    "only as $1/\\sqrt{B}$, so halving it costs four times the examples",
)
def test_the_variance_of_a_batch_mean_falls_as_one_over_the_batch() -> None:
    chance, examples = formulas.random(), formulas.random(1).exponential(size=1000)
    means = {b: chance.choice(examples, size=(20_000, b)).mean(axis=1) for b in (8, 32)}
    assert means[8].mean() == pytest.approx(examples.mean(), abs=0.01)
    assert means[8].var() * 8 == pytest.approx(examples.var(), rel=0.05)
    assert means[32].std() / means[8].std() == pytest.approx(0.5, rel=0.03)


@claims("epochs-and-batches.no-replacement", "$(N-B)/(N-1)$")
@claims("epochs-and-batches", "multiplies the variance by $(N-B)/(N-1)$, 0 at $B = N$")
def test_without_replacement_the_variance_of_a_batch_mean_has_a_factor_below_one() -> None:
    examples = formulas.random().exponential(size=7)
    for b in range(1, 8):
        means = np.array([np.mean(batch) for batch in combinations(examples, b)])
        assert means.var() == pytest.approx(examples.var() / b * (7 - b) / (7 - 1))


@claims("epochs-and-batches.global-size", "32 GPUs", "4 sequences", "accumulates 8", "1024")
def test_the_global_batch_is_micro_batch_times_accumulation_times_replicas() -> None:
    sequences = {(gpu, step, place) for gpu in range(32) for step in range(8) for place in range(4)}
    assert len(sequences) == 1024


@claims("epochs-and-batches.linear-scaling", "0.1 with batch size 256", "3.2")
@claims("epochs-and-batches", "(0.1 at 256 becomes 3.2 at 8 192)")
def test_under_linear_scaling_one_large_step_goes_as_far_as_the_small_ones_it_replaces() -> None:
    gradient, small = 0.7, 0.0
    for _ in range(8192 // 256):
        small -= 0.1 * gradient
    assert small == pytest.approx(-3.2 * gradient)


# optimizers: momentum, Adagrad, RMSprop, Adam


@claims("optimizer-choice.momentum", r"$v_t = \mu v_{t-1} + g_t$, $w_t = w_{t-1} - \eta v_t$")
@claims("optimizer-choice.momentum-gain", "momentum 0.9", "$1/(1-0.9) = 10$")
@claims("optimizer-choice", "damps zigzag, adds up along a valley (tenfold at 0.9)")
def test_momentum_of_nine_tenths_multiplies_a_steady_step_by_ten_and_damps_an_alternating_one() -> None:
    def step(gradients: Array, mu: float = 0.9, rate: float = 0.01) -> float:
        w = v = before = 0.0
        for g in gradients:
            before, v = w, mu * v + g
            w -= rate * v
        return before - w

    steady = np.full(300, 2.0)
    assert step(steady) / (0.01 * 2) == pytest.approx(10)
    assert abs(step(steady * (-1.0) ** np.arange(300))) / (0.01 * 2) == pytest.approx(1 / 1.9)


@claims("optimizer-choice.adagrad", r"$G_t = G_{t-1} + g_t^2$, $w_t = w_{t-1} - \eta g_t/(\sqrt{G_t} + \epsilon)$")
@claims(
    "optimizer-choice.rmsprop", "A moving average of $g^2$ replaces the growing sum, so the rate does not decay to zero"
)
@claims("optimizer-choice", "rates only shrink", "same, rates can recover")
def test_adagrads_steps_shrink_as_one_over_the_root_of_time_and_rmsprops_do_not() -> None:
    rate, epsilon = 0.1, 1e-10
    for g in (0.01, 5.0):
        total = average = 0.0
        for t in range(1, 1001):
            total += g**2
            average = 0.99 * average + 0.01 * g**2
            assert rate * g / (math.sqrt(total) + epsilon) == pytest.approx(rate / math.sqrt(t))
        assert rate * g / (math.sqrt(average) + epsilon) == pytest.approx(rate, rel=1e-3)


def adam(
    gradients: Array,
    *,
    rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    correct: bool = True,
    decay: float = 0.0,
) -> Array:
    """Weights after each step from 0.5, by the words of the cards on Adam and AdamW."""
    w, m, v, path = 0.5, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = (m / (1 - beta1**t), v / (1 - beta2**t)) if correct else (m, v)
        w -= rate * (m_hat / (math.sqrt(v_hat) + 1e-8) + decay * w)
        path.append(w)
    return np.array(path)


@claims("optimizer-choice.adam-second", r"$v_t = \beta_2 v_{t-1} + (1-\beta_2) g_t^2$")
@claims("optimizer-choice.adam-bias", r"$\hat m_t = m_t/(1-\beta_1^t)$")
def test_adams_corrected_moments_are_unbiased_from_the_first_step_on() -> None:
    g = formulas.random().normal(loc=1.0, size=(40_000, 5))
    m, v = np.zeros(40_000), np.zeros(40_000)
    for t in range(1, 6):
        m = 0.9 * m + 0.1 * g[:, t - 1]
        v = 0.999 * v + 0.001 * g[:, t - 1] ** 2
        assert (m / (1 - 0.9**t)).mean() == pytest.approx(1, abs=0.03)  # the mean gradient
        assert (v / (1 - 0.999**t)).mean() == pytest.approx(2, abs=0.06)  # mean square: 1 + 1


@claims("optimizer-choice.adam-step", r"$w_t = w_{t-1} - \eta \hat m_t/(\sqrt{\hat v_t} + \epsilon)$")
@claims("optimizer-choice.adam-first-step", "$|g|$ is far above", r"About $\eta$, whatever the size of $g$")
@claims("optimizer-choice", "exactly $\\hat m = g$ and $\\hat v = g^2$")
@pytest.mark.parametrize("g", [1e-4, 1.0, -500.0])
def test_adams_first_step_is_the_learning_rate_whatever_the_gradient(g: float) -> None:
    assert 0.5 - adam(np.array([g]))[0] == pytest.approx(math.copysign(0.001, g), rel=1e-3)


@claims("optimizer-choice.adamw-lr", r"multiplies the weights by $1 - \eta\lambda$")
def test_adamws_decay_follows_the_learning_rate_when_the_gradient_is_zero() -> None:
    for rate in (0.1, 0.01):
        assert adam(np.zeros(1), rate=rate, decay=0.2)[0] == pytest.approx(0.5 * (1 - rate * 0.2))


@claims("optimizer-choice.muon-why", "so all [...] of the update become about equal", "singular values")
def test_a_matrix_made_orthogonal_has_equal_singular_values_and_is_steepest_in_the_spectral_norm() -> None:
    momentum = formulas.random().normal(size=(6, 4))
    left, sizes, right = np.linalg.svd(momentum, full_matrices=False)
    step = left @ right
    assert np.linalg.svd(step, compute_uv=False) == pytest.approx(np.ones(4))
    assert np.sum(momentum * step) == pytest.approx(sizes.sum())  # the dual norm: no step of norm 1 gains more


@claims("optimizer-choice.adam-uncorrected", r"$\beta_1 = 0.9$, $\beta_2 = 0.999$", r"$0.1/\sqrt{0.001} \approx 3.16$")
@claims(
    "optimizer-choice.adam-why-correct", "early averages are too low, $\\sqrt{v}$ most of all, and raw steps too big"
)
def test_without_correction_adams_first_step_is_3_16_learning_rates_and_early_steps_are_too_big() -> None:
    raw = -np.diff(adam(np.ones(100), correct=False), prepend=0.5) / 0.001
    assert round(raw[0], 2) == 3.16
    assert (raw > 2).all()


@claims("optimizer-choice.adamw", r"$w_t = w_{t-1} - \eta(\hat m_t/(\sqrt{\hat v_t} + \epsilon) + \lambda w_{t-1})$")
@claims("optimizer-choice.l2-vs-decay", "SGD without momentum, with the coefficient rescaled by the learning rate")
@claims("optimizer-choice", r"w_t=w_{t-1}-\eta\left(\hat m_t/(\sqrt{\hat v_t}+\epsilon)+\lambda w_{t-1}\right)")
@claims(
    "optimizer-choice.adam-wd-arg", "adds an L2 gradient, which Adam then rescales; AdamW decays the weights directly"
)
def test_an_l2_penalty_is_weight_decay_for_plain_sgd_but_neither_with_momentum_nor_for_adam() -> None:
    rate, penalty = 0.1, 0.03
    gradients = formulas.random().normal(size=30)

    def sgd(mu: float, l2: float, decay: float) -> float:
        w, v = 0.5, 0.0
        for g in gradients:
            v = mu * v + g + l2 * w
            w = (1 - decay) * w - rate * v
        return w

    def adam_l2(gradients: Array) -> float:
        w, m, v = 0.5, 0.0, 0.0
        for t, g in enumerate(gradients, start=1):
            m, v = 0.9 * m + 0.1 * (g + penalty * w), 0.999 * v + 0.001 * (g + penalty * w) ** 2
            w -= rate * m / (1 - 0.9**t) / math.sqrt(v / (1 - 0.999**t))
        return w

    assert sgd(0, penalty, 0) == pytest.approx(sgd(0, 0, rate * penalty))
    assert sgd(0.9, penalty, 0) != pytest.approx(sgd(0.9, 0, rate * penalty), rel=1e-3)
    assert adam_l2(gradients) != pytest.approx(adam(gradients, rate=rate, decay=penalty)[-1], rel=1e-3)


@claims(
    "optimizer-choice",
    r"divides the penalty's gradient by $\sqrt{\hat v}$ too, so weights with large gradients are decayed less",
)
def test_under_adam_an_l2_penalty_decays_weights_with_large_gradients_less_and_adamw_does_not() -> None:
    def pull(scale: float, *, coupled: bool) -> float:
        """How much nearer to zero 200 steps with decay end than 200 steps without."""
        ends = []
        for penalty in (0.0, 0.1):
            w, m, v = 1.0, 0.0, 0.0
            for t in range(1, 201):
                g = scale * (-1) ** t + coupled * penalty * w
                m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
                w -= 0.001 * (m / (1 - 0.9**t) / math.sqrt(v / (1 - 0.999**t)) + (not coupled) * penalty * w)
            ends.append(w)
        return ends[0] - ends[1]

    assert pull(1, coupled=True) > 5 * pull(10, coupled=True) > 0
    assert pull(1, coupled=False) == pytest.approx(pull(10, coupled=False))


@claims(
    "optimizer-choice",
    "construct problems on which it walks away from the optimum",
    "AMSGrad keeps the maximum instead",
)
@pytest.mark.parametrize(("amsgrad", "end"), [(False, 1.0), (True, -1.0)])
def test_adam_walks_away_from_the_best_point_of_a_constructed_problem_and_amsgrad_does_not(
    amsgrad: bool, end: float
) -> None:
    # Reddi and colleagues (2018), section 3: slopes C, -1, -1 in turn on [-1, 1]; for C > 2 the best point is -1.
    c, x, v, top = 3.0, 0.0, 0.0, 0.0
    for t in range(1, 20_001):
        g = c if t % 3 == 1 else -1.0
        v = v / (1 + c**2) + (1 - 1 / (1 + c**2)) * g**2
        top = max(top, v)
        x = min(1.0, max(-1.0, x - 0.1 / math.sqrt(t) * g / math.sqrt(top if amsgrad else v)))
    assert x == pytest.approx(end, abs=0.01)


@claims(
    "optimizer-choice.adam-memory",
    "16-bit weights and gradients, fp32 master weights and two fp32 moments",
    "2 + 2 + 4 + 4 + 4 = 16",
)
@claims("optimizer-choice", "= 112 GB before activations", "two moments alone take 56 GB")
def test_mixed_precision_adam_keeps_sixteen_bytes_a_parameter() -> None:
    half, single = np.float16().nbytes, np.float32().nbytes
    assert half + half + single + 2 * single == 16
    assert 7e9 * 16 == 112e9
    assert 7e9 * 2 * single == 56e9


# regularization


@claims("dropout.inverted", r"$x \odot m/(1 - p)$")
@claims("dropout.variance", "At drop rate 0.2", "(0 or 1.25)", "0.25")
@claims("dropout.eval-mode", "identity")
@claims("dropout", r"$\mathbb{E}[y] = x$", "With $p = 0.2$ a surviving 4 becomes 5", "has variance p/(1 − p)")
def test_inverted_dropout_keeps_the_mean_and_adds_variance() -> None:
    p = 0.2
    factor = (formulas.random().random(400_000) < 1 - p) / (1 - p)
    assert 4 * factor.max() == 5
    assert (4 * factor).mean() == pytest.approx(4, abs=0.02)
    assert factor.var() == pytest.approx(p / (1 - p), rel=0.01)
    assert p / (1 - p) == 0.25


@claims(
    "dropout.paper-scaling",
    "Paper: weights times keep probability at test. PyTorch: activations divided by it in training",
)
@claims("dropout.ensemble-exact", "exact only in special cases")
@claims("dropout", "one softmax layer")
def test_weight_scaling_equals_the_renormalised_geometric_mean_of_all_masks_of_one_softmax_layer() -> None:
    chance, keep = formulas.random(), 0.7
    w, x = chance.normal(size=(3, 5)), chance.normal(size=5)
    masks = np.array(list(product((0, 1), repeat=5)))
    odds = np.prod(np.where(masks, keep, 1 - keep), axis=1)

    answers = softmax((masks * x) @ w.T)
    geometric = np.exp(odds @ np.log(answers))
    assert np.allclose(geometric / geometric.sum(), softmax(keep * w @ x))
    assert not np.allclose(odds @ answers, softmax(keep * w @ x), atol=1e-3)  # the arithmetic mean is another

    hidden = np.maximum((masks * x) @ w.T, 0)
    assert not np.allclose(odds @ hidden, np.maximum(keep * w @ x, 0), atol=1e-3)
    assert np.allclose(odds @ ((masks * x) @ w.T), keep * w @ x)
    assert np.allclose(odds @ ((masks * x / keep) @ w.T), w @ x)


@claims("dropout", "at rate 0.2 all but 1% of them within 20 steps")
def test_fresh_masks_spare_hardly_a_unit_for_twenty_steps() -> None:
    spared = (formulas.random().random((20, 100_000)) >= 0.2).all(axis=0)
    assert round(float(spared.mean()), 2) == 0.01


@claims(
    "regularization-methods.l2-sgd", r"$w_t = (1 - \eta\lambda) w_{t-1} - \eta g_t$", r"penalty $(\lambda/2)\|w\|^2$"
)
@claims(
    "regularization-methods",
    r"L2 adds $(\lambda/2)\|w\|^2$",
    "multiplies the weights by 1 − ηλ before the data gradient is subtracted",
)
@claims(
    "regularization-methods.l2-zero", "It shrinks weights in proportion to their size, so they get small but not zero"
)
def test_an_sgd_step_on_the_penalised_loss_decays_the_weights() -> None:
    chance, rate, penalty = formulas.random(), 0.1, 0.3
    w, target = chance.normal(size=4), chance.normal(size=4)

    def data_loss(w: Array) -> float:
        return float(np.sin(w) @ target)

    step = w - rate * slope(lambda w: data_loss(w) + penalty / 2 * float(w @ w), w)
    assert np.allclose(step, (1 - rate * penalty) * w - rate * slope(data_loss, w), atol=1e-8)

    alone = w
    for _ in range(1000):
        alone = (1 - rate * penalty) * alone
    assert (alone != 0).all()
    assert np.allclose(alone / w, (1 - rate * penalty) ** 1000)


@claims("regularization-methods.soft-threshold", r"$\mathrm{sign}(w) \max(|w| - \eta\lambda, 0)$")
@claims("regularization-methods.l1-zeros", "steps overshoot; a soft-threshold step is needed")
@claims("regularization-methods", "Plain subgradient steps on L1 jitter around zero")
def test_soft_thresholding_solves_the_l1_step_and_subgradient_steps_jump_across_zero() -> None:
    rate, penalty = 0.5, 0.8
    grid = np.linspace(-3, 3, 60_001)
    for w in (-2.0, -0.3, 0.0, 0.4, 1.5):
        best = grid[((grid - w) ** 2 / (2 * rate) + penalty * abs(grid)).argmin()]
        assert best == pytest.approx(math.copysign(max(abs(w) - rate * penalty, 0), w), abs=1e-4)

    w, path = 1.03, []
    for _ in range(200):
        w -= 0.1 * penalty * float(np.sign(w))
        path.append(w)
    assert 0 not in path
    assert min(path) < 0 < max(path[-2:])


@claims("regularization-methods.priors", "L2: Gaussian. L1: Laplace")
@claims("regularization-methods", "−log p(w) is ‖w‖²/(2σ²) plus a constant", "with λ = 1/(Nσ²)", "Its gradient is λw")
def test_gaussian_and_laplace_priors_give_l2_and_l1_penalties() -> None:
    w, sigma, n = np.array([0.5, -2.0, 1.1]), 0.7, 50

    def minus_log_gauss(w: Array) -> float:
        return float(-np.log(np.exp(-(w**2) / (2 * sigma**2)) / math.sqrt(2 * math.pi * sigma**2)).sum())

    def minus_log_laplace(w: Array) -> float:
        return float(-np.log(np.exp(-abs(w) / sigma) / (2 * sigma)).sum())

    assert np.allclose(slope(minus_log_gauss, w) / n, w / (n * sigma**2), atol=1e-6)
    assert np.allclose(slope(minus_log_laplace, w), np.sign(w) / sigma, atol=1e-6)


@claims("regularization-methods.early-stop-l2", "L2")
@claims("regularization-methods", "acts roughly like L2 with strength $1/(\\eta t)$ after $t$ steps of rate $\\eta$")
def test_early_stopping_on_a_quadratic_shrinks_roughly_as_l2_of_strength_one_over_rate_times_steps() -> None:
    rate, curvatures = 0.01, np.logspace(-4, 1, 30)
    for steps in (1, 30, 1000):
        w = np.zeros(30)
        for _ in range(steps):
            w -= rate * curvatures * (w - 1)  # the optimum is 1 along each axis
        penalised = curvatures / (curvatures + 1 / (rate * steps))
        assert abs(w - penalised).max() < 0.21
        little = rate * steps * curvatures < 0.01
        assert np.allclose(w[little], penalised[little], rtol=0.01)


@claims("regularization-methods.label-smoothing", r"$(1 - \epsilon) y + \epsilon/K$")
@claims("regularization-methods", "with ten classes and 0.1 the true class gets 0.91 and the others 0.01")
def test_label_smoothing_moves_epsilon_of_the_target_to_a_uniform_spread() -> None:
    y, epsilon = np.eye(10)[3], 0.1
    target = (1 - epsilon) * y + epsilon / 10
    assert target.sum() == pytest.approx(1)
    assert target[3] == pytest.approx(0.91)
    assert np.allclose(np.delete(target, 3), 0.01)
    draws = np.where(formulas.random().random(200_000) < epsilon, formulas.random(1).integers(10, size=200_000), 3)
    assert np.allclose(np.bincount(draws, minlength=10) / 200_000, target, atol=0.003)


# data


@claims("data-modalities.embedding-equals-onehot", "A one-hot vector times $E$")
def test_looking_up_an_embedding_is_a_product_with_a_one_hot_vector() -> None:
    table = formulas.random().normal(size=(9, 4))
    assert np.array_equal(np.eye(9)[[2, 7]] @ table, table[[2, 7]])


@claims("transfer-learning.lora", r"$W + (\alpha/r) BA$", r"$A$ ($r \times d_{in}$) and $B$ ($d_{out} \times r$)")
@claims("transfer-learning.lora-b0", "starts exactly at the pre-trained model")
@claims("transfer-learning", "so B gets a gradient at once; if both were zero, neither would ever receive one")
def test_lora_adds_a_map_of_low_rank_that_starts_at_zero_and_can_learn() -> None:
    chance, r, alpha = formulas.random(), 2, 16
    w, a, x, y = (chance.normal(size=shape) for shape in ((5, 7), (r, 7), (7,), (5,)))
    b = np.zeros((5, r))

    def loss(a: Array, b: Array) -> float:
        return float((((w + alpha / r * b @ a) @ x - y) ** 2).sum())

    assert loss(a, b) == float(((w @ x - y) ** 2).sum())
    assert abs(slope(lambda b: loss(a, b), b)).min() > 1e-3
    assert np.allclose(slope(lambda a: loss(a, b), a), 0)
    assert np.allclose(slope(lambda b: loss(0 * a, b), b), 0)
    assert np.linalg.matrix_rank(chance.normal(size=(5, r)) @ a) == r


@claims("transfer-learning.lora-params", "one 4096 × 4096 matrix at rank 8", "65 536 (0.39% of them)")
@claims("transfer-learning", "it trains 65 536 weights, 0.39%")
def test_lora_trains_two_thin_matrices() -> None:
    trained = np.empty((8, 4096)).size + np.empty((4096, 8)).size
    assert trained == 65_536
    assert round(100 * trained / 4096**2, 2) == 0.39


@claims(
    "data-augmentation.mixup",
    r"$\tilde x = \lambda x_i + (1-\lambda) x_j$, $\tilde y = \lambda y_i + (1-\lambda) y_j$",
    r"\mathrm{Beta}",
)
@claims(
    "data-augmentation",
    r"$\tilde x = \lambda x_i + (1-\lambda) x_j$ with $0 \leq \lambda \leq 1$, and their labels likewise",
)
def test_mixup_labels_stay_distributions_and_weigh_the_two_losses_as_the_inputs_are_weighed() -> None:
    chance = formulas.random()
    share = chance.beta(0.4, 0.4)
    x, y, w = chance.normal(size=(2, 4)), np.eye(3)[[0, 2]], chance.normal(size=(3, 4))
    mixed_x, mixed_y = share * x[0] + (1 - share) * x[1], share * y[0] + (1 - share) * y[1]
    log_p = np.log(softmax(w @ mixed_x))

    assert 0 <= share <= 1
    assert mixed_y.sum() == pytest.approx(1)
    assert -mixed_y @ log_p == pytest.approx(-share * log_p[0] - (1 - share) * log_p[2])
    assert np.allclose(w @ mixed_x, share * w @ x[0] + (1 - share) * w @ x[1])  # what it asks: linear between examples


@claims("data-augmentation.cutmix-label", "the area each image covers")
def test_cutmix_weighs_labels_by_pixels() -> None:
    image = np.zeros((32, 32))
    image[4:20, 8:16] = 1  # the pasted patch
    label = np.array([1 - 16 * 8 / 32**2, 16 * 8 / 32**2])
    assert label[1] == image.mean()
    assert label.sum() == 1
