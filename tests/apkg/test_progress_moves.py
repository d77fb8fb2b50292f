"""Progress in Anki after an export: state, due days and every row of the log, compared in a fresh collection of the real backend."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import oracle
import pytest
from anki.collection import Collection
from anki.deck_config_pb2 import UPDATE_DECK_CONFIGS_MODE_NORMAL
from anki.decks import UpdateDeckConfigs
from builders import a_bank, a_collection, rate

from dlquiz import calendar, config, fsrs, scheduler
from dlquiz.card import Moment, Rating, State
from dlquiz.collection import Collection as OurCollection
from dlquiz.collection import planning, reports
from dlquiz.transfer import to_anki

CARDS = 7
BANK = "bank: mine\ntopic: optimizers\nnotes:\n" + "".join(
    f"  - {{id: n{n}, question: Q{n}, answer: A{n}, cards: [{{id: c, front: F{n}, back: B{n}}}]}}\n"
    for n in range(CARDS)
)


def ago(days: float, rollover_min: int = 240) -> Moment:
    return calendar.moment(datetime.now(UTC) - timedelta(days=days), rollover_min)


def study(col: OurCollection, *, seed: int) -> None:
    """Two months of work: most cards come back when due; some answers are undone, two cards are reset, two suspended, four stand in steps,
    two are left new."""
    chance = random.Random(seed)
    for days in range(60, -1, -4):
        moment = ago(days + 0.01 * chance.random())
        for n, card_ref in enumerate(list(col.bank.in_order())[:-4]):
            memory = col.card_state(card_ref.id).memory
            if chance.random() < 0.3 or (memory and memory.due_day > moment.day and chance.random() < 0.9):
                continue
            for _ in range(chance.choice((1, 1, 1, 2))):
                moment = moment._replace(at=moment.at + timedelta(seconds=20))
                rate(col, card_ref.id, Rating(chance.choice((1, 2, 3, 3, 3, 4))), moment)
            if n == 3 and days % 8:
                col.undo(moment)
        if days == 28:
            col.act("reset", ["mine/n1.c"], moment)
    for card in ("mine/n5", "mine/n5.c", "mine/n3", "mine/n4.c"):
        rate(col, card, Rating.EASY if "n5" not in card else Rating.AGAIN, ago(0))
        if "n5" not in card:
            rate(col, card, Rating.AGAIN, ago(0))
    col.act("suspend", ["mine/n0", "mine/n2.c"], ago(0))
    col.act("reset", ["mine/n0.c"], ago(0))


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OurCollection, Collection]]:
    """A collection with two months of work, and a fresh collection into which it was exported; no test changes either."""
    folder = tmp_path_factory.mktemp("moved")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DLQUIZ_HOME", str(folder / "home"))
        config.save(config.home(), {"desired_retention": 0.85})
        config.save(config.home(), {"maximum_interval": 300})
        with a_collection(folder, text=BANK) as col:
            study(col, seed=20261124)
            to_anki.apkg(col, folder / "deck.apkg", None, with_progress=True)
            collection = oracle.fresh(folder)
            assert oracle.take(collection, folder / "deck.apkg").new == 2 * CARDS
            yield col, collection
            collection.close()


def test_stability_difficulty_due_day_and_counts_are_what_they_were(moved: tuple[OurCollection, Collection]) -> None:
    col, collection = moved
    states = set()
    for card, card_state in col.card_states([card_ref.id for card_ref in col.bank.in_order()]).items():
        theirs, ours = collection.get_card(oracle.card_of(collection, card)), card_state.memory
        assert (theirs.queue == -1) == card_state.suspended
        if ours is None:
            assert (theirs.type, theirs.memory_state) == (0, None)
            continue
        states.add(ours.state)
        assert theirs.memory_state is not None
        assert theirs.memory_state.stability == pytest.approx(ours.stability, abs=1e-4)
        assert theirs.memory_state.difficulty == pytest.approx(ours.difficulty, abs=1e-3)
        assert (theirs.reps, theirs.lapses) == (ours.reps, ours.lapses)
        assert theirs.desired_retention == pytest.approx(0.85)
        if ours.due_ms is None:
            assert theirs.type == 2
            assert theirs.due - collection.sched.today == (ours.due_day - col.now().day).days
            assert theirs.ivl == ours.interval
        else:
            assert theirs.type == (3 if ours.state is State.RELEARNING else 1)
            assert theirs.due == ours.due_ms // 1000
    assert states == {State.REVIEW, State.LEARNING, State.RELEARNING}


def test_every_answer_is_a_row_and_undone_ones_are_none(moved: tuple[OurCollection, Collection]) -> None:
    col, collection = moved
    wanted = [
        (event.at_ms, event.card, event.rating, event.interval_after, event.interval_before, event.took_ms)
        for event, undone in col.progress.reviews()
        if not undone
    ]
    undone = sum(undone for _, undone in col.progress.reviews())
    names = {oracle.card_of(collection, card_ref.id): card_ref.id for card_ref in col.bank.in_order()}

    found = oracle.rows(collection, "SELECT id, cid, ease, ivl, lastIvl, time FROM revlog WHERE ease > 0 ORDER BY id")

    assert undone
    assert [(row[0], names[row[1]], *row[2:]) for row in found] == wanted


def test_anki_folds_the_rows_to_the_same_memory(moved: tuple[OurCollection, Collection]) -> None:
    col, collection = moved
    for card, card_state in col.card_states([card_ref.id for card_ref in col.bank.in_order()]).items():
        theirs = collection.compute_memory_state(oracle.card_of(collection, card))

        if card_state.memory:
            assert theirs.stability == pytest.approx(card_state.memory.stability, rel=1e-3)
            assert theirs.difficulty == pytest.approx(card_state.memory.difficulty, rel=1e-3)
        else:
            assert theirs.stability is None or theirs.stability == 0


def test_the_preset_has_the_same_weights_retention_steps_and_maximum(moved: tuple[OurCollection, Collection]) -> None:
    col, collection = moved
    (preset,) = [each for each in collection.decks.all_config() if each["name"] == "dlquiz"]

    assert preset["fsrsParams6"] == pytest.approx(fsrs.DEFAULT_WEIGHTS, abs=1e-6)
    assert preset["desiredRetention"] == pytest.approx(0.85)
    assert (preset["new"]["delays"], preset["lapse"]["delays"]) == ([1.0, 10.0], [10.0])
    assert (preset["rev"]["maxIvl"], preset["new"]["perDay"]) == (300, col.settings.new_per_day)
    assert {deck["conf"] for deck in collection.decks.all() if deck["name"].startswith("dlquiz")} == {preset["id"]}


def test_anki_goes_on_exactly_where_dlquiz_stopped(moved: tuple[OurCollection, Collection]) -> None:
    col, collection = moved
    moment, compared = col.now(), 0
    for card, card_state in col.card_states([card_ref.id for card_ref in col.bank.in_order()]).items():
        memory = card_state.memory
        if memory is None or memory.state is not State.REVIEW:
            continue
        states = collection._backend.get_scheduling_states(oracle.card_of(collection, card))
        days = 0
        for rating, state in ((Rating.HARD, states.hard), (Rating.GOOD, states.good), (Rating.EASY, states.easy)):
            elapsed = max(0, (moment.day - memory.last_day).days)
            stability, difficulty = fsrs.following(memory.stability, memory.difficulty, elapsed, rating)
            theirs = state.normal.review
            assert theirs.memory_state.stability == pytest.approx(stability, rel=1e-3)
            assert theirs.memory_state.difficulty == pytest.approx(difficulty, rel=1e-3)
            if elapsed:  # on the same day Anki never goes below the interval that it had promised
                ideal = max(days + 1, fsrs.interval_days(stability, 0.85))  # hard < good < easy, there as here
                low, high = scheduler.fuzz_range(min(300, ideal), 300)
                assert low - 1 <= theirs.scheduled_days <= high + 1  # its own rounding at the edges
            days = theirs.scheduled_days
            compared += 1
    assert compared >= CARDS


def test_turning_fsrs_on_after_the_import_gives_the_same_memory(tmp_path: Path) -> None:
    with a_collection(tmp_path, text=BANK) as col:
        study(col, seed=7)
        to_anki.apkg(col, tmp_path / "deck.apkg", None, with_progress=True)
        collection = oracle.fresh(tmp_path, fsrs=False)
        oracle.take(collection, tmp_path / "deck.apkg")
        deck = collection.decks.id("dlquiz")
        turn_fsrs_on(collection, deck)

        for card, card_state in col.card_states([card_ref.id for card_ref in col.bank.in_order()]).items():
            theirs = collection.get_card(oracle.card_of(collection, card)).memory_state
            if card_state.memory:
                assert theirs is not None
                assert theirs.stability == pytest.approx(card_state.memory.stability, rel=1e-3)
        collection.close()


def turn_fsrs_on(collection: Collection, deck: Any) -> None:
    known = collection.decks.get_deck_configs_for_update(deck)
    request = UpdateDeckConfigs(
        target_deck_id=deck, mode=UPDATE_DECK_CONFIGS_MODE_NORMAL, fsrs=True, limits=known.current_deck.limits
    )
    used = known.current_deck.config_id
    request.configs.extend(each.config for each in known.all_config if each.config.id == used)
    collection.decks.update_deck_configs(request)


def test_a_rollover_of_ones_own_keeps_the_due_day(tmp_path: Path) -> None:
    config.save(config.home(), {"rollover": "02:00"})
    with a_collection(tmp_path, text=BANK) as col:
        rate(col, "mine/n0", Rating.EASY, ago(3, 120))
        to_anki.apkg(col, tmp_path / "deck.apkg", None, with_progress=True)
        collection = oracle.fresh(tmp_path)
        collection.set_config("rollover", 2)
        oracle.take(collection, tmp_path / "deck.apkg")
        memory = col.card_state("mine/n0").memory

        assert memory is not None
        theirs = collection.get_card(oracle.card_of(collection, "mine/n0"))
        assert theirs.due - collection.sched.today == (memory.due_day - col.now().day).days
        collection.close()


def test_after_an_interview_a_card_comes_in_anki_on_the_day_on_which_it_is_needed(tmp_path: Path) -> None:
    """All cards were promised for the interview's day at the latest, and would be due at once there."""
    config.save(config.home(), {"interview_date": ago(1).day.isoformat()})
    a_bank(tmp_path, BANK)
    with a_collection(tmp_path) as col:
        planning.settled(col, ago(20), col.today(ago(20)))
        for days in (20, 9):
            for card_ref in col.bank.in_order():
                rate(col, card_ref.id, Rating.EASY, ago(days))
        needed, today = col.deferred(col.now()), col.now().day
        assert len(needed) == 2 * CARDS
        assert reports.shown(col, "mine/n0.c")["memory"]["due"] == needed["mine/n0.c"].isoformat()
        to_anki.apkg(col, tmp_path / "deck.apkg", None, with_progress=True)

    collection = oracle.fresh(tmp_path)
    oracle.take(collection, tmp_path / "deck.apkg")
    for card, day in needed.items():
        theirs = collection.get_card(oracle.card_of(collection, card))
        assert theirs.due - collection.sched.today == (day - today).days
    collection.close()


def test_without_progress_every_card_is_new(tmp_path: Path) -> None:
    with a_collection(tmp_path, text=BANK) as col:
        study(col, seed=3)
        to_anki.apkg(col, tmp_path / "deck.apkg", None, with_progress=False)
    collection = oracle.fresh(tmp_path)
    oracle.take(collection, tmp_path / "deck.apkg")

    assert oracle.rows(collection, "SELECT count(*) FROM revlog") == [[0]]
    assert oracle.rows(collection, "SELECT DISTINCT type, queue, reps FROM cards") == [[0, 0, 0]]
    assert oracle.rows(collection, "SELECT due FROM cards ORDER BY due") == [[n] for n in range(1, 2 * CARDS + 1)]
    collection.close()


def test_the_custom_data_of_a_card_is_what_anki_itself_would_write(moved: tuple[OurCollection, Collection]) -> None:
    """Rounded as Anki rounds, so that saving a card changes nothing."""
    _, collection = moved
    for number, data in oracle.rows(collection, "SELECT id, data FROM cards WHERE reps > 0"):
        collection.update_card(collection.get_card(number))
        (after,) = oracle.rows(collection, "SELECT data FROM cards WHERE id = ?", number)

        assert json.loads(after[0]) == json.loads(data)


def test_the_package_of_a_bank_elsewhere_has_only_its_cards(tmp_path: Path) -> None:
    a_bank(tmp_path, BANK)
    with a_collection(tmp_path, text=BANK) as col:
        rate(col, "mine/n0", Rating.GOOD, ago(1))
    other = a_bank(tmp_path / "other", "bank: other\nnotes:\n  - {id: x, question: Q, answer: A}\n", "mine.yaml").parent
    with a_collection(other) as col:
        done = to_anki.apkg(col, tmp_path / "deck.apkg", None, with_progress=True)

    assert (done.cards, done.answers) == (1, 0)
