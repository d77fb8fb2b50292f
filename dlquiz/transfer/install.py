"""Notes from elsewhere become files of a bank of one's own: all that come together appear together, checked, or none does."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
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
Files = Mapping[str, bytes]  # of a bank, by their paths in its folder


def bank_files(
    bank: str,
    notes: Iterable[Mapping[str, Any]],
    sources: Mapping[str, Mapping[str, Any]],
    called: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    was: Sequence[str] = (),
) -> dict[str, bytes]:
    """The files of a bank: one a topic, and the sources its notes cite.

    Args:
        bank: Its name.
        notes: Fields by the names of the format.
        sources: By key.
        called: Title and aliases by topic.
        was: Former names of the bank, oldest first.
    """
    topics: dict[str, list[Mapping[str, Any]]] = {}
    for note in notes:
        topics.setdefault(note.get("topic") or bank, []).append(note)
    files: dict[str, bytes] = {}
    for topic, of_topic in topics.items():
        text = write.text(bank, topic, of_topic, **called.get(topic, {}), was=() if files else was)
        files[file_name(topic)] = text.encode()
    return {**files, "sources.yaml": write.sources(sources).encode()} if sources else files


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
    staged_files = _Numbered({f"{number}": banks[target] for number, target in folders.items()})
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


class WithPictures(Mapping[str, bytes]):
    """Files of a bank; its pictures are read one at a time, when they are asked for."""

    def __init__(self, files: Files, pictures: Mapping[str, str], read: Callable[[str], bytes]) -> None:
        """pictures: Path in the bank's folder -> what `read` knows the picture by."""
        self._files, self._pictures, self._read = files, pictures, read

    def __getitem__(self, path: str) -> bytes:
        return self._files[path] if path in self._files else self._read(self._pictures[path])

    def __iter__(self) -> Iterator[str]:
        yield from (*self._files, *self._pictures)

    def __len__(self) -> int:
        return len(self._files) + len(self._pictures)


class _Numbered(Mapping[str, bytes]):
    """The files of several folders under one; each is made when it is asked for."""

    def __init__(self, folders: Mapping[str, Files]) -> None:
        self._folders = folders

    def __getitem__(self, path: str) -> bytes:
        folder, _, name = path.partition("/")
        return self._folders[folder][name]

    def __iter__(self) -> Iterator[str]:
        return (f"{folder}/{name}" for folder, files in self._folders.items() for name in files)

    def __len__(self) -> int:
        return sum(map(len, self._folders.values()))
