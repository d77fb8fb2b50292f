from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from builders import MONDAY, a_memory
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import deck
from dlquiz.card import CardRef, CardState, State

CARDS = st.lists(
    st.builds(lambda note, n: (note, n), st.integers(0, 8), st.integers(0, 9)), max_size=40, unique=True
).map(lambda pairs: [card_ref(f"n{note}.c{n}", topic=f"t{note % 3}") for note, n in pairs])


FRESH = deck.Today()


def card_ref(card: str, *, topic: str = "t", kind: str = "basic") -> CardRef:
    return CardRef(card, card.partition(".")[0], topic, kind)


def due(*cards: CardRef) -> list[tuple[CardRef, CardState]]:
    return [(card, CardState(a_memory())) for card in cards]


def queue(
    candidates: list[tuple[CardRef, CardState]],
    unseen: list[CardRef],
    today: deck.Today = FRESH,
    drills: Sequence[deck.Drill] = (),
    **limits: object,
) -> deck.Queue:
    chosen = deck.Limits(**limits)  # type: ignore[arg-type]  # named by the test
    return deck.queue(candidates, unseen, today, chosen, MONDAY, drills=drills)


def test_at_most_two_of_ten_new_cards_are_to_explain() -> None:
    unseen = [card_ref(f"n{n}", kind="explain") for n in range(10)] + [card_ref(f"n{n}.c") for n in range(20)]
    found = queue([], unseen)

    assert len(found.cards) == 10
    assert sum(card.explains for card in found.cards) == 2


def test_what_was_met_today_counts_against_the_allowance() -> None:
    unseen = [card_ref(f"n{n}.c") for n in range(20)]

    assert queue([], unseen, deck.Today(introduced=7)).new == 3
    assert queue([], unseen, deck.Today(introduced=12)).new == 0
    assert queue([], unseen, deck.Today(introduced=12), new=4).new == 4


def test_siblings_are_met_on_different_days_while_other_notes_fill_the_queue() -> None:
    unseen = [card_ref(f"n{note}.c{n}") for note in range(12) for n in range(5)]

    assert len({card.note for card in queue([], unseen).cards}) == 10


def test_siblings_fill_the_queue_when_no_other_notes_can() -> None:
    unseen = [card_ref(f"n{note}.c{n}") for note in range(2) for n in range(8)]

    assert len(queue([], unseen).cards) == 10


def test_steps_due_go_first_and_later_ones_wait() -> None:
    step = CardState(a_memory(state=State.RELEARNING, due_ms=MONDAY.at_ms - 1, interval=-600))
    soon = CardState(a_memory(state=State.RELEARNING, due_ms=MONDAY.at_ms + 60_000, interval=-600))
    found = queue([*due(card_ref("a.x")), (card_ref("b.x"), step), (card_ref("c.x"), soon)], [])

    assert [card.id for card in found.cards] == ["b.x", "a.x"]
    assert found.due == 2
    assert [card.id for _, card in found.later] == ["c.x"]


def test_hidden_cards_are_not_asked() -> None:
    cards = [
        (card_ref("a.x"), CardState(a_memory(), suspended=True)),
        (card_ref("b.x"), CardState(a_memory(), buried_on=MONDAY.day)),
        (card_ref("c.x"), CardState(a_memory(), buried_on=MONDAY.day - timedelta(days=1))),
    ]

    assert [card.id for card in queue(cards, []).cards] == ["c.x"]


def test_in_a_backlog_new_cards_pause_and_the_day_is_cut_to_its_minutes() -> None:
    cards = due(*(card_ref(f"n{n}.c") for n in range(150)))
    found = queue(cards, [card_ref("new.c")])

    assert found.backlog == deck.Backlog(150, 60, MONDAY.day + timedelta(days=2))
    assert len(found.cards) == 60
    assert found.new == 0


def test_a_backlog_is_cleared_at_what_all_its_cards_cost_not_only_the_first() -> None:
    late = CardState(a_memory(due_day=MONDAY.day - timedelta(days=3)))
    spoken = [(card_ref(f"m{n}", kind="explain"), late) for n in range(10)]
    found = queue([*spoken, *due(*(card_ref(f"n{n}.c") for n in range(290)))], [])

    assert found.backlog == deck.Backlog(300, 10, MONDAY.day + timedelta(days=5))


def test_a_day_that_began_in_a_backlog_stays_one_however_little_is_left_of_it() -> None:
    """The last day of a backlog offered 28 more cards and ten new ones once its twenty minutes were spent."""
    cards, unseen = due(*(card_ref(f"n{n}.c") for n in range(36))), [card_ref("new.c")]
    found = queue(cards, unseen, deck.Today(spent_ms=24 * 60_000, reviewed_seconds=50 * 20))

    assert found.backlog == deck.Backlog(36, 0, MONDAY.day + timedelta(days=1))
    assert (found.cards, found.new) == ((), 0)
    assert queue([], unseen, deck.Today(spent_ms=24 * 60_000, reviewed_seconds=80 * 20)).new == 1


def test_a_day_whose_reviews_fit_is_no_backlog_however_slowly_they_are_answered() -> None:
    cards = due(*(card_ref(f"n{n}.c") for n in range(30)))

    assert queue(cards, [], deck.Today(spent_ms=19 * 60_000, reviewed_seconds=30 * 20)).backlog is None


def test_a_backlog_is_cleared_later_the_more_falls_due_until_then() -> None:
    """With twenty cards more on each day, the day on which it would be cleared moved on by one every day."""
    cards = [card for card, _ in due(*(card_ref(f"n{n}.c") for n in range(180)))]
    coming = {MONDAY.day + timedelta(days=days): 30 * 20 for days in (1, 2, 3, 5)}

    found = deck.queue(due(*cards), [], FRESH, deck.Limits(), MONDAY, coming=lambda: coming)
    assert found.backlog == deck.Backlog(180, 60, MONDAY.day + timedelta(days=4))


def test_new_and_minutes_overrule_the_backlog() -> None:
    cards = due(*(card_ref(f"n{n}.c") for n in range(150)))

    assert queue(cards, [card_ref("new.c")], new=1).new == 1
    assert len(queue(cards, [], minutes=90).cards) == 150


def test_a_plan_stands_in_place_of_allowance_and_backlog() -> None:
    cards = due(*(card_ref(f"n{n}.c") for n in range(150)))
    unseen = [card_ref(f"m{n // 9}.c{n}", kind="explain" if n % 9 == 0 else "basic") for n in range(90)]
    plan = deck.Planned(new=14, explains=4, seen=(card_ref("n7.c"), card_ref("far.c")))

    found = deck.queue(cards, unseen, deck.Today(introduced=9), deck.Limits(), MONDAY, plan=plan)

    assert found.backlog is None
    assert {card.id for card in found.cards[:16]} >= {"n7.c", "far.c"}
    assert (len(found.cards), found.new, found.due) == (16, 14, 150)
    assert sum(card.explains for card in found.cards) == 4


def test_minutes_and_new_overrule_a_plan() -> None:
    cards = due(*(card_ref(f"n{n}.c") for n in range(9)))
    plan = deck.Planned(new=3, seen=(card_ref("n7.c"),))
    unseen = [card_ref(f"m{n}.c") for n in range(9)]

    longer = deck.queue(cards, unseen, FRESH, deck.Limits(minutes=60), MONDAY, plan=plan)
    fewer = deck.queue(cards, unseen, FRESH, deck.Limits(new=1), MONDAY, plan=plan)

    assert (len(longer.cards), longer.new) == (12, 3)
    assert (len(fewer.cards), fewer.new) == (2, 1)


@given(CARDS)
def test_arranging_loses_and_invents_nothing(cards: list[CardRef]) -> None:
    assert sorted(card.id for card in deck.arranged(cards)) == sorted(card.id for card in cards)


@given(CARDS)
def test_neighbours_are_siblings_only_when_nothing_else_is_left(cards: list[CardRef]) -> None:
    found = deck.arranged(cards)

    for place in range(1, len(found)):
        if found[place].note == found[place - 1].note:
            assert {card.note for card in found[place:]} == {found[place].note}


def test_neighbours_share_no_topic_when_that_can_be_avoided() -> None:
    cards = [card_ref(f"n{n}.c", topic="one") for n in range(3)] + [card_ref(f"m{n}.c", topic="two") for n in range(3)]
    topics = [card.topic for card in deck.arranged(cards)]

    assert all(left != right for left, right in pairwise(topics))


def test_siblings_keep_five_other_cards_between_them() -> None:
    cards = [card_ref(f"n{note}.c{n}") for note in range(6) for n in range(2)]
    notes = [card.note for card in deck.arranged(cards)]

    for note in set(notes):
        first, second = (place for place, each in enumerate(notes) if each == note)
        assert second - first > 5


def drill(
    card: str, *, answered: int | None = None, due_in: int = 9, missed: int = 1, **card_state: object
) -> deck.Drill:
    """A drill whose point was missed so many days ago, last answered so many days ago (None: never)."""
    memory = None
    if answered is not None:
        day = MONDAY.day - timedelta(days=answered)
        memory = a_memory(last_day=day, due_day=MONDAY.day + timedelta(days=due_in))
    known = CardState(memory, **card_state)  # type: ignore[arg-type]  # named by the test
    return deck.Drill(card_ref(card), known, MONDAY.day - timedelta(days=missed))


def test_a_missed_point_brings_reviews_before_their_day() -> None:
    found = queue(due(card_ref("a.x")), [], drills=[drill("n.one", answered=5), drill("n.two", answered=5)])

    assert {card.id for card in found.cards} == {"a.x", "n.one", "n.two"}
    assert found.forward == {"n.one", "n.two"}
    assert found.due == 1


def test_what_was_answered_since_the_miss_does_not_come_forward() -> None:
    since = [drill("n.same", answered=1, missed=1), drill("n.after", answered=1, missed=3)]

    assert queue([], [], drills=since).cards == ()


def test_hidden_cards_and_cards_in_steps_do_not_come_forward() -> None:
    step = CardState(a_memory(state=State.LEARNING, due_ms=MONDAY.at_ms + 60_000, interval=-60))
    drills = [
        drill("n.gone", answered=5, suspended=True),
        drill("n.buried", buried_on=MONDAY.day),
        deck.Drill(card_ref("n.step"), step, MONDAY.day),
    ]

    assert queue([], [], drills=drills).cards == ()


def test_so_many_come_forward_a_day_and_what_was_drilled_today_counts() -> None:
    drills = [drill(f"n.{n}", answered=5) for n in range(20)]
    done = [drill(f"n.done{n}", answered=0) for n in range(2)]

    assert len(queue([], [], drills=drills).cards) == deck.DRILLS_A_DAY
    assert len(queue([], [], drills=[*done, *drills]).cards) == deck.DRILLS_A_DAY - 2


def test_what_comes_forward_fits_into_the_minutes_of_the_day() -> None:
    drills = [drill(f"n.{n}", answered=5) for n in range(6)]
    waiting = due(*(card_ref(f"a{n}.c") for n in range(57)))  # a minute is left: three atomic cards

    assert len(queue(waiting, [], drills=drills).forward) == 3
    assert queue(due(*(card_ref(f"a{n}.c") for n in range(150))), [], drills=drills).forward == frozenset()
    assert queue([], [], deck.Today(spent_ms=20 * 60_000), drills=drills).cards == ()


def test_unseen_drills_are_the_first_of_the_new_cards_and_no_more_than_these() -> None:
    unseen = [card_ref(f"m{n}.c") for n in range(20)]
    drills = [drill("n.a"), drill("n.b")]
    found = queue([], unseen, deck.Today(introduced=5, notes=frozenset({"n"})), drills=drills)

    assert found.new == 5
    assert found.forward == {"n.a", "n.b"}
    assert queue([], unseen, deck.Today(introduced=9), drills=drills).forward == {"n.a"}
    assert queue([], unseen, drills=drills, new=0).cards == ()


@given(CARDS, st.sampled_from(["basic", "explain"]))
def test_the_order_of_introduction_has_every_card_once(cards: list[CardRef], kind: str) -> None:
    cards = [card._replace(kind=kind) for card in cards]
    assert sorted(deck.introduction(cards)) == sorted(cards)


def test_the_order_of_introduction_begins_with_the_first_new_cards_of_a_sitting() -> None:
    cards = [card_ref(f"n{n}{end}", kind="basic" if end else "explain") for n in range(12) for end in ("", ".a", ".b")]
    assert list(deck.introduction(cards))[:10] == list(queue([], cards).cards)
