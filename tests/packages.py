"""Packages as an old Anki wrote them, made by hand: whatever a test wants to stand in them."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

BASIC, CLOZE = 1001, 1002
MODELS: dict[str, Any] = {
    str(BASIC): {
        "id": BASIC, "name": "Basic", "type": 0, "flds": [{"name": "Front"}, {"name": "Back"}],
        "tmpls": [
            {"name": "There", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"},
            {"name": "Back", "ord": 1, "qfmt": "{{Back}}", "afmt": "{{FrontSide}}<hr id=answer>{{Front}}"},
        ],
    },
    str(CLOZE): {
        "id": CLOZE, "name": "Cloze", "type": 1, "flds": [{"name": "Text"}, {"name": "Extra"}],
        "tmpls": [{"name": "Cloze", "ord": 0, "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}<br>{{Extra}}"}],
    },
}  # fmt: skip
DECKS = {"1": {"id": 1, "name": "Default"}, "2": {"id": 2, "name": "Words"}, "3": {"id": 3, "name": "Words::Verbs"}}
CONF = {"creationOffset": 0, "rollover": 4, "schedVer": 2}
CREATED_S = 1_780_000_000
_TABLES = """
CREATE TABLE col (id INTEGER PRIMARY KEY, crt, mod, scm, ver, dty, usn, ls, conf, models, decks, dconf, tags);
CREATE TABLE notes (id INTEGER PRIMARY KEY, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data);
CREATE TABLE cards (id INTEGER PRIMARY KEY, nid, did, ord, mod, usn, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags,
    data);
CREATE TABLE revlog (id INTEGER PRIMARY KEY, cid, usn, ease, ivl, lastIvl, factor, time, type);
CREATE TABLE graves (usn, oid, type);
"""

Note = tuple[str, int, Sequence[str], Sequence[int]]  # guid, note type, fields, numbers of its templates
Row = tuple[int, int, int, int, int, int, int, int]  # instant, card, rating, interval, last interval, factor, ms, type


def note(guid: str, *fields: str, kind: int = BASIC, ords: Sequence[int] = (0,)) -> Note:
    return (guid, kind, fields, ords)


def card_id(place: int, number: int = 0) -> int:
    """The number of a note's card: of the note at this place, of this template."""
    return CREATED_S * 1000 + place * 100 + number


def a_collection(
    path: Path,
    notes: Iterable[Note] = (),
    rows: Iterable[Row] = (),
    *,
    deck: int = 2,
    conf: Mapping[str, Any] = CONF,
    models: Any = MODELS,
    decks: Any = DECKS,
    suspended: Iterable[int] = (),
    extra: str = "",
) -> Path:
    """An SQLite collection of schema 11; `extra` is SQL for what no Anki would write."""
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(_TABLES)
        texts = [each if isinstance(each, str) else json.dumps(each) for each in (conf, models, decks)]
        db.execute("INSERT INTO col VALUES (1, ?, 0, 0, 11, 0, 0, 0, ?, ?, ?, '{}', '{}')", (CREATED_S, *texts))
        for place, (guid, kind, fields, ords) in enumerate(notes):
            values = (card_id(place), guid, kind, CREATED_S, " tag::one ", "\x1f".join(fields), fields[0])
            db.execute("INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, 0, 0, '')", values)
            for number in ords:
                card = card_id(place, number)
                queue = -1 if card in suspended else 0
                db.execute(
                    "INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, '')",
                    (card, card_id(place), deck, number, CREATED_S, queue),
                )
        db.executemany(
            "INSERT INTO revlog (id, cid, usn, ease, ivl, lastIvl, factor, time, type) VALUES (?, ?, -1, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        db.executescript(extra)
    return path


def a_package(
    path: Path, *notes: Note, rows: Iterable[Row] = (), media: Mapping[str, bytes] | None = None, **about: Any
) -> Path:
    """An `.apkg` with these notes."""
    database = path.with_suffix(".collection")
    database.unlink(missing_ok=True)
    a_collection(database, notes, rows, **about)
    files = list((media or {}).items())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(database, "collection.anki2")
        packed.writestr("media", json.dumps({str(n): name for n, (name, _) in enumerate(files)}))
        for n, (_, raw) in enumerate(files):
            packed.writestr(str(n), raw)
    database.unlink()
    return path
