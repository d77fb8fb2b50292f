"""Does what is recalled on the day lie in the range that the plan predicted? A part of benchmarks.simulate."""

from __future__ import annotations

import numpy as np

from benchmarks.learners import Ints, Learner
from benchmarks.schedules import WEIGHTS, Plan
from dlquiz.plan import course, readiness

TITLE = "What was predicted, and what came"
HEAD = "| days | min/day | memory | predicted on | range | middle | came true | in the range, of ten |"
# Days to the interview and minutes a day -> the days on which is predicted.
WHEN = {(14, 15): (0, 5, 10, 12), (30, 15): (0, 10, 20, 26), (30, 25): (0, 10, 20, 26), (56, 45): (0, 10, 28, 52)}


def rows(job: tuple[tuple[int, int], str, range, list[float]]) -> list[str]:
    """The rows of one way and one memory."""
    way, memory, seeds, fitted = job
    found = np.array([_run(way, memory, fitted, seed) for seed in seeds])
    out = []
    for n, day in enumerate(WHEN[way]):
        low, mid, high, came = found[:, n].T
        held = 10 * float(((low <= came) & (came <= high)).mean())
        means = [f"{100 * each.mean():.1f}" for each in (low, high, mid, came)]
        cells = [f"{means[0]} to {means[1]}", *means[2:], f"{held:.1f}"]
        out.append(f"| {way[0]} | {way[1]} | {memory} | day {day} | " + " | ".join(cells) + " |")
    return out


def _run(way: tuple[int, int], memory: str, fitted: list[float], seed: int) -> list[list[float]]:
    days, minutes = way
    learner = Learner(memory, seed, fitted)
    schedule = Plan(days, 0.9, 60.0 * minutes, seed)
    outcomes: list[readiness.Outcome] = []
    predicted = []
    for day in range(days):
        if day in WHEN[way]:
            window, seen, unseen = schedule.state()
            factors = readiness.learner(outcomes)
            predicted.append([course.ahead(day, seen, unseen, window, bias=each).recall for each in factors])
        new, asked = schedule.day(day)
        if len(new):
            schedule.answered(new, learner.meet(new, day)[0], day, first=True)
        if len(asked):
            outcomes += _answered(schedule, learner, asked, day)
    came = float(np.average(learner.memory.recall(days), weights=WEIGHTS))
    return [[*each, came] for each in predicted]


def _answered(schedule: Plan, learner: Learner, asked: Ints, day: int) -> list[readiness.Outcome]:
    elapsed, stability = day - schedule.last[asked], schedule.memory.stability[asked].copy()
    grades, _ = learner.ask(asked, day)
    schedule.answered(asked, grades, day, first=False)
    rows = zip(elapsed.tolist(), stability.tolist(), (grades > 1).tolist(), strict=True)
    return [readiness.Outcome(*row) for row in rows]
