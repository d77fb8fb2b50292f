"""Sending cards, and what was done with them, to other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
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
    card_states = after_interview.as_needed(col, card_states, col.now())
    places = {card_ref.id: position for position, card_ref in enumerate(introduction(col.bank.in_order()), 1)}
    settings = col.settings if with_progress else config.Settings()  # the cards alone are the same from every home
    about = package.PackageInfo(
        schedule.DAY_ZERO_S,
        rollover_hour=settings.rollover_min // 60,
        preset=schedule.preset(settings.preset, settings.new_per_day),
        description=decks.about(len(cards), __version__, licensed=any("/" not in card.id for _, card in cards)),
    )
    notes = AnkiNotes(col, with_remarks=with_progress)
    with closing(Changes(col)) as changes:

        def card(card_ref: CardRef) -> package.PackagedCard:
            card_state = card_states.get(card_ref.id, CardState())
            due = schedule.schedule(card_state, places[card_ref.id], col.preset, explains=card_ref.spoken)
            return package.PackagedCard(due, reviews.get(card_ref.id, ()))

        package.write(target, _entries(notes, [card for _, card in cards], card, changes), notes.media, about)
        changes.keep()
    return ExportResult(target, len(cards), sum(map(len, reviews.values())), tuple(dict.fromkeys(notes.remarks)))


def _entries(
    notes: AnkiNotes, cards: Sequence[CardRef], card: Callable[[CardRef], package.PackagedCard], changes: Changes
) -> Iterator[package.PackagedNote]:
    """The Anki notes of these cards; those that another deck had together are together again."""
    imported: dict[str, tuple[CardRef, list[package.PackagedCard]]] = {}  # by the id of the note
    for card_ref in cards:
        if origin := notes.origin(card_ref):
            together = imported.setdefault(card_ref.note, (card_ref, []))
            together[1].append(card(card_ref)._replace(ord=origin.ord))
        else:
            yield notes.entry(card_ref, changes)._replace(cards=(card(card_ref),))
    for card_ref, packaged in imported.values():
        yield notes.entry(card_ref, changes)._replace(cards=sorted(packaged, key=attrgetter("ord")))


def _reviews(col: Collection, cards: Sequence[CardRef]) -> dict[str, list[package.RevlogEntry]]:
    """The review log of these cards as Anki keeps it."""
    card_states = col.card_states([card.id for card in cards])
    return schedule.reviews((card, _answered(col.progress.history(card), col)) for card in card_states)


def _answered(history: Sequence[Event], col: Collection) -> list[schedule.Answered]:
    """A card's effective rows, each with the memory that it left."""
    undone = {event.target for event in history if event.kind == "undo"}
    card_state, answered = CardState(), []
    for event in sorted(history, key=lambda event: (event.at_ms, event.id)):
        if event.kind != "undo" and event.id not in undone:
            card_state = scheduler.apply(card_state, event, col.preset)
            answered.append(schedule.Answered(event, card_state.memory))
    return answered
