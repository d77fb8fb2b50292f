"""After the interview: what is still memorised a year later, at equal minutes? A part of benchmarks.simulate."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.learners import CARDS, T95, Floats, Ints, Learner
from benchmarks.schedules import FsrsAlone, Plan, Schedule, Sm2

TITLE = "After the interview"
HEAD = (
    "| memory | schedule | memorised %, after the interview | minutes | cards memorised per minute | plan's, times"
    " | its minutes for as much, times | worst day after | days until the backlog is clear |"
)
INTERVIEW, MINUTES = 30, 25  # days to it, minutes a day until then
YEAR = 365  # days after it, unless told otherwise
AFTERWARDS = 20  # minutes a day: the default of minutes_per_day


class PlanThenFsrs(Plan):
    """The plan until the interview, then what `study` asks without one: what is due, oldest first, within the day's minutes. What the plan
    had promised for the interview's day comes back when it is needed.
    """

    def day(self, day: int) -> tuple[Ints, Ints]:
        if day < self.horizon:
            return super().day(day)
        if day == self.horizon:
            capped = np.flatnonzero((self.last >= 0) & (self.due == self.horizon))
            usual = self.last[capped] + np.round(self.memory.interval(capped, self.effort)).astype(int)
            self.due[capped] = np.maximum(usual, self.horizon)
        return FsrsAlone.day(self, day)

    def waits(self, cards: Ints, grades: Ints, day: int, *, first: bool) -> Floats:
        if day < self.horizon:
            return super().waits(cards, grades, day, first=first)
        return FsrsAlone.waits(self, cards, grades, day, first=first)


SCHEDULES: dict[str, tuple[Callable[..., Schedule], tuple[float, ...]]] = {
    "the plan, then FSRS": (PlanThenFsrs, (0.9,)),
    "FSRS without a plan": (FsrsAlone, (0.7, 0.75, 0.8, 0.85, 0.9, 0.93)),
    "SM-2": (Sm2, (3, 2.5, 2, 1.6, 1.2, 1.0, 0.8, 0.6)),
}


def rows(job: tuple[int, str, range, list[float]]) -> list[str]:
    """One memory's rows over so many days after the interview, the rivals at the plan's minutes, learner by learner."""
    days, memory, seeds, fitted = job
    plan: Floats = np.zeros(0)
    out = []
    for name, (make, efforts) in SCHEDULES.items():
        curve = np.array([[_run(days, memory, fitted, seed, make, effort) for effort in efforts] for seed in seeds])
        if not len(plan):
            plan = curve[:, 0]
        mine = np.array([_at_minutes(row, minutes) for row, minutes in zip(curve, plan[:, 1], strict=True)])
        rate = mine[:, 0] * CARDS / mine[:, 1]
        ratio = (plan[:, 0] * CARDS / plan[:, 1]) / rate
        for_as_much = np.array([_minutes_for(row, *each) for row, each in zip(curve, plan[:, :2], strict=True)])
        times = ["", ""] if make is PlanThenFsrs else [_interval(ratio), _interval(for_as_much)]
        cells = [f"{100 * mine[:, 0].mean():.1f}", f"{mine[:, 1].mean():.0f}", f"{rate.mean():.3f}", *times]
        cells += [f"{mine[:, 2].mean():.0f}", f"{mine[:, 3].mean():.0f}"]
        out.append(f"| {memory} | {name} | " + " | ".join(cells) + " |")
    return out


def _run(
    days: int, memory: str, fitted: list[float], seed: int, make: Callable[..., Schedule], effort: float
) -> list[float]:
    """What is memorised on a mean day after the interview, minutes in all, the worst day after it, days until nothing waits."""
    learner = Learner(memory, seed, fitted)
    schedule = make(INTERVIEW, effort, 60.0 * MINUTES, seed)
    schedule.new_first = True
    memorised, minutes, clear = [], [], 0
    for day in range(INTERVIEW + days):
        if day == INTERVIEW:
            schedule.seconds = 60.0 * AFTERWARDS
        new, again = schedule.day(day)
        waiting = int(((schedule.last >= 0) & (schedule.due <= day)).sum()) - len(again)
        spent = 0.0
        for cards, ask, first in ((new, learner.meet, True), (again, learner.ask, False)):
            if len(cards):
                grades, took = ask(cards, day)
                schedule.answered(cards, grades, day, first=first)
                spent += took
        minutes.append(spent / 60)
        if day >= INTERVIEW:
            memorised.append(float(learner.memory.recall(day).mean()))
            clear = day - INTERVIEW + 1 if waiting and day - INTERVIEW == clear else clear
    return [float(np.mean(memorised)), sum(minutes), max(minutes[INTERVIEW:]), float(clear)]


def _at_minutes(curve: Floats, minutes: float) -> Floats:
    """What a schedule gives for these minutes: between the two nearest efforts."""
    order = curve[np.argsort(curve[:, 1])]
    return np.array([np.interp(minutes, order[:, 1], order[:, n]) for n in range(order.shape[1])])


def _minutes_for(curve: Floats, memorised: float, minutes: float) -> float:
    """How many times these minutes a schedule takes to keep as much memorised; at its dearest where it never does."""
    order = curve[np.argsort(curve[:, 0])]
    return float(np.interp(memorised, order[:, 0], order[:, 1])) / minutes


def _interval(values: Floats) -> str:
    half = T95[len(values)] * values.std(ddof=1) / len(values) ** 0.5
    return f"{values.mean():.3f} ± {half:.3f}"
