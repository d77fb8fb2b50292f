from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlquiz import plan
from dlquiz.plan import PlanWindow, Seen, Unseen, costs, course, readiness

SEEN = st.lists(
    st.builds(
        lambda stability, difficulty, ago, wait, seconds: (stability, difficulty, ago, wait, seconds),
        st.floats(0.2, 200),
        st.floats(1, 10),
        st.integers(0, 40),
        st.integers(1, 40),
        st.sampled_from((22.0, 132.0)),
    ),
    max_size=60,
).map(lambda rows: [Seen(f"c{n}", row[4], row[0], row[1], -row[2], row[3] - row[2]) for n, row in enumerate(rows)])
UNSEEN = st.tuples(st.integers(0, 80), st.integers(0, 80)).map(
    lambda counts: [Unseen(counts[0], 70.0, 40.0), Unseen(counts[1], 42.0, 22.0)]
)
WAYS = st.builds(lambda days, minutes: PlanWindow(0, days, 60.0 * minutes), st.integers(1, 70), st.integers(5, 120))


def followed(seen: list[Seen], unseen: list[Unseen], way: PlanWindow) -> tuple[list[plan.Agenda], list[Seen]]:
    """Every day decided anew and done as it says; the agendas, and the cards on the interview's day."""
    cards, left, agendas = {card.card: card for card in seen}, list(unseen), []
    for day in range(way.start, way.date):
        known = list(cards.values())
        agenda = plan.agenda(day, known, left, way, plan.even_load(day, known, left, way))
        agendas.append(agenda)
        for card in (*agenda.reviews, *agenda.final):
            after = plan.answered(card, day, way)
            cards[card.card] = after._replace(due=min(after.due, way.date))
        for n, group in enumerate(left):
            for each in range(agenda.new[n]):
                name = f"new{day}.{n}.{each}"
                cards[name] = plan.met(day, 1, group, way)._replace(card=name)
            left[n] = group._replace(many=group.many - agenda.new[n])
    return agendas, list(cards.values())


@given(SEEN, UNSEEN, WAYS)
@settings(max_examples=60)
def test_no_day_asks_more_than_its_minutes(seen: list[Seen], unseen: list[Unseen], way: PlanWindow) -> None:
    for row in course.ahead(0, seen, unseen, way).days:
        assert row.seconds <= way.seconds + 1e-6


def fits(seen: list[Seen], unseen: list[Unseen], way: PlanWindow, today: int = 0) -> bool:
    most = course.ahead(today, seen, unseen, course.endless(way)).recall
    return course.ahead(today, seen, unseen, way).fits(most)


@given(SEEN, UNSEEN, WAYS)
@settings(max_examples=60)
def test_what_fits_is_all_seen_by_two_thirds_and_looked_at_in_the_last_days(
    seen: list[Seen], unseen: list[Unseen], way: PlanWindow
) -> None:
    assume(fits(seen, unseen, way))
    agendas, cards = followed(seen, unseen, way)

    assert sum(sum(each.new) for each in agendas) == sum(group.many for group in unseen)
    assert not any(any(each.new) for each in agendas[way.met_by :])
    opens = plan.pass_opens(cards, [group._replace(many=0) for group in unseen], way)
    assert all(card.last >= min(opens, way.met_by) for card in cards)


@given(SEEN, UNSEEN, WAYS)
@settings(max_examples=40)
def test_the_minutes_that_are_said_to_be_needed_do(seen: list[Seen], unseen: list[Unseen], way: PlanWindow) -> None:
    enough = way._replace(seconds=60.0 * course.minutes_needed(0, seen, unseen, way))

    assert fits(seen, unseen, enough)


@given(SEEN, UNSEEN, WAYS, st.floats(0, 1))
@settings(max_examples=40)
def test_whoever_has_fallen_behind_is_told_minutes_that_still_do(
    seen: list[Seen], unseen: list[Unseen], way: PlanWindow, share: float
) -> None:
    today = int(share * (way.date - 1))
    enough = way._replace(seconds=60.0 * course.minutes_needed(today, seen, unseen, way))

    assert fits(seen, unseen, enough, today)
    assert not sum(course.ahead(today, seen, unseen, enough).unseen)
    assert enough.seconds <= 2 * (plan.even_load(today, seen, unseen, way) * way.date + plan.cost(seen) + 600)


@given(SEEN, UNSEEN, WAYS)
@settings(max_examples=40)
def test_following_a_plan_leads_where_it_said(seen: list[Seen], unseen: list[Unseen], way: PlanWindow) -> None:
    said = course.ahead(0, seen, unseen, way)
    agendas, cards = followed(seen, unseen, way)

    assert sum(map(sum, (each.new for each in agendas))) == sum(row.new for row in said.days)
    whole = len(cards) + sum(said.unseen)
    done = sum(plan.recall(card, way.date, way) for card in cards) / max(1, whole)
    assert done == pytest.approx(said.recall, abs=0.06)


@given(SEEN, UNSEEN, WAYS, st.integers(0, 3600))
@settings(max_examples=40)
def test_the_important_cards_are_met_first(seen: list[Seen], unseen: list[Unseen], way: PlanWindow, spent: int) -> None:
    important, others = plan.agenda(0, seen, unseen, way, 600.0, spent=spent).new

    assert others == 0 or important == unseen[0].many or way.seconds - spent < unseen[0].new_seconds * (important + 1)


@given(SEEN, UNSEEN, WAYS)
@settings(max_examples=40, deadline=None)  # some twenty courses each
def test_more_minutes_than_are_needed_do_too(seen: list[Seen], unseen: list[Unseen], way: PlanWindow) -> None:
    """With 45 minutes a day it fitted, with 50 to 100 reviews waited, with 120 it fitted again."""
    most = course.ahead(0, seen, unseen, course.endless(way)).recall
    needed = course.minutes_needed(0, seen, unseen, way)
    for times in (1.1, 1.5, 2, 4):
        minutes = max(needed + 1, round(needed * times))  # whole ones, as they are set
        wider = course.ahead(0, seen, unseen, way._replace(seconds=60.0 * minutes))

        assert wider.nearly_fits(most, sum(card.many for card in seen) + sum(group.many for group in unseen))


def test_the_minutes_needed_stay_the_same_while_too_few_are_spent() -> None:
    """They rose as due cards piled up, and fell when the last looks were near."""
    needed = []
    for day in (8, 10, 12, 14, 16, 17):
        count = 480 * day // 18
        seen = [Seen(f"c{n}", 26.0, 2.5, 5.0, -1 - n % day, min(2, 2 - n % day)) for n in range(count)]
        unseen = [Unseen(480 - count, 45.0, 26.0)]
        needed.append(course.minutes_needed(0, seen, unseen, PlanWindow(-day, 28 - day, 60.0 * 18)))

    assert max(needed) <= 1.1 * min(needed)


def test_with_today_decided_and_one_day_left_there_are_minutes_that_do() -> None:
    """Two days before, with today's part done, it was said to take more than a whole day a day."""
    seen, unseen = [Seen("c", 22.0, 2.0, 5.0, 0, 2)], [Unseen(60, 42.0, 22.0)]

    assert course.minutes_needed(0, seen, unseen, PlanWindow(-9, 2, 900.0), first=plan.Agenda((0,), [], [], [])) < 120


@pytest.mark.parametrize(("found", "told"), [(1, 2), (18, 19), (20, 25), (44, 45), (62, 65), (98, 100), (124, 130)])
def test_minutes_are_advised_as_a_round_number_a_little_above_what_was_found(found: int, told: int) -> None:
    assert course.advised(found) == told


@pytest.mark.parametrize("minutes", [25, 45, 60, 100])
def test_what_waits_already_need_not_be_done_in_a_day_and_the_advice_stays_when_it_is_followed(minutes: int) -> None:
    """Seventeen days of a plan with too few minutes behind: 178 a day were said to be needed, and then fewer than that to do."""
    seen = [Seen(f"c{n}", 22.0, 2.0, 5.0, -1 - n % 16, max(1 - n % 16, -14)) for n in range(400)]
    unseen, way = [Unseen(200, 42.0, 22.0)], PlanWindow(-17, 11, 60.0 * minutes)
    needed = course.minutes_needed(0, seen, unseen, way)

    assert 40 < needed < 80
    assert fits(seen, unseen, way) == (minutes >= needed)
    wider = way._replace(seconds=60.0 * needed)
    assert abs(course.minutes_needed(0, seen, unseen, wider) - needed) <= 2


def test_the_load_before_the_last_days_is_even() -> None:
    way = PlanWindow(0, 30, 60.0 * 40)
    minutes = [row.seconds / 60 for row in course.ahead(0, [], [Unseen(300, 55.0, 33.0)], way).days[: way.met_by]]

    assert max(minutes) <= 1.5 * min(minutes)


def test_the_final_pass_takes_the_strongest_first_and_the_weakest_on_the_eve() -> None:
    cards = [Seen(f"c{n}", 22.0, 3.0 + n, 5.0, -9, 40) for n in range(40)]
    agendas, _ = followed(cards, [Unseen(0, 1, 1)], PlanWindow(-20, 4, 1200.0)._replace(start=-20))

    strength = [int(card.card[1:]) for each in agendas[-4:] for card in each.final]
    assert strength == sorted(strength, reverse=True)
    assert len(strength) == 40


def test_without_time_for_all_the_last_look_goes_where_it_gains_most() -> None:
    strong = [Seen(f"s{n}", 22.0, 300.0, 5.0, -9, 40) for n in range(30)]
    weak = [Seen(f"w{n}", 22.0, 6.0, 5.0, -9, 40) for n in range(30)]
    agenda = plan.agenda(0, [*strong, *weak], [Unseen(0, 1, 1)], PlanWindow(-30, 1, 22.0 * 30), 0.0)

    assert {card.card[0] for card in agenda.final} == {"w"}


@given(SEEN, UNSEEN, WAYS)
@settings(max_examples=60)
def test_no_card_is_looked_at_twice_in_the_last_days_while_another_stays_without_its_last_look(
    seen: list[Seen], unseen: list[Unseen], way: PlanWindow
) -> None:
    agendas, cards = followed(seen, unseen, way)
    opens = plan.pass_opens(cards, [group._replace(many=0) for group in unseen], way)
    without = [card.seconds for card in cards if card.last < opens]

    eve = agendas[-1]
    if without and eve.reviews:
        spent = plan.cost(eve.final) + sum(n * group.new_seconds for n, group in zip(eve.new, unseen, strict=True))
        assert min(without) > way.seconds - spent


def test_a_long_answer_gets_its_last_look_before_short_ones_get_a_second() -> None:
    explain = Seen("main", 132.0, 9.0, 5.0, -9, 40)
    weak = [Seen(f"w{n}", 22.0, 0.5, 8.0, -1, 0) for n in range(9)]
    agenda = plan.agenda(0, [*weak, explain], [], PlanWindow(-30, 1, 200.0), 0.0)

    assert [card.card for card in agenda.final] == ["main"]
    assert len(agenda.reviews) == 3


def test_what_would_be_weak_on_the_day_is_looked_at_twice() -> None:
    passed_but_weak = Seen("weak", 22.0, 0.5, 8.0, -1, 2)
    agenda = plan.agenda(
        0, [passed_but_weak, Seen("strong", 22.0, 90.0, 3.0, -1, 1)], [], PlanWindow(-30, 1, 1200.0), 0.0
    )

    assert [card.card for card in agenda.reviews] == ["weak"]


def test_an_interview_tomorrow_is_all_new_and_last_looks() -> None:
    found = course.ahead(0, [Seen("c", 22.0, 3.0, 5.0, -3, 9)], [Unseen(3, 42.0, 22.0)], PlanWindow(0, 1, 1200.0))

    assert [(row.new, row.final_pass) for row in found.days] == [(3, 1)]


def test_a_collection_of_any_size_is_followed_by_few_values() -> None:
    seen = [Seen(f"c{n}", 22.0, 1 + n % 97, 5.0, -(n % 30), n % 50 - 10) for n in range(20_000)]
    some = course.alike(seen)

    assert len(some) <= 2 * course.LIKE + 1
    assert sum(card.many for card in some) == len(seen)


# ---- costs


def test_what_today_asks_of_a_big_collection_is_followed_card_by_card() -> None:
    """On the eve 54 cards were said to get no last look however many minutes there were: each value stood for four cards."""
    way = PlanWindow(0, 30, 7200.0, opened=26)
    seen = [Seen(f"c{n}", 22.0, 5.0 + n / 100, 5.0, 26 if n % 8 else 20, 30) for n in range(800)]
    last = [card for card in seen if card.last < 26]
    first = plan.Agenda((), [], last, [])

    found = course.ahead(29, course.alike(seen, first), [], way, first=first)
    assert (found.days[0].final_pass, found.unpassed, found.loses) == (100, 0, False)
    assert len(course.alike(seen, first)) < 300
    assert sum(card.many for card in course.alike(seen, first)) == 800


def test_costs_begin_with_what_is_supposed_and_end_with_the_users_own() -> None:
    assert costs.learnt([])["basic"] == costs.supposed("basic")

    quick = [costs.Spent("basic", new=False, seconds=8.0)] * 500
    learnt = costs.learnt(quick)
    assert learnt["basic"].again == pytest.approx(8, rel=0.05)
    assert learnt["explain"] == costs.supposed("explain")
    assert learnt["trap"].again == pytest.approx(8, rel=0.1)  # a kind without times takes what the others took


@given(st.floats(0, 1e6))
def test_one_long_pause_does_not_decide_a_cost(pause: float) -> None:
    before = costs.supposed("number").again
    found = costs.learnt([costs.Spent("number", new=False, seconds=pause)])["number"].again

    assert 0.8 * before <= found <= 1.7 * before


# ---- readiness


def test_a_learner_of_whom_nothing_is_known_is_promised_a_little_less_than_the_model_within_a_wide_range() -> None:
    low, middle, high = readiness.learner([])

    assert 0.5 < middle < 0.65
    assert low < 0.4 * middle
    assert high > 1.4


def test_answers_draw_the_learner_and_narrow_the_range() -> None:
    wide = readiness.learner([])
    forgetful = readiness.learner([readiness.Outcome(5, 5.0, recalled=n % 2 == 0) for n in range(60)])
    steady = readiness.learner([readiness.Outcome(5, 5.0, recalled=n % 50 != 0) for n in range(100)])
    both = [readiness.Outcome(1, 0.5, recalled=n % 4 != 0) for n in range(100)]

    assert forgetful.mid < 0.9 * wide.mid < 1.1 * wide.mid < steady.mid
    assert readiness.learner(both).high / readiness.learner(both).low < 0.85 * wide.high / wide.low


def test_who_forgets_again_what_was_just_forgotten_will_have_forgotten_it_on_the_day() -> None:
    recalled = [readiness.Outcome(3, 5.0, recalled=n % 10 != 0) for n in range(60)]  # as the model expects
    again = [readiness.Outcome(1, 0.5, recalled=n % 3 == 0) for n in range(20)]

    assert readiness.learner([*recalled, *again]).mid < 0.5 * readiness.learner(recalled).mid


def test_the_more_is_known_of_other_cards_the_more_they_count() -> None:
    again = [readiness.Outcome(1, 0.3, recalled=n % 3 == 0) for n in range(60)]
    others = [readiness.Outcome(10, 10.0, recalled=n % 10 > 0) for n in range(600)]

    some, many = (readiness.learner([*again, *others[:count]]) for count in (60, 600))
    assert some.mid < many.mid < 1


@given(SEEN, st.integers(1, 90))
def test_a_range_holds_its_middle_and_narrows_with_answers(seen: list[Seen], days: int) -> None:
    assume(seen)
    way, factor = PlanWindow(0, days, 1200.0), readiness.learner([])
    few = readiness.recall([(card, 1) for card in seen], days, way, factor)
    many = readiness.recall([(card, 9) for card in seen], days, way, factor)

    for low, middle, high in (few, many):
        assert 0 <= low <= middle <= high <= 1
    assert many.high - many.low <= few.high - few.low + 1e-9


def test_what_raises_it_most_is_the_topic_with_most_to_gain_in_a_days_minutes() -> None:
    way = PlanWindow(0, 10, 1200.0)
    seen = {"done": [Seen(f"c{n}", 22.0, 400.0, 5.0, -1, 99) for n in range(9)], "begun": []}
    unseen = {"done": [], "begun": [Unseen(40, 42.0, 22.0)]}

    best = readiness.best(seen, unseen, 0, way)

    assert best is not None
    assert (best.topic, best.new, best.again) == ("begun", 28, 0)
    assert 0 < best.gain < 28 / 49


def test_shorter_ways_leave_less_recall() -> None:
    unseen = [Unseen(200, 42.0, 22.0)]
    recalls = [course.ahead(0, [], unseen, PlanWindow(0, days, 1200.0)).recall for days in (2, 5, 10, 20, 40)]

    assert all(left < right for left, right in pairwise(recalls))
