"""The SQLite database in a package as values: note types, decks, notes with their cards, the review log. Runs nothing that it says."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from dlquiz import files
from dlquiz.anki import identity
from dlquiz.anki.reader import protobuf
from dlquiz.anki.reader.records import AnkiCard, AnkiClock, AnkiNote, AnkiNoteType, RevlogRow, Template
from dlquiz.errors import BankError
from dlquiz.text import phrases

MAX_ROW = 16 << 20  # bytes of a value
COUNTS = {"notes": 250_000, "cards": 500_000, "revlog": 10_000_000}  # more than any collection that was ever heard of
MAX_CARDS = 1_000  # of a note; a cloze of Anki's makes 500
MAX_KINDS = 20_000  # decks; note types
DEFAULT_ROLLOVER = 4  # o'clock; Anki's default, not said in a package
_TABLES = ("col", "notes", "cards", "revlog")
_NEW_TABLES = ("config", "decks", "notetypes", "fields", "templates")
_LOG = ", ".join(f"{name}: INTEGER" for name in ("id", "cid", "ease", "ivl", "lastIvl", "factor", "time", "type"))
_V18 = 15  # the schema from which on decks and note types have tables of their own
INSTRUCTIONS = 1_000_000  # SQLite's instructions between two looks at how many there were
LONGEST = 5_000  # such looks; ten times what the largest collection takes


class AnkiCollection:
    """An open collection; `opened` makes one."""

    def __init__(self, name: str, db: sqlite3.Connection) -> None:
        self.name = name
        self._db = db
        self._version, created_s, conf, models, decks = self._about()
        self.notetypes = self._notetypes(models)
        self._decks = self._deck_names(decks)
        self.clock = _clock(created_s, conf, self._version)

    @property
    def counts(self) -> dict[str, int]:
        """Rows in notes, cards and revlog."""
        with self._reading():
            return {table: self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTS}

    def notes(self) -> Iterator[AnkiNote]:
        """The notes in the order in which they were made, each with its cards; one without cards or note type is none.

        Where several have one GUID, the first keeps it, and the others' have their numbers behind it.
        """
        guids: set[str] = set()
        with self._reading():
            cards = groupby(self._cards(), attrgetter("note"))
            note, own = next(cards, (None, iter(())))
            query = f"SELECT {_as('id: INTEGER, guid: TEXT, mid: INTEGER, mod: INTEGER, tags: TEXT, flds: TEXT')} FROM notes ORDER BY 1"
            for number, guid, kind, changed_s, tags, flds in self._db.execute(query):
                while note is not None and note < number:
                    note, own = next(cards, (None, iter(())))
                notetype = self.notetypes.get(kind)
                if note != number or notetype is None:
                    continue
                values = flds.split("\x1f")
                fields = dict(zip(notetype.fields, [*values, *[""] * len(notetype.fields)], strict=False))
                first = {card.ord: card for card in reversed(list(own))}  # nothing tells two of one template apart
                single = tuple(reversed(first.values()))
                if guid in guids and identity.first_id(guid) is None:
                    guid = f"{guid} {number}"
                guids.add(guid)
                yield AnkiNote(number, guid, notetype, changed_s, tuple(tags.split()), fields, single)

    def histories(self) -> Iterator[tuple[int, list[RevlogRow]]]:
        """Each card's rows of the review log, oldest first, by the card's number."""
        with self._reading():
            rows = map(RevlogRow._make, self._db.execute(f"SELECT {_as(_LOG)} FROM revlog ORDER BY 2, 1"))
            for card, history in groupby(rows, attrgetter("card")):
                yield card, list(history)

    def _cards(self) -> Iterator[AnkiCard]:
        columns = _as(
            ", ".join(
                f"{name}: INTEGER"
                for name in ("id", "nid", "ord", "did", "odid", "type", "queue", "due", "odue", "mod")
            )
        )
        query = f"SELECT {columns} FROM cards ORDER BY 2, 3, 1"
        for number, note, ordinal, deck, home, kind, queue, due, home_due, changed_s in self._db.execute(query):
            if not 0 <= ordinal < MAX_CARDS:
                raise self._broken(f"card {number} says to be number {ordinal + 1} of its note")
            name = self._decks.get(home or deck, "")  # a card in a filtered deck belongs to another one
            yield AnkiCard(number, note, ordinal, name, kind, queue, home_due if home and home_due else due, changed_s)

    # ---- what the collection says of itself

    def _about(self) -> tuple[int, int, dict[str, Any], Any, Any]:
        with self._reading():
            self._check_tables(_TABLES)
            for table, most in COUNTS.items():
                count = self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                if count > most:
                    raise BankError(
                        f"{self.name}: {phrases.number(count)} rows in {table}, more than {phrases.number(most)}; nothing was imported"
                    )
            damage = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if damage != "ok":
                raise self._broken(f"its collection is damaged ({damage})")
            # The log is read last, when banks are made already: what is wrong with any of its values has to show now.
            self._db.execute(
                f"SELECT {', '.join(f'max({value})' for value in _values_of(_LOG))} FROM revlog"
            ).fetchone()
            query = (
                f"SELECT {_as('ver: INTEGER, crt: INTEGER, conf: TEXT, models: TEXT, decks: TEXT')} FROM col LIMIT 1"
            )
            about = self._db.execute(query).fetchone()
            if about is None:
                raise self._broken("its collection is empty")
            version, created_s, conf, models, decks = about
            if version < _V18:
                return (
                    version,
                    created_s,
                    self._json(conf, "conf"),
                    self._json(models, "models"),
                    self._json(decks, "decks"),
                )
            self._check_tables(_NEW_TABLES)
            rows = self._db.execute(f"SELECT {_as('key: TEXT, val: TEXT')} FROM config")
            return version, created_s, {key: _value(text) for key, text in rows}, None, None

    def _check_tables(self, names: Iterable[str]) -> None:
        """Plain tables with plain columns only: neither a view nor a column that is computed runs anything."""
        for name in names:
            row = self._db.execute("SELECT type, sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
            if row is None or row[0] != "table" or "virtual" in str(row[1]).lower().split("(")[0]:
                raise self._broken(f"its collection has no table '{name}'")
            if any(column[6] for column in self._db.execute(f"PRAGMA table_xinfo({name})")):
                raise self._broken(f"its table '{name}' has columns that Anki's has not")

    def _notetypes(self, models: Any) -> dict[int, AnkiNoteType]:
        notetypes = self._new_notetypes() if models is None else map(self._old_notetype, _values(models))
        return {notetype.id: notetype for notetype in self._few(notetypes, "note types")}

    def _old_notetype(self, model: Mapping[str, Any]) -> AnkiNoteType:
        fields = [str(field.get("name", "")) for field in _values(model.get("flds"))]
        templates = [
            Template(str(template.get("name", "")), str(template.get("qfmt", "")), str(template.get("afmt", "")))
            for template in sorted(_values(model.get("tmpls")), key=lambda template: _whole(template.get("ord")))
        ]
        cloze = _whole(model.get("type")) == 1
        return AnkiNoteType(_whole(model.get("id")), str(model.get("name", "")), tuple(fields), tuple(templates), cloze)

    def _new_notetypes(self) -> Iterator[AnkiNoteType]:
        fields: dict[int, list[str]] = {}
        templates: dict[int, list[Template]] = {}
        try:
            with self._reading():
                query = f"SELECT {_as('ntid: INTEGER, name: TEXT')} FROM fields ORDER BY 1, CAST(ord AS INTEGER)"
                for number, name in self._db.execute(query):
                    fields.setdefault(number, []).append(name)
                columns = _as("ntid: INTEGER, name: TEXT, config: BLOB")
                query = f"SELECT {columns} FROM templates ORDER BY 1, CAST(ord AS INTEGER)"
                for number, name, config in self._db.execute(query):
                    template = Template(name, protobuf.text(config, 1), protobuf.text(config, 2))
                    templates.setdefault(number, []).append(template)
                query = f"SELECT {_as('id: INTEGER, name: TEXT, config: BLOB')} FROM notetypes ORDER BY 1"
                for number, name, config in self._db.execute(query):
                    own, cards = tuple(fields.get(number, ())), tuple(templates.get(number, ()))
                    yield AnkiNoteType(number, name, own, cards, cloze=protobuf.whole(config, 1) == 1)
        except protobuf.MalformedError as error:
            raise self._broken(f"a note type is damaged ({error})") from error

    def _deck_names(self, decks: Any) -> dict[int, str]:
        if decks is not None:
            old = ((_whole(deck.get("id")), str(deck.get("name", ""))) for deck in _values(decks))
            return dict(self._few(old, "decks"))
        with self._reading():
            rows = self._db.execute(f"SELECT {_as('id: INTEGER, name: TEXT')} FROM decks ORDER BY 1")
            return dict(self._few(((number, name.replace("\x1f", "::")) for number, name in rows), "decks"))

    def _few(self, items: Iterable[Any], what: str) -> Iterator[Any]:
        for count, item in enumerate(items):
            if count >= MAX_KINDS:
                raise BankError(f"{self.name}: more than {phrases.number(MAX_KINDS)} {what}; nothing was imported")
            yield item

    def _json(self, text: str, what: str) -> dict[str, Any]:
        try:
            mapping = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise self._broken(f"its {what} are no JSON ({error})") from error
        if not isinstance(mapping, dict):
            raise self._broken(f"its {what} are no mapping")
        return mapping

    def _broken(self, what: str) -> BankError:
        return BankError(f"{self.name}: {what}; nothing was imported, export it from Anki again")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter: what SQLite says of a damaged schema
            raise self._broken(f"its collection is damaged ({error})") from error


@contextmanager
def opened(name: str, database: Path) -> Iterator[AnkiCollection]:
    """A collection.

    Args:
        name: What messages call it.
        database: The file that `Archive.database` made.

    Raises:
        BankError: It is damaged, or no collection of Anki.
    """
    db = sqlite3.connect(files.sqlite_uri(database.absolute(), "mode=ro&immutable=1"), uri=True)
    try:
        db.text_factory = lambda raw: raw.decode("utf-8", "replace")
        db.create_collation("unicase", _unicase)
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_ROW)
        db.set_progress_handler(partial(_patience, iter(range(LONGEST))), INSTRUCTIONS)
        for setting in ("trusted_schema = 0", "query_only = 1"):
            db.execute(f"PRAGMA {setting}")  # reads no page yet: whatever is damaged shows below
        yield AnkiCollection(name, db)
    finally:
        db.close()


def _as(columns: str) -> str:
    """Columns as the types that Anki gives them, whatever stands there: `id: INTEGER, name: TEXT`."""
    return ", ".join(_values_of(columns))


def _values_of(columns: str) -> list[str]:
    nothing = {"INTEGER": "0", "TEXT": "''", "BLOB": "x''"}
    pairs = (column.strip().split(": ") for column in columns.split(","))
    return [f"coalesce(CAST({name} AS {kind}), {nothing[kind]})" for name, kind in pairs]


def _unicase(first: str, second: str) -> int:
    """Anki's order of names, near enough: nothing here depends on it."""
    left, right = first.casefold(), second.casefold()
    return (left > right) - (left < right)


def _patience(looks: Iterator[int]) -> bool:
    """Has SQLite worked for longer than any collection asks? True stops it."""
    return next(looks, None) is None


def _clock(created_s: int, conf: Mapping[str, Any], version: int) -> AnkiClock:
    """How days are counted. Anki keeps minutes west of Greenwich; collections older than that were begun at 4 o'clock local time."""
    rollover = _whole(conf.get("rollover"), DEFAULT_ROLLOVER)
    rollover = rollover if 0 <= rollover <= 23 else DEFAULT_ROLLOVER
    created = datetime.fromtimestamp(created_s if 0 <= created_s < 1 << 33 else 0, UTC)
    west = [conf.get(key) for key in ("localOffset", "creationOffset")]
    offsets = [
        -minutes
        for minutes in west
        if isinstance(minutes, int) and not isinstance(minutes, bool) and abs(minutes) <= 15 * 60
    ]
    if offsets:
        then, offset = offsets[-1], offsets[0]
    else:
        then = offset = (DEFAULT_ROLLOVER * 60 - created.hour * 60 - created.minute + 12 * 60) % (24 * 60) - 12 * 60
    first_day = (created + timedelta(minutes=then)).date()
    return AnkiClock(
        first_day, rollover * 60, offset, old_buttons=version < _V18 and _whole(conf.get("schedVer"), 1) == 1
    )


def _value(text: str) -> Any:
    """A value of the newer configuration; one that is no JSON is as good as absent."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _values(value: Any) -> list[Mapping[str, Any]]:
    """The mappings in a mapping or list."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [item for item in inner if isinstance(item, dict)]


def _whole(value: Any, default: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return default
    try:
        return int(value)
    except ValueError:
        return default
