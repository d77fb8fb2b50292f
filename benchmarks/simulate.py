"""Does the plan help? Simulated learners, seven ways of choosing:
python -m benchmarks.simulate [--log REVIEWS.csv] [--table NAME | --days 365]

Prints Markdown. A learner has 300 cards, thirty of them main cards, and an interview in 14, 30 or 60 days. What is remembered follows a
memory that the scheduler knows nothing of; what each day asks is decided by the code that `dlquiz plan` runs (dlquiz.plan), or by one of
the rivals. Every way of choosing is told to spend more and less effort; it is compared where it takes as many minutes as the plan does at
the default desired retention, learner by learner (the same draws for all), with 95 % confidence intervals over twenty learners.

With --log, a file with columns card_id, review_rating, review_time as in py-fsrs' test data, one more memory is fitted to it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import numpy as np

from benchmarks import backlog, calibration, learners, year
from benchmarks.learners import T95, Floats, Learner
from benchmarks.schedules import KINDS, PLAN

HORIZONS = (14, 30, 60)
SEEDS = 20
FREE = 1e9  # seconds a day: as many as it takes
TABLES = ("minutes", "few", "backlog", "prediction", "year")
EQUAL_HEAD = (
    "| days | memory | schedule | recall % | 10th pct. | memorised % | minutes | worst day | plan's gain, points"
    " | plan's minutes % |"
)
FEW_HEAD = "| min/day | memory | schedule | recall % | main cards % | 10th pct. | memorised % | minutes | unseen |"


class Run(NamedTuple):
    """One learner's way to the day."""

    recall: float  #: chance of recall on the day, mean over all cards
    tenth: float  #: its tenth percentile
    memorised: float  #: the mean over all days of the mean chance of recall
    minutes: float
    worst_day: float  #: minutes
    unseen: float  #: cards
    explains: float  #: as recall, over the main cards alone


class Job(NamedTuple):
    memory: str
    horizon: int
    seeds: range
    fitted: list[float]
    minutes_a_day: float | None = None


def run(job: Job, name: str, effort: float, seed: int, *, new_first: bool = False) -> Run:
    """Walk one learner through all days."""
    learner = Learner(job.memory, seed, job.fitted)
    seconds = FREE if job.minutes_a_day is None else 60 * job.minutes_a_day
    schedule = KINDS[name].make(job.horizon, effort, seconds, seed)
    schedule.new_first = new_first
    minutes, memorised = [], []
    for day in range(job.horizon):
        new, again = schedule.day(day)
        spent = 0.0
        for cards, ask, first in ((new, learner.meet, True), (again, learner.ask, False)):
            if len(cards):
                grades, took = ask(cards, day)
                schedule.answered(cards, grades, day, first=first)
                spent += took
        minutes.append(spent / 60)
        memorised.append(float(learner.memory.recall(day).mean()))
    chances = learner.memory.recall(job.horizon)
    unseen = float((schedule.last < 0).sum())
    tenth, main = float(np.quantile(chances, 0.1)), float(chances[learners.EXPLAINS].mean())
    return Run(float(chances.mean()), tenth, float(np.mean(memorised)), sum(minutes), max(minutes), unseen, main)


def rows(job: Job) -> list[str]:
    """The table's rows of one memory and horizon, at the minutes of the plan."""
    curves = {
        name: np.array([[run(job, name, effort, seed) for effort in kind.efforts] for seed in job.seeds])
        for name, kind in KINDS.items()
    }
    usual = KINDS[PLAN].efforts.index(KINDS[PLAN].usual)
    plan = curves[PLAN][:, usual]
    out = []
    for name, curve in curves.items():
        mine = plan if name == PLAN else np.array([_at_minutes(*each) for each in zip(curve, plan[:, 3], strict=True)])
        cells = [f"{100 * mine[:, 0].mean():.1f}", f"{100 * mine[:, 1].mean():.0f}", f"{100 * mine[:, 2].mean():.1f}"]
        cells += [f"{mine[:, 3].mean():.0f}", f"{mine[:, 4].mean():.0f}"]
        if name == PLAN:
            cells += ["", ""]
        else:
            cells += [_interval(100 * (plan[:, 0] - mine[:, 0])), _cheaper(curve, plan)]
        out.append(f"| {job.horizon} | {job.memory} | {name} | " + " | ".join(cells) + " |")
    return out


def _at_minutes(curve: Floats, minutes: float) -> Floats:
    """What a way of choosing gives for these minutes: between the two nearest efforts, or the nearest where it spends no such time."""
    order = curve[np.argsort(curve[:, 3])]
    return np.array([np.interp(minutes, order[:, 3], order[:, n]) for n in range(order.shape[1])])


def _cheaper(curve: Floats, plan: Floats) -> str:
    """The plan's minutes in a hundred of those that a rival takes for the same recall."""
    ratios, out_of_reach = [], 0
    for each, mine in zip(curve, plan, strict=True):
        order = each[np.argsort(each[:, 0])]
        if mine[0] > order[-1, 0]:
            out_of_reach += 1
        ratios.append(100 * mine[3] / np.interp(mine[0], order[:, 0], order[:, 3]))
    if 2 * out_of_reach > len(ratios):
        return "never reached"
    return _interval(np.array(ratios), signed=False) + (f" ({out_of_reach} never)" if out_of_reach else "")


def _interval(values: Floats, *, signed: bool = True) -> str:
    half = T95[len(values)] * values.std(ddof=1) / len(values) ** 0.5
    return f"{values.mean():{'+' if signed else ''}.1f} ± {half:.1f}"


def capped(job: Job) -> list[str]:
    """Rows of days that hold too little: everybody gets the same minutes a day."""
    out = []
    for name, kind in KINDS.items():
        for new_first in (False, True):
            if name == PLAN and new_first:
                continue
            found = np.array([run(job, name, kind.usual, seed, new_first=new_first) for seed in job.seeds])
            recall, tenth, memorised, minutes, _, unseen, main = found.mean(0)
            label = name if name == PLAN else f"{name}, {'new cards' if new_first else 'reviews'} first"
            out.append(
                f"| {job.minutes_a_day:.0f} | {job.memory} | {label} | {100 * recall:.1f} | {100 * main:.1f} |"
                f" {100 * tenth:.0f} | {100 * memorised:.1f} | {minutes:.0f} | {unseen:.0f} |"
            )
    return out


def options(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for on the command line; `table` names every table to be printed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--log", help="a real log to fit one more memory to")
    parser.add_argument("--quick", action="store_true", help="six learners, thirty days only")
    parser.add_argument("--first-seed", type=int, default=0, help="other learners: the seed of the first one")
    parser.add_argument("--table", choices=TABLES, action="append", help="only this one; may be repeated")
    parser.add_argument("--days", type=int, help="after the interview: the year table, over so many (365 if left away)")
    parser.add_argument("--processes", type=int, help="as many as there are cores, if left away")
    asked = parser.parse_args(words)
    asked.table = asked.table or (["year"] if asked.days else TABLES)
    asked.days = asked.days or year.YEAR
    return asked


def main() -> None:
    asked = options()
    began = time.monotonic()
    fitted = learners.fitted(learners.read_log(asked.log)) if asked.log else []
    memories = [name for name in learners.MEMORIES if fitted or name != learners.REAL]
    many, horizons = (6, (30,)) if asked.quick else (SEEDS, HORIZONS)
    seeds = range(asked.first_seed, asked.first_seed + many)
    jobs = [(name, seeds, fitted) for name in memories]
    predicted = [(way, *job) for way in calibration.WHEN for job in jobs]
    minutes = [Job(name, days, seeds, fitted) for days in horizons for name in memories]
    few = [Job(name, 30, seeds, fitted, each) for each in (15, 25) for name in memories]
    with ProcessPoolExecutor(asked.processes) as pool:
        tables = {
            "minutes": lambda: _table("At equal minutes", EQUAL_HEAD, pool.map(rows, minutes)),
            "few": lambda: _table("Thirty days with few minutes", FEW_HEAD, pool.map(capped, few)),
            "backlog": lambda: _table(backlog.TITLE, backlog.HEAD, pool.map(backlog.rows, jobs)),
            "prediction": lambda: _table(calibration.TITLE, calibration.HEAD, pool.map(calibration.rows, predicted)),
            "year": lambda: _table(year.TITLE, year.HEAD, pool.map(year.rows, [(asked.days, *job) for job in jobs])),
        }
        for name in asked.table:
            tables[name]()
    print(f"\n{many} learners, {time.monotonic() - began:.0f} s")


def _table(title: str, head: str, parts: Iterable[list[str]]) -> None:
    print(f"\n## {title}\n\n{head}\n|" + " --- |" * (head.count("|") - 1))
    for part in parts:
        print("\n".join(part), flush=True)


if __name__ == "__main__":
    main()
