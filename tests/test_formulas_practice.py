"""Formulas and figures of the topics systems and practice, each against an independent computation."""

from __future__ import annotations

import functools
import math
import re
from statistics import NormalDist
from typing import Any

import formulas
import numpy as np
import pytest
from formulas import Array, claims

# distributed training


@claims("distributed-training.adam-bytes", "7B model", "112 GB")
@claims("distributed-training.zero-one", "ZeRO-1", "38.5 GB")
@claims("distributed-training.zero-three", "ZeRO-3", "14 GB")
@claims("distributed-training", "112 GB for 7B, 1.1 TB for 70B and 11 TB for 700B", "$16/N$ bytes per parameter")
def test_bytes_of_model_states_by_counting_the_tensors_of_each_rank() -> None:
    per_parameter = {"weight": 2, "gradient": 2, "master": 4, "mean": 4, "variance": 4}
    billions = {size: sum(size * size_in_bytes for size_in_bytes in per_parameter.values()) for size in (7, 70, 700)}
    assert billions == {7: 112, 70: 1120, 700: 11_200}

    states = sum(per_parameter[name] for name in ("master", "mean", "variance"))
    assert 7 * (per_parameter["weight"] + per_parameter["gradient"]) + 7 * states / 8 == 38.5
    assert 7 * sum(per_parameter.values()) / 8 == 14


def ring_all_reduce(buffers: Array) -> tuple[Array, list[int]]:
    """What each rank (a row of equal chunks) ends with, and how many chunks it sent."""
    ranks = len(buffers)
    held, sent = buffers.copy(), [0] * ranks
    for step in range(2 * (ranks - 1)):
        before = held.copy()
        for rank in range(ranks):
            chunk, receiver = (rank - step) % ranks, (rank + 1) % ranks
            if step < ranks - 1:
                held[receiver, chunk] += before[rank, chunk]
            else:
                chunk = (rank + 1 - (step - ranks + 1)) % ranks
                held[receiver, chunk] = before[rank, chunk]
            sent[rank] += 1
    return held, sent


@claims("distributed-training.ring-bytes", "8 ranks", "14 GB", "24.5 GB")
@claims("distributed-training", r"$2\frac{N-1}{N}B$")
def test_a_ring_all_reduce_sends_twice_the_buffer_but_for_one_chunk() -> None:
    buffers = formulas.random().normal(size=(8, 8))
    held, sent = ring_all_reduce(buffers)

    assert np.allclose(held, buffers.sum(axis=0))
    assert {count * 14 / 8 for count in sent} == {24.5}


@claims("distributed-training.zero-three-traffic", "1.5")
@claims("distributed-training", "sends 1.5 times as much")
def test_two_gathers_and_a_scatter_send_one_and_a_half_all_reduces() -> None:
    _, all_reduce = ring_all_reduce(np.ones((8, 8)))
    gather = scatter = all_reduce[0] / 2
    assert (2 * gather + scatter) / all_reduce[0] == 1.5


def pipeline_slots(stages: int, micro_batches: int) -> int:
    """Length of the schedule in which each stage waits for its predecessor, all slots of equal length."""
    done = np.zeros((stages + 1, micro_batches + 1), dtype=int)
    for stage in range(1, stages + 1):
        for micro in range(1, micro_batches + 1):
            done[stage, micro] = max(done[stage - 1, micro], done[stage, micro - 1]) + 1
    return int(done[stages, micro_batches])


@claims("distributed-training.bubble", "8 stages and 8 micro-batches", "0.467")
@claims("distributed-training", r"$\frac{p-1}{m+p-1}$")
@pytest.mark.parametrize(("stages", "micro_batches"), [(8, 8), (8, 32), (16, 64)])
def test_the_idle_share_of_a_pipeline_by_scheduling_it(stages: int, micro_batches: int) -> None:
    slots = pipeline_slots(stages, micro_batches)
    assert (slots - micro_batches) / slots == pytest.approx((stages - 1) / (micro_batches + stages - 1))


@claims("distributed-training.young", "60 s", "3 hours", "19 min")
@claims("distributed-training", r"$\sqrt{2CM}$")
def test_youngs_interval_minimises_saving_plus_lost_work() -> None:
    intervals = np.linspace(60, 6_000, 100_000)
    lost = 60 / intervals + intervals / (2 * 3 * 3_600)
    assert round(intervals[lost.argmin()] / 60) == 19


@claims("distributed-training.mfu", "10 000 tokens", "42%")
@claims("distributed-training", "one in about 3 hours")
def test_utilisation_and_failure_rate() -> None:
    utilisation, sequences = 6 * 7e9 * 10_000 / 1e15, 16e6 / 8_192
    assert utilisation == pytest.approx(0.42)
    assert round(54 * 24 / 419) == 3
    assert sequences == pytest.approx(2_000, rel=0.03)
    assert math.isclose(54.2 / 42.1, 1.29, rel_tol=0.01)


# numbers in memory


def bf16(value: float) -> float:
    """The nearest bf16 value, ties to even, from the upper half of the fp32 bits."""
    bits = int(np.float32(value).view(np.uint32))
    rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16 << 16
    return float(np.uint32(rounded).view(np.float32))


@claims("numbers-in-memory.small-update", "adding 0.003 to a weight of 1 leaves the weight at 1", "0.0078 apart")
@claims("numbers-in-memory", "0.0078 apart: $1+0.003$ stays 1")
def test_bf16_loses_a_small_update() -> None:
    assert bf16(1 + 0.003) == 1
    assert bf16(1 + 0.0079) - 1 == 2**-7 == pytest.approx(0.0078, abs=1e-4)


def largest(exponent_bits: int, mantissa_bits: int, *, top: int, mantissa: int | None = None) -> float:
    """Value of the largest finite code; `top` codes at the top of the exponent range are reserved."""
    bias = 2 ** (exponent_bits - 1) - 1
    field = 2**mantissa_bits - 1 if mantissa is None else mantissa
    return float(2 ** (2**exponent_bits - 1 - top - bias) * (1 + field / 2**mantissa_bits))


@claims("numbers-in-memory", "65 504", "57 344", "| 448 |", "| 6 |", r"$3.4\times10^{38}$")
@claims("numbers-in-memory.e4m3-max", "448 rather than 240")
def test_the_largest_values_of_the_formats_from_their_codes() -> None:
    assert largest(8, 23, top=1) == np.finfo(np.float32).max
    assert largest(8, 7, top=1) == pytest.approx(3.4e38, rel=0.01)
    assert largest(5, 10, top=1) == np.finfo(np.float16).max == 65_504
    assert largest(5, 2, top=1) == 57_344
    assert largest(4, 3, top=0, mantissa=6) == 448  # mantissa 7 is NaN
    assert largest(4, 3, top=1) == 240
    assert largest(2, 1, top=0) == 6


@claims("numbers-in-memory.affine-params", r"$s = \frac{x_{\max} - x_{\min}}{2^b - 1}$")
@claims("numbers-in-memory", r"$s=\max|x|/(2^{b-1}-1)$")
def test_quantised_values_come_back_within_half_a_step() -> None:
    values = formulas.random().uniform(-1, 3, size=1_000)
    step = (3 - -1) / (2**8 - 1)
    zero = round(1 / step)
    codes = np.clip(np.round(values / step) + zero, 0, 255)
    assert (round(step, 4), zero) == (0.0157, 64)
    assert np.abs(step * (codes - zero) - values).max() <= step / 2 + 1e-9

    symmetric = np.abs(values).max() / (2**7 - 1)
    assert np.abs(np.round(values / symmetric)).max() == 127


@claims("numbers-in-memory", r"$2\cdot L\cdot h\cdot d\cdot b$ bytes per token")
@claims("numbers-in-memory", "14 GB in bf16, 7 GB in int8, 3.5 GB in 4 bits")
def test_bytes_of_weights_and_cache() -> None:
    cache = np.zeros((2, 32, 8, 128), dtype=np.float16)
    assert cache.nbytes == 131_072
    assert [7e9 * bits / 8 / 1e9 for bits in (16, 8, 4)] == [14, 7, 3.5]


@claims("numbers-in-memory", "$XW=(X/s)(sW)$")
def test_smoothing_moves_scale_without_changing_the_product() -> None:
    chance = formulas.random()
    x, w, s = chance.normal(size=(4, 6)), chance.normal(size=(6, 3)), chance.uniform(1, 9, size=6)
    assert np.allclose((x / s) @ (s[:, None] * w), x @ w)


@claims("numbers-in-memory.lse-shift", r"$m + \log\sum_i e^{x_i - m}$")
def test_the_shifted_sum_is_exact_where_the_plain_one_overflows() -> None:
    x = np.array([1000.0, 1001.0, 1002.0])
    assert x.max() + np.log(np.exp(x - x.max()).sum()) == pytest.approx(np.logaddexp.reduce(x))
    assert (round(math.log(65_504), 1), round(math.log(float(np.finfo(np.float32).max)), 1)) == (11.1, 88.7)


# debugging a training run


@claims("debugging-training.init-loss", "10 balanced classes", "2.303")
@claims("debugging-training", "2.303 for 10, 6.908 for 1 000")
def test_an_uninformed_softmax_loses_ln_of_the_classes() -> None:
    losses = {k: -math.log(float(formulas.softmax(np.zeros(k))[0])) for k in (10, 1_000, 50_257)}
    assert [round(loss, 3) for loss in losses.values()] == [2.303, 6.908, 10.825]


@claims("debugging-training.prior-bias", r"$\ln\frac{p}{1 - p}$")
def test_the_prior_as_bias_starts_at_the_entropy_of_the_labels() -> None:
    bias = math.log(0.01 / 0.99)
    start = float(formulas.sigmoid(bias))
    loss = -(0.01 * math.log(start) + 0.99 * math.log(1 - start))
    assert (round(bias, 3), round(start, 6), round(loss, 3), round(math.log(2), 3)) == (-4.595, 0.01, 0.056, 0.693)


@claims("debugging-training.double-softmax", "10 classes", "1.461")
@claims("debugging-training", "10 classes then can't get below 1.461")
def test_a_second_softmax_keeps_the_loss_above_a_floor() -> None:
    chance = formulas.random()
    losses = []
    for scale in (1, 10, 100, 1_000):
        for _ in range(500):
            first = formulas.softmax(scale * chance.normal(size=10))
            losses.append(-math.log(float(formulas.softmax(first)[first.argmax()])))
    assert round(min(losses), 3) == 1.461
    assert min(losses) >= math.log(1 + 9 / math.e) - 1e-9


@claims("debugging-training.token-mean", "losses 1 and 2, over 10 and 1000 tokens", "1.99")
def test_the_loss_of_a_batch_weights_micro_batches_by_tokens() -> None:
    assert round(float(np.concatenate([np.full(10, 1.0), np.full(1_000, 2.0)]).mean()), 3) == 1.99


@claims("debugging-training.clip-scale", "clipped to norm 2", "norm 5", "0.4")
def test_clipping_shortens_long_gradients_only() -> None:
    long, short = np.array([3.0, 4.0]), np.array([0.3, 0.4])
    for gradient, factor in ((long, 0.4), (short, 1.0)):
        assert min(1, 2 / np.linalg.norm(gradient)) == pytest.approx(factor)


@claims("debugging-training", "0.444", "0.308")
def test_moved_priors_by_counting_people_with_one_score() -> None:
    positives, negatives = 0.8, 0.2  # with that score, of equally many in each class
    deployed = 0.1 * positives / (0.1 * positives + 0.9 * negatives)
    assert round(deployed, 3) == 0.308
    assert round(deployed / (1 - deployed), 3) == 0.444


# a ranking system


@claims("ranking-system", "100 million take 25.6 GB", r"train on $s-\ln Q$")
@claims("ranking-system.logq", r"$s - \ln Q$")
def test_log_q_makes_the_sampled_softmax_fit_the_full_one() -> None:
    """Sampled with chance Q and corrected, the expected denominator is that of all items."""
    chance = formulas.random()
    scores, inclusion = chance.normal(size=50), chance.uniform(0.05, 1, size=50)
    draws = chance.random((20_000, 50)) < inclusion
    denominators = draws @ np.exp(scores - np.log(inclusion))
    assert denominators.mean() == pytest.approx(np.exp(scores).sum(), rel=0.01)
    assert 100e6 * 64 * np.dtype(np.float32).itemsize / 1e9 == 25.6


@claims("ranking-system.recalibrate", "a share 0.1 of the negatives says 0.5", "0.0909")
@claims("ranking-system", r"$q=\frac{p}{p+(1-p)/w}$")
def test_dropped_negatives_by_counting_rows() -> None:
    positives, negatives, share = 100, 1_000, 0.1
    trained = positives / (positives + share * negatives)
    assert trained == 0.5
    assert round(trained / (trained + (1 - trained) / share), 4) == round(positives / (positives + negatives), 4)


@claims("ranking-system.ips-weight", "examine with probability 0.1", "10")
@claims("ranking-system", "weight a click by 1/P(examined)")
def test_inverse_propensities_recover_relevance() -> None:
    chance = formulas.random()
    examined = np.array([0.9, 0.5, 0.1])
    relevant = 0.4
    clicks = (chance.random((200_000, 3)) < examined) & (chance.random((200_000, 3)) < relevant)
    assert (clicks / examined).mean(axis=0) == pytest.approx(np.full(3, relevant), abs=0.01)


# from offline to online


@claims("offline-to-online.sample-size", r"$n \approx \frac{16 \sigma^2}{\delta^2}$")
@claims("offline-to-online.conversion-n", "0.25 percentage points from a conversion of 5%", "121 600")
@claims("offline-to-online", r"$$n\approx\frac{16\sigma^2}{\delta^2}$$", "121 600 users per arm")
def test_the_rule_of_sixteen_has_eighty_percent_power() -> None:
    normal = NormalDist()
    exact = [2 * (normal.inv_cdf(0.975) + normal.inv_cdf(power)) ** 2 for power in (0.8, 0.9)]
    assert [round(factor, 1) for factor in exact] == [15.7, 21.0]

    users = 16 * 0.05 * 0.95 / 0.0025**2
    assert round(users) == 121_600
    chance = formulas.random()
    arms = chance.binomial(round(users), [0.05, 0.0525], size=(20_000, 2)) / users
    z = (arms[:, 1] - arms[:, 0]) / np.sqrt((arms * (1 - arms)).sum(axis=1) / users)
    assert (z > 1.96).mean() == pytest.approx(0.8, abs=0.02)


@claims("offline-to-online.peeking", "five times", "about 14%")
@claims("offline-to-online", "errs in 14% of null tests", "in 64% of tests")
def test_peeking_and_many_metrics_on_null_data() -> None:
    steps = formulas.random().normal(size=(200_000, 20))
    z = steps.cumsum(axis=1) / np.sqrt(np.arange(1, 21))
    five = (np.abs(steps[:, :5].cumsum(axis=1) / np.sqrt(np.arange(1, 6))) > 1.96).any(axis=1).mean()
    assert five == pytest.approx(0.142, abs=0.003)
    assert (np.abs(z) > 1.96).any(axis=1).mean() == pytest.approx(0.248, abs=0.004)
    assert (np.abs(steps) > 1.96).any(axis=1).mean() == pytest.approx(0.64, abs=0.005)


@claims("offline-to-online.srm-chi", "803 200 and 796 800", "25.6")
@claims("offline-to-online", r"803 200 against 796 800 users gives $\chi^2=25.6$")
def test_chi_squared_of_the_arm_ratio() -> None:
    observed = np.array([803_200, 796_800])
    expected = observed.mean()
    chi_squared = float(((observed - expected) ** 2 / expected).sum())
    assert chi_squared == pytest.approx(25.6)
    assert 2 * (1 - NormalDist().cdf(math.sqrt(10.83))) == pytest.approx(0.001, abs=1e-5)


@claims("offline-to-online.cuped-left", "correlates 0.5", "0.75")
@claims("offline-to-online", r"the variance falls to a share $1-\rho^2$")
def test_cuped_leaves_one_minus_the_squared_correlation() -> None:
    chance = formulas.random()
    before = chance.normal(size=200_000)
    during = 0.5 * before + math.sqrt(0.75) * chance.normal(size=200_000)
    theta = np.cov(during, before)[0, 1] / before.var()
    assert (during - theta * (before - before.mean())).var() / during.var() == pytest.approx(0.75, abs=0.01)


@claims("offline-to-online.false-wins", "10% of ideas", "22%")
@claims("offline-to-online", "22% of wins are false", "2.78 times the variance")
def test_false_wins_and_uneven_arms() -> None:
    wins = {"true": 1_000 * 0.10 * 0.80, "false": 1_000 * 0.90 * 0.025}
    assert round(wins["false"] / sum(wins.values()), 2) == 0.22
    assert round((1 / 0.1 + 1 / 0.9) / (1 / 0.5 + 1 / 0.5), 2) == 2.78


@claims("offline-to-online.ips", r"$\frac{1}{n}\sum_i r_i \frac{\pi(a_i|x_i)}{\mu(a_i|x_i)}$")
@claims("offline-to-online.dr", "With true propensities", "even if its reward model is wrong")
def test_off_policy_estimates_find_the_value_of_another_policy() -> None:
    chance = formulas.random()
    logged, new = np.array([0.7, 0.2, 0.1]), np.array([0.1, 0.2, 0.7])
    means = np.array([0.2, 0.5, 0.8])
    actions = chance.choice(3, size=400_000, p=logged)
    rewards = (chance.random(400_000) < means[actions]).astype(float)
    ratio = (new / logged)[actions]
    wrong = np.array([0.9, 0.1, 0.3])

    assert (ratio * rewards).mean() == pytest.approx(new @ means, abs=0.01)
    assert new @ wrong + (ratio * (rewards - wrong[actions])).mean() == pytest.approx(new @ means, abs=0.01)
    assert abs(new @ wrong - new @ means) > 0.2


# from memory: the answer's code, taken out of the note and run


@functools.cache
def answer_code() -> dict[str, Any]:
    """What the code of the note `from-memory` defines."""
    blocks = re.findall(r"```python\n(.*?)```", formulas.notes()["from-memory"]["answer"], flags=re.DOTALL)
    assert len(blocks) == 1
    names: dict[str, Any] = {}
    # the bank's own text is what is tested
    exec(compile(blocks[0], "from-memory", "exec"), names)
    return names


def attend_by_loops(x: Array, weights: Array, heads: int) -> Array:
    """Causal attention, one query at a time."""
    samples, tokens, width = x.shape
    head = width // heads
    mixed = np.zeros_like(x)
    for sample, token, number in np.ndindex(samples, tokens, heads):
        part = slice(number * head, (number + 1) * head)
        query = x[sample, token] @ weights[0][:, part]
        seen = x[sample, : token + 1]
        scores = [float(query @ (row @ weights[1][:, part])) / math.sqrt(head) for row in seen]
        shares = [math.exp(score) for score in scores]
        for share, row in zip(shares, seen, strict=True):
            mixed[sample, token, part] += share / sum(shares) * (row @ weights[2][:, part])
    return np.asarray(mixed @ weights[3])


@claims("from-memory", "def attention(x, wq, wk, wv, wo, heads)", "change the future, and earlier outputs stay")
def test_attention_of_the_answer_agrees_with_loops_and_sees_no_future() -> None:
    chance = formulas.random()
    x, weights = chance.normal(size=(2, 5, 8)), chance.normal(size=(4, 8, 8))
    attention = answer_code()["attention"]
    for heads in (1, 2, 4):
        assert np.allclose(attention(x, *weights, heads), attend_by_loops(x, weights, heads))

    later = x.copy()
    later[:, 3:] += 7
    assert np.allclose(attention(later, *weights, 2)[:, :3], attention(x, *weights, 2)[:, :3])
    assert not np.allclose(attention(later, *weights, 2)[:, 3:], attention(x, *weights, 2)[:, 3:])


@claims("from-memory", "def batch_norm_backward(dy, cache)", "dx sums to zero")
@claims("from-memory.bn-sum", "sums to zero over the batch")
def test_batch_norm_of_the_answer_has_the_slopes_it_says() -> None:
    chance = formulas.random()
    x, dy, gamma, beta = (chance.normal(size=size) for size in ((6, 3), (6, 3), 3, 3))
    code = answer_code()
    y, cache = code["batch_norm"](x, gamma, beta)
    assert np.allclose(y.mean(axis=0), beta)
    assert np.allclose(y.std(axis=0), np.abs(gamma) * x.std(axis=0) / np.sqrt(x.var(axis=0) + 1e-5))

    dx, dgamma, dbeta = code["batch_norm_backward"](dy, cache)
    assert np.allclose(dx, formulas.slope(lambda at: float((code["batch_norm"](at, gamma, beta)[0] * dy).sum()), x))
    assert np.allclose(dgamma, formulas.slope(lambda at: float((code["batch_norm"](x, at, beta)[0] * dy).sum()), gamma))
    assert np.allclose(dbeta, formulas.slope(lambda at: float((code["batch_norm"](x, gamma, at)[0] * dy).sum()), beta))
    assert np.allclose(dx.sum(axis=0), 0)


@claims("from-memory", "def cross_entropy(z, y)", r"equal logits give $\ln C$")
@claims("from-memory.ce-grad", "Subtract 1 at each row's true class", "divide everything by N")
def test_cross_entropy_of_the_answer_is_stable_and_has_its_gradient() -> None:
    z, y = formulas.random().normal(size=(4, 5)), np.array([0, 3, 4, 1])
    untouched = z.copy()
    cross_entropy = answer_code()["cross_entropy"]
    loss, dz = cross_entropy(z, y)
    by_hand = np.mean([np.logaddexp.reduce(row) - row[label] for row, label in zip(z, y, strict=True)])
    assert loss == pytest.approx(by_hand)
    assert np.allclose(dz, formulas.slope(lambda at: float(cross_entropy(at, y)[0]), z))
    assert np.allclose(dz, (formulas.softmax(z) - np.eye(5)[y]) / 4)
    assert np.array_equal(z, untouched)
    assert cross_entropy(np.zeros((4, 5)), y)[0] == pytest.approx(math.log(5))
    assert cross_entropy(np.array([[1e4, 0.0]]), np.array([1]))[0] == pytest.approx(1e4)


@claims("from-memory", "def conv2d(x, w, b, stride=1, pad=0)", "an impulse returns the flipped kernel")
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("pad", [0, 1, 2])
def test_convolution_of_the_answer_agrees_with_loops(stride: int, pad: int) -> None:
    chance = formulas.random()
    x, w, b = chance.normal(size=(2, 3, 7, 8)), chance.normal(size=(4, 3, 3, 2)), chance.normal(size=4)
    result = answer_code()["conv2d"](x, w, b, stride, pad)
    height, width = (7 + 2 * pad - 3) // stride + 1, (8 + 2 * pad - 2) // stride + 1
    assert result.shape == (2, 4, height, width)
    for n, f, i, j in np.ndindex(result.shape):
        total = b[f]
        for c, k, m in np.ndindex(3, 3, 2):
            row, column = i * stride + k - pad, j * stride + m - pad
            if 0 <= row < 7 and 0 <= column < 8:
                total += x[n, c, row, column] * w[f, c, k, m]
        assert result[n, f, i, j] == pytest.approx(total)


@claims("from-memory.conv-flip", "flips its kernel")
@claims("from-memory.empty-row", "all minus infinity", "NaN")
@claims("from-memory.mask-late", "after the softmax equals masking")
def test_small_facts_about_kernels_and_masks() -> None:
    kernel = formulas.random().normal(size=(1, 1, 3, 3))
    impulse = np.zeros((1, 1, 5, 5))
    impulse[0, 0, 2, 2] = 1
    assert np.allclose(answer_code()["conv2d"](impulse, kernel, np.zeros(1)), kernel[..., ::-1, ::-1])

    with np.errstate(invalid="ignore"):
        assert np.isnan(answer_code()["softmax"](np.full(3, -np.inf))).all()
    with np.errstate(over="ignore"):
        assert np.float16(-1e9) == -np.inf
    scores = np.array([1.0, 2.0, 3.0])
    assert formulas.softmax(scores)[:2].sum() < 1
    assert formulas.softmax(np.array([1.0, 2.0, -np.inf]))[:2].sum() == pytest.approx(1)


@claims("from-memory.attn-flops", "$8BTD^2 + 4BT^2D$")
@claims("from-memory", "$8BTD^2+4BT^2D$ FLOPs", "$BhT^2$ scores")
def test_flops_of_attention_by_adding_its_matrix_products() -> None:
    def product(rows: int, inner: int, columns: int) -> int:
        return 2 * rows * inner * columns

    samples, tokens, width, heads = 2, 16, 64, 4
    per_head = product(tokens, width // heads, tokens) + product(tokens, tokens, width // heads)
    total = samples * (4 * product(tokens, width, width) + heads * per_head)
    assert total == 8 * samples * tokens * width**2 + 4 * samples * tokens**2 * width
