from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from builders import MONDAY, a_desk, later
from hypothesis import given, settings
from hypothesis import strategies as st

from dlquiz import desk, session
from dlquiz.bank import select
from dlquiz.card import Moment, Rating
from dlquiz.desk import Desk, numbers
from dlquiz.stats import Share
from dlquiz.store import Entry

CARDS = ["mine/adam", "mine/adam.lr", "mine/sgd"]


def rate(table: Desk, card: str, rating: Rating, moment: Moment = MONDAY, said: str | None = None) -> None:
    sheet = table.sheet(card, moment)
    state = session.show(session.Session(queue=()), sheet, "reveal")
    _, event = session.answer(state, rating, moment, table.preset, 1000)
    table.answer(sheet, event._replace(predicted=said), {})


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "now", lambda _: later(days=20))


@settings(max_examples=12)
@given(st.lists(st.tuples(st.sampled_from(CARDS), st.sampled_from(Rating), st.booleans()), max_size=6))
def test_undone_answers_change_nothing(steps: list[tuple[str, Rating, bool]]) -> None:
    found = []
    for with_undone in (True, False):
        with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            patch.setenv("DLQUIZ_HOME", str(Path(folder) / "home"))
            patch.setattr(desk, "now", lambda _: later(days=60))
            with a_desk(Path(folder)) as table:
                for n, (card, rating, undone) in enumerate(steps):
                    moment = later(days=6 * n)
                    if with_undone or not undone:
                        rate(table, card, rating, moment, "sure")
                    if with_undone and undone:
                        table.undo(moment)
                screen = numbers.start(table)
                found.append(
                    (numbers.as_json(numbers.gather(table, None)), screen.topics, screen.coming, screen.streak)
                )

    assert found[0] == found[1]


@pytest.mark.usefixtures("today")
def test_imported_answers_count(tmp_path: Path) -> None:
    with a_desk(tmp_path) as table:
        rate(table, "mine/sgd", Rating.EASY)
        sheet = table.sheet("mine/sgd", later(days=10))
        state = session.show(session.Session(queue=()), sheet, "reveal")
        _, event = session.answer(state, Rating.GOOD, later(days=10), table.preset, 1000)
        assert table.progress is not None
        entry = Entry(event._replace(origin="anki", mode="import"), lambda _: sheet.standing)
        table.progress.append([entry], after={"mine/sgd": sheet.standing.last_event})

        assert numbers.gather(table, None).tally.retention == Share(1, 1)


@pytest.mark.usefixtures("today")
def test_nothing_answered_is_zeros_and_nulls(tmp_path: Path, home: Path) -> None:
    with a_desk(tmp_path, write=False) as table:
        found = numbers.as_json(numbers.gather(table, None))

    assert not home.exists()
    assert found["answers"] == found["took_ms"] == 0
    assert found["retention"]["all"] == {"counted": 0, "recalled": 0, "share": None, "low": None, "high": None}
    assert found["scheduler"]["expected"] is None
    assert [row["due"] for row in found["forecast"]] == [0] * 30
    assert found["leeches"] == found["hardest"] == found["days"] == []


@pytest.mark.usefixtures("today")
def test_a_topic_selects_what_is_counted(tmp_path: Path) -> None:
    with a_desk(tmp_path) as table:
        for card in CARDS:
            rate(table, card, Rating.EASY)
        found = numbers.gather(table, select.selection(table.bank, ["adam"], []))

    assert (found.label, found.tally.answers, sum(found.forecast)) == ("adam (in optimizers)", 2, 2)


@pytest.mark.usefixtures("today")
def test_suspended_cards_are_not_to_come_and_buried_ones_not_before_tomorrow(tmp_path: Path) -> None:
    with a_desk(tmp_path) as table:
        for card in CARDS:
            rate(table, card, Rating.EASY)
        table.act("suspend", ["mine/sgd"], later(days=20))
        table.act("bury", ["mine/adam"], later(days=20))
        found = numbers.gather(table, None)

        assert found.forecast[:3] == (1, 1, 0)
        assert numbers.start(table).coming[0] == (MONDAY.day + timedelta(days=21), 1)


@pytest.mark.usefixtures("today")
def test_the_start_screen_counts_what_study_will_ask(tmp_path: Path) -> None:
    with a_desk(tmp_path) as table:
        rate(table, "mine/adam.lr", Rating.EASY, later(days=6))
        rate(table, "mine/adam.beta", Rating.AGAIN, later(days=17))
        rate(table, "mine/adam.gap", Rating.EASY, later(days=19))
        found = numbers.start(table)

        assert found.topics == (("optimizers", 2, 4),)
        assert (
            found.seconds == 5 * 20 + 120
        )  # two facts due, two new ones, a main card without key points, and one to explain
        assert len(found.coming) == 7
        assert found.streak.marks == tuple(day in (6, 17, 19) for day in range(6, 20))
        assert found.begun


@pytest.mark.usefixtures("today")
def test_a_leech_stands_apart_from_the_hardest_cards(tmp_path: Path) -> None:
    with a_desk(tmp_path) as table:
        for card, lapses in (("mine/sgd", 8), ("mine/adam.lr", 2), ("mine/adam", 0)):
            rate(table, card, Rating.EASY, later(days=-90))
            for n in range(lapses):
                rate(table, card, Rating.AGAIN, later(days=n - 60))
                rate(table, card, Rating.GOOD, later(days=n - 60, seconds=700))
        found = numbers.gather(table, None)

        assert [(each.card, each.lapses) for each in found.leeches] == [("mine/sgd", 8)]
        assert [(each.card, each.lapses) for each in found.hardest] == [("mine/adam.lr", 2)]
        table.act("suspend", ["mine/sgd"], later(days=20))
        assert numbers.gather(table, None).leeches == ()
