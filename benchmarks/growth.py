"""How verbs grow with the bank and the log: python -m benchmarks.growth [--cards N N N] [--only WORD]

For each size a bank of so many cards, eight in ten of them met, ten answers a card in the log. Every verb is run as a user runs it, each
size in turn; printed are CPU seconds and peak memory of the process, and by how much each is multiplied from one size to the next. What a
bare Python takes is printed first. An import goes into a home of its own: "here" is one that has the bank compiled and an empty log, "new"
one without cards, in which the file's cards become a bank. POSIX only.

Time grows with what is read, everywhere. Memory that still grows with it, as measured at 100,000 cards: notes that become a bank (414 MB
for a deck of so many notes in one topic, 250 for a .json), because a bank's files are read whole, and held against each other and the banks
around them, before any is put in its place; a .csv that comes in (266 MB; refused beyond 64 MB), because its columns show only in all of
its rows; .md and .html (154 and 176 MB), one page each. Every import that brings answers holds 64 MB for the log's indexes at any size.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks import synthetic
from benchmarks.start import PROGRAM
from dlquiz import collection
from dlquiz.collection import BankPaths

MB = 1024 if sys.platform == "linux" else 1024 * 1024  # the unit of ru_maxrss in a megabyte
HERE, NEW = "here", "new"  # homes that a file comes into
EXPORTS = (
    "export all.json",
    "export all.csv",
    "export all.apkg",
    "export progress.apkg --progress",
    "export guide.md",
    "export guide.html",
    "backup all.db",
)
IMPORTS = (
    ("all.json", HERE),
    ("all.json", NEW),
    ("all.csv", NEW),
    ("all.db", HERE),
    ("progress.apkg", HERE),
    ("theirs.apkg", NEW),  # the same notes under identities that are not dlquiz's
)


class Cost(NamedTuple):
    """What a run took."""

    cpu: float  #: seconds
    memory: float  #: megabytes at its peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--only", metavar="WORD", default="", help="print only verbs whose line has this in it")
    asked = parser.parse_args()
    costs: dict[str, list[Cost]] = {}
    for cards in asked.cards:
        with tempfile.TemporaryDirectory() as folder:
            for name, cost in measured(Path(folder), cards, asked.only):
                costs.setdefault(name, []).append(cost)
        print(f"{cards} cards done", file=sys.stderr, flush=True)
    print(f"{'CPU seconds, peak MB':32}" + "".join(f"{f'{cards} cards':>18}" for cards in asked.cards) + "   growth")
    for name, row in costs.items():
        pairs = list(itertools.pairwise(row))
        cpu, memory = (" ".join(f"x{after[n] / before[n]:.1f}" for before, after in pairs) for n in (0, 1))
        print(f"{name:32}" + "".join(f"{cost.cpu:9.2f} s{cost.memory:5.0f} M" for cost in row) + f"   {cpu}, {memory}")


def measured(folder: Path, cards: int, only: str) -> Iterator[tuple[str, Cost]]:
    """Every verb in a home with so many cards, or those whose lines hold a word; what they need is made in any case."""
    env = {"DLQUIZ_HOME": str(folder / "home"), "DLQUIZ_BUILTIN": "0", "DLQUIZ_BANK": str(folder / "bank")}
    run_apart(synthetic.bank, folder / "bank", cards)
    yield "bare Python", run((sys.executable, "-I", "-c", "pass"), env, folder)
    compiled = run((*PROGRAM, "study"), env, folder, "q\n")
    shutil.copytree(folder / "home", folder / HERE)
    run_apart(fill_log, env, cards)
    folded = run((*PROGRAM, "doctor"), env, folder)
    if not only:
        yield "compile (study, q)", compiled
        yield "fold (doctor)", folded
        yield "study, q", run((*PROGRAM, "study"), env, folder, "q\n")
    reading = (
        "status",
        "stats",
        "list",
        "search fact 7",
        "search fact 7 ",
        "plan --date +60",
    )  # its index is made first
    for verb in (*reading, *EXPORTS):
        if only in verb or verb in EXPORTS:
            cost = run((*PROGRAM, *verb.split()), env, folder)
            if only in verb:
                yield verb if verb != "search fact 7" else f"{verb}, first", cost
    run_apart(make_theirs, folder / "progress.apkg", folder / "theirs.apkg")
    for file, home in IMPORTS:
        name = f"import {file}, {home}"
        if only in name:
            own = folder / "into"
            if home == HERE:
                shutil.copytree(folder / HERE, own)
            there = {**env, "DLQUIZ_HOME": str(own), **({"DLQUIZ_BANK": ""} if home == NEW else {})}
            yield name, run((*PROGRAM, "import", file), there, folder)
            shutil.rmtree(own)


def fill_log(env: dict[str, str], cards: int) -> None:
    """Ten answers a card, eight in ten of the cards met."""
    os.environ.update(env)
    with collection.opened(BankPaths(), write=True) as col:
        synthetic.log(col, cards * 8 // 10, cards * 10, col.now().day - timedelta(days=1))


def make_theirs(own: Path, theirs: Path) -> None:
    """A package as somebody else would have it: with other identities."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(own) as package:
        database = Path(package.extract("collection.anki2", folder))
        with closing(sqlite3.connect(database)) as db:
            db.execute("UPDATE notes SET guid = 'theirs' || id")
            db.commit()
        with zipfile.ZipFile(theirs, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as other:
            other.write(database, "collection.anki2")
            other.writestr("media", "{}")


def run_apart(job: Callable[..., object], *args: object) -> None:
    """Run a job in a process of its own: what this one holds at its peak would count as the peak of all that it starts."""
    process = multiprocessing.get_context("spawn").Process(target=job, args=args)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"{job.__name__} ended with {process.exitcode}")


def run(command: Sequence[str], env: dict[str, str], folder: Path, typed: str = "") -> Cost:
    """One run in a folder, its output thrown away.

    Raises:
        SystemExit: It failed.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **env},
        cwd=folder,
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
