"""Formulas of the notes on reasoning, retrieval, agents, evaluation, diffusion and vision, each against an independent computation."""

from __future__ import annotations

import math
from itertools import combinations, product

import formulas
import numpy as np
import pytest
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
