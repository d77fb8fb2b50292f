"""Mock interviews on the collection: what is kept, what is logged, what is written."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from builders import MONDAY, SMALL_BANK, a_bank, later
from builders import a_collection as a_small_collection

from dlquiz import interview, session
from dlquiz.bank import select
from dlquiz.card import Rating
from dlquiz.collection import doctor, interview_records, interviews, reports
from dlquiz.collection.open_interview import OpenInterview
from dlquiz.errors import NothingToResumeError, NothingToUndoError, StaleError, StoreError, UsageError
from dlquiz.interview import InterviewPhase, InterviewSettings, verdict

TWO = InterviewSettings(2, 30, (), True, "seed")
BANK = SMALL_BANK.replace(
    "    answer: A step against the gradient of a mini-batch.\n",
    "    answer: A step against the gradient of a mini-batch.\n    key_points: [{id: step, text: A step.}]\n",
)
a_collection = partial(a_small_collection, text=BANK)


def answer_all(held: OpenInterview, given: str | None = None) -> None:
    while held.state.phase is InterviewPhase.ASKING:
        held.keep(interview.answer(held.state, 1000, given))


def judge(held: OpenInterview, ticks: str) -> bool:
    state = held.state
    for letter in ticks:
        state = interview.tick(state, letter)
    return held.judge(state, MONDAY)


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "progress.db")) as db:
        return list(db.execute(query))


def test_an_attempt_keeps_times_text_and_point_results_and_touches_nothing_else(tmp_path: Path, home: Path) -> None:
    with a_collection(tmp_path) as col:
        before = reports.status(col)
        held = interviews.begin(col, TWO, None, MONDAY)
        answer_all(held, "I said it")
        while held.state.phase is InterviewPhase.DEBRIEF:
            judge(held, "a" if held.state.question.note == "mine/adam" else "")
        held.finish(MONDAY)

        assert reports.status(col) == before
        assert reports.log(col) == []
        assert col.card_state("mine/adam").memory is None
        assert doctor.examine(col).differences == []
        assert col.card_view("mine/adam", MONDAY).missed_before == {"mine/adam#second", "mine/adam#bias"}
        with pytest.raises(NothingToUndoError):
            col.undo(MONDAY)

    (kept,) = rows(home, "SELECT id FROM interview")
    assert rows(
        home, "SELECT card, kind, rating, mode, thought_ms, took_ms, given, interview FROM event ORDER BY card"
    ) == [
        ("mine/adam", "attempt", None, "interview", 1000, 1000, "I said it", *kept),
        ("mine/sgd", "attempt", None, "interview", 1000, 1000, "I said it", *kept),
    ]
    assert rows(home, "SELECT point, said FROM point_result ORDER BY point") == [
        ("mine/adam#bias", 0), ("mine/adam#first", 1), ("mine/adam#second", 0),
    ]  # fmt: skip
    assert rows(home, "SELECT count(*) FROM content JOIN event ON content.hash = event.content") == [(2,)]


@pytest.mark.parametrize(("ticks", "logged"), [("", []), ("0", [("mine/adam",), ("mine/sgd",)])])
def test_a_skipped_question_is_no_attempt_unless_it_is_ticked(
    tmp_path: Path, home: Path, ticks: str, logged: list[tuple[str]]
) -> None:
    with a_collection(tmp_path) as col:
        held = interviews.begin(col, TWO, None, MONDAY)
        while held.state.phase is InterviewPhase.ASKING:
            held.keep(interview.answer(held.state, 1000, skipped=True))
        while held.state.phase is InterviewPhase.DEBRIEF:
            judge(held, ticks)

    assert rows(home, "SELECT card FROM event WHERE kind = 'attempt' ORDER BY card") == logged


def test_an_interview_goes_on_from_every_step_in_another_program(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        state = interviews.begin(col, TWO, None, MONDAY).state
    steps = 0
    while state.phase is not InterviewPhase.DONE:
        with a_collection(tmp_path, write=False) as col:
            held = interviews.resume(col)
            assert held.state == state
            if state.phase is InterviewPhase.ASKING:
                held.keep(interview.leave(state, 500, "half"))
                held.keep(interview.answer(held.state, 1000, "whole"))
            else:
                judge(held, "ab")
            state = held.state
            steps += 1
    assert steps == 4
    with a_collection(tmp_path, write=False) as col:
        told, _ = interviews.resume(col).finish(MONDAY)
        assert told.interview == state
        with pytest.raises(NothingToResumeError):
            interviews.resume(col)
        assert [each.ended for each in interview_records.past(col)[0]] == [True]


def test_two_windows_of_one_interview_log_each_answer_once(tmp_path: Path, home: Path) -> None:
    with a_collection(tmp_path) as one, a_collection(tmp_path) as two:
        answer_all(interviews.begin(one, TWO, None, MONDAY))
        first, second = interviews.resume(one), interviews.resume(two)
        judge(first, "a")
        with pytest.raises(StaleError, match="another window"):
            judge(second, "b")

    assert rows(home, "SELECT count(*) FROM event WHERE kind = 'attempt'") == [(1,)]


def test_what_cannot_be_kept_is_set_aside_with_the_question_it_answers(tmp_path: Path, home: Path) -> None:
    with a_collection(tmp_path) as one, a_collection(tmp_path) as two:
        first, second = interviews.begin(one, TWO, None, MONDAY), interviews.resume(two)
        first.keep(interview.answer(first.state, 1000, "the winner's"))
        lost = interview.leave(interview.answer(second.state, 1000, "whole"), 500, "half")
        with pytest.raises(StaleError):
            second.keep(lost)
        aside = second.set_aside(lost)
        assert second.set_aside(second.state) is None  # nothing was typed

    assert aside is not None
    assert aside.parent == home / "interviews"
    asked = [question.text for question in lost.questions]
    assert aside.read_text(encoding="utf-8").split("\n\n")[2:] == [
        f"## {asked[0]}", "whole", f"## {lost.follow_up.question if lost.follow_up else asked[1]}", "half\n"
    ]  # fmt: skip


def test_two_interviews_at_once_keep_apart_and_share_no_name(tmp_path: Path) -> None:
    with a_collection(tmp_path) as one, a_collection(tmp_path) as two:
        first, second = (interviews.begin(each, TWO, None, MONDAY) for each in (one, two))
        for held in (first, second):
            answer_all(held)
            while held.state.phase is InterviewPhase.DEBRIEF:
                judge(held, "a")
        files = [path for held in (first, second) for path in held.finish(MONDAY)[1]]

    assert len(set(files)) == 4
    assert all(path.exists() for path in files)


def test_an_answer_in_study_meanwhile_loses_neither(tmp_path: Path) -> None:
    with a_collection(tmp_path) as one, a_collection(tmp_path) as two:
        held = interviews.begin(one, TWO, None, MONDAY)
        answer_all(held)
        card_view = two.card_view(held.state.question.note, MONDAY)
        judge(held, "a")
        state = session.show(session.Session(queue=()), card_view, "reveal")
        _, event = session.answer(state, Rating.GOOD, later(seconds=5), two.preset, 1000)
        two.answer(card_view, event, {})

        assert len(reports.log(two)) == 1
        assert doctor.examine(two).differences == []


def test_a_renamed_or_removed_note_is_no_reason_to_lose_an_answer(tmp_path: Path, home: Path) -> None:
    with a_collection(tmp_path) as col:
        answer_all(interviews.begin(col, TWO, None, MONDAY), "kept")
    renamed = BANK.replace("- id: adam\n", "- id: adam-optimizer\n    was: [adam]\n")
    a_bank(tmp_path, renamed[: renamed.index("  - id: sgd")])

    with a_collection(tmp_path) as col:
        held = interviews.resume(col)
        while held.state.phase is InterviewPhase.DEBRIEF:
            judge(held, "a" if "adam" in held.state.question.note else "")
        told, (markdown, _) = held.finish(MONDAY)

    assert told.known == {"mine/adam-optimizer"}
    assert rows(home, "SELECT card FROM event ORDER BY card") == [("mine/adam-optimizer",), ("mine/sgd",)]
    assert rows(home, "SELECT point FROM point_result WHERE said") == [("mine/adam-optimizer#first",)]
    text = markdown.read_text(encoding="utf-8")
    assert "What is SGD?" in text
    assert "dlquiz show mine/sgd" not in text


def test_weak_notes_are_preferred_and_suspended_ones_left_out(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        for seed in range(3):
            held = interviews.begin(col, InterviewSettings(1, 30, (), False, str(seed)), None, MONDAY)
            answer_all(held)
            judge(held, "abc" if held.state.question.note == "mine/adam" else "")
        said = Counter(
            interviews.begin(col, InterviewSettings(1, seed=f"x{n}"), None, MONDAY).state.question.note
            for n in range(60)
        )
        col.act("suspend", ["mine/sgd"], MONDAY)
        left = interviews.begin(col, InterviewSettings(5, seed="y"), None, MONDAY).state.questions

        assert said["mine/sgd"] > said["mine/adam"]
        assert [each.note for each in left] == ["mine/adam"]
        col.act("suspend", ["mine/adam"], MONDAY)
        with pytest.raises(UsageError, match="every question with key points is suspended; `dlquiz unsuspend"):
            interviews.begin(col, TWO, None, MONDAY)


def test_a_question_without_key_points_is_not_asked_and_the_sentence_says_why(tmp_path: Path) -> None:
    with a_small_collection(tmp_path) as col:
        asked = [
            interviews.begin(col, InterviewSettings(5, seed=str(n)), None, MONDAY).state.questions for n in range(5)
        ]
        col.act("suspend", ["mine/adam"], MONDAY)
        with pytest.raises(UsageError, match="every question with key points is suspended"):
            interviews.begin(col, TWO, None, MONDAY)

    assert [[each.note for each in questions] for questions in asked] == [["mine/adam"]] * 5
    pointless = BANK[: BANK.index("    key_points:")] + "  - {id: sgd, question: What is SGD?, answer: A step.}\n"
    with a_small_collection(tmp_path / "imported", text=pointless) as col:
        with pytest.raises(UsageError, match=r"no question has key points, .+ leave out --no-builtin"):
            interviews.begin(col, TWO, None, MONDAY)
        with pytest.raises(UsageError, match=r"no question of optimizers has key points, .+ name another topic"):
            interviews.begin(col, TWO, select.selection(col.bank, ["optimizers"], []), MONDAY)


def test_a_report_that_cannot_be_written_leaves_the_interview_to_be_resumed(tmp_path: Path, home: Path) -> None:
    with a_collection(tmp_path) as col:
        held = interviews.begin(col, TWO, None, MONDAY)
        answer_all(held)
        while held.state.phase is InterviewPhase.DEBRIEF:
            judge(held, "a")
        (home / "interviews").write_text("in the way")
        with pytest.raises(StoreError, match="--resume"):
            held.finish(MONDAY)
        (home / "interviews").unlink()
        _, files = interviews.resume(col).finish(MONDAY)

    assert all(path.exists() for path in files)
    assert [path.suffix for path in files] == [".md", ".html"]


def test_a_kept_state_of_another_version_is_told(tmp_path: Path, home: Path) -> None:
    with a_collection(tmp_path) as col:
        interviews.begin(col, TWO, None, MONDAY)
    with closing(sqlite3.connect(home / "progress.db")) as db, db:
        db.execute("UPDATE interview SET state = '{\"format\": 99}'")

    with a_collection(tmp_path) as col, pytest.raises(StoreError, match="another version"):
        interviews.resume(col)


def test_one_that_cannot_be_read_hides_no_other(tmp_path: Path, home: Path) -> None:
    with a_collection(tmp_path) as col:
        for _ in range(2):
            interviews.begin(col, TWO, None, MONDAY)
    with closing(sqlite3.connect(home / "progress.db")) as db, db:
        db.execute("UPDATE interview SET state = 'rubbish' WHERE at_ms = (SELECT min(at_ms) FROM interview)")

    with a_collection(tmp_path) as col:
        held, unread = interview_records.past(col)

    assert len(held) == 1
    assert len(unread) == 1
    assert "can't be read" in unread[0]


def test_looking_back_creates_nothing(tmp_path: Path, home: Path) -> None:
    with a_collection(tmp_path, write=False) as col:
        assert interview_records.past(col) == ([], [])
        with pytest.raises(NothingToResumeError):
            interviews.resume(col)
    assert not home.exists()


def test_what_was_missed_is_drilled_next(tmp_path: Path) -> None:
    drilling = BANK.replace("back: 0.9}", "back: 0.9, drills: [second]}")
    with a_collection(tmp_path, text=drilling) as col:
        held = interviews.begin(col, TWO, None, MONDAY)
        answer_all(held)
        while held.state.phase is InterviewPhase.DEBRIEF:
            judge(held, "a")
        told, _ = held.finish(MONDAY)

    assert (
        verdict.NextStep("Answer the card that drills what you missed", "dlquiz study --card mine/adam.beta")
        in told.steps
    )


PROBED = """\
bank: mine
topic: optimizers
notes:
  - id: adam
    question: What does Adam keep?
    answer: Two means.
    key_points: [{id: first, text: Of gradients., must: true}, {id: second, text: Of squares., must: true}]
    follow_ups: [{question: "Why squares?", answer: They scale.}, {question: "And then?", answer: So.}]
    cards:
      - {id: pick, kind: choice, front: Which?, back: a, distractors: [{text: b, why: no}, {text: c, why: no}], drills: [second]}
      - {id: sq, front: What of the squares?, back: "A mean of them, $v$.", drills: [second]}
"""


def test_a_must_that_is_missing_is_asked_about_by_a_card_that_drills_it(tmp_path: Path) -> None:
    each = InterviewSettings(1, 30, (), False, "seed", interview.EACH)
    with a_small_collection(tmp_path, text=PROBED) as col:
        held = interviews.begin(col, each, None, MONDAY)
        answer_all(held)
        held.keep(interview.tick(held.state, "a"))
        probing = held.probe(held.state)

        assert probing is not None
        assert probing.follow_up == ("What of the squares?", "A mean of them, $v$.")
        assert held.probe(interview.tick(held.state, "b")) is None
        held.keep(interview.answer(probing, 1000))
        assert held.probe(held.state) is None
        assert held.judge(held.state, MONDAY)
        assert held.state.phase is InterviewPhase.DONE


CLAIM = "  - {id: keeps, kind: claim, holds: false, front: Adam keeps no squares., back: It does., drills: [second]}\n"


@pytest.mark.parametrize(("cards", "asked"), [("", "Adam keeps no squares."), ("sq", "What of the squares?")])
def test_a_claim_is_asked_about_where_no_other_card_asks_for_the_missing_must(
    cards: str, asked: str, tmp_path: Path
) -> None:
    """A quarter of the built-in bank's musts have claims alone, and were not probed."""
    start, question = PROBED.split("      - {id: sq")
    text = start + "    " + CLAIM + (f"      - {{id: sq{question}" if cards else "")
    with a_small_collection(tmp_path, text=text) as col:
        held = interviews.begin(col, InterviewSettings(1, 30, (), False, "seed", interview.EACH), None, MONDAY)
        answer_all(held)
        held.keep(interview.tick(held.state, "a"))
        probing = held.probe(held.state)

    assert probing is not None
    assert probing.follow_up is not None
    assert asked in probing.follow_up.question


def test_a_must_that_was_missed_the_last_time_is_a_follow_up(tmp_path: Path) -> None:
    one = InterviewSettings(1, 30, (), False, "seed")
    with a_small_collection(tmp_path, text=PROBED) as col:
        held = interviews.begin(col, one, None, MONDAY)
        assert "What of the squares?" not in [asked.question for asked in held.state.question.follow_ups]
        answer_all(held)
        judge(held, "a")
        first, _ = held.finish(MONDAY)
        again = interviews.begin(col, one, None, later(days=1))
        assert again.state.question.follow_ups[0].question == "What of the squares?"
        assert len(again.state.question.follow_ups) == 2
        answer_all(again)
        judge(again, "ab")
        told, files = again.finish(later(days=1))

    assert first.before is None
    assert told.before is not None
    assert told.before.interview == first.interview
    report = files[0].read_text(encoding="utf-8")
    assert "Would pass today, going by the musts: 1 of 1 question." in report
