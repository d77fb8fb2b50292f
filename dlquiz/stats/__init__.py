"""Log rows -> numbers: what `stats` and the start screen show, as values, and the small laws they follow. Reads nothing itself.

A *first answer* is a card's first of a study day: repeats of the same day tell of the minutes before, not of memory. A first answer of a
card in review counts for retention; anything but *again* is recalled. Undone rows are none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from math import sqrt
from types import MappingProxyType
from typing import NamedTuple

Z = 1.959964  # 95 % of a normal distribution lie within so many standard deviations of its mean
STREAK_DAYS = 14
FORECAST_DAYS = 30
SAID = ("sure", "half", "no")  # what can be predicted before the answer
GONE = ""  # topic and kind of a card that today's banks do not have


class Share(NamedTuple):
    """So many of so many."""

    counted: int = 0
    right: int = 0

    @property
    def share(self) -> float | None:
        """0 to 1; None of nothing."""
        return self.right / self.counted if self.counted else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Where the true share lies with 95 % confidence, 0 to 1; None of nothing.

        Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927): the score
        interval, sound for few trials and for shares near 1. It takes trials as independent; reviews of one card are not quite.
        """
        if not self.counted:
            return None
        n, share = self.counted, self.right / self.counted
        shrink = 1 + Z * Z / n
        centre = (share + Z * Z / (2 * n)) / shrink
        half = Z / shrink * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
        return max(0.0, min(centre - half, share)), min(1.0, max(centre + half, share))


class Bin(NamedTuple):
    """Reviews whose predicted recall lay from `low` to below `high`."""

    low: float
    high: float
    expected: float  #: mean predicted recall of them, 0 to 1
    share: Share


class Recall(NamedTuple):
    """How the scheduler's predictions came out, under today's weights."""

    share: Share = Share()
    expected: float | None = None  #: mean predicted recall, 0 to 1
    log_loss: float | None = None  #: mean of -ln(chance given to what happened); 0 is best
    bins: tuple[Bin, ...] = ()  #: those that hold a review, lowest first; together they hold all
    sample: float = 1.0  #: share of the cards that were looked at


class Times(NamedTuple):
    """How long answers took, pauses capped."""

    answers: int = 0
    took_ms: int = 0
    median_s: int | None = None  #: to the nearest second


class Day(NamedTuple):
    answers: int = 0
    took_ms: int = 0


class Tally(NamedTuple):
    """All that one reading of the log gives."""

    days: Mapping[date, Day] = MappingProxyType({})  #: study days with an answer, in order
    retention: Share = Share()
    topics: Mapping[str, Share] = MappingProxyType({})  #: retention; they sum to the whole
    weeks: Mapping[date, Share] = MappingProxyType(
        {}
    )  #: retention by the week's Monday, in order; they sum to the whole
    said: Mapping[str, Mapping[str, Share]] = MappingProxyType(
        {}
    )  #: topic -> SAID -> how often it was then recalled, of first answers
    recall: Recall = Recall()
    times: Mapping[str, Times] = MappingProxyType({})  #: by kind

    @property
    def answers(self) -> int:
        return sum(day.answers for day in self.days.values())

    @property
    def took_ms(self) -> int:
        return sum(day.took_ms for day in self.days.values())

    def predicted(self, word: str) -> Share:
        """How often it was recalled after the user had said so, in all topics."""
        shares = [by_word[word] for by_word in self.said.values()]
        return Share(sum(share.counted for share in shares), sum(share.right for share in shares))


class Streak(NamedTuple):
    """The last days, honestly. Today counts once something was answered: until then it is neither studied nor missed."""

    marks: tuple[bool, ...] = ()  #: studied or missed, oldest first; none before the first answer
    run: int = 0  #: days without a gap, up to today or yesterday
    today: bool = False  #: was something answered today, so that the last mark is today's?

    @property
    def studied(self) -> int:
        return sum(self.marks)


class Trouble(NamedTuple):
    """A card that keeps failing."""

    card: str
    note: str
    topic: str
    kind: str
    difficulty: float  #: 1 to 10
    lapses: int
    answers: int


class Checked(NamedTuple):
    """What checkers said of key points in written answers, and what the user said of them."""

    verdicts: Mapping[str, Share] = MappingProxyType(
        {}
    )  #: verdict -> points that got it; right: those that the user counts as said

    @property
    def decided(self) -> int:
        """Points that got a verdict other than unsure."""
        return sum(share.counted for verdict, share in self.verdicts.items() if verdict != "unsure")

    @property
    def overruled(self) -> int:
        """Verdicts that the user took back: found ones unticked, others ticked."""
        return sum(
            share.counted - share.right if verdict == "found" else share.right
            for verdict, share in self.verdicts.items()
            if verdict != "unsure"
        )


class Statistics(NamedTuple):
    """What `stats` shows; all of it empty where nothing was answered."""

    today: date
    target: float  #: desired retention, 0 to 1
    label: str  #: what was selected, empty for all
    tally: Tally = Tally()
    streak: Streak = Streak()
    forecast: tuple[int, ...] = (0,) * FORECAST_DAYS  #: cards due by today, then on each of the days to come
    hardest: tuple[Trouble, ...] = ()  #: hardest first, leeches apart
    leeches: tuple[Trouble, ...] = ()  #: most lapses first
    checked: Checked = Checked()


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def streak(studied: Collection[date], today: date, days: int = STREAK_DAYS) -> Streak:
    """The last `days` days, or those since the first answer, and how long the newest run without a gap is.

    Args:
        studied: Study days with an answer.
        today: This study day.
        days: How far back the marks go at most.
    """
    past = [day for day in studied if day <= today]
    if not past:
        return Streak()
    last = today if today in studied else today - timedelta(days=1)
    length = min(days, (last - min(past)).days + 1)
    marks = tuple(last - timedelta(days=back) in studied for back in reversed(range(length)))
    run = 0
    while last - timedelta(days=run) in studied:
        run += 1
    return Streak(marks, run, today in studied)


def forecast(due: Iterable[date], today: date, days: int = FORECAST_DAYS) -> tuple[int, ...]:
    """How many of the cards with these due days fall on each day, overdue ones on today; they sum to those due within the days."""
    counts = [0] * days
    for day in due:
        offset = max(0, (day - today).days)
        if offset < days:
            counts[offset] += 1
    return tuple(counts)
