"""The built-in bank's typed cards: the shown answer is right however it is typed, and plausible wrong ones are not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typed

from dlquiz import expression, maths, typed_answer, variants
from dlquiz.bank import build, read
from dlquiz.card import KINDS, Card
from dlquiz.text.compare import Worth

QUESTIONS = Path(__file__).parents[1] / "questions"
SPELLINGS, WRONG_ANSWERS = 10, 10
ROUNDED = re.compile(r"\{\{round\((.+?)(?:, (\d))?\)\}\}(%?)(?: [A-Za-z]+)?")


@cache
def cards() -> list[Card]:
    """All atomic cards, of those with fresh numbers the example and one more."""
    return list(_cards())


def _cards() -> Iterator[Card]:
    for path in sorted(QUESTIONS.glob("*.yaml")):
        if path.name not in ("sources.yaml", "revisions.yaml", "glossary.yaml"):
            for note, fields in read.read(path, builtin=True).cards():
                choices = variants.combinations(fields)
                yield from (build.make_card(fields, note, chosen or None) for chosen in choices[:1] + choices[1:][-1:])


TYPED = [card for card in cards() if card.typed]


def test_the_shown_answer_is_right_in_ten_spellings() -> None:
    refused = []
    for card in TYPED:
        spellings = typed.spellings(card)
        assert len(spellings) >= SPELLINGS, card.id
        refused += [
            (card.id, way, text) for way, text in spellings.items() if typed_answer.worth(text, card) is not Worth.RIGHT
        ]

    assert len({card.id for card in TYPED}) > 200
    assert refused == []


def test_whatever_the_bank_accepts_is_right() -> None:
    refused = [
        (card.id, answer)
        for card in TYPED
        for answer in card.accept
        if typed_answer.worth(answer, card) is not Worth.RIGHT
    ]

    assert refused == []


def test_a_fresh_number_given_more_exactly_than_it_is_shown_is_right() -> None:
    refused = [
        (card.id, card.back, text)
        for card, *spellings in _given_more_exactly()
        for text in spellings
        if typed_answer.worth(text, card) is not Worth.RIGHT
    ]

    assert refused == []


def _given_more_exactly() -> Iterator[tuple[Card, str, str]]:
    """Each card whose answer is one rounded number, with any of its fresh numbers, and this answer with one and two more decimals."""
    for path in sorted(QUESTIONS.glob("*.yaml")):
        if path.name not in ("sources.yaml", "revisions.yaml", "glossary.yaml"):
            for note, fields in read.read(path, builtin=True).cards():
                rounded = ROUNDED.fullmatch(str(fields.get("back")))
                for chosen in variants.combinations(fields) if rounded else []:
                    assert rounded
                    exact, digits = float(expression.evaluate(rounded[1], chosen)), int(rounded[2] or 0)
                    one, two = (f"{exact:.{digits + more}f}{rounded[3]}" for more in (1, 2))
                    yield build.make_card(fields, note, chosen), one, two


def test_a_typed_answer_to_a_card_that_is_turned_over_is_right_as_it_is_shown() -> None:
    untyped = [card for card in cards() if not card.typed and not card.verdict]
    shown = [
        (card, text) for card in untyped for text in (card.back, maths.plain(card.back), maths.plain(card.back).lower())
    ]

    assert {card.kind for card in untyped} >= {"why", "trap", "choice", "compare", "formula", "basic"}
    assert [(card.id, text) for card, text in shown[::3] if typed_answer.worth(text, card) is not Worth.RIGHT] == []


RIGHT_AFTER_ALL = {  # (card, answer): another way to say the same
    ("bias-mitigation.dp-difference", "0.1"),  # one over ten is a tenth too
    ("evaluation-metrics.r2", "1 - sum_i (y_hat_i - y_i)^2/sum_i (y_i - y_bar)^2"),
    ("evaluation-metrics.r2", "1 - sum_i (y_i - y_hat_i)^2/sum_i (y_bar - y_i)^2"),
}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("claim", "choice")])
def test_ten_plausible_wrong_answers_are_not_right(kind: str) -> None:
    own = [card for card in cards() if card.kind == kind and (card.typed or kind in ("why", "trap", "compare"))]
    near = neighbours(own)
    verdicts: dict[tuple[str, str], Worth] = {}
    for card in own:
        wrong = {text for text in typed.wrong(card, near[card.id]) if (card.id, text) not in RIGHT_AFTER_ALL}
        assert len(wrong) >= WRONG_ANSWERS, (card.id, wrong)
        verdicts |= {(card.id, text): typed_answer.worth(text, card) for text in sorted(wrong)}

    assert [pair for pair, verdict in verdicts.items() if verdict in (Worth.RIGHT, Worth.NEARLY)] == []
    if kind == "number":  # called wrong, not merely left to whoever typed it
        assert [pair for pair, verdict in verdicts.items() if verdict is not Worth.WRONG] == []
    if kind == "formula":
        assert list(verdicts.values()).count(Worth.WRONG) > 0.9 * len(verdicts)


def neighbours(own: list[Card]) -> dict[str, list[str]]:
    """For each card the answers of ten others of its kind, those that look most alike."""
    answers = {card.id: maths.plain(card.back) for card in own}
    near: dict[str, list[str]] = defaultdict(list)
    for card in own:
        words = set(answers[card.id].lower().split())
        others = sorted(
            {text for text in answers.values() if text.lower() != answers[card.id].lower() and text not in card.accept},
            key=lambda text: (-len(words & set(text.lower().split())), text),
        )
        near[card.id] = others[:WRONG_ANSWERS]
    return near


@pytest.mark.parametrize("claim", [card for card in cards() if card.kind == "claim"][::20], ids=lambda card: card.id)
def test_a_typed_verdict_on_a_claim_is_right_or_wrong(claim: Card) -> None:
    right, wrong = ("Yes", "No") if claim.holds else ("No", "Yes")
    words = {
        "Yes": ("yes", "YES", "yes.", "true", "True", " yes "),
        "No": ("no", "NO", "no.", "false", "False", " no "),
    }

    assert {typed_answer.worth(word, claim) for word in words[right]} == {Worth.RIGHT}
    assert {typed_answer.worth(word, claim) for word in words[wrong]} == {Worth.WRONG}
    assert {typed_answer.worth(word, claim) for word in ("maybe", "it depends", "0", "yes and no", "not sure")} == {
        Worth.COMPARE
    }


def test_a_choice_that_is_typed_is_right_as_its_text_and_wrong_as_a_distractor() -> None:
    for card in (card for card in cards() if card.kind == "choice"):
        assert typed_answer.is_right(maths.plain(card.back).lower(), card), card.id
        assert {typed_answer.is_right(wrong.text, card) for wrong in card.distractors} == {False}, card.id
