"""The mock interview as a value: laws of its course, its choice and its verdicts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import interview
from dlquiz.card import FollowUp, KeyPoint
from dlquiz.guide import debrief
from dlquiz.interview import (
    AT_END,
    EACH,
    Interview,
    InterviewPhase,
    InterviewSettings,
    Question,
    choice,
    saved,
    verdict,
    wording,
)
from dlquiz.interview.choice import Candidate

TOPICS = ("data", "optimizers", "rl")


def a_question(note: str = "adam", topic: str = "optimizers", **changes: object) -> Question:
    """Two musts and one more point, one follow-up."""
    points = tuple(KeyPoint(f"{note}#{name}", f"The point {name}.", must=name != "c") for name in "abc")
    question = Question(note, topic, f"What is {note}?", "So.", points, (FollowUp("And then?", "That."),))
    return question._replace(**changes)  # type: ignore[arg-type]  # the test names real fields


def an_interview(*questions: Question, minutes: float = 30, typed: bool = False) -> Interview:
    settings = InterviewSettings(len(questions) or 1, minutes, (), typed, "seed")
    return interview.begin(settings, questions or (a_question(),))


def held(state: Interview, ticks: str = "") -> Interview:
    """Every question answered with its follow-ups in a second each, and ticked."""
    while state.phase is InterviewPhase.ASKING:
        state = interview.answer(state, 1000)
    while state.phase is InterviewPhase.DEBRIEF:
        for letter in ticks:
            state = interview.tick(state, letter)
        state = interview.go_on(state)
    return state


texts = st.text(max_size=12)
points = st.builds(KeyPoint, st.sampled_from(["n#a", "n#b", "n#c"]), texts, st.booleans(), rubric=st.just({}))
questions = st.builds(
    Question,
    st.sampled_from(["n", "mine/m"]),
    st.sampled_from(TOPICS),
    texts,
    texts,
    st.lists(points, max_size=7, unique_by=lambda point: point.id).map(tuple),
    st.lists(st.builds(FollowUp, texts, texts), max_size=2).map(tuple),
    st.dictionaries(texts, texts, max_size=2),
    st.just(()),
    st.none(),
)
settings_ = st.builds(
    InterviewSettings,
    st.integers(1, 9),
    st.floats(0.1, 1440),
    st.lists(texts, max_size=2).map(tuple),
    st.booleans(),
    texts,
    st.sampled_from([AT_END, EACH]),
)
moves = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 900_000), st.none() | texts, st.booleans()),
        st.tuples(st.just("leave"), st.integers(0, 900_000), texts),
        st.tuples(st.just("tick"), st.sampled_from("abcdefg0")),
        st.tuples(st.just("go on")),
    ),
    max_size=30,
)


def moved(state: Interview, move: tuple[object, ...]) -> Interview:
    match state.phase, move:
        case InterviewPhase.ASKING, ("answer", int(took), given_, bool(skipped)):
            return interview.answer(state, took, given_ if isinstance(given_, str) else None, skipped=skipped)
        case InterviewPhase.ASKING, ("leave", int(took), str(draft)):
            return interview.leave(state, took, draft)
        case InterviewPhase.DEBRIEF, ("tick", str(letter)):
            return interview.tick(state, letter)
        case InterviewPhase.DEBRIEF, ("go on",):
            return interview.go_on(state)
    return state


def test_a_rubric_stays_in_the_bank() -> None:
    state = an_interview()
    first = state.questions[0]
    points = tuple(point._replace(rubric={"need": ["a mean"]}) for point in first.points)
    ruled = state._replace(questions=(first._replace(points=points), *state.questions[1:]))

    assert saved.save(ruled) == saved.save(state)


@given(settings_, st.lists(questions, min_size=1, max_size=4), moves)
def test_what_is_kept_comes_back_as_it_was_at_every_step(
    settings: InterviewSettings, asked: list[Question], course: list[tuple[object, ...]]
) -> None:
    state = interview.begin(settings, asked)
    for move in course:
        state = moved(state, move)
        assert saved.resume(saved.save(state)) == state


@given(st.lists(questions, min_size=1, max_size=4), moves)
def test_a_course_only_goes_forward_and_asks_everything_once(
    asked: list[Question], course: list[tuple[object, ...]]
) -> None:
    state = interview.begin(InterviewSettings(minutes=1440), asked)
    seen = [(state.at, len(state.question.answers))]
    for move in course:
        state = moved(state, move)
        if state.phase is InterviewPhase.ASKING and seen[-1] != (place := (state.at, len(state.question.answers))):
            seen.append(place)
    assert seen == sorted(set(seen))
    assert all(len(each.answers) <= 1 + len(each.follow_ups) for each in state.questions)
    assert state.reached == state.questions[: len(state.reached)]


# ---- each answer compared at once


def at_once(*questions: Question, minutes: float = 30) -> Interview:
    settings = InterviewSettings(len(questions), minutes, (), False, "seed", EACH)
    return interview.begin(settings, questions)


def to_debrief(state: Interview, took_ms: int = 1000) -> Interview:
    while state.phase is InterviewPhase.ASKING:
        state = interview.answer(state, took_ms)
    return state


def test_each_answer_is_compared_before_the_next_question() -> None:
    state = to_debrief(at_once(a_question("one"), a_question("two")))
    assert (state.phase, state.at) == (InterviewPhase.DEBRIEF, 0)

    state = interview.go_on(interview.tick(state, "a"))
    assert (state.phase, state.at, state.follow_up) == (InterviewPhase.ASKING, 1, None)
    state = interview.go_on(to_debrief(state))
    assert state.phase is InterviewPhase.DONE
    assert state.questions[0].said == frozenset({"one#a"})


def test_a_missing_must_is_asked_about_once_and_compared_again_with_its_ticks() -> None:
    state = interview.tick(to_debrief(at_once(a_question("one"))), "a")
    assert interview.may_probe(state)

    state = interview.probe(state, FollowUp("What of b?", "It is b."), {"b": "B"})
    assert state.follow_up == FollowUp("What of b?", "It is b.")
    assert saved.resume(saved.save(state)) == state
    state = interview.answer(state, 500)
    assert state.phase is InterviewPhase.DEBRIEF
    assert state.question.said == frozenset({"one#a"})
    assert not interview.may_probe(state)
    assert len(state.question.answers) == len(state.question.follow_ups) + 1 == 3


@pytest.mark.parametrize("ticks", ["ab", ""])
def test_nothing_is_asked_on_where_no_must_is_known_to_be_missing(ticks: str) -> None:
    state = to_debrief(at_once(a_question("one")))
    for letter in ticks:
        state = interview.tick(state, letter)

    assert not interview.may_probe(state)


def test_without_time_the_rest_is_not_asked_and_nothing_is_probed() -> None:
    state = interview.tick(to_debrief(at_once(a_question("one"), a_question("two"), minutes=0.1), 7000), "0")

    assert len(state.question.answers) == 1
    assert not interview.may_probe(state)
    assert interview.go_on(state).phase is InterviewPhase.DONE


# ---- one verdict


def test_a_question_passes_with_every_must_and_unreached_ones_fail() -> None:
    done = held(an_interview(a_question("one")), "ab")
    assert verdict.passes(done.questions[0])
    assert not verdict.passes(held(an_interview(a_question("one")), "ac").questions[0])

    late = interview.answer(an_interview(a_question("one"), a_question("two"), minutes=0.01), 60_000)
    for letter in "ab":
        late = interview.tick(late, letter)
    assert verdict.overall(interview.go_on(late)) == (1, 2)


def test_what_must_be_said_the_next_time_are_the_missing_musts() -> None:
    (failed,) = verdict.unsaid(held(an_interview(a_question("one")), "a"))

    assert [point.id for point in failed[1]] == ["one#b"]


def test_the_verdict_compares_with_the_last_interview() -> None:
    now, then = held(an_interview(a_question("one")), "ab"), held(an_interview(a_question("one")), "a")
    began = datetime(2026, 11, 12, 9, tzinfo=UTC)
    told = verdict.Debrief(now, began, frozenset(), (), verdict.Past(began, then, True))

    assert wording.overall(told) == [
        "Would pass today, going by the musts: 1 of 1 question.",
        "The last one, on Thu 12 Nov: 0 of 1; today more.",
    ]
    assert wording.overall(told._replace(before=None)) == ["Would pass today, going by the musts: 1 of 1 question."]
    silent = held(an_interview(a_question("one")))
    assert wording.overall(told._replace(interview=silent)) == []


def test_follow_ups_come_after_their_question_and_a_skipped_one_takes_them_with_it() -> None:
    state = an_interview(a_question("one"), a_question("two"))

    state = interview.answer(state, 1000, "so")
    assert state.follow_up == FollowUp("And then?", "That.")
    state = interview.answer(state, 1000)
    assert (state.question.note, state.follow_up) == ("two", None)
    state = interview.answer(state, 1000, skipped=True)
    assert state.phase is InterviewPhase.DEBRIEF
    assert [each.took_ms for each in state.questions] == [2000, 1000]


def test_when_time_is_up_the_running_answer_counts_and_the_debrief_begins() -> None:
    state = an_interview(a_question("one"), a_question("two"), minutes=1)
    state = interview.answer(interview.leave(state, 30_000), 61_000, "late")

    assert state.phase is InterviewPhase.DEBRIEF
    assert [each.note for each in state.reached] == ["one"]
    assert interview.go_on(state).phase is InterviewPhase.DONE
    assert wording.unreached(state) == ["1 question was not reached when time was up: optimizers."]


def test_neither_tick_nor_zero_stores_nothing_and_zero_stores_all_as_missed() -> None:
    state = interview.answer(interview.answer(an_interview(), 1000), 1000)

    assert interview.point_results(state.question) == {}
    assert interview.point_results(interview.tick(state, "0").question) == dict.fromkeys(
        ["adam#a", "adam#b", "adam#c"], False
    )
    twice = interview.tick(interview.tick(interview.tick(state, "a"), "c"), "a")
    assert interview.point_results(twice.question) == {"adam#a": False, "adam#b": False, "adam#c": True}
    assert interview.tick(state, "g") == state


def test_renamed_ids_are_followed_and_ticks_with_them() -> None:
    state = interview.tick(interview.answer(interview.answer(an_interview(), 1), 1), "a")

    found = interview.renamed(state, lambda old: old.replace("adam", "adam-optimizer")).question

    assert found.note == "adam-optimizer"
    assert found.said == frozenset({"adam-optimizer#a"})
    assert [each.id for each in found.missed] == ["adam-optimizer#b", "adam-optimizer#c"]


@pytest.mark.parametrize(
    "state", ["", "{}", "[]", '{"format": 99}', '{"format": 1, "questions": 3, "phase": "asking"}']
)
def test_a_text_that_is_no_interview_is_refused(state: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the caller's to word
        saved.resume(saved.SavedInterview("x", '{"topics": []}', state))


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value within a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


def put(value: Any, path: Sequence[str | int], junk: object) -> Any:
    if not path:
        return junk
    value[path[0]] = put(value[path[0]], path[1:], junk)
    return value


@pytest.mark.parametrize("junk", [None, -1, 7, 1e400, "x", [], [[]], {}, True, "debrief"])
@pytest.mark.parametrize("text", ["settings", "state"])
def test_a_kept_text_with_rubbish_anywhere_is_refused_or_goes_on(text: str, junk: object) -> None:
    answered = interview.answer(an_interview(a_question(), a_question("sgd", "training")), 1000, "So.")
    for state in (answered, held(answered, "a")):
        kept = saved.save(state)
        whole = json.loads(getattr(kept, text))
        for path in list(places(whole)):
            broken = json.dumps(put(json.loads(getattr(kept, text)), path, junk))
            try:
                told = saved.resume(kept._replace(**{text: broken}))
            except ValueError:
                continue
            held(told)
            assert debrief.markdown(verdict.Debrief(told, datetime(2026, 11, 24, tzinfo=UTC), frozenset(), ()))


@pytest.mark.parametrize("deep", ["[" * 100_000, '{"a":' * 10_000])
def test_a_kept_text_without_bottom_is_refused(deep: str) -> None:
    kept = saved.save(an_interview())
    for text in ("settings", "state"):
        with pytest.raises(ValueError, match="no interview"):
            saved.resume(kept._replace(**{text: deep}))


# ---- choice

candidates = st.lists(
    st.builds(
        Candidate,
        st.integers(0, 40).map(lambda n: f"n{n}"),
        st.sampled_from(TOPICS),
        st.none() | st.integers(1, 3),
        st.none() | st.floats(0, 1),
        st.none() | st.floats(0, 1),
        st.integers(1, 3),
    ),
    max_size=25,
    unique_by=lambda each: each.note,
)


@given(candidates, st.integers(1, 12), texts, st.randoms(use_true_random=False))
def test_the_same_seed_asks_the_same_each_once_in_whatever_order_they_are_offered(
    offered: list[Candidate], count: int, seed: str, chance: object
) -> None:
    chosen = choice.choose(offered, count, seed)
    shuffled = list(offered)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands out random.Random

    assert choice.choose(shuffled, count, seed) == chosen
    assert len(chosen) == len({each.note for each in chosen}) == min(count, len(offered))


@given(candidates, st.integers(1, 12), texts)
def test_topics_are_mixed(offered: list[Candidate], count: int, seed: str) -> None:
    chosen = choice.choose(offered, count, seed)
    have, asked = Counter(each.topic for each in offered), Counter(each.topic for each in chosen)
    for one in have:
        for other in have:
            assert asked[one] <= asked[other] + 1 or asked[other] == have[other]


def test_weak_missed_and_basic_questions_are_asked_more_often() -> None:
    offered = [
        Candidate("strong", "a", 2, recall=0.97, missed=0.0),
        Candidate("unseen", "b", 2),
        Candidate("forgotten", "c", 2, recall=0.2),
        Candidate("missed", "d", 2, recall=0.97, missed=0.9),
        Candidate("unseen-basic", "e", 1),
        Candidate("unseen-often-asked", "f", 2, asked=3),
        Candidate("unseen-seldom-asked", "g", 2, asked=1),
    ]
    count = Counter(choice.choose(offered, 1, f"{n}")[0].note for n in range(2000))

    assert count["strong"] < count["unseen"] < count["unseen-basic"]
    assert count["unseen-seldom-asked"] < count["unseen"] < count["unseen-often-asked"]
    assert count["unseen"] < count["forgotten"]
    assert count["unseen"] < count["missed"]
    expected = choice.weight(offered[2]) / sum(map(choice.weight, offered))
    assert count["forgotten"] / 2000 == pytest.approx(expected, abs=0.03)


def test_one_or_two_follow_ups_are_asked_as_far_as_there_are_any() -> None:
    known = [FollowUp(f"{n}?", "") for n in range(4)]
    counts = Counter(len(choice.follow_ups(known, "n", str(seed))) for seed in range(200))

    assert set(counts) == {1, 2}
    assert 70 < counts[1] < 130
    assert choice.follow_ups([], "n", "x") == ()


# ---- verdicts


@pytest.mark.parametrize(
    ("ticks", "word", "reason"),
    [
        ("ab", "passed", "2 of 2 musts said"),
        ("bc", "nearly", "1 of 2 musts said"),
        ("c", "not yet", "0 of 2 musts said"),
        ("0", "not yet", "0 of 2 musts said"),
        ("", "not judged", "nothing was ticked"),
    ],
)
def test_the_verdict_follows_from_the_musts(ticks: str, word: str, reason: str) -> None:
    (found,) = verdict.verdicts(held(an_interview(), ticks))

    assert (found.topic, found.word, found.reason) == ("optimizers", word, reason)


def test_a_skipped_question_said_nothing_and_a_long_answer_is_told() -> None:
    state = an_interview(a_question("one"), a_question("two"), a_question("three", "rl"))
    state = interview.answer(interview.answer(state, 200_000), 1000)
    state = interview.answer(state, 1000, skipped=True)
    state = interview.go_on(interview.tick(interview.tick(held_to_debrief(state), "a"), "b"))
    optimizers, rl = verdict.verdicts(interview.go_on(interview.go_on(state)))

    assert optimizers.word == "nearly"
    assert optimizers.reason == "2 of 4 musts said, 1 skipped, 3:20 for one answer, aim at 1:30"
    assert rl.word == "not judged"


def held_to_debrief(state: Interview) -> Interview:
    while state.phase is InterviewPhase.ASKING:
        state = interview.answer(state, 1000)
    return state


def test_three_things_to_do_next_name_what_was_missed_and_end_in_commands() -> None:
    state = held(an_interview(a_question("adam"), a_question("dqn", "rl")), "0")
    drills = {"adam#a": ["adam.lr", "adam.beta"], "adam#c": ["adam.x"], "dqn#b": ["dqn.q"]}

    steps = verdict.next_steps(state, drills, {"adam", "dqn"})
    gone = verdict.next_steps(state, drills, {"dqn"})

    assert [each.command for each in steps] == [
        "dlquiz show adam",
        "dlquiz study --card adam.lr --card dqn.q --card adam.x",
        "dlquiz study --card dqn",
    ]
    assert not any("adam" in each.command for each in gone)
    assert len(gone) == 3


@pytest.mark.parametrize(("ticks", "aim"), [("a", "until every must is in"), ("ab", "until nothing is missing")])
def test_what_to_say_again_is_said_with_what_it_lacked(ticks: str, aim: str) -> None:
    steps = verdict.next_steps(held(an_interview(), ticks), {}, {"adam"})

    assert steps[1].why == f"Say optimizers again {aim}"


@given(st.lists(questions, min_size=1, max_size=3), moves)
def test_there_are_always_three_things_to_do(asked: list[Question], course: list[tuple[object, ...]]) -> None:
    state = interview.begin(InterviewSettings(), asked)
    for move in course:
        state = moved(state, move)
    steps = verdict.next_steps(state, {}, {"n", "mine/m"})

    assert len({each.command for each in steps}) == 3


def test_the_trend_compares_the_last_with_those_before() -> None:
    tally = verdict.InterviewTally
    assert wording.trend([]) == wording.trend([tally(1, 2)]) == wording.trend([tally(1, 2), tally()]) == ""
    assert wording.trend([tally(1, 4), tally(3, 4)]).endswith("75 % in the last one, 25 % in the one before: more.")
    assert "60 % in the 2 before: fewer" in wording.trend([tally(1, 1), tally(2, 4), tally(0, 3)])


# ---- the report


def test_the_report_tells_everything_and_obeys_nothing() -> None:
    nasty = "# <script>x</script> $\\beta$\n```\n| ![i](http://x/y.png) [l](javascript:x)\n* ✓ said"
    question = a_question(short="The step, $\\beta_1$.", text="Why | $\\alpha$ <b>?")
    state = interview.answer(interview.answer(an_interview(question, typed=True), 61_000, nasty), 1000, "more")
    state = interview.go_on(interview.tick(state, "a"))
    told = verdict.Debrief(
        state, datetime(2026, 11, 24, 9, 5, tzinfo=UTC), frozenset({"adam"}), (verdict.NextStep("Do", "dlquiz x"),)
    )
    text = debrief.markdown(told)
    page = debrief.html(told)

    for part in (
        "2026-11-24 09:05 · 1 of 1 questions answered · 1 of 2 musts said · 1:02 of 30:00 · typed · seed ` seed `",
        "| optimizers | **nearly** | 1 of 2 musts said |",
        "1. Do:  \n   `dlquiz x`",
        "*optimizers · answered in 1:01, follow-ups in 0:01*",
        nasty,
        "- ✓ The point a. **(must)**\n- ✗ The point b. **(must)**\n- ✗ The point c.",
        "β₁",
        "Explained in full: `dlquiz show adam`",
        "**Asked next:** And then?",
    ):
        assert part in text
    assert "<script>" not in page
    assert "<img" not in page
    assert "<msub><mi>β</mi><mn>1</mn></msub>" in page
    assert 'href="javascript' not in page
    assert page.count('<li class="said">') == 1
    assert page.count('<li class="missed">') == 2
    assert '<td class="verdict nearly">' in page
