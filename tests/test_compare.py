"""A typed answer beside the right one: every spelling of the right one is right, a wrong one is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import variants
from dlquiz.bank import read
from dlquiz.text import algebra, compare, slips
from dlquiz.text.compare import Worth

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


RIGHT = [
    ("0,125", "0.125"), ("25%", "0.25"), ("25 %", "1/4"), ("1/4", "0.25"), ("10^-3", "1e-3"), ("10⁻³", "0.001"),
    ("0.889", "8/9"), ("0.889, 0.667", "8/9, 2/3"), ("0.3333", "1/3"),
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
    ("Log Mel spectrogram", "log-mel spectrogram"),
    ("a log mel spectrogram (time)", "A log-mel spectrogram (time)"), ('"the mask"', "The mask"),
    ("Sigmoid", "sigmoid"), ("the true labels", "the true label"), ("its singular value", "singular values"),
    ("stochastic weight averaging (SWA)", "stochastic weight averaging"), ("the new head only", "the new head"), ("SIGMOID", "sigmoid"),
    ("a gan or a net", "A GAN or a net"), ("4,127", "4.127"), ("4,127", "4127"), ("48 of 1000", "4.8%"), ("1 in 20", "0.05"),
    ("2-3 times", "2 to 3 times as long"),
    ("between two and three", "2–3"), ("2 TO 3 TIMES", "2 to 3 times"), ("0.0588", "About 0.06"),
    ("1 - sum_i (y_i - y_hat_i)^2 / sum_i (y_i - y_bar)^2", "$1 - \\sum_i (y_i - \\hat y_i)^2 / \\sum_i (y_i - \\bar y)^2$"),
    ("(n choose k)/(m choose k)", "$\\binom{n}{k} / \\binom{m}{k}$"), ("C(n,k)/C(m,k)", "$\\binom{n}{k} / \\binom{m}{k}$"),
    ("(1-etalambda)w", "$(1 - \\eta\\lambda) w$"), ("max(p/q, 0)", "$\\max(0, p/q)$"), ("T ∩ R", "$R \\cap T$"),
    ("TP/(TP + (FP+FN)/2)", "$2\\mathrm{TP}/(2\\mathrm{TP} + \\mathrm{FP} + \\mathrm{FN})$"), ("1/(1 + b/a)", "$a/(a + b)$"),
    ("log(a/b)", "$\\log a - \\log b$"), ("-log(b) + log(a)", "$\\log(a/b)$"), ("-ln(1/a)*b", "$b \\ln a$"),
    ("the weights", "weights"), (r"\lambda W", "$L = \\lambda W$"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "right"), RIGHT)
def test_the_same_answer_in_other_words_is_right(typed: str, right: str) -> None:
    assert compare.judged(typed, [right]) is Worth.RIGHT


def test_words_behind_a_blank_may_be_typed_too() -> None:
    behind = " regularisation, as of 2026."

    assert compare.judged("L2 regularization", ["L2"], behind) is Worth.RIGHT
    assert compare.judged("L2", ["L2"], behind) is Worth.RIGHT
    assert compare.judged("L1 regularisation", ["L2"], behind) is not Worth.RIGHT
    assert compare.judged("regularisation", ["L2"], behind) is not Worth.RIGHT


WRONG = [
    ("0.888", "8/9"), ("0.33", "1/3"), ("0.13", "1/8"), ("0.889, 0.666", "8/9, 2/3"),
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
    ("-inf", "$\\infty$"), ("C(m,k)/C(n,k)", "$\\binom{n}{k} / \\binom{m}{k}$"),
    ("-1", "2-3"), ("2 to 4 times", "2 to 3 times as long"), ("4800%", "48 of 1000"), ("floor(N/B)", "$\\lceil N/B \\rceil$"),
    ("L^e", "$e^L$"), ("log(L)", "$\\exp(L)$"), ("max(1, p/q)", "$\\min(1, p/q)$"), ("W = λ L", "$L = \\lambda W$"),
    ("(p_o - p_e)/(p_e - 1)", "$(p_o - p_e)/(1 - p_e)$"), ("sqrt(ceil(n/2))", "$\\lceil n/2 \\rceil$"),
    ("1/sqrt(a - 1)", "$1/\\sqrt{1 - a}$"), ("p(x) p(y)", "$p(x) + p(y)$"),
    ("m*r + (1-m)*mu_B", "$r = (1 - m) r + m \\mu_B$"), ("p(x|y)", "$p(y|x)$"),
    ("x/sqrt(mean(x)^2 + eps)", "$x/\\sqrt{\\mathrm{mean}(x^2) + \\epsilon}$"), ("a^T delta", "$\\delta a^\\top$"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "right"), WRONG)
def test_another_number_sign_exponent_or_order_is_wrong(typed: str, right: str) -> None:
    assert compare.judged(typed, [right]) is Worth.WRONG


@pytest.mark.parametrize(("typed", "right"), [("8/9", "8/9, 2/3"), ("64", "64, 128"), ("0.5", "0.5 and 0.25")])
def test_one_answer_of_two_is_not_right(typed: str, right: str) -> None:
    assert compare.judged(typed, [right]) is Worth.COMPARE


@pytest.mark.parametrize(
    ("typed", "right", "verdict"),
    [
        ("vanishng gradients", "vanishing gradients", Worth.NEARLY),
        ("softmx(z/T)", "$\\mathrm{softmax}(z/T)$", Worth.NEARLY),
        ("dropout", "weight decay", Worth.COMPARE),
        ("2 backward passes", "2 forward passes", Worth.COMPARE),
        ("$p(x|y)$ moved while $p(y)$ stayed", "$p(y)$ moved while $p(x|y)$ stayed", Worth.COMPARE),
        (
            "20 identity outputs with a mean squared-error loss",
            "20 independent sigmoids with binary cross-entropy",
            Worth.COMPARE,
        ),
        ("1-WL", "2-WL", Worth.COMPARE),
        ("something else", "$p - y$", Worth.COMPARE),
        ("not memory bandwidth", "memory bandwidth", Worth.COMPARE),
        ("no position", "position", Worth.COMPARE),
        ("on-policy learning", "off-policy learning", Worth.COMPARE),
        ("the predicted attribute", "the protected attribute", Worth.COMPARE),
        ("maximisation", "minimisation", Worth.COMPARE),
        ("increases", "decreases", Worth.COMPARE),
        ("the loss of the decoder", "the loss of the encoder", Worth.COMPARE),
        ("reinforcment learnig", "reinforcement learning", Worth.NEARLY),
        ("thumbs-up/thumbs-down", "thumbs-up/down", Worth.COMPARE),
        ("1WL", "The 1-Weisfeiler-Leman test (1-WL)", Worth.COMPARE),
        ("stochastic weight averaging (EMA)", "stochastic weight averaging", Worth.COMPARE),
        ("x", "$x_1 - x_0$", Worth.COMPARE),
        ("x_2", "$2x$", Worth.COMPARE),
        ("quadratic in n", "$n^2$", Worth.COMPARE),
        ("fan_out/2", "$n/2$", Worth.COMPARE),
        ("W x + r*(U h)", "$W x + U(r \\odot h)$", Worth.COMPARE),
    ],
)
def test_what_cannot_be_told_is_left_to_its_author(typed: str, right: str, verdict: Worth) -> None:
    assert compare.judged(typed, [right]) is verdict


@given(
    st.text() | st.text("()^_|+-*/=, abAB12.√Σλ$\\{}", max_size=60),
    st.sampled_from([rights[0] for rights in CARDS.values()]),
)
def test_any_typed_text_is_judged(typed: str, right: str) -> None:
    assert compare.judged(typed, [right]) in Worth
    assert compare.judged(right, [right]) is Worth.RIGHT


@pytest.mark.parametrize("part", ["(", "|", "a^", "sqrt", "-", "9^9^", "1e999*", "{", "∑", "x_"])
def test_a_long_typed_text_is_judged_too(part: str) -> None:
    assert compare.judged(part * 2000, ["$p - y$", "0.25"]) in (Worth.COMPARE, Worth.WRONG)


def test_a_matrix_is_applied_to_a_product_whose_own_order_is_nothing() -> None:
    assert compare.judged("U*(h*r) + W x", ["$W x + U(r \\odot h)$"]) is Worth.RIGHT
    assert compare.judged("r*h*U + W x", ["$W x + U(r \\odot h)$"]) is not Worth.RIGHT


def test_sums_have_no_order_and_matrices_do() -> None:
    assert algebra.same("a + b*c + d", "d + c*b + a")
    assert not algebra.same("W V", "V W")
    assert algebra.differ("W V", "V W")


@pytest.mark.parametrize(
    ("typed", "rights", "verdict"),
    [
        ("65.54k", ["65 536", "65.5k"], Worth.RIGHT), ("65537", ["65 536", "65.5k"], Worth.WRONG),
        ("0.0564", ["About 0.06", "0.0588"], Worth.WRONG), ("0.05882", ["About 0.06", "0.0588"], Worth.RIGHT),
        ("4.8 s", ["4.8 ms", "4.8"], Worth.WRONG), ("4.8", ["4.8 ms", "4.8"], Worth.RIGHT),
        ("4800 us", ["4.8 ms", "4.8"], Worth.RIGHT),
        ("0.667", ["About 0.67", "2/3"], Worth.RIGHT), ("0.672", ["About 0.67", "2/3", "0.667"], Worth.WRONG),
        ("2.7183", ["$e \\approx 2.72$", "2.71828"], Worth.RIGHT), ("2.73", ["$e \\approx 2.72$", "2.71828"], Worth.WRONG),
    ],
)  # fmt: skip
def test_a_more_exact_number_agrees_with_all_that_the_bank_says(typed: str, rights: list[str], verdict: Worth) -> None:
    assert compare.judged(typed, rights) is verdict


@pytest.mark.parametrize(
    ("typed", "word", "slipped"),
    [
        ("sofmax", "softmax", True), ("exponetial", "exponential", True), ("adma", "adam", True),
        ("adam", "adam", False),
        ("decoder", "encoder", False), ("cell", "call", False), ("maximise", "minimise", False),
        ("backpropogatoin", "backpropagation", True),
        ("unsupervised", "supervised", False), ("exogenous", "endogenous", False), ("", "a", False),
    ],
)  # fmt: skip
def test_a_slip_makes_no_other_word(typed: str, word: str, *, slipped: bool) -> None:
    assert slips.slipped(typed, word) is slipped
