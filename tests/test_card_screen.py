"""The live region's card, on the built-in bank: nothing of an answer is lost between its pages."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest

from dlquiz import collection, points, scheduler, session
from dlquiz.bank.roots import BankPaths
from dlquiz.card import CardState, Rating
from dlquiz.collection import Collection
from dlquiz.interactive.card_screen import CardScreen
from dlquiz.session import Session


class Output(io.StringIO):
    """Standard output that is a terminal, and what was last drawn there."""

    encoding = "utf-8"
    drawn = ""

    def write(self, text: str) -> int:
        self.drawn = re.sub(r"\x1b(\[[\d;?]*[A-Za-z]|[78])", "", text)
        return len(text)


@pytest.fixture
def col() -> Iterator[Collection]:
    with collection.opened(BankPaths(), write=False) as opened:
        yield opened


@contextmanager
def a_screen(monkeypatch: pytest.MonkeyPatch, asked: Session) -> Iterator[tuple[CardScreen, Output]]:
    """A terminal of 80 columns and 24 lines with a question on it."""
    output = Output()
    with monkeypatch.context() as terminal:
        terminal.setattr(sys, "stdout", output)
        monkeypatch.setenv("LINES", "24")
        monkeypatch.setenv("COLUMNS", "80")
        card_screen = CardScreen(label="", keeps=True)
        card_screen.question(asked)
        yield card_screen, output


def answered(col: Collection) -> Iterator[Session]:
    """Every main card, turned over."""
    for card_ref in col.bank.in_order():
        if card_ref.explains:
            shown = session.show(Session(queue=()), col.card_view(card_ref.id, col.now()), "speak")
            yield session.reveal(shown, 3000)


@pytest.mark.parametrize(("columns", "rows", "most"), [(80, 24, 2), (40, 20, 6)])
def test_every_main_card_is_read_and_ticked_in_few_pages(
    col: Collection, monkeypatch: pytest.MonkeyPatch, columns: int, rows: int, most: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("LINES", str(rows))
    for state in answered(col):
        assert state.card_view
        output = Output()
        with monkeypatch.context() as screen:
            screen.setattr(sys, "stdout", output)
            card_screen = CardScreen(label="", keeps=True)
            card_screen.answer(state)
            pages = 1
            while card_screen.coming(state).startswith("more "):
                card_screen.turn(state, 1)
                pages += 1
            for letter, _ in zip(points.LETTERS, state.card_view.key_points, strict=False):
                state = session.tick(state, letter)
                card_screen.ticks(state, letter)
                assert f"✓ {letter}  " in output.drawn
        assert pages <= most


@pytest.mark.parametrize(("given", "thought_ms"), [(None, 3000), (None, 300), ("0.9", 300), ("1", 3000)])
def test_an_answer_laid_out_while_its_question_was_read_is_the_same(
    col: Collection, monkeypatch: pytest.MonkeyPatch, given: str | None, thought_ms: int
) -> None:
    """Spoken to or not, typed or picked or not, and in a window that has become narrower meanwhile."""
    for number, card_ref in enumerate(col.bank.in_order()):
        if number % 23:
            continue
        mode = "speak" if card_ref.explains else "reveal"
        asked = session.show(Session(queue=()), col.card_view(card_ref.id, col.now()), mode)
        turned = session.reveal(session.give(asked, given) if given else asked, thought_ms)
        drawn = []
        for prepares in (True, False):
            with a_screen(monkeypatch, asked) as (card_screen, output):
                if prepares:
                    card_screen.prepare(asked)
                if number % 2:
                    monkeypatch.setenv("COLUMNS", "60")
                card_screen.answer(turned)
            drawn.append(output.drawn)
        assert drawn[0] == drawn[1], card_ref.id


@pytest.mark.parametrize("rating", list(Rating))
def test_a_question_laid_out_while_the_card_before_was_read_is_the_same(
    col: Collection, monkeypatch: pytest.MonkeyPatch, rating: Rating
) -> None:
    """Whatever the card before was given, and in a window that has become narrower meanwhile."""
    cards = [card_ref for number, card_ref in enumerate(col.bank.in_order()) if not number % 23]
    for number, (first, second) in enumerate(pairwise(cards)):
        start = Session(queue=(second,))
        asked = session.show(start, col.card_view(first.id, col.now()), "reveal")
        drawn = []
        for looks_ahead in (True, False):
            with a_screen(monkeypatch, asked) as (card_screen, output):
                card_view = col.card_view(second.id, col.now())
                if looks_ahead:
                    expected, card_ref = session.expected(asked, col.now())
                    assert card_ref == second
                    card_screen.look_ahead(session.show(expected, card_view, "reveal"), {})
                if number % 2:
                    monkeypatch.setenv("COLUMNS", "60")
                turned = session.reveal(asked, 3000)
                card_screen.answer(turned)
                after, event = session.answer(turned, rating, col.now(), col.preset, 5000)
                card_screen.rated(turned, rating, "tomorrow")
                after = session.settled(after, first, scheduler.apply(CardState(), event, col.preset))
                coming = session.show(session.choose(after, col.now())[0], card_view, "reveal")
                card_screen.count(coming, {})
                card_screen.question(coming)
            drawn.append(output.drawn)
        assert drawn[0] == drawn[1], second.id
