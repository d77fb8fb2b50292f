"""Finding cards by their words: an index of its own beside the compiled bank, made at the first search and kept in step file by file."""

from __future__ import annotations

import difflib
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from pathlib import Path
from typing import Any, NamedTuple

from dlquiz import variants
from dlquiz.bank import search_words
from dlquiz.bank.index import Bank
from dlquiz.bank.search_words import MarkedSpan, Term
from dlquiz.card import text_hash
from dlquiz.errors import UsageError
from dlquiz.text import pictures
from dlquiz.text.slug import LETTERS

FORMAT = 1  # of this index; another one is built anew
MOST_TERMS = 32  # of one search; who pastes a page gets what its beginning finds
WEIGHTS = (8, 5, 3, 1)  # of the columns below: an id or tag tells more than a word of a long answer
MANY = 20_000  # hits from which on nobody reads a ranking, and making one would take 0.2 s
NEAR = 3  # words offered for one that is nowhere
_ID = re.compile(rf"[{LETTERS}_-]+[./][{LETTERS}_./-]*")
_SMALL_WORDS = frozenset(
    "a an and are as at be by do does for how in is it of on or that the to vs what when which why with".split()
)

_TABLES = """
CREATE TABLE file (path TEXT PRIMARY KEY, sha TEXT) STRICT;
CREATE TABLE card (number INTEGER PRIMARY KEY, id TEXT, note TEXT, file TEXT) STRICT;
CREATE INDEX card_file ON card (file);
CREATE INDEX card_id ON card (id, note);
CREATE VIRTUAL TABLE text USING fts5(name, asked, short, rest, prefix = '3');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(text, row);
"""


class SearchMatch(NamedTuple):
    """What a search found."""

    terms: tuple[Term, ...]
    cards: list[tuple[str, str]]  #: id and note's id of each card, best first, as many as were wanted
    total: int  #: how many there are
    whole: bool  #: each card has all that was asked for, phrases too; else at least some word
    nearest: dict[str, list[str]]  #: what is nowhere in the bank -> words that are


def find(
    bank: Bank,
    folder: Path | None,
    typed: Sequence[str],
    most: int = -1,
    reading: Callable[[int], AbstractContextManager[object]] = nullcontext,
) -> SearchMatch:
    """The cards that say what was typed, best first.

    Args:
        bank: The banks to look through.
        folder: Where the index is kept; None: in memory, for this run.
        typed: Words. One with blanks in it, or in quotation marks, is a phrase.
        most: Cards wanted, -1 for all.
        reading: Entered, with their number, while notes are read, where there are any to be read first.

    Raises:
        UsageError: There is no word in what was typed, or this Python's SQLite can't search.
    """
    terms = tuple(dict.fromkeys(_terms(typed)))[:MOST_TERMS]
    if not terms:
        raise UsageError("there is no word to search for; type some, for example: dlquiz search weight decay")
    target = folder / f"search-{text_hash(' '.join(sorted(bank.files())))}.db" if folder else None
    for path in (target, target, None) if target else (None,):
        try:
            with closing(_opened(path)) as db:
                _freshen(db, bank, reading)
                return _named(db, typed, terms, most) or _asked(db, terms, most)
        except (sqlite3.DatabaseError, OSError) as error:
            if "fts5" in str(error):
                raise UsageError(
                    "this Python's SQLite has no full-text search; install dlquiz with another Python"
                ) from error
            if path is None:
                raise
            with suppress(OSError):  # only a cache: a damaged one is built anew
                path.unlink(missing_ok=True)
    raise AssertionError("the last try returns or raises")


def texts(fields: Mapping[str, Any]) -> tuple[list[str], list[str], list[str]]:
    """The readable text of a card, or of a note without its cards: the question, the short answer, and the rest."""
    fields = variants.filled(fields)
    if "question" in fields:
        asked = [fields["question"]]
        short = [fields.get("short", ""), *(point["text"] for point in fields.get("key_points", ()))]
        rest = [fields["answer"], *fields.get("pitfalls", ())]
        rest += [f"{follow_up['question']} {follow_up['answer']}" for follow_up in fields.get("follow_ups", ())]
        rest += [f"{correction['claim']} {correction['instead']}" for correction in fields.get("corrections", ())]
        rest += [figure["alt"] for figure in fields.get("figures", ())]
    else:
        asked = [fields["front"], fields.get("notation", "")]
        parts = [answer for part in fields.get("parts", ()) for answer in part["accept"]]
        short = [fields["back"], *fields.get("accept", ()), *parts]
        rest = [
            fields.get("why", ""),
            *(f"{distractor['text']} {distractor['why']}" for distractor in fields.get("distractors", ())),
        ]
    forms = fields.get("text", {})
    asked, short, rest = (
        [search_words.shown(pictures.in_words(str(text)), forms) for text in column if text]
        for column in (asked, short, rest)
    )
    return asked, short, rest


def excerpt(fields: Mapping[str, Any], terms: Sequence[Term]) -> tuple[list[MarkedSpan], list[MarkedSpan]]:
    """The question with the matches marked, and the excerpt that shows them, or else the beginning of the answer."""
    asked, short, rest = texts(fields)
    piece = search_words.excerpt([*short, *rest], terms) or search_words.beginning((short or rest or [""])[0])
    return search_words.marked(asked[0], terms), piece


def _terms(typed: Iterable[str]) -> Iterator[Term]:
    """Phrases and words; small words only where they are part of a phrase, or nothing else was typed."""
    pieces = [piece for word in typed for piece in _pieces(word)]
    significant = [piece for piece in pieces if piece.strip().lower() not in _SMALL_WORDS]
    yield from (term for piece in significant or pieces if (term := search_words.term(piece)))


def _pieces(typed: str) -> list[str]:
    if '"' in typed:
        return [phrase or word for phrase, word in re.findall(r'"([^"]*)"?|([^\s"]+)', typed)]
    return [typed]


# ---- keeping in step with the bank


def _opened(path: Path | None) -> sqlite3.Connection:
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=30)
    try:
        db.execute("PRAGMA synchronous = OFF")  # a cache
        if db.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            db.execute("BEGIN IMMEDIATE")
            if db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:  # nobody was quicker
                for statement in _TABLES.split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {FORMAT}")
            elif db.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
                raise sqlite3.DatabaseError("an index of another format")
            db.execute("COMMIT")
        return db
    except BaseException:
        db.close()
        raise


def _freshen(db: sqlite3.Connection, bank: Bank, reading: Callable[[int], AbstractContextManager[object]]) -> None:
    """Read the files that changed since the last search, in one transaction."""
    shas = bank.files()
    if dict(db.execute("SELECT path, sha FROM file")) == shas:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        indexed = dict(db.execute("SELECT path, sha FROM file"))
        changed = [path for path, sha in shas.items() if indexed.get(path) != sha]
        for path in {*changed, *indexed} - (set(shas) - set(changed)):
            db.execute("DELETE FROM text WHERE rowid IN (SELECT number FROM card WHERE file = ?)", (path,))
            db.execute("DELETE FROM card WHERE file = ?", (path,))
            db.execute("DELETE FROM file WHERE path = ?", (path,))
        notes = [(path, note) for path in changed for note in bank.notes_of_file(path)]
        with reading(len(notes)) if notes else nullcontext():
            _read(db, bank, notes)
        db.executemany("INSERT INTO file (path, sha) VALUES (?, ?)", [(path, shas[path]) for path in changed])
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _read(db: sqlite3.Connection, bank: Bank, notes: Iterable[tuple[str, str]]) -> None:
    """Add the texts of these notes, each named with its file."""
    first = db.execute("SELECT coalesce(max(number), 0) + 1 FROM card").fetchone()[0]
    for number, (path, note, card, columns) in enumerate(_rows(bank, notes), first):
        db.execute("INSERT INTO card (number, id, note, file) VALUES (?, ?, ?, ?)", (number, card, note, path))
        query = "INSERT INTO text (rowid, name, asked, short, rest) VALUES (?, ?, ?, ?, ?)"
        db.execute(query, (number, *columns))


def _rows(bank: Bank, notes: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str, list[str]]]:
    """File, note, card and columns of every card of these notes."""
    for path, note in notes:
        fields = bank.fields(note) or {}
        forms = fields.get("text", {})
        for card in (fields, *fields["cards"]):
            name = " ".join((card["id"].removeprefix(f"{note}."), *card.get("tags", ())))
            text_columns = texts({**card, "text": {**forms, **card.get("text", {})}})
            columns = [
                " ".join(word for text in column for word in search_words.folded(text))
                for column in ([name], *text_columns)
            ]
            yield path, note, card["id"], columns


# ---- asking


def _named(db: sqlite3.Connection, typed: Sequence[str], terms: tuple[Term, ...], most: int) -> SearchMatch | None:
    """The cards whose ids have that prefix, when what was typed looks like an id; None otherwise."""
    if len(typed) != 1 or not _ID.fullmatch(typed[0]):
        return None
    query = "SELECT id, note FROM card WHERE id >= ? AND id < ? ORDER BY id"
    cards = db.execute(query, (typed[0], typed[0] + "\U0010ffff")).fetchall()
    return SearchMatch(terms, cards if most < 0 else cards[:most], len(cards), True, {}) if cards else None


def _asked(db: sqlite3.Connection, terms: tuple[Term, ...], most: int) -> SearchMatch:
    """Matches for all the terms; else for all of their words; else for some of them."""
    cards, count = _matching(db, terms, " AND ", most)
    if count:
        return SearchMatch(terms, cards, count, True, {})
    every = [word for term in terms for word in term.typed.split()]
    significant = [word for word in every if word.lower() not in _SMALL_WORDS] or every
    single = tuple(term for word in dict.fromkeys(significant) if (term := search_words.term(word)))[:MOST_TERMS]
    for glue in (" AND ", " OR "):
        cards, count = _matching(db, single, glue, most)
        if count:
            break
    missing = [term.typed for term in single if not _matching(db, (term,), "", 1)[1]]
    return SearchMatch(single, cards, count, False, {word: _nearest(db, word.lower()) for word in missing})


def _matching(db: sqlite3.Connection, terms: Sequence[Term], glue: str, most: int) -> tuple[list[tuple[str, str]], int]:
    """The best cards, and how many there are."""
    expression = glue.join(map(_expression, terms))
    count = db.execute("SELECT count(*) FROM text WHERE text MATCH ?", (expression,)).fetchone()[0]
    if not count:
        return [], 0
    score = f"bm25(text, {', '.join(map(str, WEIGHTS))})" if count < MANY else "0"
    best = f"SELECT rowid AS number, {score} AS score FROM text WHERE text MATCH ? ORDER BY score, rowid LIMIT ?"
    query = f"SELECT card.id, card.note FROM ({best}) JOIN card USING (number) ORDER BY score, number"
    return db.execute(query, (expression, most)).fetchall(), count


def _expression(term: Term) -> str:
    """Any spelling; each word in quotation marks is only a word to SQLite, whatever it is called."""
    every = []
    for spelling in term.spellings:
        phrase = " + ".join(f'"{word}"' for word in spelling.words)
        every.append(phrase)
        if spelling.goes_on:
            every.append(f"{phrase} *")
    return f"({' OR '.join(every)})"


def _nearest(db: sqlite3.Connection, word: str) -> list[str]:
    """Words of the bank that are spelled like it."""
    low, high = len(word) * 2 // 3, len(word) * 3 // 2
    query = "SELECT term FROM vocabulary WHERE length(term) BETWEEN ? AND ? AND term NOT GLOB '[0-9]*'"
    vocabulary = [word for (word,) in db.execute(query, (max(3, low), high))]
    return difflib.get_close_matches(word, vocabulary, n=NEAR, cutoff=0.7)
