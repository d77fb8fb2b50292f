from __future__ import annotations

from datetime import timedelta

import pytest
from builders import MONDAY, a_memory, a_review, later
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import scheduler
from dlquiz.card import CardState, Event, Memory, Moment, Rating, State

RATINGS = st.sampled_from(list(Rating))
GAPS = st.sampled_from([0, 0, 1, 3, 10, 40, 200])
HISTORIES = st.lists(st.tuples(RATINGS, GAPS, st.integers(0, 7200)), min_size=1, max_size=12)


def studied(history: list[tuple[Rating, int, int]], *, explains: bool = False) -> tuple[list[Event], CardState, Moment]:
    """The log of these answers, the card state it was folded to step by step, and the moment of the last."""
    moment, card_state, events = MONDAY, CardState(), []
    for rating, days, seconds in history:
        moment = later(moment, days=days, seconds=seconds + 1)
        event = a_review(card_state.memory, rating, moment, explains=explains)
        events.append(event)
        card_state = scheduler.apply(card_state, event, scheduler.DEFAULT)
    return events, card_state, moment


def answered(memory: Memory | None, rating: Rating, moment: Moment = MONDAY, *, explains: bool = False) -> Memory:
    after = scheduler.apply(
        CardState(memory), a_review(memory, rating, moment, explains=explains), scheduler.DEFAULT
    ).memory
    assert after is not None
    return after


def test_a_new_atomic_card_walks_two_steps_before_review() -> None:
    first = answered(None, Rating.GOOD)
    second = answered(first, Rating.GOOD, later(seconds=600))

    assert (first.state, first.interval, first.due_ms) == (State.LEARNING, -600, MONDAY.at_ms + 600_000)
    assert second.state is State.REVIEW
    assert second.due_ms is None


def test_a_new_main_card_goes_to_review_unless_it_failed() -> None:
    passed = answered(None, Rating.HARD, explains=True)
    failed = answered(None, Rating.AGAIN, explains=True)

    assert passed.state is State.REVIEW
    assert (failed.state, failed.interval) == (State.LEARNING, -600)
    assert answered(failed, Rating.HARD, later(seconds=600), explains=True).state is State.REVIEW


def test_hard_on_the_first_step_waits_between_both_steps() -> None:
    assert answered(None, Rating.HARD).interval == -330


def test_again_in_review_is_a_lapse_and_relearns() -> None:
    memory = answered(a_memory(lapses=2), Rating.AGAIN)

    assert (memory.state, memory.lapses, memory.interval) == (State.RELEARNING, 3, -600)


def test_again_while_learning_is_not_a_lapse() -> None:
    learning = answered(None, Rating.GOOD)

    assert answered(learning, Rating.AGAIN, later(seconds=600)).lapses == 0


def test_hard_is_a_pass_in_review() -> None:
    memory = answered(a_memory(), Rating.HARD)

    assert memory.state is State.REVIEW
    assert memory.lapses == 0
    assert memory.stability > 10


def test_eight_lapses_make_a_leech() -> None:
    assert not scheduler.is_leech(a_memory(lapses=7))
    assert scheduler.is_leech(a_memory(lapses=8))


@given(HISTORIES, st.booleans())
def test_the_previews_are_what_the_key_then_gives(history: list[tuple[Rating, int, int]], explains: bool) -> None:
    _, card_state, moment = studied(history, explains=explains)
    now = later(moment, days=1)
    promised = scheduler.previews(card_state.memory, "note.card", now, scheduler.DEFAULT, explains=explains)

    for rating, interval in promised.items():
        after = answered(card_state.memory, rating, now, explains=explains)
        assert after.interval == interval
        if interval > 0:
            assert after.due_day == now.day + timedelta(days=interval)
        else:
            assert after.due_ms == now.at_ms - 1000 * interval


@given(HISTORIES)
def test_a_better_rating_never_comes_back_sooner(history: list[tuple[Rating, int, int]]) -> None:
    _, card_state, moment = studied(history)
    promised = scheduler.previews(card_state.memory, "note.card", later(moment, days=5), scheduler.DEFAULT)

    waits = [promised[rating] * 86_400 if promised[rating] > 0 else -promised[rating] for rating in Rating]
    assert waits == sorted(waits)
    passes = [promised[rating] for rating in (Rating.HARD, Rating.GOOD, Rating.EASY) if promised[rating] > 0]
    assert len(set(passes)) == len(passes)


@given(HISTORIES, st.integers(1, 60))
def test_no_interval_is_longer_than_the_maximum(history: list[tuple[Rating, int, int]], maximum: int) -> None:
    _, card_state, moment = studied(history)
    preset = scheduler.DEFAULT._replace(maximum_interval=maximum)

    assert max(scheduler.previews(card_state.memory, "n.c", later(moment, days=2), preset).values()) <= maximum


@given(HISTORIES, st.randoms(use_true_random=False))
def test_folding_in_any_order_gives_what_answering_gave(history: list[tuple[Rating, int, int]], chance: object) -> None:
    events, card_state, _ = studied(history)
    shuffled = list(events)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis types it as object

    folded = scheduler.fold(shuffled, scheduler.DEFAULT)
    assert folded.memory == card_state.memory


@given(HISTORIES, HISTORIES)
def test_an_undone_answer_never_was(kept: list[tuple[Rating, int, int]], gone: list[tuple[Rating, int, int]]) -> None:
    events, before, _ = studied(kept)
    all_events, _, moment = studied(kept + gone)
    undos = [
        Event("undo", "note.card", moment.at_ms + n, moment.day, 0, id=f"{moment.at_ms + n}-undo", target=event.id)
        for n, event in enumerate(all_events[len(events) :])
    ]

    folded = scheduler.fold([*undos, *all_events], scheduler.DEFAULT)
    assert folded._replace(last_event=None, last_ms=None) == before._replace(last_event=None, last_ms=None)


@given(HISTORIES, st.integers(1, 400))
def test_a_clock_set_back_counts_as_no_time_at_all(history: list[tuple[Rating, int, int]], days: int) -> None:
    _, card_state, moment = studied(history)
    assert card_state.memory is not None
    same_day = answered(card_state.memory, Rating.GOOD, later(moment, seconds=1))
    set_back = answered(card_state.memory, Rating.GOOD, later(moment, days=-days))

    assert set_back.stability == same_day.stability


def test_a_step_that_lies_a_year_ahead_shows_a_clock_set_back_and_is_due() -> None:
    memory = answered(None, Rating.AGAIN, later(days=365))

    assert scheduler.overdue(memory, MONDAY)
    assert not scheduler.overdue(answered(None, Rating.AGAIN), later(seconds=30))


def test_another_preset_moves_stability_but_no_promised_day() -> None:
    events, card_state, _ = studied([(Rating.EASY, 0, 0), (Rating.GOOD, 8, 0)])
    weights = tuple(weight * 1.1 for weight in scheduler.DEFAULT.weights)
    refolded = scheduler.fold(events, scheduler.DEFAULT._replace(weights=weights))

    assert card_state.memory is not None
    assert refolded.memory is not None
    assert refolded.memory.stability != pytest.approx(card_state.memory.stability)
    assert refolded.memory.due_day == card_state.memory.due_day


@pytest.mark.parametrize(
    ("interval", "low", "high"),
    [(1.0, 1, 1), (2.4, 2, 2), (2.5, 2, 4), (7.0, 5, 9), (20.0, 17, 23), (100.0, 93, 107)],
)
def test_fuzz_keeps_to_ankis_ranges(interval: float, low: int, high: int) -> None:
    assert scheduler.fuzz_range(interval, 36500) == (low, high)


def test_fuzz_depends_on_card_and_repetition_alone() -> None:
    memory = a_memory(stability=100.0, last_day=MONDAY.day - timedelta(days=100))
    one = [scheduler.previews(memory, "a", MONDAY, scheduler.DEFAULT) for _ in range(3)]
    spread = {
        scheduler.previews(memory._replace(reps=reps), "a", MONDAY, scheduler.DEFAULT)[Rating.GOOD]
        for reps in range(40)
    }

    assert one[0] == one[1] == one[2]
    assert len(spread) > 10


def test_a_reset_forgets_and_a_suspension_hides() -> None:
    events, _, moment = studied([(Rating.EASY, 0, 0)])
    bare = Event("reset", "note.card", moment.at_ms + 5, moment.day, 0, id="z")

    assert scheduler.fold([*events, bare], scheduler.DEFAULT).memory is None
    suspended = scheduler.fold([*events, bare._replace(kind="suspend")], scheduler.DEFAULT)
    assert suspended.memory is not None
    assert scheduler.hidden(suspended, moment.day)


def test_a_buried_card_is_back_on_the_next_study_day() -> None:
    buried = CardState(a_memory(), buried_on=MONDAY.day)

    assert scheduler.hidden(buried, MONDAY.day)
    assert not scheduler.hidden(buried, MONDAY.day + timedelta(days=1))


def test_a_reschedule_moves_the_due_day() -> None:
    events, card_state, moment = studied([(Rating.EASY, 0, 0)])
    assert card_state.memory is not None
    row = Event("reschedule", "note.card", moment.at_ms + 5, moment.day, 0, id="z", interval_after=3)
    memory = scheduler.fold([*events, row], scheduler.DEFAULT).memory

    assert memory is not None
    assert memory.due_day == moment.day + timedelta(days=3)
    assert memory.stability == card_state.memory.stability


@given(HISTORIES, st.integers(1, 60))
def test_no_interval_is_promised_beyond_an_interview(history: list[tuple[Rating, int, int]], days_left: int) -> None:
    _, card_state, moment = studied(history)
    now = later(moment, days=2)
    free = scheduler.previews(card_state.memory, "n.c", now, scheduler.DEFAULT)
    capped = scheduler.previews(card_state.memory, "n.c", now, scheduler.DEFAULT, cap_days=days_left)

    assert capped == {rating: min(wait, days_left) for rating, wait in free.items()}
