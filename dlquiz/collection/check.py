"""Looking after what is the user's: checking banks, folding the log again, backups and the way back."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from math import isclose
from pathlib import Path
from typing import NamedTuple

from dlquiz import config, lint, scheduler, store
from dlquiz.bank import ids, index, read
from dlquiz.bank import paths as bank_paths
from dlquiz.bank.roots import is_builtin
from dlquiz.card import CardState
from dlquiz.collection import BankPaths, Collection, now, roots
from dlquiz.errors import BankError, Problem, StoreError, UsageError
from dlquiz.lint import bank as bank_lint


class CheckResult(NamedTuple):
    """What `check` found."""

    problems: list[Problem]
    failing: bool  #: an error, or with strict any advice but that something is due for a new look
    cards: int
    notes: int
    balance: bank_lint.Balance
    today: date


def check(where: BankPaths, paths: Sequence[Path], *, strict: bool) -> CheckResult:
    """Read banks whole and say what is wrong with them; with `strict` also what could be better.

    A file that was named is also seen together with those beside it: what it clashes with, and what it names, may stand there.
    """
    roots_named = [index.Root(path, builtin=is_builtin(path)) for path in paths]
    found = bank_paths.files_of(roots_named or roots(where, config.home()))
    files = [
        read.read(path, builtin=root.builtin) for path, root in found.items() if path.name not in bank_paths.BESIDE
    ]
    around = [read.read(path, builtin=root.builtin) for path, root in _beside(found).items()]
    problems = [problem for file in files for problem in file.problems]
    before = set(ids.cross_check(around))
    problems += [problem for problem in ids.cross_check(around + files) if problem not in before]
    sources = {folder: _citable(folder, problems) for folder in dict.fromkeys(path.parent for path in found)}
    sound = [file for file in files if not file.errors]
    notes = [note for file in sound for note in file.notes]
    today = now(config.Settings()).day
    failing = any(strict or problem.level == "error" for problem in problems)
    if strict:
        for problem, expected in _advice(sound, [file for file in around if not file.errors], sources, today):
            problems.append(problem)
            failing |= not expected
    cards = sum(1 + len(note["cards"]) for note in notes)
    return CheckResult(sorted(set(problems)), failing, cards, len(notes), bank_lint.balance(notes, today), today)


def _citable(folder: Path, problems: list[Problem]) -> set[str] | None:
    """The keys that files of this folder can cite; None when their list is malformed, which is said."""
    wrong: list[Problem] = []
    known = set(read.read_sources(folder / "sources.yaml", wrong))
    problems += wrong
    return None if wrong else known


def _beside(found: Mapping[Path, index.Root]) -> dict[Path, index.Root]:
    """The banks that were not named themselves, in the folders of those that were."""
    met = {os.path.realpath(path) for path in found}
    others: dict[Path, index.Root] = {}
    for folder, root in {path.parent: root for path, root in found.items() if root.path == path}.items():
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
        known = sources[Path(file.path).parent]
        for note in file.notes:
            owners.update((id(each), file) for each in (note, *note["cards"]))
            yield from ((_placed(file, finding), finding.expected) for finding in lint.note(note, known, today))
        owners.update((id(each), file) for each in file.retired)
    together = [*around, *files]
    retired = [(file.prefix, each) for file in together for each in file.retired]
    for finding in bank_lint.findings([note for file in together for note in file.notes], retired):
        if id(finding.entry) in owners:
            yield _placed(owners[id(finding.entry)], finding), finding.expected


def _placed(file: read.BankFile, finding: lint.Finding) -> Problem:
    entry = finding.entry
    place = (1, 1)
    if isinstance(entry, read.Placed):
        place = entry.at.get(finding.key, entry.place)
    return Problem(file.path, *place, "advice", finding.message)


class Health(NamedTuple):
    """What `doctor` found."""

    damage: str | None
    differences: list[str]
    events: int
    repaired: bool


def examine(col: Collection) -> Health:
    """Fold the log again, compare with the cache, and mend the cache where they differ."""
    log = col.progress
    if log is None:
        return Health(None, [], 0, False)
    damage = log.damage()
    if damage:
        return Health(damage, [], 0, False)
    cached = dict(log.all_standings())
    differences, events = [], 0
    for card, rows in log.histories():
        events += len(rows)
        wanted = scheduler.fold(rows, col.preset)
        if not _same(cached.pop(card, None), wanted):
            differences.append(card)
    differences.extend(cached)
    if differences and log.writable:
        log.rebuild(lambda rows: scheduler.fold(rows, col.preset), col.preset)
    return Health(None, sorted(differences), events, bool(differences) and log.writable)


def _same(one: CardState | None, two: CardState) -> bool:
    if one is None or one.memory is None or two.memory is None:
        return one == two
    left, right = one.memory, two.memory
    close = isclose(left.stability, right.stability, rel_tol=1e-9) and isclose(
        left.difficulty, right.difficulty, rel_tol=1e-9
    )
    facts = ("state", "due_day", "due_ms", "interval", "last_day", "last_ms", "step", "reps", "lapses")
    rest = (one.suspended, one.buried_on, one.last_event, one.last_ms)
    return (
        close
        and all(getattr(left, name) == getattr(right, name) for name in facts)
        and rest == (two.suspended, two.buried_on, two.last_event, two.last_ms)
    )


def kept_backups(home: config.Home) -> list[Path]:
    """Newest first."""
    with suppress(OSError):
        return sorted(home.backups.glob("*.db"), key=lambda path: path.stat().st_mtime, reverse=True)
    return []


def back_up(target: Path | None) -> Path:
    """Copy the progress file to `target`, or beside the daily backups.

    Raises:
        UsageError: There is nothing to back up yet.
    """
    home = config.home()
    progress = store.open_store(home.progress, home.backups, create=False)
    if progress is None:
        raise UsageError(f"there is no progress at {home.progress} yet; `dlquiz study` begins")
    try:
        stamp = now(config.load(home)).at.astimezone()
        path = target or home.backups / f"by-hand-{stamp:%Y-%m-%dT%H%M%S}.db"
        if target and target.is_dir():
            raise UsageError(f"{target} is a folder; name a file in it")
        if os.path.realpath(path) == os.path.realpath(home.progress):
            raise UsageError(f"{path} is the progress file itself; name another file")
        _make(path.parent)
        progress.copy_to(path)
        return path
    finally:
        progress.close()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"can't create {folder}: {error.strerror or error}; name another file") from error


def restore(source: Path) -> tuple[Path, Path | None]:
    """Put a backup in place; the replaced file is kept.

    Returns:
        The progress file, and where the replaced one lies now.
    """
    home = config.home()
    home.make()
    at = now(config.Settings()).at.astimezone()
    return home.progress, store.backups.restore(source, home.progress, home.backups, at)


def disputed(health: Health) -> Iterator[str]:
    """The cards whose cached card state differed, a few of them."""
    yield from health.differences[:20]
