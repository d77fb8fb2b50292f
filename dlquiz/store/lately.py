"""What was answered lately, read along the index of study days: a plan learns from it what cards cost and which days were missed."""

from __future__ import annotations

import sqlite3
from datetime import date

LONGEST_ANSWER_MS = 300_000  # more is a pause that nobody announced


def times(db: sqlite3.Connection, since: date, undone: str) -> list[tuple[str, bool, int]]:
    """By card and day: whether it was met that day, and milliseconds."""
    query = (
        "SELECT card, max(state_before = 'new'), sum(min(took_ms, ?)) FROM event AS e INDEXED BY event_day"
        f" WHERE study_day >= ? AND kind = 'review' AND took_ms IS NOT NULL AND NOT {undone} GROUP BY card, study_day"
    )
    rows = db.execute(query, (LONGEST_ANSWER_MS, since.isoformat()))
    return [(card, bool(new), took_ms) for card, new, took_ms in rows]


def answered(db: sqlite3.Connection, since: date, most: int) -> list[str]:
    query = "SELECT DISTINCT card FROM event INDEXED BY event_day WHERE study_day >= ? AND kind = 'review' LIMIT ?"
    return [row[0] for row in db.execute(query, (since.isoformat(), most))]


def studied(db: sqlite3.Connection, since: date, until: date) -> set[date]:
    query = "SELECT DISTINCT study_day FROM event WHERE study_day >= ? AND study_day < ? AND kind = 'review'"
    return {date.fromisoformat(row[0]) for row in db.execute(query, (since.isoformat(), until.isoformat()))}
