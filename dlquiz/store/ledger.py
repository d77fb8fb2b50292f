"""A log as values that can be read from one `progress.db` and joined to another: rows are only added, never changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from dlquiz import doubles
from dlquiz.card import InterviewRow, Ledger, PointResult
from dlquiz.store import rows, schema

_INTERVIEW = ", ".join(InterviewRow._fields)


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


def join(db: sqlite3.Connection, incoming: Ledger) -> Merged:
    """Add what is not there yet, by id; called within a transaction. The caller folds the card states.

    An answer that arrived twice is kept once. Of an interview in both, the one that has ended stays; of a content, the earlier
    instant.
    """
    present, added = 0, dict[str, str]()
    for event in incoming.events:
        if db.execute(f"{rows.INSERT_EVENT} ON CONFLICT (id) DO NOTHING", rows.of_event(event)).rowcount == 1:
            added[event.id] = event.card
        else:
            present += 1
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
    gone = drop_doubles(db, set(added.values()))
    twice = {event_id if event_id in added else twin for event_id, twin in gone.items()} & set(added)
    cards = frozenset(card for event_id, card in added.items() if event_id not in twice)
    return Merged(len(added) - len(twice), present + len(twice), cards, frozenset(added.values()))


def drop_doubles(db: sqlite3.Connection, cards: Iterable[str] | None = None) -> dict[str, str]:
    """Remove the rows from Anki's log that duplicate another row; called within a transaction.

    Args:
        db: The open file.
        cards: Only these cards; None: all.

    Returns:
        The id of each row that is gone, with that of the row that stays.
    """
    gone = {event_id: twin for card in _from_anki(db, cards) for event_id, twin in _doubles(db, card).items()}
    for table, column in (("event", "id"), ("point_result", "event")):
        db.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(event_id,) for event_id in gone])
    return gone


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
