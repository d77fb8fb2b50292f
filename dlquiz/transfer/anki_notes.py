"""Cards as Anki notes: each one of its own, save those of a note that another deck had, which stay together under its GUID."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dlquiz.anki import decks, fields, identity, notetypes, package
from dlquiz.bank import build, index, revisions, select
from dlquiz.card import Card, CardRef, Note, Source
from dlquiz.collection import Collection
from dlquiz.html import to_html
from dlquiz.text import phrases
from dlquiz.transfer import exports
from dlquiz.transfer.modified import Changes

_IMPORTED = re.compile(r".*\.card-([1-9]\d{0,3})")  # what an import calls a card that is not the main one


class Origin(NamedTuple):
    """The card of Anki's that a card was made of."""

    guid: str
    ord: int  #: place of its template; of a cloze its number, from 0


class _CardPage(NamedTuple):
    """What is needed to render a card."""

    own: Mapping[str, Any]  #: its fields, or its note's for a main card
    card: Card
    note: Note
    sources: Sequence[Source]
    remark: str
    changed_s: int


class AnkiNotes:
    """Cards as Anki notes, and the pictures that they show."""

    def __init__(self, col: Collection, *, with_remarks: bool) -> None:
        self._bank = col.bank
        self._own = col.progress.remarks() if with_remarks else {}
        self._hashes: dict[tuple[Path, str], str] = {}
        self._note: tuple[dict[str, Any], Note] | None = None
        self.media: dict[str, Path] = {}
        self.remarks: list[str] = []

    def entry(self, card_ref: CardRef, changes: Changes) -> package.PackagedNote:
        """The Anki note of a card, new. Of a note that another deck had it has all cards that come from there."""
        origin = self.origin(card_ref)
        if origin:
            return self._imported(card_ref.note, origin.guid, changes)
        page = self._page(card_ref.note, card_ref.id, changes)
        rendered = fields.render(page.card, page.note, page.sources, page.remark)
        return package.PackagedNote(
            guid=identity.guid(self._first_id(page)),
            notetype=rendered.notetype,
            changed_s=page.changed_s,
            deck=deck(page.card),
            tags=_tags(page.card, page.note),
            fields=[self._with_pictures(page, text) for text in rendered.fields],
            cards=(package.PackagedCard(package.CardSchedule(0)),),
        )

    def origin(self, card_ref: CardRef) -> Origin | None:
        """Where a card comes from, if an import made it and it can go back there."""
        return self._origins(card_ref.note).get(card_ref.id)

    def is_imported(self, note_id: str) -> bool:
        """Was the note made of one of Anki's?"""
        return "anki" in self._around(note_id)[0]

    def _origins(self, note_id: str) -> Mapping[str, Origin]:
        """The cards of a note that come from Anki; none when they are too many for a note type."""
        around, _ = self._around(note_id)
        anki = around.get("anki")
        if not anki:
            return {}
        origins = {note_id: Origin(anki["guid"], anki.get("card", 1) - 1)}
        for card in around["cards"]:
            if imported := _IMPORTED.fullmatch(first_id(self._bank, card, around)):
                origins[card["id"]] = Origin(anki["guid"], int(imported[1]) - 1)
        ords = [origin.ord for origin in origins.values()]
        return origins if max(ords) < notetypes.MOST_TEMPLATES and len(set(ords)) == len(ords) else {}

    def _imported(self, note_id: str, guid: str, changes: Changes) -> package.PackagedNote:
        """A note that another deck had, as a front and a back for each of its cards there."""
        origins = sorted((origin.ord, card) for card, origin in self._origins(note_id).items())
        pages = [(number, self._page(note_id, card, changes)) for number, card in origins]
        notetype = notetypes.of_deck(pages[-1][0] + 1)
        texts = [""] * len(notetype.fields)
        for number, page in pages:
            sides = fields.sides(page.card, page.note, page.sources, page.remark)
            texts[2 * number : 2 * number + 2] = [self._with_pictures(page, text) for text in sides]
        main = next(page for _, page in pages if page.card.id == note_id)
        return package.PackagedNote(
            guid=guid,
            notetype=notetype,
            changed_s=max(page.changed_s for _, page in pages),
            deck=deck(main.card),
            tags=_tags(main.card, main.note),
            fields=texts,
            cards=[package.PackagedCard(package.CardSchedule(0), ord=number) for number, _ in pages],
        )

    def _page(self, note_id: str, card_id: str, changes: Changes) -> _CardPage:
        around, note = self._around(note_id)
        own = around if card_id == note_id else next(card for card in around["cards"] if card["id"] == card_id)
        card = build.main_card(note) if card_id == note_id else build.make_card(own, around)
        sources = self._bank.sources(note.id, card.sources)
        folder = self._bank.file(note.id).parent
        content_hash = revisions.whole(own, around, sources, lambda file: self._hash(folder, file))
        remark, remarked_ms = self._own.get(card.id, ("", 0))
        since_s = changes.since_s(card.id, first_id(self._bank, own, around), note.id, content_hash)
        return _CardPage(own, card, note, sources, remark, max(since_s, fields.CHANGED_S, -(-remarked_ms // 1000)))

    def _first_id(self, page: _CardPage) -> str:
        return first_id(self._bank, page.own, self._around(page.note.id)[0])

    def _with_pictures(self, page: _CardPage, text: str) -> str:
        return to_html.with_pictures(text, lambda file: self._named(page.note.id, file, page.card.id))

    def _around(self, note_id: str) -> tuple[dict[str, Any], Note]:
        if self._note is None or self._note[0]["id"] != note_id:
            around = self._bank.fields(note_id) or {}
            self._note = (around, build.make_note(around))
        return self._note

    def _hash(self, folder: Path, file: str) -> str:
        key = (folder, file)
        if key not in self._hashes:
            self._hashes[key] = revisions.picture_hash(folder, file)
        return self._hashes[key]

    def _named(self, note: str, file: str, card: str) -> str | None:
        """A picture's name in Anki's one folder of media: another picture never has the same."""
        folder = self._bank.file(note).parent
        digest, path = self._hash(folder, file), revisions.picture(folder, file)
        if not digest or path is None:
            self.remarks.append(
                f"{card}: there is no picture {file} beside the bank; its description stands in its place"
            )
            return None
        name = f"dlquiz-{re.sub(r'[^A-Za-z0-9-]+', '-', path.stem)}-{digest}{path.suffix.lower()}"
        self.media[name] = path
        return name


def twice(col: Collection, selected: select.Selection | None, *, table: bool) -> Iterator[str]:
    """What is said before an export: cards that an Anki with the deck they came from would get a second time.

    Args:
        col: The banks.
        selected: What is exported; None: all.
        table: A table has no place for their GUIDs.
    """
    notes = AnkiNotes(col, with_remarks=False)
    cards: Counter[str] = Counter()
    for note, card_refs in exports.by_note(col.bank, selected):
        if "/" in note and notes.is_imported(note):
            for card_ref in card_refs:
                origin = notes.origin(card_ref)
                if table if origin else not _is_added(card_ref):
                    cards[note.rpartition("/")[0]] += 1
    for bank, count in cards.items():
        yield (
            f"the bank {bank} was made of a deck of Anki's: an Anki that still has that deck would get"
            f" {phrases.counted(count, 'card')} of it a second time out of this file; `dlquiz sync` carries the answers to the cards"
            " that are there"
        )


def _is_added(card_ref: CardRef) -> bool:
    """Is it a card that an import did not make?"""
    return not card_ref.explains and _IMPORTED.fullmatch(card_ref.id) is None


def first_id(bank: index.Bank, own: Mapping[str, Any], note: Mapping[str, Any]) -> str:
    """The id that a card had first, from its fields and those of its note; under the name that its bank had first."""
    slug = note["id"].rpartition("/")[0]
    prefix = f"{bank.first_bank(slug)}/" if slug else ""
    card_was, note_was = ([prefix + old for old in fields.get("was", ())] for fields in (own, note))
    card_id, note_id = (prefix + fields["id"].rpartition("/")[2] for fields in (own, note))
    return identity.oldest(card_id, card_was, note_id, note_was)


def deck(card: Card) -> str:
    """The top deck, below it the bank where it is one's own, below that the topic."""
    bank = card.id.rpartition("/")[0]
    return "::".join([decks.TOP, *([bank] if bank else []), card.topic])


def _tags(card: Card, note: Note) -> list[str]:
    bank = card.id.rpartition("/")[0]
    names = [f"topic::{card.topic}", f"kind::{card.kind}", *(f"tag::{tag}" for tag in note.tags)]
    names += [f"difficulty::{note.difficulty}"] if note.difficulty else []
    names += [f"bank::{bank}"] if bank else []
    return sorted(f"{decks.TOP}::{name}" for name in names)
