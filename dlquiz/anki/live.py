"""A collection that Anki itself works with, opened through Anki's own package: the one module that imports it, and only when it is used."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dlquiz.anki.package import CardSchedule, RevlogEntry
from dlquiz.errors import StoreError, UsageError

if TYPE_CHECKING:
    from anki.cards import Card
    from anki.collection import Collection
    from anki.sync import SyncAuth

TIMEOUT_S = 60  # without a byte from the server
MISSING = (
    "sync needs Anki's own package, 31 MB, which is not installed: pip install 'dlquiz[anki]' (on Linux it asks for glibc"
    " 2.35 or newer)"
)
EPOCH_S = 1_000_000_000  # a due above it is a second since 1970, below it a day of the collection
STARTING_EASE = 2500  # thousandths; Anki's default
_INSERT = (
    "INSERT INTO revlog (id, cid, usn, ease, ivl, lastIvl, factor, time, type) VALUES (?, ?, -1, ?, ?, ?, ?, ?, ?)"
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


class Account(NamedTuple):
    """A user of a sync server."""

    url: str
    user: str
    key: str  #: what the server gave for the password


class Wanted(Enum):
    """What a server asks for before the two can go on together."""

    NOTHING = "both are the same now"
    DOWNLOAD = "its collection in place of ours"
    UPLOAD = "ours, for it has none"


class RefusedError(StoreError):
    """The server does not take the password, or the key that it once gave for it."""


class BrokenError(StoreError):
    """The file is no collection of Anki, or damaged."""


class LiveCollection:
    """An open collection; `opened` makes one."""

    def __init__(self, path: Path, collection: Collection) -> None:
        self.path = path
        self.collection = collection

    @property
    def empty(self) -> bool:
        """Has it no card at all?"""
        return self.collection.is_empty()

    def copy_to(self, target: Path) -> None:
        """A whole copy of the database, to be read without Anki's package."""
        assert self.collection.db is not None
        self.collection.db.execute("VACUUM INTO ?", str(target))

    def back_up(self) -> None:
        """A backup where Anki keeps its own, which it thins out in time; only beside a profile that has such a folder."""
        folder = self.path.parent / "backups"
        if folder.is_dir():
            self.collection.create_backup(backup_folder=str(folder), force=True, wait_for_completion=True)

    def add_package(self, package: Path) -> None:
        """Import a package that dlquiz wrote, with schedule and preset."""
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

        options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
        self.collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
        self.collection.set_config("fsrs", True)

    # ---- with a server

    def log_in(self, url: str, user: str, password: str) -> Account:
        """An account with its key.

        Raises:
            RefusedError: Wrong name or password.
            StoreError: The server can't be reached.
        """
        with _explained(url):
            return Account(url, user, self.collection.sync_login(user, password, url).hkey)

    def sync(self, account: Account) -> Wanted:
        """Let both collections have what the other has, as far as they can.

        Raises:
            RefusedError: The key is no longer good.
            StoreError: The server can't be reached, or refuses; nothing is lost, the next sync goes on.
        """
        with _explained(account.url):
            out = self.collection.sync_collection(self._auth(account), False)
        if out.required in (out.NO_CHANGES, out.NORMAL_SYNC):
            return Wanted.NOTHING
        return Wanted.UPLOAD if out.required == out.FULL_UPLOAD else Wanted.DOWNLOAD

    def replace(self, account: Account, *, upload: bool) -> None:
        """Put one collection in place of the other, with the pictures when it is ours that goes."""
        auth = self._auth(account)
        with _explained(account.url):
            self.collection.close_for_full_sync()
            try:
                self.collection.full_upload_or_download(auth=auth, server_usn=None, upload=upload)
            finally:
                self.collection.reopen(after_full_sync=True)
            if upload:
                self.collection.sync_media(auth)
                while self.collection.media_sync_status().active:
                    time.sleep(0.1)

    def _auth(self, account: Account) -> SyncAuth:
        from anki.sync import SyncAuth

        return SyncAuth(hkey=account.key, endpoint=account.url, io_timeout_secs=TIMEOUT_S)

    # ---- rows

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
                for entry in update.rows:
                    self._insert(update.card, entry)
                inserted += len(update.rows)
                self._settle(card, update)
                cards.append(card)
            self.collection.update_cards(cards, skip_undo_entry=True)

        database.transact(write)
        return Pushed(inserted, filtered)

    def _insert(self, card: int, entry: RevlogEntry) -> None:
        assert self.collection.db is not None
        number = entry.id
        while self.collection.db.scalar("SELECT 1 FROM revlog WHERE id = ?", number):
            number += 1
        self.collection.db.execute(_INSERT, number, card, *entry[1:])

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
            steps = 1 if card.due > EPOCH_S else 3  # steps of minutes, steps of days
            card.queue = -1 if update.suspended else (0, steps, 2, steps)[card.type]  # type: ignore[assignment]
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
def _explained(url: str) -> Iterator[None]:
    """Turn what Anki's package raises about a server into a sentence that says what to do."""
    from anki.errors import AnkiException, NetworkError, SyncError, SyncErrorKind

    try:
        yield
    except NetworkError as error:
        raise StoreError(
            f"can't reach {url}, or lost it in the middle; see that the server runs, and sync again: nothing is lost"
        ) from error
    except SyncError as error:
        if error.kind is SyncErrorKind.AUTH:
            raise RefusedError(f"{url} does not know this name and password") from error
        raise StoreError(f"{url} refuses: {_line(error)}; nothing is lost, sync again") from error
    except AnkiException as error:
        raise StoreError(f"the sync with {url} failed: {_line(error)}; nothing is lost, sync again") from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


@contextmanager
def opened(path: Path, *, create: bool = False) -> Iterator[LiveCollection]:
    """A collection of Anki, which must not have it open.

    Raises:
        UsageError: Anki's package is not installed, or there is no such file.
        BrokenError: It is none of Anki's.
        StoreError: Anki has it open; what Anki's package says otherwise.
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
        raise _unopened(path, error) from error
    try:
        yield LiveCollection(path, collection)
    except AnkiException as error:
        raise StoreError(f"{path}: {_line(error)}") from error
    finally:
        with suppress(AnkiException):
            collection.close()


def _unopened(path: Path, error: Exception) -> StoreError:
    """What is wrong with a file that Anki's package can't open."""
    if "already open" in str(error):
        return StoreError(f"{path} is open in Anki, or in another sync; close that, and sync again")
    if "NotADatabase" in str(error):
        return BrokenError(f"{path} is no collection of Anki; name the file collection.anki2 in your profile's folder")
    return BrokenError(f"Anki's package can't open {path}: {_line(error)}")
