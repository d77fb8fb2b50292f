"""A deck that was just imported asks in dlquiz's own order, and says what it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import oracle
import pytest
from anki.collection import Collection

from dlquiz import __version__, deck
from dlquiz import collection as dlquiz_collection
from dlquiz.card import CardRef
from dlquiz.collection import BankPaths
from dlquiz.transfer import to_anki


@pytest.fixture(scope="module", params=[False, True], ids=["cards alone", "with progress"])
def imported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[CardRef], Collection]]:
    """The built-in bank's cards in the order of introduction, and a fresh collection that has them; no test changes either."""
    folder = tmp_path_factory.mktemp("order")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DLQUIZ_HOME", str(folder / "home"))
        with dlquiz_collection.opened(BankPaths(), write=False) as col:
            to_anki.apkg(col, folder / "deck.apkg", None, with_progress=request.param)
            cards = list(deck.introduction(col.bank.in_order()))
        collection = oracle.fresh(folder)
        oracle.take(collection, folder / "deck.apkg")
        yield cards, collection
        collection.close()


def test_new_cards_come_in_the_order_in_which_dlquiz_introduces_them(
    imported: tuple[list[CardRef], Collection],
) -> None:
    cards, collection = imported
    collection.decks.select(collection.decks.id("dlquiz"))  # type: ignore[arg-type]  # it is there

    scheduler: Any = collection.sched
    queued = scheduler.get_queued_cards(fetch_limit=100).cards

    found = [collection.get_card(entry.card.id).note()["Id"] for entry in queued]
    assert found == [card.id for card in cards[:10]]
    positions = oracle.rows(collection, "SELECT id FROM cards ORDER BY due")
    in_order = [collection.get_card(number).note()["Id"] for (number,) in positions]
    assert in_order == [card.id for card in cards]


def test_siblings_and_topics_are_kept_apart(imported: tuple[list[CardRef], Collection]) -> None:
    cards, _ = imported
    first = cards[: len(cards) // 2]
    assert not [one.id for one, two in pairwise(first) if one.note == two.note]
    assert len({card.topic for card in cards[:10]}) > 3
    assert sum(card.spoken for card in cards[:20]) == 4


def test_the_top_deck_says_version_number_of_cards_and_licence(imported: tuple[list[CardRef], Collection]) -> None:
    cards, collection = imported
    top = collection.decks.by_name("dlquiz")
    assert top is not None
    assert top["desc"].startswith(
        f"Deep-learning interview questions: {len(cards)} cards, exported by dlquiz {__version__}."
    )
    assert "CC BY 4.0" in top["desc"]
    assert {each["desc"] for each in collection.decks.all() if each["name"].startswith("dlquiz::")} == {""}
