from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from builders import MONDAY, a_memory
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import deck
from dlquiz.card import Brief, Standing, State

CARDS = st.lists(
    st.builds(lambda note, n: (note, n), st.integers(0, 8), st.integers(0, 9)), max_size=40, unique=True
).map(lambda pairs: [brief(f"n{note}.c{n}", topic=f"t{note % 3}") for note, n in pairs])


FRESH = deck.Today()


def brief(card: str, *, topic: str = "t", kind: str = "basic") -> Brief:
    return Brief(card, card.partition(".")[0], topic, kind)


def due(*cards: Brief) -> list[tuple[Brief, Standing]]:
    return [(card, Standing(a_memory())) for card in cards]


def queue(
    candidates: list[tuple[Brief, Standing]], unseen: list[Brief], today: deck.Today = FRESH, **limits: object
) -> deck.Queue:
    return deck.queue(candidates, unseen, today, deck.Limits(**limits), MONDAY)  # type: ignore[arg-type]  # named by the test


def test_at_most_two_of_ten_new_cards_are_to_explain() -> None:
    unseen = [brief(f"n{n}", kind="explain") for n in range(10)] + [brief(f"n{n}.c") for n in range(20)]
    found = queue([], unseen)

    assert len(found.cards) == 10
    assert sum(card.explains for card in found.cards) == 2


def test_what_was_met_today_counts_against_the_allowance() -> None:
    unseen = [brief(f"n{n}.c") for n in range(20)]

    assert queue([], unseen, deck.Today(introduced=7)).new == 3
    assert queue([], unseen, deck.Today(introduced=12)).new == 0
    assert queue([], unseen, deck.Today(introduced=12), new=4).new == 4


def test_siblings_are_met_on_different_days_while_other_notes_fill_the_queue() -> None:
    unseen = [brief(f"n{note}.c{n}") for note in range(12) for n in range(5)]

    assert len({card.note for card in queue([], unseen).cards}) == 10


def test_siblings_fill_the_queue_when_no_other_notes_can() -> None:
    unseen = [brief(f"n{note}.c{n}") for note in range(2) for n in range(8)]

    assert len(queue([], unseen).cards) == 10


def test_steps_due_go_first_and_later_ones_wait() -> None:
    step = Standing(a_memory(state=State.RELEARNING, due_ms=MONDAY.at_ms - 1, interval=-600))
    soon = Standing(a_memory(state=State.RELEARNING, due_ms=MONDAY.at_ms + 60_000, interval=-600))
    found = queue([*due(brief("a.x")), (brief("b.x"), step), (brief("c.x"), soon)], [])

    assert [card.id for card in found.cards] == ["b.x", "a.x"]
    assert found.due == 2
    assert [card.id for _, card in found.later] == ["c.x"]


def test_hidden_cards_are_not_asked() -> None:
    cards = [
        (brief("a.x"), Standing(a_memory(), suspended=True)),
        (brief("b.x"), Standing(a_memory(), buried_on=MONDAY.day)),
        (brief("c.x"), Standing(a_memory(), buried_on=MONDAY.day - timedelta(days=1))),
    ]

    assert [card.id for card in queue(cards, []).cards] == ["c.x"]


def test_in_a_backlog_new_cards_pause_and_the_day_is_cut_to_its_minutes() -> None:
    cards = due(*(brief(f"n{n}.c") for n in range(150)))
    found = queue(cards, [brief("new.c")])

    assert found.backlog == deck.Backlog(150, 60, MONDAY.day + timedelta(days=2))
    assert len(found.cards) == 60
    assert found.new == 0


def test_new_and_minutes_overrule_the_backlog() -> None:
    cards = due(*(brief(f"n{n}.c") for n in range(150)))

    assert queue(cards, [brief("new.c")], new=1).new == 1
    assert len(queue(cards, [], minutes=90).cards) == 150


@given(CARDS)
def test_arranging_loses_and_invents_nothing(cards: list[Brief]) -> None:
    assert sorted(card.id for card in deck.arranged(cards)) == sorted(card.id for card in cards)


@given(CARDS)
def test_neighbours_are_siblings_only_when_nothing_else_is_left(cards: list[Brief]) -> None:
    found = deck.arranged(cards)

    for place in range(1, len(found)):
        if found[place].note == found[place - 1].note:
            assert {card.note for card in found[place:]} == {found[place].note}


def test_neighbours_share_no_topic_when_that_can_be_avoided() -> None:
    cards = [brief(f"n{n}.c", topic="one") for n in range(3)] + [brief(f"m{n}.c", topic="two") for n in range(3)]
    topics = [card.topic for card in deck.arranged(cards)]

    assert all(left != right for left, right in pairwise(topics))


def test_siblings_keep_five_other_cards_between_them() -> None:
    cards = [brief(f"n{note}.c{n}") for note in range(6) for n in range(2)]
    notes = [card.note for card in deck.arranged(cards)]

    for note in set(notes):
        first, second = (place for place, each in enumerate(notes) if each == note)
        assert second - first > 5
