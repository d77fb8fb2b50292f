from __future__ import annotations

import math
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlquiz import expression, lint
from dlquiz.collection import BankPaths, check
from dlquiz.expression import ExpressionError
from dlquiz.lint import bank as bank_lint
from dlquiz.lint import symbols

TODAY = date(2026, 11, 24)
SOURCES = {"adam2015", "sgd1951"}
Fields = dict[str, Any]


def a_card(**changes: Any) -> Fields:
    """A card with nothing to mend; a change to None takes a key away."""
    card: Fields = {
        "id": "adam.means",
        "kind": "basic",
        "front": "How many running means does Adam keep for each weight?",
        "back": "Two.",
        "drills": ["first", "second"],
    }
    return {key: value for key, value in {**card, **changes}.items() if value is not None}


def a_note(**changes: Any) -> Fields:
    """A note with nothing to mend; a change to None takes a key away."""
    note: Fields = {
        "id": "adam",
        "topic": "optimizers",
        "number": 7,
        "tags": ["adam"],
        "difficulty": 2,
        "asked": 2,
        "question": "What does Adam keep for each weight?",
        "short": "Two running means, of the gradient and of its square.",
        "answer": "Adam keeps two running means. " * 40,
        "key_points": [
            {"id": "adam#first", "text": "A mean of gradients.", "must": True},
            {"id": "adam#second", "text": "A mean of squares.", "must": True},
            {"id": "adam#third", "text": "Both start at zero."},
            {"id": "adam#fourth", "text": "Both are corrected for it."},
        ],
        "pitfalls": ["Adam needs no learning rate: it does."],
        "follow_ups": [{"question": "Why squares?", "answer": "They measure size. Signs would cancel."}],
        "sources": ["adam2015"],
        "volatility": "stable",
        "cards": [a_card()],
    }
    return {key: value for key, value in {**note, **changes}.items() if value is not None}


def with_card(**changes: Any) -> Fields:
    """A note with nothing to mend but perhaps this card, which stands beside the sound one."""
    return a_note(cards=[a_card(), a_card(id="adam.other", **changes)])


def findings(note: Fields) -> list[lint.Finding]:
    return list(lint.note(note, SOURCES, TODAY))


def said(note: Fields) -> list[tuple[str, str]]:
    """The blamed keys with what was said."""
    return [(each.key, each.message) for each in findings(note)]


def correction(**changes: Any) -> Fields:
    claim: Fields = {
        "grade": "wrong",
        "claim": "Adam keeps one mean.",
        "instead": "It keeps two.",
        "taught_by": ["means"],
    }
    return {key: value for key, value in {**claim, **changes}.items() if value is not None}


def points(count: int) -> list[Fields]:
    more = [{"id": f"adam#more-{n}", "text": "One more."} for n in range(count)]
    return [*a_note()["key_points"][:2], *more][:count]


A_CLAIM: Fields = {
    "kind": "claim",
    "holds": True,
    "front": 'Does this hold? "Adam\'s normalization divides by the root of a mean of squares."',
    "back": "Yes: its normalization uses the second mean.",
    "why": "The first one is divided.",
}


def words(count: int) -> str:
    return "word " * count


def test_the_example_that_all_others_vary_is_good() -> None:
    assert findings(a_note()) == []
    assert findings(with_card()) == []


# ---- notes


@pytest.mark.parametrize("key", lint.NOTE_NEEDS)
def test_a_note_has_all_that_a_strict_bank_needs(key: str) -> None:
    assert (key, f"the note 'adam' has no '{key}'; add it") in said(a_note(**{key: None}))


def test_number_nought_is_no_missing_number() -> None:
    assert findings(a_note(number=1)) == []


@pytest.mark.parametrize(
    ("bad", "key", "word", "good"),
    [
        ({"short": words(61)}, "short", "61 words", {"short": words(60)}),
        ({"answer": words(149)}, "answer", "149 words", {"answer": words(150)}),
        ({"answer": words(351)}, "answer", "351 words", {"answer": words(350)}),
        ({"key_points": points(3)}, "key_points", "3 key points; have 4 to 7", {"key_points": points(4)}),
        ({"key_points": points(8)}, "key_points", "8 key points; have 4 to 7", {"key_points": points(7)}),
        (
            {"key_points": [{**point, "must": False} for point in points(4)]},
            "key_points",
            "no key point is a must",
            {"key_points": [points(1)[0], *({**point, "must": False} for point in points(4)[1:])]},
        ),
        ({"cards": [a_card(drills=["first"])]}, "id", "no card drills the must 'adam#second'", {}),
        ({"sources": ["adam2014"]}, "sources", "no source 'adam2014'", {"sources": ["sgd1951", "adam2015"]}),
        (
            {"short": "As of November 2026 it keeps two means."},
            "short",
            "'As of November 2026' is nothing to say aloud",
            {"short": "As of step one it keeps two means, in 2026 too."},
        ),
        (
            {"answer": words(150) + "As of May 2026 it leads, and as of 2026 it is cheap."},
            "answer",
            "'as of 2026' is the second date",
            {"answer": words(150) + "As of May 2026 it leads.\n\nAs of May 2026 it is cheap."},
        ),
        (
            {"answer": words(150) + "It won\nin a 2022 benchmark."},
            "answer",
            "'a 2022 benchmark' does not say whose",
            {"answer": words(150) + "It won in a 2022 benchmark\n(Grinsztajn et al., 2022)."},
        ),
        (
            {"pitfalls": ["In one large study it lost."]},
            "pitfalls",
            "'one large study' does not say whose",
            {"pitfalls": ["On one benchmark it lost (Kingma and Ba, 2015), as case studies do."]},
        ),
        (
            {"follow_ups": [{"question": "Why?", "answer": "In 2020 a paper asked. It did."}]},
            "answer",
            "'a paper' does not say whose",
            {"follow_ups": [{"question": "Why?", "answer": "Ba (2015) asked in a paper. It did."}]},
        ),
        ({"volatility": "slow"}, "volatility", "no as_of", {"volatility": "slow", "as_of": "2026-11"}),
        (
            {"volatility": "fast", "as_of": "2026-02-30"},
            "as_of",
            "no day of the calendar",
            {"volatility": "fast", "as_of": "2026-10-31"},
        ),
        (
            {"short": "Adam is the latest choice."},
            "answer",
            "'latest' has no date",
            {"short": "Adam was the latest choice of 2015."},
        ),
        (
            {"pitfalls": ["Adam is state of the art."]},
            "answer",
            "'state of the art' has no date",
            {"pitfalls": ["Wrong: Adam is state of the art."]},
        ),
        (
            {"answer": words(150) + "Used by 80 % of teams."},
            "answer",
            "a share of users has no date",
            {"answer": words(150) + "Used by 80 % of teams in 2024."},
        ),
        (
            {"corrections": [correction(taught_by=None)]},
            "taught_by",
            "no card or key point teaches",
            {"corrections": [correction()]},
        ),
        (
            {"corrections": [correction(taught_by=["mean"])]},
            "taught_by",
            "'mean' is no card or key point of 'adam'",
            {"corrections": [correction(taught_by=["third", "means"])]},
        ),
        (
            {"corrections": [correction(sources=["none"])]},
            "sources",
            "no source 'none'",
            {"corrections": [correction(sources=["adam2015"])]},
        ),
    ],
)  # fmt: skip
def test_every_rule_for_notes_tells_a_bad_one_from_a_good_one(bad: Fields, key: str, word: str, good: Fields) -> None:
    found = said(a_note(**bad))

    assert [(blamed, word in message) for blamed, message in found] == [(key, True)]
    assert findings(a_note(**good)) == []


def test_the_blamed_entry_is_the_correction_or_the_point_itself() -> None:
    bad = correction(taught_by=["none"])
    note = a_note(corrections=[correction(), bad], cards=[a_card(drills=["first"])])

    assert [found.entry for found in findings(note)] == [note["key_points"][1], bad]


@pytest.mark.parametrize(
    ("volatility", "days", "due"),
    [("slow", 365, False), ("slow", 366, True), ("fast", 183, False), ("fast", 184, True), ("stable", 9999, False)],
)
def test_a_dated_note_is_due_for_a_new_look_in_time(volatility: str, days: int, due: bool) -> None:
    said_on = (TODAY - timedelta(days=days)).isoformat()

    found = findings(a_note(volatility=volatility, as_of=said_on))

    assert [(each.key, each.expected) for each in found] == ([("as_of", True)] if due else [])


def test_a_month_means_its_first_day() -> None:
    [found] = findings(a_note(volatility="slow", as_of="2025-11"))

    assert found.message == "'adam' was checked 2025-11 and ages; look at it again"
    assert findings(a_note(volatility="slow", as_of="2025-12")) == []


def test_only_the_new_look_is_expected() -> None:
    bad = a_note(number=None, volatility="fast", answer="latest", cards=[a_card(front="Is it?")])

    assert not any(found.expected for found in findings(bad))


# ---- cards


@pytest.mark.parametrize(
    ("bad", "key", "word", "good"),
    [
        ({"front": words(26)}, "front", "26 words", {"front": words(25)}),
        ({"back": words(21)}, "back", "21 words", {"back": words(20)}),
        ({"back": words(21)}, "back", "21 words", {"back": words(19) + "$a + b + c + d$"}),
        ({"front": "Name three optimisers."}, "front", "asks for a list", {"front": "Name Adam's first mean."}),
        ({"front": "List all the means of Adam."}, "front", "asks for a list", {"front": "Which list of means is it?"}),
        ({"front": "Is Adam adaptive?"}, "front", "yes or no", {"front": "What is adaptive in Adam?"}),
        ({"front": "True or false: Adam adapts."}, "front", "yes or no", {"front": "Island models migrate how?"}),
        ({"front": "Why does it converge?"}, "front", "", None),
        ({"front": "It divides by what?"}, "front", "points at something", {"front": "Adam divides by what?"}),
        ({"front": "What does this method keep?"}, "front", "points at something", {"front": "What do methods keep?"}),
        ({"front": "Which three means has Adam?"}, "front", "asks for a list", {"front": "Which three-way split is it?"}),
        ({"back": "- one\n- two"}, "back", "is a list", {"back": "one - two"}),
        ({"back": "1. one\n2. two"}, "back", "is a list", {"back": "1.5 of two"}),
        ({"back": "momentum, scale and bias"}, "back", "is a list", {"back": "momentum and scale"}),
        ({"back": "Momentum, scale, bias."}, "back", "is a list", {"back": "It keeps a mean, a scale, and corrects both."}),
        ({"back": "No, it adapts."}, "back", "answers yes or no", {"back": "Nothing adapts."}),
        ({"front": "Adam adapts. Does SGD?"}, "front", "yes or no", {"front": "Adam adapts. What does SGD?"}),
        ({"front": "Which is older, Adam or SGD?", "back": "SGD"}, "front", "two answers to guess", {
            "front": "Which is older, Adam or SGD?", "back": "SGD", "kind": "choice", "why": "1951."}),
        ({"front": "Does the mean rise or fall?", "back": "Fall it does"}, "front", "yes or no", {
            "front": "How do sum or mean matter?", "back": "They scale."}),
        ({"drills": None}, "drills", "drills no key point", {"drills": ["third"]}),
        ({"kind": "trap", "front": "What is wrong with: \"Adam is SGD\"?"}, "why", "has no why", {
            "kind": "trap", "front": "What is wrong with: \"Adam is SGD\"?", "why": "It adapts."}),
        ({"kind": "choice"}, "why", "has no why", {"kind": "choice", "why": "It adapts."}),
        ({"kind": "trap", "front": "Adam is SGD.", "why": "No."}, "front", "a trap quotes", {
            "kind": "trap", "front": "What's wrong with: \"Adam is SGD\"?", "why": "It adapts."}),
        ({"kind": "claim", "holds": True, "back": "Yes: it adapts.", "why": "W.", "front": "Is Adam SGD?"}, "front",
         "a claim quotes one statement", A_CLAIM),
        ({**A_CLAIM, "back": "It adapts."}, "back", "begins with its verdict", A_CLAIM),
        ({**A_CLAIM, "holds": False}, "back", "says 'Yes' but 'holds' is false", {
            **A_CLAIM, "holds": False, "back": "No: it forgets its normalization of old gradients."}),
        ({**A_CLAIM, "why": None}, "why", "the claim card 'adam.other' has no why", A_CLAIM),
        ({"why": "One 2020 study says so."}, "back", "'One 2020 study' does not say whose", {"why": "Ba et al., 2020, say so."}),
        ({"kind": "number", "back": "391"}, "check", "has no check", {
            "kind": "number", "back": "391", "check": "ceil(50000 / 128) == 391"}),
        ({"check": "ceil(50000 / 128) == 390"}, "check", "does not hold", {"check": "1 < 2 <= 2 != 3"}),
        ({"check": "391"}, "check", "does not hold", {"check": "391 == 391"}),
        ({"check": "x == 391"}, "check", "can't be computed: 'x'", {"check": "abs(-391) == 391"}),
        ({"check": "1 / 0 == 1"}, "check", "can't be computed", {"check": "0 / 1 == 0"}),
        ({"kind": "number", "back": "390", "check": "ceil(1000 / 2) == 500"}, "check", "no number of the back", {
            "kind": "number", "back": "About 500", "check": "ceil(995 / 2) == 498"}),
        ({"kind": "number", "back": "about 5%", "check": "1 == 1"}, "check", "no number of the back", {
            "kind": "number", "back": "about 4.8 %", "check": "12 / 250 == 0.048"}),
        ({"kind": "number", "back": "100 480", "check": "1 == 1"}, "check", "no number of the back", {
            "kind": "number", "back": "100,480", "check": "128 * 785 == 100_480"}),
        ({"back": "0.25", "accept": ["1/4", "2^-3"]}, "accept", "accepts '2^-3', which is another", {
            "back": "$0.25$", "accept": ["1/4", "25%", "25 \\%", "2^-2", "one quarter", "0.5 * 0.5"]}),
        ({"back": "2^9999", "accept": ["2^9998", "1/0", "1e999"], "drills": None}, "drills", "drills", {
            "back": "1e999", "accept": ["9^999"]}),
        ({"back": "4.8%", "accept": ["48"]}, "accept", "another number", {"back": "4.8%", "accept": ["4.8", "0.048"]}),
        ({"back": "73,856", "accept": ["73586"]}, "accept", "another number", {"back": "73,856", "accept": ["73856"]}),
        ({"back": "8 and 7", "parts": [{"name": "a", "accept": ["8"]}, {"name": "b", "accept": ["8.0"]}]}, "parts",
         "two parts take the same answer", {"back": "8 and 7", "parts": [{"name": "a", "accept": ["8"]}, {"name": "b", "accept": ["7"]}]}),
        ({"back": "8 and 7", "parts": [{"name": "a", "accept": ["b and " * 9]}, {"name": "b", "accept": ["7"]}]}, "parts",
         "is not taken for right", {"back": "8 and 8", "parts": [{"name": "a", "accept": ["8"]}, {"name": "b", "accept": ["8"]}],
                                    "any_order": True}),
        ({"kind": "choice", "why": "W.", "back": "SGD", "distractors": [{"text": "Adam"}, {"text": " sgd."}]}, "text",
         "is a right answer", {"kind": "choice", "why": "W.", "back": "SGD", "distractors": [{"text": "Adam"}]}),
        ({"kind": "cloze", "front": "Adam keeps a [...] of gradients.", "back": "mean"}, "front", "before the blank", {
            "kind": "cloze", "front": "Adam keeps [...] of gradients.", "back": "a mean"}),
        ({"kind": "formula", "front": "What is $\\partial L/\\partial w$?", "back": "$0$"}, "back", "L, w are told of", {
            "kind": "formula", "front": "What is $\\partial L/\\partial w$ of a loss $L$?", "back": "$0$", "notation": "$w$ weight"}),
        ({"volatility": "fast", "as_of": "2026-12"}, "as_of", "lies in the future", {
            "volatility": "fast", "as_of": "2026-11-25"}),
        ({"sources": ["none"]}, "sources", "no source 'none'", {"sources": ["sgd1951"]}),
        ({"why": "It was found recently."}, "back", "'recently' has no date", {"why": "It was found recently, in 2015."}),
        ({"back": "90 % adoption"}, "back", "a share of users", {"back": "90 % adoption in 2024"}),
        ({"back": "90 % of weights"}, "", "", None),
        ({"volatility": "fast"}, "volatility", "no as_of", {"volatility": "fast", "as_of": "2026-10"}),
        ({"as_of": "2026-02-31", "volatility": "slow"}, "as_of", "no day of the calendar", {
            "as_of": "2026-02-28", "volatility": "slow"}),
        ({"as_of": "2024-02", "volatility": "slow"}, "as_of", "look at it again", {
            "as_of": "2024-02", "volatility": "stable"}),
        ({"front": "Which normalization divides by the spread?", "back": "normalization"}, "front",
         "gives the back away (normalization)", {"front": "What divides by the spread?", "back": "normalization"}),
        ({"front": "Which normalization divides by the spread?", "back": "normalization"}, "front",
         "gives the back away", {"kind": "compare", "front": "Which normalization divides?", "back": "normalization"}),
        ({"kind": "formula", "back": "$\\beta m + (1 - \\beta) g$"}, "back", "the symbols beta, g, m are told of", {
            "kind": "formula", "back": "$\\beta m + (1 - \\beta) g$", "notation": "$\\beta$ decay, $m$ mean, $g$ gradient"}),
        ({"kind": "formula", "front": "What is the mean m?", "back": "$\\beta m$"}, "back", "the symbols beta are told of", {
            "kind": "formula", "front": "What is the mean m at a decay $\\beta$?", "back": "$\\beta m$"}),
        ({"kind": "formula", "back": "$x_i$"}, "back", "the symbols x are told of", {"kind": "formula", "back": "$e^{d} + T_{ijk}$"}),
    ],
)  # fmt: skip
def test_every_rule_for_cards_tells_a_bad_one_from_a_good_one(
    bad: Fields, key: str, word: str, good: Fields | None
) -> None:
    found = said(with_card(**bad))

    if good is None:
        assert found == []
    else:
        assert [(blamed, word in message) for blamed, message in found] == [(key, True)]
        assert findings(with_card(**good)) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Mixup blends examples; CutMix pastes patches.", "semicolon"),
        ("It shows neither fairness nor causation.", "neither"),
        (words(23), "23 words"),
        ("Domain knowledge chooses it, and the label must survive it.", "joins two"),
        ("Adam is quick, but it needs memory.", "joins two"),
        (words(22), ""),
        ("Sources are sampling, labels, and the choice of a target.", ""),
        ("The gradient is a product of $a; b$, so it vanishes.", ""),
        ("Adam keeps a mean and corrects it.", ""),
    ],
)
def test_a_key_point_makes_one_statement(text: str, word: str) -> None:
    point, *others = a_note()["key_points"]

    found = findings(a_note(key_points=[{**point, "text": text}, *others]))

    assert [(each.entry["id"], each.key, word in each.message) for each in found] == (
        [("adam#first", "text", True)] if word else []
    )


def claims(*holding: bool, note: str = "adam", **changes: Any) -> Fields:
    """A note with claims that hold or don't."""
    cards = [a_card(id=f"{note}.{n}", front=f"c{n}{note}", kind="claim", holds=each) for n, each in enumerate(holding)]
    return a_note(id=note, question=f"{note}?", number=len(note), cards=cards, **changes)


def test_of_many_claims_of_a_topic_a_third_holds_and_a_third_does_not() -> None:
    assert across(claims(True, True, True, True, False, False)) == []
    assert across(claims(False, False, False, False, False)) == []
    assert across(claims(False, False, False, False, False, True)) == [
        ("adam.5", "holds", "1 of the 6 claims of 'optimizers' hold; let a third or more hold and a third or more not")
    ]
    assert across(claims(True, True, True), claims(True, True, True, note="sgd")) != []
    assert across(claims(True, True, True), claims(True, True, True, note="sgd", topic="data")) == []
    assert across(claims(True, True, True), claims(True, True, True, note="mine/sgd")) == []


def test_a_card_has_a_source_of_its_own_or_its_notes() -> None:
    bare = a_note(sources=None, cards=[a_card()])
    own = a_note(sources=None, cards=[a_card(sources=["sgd1951"])])

    assert ("sources", "'adam.means' has no source; cite one here or in its note") in said(bare)
    assert [key for key, _ in said(own)] == ["sources"]  # the note's


def test_a_card_of_a_note_without_points_drills_none() -> None:
    assert [key for key, _ in said(a_note(key_points=None, cards=[a_card(drills=None)]))] == ["key_points"]


def test_a_card_ages_as_its_note_does_unless_it_says_otherwise() -> None:
    old = {"volatility": "fast", "as_of": "2020-01"}

    assert [found.entry["id"] for found in findings(a_note(**old))] == ["adam"]
    assert [found.entry["id"] for found in findings(a_note(**old, cards=[a_card(as_of="2026-11")]))] == ["adam"]
    assert [found.entry["id"] for found in findings(a_note(cards=[a_card(**old)]))] == ["adam.means"]
    assert findings(a_note(volatility="fast", as_of="2026-11", cards=[a_card(as_of="2026-10")])) == []


def test_a_formula_counts_as_one_word() -> None:
    assert lint.words("the rate $\\frac{a + b}{c + d}$ and $$x + y$$") == 5


def test_single_letters_and_greek_names_in_formulas_are_symbols() -> None:
    text = "the mean m of $\\alpha x_t + \\mathrm{softmax}(QK) + \\log n$"

    assert symbols.used(text) == {"alpha", "x", "t", "Q", "K", "n"}
    assert symbols.used("no formula a") == set()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a rate $\\eta$ and a mean m", {"eta", "a", "m"}),
        ("weights $w_t$, $\\hat v_t$ and $A^{k}$", {"w", "t", "v", "A", "k"}),
        ("the pair $(s, a)$ and $(\\varepsilon, \\delta)$", {"s", "a", "varepsilon", "delta"}),
        ("$p(y|x, D)$ and $H[q]$ and $\\mathrm{GELU}(z)$", {"p", "y", "x", "D", "H", "q", "z"}),
        ("$\\delta^l = \\partial L/\\partial z^l$", {"delta", "l"}),  # with its scripts, but not what it is defined by
        ("the product $BA$, the step $m/\\sqrt{v}$", set()),
    ],
)
def test_a_formula_that_is_a_name_introduces_it(text: str, names: set[str]) -> None:
    assert symbols.introduced(text) == names


# ---- whole banks


def noted(n: int, **changes: Any) -> Fields:
    card = a_card(id=f"note-{n}.card", front=f"Question{n} about{n} thing{n}?")
    question = f"What is note{n} of{n} them{n}?"
    return a_note(
        **{"id": f"note-{n}", "number": n, "question": question, "tags": ["shared"], "cards": [card], **changes}
    )


def across(*notes: Fields) -> list[tuple[str, str, str]]:
    return [(found.entry["id"], found.key, found.message) for found in bank_lint.findings(notes)]


def test_notes_that_have_nothing_in_common_are_good_together() -> None:
    assert across(*(noted(n) for n in range(12))) == []


@pytest.mark.parametrize("other", ["note-1.card", "note-1"])
def test_a_contrast_is_a_card(other: str) -> None:
    def contrasting(name: str) -> Fields:
        return noted(0, cards=[a_card(id="note-0.card", contrast=[name])])

    assert across(contrasting(other), noted(1)) == []
    assert across(contrasting("none.card"), noted(1)) == [
        ("note-0.card", "contrast", "contrasts with 'none.card', which is no card; correct the id")
    ]


@pytest.mark.parametrize(("other", "good"), [("b.c", True), ("mine/b.c", True), ("yours/b.c", False)])
def test_a_contrast_may_leave_the_banks_own_prefix_out(other: str, good: bool) -> None:
    one = a_note(id="mine/a", number=1, question="A?", cards=[a_card(id="mine/a.c", contrast=[other])])
    two = a_note(id="mine/b", number=2, question="B?", cards=[a_card(id="mine/b.c", front="Something else?")])

    assert (across(one, two) == []) is good


def test_two_fronts_do_not_ask_the_same_unless_they_are_contrasted() -> None:
    fronts = [f"By what does Adam divide {which} first mean at each step?" for which in ("its", "the")]
    one, two = [noted(n, cards=[a_card(id=f"note-{n}.card", front=front)]) for n, front in enumerate(fronts)]
    linked = noted(1, cards=[a_card(id="note-1.card", front=fronts[1], contrast=["note-0.card"])])

    assert across(one, two) == [
        ("note-1.card", "front", "asks nearly what 'note-0.card' asks; rephrase it or add it to contrast")
    ]
    assert across(one, linked) == []


def test_a_number_belongs_to_one_note() -> None:
    assert across(noted(3), noted(4, number=3)) == [
        ("note-4", "number", "the number 3 belongs to 'note-3' too; choose another")
    ]
    assert across(noted(3, number=None), noted(4, number=None)) == []


def test_a_tag_is_used_twice_once_the_bank_has_grown() -> None:
    def lonely(count: int) -> list[Fields]:
        return [noted(0, tags=["shared", "lonely"]), *(noted(n) for n in range(1, count))]

    assert across(*lonely(9)) == []
    assert across(*lonely(10)) == [("note-0", "tags", "the tag 'lonely' is used once; use it twice or drop it")]


def test_a_question_and_a_front_do_not_ask_the_same_either() -> None:
    question = "What does Adam keep for each weight, and why?"
    note = noted(0, question=question, cards=[a_card(id="note-0.card", front=question)])

    assert across(note) == [
        ("note-0.card", "front", "asks nearly what 'note-0' asks; rephrase it or add it to contrast")
    ]


def test_a_contrast_links_cards_of_a_bank_with_a_prefix_too() -> None:
    fronts = [f"By what does Adam divide {which} first mean at each step?" for which in ("its", "the")]
    one = a_note(id="mine/a", number=1, question="A?", cards=[a_card(id="mine/a.c", front=fronts[0])])
    two = a_note(id="mine/b", number=2, question="B?", cards=[a_card(id="mine/b.c", front=fronts[1], contrast=["a.c"])])

    assert across(one, two) == []


@given(
    fronts=st.lists(
        st.lists(st.sampled_from("adam sgd keeps the mean of which step why".split()), max_size=8), max_size=8
    )
)
def test_every_front_that_asks_nearly_the_same_is_found(fronts: list[list[str]]) -> None:
    bags = [set(front) for front in fronts]
    cards = [a_card(id=f"note.{n}", front=" ".join(front)) for n, front in enumerate(fronts)]
    alike = {
        f"note.{n}"
        for n, bag in enumerate(bags)
        if any(bag | other and len(bag & other) >= bank_lint.SIMILAR * len(bag | other) for other in bags[:n])
    }

    assert {entry for entry, _, _ in across(a_note(id="note", question="?", cards=cards))} == alike


@pytest.mark.parametrize(("name", "good"), [("note-0.card", True), ("note-0", True), ("note-0.none", False)])
def test_what_replaces_a_retired_id_is_a_card(name: str, good: bool) -> None:
    tomb = {"id": "old", "on": "2026-11", "replaced_by": name}

    found = list(bank_lint.findings([noted(0)], [("", tomb), ("", {"id": "older", "on": "2026-11"})]))

    assert [(each.entry, each.key) for each in found] == ([] if good else [(tomb, "replaced_by")])


def test_the_balance_counts_kinds_topics_and_names_what_is_left_to_do() -> None:
    aged = a_card(id="adam.aged", volatility="fast", as_of="2026-05-24")
    rows = [
        a_note(cards=[a_card(), a_card(id="adam.why", kind="why"), aged]),
        a_note(id="data", topic="data", volatility="slow", as_of="2026-11-23", cards=[]),
        a_note(id="later", topic="data", volatility="slow", as_of="9999-12-31", key_points=None, cards=[]),
    ]

    assert bank_lint.balance(rows, TODAY) == bank_lint.Balance(
        kinds={"basic": 2, "why": 1},
        topics={"optimizers": 3, "data": 0},
        undrilled=("adam#third", "adam#fourth", *(f"adam#{name}" for name in ("first", "second", "third", "fourth"))),
        looks=((-1, "adam.aged"), (364, "data")),
    )


TEXT = st.text(max_size=60) | st.text(alphabet="$\\ab .?!(){}^_%1", max_size=60)


@given(
    texts=st.fixed_dictionaries({"front": TEXT, "back": TEXT, "why": TEXT, "notation": TEXT}),
    kind=st.sampled_from(["basic", "formula", "trap", "claim", "choice", "cloze"]),
    answer=TEXT,
    as_of=st.from_regex(r"[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?", fullmatch=True),
)
@example(texts={"front": "", "back": "", "why": "", "notation": ""}, kind="formula", answer="", as_of="0000-01")
def test_any_text_is_judged(texts: dict[str, str], kind: str, answer: str, as_of: str) -> None:
    note = a_note(answer=answer, volatility="fast", as_of=as_of, cards=[a_card(kind=kind, **texts)])

    for found in [*findings(note), *bank_lint.findings([note])]:
        assert "; " in found.message


@pytest.mark.parametrize("piece", ["a", "a or ", "1% ", "\n", " ", "$", "$a ", "_{", "9", "a,"])
def test_a_very_long_text_is_judged_in_time(piece: str) -> None:
    """Every pattern is linear: a quadratic one would take hours, and a bank is nobody's reason to wait."""
    text = f"a{piece * (50_000 // len(piece))}b?"
    cards = [
        a_card(id=f"adam.{kind}", kind=kind, front=text, back=text, accept=[text]) for kind in ("basic", "formula")
    ]
    began = time.monotonic()

    assert findings(a_note(question=text, answer=text, pitfalls=[text], cards=cards)) != []
    assert time.monotonic() - began < 20


# ---- check --strict


STRICT = """\
bank: mine
notes:
  - id: adam
    number: 1
    tags: [adam]
    difficulty: 1
    asked: 3
    question: What does Adam keep?
    short: Two means.
    answer: {answer}
    key_points:
      - {{id: a, text: One., must: true}}
      - {{id: b, text: Two.}}
      - {{id: c, text: Three.}}
      - {{id: d, text: Four.}}
    pitfalls: [It keeps one.]
    follow_ups: [{{question: Why?, answer: So.}}]
    sources: [adam2015]
    volatility: fast
    as_of: {as_of}
    cards:
      - {{id: e, front: {front}, back: Two., drills: [a]}}
"""


def strict_check(folder: Path, *, front: str = "How many means?", as_of: str) -> check.CheckResult:
    path = folder / "mine.yaml"
    path.write_text(STRICT.format(answer=words(150), front=front, as_of=as_of), encoding="utf-8")
    sources = "sources:\n  adam2015: {authors: Kingma, title: Adam, link: 'https://arxiv.org/abs/1412.6980'}\n"
    (folder / "sources.yaml").write_text(sources, encoding="utf-8")
    return check.check(BankPaths(builtin=False), [path], strict=True)


def test_advice_stands_at_the_place_of_the_blamed_key_and_fails_a_strict_check(tmp_path: Path) -> None:
    found = strict_check(tmp_path, front="Is it two?", as_of=f"{date.today().isoformat()}")  # noqa: DTZ011 - check uses today

    assert [str(problem) for problem in found.problems] == [
        f"{tmp_path}/mine.yaml:22:17: advice: can be answered with yes or no; ask which, why, how much or what is wrong"
    ]
    assert found.failing


def test_a_new_look_that_is_due_is_told_and_fails_nothing(tmp_path: Path) -> None:
    found = strict_check(tmp_path, as_of="2020-01")

    assert [(problem.line, problem.column, problem.level) for problem in found.problems] == [(20, 5, "advice")]
    assert "look at it again" in found.problems[0].message
    assert not found.failing


def test_without_strict_no_advice_is_given(tmp_path: Path) -> None:
    strict_check(tmp_path, front="Is it two?", as_of="2020-01")

    found = check.check(BankPaths(builtin=False), [tmp_path], strict=False)

    assert (found.problems, found.failing, found.notes, found.cards) == ([], False, 1, 2)


# ---- expressions


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4 / 8", 6.5),
        ("7 // 2 + 7 % 4", 6),
        ("-2 ** 2", -4),
        ("+3", 3),
        ("2 ** -1", 0.5),
        ("2 ** 3 ** 2", 512),
        ("  ceil(50000 / 128) == 391\n", True),
        ("1 < 2 < 3", True),
        ("1 < 3 < 2", False),
        ("1 != 1.0", False),
        ("3 >= 3 and not 2 > 3", True),
        ("1 == 2 or 2 <= 2", True),
        ("True", True),
        ("abs(-3)", 3),
        ("comb(5, 2)", 10),
        ("erf(0)", 0),
        ("exp(0)", 1),
        ("factorial(5)", 120),
        ("floor(2.9)", 2),
        ("fsum(0.1, 0.1, 0.1)", 0.30000000000000004),
        ("log(exp(2))", 2),
        ("log(8, 2)", 3),
        ("log2(8)", 3),
        ("log10(1000)", 3),
        ("max(1, 3, 2)", 3),
        ("min(1, 3, 2)", 1),
        ("round(pi, 2)", 3.14),
        ("round(2.4)", 2),
        ("sqrt(2) ** 2", 2),
        ("tanh(0)", 0),
        ("1e-3", 0.001),
        ("60_000 // 128", 468),
    ],
)
def test_arithmetic_is_computed(text: str, value: float | bool) -> None:
    result = expression.evaluate(text)

    assert result == pytest.approx(value)
    assert isinstance(result, bool) is isinstance(value, bool)


@pytest.mark.parametrize(
    "text",
    [
        # names, attributes, subscripts
        "x", "math", "__builtins__", "None", "Ellipsis", "nan", "pi.real", "(1).real", "().__class__", "[1][0]", "pi[0]",
        # calls
        "print(1)", "eval('1')", "open('x')", "__import__('os')", "exp.__call__(1)", "max(1, 2, key=abs)", "max(*[1, 2])",
        "abs(**{})", "(lambda: 1)()", "abs()", "abs(1, 2)", "exp", "abs(abs)",
        # texts and containers
        "'a'", "'a' * 9", "'a' == 'a'", "f'{1}'", "b'a'", "...", "1j", "[1]", "(1, 2)", "{1}", "{1: 2}", "()",
        # comprehensions and the rest of Python
        "[x for x in (1, 2)]", "sum(x for x in (1, 2))", "{x for x in ()}", "{x: x for x in ()}", "1 if 1 else 2", "(x := 1)",
        "lambda: 1", "1 in (1,)", "1 is 1", "~1", "1 << 2", "1 | 2", "1 & 2", "1 ^ 2", "1 @ 2", "await 1", "yield 1",
        # no expression
        "", " ", "1 +", "1; 2", "1\n2", "x = 1", "import os", "(1", "1)", "\0", "1 2", "0777", "\ud800", "#",
        # no value
        "1 / 0", "1 // 0", "1 % 0", "0 ** -1", "log(0)", "log(-1)", "sqrt(-1)", "(-8) ** (1 / 3)", "factorial(-1)",
        "factorial(2.5)", "comb(1.5, 1)", "floor(1e999)", "round(1e999)", "exp(1000)", "2.0 ** 10000", "10 ** 400 * 1.5",
        # too big
        "9 ** 9 ** 9", "9 ** 9999 ** 2", "(9 ** 9999) ** 9999", "(10 ** 300) ** 10000", "2 ** 10001", "factorial(10001)",
        "comb(10 ** 9, 10 ** 8)", "factorial(factorial(20))", "factorial(9999) * factorial(9999)", "1e999 ** 1e999",
        "1 + " * 200 + "1", "(" * 300 + ")" * 300, "-" * 501 + "1",
    ],
)  # fmt: skip
def test_what_is_no_small_arithmetic_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        expression.evaluate(text)


@pytest.mark.parametrize("text", ["(" * 240 + "1" + ")" * 240, "-" * 499 + "1", "not " * 120 + "1", "1" + "+1" * 249])
def test_what_is_deeply_nested_is_computed_or_refused(text: str) -> None:
    with suppress(ExpressionError):
        expression.evaluate(text)


def test_an_expression_may_have_500_characters() -> None:
    assert expression.evaluate("1" + " " * 498 + " ") == 1
    with pytest.raises(ExpressionError, match="longer than 500 characters"):
        expression.evaluate("1" + " " * 500)


def test_a_refusal_shows_what_is_refused() -> None:
    with pytest.raises(ExpressionError, match=r"'pi\.real' is not part of it"):
        expression.evaluate("2 * pi.real")


def test_every_function_of_the_docs_can_be_called() -> None:
    docs = (Path(__file__).parent.parent / "docs" / "bank-format.md").read_text(encoding="utf-8")
    line = docs.partition("- **check** knows")[2].partition("\n\n")[0]

    assert all(f"{name}" in line.replace("`", " ").split() for name in expression.FUNCTIONS)


def test_towers_of_powers_end_at_once() -> None:
    """In a process of its own: a big power can't be interrupted from within."""
    towers = [
        "9**9**9",
        "9**9**9**9",
        "-9**9**9",
        "2**(9**9**9 > 1)",
        "factorial(9**9**9)",
        "max(1, 9**9**9)",
        "9**-9**9**9",
    ]
    code = (
        "from dlquiz import expression\n"
        f"for text in {towers!r}:\n"
        "    try: print(expression.evaluate(text))\n"
        "    except expression.ExpressionError: print('refused')\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=True)

    assert done.stdout.split() == ["refused"] * len(towers)


TOKENS = [
    *"0123456789.+-*/%()<>=!,_ xj[]'#\\\n", "**", "//", "==", " and ", " or ", "not ", "abs(", "ceil(", "comb(", "factorial(",
    "log(", "max(", "sqrt(", "exp(", "fsum(", "tanh(", "pi", "e", "9**9**9", "1e308", "10**300", " in ", ".real", "for ",
    "True", "0x", ":=", "lambda:", " if ", " else ", "*[",
]  # fmt: skip


@settings(deadline=5000, max_examples=1500)
@given(st.lists(st.sampled_from(TOKENS), max_size=20).map("".join) | st.text(max_size=80))
@example("9**9**9")
@example("\ud800")
@example("1or 2")
@example("'\\d'")
def test_any_text_has_a_number_a_truth_or_an_expression_error(text: str) -> None:
    began = time.monotonic()

    with suppress(ExpressionError):
        assert isinstance(expression.evaluate(text), bool | int | float)
    assert time.monotonic() - began < 5


NUMBERS = st.integers(0, 10**6) | st.floats(0, 1e6, allow_subnormal=False)
SUMS = st.recursive(
    NUMBERS.map(repr), lambda part: st.tuples(part, st.sampled_from(["+", "-", "*"]), part).map(lambda t: f"({t[0]}{t[1]}{t[2]})"),
    max_leaves=8,
)  # fmt: skip


@given(SUMS)
def test_sums_and_products_are_those_of_python(text: str) -> None:
    assert expression.evaluate(text) == eval(text, {"__builtins__": {}})


@given(st.floats(0.001, 100), st.sampled_from(["sqrt", "log", "log2", "log10", "tanh", "erf", "floor", "ceil"]))
def test_functions_are_those_of_the_library(number: float, name: str) -> None:
    function: Callable[[float], float] = getattr(math, name)

    assert expression.evaluate(f"{name}({number!r})") == function(number)
