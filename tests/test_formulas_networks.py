"""Formulas of the topics basics and training, each against an independent computation."""

from __future__ import annotations

import math
from itertools import pairwise, product

import formulas
import numpy as np
import pytest
from formulas import Array, claims, relu, sigmoid, slope, softmax

# basics: neurons


@claims("neuron.output", r"a = \phi(w \cdot x + b)")
@claims("neuron", "0.5 − 2 + 2 = 0.5", "a sigmoid makes it 0.62", r"$a = \phi(Wx + b)$")
def test_a_neuron_bends_its_affine_sum_and_a_layer_is_many_neurons() -> None:
    x, w, b = np.array([1.0, 2.0]), np.array([0.5, -1.0]), 2.0
    assert w @ x + b == 0.5
    assert round(float(sigmoid(w @ x + b)), 2) == 0.62

    chance = formulas.random()
    weights, biases = chance.normal(size=(3, 2)), chance.normal(size=3)
    one_by_one = [
        np.tanh(sum(wi * xi for wi, xi in zip(row, x, strict=True)) + bias)
        for row, bias in zip(weights, biases, strict=True)
    ]
    assert np.allclose(np.tanh(weights @ x + biases), one_by_one)


@claims("neuron.layer-params", "100 480")
@claims("neuron", "128 · 785 = 100 480")
def test_a_dense_layer_holds_one_weight_per_input_and_unit_and_one_bias_per_unit() -> None:
    assert np.empty((128, 784)).size + np.empty(128).size == 100_480


@claims("neuron.linear-collapse", "A composition of affine maps is affine again")
def test_ten_layers_without_activations_are_one_affine_map() -> None:
    chance = formulas.random()
    layers = [(chance.normal(size=(4, 4)), chance.normal(size=4)) for _ in range(10)]

    def deep(x: Array) -> Array:
        for w, b in layers:
            x = w @ x + b
        return x

    bias = deep(np.zeros(4))
    weights = np.stack([deep(e) - bias for e in np.eye(4)], axis=1)
    x = chance.normal(size=4)
    assert np.allclose(deep(x), weights @ x + bias)


@claims("neuron.xor", r"relu($x_1 + x_2$) − [...] · relu($x_1 + x_2 - 1$)", "2")
@claims("neuron", "relu(x1 + x2) − 2·relu(x1 + x2 − 1)", "no straight line separates the two classes")
def test_two_relu_units_compute_xor_and_no_line_does() -> None:
    for a, b in product((0, 1), repeat=2):
        assert max(a + b, 0) - int(formulas.cards()["neuron.xor"]["back"]) * max(a + b - 1, 0) == a ^ b

    # An affine f has f(0,0) + f(1,1) = f(0,1) + f(1,0): it cannot be negative on one pair and positive on the other.
    w, b2 = formulas.random().normal(size=(2, 1000)), formulas.random(1).normal(size=1000)
    f = {corner: corner @ w + b2 for corner in product((0, 1), repeat=2)}
    assert np.allclose(f[0, 0] + f[1, 1], f[0, 1] + f[1, 0])


@claims("neuron", "distance |w·x + b|/‖w‖", "w as its normal", "sign of w·x + b tells the side")
@claims("neuron.relu-threshold", "−b acts as a threshold")
@claims("neuron.bias-role", "must pass through the origin")
def test_a_points_distance_to_the_boundary_is_its_affine_sum_over_the_norm_of_w() -> None:
    chance = formulas.random()
    w, b, x = chance.normal(size=3), 0.7, chance.normal(size=3)
    distance = abs(w @ x + b) / np.linalg.norm(w)

    side = np.sign(w @ x + b)
    foot = x - side * distance * w / np.linalg.norm(w)
    others = chance.normal(size=(1000, 3))
    others -= np.outer((others @ w + b) / (w @ w), w)  # now all on the plane

    assert abs(w @ foot + b) < 1e-12
    assert np.allclose(others @ w + b, 0)
    assert np.linalg.norm(others - x, axis=1).min() >= distance
    assert ((others @ w >= 0.3) == (others @ w - 0.3 >= 0)).all()
    assert w @ np.zeros(3) == 0


# basics: contrastive loss, SVM, trees


@claims(
    "supervised-vs-unsupervised.infonce",
    r"-\log( \exp(s_{ij}/\tau) / \sum_{k \neq i} \exp(s_{ik}/\tau) )",
    "batch of $2N$ views",
)
def test_nt_xent_is_the_cross_entropy_of_picking_the_partner_among_all_other_views() -> None:
    chance, tau, i, j = formulas.random(), 0.5, 0, 3

    def loss(s: Array) -> float:
        return float(-np.log(np.exp(s[j] / tau) / sum(np.exp(s[k] / tau) for k in range(len(s)) if k != i)))

    s = chance.uniform(-1, 1, size=8)
    p = softmax(np.delete(s, i) / tau)

    assert loss(np.zeros(8)) == pytest.approx(math.log(7))  # 2N - 1 candidates
    assert np.allclose(np.delete(slope(loss, s), i), (p - (np.arange(1, 8) == j)) / tau, atol=1e-8)
    assert slope(loss, s)[i] == 0


@claims("dl-vs-svm-and-trees.svm-primal", r"\frac{1}{2} \|w\|^2 + C \sum_i \max(0, 1 - y_i(w \cdot x_i + b))")
@claims("dl-vs-svm-and-trees.margin", r"$2/\|w\|$")
@claims("dl-vs-svm-and-trees", r"the margin, $2/\|w\|$")
@pytest.mark.parametrize(("c", "scale"), [(1.0, 2 / 25), (0.01, 0.01)])
def test_the_soft_margin_objective_separates_two_points_by_their_distance_unless_c_is_small(
    c: float, scale: float
) -> None:
    x, y = np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([-1, 1])

    def objective(w: Array, b: float) -> float:
        return float(w @ w / 2 + c * np.maximum(0, 1 - y * (x @ w + b)).sum())

    w = scale * (x[1] - x[0])  # from the dual: its one multiplier is 2/d², capped by C
    b = -w @ x.mean(axis=0)
    best = objective(w, b)

    for step in formulas.random().normal(scale=0.05, size=(2000, 3)):
        assert objective(w + step[:2], b + step[2]) >= best - 1e-12
    if c == 1.0:
        assert 2 / np.linalg.norm(w) == pytest.approx(5)  # all the room there is between the points


@claims("dl-vs-svm-and-trees.margin", "between the two supporting hyperplanes", r"$2/\|w\|$")
def test_the_supporting_hyperplanes_lie_two_over_the_norm_apart() -> None:
    w, b = np.array([1.2, -0.5]), 0.3
    on_upper, on_lower = (1 - b) * w / (w @ w), (-1 - b) * w / (w @ w)
    assert on_upper @ w + b == pytest.approx(1)
    assert on_lower @ w + b == pytest.approx(-1)
    assert np.linalg.norm(on_upper - on_lower) == pytest.approx(2 / np.linalg.norm(w))


@claims("dl-vs-svm-and-trees.gini", "holds 80% of one class", "0.32")
def test_gini_impurity_is_the_chance_that_two_draws_differ() -> None:
    draws = formulas.random().random((2, 400_000)) < 0.8
    assert (draws[0] != draws[1]).mean() == pytest.approx(0.32, abs=0.003)


# training: activations


@claims(
    "relu-vs-sigmoid", r"\sigma(x) = 1/(1+e^{-x})", r"\sigma(1-\sigma) \leq 1/4", r"0.25^{10} \approx 10^{-6}", "0 or 1"
)
@claims("relu-vs-sigmoid.sigmoid-slope", "0.25, reached at input 0")
@claims("relu-vs-sigmoid.ten-sigmoids", r"$0.25^{10} \approx 9.5 \times 10^{-7}$")
def test_the_sigmoids_slope_is_sigma_times_its_complement_and_at_most_a_quarter() -> None:
    x = np.linspace(-8, 8, 1601)
    slopes = (sigmoid(x + 1e-5) - sigmoid(x - 1e-5)) / 2e-5

    assert np.allclose(slopes, sigmoid(x) * (1 - sigmoid(x)), atol=1e-9)
    assert x[slopes.argmax()] == pytest.approx(0, abs=1e-9)
    assert slopes.max() == pytest.approx(0.25)
    assert slopes.max() ** 10 == pytest.approx(9.5e-7, rel=0.005)


@claims("relu-vs-sigmoid.which-gelu", "multiplies its input by the standard normal CDF", "GELU")
@claims("relu-vs-sigmoid", r"GELU, $x\Phi(x)$ with the normal CDF", r"SiLU, $x\sigma(x)$")
def test_gelu_keeps_an_input_with_the_chance_that_it_exceeds_a_standard_normal() -> None:
    normals = formulas.random().normal(size=400_000)
    for x in (-2.0, -0.5, 0.0, 1.0, 3.0):
        gelu = x * 0.5 * (1 + math.erf(x / math.sqrt(2)))
        assert (x * (normals <= x)).mean() == pytest.approx(gelu, abs=0.006)
        assert gelu == pytest.approx(x * float(sigmoid(1.702 * x)), abs=0.021)  # GELU paper's SiLU-like approximation


@claims("relu-vs-sigmoid.positive-inputs", "all get the same sign")
def test_positive_inputs_give_all_weights_into_a_unit_gradients_of_one_sign() -> None:
    chance = formulas.random()
    x, y, at = sigmoid(chance.normal(size=6)), chance.normal(size=3), chance.normal(size=(3, 6))
    gradient = slope(lambda w: float(((w @ x - y) ** 2).sum()), at)
    assert (abs(np.sign(gradient).sum(axis=1)) == 6).all()


@claims("relu-vs-sigmoid.softmax-shift", "The common factor cancels")
@claims(
    "relu-vs-sigmoid",
    r"$\max(z, 0) - zy + \log(1 + e^{-|z|})$",
    "logit of about 17 a 32-bit sigmoid rounds to exactly 1",
)
def test_losses_from_logits_stay_finite_where_the_sigmoid_saturates() -> None:
    z = np.array([3.0, 1.0, -2.0])
    assert np.allclose(np.exp(z) / np.exp(z).sum(), np.exp(z - 3) / np.exp(z - 3).sum())
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        np.exp(np.array([1000.0]))
    assert np.isfinite(softmax(np.array([1000.0, 0.0]))).all()

    one = np.float32(1)
    assert one / (one + np.exp(np.float32(-16))) < 1
    assert one / (one + np.exp(np.float32(-17))) == 1
    for logit, y in product((-30.0, -1.0, 0.0, 2.0, 30.0), (0.0, 0.3, 1.0)):
        fused = max(logit, 0) - logit * y + math.log(1 + math.exp(-abs(logit)))
        other = float(sigmoid(-logit))  # 1 - sigma without cancellation
        assert fused == pytest.approx(-y * math.log(float(sigmoid(logit))) - (1 - y) * math.log(other))


@claims("relu-vs-sigmoid", "equal parameters and operations, with the hidden width cut by a third")
def test_three_matrices_of_two_thirds_the_width_weigh_as_much_as_two() -> None:
    d, width = 768, 3072
    assert 3 * d * (width * 2 // 3) == 2 * d * width


# training: backpropagation


@claims("backpropagation", r"z^l = W^l a^{l-1} + b^l", "the bias gets $\\delta^l$", "the gradient is $p - y$")
@claims("backpropagation.delta", r"$\delta^l = (W^{l+1})^\top \delta^{l+1} \odot \phi'(z^l)$")
@claims("backpropagation.dw", r"$\delta^l (a^{l-1})^\top$")
@claims("backpropagation.softmax-ce", "$p - y$")
def test_backpropagation_agrees_with_finite_differences() -> None:
    chance = formulas.random()
    sizes = [5, 4, 4, 3]
    w = [chance.normal(size=(n, m)) for m, n in pairwise(sizes)]
    b = [chance.normal(size=n) for n in sizes[1:]]
    x, y = chance.normal(size=5), np.array([0.0, 1.0, 0.0])

    def forward(w: list[Array], b: list[Array]) -> tuple[list[Array], list[Array]]:
        a, z = [x], list[Array]()
        for layer in range(3):
            z.append(w[layer] @ a[-1] + b[layer])
            a.append(np.tanh(z[-1]))
        return a, z

    def loss(w: list[Array], b: list[Array]) -> float:
        return float(-(y * np.log(softmax(forward(w, b)[1][-1]))).sum())

    a, z = forward(w, b)
    delta = softmax(z[2]) - y
    for layer in (2, 1, 0):
        by_weights = slope(lambda v, i=layer: loss([*w[:i], v, *w[i + 1 :]], b), w[layer])  # type: ignore[misc]
        by_biases = slope(lambda v, i=layer: loss(w, [*b[:i], v, *b[i + 1 :]]), b[layer])  # type: ignore[misc]
        assert np.allclose(by_weights, np.outer(delta, a[layer]), atol=1e-8)
        assert np.allclose(by_biases, delta, atol=1e-8)
        delta = w[layer].T @ delta * (1 - np.tanh(z[layer - 1]) ** 2) if layer else delta


@claims("backpropagation", "$L = (z-5)^2/2$", r"is $\delta x = 3$", r"$w = 2.01$ gives $L \approx 0.53$")
def test_the_smallest_example_of_backpropagation_is_right() -> None:
    def loss(w: float) -> float:
        return (w * 3 - 5) ** 2 / 2

    assert loss(2) == 0.5
    assert slope(lambda w: loss(float(w)), np.array(2.0)) == pytest.approx(3)
    assert round(loss(2.01), 2) == 0.53


@claims("backpropagation.cost", "About 2 times")
@claims("backpropagation", "about two forward passes, so a step costs three")
def test_the_backward_pass_of_a_dense_layer_takes_two_products_of_the_forward_passs_size() -> None:
    def products(left: tuple[int, int], right: tuple[int, int]) -> int:
        assert left[1] == right[0]
        return left[0] * left[1] * right[1]

    batch, fan_in, fan_out = 32, 300, 200
    forward = products((batch, fan_in), (fan_in, fan_out))
    to_inputs = products((batch, fan_out), (fan_out, fan_in))
    to_weights = products((fan_in, batch), (batch, fan_out))
    assert (to_inputs + to_weights) / forward == 2


@claims("backpropagation.he-init", "$2/n_{in}$")
@claims("relu-vs-sigmoid", "He's variance $2/n_{in}$ for ReLU")
def test_he_variance_keeps_the_mean_square_of_relu_activations_through_a_deep_net() -> None:
    chance, width = formulas.random(), 512
    growth = {}
    for gain in (1, 2):
        a = chance.normal(size=(width, 64))
        for _ in range(20):
            a = relu(chance.normal(scale=math.sqrt(gain / width), size=(width, width)) @ a)
        growth[gain] = float((a**2).mean())
    assert growth[2] == pytest.approx(1, abs=0.5)
    assert growth[1] < 1e-5  # variance 1/n halves it in each layer


@claims("backpropagation.glorot", "$2/(n_{in} + n_{out})$")
@claims("backpropagation", "variance $2/(n_{in} + n_{out})$", "He ($2/n_{in}$, for ReLU)")
def test_glorot_variance_balances_the_forward_and_the_backward_signal() -> None:
    chance, n_in, n_out = formulas.random(), 600, 200
    w = chance.normal(scale=math.sqrt(2 / (n_in + n_out)), size=(n_out, n_in))
    forward = (w @ chance.normal(size=(n_in, 500))).var()
    backward = (w.T @ chance.normal(size=(n_out, 500))).var()
    assert (forward + backward) / 2 == pytest.approx(1, rel=0.03)

    square = chance.normal(scale=math.sqrt(2 / 800), size=(400, 400))
    assert (square @ chance.normal(size=(400, 500))).var() == pytest.approx(1, rel=0.03)


@claims("backpropagation", "With tanh or ReLU and zero biases it is worse", "so only the output bias learns")
@pytest.mark.parametrize("activation", [np.tanh, relu])
def test_from_zero_weights_only_the_output_bias_learns(activation: np.ufunc) -> None:
    x, y = formulas.random().normal(size=3), 1.0

    def loss(v: Array) -> float:  # weights 3x4, biases 4, weights 4, bias 1
        hidden = activation(v[:12].reshape(4, 3) @ x + v[12:16])
        return float((v[16:20] @ hidden + v[20] - y) ** 2)

    gradient = slope(loss, np.zeros(21))
    assert np.allclose(gradient[:20], 0, atol=1e-6)
    assert gradient[20] == pytest.approx(-2)


# training: normalisation


def batch_norm(x: Array, gamma: float = 1.0, beta: float = 0.0, epsilon: float = 1e-5) -> Array:
    """Over the first axis."""
    out: Array = gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon) + beta
    return out


@claims("batch-normalization.forward", r"$y = \gamma (x - \mu_B)/\sqrt{\sigma_B^2 + \epsilon} + \beta$")
@claims("batch-normalization.gaussian", "fixes only mean and variance per feature, and γ and β then move both")
def test_batch_norm_gives_each_feature_mean_beta_and_deviation_gamma_whatever_its_shape() -> None:
    x = formulas.random().exponential(3.0, size=(5000, 4))
    y = batch_norm(x, gamma=1.5, beta=-2.0)

    assert np.allclose(y.mean(axis=0), -2)
    assert np.allclose(y.std(axis=0), 1.5, atol=1e-5)
    assert (((y - y.mean(axis=0)) ** 3).mean(axis=0) / 1.5**3 > 1).all()  # still as skewed as it was


@claims("batch-normalization.conv-axes", "N, H and W, per channel")
@claims("batch-normalization.ln-axes", "BatchNorm across the batch, per feature", "per example or token")
def test_batch_norm_mixes_examples_and_layer_norm_does_not() -> None:
    x = formulas.random().normal(size=(8, 3, 5, 5))
    axes = (0, 2, 3)
    y = (x - x.mean(axis=axes, keepdims=True)) / x.std(axis=axes, keepdims=True)
    assert np.allclose([y[:, c].mean() for c in range(3)], 0)
    assert np.allclose([y[:, c].std() for c in range(3)], 1)

    table, changed = x[:, 0, 0], x[:, 0, 0].copy()
    changed[1:] += 10
    assert not np.allclose(batch_norm(table)[0], batch_norm(changed * [1, 2, 3, 4, 5])[0])
    assert np.allclose(
        batch_norm(table.T).T[0], batch_norm(changed.T).T[0]
    )  # layer norm: the same along the other axis


@claims("batch-normalization.running", "$r = (1 - m) r + m \\mu_B$")
@claims("batch-normalization", "Training uses batch statistics and updates running averages")
def test_the_running_mean_weighs_a_batch_by_m_and_forgets_by_powers_of_its_complement() -> None:
    means, m, r = formulas.random().normal(size=60), 0.1, 0.0
    for mean in means:
        r = (1 - m) * r + m * mean
    ages = np.arange(60)[::-1]
    assert r == pytest.approx(float((m * (1 - m) ** ages * means).sum()))
    assert (m * (1 - m) ** np.arange(1000)).sum() == pytest.approx(1)


@claims("batch-normalization.bias-redundant", "Subtracting the mean cancels it")
@claims("batch-normalization.residual-start", "It scales the residual branch down against the shortcut")
@claims("batch-normalization", "so that blocks start near the identity")
def test_a_normalised_branch_shrinks_against_the_shortcut_as_one_over_the_root_of_depth() -> None:
    chance = formulas.random()
    shortcut = chance.normal(size=(2_000, 64))
    for block in range(1, 30):
        branch = shortcut @ chance.normal(scale=1 / 8, size=(64, 64))
        branch = (branch - branch.mean(axis=0)) / branch.std(axis=0)
        assert branch.std() / shortcut.std() == pytest.approx(1 / math.sqrt(block), rel=0.15)
        shortcut = shortcut + branch


@claims("batch-normalization.eval-batch", "taken over the whole batch")
def test_batch_statistics_make_an_example_depend_on_its_batch() -> None:
    one, rest = np.array([1.0, 2.0]), np.array([[0.0, 0.0], [3.0, -1.0]])

    def normalised(batch: Array) -> Array:
        return np.asarray((batch - batch.mean(axis=0)) / np.sqrt(batch.var(axis=0) + 1e-5))

    assert not np.allclose(normalised(np.vstack([one, rest]))[0], normalised(np.vstack([one, 2 * rest]))[0])


@claims("batch-normalization.scale-inv", r"$\mathrm{BN}(Wx)$", "for a positive constant $a$")
@claims(
    "batch-normalization", "scales as the inverse of the weights' norm", "it goes as the inverse square of the norm"
)
def test_batch_norm_ignores_bias_and_scale_before_it_and_its_gradient_shrinks_with_the_weights_norm() -> None:
    chance, a = formulas.random(), 7.0
    x, target, w = chance.normal(size=(50, 4)), chance.normal(size=50), chance.normal(size=4)

    def loss(w: Array) -> float:
        return float(((batch_norm(x @ w, epsilon=0) - target) ** 2).mean())

    assert np.allclose(batch_norm(x @ w + 5), batch_norm(x @ w))
    assert np.allclose(batch_norm(a * x @ w, epsilon=0), batch_norm(x @ w, epsilon=0))
    assert not np.allclose(batch_norm(-a * x @ w, epsilon=0), batch_norm(x @ w, epsilon=0))
    assert np.allclose(slope(loss, a * w), slope(loss, w) / a, atol=1e-8)
    # A step of rate a²η at norm a|w| turns the weights as one of rate η at norm |w| does.
    assert np.allclose(a * w - a**2 * 0.1 * slope(loss, a * w), a * (w - 0.1 * slope(loss, w)), atol=1e-6)


@claims(
    "batch-normalization", r"$w \gamma/\sqrt{\sigma^2+\epsilon}$", r"$(b-\mu)\gamma/\sqrt{\sigma^2+\epsilon} + \beta$"
)
def test_a_batch_norm_with_fixed_statistics_folds_into_the_convolution_before_it() -> None:
    chance = formulas.random()
    x, kernel = chance.normal(size=30), chance.normal(size=3)
    b, mean, variance, gamma, beta, epsilon = 0.4, -0.3, 2.0, 1.7, 0.6, 1e-5
    root = math.sqrt(variance + epsilon)

    one_after_the_other = gamma * (np.convolve(x, kernel, "valid") + b - mean) / root + beta
    folded = np.convolve(x, kernel * gamma / root, "valid") + (b - mean) * gamma / root + beta
    assert np.allclose(one_after_the_other, folded)


@claims("batch-normalization.rmsnorm", r"$\gamma \odot x/\sqrt{\mathrm{mean}(x^2) + \epsilon}$")
@claims("batch-normalization", r"$\gamma \odot x/\sqrt{\mathrm{mean}(x^2)+\epsilon}$", "skips the mean subtraction")
def test_rms_norm_of_centred_features_is_layer_norm() -> None:
    x = formulas.random().normal(loc=2.0, size=64)

    def rms_norm(x: Array) -> Array:
        out: Array = x / np.sqrt((x**2).mean() + 1e-6)
        return out

    centred = x - x.mean()
    assert (rms_norm(x) ** 2).mean() == pytest.approx(1, abs=1e-5)
    assert np.allclose(rms_norm(centred), centred / np.sqrt(x.var() + 1e-6))
    assert rms_norm(x).mean() > 0.5


@claims("epochs-and-batches.accumulation-bn", "Each micro-batch is normalised with its own mean and variance")
@claims("epochs-and-batches", "goes wrong when micro-batches hold different numbers of tokens")
def test_accumulated_micro_batches_equal_the_batch_only_if_weighted_and_without_batch_norm() -> None:
    values = formulas.random().normal(size=12)
    parts = [values[:3], values[3:]]
    weighted = sum(len(part) / 12 * part.mean() for part in parts)
    assert weighted == pytest.approx(values.mean())
    assert abs(np.mean([part.mean() for part in parts]) - values.mean()) > 0.01
    assert not np.allclose(np.concatenate([batch_norm(part) for part in parts]), batch_norm(values), atol=0.1)
