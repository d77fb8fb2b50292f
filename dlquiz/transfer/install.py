"""Notes from elsewhere become files of a bank of one's own: all that come together appear together, checked, or none does."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dlquiz import config
from dlquiz.bank import ids, index, read, write
from dlquiz.errors import BankError
from dlquiz.transfer import staging

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
Files = Mapping[str, staging.Make]  # of a bank, by their paths in its folder
Notes = Iterable[Mapping[str, Any]]  # fields by the names of the format


def bank_files(
    bank: str,
    topics: Mapping[str, Callable[[], Notes]],
    sources: Mapping[str, Mapping[str, Any]],
    called: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    was: Sequence[str] = (),
) -> dict[str, staging.Make]:
    """The files of a bank: one a topic, and the sources its notes cite.

    Args:
        bank: Its name.
        topics: The notes of each, which are asked for when its file is made.
        sources: By key.
        called: Title and aliases by topic.
        was: Former names of the bank, oldest first.
    """
    files: dict[str, staging.Make] = {}
    for topic, notes in topics.items():
        files[file_name(topic)] = partial(_topic_file, bank, topic, notes, called.get(topic, {}), () if files else was)
    return {**files, "sources.yaml": lambda: [write.sources(sources).encode()]} if sources else files


def _topic_file(
    bank: str, topic: str, notes: Callable[[], Notes], called: Mapping[str, Any], was: Sequence[str]
) -> Iterator[bytes]:
    return (piece.encode() for piece in write.pieces(bank, topic, notes(), **called, was=was))


def file_name(topic: str) -> str:
    """What the file of a topic is called."""
    return f"topic-{topic}.yaml" if topic in _TAKEN else f"{topic}.yaml"


def folder_name(bank: str) -> str:
    """What the folder of a bank is called."""
    return f"bank-{bank}" if bank in _TAKEN else bank


def install(home: config.Home, banks: Mapping[Path, Files], around: Iterable[index.Root] = ()) -> None:
    """Put files into folders of their own: all, on the disk, or none.

    Args:
        home: The user's.
        banks: What each folder will hold; none of them is there yet.
        around: The banks that they will lie beside.

    Raises:
        BankError: The files are no sound banks, or don't go together with those that are there.
        StoreError: They can't be written.
    """
    if not banks:
        return
    folders = dict(enumerate(banks))
    staged_files = {
        f"{number}/{name}": make for number, target in folders.items() for name, make in banks[target].items()
    }
    with staging.staged(home, folders.values(), staged_files, lambda folder: check(folder, around)) as staged:
        for number, target in folders.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged / f"{number}", target)
            staging.sync(target.parent)


def extend(home: config.Home, bank: str, files: Files) -> Path:
    """Put files beside those that `banks/<bank>/` has: each whole, or not at all. None of those that are there is touched.

    Returns:
        The folder.

    Raises:
        BankError: The files are no sound bank.
        StoreError: They can't be written.
    """
    target = home.banks / folder_name(bank)
    with staging.staged(home, [target, *(target / name for name in files)], files, check) as staged:
        for name in sorted(files, key=lambda name: (name.endswith(".yaml"), name)):  # pictures before what shows them
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged / name, path)
        staging.sync(target)
    return target


def free_name(home: config.Home, slug: str, taken: Container[str] = ()) -> str:
    """The name of a bank that neither the home nor `taken` has: `deck`, `deck-2` ..."""
    names = (slug if number == 1 else f"{slug}-{number}" for number in count(1))
    return next(name for name in names if name not in taken and not _is_taken(home, name))


def _is_taken(home: config.Home, bank: str) -> bool:
    return any(os.path.lexists(home.banks / name) for name in (folder_name(bank), f"{bank}.yaml"))


def check(folder: Path, around: Iterable[index.Root] = ()) -> None:
    """Refuse files that are no sound bank, or that clash with the banks around them.

    Raises:
        BankError: What is wrong.
    """
    files = [read.read(path, builtin=False) for path in index.Root(folder).files()]
    beside = [read.read(path, builtin=root.builtin) for root in around for path in root.files()]
    earlier = set(ids.cross_check(beside))
    clashes = [problem for problem in ids.cross_check([*beside, *files]) if problem not in earlier]
    problems = [problem for file in files for problem in file.errors] + clashes
    if problems:
        raise BankError(f"{problems[0].message}; nothing was imported")
