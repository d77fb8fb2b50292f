"""How size tells: compiling a bank, today's queue, folding the log: python -m benchmarks.scale [--cards N] [--reviews M]

Times of this process and those it starts, and as ratios to a bare `python -I -c pass` in the same run; nothing is kept.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from benchmarks import synthetic
from dlquiz import collection, scheduler
from dlquiz.collection import BankPaths, Collection


class Taken(NamedTuple):
    """Seconds of one piece of work: on the wall, and of CPU, that of processes it started included."""

    wall: float
    cpu: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, default=100_000)
    parser.add_argument("--reviews", type=int, default=1_000_000)
    asked = parser.parse_args()
    seen = asked.cards * 8 // 10
    with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, {"DLQUIZ_HOME": f"{folder}/home"}):
        files = synthetic.bank(Path(folder, "bank"), asked.cards)
        place = BankPaths((Path(folder, "bank"),), builtin=False)
        bare = _bare()
        print(
            f"bare python -I -c pass: {bare.wall * 1000:.1f} ms; Python {sys.version.split()[0]}; wall, CPU, x: wall to bare wall"
        )
        _say(f"compile {asked.cards} cards", _timed(lambda: _open(place)), bare)
        files[0].write_text(files[0].read_text(encoding="utf-8") + "# touched\n", encoding="utf-8")
        _say("compile one touched file again", _timed(lambda: _open(place)), bare)
        _say("open with nothing changed", _timed(lambda: _open(place)), bare)
        with collection.opened(place, write=True) as col:
            until = col.now().day - timedelta(days=1)
            synthetic.log(col, seen, asked.reviews, until)
        _say(f"fold {asked.reviews} events", _timed(lambda: _fold(place)), bare)
        with collection.opened(place, write=True) as col:
            due = len(col.due(col.now()))
            _say(f"queue, {seen} of {asked.cards} seen, {due} due: after a fold", _timed(lambda: _queue(col)), bare)
        with collection.opened(place, write=True) as col:
            _say("queue: the first of a later start", _timed(lambda: _queue(col)), bare)
            _say("queue: median of 20", _median(lambda: _queue(col), 20), bare)
            _say("status: median of 5", _median(lambda: _status(col), 5), bare)


def _open(place: BankPaths) -> None:
    with collection.opened(place, write=True):
        pass


def _fold(place: BankPaths) -> None:
    """What `doctor` and a changed setting do: every card state anew from the log."""
    with collection.opened(place, write=True) as col:
        if col.progress is None:
            sys.exit("there is no log")
        col.progress.rebuild(scheduler.fold, col.preset)


def _queue(col: Collection) -> None:
    if not col.queue(None, col.limits(new=10), col.now()).cards:
        sys.exit("the queue is empty")


def _status(col: Collection) -> None:
    from dlquiz.collection import reports

    reports.status(col)


def _bare() -> Taken:
    command = [sys.executable, "-I", "-c", "pass"]
    found = [_timed(lambda: subprocess.run(command, check=True)) for _ in range(11)]
    return Taken(statistics.median(each.wall for each in found), 0.0)


def _timed(work: Callable[[], object]) -> Taken:
    wall, cpu = time.perf_counter(), _cpu_seconds()
    work()
    return Taken(time.perf_counter() - wall, _cpu_seconds() - cpu)


def _cpu_seconds() -> float:
    children = os.times()  # in hundredths; none on Windows
    return time.process_time() + children.children_user + children.children_system


def _median(work: Callable[[], object], times: int) -> Taken:
    found = [_timed(work) for _ in range(times)]
    return Taken(statistics.median(each.wall for each in found), statistics.median(each.cpu for each in found))


def _say(what: str, taken: Taken, bare: Taken) -> None:
    ms = f"{taken.wall * 1000:10.1f} ms {taken.cpu * 1000:10.1f} ms"
    print(f"{what:56} {ms} {taken.wall / bare.wall:8.1f}x", flush=True)


if __name__ == "__main__":
    main()
