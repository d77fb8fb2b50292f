"""How verbs grow with the bank and the log: python -m benchmarks.growth [--cards N N N]

For each size a bank of so many cards, eight in ten of them met, ten answers a card in the log. Every verb is run as a user runs it, each
size in turn; printed are CPU seconds and peak memory of the process, and how often each is multiplied from one size to the next. What a
bare Python takes is printed first. POSIX only.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks import synthetic
from benchmarks.start import PROGRAM
from dlquiz import collection
from dlquiz.collection import BankPaths

MB = 1024 if sys.platform == "linux" else 1024 * 1024  # the unit of ru_maxrss in a megabyte


class Cost(NamedTuple):
    """What a run took."""

    cpu: float  #: seconds
    memory: float  #: megabytes at its peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    sizes = parser.parse_args().cards
    costs: dict[str, list[Cost]] = {}
    for cards in sizes:
        with tempfile.TemporaryDirectory() as folder:
            for name, cost in measured(Path(folder), cards).items():
                costs.setdefault(name, []).append(cost)
        print(f"{cards} cards done", file=sys.stderr, flush=True)
    print(f"{'CPU seconds, peak MB':26}" + "".join(f"{f'{cards} cards':>22}" for cards in sizes) + "   growth of CPU")
    for name, row in costs.items():
        growth = " ".join(f"x{after.cpu / before.cpu:.1f}" for before, after in itertools.pairwise(row))
        print(f"{name:26}" + "".join(f"{cost.cpu:14.2f} s{cost.memory:5.0f} M" for cost in row) + f"   {growth}")


def measured(folder: Path, cards: int) -> dict[str, Cost]:
    """Every verb in a home with so many cards."""
    env = {"DLQUIZ_HOME": str(folder / "home"), "DLQUIZ_BUILTIN": "0", "DLQUIZ_BANK": str(folder / "bank")}
    other = {**env, "DLQUIZ_HOME": str(folder / "other")}
    file = str(folder / "all.json")
    run_apart(synthetic.bank, folder / "bank", cards)
    costs = {"bare Python": run((sys.executable, "-I", "-c", "pass"), env)}
    costs["compile (study, q)"] = run((*PROGRAM, "study"), env, "q\n")
    run_apart(fill_log, env, cards)
    costs["fold (doctor)"] = run((*PROGRAM, "doctor"), env)
    costs["study, q"] = run((*PROGRAM, "study"), env, "q\n")
    for verb in ("status", "stats", "search fact 7", "list"):
        costs[verb] = run((*PROGRAM, *verb.split()), env)
    costs["export .json"] = run((*PROGRAM, "export", file), env)
    costs["import .json"] = run((*PROGRAM, "import", file), other)
    costs["plan --date +60"] = run((*PROGRAM, "plan", "--date", "+60"), env)
    return costs


def fill_log(env: dict[str, str], cards: int) -> None:
    """Ten answers a card, eight in ten of the cards met."""
    os.environ.update(env)
    with collection.opened(BankPaths(), write=True) as col:
        synthetic.log(col, cards * 8 // 10, cards * 10, col.now().day - timedelta(days=1))


def run_apart(job: Callable[..., object], *args: object) -> None:
    """Run a job in a process of its own: what this one holds at its peak would count as the peak of all that it starts."""
    process = multiprocessing.get_context("spawn").Process(target=job, args=args)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"{job.__name__} ended with {process.exitcode}")


def run(command: Sequence[str], env: dict[str, str], typed: str = "") -> Cost:
    """One run, its output thrown away.

    Raises:
        SystemExit: It failed.
    """
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **env}
    )
    assert process.stdin is not None
    process.stdin.write(typed.encode())
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # doctor says 1 when it folded anew
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MB)


if __name__ == "__main__":
    main()
