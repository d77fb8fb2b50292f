"""A collection that Anki itself works with, opened through Anki's own package: the one module that imports it, and only when it is used."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dlquiz.anki.package import CardSchedule, RevlogEntry
from dlquiz.errors import StoreError, UsageError

if TYPE_CHECKING:
    from anki.cards import Card
    from anki.collection import Collection

MISSING = (
    "sync needs Anki's own package, 31 MB, which is not installed: pip install 'dlquiz[anki]' (on Linux it asks for glibc"
    " 2.35 or newer)"
)
STARTING_EASE = 2500  # thousandths; Anki's default
_INSERT = (
    "INSERT INTO revlog (id, cid, usn, ease, ivl, lastIvl, factor, time, type)"
    " SELECT ?, ?, -1, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM revlog WHERE id = ?)"
)


class Strength(NamedTuple):
    """What FSRS knows of a card."""

    stability: float
    difficulty: float


class CardUpdate(NamedTuple):
    """What a card that Anki has is told."""

    card: int  #: its number
    rows: Sequence[RevlogEntry]  #: of the review log, that it lacks; an id that another card has moves on by one
    schedule: CardSchedule | None  #: where it now stands, days counted as the collection counts them; None: it stays
    counts: tuple[int, int] | None  #: answers, lapses; None: they stay
    strength: Strength | None = None  #: in place of what the backend computes from the log
    suspended: bool | None = None  #: None: as it is


class Pushed(NamedTuple):
    """What `LiveCollection.update` did."""

    rows: int  #: that were inserted
    filtered: int  #: rows of cards that lie in a filtered deck, and were left for later


class LiveCollection:
    """An open collection; `opened` makes one."""

    def __init__(self, path: Path, collection: Collection) -> None:
        self.path = path
        self.collection = collection

    def copy_to(self, target: Path) -> None:
        """A whole copy of the database, to be read without Anki's package."""
        assert self.collection.db is not None
        self.collection.db.execute("VACUUM INTO ?", str(target))

    def back_up(self) -> None:
        """A backup where Anki keeps its own, which it thins out in time; only beside a profile that has such a folder."""
        folder = self.path.parent / "backups"
        if folder.is_dir():
            self.collection.create_backup(backup_folder=str(folder), force=True, wait_for_completion=True)

    def update(self, updates: Iterable[CardUpdate]) -> Pushed:
        """Insert rows and settle the cards they belong to, in one transaction: all of it, or nothing."""
        database = self.collection.db
        assert database is not None
        inserted = filtered = 0

        def write() -> None:
            nonlocal inserted, filtered
            cards = []
            for update in updates:
                card = self.collection.get_card(update.card)  # type: ignore[arg-type]  # a number is a number
                if card.odid:
                    filtered += len(update.rows)
                    continue
                for row in update.rows:
                    self._insert(update.card, row)
                inserted += len(update.rows)
                self._settle(card, update)
                cards.append(card)
            self.collection.update_cards(cards, skip_undo_entry=True)

        database.transact(write)
        return Pushed(inserted, filtered)

    def _insert(self, card: int, row: RevlogEntry) -> None:
        assert self.collection.db is not None
        number = row.id
        while self.collection.db.scalar("SELECT 1 FROM revlog WHERE id = ?", number):
            number += 1
        self.collection.db.execute(_INSERT, number, card, *row[1:], number)

    def _settle(self, card: Card, update: CardUpdate) -> None:
        """Due day, counts and memory after the rows; flag, deck, position and whatever else the card has stay."""
        schedule = update.schedule
        if schedule:
            card.type = schedule.type  # type: ignore[assignment]  # a number among those it may be
            card.due, card.ivl, card.left = schedule.due, schedule.interval, schedule.left
            if card.queue != -1:
                card.queue = schedule.queue  # type: ignore[assignment]
            if schedule.type == 0:
                card.due = schedule.due if card.original_position is None else card.original_position
            else:
                card.factor = card.factor or STARTING_EASE
        if update.suspended is not None:
            own = {0: 0, 1: 1, 2: 2, 3: 1}[card.type]
            card.queue = -1 if update.suspended else own  # type: ignore[assignment]
        if update.counts:
            card.reps, card.lapses = update.counts
        if schedule and schedule.type == 0:
            card.factor, card.memory_state, card.desired_retention, card.decay = 0, None, None, None
            card.last_review_time = None
        elif self.collection.get_config("fsrs"):
            self._remember(card, update.strength)

    def _remember(self, card: Card, strength: Strength | None) -> None:
        from anki.cards import FSRSMemoryState

        computed = self.collection.compute_memory_state(card.id)
        if strength is None and computed.stability is not None and computed.difficulty is not None:
            strength = Strength(computed.stability, computed.difficulty)
        if strength:
            card.memory_state = FSRSMemoryState(stability=strength.stability, difficulty=strength.difficulty)
            card.desired_retention, card.decay = computed.desired_retention, computed.decay
        assert self.collection.db is not None
        last = self.collection.db.scalar("SELECT max(id) FROM revlog WHERE cid = ? AND ease BETWEEN 1 AND 4", card.id)
        card.last_review_time = last // 1000 if last else None


@contextmanager
def opened(path: Path, *, create: bool = False) -> Iterator[LiveCollection]:
    """A collection of Anki, which must not have it open.

    Raises:
        UsageError: Anki's package is not installed, or there is no such file.
        StoreError: Anki has it open, or it is none of Anki's; what Anki's package says otherwise.
    """
    try:
        from anki.collection import Collection
        from anki.errors import AnkiException
    except ImportError as error:
        raise UsageError(MISSING) from error
    if not create and not os.path.isfile(path):
        raise UsageError(f"there is no file {path}; Anki keeps it in your profile's folder, as collection.anki2")
    try:
        collection = Collection(str(path))
    except AnkiException as error:
        raise StoreError(_sentence(path, error)) from error
    try:
        yield LiveCollection(path, collection)
    except AnkiException as error:
        raise StoreError(f"{path}: {error}") from error
    finally:
        with suppress(AnkiException):
            collection.close()


def _sentence(path: Path, error: Exception) -> str:
    if "already open" in str(error):
        return f"Anki has {path} open; close Anki, and sync again"
    if "NotADatabase" in str(error):
        return f"{path} is no collection of Anki; name the file collection.anki2 in your profile's folder"
    return f"Anki's package can't open {path}: {error}"
