"""A typed answer beside the right one: every spelling of the right one is right, a wrong one is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import maths, variants
from dlquiz.bank import read
from dlquiz.text import algebra, compare, numerals, printable
from dlquiz.text.compare import Verdict

QUESTIONS = Path(__file__).parents[1] / "questions"


@pytest.mark.parametrize(
    ("typed", "right"),
    [("Relu", "ReLU"), ("p-y", "p − y"), ("p - y", "$p - y$"), ("0.25.", "0.25"), ("β1", "β1"), ("x**2", "x^2")],
)
def test_case_spacing_and_signs_make_no_other_answer(typed: str, right: str) -> None:
    assert compare.same(typed, right)


def test_a_number_is_not_nearly_another() -> None:
    assert not compare.same("0.1", "0.01")
    assert not compare.same("-1", "1")


def test_the_difference_stands_where_it_is() -> None:
    assert compare.difference("1e-4", "1e-3") == "1e-[4 → 3]"
    assert compare.difference("dropot", "dropout") == "dropo[ → u]t"


@given(st.text(max_size=30), st.text(max_size=30))
def test_closeness_is_one_for_the_same_and_within_bounds(one: str, other: str) -> None:
    assert compare.closeness(one, one) == 1
    assert 0 <= compare.closeness(one, other) <= 1


@pytest.mark.parametrize(("typed", "right"), [("0.90", "0.9"), ("1e-3", "0.001"), ("100480", "100,480"), (".5", "0.5")])
def test_a_number_is_the_same_however_it_is_written(typed: str, right: str) -> None:
    assert compare.same(typed, right)


@pytest.mark.parametrize(("typed", "right"), [("5%", "5"), ("1,2", "12"), ("10", "100")])
def test_other_numbers_are_not(typed: str, right: str) -> None:
    assert not compare.same(typed, right)


@pytest.mark.parametrize(
    ("typed", "right", "slips"),
    [
        ("exponetial", "exponential", True), ("vanishng gradient", "vanishing gradient", True), ("L1", "L2", False),
        ("0.01", "0.001", False), ("GeLU", "ReLU", False),
        ("p + y", "p - y", False), ("y - p", "p - y", False), ("maximum", "minimum", False),
    ],
)  # fmt: skip
def test_a_small_typo_is_a_slip_and_another_digit_is_not(typed: str, right: str, *, slips: bool) -> None:
    assert compare.slip(typed, right) is slips


def typed_cards() -> Iterator[tuple[str, list[str]]]:
    """The answers of each typed card, the shown one first."""
    for path in sorted(QUESTIONS.glob("*.yaml")):
        if path.name in ("sources.yaml", "revisions.yaml"):
            continue
        for note, card in read.read(path, builtin=True).cards():
            del note
            if card.get("accept"):
                filled = variants.filled(card)
                yield card["id"], [filled["back"], *filled["accept"]]


CARDS = dict(typed_cards())


def spellings(answer: str) -> set[str]:
    """An answer as it is written, as a screen shows it, and as people copy it from there."""
    shown = maths.plain(answer)
    ascii_only = shown.encode("ascii", printable.ENCODING_ERRORS).decode()
    signs = str.maketrans({"·": "*", "×": "x", "−": "-", "⊙": "*"})
    return {
        answer, shown, f"  {shown} ", f"{shown}.", shown.translate(signs), shown.replace("−", "–"), ascii_only,
        ascii_only.replace(" + ", "+").replace(" - ", "-").replace(" = ", "="), shown.replace(" ", "\u00a0"),
        shown[:1].lower() + shown[1:] if shown[1:2].islower() else shown,
    }  # fmt: skip


def test_the_answer_as_it_is_shown_is_right_in_every_spelling() -> None:
    refused = [
        (card, spelling)
        for card, rights in CARDS.items()
        for spelling in sorted({*spellings(rights[0]), *rights})
        if compare.judged(spelling, rights) is not Verdict.RIGHT
    ]

    assert len(CARDS) > 50
    assert refused == []


def test_no_card_takes_the_answer_of_another_but_by_being_of_the_same_kind() -> None:
    numbers = {card: rights for card, rights in CARDS.items() if numerals.read(maths.plain(rights[0]))}

    for card, rights in numbers.items():
        value = numerals.read(maths.plain(rights[0]))
        assert value is not None
        if not value.value:
            continue
        for wrong in (f"{value.value * 1.5:.12g}", f"{-value.value:.12g}", f"{value.value * 7.7:.12g}"):
            assert compare.judged(wrong, rights) is Verdict.WRONG, (card, wrong)


RIGHT = [
    ("0,125", "0.125"), ("25%", "0.25"), ("25 %", "1/4"), ("1/4", "0.25"), ("10^-3", "1e-3"), ("10⁻³", "0.001"),
    ("8/9, 2/3", "About 0.89 and 0.67"), ("0,89 and 0,67", "About 0.89 and 0.67"), ("784*128+128", "100 480"),
    ("100,480", "100 480"), ("100.480", "100.480"), ("1.074 GB", "1.07 GB"), ("1024 MiB", "1 GiB"), ("14, 3.5", "14 GB and 3.5 GB"),
    ("sqrt(10)", "$0.1/\\sqrt{0.001} \\approx 3.16$"), ("3.162", "$0.1/\\sqrt{0.001} \\approx 3.16$"),
    ("16 bytes", "2 + 2 + 4 + 4 + 4 = 16"), ("about 20", "About 20"), ("twenty", "About 20"), ("a quarter", "0.25"),
    ("112x112", "112×112"), ("112 by 112", "$112 \\times 112$"), ("3.2", "3.2 (reached through warm-up)"),
    ("x * Phi(x)", "$x \\cdot \\Phi(x)$"), ("Φ(x)x", "$x \\cdot \\Phi(x)$"), ("L=λW", "$L = \\lambda W$"), ("W*lambda", "$L = \\lambda W$"),
    ("sigmoid(W x_t + b + U h_{t-1})", "$\\sigma(W x_t + U h_{t-1} + b)$"), ("O(n^2)", "O(n²)"), ("n squared", "$n^2$"),
    ("2/(fan_out + fan_in)", "2/(fan_in + fan_out)"), ("eps/K + (1-eps) y", "$(1 - \\epsilon) y + \\epsilon/K$"),
    ("softmax(Q K^T / sqrt(d_k)) * V", "$\\mathrm{softmax}(QK^\\top/\\sqrt{d_k})V$"), ("-y + p", "$p - y$"), ("p minus y", "$p - y$"),
    ("e^L", "$\\exp(L)$"), ("1/B", "$B^{-1}$"), ("B⁻¹", "$1/B$"), ("m*mu_B + (1-m)*r", "$r = (1 - m) r + m \\mu_B$"),
    ("D_KL(p || q)", "$D_{KL}(p \\| q)$"), ("L2 regularisation", "L2 regularization"), ("unlabelled data", "unlabeled data"),
    ("Log Mel spectrogram", "log-mel spectrogram"), ("the weights", "weights"), (r"\lambda W", "$L = \\lambda W$"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "right"), RIGHT)
def test_the_same_answer_in_other_words_is_right(typed: str, right: str) -> None:
    assert compare.judged(typed, [right]) is Verdict.RIGHT


def test_words_behind_a_blank_may_be_typed_too() -> None:
    behind = " regularisation, as of 2026."

    assert compare.judged("L2 regularization", ["L2"], behind) is Verdict.RIGHT
    assert compare.judged("L2", ["L2"], behind) is Verdict.RIGHT
    assert compare.judged("L1 regularisation", ["L2"], behind) is not Verdict.RIGHT
    assert compare.judged("regularisation", ["L2"], behind) is not Verdict.RIGHT


WRONG = [
    ("125", "0.125"), ("0,125", "125"), ("0.5", "$0.25^{10} \\approx 9.5 \\times 10^{-7}$"), ("0.25", "25"), ("1/3", "0.25"),
    ("10^3", "1e-3"),
    ("2/3, 8/9", "About 0.89 and 0.67"), ("0.89 and 0.76", "About 0.89 and 0.67"), ("784*128", "100 480"), ("1.1 GB", "1.07 GB"),
    ("1 GB", "1 GiB"), ("1024 GiB", "1 GiB"), ("14 s", "14 GB"), ("3.5, 14", "14 GB and 3.5 GB"), ("-1", "1"), ("8x8", "7×7"),
    ("21", "About 20"),
    ("two", "three"), ("3.1", "$0.1/\\sqrt{0.001} \\approx 3.16$"), ("2.5 %", "25%"),
    ("y - p", "$p - y$"), ("p + y", "$p - y$"), ("x*phi(x)", "$x \\cdot \\Phi(x)$"), ("L = λ/W", "$L = \\lambda W$"), ("O(n^3)", "O(n²)"),
    ("O(n)", "O(n²)"), ("2/(n_in - n_out)", "$2/(n_{in} + n_{out})$"), ("(1+eps) y + eps/K", "$(1 - \\epsilon) y + \\epsilon/K$"),
    ("e^-L", "$e^L$"), ("W + (alpha/r) A B", "$W + (\\alpha/r) BA$"), ("D_KL(q || p)", "$D_{KL}(p \\| q)$"), ("B", "$1/B$"),
    ("softmax(QK^T*sqrt(d_k))V", "$\\mathrm{softmax}(QK^\\top/\\sqrt{d_k})V$"), ("ceil(B/N)", "$\\lceil N/B \\rceil$"),
    ("-inf", "$\\infty$"), ("m*r + (1-m)*mu_B", "$r = (1 - m) r + m \\mu_B$"), ("p(x|y)", "$p(y|x)$"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "right"), WRONG)
def test_another_number_sign_exponent_or_order_is_wrong(typed: str, right: str) -> None:
    assert compare.judged(typed, [right]) is Verdict.WRONG


@pytest.mark.parametrize(
    ("typed", "right", "verdict"),
    [
        ("vanishng gradients", "vanishing gradients", Verdict.NEARLY),
        ("softmx(z/T)", "$\\mathrm{softmax}(z/T)$", Verdict.NEARLY),
        ("dropout", "weight decay", Verdict.COMPARE),
        ("2 backward passes", "2 forward passes", Verdict.COMPARE),
        ("$p(x|y)$ moved while $p(y)$ stayed", "$p(y)$ moved while $p(x|y)$ stayed", Verdict.COMPARE),
        (
            "20 identity outputs with a mean squared-error loss",
            "20 independent sigmoids with binary cross-entropy",
            Verdict.COMPARE,
        ),
        ("1-WL", "2-WL", Verdict.COMPARE),
        ("something else", "$p - y$", Verdict.COMPARE),
        (
            "TP/(TP + (FP+FN)/2)",
            "$2\\mathrm{TP}/(2\\mathrm{TP} + \\mathrm{FP} + \\mathrm{FN})$",
            Verdict.COMPARE,
        ),  # as right, told by nobody
    ],
)
def test_what_cannot_be_told_is_left_to_its_author(typed: str, right: str, verdict: Verdict) -> None:
    assert compare.judged(typed, [right]) is verdict


@given(
    st.text() | st.text("()^_|+-*/=, abAB12.√Σλ$\\{}", max_size=60),
    st.sampled_from([rights[0] for rights in CARDS.values()]),
)
def test_any_typed_text_is_judged(typed: str, right: str) -> None:
    assert compare.judged(typed, [right]) in Verdict
    assert compare.judged(right, [right]) is Verdict.RIGHT


@pytest.mark.parametrize("part", ["(", "|", "a^", "sqrt", "-", "9^9^", "1e999*", "{", "∑", "x_"])
def test_a_long_typed_text_is_judged_too(part: str) -> None:
    assert compare.judged(part * 2000, ["$p - y$", "0.25"]) in (Verdict.COMPARE, Verdict.WRONG)


def test_sums_have_no_order_and_matrices_do() -> None:
    assert algebra.same("a + b*c + d", "d + c*b + a")
    assert not algebra.same("W V", "V W")
    assert algebra.differ("W V", "V W")
