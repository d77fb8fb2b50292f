"""What is wrong with banks, and what could be better."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from dlquiz import config, lint
from dlquiz.bank import ids, index, read
from dlquiz.bank import paths as bank_paths
from dlquiz.bank.index_rows import WORD
from dlquiz.bank.roots import is_builtin
from dlquiz.card import RUBRIC
from dlquiz.collection import BankPaths, now, roots
from dlquiz.errors import BankError, Problem
from dlquiz.judge import patterns
from dlquiz.lint import bank as bank_lint
from dlquiz.lint import rubrics as rubric_lint


class CheckResult(NamedTuple):
    """What `check` found."""

    problems: list[Problem]
    failing: bool  #: an error, or with strict any advice but that something is due for a new look
    cards: int
    notes: int
    balance: bank_lint.Balance
    today: date


def check(where: BankPaths, paths: Sequence[Path], *, strict: bool) -> CheckResult:
    """Read banks whole and say what is wrong with them and what a screen shows otherwise; with `strict` also what could be better.

    A file that was named is also seen together with those beside it: what it clashes with, and what it names, may stand there.
    """
    roots_named = [index.Root(path, builtin=is_builtin(path)) for path in paths]
    bank_files = bank_paths.files_of(roots_named or roots(where, config.home()))
    files = [
        read.read(path, builtin=root.builtin) for path, root in bank_files.items() if path.name not in bank_paths.BESIDE
    ]
    around = [read.read(path, builtin=root.builtin) for path, root in _beside(bank_files).items()]
    problems = [problem for file in files for problem in file.problems]
    before = set(ids.cross_check(around))
    problems += [problem for problem in ids.cross_check(around + files) if problem not in before]
    folders = dict.fromkeys(path.parent for path in bank_files)
    sources = {folder: _citable(folder, problems) for folder in folders}
    glossaries = {folder: _glossary(folder, problems) for folder in folders}
    sound = [file for file in files if not file.errors]
    notes = [note for file in sound for note in file.notes]
    today = now(config.Settings()).day
    failing = any(strict or problem.level == "error" for problem in problems)
    if strict:
        for problem, expected in _advice(sound, [file for file in around if not file.errors], sources, today):
            problems.append(problem)
            failing |= not expected
        rubrics = list(_rubric_advice(sound, [file for file in around if not file.errors], glossaries))
        problems += rubrics
        failing |= bool(rubrics)
    else:
        problems += [
            _placed(file, finding) for file in sound for note in file.notes for finding in lint.shown_otherwise(note)
        ]
    cards = sum(1 + len(note["cards"]) for note in notes)
    return CheckResult(sorted(set(problems)), failing, cards, len(notes), bank_lint.balance(notes, today), today)


def _citable(folder: Path, problems: list[Problem]) -> set[str] | None:
    """The keys that files of this folder can cite; None when their list is malformed, which is said."""
    wrong: list[Problem] = []
    keys = set(read.read_sources(folder / "sources.yaml", wrong))
    problems += wrong
    return None if wrong else keys


def _glossary(folder: Path, problems: list[Problem]) -> dict[str, str]:
    """The glossary of this folder; what is wrong with it is said."""
    path = folder / bank_paths.GLOSSARY
    entries = read.read_glossary(path, problems)
    for name in entries:
        try:
            patterns.parse(f"@{name}", entries)
        except patterns.PatternError as error:
            position = entries.at[name] if isinstance(entries, read.Placed) else (1, 1)
            problems.append(Problem(str(path), *position, "error", f"'{name}' can't be read: {error}"))
    return entries


def _rubric_advice(
    files: Sequence[read.BankFile], around: Sequence[read.BankFile], glossaries: Mapping[Path, Mapping[str, str]]
) -> Iterator[Problem]:
    """What could be better in the rubrics of these files."""
    notes = [note for file in (*around, *files) for note in file.notes]
    if not any(
        key in point for file in files for note in file.notes for point in note.get("key_points", ()) for key in RUBRIC
    ):
        return
    words = frozenset(WORD.findall(json.dumps(notes, ensure_ascii=False).lower()))
    generic = rubric_lint.generic(notes)
    for file in files:
        glossary = glossaries[Path(file.path).parent]
        for note in file.notes:
            for finding in rubric_lint.note(note, glossary, words, generic):
                yield _placed(file, finding)


def _beside(named: Mapping[Path, index.Root]) -> dict[Path, index.Root]:
    """The banks that were not named themselves, in the folders of those that were."""
    met = {os.path.realpath(path) for path in named}
    others: dict[Path, index.Root] = {}
    for folder, root in {path.parent: root for path, root in named.items() if root.path == path}.items():
        with suppress(BankError):  # a folder that can't be listed: the file in it can be read all the same
            others.update((path, root) for path in sorted(bank_paths.banks_in(folder, deep=False)))
    return {path: root for path, root in others.items() if os.path.realpath(path) not in met}


def _advice(
    files: Sequence[read.BankFile],
    around: Sequence[read.BankFile],
    sources: Mapping[Path, set[str] | None],
    today: date,
) -> Iterator[tuple[Problem, bool]]:
    """What could be better in these files, each with whether that is expected."""
    owners: dict[int, read.BankFile] = {}
    for file in files:
        citable = sources[Path(file.path).parent]
        for note in file.notes:
            owners.update((id(entry), file) for entry in (note, *note["cards"]))
            yield from ((_placed(file, finding), finding.expected) for finding in lint.note(note, citable, today))
        owners.update((id(entry), file) for entry in file.retired)
    together = [*around, *files]
    retired = [(file.prefix, entry) for file in together for entry in file.retired]
    for finding in bank_lint.findings([note for file in together for note in file.notes], retired):
        if id(finding.entry) in owners:
            yield _placed(owners[id(finding.entry)], finding), finding.expected


def _placed(file: read.BankFile, finding: lint.Finding) -> Problem:
    entry = finding.entry
    position = (1, 1)
    if isinstance(entry, read.Placed):
        position = entry.at.get(finding.key, entry.place)
    return Problem(file.path, *position, "advice", finding.message)
