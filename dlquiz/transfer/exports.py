"""What every export does: it chooses the cards, looks at the place where the file will lie, and says what it holds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from dlquiz import files
from dlquiz.anki import package
from dlquiz.bank import index, select
from dlquiz.card import CardRef
from dlquiz.collection import Collection
from dlquiz.errors import StoreError, UsageError

_HEAD = 4096  # bytes of a file that tell whose it is
_OWN = {
    ".json": re.compile(rb'\s*\{\s*"dlquiz"\s*:'),
    ".csv": re.compile(rb"#separator:Comma\n#html:true\n#notetype:Basic\n#columns:Front,Back,Deck,Tags,GUID\n"),
    ".md": re.compile(rb"# Study guide\n\n[^\n]+ of one fact each\.\n"),
    ".html": re.compile(
        rb"<!DOCTYPE html>\n<html lang=\"en\">.*<meta name=\"generator\" content=\"dlquiz\">", re.DOTALL
    ),
}  # how what was exported begins; a package bears a mark at its end


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
    if os.path.exists(target) and not os.path.isfile(target):
        raise UsageError(f"{target} is no file that could be replaced; name another")


def insist_own(target: Path) -> None:
    """Refuse to replace what `export` did not write; an empty file is nobody's.

    Raises:
        UsageError: The file is somebody else's.
    """
    own = _OWN.get(target.suffix.lower())
    try:
        with open(target, "rb") as file:
            head = file.read(_HEAD)
            file.seek(-min(os.path.getsize(target), len(package.MARK)), os.SEEK_END)
            end = file.read()
    except OSError:  # there is none, or writing it will say what is wrong
        return
    if head and not (own.match(head) if own else end == package.MARK):
        raise UsageError(
            f"{target} is there already, and `dlquiz export` did not write it; name another file, or replace it with --force"
        )


def chosen(col: Collection, selected: select.Selection | None) -> list[CardRef]:
    """The cards to export.

    Raises:
        UsageError: There are none.
    """
    cards = [card for card in col.bank.in_order() if selected is None or selected.holds(card)]
    if not cards:
        raise UsageError("there are no cards to export; leave --no-builtin out or name a bank with --bank PATH")
    return cards


def by_note(bank: index.Bank, selected: select.Selection | None) -> Iterator[tuple[str, list[CardRef]]]:
    """The cards to export, note by note: so the text of each note is read once, which `in_order` does not grant."""
    for note in bank.note_ids():
        card_ids = bank.cards_of(note)
        card_refs = bank.card_refs(card_ids)
        cards = [card_refs[card] for card in card_ids if selected is None or selected.holds(card_refs[card])]
        if cards:
            yield note, cards


def put(target: Path, pieces: Iterable[str]) -> None:
    """Write a text that comes in pieces into a file: whole or not at all, one that is there is replaced.

    Raises:
        StoreError: It can't be written.
    """
    try:
        files.write_pieces(target, pieces)
    except OSError as error:
        raise StoreError(f"can't write {target}: {error.strerror or error}; nothing was changed") from error


def without_progress(asked: bool, target: Path) -> tuple[str, ...]:
    """What is to be said where progress was asked for and the form can hold the user's remarks alone."""
    words = f"{target.suffix} can't hold progress beyond your remarks; .json does, and .apkg with --progress"
    return (words,) if asked else ()


def remarks(col: Collection, *, with_progress: bool) -> dict[str, str]:
    """The user's own remarks by card, for a form that shows texts; they go along with progress, so that a deck can be shared without."""
    return {card: text for card, (text, _) in col.progress.remarks().items() if text} if with_progress else {}
