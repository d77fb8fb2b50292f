"""The official `anki` package as an oracle. In CI a missing one is a failure, elsewhere a skip."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest

try:
    from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
    from anki.import_export_pb2 import (
        IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS,
        IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER,
    )
except ImportError:
    if os.environ.get("CI"):
        raise
    pytest.skip("the anki package can't be installed here", allow_module_level=True)

IF_NEWER, ALWAYS = IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER, IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS


class Imported(NamedTuple):
    """How many notes of a package were new, and so on."""

    new: int
    updated: int
    unchanged: int
    conflicting: int


def fresh(folder: Path, *, fsrs: bool = True) -> Collection:
    """A new collection."""
    collection = Collection(str(folder / "collection.anki2"))
    collection.set_config("fsrs", fsrs)
    return collection


def take(collection: Collection, package: Path, *, condition: Any = IF_NEWER, merge: bool = False) -> Imported:
    """Import a package as the documentation says."""
    options = ImportAnkiPackageOptions(
        merge_notetypes=merge,
        update_notes=condition,
        update_notetypes=condition,
        with_scheduling=True,
        with_deck_configs=True,
    )
    log = collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options)).log
    return Imported(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))


def rows(collection: Collection, query: str, *values: Any) -> list[Any]:
    """What an SQL query finds."""
    assert collection.db is not None
    return collection.db.all(query, *values)


def fields(collection: Collection, card: str) -> dict[str, str]:
    """The fields of the note that is this card of dlquiz."""
    return dict(collection.get_note(note_of(collection, card)).items())


def note_of(collection: Collection, card: str) -> Any:
    (found,) = collection.find_notes(f'"Id:{card}"')
    return found


def card_of(collection: Collection, card: str) -> Any:
    (found,) = collection.find_cards(f'"Id:{card}"')
    return found
