"""Packages that no Anki would write: sound ones of all three generations, then spoiled. The same number gives the same package."""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import warnings
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import packages

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Members = dict[str, bytes]
Chance = random.Random
NOTES = (
    packages.note("g1", "to speak <img src=a.png>", "<b>hablar</b> \\(x^2\\)", ords=(0, 1)),
    packages.note("g2", "The {{c1::sun}} is {{c2::hot::how?}}.", "extra", kind=packages.CLOZE, ords=(0, 1)),
    packages.note("dlquiz:mine/adam.lr", "What is the rate?", "0.001"),
    packages.note("dlquiz:mine/gone", "Which card?", "None of ours."),
)
AT_MS = packages.CREATED_S * 1000 + 86_400_000
ROWS = [
    (AT_MS + 1, packages.card_id(0), 3, 4, -600, 2500, 4000, 0),
    (AT_MS + 5 * 86_400_000, packages.card_id(0), 1, -600, 4, 2500, 4000, 1),
    (AT_MS + 2, packages.card_id(1), 3, 4, 1, 2500, 4000, 0),
    (AT_MS + 3, packages.card_id(2), 4, 9, 1, 2500, 4000, 0),
]
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(60)
BOMB = 70 << 20  # bytes, of nothing: more than a package may make of so little
TEXTS = (
    "", " ", "\x00", "\x1f", "\x1b[2J", "\u202e", "\ud83d", "{{c1::", "}}", "{{c1::a::b}}", "{{c99::x}}", "{{c0::x}}", "[sound:a.mp3]",
    "$", "\\(", "\\)", "[latex]", "<script>1</script>", "<img src='../../x.png'>", "<img src='file:///etc/passwd'>", "<div>" * 3000,
    "<b><i>" * 200, "&#x1b;", "&#xd800;", "<table><tr><td>", "<!--", "<![CDATA[", "```", "---", "- " * 100, "> " * 200,
    "[x](javascript:1)", "漢字", "a" * 70_000, "%s{0}", "../../..", "C:\\con", "nul", "dlquiz:", "dlquiz:mine/adam.lr", "dlquiz:../../x",
    "mine/adam", "::", "a::::b", "true", "2026-11-24", "~", "0x1f", "{{#Front}}", "{{/Front}}", "{{^Front}}", "{{FrontSide}}",
    "{{cloze:Text}}", "{{Front}}{{Back}}", "{{" * 500, "{{hint:Front}}", "<ul><li>" * 300,
)  # fmt: skip
NUMBERS = (0, 1, -1, 2, 3, 5, 255, 1 << 31, -(1 << 31), (1 << 63) - 1, -(1 << 63), 10**12, AT_MS, packages.card_id(0))
METAS = (
    b"",
    b"\x08\x01",
    b"\x08\x02",
    b"\x08\x03",
    b"\x08\x7f",
    b"\x08" + b"\xff" * 11,
    b"\x0a\x7f",
)  # versions, and none
TABLES = ("col", "notes", "cards", "revlog", "decks", "notetypes", "fields", "templates", "config")
SQL = (
    "DROP TABLE {table}",
    "DELETE FROM {table}",
    "ALTER TABLE {table} RENAME TO t; CREATE VIEW {table} AS SELECT * FROM t",
    "ALTER TABLE {table} RENAME COLUMN {column} TO other",
    "CREATE INDEX i ON {table} ({column} COLLATE unicase)",
    "CREATE TRIGGER r AFTER INSERT ON {table} BEGIN DELETE FROM {table}; END",
    "CREATE TABLE other (x DEFAULT (zeroblob(1000000000)))",
    "DROP TABLE {table}; CREATE VIRTUAL TABLE {table} USING fts5(id)",
    "INSERT INTO {table} SELECT * FROM {table}",
    "UPDATE {table} SET {column} = zeroblob(17000000)",
    "UPDATE col SET ver = ver + 7",
    "PRAGMA user_version = 99",
    "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, 'id', 'x')",
    "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET rootpage = 1",
)


class Package(NamedTuple):
    """What was made, and how."""

    raw: bytes
    ending: str
    told: tuple[str, ...]


def message(number: int, value: int | bytes | str) -> bytes:
    """One field of a protobuf message."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    raw = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(raw)) + raw


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def at_random(seed: int, folder: Path) -> Package:
    """The package of this number; every eighth is sound."""
    chance = random.Random(seed)
    generation, ending = chance.randint(1, 3), chance.choice((".apkg", ".colpkg"))
    told: list[str] = []
    database = _database(folder, newest=generation == 3)
    count = chance.choice((0, 1, 1, 1, 1, 2, 2, 3))
    places = [
        chance.choice((_spoil_rows, _spoil_rows, _spoil_tables, _spoil_members, _spoil_members, _spoil_file))
        for _ in range(count)
    ]
    for spoil in (_spoil_rows, _spoil_tables):
        for _ in range(places.count(spoil)):
            told.append(spoil(chance, database))
    members = _members(database.read_bytes(), generation)
    for _ in range(places.count(_spoil_members)):
        told.append(_spoil_members(chance, members, generation))
    raw = _zipped(members, chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)))
    for _ in range(places.count(_spoil_file)):
        raw, how = _spoil_file(chance, raw)
        told.append(how)
    return Package(raw, ending, (f"generation {generation}", *told))


def _database(folder: Path, *, newest: bool) -> Path:
    path = folder / "made.db"
    path.unlink(missing_ok=True)
    packages.a_collection(path, NOTES, ROWS)
    if newest:
        with closing(sqlite3.connect(path)) as db, db:
            db.executescript(
                "CREATE TABLE config (key TEXT PRIMARY KEY, usn, mtime_secs, val BLOB) WITHOUT ROWID;"
                "CREATE TABLE decks (id INTEGER PRIMARY KEY, name, mtime_secs, usn, common, kind);"
                "CREATE TABLE notetypes (id INTEGER PRIMARY KEY, name, mtime_secs, usn, config);"
                "CREATE TABLE fields (ntid, ord, name, config, PRIMARY KEY (ntid, ord)) WITHOUT ROWID;"
                "CREATE TABLE templates (ntid, ord, name, mtime_secs, usn, config, PRIMARY KEY (ntid, ord)) WITHOUT ROWID;"
                "UPDATE col SET ver = 18, conf = '', models = '', decks = '';"
            )
            db.executemany(
                "INSERT INTO config VALUES (?, 0, 0, ?)", [(k, json.dumps(v)) for k, v in packages.CONF.items()]
            )
            decks = [(each["id"], str(each["name"]).replace("::", "\x1f")) for each in packages.DECKS.values()]
            db.executemany("INSERT INTO decks VALUES (?, ?, 0, 0, x'', x'')", decks)
            for each in packages.MODELS.values():
                db.execute(
                    "INSERT INTO notetypes VALUES (?, ?, 0, 0, ?)", (each["id"], each["name"], message(1, each["type"]))
                )
                for place, field in enumerate(each["flds"]):
                    db.execute("INSERT INTO fields VALUES (?, ?, ?, x'')", (each["id"], place, field["name"]))
                for one in each["tmpls"]:
                    config = message(1, one["qfmt"]) + message(2, one["afmt"])
                    db.execute(
                        "INSERT INTO templates VALUES (?, ?, ?, 0, 0, ?)", (each["id"], one["ord"], one["name"], config)
                    )
    return path


def _members(database: bytes, generation: int) -> Members:
    if generation < 3:
        media = json.dumps({"0": "a.png"}).encode()
        meta: Members = {"meta": message(1, 2)} if generation == 2 else {}
        return {
            "collection.anki21" if generation == 2 else "collection.anki2": database,
            "media": media,
            "0": PICTURE,
            **meta,
        }
    media = message(1, message(1, "a.png") + message(2, len(PICTURE)))
    packed = {"collection.anki21b": database, "media": media, "0": PICTURE}
    return {
        "meta": message(1, 3),
        "collection.anki2": b"stub",
        **{name: zstd.compress(raw) for name, raw in packed.items()},
    }


def _zipped(members: Mapping[str, bytes], compression: int) -> bytes:
    file = BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", compression, compresslevel=1) as packed:
        warnings.simplefilter("ignore")  # of names that stand there twice
        for name, raw in members.items():
            packed.writestr(name.replace("*", ""), raw)
    return file.getvalue()


def _value(chance: Chance) -> Any:
    kind = chance.randrange(5)
    if kind < 2:
        return chance.choice(NUMBERS)
    if kind < 4:
        return (
            "".join(chance.choices(TEXTS, k=chance.randint(1, 6)))
            .encode("utf-8", "surrogatepass")
            .decode("utf-8", "replace")
        )
    return chance.choice(
        (None, 2.5, b"", b"\xff\x00", message(1, "{{Front}}") + message(2, "{{Back}}"), chance.randbytes(40))
    )


def _columns(db: sqlite3.Connection) -> list[tuple[str, str]]:
    found = []
    with suppress(sqlite3.Error):  # of a schema that was spoilt before
        for table in TABLES:
            found += [(table, row[1]) for row in db.execute(f"PRAGMA table_info({table})")]
    return found


def _spoil_rows(chance: Chance, database: Path) -> str:
    """A value, or all of a column, is another."""
    with closing(sqlite3.connect(database)) as db, db, suppress(sqlite3.Error):
        columns = _columns(db)
        table, column = chance.choice(columns or [("col", "id")])
        value, where = _value(chance), chance.choice(("", f" WHERE rowid = (SELECT min(rowid) FROM {table})"))
        if table == "notes" and column == "flds" and isinstance(value, str):
            value = value.replace("::", "\x1f", 1) if chance.random() < 0.5 else f"{value}\x1fback"
        if table == "col" and column in ("conf", "models", "decks") and chance.random() < 0.7:
            value = _json(
                chance, db.execute(f"SELECT coalesce(max(CAST({column} AS TEXT)), '') FROM col").fetchone()[0]
            )
        db.execute(f"UPDATE OR REPLACE {table} SET {column} = ?{where}", (value,))
        return f"{table}.{column} = {str(value)[:60]!r}{where}"
    return "a value that SQLite refuses"


def _json(chance: Chance, text: str) -> str:
    """The same JSON with one of its values replaced."""
    try:
        whole: Any = json.loads(text)
    except ValueError:
        return chance.choice(("{", "[]", "null", "[" * 50_000, '{"1": 1}'))
    at = whole
    while isinstance(at, dict | list) and at:
        key = chance.choice(list(at)) if isinstance(at, dict) else chance.randrange(len(at))
        if not isinstance(at[key], dict | list) or not at[key] or chance.random() < 0.2:
            at[key] = chance.choice((None, [], {}, 1.5, True, chance.choice(NUMBERS), chance.choice(TEXTS), "9" * 5000))
            break
        at = at[key]
    return json.dumps(whole)


def _spoil_tables(chance: Chance, database: Path) -> str:
    """SQL that no Anki would run."""
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.create_collation("unicase", lambda one, two: (one > two) - (one < two))
        table, column = chance.choice(_columns(db) or [("col", "id")])
        sql = chance.choice(SQL).format(table=table, column=column)
        with suppress(sqlite3.Error, sqlite3.Warning):
            db.executescript(sql)
        return sql


def _spoil_members(chance: Chance, members: Members, generation: int) -> str:
    """A member is another, elsewhere, missing, too large, or there are too many."""
    names = [name for name in members if name != "*"]
    name = chance.choice(names) if names else "media"
    raw = members.get(name, b"")
    inner: Callable[[bytes], bytes] = zstd.compress if generation == 3 and name != "meta" else bytes
    ways: dict[str, Callable[[], Members]] = {
        "missing": lambda: {each: members[each] for each in members if each != name},
        "elsewhere": lambda: {**{each: members[each] for each in members if each != name}, chance.choice(("../", "/", "C:\\")) + name: raw},
        "twice": lambda: {**members, f"{name}*": b"another"},
        "empty": lambda: {**members, name: b""},
        "noise": lambda: {**members, name: chance.randbytes(chance.randint(1, 3000))},
        "packed noise": lambda: {**members, name: inner(chance.randbytes(chance.randint(1, 3000)))},
        "cut": lambda: {**members, name: raw[: chance.randint(0, len(raw))]},
        "flipped": lambda: {**members, name: _flipped(chance, raw)},
        "a bomb": lambda: {**members, name: inner(bytes(BOMB)) if chance.random() < 0.3 else inner(bytes(1 << 20))},
        "for another": lambda: {**members, name: members[chance.choice(list(members))]},
        "media": lambda: {**members, "media": _media(chance, generation)},
        "meta": lambda: {**members, "meta": chance.choice(METAS)},
        "many": lambda: {**members, **{f"{chance.choice(('', '../', 'a/'))}{n}": b"" for n in range(2000)}},
    }  # fmt: skip
    how = chance.choice(list(ways))
    made = ways[how]()
    members.clear()
    members.update(made)
    return f"{name}: {how}"


def _media(chance: Chance, generation: int) -> bytes:
    names = ("../../a.png", "/a.png", "a.png", "", "\x00", "con", "x" * 300, "a.svg")
    if generation < 3:
        odd: Any = chance.choice(
            ([], None, {"0": None}, {"0": ["a.png"]}, {chance.choice(names): "a.png"}, {"0": chance.choice(names)})
        )
        return chance.choice((json.dumps(odd).encode(), b"[" * 50_000, b"\xff", b'{"0": 1e999}'))
    odd = chance.choice(
        (
            b"\xff" * 11,
            message(1, b"\xff"),
            message(1, message(1, chance.choice(names))) * 50,
            message(7, 7),
            message(1, 1),
        )
    )
    return chance.choice((zstd.compress(odd), odd))


def _flipped(chance: Chance, raw: bytes) -> bytes:
    spoilt = bytearray(raw)
    for _ in range(chance.choice((1, 1, 3, 30)) if raw else 0):
        spoilt[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _spoil_file(chance: Chance, raw: bytes) -> tuple[bytes, str]:
    """The bytes of the whole file."""
    at = chance.randint(0, len(raw))
    how = chance.choice(
        (
            "cut short",
            "flipped",
            "flipped at its end",
            "zeroed",
            "a prefix",
            "a suffix",
            "a hole",
            "encrypted",
            "sizes that lie",
        )
    )
    match how:
        case "cut short":
            return raw[:at], how
        case "flipped":
            return _flipped(chance, raw), how
        case "flipped at its end":
            return raw[:-200] + _flipped(chance, raw[-200:]), how
        case "zeroed":
            return raw[:at] + bytes(len(raw[at : at + 50])) + raw[at + 50 :], how
        case "a prefix":
            return chance.randbytes(200) + raw, how
        case "a suffix":
            return raw + chance.choice((bytes(50), b"PK\x05\x06" + bytes(18), raw)), how
        case "a hole":
            return raw[:at] + raw[at + 20 :], how
    spoilt = bytearray(raw)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = -1
        while (found := raw.find(mark, found + 1)) >= 0:
            if how == "encrypted":
                spoilt[found + place] |= 1
            elif mark == b"PK\x01\x02" and found + 28 < len(raw):
                spoilt[found + 20 : found + 28] = chance.choice((b"\xff" * 8, bytes(8), chance.randbytes(8)))
    return bytes(spoilt), how
