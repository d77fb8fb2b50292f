"""Tables of numbers with an interval drawn beside each row, a calendar, and columns.

Whatever is drawn stands as a number beside it or in the legend, and no colour means anything. Every mark is spelled by one ASCII character
in `plain`, so nothing shifts on a terminal that lacks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from dlquiz import calendar
from dlquiz.stats import Day, Share, monday
from dlquiz.text import printable

INK = "chart"
QUIET = "quiet"
GAP = 2  # columns between two of a table
NARROWEST, WIDEST = 15, 41  # columns of a drawn interval
LEVELS = ".░▒▓█"  # a day in the calendar, from none to many
FEWEST_WEEKS, MOST_WEEKS = 13, 53
HEIGHT = 6  # lines of columns


class WidthLines:
    """Lines that depend on the width."""

    def lines(self, width: int) -> Iterable[Text]:
        raise NotImplementedError

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.lines(options.max_width):
            line.rstrip()
            yield line


class ChartRow(NamedTuple):
    """A line of a table: a name, numbers, and what may be drawn of them."""

    name: str
    numbers: tuple[str, ...]
    share: Share | None = None
    aim: float | None = None  #: 0 to 1, marked where the share would ideally lie


class ChartTable(WidthLines):
    """Names on the left, numbers flush right under their headings, then the share of each row with its interval.

    The drawing takes what width is left. Where too little is, it goes, then columns move together, then names are cut.
    """

    def __init__(self, headings: Sequence[str], rows: Sequence[ChartRow]) -> None:
        self.headings, self.rows = headings, rows

    def lines(self, width: int) -> Iterable[Text]:
        cells = [tuple(self.headings), *((cell_row.name, *cell_row.numbers) for cell_row in self.rows)]
        widths = [max(Text(cell_row[column]).cell_len for cell_row in cells) for column in range(len(self.headings))]
        gap = GAP if sum(widths) + GAP * (len(widths) - 1) <= width else 1
        widths[0] = max(4, min(widths[0], width - sum(wide + gap for wide in widths[1:])))
        room = min(width - sum(widths) - GAP * len(widths), WIDEST)
        shares = [cell_row.share.share for cell_row in self.rows if cell_row.share and cell_row.share.share is not None]
        floor = 0.0 if min(shares, default=0) < 0.5 else 0.5
        for column, cell_row in enumerate(cells):
            line = _line(cell_row, widths, gap)
            if column == 0:
                line.stylize("bold")
            if shares and room >= NARROWEST:
                drawn = _scale(floor, room) if column == 0 else _interval(self.rows[column - 1], floor, room)
                line = Text.assemble(line, " " * GAP, drawn)
            yield line


def _line(texts: Sequence[str], widths: Sequence[int], gap: int) -> Text:
    line = Text(printable.clean(texts[0]))
    line.truncate(widths[0], overflow="ellipsis", pad=True)
    for cell, columns in zip(texts[1:], widths[1:], strict=True):
        line.append(" " * (gap + columns - Text(cell).cell_len) + cell)
    return line


def _scale(floor: float, columns: int) -> Text:
    """What the ends of the drawn intervals mean."""
    left, right = percent(floor), percent(1.0)
    return Text(left + " " * (columns - len(left) - len(right)) + right, QUIET)


def _interval(row: ChartRow, floor: float, columns: int) -> Text:
    """`<---●--|`: the share within its 95 % interval, and the aim; `<` where it goes on to the left."""

    def column(value: float) -> int:
        return max(0, min(columns - 1, round((value - floor) / (1 - floor) * (columns - 1))))

    marks = [" "] * columns
    if row.aim is not None:
        marks[column(row.aim)] = "│"
    if row.share and row.share.share is not None and row.share.bounds:
        low, high = row.share.bounds
        for at in range(column(low), column(high) + 1):
            marks[at] = "─" if marks[at] == " " else "┼"
        if low < floor:
            marks[0] = "<"
        marks[column(row.share.share)] = "●"
    return Text("".join(marks), INK)


class Calendar(WidthLines):
    """The last weeks as columns, Monday on top, as many as fit: a quarter to a whole year."""

    def __init__(self, days: Mapping[date, Day], today: date) -> None:
        self.days, self.today = days, today

    def lines(self, width: int) -> Iterable[Text]:
        begun = (monday(self.today) - monday(min(self.days, default=self.today))).days // 7 + 1
        weeks = min(max(begun, FEWEST_WEEKS), MOST_WEEKS, (width - 4) // 2)
        first = monday(self.today) - timedelta(weeks=weeks - 1)
        counts = {day: studied.answers for day, studied in self.days.items() if first <= day <= self.today}
        bounds = _quartiles(list(counts.values()))
        yield Text(" " * 4 + _months(first, weeks, width - 4), QUIET)
        for weekday in range(7):
            line = Text.assemble((calendar.day_name(first + timedelta(days=weekday))[:3] + " ", QUIET))
            for week in range(weeks):
                day = first + timedelta(weeks=week, days=weekday)
                level = 1 + sum(counts[day] > bound for bound in bounds) if day in counts else 0
                line.append(f"{LEVELS[level]} " if day <= self.today else "", INK if level else QUIET)
            yield line
        steps = [f"{LEVELS[n]} to {to}" for n, to in enumerate(bounds, 1) if n == 1 or to > bounds[n - 2]]
        yield Text()
        yield from LabelledWords("", [f"{LEVELS[0]} none", *steps, f"{LEVELS[4]} more"]).lines(width)


def _quartiles(counts: Sequence[int]) -> list[int]:
    """The counts up to which a day is in the first, second and third quarter."""
    ordered = sorted(counts) or [0]
    return [ordered[(len(ordered) - 1) * quarter // 4] for quarter in (1, 2, 3)]


def _months(first: date, weeks: int, columns: int) -> str:
    """The months above the weeks in which they begin; the first week's own where there is room."""
    line = ""
    for week in range(weeks):
        last = first + timedelta(weeks=week, days=6)
        if last.day <= 7 or (week == 0 and last.month == (last + timedelta(weeks=2)).month):
            line = line.ljust(2 * week) + calendar.day_name(last).split()[2]
    return line if len(line) <= columns else line[: 2 * (weeks - 1)]


class Columns(WidthLines):
    """Counts of consecutive days as columns, Mondays named below."""

    def __init__(self, counts: Sequence[int], first: date) -> None:
        self.counts, self.first = counts, first

    def lines(self, width: int) -> Iterable[Text]:
        top = max(self.counts)
        label = len(str(top))
        step = 2 if width >= label + 2 + 2 * len(self.counts) else 1
        halves = [ceil(2 * HEIGHT * count / top) if top else 0 for count in self.counts]
        for level in reversed(range(HEIGHT)):
            marks = ("█" if half >= 2 * level + 2 else "▄" if half == 2 * level + 1 else " " for half in halves)
            number = str(top) if level == HEIGHT - 1 else ""
            drawn = (Text("".join(mark.ljust(step) for mark in marks), INK),)
            yield Text.assemble((f"{number:>{label}} ", QUIET), ("│", QUIET), *drawn)
        yield Text(f"{0:>{label}} └" + "─" * (step * len(self.counts)), QUIET)
        yield Text(" " * (label + 2) + self._days(step), QUIET)

    def _days(self, step: int) -> str:
        line = "today "
        for column in range(1, len(self.counts)):
            day = self.first + timedelta(days=column)
            if day.weekday() == 0 and len(line) <= step * column:
                line = line.ljust(step * column) + calendar.day_name(day)[4:] + " "
        return line


class NamedFacts(WidthLines):
    """A name with facts beside it, or below where the width is short; the name is never cut."""

    def __init__(self, name: str, facts: str, columns: int) -> None:
        self.name, self.facts, self.columns = printable.clean(name), facts, columns

    def lines(self, width: int) -> Iterable[Text]:
        if self.columns + GAP + len(self.facts) <= width:
            yield Text.assemble((self.name.ljust(self.columns + GAP), "bold"), self.facts)
            return
        yield Text(self.name, "bold")
        yield Text("  " + self.facts)


class LabelledWords(WidthLines):
    """A label and words that stay whole; where the width is short further lines begin under the first word."""

    def __init__(self, label: str, words: Sequence[str]) -> None:
        self.label, self.words = label, words

    def lines(self, width: int) -> Iterable[Text]:
        indent = len(self.label) + GAP
        line = Text.assemble((self.label.ljust(indent), "bold"))
        for word in self.words:
            if line.cell_len > indent and line.cell_len + GAP + len(word) > width:
                yield line
                line = Text(" " * indent)
            line.append(" " * (GAP if line.cell_len > indent else 0) + word)
        yield line


def percent(share: float | None) -> str:
    """`88 %`; a dash of nothing."""
    return "-" if share is None else f"{100 * share:.0f} %"


def bounds(share: Share) -> str:
    """`83-92 %`: the 95 % interval."""
    return "-" if share.bounds is None else f"{100 * share.bounds[0]:.0f}-{100 * share.bounds[1]:.0f} %"


def duration(ms: float) -> str:
    """`45 s`, `12 min`, `3 h 05 min`."""
    seconds = round(ms / 1000)
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
