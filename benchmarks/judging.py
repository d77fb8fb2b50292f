"""How well key points are found in labelled answers: python -m benchmarks.judging FOLDER [--bank PATH]... [--command CMD] [--list]

FOLDER holds one YAML file a note:

    note: dropout
    key_points: [mask, scaling]
    answers:
      - {style: terse, honest: true, text: It zeroes units at random., labels: {mask: 1, scaling: 0}}

A label is 1 where the answer makes the point, 0 where it does not, -1 where it says the opposite. `honest: false` marks answers that
were made to deceive: denied, swapped, wrong, stuffed. The table has a line a style: precision and recall of `found`, with the bounds of
a 95 % interval (Wilson); how often `opposite` was right (label -1 or 0); how many points were `unsure`, and how many of these were made;
and of how many answers the suggested rating is exact, within one step, too generous. --command prints the same for a judge of one's own,
--list names every wrong verdict with what was heard, --bank and --no-builtin say where the notes are.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dlquiz import collection, points
from dlquiz.card import KeyPoint, Note
from dlquiz.collection import judge_command
from dlquiz.collection.judging import Judge
from dlquiz.judge import Judgement, Verdict

HONEST, ALL = "honest", "all"
Z = 1.96  # of a 95 % interval
HEAD = "style          answers  points   precision          recall             opposite   unsure   exact  within 1  generous"


@dataclass(slots=True)
class Score:
    """Counts of verdicts against labels."""

    answers: int = 0
    found_right: int = 0
    found_wrong: int = 0
    missed: int = 0
    opposite_right: int = 0
    opposite_wrong: int = 0
    unsure: int = 0
    unsure_made: int = 0
    labels: int = 0
    steps: list[int] = field(default_factory=list)  #: suggested rating less the right one

    def add(self, judgement: Judgement | None, label: int) -> None:
        verdict = judgement.verdict if judgement else Verdict.NONE
        self.labels += 1
        self.found_right += verdict is Verdict.FOUND and label == 1
        self.found_wrong += verdict is Verdict.FOUND and label != 1
        self.missed += verdict is not Verdict.FOUND and label == 1
        self.opposite_right += verdict is Verdict.OPPOSITE and label != 1
        self.opposite_wrong += verdict is Verdict.OPPOSITE and label == 1
        self.unsure += verdict is Verdict.UNSURE
        self.unsure_made += verdict is Verdict.UNSURE and label == 1

    def line(self, name: str) -> str:
        steps = len(self.steps) or 1
        exact, near = sum(step == 0 for step in self.steps) / steps, sum(abs(step) <= 1 for step in self.steps) / steps
        generous = sum(step > 0 for step in self.steps) / steps
        opposite = self.opposite_right + self.opposite_wrong
        return (
            f"{name:14} {self.answers:7} {self.labels:7}   {share(self.found_right, self.found_right + self.found_wrong):18} "
            f"{share(self.found_right, self.found_right + self.missed):18} {self.opposite_right:3}/{opposite:<5}  "
            f"{self.unsure_made:3}/{self.unsure:<4} {exact:6.0%} {near:8.0%} {generous:9.0%}"
        )


def share(part: int, whole: int) -> str:
    """A share with its interval: `0.94 [0.86,0.98]`; "-" of nothing."""
    if not whole:
        return "-"
    low, high = wilson(part, whole)
    return f"{part / whole:.2f} [{low:.2f},{high:.2f}]"


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The bounds of a share's 95 % interval."""
    middle, square = part / whole, Z * Z / whole
    spread = Z * math.sqrt(middle * (1 - middle) / whole + square / (4 * whole))
    return (middle + square / 2 - spread) / (1 + square), (middle + square / 2 + spread) / (1 + square)


def files(folder: Path) -> Iterator[dict[str, Any]]:
    """The labelled answers of every note."""
    for path in sorted([folder] if folder.is_file() else [*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        fields = yaml.safe_load(path.read_text(encoding="utf-8"))
        missing = {"note", "answers"} - set(fields)
        if missing:
            sys.exit(f"{path}: has no {' and no '.join(sorted(missing))}; see python -m benchmarks.judging --help")
        yield fields


Judging = Callable[[str], Sequence[Judgement | None]]


class Table:
    """Scores by style."""

    def __init__(self, title: str, *, listing: bool) -> None:
        self.title, self.listing = title, listing
        self.scores: dict[str, Score] = {}
        self.took_ms: list[float] = []

    def judge(self, judging: Judging, note: Note, answer: dict[str, Any]) -> None:
        begun = time.perf_counter()
        judgements = judging(answer["text"])
        self.took_ms.append((time.perf_counter() - begun) * 1000)
        labels = {name.rpartition("#")[2]: int(label) for name, label in answer["labels"].items()}
        honest = answer.get("honest", True)
        scores = [
            self.scores.setdefault(name, Score()) for name in (answer["style"], ALL, *([HONEST] if honest else []))
        ]
        step = int(rating(note.key_points, found(judgements))) - int(rating(note.key_points, made(note, labels)))
        for score in scores:
            score.answers += 1
            score.steps.append(step)
        for point, judgement in zip(note.key_points, judgements, strict=True):
            label = labels.get(short(point.id))
            if label is not None:
                for score in scores:
                    score.add(judgement, label)
                if self.listing:
                    tell(answer, point, judgement, label)

    def print(self) -> None:
        print(f"\n{self.title}\n{HEAD}")
        styles = sorted(set(self.scores) - {HONEST, ALL})
        for name in (*styles, HONEST, ALL):
            if name in self.scores:
                print(self.scores[name].line(name))
        times = sorted(self.took_ms)
        if times:
            print(
                f"time an answer: median {times[len(times) // 2]:.0f} ms, 95th percentile {times[int(len(times) * 0.95)]:.0f} ms"
            )


def found(judgements: Sequence[Judgement | None]) -> set[str]:
    return {judgement.point for judgement in judgements if judgement and judgement.verdict is Verdict.FOUND}


def made(note: Note, labels: dict[str, int]) -> set[str]:
    return {point.id for point in note.key_points if labels.get(short(point.id)) == 1}


def rating(key_points: Sequence[KeyPoint], said: set[str]) -> int:
    return points.suggested(key_points, said)


def short(point: str) -> str:
    return point.rpartition("#")[2]


def tell(answer: dict[str, Any], point: KeyPoint, judgement: Judgement | None, label: int) -> None:
    """Name a verdict that is wrong."""
    verdict = judgement.verdict if judgement else Verdict.NONE
    wrong = (verdict is Verdict.FOUND) != (label == 1) or (verdict is Verdict.OPPOSITE and label == 1)
    if wrong:
        heard = " … ".join(judgement.evidence(answer["text"])) if judgement else ""
        print(f"{point.id} [{answer['style']}] {verdict} for {label}: {heard!r} in {answer['text'][:160]!r}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bank", type=Path, action="append", default=[])
    parser.add_argument("--no-builtin", action="store_true")
    parser.add_argument("--command", default="")
    parser.add_argument("--list", action="store_true")
    asked = parser.parse_args(arguments)
    tables = [Table("the built-in judge", listing=asked.list)]
    if asked.command:
        tables.append(Table(judge_command.name_of(asked.command), listing=False))
    failures: list[str] = []
    with collection.opened_bank(collection.BankPaths(tuple(asked.bank), not asked.no_builtin)) as bank:
        for fields in files(asked.folder):
            judge = Judge(bank, bank.current(fields["note"]))
            others = [judge.judge, command(asked.command, judge, failures)] if asked.command else [judge.judge]
            for answer in fields["answers"]:
                for table, judging in zip(tables, others, strict=True):
                    table.judge(judging, judge.note, answer)
    for table in tables:
        table.print()
    if failures:
        print(f"{len(failures)} times it did not judge, and nothing counts as found: {failures[0]}")


def command(name: str, judge: Judge, failures: list[str]) -> Judging:
    """A judge of one's own; where it fails nothing is found."""

    def judging(answer: str) -> Sequence[Judgement | None]:
        opinion = judge_command.ask(name, judge.note, answer)
        if opinion.judgements is None:
            failures.append(opinion.why)
            return [None] * len(judge.note.key_points)
        return opinion.judgements

    return judging


if __name__ == "__main__":
    main()
