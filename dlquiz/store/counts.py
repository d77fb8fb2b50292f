"""Queries that count: days, due days, failing cards, and the whole log in one narrow reading."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from dlquiz.store import schema
from dlquiz.store.log import Store

LONGEST_ANSWER_MS = 300_000  # more is a pause that nobody announced
_EFFECTIVE = "e.kind = 'review' AND NOT EXISTS (SELECT 1 FROM event AS u WHERE u.target = e.id AND u.kind = 'undo')"


def answers(log: Store) -> Iterator[tuple[Any, ...]]:
    """Every effective review and reset in the order of folding: card, study day in ISO form, rating, state before, prediction, took_ms."""
    # The few undone ids are listed once; asking for each of a million rows would take longer than reading them.
    return log.select(
        "SELECT card, study_day, rating, state_before, predicted, took_ms FROM event"
        " WHERE kind IN ('review', 'reset') AND id NOT IN (SELECT target FROM event WHERE target IS NOT NULL AND kind = 'undo')"
        " ORDER BY at_ms, id"
    )


def checked(log: Store) -> Iterator[tuple[str, str, bool, int]]:
    """How often a key point got a verdict from a checker and a word from the user: point, verdict, said, times; excludes undone answers."""
    yield from log.select(
        "SELECT point, verdict, said, count(*) FROM point_result WHERE verdict IS NOT NULL"
        " AND event NOT IN (SELECT target FROM event WHERE target IS NOT NULL AND kind = 'undo') GROUP BY point, verdict, said"
    )


def rows(log: Store) -> int:
    """The number of rows in the log."""
    return int(next(log.select("SELECT count(*) FROM event"))[0])


def rows_once(log: Store) -> int:
    """Like `rows`, but duplicates count once, those that came through Anki included. Used to compare backups."""
    return int(next(log.select(schema.ROWS_ONCE))[0])


def studied(log: Store, since: date, until: date) -> set[date]:
    """Study days from `since` up to, but not including, `until` that have an effective review."""
    query = f"SELECT DISTINCT study_day FROM event AS e WHERE study_day >= ? AND study_day < ? AND {_EFFECTIVE}"
    return {date.fromisoformat(row[0]) for row in log.select(query, (since.isoformat(), until.isoformat()))}


def first_day(log: Store) -> date | None:
    """The study day of the first effective review."""
    row = next(log.select(f"SELECT study_day FROM event AS e WHERE {_EFFECTIVE} ORDER BY study_day LIMIT 1"), None)
    return date.fromisoformat(row[0]) if row else None


def due_days(log: Store, today: date, last: date, *, overdue: bool) -> Iterator[tuple[date, list[str]]]:
    """Study days until `last` with the cards that come up on them and are not suspended; a buried one not before tomorrow. A day may come
    twice.

    Without `overdue` those that come up by today are left out.
    """
    # A row a day is quicker than one a card; and the days to come, whose order is the index's, than sorted with the others (a fifth).
    query = (
        "SELECT due_day, json_group_array(card) FROM standing"
        " WHERE state IS NOT NULL AND due_day > :today AND due_day <= :last AND NOT suspended GROUP BY due_day"
        " UNION ALL SELECT CASE WHEN buried_on = :today THEN :tomorrow ELSE due_day END AS day, json_group_array(card) FROM standing"
        " WHERE state IS NOT NULL AND due_day <= min(:today, :last) AND NOT suspended AND (:overdue OR buried_on = :today) GROUP BY day"
    )
    days = {"today": today, "tomorrow": today + timedelta(days=1), "last": last}
    values = {name: day.isoformat() for name, day in days.items()}
    for day, cards in log.select(query, {**values, "overdue": overdue}):
        yield date.fromisoformat(day), json.loads(cards)


def failing(log: Store) -> Iterator[tuple[str, float, int, int]]:
    """Card, difficulty, lapses and answers of every card that lapsed and is not suspended, hardest first."""
    yield from log.select(
        "SELECT card, difficulty, lapses, reps FROM standing WHERE state IS NOT NULL AND lapses > 0 AND NOT suspended"
        " ORDER BY difficulty DESC, lapses DESC, card"
    )


def times(log: Store, since: date) -> list[tuple[str, bool, int]]:
    """What each card took on each study day since then: card, whether it was met that day, milliseconds, pauses cut off."""
    query = (
        "SELECT card, max(state_before = 'new'), sum(min(took_ms, ?)) FROM event AS e INDEXED BY event_day"
        f" WHERE study_day >= ? AND took_ms IS NOT NULL AND {_EFFECTIVE} GROUP BY card, study_day"
    )
    times_of_cards = log.select(query, (LONGEST_ANSWER_MS, since.isoformat()))
    return [(card, bool(new), took_ms) for card, new, took_ms in times_of_cards]


def answered(log: Store, since: date, most: int) -> list[str]:
    """Cards reviewed since a study day, at most `most`."""
    query = "SELECT DISTINCT card FROM event INDEXED BY event_day WHERE study_day >= ? AND kind = 'review' LIMIT ?"
    return [card for (card,) in log.select(query, (since.isoformat(), most))]
