"""One reading of the log -> a Tally. Plain values in a plain loop: there may be a million rows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from math import log

from dlquiz import fsrs, rng
from dlquiz.card import CardRef, Preset, State
from dlquiz.stats import GONE, SAID, Bin, Day, Recall, Share, Tally, Times, monday

EDGES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)  # between bins of predicted recall, narrow where most reviews fall

# Card, study day in ISO form, rating (None: a reset), state before, prediction, milliseconds taken.
Answer = tuple[str, str, int | None, str | None, str | None, int | None]


def tally(
    answers: Iterable[Answer],
    cards: Mapping[str, CardRef],
    preset: Preset,
    *,
    others: bool,
    longest_ms: int,
    sample: float = 1.0,
) -> Tally:
    """Count everything.

    Args:
        answers: Effective reviews and resets, each card's own in the order in which they are folded.
        cards: What is known of each id, former ids included.
        preset: Its weights predict recall.
        others: Count cards that are not in `cards` too.
        longest_ms: What an answer takes at most; more is a pause.
        sample: Share of the cards, drawn by their ids, whose memory is folded to predict recall: that is what costs time.
    """
    sums, weights, review = _Sums(cards, others, sample, longest_ms), preset.weights, State.REVIEW.value
    track_of, day_of = sums.tracks.get, sums.days.get
    for name, iso, rating, state, predicted, took_ms in answers:
        track = track_of(name) or sums.begin(name)
        if rating is None:
            track.stability = 0.0
            continue
        if not track.counts:
            continue
        day, right = day_of(iso) or sums.begin_day(iso), rating > 1
        elapsed = max(0, day.ordinal - track.last_day)
        track.last_day = day.ordinal
        if day.ordinal > track.latest_day:  # no first answer where a clock was set back or the way led west
            track.latest_day = day.ordinal
            if predicted is not None:
                track.topic.predict(predicted, right)
            if state == review:
                track.topic.add(right)
                day.add(right)
                if track.stability:
                    sums.recall.add(fsrs.retrievability(elapsed, track.stability, weights), right)
        if track.folds:
            if track.stability:
                before = track.stability, track.difficulty
                track.stability, track.difficulty = fsrs.following(*before, elapsed, rating, weights)
            else:
                track.stability, track.difficulty = fsrs.first(rating, weights)
        day.answers += 1
        if took_ms is not None:
            capped = took_ms if took_ms < longest_ms else longest_ms
            day.took_ms += capped
            track.times.took_ms += capped
            track.times.seconds[(capped + 500) // 1000] += 1
    return sums.tally()


class _Sums:
    """What is counted so far."""

    def __init__(self, cards: Mapping[str, CardRef], others: bool, sample: float, longest_ms: int) -> None:
        self.tracks: dict[str, _Track] = {}
        self.days: dict[str, _Day] = {}
        self.recall = _Recall(sample)
        self._cards, self._others, self._longest_ms = cards, others, longest_ms
        self._topics: dict[str, _Topic] = {}
        self._times: dict[str, _Times] = {}

    def begin(self, name: str) -> _Track:
        """The track of a card whose id comes up for the first time; a former id shares that of today's."""
        card_ref = self._cards.get(name)
        card, topic, kind = (card_ref.id, card_ref.topic, card_ref.kind) if card_ref else (name, GONE, GONE)
        track = self.tracks.get(card)
        if track is None:
            counts = card_ref is not None or self._others
            track = _Track(
                self._topics.setdefault(topic, _Topic()) if counts else _Topic(),
                self._times.setdefault(kind, _Times(self._longest_ms)) if counts else _Times(0),
                counts=counts,
                folds=self.recall.sample >= 1 or rng.draw(card) < self.recall.sample,
            )
        self.tracks[card] = self.tracks[name] = track
        return track

    def begin_day(self, iso: str) -> _Day:
        self.days[iso] = _Day(date.fromisoformat(iso))
        return self.days[iso]

    def tally(self) -> Tally:
        days = [day for _, day in sorted(self.days.items())]
        weeks = {monday(day.date): _Count() for day in days}
        for day in days:
            weeks[monday(day.date)].include(day)
        return Tally(
            days={day.date: Day(day.answers, day.took_ms) for day in days},
            retention=_sum(weeks.values()),
            topics={slug: topic.share for slug, topic in self._topics.items()},
            weeks={week: count.share for week, count in weeks.items()},
            said={slug: topic.predictions for slug, topic in self._topics.items()},
            recall=self.recall.result(),
            times={kind: times.result() for kind, times in self._times.items()},
        )


class _Count:
    """A Share in the making."""

    __slots__ = ("counted", "right")

    def __init__(self) -> None:
        self.counted = self.right = 0

    def add(self, right: bool) -> None:
        self.counted += 1
        self.right += right

    def include(self, count: _Count) -> None:
        self.counted += count.counted
        self.right += count.right

    @property
    def share(self) -> Share:
        return Share(self.counted, self.right)


def _sum(counts: Iterable[_Count]) -> Share:
    total = _Count()
    for count in counts:
        total.include(count)
    return total.share


class _Topic(_Count):
    """A topic's retention, and what was predicted in it."""

    def __init__(self) -> None:
        super().__init__()
        self._said = {word: _Count() for word in SAID}

    def predict(self, word: str, right: bool) -> None:
        if word in self._said:
            self._said[word].add(right)

    @property
    def predictions(self) -> dict[str, Share]:
        return {word: count.share for word, count in self._said.items()}


class _Day(_Count):
    """A study day's retention, answers and time."""

    __slots__ = ("answers", "date", "ordinal", "took_ms")

    def __init__(self, day: date) -> None:
        super().__init__()
        self.date, self.ordinal = day, day.toordinal()
        self.answers = self.took_ms = 0


class _Track:
    """A card while its answers pass by."""

    __slots__ = ("counts", "difficulty", "folds", "last_day", "latest_day", "stability", "times", "topic")

    def __init__(self, topic: _Topic, times: _Times, *, counts: bool, folds: bool) -> None:
        self.topic, self.times, self.counts, self.folds = topic, times, counts, folds
        self.last_day = self.latest_day = 0  # ordinals of study days: of the last answer, and the latest of all
        self.stability = self.difficulty = 0.0  # 0: no memory


class _Times:
    """Times of answers, kept as a count of each second."""

    __slots__ = ("seconds", "took_ms")

    def __init__(self, longest_ms: int) -> None:
        self.seconds = [0] * (longest_ms // 1000 + 2)
        self.took_ms = 0

    def result(self) -> Times:
        answers, passed = sum(self.seconds), 0
        for second, count in enumerate(self.seconds):
            passed += count
            if count and 2 * passed >= answers:
                return Times(answers, self.took_ms, second)
        return Times()


class _Recall:
    """Predictions in bins."""

    def __init__(self, sample: float) -> None:
        self.sample = min(sample, 1.0)
        self._counts = [_Count() for _ in (*EDGES, 1)]
        self._expected = [0.0 for _ in self._counts]
        self._loss = 0.0

    def add(self, recall: float, right: bool) -> None:
        index = bisect_right(EDGES, recall)
        self._counts[index].add(right)
        self._expected[index] += recall
        self._loss -= log(recall if right else 1 - recall)

    def result(self) -> Recall:
        summed = _sum(self._counts)
        if not summed.counted:
            return Recall(sample=self.sample)
        intervals = zip((0.0, *EDGES), (*EDGES, 1.0), self._expected, self._counts, strict=True)
        bins = [
            Bin(low, high, total / count.counted, count.share) for low, high, total, count in intervals if count.counted
        ]
        n = summed.counted
        return Recall(summed, sum(self._expected) / n, self._loss / n, tuple(bins), self.sample)
