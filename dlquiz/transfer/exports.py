"""What every export does: it chooses the cards, looks at the place where the file will lie, and says what it holds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from dlquiz import files
from dlquiz.bank import select
from dlquiz.card import CardRef
from dlquiz.collection import Collection
from dlquiz.errors import StoreError, UsageError


class ExportResult(NamedTuple):
    """What an export holds."""

    path: Path
    cards: int
    answers: int = 0
    remarks: tuple[str, ...] = ()  #: what could not be taken along, and why


def check_target(target: Path) -> None:
    """Refuse a file that can't be made, before anything else is done.

    Raises:
        UsageError: It is a folder, or lies in none.
    """
    if os.path.isdir(target):  # unlike Path.is_dir it raises nothing
        raise UsageError(f"{target} is a folder; name a file in it")
    if not os.path.isdir(target.parent):
        raise UsageError(f"there is no folder {target.parent}; make it or name another file")


def chosen(col: Collection, selected: select.Selection | None) -> list[tuple[int, CardRef]]:
    """The cards to export, each with its place in the whole bank, from 1.

    Raises:
        UsageError: There are none.
    """
    cards = enumerate(col.bank.in_order(), 1)
    found = [(place, card) for place, card in cards if selected is None or selected.holds(card)]
    if not found:
        raise UsageError("there are no cards to export; leave --no-builtin out or name a bank with --bank PATH")
    return found


def put(target: Path, text: str) -> None:
    """Write a file: whole or not at all, one that is there is replaced.

    Raises:
        StoreError: It can't be written.
    """
    try:
        files.write_text(target, text)
    except OSError as error:
        raise StoreError(f"can't write {target}: {error.strerror or error}; nothing was changed") from error


def without_progress(asked: bool, target: Path) -> tuple[str, ...]:
    """What is to be said where progress was asked for and the form can't hold it."""
    return (f"{target.suffix} can't hold progress; .json does, and .apkg with --progress",) if asked else ()
