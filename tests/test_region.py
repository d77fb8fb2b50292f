"""The live region on an emulated screen: drawn over itself, one write at a time, with nothing left behind."""

from __future__ import annotations

import io

import pyte
import pytest

from dlquiz.terminal.graphics import Image, Picture
from dlquiz.terminal.region import CLIP, PROMPT, Region


class Screen(io.StringIO):
    """Standard output that is a terminal's screen."""

    def __init__(self, columns: int = 20, rows: int = 6) -> None:
        super().__init__()
        self.screen = pyte.HistoryScreen(columns, rows, history=100)
        self._stream = pyte.Stream(self.screen)
        self.writes: list[str] = []
        self._prompt: int | None = None  #: the row that was marked as a prompt's last

    def write(self, text: str) -> int:
        self.writes.append(text)
        first, mark, rest = text.partition(PROMPT)
        self._stream.feed(first)
        if mark:
            self._prompt = self.screen.cursor.y
        self._stream.feed(rest)
        return len(text)

    def narrow(self, columns: int, *, erases_prompts: bool = False) -> None:
        """Wrap every row anew, as tmux and kitty do when the window gets narrower; what does not fit any more scrolls away.

        Args:
            columns: That are left.
            erases_prompts: As kitty and Ghostty do it: the rows from the latest mark on are erased first.
        """
        rows, cursor, height = self.shows(), self.screen.cursor.y, self.screen.lines
        if erases_prompts and self._prompt is not None:
            rows[self._prompt :] = [""] * (height - self._prompt)
        wrapped = [[row[n : n + columns] for n in range(0, max(1, len(row)), columns)] for row in rows]
        lines = [*self.scrolled_away(), *(piece for pieces in wrapped for piece in pieces)]
        at = len(self.scrolled_away()) + sum(map(len, wrapped[:cursor]))
        gone = len(lines) - height
        self.screen = pyte.HistoryScreen(columns, height, history=100)
        self._stream = pyte.Stream(self.screen)
        self._stream.feed("\r\n".join(lines) + f"\x1b[{max(0, at - gone) + 1};1H")

    def shows(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]

    def scrolled_away(self) -> list[str]:
        return ["".join(row[n].data for n in range(self.screen.columns)).rstrip() for row in self.screen.history.top]


@pytest.fixture
def screen() -> Screen:
    return Screen()


def test_it_is_drawn_over_itself_and_what_stood_above_stays(screen: Screen) -> None:
    screen.write("$ dlquiz study\r\n")
    region = Region(screen)
    region.draw(["head", "body", "foot"])
    region.draw(["head", "", "foot"])

    assert screen.shows() == ["$ dlquiz study", "", "", "head", "", "foot"]
    assert screen.screen.cursor.y == 3


def test_a_picture_lies_over_the_rows_until_a_drawing_without_it(screen: Screen) -> None:
    region = Region(screen)
    picture = Picture(Image("<#>", "<gone>", 1), row=1, column=2)
    region.draw(["head", "", "foot"])
    region.draw(["head", "", "foot"], picture=picture)
    assert screen.shows()[3:] == ["head", "  <#>", "foot"]
    assert screen.screen.cursor.y == 3

    region.draw(["head", "", "other"], picture=picture)
    assert screen.writes[-1].count("<#>") == 0
    assert screen.shows()[3:] == ["head", "  <#>", "other"]

    region.forget()
    region.draw(["head", "", "other"], picture=picture)
    assert screen.writes[-1].removeprefix(CLIP).startswith("<gone>")
    assert screen.writes[-1].count("<#>") == 1

    region.draw(["head", "", "other"])
    assert screen.writes[-1].removeprefix(CLIP).startswith("<gone>")
    assert screen.shows()[4:] == ["", "other"]

    region.draw(["head", "", "other"], picture=picture)
    region.clear()
    assert screen.writes[-1].removeprefix(CLIP).startswith("<gone>")


def test_a_drawing_is_one_write_and_only_of_the_rows_that_changed(screen: Screen) -> None:
    region = Region(screen)
    region.draw(["head", "body", "foot"])
    region.draw(["head", "other", "foot"])
    region.draw(["head", "other", "foot"])

    assert len(screen.writes) == 2
    assert "head" not in screen.writes[1]
    assert "other" in screen.writes[1]


def test_lines_left_above_scroll_away_in_their_order_and_nothing_else_does(screen: Screen) -> None:
    region = Region(screen)
    for n in range(5):
        region.draw(["head", f"card {n}", "", "", "foot"], above=[f"answered {n}"])

    assert screen.shows() == ["answered 4", "head", "card 4", "", "", "foot"]
    assert screen.scrolled_away() == [f"answered {n}" for n in range(4)]
    assert len(screen.writes) == 5


def test_a_region_as_high_as_the_screen_loses_no_line(screen: Screen) -> None:
    region = Region(screen)
    rows = [f"row {n}" for n in range(6)]
    region.draw(rows)
    region.draw(rows, above=["answered"])

    assert screen.shows() == rows
    assert screen.scrolled_away() == ["answered"]


def test_clearing_leaves_the_cursor_shown_where_the_region_began(screen: Screen) -> None:
    screen.write("$\r\n")
    region = Region(screen)
    region.draw(["head", "foot"])
    assert screen.screen.cursor.hidden
    region.clear(above=["answered"])
    screen.write("end")

    assert screen.shows() == ["$", "", "", "", "answered", "end"]
    assert not screen.screen.cursor.hidden


def test_a_row_that_is_wider_than_our_tables_say_does_not_run_into_the_next(screen: Screen) -> None:
    region = Region(screen)
    region.draw(["界" * 12, "foot"])

    assert screen.shows()[5] == "foot"
    screen.write("x" * 25)
    assert screen.shows()[5].startswith("xxxxx")  # lines wrap again


def test_its_foot_is_the_screens_last_line_and_what_is_pushed_away_scrolls(screen: Screen) -> None:
    screen.write("one\r\ntwo\r\nthree\r\nfour\r\n")
    region = Region(screen)
    region.draw(["head", "body", "foot"])
    region.draw(["head", "body", "foot"], above=["answered"])

    assert screen.shows() == ["three", "four", "answered", "head", "body", "foot"]
    assert screen.scrolled_away() == ["one", "two"]


def test_after_a_resize_every_row_is_drawn(screen: Screen) -> None:
    region = Region(screen)
    region.draw(["head", "foot"])
    region.forget()
    region.draw(["head", "foot"])

    assert screen.shows()[4:] == ["head", "foot"]
    assert "head" in screen.writes[1]


def test_a_region_that_is_a_prompt_leaves_nothing_when_the_window_gets_narrower() -> None:
    screen = Screen(20, 6)
    screen.write("$ dlquiz study\r\n")
    region = Region(screen, {"TERM": "xterm-kitty"})
    region.draw(["head " * 4, "question " * 2, "", "foot " * 4], above=["answered"])
    for columns in (15, 10):
        screen.narrow(columns, erases_prompts=True)
        region.forget()
        region.draw(["head", "question", "", "foot"])

    assert screen.scrolled_away() == ["$ dlquiz s"]
    assert screen.shows() == ["tudy", "answered", "head", "question", "", "foot"]
    region.clear(above=["left"])
    assert screen.shows() == ["tudy", "answered", "left", "", "", ""]


def test_where_the_cursor_is_put_into_the_last_row_the_region_is_erased_all_the_same() -> None:
    screen = Screen(20, 6)
    region = Region(screen, {"TERM": "foot"})
    region.draw([f"{row} " * 4 for row in ("head", "long", "long", "long", "foot")], above=["answered"])
    screen.narrow(10)
    screen.write("\x1b[6;1H")
    region.forget()
    region.draw(["head", "row", "row", "row", "foot"])

    assert screen.shows()[1:] == ["head", "row", "row", "row", "foot"]
    assert len(screen.scrolled_away()) == 5  # not the whole region too


def test_rows_that_are_wrapped_and_still_fit_leave_nothing(screen: Screen) -> None:
    region = Region(screen)
    region.draw(["head " * 4, "question", "foot"])
    screen.narrow(10)
    region.forget()
    region.draw(["head", "question", "foot"])

    assert screen.shows() == ["", "", "", "head", "question", "foot"]
    assert not any(screen.scrolled_away())


def test_what_changes_while_a_window_that_was_resized_is_not_yet_told_moves_the_cursor_nowhere() -> None:
    screen = Screen(20, 6)
    screen.write("one\r\ntwo\r\n")
    region = Region(screen)
    region.draw(["head " * 4, "question " * 2, "clock 1"])
    screen.narrow(10)
    region.draw(["head " * 4, "question " * 2, "clock 2"])
    region.forget()
    region.draw(["head", "question", "clock 3"])

    assert screen.shows() == ["", "", "", "head", "question", "clock 3"]
    assert screen.scrolled_away() == ["one", "two"]


@pytest.mark.parametrize(
    ("environ", "marked"),
    [
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, True),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "ghostty", "TMUX": "/tmp/tmux"}, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, False),
    ],
)
def test_the_region_is_a_prompt_only_where_prompts_are_erased(
    screen: Screen, environ: dict[str, str], marked: bool
) -> None:
    Region(screen, environ).draw(["head", "foot"])

    assert (PROMPT in screen.writes[0]) == marked
