"""Pictures in a text: which are named, and the words in their place."""

from __future__ import annotations

import pytest

from dlquiz import card_text, session
from dlquiz.card import Card, CardState, Figure, Note
from dlquiz.text import pictures


def a_card_view(front: str, back: str, answer: str = "") -> session.CardView:
    card = Card("m/n.c", "m/n", "t", "basic", front, back)
    note = Note("m/n", 1, "t", (), 1, "Q?", "", answer, figures=(Figure("media/f.svg", "A figure.", ""),))
    return session.CardView(card, note, (), ("", ""), CardState(), {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("![](media/paste-4f2a.png)", "[picture]"),
        ("See ![the plan](media/a.svg).", "See [picture: the plan]."),
        ("![paste-4f2a9c81d0.png](<media/a b.png>)", "[picture]"),
        ("![4f2a9c81d0aa](a.png 'a title')", "[picture]"),
        ("`![code](a.png)` stays", "`![code](a.png)` stays"),
        ("no picture!", "no picture!"),
    ],
)
def test_words_stand_in_a_pictures_place(text: str, words: str) -> None:
    assert pictures.in_words(text) == words


def test_the_pictures_of_a_card_are_counted_those_of_the_question_first() -> None:
    card_view = card_text.with_pictures_named(a_card_view("What? ![](b.png)", "![it](a.png) and ![](b.png)"))

    assert card_view.pictures == ("b.png", "a.png", "media/f.svg")
    assert card_view.pictures_asked == 1
    assert card_view.card.front == "What? [picture 1 of 3]"
    assert card_view.card.back == "[picture 2 of 3: it] and [picture 1 of 3]"


def test_a_card_without_pictures_in_its_texts_stays_as_it_is() -> None:
    card_view = a_card_view("What?", "That.")

    named = card_text.with_pictures_named(card_view)

    assert named == card_view._replace(pictures=("media/f.svg",))
    assert named.card is card_view.card
