"""Sending cards, and what was done with them, to other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from operator import attrgetter
from pathlib import Path

from dlquiz import __version__, config, scheduler
from dlquiz.anki import decks, package, schedule
from dlquiz.bank import select
from dlquiz.card import CardRef, CardState, Event
from dlquiz.collection import Collection, after_interview
from dlquiz.deck import introduction
from dlquiz.transfer import exports
from dlquiz.transfer.anki_notes import AnkiNotes
from dlquiz.transfer.exports import ExportResult
from dlquiz.transfer.modified import Changes

NOTES_AT_ONCE = 50  # whose card states are read together


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
    settings = col.settings if with_progress else config.Settings()  # the cards alone are the same from every home
    count, licensed = _counted(col, selected)
    about = package.PackageInfo(
        schedule.DAY_ZERO_S,
        rollover_hour=settings.rollover_min // 60,
        preset=schedule.preset(settings.preset, settings.new_per_day),
        description=decks.about(count, __version__, licensed=licensed),
    )
    notes, cards = AnkiNotes(col, with_remarks=with_progress), _Cards(col, with_progress=with_progress)
    with closing(Changes(col)) as changes:
        entries = _entries(notes, exports.by_note(col.bank, selected), cards, changes)
        package.write(target, entries, notes.media, about)
        changes.keep()
    return ExportResult(target, count, cards.reviews, tuple(dict.fromkeys(notes.remarks)))


def _counted(col: Collection, selected: select.Selection | None) -> tuple[int, bool]:
    """How many cards there are to export, and whether any is of the built-in bank."""
    cards = exports.chosen(col, selected)
    return len(cards), any("/" not in card.id for card in cards)


class _Cards:
    """Cards as Anki has them: where each stands, and its reviews."""

    def __init__(self, col: Collection, *, with_progress: bool) -> None:
        self._col, self._with_progress = col, with_progress
        self._places = {card.id: place for place, card in enumerate(introduction(col.bank.in_order()), 1)}
        self._states: dict[str, CardState] = {}
        self.reviews = 0  #: of the cards so far

    def read(self, card_refs: Iterable[CardRef]) -> None:
        """Make ready for these cards alone."""
        if self._with_progress:
            card_states = self._col.card_states([card_ref.id for card_ref in card_refs])
            self._states = after_interview.as_needed(self._col, card_states, self._col.now())

    def card(self, card_ref: CardRef) -> package.PackagedCard:
        col, card_state = self._col, self._states.get(card_ref.id)
        answered = _answered(col.progress.history(card_ref.id), col) if card_state else ()
        reviews = schedule.reviews(answered)
        self.reviews += len(reviews)
        place, explains = self._places[card_ref.id], card_ref.spoken
        return package.PackagedCard(
            schedule.schedule(card_state or CardState(), place, col.preset, explains=explains), reviews
        )


def _entries(
    notes: AnkiNotes, by_note: Iterable[tuple[str, list[CardRef]]], cards: _Cards, changes: Changes
) -> Iterator[package.PackagedNote]:
    """The Anki notes of these cards; those that another deck had together are together again."""
    coming = iter(by_note)
    while some := list(islice(coming, NOTES_AT_ONCE)):
        cards.read(card_ref for _, card_refs in some for card_ref in card_refs)
        for _, card_refs in some:
            imported = []
            for card_ref in card_refs:
                if origin := notes.origin(card_ref):
                    imported.append((card_ref, cards.card(card_ref)._replace(ord=origin.ord)))
                else:
                    yield notes.entry(card_ref, changes)._replace(cards=(cards.card(card_ref),))
            if imported:
                together = sorted((card for _, card in imported), key=attrgetter("ord"))
                yield notes.entry(imported[0][0], changes)._replace(cards=together)


def _answered(history: Sequence[Event], col: Collection) -> list[schedule.Answered]:
    """A card's effective rows, each with the memory that it left."""
    undone = {event.target for event in history if event.kind == "undo"}
    card_state, answered = CardState(), []
    for event in sorted(history, key=lambda event: (event.at_ms, event.id)):
        if event.kind != "undo" and event.id not in undone:
            card_state = scheduler.apply(card_state, event, col.preset)
            answered.append(schedule.Answered(event, card_state.memory))
    return answered
