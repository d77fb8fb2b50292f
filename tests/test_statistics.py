from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from builders import MONDAY, a_collection, later, rate
from hypothesis import given, settings
from hypothesis import strategies as st

from dlquiz import collection, session
from dlquiz.bank import select
from dlquiz.card import Rating
from dlquiz.collection import statistics
from dlquiz.stats import Share
from dlquiz.store import LogEntry

CARDS = ["mine/adam", "mine/adam.lr", "mine/sgd"]


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "now", lambda _: later(days=20))


@settings(max_examples=12)
@given(st.lists(st.tuples(st.sampled_from(CARDS), st.sampled_from(Rating), st.booleans()), max_size=6))
def test_undone_answers_change_nothing(steps: list[tuple[str, Rating, bool]]) -> None:
    found = []
    for with_undone in (True, False):
        with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            patch.setenv("DLQUIZ_HOME", str(Path(folder) / "home"))
            patch.setattr(collection, "now", lambda _: later(days=60))
            with a_collection(Path(folder)) as col:
                for n, (card, rating, undone) in enumerate(steps):
                    moment = later(days=6 * n)
                    if with_undone or not undone:
                        rate(col, card, rating, moment, predicted="sure")
                    if with_undone and undone:
                        col.undo(moment)
                screen = statistics.start(col)
                found.append(
                    (statistics.as_json(statistics.gather(col, None)), screen.topics, screen.coming, screen.streak)
                )

    assert found[0] == found[1]


@pytest.mark.usefixtures("today")
def test_imported_answers_count(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/sgd", Rating.EASY)
        card_view = col.card_view("mine/sgd", later(days=10))
        state = session.show(session.Session(queue=()), card_view, "reveal")
        _, event = session.answer(state, Rating.GOOD, later(days=10), col.preset, 1000)
        entry = LogEntry(event._replace(origin="anki", mode="import"), lambda _: card_view.card_state)
        col.progress.append([entry], after={"mine/sgd": card_view.card_state.last_event})

        assert statistics.gather(col, None).tally.retention == Share(1, 1)


@pytest.mark.usefixtures("today")
def test_nothing_answered_is_zeros_and_nulls(tmp_path: Path, home: Path) -> None:
    with a_collection(tmp_path, write=False) as col:
        found = statistics.as_json(statistics.gather(col, None))

    assert not home.exists()
    assert found["answers"] == found["took_ms"] == 0
    assert found["retention"]["all"] == {"counted": 0, "recalled": 0, "share": None, "low": None, "high": None}
    assert found["scheduler"]["expected"] is None
    assert [row["due"] for row in found["forecast"]] == [0] * 30
    assert found["leeches"] == found["hardest"] == found["days"] == []


@pytest.mark.usefixtures("today")
def test_a_topic_selects_what_is_counted(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        for card in CARDS:
            rate(col, card, Rating.EASY)
        found = statistics.gather(col, select.selection(col.bank, ["adam"], []))

    assert (found.label, found.tally.answers, sum(found.forecast)) == ("adam (in optimizers)", 2, 2)


@pytest.mark.usefixtures("today")
def test_suspended_cards_are_not_to_come_and_buried_ones_not_before_tomorrow(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        for card in CARDS:
            rate(col, card, Rating.EASY)
        col.act("suspend", ["mine/sgd"], later(days=20))
        col.act("bury", ["mine/adam"], later(days=20))
        found = statistics.gather(col, None)

        assert found.forecast[:3] == (1, 1, 0)
        assert statistics.start(col).coming[0] == (MONDAY.day + timedelta(days=21), 1)


@pytest.mark.usefixtures("today")
def test_the_start_screen_counts_what_study_will_ask(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/adam.lr", Rating.EASY, later(days=6))
        rate(col, "mine/adam.beta", Rating.AGAIN, later(days=17))
        rate(col, "mine/adam.gap", Rating.EASY, later(days=19))
        found = statistics.start(col)

        assert found.topics == (("optimizers", 2, 4),)
        assert (
            found.seconds == 5 * 20 + 120
        )  # two facts due, two new ones, a main card without key points, and one to explain
        assert len(found.coming) == 7
        assert found.streak.marks == tuple(day in (6, 17, 19) for day in range(6, 20))
        assert found.begun


@pytest.mark.usefixtures("today")
def test_a_leech_stands_apart_from_the_hardest_cards(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        for card, lapses in (("mine/sgd", 8), ("mine/adam.lr", 2), ("mine/adam", 0)):
            rate(col, card, Rating.EASY, later(days=-90))
            for n in range(lapses):
                rate(col, card, Rating.AGAIN, later(days=n - 60))
                rate(col, card, Rating.GOOD, later(days=n - 60, seconds=700))
        found = statistics.gather(col, None)

        assert [(each.card, each.lapses) for each in found.leeches] == [("mine/sgd", 8)]
        assert [(each.card, each.lapses) for each in found.hardest] == [("mine/adam.lr", 2)]
        col.act("suspend", ["mine/sgd"], later(days=20))
        assert statistics.gather(col, None).leeches == ()
