from __future__ import annotations

import pytest

from dlquiz.text import phrases


@pytest.mark.parametrize(
    ("n", "said"),
    [(0, "0 cards"), (1, "1 card"), (2, "2 cards"), (9999, "9999 cards"), (20_000, "20 000 cards")],
)
def test_a_number_stands_with_its_noun(n: int, said: str) -> None:
    assert phrases.counted(n, "card") == said


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")]
)
def test_words_are_listed_as_in_a_sentence(words: list[str], text: str) -> None:
    assert phrases.listed(words) == text


def test_a_noun_may_have_a_plural_of_its_own() -> None:
    assert phrases.counted(2, "query", "queries") == "2 queries"
