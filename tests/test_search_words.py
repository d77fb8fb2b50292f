"""Words of a text and of what is typed: the same however they are spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlquiz.bank import search_words


def finds(typed: str, text: str) -> bool:
    term = search_words.term(typed)
    return term is not None and any(part.hit for part in search_words.marked(search_words.shown(text, {}), [term]))


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("optimisers", "Which optimizer is it?"),
        ("optimizer", "Two optimisers differ."),
        ("optimi", "The OPTIMIZER steps."),
        ("colour", "a color image"),
        ("behavior", "their behaviour"),
        ("modelling", "language modeling"),
        ("labeled", "labelled data"),
        ("centre", "the center of a class"),
        ("analyse", "we analyze it"),
        ("entropies", "cross-entropy"),
        ("losses", "The loss falls."),
        ("minibatch", "A mini-batch is drawn."),
        ("mini-batch", "minibatches"),
        ("weight decay", "with weight_decay=0.01"),
        ("gpt2", "as GPT-2 does"),
        ("L2", "an $L^2$ penalty"),
        ("beta_1", "the rate $\\beta_1$"),
        ("β1", "the rate $\\beta_1$"),
        ("$\\beta_1$", "the rate β₁"),
        ("\\sqrt{n}", "divided by $\\sqrt{n}$"),
        ("glorot", "Ĝlorot"),
        ("loss", "die **Losses**"),
        ("卷积", "什么是卷积神经网络"),
    ],
)
def test_one_word_in_all_its_spellings(typed: str, text: str) -> None:
    assert finds(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("decay weight", "weight decay"),
        ("weight decay", "weight and decay"),
        ("gpt2", "GPT-3 is no 2"),
        ("1", "there are 128"),
        ("s", "gas"),
        ("decay", "a decade"),
    ],
)
def test_other_words_are_other_words(typed: str, text: str) -> None:
    assert not finds(typed, text)


@pytest.mark.parametrize("typed", ["", " ", "?!", "---", '"', "\x1b[", "\udcff", "$$"])
def test_what_has_no_letter_and_no_digit_is_no_term(typed: str) -> None:
    assert search_words.term(typed.replace("[", "")) is None


def test_a_text_is_shown_without_markup_and_with_its_formulas_whole() -> None:
    text = "**Bold** and *soft* `code_x`, $|x| * y$\n\n- a point\n\n| a | b |\n|---|---|\n| 1 | $\\beta$ |"

    assert search_words.shown(text, {}) == "Bold and soft code_x, |x| * y a point a b 1 β"


def test_an_excerpt_is_short_and_has_what_was_looked_for_in_its_midst() -> None:
    text = "before " * 100 + "the gradient vanishes in deep nets " + "after " * 100
    term = search_words.term("vanish")
    assert term is not None
    parts = search_words.excerpt(["no such word", text], [term])

    assert [part.text for part in parts if part.hit] == ["vanishes"]
    assert "".join(part.text for part in parts).startswith("… before")
    assert len("".join(part.text for part in parts)) <= search_words.LENGTH + 4


def test_an_excerpt_prefers_the_text_with_more_of_the_words() -> None:
    terms = [term for typed in ("adam", "momentum") if (term := search_words.term(typed))]
    parts = search_words.excerpt(["Adam alone", "momentum beside Adam"], terms)

    assert "".join(part.text for part in parts) == "momentum beside Adam"


@given(st.text(), st.text())
def test_any_text_can_be_looked_for_in_any_text(typed: str, text: str) -> None:
    shown = search_words.shown(text, {})
    term = search_words.term(typed)
    if term is not None:
        assert "".join(part.text for part in search_words.marked(shown, [term])) == shown
        assert search_words.excerpt([shown], [term]) or not any(part.hit for part in search_words.marked(shown, [term]))


@given(st.text(min_size=1))
def test_a_text_contains_its_own_words(text: str) -> None:
    shown = search_words.shown(text, {})
    for word in search_words.words(shown)[:20]:
        term = search_words.term(shown[word.start : word.end])
        assert term is not None
        assert any(part.hit for part in search_words.marked(shown, [term]))
