"""Exports, progress files and tables that no program would write: sound ones, then spoiled. The same number gives the same file."""

from __future__ import annotations

import base64
import json
import random
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from typing import Any, NamedTuple

from dlquiz.card import Event

Chance = random.Random
NEST: Any = json.loads("[" * 900 + "]" * 900)
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 3, 2**31, 2**53, -(2**63), 10**30, 1.5, 1e308, "", " ", "\x00", "\x1b[2J", "\ud83d", "a\ud800", "\u202e",
    "../../x", "/tmp/x", "C:\\con", "nul", "con", "mine", "mine/adam", "mine/adam.lr", "mine/adam#first", "../adam", "mine/../x", "a" * 300,
    "9999-12-31", "0001-01-01", "2026-02-30", "2026-11-24", "review", "undo", "flag", "new", "anki", "[]", "{}", "[" * 5000, '{"a": 1}',
    [], {}, [1], [None], [[]], {"id": None}, {"": ""}, ["a", "a"], NEST, "é漢字", "x.svg", "media/../x.svg",
    "{{c1::a}}", "`$\\(", "\r\n", "~",
)  # fmt: skip
NOTES: list[dict[str, Any]] = [
    {
        "id": "mine/adam", "question": "What is Adam?", "answer": "Two means.", "topic": "optimizers", "tags": ["means"], "number": 3,
        "key_points": [{"id": "mine/adam#first", "text": "A mean.", "must": True}], "sources": ["a1"], "as_of": "2026-11",
        "corrections": [{"grade": "wrong", "claim": "a", "instead": "b", "sources": ["a1"]}],
        "figures": [{"file": "media/a.svg", "alt": "A picture."}], "follow_ups": [{"question": "q", "answer": "a"}],
        "cards": [
            {"id": "mine/adam.lr", "front": "Rate?", "back": "0.001", "kind": "basic", "accept": ["1e-3"], "drills": ["first"]},
            {"id": "mine/adam.beta", "front": "Beta?", "back": "0.9", "kind": "basic", "was": ["adam.b1"]},
        ],
    },
    {"id": "yours/sgd", "question": "What is SGD?", "answer": "A step.", "topic": "nets", "cards": []},
]  # fmt: skip


def event(number: int, **changes: Any) -> dict[str, Any]:
    at_ms = 1_795_000_000_000 + number * 86_400_000
    return {
        "id": f"{at_ms}-b", "kind": "review", "card": "mine/adam.lr", "at_ms": at_ms, "study_day": f"2026-11-{18 + number}",
        "utc_offset_min": 60, "device": "b", "rating": 3, "state_before": "review", "interval_before": 1, "interval_after": 4,
        "preset": "p1", "mode": "reveal", "thought_ms": 4, "took_ms": 9, "content": "c1", **changes,
    }  # fmt: skip


EVENTS = [
    event(0, state_before="new"),
    event(1),
    event(2, card="mine/adam", rating=1),
    event(3, kind="undo", target="1795086400000-b", rating=None),
    event(4, kind="flag", given="odd", rating=None),
    event(5, card="gone/x.y"),
    event(6, card="mine/adam.beta", origin="anki", foreign_row='{"id": 1}', kind="reschedule", rating=None),
]
DOCUMENT: Mapping[str, Any] = {
    "dlquiz": 1,
    "notes": NOTES,
    "sources": {"a1": {"authors": "A", "title": "T", "link": "https://example.org/", "year": 2014}},
    "topics": {"nets": {"title": "Nets", "aliases": ["networks"]}},
    "pictures": {"mine": {"media/a.svg": base64.b64encode(b"<svg/>").decode()}},
    "banks": {"yours": {"was": ["theirs"]}},
    "log": {
        "events": [{key: value for key, value in row.items() if value is not None} for row in EVENTS],
        "points": [["1795172800000-b", "mine/adam#first", True]],
        "interviews": [
            {
                "id": "1795000000000-b",
                "at_ms": 1795000000000,
                "device": "b",
                "seed": "s",
                "settings": "{}",
                "state": "{}",
            }
        ],
        "presets": {"p1": "{}"},
        "contents": [["c1", "Rate?", 1795000000000]],
    },
}
TABLES = (
    'Question,Answer,Topic,Tags\nWhat is y?,one,Nets,a b\nWhat is z?,two,,\n"What, then?",three,Nets,a\n',
    "#separator:tab\n#html:true\n#guid column:1\n#deck column:2\n#tags column:5\nabc\tA::B\t<b>q</b>\ta<br>b\tt\ndef\tA\tr\ts\t\n",
    "sep=;\nfront;back\nWhat is k?;l\nWhat is m?;n\n",
    'a\tb\n"Attention" is what?\tA mean\nc\td\n',
    "#separator:Comma,,\n#deck column:3,,\nWhat is A?,One.,T\nWhat is B?,Two.,T\n",
    '"a\nb","c ""d"""\ne,f\n',
)
PIECES = (
    '"', '""', ",", ";", "\t", "|", "\n", "\r", "\r\n", "#separator:", "#html:true\n", "#deck column:99999999999\n",
    "sep=;", "\x00", "\x1b[2J",
    "\ufeff", "é", "漢", "\u202e", "<b>", "<script>", "&#" + "9" * 5000 + ";", "../../x", "question",
    "a" * 200_000, "#deck:x\n" * 60, " ", "=1+1",
)  # fmt: skip


_CHANGED = {"id": "id || 'x'", "origin": "'anki'"}
_DOUBLED = (
    f"INSERT INTO event ({', '.join(Event._fields)}) SELECT"
    f" {', '.join(_CHANGED.get(name, name) for name in Event._fields)} FROM event"
)  # as logs were when the same answer by two roads was two


class File(NamedTuple):
    """A spoiled file."""

    ending: str
    raw: bytes
    told: list[str]  #: what was done to it


def at_random(number: int, progress: bytes) -> File:
    """The file with this number.

    Args:
        number: Any.
        progress: A sound progress file of another machine.
    """
    chance = Chance(number)
    told: list[str] = []
    ending = chance.choice([".json", ".json", ".db", ".csv", ".tsv"])
    if ending == ".json":
        raw = _document(chance, told)
    elif ending == ".db":
        raw = _progress(chance, progress, told)
    else:
        raw = _table(chance, told)
    if chance.random() < 0.15:
        raw = _bytes(chance, raw, told)
    return File(ending, raw, told)


def _document(chance: Chance, told: list[str]) -> bytes:
    document = json.loads(json.dumps(DOCUMENT))
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
        place: Any = document
        path = ""
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = chance.choice(keys)
            path += f".{key}"
            if isinstance(place[key], dict | list) and chance.random() < 0.8:
                place = place[key]
                continue
            _spoil(chance, place, key, path, told)
            break
    return json.dumps(document, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _spoil(chance: Chance, place: Any, key: Any, path: str, told: list[str]) -> None:
    what = chance.choice(["value", "value", "value", "remove", "add", "wrap", "twice"])
    told.append(f"{what} at {path}")
    if what == "value":
        place[key] = chance.choice(VALUES)
        told[-1] += f": {str(place[key])[:60]!r}"
    elif what == "remove":
        del place[key]
    elif what == "add" and isinstance(place, dict):
        place[chance.choice(["colour", "id", "", "../x", "a\ud800"])] = chance.choice(VALUES)
    elif what == "wrap":
        place[key] = [place[key]]
    elif isinstance(place, list):
        place.append(place[key])


def _progress(chance: Chance, progress: bytes, told: list[str]) -> bytes:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.deserialize(progress)
        db.execute("PRAGMA ignore_check_constraints = 1")
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for _ in range(chance.choice([0, 1, 1, 1, 2])):
            table = chance.choice([*tables, "event", "event", "event"])
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")] or ["id"]
            value = chance.choice([value for value in VALUES if isinstance(value, str | int | float) or value is None])
            statement = chance.choice([
                f"UPDATE {table} SET {chance.choice(columns)} = ? WHERE rowid = 1", f"UPDATE event SET {chance.choice(columns)} = ?",
                f"UPDATE event SET {chance.choice(['at_ms', 'study_day', 'took_ms', 'card', 'rating', 'interval_after', 'id'])} = ?",
                f"DROP TABLE {table}", f"ALTER TABLE {table} RENAME TO other", f"DELETE FROM {table}",
                "CREATE TRIGGER t BEFORE INSERT ON event BEGIN SELECT RAISE(IGNORE); END", "PRAGMA user_version = 99",
                "PRAGMA user_version = 0", "PRAGMA user_version = -1", "CREATE VIEW v AS SELECT * FROM event",
                _DOUBLED,
            ])  # fmt: skip
            told.append(f"{statement[:90]} {str(value)[:40]!r}")
            with suppress(sqlite3.Error, OverflowError, UnicodeEncodeError):
                db.execute(statement, (value,) if "?" in statement else ())
        return db.serialize()


def _table(chance: Chance, told: list[str]) -> bytes:
    text = chance.choice(TABLES) * chance.choice([1, 1, 1, 3])
    for _ in range(chance.choice([0, 1, 1, 2, 4])):
        at = chance.randrange(len(text) + 1)
        length = chance.choice([0, 0, 1, 3, 20])
        piece = chance.choice(PIECES)
        told.append(f"{piece[:20]!r} for {length} at {at}")
        text = text[:at] + piece + text[at + length :]
    return text.encode(chance.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"]), "replace")


def _bytes(chance: Chance, raw: bytes, told: list[str]) -> bytes:
    """Flipped, cut or filled up."""
    changed = bytearray(raw)
    acts: list[tuple[str, Callable[[], None]]] = [
        ("flip", lambda: changed.__setitem__(chance.randrange(len(changed)), chance.randrange(256))),
        ("cut", lambda: changed.__delitem__(slice(chance.randrange(len(changed)), None))),
        ("fill", lambda: changed.extend(chance.randbytes(50))),
        ("hole", lambda: changed.__delitem__(slice(chance.randrange(len(changed)), chance.randrange(len(changed))))),
    ]
    for _ in range(chance.choice([1, 1, 5])):
        if changed:
            name, act = chance.choice(acts)
            told.append(name)
            act()
    return bytes(changed)
