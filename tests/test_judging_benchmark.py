"""`python -m benchmarks.judging` on labelled answers of our own, and the laws that hold of any answer."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import judging as benchmark
from dlquiz import collection
from dlquiz.collection.judging import Judge
from dlquiz.judge import Verdict

JUDGED = Path(__file__).parent / "judged"
BANK, ANSWERS = JUDGED / "bank.yaml", JUDGED / "answers"
IRRELEVANT = ("The weather was fine yesterday.", "My cat sleeps all day long.", "That is all I have to say about it.")


@pytest.fixture
def judges() -> Iterator[dict[str, Judge]]:
    with collection.opened_bank(collection.BankPaths((BANK,), builtin=False)) as bank:
        yield {note: Judge(bank, note) for note in bank.note_ids()}


def answers() -> list[tuple[str, dict[str, Any]]]:
    return [(fields["note"], answer) for fields in benchmark.files(ANSWERS) for answer in fields["answers"]]


def verdicts(judge: Judge, text: str) -> list[Verdict | None]:
    return [judgement and judgement.verdict for judgement in judge.judge(text)]


def test_the_table_has_a_line_a_style(capsys: pytest.CaptureFixture[str]) -> None:
    benchmark.main([str(ANSWERS), "--bank", str(BANK), "--no-builtin"])

    out = capsys.readouterr().out
    assert re.search(r"^terse +2 +7 +1\.00 \[", out, re.MULTILINE)
    assert re.search(r"^all +16 +57 ", out, re.MULTILINE)
    assert "time an answer: median" in out


def test_a_command_has_a_table_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "nothing.py"
    script.write_text("print('[]')", encoding="utf-8")
    one = ANSWERS / "earlystop.yaml"

    benchmark.main([str(one), "--bank", str(BANK), "--no-builtin", "--command", f"'{sys.executable}' '{script}'"])

    out = capsys.readouterr().out
    assert out.count("style          answers") == 2
    assert re.search(r"^all +7 +21 +- +0\.00 ", out, re.MULTILINE)


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = benchmark.wilson(9, 10)

    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)


def test_what_is_found_in_our_own_answers_is_there(judges: dict[str, Judge]) -> None:
    """Their rubrics were written knowing them: this guards against change, it measures nothing."""
    for note, answer in answers():
        for judgement in judges[note].judge(answer["text"]):
            assert judgement is not None
            if judgement.verdict is Verdict.FOUND:
                assert answer["labels"][judgement.point.rpartition("#")[2]] == 1, (judgement, answer["text"])


@pytest.mark.parametrize("sentence", IRRELEVANT)
def test_an_irrelevant_sentence_flips_no_verdict(judges: dict[str, Judge], sentence: str) -> None:
    for note, answer in answers():
        before = verdicts(judges[note], answer["text"])
        assert verdicts(judges[note], f"{answer['text']} {sentence}") == before
        assert verdicts(judges[note], f"{sentence} {answer['text']}") == before


def test_what_an_honest_answer_says_is_no_opposite_without_punctuation(judges: dict[str, Judge]) -> None:
    """Of denied ones it may be: what denies which half of a sentence hangs on its comma."""
    for note, answer in answers():
        if not answer["honest"]:
            continue
        bare = re.sub(r"[.,;:!?()]", "", answer["text"])
        for before, after in zip(verdicts(judges[note], answer["text"]), verdicts(judges[note], bare), strict=True):
            assert {before, after} != {Verdict.FOUND, Verdict.OPPOSITE}, bare


def test_another_notes_answer_finds_nothing(judges: dict[str, Judge]) -> None:
    for note, answer in answers():
        for other, judge in judges.items():
            if other != note:
                assert Verdict.FOUND not in verdicts(judge, answer["text"]), (other, answer["text"])
