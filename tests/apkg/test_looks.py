"""What Anki makes of every card of the built-in bank: its own renderer shows both sides of each."""

from __future__ import annotations

import re
from collections.abc import Iterator

import oracle
import pytest
from anki.collection import Collection

from dlquiz import collection as dlquiz_collection
from dlquiz import config, store
from dlquiz.anki import notetypes
from dlquiz.bank import index
from dlquiz.transfer import to_anki


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A collection with the built-in bank; no test changes it."""
    folder = tmp_path_factory.mktemp("looks")
    nowhere = config.Home(folder / "none")
    bank = index.open_bank(dlquiz_collection.roots(dlquiz_collection.BankPaths(), nowhere), None)
    empty = store.open_store(nowhere.progress, nowhere.backups, create=False)
    col = dlquiz_collection.Collection(nowhere, config.Settings(), bank, empty)
    to_anki.apkg(col, folder / "deck.apkg", None, with_progress=False)
    empty.close()
    bank.close()
    opened = oracle.fresh(folder)
    oracle.take(opened, folder / "deck.apkg")
    yield opened
    opened.close()


def text_of(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html)


@pytest.mark.parametrize("notetype", notetypes.ALL, ids=lambda each: each.name)
def test_every_card_has_two_sides_and_the_question_does_not_tell(
    collection: Collection, notetype: notetypes.NoteType
) -> None:
    answers = {notetypes.EXPLAIN.id: "Short", notetypes.BASIC.id: "Back"}
    found = collection.find_cards(f'"note:{notetype.name}"')
    assert found
    for number in found:
        card = collection.get_card(number)
        made, values = card.render_output(), dict(card.note().items())
        for side in (made.question_text, made.answer_text):
            assert "{{" not in side
            assert "<script" not in side
        assert '<hr id="answer">' not in made.question_text
        assert '<hr id="answer">' in made.answer_text
        if notetype.id in answers:
            answer = values[answers[notetype.id]]
            assert answer in made.answer_text
            assert answer not in made.question_text or len(text_of(answer)) < 10
        if notetype.cloze:
            assert "[...]" in made.question_text
            assert "[...]" not in made.answer_text
        assert values["Id"] in made.answer_text
        assert "CC BY 4.0" in made.answer_text


def test_nothing_is_missing_or_without_a_card(collection: Collection) -> None:
    assert not collection.media.check().missing
    assert not collection.get_empty_cards().notes
    assert {deck["name"].partition("::")[0] for deck in collection.decks.all() if deck["id"] != 1} == {"dlquiz"}


def test_every_tag_is_ours_and_names_topic_and_kind(collection: Collection) -> None:
    for number in collection.find_notes(""):
        tags = collection.get_note(number).tags
        assert all(tag.startswith("dlquiz::") for tag in tags)
        assert sum(tag.startswith("dlquiz::topic::") for tag in tags) == 1
        assert sum(tag.startswith("dlquiz::kind::") for tag in tags) == 1
