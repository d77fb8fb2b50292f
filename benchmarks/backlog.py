"""In which order should a backlog be asked? A part of benchmarks.simulate."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.learners import CARDS, T95, Ints, Learner
from benchmarks.schedules import FsrsAlone

TITLE = "The order in a backlog"
HEAD = "| memory | order | memorised %, next 30 days | recall %, after 30 days | days until clear |"
LEARNT, AWAY, AFTER = 60, 21, 30  # days of study at 0.9, days away, days that are watched
MINUTES = 10  # a day, afterwards

Order = Callable[[FsrsAlone, Ints, int], object]
ORDERS: dict[str, Order] = {
    "due day": lambda schedule, cards, _: schedule.due[cards],
    "least recall first": lambda schedule, cards, day: schedule.memory.recall(day)[cards],
    "most recall first": lambda schedule, cards, day: -schedule.memory.recall(day)[cards],
    "shortest interval first": lambda schedule, cards, _: schedule.due[cards] - schedule.last[cards],
    "longest interval first": lambda schedule, cards, _: schedule.last[cards] - schedule.due[cards],
}


def rows(job: tuple[str, range, list[float]]) -> list[str]:
    """One memory's rows."""
    memory, seeds, fitted = job
    found = {name: np.array([_run(memory, fitted, seed, order) for seed in seeds]) for name, order in ORDERS.items()}
    out = []
    for name, values in found.items():
        more = values[:, 0] - found["due day"][:, 0]
        half = T95[len(seeds)] * more.std(ddof=1) / len(seeds) ** 0.5
        against = "" if name == "due day" else f" ({100 * more.mean():+.2f} ± {100 * half:.2f})"
        means = values.mean(0)
        out.append(f"| {memory} | {name} | {100 * means[0]:.1f}{against} | {100 * means[1]:.1f} | {means[2]:.0f} |")
    return out


def _run(memory: str, fitted: list[float], seed: int, order: Order) -> tuple[float, float, float]:
    learner = Learner(memory, seed, fitted)
    schedule = FsrsAlone(LEARNT, 0.9, 1e9, seed)
    memorised, clear = [], float(AFTER)
    tie = np.random.default_rng(seed).random(CARDS)
    for day in range(LEARNT + AWAY + AFTER):
        if day < LEARNT:
            new, asked = schedule.day(day)
            if len(new):
                schedule.answered(new, learner.meet(new, day)[0], day, first=True)
        elif day < LEARNT + AWAY:
            continue
        else:
            due = np.flatnonzero(schedule.due <= day)
            ranked = due[np.lexsort((tie[due], np.asarray(order(schedule, due, day))))]
            asked = ranked[np.cumsum(schedule.cost[ranked]) <= 60 * MINUTES]
            if len(asked) == len(due):
                clear = min(clear, day - LEARNT - AWAY)
        if len(asked):
            schedule.answered(asked, learner.ask(asked, day)[0], day, first=False)
        if day >= LEARNT + AWAY:
            memorised.append(float(learner.memory.recall(day).mean()))
    last = float(learner.memory.recall(LEARNT + AWAY + AFTER).mean())
    return float(np.mean(memorised)), last, clear
