from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from builders import MONDAY, SMALL_BANK, a_bank, a_desk, later

from dlquiz import calendar, desk, session, store
from dlquiz.card import Event, Moment, Rating
from dlquiz.desk import Desk, care, reading, reports
from dlquiz.errors import NothingToUndoError


def rate(
    table: Desk, card: str, rating: Rating, moment: Moment = MONDAY, points: dict[str, bool] | None = None
) -> Event:
    sheet = table.sheet(card, moment)
    state = session.show(session.Session(queue=()), sheet, "reveal")
    _, event = session.answer(state, rating, moment, table.preset, 1000)
    return table.answer(sheet, event, points or {})[0]


def test_reading_creates_nothing(tmp_path: Path, home: Path) -> None:
    with a_desk(tmp_path, write=False) as table:
        assert reports.status(table)["new"] == 7
        assert reports.log(table) == []

    assert not home.exists()


def test_two_sittings_answering_the_same_card_lose_neither(tmp_path: Path) -> None:
    with a_desk(tmp_path) as one, a_desk(tmp_path) as two:
        shown = two.sheet("mine/sgd", MONDAY)
        rate(one, "mine/sgd", Rating.AGAIN)
        state = session.show(session.Session(queue=()), shown, "reveal")
        _, event = session.answer(state, Rating.GOOD, later(seconds=5), two.preset, 1000)
        written, standing = two.answer(shown, event, {})

        assert written.state_before == "learning"
        assert standing.memory is not None
        assert standing.memory.reps == 2
        assert [row["rating"] for row in reports.log(two)] == [1, 3]
        assert care.examine(two).differences == []


def test_undo_restores_memory_and_points_and_due_exactly(tmp_path: Path) -> None:
    with a_desk(tmp_path) as table:
        rate(table, "mine/adam", Rating.EASY, points={"mine/adam#first": True, "mine/adam#second": False})
        before = table.standing("mine/adam").memory
        rate(table, "mine/adam", Rating.AGAIN, later(days=9), points={"mine/adam#first": False})
        taken = table.undo(later(days=9))

        assert taken.card == "mine/adam"
        assert taken.said == frozenset()
        assert table.standing("mine/adam").memory == before
        assert table.sheet("mine/adam", later(days=9)).missed_before == {"mine/adam#second"}


def test_suspending_burying_and_resetting_are_undone_like_answers(tmp_path: Path) -> None:
    with a_desk(tmp_path) as table:
        rate(table, "mine/sgd", Rating.EASY)
        learnt = table.standing("mine/sgd").memory
        for kind in ("suspend", "bury", "reset", "flag"):
            table.act(kind, ["mine/sgd"], later(seconds=9), given="a note" if kind == "flag" else None)
            assert table.undo(later(seconds=10)).event.kind == kind
            standing = table.standing("mine/sgd")
            assert (standing.memory, standing.suspended, standing.buried_on) == (learnt, False, None)

        table.undo(later(seconds=11))
        with pytest.raises(NothingToUndoError):
            table.undo(later(seconds=12))


def test_a_renamed_note_keeps_progress_under_its_new_id(tmp_path: Path) -> None:
    with a_desk(tmp_path) as table:
        rate(table, "mine/adam", Rating.EASY, points={"mine/adam#first": False})
        rate(table, "mine/adam.lr", Rating.EASY)
    renamed = SMALL_BANK.replace("- id: adam\n", "- id: adam-optimizer\n    was: [adam]\n")
    a_bank(tmp_path, renamed)

    with a_desk(tmp_path) as table:
        assert table.standing("mine/adam-optimizer").memory is not None
        assert table.standing("mine/adam-optimizer.lr").memory is not None
        assert table.sheet("mine/adam-optimizer", MONDAY).missed_before == {"mine/adam-optimizer#first"}
        assert [row["card"] for row in reports.log(table)] == ["mine/adam", "mine/adam.lr"]
        assert care.examine(table).differences == []
        assert table.undo(MONDAY).card == "mine/adam-optimizer.lr"


def test_an_edited_card_keeps_progress(tmp_path: Path) -> None:
    with a_desk(tmp_path) as table:
        rate(table, "mine/adam.lr", Rating.EASY)
    a_bank(tmp_path, SMALL_BANK.replace("usual learning rate", "default learning rate"))

    with a_desk(tmp_path) as table:
        assert "default" in table.sheet("mine/adam.lr", MONDAY).card.front
        assert table.standing("mine/adam.lr").memory is not None


def test_status_counts_as_the_contract_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_desk(tmp_path) as table:
        rate(table, "mine/adam.lr", Rating.EASY)
        rate(table, "mine/adam.beta", Rating.GOOD)
        monkeypatch.setattr(desk, "now", lambda _: later(seconds=60))
        found = reports.status(table)

        assert found == {
            "due": 0, "new": 5, "learning": 1, "reviewed_today": 2, "interview": None,
            "topics": [{"topic": "optimizers", "cards": 7, "due": 0, "new": 5}],
        }  # fmt: skip
        monkeypatch.setattr(desk, "now", lambda _: later(days=30))
        found = reports.status(table)
        assert (found["due"], found["reviewed_today"], found["topics"][0]["due"]) == (2, 0, 2)


def test_a_changed_setting_folds_the_log_anew(tmp_path: Path, home: Path) -> None:
    with a_desk(tmp_path) as table:
        rate(table, "mine/sgd", Rating.EASY)
        before = table.standing("mine/sgd").memory
    (home / "config.toml").write_text("desired_retention = 0.95\n", encoding="utf-8")

    with a_desk(tmp_path) as table:
        assert table.progress is not None
        assert table.progress.folded_under() == table.preset.hash
        assert table.standing("mine/sgd").memory == before
        assert care.examine(table).differences == []


def test_doctor_mends_a_cache_that_lies(tmp_path: Path, home: Path) -> None:
    import sqlite3
    from contextlib import closing

    with a_desk(tmp_path) as table:
        rate(table, "mine/sgd", Rating.EASY)
        honest = table.standing("mine/sgd")
    with closing(sqlite3.connect(home / "progress.db", isolation_level=None)) as db:
        db.execute("UPDATE standing SET stability = 99, due_day = '2030-01-01'")

    with a_desk(tmp_path) as table:
        health = care.examine(table)
        assert (health.differences, health.repaired) == (["mine/sgd"], True)
        assert table.standing("mine/sgd") == honest


def test_a_retired_card_is_not_asked_but_its_answers_stay(tmp_path: Path) -> None:
    with a_desk(tmp_path) as table:
        rate(table, "mine/sgd", Rating.EASY)
    without = (
        SMALL_BANK[: SMALL_BANK.index("  - id: sgd")] + "retired:\n  - {id: sgd, on: 2026-11, replaced_by: adam}\n"
    )
    a_bank(tmp_path, without)

    with a_desk(tmp_path) as table:
        assert table.due(later(days=60)) == []
        assert len(reports.log(table)) == 1
        with pytest.raises(Exception, match=r"retired; 'mine/adam' asks this now"):
            reports.shown(table, "mine/sgd")


def test_unseen_cards_are_found_however_many_were_met_and_a_reset_one_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LONG_WALK", 1)
    with a_desk(tmp_path) as table:
        order = [card.id for card in table.bank.in_order()]
        for card in order[:4]:
            rate(table, card, Rating.GOOD)
        table.act("suspend", [order[4]], MONDAY)

        assert [card.id for card in table.unseen(batch=2)] == order[5:]
        assert table.progress is not None
        assert table.progress.unseen_from(table.bank.edition()) == order[5]
        assert [card.id for card in table.unseen(batch=2)] == order[5:]

        table.act("reset", [order[1]], later(days=1))
        assert [card.id for card in table.unseen(batch=2)] == [order[1], *order[5:]]
        table.undo(later(days=1))
        table.act("unsuspend", [order[4]], later(days=1))
        assert [card.id for card in table.unseen(batch=2)] == order[4:]


def test_a_card_added_before_those_met_is_found_after_a_long_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LONG_WALK", 1)
    with a_desk(tmp_path) as table:
        order = [card.id for card in table.bank.in_order()]
        for card in order[:5]:
            rate(table, card, Rating.GOOD)
        assert next(table.unseen(batch=2)).id == order[5]
    a_bank(
        tmp_path,
        SMALL_BANK.replace("    cards:\n", "    cards:\n      - {id: early, front: New?, back: yes it is}\n", 1),
    )
    with a_desk(tmp_path) as table:
        assert next(table.unseen(batch=2)).id == "mine/adam.early"


DRILLED = SMALL_BANK.replace('accept: ["1e-3"]}', 'accept: ["1e-3"], drills: [bias]}').replace(
    "back: 0.9}", "back: 0.9, drills: [first, second]}"
)
MISSED = {"mine/adam#first": False, "mine/adam#second": True, "mine/adam#bias": False}


def forward(table: Desk, moment: Moment, **limits: int) -> list[str]:
    found = table.queue(None, table.limits(**limits), moment)
    return [card.id for card in found.cards if card.id in found.forward]


def test_a_missed_point_brings_the_cards_that_drill_it_until_they_are_answered(tmp_path: Path) -> None:
    with a_desk(tmp_path, text=DRILLED) as table:
        assert forward(table, MONDAY) == []
        rate(table, "mine/adam", Rating.HARD, points=MISSED)

        assert [each.card.id for each in table.drills(None, MONDAY)] == ["mine/adam.beta", "mine/adam.lr"]
        assert sorted(forward(table, MONDAY)) == ["mine/adam.beta", "mine/adam.lr"]
        assert len(forward(table, MONDAY, new=1)) == 1
        rate(table, "mine/adam.beta", Rating.EASY, later(seconds=9))
        assert forward(table, later(seconds=10)) == ["mine/adam.lr"]
        assert forward(table, later(days=13)) == ["mine/adam.lr"]
        assert forward(table, later(days=20)) == []


def test_a_review_comes_forward_and_undoing_the_miss_takes_it_back(tmp_path: Path) -> None:
    with a_desk(tmp_path, text=DRILLED) as table:
        rate(table, "mine/adam.lr", Rating.EASY)
        rate(table, "mine/adam", Rating.HARD, later(days=2), MISSED)
        assert "mine/adam.lr" in forward(table, later(days=2))

        table.undo(later(days=2))
        assert forward(table, later(days=2)) == []


def test_a_point_that_was_said_since_brings_nothing(tmp_path: Path) -> None:
    with a_desk(tmp_path, text=DRILLED) as table:
        rate(table, "mine/adam", Rating.AGAIN, points=MISSED)
        rate(table, "mine/adam", Rating.GOOD, later(seconds=900), dict.fromkeys(MISSED, True))

        assert table.drills(None, later(seconds=900)) == []


def test_what_an_interview_attempt_missed_brings_cards_too(tmp_path: Path) -> None:
    with a_desk(tmp_path, text=DRILLED) as table:
        assert table.progress is not None
        event = Event("attempt", "mine/adam", MONDAY.at_ms, MONDAY.day, 0)
        standing = table.standing("mine/adam")
        table.progress.append([store.Entry(event, lambda _: standing, MISSED)], after={"mine/adam": None})

        assert len(table.drills(None, MONDAY)) == 2
        assert table.standing("mine/adam").memory is None


def test_a_renamed_point_is_followed(tmp_path: Path) -> None:
    with a_desk(tmp_path, text=DRILLED) as table:
        rate(table, "mine/adam", Rating.AGAIN, points=MISSED)
    a_bank(
        tmp_path, DRILLED.replace("{id: bias,", "{id: correction, was: [adam#bias],").replace("[bias]", "[correction]")
    )

    with a_desk(tmp_path) as table:
        rate(table, "mine/adam", Rating.HARD, later(days=1), {"mine/adam#correction": True})
        assert [each.card.id for each in table.drills(None, later(days=1))] == ["mine/adam.beta"]


def test_a_queue_made_anew_counts_what_the_sitting_has_met(tmp_path: Path) -> None:
    with a_desk(tmp_path, text=DRILLED) as table:
        queues = table.queues(None, table.limits(new=2), MONDAY)
        assert queues(MONDAY).new == 2
        rate(table, "mine/adam", Rating.HARD, later(seconds=5), MISSED)
        rate(table, "mine/sgd.batch", Rating.EASY, later(seconds=9))

        assert queues(later(seconds=10)).new == 0


def test_an_edited_card_remembers_what_was_seen_until_it_is_answered(tmp_path: Path) -> None:
    with a_desk(tmp_path) as table:
        rate(table, "mine/adam.lr", Rating.EASY)
        assert table.sheet("mine/adam.lr", MONDAY).seen is None
    a_bank(tmp_path, SMALL_BANK.replace("usual learning rate", "default learning rate"))

    with a_desk(tmp_path) as table:
        seen = table.sheet("mine/adam.lr", later(days=1)).seen
        assert seen is not None
        assert "usual learning rate" in seen[0]
        assert "default learning rate" in seen[1]
        rate(table, "mine/adam.lr", Rating.EASY, later(days=1))
        assert table.sheet("mine/adam.lr", later(days=2)).seen is None


def test_changed_limits_count_from_the_next_queue_on(tmp_path: Path, home: Path) -> None:
    with a_desk(tmp_path) as table:
        rate(table, "mine/sgd.batch", Rating.EASY)
        assert table.queue(None, table.limits(), MONDAY).new == 6
    (home / "config.toml").write_text("new_per_day = 3\n", encoding="utf-8")
    with a_desk(tmp_path) as table:
        assert table.queue(None, table.limits(), MONDAY).new == 2
    (home / "config.toml").write_text("new_per_day = 0\n", encoding="utf-8")
    with a_desk(tmp_path) as table:
        assert table.queue(None, table.limits(), MONDAY).new == 0


def test_a_flight_neither_shortens_nor_doubles_a_day(tmp_path: Path) -> None:
    """Answered on Monday evening in Tokyo, then a landing in New York where it is still Monday morning."""
    tokyo = calendar.moment(datetime(2026, 11, 23, 11, tzinfo=UTC), 240, timezone(timedelta(hours=9)))
    new_york = calendar.moment(datetime(2026, 11, 23, 14, tzinfo=UTC), 240, timezone(timedelta(hours=-5)))
    with a_desk(tmp_path) as table:
        rate(table, "mine/sgd.batch", Rating.EASY, tokyo)
        assert tokyo.day == new_york.day
        assert table.today(new_york).introduced == 1
        due_day = table.standing("mine/sgd.batch").memory.due_day  # type: ignore[union-attr]  # just answered
        assert table.due(new_york) == []
        rate(table, "mine/sgd", Rating.EASY, new_york)
        assert table.standing("mine/sgd.batch").memory.due_day == due_day  # type: ignore[union-attr]  # still
        assert table.today(new_york).introduced == 2
