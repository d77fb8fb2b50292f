"""Slugs made of other people's words: letters of every script stay, what differs stays different."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlquiz.bank import format as bank_format
from dlquiz.text import slug


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Überblick: Straße", "uberblick-strasse"),
        ("глава1", "глава1"),
        ("日本語::動詞", "日本語-動詞"),
        ("हिन्दी शब्द", "हिन्दी-शब्द"),
        ("κόσμος", "κόσμος"),
        ("e\u0301te\u0301", "ete"),
        ("C++", "c-plus-plus"),
        ("C++11", "c-plus-plus-11"),
        ("c#", "c-sharp"),
        ("#1", "1"),
        ("½ a² ﬁne", "1-2-a2-fine"),
        ("../..\\x:y", "x-y"),
        ("🎉 \u202e\u061c", ""),
    ],
)
def test_a_text_as_a_slug(text: str, wanted: str) -> None:
    assert slug.slug(text) == wanted


@given(st.text())
def test_every_slug_is_one_that_a_bank_takes(text: str) -> None:
    made = slug.slug(text)

    assert not made or re.fullmatch(bank_format.SLUG, made)
    assert slug.slug(made) == made


@pytest.mark.parametrize(
    ("name", "longest", "wanted"),
    [
        ("one-two", 7, "one-two"),
        ("one-two-three", 9, "one-two"),
        ("one-two", 3, "one"),
        ("日本語日本語", 4, "日本語日"),
    ],
)
def test_a_long_slug_is_cut_between_words(name: str, longest: int, wanted: str) -> None:
    assert slug.shortened(name, longest) == wanted
