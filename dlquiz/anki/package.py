"""An `.apkg` file: a zip with an SQLite collection of schema 11, which every Anki reads. The same notes give the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, NamedTuple

from dlquiz import files
from dlquiz.anki import decks, identity, notetypes
from dlquiz.errors import StoreError

MARK = b"exported by dlquiz"  # at the end of the file, where a zip has a comment
_TAG = re.compile("<[^>]*>")
_LEVEL = 1  # of compression: a third of the time of zlib's default, a tenth more bytes
_PAGE = 32_768  # bytes, room for several notes; of pages of 4,096 a longer note takes a chain
_TABLES = """
CREATE TABLE col (id INTEGER PRIMARY KEY, crt INTEGER NOT NULL, mod INTEGER NOT NULL, scm INTEGER NOT NULL, ver INTEGER NOT NULL,
    dty INTEGER NOT NULL, usn INTEGER NOT NULL, ls INTEGER NOT NULL, conf TEXT NOT NULL, models TEXT NOT NULL, decks TEXT NOT NULL,
    dconf TEXT NOT NULL, tags TEXT NOT NULL);
CREATE TABLE notes (id INTEGER PRIMARY KEY, guid TEXT NOT NULL, mid INTEGER NOT NULL, mod INTEGER NOT NULL, usn INTEGER NOT NULL,
    tags TEXT NOT NULL, flds TEXT NOT NULL, sfld INTEGER NOT NULL, csum INTEGER NOT NULL, flags INTEGER NOT NULL, data TEXT NOT NULL);
CREATE TABLE cards (id INTEGER PRIMARY KEY, nid INTEGER NOT NULL, did INTEGER NOT NULL, ord INTEGER NOT NULL, mod INTEGER NOT NULL,
    usn INTEGER NOT NULL, type INTEGER NOT NULL, queue INTEGER NOT NULL, due INTEGER NOT NULL, ivl INTEGER NOT NULL,
    factor INTEGER NOT NULL, reps INTEGER NOT NULL, lapses INTEGER NOT NULL, left INTEGER NOT NULL, odue INTEGER NOT NULL,
    odid INTEGER NOT NULL, flags INTEGER NOT NULL, data TEXT NOT NULL);
CREATE TABLE revlog (id INTEGER PRIMARY KEY, cid INTEGER NOT NULL, usn INTEGER NOT NULL, ease INTEGER NOT NULL, ivl INTEGER NOT NULL,
    lastIvl INTEGER NOT NULL, factor INTEGER NOT NULL, time INTEGER NOT NULL, type INTEGER NOT NULL);
CREATE TABLE graves (usn INTEGER NOT NULL, oid INTEGER NOT NULL, type INTEGER NOT NULL);
"""
_NOTE = "INSERT INTO temp.notes (id, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data) VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')"
_CARD = (
    "INSERT INTO temp.cards (id, nid, did, ord, mod, usn, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data)"
    " VALUES (?, ?, ?, ?, ?, -1, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?)"
)
_COLLECTION = (
    "INSERT INTO col (id, crt, mod, scm, ver, dty, usn, ls, conf, models, decks, dconf, tags)"
    " VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, '{}')"
)
_WAITING = """
CREATE TEMP TABLE notes AS SELECT * FROM main.notes;
CREATE TEMP TABLE cards AS SELECT * FROM main.cards;
CREATE TEMP TABLE review (id INTEGER, ease INTEGER, ivl INTEGER, lastIvl INTEGER, factor INTEGER, time INTEGER, type INTEGER, cid INTEGER,
    event TEXT);
"""
_WAITING_REVIEW = (
    "INSERT INTO review (id, ease, ivl, lastIvl, factor, time, type, cid, event) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_WAITING_REVIEWS = "SELECT id, cid, ease, ivl, lastIvl, factor, time, type FROM review ORDER BY id, event"
_REVIEW = (
    "INSERT INTO revlog (id, cid, usn, ease, ivl, lastIvl, factor, time, type) VALUES (?, ?, -1, ?, ?, ?, ?, ?, ?)"
)


class CardSchedule(NamedTuple):
    """Where a card stands, in Anki's numbers; as it is here, it is new."""

    due: int  #: place in the order of new cards; day since the collection's first; second since 1970
    type: int = 0  #: 0 new, 1 learning, 2 review, 3 relearning
    queue: int = 0  #: as type; 1 for both kinds of steps, -1 suspended
    interval: int = 0  #: days
    factor: int = 0
    reps: int = 0
    lapses: int = 0
    left: int = 0  #: steps still to go
    data: str = ""


class RevlogEntry(NamedTuple):
    """A row of Anki's review log."""

    id: int  #: milliseconds since 1970; where two of a collection have the same, the later moves on
    ease: int  #: 1 to 4; 0 for what was no answer
    interval: int  #: days, negative = seconds
    last_interval: int
    factor: int
    took_ms: int
    type: int  #: 0 learning, 1 review, 2 relearning, 4 reset, 5 rescheduled


class PackagedCard(NamedTuple):
    """A card of an Anki note."""

    schedule: CardSchedule
    reviews: Sequence[
        tuple[str, RevlogEntry]
    ] = ()  #: each with the id of its event, which settles the order of those of one instant
    ord: int = 0  #: place of its template


class PackagedNote(NamedTuple):
    """An Anki note with its cards: one, save where another deck had more."""

    guid: str
    notetype: notetypes.NoteType
    changed_s: int  #: when its text last changed
    deck: str  #: whole name, levels parted by `::`
    tags: Sequence[str]
    fields: Sequence[str]
    cards: Sequence[PackagedCard]


class PackageInfo(NamedTuple):
    """What a package says besides its notes."""

    first_day_s: int  #: second since 1970 of the day from which due days count, at noon UTC
    rollover_hour: int = 4
    preset: Mapping[str, Any] | None = None  #: for all decks; None: Anki's own
    description: str = ""  #: of the top deck


def write(target: Path, entries: Iterable[PackagedNote], media: Mapping[str, Path], about: PackageInfo) -> None:
    """Write a package; it appears whole or not at all.

    Args:
        target: The file; one that is there is replaced.
        entries: The notes. They may be made on the way.
        media: Name in the package -> file; read when all entries are written, so that making them may fill it.
        about: The rest.

    Raises:
        StoreError: It can't be written; what was there is untouched.
    """
    try:
        with TemporaryDirectory(prefix="dlquiz-") as folder:
            database = Path(folder) / "collection.anki2"
            _fill(database, entries, about)
            with files.replacing(target) as draft, open(draft, "wb") as packed:
                _pack(packed, database, media)
    except (OSError, sqlite3.OperationalError) as error:
        reason = getattr(error, "strerror", None) or error
        raise StoreError(f"can't write {target}: {reason}; nothing was changed") from error


def _fill(database: Path, entries: Iterable[PackagedNote], about: PackageInfo) -> None:
    """Rows wait in temporary tables, in whichever order they come, and are then put in the order of their keys: so they are written in half
    the time, the same notes give the same file, and no more than one note is held in memory.
    """
    deck_ids: dict[str, int] = {}
    _deck(decks.TOP, deck_ids)
    latest, used_types = notetypes.CHANGED_S, set[notetypes.NoteType]()
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute(f"PRAGMA page_size = {_PAGE}")
        db.execute("PRAGMA journal_mode = OFF")  # a file that nobody sees before it is whole
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA temp_store = FILE")
        db.executescript(_TABLES)
        db.executescript(_WAITING)
        db.execute("BEGIN")
        for number, entry in _numbered(entries):
            latest = max(latest, entry.changed_s)
            used_types.add(entry.notetype)
            deck = _deck(entry.deck, deck_ids)
            db.execute(_NOTE, _note(number, entry))
            for card_number, card in enumerate(entry.cards, number):
                db.execute(_CARD, _card(card_number, number, entry, card, deck))
                db.executemany(_WAITING_REVIEW, ((*review, card_number, event) for event, review in card.reviews))
        db.execute("INSERT INTO main.notes SELECT * FROM temp.notes ORDER BY id")
        db.execute("INSERT INTO main.cards SELECT * FROM temp.cards ORDER BY id")
        db.executemany(_REVIEW, _told_apart(db.execute(_WAITING_REVIEWS)))
        settings = _settings(deck_ids, about, used_types)
        db.execute(_COLLECTION, (about.first_day_s, latest * 1000, latest * 1000, *settings))
        db.execute("COMMIT")


def _told_apart(reviews: Iterable[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    """Rows of the review log, the earliest first, each under a number that no other has."""
    last = -1
    for number, *columns in reviews:
        last = max(number, last + 1)
        yield last, *columns


def _numbered(entries: Iterable[PackagedNote]) -> Iterator[tuple[int, PackagedNote]]:
    """Each entry with the id of its note and first card, which further cards follow; where two meet the later moves on."""
    used: set[int] = set()
    for entry in entries:
        number = identity.number(entry.guid)
        while any(number + n in used for n in range(len(entry.cards))):
            number += 1
        used.update(number + n for n in range(len(entry.cards)))
        yield number, entry


def _deck(name: str, deck_ids: dict[str, int]) -> int:
    """The id of a deck, made with all decks above it."""
    if name not in deck_ids:
        above = name.rpartition("::")[0]
        if above:
            _deck(above, deck_ids)
        deck_ids[name] = identity.number(f"deck {name}")
    return deck_ids[name]


def _settings(deck_ids: Mapping[str, int], about: PackageInfo, used_types: Iterable[notetypes.NoteType]) -> list[str]:
    """What the row of `col` says as JSON: conf, models, decks, dconf."""
    types = {notetype.id: notetype for notetype in (*used_types, *notetypes.ALL)}
    css = notetypes.look()
    presets = {
        str(preset["id"]): preset for preset in (decks.preset(decks.DEFAULT_PRESET, "Default"), about.preset) if preset
    }
    used = about.preset["id"] if about.preset else decks.DEFAULT_PRESET
    settings: list[Any] = [
        decks.settings(about.rollover_hour),
        {str(notetype.id): notetypes.as_json(notetype, css) for notetype in types.values()},
        {"1": decks.deck(1, "Default", decks.DEFAULT_PRESET)}
        | {
            str(number): decks.deck(number, name, used, about.description if name == decks.TOP else "")
            for name, number in sorted(deck_ids.items())
        },
        presets,
    ]
    return [json.dumps(value, ensure_ascii=False, sort_keys=True) for value in settings]


def _note(number: int, entry: PackagedNote) -> tuple[Any, ...]:
    first = _plain(entry.fields[0])
    checksum = int(hashlib.sha1(first.encode()).hexdigest()[:8], 16)  # Anki's way of finding equal first fields
    tags = f" {' '.join(entry.tags)} " if entry.tags else ""
    return number, entry.guid, entry.notetype.id, entry.changed_s, tags, "\x1f".join(entry.fields), first, checksum


def _card(number: int, note: int, entry: PackagedNote, card: PackagedCard, deck: int) -> tuple[Any, ...]:
    due, kind, queue, *counts = card.schedule
    return number, note, deck, card.ord, entry.changed_s, kind, queue, due, *counts


def _plain(html: str) -> str:
    """A field as it is sorted and compared."""
    return unescape(_TAG.sub("", html)).strip()


def _pack(file: IO[bytes], database: Path, media: Mapping[str, Path]) -> None:
    """Each member is opened by its name, which leaves out what differs between runs, and streamed: no collection is held in memory."""
    listed = {str(member_name): name for member_name, name in enumerate(sorted(media))}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as packed:
        _put(packed, "collection.anki2", database)
        with packed.open("media", "w") as member:
            member.write(json.dumps(listed, ensure_ascii=False).encode())
        for member_name, name in listed.items():
            _put(packed, member_name, media[name])
        packed.comment = MARK


def _put(packed: zipfile.ZipFile, name: str, source: Path) -> None:
    with open(source, "rb") as file, packed.open(name, "w") as member:
        shutil.copyfileobj(file, member)
