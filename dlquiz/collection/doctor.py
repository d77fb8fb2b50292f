"""Looking after the log: is it whole, does the cache agree with it, is a copy fuller; backups and the way back."""

import os
from collections.abc import Iterator
from contextlib import closing, suppress
from math import isclose
from pathlib import Path
from typing import NamedTuple

from dlquiz import config, files, scheduler, store
from dlquiz.card import CardState
from dlquiz.collection import Collection, now
from dlquiz.errors import StoreError, UsageError
from dlquiz.store import backups
from dlquiz.store import counts as log_counts


class Health(NamedTuple):
    """What `doctor` found."""

    damage: str | None  #: what SQLite's own check says, with what to do
    differences: list[str]  #: cards of which the cache said another thing than the log
    rows: int  #: in the log
    repaired: bool
    fuller: tuple[Path, int] | None = None  #: a backup with more rows than the log, and how many
    doubled: int = 0  #: rows that said again what another row says, by way of Anki


class Mended(NamedTuple):
    """What of the file itself was mended."""

    reindexed: bool = False  #: the indexes were damaged, and were made anew
    texts: bool = False  #: some were no text any more; what still is one was kept
    aside: Path | None = None  #: what keeps the rows that can't be read


def mend() -> Mended:
    """Make damaged indexes anew, and take what can't be read out of the log. Needs no bank.

    Raises:
        StoreError: The log is damaged otherwise, or can't be written.
    """
    home = config.home()
    with closing(store.open_store(home.progress, home.backups, create=False)) as log:
        reindexed = log.damage() is not None and log.writable and log.mend_indexes()
        if log.damage():
            return Mended()
        mended_texts = log.writable and log.mend_texts()
        ids = log.unreadable()
        return Mended(reindexed, mended_texts, log.set_aside(ids) if ids and log.writable else None)


def examine(col: Collection) -> Health:
    """Fold the log again, compare with the cache, and mend the cache where they differ."""
    log = col.progress
    damage = log.damage()
    if damage:
        return Health(damage, [], 0, False)
    doubled = log.doubled()
    if doubled and log.writable:
        log.drop_doubles(lambda history: scheduler.fold(history, col.preset), col.now().day)
    cached = dict(log.kept_standings())
    differences, events = [], 0
    for card, history in log.histories():
        events += len(history)
        folded = scheduler.fold(history, col.preset)
        if not _same(cached.pop(card, None), folded):
            differences.append(card)
    differences.extend(cached)
    if differences and log.writable:
        log.rebuild(scheduler.fold, col.preset)
    fuller = backups.fuller(col.home.backups, log_counts.rows_once(log))
    repaired = bool(differences or doubled) and log.writable
    return Health(None, sorted(differences), events, repaired, fuller, doubled)


def spoilt(col: Collection) -> str | None:
    """What in the file can have led to an error that no sound file leads to, and what to do; None where the file is sound."""
    log = col.progress
    try:
        if damage := log.damage():
            return damage
        if log.unreadable():
            return (
                f"{log.path}: the log has a row that can't be read; `dlquiz doctor` sets it aside and keeps all others"
            )
        cached = dict(log.kept_standings())
        wrong = [card for card, history in log.histories() if not _same(cached.get(card), col.fold(history))]
    except (StoreError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        return f"{log.path} can't be read ({error}); `dlquiz doctor` says what to do"
    if wrong:
        return f"{log.path}: what it remembers of the answers is damaged; `dlquiz doctor` makes it anew from them"
    return None


def remarks(col: Collection) -> Iterator[str]:
    """What is odd about the files of the home, each with the command that mends it; cheap enough for every start.

    That a backup is fuller than the log is looked into until the day's own backup is made.
    """
    home = col.home
    for path in copies(home):
        yield f"{path.name} lies beside progress.db; if another machine left it there, unite both with: dlquiz import {files.quoted(path)}"
    made_today = (home.backups / f"progress-{col.now().day}.db").exists()
    if not made_today and backups.as_large(home.backups, home.progress):
        row_count = log_counts.rows_once(col.progress)
        fuller = backups.fuller(home.backups, row_count)
        if fuller:
            yield fuller_text(fuller, row_count)


def fuller_text(backup: tuple[Path, int], row_count: int) -> str:
    path, backup_rows = backup
    fewer = (
        f"progress.db has {row_count} rows, fewer than the {backup_rows} of a backup; if an older file took its place, "
    )
    if backups.rows_in(path) != backup_rows:  # an import refuses a file with a row that can't be read
        return f"{fewer}go back to it with: dlquiz restore {files.quoted(path)} (and then `dlquiz doctor`)"
    return f"{fewer}unite both with: dlquiz import {files.quoted(path)}"


def copies(home: config.Home) -> list[Path]:
    """Other progress files in the home, as programs that sync folders leave them there."""
    return sorted(path for path in home.path.glob("progress*.db") if path != home.progress and path.is_file())


def _same(cached: CardState | None, folded: CardState) -> bool:
    if cached is None or cached.memory is None or folded.memory is None:
        return cached == folded
    left, right = cached.memory, folded.memory
    close = isclose(left.stability, right.stability, rel_tol=1e-9) and isclose(
        left.difficulty, right.difficulty, rel_tol=1e-9
    )
    facts = ("state", "due_day", "due_ms", "interval", "last_day", "last_ms", "step", "reps", "lapses")
    rest = (cached.suspended, cached.buried_on, cached.last_event, cached.last_ms)
    return (
        close
        and all(getattr(left, name) == getattr(right, name) for name in facts)
        and rest == (folded.suspended, folded.buried_on, folded.last_event, folded.last_ms)
    )


def kept_backups(home: config.Home) -> list[Path]:
    """Newest first."""
    with suppress(OSError):
        return sorted(home.backups.glob("*.db"), key=lambda path: path.stat().st_mtime, reverse=True)
    return []


def back_up(target: Path | None, *, force: bool = False) -> Path:
    """Copy the progress file to `target`, or beside the daily backups.

    Args:
        target: A file; with `force` one that is there is replaced whatever it holds, else only an earlier backup of this log.

    Raises:
        UsageError: There is nothing to back up yet, or something else has the file's name.
    """
    home = config.home()
    if not home.progress.exists():
        raise UsageError(f"there is nothing to back up yet at {home.progress}; `dlquiz study` begins")
    with closing(store.open_store(home.progress, home.backups, create=False)) as progress:
        stamp = now(config.load(home)).at.astimezone()
        path = target or home.backups / f"by-hand-{stamp:%Y-%m-%dT%H%M%S}.db"
        if target and target.is_dir():
            raise UsageError(f"{target} is a folder; name a file in it")
        if os.path.realpath(path) == os.path.realpath(home.progress):
            raise UsageError(f"{path} is the progress file itself; name another file")
        if target and not force and not progress.holds_all_of(target):
            raise UsageError(
                f"{target} is there already, and is no earlier backup of this log; name another file, or replace it with --force"
            )
        _make(path.parent)
        progress.copy_to(path)
        return path


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
