"""Which cards the banks and a collection of Anki both have, and which rows of our log Anki's log has already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dlquiz import doubles
from dlquiz.anki import identity
from dlquiz.anki.reader import notes
from dlquiz.anki.reader.collection import AnkiCollection
from dlquiz.anki.reader.records import AnkiCard, RevlogRow
from dlquiz.bank import index
from dlquiz.card import Event
from dlquiz.transfer.match_anki import KnownIds


class SharedCard(NamedTuple):
    """A card that the banks and Anki both have."""

    card: str  #: its id
    tail: str  #: what tells it in Anki
    theirs: AnkiCard
    rows: Sequence[RevlogRow]  #: what Anki's log has of it, oldest first


def shared_cards(bank: index.Bank, theirs: AnkiCollection) -> Iterator[SharedCard]:
    """The cards of a collection that the banks have, own ones and those of decks that were imported here."""
    known_ids = KnownIds(bank)
    named: dict[str, tuple[str, AnkiCard]] = {}  # two notes may be one card; the first has it
    for note in theirs.notes():
        for card_id, card in _named(note.guid, note.cards, known_ids):
            named.setdefault(card_id, (notes.key(note.guid, card.ord), card))
    live_ids = bank.live(named)
    shared_ids = {card.id for card_id, (_, card) in named.items() if card_id in live_ids}
    histories = {card: history for card, history in theirs.histories() if card in shared_ids}
    for card_id, (tail, card) in named.items():
        if card_id in live_ids:
            yield SharedCard(card_id, tail, card, histories.get(card.id, ()))


def _named(guid: str, cards: Sequence[AnkiCard], known_ids: KnownIds) -> Iterator[tuple[str, AnkiCard]]:
    first = identity.first_id(guid)
    if first is not None:
        yield known_ids.today(first), cards[0]
        return
    imported = [
        (imported_id, card.ord) for card in cards if (imported_id := known_ids.made_as(notes.key(guid, card.ord)))
    ]
    for card in cards if imported else ():
        note, main = imported[0]
        yield known_ids.today(note if card.ord == main else f"{note}.card-{card.ord + 1}"), card


def rows_there(history: Sequence[Event], theirs: Sequence[RevlogRow]) -> dict[str, int]:
    """Which of our rows Anki's log has, each with its id there: the same instant, or moved on a little by a tie."""
    eases = {row.id: row.ease for row in theirs}
    own = {event.at_ms for event in history}
    ids_there = {}
    for event in history:
        if event.kind in doubles.REPEATED and eases:
            after = range(event.at_ms + 1, event.at_ms + doubles.TIES_MS)
            moved = (n for n in after if eases.get(n) == int(event.rating or 0) and n not in own)
            at_ms = event.at_ms if event.at_ms in eases else next(moved, None)
            if at_ms is not None:
                ids_there[event.id] = at_ms
    return ids_there
