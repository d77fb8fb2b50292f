"""Formulas and figures of the topics systems and practice, each against an independent computation."""

from __future__ import annotations

import math

import formulas
import numpy as np
import pytest
from formulas import claims

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


def ring_all_reduce(buffers: formulas.Array) -> tuple[formulas.Array, list[int]]:
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
    assert 6 * 7e9 * 10_000 / 1e15 == pytest.approx(0.42)
    assert round(54 * 24 / 419) == 3
    assert 16e6 / 8_192 == pytest.approx(2_000, rel=0.03)
    assert math.isclose(54.2 / 42.1, 1.29, rel_tol=0.01)
