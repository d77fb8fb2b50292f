"""The simulation rests on the formulas of the program and on draws that no schedule can change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import learners, schedules, simulate
from dlquiz import fsrs

HISTORY = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 60)), min_size=1, max_size=8)


@given(HISTORY)
def test_memories_on_arrays_follow_the_programs_formulas(history: list[tuple[int, int]]) -> None:
    arrays, one = learners.Fsrs(1, fsrs.DEFAULT_WEIGHTS, steps=False), np.array([0])
    state, day = None, 0
    for grade, wait in history:
        if state is None:
            state = fsrs.first(grade)
            arrays.first(one, np.array([grade]), day)
        else:
            day += wait
            state = fsrs.following(*state, wait, grade)
            arrays.review(one, np.array([grade]), day)

    assert state is not None
    assert (arrays.stability[0], arrays.difficulty[0]) == pytest.approx(state, rel=1e-9)
    assert arrays.recall(day + 7)[0] == pytest.approx(fsrs.retrievability(7, state[0]))


@given(st.integers(0, 9))
@settings(max_examples=3)
def test_the_plan_is_no_worse_than_sm2_with_the_same_final_pass_on_a_memory_of_another_shape(seed: int) -> None:
    job = simulate.Job("half-life", 30, range(1), [])
    plan = simulate.run(job, schedules.PLAN, 0.9, seed)
    rivals = [simulate.run(job, schedules.BEST_RIVAL, effort, seed) for effort in (2, 1.4, 1.0, 0.8)]
    cheaper = [rival for rival in rivals if rival.minutes <= plan.minutes]

    assert plan.unseen == 0
    assert all(rival.recall < plan.recall + 0.004 for rival in cheaper)


@pytest.mark.parametrize(
    ("words", "tables", "days"),
    [
        ([], simulate.TABLES, 365),
        (["--days", "365"], ["year"], 365),
        (["--days", "1825", "--table", "year"], ["year"], 1825),
        (["--table", "few"], ["few"], 365),
    ],
)
def test_days_after_the_interview_ask_for_the_year_table(words: list[str], tables: list[str], days: int) -> None:
    asked = simulate.options(words)

    assert (list(asked.table), asked.days) == (list(tables), days)
