"""Formulas of the notes on reasoning, retrieval, agents, evaluation, diffusion and vision, each against an independent computation."""

from __future__ import annotations

import math
from itertools import combinations, product

import formulas
import numpy as np
import pytest
from formulas import claims, sigmoid, slope, softmax

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


# llm: retrieval-augmented generation


@claims("rag.rrf-score", "rank a document 1 and 3", "k = 60", "0.0323")
@claims("rag", r"$$\mathrm{RRF}(d) = \sum_i \frac{1}{k + \mathrm{rank}_i(d)}$$")
def test_rank_fusion_depends_on_ranks_alone() -> None:
    def fused(*scores: list[float]) -> list[float]:
        ranks = [[sorted(each, reverse=True).index(score) + 1 for score in each] for each in scores]
        return [sum(1 / (60 + rank) for rank in document) for document in zip(*ranks, strict=True)]

    bm25, cosine = [30.0, 2.0, 1.0], [0.2, 0.9, 0.8]  # the first document is 1st and 3rd
    assert round(fused(bm25, cosine)[0], 4) == 0.0323
    assert fused(bm25, cosine) == fused([1000 * score for score in bm25], cosine)


@claims("rag.chunk-count", "10 000 tokens", "chunks of 500", "overlap of 50", "23")
def test_chunks_advance_by_their_size_less_the_overlap() -> None:
    def chunks(tokens: int, size: int, overlap: int) -> int:
        ends = [min(size, tokens)]
        while ends[-1] < tokens:
            ends.append(min(ends[-1] + size - overlap, tokens))
        return len(ends)

    assert chunks(10_000, 500, 50) == 23
    for tokens, size, overlap in product((2000, 5000, 9999), (250, 500), (0, 50)):
        assert chunks(tokens, size, overlap) == math.ceil((tokens - overlap) / (size - overlap))


@claims("rag.recall-at-k", "$|R \\cap T_k| / |R|$")
@claims("rag.mrr", "at ranks 1, 2 and 4", "0.583")
@claims("rag.ndcg", "found at rank 3", "0.5")
def test_a_ranking_is_judged_by_where_the_relevant_items_stand() -> None:
    assert round(sum(1 / rank for rank in (1, 2, 4)) / 3, 3) == 0.583
    gains = np.array([0, 0, 1, 0])
    discounts = 1 / np.log2(np.arange(len(gains)) + 2)
    assert gains @ discounts / (np.sort(gains)[::-1] @ discounts) == pytest.approx(0.5)
    relevant, top = {"a", "b", "c", "d"}, ["x", "a", "c"]
    assert len(relevant & set(top)) / len(relevant) == 0.5


@claims("rag.faithfulness", "8 claims", "supports 6", "0.75")
@claims("rag.post-filter", "returns 40 candidates", "lets 10% pass", "4")
@claims("rag.index-memory", "10 million float32 vectors", "dimension 1024, M = 32", "43.5 GB")
def test_an_index_holds_four_bytes_a_dimension_and_its_links() -> None:
    vector, links = np.zeros(1024, dtype=np.float32), np.zeros(2 * 32, dtype=np.int32)  # the lowest layer has 2M links
    assert round(10e6 * (vector.nbytes + links.nbytes) / 1e9, 1) == 43.5
    assert 40 * 10 // 100 == 4
    assert 6 / 8 == 0.75


# llm: agents


@claims("agents.chain", "Each of 50 independent steps", "99%", "60.5%")
@claims("agents.needed-step", "Half of all 100-step runs", "99.31%")
@claims("agents", "0.99 over 50 steps gives 60.5%")
def test_success_of_a_run_is_that_of_a_step_to_the_power_of_its_length() -> None:
    run = 1.0
    for _ in range(50):
        run *= 0.99
    assert round(100 * run, 1) == 60.5
    assert round(100 * math.exp(-math.log(2) / 100), 2) == 99.31


@claims("agents.pass-hat-k", r"$\binom{c}{k} / \binom{n}{k}$")
@claims("agents.pass-hat-value", "in 6 of 8 trials", "pass^2", "0.536")
def test_pass_hat_k_is_the_share_of_choices_without_a_failure() -> None:
    def estimate(n: int, c: int, k: int) -> float:
        choices = list(combinations([1] * c + [0] * (n - c), k))
        return sum(all(choice) for choice in choices) / len(choices)

    assert round(estimate(8, 6, 2), 3) == 0.536
    for n, c, k in product((4, 6), (0, 2, 4), (1, 3)):
        assert estimate(n, c, k) == pytest.approx(math.comb(c, k) / math.comb(n, k))


@claims("agents.same-mean", "Two agents with equal pass^1 can differ widely in pass^8")
def test_agents_of_equal_mean_differ_in_reliability() -> None:
    steady, erratic = np.array([1.0, 0.0]), np.array([0.5, 0.5])
    assert steady.mean() == erratic.mean()
    assert (steady**8).mean() == 0.5
    assert round(100 * (erratic**8).mean(), 1) == 0.4


@claims("agents.history", "Start 4000 tokens, growth 1000", "20 turns", "270 000")
def test_history_that_is_sent_again_grows_quadratically() -> None:
    assert sum(4000 + 1000 * turn for turn in range(20)) == 270_000


# evaluation: language models


@claims("evaluating-llms", r"$$\mathrm{pass@}k = 1 - \binom{n-c}{k} / \binom{n}{k}$$")
@claims("evaluating-llms.pass-at-k", r"$1 - \binom{n-c}{k} / \binom{n}{k}$")
@claims("evaluating-llms.pass-value", "3 of 10 samples", "pass@5", "0.917")
def test_pass_at_k_is_the_share_of_choices_with_a_success() -> None:
    def estimate(n: int, c: int, k: int) -> float:
        choices = list(combinations([1] * c + [0] * (n - c), k))
        return sum(any(choice) for choice in choices) / len(choices)

    assert round(estimate(10, 3, 5), 3) == 0.917
    assert round(1 - (1 - 3 / 10) ** 5, 3) == 0.832
    for p, n, k in product((0.1, 0.5), (6, 8), (2, 3)):  # its mean over binomial c is the true value
        chances = [math.comb(n, c) * p**c * (1 - p) ** (n - c) for c in range(n + 1)]
        mean = sum(chance * estimate(n, c, k) for c, chance in enumerate(chances))
        assert mean == pytest.approx(1 - (1 - p) ** k)


@claims("evaluating-llms.kappa-formula", "$(p_o - p_e) / (1 - p_e)$")
@claims("evaluating-llms.kappa-value", "agree on 90% of answers", "calls 90% of them good", "0.44")
def test_kappa_takes_away_what_chance_agrees_on() -> None:
    def kappa(table: formulas.Array) -> float:
        table = table / table.sum()
        chance = float((table.sum(axis=0) * table.sum(axis=1)).sum())
        return (float(np.trace(table)) - chance) / (1 - chance)

    assert round(kappa(np.array([[85, 5], [5, 5]])), 2) == 0.44
    assert round(kappa(np.array([[45, 5], [5, 45]])), 2) == 0.80


@claims("evaluating-llms", "At 80% on HumanEval's 164 problems the 95% interval is ±6 points")
@claims("evaluating-llms", "80% against 77% on 1 000 questions is $z = 1.6$ unpaired and 2.3 paired at correlation 0.5")
@claims("evaluating-llms.half-width", "scores 80% on 164", "6.1")
@claims("evaluating-llms.overlap", "narrower than both widths added")
def test_a_paired_difference_is_surer_than_two_intervals() -> None:
    assert round(100 * 1.96 * math.sqrt(0.8 * 0.2 / 164), 1) == 6.1
    a, b = 0.8 * 0.2 / 1000, 0.77 * 0.23 / 1000
    assert round(0.03 / math.sqrt(a + b), 1) == 1.6
    assert round(0.03 / math.sqrt(a + b - 2 * 0.5 * math.sqrt(a * b)), 1) == 2.3
    assert math.sqrt(a + b) < math.sqrt(a) + math.sqrt(b)


@claims("evaluating-llms", "A alone is right on 30 and B alone on 15, the exact two-sided p-value is 0.036")
@claims("evaluating-llms", "If that is 1/9, seeing 3 points with 80% power at 5% takes about 970 questions")
def test_discordant_pairs_and_power() -> None:
    assert round(2 * sum(math.comb(45, wins) for wins in range(16)) / 2**45, 3) == 0.036
    assert round((1.96 + 0.8416) ** 2 / 9 / 0.03**2, -1) == 970


@claims("evaluating-llms.zero-failures", "none of 100 independent trials", "3%")
def test_the_rule_of_three_is_near_the_exact_bound() -> None:
    assert round(100 * (1 - 0.05 ** (1 / 100)), 1) == 3.0


@claims("evaluating-llms.best-of-n", "the maximum of several noisy scores lies above their common mean")
def test_the_best_of_27_equal_variants_scores_two_errors_too_high() -> None:
    best = formulas.random().normal(size=(20_000, 27)).max(axis=1)
    assert abs(best.mean() - 2) < 0.1


@claims("evaluating-llms.elo", "leads B by 100 points", "64%")
@claims("evaluating-llms", r"$P(A \succ B) = \sigma(\theta_A - \theta_B)$")
def test_elo_is_bradley_terry_in_other_units() -> None:
    odds = 10 ** (100 / 400)
    assert round(100 * odds / (1 + odds), 1) == 64.0
    assert float(sigmoid(math.log(odds))) == pytest.approx(odds / (1 + odds))


@claims("evaluating-llms.other-tokenizer", "compare bits per byte")
def test_equal_bits_per_byte_give_unequal_perplexities() -> None:
    assert [round(math.exp(loss), 2) for loss in (2.0, 1.8)] == [7.39, 6.05]
    assert [round(loss / size / math.log(2), 2) for loss, size in ((2.0, 4.0), (1.8, 3.6))] == [0.72, 0.72]


@claims("evaluating-llms.cluster", "Ten questions share each passage", "It is too small")
def test_correlated_questions_widen_the_error_of_a_mean() -> None:
    size, correlation = 10, 0.3
    covariance = np.full((size, size), correlation) + (1 - correlation) * np.eye(size)
    weights = np.full(size, 1 / size)
    assert weights @ covariance @ weights == pytest.approx((1 + (size - 1) * correlation) / size)


# generative: diffusion

MODES = np.array([-2.0, 2.0, 3.0])


def posterior(x: float, signal: float, noise: float) -> formulas.Array:
    """Chances of the equally likely data points, given signal * data + noise * standard Gaussian."""
    return softmax(-((x - signal * MODES) ** 2) / (2 * noise**2))


@claims("diffusion", r"$x_t = \sqrt{\bar\alpha_t} x_0 + \sqrt{1 - \bar\alpha_t} \epsilon$")
@claims("diffusion.forward-value", "is 0.64, the data point is 3 and the noise is 0.5", "2.7")
@claims("diffusion.x0-hat", "is 0.64, the noised value 1.3, the predicted noise 1", "0.875")
def test_many_small_steps_of_noise_are_one_step_in_closed_form() -> None:
    assert math.isclose(0.8 * 3 + 0.6 * 0.5, 2.7)
    assert math.isclose((1.3 - 0.6 * 1) / 0.8, 0.875)
    weight, variance, left = 1.0, 0.0, 1.0
    for beta in np.linspace(1e-4, 0.02, 1000):  # each step scales what is there and adds fresh noise
        weight, variance, left = weight * math.sqrt(1 - beta), variance * (1 - beta) + beta, left * (1 - beta)
    assert weight == pytest.approx(math.sqrt(left))
    assert variance == pytest.approx(1 - left)


@claims("diffusion.score", r"$-\epsilon_\theta / \sqrt{1 - \bar\alpha_t}$")
@claims("diffusion", r"$$\nabla \log q(x_t) \approx -\epsilon_\theta(x_t, t) / \sqrt{1 - \bar\alpha_t}$$")
def test_the_mean_noise_rescaled_is_the_score() -> None:
    signal, noise = math.sqrt(0.64), math.sqrt(0.36)

    def log_density(x: formulas.Array) -> float:
        return math.log(np.exp(-((x[0] - signal * MODES) ** 2) / (2 * noise**2)).sum())

    for x in (-1.5, 0.3, 2.2):
        predicted = posterior(x, signal, noise) @ ((x - signal * MODES) / noise)
        assert -predicted / noise == pytest.approx(slope(log_density, np.array([x]))[0], rel=1e-5)


@claims("diffusion.cfg", r"$\epsilon_u + w(\epsilon_c - \epsilon_u)$")
@claims("diffusion.cfg-value", "Conditional prediction 0.5, unconditional prediction 0.2, guidance scale 7.5", "2.45")
@claims("diffusion", r"$$\hat\epsilon = \epsilon_u + w(\epsilon_c - \epsilon_u)$$", "$w = 1$ is no guidance")
def test_guidance_extrapolates_from_the_unconditional_prediction() -> None:
    conditional, unconditional = 0.5, 0.2
    assert unconditional + 7.5 * (conditional - unconditional) == pytest.approx(2.45)
    assert unconditional + 1 * (conditional - unconditional) == pytest.approx(conditional)
    for scale in (0.0, 1.0, 6.5):  # the original paper's scale is one lower
        original = (1 + scale) * conditional - scale * unconditional
        assert unconditional + (scale + 1) * (conditional - unconditional) == pytest.approx(original)


@claims("diffusion.velocity", "data − noise")
@claims("diffusion.one-euler", "one step from pure noise lands at the mean of the data")
def test_one_euler_step_of_the_exact_flow_lands_at_the_mean_and_many_reach_the_data() -> None:
    def sample(start: float, steps: int) -> float:
        x = start
        for step in range(steps):
            t = step / steps
            data = float(posterior(x, t, 1 - t) @ MODES)  # E[data | x_t]
            x += (data - x) / (1 - t) / steps  # E[data - noise | x_t], as noise = (x - t * data) / (1 - t)
        return x

    starts = formulas.random().normal(size=200)
    assert all(sample(start, 1) == pytest.approx(MODES.mean()) for start in starts)
    assert all(min(abs(sample(start, 100) - MODES)) < 0.05 for start in starts)


@claims("diffusion.latent", "each side of an RGB image 8-fold and keeps 4 channels", "48")
@claims("diffusion", "512×512×3 into 64×64×4 numbers, 48 times fewer")
def test_a_latent_holds_48_times_fewer_numbers() -> None:
    assert np.empty((512, 512, 3)).size / np.empty((64, 64, 4)).size == 48


@claims("diffusion.fid-few", "FID computed from few samples is biased upwards")
def test_the_frechet_distance_of_few_samples_is_too_large() -> None:
    def distance(one: formulas.Array, two: formulas.Array) -> float:
        a, b = np.cov(one.T), np.cov(two.T)
        values, vectors = np.linalg.eigh(a)
        root = vectors @ np.diag(np.sqrt(values.clip(0))) @ vectors.T
        cross = np.sqrt(np.linalg.eigvalsh(root @ b @ root).clip(0)).sum()
        gap = one.mean(axis=0) - two.mean(axis=0)
        return float(gap @ gap + np.trace(a) + np.trace(b) - 2 * cross)

    chance = formulas.random()
    truth = chance.normal(size=(20_000, 32))
    few, many = (distance(chance.normal(size=(size, 32)), truth) for size in (100, 5000))
    assert few > 10 * many > 0


# architectures: self-supervised vision


def infonce(query: formulas.Array, keys: formulas.Array, temperature: float) -> float:
    """The positive is the first key."""
    return -math.log(softmax(keys @ query / temperature)[0])


@claims(
    "self-supervised-vision", r"$$L = -\log \frac{\exp(q \cdot k_+ / \tau)}{\sum_{i=0}^{K} \exp(q \cdot k_i / \tau)}$$"
)
@claims(
    "self-supervised-vision.infonce",
    r"$-\log \frac{\exp(q \cdot k_+ / \tau)}{\sum_{i=0}^{K} \exp(q \cdot k_i / \tau)}$",
)
@claims("self-supervised-vision.collapsed-loss", "with 255 negatives", "5.55")
@claims("self-supervised-vision.low-temperature", "the gradient on the hardest negatives")
def test_infonce_is_costly_when_collapsed_and_hardness_aware_when_cold() -> None:
    same = np.ones(4) / 2
    assert round(infonce(same, np.tile(same, (256, 1)), 0.07), 2) == 5.55

    def weights(temperature: float) -> formulas.Array:  # gradient by the similarities of two negatives, 0.5 and 0.1
        def loss(similar: formulas.Array) -> float:
            return infonce(np.ones(1), np.array([[0.9], [similar[0]], [similar[1]]]), temperature)

        return slope(loss, np.array([0.5, 0.1]), step=1e-4)

    cold, warm = weights(0.07), weights(0.5)
    assert cold[0] / cold[1] == pytest.approx(math.exp(0.4 / 0.07), rel=0.01)
    assert round(math.exp(0.4 / 0.07), -2) == 300
    assert round(warm[0] / warm[1], 1) == 2.2


@claims("self-supervised-vision.simclr-negatives", "256 images, two views each", "510")
def test_a_view_is_contrasted_with_all_views_of_other_images() -> None:
    views = [(image, view) for image in range(256) for view in range(2)]
    assert sum(image != 0 for image, _ in views) == 510


@claims("self-supervised-vision.mae-visible", "masks 75% of 16×16 patches of a 224×224 image", "49")
def test_an_mae_encoder_sees_a_quarter_of_the_patches() -> None:
    patches = np.arange(224 * 224).reshape(14, 16, 14, 16).swapaxes(1, 2).reshape(-1, 16, 16)
    assert len(patches) - len(patches) * 75 // 100 == 49


@claims("self-supervised-vision.siglip-loss", r"$-\log \sigma(y(ts + b))$")
def test_siglips_loss_is_binary_cross_entropy_of_the_match() -> None:
    for match, cosine in product((1, -1), (-0.3, 0.8)):
        chance = float(sigmoid(10 * cosine - 5))
        cross_entropy = -math.log(chance if match == 1 else 1 - chance)
        assert -math.log(float(sigmoid(match * (10 * cosine - 5)))) == pytest.approx(cross_entropy)


# llm: vision and language


@claims("vision-language", r"$$\lceil H/(pm) \rceil \cdot \lceil W/(pm) \rceil$$", "so 576 tokens")
@claims("vision-language.patch-tokens", "14×14 patches reads a 336×336 image", "576")
@claims("vision-language.merged-tokens", "1080×1920 pixels, patches 14×14", "2691")
@claims("vision-language.half-side", "divides its visual tokens by about", "4")
def test_each_token_covers_a_merged_patch() -> None:
    def tokens(height: int, width: int, side: int) -> int:
        return sum(1 for _ in product(range(0, height, side), range(0, width, side)))

    assert tokens(336, 336, 14) == 576
    assert tokens(1080, 1920, 28) == 2691
    assert tokens(1120, 1120, 28) == 4 * tokens(560, 560, 28)
    for height, width, patch in product((720, 960, 1080), (1280, 1920), (14, 16)):
        assert tokens(height, width, 2 * patch) == math.ceil(height / (2 * patch)) * math.ceil(width / (2 * patch))


@claims("vision-language.tile-tokens", "4 tiles and one overview, 576 tokens each", "2880")
@claims("vision-language.video-tokens", "10 minutes of video take at 1 fps and 258 tokens", "154 800")
@claims(
    "vision-language", "one a second at 258 tokens makes ten minutes 154 800", "$n$ tiles of $t$ tokens cost $(n + 1)t$"
)
def test_tiles_and_frames_add_up() -> None:
    assert sum([576] * 4) + 576 == 2880
    assert sum(258 for _ in range(10 * 60)) == 154_800


@claims("vision-language.always-yes", "In 50% of yes/no questions", "0.667")
def test_always_yes_scores_two_thirds_on_a_balanced_set() -> None:
    truth, answers = np.array([1] * 50 + [0] * 50), np.ones(100)
    hits = (truth * answers).sum()
    precision, recall = hits / answers.sum(), hits / truth.sum()
    assert round(2 * precision * recall / (precision + recall), 3) == 0.667
