from __future__ import annotations

from pathlib import Path

from builders import MONDAY, SMALL_BANK, a_collection, a_memory, a_review, later
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import deck, session
from dlquiz.card import CardRef, CardState, Rating, State
from dlquiz.collection import Collection
from dlquiz.session import Phase, Session


def card_ref(card: str) -> CardRef:
    return CardRef(card, card.partition(".")[0], "t", "basic")


def start(*cards: str, later_steps: tuple[tuple[int, CardRef], ...] = (), limit: int | None = None) -> Session:
    queue = deck.Queue(tuple(card_ref(card) for card in cards), 0, 0, None, later_steps)
    return session.start(queue, limit)


def on_table(table: Collection, card: str) -> Session:
    state, _ = session.choose(start(card), MONDAY)
    return session.show(state, table.card_view(card, MONDAY), "speak")


def test_a_step_that_came_due_goes_before_the_queue() -> None:
    state = start("a.x", later_steps=((MONDAY.at_ms - 1, card_ref("b.y")),))

    assert session.choose(state, MONDAY)[1] == card_ref("b.y")


def test_with_nothing_else_left_a_step_within_twenty_minutes_is_shown_at_once() -> None:
    soon = ((MONDAY.at_ms + 19 * 60_000, card_ref("b.y")),)
    late = ((MONDAY.at_ms + 21 * 60_000, card_ref("b.y")),)

    assert session.choose(start(later_steps=soon), MONDAY)[1] == card_ref("b.y")
    assert session.choose(start("a.x", later_steps=soon), MONDAY)[1] == card_ref("a.x")
    assert session.choose(start(later_steps=late), MONDAY)[1] is None


def test_the_sitting_ends_after_its_answers(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        state = on_table(table, "mine/adam")._replace(cards_left=1, queue=(card_ref("a.x"),))
        after, _ = session.answer(state, Rating.GOOD, MONDAY, table.preset, 10)

        assert session.choose(after, MONDAY)[1] is None


def test_ticks_toggle_and_suggest_and_zero_means_none(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        state = on_table(table, "mine/adam")
        assert session.suggestion(state) is None

        both = session.tick(session.tick(state, "a"), "b")
        assert session.suggestion(both) is Rating.GOOD
        assert session.suggestion(session.tick(both, "b")) is Rating.HARD
        assert session.suggestion(session.tick(both, "0")) is Rating.AGAIN
        assert session.tick(both, "g") == both


def test_musts_are_unsaid_only_where_something_was_ticked(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        state = on_table(table, "mine/adam")
        none, one = session.tick(state, "0"), session.tick(state, "a")

        assert [session.unsaid_musts(each) for each in (state, none, one, session.tick(one, "b"))] == [0, 2, 1, 0]


def test_every_shown_point_is_stored_said_or_not_and_none_without_a_tick(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        state = on_table(table, "mine/adam")

        assert session.point_results(state) == {}
        assert session.point_results(session.tick(state, "b")) == {
            "mine/adam#first": False,
            "mine/adam#second": True,
            "mine/adam#bias": False,
        }


def test_the_row_holds_what_was_promised_and_how_it_was_answered(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        state = session.predict(on_table(table, "mine/adam"), "sure")
        state = session.reveal(session.give(state, "two means"), 1500)
        _, event = session.answer(state, Rating.HARD, later(seconds=30), table.preset, 4000)
        card_view = state.card_view

        assert card_view is not None
        assert event.interval_after == card_view.previews[Rating.HARD]
        assert (event.mode, event.predicted, event.given, event.thought_ms, event.took_ms) == (
            "speak", "sure", "two means", 1500, 4000,
        )  # fmt: skip
        assert event.content == card_view.content[0]


def test_undo_puts_the_lying_card_back_on_top(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        state = on_table(table, "mine/adam")
        after, event = session.answer(state, Rating.AGAIN, MONDAY, table.preset, 10)
        _, card_state = table.answer(table.card_view("mine/adam", MONDAY), event, {})
        after = session.settled(after, CardRef("mine/adam", "mine/adam", "optimizers", "explain"), card_state)
        assert len(after.later) == 1
        lying = session.show(after, table.card_view("mine/sgd", MONDAY), "speak")
        back = session.undone(lying, table.card_view("mine/adam", MONDAY), event, None)

        assert (back.phase, back.undid) == (Phase.ANSWER, "review")
        assert [card.id for card in back.queue] == ["mine/sgd"]
        assert back.later == ()
        assert back.answers == ()


def test_undo_of_what_took_no_card_away_leaves_the_card_on_the_table(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        lying = on_table(table, "mine/sgd")
        for kind in ("flag", "remark", "unsuspend", "reset"):
            event = a_review(None, Rating.GOOD)._replace(kind=kind, mode=None, given=None)
            assert session.undone(lying, table.card_view("mine/adam", MONDAY), event, None) == lying


def test_undo_of_a_suspension_returns_to_what_was_on_the_screen(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        asked = on_table(table, "mine/adam")
        suspended = a_review(None, Rating.GOOD)._replace(kind="suspend", mode=None, given=None)
        card_view = table.card_view("mine/adam", MONDAY)
        for state, phase in ((asked, Phase.QUESTION), (session.reveal(asked, 10), Phase.ANSWER)):
            gone = session.drop(state, ["mine/adam"])._replace(card_view=None, phase=Phase.QUESTION)
            back = session.undone(gone, card_view, suspended, None)

            assert (back.phase, back.undid) == (phase, "suspend" if phase is Phase.ANSWER else "")
        ticked = session.tick(session.reveal(asked, 10), "a")
        assert session.undone(ticked, card_view, suspended._replace(kind="flag"), None).said == frozenset(
            {"mine/adam#first"}
        )


@given(st.permutations(["a.x", "b.x", "c.x", "d.x"]), st.sets(st.sampled_from(["a.x", "b.x", "c.x"])))
def test_dropped_cards_are_not_asked_again(order: list[str], gone: set[str]) -> None:
    state = session.drop(start(*order), sorted(gone))
    asked = []
    while True:
        state, card = session.choose(state, MONDAY)
        if card is None:
            break
        asked.append(card.id)

    assert asked == [card for card in order if card not in gone]


def test_a_choice_cards_order_changes_with_each_repetition_and_is_reproducible(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        card_view = table.card_view("mine/adam.pick", MONDAY)

        assert card_view.options == table.card_view("mine/adam.pick", MONDAY).options
        assert sorted(card_view.options) == ["a geometric one", "an arithmetic one", "an exponential one"]


def test_a_claim_is_answered_yes_or_no_in_this_order_each_time(tmp_path: Path) -> None:
    text = SMALL_BANK.replace('accept: ["1e-3"]', "kind: claim, holds: false")
    with a_collection(tmp_path, text=text) as table:
        card_view = table.card_view("mine/adam.lr", MONDAY)

        assert {tuple(card_view._replace(seed=str(seed)).options) for seed in range(20)} == {("Yes", "No")}


def test_a_queue_made_anew_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        state = on_table(table, "mine/adam")._replace(queue=(card_ref("a.x"), card_ref("b.x")), cards_left=5)
        after, _ = session.answer(state, Rating.HARD, MONDAY, table.preset, 10)
        sibling = CardRef("mine/adam.lr", "mine/adam", "optimizers", "basic")
        fresh = deck.Queue((sibling, card_ref("a.x"), card_ref("b.x")), 0, 0, forward=frozenset({sibling.id}))
        found = session.requeued(after, fresh)

        assert [card.id for card in found.queue] == ["a.x", "b.x", "mine/adam.lr"]
        assert found.forward == {"mine/adam.lr"}
        assert found.cards_left == 4


def test_all_said_means_every_point(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        state = on_table(table, "mine/adam")
        assert not session.all_said(state)
        for letter in "abc":
            assert not session.all_said(state)
            state = session.tick(state, letter)
        assert session.all_said(state)
        assert not session.all_said(on_table(table, "mine/sgd"))


def test_a_right_typed_answer_and_a_pick_suggest_a_rating_and_another_wording_none(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        typed = on_table(table, "mine/adam.lr")
        picked = on_table(table, "mine/adam.pick")

        assert session.suggestion(typed) is None
        assert session.suggestion(session.give(typed, "1E-3")) is Rating.GOOD
        assert session.suggestion(session.give(typed, "0.5")) is Rating.AGAIN
        assert session.suggestion(session.give(typed, "small")) is None
        assert session.suggestion(session.give(picked, "an exponential one")) is Rating.GOOD
        assert session.suggestion(session.give(picked, "a geometric one")) is Rating.AGAIN


def test_ticks_go_before_what_was_written(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        state = session.give(on_table(table, "mine/adam"), "Two running means.")

        assert session.suggestion(state) is None
        assert session.suggestion(session.tick(state, "0")) is Rating.AGAIN


def test_a_picked_verdict_on_a_claim_suggests_a_rating(tmp_path: Path) -> None:
    text = SMALL_BANK.replace('accept: ["1e-3"]', "kind: claim, holds: false")
    with a_collection(tmp_path, text=text) as table:
        state = on_table(table, "mine/adam.lr")

        assert session.suggestion(session.give(state, "No")) is Rating.GOOD
        assert session.suggestion(session.give(state, "Yes")) is Rating.AGAIN
        assert session.suggestion(session.give(state, "perhaps")) is None


ASKED_NEXT = SMALL_BANK.replace(
    "    short: Two running means.\n",
    "    short: Two running means.\n"
    "    follow_ups:\n"
    "      - {question: When is it slow?, answer: On convex problems.}\n"
    "      - {question: Why square?, answer: The mean of squared gradients scales each step.}\n",
)


def test_the_follow_up_nearest_to_a_missed_must_comes_first(tmp_path: Path) -> None:
    with a_collection(tmp_path, text=ASKED_NEXT) as table:
        state = on_table(table, "mine/adam")
        other = session.follow_up(state)
        after_miss = session.follow_up(session.tick(state, "a"))  # b is a must: a mean of squares
        all_said = session.tick(session.tick(session.tick(state, "a"), "b"), "c")

        assert other is not None
        assert after_miss is not None
        assert (other.question, after_miss.question) == ("When is it slow?", "Why square?")
        assert session.follow_up(all_said) == other
        assert session.follow_up(on_table(table, "mine/sgd")) is None


def test_the_counts_are_new_learning_and_due_with_the_card_on_the_table(tmp_path: Path) -> None:
    with a_collection(tmp_path) as table:
        state = on_table(table, "mine/adam")._replace(
            queue=(card_ref("a.x"), card_ref("b.x"), card_ref("c.x")),
            later=((MONDAY.at_ms, card_ref("d.x")),),
        )
        states = {
            "b.x": CardState(a_memory()),
            "c.x": CardState(a_memory(state=State.LEARNING, due_ms=MONDAY.at_ms)),
        }

        assert session.counts(state, states) == session.Counts(new=2, learning=2, due=1, current="new")
