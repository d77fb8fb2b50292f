from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import fsrs as py_fsrs
import fsrs_rs_python
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import fsrs

STABILITY = st.floats(0.001, 36500)
DIFFICULTY = st.floats(1, 10)


def histories(count: int, seed: int = 20261124) -> list[list[tuple[int, int]]]:
    """Random answers: (rating, days since the one before)."""
    chance = random.Random(seed)
    gaps = [0, 0, 1, 1, 2, 3, 7, 20, 60, 200]
    return [
        [(chance.randint(1, 4), 0 if n == 0 else chance.choice(gaps)) for n in range(chance.randint(1, 30))]
        for _ in range(count)
    ]


def ours(history: list[tuple[int, int]]) -> tuple[float, float]:
    state: tuple[float, float] | None = None
    for rating, gap in history:
        state = fsrs.first(rating) if state is None else fsrs.following(*state, gap, rating)
    assert state is not None
    return state


def test_a_thousand_histories_agree_with_the_rust_library() -> None:
    model = fsrs_rs_python.FSRS(parameters=list(fsrs.DEFAULT_WEIGHTS))
    for history in histories(1000):
        reviews = [fsrs_rs_python.FSRSReview(rating, gap) for rating, gap in history]
        theirs = model.memory_state(fsrs_rs_python.FSRSItem(reviews=reviews), None)

        assert ours(history) == pytest.approx((theirs.stability, theirs.difficulty), rel=1e-4)


def test_a_thousand_histories_agree_with_the_python_library() -> None:
    model = py_fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    for number, history in enumerate(histories(1000, seed=7)):
        card = py_fsrs.Card(card_id=number + 1)
        at = datetime(2026, 1, 1, tzinfo=UTC)
        for rating, gap in history:
            at += timedelta(days=gap)
            card, _ = model.review_card(card, py_fsrs.Rating(rating), at)

        assert ours(history) == pytest.approx((card.stability, card.difficulty), rel=1e-4)


def test_the_default_weights_are_the_libraries_own() -> None:
    assert list(fsrs.DEFAULT_WEIGHTS) == pytest.approx(fsrs_rs_python.DEFAULT_PARAMETERS, rel=1e-6)


@given(STABILITY, st.floats(0, 1000), st.floats(0, 1000))
def test_recall_never_rises_while_waiting(stability: float, one: float, other: float) -> None:
    early, late = sorted((one, other))

    assert 0 < fsrs.retrievability(late, stability) <= fsrs.retrievability(early, stability) <= 1


@given(STABILITY)
def test_after_one_stability_recall_is_nine_in_ten(stability: float) -> None:
    assert fsrs.retrievability(stability, stability) == pytest.approx(0.9)


@given(STABILITY, st.floats(0.7, 0.99))
def test_the_interval_ends_where_recall_meets_the_wish(stability: float, wish: float) -> None:
    days = fsrs.interval_days(stability, wish)

    assert fsrs.retrievability(days, stability) == pytest.approx(wish)


@given(STABILITY, DIFFICULTY, st.integers(0, 1000))
def test_a_better_rating_never_gives_less_stability(stability: float, difficulty: float, elapsed: int) -> None:
    after = [fsrs.following(stability, difficulty, elapsed, rating)[0] for rating in (1, 2, 3, 4)]

    assert after == sorted(after)


@given(STABILITY, DIFFICULTY, st.integers(0, 10_000), st.integers(1, 4))
def test_memory_stays_within_the_bounds_of_the_model(
    stability: float, difficulty: float, elapsed: int, rating: int
) -> None:
    after, harder = fsrs.following(stability, difficulty, elapsed, rating)

    assert fsrs.MIN_STABILITY <= after <= fsrs.MAX_STABILITY
    assert 1 <= harder <= 10
