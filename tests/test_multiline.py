"""Several lines being typed, as a value."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from dlquiz.terminal import multiline
from dlquiz.terminal.multiline import MultilineText

LETTERS = st.text("ab 漢é-", max_size=60)
KEYS = st.lists(
    st.sampled_from(
        [*"ab 漢", "\n", "\x7f", "left", "right", "up", "down", "home", "end", "delete", "\x17", "\x15", "\x0b"]
    ),
    max_size=40,
)


def after(text: MultilineText, *keys: str) -> MultilineText:
    return reduce(MultilineText.after, keys, text)


def lines(text: MultilineText) -> list[str]:
    return [*text.above, text.line.text, *text.below]


@given(st.text("ab 漢é\n", max_size=40))
def test_what_is_typed_is_what_there_is(typed: str) -> None:
    assert lines(after(MultilineText(), *typed)) == typed.split("\n") == lines(multiline.begun(typed))


@given(KEYS, st.lists(st.sampled_from(["left", "right", "up", "down", "home", "end"]), max_size=20))
def test_moving_about_changes_nothing(keys: list[str], moves: list[str]) -> None:
    text = after(MultilineText(), *keys)

    assert lines(after(text, *moves)) == lines(text)


@given(KEYS)
def test_enter_and_backspace_cancel_each_other_wherever_the_cursor_is(keys: list[str]) -> None:
    text = after(MultilineText(), *keys)

    assert lines(after(text, "\n", "\x7f")) == lines(text)
    assert lines(after(text, "\n", "left", "delete")) == lines(text)


@given(LETTERS, st.integers(2, 30))
def test_wrapped_pieces_fit_and_together_are_the_line(line: str, width: int) -> None:
    pieces = multiline.wrapped(line, width)

    assert "".join(pieces) == line
    assert all(cell_len(each) <= width for each in pieces)


def test_words_are_broken_only_where_they_must_be() -> None:
    assert multiline.wrapped("a gradient is a vector", 10) == ["a ", "gradient ", "is a ", "vector"]
    assert multiline.wrapped("backpropagation", 6) == ["backpr", "opagat", "ion"]


@given(KEYS, st.integers(8, 30))
def test_the_cursor_stands_where_its_text_ends(keys: list[str], width: int) -> None:
    text = after(MultilineText(), *keys)
    rows, row, column = multiline.laid_out(text, width)

    above = "".join(rows[:row])
    assert above + _first_cells(rows[row], column) == "".join(text.above) + text.line.before
    assert "".join(rows) == "".join(lines(text))


def _first_cells(row: str, cells: int) -> str:
    return next(row[:n] for n in range(len(row) + 1) if cell_len(row[:n]) == cells)


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("one two\x17", ["one "]),
        ("one two\x01X", ["Xone two"]),
        ("one\ntwo\x15", ["one", ""]),
    ],
)
def test_the_usual_editing_keys(keys: str, shown: list[str]) -> None:
    assert lines(after(MultilineText(), *keys)) == shown


def test_enter_submits_only_in_an_empty_last_line() -> None:
    assert MultilineText().at_empty_end
    assert not after(MultilineText(), "a").at_empty_end
    assert after(MultilineText(), "a", "\n").at_empty_end
    assert not after(MultilineText(), "a", "\n", "\n", "b", "up").at_empty_end
