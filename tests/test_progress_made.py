"""What a sitting is told to have changed."""

from __future__ import annotations

from pathlib import Path

from builders import MONDAY, a_collection, later, rate

from dlquiz.card import Rating
from dlquiz.collection import how_ready, progress_made
from dlquiz.plan.readiness import Range
from dlquiz.view import plan as plan_layout


def test_a_topic_counts_what_was_seen_before_the_sitting_and_after_it(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/sgd", Rating.GOOD)
        moment = later(days=3)
        before = {card: col.card_state(card).memory for card in ("mine/sgd", "mine/adam", "mine/adam.lr")}
        for card in before:
            rate(col, card, Rating.GOOD, moment)
        (change,) = progress_made.changes(col, before, moment)

    assert (change.topic, change.seen) == ("optimizers", (1, 3))


def test_ready_rises_with_an_answer_and_counts_what_was_not_seen_as_not_recalled(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        cards = [card_ref.id for card_ref in col.bank.in_order()]
        for card in cards[:-1]:
            rate(col, card, Rating.GOOD)
        moment = later(days=5)
        before = {cards[0]: col.card_state(cards[0]).memory}
        rate(col, cards[0], Rating.GOOD, moment)
        (change,) = progress_made.changes(col, before, moment)
        (begun,) = progress_made.changes(col, dict.fromkeys(cards), moment)
        (screen,) = how_ready.by_topic(col, moment).topics

    was, now = change.ready
    assert was is not None
    assert now is not None
    assert was.mid < now.mid < 0.9
    assert (begun.seen, begun.ready[0]) == ((0, len(cards) - 1), None)
    assert screen.ready == now


def test_what_was_ready_before_a_sitting_is_what_the_start_screen_said_then(tmp_path: Path) -> None:
    """The sitting told that the learner forgets less than supposed, and 61 % on one screen had been 66 on the other."""
    with a_collection(tmp_path) as col:
        cards = [card_ref.id for card_ref in col.bank.in_order()]
        for card in cards:
            rate(col, card, Rating.AGAIN)
        moment = later(days=5)
        (screen,) = how_ready.by_topic(col, moment).topics
        before = {card: col.card_state(card).memory for card in cards[1:4]}
        for card in before:
            rate(col, card, Rating.GOOD, moment)
        (change,) = progress_made.changes(col, before, moment)
        (then,) = how_ready.by_topic(col, moment).topics

    assert change.ready == (screen.ready, then.ready)


def test_nothing_is_told_of_topics_that_were_not_asked(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/sgd", Rating.GOOD)

        assert progress_made.changes(col, {}, MONDAY) == []


def test_what_did_not_move_is_told_once_and_what_was_not_begun_as_nothing() -> None:
    after = Range(0.78, 0.84, 0.89)

    assert plan_layout.ready_change(Range(0.7, 0.81, 0.9), after) == "81 → 84 % (likely 78 to 89 %)"
    assert plan_layout.ready_change(after, after) == "84 % (likely 78 to 89 %)"
    assert plan_layout.ready_change(None, after) == "0 → 84 % (likely 78 to 89 %)"
    assert plan_layout.ready_change(None, None) == "not begun"
