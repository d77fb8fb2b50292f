"""What a strict check says of rubrics, and how they and the glossary come out of a bank."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import a_bank, called

from dlquiz import collection
from dlquiz.bank import read
from dlquiz.collection import judging
from dlquiz.collection.judging import Judge
from dlquiz.judge import Verdict
from dlquiz.lint import rubrics

POINT: dict[str, Any] = {
    "id": "n#root",
    "text": "Scores are divided by the square root of the key size.",
    "need": ["divide | scale", "root | sqrt"],
    "accept": ["We divide by sqrt(d_k).", "The root of the dimension scales them."],
    "reject": ["The scores are multiplied by the key size."],
}
OTHER: dict[str, Any] = {"id": "n#softmax", "text": "A softmax makes weights of the scores."}
GLOSSARY = {"unit": "neuron | unit"}
BANK = """\
bank: mine
notes:
  - id: scores
    question: How are scores made?
    answer: By products.
    frames: {phase: {train: training, test: test}}
    key_points:
      - {id: unit, text: Each unit is kept at test., must: true, about: test, need: ['@unit', keep]}
      - {id: plain, text: Nothing recognises this.}
  - id: bare
    question: What has no frames?
    answer: This.
    key_points: [{id: mean, text: A mean., need: [mean]}]
"""


def advice(point: dict[str, Any], *others: dict[str, Any], **note: Any) -> list[str]:
    fields = {"id": "n", "question": "How are scores made?", "answer": "By products.", **note}
    fields["key_points"] = [point, *others]
    return [blame.message for blame in rubrics.note(fields, GLOSSARY, frozenset(), rubrics.GENERIC)]


def changed(**keys: Any) -> dict[str, Any]:
    return {**POINT, **{key.rstrip("_"): value for key, value in keys.items()}}


# ---- the lint


def test_a_good_rubric_has_nothing_to_mend() -> None:
    assert advice(POINT, OTHER) == []


def test_a_key_point_without_a_rubric_is_left_alone() -> None:
    assert advice(OTHER) == []


@pytest.mark.parametrize(
    ("point", "said"),
    [
        (changed(accept=["We divide.", *POINT["accept"]]), "not found by its own rubric: 'We divide.'"),
        (changed(text="It is scaled."), "not found by its own rubric: 'It is scaled.'"),
        (changed(reject=["They scale with the root of the batch."]), "found although it must not be"),
        (changed(accept=POINT["accept"][:1]), "has 1 accept sentences"),
        (changed(reject=[]), "has 0 reject sentences"),
        (changed(need=["divide | scale", "root | @nothing"]), "'@nothing' is no entry of the glossary"),
        (changed(need=["divide |"]), "empty alternative"),
        (changed(need=[], or_=[]), "neither need nor or"),
        (changed(need=["faster | root | sqrt"]), "'faster' alone would do"),
        (changed(or_=["@unit"]), "'@unit' alone would do"),
        (changed(about="test"), "'test' names no value of the note's frames"),
    ],
)
def test_a_rubric_with_a_fault_is_told_so(point: dict[str, Any], said: str) -> None:
    assert any(said in message for message in advice(point, OTHER))


@pytest.mark.parametrize(
    "point",
    [
        changed(text="It is scaled."),
        changed(need=["divide | a .. b & c", "root | sqrt"]),
        changed(need=["faster | root | sqrt"]),
        changed(accept=[], reject=[]),
        changed(about="test"),
    ],
)
def test_each_line_on_a_rubric_begins_with_its_key_point(point: dict[str, Any]) -> None:
    messages = advice(point, OTHER)

    assert messages
    assert all(message.startswith("n#root: ") for message in messages)


def test_a_line_on_a_frame_begins_with_its_note() -> None:
    assert advice(POINT, OTHER, frames={"phase": {"train": "a .. b & c", "test": "test"}}) == [
        "n: 'a .. b & c' has both .. and &; use one of them"
    ]


def test_a_denial_that_is_found_is_told() -> None:
    point = changed(
        need=["divide | are not | scale", "root | sqrt"], accept=["Scores are scaled by the root.", "The root divides."]
    )

    assert any("its denial is found too" in message for message in advice(point, OTHER))


def test_a_sibling_that_satisfies_a_point_is_told() -> None:
    other = {**OTHER, "text": "The softmax follows scaling by the root."}

    assert any("n#root: found in what says 'n#softmax'" in message for message in advice(POINT, other))


def test_a_question_that_satisfies_a_point_is_told() -> None:
    assert any("the question alone" in message for message in advice(POINT, question="Why divide by the root?"))


def test_a_point_found_under_the_other_name_is_told() -> None:
    frames = {"phase": {"train": "training", "test": "test | inference"}}
    point = changed(
        about="test",
        text="At test we divide by the root.",
        accept=["Root scaling at test.", "At test the root divides."],
    )

    assert advice(point, OTHER, frames=frames) == []
    leaky = {**point, "about": "test train?"}
    assert advice(leaky, OTHER, frames=frames)


@pytest.mark.parametrize(
    ("sentence", "copies"),
    [
        ("Units are dropped.", ["It is not true that units are dropped.", "Units are not dropped."]),
        ("Use what you have.", ["It is not true that use what you have."]),
        ("Units are not dropped.", []),
    ],
)
def test_a_sentence_is_denied(sentence: str, copies: list[str]) -> None:
    assert rubrics.denied(sentence) == copies


def test_a_word_that_many_notes_have_is_generic() -> None:
    notes = [{"question": "What is a tensor?", "answer": f"word{n}"} for n in range(rubrics.COMMON_NOTES)]

    assert "tensor" in rubrics.generic(notes)
    assert "tensor" not in rubrics.generic(notes[1:])


# ---- out of a bank


def a_bank_with_glossary(folder: Path, glossary: str = "glossary: {unit: neuron | unit}\n") -> Path:
    a_bank(folder, glossary, "glossary.yaml")
    return a_bank(folder, BANK)


def test_an_answer_is_judged_by_the_bank_s_rubrics(tmp_path: Path) -> None:
    a_bank_with_glossary(tmp_path)

    with collection.opened_bank(collection.BankPaths((tmp_path,), builtin=False)) as bank:
        judge = Judge(bank, "mine/scores")
        found = judge.judge("At test every neuron is kept.")
        result = judging.judged(bank, "mine/scores", "At test every neuron is kept.")

    assert [judgement and judgement.verdict for judgement in found] == [Verdict.FOUND, None]
    assert judging.rows(result) == [
        {"id": "mine/scores#unit", "must": True, "verdict": "found", "evidence": ["neuron is kept"]},
        {"id": "mine/scores#plain", "must": False, "verdict": None, "evidence": []},
    ]


def test_a_note_without_frames_is_judged_too(tmp_path: Path) -> None:
    a_bank_with_glossary(tmp_path)

    with collection.opened_bank(collection.BankPaths((tmp_path,), builtin=False)) as bank:
        assert [row["verdict"] for row in judging.rows(judging.judged(bank, "mine/bare", "It is a mean."))] == ["found"]


def test_a_changed_glossary_is_read_again(tmp_path: Path) -> None:
    a_bank_with_glossary(tmp_path)
    assert (
        "found"
        in called(
            "--no-builtin", "--bank", str(tmp_path), "judge", "mine/scores", "--json", keys="At test a neuron is kept."
        ).stdout
    )

    a_bank_with_glossary(tmp_path, "glossary: {unit: unit | cell}\n")

    done = called(
        "--no-builtin", "--bank", str(tmp_path), "judge", "mine/scores", "--json", keys="At test a neuron is kept."
    )
    assert [row["verdict"] for row in json.loads(done.stdout)] == ["none", None]


def test_a_malformed_glossary_is_an_error_with_its_place(tmp_path: Path) -> None:
    path = a_bank_with_glossary(tmp_path, "glossary:\n  unit: '@cell | neuron'\n")

    done = called("check", str(path))

    assert done.returncode == 65
    assert f"{tmp_path}/glossary.yaml:2:3: error: 'unit' can't be read: '@cell' is no entry" in done.stdout


def test_a_strict_check_tells_of_rubrics_with_their_place(tmp_path: Path) -> None:
    path = a_bank_with_glossary(tmp_path)

    done = called("check", "--strict", str(path))

    assert f"{path}:8:9: advice: mine/scores#unit: the rubric has 0 accept sentences; write 2 or more" in done.stdout


def test_a_glossary_is_no_bank(tmp_path: Path) -> None:
    a_bank_with_glossary(tmp_path)

    assert read.read_glossary(tmp_path / "glossary.yaml", []) == {"unit": "neuron | unit"}
    assert called("check", str(tmp_path)).returncode == 0


# ---- the verb


def test_judge_prints_each_point_with_what_was_heard(tmp_path: Path) -> None:
    a_bank_with_glossary(tmp_path)

    done = called("--no-builtin", "--bank", str(tmp_path), "judge", "mine/scores", keys="At test units are kept.")

    assert done.returncode == 0
    assert 'a ✓ must Each unit is kept at test.\n    heard: "units are kept"\n' in done.stdout
    assert "b   Nothing recognises this.\n    no rubric: tick it yourself\n" in done.stdout


def test_judge_reads_a_file_and_tells_of_one_that_is_not_there(tmp_path: Path) -> None:
    a_bank_with_glossary(tmp_path / "bank")
    answer = tmp_path / "answer.txt"
    answer.write_text("At test units are not kept.", encoding="utf-8")
    where = ("--no-builtin", "--bank", str(tmp_path / "bank"), "judge", "mine/scores")

    assert '"verdict": "opposite"' in called(*where, str(answer), "--json").stdout
    assert called(*where, str(tmp_path / "no.txt")).returncode == 2
    assert called("--no-builtin", "--bank", str(tmp_path / "bank"), "judge", "mine/no").returncode == 2
