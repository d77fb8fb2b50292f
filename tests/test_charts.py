from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import timedelta

import pytest
from builders import MONDAY
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType

from dlquiz import stats
from dlquiz.stats import Day, Share, Statistics, Streak, Tally, Times, Trouble
from dlquiz.text import printable
from dlquiz.view import charts
from dlquiz.view import start as start_view
from dlquiz.view import stats as stats_view

TODAY = MONDAY.day
SHARES = st.builds(lambda counted, part: Share(counted, round(counted * part)), st.integers(0, 99999), st.floats(0, 1))


def drawn(item: RenderableType, width: int = 80) -> str:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    with console.capture() as taken:
        console.print(item)
    return "\n".join(line.rstrip() for line in taken.get().splitlines())


def whole(items: Iterable[RenderableType], width: int) -> str:
    return "\n".join(drawn(item, width) for item in items)


def some_numbers() -> Statistics:
    days = {TODAY - timedelta(days=n): Day(n % 7 + 1, 60_000 * n) for n in range(0, 80, 3)}
    shares = {"optimizers": Share(120, 101), "regularization": Share(8, 3), stats.GONE: Share(2, 2)}
    said = {slug: {"sure": share, "half": Share(4, 2), "no": Share()} for slug, share in shares.items()}
    recall = stats.Recall(
        Share(130, 106),
        0.86,
        0.4,
        (stats.Bin(0.8, 0.85, 0.83, Share(30, 24)), stats.Bin(0.9, 0.95, 0.92, Share(100, 82))),
    )
    tally = Tally(
        days=dict(sorted(days.items())),
        retention=Share(130, 106),
        topics=shares,
        weeks={stats.monday(TODAY): Share(130, 106)},
        said=said,
        recall=recall,
        times={"explain": Times(40, 3_600_000, 92), "basic": Times(90, 700_000, 7)},
    )
    hard = Trouble("optimizer-choice.adam-correct", "optimizer-choice", "optimizers", "basic", 9.4, 5, 31)
    leeches = (
        hard._replace(lapses=12),
        hard._replace(card="optimizer-choice", kind="explain", lapses=9),
    )
    streak = stats.streak(days.keys(), TODAY)
    return Statistics(TODAY, 0.9, "", tally, streak, (12, *range(29)), (hard,), leeches)


def test_a_share_is_drawn_within_its_interval_beside_its_numbers() -> None:
    rows = [
        charts.ChartRow("all", ("240", "88 %"), Share(240, 211), 0.9),
        charts.ChartRow("optimizers", ("8", "38 %"), Share(8, 3), 0.9),
    ]

    assert drawn(charts.ChartTable(("topic", "asked", "recalled"), rows), 70) == (
        "topic       asked  recalled  0 %                                 100 %\n"
        "all           240      88 %                                   ──●┼─\n"
        "optimizers      8      38 %       ──────────●─────────────       │"
    )
    assert drawn(charts.ChartTable(("topic", "asked", "recalled"), rows), 30) == (
        "topic       asked  recalled\nall           240      88 %\noptimizers      8      38 %"
    )


def test_an_interval_that_goes_on_beyond_the_scale_says_so() -> None:
    table = charts.ChartTable(("week", "asked"), [charts.ChartRow("Mon 23 Nov", ("6",), Share(6, 4), 0.9)])

    assert drawn(table, 50) == (
        "week        asked  50 %                      100 %\nMon 23 Nov      6  <─────────●─────────────┼"
    )


def test_the_calendar_has_mondays_on_top_and_no_days_to_come() -> None:
    days = {TODAY: Day(9), TODAY - timedelta(days=1): Day(1), TODAY - timedelta(days=9): Day(4)}

    assert drawn(charts.Calendar(days, TODAY), 80) == (
        "    Sep     Oct     Nov\n"
        "Mon . . . . . . . . . . . . █\n"
        "Tue . . . . . . . . . . . .\n"
        "Wed . . . . . . . . . . . .\n"
        "Thu . . . . . . . . . . . .\n"
        "Fri . . . . . . . . . . . .\n"
        "Sat . . . . . . . . . . ▒ .\n"
        "Sun . . . . . . . . . . . ░\n"
        "\n"
        "  . none  ░ to 1  ▒ to 4  █ more"
    )


def test_the_calendar_shows_as_many_weeks_as_fit() -> None:
    days = {TODAY - timedelta(days=n): Day(1) for n in range(600)}

    for width, weeks in ((40, 18), (80, 38), (120, 53)):
        assert drawn(charts.Calendar(days, TODAY), width).splitlines()[1] == "Mon " + " ".join("░" * weeks)


def test_columns_stand_on_their_days() -> None:
    assert drawn(charts.Columns((4, 0, 1, 2, 0, 0, 0, 3), TODAY), 40) == (
        "4 │█\n"
        "  │█             ▄\n"
        "  │█             █\n"
        "  │█     █       █\n"
        "  │█   ▄ █       █\n"
        "  │█   █ █       █\n"
        "0 └────────────────\n"
        "   today         30 Nov"
    )


def test_the_start_screen_shows_no_zeros_and_folds_a_long_tail() -> None:
    rows = [(f"topic-{n}", 20 - n, 0) for n in range(12)]
    text = drawn(start_view.topics(rows))

    assert text.splitlines()[0].split() == ["topic", "reviews"]
    assert text.splitlines()[-1].split() == ["4", "more", "topics", "42"]
    assert len(text.splitlines()) == 10
    assert drawn(start_view.topics([("optimizers", 3, 2), ("losses", 0, 1)])) == (
        "topic       reviews  new\noptimizers        3    2\nlosses                 1"
    )


def test_missed_days_are_marks_too() -> None:
    found = Streak((True, False, True, True), 2)

    assert whole(start_view.streak(found, run=True), 80) == "Studied  3 of the last 4 days  ●○●●  2 in a row"
    assert whole(start_view.streak(found), 30) == "Studied  3 of the last 4 days\n         ●○●●"
    assert whole(start_view.streak(Streak((True,), 1, today=True)), 80) == "Studied  today, the first day  ●"
    assert whole(start_view.streak(Streak((True,), 1)), 80) == "Studied  yesterday, the first day  ●"
    assert whole(start_view.streak(Streak()), 80) == ""


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_page_fits_the_width_and_cuts_no_name_and_no_command(width: int) -> None:
    text = whole(stats_view.page(some_numbers()), width)

    assert max(map(cell_len, text.splitlines())) <= width
    for said in (
        "regularization",
        "in no bank",
        "optimizer-choice.adam-correct",
        "dlquiz study --card 'optimizer-choice.*'",
    ):
        assert said in " ".join(text.split())
    assert "dlquiz show optimizer-choice\n" in text


def test_every_mark_is_one_character_in_ascii_too() -> None:
    text = whole(stats_view.page(some_numbers()), 80)
    used = set(re.findall(r"[^\x00-\x7f]", text))

    assert {"●", "─", "█", "░"} <= used
    spelled = {mark: printable.spelled(mark) for mark in used}
    assert all(len(form) == 1 and form != "?" for form in spelled.values()), spelled
    levels = [printable.spelled(mark) if mark > "\x7f" else mark for mark in charts.LEVELS]
    assert len(set(levels)) == len(levels)


def test_nothing_to_show_is_said_in_words() -> None:
    bare = Statistics(TODAY, 0.9, "dropout", Tally(days={TODAY: Day(1, 500)}))
    text = whole(stats_view.page(bare), 80)

    assert "1 answer on 1 day since Mon 23 Nov 2026, 0 s in total; only dropout" in text
    assert "No card has come back for review yet" in text
    assert "Nothing predicted yet" in text
    assert "LEECHES" not in text


@given(st.lists(st.tuples(st.text(max_size=30), SHARES), min_size=1, max_size=4), st.integers(30, 130))
def test_no_table_is_wider_than_the_screen(rows: list[tuple[str, Share]], width: int) -> None:
    table = charts.ChartTable(
        ("name", "asked", "range"),
        [charts.ChartRow(name, (str(share.counted), charts.bounds(share)), share, 0.9) for name, share in rows],
    )

    assert all(cell_len(line.plain) <= width for line in table.lines(width))


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "0 s"), (59_400, "59 s"), (61_000, "1 min"), (3_599_000, "1 h 00 min"), (11_100_000, "3 h 05 min")],
)
def test_durations_read_well(ms: int, text: str) -> None:
    assert charts.duration(ms) == text
