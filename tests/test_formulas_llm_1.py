"""Numbers and formulas of the notes on tokens, scaling, experts, context, serving and tuning of language models."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

import numpy as np
from formulas import Array, claims, notes, random, sigmoid, softmax

# llm: tokenization


def merged(tokens: list[str], pair: tuple[str, str]) -> list[str]:
    """The tokens after every occurrence of the pair, from the left, has become one."""
    out: list[str] = []
    for token in tokens:
        if out and (out[-1], token) == pair:
            out[-1] += token
        else:
            out.append(token)
    return out


@claims("tokenization.bpe-step", "most frequent adjacent pair", "new token")
@claims("tokenization.vocab-count", "256 base symbols, 50 000 merges and 1 special", "50 257")
@claims("tokenization", "256 bytes, 50 000 merges and one special token: 50 257 ids", "That is not the longest match")
def test_each_bpe_merge_adds_one_token_and_encoding_replays_the_merges() -> None:
    tokens = list("ababcbcbcab")
    base, merges = set(tokens), []
    for _ in range(3):
        pair = Counter(pairwise(tokens)).most_common(1)[0][0]
        merges.append(pair)
        tokens = merged(tokens, pair)
    vocabulary = base | {"".join(pair) for pair in merges}
    assert len(vocabulary) == len(base) + len(merges)
    assert 256 + 50_000 + 1 == 50_257

    encoded = list("abc")
    for pair in [("a", "b"), ("b", "c"), ("bc", "a")]:
        encoded = merged(encoded, pair)
    assert encoded == ["ab", "c"]
    late = list("abcd")
    for pair in [("b", "c"), ("a", "b"), ("ab", "c")]:  # abc is a token, and the longest match
        late = merged(late, pair)
    assert late == ["a", "bc", "d"]


@claims("tokenization.embed-params", "1051")
@claims("tokenization", r"$V=128\,256$ and $d=4096$ make 1.05 billion")
def test_untied_embeddings_hold_two_matrices() -> None:
    assert round(2 * 128_256 * 4096 / 1e6) == 1051
    assert round(2 * 128_256 * 4096 / 1e9, 2) == 1.05


@claims("tokenization.bits-per-byte", r"$\ell / (r \ln 2)$")
@claims("tokenization", r"$\ell/(r\ln 2)$")
def test_bits_per_byte_is_the_text_s_negative_log_probability_spread_over_its_bytes() -> None:
    probabilities, text = np.array([0.5, 0.25, 0.125]), b"abcdef"
    nats = -np.log(probabilities).mean()
    assert math.isclose(nats / (len(text) / 3 * math.log(2)), -np.log2(probabilities).sum() / len(text))


@claims("tokenization.digit-groups", "From the right")
@claims("tokenization", "1234567 becomes 123|456|7")
def test_groups_of_three_digits_line_up_only_from_the_right() -> None:
    assert re.findall(r"\d{1,3}", "1234567") == ["123", "456", "7"]
    assert f"{1234567:,}" == "1,234,567"


# llm: scaling-laws


@claims("scaling-laws.six-nd", "70 billion parameters trains on 1.4 trillion", "588")
@claims(
    "scaling-laws", r"$C\approx 6ND$", "took about 5.9e23 FLOPs", "1875 per parameter", "7.2e23 FLOPs", "about 21 days"
)
def test_training_takes_six_flops_per_parameter_and_token() -> None:
    assert math.isclose(6 * 70e9 * 1.4e12, 588e21)
    assert round(15e12 / 8e9) == 1875
    work, speed = 6 * 8e9 * 15e12, 1024 * 989e12 * 0.4
    assert math.isclose(work, 7.2e23)
    assert round(speed / 1e17, 2) == 4.05
    assert round(work / speed / 1e6, 2) == 1.78
    assert round(work / speed / 86_400) == 21


@claims("scaling-laws.optimal-n", "91.3")
@claims("scaling-laws", r"$N=\sqrt{C/120}$: 1e24 FLOPs give 91 billion")
def test_twenty_tokens_per_parameter_make_the_root_of_a_120th_of_the_budget() -> None:
    n = math.sqrt(1e24 / 120)
    assert math.isclose(6 * n * 20 * n, 1e24)
    assert round(n / 1e9, 1) == 91.3


@claims("scaling-laws.loss-form", r"$L = E + A/N^{\alpha} + B/D^{\beta}$")
@claims("scaling-laws.opt-exponent", r"$\beta/(\alpha+\beta)$")
@claims("scaling-laws", r"$N\propto C^{\beta/(\alpha+\beta)}$")
def test_the_best_size_grows_with_the_power_beta_over_alpha_plus_beta() -> None:
    a, b, alpha, beta = 400.0, 2000.0, 0.34, 0.28

    def best(compute: float) -> float:
        n = np.exp(np.linspace(math.log(1e6), math.log(1e13), 200_001))
        return float(n[np.argmin(a / n**alpha + b / (compute / 6 / n) ** beta)])

    found = math.log(best(1e23) / best(1e21)) / math.log(100)
    assert math.isclose(found, beta / (alpha + beta), abs_tol=1e-4)


def test_the_table_beside_the_curves_of_loss_says_what_besiroglu_s_fit_gives() -> None:
    floor, a, b, alpha, beta = 1.8172, 482.01, 2085.43, 0.3478, 0.3658
    rows = [line.split() for line in notes()["scaling-laws"]["figures"][0]["text"].splitlines() if line[:2] == "1e"]
    assert len(rows) == 3
    for budget, *cells, best, per_parameter, least in rows:

        def loss(n: float, compute: float = float(budget)) -> float:
            return float(floor + a / n**alpha + b / (compute / 6 / n) ** beta)

        assert cells == [f"{loss(n):.2f}" for n in (1e8, 1e9, 1e10, 1e11)]
        n = (alpha * a / (beta * b)) ** (1 / (alpha + beta)) * (float(budget) / 6) ** (beta / (alpha + beta))
        assert [best, per_parameter, least] == [f"{n / 1e9:.2g}B", f"{float(budget) / 6 / n**2:.0f}", f"{loss(n):.2f}"]


@claims("scaling-laws.lifetime", "8 billion", "trains on 15 trillion tokens and serves 2 trillion", "752")
@claims("scaling-laws", "$6ND+2NT$")
def test_a_smaller_model_trained_longer_can_be_cheaper_over_its_life() -> None:
    small, large = 6 * 8 * 15 + 2 * 8 * 2, 6 * 70 * 1.4 + 2 * 70 * 2
    assert small == 752
    assert small < large


@claims("scaling-laws.exact-match", "0.9", "10 tokens", "0.349")
@claims("scaling-laws", "needs $p^k$")
def test_an_exact_match_needs_every_token() -> None:
    assert round(math.prod([0.9] * 10), 3) == 0.349


# llm: mixture-of-experts


@claims("mixture-of-experts.top-k", r"g_i(x)\,\mathrm{FFN}_i(x)")
@claims("mixture-of-experts.moe-params", "32 layers of width 4096 has 8 gated experts", "45.1")
@claims("mixture-of-experts", "has 47 billion parameters, not 56, of which 13 billion are active")
def test_mixtrals_experts_make_most_of_its_47_billion_parameters() -> None:
    d, f, layers, vocabulary, kv = 4096, 14_336, 32, 32_000, 8 * 128
    expert = sum(np.empty(shape).size for shape in ((f, d), (f, d), (d, f)))
    assert round(expert * 8 * layers / 1e9, 1) == 45.1
    shared = layers * (2 * d * d + 2 * d * kv) + 2 * vocabulary * d
    assert round((expert * 8 * layers + shared) / 1e9) == 47
    assert round((expert * 2 * layers + shared) / 1e9) == 13


@claims("mixture-of-experts.capacity", "4096 tokens, top 1 of 8 experts, capacity factor 1.25", "640")
@claims("mixture-of-experts", "$cTk/E$ per expert")
def test_capacity_is_the_even_load_with_head_room() -> None:
    assert 1.25 * len(np.array_split(np.arange(4096), 8)[0]) == 640


@claims("mixture-of-experts.touched", "8 of 256 experts", "32 tokens", "163.3")
def test_dozens_of_tokens_touch_most_experts() -> None:
    rng = random()
    touched = [len({int(i) for _ in range(32) for i in rng.permutation(256)[:8]}) for _ in range(300)]
    assert math.isclose(float(np.mean(touched)), 163.3, abs_tol=1.5)
    assert round(256 * (1 - (1 - 8 / 256) ** 32), 1) == 163.3


@claims("mixture-of-experts.aux-loss", r"$\alpha E \sum_i f_i P_i$")
@claims("mixture-of-experts", r"Even load gives $\alpha$, all tokens on one expert up to $\alpha E$")
def test_the_balance_loss_is_one_when_even_and_the_number_of_experts_when_collapsed() -> None:
    even, one = np.full(8, 1 / 8), np.eye(8)[0]
    assert math.isclose(8 * even @ even, 1)
    assert math.isclose(8 * one @ one, 8)


@claims("mixture-of-experts", "8 of 64 allows 4.43 billion, 2 of 16 only 120", "or 3.3e24 FLOPs")
def test_finer_experts_allow_far_more_combinations() -> None:
    assert math.comb(16, 2) == 120
    assert round(math.comb(64, 8) / 1e9, 2) == 4.43
    assert round(6 * 37e9 * 14.8e12 / 1e24, 1) == 3.3


# llm: long-context


def rotated(vector: Array, position: float, base: float) -> Array:
    """RoPE: each pair of channels turned by the position times its frequency."""
    pairs = vector.reshape(-1, 2)
    angles = position * base ** (-2 * np.arange(len(pairs)) / len(vector))
    cos, sin = np.cos(angles), np.sin(angles)
    return np.stack([cos * pairs[:, 0] - sin * pairs[:, 1], sin * pairs[:, 0] + cos * pairs[:, 1]], 1).ravel()


@claims("long-context.rope-angle", "the pair's own frequency times the token's", "position")
@claims("long-context", "A score then depends on the offset $m-n$ only")
def test_a_rope_score_depends_on_the_offset_only() -> None:
    q, k = random().normal(size=(2, 16))
    scores = [rotated(q, m, 1e4) @ rotated(k, m - 7, 1e4) for m in (7, 50, 1000)]
    assert np.allclose(scores, scores[0])
    assert not np.isclose(scores[0], q @ k)


@claims("long-context.rope-wavelength", "base 10 000 and head size 128", "54.4")
@claims("long-context.ntk-base", "base 10 000 with head size 128 by a factor of 4", "40.9")
@claims("long-context", "54 410 tokens for", "2.56 million for Llama 3's 500 000", "$b\\,s^{d/(d-2)}$")
def test_the_slowest_pair_sets_the_longest_wavelength_and_ntk_stretches_just_that_by_the_factor() -> None:
    def turns(base: float, d: int = 128) -> Array:
        return np.asarray(2 * math.pi * base ** (2 * np.arange(d // 2) / d))

    assert round(turns(10_000)[-1]) == 54_410
    assert round(turns(500_000)[-1] / 1e6, 2) == 2.56
    base = 10_000 * 4 ** (128 / 126)
    assert round(base) == 40_890
    stretch = turns(base) / turns(10_000)
    assert math.isclose(stretch[-1], 4)
    assert math.isclose(stretch[0], 1)


@claims("long-context.pi-position", "$m L / L'$")
def test_interpolation_maps_the_new_length_onto_the_trained_one() -> None:
    assert 8192 * 2048 / 8192 == 2048


@claims("long-context.square", "8 times as long", "64")
def test_pairs_of_tokens_grow_with_the_square_of_the_prompt() -> None:
    pairs = [np.tril(np.ones((tokens, tokens), dtype=np.int8)).sum(dtype=np.int64) for tokens in (250, 8 * 250)]
    assert round(pairs[1] / pairs[0]) == 64


@claims("long-context.hybrid-cache", "5 layers with a window of 1024", "131 072 tokens", "0.173")
@claims(
    "long-context",
    "leaves 17% of the cache",
    "8B's layers attention overtakes the weights' FLOPs near 53 000 tokens",
    "131 072 tokens fill 17.2 GB",
)
def test_what_long_prompts_cost_llama_3_8b_and_a_design_with_windows() -> None:
    kept = [min(131_072, window) for window in (1024,) * 5 + (131_072,)]
    assert round(sum(kept) / (6 * 131_072), 3) == 0.173
    layers, d, kv, f = 32, 4096, 1024, 14_336
    weights = layers * (2 * d * d + 2 * d * kv + 3 * d * f)  # looking up an embedding multiplies nothing
    n = weights / (d * layers)
    assert math.isclose(2 * weights * n, layers * 4 * d * n * n / 2)
    assert round(n / 1000) == 53
    assert round(131_072 * 2 * layers * kv * 2 / 1e9, 1) == 17.2


# systems: llm-serving


@claims("llm-serving.decode-floor", "16.06 GB", "3.35 TB/s", "4.8 ms")
@claims("llm-serving", "at half the peak takes 0.26 s", "at least 4.8 ms", "balances at 295", "131 072 for Llama 3 8B")
def test_the_floors_of_prefill_and_decode_on_one_h100() -> None:
    parameters, peak, bandwidth = 8.03e9, 989e12, 3.35e12
    assert round(2 * parameters * 8000 / (peak / 2), 2) == 0.26
    assert math.isclose(2 * parameters, 16.06e9)
    assert round(1000 * 2 * parameters / bandwidth, 1) == 4.8
    assert round(peak / bandwidth) == 295
    assert 2 * 32 * 8 * 128 * 2 == 131_072


@claims("llm-serving", "576 values a layer and token in DeepSeek-V2 against 32 768")
def test_a_latent_and_a_rotary_key_stand_for_128_heads() -> None:
    assert 512 + 64 == 576
    assert 2 * 128 * 128 == 32_768


@claims("llm-serving.latency", "First token after 0.3 s, then 20 ms", "500 tokens", "10.28 s")
def test_the_first_of_the_tokens_is_there_when_the_others_start() -> None:
    assert round(float(np.cumsum([0.3, *[0.02] * 499])[-1]), 2) == 10.28


@claims("llm-serving.kv-requests", "55 GB", "8192 tokens", "51")
def test_the_cache_caps_the_number_of_requests() -> None:
    requests = 0
    while (requests + 1) * 8192 * 131_072 <= 55e9:
        requests += 1
    assert requests == 51


@claims("llm-serving.accept-rule", r"$\min(1, p/q)$")
@claims("llm-serving.spec-lossless", "add up to the target's probability")
def test_accepting_and_redrawing_give_exactly_the_targets_distribution() -> None:
    p, q = random().dirichlet(np.ones(6), size=2)
    accepted = q * np.minimum(1, p / q)
    redraw = np.maximum(0, p - q) / np.maximum(0, p - q).sum()
    assert np.allclose(accepted + (1 - accepted.sum()) * redraw, p)


@claims("llm-serving.spec-tokens", "probability 0.8, 4 are drafted", "3.36")
@claims("llm-serving", r"$(1-\alpha^{\gamma+1})/(1-\alpha)$ tokens")
def test_tokens_per_target_pass_are_the_accepted_run_and_one_more() -> None:
    alpha, gamma = 0.8, 4
    runs = [alpha**k * (1 - alpha) * (k + 1) for k in range(gamma)] + [alpha**gamma * (gamma + 1)]
    assert math.isclose(sum(runs), (1 - alpha ** (gamma + 1)) / (1 - alpha))
    assert round(sum(runs), 2) == 3.36


# llm: adapting-an-llm


@claims("adapting-an-llm.lora-rect", "rank 16 on a matrix from 4096 to 14 336", "294 912")
@claims("adapting-an-llm", "that is 41.9 million weights, 0.52%")
def test_lora_of_rank_16_trains_half_a_percent_of_llama_3_8b() -> None:
    d, kv, f, rank = 4096, 1024, 14_336, 16
    shapes = [(d, d), (d, kv), (d, kv), (d, d), (d, f), (d, f), (f, d)]
    assert np.empty((rank, d)).size + np.empty((f, rank)).size == 294_912
    adapters = 32 * sum(rank * i + o * rank for i, o in shapes)
    weights = 32 * sum(i * o for i, o in shapes) + 2 * 128_256 * d
    assert round(adapters / 1e6, 1) == 41.9
    assert round(100 * adapters / weights, 2) == 0.52


@claims("adapting-an-llm.lora-state", "8 billion frozen", "42 million", "16.7 GB")
@claims("adapting-an-llm", "$2P+16a$", "16.7 GB, against $16P$ or 128 GB")
def test_the_state_of_lora_is_nearly_only_the_frozen_weights() -> None:
    weight, gradient, master, momentum, square = 2, 2, 4, 4, 4
    trained = weight + gradient + master + momentum + square
    assert trained == 16
    assert round(2 * 8.03 + trained * 0.0419, 1) == 16.7
    assert round(2 * 8 + trained * 0.042, 1) == 16.7
    assert round(trained * 8.03) == 128


@claims("adapting-an-llm.nf4-bits", "8-bit scale per 64", "per 256 scales", "4.127")
@claims("adapting-an-llm", "4.127 with the scales")
def test_double_quantisation_adds_an_eighth_of_a_bit() -> None:
    weights = 64 * 256
    assert round((4 * weights + 8 * 256 + 32) / weights, 3) == 4.127


# llm: preference-tuning


@claims("preference-tuning.bt-prob", "are 1 and 0", "0.731")
@claims("preference-tuning.rm-loss", r"$-\log \sigma(r_w - r_l)$")
@claims("preference-tuning", r"probability $\sigma(r_w-r_l)$", "Only differences within a prompt count")
def test_bradley_terry_sees_only_the_gap_of_two_rewards() -> None:
    assert round(float(softmax(np.array([1.0, 0.0]))[0]), 3) == 0.731
    assert np.allclose(softmax(np.array([1.0, 0.0])), softmax(np.array([8.0, 7.0])))
    assert math.isclose(float(softmax(np.array([3.0, 1.0]))[0]), float(sigmoid(2.0)))


@claims("preference-tuning.kl-objective", r"$E[r] - \beta\,\mathrm{KL}(\pi \| \pi_{\mathrm{ref}})$")
@claims("preference-tuning", r"\pi_{\mathrm{ref}}(y|x)\,e^{r(x,y)/\beta}/Z(x)", "cancels")
def test_the_tilted_reference_maximises_reward_minus_kl_and_its_log_ratio_gap_is_the_reward_gap() -> None:
    rng, beta = random(), 0.7
    reference, reward = rng.dirichlet(np.ones(5)), rng.normal(size=5)

    def objective(policy: Array) -> float:
        return float(policy @ reward - beta * policy @ np.log(policy / reference))

    best = reference * np.exp(reward / beta)
    best /= best.sum()
    assert all(objective(rng.dirichlet(np.ones(5))) < objective(best) for _ in range(500))
    ratio = beta * np.log(best / reference)
    assert math.isclose(ratio[0] - ratio[1], reward[0] - reward[1])


@claims("preference-tuning.dpo-value", "exceeds the rejected one's by 0", "0.693")
@claims("preference-tuning", r"It starts at $\ln 2$")
def test_the_dpo_loss_starts_at_ln_2() -> None:
    assert round(-math.log(float(sigmoid(0.0))), 3) == 0.693
    assert round(-math.log(float(sigmoid(0.1 * 10))), 3) == 0.313


@claims("preference-tuning.bon-kl", "best-of-4", "0.636")
def test_without_ties_best_of_n_reaches_its_kl_bound() -> None:
    fine = 200_000  # equally likely answers, so ties are negligible
    ranks = np.arange(1, fine + 1) / fine
    chosen = np.diff(np.concatenate([[0.0], ranks**4]))
    assert round(float(chosen @ np.log(chosen * fine)), 3) == 0.636
    few = np.diff(np.concatenate([[0.0], (np.arange(1, 4) / 3) ** 4]))
    assert float(few @ np.log(few * 3)) < math.log(4) - 3 / 4


@claims("preference-tuning.gao-peak", "d(1 - 0.1d)", "5")
@claims("preference-tuning", r"$d(\alpha-\beta d)$ for best-of-$n$")
def test_true_reward_peaks_at_alpha_over_two_beta() -> None:
    d = np.linspace(0, 10, 100_001)
    assert math.isclose(d[np.argmax(d * (1 - 0.1 * d))], 5, abs_tol=1e-4)
