"""What `stats` prints, section by section; each says what it counts."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from dlquiz import calendar
from dlquiz.stats import FORECAST_DAYS, GONE, SAID, Share, Statistics, Trouble
from dlquiz.text import printable
from dlquiz.text.phrases import counted
from dlquiz.view import charts, leech
from dlquiz.view import start as start_view
from dlquiz.view.charts import ChartRow, ChartTable, bounds, duration, percent

WEEKS = 12
LEECHES = 8
ELSEWHERE = "in no bank"
KEYS = {"sure": "y sure", "half": "h half", "no": "n no"}
RANGE = "range"


def page(found: Statistics) -> Iterator[RenderableType]:
    """Everything, in the order in which one would ask for it; the next command comes last."""
    tally = found.tally
    first = min(tally.days)
    since = f"{calendar.day_name(first)} {first.year}"
    days = counted(len(tally.days), "day")
    text = f"{counted(tally.answers, 'answer')} on {days} since {since}, {duration(tally.took_ms)} in all"
    yield Text(text + (f"; only {printable.clean(found.label)}" if found.label else ""))
    yield from start_view.streak(found.streak, run=True)
    yield from _section("Answers a day", "Repeats included.")
    yield charts.Calendar(tally.days, found.today)
    yield from _retention(found)
    yield from _predictions(found)
    yield from _recall(found)
    yield from _times(found)
    yield from _forecast(found)
    yield from _troubles(found)


def _section(title: str, explained: str) -> Iterator[RenderableType]:
    yield Text()
    yield Text(title.upper(), "bold")
    yield Text(explained, charts.QUIET)
    yield Text()


def _retention(found: Statistics) -> Iterator[RenderableType]:
    tally, aim = found.tally, found.target
    told = (
        "Of the first answers of a day on cards in review, those that were not again. "
        f"Aim: {percent(aim)} (│). The range is a 95 % interval."
    )
    yield from _section("Retention", told)
    if not tally.retention.counted:
        yield Text("No card in review was asked yet; the first come back a few days after they were learnt.")
        return
    headings = ("topic", "asked", "recalled", RANGE)
    topics = sorted(tally.topics.items(), key=lambda row: (row[0] == GONE, -row[1].counted))
    rows = [_share_row(name or ELSEWHERE, share, aim) for name, share in topics if share.counted]
    yield ChartTable(headings, [_share_row("all", tally.retention, aim), *rows])
    yield Text()
    weeks = list(tally.weeks.items())[-WEEKS:]
    named = [_share_row(calendar.day_name(week), share, aim) for week, share in weeks]
    yield ChartTable(("week from", *headings[1:]), named)


def _share_row(name: str, share: Share, aim: float | None = None) -> ChartRow:
    return ChartRow(name, (str(share.counted), percent(share.share), bounds(share)), share, aim)


def _predictions(found: Statistics) -> Iterator[RenderableType]:
    tally = found.tally
    told = "What you said before the answer (y, h, n), and how often you then recalled it; first answers of the day."
    yield from _section("Do you know what you know?", told)
    said = {word: tally.predicted(word) for word in SAID}
    if not any(share.counted for share in said.values()):
        yield Text("Nothing predicted yet: press y, h or n before you turn a card over.")
        return
    headings = ("you said", "cards", "recalled", RANGE)
    yield ChartTable(headings, [_share_row(KEYS[word], share) for word, share in said.items() if share.counted])
    sure = {slug: by_word["sure"] for slug, by_word in tally.said.items() if by_word["sure"].counted}
    if sure:
        yield Text()
        worst = sorted(sure.items(), key=lambda row: row[1].bounds or (0, 0))
        rows = [_share_row(slug or ELSEWHERE, share) for slug, share in worst]
        yield ChartTable(("sure, in topic", *headings[1:]), rows)


def _recall(found: Statistics) -> Iterator[RenderableType]:
    recall = found.tally.recall
    if recall.expected is None:
        return
    told = "What the scheduler's memory model expected of the reviews above (│), and what came of them (●)."
    if recall.sample < 1:
        told += f" Looked at: {percent(recall.sample)} of the cards, drawn by lot."
    yield from _section("Does the scheduler know you?", told)
    rows = [
        ChartRow(
            f"{100 * each.low:.0f}-{100 * each.high:.0f} %",
            (str(each.share.counted), percent(each.expected), percent(each.share.share), bounds(each.share)),
            each.share,
            each.expected,
        )
        for each in recall.bins
    ]
    whole = recall.share
    numbers = (str(whole.counted), percent(recall.expected), percent(whole.share), bounds(whole))
    rows.append(ChartRow("all", numbers, whole, recall.expected))
    yield ChartTable(("chance", "asked", "expected", "recalled", RANGE), rows)


def _times(found: Statistics) -> Iterator[RenderableType]:
    times = sorted(found.tally.times.items(), key=lambda row: -row[1].took_ms)
    rows = [
        ChartRow(kind or ELSEWHERE, (str(each.answers), duration(1000 * (each.median_s or 0)), duration(each.took_ms)))
        for kind, each in times
        if each.answers
    ]
    if rows:
        yield from _section(
            "Time", "Half of the answers took less than the middle one. A pause counts 5 minutes at most."
        )
        yield ChartTable(("kind", "answers", "middle", "in all"), rows)


def _forecast(found: Statistics) -> Iterator[RenderableType]:
    told = f"Cards that come due in {FORECAST_DAYS} days, as things stand: no new ones, none failed."
    yield from _section("To come", told)
    due = sum(found.forecast)
    if not due:
        yield Text("None.")
        return
    yield charts.Columns(found.forecast, found.today)
    yield Text()
    yield Text(f"{counted(due, 'card')}, {found.forecast[0] or 'none'} of them due today")


def _troubles(found: Statistics) -> Iterator[RenderableType]:
    longest = max((len(each.card) for each in (*found.hardest, *found.leeches)), default=0)
    if found.hardest:
        yield from _section("Hardest cards", "By difficulty (1 to 10); a lapse is an again on a card in review.")
        for each in found.hardest:
            yield charts.NamedFacts(each.card, f"difficulty {each.difficulty:.1f}, {_lapses(each)}", longest)
    if not found.leeches:
        return
    yield from _section("Leeches", leech.HEADING)
    for each in found.leeches[:LEECHES]:
        yield charts.NamedFacts(each.card, _lapses(each), longest)
        yield Text(f"  {leech.way_out(each)}")
    if len(found.leeches) > LEECHES:
        yield Text(f"and {len(found.leeches) - LEECHES} more: dlquiz stats --json")
    yield Text()
    yield Text(leech.OTHERWISE)
    yield Text("Or leave it out until you want it back:")
    yield Text(f"  dlquiz suspend {found.leeches[0].card}")


def _lapses(each: Trouble) -> str:
    return f"{counted(each.lapses, 'lapse')}, {counted(each.answers, 'answer')}"
