"""Bringing in what another dlquiz, another program or another machine wrote: the log joins ours, notes become a bank of one's own."""

from __future__ import annotations

import os
import shutil
import tempfile
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from dlquiz import config, scheduler, store
from dlquiz.bank import ids, index, read, write
from dlquiz.card import Ledger, note_of
from dlquiz.collection import BankPaths, Collection, opened
from dlquiz.errors import BankError, UsageError
from dlquiz.store.ledger import Merged
from dlquiz.text import phrases, slug
from dlquiz.transfer import json_log, staging, text_table

# What a file of a bank may not be called: it would be no bank, or no file that Windows can make.
_TAKEN = {
    "sources",
    "revisions",
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}


Told = Callable[[str, int, int], None]  # what is being done, how much of it is done, how much there is


class ImportResult(NamedTuple):
    """What an import brought."""

    said: tuple[str, ...]  #: what was done
    remarks: tuple[str, ...] = ()  #: what could not be carried, and why


def quiet(_what: str, _done: int, _whole: int) -> None:
    """Tell nobody how far an import has come."""


def progress_json(paths: BankPaths, file: Path, _told: Told = quiet) -> ImportResult:
    """Our own JSON: its log joins ours; notes of a bank that is not here yet become that bank.

    Raises:
        BankError: It is no such file, or damaged; nothing was changed.
    """
    found = json_log.read(contents(file, json_log.MAX_BYTES), str(file))
    remarks, made = [], []
    home = config.home()
    for bank, notes in _by_bank(found.notes).items():
        if (home.banks / bank).exists() or _known(paths, notes):
            remarks.append(f"the bank {bank} is here already; its text is left as it was")
        else:
            files = bank_files(bank, notes, _cited(notes, found.sources), found.topics)
            pictures = {path: b64decode(held) for path, held in found.pictures.get(bank, {}).items()}
            made.append(install(home, bank, {**pictures, **files}))
    merged = _join(paths, found.ledger)
    return ImportResult((*(f"made the bank {path}" for path in made), told(merged)), tuple(remarks))


def progress_db(paths: BankPaths, file: Path, _told: Told = quiet) -> ImportResult:
    """Another progress.db: the union of both logs.

    Raises:
        UsageError: There is no such file, or it is the log in use.
        StoreError: It is damaged, newer, or none of dlquiz's; nothing was changed.
    """
    home = config.home()
    if home.progress.exists() and os.path.realpath(file) == os.path.realpath(home.progress):
        raise UsageError(f"{file} is the progress in use; name another machine's file")
    with tempfile.TemporaryDirectory() as folder:  # a copy: with its journal, and an older format may be brought up
        copy = Path(folder, "progress.db")
        for ending in ("", "-wal"):
            part = file.with_name(file.name + ending)
            if part.is_file():
                shutil.copyfile(part, copy.with_name(copy.name + ending))
        store.backups.check(copy) if copy.exists() else contents(file, 0)
        with closing(store.open_store(copy, Path(folder), create=False)) as other:
            return ImportResult((told(_join(paths, other.as_ledger())),))


def rows(paths: BankPaths, file: Path, _told: Told = quiet) -> ImportResult:
    """A table of questions and answers: a bank of one's own, without history.

    Raises:
        BankError: It can't be read as such a table; nothing was changed.
    """
    del paths  # its notes are new ones, whatever banks there are
    home = config.home()
    found = text_table.read(contents(file, text_table.MAX_BYTES), str(file))
    bank = free_name(home, slug.slug(file.stem) or "imported")
    path = install(home, bank, bank_files(bank, found.notes, {}))
    count = len(found.notes)
    return ImportResult(
        (f"made the bank {path} with {count} {'card' if count == 1 else 'cards'}",), tuple(found.remarks)
    )


def contents(file: Path, most: int) -> bytes:
    """A file's bytes.

    Raises:
        UsageError: It can't be read.
        BankError: It is larger than `most` bytes.
    """
    try:
        if file.stat().st_size > most:
            raise BankError(f"{file}: larger than {most:,} bytes; nothing was imported")
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}; check the path") from error


def bank_files(
    bank: str,
    notes: Iterable[Mapping[str, Any]],
    sources: Mapping[str, Mapping[str, Any]],
    called: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> dict[str, bytes]:
    """The files of a bank: one a topic, `called` by its title and aliases, and the sources its notes cite."""
    topics: dict[str, list[Mapping[str, Any]]] = {}
    for note in notes:
        topics.setdefault(note.get("topic") or bank, []).append(note)
    files = {
        file_name(topic): write.text(bank, topic, found, **called.get(topic, {})).encode()
        for topic, found in topics.items()
    }
    return {**files, "sources.yaml": write.sources(sources).encode()} if sources else files


def file_name(topic: str) -> str:
    """What the file of a topic is called."""
    return f"topic-{topic}.yaml" if topic in _TAKEN else f"{topic}.yaml"


def install(home: config.Home, bank: str, files: Mapping[str, bytes]) -> Path:
    """Put a bank's files into `banks/<bank>/`: all of them, on the disk, or none.

    Returns:
        The folder.

    Raises:
        BankError: The files are no sound bank.
        StoreError: They can't be written.
    """
    target = home.banks / bank
    with staging.staged(home, target, files, _check) as staged:
        os.replace(staged, target)
        staging.sync(home.banks)
    return target


def extend(home: config.Home, bank: str, files: Mapping[str, bytes]) -> Path:
    """Put files beside those that `banks/<bank>/` has: each whole, or not at all. None of those that are there is touched.

    Returns:
        The folder.

    Raises:
        BankError: The files are no sound bank.
        StoreError: They can't be written.
    """
    target = home.banks / bank
    with staging.staged(home, target, files, _check) as staged:
        for name in sorted(files, key=lambda name: (name.endswith(".yaml"), name)):  # pictures before what shows them
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged / name, path)
        staging.sync(target)
    return target


def free_name(home: config.Home, wanted: str) -> str:
    """The name of a bank that is not taken: `deck`, `deck-2` ..."""
    name, number = wanted, 1
    while (home.banks / name).exists() or (home.banks / f"{name}.yaml").exists():
        number += 1
        name = f"{wanted}-{number}"
    return name


def _check(folder: Path) -> None:
    files = [read.read(path, builtin=False) for path in index.Root(folder).files()]
    problems = [problem for file in files for problem in file.errors] + ids.cross_check(files)
    if problems:
        raise BankError(f"{problems[0].message}; nothing was imported")


def _cited(
    notes: Iterable[Mapping[str, Any]], sources: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """Those of the sources that these notes cite."""
    wanted = {key for note in notes for key in json_log.cited(note)}
    return {key: source for key, source in sources.items() if key in wanted}


def _by_bank(notes: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Notes of banks of one's own, by the bank's slug; the built-in ones travel with the program."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for note in notes:
        bank = str(note["id"]).rpartition("/")[0]
        if bank:
            found.setdefault(bank, []).append(note)
    return found


def _known(paths: BankPaths, notes: Iterable[Mapping[str, Any]]) -> bool:
    """Is any of these notes in a bank that this run reads?"""
    from dlquiz.collection import opened_bank

    with opened_bank(paths) as bank:
        return bool(bank.card_refs(note_of(str(note["id"])) for note in notes))


def _join(paths: BankPaths, incoming: Ledger) -> Merged:
    with opened(paths, write=True) as col:
        return join(col, incoming)


def join(col: Collection, incoming: Ledger) -> Merged:
    """Add another log's rows to ours and fold the cards they touch."""
    log = col.log
    staging.clean(col.home)
    return log.join(incoming, lambda events: scheduler.fold(events, col.preset), col.now().day)


def told(merged: Merged) -> str:
    if not merged.added:
        return f"the log has all {phrases.counted(merged.known, 'row')} already; nothing was added"
    already = (
        f", {phrases.number(merged.known)} {'was' if merged.known == 1 else 'were'} there already"
        if merged.known
        else ""
    )
    return f"added {phrases.counted(merged.added, 'row')} of {phrases.counted(len(merged.cards), 'card')} to the log{already}"
