"""Rooms of the terminal that need none: the clock, the line editor, the foot."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from dlquiz.terminal import clock, keys
from dlquiz.terminal.keys import AFTER, BEFORE, NOTHING, Key
from dlquiz.terminal.line import Line
from dlquiz.view.pager import Page, Pages, Screenfuls
from dlquiz.view.sheet import Sheet
from dlquiz.view.styled import Laid, Lines, Text


def typed(*pressed: str, begun: str = "") -> Line:
    line = Line(begun)
    for key in pressed:
        line = line.after(key)
    return line


class Typist:
    """A reader whose keys come when they come."""

    def __init__(self, *found: Key) -> None:
        self.found = list(found)
        self.waited: list[float | None] = []

    def key(self, when: str, *, options: int, seconds: float | None = None) -> Key:  # noqa: ARG002 - as a reader has it
        self.waited.append(seconds)
        return self.found.pop(0)

    def text(self, prompt: str, begun: str = "") -> str | None:  # noqa: ARG002 - as a reader has it
        return None

    def card_shown(self) -> None:
        pass

    def forget(self) -> None:
        pass


def test_the_time_is_drawn_at_every_full_second_until_a_key_comes() -> None:
    reader = Typist(NOTHING, NOTHING, Key(" "))
    times, drawn = iter([0.25, 1.0, 2.5]), list[float]()

    found = clock.key(reader, BEFORE, options=0, seconds=lambda: next(times), draw=drawn.append)

    assert found == Key(" ")
    assert drawn == [0.25, 1.0, 2.5]
    assert reader.waited == [0.75, 1.0, 0.5]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.9, "0:00 of 1:30"), (61, "1:01 of 1:30"), (90.9, "1:30 of 1:30"), (93, "1:33, 3 s over"), (3601, "60:01, 58:31 over"),
    ],
)  # fmt: skip
def test_a_clock_reads_minutes_and_seconds(seconds: float, said: str) -> None:
    assert clock.told(seconds) == said


def test_a_held_clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    work = clock.Clock()
    now[0] = 103.0
    with work.held(), work.held():
        now[0] = 900.0
    now[0] = 902.0

    assert work.seconds == 5.0


def test_the_editing_keys() -> None:
    assert typed(*"1e-4", "\x7f", "3").text == "1e-3"
    assert typed(*"abd", "left", "c").text == "abcd"
    assert typed(*"bc", "home", "a", "end", "d").text == "abcd"
    assert typed(*"abc", "home", "delete").text == "bc"
    assert typed(*"one two", "\x17").text == "one "
    assert typed(*"one two", "left", "left", "left", "\x15").text == "two"
    assert typed(*"one two", "left", "left", "left", "\x0b").text == "one "
    assert typed("left", "right", "delete", "\x7f", "\x00", "up", begun="x").text == ""


def test_a_combining_mark_goes_with_its_letter() -> None:
    assert typed(*"ae\u0301", "\x7f").text == "a"
    assert typed(*"e\u0301a", "home", "right", "x").text == "e\u0301xa"
    assert typed(*"e\u0301a", "home", "delete").text == "a"


@pytest.mark.parametrize("columns", [10, 40])
@pytest.mark.parametrize("text", ["short", "a longer text than forty columns can ever hold at once", "漢字" * 30])
def test_a_line_never_leaves_its_line_of_the_screen(text: str, columns: int) -> None:
    for line in (Line(text), Line("", text), Line(text[:3], text[3:])):
        drawn = line.drawn("> ", columns)
        shown = drawn.lstrip("\r").rstrip("\b")

        assert cell_len(shown) == columns - 1
        assert shown.startswith("> ")
        assert "\x1b" not in drawn


def test_arrows_and_other_special_keys_are_no_keys_of_a_card() -> None:
    pressed = ["left", "\t", None, "3"]

    class Pressed(keys.TerminalKeys):
        def char(self, seconds: float | None = None) -> str | None:  # noqa: ARG002 - all are there
            return pressed.pop(0)

    reader = Pressed(lambda _prompt, _line: None)

    assert reader.key(AFTER, options=0) == Key("3")


def a_sheet(width: int = 40) -> Sheet:
    return Sheet(lambda: Console(width=width, file=io.StringIO()), lambda: (width, 25))


def screenful(shown: Laid | Page) -> list[str]:
    lines: Lines = shown.lines(40) if isinstance(shown, Laid) else shown.lines
    return ["".join(text for text, _ in line).rstrip() for line in lines]


def test_a_screenful_ends_between_paragraphs_and_never_runs_into_the_next_chapter() -> None:
    first = [Text("a1\na2"), Text("b1\nb2\n\nc1")]
    pages = Screenfuls(a_sheet(), [first, [Text("d1")]])

    assert (pages.chapter, pages.more) == (0, True)
    assert screenful(pages.take(5)) == ["a1", "a2", "b1", "b2"]
    assert (pages.chapter, pages.unfinished) == (1, True)
    assert screenful(pages.take(5)) == ["", "c1"]
    assert (pages.chapter, pages.unfinished) == (1, False)
    assert screenful(pages.take(5)) == ["", "d1"]
    assert (pages.chapter, pages.more) == (2, False)


def test_a_paragraph_longer_than_the_screen_is_cut() -> None:
    pages = Screenfuls(a_sheet(), [[Text("\n".join("abcdefg"))]])

    assert ["".join(screenful(pages.take(3))) for _ in range(3)] == ["abc", "def", "g"]
    assert not pages.more


def test_after_a_resize_the_latest_screenful_is_there_however_often_the_other_width_cut_it() -> None:
    parts = [Text("short"), Text("\n"), Text(" ".join(["word"] * 60))]
    slim = Screenfuls(a_sheet(10), [parts])
    while slim.more:
        slim.take(5)

    wide = Screenfuls(a_sheet(80), [parts], slim.start)

    assert screenful(wide.take(20))[0].startswith("word word")
    assert not wide.more


def test_a_heading_and_a_question_stand_above_what_they_announce() -> None:
    parts = [Text("one\n"), Text("Pitfalls\n", "bold"), Text("Why?\n", "italic"), Text("two\ntwo")]
    pages = Screenfuls(a_sheet(), [parts])

    assert [each for each in screenful(pages.take(6)) if each] == ["one"]
    assert [each for each in screenful(pages.take(7)) if each] == ["Pitfalls", "Why?", "two", "two"]


@given(st.lists(st.lists(st.sampled_from(["x", "y", ""]), min_size=1, max_size=9), max_size=5), st.integers(4, 12))
def test_screenfuls_lose_no_line_and_fit(parts: list[list[str]], height: int) -> None:
    pages = Screenfuls(a_sheet(), [[Text("\n".join(lines)) for lines in parts], [Text("end")]])
    shown = []
    while pages.more:
        found = screenful(pages.take(height))
        assert len(found) <= height
        shown += found

    assert [line for line in shown if line] == [line for lines in parts for line in lines if line] + ["end"]


def pages_of(**chapters: list[str]) -> Pages:
    return Pages(a_sheet(), {name: [Text(part) for part in parts] for name, parts in chapters.items()})


def test_pages_are_turned_in_place_and_the_last_one_is_filled_up() -> None:
    pages = pages_of(answer=["a1\na2", "b1\nb2", "c1"], more=["d1"])

    assert screenful(pages.page(4)) == ["a1", "a2", "b1", "b2"]
    assert (pages.page(4).number, pages.page(4).of, pages.coming(4)) == (1, 2, "answer")
    assert pages.turn(4, 1)
    assert screenful(pages.page(4)) == ["b1", "b2", "c1"]
    assert pages.coming(4) == "more"
    assert pages.turn(4, 1)
    assert screenful(pages.page(4)) == ["d1"]
    assert (pages.coming(4), pages.turn(4, 1)) == ("", False)
    assert pages.turn(4, -1)
    assert screenful(pages.page(4)) == ["b1", "b2", "c1"]
    assert pages.turn(4, -1)
    assert not pages.turn(4, -1)


def test_no_page_is_a_heading_alone_or_nearly_empty() -> None:
    long = Text("\n".join("abcdefgh"))
    announced = Pages(a_sheet(), {"note": [Text("Short answer", "bold"), Text(), long]})
    after_a_word = Pages(a_sheet(), {"note": [Text("word\n"), Text("\n".join("abcdef"))]})
    of_a_list = Pages(a_sheet(), {"note": [Text("word\n"), Text("• one\n  more\n• two\n• three\n  more\n  more")]})

    assert screenful(announced.page(6)) == ["Short answer", "", "a", "b", "c", "d"]
    assert screenful(after_a_word.page(6)) == ["word", "", "a", "b", "c", "d"]
    assert screenful(of_a_list.page(6)) == ["word", "", "• one", "  more", "• two"]


def test_the_page_that_shows_a_line_is_opened() -> None:
    pages = pages_of(answer=["a1\na2", "b1\nb2", "c1"], more=["d1"])

    pages.open(4, lambda line: line == "c1")
    assert screenful(pages.page(4)) == ["b1", "b2", "c1"]
    pages.open(4, lambda line: line == "b1")
    assert screenful(pages.page(4)) == ["b1", "b2", "c1"]
    pages.open(4, lambda line: line == "a1")
    assert screenful(pages.page(4)) == ["a1", "a2", "b1", "b2"]
    pages.open(4, lambda line: line == "d1")
    assert screenful(pages.page(4)) == ["a1", "a2", "b1", "b2"]


def test_another_text_in_the_place_of_a_part_keeps_the_page_open() -> None:
    pages = pages_of(answer=["a1\na2", "b1\nb2", "c1"], more=["d1"])
    pages.turn(4, 1)
    pages.replace({"answer": [Text("a1\na2"), Text("B1\nB2"), Text("c1")]})

    assert screenful(pages.page(4)) == ["B1", "B2", "c1"]


@given(st.lists(st.lists(st.sampled_from(["x", "y", ""]), min_size=1, max_size=9), max_size=5), st.integers(1, 12))
def test_pages_lose_no_line_and_fit(parts: list[list[str]], height: int) -> None:
    lines = [f"{part}.{n}{mark}" if mark else "" for part, marks in enumerate(parts) for n, mark in enumerate(marks)]
    texts = [
        "\n".join(f"{part}.{n}{mark}" if mark else "" for n, mark in enumerate(marks))
        for part, marks in enumerate(parts)
    ]
    pages = pages_of(answer=texts, end=["end"])
    read = [screenful(pages.page(height))]
    while pages.turn(height, 1):
        read.append(screenful(pages.page(height)))

    assert all(len(page) <= height for page in read)
    assert list(dict.fromkeys(line for page in read for line in page if line)) == [line for line in lines if line] + [
        "end"
    ]
