"""Formulas of the topics architectures and sequences, each against an independent computation."""

from __future__ import annotations

import math
from itertools import pairwise, permutations, product

import formulas
import numpy as np
import pytest
from formulas import Array, claims, relu, sigmoid, slope, softmax

# architectures: convolution


@claims("cnn-architecture.out-size", r"$\lfloor (n + 2p - k)/s \rfloor + 1$")
@claims("cnn-architecture.out-224", "kernel 7, stride 2, padding 3", "112")
@claims(
    "cnn-architecture", r"$\lfloor (n + 2p - k)/s \rfloor + 1$", "224 becomes 112", "without padding it would be 109"
)
def test_a_convolution_has_as_many_outputs_as_its_kernel_finds_places() -> None:
    def places(n: int, k: int, p: int, s: int) -> int:
        return sum(start + k <= n + 2 * p for start in range(0, n + 2 * p, s))

    assert places(224, 7, 3, 2) == 112
    assert places(224, 7, 0, 2) == 109
    for n, k, p, s in product(range(5, 20), range(1, 6), range(4), range(1, 5)):
        assert places(n, k, p, s) == (n + 2 * p - k) // s + 1


@claims("cnn-architecture.conv-params", "$(k^2 C_{in} + 1) C_{out}$")
@claims("cnn-architecture.conv-params-n", "64 channels to 128", "73 856")
@claims(
    "cnn-architecture", "$(k^2 C_{in} + 1) C_{out}$", "= 9 408 weights, or 9 472 with biases", "$C_{in} + 1$ per class"
)
def test_a_convolution_holds_a_kernel_per_pair_of_channels_and_a_bias_per_output() -> None:
    def count(k: int, c_in: int, c_out: int) -> int:
        return np.empty((c_out, c_in, k, k)).size + np.empty(c_out).size

    assert count(3, 64, 128) == 73_856
    assert count(7, 3, 64) == 9_472
    assert count(7, 3, 64) - 64 == 9_408
    assert all(count(k, a, b) == (k**2 * a + 1) * b for k, a, b in product((1, 3, 5), (1, 3, 8), (1, 4)))


@claims("cnn-architecture", "three dense layers hold 89% of VGG-16's 138 million parameters")
def test_vgg_16s_dense_layers_hold_89_percent_of_its_parameters() -> None:
    widths = [3, 64, 64, 128, 128, 256, 256, 256, *[512] * 6]
    convolutions = sum((9 * a + 1) * b for a, b in pairwise(widths))
    dense = sum((a + 1) * b for a, b in pairwise([512 * 7 * 7, 4096, 4096, 1000]))
    assert round((convolutions + dense) / 1e6) == 138
    assert round(100 * dense / (convolutions + dense)) == 89


@claims("cnn-architecture.gap-params", "512 numbers for a linear layer with biases and 1000 classes", "513 000")
def test_a_head_after_global_pooling_holds_a_weight_per_channel_and_a_bias_for_each_class() -> None:
    maps = formulas.random().normal(size=(512, 7, 7))
    pooled = maps.mean(axis=(1, 2))
    weights, bias = np.zeros((1000, pooled.size)), np.zeros(1000)
    assert weights.size + bias.size == 513_000
    assert maps.size == 49 * pooled.size


@claims("cnn-architecture.depthwise-n", "64 channels is followed by a 1×1 convolution to 128", "8768")
@claims("cnn-architecture", "9 · 64 · 128 = 73 728 weights", "9 · 64 + 64 · 128 = 8 768, about an eighth")
def test_a_depthwise_separable_layer_has_an_eighth_of_the_weights() -> None:
    depthwise, mix = np.ones((64, 3, 3)), np.ones((128, 64))
    whole = np.einsum("oc,cij->ocij", mix, depthwise)
    assert depthwise.size + mix.size == 8_768
    assert whole.size == 73_728
    assert 7.5 < whole.size / 8_768 < 8.5


@claims("cnn-architecture.receptive", "7×7")
@claims("cnn-architecture", "needs 27 weights per pair of channels where the single layer needs 49, about 45% fewer")
def test_three_stacked_3x3_convolutions_see_7x7_for_45_percent_fewer_weights() -> None:
    reached = np.zeros((15, 15), dtype=bool)
    reached[7, 7] = True
    for _ in range(3):
        around = [np.roll(reached, shift, axis=(0, 1)) for shift in product((-1, 0, 1), repeat=2)]
        reached = np.logical_or.reduce(around)
    assert [int(reached.any(axis=axis).sum()) for axis in (0, 1)] == [7, 7]
    assert reached.sum() == 49
    assert 3 * 3**2 == 27
    assert round(100 * (1 - 27 / 49)) == 45


@claims("cnn-architecture.equivariance", "the output shifts along with the input")
@claims(
    "cnn-architecture.shift-invariant",
    "Stride-1 convolution is only equivariant, away from borders; strided layers alias",
)
def test_a_stride_1_convolution_shifts_with_its_input_and_a_strided_one_does_not() -> None:
    chance = formulas.random()
    x, kernel = np.pad(chance.normal(size=10), 10), chance.normal(size=3)
    before, after = np.correlate(x, kernel, "valid"), np.correlate(np.roll(x, 1), kernel, "valid")
    assert np.allclose(after[1:], before[:-1])
    for shift in range(-5, 6):
        assert not np.allclose(np.roll(before[::2], shift), after[::2])


@claims("cnn-architecture", "It applies one linear map across the channels at each position")
def test_a_1x1_convolution_is_one_linear_map_at_each_position() -> None:
    chance = formulas.random()
    image, kernel = chance.normal(size=(3, 4, 5)), chance.normal(size=(2, 3))
    everywhere = np.einsum("oc,chw->ohw", kernel, image)
    assert np.allclose(everywhere[:, 2, 3], kernel @ image[:, 2, 3])


# architectures: graphs


def message_passing(edges: Array, h: Array, *, layers: int = 1, aggregate: str = "sum") -> Array:
    """Layers of the general form, with psi and phi fixed random maps; `edges[v, u]` is the feature of edge u to v, 0 for none."""
    chance = formulas.random(7)
    psi, phi = chance.normal(size=(2 * h.shape[1] + 1, 4)), chance.normal(size=(h.shape[1] + 4, h.shape[1]))
    for _ in range(layers):
        new = []
        for v in range(len(h)):
            messages = [np.tanh(np.concatenate([h[v], h[u], [edges[v, u]]]) @ psi) for u in np.flatnonzero(edges[v])]
            new.append(np.tanh(np.concatenate([h[v], getattr(np, aggregate)(messages, axis=0)]) @ phi))
        h = np.array(new)
    return h


@claims(
    "capsules-and-gnns.mpnn",
    r"$h_v' = \phi(h_v, \mathrm{AGG}_{u \in N(v)} \psi(h_v, h_u, e_{uv}))$",
    "sum, mean or max",
)
@claims("capsules-and-gnns.node-order", "They are reordered in the same way")
@claims(
    "capsules-and-gnns",
    r"$$h_v' = \phi(h_v, \mathrm{AGG}_{u \in N(v)} \psi(h_v, h_u, e_{uv}))$$",
    "only renumbers the outputs",
)
@pytest.mark.parametrize("aggregate", ["sum", "mean", "max"])
def test_renumbering_the_nodes_renumbers_the_outputs_of_message_passing(aggregate: str) -> None:
    chance = formulas.random()
    edges = np.triu(chance.random((6, 6)) * (chance.random((6, 6)) < 0.5), 1) + np.eye(6, k=1)
    edges, h, order = edges + edges.T, chance.normal(size=(6, 3)), chance.permutation(6)

    out = message_passing(edges, h, layers=2, aggregate=aggregate)
    assert np.allclose(
        message_passing(edges[np.ix_(order, order)], h[order], layers=2, aggregate=aggregate), out[order]
    )


def ring(n: int) -> Array:
    out: Array = np.roll(np.eye(n), 1, axis=1) + np.roll(np.eye(n), -1, axis=1)
    return out


@claims("capsules-and-gnns", "so two triangles and a hexagon look alike", "the adjacency matrix is block-diagonal")
def test_message_passing_cannot_tell_two_triangles_from_a_hexagon() -> None:
    triangles: Array = np.kron(np.eye(2), ring(3)).astype(float)
    alike = (
        message_passing(triangles, np.ones((6, 2), dtype=float), layers=4),
        message_passing(ring(6), np.ones((6, 2), dtype=float), layers=4),
    )
    assert np.allclose(*alike)
    assert (
        np.linalg.matrix_power(triangles, 3).trace() > np.linalg.matrix_power(ring(6), 3).trace() == 0
    )  # yet one has triangles

    h = formulas.random().normal(size=(6, 2))
    assert np.allclose(message_passing(triangles, h)[:3], message_passing(ring(3), h[:3]))  # a batch as one graph


@claims("capsules-and-gnns", "$L$ layers reach $L$ hops")
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_graph_net_reaches_as_many_hops_as_it_has_layers(layers: int) -> None:
    h = formulas.random().normal(size=(9, 2))
    changed = h.copy()
    changed[0] += 1
    moved = (
        abs(message_passing(ring(9), changed, layers=layers) - message_passing(ring(9), h, layers=layers)).max(axis=1)
        > 1e-12
    )
    assert set(np.flatnonzero(moved)) == {hop % 9 for hop in range(-layers, layers + 1)}


@claims("capsules-and-gnns.gcn", r"$\sigma(\tilde D^{-1/2} \tilde A \tilde D^{-1/2} H W)$", r"$\tilde A = A + I$")
@claims("capsules-and-gnns.oversmooth", "node features become alike")
@claims("capsules-and-gnns", "GCN averages with degree weights")
def test_a_gcn_layer_sums_neighbours_by_their_degrees_and_many_layers_make_nodes_alike() -> None:
    chance = formulas.random()
    upper = np.triu(chance.random((6, 6)) < 0.4, 1) | np.eye(6, k=1, dtype=bool)
    loops = (upper | upper.T).astype(float) + np.eye(6)
    h, w = chance.normal(size=(6, 3)), chance.normal(size=(3, 2))
    degree = loops.sum(axis=1)
    propagate = np.diag(degree**-0.5) @ loops @ np.diag(degree**-0.5)

    by_nodes = [
        sum((h[u] / math.sqrt(degree[u] * degree[v]) for u in np.flatnonzero(loops[v])), np.zeros(3)) for v in range(6)
    ]
    assert np.allclose(relu(propagate @ h @ w), relu(np.array(by_nodes) @ w))
    assert np.linalg.eigvalsh(propagate).max() == pytest.approx(1)  # so depth neither blows up nor forgets everything

    deep = np.linalg.matrix_power(propagate, 200) @ h / np.sqrt(degree)[:, None]
    assert np.ptp(deep, axis=0).max() < 1e-6


# sequences: recurrent nets


@claims("rnn-lstm-gru.rnn-step", r"$h_t = \tanh(W x_t + U h_{t-1} + b)$")
@claims("rnn-lstm-gru", r"h_t=\tanh(W x_t+U h_{t-1}+b)", "holds a product of $k$ Jacobians")
def test_the_gradient_through_a_recurrent_net_is_a_product_of_jacobians() -> None:
    chance, k = formulas.random(), 4
    w, u, b = chance.normal(size=(3, 2)), chance.normal(size=(3, 3)), chance.normal(size=3)
    xs, h0 = chance.normal(size=(k, 2)), chance.normal(size=3)

    def states(h: Array) -> list[Array]:
        path = [h]
        for x in xs:
            path.append(np.tanh(w @ x + u @ path[-1] + b))
        return path

    jacobian = np.eye(3)
    for h in states(h0)[1:]:
        jacobian = np.diag(1 - h**2) @ u @ jacobian
    measured = np.array([slope(lambda h, i=i: float(states(h)[-1][i]), h0) for i in range(3)])  # type: ignore[misc]
    assert np.allclose(jacobian, measured, atol=1e-8)


@claims("rnn-lstm-gru.vanish", "gradient by 0.9", "About 2.7e-5")
@claims("rnn-lstm-gru", "a hundred steps leave 0.000027 of it; at 1.1 they multiply it by about 14 000")
def test_a_hundred_steps_shrink_or_blow_up_a_gradient() -> None:
    assert np.prod(np.full(100, 0.9)) == pytest.approx(2.7e-5, rel=0.02)
    assert np.prod(np.full(100, 1.1)) == pytest.approx(1.4e4, rel=0.02)


@claims("rnn-lstm-gru.lstm-gates", r"$\sigma(W x_t + U h_{t-1} + b)$")
@claims("rnn-lstm-gru.lstm-cell", r"$c_t = f \odot c_{t-1} + i \odot g$")
@claims(
    "rnn-lstm-gru",
    r"c_t=f\odot c_{t-1}+i\odot g",
    r"$\partial c_t/\partial c_{t-1}\approx f$",
    "numbers between 0 and 1 per unit",
)
def test_an_lstms_cell_passes_gradients_back_by_its_forget_gate_alone() -> None:
    chance = formulas.random()
    w, u, b = chance.normal(size=(4, 3, 2)), chance.normal(size=(4, 3, 3)), chance.normal(size=(4, 3))
    x, h, c = chance.normal(size=2), chance.normal(size=3), chance.normal(size=3)
    blocks = [w[n] @ x + u[n] @ h + b[n] for n in range(4)]
    i, f, o, g = *(sigmoid(block) for block in blocks[:3]), np.tanh(blocks[3])

    assert all((gate > 0).all() and (gate < 1).all() for gate in (i, f, o))
    assert np.allclose(slope(lambda c: float((f * c + i * g).sum()), c), f)
    kept = c
    for _ in range(1000):
        kept = 1.0 * kept + 0.0 * g  # forget gate open, input gate shut
    assert (kept == c).all()
    assert (abs(o * np.tanh(100 * c)) < 1).all()


@claims("rnn-lstm-gru.lstm-params", "input size 128, hidden size 256 and one bias vector per block", "394 240")
@claims("rnn-lstm-gru.gru-params", "295 680")
@claims(
    "rnn-lstm-gru",
    "98 560 in all",
    "394 240, and the GRU three times, 295 680",
    "395 264 and 296 448",
    "so 25% fewer parameters",
)
def test_an_lstm_has_four_blocks_of_parameters_and_a_gru_three() -> None:
    def count(blocks: int, biases: int) -> int:
        return blocks * (np.empty((256, 128)).size + np.empty((256, 256)).size + biases * 256)

    assert count(1, 1) == 98_560
    assert (count(4, 1), count(3, 1)) == (394_240, 295_680)
    assert (count(4, 2), count(3, 2)) == (395_264, 296_448)
    assert count(3, 1) / count(4, 1) == 0.75


@claims("rnn-lstm-gru", "the pair is 394 240 and 296 448, a saving of 24.8%")
def test_keras_default_gru_has_a_second_bias_and_its_lstm_has_none() -> None:
    lstm = sum(np.zeros(shape).size for shape in [(128, 4 * 256), (256, 4 * 256), (4 * 256,)])
    gru = sum(np.zeros(shape).size for shape in [(128, 3 * 256), (256, 3 * 256), (2, 3 * 256)])
    assert (lstm, gru) == (394_240, 296_448)
    assert round(100 * (1 - gru / lstm), 1) == 24.8


@claims("rnn-lstm-gru.gru", r"$h_t = z \odot h_{t-1} + (1 - z) \odot n$")
@claims(
    "rnn-lstm-gru.gru-roles", "Update: how much of the old state is kept", "Reset: how much of it enters the candidate"
)
@claims("rnn-lstm-gru.gru-candidate", r"$n = \tanh(W x_t + U(r \odot h_{t-1}) + b)$")
@claims("rnn-lstm-gru.z-sign", "The old state in Cho et al. and PyTorch")
@claims("rnn-lstm-gru", "$n=\\tanh(W x_t+U(r\\odot h_{t-1})+b)$", r"h_t=z\odot h_{t-1}+(1-z)\odot n")
def test_a_grus_update_gate_keeps_the_old_state_and_its_reset_gate_hides_it_from_the_candidate() -> None:
    chance = formulas.random()
    w, u, b = chance.normal(size=(3, 3, 2)), chance.normal(size=(3, 3, 3)), chance.normal(size=(3, 3))
    x, h = chance.normal(size=2), chance.uniform(-1, 1, size=3)

    def step(h: Array, *, z_bias: float = 0, r_bias: float = 0) -> Array:
        z = sigmoid(w[0] @ x + u[0] @ h + b[0] + z_bias)
        r = sigmoid(w[1] @ x + u[1] @ h + b[1] + r_bias)
        n = np.tanh(w[2] @ x + u[2] @ (r * h) + b[2])
        new = z * h + (1 - z) * n
        assert ((np.minimum(h, n) <= new) & (new <= np.maximum(h, n))).all()
        out: Array = new
        return out

    fresh = np.tanh(w[2] @ x + b[2])
    assert np.allclose(step(h, z_bias=100), h)
    assert np.allclose(step(h, z_bias=-100, r_bias=-100), fresh)
    assert not np.allclose(step(h, z_bias=-100, r_bias=100), fresh, atol=0.01)


@claims("rnn-lstm-gru", r"about $\sigma(1) = 0.73$ and not $\sigma(0) = 0.5$")
def test_a_forget_bias_of_one_opens_the_gate_to_0_73() -> None:
    assert round(float(sigmoid(1)), 2) == 0.73
    assert sigmoid(0) == 0.5


# sequences: attention


def attention(q: Array, k: Array, v: Array, mask: Array | float = 0.0) -> Array:
    return softmax(q @ k.T / math.sqrt(q.shape[1]) + mask) @ v


@claims("attention.sdpa", r"$\mathrm{softmax}(QK^\top/\sqrt{d_k})V$")
@claims("attention.one-weight-each", "every query position has its own distribution over all keys")
@claims(
    "attention",
    r"\mathrm{softmax}(QK^\top/\sqrt{d_k})V",
    "Scores 2, 0, 0 give weights 0.79, 0.11, 0.11",
    r"an $n\times n$ table",
)
def test_attention_mixes_the_values_by_a_distribution_of_each_query() -> None:
    chance, n, d = formulas.random(), 5, 8
    q, k, v = chance.normal(size=(3, n, d))
    rows = []
    for query in q:
        exponentials = [math.exp(sum(query * key) / math.sqrt(d)) for key in k]
        assert sum(e / sum(exponentials) for e in exponentials) == pytest.approx(1)
        rows.append(sum((e / sum(exponentials) * value for e, value in zip(exponentials, v, strict=True)), np.zeros(d)))
    assert np.allclose(attention(q, k, v), rows)
    assert softmax(np.array([2.0, 0, 0])).round(2).tolist() == [0.79, 0.11, 0.11]


@claims(
    "attention.why-scale",
    "For independent zero-mean, unit-variance components the product has variance $d_k$",
    "saturate the softmax",
)
@claims("attention", r"$q\cdot k$ has variance $d_k$", "Large scores saturate the softmax, and gradients fade")
@pytest.mark.parametrize("d", [16, 256])
def test_an_unscaled_score_has_variance_d_and_saturates_the_softmax(d: int) -> None:
    chance = formulas.random()
    # Neither normal nor alike: independence, mean 0 and variance 1 are enough.
    q = chance.choice([-1.0, 1.0], size=(2000, d))
    k = chance.uniform(-math.sqrt(3), math.sqrt(3), size=(2000, d))
    assert (q * k).sum(axis=1).var() == pytest.approx(d, rel=0.1)
    assert ((q * k).sum(axis=1) / math.sqrt(d)).var() == pytest.approx(1, rel=0.1)

    def steepness(scores: Array) -> float:
        p = softmax(scores)
        return float((p * (1 - p)).sum(axis=1).mean())

    scores = q[:200] @ k[:20].T
    assert steepness(scores / math.sqrt(d)) > steepness(scores)


@claims("attention.causal-mask", r"$-\infty$")
@claims("attention.perm", "Unmasked self-attention commutes with any permutation of its inputs")
@claims("attention", "unmasked attention is permutation-equivariant", "A causal mask alone reveals some position")
def test_unmasked_attention_commutes_with_permutations_and_a_causal_mask_hides_the_future() -> None:
    x = formulas.random().normal(size=(4, 6))
    causal = np.where(np.tri(4, dtype=bool), 0, -np.inf)
    for order in map(list, permutations(range(4))):
        assert np.allclose(attention(x[order], x[order], x[order]), attention(x, x, x)[order])
    masked, order = attention(x, x, x, causal), [1, 0, 2, 3]
    assert not np.allclose(attention(x[order], x[order], x[order], causal), masked[order])
    assert np.allclose(masked[0], x[0])
    changed = x.copy()
    changed[3] += 1
    assert np.allclose(attention(changed, changed, changed, causal)[:3], masked[:3])


@claims("attention.mha-params", "width 512 and 8 heads of size 64, no biases", "1 048 576")
@claims("attention", "at the same total cost ($4d^2$ weights)")
@pytest.mark.parametrize("heads", [1, 8, 64])
def test_heads_split_the_width_at_the_same_number_of_weights(heads: int) -> None:
    size = 512 // heads
    into = 3 * sum(np.empty((512, size)).size for _ in range(heads))
    assert into + np.empty((heads * size, 512)).size == 4 * 512**2 == 1_048_576


@claims("attention.kv-cache", r"$2 \cdot L \cdot H \cdot D \cdot b$")
@claims(
    "attention.kv-cache-n",
    "32 layers and 8 key-value heads of size 128, in bf16",
    "1 GiB (128 KiB per token)",
    "8 192 tokens",
)
@claims(
    "attention",
    "Per token it is 2 (key and value) × layers × key-value heads × head size × bytes per number",
    "128 KiB a token, so 1 GiB",
)
def test_a_kv_cache_holds_a_key_and_a_value_per_layer_and_head() -> None:
    token = sum(np.empty((8, 128), dtype=np.float16).nbytes for _layer in range(32) for _ in ("key", "value"))
    assert token == 2 * 32 * 8 * 128 * 2 == 128 * 1024
    assert token * 8192 == 1024**3


@claims("attention.flash", "The result is exact; tiling avoids storing the full matrix of weights")
@claims("attention", "FlashAttention returns exact results")
def test_attention_over_tiles_with_a_running_maximum_is_exact() -> None:
    chance = formulas.random()
    q, k, v = chance.normal(size=(3, 24, 8)) * 3
    top, total, out = np.full((24, 1), -np.inf), np.zeros((24, 1)), np.zeros((24, 8))
    for tile in range(0, 24, 6):
        scores = q @ k[tile : tile + 6].T / math.sqrt(8)
        new_top = np.maximum(top, scores.max(axis=1, keepdims=True))
        e, shrink = np.exp(scores - new_top), np.exp(top - new_top)
        top, total, out = new_top, total * shrink + e.sum(axis=1, keepdims=True), out * shrink + e @ v[tile : tile + 6]
    assert np.allclose(out / total, attention(q, k, v))


# sequences: language models


@claims("dl-for-nlp.factorise", r"$p(x) = \prod_t p(x_t | x_1, \ldots, x_{t-1})$")
@claims("dl-for-nlp", r"p(y|x)=\prod_t p(y_t | y_1, \ldots, y_{t-1}, x)")
def test_a_joint_distribution_is_the_product_of_its_conditionals() -> None:
    joint = formulas.random().random((3, 3, 3))
    joint /= joint.sum()
    for a, b, c in product(range(3), repeat=3):
        first, second = joint.sum(axis=(1, 2)), joint.sum(axis=2)
        assert first[a] * (second[a, b] / first[a]) * (joint[a, b, c] / second[a, b]) == pytest.approx(joint[a, b, c])


@claims("dl-for-nlp.temperature", r"$\mathrm{softmax}(z/T)$")
@claims("dl-for-nlp", r"sample from $\mathrm{softmax}(z/T)$, logits $z$ | variety, as $T$ grows")
def test_temperature_leads_from_greedy_to_uniform_with_ever_more_entropy() -> None:
    z = np.array([2.0, 1.0, -1.0])

    def entropy(t: float) -> float:
        p = softmax(z / t)
        return float(-(p * np.log(p)).sum())

    assert softmax(z / 0.01).argmax() == 0
    assert softmax(z / 0.01).max() == pytest.approx(1)
    assert np.allclose(softmax(z / 1e6), 1 / 3)
    assert all(a < b for a, b in pairwise(entropy(t) for t in (0.2, 0.5, 1.0, 2.0, 5.0)))


@claims("dl-for-nlp.ppl", "$e^L$", "in nats")
@claims("dl-for-nlp", "Perplexity $e^L$, with $L$ the mean token loss in nats")
def test_perplexity_is_the_number_of_equally_likely_tokens_and_a_geometric_mean() -> None:
    assert math.exp(np.mean(-np.log(np.full(10, 1 / 50)))) == pytest.approx(50)
    p = formulas.random().uniform(0.01, 1, size=20)
    assert math.exp(-np.log(p).mean()) == pytest.approx(float(np.prod(1 / p)) ** (1 / 20))
