"""What Anki's own text import makes of a `.csv`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import oracle
import pytest
from anki.collection import Collection, ImportCsvRequest

from dlquiz import collection as dlquiz_collection
from dlquiz import config, store
from dlquiz.bank import index
from dlquiz.collection import Collection as OurCollection
from dlquiz.transfer import csv_file, to_anki


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OurCollection]:
    """The built-in bank, never studied."""
    nowhere = config.Home(tmp_path_factory.mktemp("csv") / "none")
    bank = index.open_bank(dlquiz_collection.roots(dlquiz_collection.BankPaths(), nowhere), None)
    with closing(bank), closing(store.open_store(nowhere.progress, nowhere.backups, create=False)) as empty:
        yield OurCollection(nowhere, config.Settings(), bank, empty)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    opened = oracle.fresh(tmp_path)
    yield opened
    opened.close()


def take(collection: Collection, file: Path) -> dict[str, int]:
    """How many notes of a text import met which end, as Anki proposes it without any choice made by hand."""
    metadata = collection.get_csv_metadata(str(file), delimiter=None)
    log = collection.import_csv(ImportCsvRequest(path=str(file), metadata=metadata)).log
    names = ("new", "updated", "duplicate", "conflicting", "first_field_match", "empty_first_field", "missing_deck")
    return {name: len(found) for name in names if (found := getattr(log, name))}


def test_every_card_arrives_once_with_its_deck_its_tags_and_both_sides_as_html(
    collection: Collection, place: OurCollection, tmp_path: Path
) -> None:
    file = tmp_path / "cards.csv"
    csv_file.export_file(place, file, None, with_progress=False)

    assert take(collection, file) == {"new": len(list(place.bank.in_order()))}

    for card_ref in place.bank.in_order():
        (found,) = oracle.rows(collection, "select id from notes where guid = ?", f"dlquiz:{card_ref.id}")
        note = collection.get_note(found[0])
        (card,) = note.cards()
        assert collection.decks.name(card.did) == f"dlquiz::{card_ref.topic}"
        assert set(note.tags) == set(place.bank.note(card_ref.note).tags)
        shown = card.render_output().answer_text
        assert note["Front"] in shown
        assert note["Back"] in shown
        assert "$" not in shown.replace("\\$", "")
    (blocks,) = oracle.rows(collection, "select count() from notes where flds like '%\\(%' and flds like '%<strong>%'")
    assert blocks[0] > 20


def test_the_same_table_again_or_after_a_package_makes_no_second_card(
    collection: Collection, place: OurCollection, tmp_path: Path
) -> None:
    count = len(list(place.bank.in_order()))
    csv_file.export_file(place, tmp_path / "cards.csv", None, with_progress=False)
    to_anki.apkg(place, tmp_path / "deck.apkg", None, with_progress=False)

    assert oracle.take(collection, tmp_path / "deck.apkg").new == count
    assert take(collection, tmp_path / "cards.csv") == {"conflicting": count}
    assert collection.note_count() == count


def test_a_row_that_was_edited_here_is_updated_there(
    collection: Collection, place: OurCollection, tmp_path: Path
) -> None:
    file = tmp_path / "cards.csv"
    csv_file.export_file(place, file, None, with_progress=False)
    count = take(collection, file)["new"]
    text = file.read_text(encoding="utf-8")
    question = place.bank.note(place.bank.note_ids()[0]).question
    assert text.count(question) == 1
    file.write_text(text.replace(question, "#1: another question?"), encoding="utf-8")

    assert take(collection, file) == {"updated": 1, "duplicate": count - 1}
    assert collection.note_count() == count
