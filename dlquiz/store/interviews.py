"""The rows of mock interviews, on an open connection; `Store` wraps them in its transactions."""

from __future__ import annotations

import sqlite3

from dlquiz.card import InterviewRow
from dlquiz.errors import StaleError

_COLUMNS = ", ".join(InterviewRow._fields)


def read(db: sqlite3.Connection) -> list[InterviewRow]:
    """All of them, oldest first."""
    return [InterviewRow(*row) for row in db.execute(f"SELECT {_COLUMNS} FROM interview ORDER BY at_ms, id")]


def insert(db: sqlite3.Connection, row: InterviewRow, device: str) -> InterviewRow:
    """Add one under an id of this device. Its instant moves on to a second of its own, after which its files are named."""
    at_ms = row.at_ms
    while db.execute("SELECT 1 FROM interview WHERE at_ms / 1000 = ?", (at_ms // 1000,)).fetchone():
        at_ms += 1000
    row = row._replace(id=f"{at_ms}-{device}", at_ms=at_ms, device=device)
    db.execute(f"INSERT INTO interview ({_COLUMNS}) VALUES ({', '.join('?' * len(row))})", row)
    return row


def update(db: sqlite3.Connection, row: InterviewRow, before: InterviewRow) -> None:
    """Put a row in place of what it was.

    Raises:
        StaleError: Somebody else went on with it in between.
    """
    changed = db.execute(
        "UPDATE interview SET settings = ?, state = ?, ended_ms = ?"
        " WHERE id = ? AND settings = ? AND state = ? AND ended_ms IS ?",
        (row.settings, row.state, row.ended_ms, before.id, before.settings, before.state, before.ended_ms),
    )
    if not changed.rowcount:
        raise StaleError("this interview goes on in another window; this one ends here, nothing is lost")
