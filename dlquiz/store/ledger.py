"""A log as values that can leave one `progress.db` and join another: nothing is changed by it, rows are only added."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from dlquiz.card import InterviewRow, Ledger
from dlquiz.store import rows

_INTERVIEW = ", ".join(InterviewRow._fields)


class Merged(NamedTuple):
    """What joining brought."""

    added: int  #: events that were not there
    known: int  #: events that were
    cards: frozenset[str]  #: those of the added events, by the ids the rows carry


def read(db: sqlite3.Connection) -> Ledger:
    """Everything in a progress file, row by row as it is asked for."""
    points = db.execute("SELECT event, point, said FROM point_result ORDER BY event, point")
    return Ledger(
        events=(rows.event(row) for row in db.execute(f"SELECT {rows.EVENT} FROM event ORDER BY rowid")),
        points=((event, point, bool(said)) for event, point, said in points),
        interviews=(InterviewRow(*row) for row in db.execute(f"SELECT {_INTERVIEW} FROM interview ORDER BY at_ms, id")),
        presets=db.execute("SELECT hash, text FROM preset ORDER BY hash"),
        contents=db.execute("SELECT hash, text, first_ms FROM content ORDER BY hash"),
    )


def join(db: sqlite3.Connection, incoming: Ledger) -> Merged:
    """Add what is not there yet, by id; called within a transaction. Standings are the caller's to fold.

    Of an interview known to both, the one that has ended stays; of a content, the earlier instant.
    """
    added, known, cards = 0, 0, set()
    for event in incoming.events:
        new = db.execute(f"{rows.INSERT_EVENT} ON CONFLICT (id) DO NOTHING", rows.of_event(event)).rowcount == 1
        added, known = added + new, known + (not new)
        if new:
            cards.add(event.card)
    db.executemany(
        "INSERT INTO point_result (event, point, said) SELECT :event, :point, :said WHERE EXISTS (SELECT 1 FROM event WHERE id = :event)"
        " ON CONFLICT DO NOTHING",
        ({"event": event, "point": point, "said": int(said)} for event, point, said in incoming.points),
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
    return Merged(added, known, frozenset(cards))
