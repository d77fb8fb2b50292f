"""One file of a bank -> the rows of the index that it gives, and what is wrong with it; knows no database."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from dlquiz.bank import ids, read, tree
from dlquiz.bank import paths as bank_paths
from dlquiz.card import EXPLAIN, USUALLY_ASKED, content_hash, priority
from dlquiz.errors import Problem

WORD = re.compile(r"[a-z]{3,}")  # of a bank's texts: what a typed answer may hold that is no slip of the fingers
UNNUMBERED = 1_000_000  # notes without a number come after all that have one
_encoded = json.JSONEncoder(ensure_ascii=False).encode

NOTE = "INSERT INTO note (id, file, topic, rank, number, fields) VALUES (?, ?, ?, ?, ?, ?)"
CARD = "INSERT INTO card (id, note, topic, kind, points, rank, content, fields, priority) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
POINT = "INSERT INTO point (id, note) VALUES (?, ?)"
TAG = "INSERT INTO tag (tag, note) VALUES (?, ?)"
TOPIC = "INSERT INTO topic (slug, file, title, notes, cards, rank) VALUES (?, ?, ?, ?, ?, ?)"
ALIAS = "INSERT OR IGNORE INTO alias (name, topic, file) VALUES (?, ?, ?)"
RENAMED = "INSERT OR IGNORE INTO renamed (old, id, file) VALUES (?, ?, ?)"
WORDS = "INSERT INTO words (file, words) VALUES (?, ?)"
FORMER_BANK = "INSERT INTO former_bank (old, bank, file) VALUES (?, ?, ?)"
RETIRED = "INSERT OR REPLACE INTO retired (id, replaced_by, file) VALUES (?, ?, ?)"
GLOSSARY = "INSERT OR REPLACE INTO glossary (folder, name, pattern, file) VALUES (?, ?, ?, ?)"
SOURCE = "INSERT OR REPLACE INTO source (folder, key, fields, file) VALUES (?, ?, ?, ?)"

Rows = dict[str, list[tuple[Any, ...]]]  #: statement -> the values of each row


class Source(NamedTuple):
    """A file to be read."""

    path: str
    sha: str | None  #: hash of what the index has of it; None: nothing
    builtin: bool | None  #: of the built-in bank; None: not a bank's file, but sources or a glossary


class FileRows(NamedTuple):
    """What a file gives the index."""

    sha: str | None  #: hash of what it holds; None: it can't be read
    problems: list[Problem]
    rows: Rows  #: nothing where its hash is what it was, or a problem was found


def of_files(sources: Iterable[Source]) -> Iterator[FileRows]:
    """What each file gives, in their order."""
    return map(of_file, sources)


def of_file(source: Source) -> FileRows:
    path = Path(source.path)
    try:
        sha = hashlib.sha256(tree.contents(path)).hexdigest()
    except OSError as error:
        return FileRows(None, [bank_paths.unreadable(source.path, error)], {})
    problems: list[Problem] = []
    rows: Rows = {}
    if sha == source.sha:
        pass
    elif source.builtin is not None:
        bank = read.read(path, builtin=source.builtin)
        problems = bank.errors
        rows = {} if problems else _bank_rows(bank)
    elif path.name == bank_paths.GLOSSARY:
        entries = read.read_glossary(path, problems).items()
        rows = {GLOSSARY: [(str(path.parent), name, pattern, source.path) for name, pattern in entries]}
    else:
        works = read.read_sources(path, problems).items()
        folder = str(path.parent)
        rows = {SOURCE: [(folder, key, _encoded(fields), source.path) for key, fields in works]}
    return FileRows(sha, problems, rows)


def _bank_rows(bank: read.BankFile) -> Rows:
    rows: Rows = {NOTE: [], CARD: [], POINT: [], TAG: []}
    words: set[str] = set()
    for ordinal, note in enumerate(bank.notes):
        words.update(WORD.findall(_add_note(rows, bank.path, note, ordinal).lower()))
    retired = ((entry["id"], entry.get("replaced_by")) for entry in bank.retired)
    return {
        TOPIC: [_topic_row(bank, slug) for slug in sorted({note["topic"] for note in bank.notes})],
        ALIAS: [(name, bank.topic, bank.path) for name in bank.aliases],
        **rows,
        RENAMED: [(old, new, bank.path) for old, new in ids.renamings(bank)],
        WORDS: [(bank.path, " ".join(sorted(words)))],
        FORMER_BANK: [(slug, bank.bank, bank.path) for slug in dict.fromkeys(bank.was)],
        RETIRED: [
            (bank.prefix + old, bank.prefix + replaced if replaced else None, bank.path) for old, replaced in retired
        ],
    }


def _topic_row(bank: read.BankFile, slug: str) -> tuple[Any, ...]:
    title = bank.title if slug == bank.topic else slug.replace("-", " ").capitalize()
    cards = [1 + len(note["cards"]) for note in bank.notes if note["topic"] == slug]  # of each note
    first = min(_rank(note, ordinal) for ordinal, note in enumerate(bank.notes) if note["topic"] == slug)
    return slug, bank.path, title, len(cards), sum(cards), first  # counted once, not by every screen


def _rank(note: read.Placed, ordinal: int) -> int:
    """Where a note's first card stands in the order of introduction; `ordinal` is the note's place in its file."""
    number = note.get("number")
    return int(UNNUMBERED + ordinal if number is None else number) * 10_000


def _add_note(rows: Rows, path: str, note: read.Placed, ordinal: int) -> str:
    """Add the rows of a note and its cards; all of their texts."""
    rank, name, topic = _rank(note, ordinal), note["id"], note["topic"]
    fields = _encoded({key: value for key, value in note.items() if key != "cards"})
    rows[NOTE].append((name, path, topic, rank, note.get("number"), fields))
    musts = {point["id"] for point in note.get("key_points", ()) if point.get("must")}
    cards: list[tuple[str, str, str, str | None, bool]] = [(name, EXPLAIN, content_hash(EXPLAIN, note), None, True)]
    for card in note["cards"]:
        drills_must = any(f"{name}#{point}" in musts for point in card.get("drills", ()))
        cards.append((card["id"], card["kind"], content_hash(card["kind"], card), _encoded(card), drills_must))
    points, asked = int(bool(note.get("key_points"))), note.get("asked", USUALLY_ASKED)
    rows[CARD] += [
        (card_id, name, topic, kind, points, rank + n, content, text, priority(asked, must=must))
        for n, (card_id, kind, content, text, must) in enumerate(cards)
    ]
    rows[POINT] += [(point["id"], name) for point in note.get("key_points", ())]
    rows[TAG] += [(tag, name) for tag in dict.fromkeys(note.get("tags", ()))]
    return "\n".join([fields, *(text or "" for *_, text, _ in cards)])
