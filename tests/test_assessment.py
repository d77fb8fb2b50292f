"""What the user says to know orders what is met, and enters no memory."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from builders import MONDAY, run
from test_planning import a_plan, answer, many_notes, study, words

from dlquiz.card import Rating
from dlquiz.collection import Collection, assessment, doctor, outlook, planning, reports
from dlquiz.view import plan as looks


def a_roomy_plan(folder: Path) -> AbstractContextManager[Collection]:
    return a_plan(folder, notes=12, minutes=60)


def test_the_small_cards_of_a_known_note_rest_until_its_main_card_fails(tmp_path: Path) -> None:
    with a_roomy_plan(tmp_path) as col:
        assessment.keep(col, {"mine/n0": "y"})
        pool = planning.gather(col, MONDAY)
        assert pool.resting == 3
        assert [card.card for card in pool.fresh if card.card.startswith("mine/n0")][:1] == ["mine/n0"]

        answer(col, "mine/n0", MONDAY, Rating.GOOD)
        assert planning.gather(col, MONDAY).resting == 3
        col.undo(MONDAY)
        answer(col, "mine/n0", MONDAY, Rating.AGAIN)
        assert planning.gather(col, MONDAY).resting == 0


def test_what_is_half_known_is_met_first_and_what_is_known_last(tmp_path: Path) -> None:
    with a_roomy_plan(tmp_path) as col:
        assessment.keep(col, {"mine/n0": "y", "mine/n1": "n", "mine/n7": "h"})
        order = [card.card for card in planning.gather(col, MONDAY).fresh]

    assert order[0] == "mine/n7"
    assert order[-1] == "mine/n0"


def test_an_assessment_changes_today_and_saves_minutes(tmp_path: Path) -> None:
    with a_roomy_plan(tmp_path) as col:
        before = study(col, MONDAY)
        assessment.keep(col, {f"mine/n{n}": "y" for n in range(3, 12)})
        saved = outlook.saved(col, MONDAY)
        found = outlook.outlook(col, MONDAY)

    assert before
    assert saved.cards >= 15
    assert saved.after < saved.before
    assert found is not None
    assert found.resting == saved.cards
    told = words(looks.assessed({"a": "y", "b": "h"}, saved))
    assert told.startswith("2 questions: 1 known, 1 half known, 0 not known.")
    assert f"{saved.after} would do instead of {saved.before}. Next: dlquiz plan" in told


def test_nothing_that_is_said_enters_memory_or_the_log(tmp_path: Path) -> None:
    with a_roomy_plan(tmp_path) as col:
        assessment.keep(col, {"mine/n0": "y"})

        assert reports.log(col) == []
        assert col.card_state("mine/n0").memory is None
        assert doctor.examine(col).rows == 0


def test_questions_are_asked_once_unless_their_topic_is_named(tmp_path: Path) -> None:
    with a_roomy_plan(tmp_path) as col:
        assessment.keep(col, {"mine/n0": "y"})
        answer(col, "mine/n1", MONDAY)
        asked = [card.id for card in planning.questions(col, None)]

    assert len(asked) == 10
    assert not {"mine/n0", "mine/n1"} & set(asked)


def test_each_word_is_kept_at_once_and_can_be_taken_back(tmp_path: Path) -> None:
    bank = tmp_path / "mine.yaml"
    bank.write_text(many_notes(4), encoding="utf-8")
    assess = partial(run, "assess", "--no-builtin", "--bank", str(bank))

    done = assess(keys="y\nwhat\nu\nh\n\nq\n")
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if line.startswith(("card", "kept"))] == [
        "card mine/n0", "kept mine/n0 y", "card mine/n1", "card mine/n0", "kept mine/n0 h", "card mine/n1", "card mine/n2",
    ]  # fmt: skip
    assert "'what' does nothing here" in done.stdout
    assert "1 question: 0 known, 1 half known, 0 not known." in done.stdout

    rest = assess(keys="n\nn\nn\n")
    assert "3 questions: 0 known, 0 half known, 3 not known." in rest.stdout
    assert "Every question has been answered or assessed" in assess().stdout
    assert json.loads(run("log", "--json", "--no-builtin", "--bank", str(bank)).stdout) == []
