"""Sending cards, and what was done with them, to other programs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from dlquiz import scheduler
from dlquiz.bank import nouns, revisions, select
from dlquiz.card import Brief, Card, Event, Note, Standing
from dlquiz.desk import Desk
from dlquiz.desk.changes import Changes
from dlquiz.errors import UsageError
from dlquiz.exchange import decks, fields, identity, markup, package, progress
from dlquiz.exchange.kept import Kept


class Exported(NamedTuple):
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


def chosen(desk: Desk, selected: select.Selection | None) -> list[tuple[int, Brief]]:
    """The cards to export, each with its place in the whole bank, from 1.

    Raises:
        UsageError: There are none.
    """
    cards = enumerate(desk.bank.in_order(), 1)
    found = [(place, card) for place, card in cards if selected is None or selected.holds(card)]
    if not found:
        raise UsageError("there are no cards to export; leave --no-builtin out or name a bank with --bank PATH")
    return found


def apkg(desk: Desk, target: Path, selected: select.Selection | None, *, with_progress: bool) -> Exported:
    """A deck for Anki.

    Args:
        desk: The banks and the log.
        target: The file.
        selected: Only these cards; None: all.
        with_progress: With due days, memory, the review log and the settings; else every card is new.

    Raises:
        UsageError: There is nothing to export, or no such folder.
        StoreError: The file can't be written.
    """
    check_target(target)
    cards = chosen(desk, selected)
    reviews = _reviews(desk, [card for _, card in cards]) if with_progress else {}
    standings = desk.standings([card.id for _, card in cards]) if with_progress else {}
    about = package.Collection(progress.DAY_ZERO_S)
    if with_progress:
        settings = desk.settings
        preset = progress.preset(desk.preset, settings.new_per_day)
        about = about._replace(rollover_hour=settings.rollover_min // 60, preset=preset)
    pages = Pages(desk)
    with closing(Changes(desk)) as changes, closing(pages):

        def entries() -> Iterator[package.Entry]:
            for place, brief in cards:
                standing = standings.get(brief.id, Standing())
                due = progress.schedule(standing, place, desk.preset, explains=brief.spoken)
                yield pages.entry(brief, changes)._replace(schedule=due, reviews=reviews.get(brief.id, ()))

        package.write(target, entries(), pages.media, about)
        changes.keep()
    return Exported(target, len(cards), sum(map(len, reviews.values())), tuple(dict.fromkeys(pages.remarks)))


def _reviews(desk: Desk, cards: Sequence[Brief]) -> dict[str, list[package.Review]]:
    """The review log of these cards as Anki keeps it."""
    log = desk.progress
    if log is None:
        return {}
    known = desk.standings([card.id for card in cards])
    return progress.reviews({card: _answered(log.history(card), desk) for card in known})


def _answered(rows: Sequence[Event], desk: Desk) -> list[progress.Answered]:
    """A card's effective rows, each with the memory that it left."""
    undone = {row.target for row in rows if row.kind == "undo"}
    standing, found = Standing(), []
    for row in sorted(rows, key=lambda row: (row.at_ms, row.id)):
        if row.kind != "undo" and row.id not in undone:
            standing = scheduler.apply(standing, row, desk.preset)
            found.append(progress.Answered(row, standing.memory))
    return found


class Pages:
    """Cards as Anki notes, and the pictures that they show."""

    def __init__(self, desk: Desk) -> None:
        self._bank = desk.bank
        self._kept = Kept(desk.home.cache / "html.db" if desk.home.path.is_dir() else None)
        self._hashes: dict[tuple[Path, str], str] = {}
        self._note: tuple[dict[str, Any], Note] | None = None
        self.media: dict[str, Path] = {}
        self.remarks: list[str] = []

    def close(self) -> None:
        self._kept.close()

    def entry(self, brief: Brief, changes: Changes) -> package.Entry:
        """A card as an Anki note, new."""
        around, note = self._around(brief.note)
        own = around if brief.explains else next(each for each in around["cards"] if each["id"] == brief.id)
        card = nouns.main_card(note) if brief.explains else nouns.make_card(own, around)
        sources = self._bank.sources(note.id, card.sources)
        folder = self._bank.file(note.id).parent
        said = revisions.whole(own, around, sources, lambda file: self._hash(folder, file))
        page = self._kept.get(said)
        if page is None:
            page = fields.render(card, note, sources)
            self._kept.put(said, page)
        first = first_id(own, around)
        return package.Entry(
            guid=identity.guid(first),
            notetype=page.notetype,
            changed_s=max(changes.since_s(card.id, first, note.id, said), fields.CHANGED_S),
            deck=deck(card),
            tags=_tags(card, note),
            fields=[
                markup.with_pictures(each, lambda file: self._named(folder, file, card.id)) for each in page.fields
            ],
            schedule=package.Schedule(0),
        )

    def _around(self, note_id: str) -> tuple[dict[str, Any], Note]:
        if self._note is None or self._note[0]["id"] != note_id:
            found = self._bank.fields(note_id) or {}
            self._note = (found, nouns.make_note(found))
        return self._note

    def _hash(self, folder: Path, file: str) -> str:
        key = (folder, file)
        if key not in self._hashes:
            self._hashes[key] = revisions.picture_hash(folder, file)
        return self._hashes[key]

    def _named(self, folder: Path, file: str, card: str) -> str | None:
        """A picture's name in Anki's one folder of media: another picture never has the same."""
        found, path = self._hash(folder, file), revisions.picture(folder, file)
        if not found or path is None:
            self.remarks.append(
                f"{card}: there is no picture {file} beside the bank; its description stands in its place"
            )
            return None
        name = f"dlquiz-{re.sub(r'[^A-Za-z0-9-]+', '-', path.stem)}-{found}{path.suffix.lower()}"
        self.media[name] = path
        return name


def first_id(own: Mapping[str, Any], note: Mapping[str, Any]) -> str:
    """The id that a card had first."""
    bank = note["id"].rpartition("/")[0]
    prefix = f"{bank}/" if bank else ""
    former = [[prefix + old for old in each.get("was", ())] for each in (own, note)]
    return identity.oldest(own["id"], former[0], note["id"], former[1])


def deck(card: Card) -> str:
    """The top deck, below it the bank where it is one's own, below that the topic."""
    bank = card.id.rpartition("/")[0]
    return "::".join([decks.TOP, *([bank] if bank else []), card.topic])


def _tags(card: Card, note: Note) -> list[str]:
    bank = card.id.rpartition("/")[0]
    found = [f"topic::{card.topic}", f"kind::{card.kind}", *(f"tag::{tag}" for tag in note.tags)]
    found += [f"difficulty::{note.difficulty}"] if note.difficulty else []
    found += [f"bank::{bank}"] if bank else []
    return sorted(f"{decks.TOP}::{each}" for each in found)
