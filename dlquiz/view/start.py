"""The start screen's parts: today by topic, the week to come, the days behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rich.console import RenderableType

from dlquiz import calendar
from dlquiz.stats import Streak
from dlquiz.view import charts
from dlquiz.view.charts import ChartRow, ChartTable

TOPICS = 8  # lines; the screen has 24


def topics(rows: Sequence[tuple[str, int, int]]) -> RenderableType:
    """Topics with cards to review and new ones, most first; the tail in one line, and no column of nothing."""
    shown, rest = (rows, rows[:0]) if len(rows) <= TOPICS + 1 else (rows[:TOPICS], rows[TOPICS:])
    lines = list(shown)
    if rest:
        lines.append((f"{len(rest)} more topics", sum(row[1] for row in rest), sum(row[2] for row in rest)))
    columns = [place for place in (1, 2) if any(row[place] for row in rows)]
    table = [ChartRow(row[0], tuple(str(row[place] or "") for place in columns)) for row in lines]
    return ChartTable(("topic", *(("due", "new")[place - 1] for place in columns)), table)


def coming(days: Sequence[tuple[date, int]]) -> RenderableType:
    """`Coming   Tue 4  Wed 12  ...`: what falls due on each of the next days."""
    named = [f"{calendar.day_name(day)[:3]} {count or '-'}" for day, count in days]
    return charts.LabelledWords(
        "Coming ", named if any(count for _, count in days) else [f"nothing in {len(days)} days"]
    )


def streak(found: Streak, *, run: bool = False) -> Iterator[RenderableType]:
    """`Studied  11 of the last 14 days` with a mark for each, the latest last, and the run in words; nothing before the first answer."""
    days = len(found.marks)
    if days:
        told = "today, the first day" if days == 1 else f"{found.studied} of the last {days} days"
        words = [told, "".join("●" if mark else "○" for mark in found.marks)]
        yield charts.LabelledWords("Studied", [*words, f"{found.run} in a row"] if run and found.run > 1 else words)
