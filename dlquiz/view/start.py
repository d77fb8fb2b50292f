"""The start screen's parts: today by topic, the week to come, the days behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rich.console import RenderableType
from rich.text import Text

from dlquiz import calendar
from dlquiz.stats import Streak
from dlquiz.view import charts
from dlquiz.view.charts import ChartRow, ChartTable

TOPICS = 8  # lines; the screen has 24


def headline(text: str) -> RenderableType:
    """The one sentence that the screen is about; what further lines say stands below it, quietly."""
    first, line_end, rest = text.partition("\n")
    return Text.assemble((first, "heading"), line_end, rest)


def topics(counts: Sequence[tuple[str, int, int]]) -> RenderableType:
    """Topics with cards to review, due or before their day, and new ones, most first; the tail in one line, and no column of nothing."""
    first, rest = (counts, counts[:0]) if len(counts) <= TOPICS + 1 else (counts[:TOPICS], counts[TOPICS:])
    lines = list(first)
    if rest:
        lines.append((f"{len(rest)} more topics", sum(topic[1] for topic in rest), sum(topic[2] for topic in rest)))
    columns = [column for column in (1, 2) if any(topic[column] for topic in counts)]
    table = [ChartRow(topic[0], tuple(str(topic[column] or "") for column in columns)) for topic in lines]
    return ChartTable(("topic", *(("reviews", "new")[column - 1] for column in columns)), table)


def coming(days: Sequence[tuple[date, int]]) -> RenderableType:
    """`Coming   Tue: 4  Wed: 12  ...`: what falls due on each of the next days."""
    named = [f"{calendar.day_name(day)[:3]}: {count}" for day, count in days]
    return charts.LabelledWords(
        "Coming ", named if any(count for _, count in days) else [f"nothing in {len(days)} days"]
    )


def streak(studied: Streak, *, run: bool = False) -> Iterator[RenderableType]:
    """`Studied  11 of the last 14 days` with a mark for each, the latest last, and the run in words; nothing before the first answer."""
    days = len(studied.marks)
    if days:
        first = f"{'today' if studied.today else 'yesterday'}, the first day"
        share = first if days == 1 else f"{studied.studied} of the last {days} days"
        words = [share, "".join("●" if mark else "○" for mark in studied.marks)]
        yield charts.LabelledWords("Studied", [*words, f"{studied.run} in a row"] if run and studied.run > 1 else words)
