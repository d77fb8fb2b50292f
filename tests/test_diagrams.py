"""A text diagram is shown whole or not at all; then its description takes its place."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from dlquiz import card_text, view
from dlquiz.card import Figure, Note

DRAWING = "x ──→ f ──→ a\n│\n└── 20 wide ────────"
WORDS = "A line from x through f to a."


def shown(width: int, *, encoding: str = "utf-8", text: str = DRAWING, alt: str = WORDS) -> str:
    note = Note("unit", 1, "basics", (), 1, "Q?", "", "Answer.", figures=(Figure("media/unit.svg", alt, text),))
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="dlquiz.spell", newline="\n")
    console = Console(width=width, file=file, force_terminal=False, color_system=None)
    console.print(view.Readable(card_text.explanation(note, ()), {}))
    file.seek(0)
    return "\n".join(line.rstrip() for line in file.read().splitlines())


@pytest.mark.parametrize(("width", "indent"), [(80, 2), (22, 2), (21, 1), (20, 0)])
def test_a_diagram_that_fits_is_drawn_as_it_was_made(width: int, indent: int) -> None:
    drawn = "\n".join(" " * indent + line for line in DRAWING.splitlines())

    assert shown(width) == f"Answer.\n\n{drawn}"


def test_a_diagram_wider_than_the_screen_is_described() -> None:
    assert shown(19) == "Answer.\n\nPicture: A line\nfrom x through f to\na."


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_diagram_that_the_terminal_cannot_spell_is_described(encoding: str) -> None:
    assert shown(80, encoding=encoding) == f"Answer.\n\nPicture: {WORDS}"
    assert shown(80, encoding=encoding, text="x --> a") == "Answer.\n\n  x --> a"


def test_a_picture_without_a_diagram_is_described() -> None:
    assert shown(80, text="") == f"Answer.\n\nPicture: {WORDS}"


def test_code_of_an_answer_stays_code() -> None:
    console = Console(width=80, file=io.StringIO(), color_system=None)
    console.print(view.Readable("```python\nx = 1\n```", {}))

    assert isinstance(console.file, io.StringIO)
    assert "x = 1" in console.file.getvalue()
