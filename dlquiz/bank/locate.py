"""Where cards are written: file and line, and whether the user may change that file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from dlquiz.bank import index, read
from dlquiz.bank import paths as bank_paths
from dlquiz.bank.roots import is_builtin
from dlquiz.card import note_of


class Location(NamedTuple):
    """Where something is written."""

    path: Path
    line: int  #: from 1
    builtin: bool

    @property
    def shown(self) -> str:
        """The path as others can use it: for the built-in bank, its path in the repository."""
        return f"questions/{self.path.name}" if self.builtin else str(self.path)


def located(bank: index.Bank, ids: Iterable[str]) -> dict[str, Location]:
    """Where each of these notes and cards begins; ids that the bank lacks are left out."""
    by_file: dict[str, set[str]] = {}
    for any_id in ids:
        file = bank.file_of(note_of(any_id))
        if file:
            by_file.setdefault(file, set()).add(any_id)
    locations: dict[str, Location] = {}
    for file, ids_here in by_file.items():
        path = Path(file)
        builtin = is_builtin(path)
        for note in read.read(path, builtin=builtin).notes:
            for entry in (note, *note["cards"]):
                if entry["id"] in ids_here:
                    locations[entry["id"]] = Location(path, entry.place[0], builtin)
    return locations


def installed() -> bool:
    """Does the built-in bank lie inside an installed package, where the next upgrade replaces it? In a checkout it does not."""
    return bank_paths.builtin_folder().parent == Path(bank_paths.__file__).resolve().parent.parent
