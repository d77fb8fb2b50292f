from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import isclose, log, sqrt

import pytest
from builders import MONDAY, a_review, later
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import scheduler, stats
from dlquiz.card import CardRef, CardState, Rating, State
from dlquiz.stats import Share, Tally
from dlquiz.stats.tally import EDGES, Answer, tally

CARDS = {
    card: CardRef(card, card.partition(".")[0], topic, kind)
    for card, topic, kind in (
        ("adam", "optimizers", "explain"),
        ("adam.lr", "optimizers", "number"),
        ("relu.why", "networks", "why"),
    )
}
TODAY = MONDAY.day
Step = tuple[str, int, Rating, str | None]
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*CARDS, "gone.card"]),
        st.integers(-1, 9),  # a clock may be set back
        st.sampled_from(Rating),
        st.sampled_from([None, *stats.SAID]),
    ),
    max_size=40,
)


def an_answer(
    day: int,
    rating: int | None,
    state: str = "review",
    *,
    card: str = "adam.lr",
    said: str | None = None,
    took: int = 0,
) -> Answer:
    return card, (TODAY + timedelta(days=day)).isoformat(), rating, state, said, took


def counted(rows: Sequence[Answer], *, others: bool = True, longest_ms: int = 300_000, sample: float = 1.0) -> Tally:
    return tally(rows, CARDS, scheduler.DEFAULT, others=others, longest_ms=longest_ms, sample=sample)


def a_log(steps: Sequence[Step]) -> tuple[list[Answer], list[tuple[float, bool]]]:
    """Rows as sittings write them, and of each that counts for retention the recall that the scheduler itself expected, and the truth."""
    card_states: dict[str, CardState] = {}
    rows: list[Answer] = []
    expected = []
    latest: dict[str, date] = {}
    moment = MONDAY
    for n, (card, wait, rating, said) in enumerate(steps):
        moment = later(moment, days=wait, seconds=1)
        card_state = card_states.get(card, CardState())
        memory = card_state.memory
        if memory and memory.state is State.REVIEW and latest[card] < moment.day:
            expected.append((scheduler.current_recall(memory, moment.day, scheduler.DEFAULT), rating > 1))
        event = a_review(memory, rating, moment, card=card, explains="." not in card)
        card_states[card] = scheduler.apply(card_state, event, scheduler.DEFAULT)
        latest[card] = max(moment.day, latest.get(card, moment.day))
        rows.append((card, moment.day.isoformat(), int(rating), str(event.state_before), said, 700 * n))
    return rows, expected


def the_sum(shares: Sequence[Share]) -> Share:
    return Share(sum(each.counted for each in shares), sum(each.right for each in shares))


# ---- retention


@given(st.integers(1, 5000), st.data())
def test_the_interval_is_where_the_share_seen_is_no_surprise(n: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, n))
    share = Share(n, right)
    low, high = share.bounds or (-1, -1)

    assert 0 <= low <= right / n <= high <= 1
    for end in (low, high):  # the equation that defines the score interval
        away = stats.Z * sqrt(end * (1 - end) / n)
        assert isclose(abs(right / n - end), away, rel_tol=1e-6, abs_tol=1e-9)


def test_more_reviews_make_a_narrower_interval_and_none_make_none() -> None:
    few, many = Share(10, 9).bounds, Share(1000, 900).bounds

    assert few is not None
    assert many is not None
    assert many[1] - many[0] < few[1] - few[0]
    assert (Share().share, Share().bounds) == (None, None)


@given(STEPS)
def test_weeks_and_topics_sum_to_the_whole_and_so_do_days_and_kinds(steps: list[Step]) -> None:
    rows, expected = a_log(steps)
    found = counted(rows)

    assert found.retention == Share(len(expected), sum(right for _, right in expected))
    assert the_sum(list(found.weeks.values())) == found.retention
    assert the_sum(list(found.topics.values())) == found.retention
    assert all(week.weekday() == 0 for week in found.weeks)
    assert found.answers == len(rows) == sum(times.answers for times in found.times.values())
    assert found.took_ms == sum(times.took_ms for times in found.times.values())


def test_only_a_first_answer_of_a_card_in_review_counts() -> None:
    rows = [
        an_answer(0, 3, "new"),
        an_answer(1, 3, "learning"),
        an_answer(1, 1, "review"),  # the second of its day
        an_answer(5, 1, "review"),
        an_answer(5, 3, "relearning"),
        an_answer(9, 2, "review"),
    ]

    assert counted(rows).retention == Share(2, 1)
    assert counted(rows).answers == 6


def test_a_clock_set_back_makes_no_further_day() -> None:
    rows = [an_answer(0, 3, "new"), an_answer(5, 3), an_answer(4, 1), an_answer(5, 1), an_answer(6, 3)]

    assert counted(rows).retention == Share(2, 2)


def test_a_former_id_is_the_same_card() -> None:
    rows = [an_answer(0, 3, "new", card="old"), an_answer(4, 3, card="old"), an_answer(4, 1, card="adam.lr")]
    cards = CARDS | {"old": CARDS["adam.lr"]}

    found = tally(rows, cards, scheduler.DEFAULT, others=False, longest_ms=1)
    assert found.topics == {"optimizers": Share(1, 1)}
    assert found.recall.share == Share(1, 1)


def test_cards_that_no_bank_has_are_counted_apart_or_not_at_all() -> None:
    rows = [an_answer(0, 3, card="gone"), an_answer(0, 1)]

    assert counted(rows).topics == {stats.GONE: Share(1, 1), "optimizers": Share(1, 0)}
    assert counted(rows, others=False).topics == {"optimizers": Share(1, 0)}
    assert counted(rows, others=False).answers == 1


# ---- calibration


@given(STEPS)
def test_bins_part_the_reviews_and_their_means_lie_within(steps: list[Step]) -> None:
    recall = counted(a_log(steps)[0]).recall

    assert the_sum([each.share for each in recall.bins]) == recall.share
    ends = [0.0, *EDGES, 1.0]
    for each in recall.bins:
        assert (each.low, each.high) in pairwise(ends)
        assert each.low <= each.expected + 1e-12
        assert each.expected <= each.high + 1e-12
        assert each.share.counted


@given(STEPS)
def test_what_is_expected_is_what_the_scheduler_expects(steps: list[Step]) -> None:
    rows, expected = a_log(steps)
    recall = counted(rows).recall

    assert recall.share.counted == len(expected)
    if expected:
        mean = sum(chance for chance, _ in expected) / len(expected)
        loss = sum(-log(chance if right else 1 - chance) for chance, right in expected) / len(expected)
        assert recall.expected == pytest.approx(mean)
        assert recall.log_loss == pytest.approx(loss)


def test_a_reset_card_starts_afresh() -> None:
    again = [an_answer(0, 1, "new"), an_answer(1, None), an_answer(1, 4, "new"), an_answer(9, 3)]
    only = [an_answer(1, 4, "new"), an_answer(9, 3)]

    assert counted(again).recall == counted(only).recall


def test_a_sample_of_the_cards_leaves_all_else_as_it_is() -> None:
    rows = [an_answer(day, 3, "review" if day else "new", card=f"card-{n}") for day in (0, 5) for n in range(400)]
    whole, part = counted(rows), counted(rows, sample=0.25)

    assert part.recall.sample == 0.25
    assert 60 < part.recall.share.counted < 140
    assert part._replace(recall=whole.recall) == whole


def test_predictions_are_counted_by_topic_for_first_answers_of_any_state() -> None:
    rows = [
        an_answer(0, 1, "new", said="sure"),
        an_answer(0, 3, "learning", said="sure"),  # ten minutes later it is easy to be sure
        an_answer(3, 3, said="sure"),
        an_answer(3, 3, said="half", card="relu.why"),
        an_answer(9, 3),
    ]
    found = counted(rows)

    assert found.predicted("sure") == Share(2, 1)
    assert found.said["networks"] == {"sure": Share(), "half": Share(1, 1), "no": Share()}


# ---- times


def test_a_pause_counts_as_the_longest_answer_and_the_middle_one_is_told() -> None:
    took = (1000, 2400, 4000, 9_000_000)
    rows = [an_answer(0, 3, took=each) for each in took]
    (times,) = counted(rows, longest_ms=300_000).times.values()

    assert times == stats.Times(answers=4, took_ms=307_400, median_s=2)


def test_an_answer_without_a_time_is_no_fast_one() -> None:
    (times,) = counted([("adam.lr", TODAY.isoformat(), 3, "new", None, None)]).times.values()

    assert times == stats.Times(0, 0, None)


# ---- days


@given(st.integers(1, 60), st.booleans())
def test_the_run_of_a_perfect_log_is_its_days(days: int, today_too: bool) -> None:
    last = TODAY if today_too else TODAY - timedelta(days=1)
    found = stats.streak({last - timedelta(days=n) for n in range(days)}, TODAY)

    assert found.run == days
    assert found.marks == (True,) * min(days, stats.STREAK_DAYS)


@given(st.sets(st.integers(0, 40), max_size=30))
def test_missed_days_are_shown_and_an_unfinished_day_is_none_of_them(back: set[int]) -> None:
    studied = {TODAY - timedelta(days=n) for n in back}
    found = stats.streak(studied, TODAY)

    newest = 0 if 0 in back else 1
    window = range(newest, newest + len(found.marks))
    assert found.studied == len(back.intersection(window))
    assert found.studied + found.marks.count(False) == len(found.marks) <= stats.STREAK_DAYS
    assert not back or found.marks[0] or len(found.marks) == stats.STREAK_DAYS
    assert found.run <= len(back)


def test_a_missed_day_ends_the_run() -> None:
    found = stats.streak({TODAY - timedelta(days=n) for n in (0, 1, 3)}, TODAY)

    assert (found.marks, found.run) == ((True, False, True, True), 2)
    assert stats.streak(set(), TODAY) == stats.Streak()


@given(st.lists(st.integers(-30, 60)))
def test_the_forecast_sums_to_the_cards_due_within_its_days(ahead: list[int]) -> None:
    found = stats.forecast([TODAY + timedelta(days=n) for n in ahead], TODAY)

    assert len(found) == stats.FORECAST_DAYS
    assert sum(found) == sum(n < stats.FORECAST_DAYS for n in ahead)
    assert found[0] == sum(n <= 0 for n in ahead)


def test_a_week_begins_on_monday() -> None:
    assert stats.monday(date(2026, 11, 29)) == stats.monday(date(2026, 11, 23)) == date(2026, 11, 23)
