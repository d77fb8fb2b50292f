from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import changed_since
from dlquiz.text import printable


@pytest.mark.parametrize(
    "text", ["\x1b[31m", "a\x07b", "\x9b1m", "\u202eabc", "\u2066x", "a\rb", "\x00", "a\u2028b", "a\udcffb"]
)
def test_nothing_that_acts_on_a_terminal_gets_through(text: str) -> None:
    assert "\ufffd" in printable.clean(text)
    assert not any(char in printable.clean(text) for char in "\x1b\x07\x9b\u202e\u2066\r\x00\u2028\udcff")


@given(st.text())
def test_printable_text_stays_as_it_is(text: str) -> None:
    once = printable.clean(text)

    assert printable.clean(once) == once
    assert len(once) == len(text)


@pytest.mark.parametrize(
    ("char", "ascii_form"),
    [("σ", "sigma"), ("Δ", "Delta"), ("₁", "_1"), ("²", "^2"), ("→", "->"), ("é", "e"), ("\u0302", ""), ("漢", "?")],
)
def test_a_character_that_an_encoding_lacks_is_spelled(char: str, ascii_form: str) -> None:
    assert char.encode("ascii", printable.ENCODING_ERRORS).decode() == ascii_form


@pytest.mark.parametrize(
    ("formula", "ascii_form"),
    [
        ("wₜ = wₜ₋₁ − ηm̂ₜ/(√v̂ₜ + ε)", "w_t = w_{t-1} - eta mhat_t/(sqrt vhat_t + epsilon)"),
        ("β₁₀ ηλ 2π x⁻¹ ŷ", "beta_10 eta lambda 2pi x^{-1} yhat"),
        ("√0.001 √(2)", "sqrt 0.001 sqrt(2)"),
        ("σ(x) ∈ {0}", "sigma(x)  in  {0}"),
    ],
)
def test_a_formula_spelled_in_ascii_says_the_same(formula: str, ascii_form: str) -> None:
    assert formula.encode("ascii", printable.ENCODING_ERRORS).decode() == ascii_form


@given(st.text())
def test_any_text_can_be_written_in_any_encoding(text: str) -> None:
    cleaned = text.encode("utf-8", "replace").decode()

    cleaned.encode("cp1252", printable.ENCODING_ERRORS).decode("cp1252")
    assert cleaned.encode("ascii", printable.ENCODING_ERRORS).isascii()


def test_changes_are_told_with_the_words_around_them() -> None:
    old = "one two three four five six seven eight nine ten eleven twelve"
    new = "one two three four five 6 seven eight nine ten twelve more"

    assert changed_since.excerpts(old, new) == [
        "… two three four five [six → 6] seven eight nine ten [removed: eleven] twelve [added: more]"
    ]
    assert changed_since.excerpts("the rate is $a b$ now", "the rate is $a c$ now") == [
        "the rate is [$a b$ → $a c$] now"
    ]
    assert changed_since.excerpts("same\n\ntext", "same text") == []
    assert changed_since.excerpts("quite another thing", "nothing of it stays") == []
