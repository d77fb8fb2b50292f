"""The official backend as oracle: memory states and fuzz ranges. In CI a missing backend is a failure, elsewhere a skip."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dlquiz import fsrs, scheduler

try:
    from anki.collection import AddNoteRequest, Collection
except ImportError:
    if os.environ.get("CI"):
        raise
    pytest.skip("the anki package can't be installed here", allow_module_level=True)

DAY_MS = 86_400_000


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    opened = Collection(str(tmp_path / "oracle.anki2"))
    opened.set_config("fsrs", True)
    yield opened
    opened.close()


def add_cards(collection: Collection, count: int) -> list[int]:
    notetype: Any = collection.models.by_name("Basic")
    requests = []
    for number in range(count):
        note = collection.new_note(notetype)
        note["Front"], note["Back"] = f"front {number}", "back"
        requests.append(AddNoteRequest(note=note, deck_id=1))  # type: ignore[arg-type]  # anki's own id type
    collection.add_notes(requests)
    return [int(card) for card in collection.find_cards("")]


def test_a_thousand_histories_agree_with_anki(collection: Collection) -> None:
    chance = random.Random(20261124)
    cards = add_cards(collection, 1000)
    start = (int(collection.sched.day_cutoff) - 86_400 * 400) * 1000 + 3_600_000  # an hour into a study day
    rows, wanted, taken = [], {}, set()
    for card in cards:
        at, state = start, None
        for repetition in range(chance.randint(1, 12)):
            gap = 0 if repetition == 0 else chance.choice([0, 1, 1, 2, 5, 30])
            rating = chance.randint(1, 4)
            at += gap * DAY_MS + 60_000
            while at in taken:
                at += 1
            taken.add(at)
            state = fsrs.first(rating) if state is None else fsrs.following(*state, gap, rating)
            kind = 0 if repetition == 0 else 1
            rows.append((at, card, -1, rating, 1, 1, 2500, 1000, kind))
        assert state is not None
        wanted[card] = state
    with_rows = (
        "insert into revlog (id, cid, usn, ease, ivl, lastIvl, factor, time, type) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    database = collection.db
    assert database is not None
    database.transact(lambda: database.executemany(with_rows, rows))  # a transaction for each row takes half a minute
    for card, (stability, difficulty) in wanted.items():
        theirs = collection.compute_memory_state(card)  # type: ignore[arg-type]  # anki's own id type

        assert (theirs.stability, theirs.difficulty) == pytest.approx((stability, difficulty), rel=1e-4)


def test_fuzz_keeps_to_the_range_that_anki_uses(collection: Collection) -> None:
    cards = add_cards(collection, 400)
    for interval in (1, 2, 3, 5, 7, 12, 20, 60, 300):
        low, high = scheduler.fuzz_range(interval, 36500)
        theirs = {interval + collection.fuzz_delta(card, interval) for card in cards}  # type: ignore[arg-type, operator]

        assert (min(theirs), max(theirs)) == (low, high)
