"""After an interview: what a plan had promised for that day comes back when it is needed, and not all at once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from builders import MONDAY, later
from test_planning import DATE, a_plan, answer, shown, study

from dlquiz import collection, config, scheduler, session
from dlquiz.card import Rating
from dlquiz.collection import Collection, after_interview, how_ready, planning, reports, statistics, waiting
from dlquiz.interactive.summary import summary
from dlquiz.plan.course import Leftover
from dlquiz.view import plan as looks

MORNING_AFTER = later(days=15)


def prepare(col: Collection) -> None:
    for days in range(14):
        study(col, later(days=days))


def test_a_card_comes_back_on_the_day_that_would_have_been_promised_without_a_plan(tmp_path: Path) -> None:
    with a_plan(tmp_path) as col:
        planning.settled(col, MONDAY, col.today(MONDAY))
        answer(col, "mine/n0", MONDAY)
        last = later(days=9)
        before = col.card_state("mine/n0").memory
        free = scheduler.previews(before, "mine/n0", last, col.preset, explains=True)
        answer(col, "mine/n0", last)
        memory = col.card_state("mine/n0").memory
        assert memory is not None
        assert memory.due_day == DATE

        assert col.deferred(MORNING_AFTER) == {"mine/n0": last.day + timedelta(days=free[Rating.EASY])}


def test_the_morning_after_all_screens_count_what_is_needed_today(tmp_path: Path) -> None:
    with a_plan(tmp_path) as col:
        prepare(col)
        deferred = col.deferred(MORNING_AFTER)
        due = waiting.due(col, MORNING_AFTER).cards
        promised = sum(1 for _ in col.progress.due(MORNING_AFTER.day))

        assert due + len(deferred) == promised
        assert len(deferred) > promised // 2
        assert {card.id for card in col.queue(None, col.daily(), MORNING_AFTER).cards}.isdisjoint(deferred)
        last = max(deferred.values())
        days = after_interview.due_days(col, MORNING_AFTER, last, overdue=False)
        coming = Counter(day for day, cards in days for _ in cards)
        assert coming == Counter(deferred.values())
        assert max(coming.values()) < len(deferred) / 3


def test_each_day_asks_what_is_needed_and_in_the_end_nothing_is_left_out(tmp_path: Path) -> None:
    with a_plan(tmp_path) as col:
        prepare(col)
        deferred = col.deferred(MORNING_AFTER)
        for card, day in deferred.items():
            moment = later(days=(day - MONDAY.day).days)
            assert card in {ref.id for ref, _ in col.due(moment)}
            assert card not in {ref.id for ref, _ in col.due(later(days=(day - MONDAY.day).days - 1))}
            answer(col, card, moment)
            assert card not in col.deferred(moment)


def test_the_next_day_with_cards_is_the_first_on_which_one_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_plan(tmp_path) as col:
        prepare(col)
        day, count = min(Counter(col.deferred(MORNING_AFTER).values()).items())
        before = later(days=(day - MONDAY.day).days - 3)
        monkeypatch.setattr(collection, "now", lambda _: before)

        assert reports.next_due(col, None) == (day, count)
        assert dict(statistics.start(col).coming)[day] == count


def test_the_morning_after_is_told_in_one_line(tmp_path: Path) -> None:
    with a_plan(tmp_path) as col:
        prepare(col)
        leftover = after_interview.leftover(col, MORNING_AFTER)
        days = col.deferred(MORNING_AFTER).values()

    assert leftover.later == len(days) > leftover.today
    assert leftover.half_by is not None
    assert sum(day < leftover.half_by for day in days) < len(days) / 2 <= sum(day <= leftover.half_by for day in days)
    line = looks.over(DATE, Leftover(3, 40, date(2026, 12, 20)))
    assert (
        "43 cards were due for it: 3 now, the others when you would start to forget them, half of these by Sun 20 Dec."
        in line
    )
    assert "due for it" not in looks.over(DATE, Leftover(0, 0))


def test_a_backlog_is_told_alike_at_the_end_of_a_sitting_and_on_the_start_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of a sitting named the 15 cards of the next day, and the next morning 122 were waiting."""
    config.save(config.home(), {"minutes_per_day": 5})
    with a_plan(tmp_path) as col:
        prepare(col)
        months_later = later(days=200)
        monkeypatch.setattr(collection, "now", lambda _: later(months_later, seconds=3600))
        study(col, months_later)
        queue = waiting.now(col, col.now()).queue
        lines = [shown(line).strip() for line in summary(session.Session(queue=()), col, {}, 0, keeps=True)]

        assert queue.new == 0
        assert queue.backlog is not None
        assert queue.backlog.waiting == len(col.due(col.now()))
        assert queue.backlog.sentence in lines
        assert not any(line.startswith("Next:") for line in lines)
        ready = how_ready.by_topic(col, col.now())
        assert (ready.best, ready.begins) == (None, bool(queue.cards))


def test_a_second_interview_is_not_planned_as_if_all_of_the_first_were_due(tmp_path: Path) -> None:
    with a_plan(tmp_path) as col:
        prepare(col)
    with a_plan(tmp_path, interview=DATE + timedelta(days=30)) as col:
        deferred = col.deferred(MORNING_AFTER)
        planning.settled(col, MORNING_AFTER, col.today(MORNING_AFTER))

        assert col.deferred(MORNING_AFTER) == deferred
        pool = planning.gather(col, MORNING_AFTER)
        today = MORNING_AFTER.day.toordinal()
        assert {card.card for card in pool.seen if card.due > today} >= set(deferred)


def test_what_was_forgotten_on_the_day_or_later_is_due_as_promised(tmp_path: Path) -> None:
    with a_plan(tmp_path) as col:
        prepare(col)
        card = next(iter(col.deferred(MORNING_AFTER)))
        answer(col, card, MORNING_AFTER, Rating.AGAIN)

        assert card not in col.deferred(MORNING_AFTER)
        assert card in {ref.id for ref, _ in col.due(MORNING_AFTER)}
