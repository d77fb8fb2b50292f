"""A log as values that can be read from one `progress.db` and joined to another: rows are only added, never changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from dlquiz import doubles
from dlquiz.card import InterviewRow, Ledger, PointResult
from dlquiz.store import rows, schema

_INTERVIEW = ", ".join(InterviewRow._fields)
_SINCE = "SELECT DISTINCT card FROM event NOT INDEXED WHERE rowid > ?"


class Merged(NamedTuple):
    """The result of a join."""

    added: int  #: events that were not there
    known: int  #: events that were, whichever road they had come by
    cards: frozenset[str]  #: those of the added events, by the ids the rows carry
    touched: frozenset[str]  #: those whose rows are others than before


def read(db: sqlite3.Connection) -> Ledger:
    """Everything in a progress file, read row by row on demand."""
    points = schema.point_rows(db)
    return Ledger(
        events=(rows.event(row) for row in db.execute(f"SELECT {rows.EVENT} FROM event ORDER BY rowid")),
        points=(PointResult(event, point, bool(ticked), *judged) for event, point, ticked, *judged in points),
        interviews=(InterviewRow(*row) for row in db.execute(f"SELECT {_INTERVIEW} FROM interview ORDER BY at_ms, id")),
        presets=db.execute("SELECT hash, text FROM preset ORDER BY hash"),
        contents=db.execute("SELECT hash, text, first_ms FROM content ORDER BY hash"),
    )


def of_cards(db: sqlite3.Connection, whole: Ledger, cards: Container[str]) -> Ledger:
    """What a whole log says of these cards, by the ids that its rows carry; a mock interview is about more than they are."""

    def is_about(event: str) -> bool:
        row = db.execute("SELECT card FROM event WHERE id = ?", (event,)).fetchone()
        return row is not None and row[0] in cards

    def contents() -> Iterator[tuple[str, str, int]]:
        of_rows = db.execute("SELECT DISTINCT card, content FROM event WHERE content IS NOT NULL")
        hashes = {content for card, content in of_rows if card in cards}
        yield from (content for content in whole.contents if content[0] in hashes)

    by_event = groupby(whole.points, key=attrgetter("event"))
    return Ledger(
        events=(event for event in whole.events if event.card in cards),
        points=(point for event, points in by_event if is_about(event) for point in points),
        presets=whole.presets,
        contents=contents(),
    )


def join(db: sqlite3.Connection, incoming: Ledger) -> Merged:
    """Add what is not there yet, by id; called within a transaction. The caller folds the card states.

    An answer that arrived twice is kept once. Of an interview in both, the one that has ended stays; of a content, the earlier
    instant.
    """
    before, seen = int(db.execute("SELECT coalesce(max(rowid), 0) FROM event").fetchone()[0]), 0

    def values() -> Iterator[list[Any]]:
        nonlocal seen
        for event in incoming.events:
            seen += 1
            yield rows.of_event(event)

    added = db.executemany(f"{rows.INSERT_EVENT} ON CONFLICT (id) DO NOTHING", values()).rowcount
    db.executemany(
        "INSERT INTO point_result (event, point, said, verdict, judge) SELECT :event, :point, :said, :verdict, :judge"
        " WHERE EXISTS (SELECT 1 FROM event WHERE id = :event) ON CONFLICT DO NOTHING",
        (event_id._asdict() | {"said": int(event_id.said)} for event_id in incoming.points),
    )
    db.executemany(
        f"INSERT INTO interview ({_INTERVIEW}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " state = excluded.state, ended_ms = excluded.ended_ms WHERE ended_ms IS NULL AND excluded.ended_ms IS NOT NULL",
        incoming.interviews,
    )
    db.executemany("INSERT INTO preset (hash, text) VALUES (?, ?) ON CONFLICT DO NOTHING", incoming.presets)
    db.executemany(
        "INSERT INTO content (hash, text, first_ms) VALUES (?, ?, ?)"
        " ON CONFLICT (hash) DO UPDATE SET first_ms = min(first_ms, excluded.first_ms)",
        incoming.contents,
    )
    touched = _cards_since(db, before)
    gone = _all_doubles(db, touched)
    newer = {
        event for event in {*gone, *gone.values()} if db.execute(f"{_SINCE} AND id = ?", (before, event)).fetchone()
    }
    _remove(db, gone)
    twice = {event if event in newer else twin for event, twin in gone.items()} & newer
    return Merged(added - len(twice), seen - added + len(twice), _cards_since(db, before, twice), touched)


def _cards_since(db: sqlite3.Connection, rowid: int, but: Iterable[str] = ()) -> frozenset[str]:
    """The cards of the rows that were inserted after one of that number, but for those with these ids."""
    query = f"{_SINCE} AND id NOT IN (SELECT value FROM json_each(?))"
    return frozenset(card for (card,) in db.execute(query, (rowid, json.dumps(list(but)))))


def drop_doubles(db: sqlite3.Connection, cards: Iterable[str] | None = None) -> dict[str, str]:
    """Remove the rows from Anki's log that duplicate another row; called within a transaction.

    Args:
        db: The open file.
        cards: Only these cards; None: all.

    Returns:
        The id of each row that is gone, with that of the row that stays.
    """
    gone = _all_doubles(db, cards)
    _remove(db, gone)
    return gone


def _all_doubles(db: sqlite3.Connection, cards: Iterable[str] | None) -> dict[str, str]:
    """The duplicate rows of these cards, or of all, each with the row that stays."""
    return {event_id: twin for card in _from_anki(db, cards) for event_id, twin in _doubles(db, card).items()}


def _remove(db: sqlite3.Connection, events: Iterable[str]) -> None:
    for table, column in (("event", "id"), ("point_result", "event")):
        db.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(event_id,) for event_id in events])


def doubled(db: sqlite3.Connection) -> dict[str, str]:
    """The id of each row that `drop_doubles` would remove, with the newest id of its card."""
    return {event_id: card for card in _from_anki(db, None) for event_id in _doubles(db, card)}


def _from_anki(db: sqlite3.Connection, cards: Iterable[str] | None) -> list[str]:
    """Cards, by their newest ids, that have rows from Anki's log."""
    newest = dict(db.execute("SELECT old, card FROM alias"))
    newest_cards = None if cards is None else {newest.get(card, card) for card in cards}
    foreign = db.execute("SELECT DISTINCT card FROM event WHERE origin IS NOT NULL")
    from_anki = {newest.get(card, card) for (card,) in foreign}
    return sorted(from_anki if newest_cards is None else from_anki & newest_cards)


def _doubles(db: sqlite3.Connection, card: str) -> dict[str, str]:
    """A card's duplicate rows, as `doubles.of_card` finds them; an undone row is ignored and stays."""
    query = (
        "SELECT id, kind, at_ms, rating, origin IS NOT NULL FROM event AS e"
        " WHERE card IN (SELECT old FROM alias WHERE card = :card UNION SELECT :card)"
        " AND (origin IS NULL OR NOT EXISTS (SELECT 1 FROM event AS u WHERE u.target = e.id))"
    )
    rows_of_card = db.execute(query, {"card": card})
    return doubles.of_card(doubles.Trace(*trace) for trace in rows_of_card)
