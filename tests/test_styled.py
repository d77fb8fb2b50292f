"""Styled text is laid out as Rich lays its own out: that is the oracle."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text as RichText

from dlquiz.text import cells
from dlquiz.view import Prose, Readable, console, narrow, sheet, styled
from dlquiz.view.sheet import Sheet
from dlquiz.view.styled import Column, Hanging, Text

WORDS = st.sampled_from(
    [
        "a",
        "word",
        "β₁",
        "naïve",
        "—",
        "漢字",
        "e\u0301",
        "👩\u200d💻",
        "supercalifragilistic",
        "-",
        "ﬁ",
        "한국어말",
        " ",
        "  ",
        "\n",
        "\t",
    ]
)
TEXTS = st.lists(WORDS, max_size=14).map(" ".join) | st.lists(WORDS, max_size=6).map("".join)
STYLES = st.sampled_from(["", "bold", "quiet", "gap", "good", "count.current", "bold green"])


def joined(lines: styled.Lines) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def cells_of(line: styled.Line) -> list[tuple[str, tuple[str, ...]]]:
    """Each character with what is told of it."""
    return [(char, styled.words_of(style)) for text, style in line for char in text]


@given(st.lists(st.tuples(TEXTS, STYLES), max_size=5), STYLES, st.integers(1, 50))
def test_text_is_broken_and_styled_as_rich_does(pieces: list[tuple[str, str]], style: str, width: int) -> None:
    ours, theirs = Text(style=style), RichText(style=style)
    for piece, piece_style in pieces:
        ours.append(piece, piece_style)
        theirs.append(piece, piece_style)
    rich = console(plain_text=True)

    rows = rich.render_lines(theirs, rich.options.update(width=width), pad=False)

    assert [cells_of(line) for line in ours.lines(width)] == [
        cells_of([(text, str(drawn or "")) for text, drawn, _ in row]) for row in rows
    ]


@given(TEXTS, st.integers(1, 30), st.booleans())
def test_text_is_cut_as_rich_does(text: str, width: int, ellipsis: bool) -> None:
    ours, theirs = Text(text), RichText(text)
    ours.truncate(width, ellipsis=ellipsis)
    theirs.truncate(width, overflow="ellipsis" if ellipsis else "crop")

    assert ours.plain == theirs.plain
    assert cells.length(text) == cell_len(text)


def test_characters_that_are_counted_without_rich_are_one_cell_wide() -> None:
    assert [char for char in map(chr, range(0x110000)) if cells._narrow(char) and cell_len(char) != 1] == []


@pytest.mark.parametrize("name", styled.STYLES)
def test_a_style_is_told_to_a_terminal_as_rich_tells_it(name: str) -> None:
    style = Style.parse(styled.STYLES[name])

    assert styled.terminal_codes([[("x", name)]], colour=True) == [style.render("x")]
    assert styled.terminal_codes([[("x", name)]], colour=False) == [style.without_color.render("x")]


@given(TEXTS, st.integers(12, 60))
def test_an_item_is_the_same_on_a_sheet_and_among_rich_renderables(text: str, width: int) -> None:
    item = Column(Hanging(Text("  1  ", "key"), Prose(text)), narrow(Text(text, "quiet")), Text(text))
    rich = Console(width=width, file=io.StringIO(), color_system=None, highlight=False)
    with rich.capture() as taken:
        rich.print(item)

    lines = joined(Sheet(lambda: rich, lambda: (width, 25)).lines(item))

    assert [line.rstrip() for line in lines] == [line.rstrip() for line in taken.get().split("\n")[:-1]]


def test_the_screen_is_as_large_as_rich_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for columns, lines in (("", ""), ("33", ""), ("", "9"), ("120", "40"), ("9x", "x")):
        monkeypatch.setenv("COLUMNS", columns)
        monkeypatch.setenv("LINES", lines)
        assert sheet.size() == tuple(Console(file=io.StringIO()).size)


def test_no_row_ends_in_blanks_which_would_wrap_when_the_window_gets_narrower() -> None:
    rich = console(plain_text=False)
    lines = Sheet(lambda: rich, lambda: (30, 25)).lines(narrow(Readable("- One point.\n- Two.\n\n```\ncode\n```", {})))

    assert joined(lines)[0] == "   • One point."
    assert all(text == text.rstrip() for text in joined(lines) if text.strip())
