from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from builders import MONDAY, SMALL_BANK, a_bank, a_collection, later, rate

from dlquiz import calendar, collection, session, store
from dlquiz.card import Event, Moment, Rating
from dlquiz.collection import BankPaths, Collection, doctor, lookup, reports
from dlquiz.errors import NothingToUndoError


def test_reading_creates_nothing(tmp_path: Path, home: Path) -> None:
    with a_collection(tmp_path, write=False) as col:
        assert reports.status(col)["new"] == 7
        assert reports.log(col) == []

    assert not home.exists()


def test_two_sittings_answering_the_same_card_lose_neither(tmp_path: Path) -> None:
    with a_collection(tmp_path) as one, a_collection(tmp_path) as two:
        shown = two.card_view("mine/sgd", MONDAY)
        rate(one, "mine/sgd", Rating.AGAIN)
        state = session.show(session.Session(queue=()), shown, "reveal")
        _, event = session.answer(state, Rating.GOOD, later(seconds=5), two.preset, 1000)
        written, card_state = two.answer(shown, event, {})

        assert written.state_before == "learning"
        assert card_state.memory is not None
        assert card_state.memory.reps == 2
        assert [row["rating"] for row in reports.log(two)] == [1, 3]
        assert doctor.examine(two).differences == []


def test_undo_restores_memory_and_points_and_due_exactly(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/adam", Rating.EASY, points={"mine/adam#first": True, "mine/adam#second": False})
        before = col.card_state("mine/adam").memory
        rate(col, "mine/adam", Rating.AGAIN, later(days=9), points={"mine/adam#first": False})
        taken = col.undo(later(days=9))

        assert taken.card == "mine/adam"
        assert taken.said == frozenset()
        assert col.card_state("mine/adam").memory == before
        assert col.card_view("mine/adam", later(days=9)).missed_before == {"mine/adam#second"}


def test_suspending_burying_and_resetting_are_undone_like_answers(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/sgd", Rating.EASY)
        learnt = col.card_state("mine/sgd").memory
        for kind in ("suspend", "bury", "reset", "flag"):
            col.act(kind, ["mine/sgd"], later(seconds=9), given="a note" if kind == "flag" else None)
            assert col.undo(later(seconds=10)).event.kind == kind
            card_state = col.card_state("mine/sgd")
            assert (card_state.memory, card_state.suspended, card_state.buried_on) == (learnt, False, None)

        col.undo(later(seconds=11))
        with pytest.raises(NothingToUndoError):
            col.undo(later(seconds=12))


def test_what_one_command_did_to_several_cards_is_one_thing_to_undo(tmp_path: Path) -> None:
    note = ["mine/adam", "mine/adam.lr", "mine/adam.beta1"]
    with a_collection(tmp_path) as col:
        col.act("suspend", ["mine/sgd"], MONDAY)
        col.act("suspend", note, later(seconds=1))
        taken = col.undo(later(seconds=2))

        assert {taken.card, *taken.others} == set(note)
        assert col.progress.suspended() == ["mine/sgd"]
        assert col.undo(later(seconds=3)).others == ()
        assert col.progress.suspended() == []
        assert doctor.examine(col).differences == []


def test_a_renamed_note_keeps_progress_under_its_new_id(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/adam", Rating.EASY, points={"mine/adam#first": False})
        rate(col, "mine/adam.lr", Rating.EASY)
    renamed = SMALL_BANK.replace("- id: adam\n", "- id: adam-optimizer\n    was: [adam]\n")
    a_bank(tmp_path, renamed)

    with a_collection(tmp_path) as col:
        assert col.card_state("mine/adam-optimizer").memory is not None
        assert col.card_state("mine/adam-optimizer.lr").memory is not None
        assert col.card_view("mine/adam-optimizer", MONDAY).missed_before == {"mine/adam-optimizer#first"}
        assert [row["card"] for row in reports.log(col)] == ["mine/adam", "mine/adam.lr"]
        assert doctor.examine(col).differences == []
        assert col.undo(MONDAY).card == "mine/adam-optimizer.lr"


def test_an_edited_card_keeps_progress(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/adam.lr", Rating.EASY)
    a_bank(tmp_path, SMALL_BANK.replace("usual learning rate", "default learning rate"))

    with a_collection(tmp_path) as col:
        assert "default" in col.card_view("mine/adam.lr", MONDAY).card.front
        assert col.card_state("mine/adam.lr").memory is not None


def test_status_counts_as_the_contract_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/adam.lr", Rating.EASY)
        rate(col, "mine/adam.beta", Rating.GOOD)
        monkeypatch.setattr(collection, "now", lambda _: later(seconds=60))
        found = reports.status(col)

        assert found == {
            "due": 0, "new": 5, "learning": 1, "reviewed_today": 2, "interview": None,
            "topics": [{"topic": "optimizers", "cards": 7, "due": 0, "new": 5}],
        }  # fmt: skip
        monkeypatch.setattr(collection, "now", lambda _: later(days=30))
        found = reports.status(col)
        assert (found["due"], found["reviewed_today"], found["topics"][0]["due"]) == (2, 0, 2)


def test_a_changed_setting_folds_the_log_anew(tmp_path: Path, home: Path) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/sgd", Rating.EASY)
        before = col.card_state("mine/sgd").memory
    (home / "config.toml").write_text("desired_retention = 0.95\n", encoding="utf-8")

    with a_collection(tmp_path) as col:
        assert col.progress.folded_under() == col.preset.hash
        assert col.card_state("mine/sgd").memory == before
        assert doctor.examine(col).differences == []


def test_doctor_mends_a_cache_that_lies(tmp_path: Path, home: Path) -> None:
    import sqlite3
    from contextlib import closing

    with a_collection(tmp_path) as col:
        rate(col, "mine/sgd", Rating.EASY)
        honest = col.card_state("mine/sgd")
    with closing(sqlite3.connect(home / "progress.db", isolation_level=None)) as db:
        db.execute("UPDATE standing SET stability = 99, due_day = '2030-01-01'")

    with a_collection(tmp_path) as col:
        health = doctor.examine(col)
        assert (health.differences, health.repaired) == (["mine/sgd"], True)
        assert col.card_state("mine/sgd") == honest


def test_a_retired_card_is_not_asked_but_its_answers_stay(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/sgd", Rating.EASY)
    without = (
        SMALL_BANK[: SMALL_BANK.index("  - id: sgd")] + "retired:\n  - {id: sgd, on: 2026-11, replaced_by: adam}\n"
    )
    a_bank(tmp_path, without)

    with a_collection(tmp_path) as col:
        assert col.due(later(days=60)) == []
        assert len(reports.log(col)) == 1
        with pytest.raises(Exception, match=r"retired; 'mine/adam' asks this now"):
            reports.shown(col, "mine/sgd")


def test_unseen_cards_are_found_however_many_were_met_and_a_reset_one_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "LONG_WALK", 1)
    with a_collection(tmp_path) as col:
        order = [card.id for card in col.bank.in_order()]
        for card in order[:4]:
            rate(col, card, Rating.GOOD)
        col.act("suspend", [order[4]], MONDAY)

        assert [card.id for card in col.unseen(batch=2)] == order[5:]
        assert col.progress.unseen_from(col.bank.edition()) == order[5]
        assert [card.id for card in col.unseen(batch=2)] == order[5:]
        assert sum(topic["new"] for topic in reports.status(col)["topics"]) == len(order[5:])

        col.act("reset", [order[1]], later(days=1))
        assert sum(topic["new"] for topic in reports.status(col)["topics"]) == 1 + len(order[5:])
        assert [card.id for card in col.unseen(batch=2)] == [order[1], *order[5:]]
        col.undo(later(days=1))
        col.act("unsuspend", [order[4]], later(days=1))
        assert [card.id for card in col.unseen(batch=2)] == order[4:]


def test_a_card_added_before_those_met_is_found_after_a_long_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "LONG_WALK", 1)
    with a_collection(tmp_path) as col:
        order = [card.id for card in col.bank.in_order()]
        for card in order[:5]:
            rate(col, card, Rating.GOOD)
        assert next(col.unseen(batch=2)).id == order[5]
    a_bank(
        tmp_path,
        SMALL_BANK.replace("    cards:\n", "    cards:\n      - {id: early, front: New?, back: yes it is}\n", 1),
    )
    with a_collection(tmp_path) as col:
        assert next(col.unseen(batch=2)).id == "mine/adam.early"


DRILLED = SMALL_BANK.replace('accept: ["1e-3"]}', 'accept: ["1e-3"], drills: [bias]}').replace(
    "back: 0.9}", "back: 0.9, drills: [first, second]}"
)
MISSED = {"mine/adam#first": False, "mine/adam#second": True, "mine/adam#bias": False}


def forward(col: Collection, moment: Moment, **limits: int) -> list[str]:
    found = col.queue(None, col.limits(**limits), moment)
    return [card.id for card in found.cards if card.id in found.forward]


def test_a_missed_point_brings_the_cards_that_drill_it_until_they_are_answered(tmp_path: Path) -> None:
    with a_collection(tmp_path, text=DRILLED) as col:
        assert forward(col, MONDAY) == []
        rate(col, "mine/adam", Rating.HARD, points=MISSED)

        assert [each.card.id for each in col.drills(None, MONDAY)] == ["mine/adam.beta", "mine/adam.lr"]
        assert sorted(forward(col, MONDAY)) == ["mine/adam.beta", "mine/adam.lr"]
        assert len(forward(col, MONDAY, new=1)) == 1
        rate(col, "mine/adam.beta", Rating.EASY, later(seconds=9))
        assert forward(col, later(seconds=10)) == ["mine/adam.lr"]
        assert forward(col, later(days=13)) == ["mine/adam.lr"]
        assert forward(col, later(days=20)) == []


def test_a_review_comes_forward_and_undoing_the_miss_takes_it_back(tmp_path: Path) -> None:
    with a_collection(tmp_path, text=DRILLED) as col:
        rate(col, "mine/adam.lr", Rating.EASY)
        rate(col, "mine/adam", Rating.HARD, later(days=2), MISSED)
        assert "mine/adam.lr" in forward(col, later(days=2))

        col.undo(later(days=2))
        assert forward(col, later(days=2)) == []


def test_a_point_that_was_said_since_brings_nothing(tmp_path: Path) -> None:
    with a_collection(tmp_path, text=DRILLED) as col:
        rate(col, "mine/adam", Rating.AGAIN, points=MISSED)
        rate(col, "mine/adam", Rating.GOOD, later(seconds=900), dict.fromkeys(MISSED, True))

        assert col.drills(None, later(seconds=900)) == []


def test_what_an_interview_attempt_missed_brings_cards_too(tmp_path: Path) -> None:
    with a_collection(tmp_path, text=DRILLED) as col:
        event = Event("attempt", "mine/adam", MONDAY.at_ms, MONDAY.day, 0)
        card_state = col.card_state("mine/adam")
        col.progress.append([store.LogEntry(event, lambda _: card_state, MISSED)], after={"mine/adam": None})

        assert len(col.drills(None, MONDAY)) == 2
        assert col.card_state("mine/adam").memory is None


def test_a_renamed_point_is_followed(tmp_path: Path) -> None:
    with a_collection(tmp_path, text=DRILLED) as col:
        rate(col, "mine/adam", Rating.AGAIN, points=MISSED)
    a_bank(
        tmp_path, DRILLED.replace("{id: bias,", "{id: correction, was: [adam#bias],").replace("[bias]", "[correction]")
    )

    with a_collection(tmp_path) as col:
        rate(col, "mine/adam", Rating.HARD, later(days=1), {"mine/adam#correction": True})
        assert [each.card.id for each in col.drills(None, later(days=1))] == ["mine/adam.beta"]


def test_a_queue_made_anew_counts_what_the_sitting_has_met(tmp_path: Path) -> None:
    with a_collection(tmp_path, text=DRILLED) as col:
        queues = col.queues(None, col.limits(new=2), MONDAY)
        assert queues(MONDAY).new == 2
        rate(col, "mine/adam", Rating.HARD, later(seconds=5), MISSED)
        rate(col, "mine/sgd.batch", Rating.EASY, later(seconds=9))

        assert queues(later(seconds=10)).new == 0


def test_an_edited_card_remembers_what_was_seen_until_it_is_answered(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/adam.lr", Rating.EASY)
        assert col.card_view("mine/adam.lr", MONDAY).seen is None
    a_bank(tmp_path, SMALL_BANK.replace("usual learning rate", "default learning rate"))

    with a_collection(tmp_path) as col:
        seen = col.card_view("mine/adam.lr", later(days=1)).seen
        assert seen is not None
        assert "usual learning rate" in seen[0]
        assert "default learning rate" in seen[1]
        rate(col, "mine/adam.lr", Rating.EASY, later(days=1))
        assert col.card_view("mine/adam.lr", later(days=2)).seen is None


def test_changed_limits_count_from_the_next_queue_on(tmp_path: Path, home: Path) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/sgd.batch", Rating.EASY)
        assert col.queue(None, col.limits(), MONDAY).new == 6
    (home / "config.toml").write_text("new_per_day = 3\n", encoding="utf-8")
    with a_collection(tmp_path) as col:
        assert col.queue(None, col.limits(), MONDAY).new == 2
    (home / "config.toml").write_text("new_per_day = 0\n", encoding="utf-8")
    with a_collection(tmp_path) as col:
        assert col.queue(None, col.limits(), MONDAY).new == 0


def test_a_flight_neither_shortens_nor_doubles_a_day(tmp_path: Path) -> None:
    """Answered on Monday evening in Tokyo, then a landing in New York where it is still Monday morning."""
    tokyo = calendar.moment(datetime(2026, 11, 23, 11, tzinfo=UTC), 240, timezone(timedelta(hours=9)))
    new_york = calendar.moment(datetime(2026, 11, 23, 14, tzinfo=UTC), 240, timezone(timedelta(hours=-5)))
    with a_collection(tmp_path) as col:
        rate(col, "mine/sgd.batch", Rating.EASY, tokyo)
        assert tokyo.day == new_york.day
        assert col.today(new_york).introduced == 1
        due_day = col.card_state("mine/sgd.batch").memory.due_day  # type: ignore[union-attr]  # just answered
        assert col.due(new_york) == []
        rate(col, "mine/sgd", Rating.EASY, new_york)
        assert col.card_state("mine/sgd.batch").memory.due_day == due_day  # type: ignore[union-attr]  # still
        assert col.today(new_york).introduced == 2


def test_progress_follows_a_bank_that_got_another_name(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/adam", Rating.AGAIN, points={"mine/adam#first": False})
        rate(col, "mine/adam.lr", Rating.GOOD)
        before = col.card_states(["mine/adam", "mine/adam.lr"])
    renamed = SMALL_BANK.replace("bank: mine", "bank: optimisers\nwas: [mine]").replace(
        "{id: lr,", "{id: rate, was: [adam.lr],"
    )
    a_bank(tmp_path, renamed)

    with a_collection(tmp_path) as col:
        assert col.card_states(["optimisers/adam", "optimisers/adam.rate"]) == {
            "optimisers/adam": before["mine/adam"],
            "optimisers/adam.rate": before["mine/adam.lr"],
        }
        assert col.card_states(["mine/adam", "mine/adam.lr"]) == {}
        assert col.card_view("optimisers/adam", later(days=3)).missed_before == {"optimisers/adam#first"}
        assert doctor.examine(col).differences == []
        taken = col.undo(later(seconds=100))
        assert taken.card == "optimisers/adam.rate"


def test_a_bank_that_has_a_former_name_of_another_one_keeps_its_own_progress(tmp_path: Path) -> None:
    a_bank(tmp_path, SMALL_BANK.replace("bank: mine", "bank: newer\nwas: [mine]"), "newer.yaml")
    a_bank(tmp_path, SMALL_BANK)

    with collection.opened(
        BankPaths((tmp_path / "mine.yaml", tmp_path / "newer.yaml"), builtin=False), write=True
    ) as col:
        rate(col, "mine/adam.lr", Rating.GOOD)

        assert col.card_state("mine/adam.lr").memory is not None
        assert col.card_state("newer/adam.lr").memory is None
