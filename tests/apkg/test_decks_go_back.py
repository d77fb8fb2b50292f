"""Other people's decks exported again: an Anki that has them gets nothing a second time, one that has not gets all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import oracle
import pytest
from anki.collection import Collection, ExportAnkiPackageOptions
from builders import called

from dlquiz import collection as dlquiz_collection
from dlquiz import session
from dlquiz.card import Moment, Rating
from dlquiz.collection import BankPaths, doctor
from dlquiz.transfer import from_anki, sync, to_anki
from dlquiz.transfer.exports import ExportResult

OWN = BankPaths(builtin=False)
PICTURE = b"\x89PNG\r\n\x1a\nanything"


class There(NamedTuple):
    """The Anki that has the deck, and the deck as a file."""

    collection: Collection
    deck: Path
    folder: Path


def add(collection: Collection, kind: str, guid: str, *texts: str) -> None:
    note = collection.new_note(collection.models.by_name(kind))  # type: ignore[arg-type]  # Anki's own
    note.fields[: len(texts)] = texts
    note.guid = guid
    collection.add_note(note, collection.decks.id("Theirs::Words"))  # type: ignore[arg-type]  # it makes the deck


def export(collection: Collection, path: Path) -> Path:
    options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=False)
    collection.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


@pytest.fixture
def there(tmp_path: Path) -> Iterator[There]:
    collection = oracle.fresh(tmp_path)
    collection.media.write_data("curve.png", PICTURE)
    add(collection, "Basic", "guid-one", "one", "<b>eins</b>")
    add(collection, "Basic (and reversed card)", "guid-two", '<img src="curve.png">', "sigmoid")
    add(collection, "Cloze", "K~N'c\"y)2&i", "{{c1::sun}}, {{c3::moon}}", "sky")
    yield There(collection, export(collection, tmp_path / "theirs.apkg"), tmp_path)
    collection.close()


def studied(days: int) -> list[str]:
    """Every card answered here, so many days ago."""
    with dlquiz_collection.opened(OWN, write=True) as col:
        now = col.now()
        moment = Moment(now.at - timedelta(days=days), now.day - timedelta(days=days))
        cards = [card_ref.id for card_ref in col.bank.in_order()]
        for card in cards:
            card_view = col.card_view(card, moment)
            shown = session.show(session.Session(queue=()), card_view, "reveal")
            col.answer(card_view, session.answer(shown, Rating.GOOD, moment, col.preset, 900)[1], {})
    return cards


def exported(target: Path) -> ExportResult:
    with dlquiz_collection.opened(OWN, write=False) as col:
        return to_anki.apkg(col, target, None, with_progress=True)


def test_an_anki_that_has_the_deck_gets_nothing_a_second_time(there: There) -> None:
    from_anki.package(OWN, there.deck)
    cards = studied(3)
    done = exported(there.folder / "back.apkg")
    before = [
        oracle.rows(there.collection, f"SELECT * FROM {table} ORDER BY id") for table in ("notes", "cards", "revlog")
    ]

    taken = oracle.take(there.collection, there.folder / "back.apkg", condition=oracle.ALWAYS)

    assert len(cards) == done.cards == 5
    assert done.remarks == ()
    assert (taken.new, taken.updated) == (0, 0)
    after = [
        oracle.rows(there.collection, f"SELECT * FROM {table} ORDER BY id") for table in ("notes", "cards", "revlog")
    ]
    assert after == before


def test_an_anki_without_it_gets_notes_cards_pictures_and_the_log_and_its_answers_come_back(there: There) -> None:
    from_anki.package(OWN, there.deck)
    studied(3)
    exported(there.folder / "back.apkg")
    (there.folder / "phone").mkdir()
    phone = oracle.fresh(there.folder / "phone")

    assert oracle.take(phone, there.folder / "back.apkg").new == 3
    assert oracle.take(phone, there.folder / "back.apkg").unchanged == 3

    query = "SELECT n.guid, c.ord, c.type, c.reps FROM cards c JOIN notes n ON n.id = c.nid ORDER BY 1, 2"
    assert [tuple(row) for row in oracle.rows(phone, query)] == [
        ("K~N'c\"y)2&i", 0, 1, 1), ("K~N'c\"y)2&i", 2, 1, 1), ("guid-one", 0, 1, 1), ("guid-two", 0, 1, 1), ("guid-two", 1, 1, 1),
    ]  # fmt: skip
    assert [row[0] for row in oracle.rows(phone, "SELECT count(*) FROM revlog")] == [5]
    (number,) = phone.find_notes("sigmoid")
    asked, answered = (card.render_output() for card in phone.get_note(number).cards())
    assert "<img src=" in asked.question_text
    assert "sigmoid" not in asked.question_text
    assert "<img src=" in answered.answer_text
    assert phone.media.check().missing == []
    for card in phone.find_cards(""):
        theirs = phone.get_card(card)
        theirs.start_timer()
        phone.sched.answerCard(theirs, 3)

    done = from_anki.package(OWN, export(phone, there.folder / "phone.apkg"))

    assert done.said == ("added 5 rows of 5 cards to the log, 5 were there already",)
    assert done.remarks == ()
    with dlquiz_collection.opened(OWN, write=True) as col:
        assert not doctor.examine(col).differences
        memories: list[Any] = [col.card_state(card_ref.id).memory for card_ref in col.bank.in_order()]
    assert {memory.reps for memory in memories} == {2}
    phone.close()
    studied(0)
    done_there = [sync.with_file(OWN, there.folder / "phone" / "collection.anki2") for _ in range(2)]
    assert [(result.sent, result.received, result.skipped) for result in done_there] == [(5, 0, 0), (0, 0, 0)]


def notes() -> dict[str, tuple[str, str, list[tuple[str, str]]]]:
    """What the banks say, by GUID, but for the names of pictures."""
    with dlquiz_collection.opened(OWN, write=False) as col:
        whole = [col.bank.fields(note) or {} for note in sorted({card_ref.note for card_ref in col.bank.in_order()})]
    return {
        note["anki"]["guid"]: (
            re.sub(r"\(media/.*?\)", "", note["question"]),
            note["id"],
            [(card["id"], card["front"]) for card in note["cards"]],
        )
        for note in whole
    }


def test_what_would_be_there_twice_is_said_before_it_is_written(there: There) -> None:
    add(there.collection, "Cloze", "many", "".join(f"{{{{c{n}::x}}}}" for n in range(1, 33)), "")
    from_anki.package(OWN, export(there.collection, there.folder / "more.apkg"))

    deck = called("export", str(there.folder / "back.apkg"), "--no-builtin")
    table = called("export", str(there.folder / "back.csv"), "--no-builtin")

    assert "an Anki that still has that deck would get 32 cards of it a second time" in deck.stderr
    assert "an Anki that still has that deck would get 37 cards of it a second time" in table.stderr


def test_a_home_without_the_bank_makes_the_same_of_either_file(
    there: There, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    from_anki.package(OWN, there.deck)
    first = notes()
    exported(there.folder / "back.apkg")
    monkeypatch.setenv("DLQUIZ_HOME", str(home.parent / "other"))

    from_anki.package(OWN, there.folder / "back.apkg")

    assert notes() == first
    assert len(first) == 3


def test_a_card_that_was_added_to_their_note_goes_by_itself(there: There, home: Path) -> None:
    from_anki.package(OWN, there.deck)
    (file,) = (home / "banks" / "theirs").glob("*.yaml")
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("  answer: '**eins**'\n", "  answer: '**eins**'\n  cards: [{id: own, front: Mine?, back: Yes.}]\n")
    )
    exported(there.folder / "back.apkg")

    assert oracle.take(there.collection, there.folder / "back.apkg").new == 1
    assert oracle.fields(there.collection, "theirs/one-*.own")["Front"] == "Mine?"


def test_what_was_edited_in_an_exported_deck_is_told(there: There) -> None:
    from_anki.package(OWN, there.deck)
    exported(there.folder / "back.apkg")
    (there.folder / "phone").mkdir()
    phone = oracle.fresh(there.folder / "phone")
    oracle.take(phone, there.folder / "back.apkg")
    (number,) = phone.find_notes("eins")
    note = phone.get_note(number)
    note["Back 1"] = "uno"
    phone.update_note(note)

    done = from_anki.package(OWN, export(phone, there.folder / "phone.apkg"))

    assert len(done.remarks) == 2
    assert "edited in Anki, the bank was left as it is; there it says Back 1: uno" in done.remarks[0]
    phone.close()
