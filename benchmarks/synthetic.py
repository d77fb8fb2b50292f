"""Banks and logs of any size, made from a number alone: what the benchmarks of size run on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

from dlquiz import rng, scheduler, store
from dlquiz.card import Event, Rating, State
from dlquiz.collection import Collection

CARDS_OF_A_NOTE = 10  # one main card and nine atomic ones
NOTES_OF_A_FILE = 50
ANSWER = "A first sentence of the answer. " * 12
DAY = date(2026, 1, 5)


def bank(folder: Path, cards: int) -> list[Path]:
    """Write a bank of so many cards; the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    notes = -(-cards // CARDS_OF_A_NOTE)
    for number in range(0, notes, NOTES_OF_A_FILE):
        path = folder / f"part-{number // NOTES_OF_A_FILE:04}.yaml"
        lines = ["bank: big", f"topic: topic-{number // NOTES_OF_A_FILE % 20}", "notes:"]
        for note in range(number, min(number + NOTES_OF_A_FILE, notes)):
            lines += [
                f"  - id: note-{note}",
                f"    question: What is asked in note number {note}?",
                f"    short: In short, {note}.",
                f"    answer: {ANSWER}",
                "    key_points:",
                *(
                    f"      - {{id: p{n}, text: The point {n} of {note}., must: {str(n < 2).lower()}}}"
                    for n in range(5)
                ),
                "    cards:",
                *(
                    f"      - {{id: c{n}, front: What is fact {n} of note {note}?, back: It is {n} times {note}.}}"
                    for n in range(1, CARDS_OF_A_NOTE)
                ),
            ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        files.append(path)
    return files


def log(col: Collection, cards: int, reviews: int, until: date) -> None:
    """Fill an empty log with reviews of the first cards that are met, spread over two years and ending by `until`; not folded yet."""
    path = col.home.progress
    opened = store.open_store(path, col.home.backups, create=True)
    if opened is None:
        raise FileNotFoundError(path)
    opened.close()
    preset = scheduler.DEFAULT
    per_card, more = divmod(reviews, cards)
    ids = [card.id for card in islice(col.bank.in_order(), cards)]
    columns = Event._fields
    with closing(sqlite3.connect(path)) as db:
        db.execute("INSERT OR IGNORE INTO preset (hash, text) VALUES (?, ?)", (preset.hash, preset.text))
        db.execute("INSERT OR IGNORE INTO meta (key, value) VALUES ('device', '0badcafe')")
        db.executemany(
            f"INSERT INTO event ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            _rows(ids, per_card, more, until, preset.hash),
        )
        db.commit()


def _rows(ids: Sequence[str], per_card: int, more: int, until: date, preset: str) -> Iterator[tuple[object, ...]]:
    """Rows in order of time, as a log grows: each card's gaps widen, about one answer in ten is again."""
    start = datetime(until.year - 2, until.month, min(until.day, 28), 12, tzinfo=UTC)
    span = (until - start.date()).days
    plan = []
    for number, card in enumerate(ids):
        count = per_card + (number < more)
        first = rng.draw(card) * span * 0.4
        for n in range(count):
            day = first + (span - first) * ((n + rng.draw(card, n)) / (count + 1)) ** 1.5
            plan.append((int(day), rng.draw(card, n + 1000), card, n, count))
    plan.sort()
    previous: dict[str, int] = {}
    for place, (day, chance, card, n, count) in enumerate(plan):
        at = start + timedelta(days=day, milliseconds=place % 36_000_000)
        at_ms = round(at.timestamp() * 1000)
        rating = Rating.AGAIN if chance < 0.1 else Rating.GOOD
        interval = max(1, round((day - previous.get(card, day)) * 2.5)) if rating is Rating.GOOD else 1
        if n == count - 1:  # the last promise lies ahead, but for one card in five hundred
            interval = max(interval, (span - day) + 2 + int(chance * 200)) if rng.draw(card, 7) > 0.002 else 1
        previous[card] = day
        row = Event(
            "review", card, at_ms, at.date(), 0, id=f"{at_ms}-{place:08x}", device="0badcafe", rating=rating,
            state_before=State.REVIEW if n else State.NEW, interval_before=1, interval_after=interval, preset=preset,
            mode="reveal", thought_ms=5000, took_ms=8000,
        )  # fmt: skip
        yield tuple(value.isoformat() if isinstance(value, date) else value for value in row)
