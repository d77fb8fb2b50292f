"""Changed files into the index, all of them in one transaction."""

from __future__ import annotations

import gc
import hashlib
import json
import re
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from dlquiz.bank import ids, index_tables, read, tree
from dlquiz.bank import paths as bank_paths
from dlquiz.card import EXPLAIN, USUALLY_ASKED, content_hash, priority
from dlquiz.errors import BankError, Problem

_encoded = json.JSONEncoder(ensure_ascii=False).encode
UNNUMBERED = 1_000_000  # notes without a number come after all that have one
WORD = re.compile(r"[a-z]{3,}")  # of a bank's texts: what a typed answer may hold that is no slip of the fingers
MAX_SAID = 40  # problems named in one error
_CLASHES = (
    "SELECT 1 FROM renamed JOIN card ON card.id = renamed.old",
    "SELECT 1 FROM renamed JOIN point ON point.id = renamed.old",
    "SELECT 1 FROM renamed JOIN retired ON retired.id = renamed.old",
    "SELECT 1 FROM retired JOIN card ON card.id = retired.id",
    "SELECT 1 FROM renamed GROUP BY old HAVING count(*) > 1",
)


def update(db: sqlite3.Connection, files: Mapping[str, bank_paths.Root], stats: Mapping[str, tuple[int, int]]) -> None:
    """Bring the index up to date, reading only files whose content changed.

    Raises:
        BankError: A file is malformed; the index stays as it was.
    """
    collecting = gc.isenabled()
    gc.disable()  # three times as fast on a big bank: nothing that is made here is garbage
    db.execute("BEGIN IMMEDIATE")
    try:
        is_new = db.execute("PRAGMA user_version").fetchone()[0] != index_tables.FORMAT
        if is_new:
            _clear(db)
        _update(db, files, stats)
        if is_new:
            _make(db, index_tables.INDEXES)  # sorted once, a third quicker than row by row
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    finally:
        if collecting:
            gc.enable()


def _clear(db: sqlite3.Connection) -> None:
    old = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for name in old:
        db.execute(f'DROP TABLE "{name}"')
    _make(db, index_tables.TABLES)
    db.execute(f"PRAGMA user_version = {index_tables.FORMAT}")


def _make(db: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            db.execute(statement)


def _update(db: sqlite3.Connection, files: Mapping[str, bank_paths.Root], stats: Mapping[str, tuple[int, int]]) -> None:
    old_shas = {values[0]: values[1] for values in db.execute("SELECT path, sha FROM file")}
    problems: list[Problem] = []
    fits = True
    for path in sorted(set(old_shas) - set(stats)):
        _forget(db, path)
    for path, (size, mtime_ns) in stats.items():
        try:
            sha = hashlib.sha256(tree.contents(Path(path))).hexdigest()
        except OSError as error:
            problems.append(bank_paths.unreadable(path, error))
            continue
        if old_shas.get(path) != sha:
            if path in old_shas:
                _forget(db, path)
            if path in files:
                bank = read.read(Path(path), builtin=files[path].builtin)
                problems.extend(bank.errors)
                fits = fits and not problems and _fits(db, bank)
            elif Path(path).name == bank_paths.GLOSSARY:
                _add_glossary(db, path, problems)
            else:
                _add_sources(db, path, problems)
        values = (path, size, mtime_ns, sha, "")
        db.execute("INSERT OR REPLACE INTO file (path, size, mtime_ns, sha, bank) VALUES (?, ?, ?, ?, ?)", values)
    if not problems and (not fits or _clashes(db)):
        # Unchanged files may be party to it: read all, so that it is told as a fresh index would tell it.
        problems = ids.cross_check([read.read(Path(path), builtin=root.builtin) for path, root in files.items()])
        if not problems:
            raise sqlite3.DatabaseError("the index says what its files don't")
    if problems:
        raise BankError(said(problems), [problem.path for problem in problems])


def _fits(db: sqlite3.Connection, bank: read.BankFile) -> bool:
    """Add a file; False when an id in it is used twice."""
    try:
        _add(db, bank)
    except sqlite3.IntegrityError:
        return False
    return True


def _clashes(db: sqlite3.Connection) -> bool:
    """Is an id both in use and former or retired, or a former one of two cards?"""
    return any(db.execute(f"SELECT EXISTS ({query})").fetchone()[0] for query in _CLASHES)


def said(problems: list[Problem]) -> str:
    """The problems, one a line."""
    rest = len(problems) - MAX_SAID
    lines = [str(problem) for problem in sorted(problems)[:MAX_SAID]]
    return "\n".join([*lines, f"... and {rest} more; `dlquiz check` lists all"] if rest > 0 else lines)


def _forget(db: sqlite3.Connection, path: str) -> None:
    for table in ("tag", "point", "card"):
        db.execute(f"DELETE FROM {table} WHERE note IN (SELECT id FROM note WHERE file = ?)", (path,))
    for table in ("note", "topic", "alias", "renamed", "former_bank", "retired", "source", "glossary", "words"):
        db.execute(f"DELETE FROM {table} WHERE file = ?", (path,))
    db.execute("DELETE FROM file WHERE path = ?", (path,))


def _add(db: sqlite3.Connection, bank: read.BankFile) -> None:
    for slug in sorted({note["topic"] for note in bank.notes}):
        title = bank.title if slug == bank.topic else slug.replace("-", " ").capitalize()
        cards = [1 + len(note["cards"]) for note in bank.notes if note["topic"] == slug]  # of each note
        first = min(_rank(note, ordinal) for ordinal, note in enumerate(bank.notes) if note["topic"] == slug)
        values = (slug, bank.path, title, len(cards), sum(cards), first)  # counted once, not by every screen
        db.execute("INSERT INTO topic (slug, file, title, notes, cards, rank) VALUES (?, ?, ?, ?, ?, ?)", values)
    for name in bank.aliases:
        alias = (name, bank.topic, bank.path)
        db.execute("INSERT OR IGNORE INTO alias (name, topic, file) VALUES (?, ?, ?)", alias)
    words: set[str] = set()
    for ordinal, note in enumerate(bank.notes):
        words.update(WORD.findall(_add_note(db, bank, note, ordinal).lower()))
    for old, new in ids.renamings(bank):
        db.execute("INSERT OR IGNORE INTO renamed (old, id, file) VALUES (?, ?, ?)", (old, new, bank.path))
    db.execute("INSERT INTO words (file, words) VALUES (?, ?)", (bank.path, " ".join(sorted(words))))
    for slug in dict.fromkeys(bank.was):
        db.execute("INSERT INTO former_bank (old, bank, file) VALUES (?, ?, ?)", (slug, bank.bank, bank.path))
    for entry in bank.retired:
        replaced = entry.get("replaced_by")
        tomb = (bank.prefix + entry["id"], bank.prefix + replaced if replaced else None, bank.path)
        db.execute("INSERT OR REPLACE INTO retired (id, replaced_by, file) VALUES (?, ?, ?)", tomb)


def _rank(note: read.Placed, ordinal: int) -> int:
    """Where a note's first card stands in the order of introduction; `ordinal` is the note's place in its file."""
    number = note.get("number")
    return int(UNNUMBERED + ordinal if number is None else number) * 10_000


def _add_note(db: sqlite3.Connection, bank: read.BankFile, note: read.Placed, ordinal: int) -> str:
    """Add a note with its cards; all of their texts."""
    rank = _rank(note, ordinal)
    fields = {key: value for key, value in note.items() if key != "cards"}
    values = (note["id"], bank.path, note["topic"], rank, note.get("number"), _encoded(fields))
    db.execute("INSERT INTO note (id, file, topic, rank, number, fields) VALUES (?, ?, ?, ?, ?, ?)", values)
    musts = {point["id"] for point in note.get("key_points", ()) if point.get("must")}
    cards: list[tuple[str, str, str, str | None, bool]] = [
        (note["id"], EXPLAIN, content_hash(EXPLAIN, note), None, True)
    ]
    for card in note["cards"]:
        text = _encoded(card)
        drills_must = any(f"{note['id']}#{name}" in musts for name in card.get("drills", ()))
        cards.append((card["id"], card["kind"], content_hash(card["kind"], card), text, drills_must))
    points = int(bool(note.get("key_points")))
    db.executemany(
        "INSERT INTO card (id, note, topic, kind, points, rank, content, fields, priority) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                card_id,
                note["id"],
                note["topic"],
                kind,
                points,
                rank + n,
                content,
                text,
                priority(note.get("asked", USUALLY_ASKED), must=must),
            )
            for n, (card_id, kind, content, text, must) in enumerate(cards)
        ],
    )
    live = [(point["id"], note["id"]) for point in note.get("key_points", ())]
    db.executemany("INSERT INTO point (id, note) VALUES (?, ?)", live)
    tags = [(tag, note["id"]) for tag in dict.fromkeys(note.get("tags", ()))]
    db.executemany("INSERT INTO tag (tag, note) VALUES (?, ?)", tags)
    return "\n".join([values[-1], *(text or "" for *_, text, _ in cards)])


def _add_glossary(db: sqlite3.Connection, path: str, problems: list[Problem]) -> None:
    for name, pattern in read.read_glossary(Path(path), problems).items():
        values = (str(Path(path).parent), name, pattern, path)
        db.execute("INSERT OR REPLACE INTO glossary (folder, name, pattern, file) VALUES (?, ?, ?, ?)", values)


def _add_sources(db: sqlite3.Connection, path: str, problems: list[Problem]) -> None:
    for key, fields in read.read_sources(Path(path), problems).items():
        values = (str(Path(path).parent), key, json.dumps(fields, ensure_ascii=False), path)
        db.execute("INSERT OR REPLACE INTO source (folder, key, fields, file) VALUES (?, ?, ?, ?)", values)
