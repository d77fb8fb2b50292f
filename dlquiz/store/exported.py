"""What the last export said of each card, and since when it says so: the times of banks that have no `revisions.yaml`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

_KEY = "exported:"  # how the keys of `meta` begin


def read(db: sqlite3.Connection) -> dict[str, tuple[str, int]]:
    """The first id of a card -> hash of what was said of it, and since when (ms)."""
    query = "SELECT substr(key, ?), value FROM meta WHERE key GLOB ?"
    found = db.execute(query, (len(_KEY) + 1, f"{_KEY}*"))
    return {card: (value.partition(" ")[0], int(value.partition(" ")[2])) for card, value in found}


def keep(
    db: sqlite3.Connection, cards: Mapping[str, tuple[str, int]], contents: Iterable[tuple[str, str, int]]
) -> None:
    """Write these, and contents (hash, text, ms) that were not known; called within a transaction."""
    values = [(f"{_KEY}{card}", f"{said} {since}") for card, (said, since) in cards.items()]
    db.executemany("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", values)
    db.executemany("INSERT OR IGNORE INTO content (hash, text, first_ms) VALUES (?, ?, ?)", contents)
