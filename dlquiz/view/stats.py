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
VERDICTS = {"found": "found", "unsure": "unsure", "opposite": "opposite", "none": "not recognised"}
RANGE = "range"


def page(statistics: Statistics) -> Iterator[RenderableType]:
    """Everything, in the order in which one would ask for it; the next command comes last."""
    tally = statistics.tally
    first = min(tally.days)
    since = f"{calendar.day_name(first)} {first.year}"
    days = counted(len(tally.days), "day")
    text = f"{counted(tally.answers, 'answer')} on {days} since {since}, {duration(tally.took_ms)} in total"
    yield Text(text + (f"; only {printable.clean(statistics.label)}" if statistics.label else ""))
    yield from start_view.streak(statistics.streak, run=True)
    yield from _section("Answers per day", "Repeats included.")
    yield charts.Calendar(tally.days, statistics.today)
    yield from _retention(statistics)
    yield from _predictions(statistics)
    yield from _recall(statistics)
    yield from _checked(statistics)
    yield from _times(statistics)
    yield from _forecast(statistics)
    yield from _troubles(statistics)


def _section(title: str, explained: str) -> Iterator[RenderableType]:
    yield Text()
    yield Text(title.upper(), "bold")
    yield Text(explained, charts.QUIET)
    yield Text()


def _retention(statistics: Statistics) -> Iterator[RenderableType]:
    tally, aim = statistics.tally, statistics.target
    meaning = (
        "How many cards in review were recalled, counting the first answer of each day. "
        f"Target: {percent(aim)} (│). The range is a 95 % interval."
    )
    yield from _section("Retention", meaning)
    if not tally.retention.counted:
        yield Text("No card has come back for review yet; the first ones do a few days after you learn them.")
        return
    headings = ("topic", "asked", "recalled", RANGE)
    topics = sorted(tally.topics.items(), key=lambda item: (item[0] == GONE, -item[1].counted))
    lines = [_share_row(name or ELSEWHERE, share, aim) for name, share in topics if share.counted]
    yield ChartTable(headings, [_share_row("all", tally.retention, aim), *lines])
    yield Text()
    weeks = list(tally.weeks.items())[-WEEKS:]
    named = [_share_row(calendar.day_name(week), share, aim) for week, share in weeks]
    yield ChartTable(("week from", *headings[1:]), named)


def _share_row(name: str, share: Share, aim: float | None = None) -> ChartRow:
    return ChartRow(name, (str(share.counted), percent(share.share), bounds(share)), share, aim)


def _predictions(statistics: Statistics) -> Iterator[RenderableType]:
    tally = statistics.tally
    meaning = "What you said before the answer (y, h, n), and how often you then recalled it; first answers of the day."
    yield from _section("Do you know what you know?", meaning)
    shares = {word: tally.predicted(word) for word in SAID}
    if not any(share.counted for share in shares.values()):
        yield Text("Nothing predicted yet: press y, h or n before you turn a card over.")
        return
    headings = ("you said", "cards", "recalled", RANGE)
    yield ChartTable(headings, [_share_row(KEYS[word], share) for word, share in shares.items() if share.counted])
    sure = {slug: by_word["sure"] for slug, by_word in tally.said.items() if by_word["sure"].counted}
    if sure:
        yield Text()
        worst = sorted(sure.items(), key=lambda item: item[1].bounds or (0, 0))
        lines = [_share_row(slug or ELSEWHERE, share) for slug, share in worst]
        yield ChartTable(("sure, in topic", *headings[1:]), lines)


def _recall(statistics: Statistics) -> Iterator[RenderableType]:
    recall = statistics.tally.recall
    if recall.expected is None:
        return
    meaning = "What the scheduler's memory model expected of the reviews above (│), and what came of them (●)."
    if recall.sample < 1:
        meaning += f" Looked at: {percent(recall.sample)} of the cards, drawn by lot."
    yield from _section("Does the scheduler know you?", meaning)
    lines = [
        ChartRow(
            f"{100 * chance.low:.0f}-{100 * chance.high:.0f} %",
            (str(chance.share.counted), percent(chance.expected), percent(chance.share.share), bounds(chance.share)),
            chance.share,
            chance.expected,
        )
        for chance in recall.bins
    ]
    overall = recall.share
    numbers = (str(overall.counted), percent(recall.expected), percent(overall.share), bounds(overall))
    lines.append(ChartRow("all", numbers, overall, recall.expected))
    yield ChartTable(("chance", "asked", "expected", "recalled", RANGE), lines)


def _checked(statistics: Statistics) -> Iterator[RenderableType]:
    checked = statistics.checked
    if not checked.decided:
        return
    meaning = (
        "What was recognised of the key points in your written answers, and how many of them you then counted as said."
    )
    yield from _section("Does it hear you?", meaning)
    rows = [
        _share_row(word, checked.verdicts[verdict]) for verdict, word in VERDICTS.items() if verdict in checked.verdicts
    ]
    yield ChartTable(("verdict", "points", "said", RANGE), rows)
    yield Text()
    yield Text(f"You overruled {checked.overruled} of {counted(checked.decided, 'verdict')}; unsure ones are none.")


def _times(statistics: Statistics) -> Iterator[RenderableType]:
    times = sorted(statistics.tally.times.items(), key=lambda item: -item[1].took_ms)
    lines = [
        ChartRow(
            kind or ELSEWHERE, (str(spent.answers), duration(1000 * (spent.median_s or 0)), duration(spent.took_ms))
        )
        for kind, spent in times
        if spent.answers
    ]
    if lines:
        yield from _section("Time", "The median: half of the answers took less. A pause counts as 5 minutes at most.")
        yield ChartTable(("kind", "answers", "median", "total"), lines)


def _forecast(statistics: Statistics) -> Iterator[RenderableType]:
    meaning = f"Cards due in the next {FORECAST_DAYS} days if you learn no new ones and fail none."
    yield from _section("Coming up", meaning)
    due = sum(statistics.forecast)
    if not due:
        yield Text("None.")
        return
    yield charts.Columns(statistics.forecast, statistics.today)
    yield Text()
    yield Text(f"{counted(due, 'card')}, {statistics.forecast[0] or 'none'} of them due today")


def _troubles(statistics: Statistics) -> Iterator[RenderableType]:
    longest = max((len(trouble.card) for trouble in (*statistics.hardest, *statistics.leeches)), default=0)
    if statistics.hardest:
        yield from _section("Hardest cards", "By difficulty (1 to 10); a lapse is an again on a card in review.")
        for trouble in statistics.hardest:
            yield charts.NamedFacts(trouble.card, f"difficulty {trouble.difficulty:.1f}, {_lapses(trouble)}", longest)
    if not statistics.leeches:
        return
    yield from _section("Leeches", leech.HEADING)
    for trouble in statistics.leeches[:LEECHES]:
        yield charts.NamedFacts(trouble.card, _lapses(trouble), longest)
        yield Text(f"  {leech.way_out(trouble)}")
    if len(statistics.leeches) > LEECHES:
        yield Text(f"and {len(statistics.leeches) - LEECHES} more: dlquiz stats --json")
    yield Text()
    yield Text(leech.OTHERWISE)
    yield Text("Or leave it out until you want it back:")
    yield Text(f"  dlquiz suspend {statistics.leeches[0].card}")


def _lapses(trouble: Trouble) -> str:
    return f"{counted(trouble.lapses, 'lapse')}, {counted(trouble.answers, 'answer')}"
