"""Two answers to one card are compared one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import typed_answer
from dlquiz.card import Card, Part
from dlquiz.text import parts
from dlquiz.text.compare import Worth

BITS = (Part("exponent bits", ("8", "8 bits"), ("exponent",)), Part("mantissa bits", ("7",), ("mantissa", "fraction")))
RATES = (Part("precision", ("8/9",)), Part("recall", ("2/3",)))
PRIORS = (Part("L2", ("Gaussian", "normal")), Part("L1", ("Laplace", "Laplacian")))
BACKENDS = (Part("JAX", ("JAX",)), Part("PyTorch", ("PyTorch", "torch")))
RIGHT, NEARLY, WRONG, COMPARE = Worth.RIGHT, Worth.NEARLY, Worth.WRONG, Worth.COMPARE


@pytest.mark.parametrize(
    ("asked", "typed", "verdicts"),
    [
        (BITS, "8 and 7", (RIGHT, RIGHT)), (BITS, "8/7", (RIGHT, RIGHT)), (BITS, "8 7", (RIGHT, RIGHT)), (BITS, "8+7", (RIGHT, RIGHT)),
        (BITS, "8 and 6", (RIGHT, WRONG)), (BITS, "7 and 8", (WRONG, WRONG)), (BITS, "8", (RIGHT, None)), (BITS, "7 bits", (None, RIGHT)),
        (BITS, "mantissa 7, exponent 8", (RIGHT, RIGHT)), (BITS, "exponent: 7; mantissa: 8", (WRONG, WRONG)),
        (BITS, "8 bits for the exponent and 7 for the mantissa", (RIGHT, RIGHT)),
        (BITS, "7 mantissa bits, 8 exponent bits", (RIGHT, RIGHT)),
        (BITS, "many", (COMPARE, COMPARE)), (BITS, "", (COMPARE, COMPARE)),
        (RATES, "8/9, 2/3", (RIGHT, RIGHT)), (RATES, "8/9 2/3", (RIGHT, RIGHT)), (RATES, "2/3, 8/9", (WRONG, WRONG)),
        (RATES, "8/9 and 3/4", (RIGHT, WRONG)), (RATES, "recall 2/3, precision 8/9", (RIGHT, RIGHT)),
        (PRIORS, "Gaussian (L2), Laplace (L1)", (RIGHT, RIGHT)), (PRIORS, "Laplace and Gaussian", (WRONG, WRONG)),
        (PRIORS, "L1 -> Laplace, L2 -> normal", (RIGHT, RIGHT)), (PRIORS, "Gausian and Laplace", (NEARLY, RIGHT)),
        (PRIORS, "uniform and Laplace", (COMPARE, RIGHT)),
    ],
)  # fmt: skip
def test_each_part_has_its_verdict(asked: tuple[Part, ...], typed: str, verdicts: parts.Verdicts) -> None:
    assert parts.judged(typed, asked, any_order=False) == verdicts


@pytest.mark.parametrize(
    "typed", ["PyTorch and JAX", "jax, torch", "torch/jax", "JAX & PyTorch", "torch jax", "both JAX and PyTorch"]
)
def test_any_order_is_right_where_the_bank_says_so(typed: str) -> None:
    assert parts.judged(typed, BACKENDS, any_order=True) == (RIGHT, RIGHT)


def test_the_same_answer_twice_is_not_two_answers() -> None:
    assert parts.judged("JAX and JAX", BACKENDS, any_order=True) != (RIGHT, RIGHT)


@pytest.mark.parametrize(
    ("verdicts", "overall"),
    [
        ((RIGHT, RIGHT), RIGHT), ((RIGHT, WRONG), WRONG), ((COMPARE, WRONG), WRONG), ((RIGHT, NEARLY), NEARLY), ((RIGHT, None), COMPARE),
        ((NEARLY, COMPARE), COMPARE),
    ],
)  # fmt: skip
def test_the_whole_is_as_good_as_its_parts(verdicts: parts.Verdicts, overall: Worth) -> None:
    assert parts.overall(verdicts) is overall


def test_the_shown_answer_is_right_whatever_the_parts_are() -> None:
    card = Card("n.c", "n", "t", "basic", "Which?", "Eight for the exponent, seven for the rest", parts=BITS)

    assert typed_answer.worth("eight for the exponent, seven for the rest.", card) is RIGHT
    assert typed_answer.is_right("8, 7", card) is True
    assert typed_answer.is_right("7, 8", card) is False
    assert typed_answer.is_right("8", card) is None


@given(st.text() | st.text("87 ,;/+-.()andvsL12:exponent", max_size=60))
def test_any_text_has_a_verdict_for_each_part(typed: str) -> None:
    for any_order in (True, False):
        assert len(parts.judged(typed, PRIORS, any_order=any_order)) == 2
