"""Figures of the topic production, each against an independent computation."""

from __future__ import annotations

import formulas
import numpy as np
import pytest
from formulas import claims

# serving


@claims("production-challenges.littles-law", r"$L = \lambda W$")
@claims("production-challenges", r"$L=\lambda W$", "200 requests a second taking", "0.05 s keep 10 in flight")
@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_the_mean_number_in_flight_is_the_rate_times_the_mean_stay(spread: float) -> None:
    chance, seconds = formulas.random(), 500.0
    arrivals = np.sort(chance.uniform(0, seconds, size=int(200 * seconds)))
    stays = 0.05 * ((1 - spread) + spread * chance.exponential(size=len(arrivals)))
    departures = np.sort(arrivals + stays)
    moments = chance.uniform(1, seconds, size=20_000)

    in_flight = np.searchsorted(arrivals, moments) - np.searchsorted(departures, moments)

    assert in_flight.mean() == pytest.approx(10, rel=0.02)


@claims("production-challenges.int4-mem", "a 7-billion-parameter model", "int4", "3.5 GB")
@claims("production-challenges", "7 billion weights take 14 GB in bf16, 3.5 GB in int4")
def test_seven_billion_weights_take_fourteen_gigabytes_in_sixteen_bits_and_three_and_a_half_in_four() -> None:
    thousand = np.zeros(1000, dtype=np.float16)  # numpy has no bf16, which is as wide
    nibbles = np.packbits(np.zeros((1000, 4), dtype=np.uint8))

    assert thousand.nbytes * 7e6 == 14e9
    assert nibbles.nbytes * 7e6 == 3.5e9


@claims("production-challenges.mean-latency", "Mean latency is low")
def test_a_page_of_a_hundred_calls_is_slow_far_more_often_than_one_call() -> None:
    slow = formulas.random().random((100_000, 100)) < 0.01

    assert slow.any(axis=1).mean() == pytest.approx(0.63, abs=0.01)
