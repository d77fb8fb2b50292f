"""Sending cards, and what was done with them, to other programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from dlquiz import __version__, config, scheduler
from dlquiz.anki import decks, fields, identity, package, schedule
from dlquiz.bank import build, index, revisions, select
from dlquiz.card import Card, CardRef, CardState, Event, Note
from dlquiz.collection import Collection
from dlquiz.deck import introduction
from dlquiz.html import to_html
from dlquiz.text import phrases
from dlquiz.transfer import exports
from dlquiz.transfer.exports import ExportResult
from dlquiz.transfer.modified import Changes

_MADE_OF_ANKIS = re.compile(r"[/-](?=[a-z]*[2-7])[a-z2-7]{8}$")  # how the id of a note ends that an import has made


def apkg(col: Collection, target: Path, selected: select.Selection | None, *, with_progress: bool) -> ExportResult:
    """A deck for Anki.

    Args:
        collection: The banks and the log.
        target: The file.
        selected: Only these cards; None: all.
        with_progress: With due days, memory, the review log, the user's remarks and the settings; else every card is new.

    Raises:
        UsageError: There is nothing to export, or no such folder.
        StoreError: The file can't be written.
    """
    exports.check_target(target)
    cards = exports.chosen(col, selected)
    reviews = _reviews(col, [card for _, card in cards]) if with_progress else {}
    card_states = col.card_states([card.id for _, card in cards]) if with_progress else {}
    places = {card_ref.id: position for position, card_ref in enumerate(introduction(col.bank.in_order()), 1)}
    settings = col.settings if with_progress else config.Settings()  # the cards alone are the same from every home
    about = package.PackageInfo(
        schedule.DAY_ZERO_S,
        rollover_hour=settings.rollover_min // 60,
        preset=schedule.preset(settings.preset, settings.new_per_day),
        description=decks.about(len(cards), __version__, licensed=any("/" not in card.id for _, card in cards)),
    )
    pages = AnkiNotes(col, with_remarks=with_progress)
    with closing(Changes(col)) as changes:

        def entries() -> Iterator[package.PackagedNote]:
            for _, card_ref in cards:
                card_state = card_states.get(card_ref.id, CardState())
                due = schedule.schedule(card_state, places[card_ref.id], col.preset, explains=card_ref.spoken)
                yield pages.entry(card_ref, changes)._replace(schedule=due, reviews=reviews.get(card_ref.id, ()))

        package.write(target, entries(), pages.media, about)
        changes.keep()
    remarks = (*_doubled([card for _, card in cards]), *dict.fromkeys(pages.remarks))
    return ExportResult(target, len(cards), sum(map(len, reviews.values())), remarks)


def _doubled(cards: Sequence[CardRef]) -> Iterator[str]:
    """Which of the banks were once Anki's decks: an Anki that has them still would have them twice."""
    notes: dict[str, set[str]] = {}
    for card in cards:
        notes.setdefault(card.note.rpartition("/")[0], set()).add(card.note)
    for bank, ids in notes.items():
        of_anki = sum(_MADE_OF_ANKIS.search(note) is not None for note in ids)
        if bank and of_anki * 2 >= len(ids):
            count = phrases.counted(sum(card.note in ids for card in cards), "card")
            yield (
                f"the bank {bank} was made of a deck of Anki's: an Anki that still has that deck would get its {count} a second time."
                " Import this file elsewhere only; `dlquiz sync` carries the answers to the cards that are there"
            )


def _reviews(col: Collection, cards: Sequence[CardRef]) -> dict[str, list[package.RevlogEntry]]:
    """The review log of these cards as Anki keeps it."""
    card_states = col.card_states([card.id for card in cards])
    return schedule.reviews({card: _answered(col.progress.history(card), col) for card in card_states})


def _answered(history: Sequence[Event], col: Collection) -> list[schedule.Answered]:
    """A card's effective rows, each with the memory that it left."""
    undone = {event.target for event in history if event.kind == "undo"}
    card_state, answered = CardState(), []
    for event in sorted(history, key=lambda event: (event.at_ms, event.id)):
        if event.kind != "undo" and event.id not in undone:
            card_state = scheduler.apply(card_state, event, col.preset)
            answered.append(schedule.Answered(event, card_state.memory))
    return answered


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
        """A card as an Anki note, new."""
        around, note = self._around(card_ref.note)
        own = (
            around
            if card_ref.explains
            else next(card_fields for card_fields in around["cards"] if card_fields["id"] == card_ref.id)
        )
        card = build.main_card(note) if card_ref.explains else build.make_card(own, around)
        sources = self._bank.sources(note.id, card.sources)
        folder = self._bank.file(note.id).parent
        content_hash = revisions.whole(own, around, sources, lambda file: self._hash(folder, file))
        remark, remarked_ms = self._own.get(card.id, ("", 0))
        page = fields.render(card, note, sources, remark)
        first = first_id(self._bank, own, around)
        return package.PackagedNote(
            guid=identity.guid(first),
            notetype=page.notetype,
            changed_s=max(
                changes.since_s(card.id, first, note.id, content_hash), fields.CHANGED_S, -(-remarked_ms // 1000)
            ),
            deck=deck(card),
            tags=_tags(card, note),
            fields=[
                to_html.with_pictures(text, lambda file: self._named(folder, file, card.id)) for text in page.fields
            ],
            schedule=package.CardSchedule(0),
        )

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

    def _named(self, folder: Path, file: str, card: str) -> str | None:
        """A picture's name in Anki's one folder of media: another picture never has the same."""
        digest, path = self._hash(folder, file), revisions.picture(folder, file)
        if not digest or path is None:
            self.remarks.append(
                f"{card}: there is no picture {file} beside the bank; its description stands in its place"
            )
            return None
        name = f"dlquiz-{re.sub(r'[^A-Za-z0-9-]+', '-', path.stem)}-{digest}{path.suffix.lower()}"
        self.media[name] = path
        return name


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
