"""Where the plan leads: the values that `plan` and the start screen show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from dlquiz import plan
from dlquiz.card import EXPLAIN, Moment
from dlquiz.collection import Collection, how_ready, planning
from dlquiz.collection.kept_plan import DayPlan
from dlquiz.plan import course, readiness


def outlook(
    col: Collection, moment: Moment, pool: planning.CardPool | None = None, *, advise: bool = True
) -> course.Outlook | None:
    """The plan from today to the eve; None without an interview today or later.

    Args:
        col: The collection.
        moment: Now.
        pool: Of its cards, where it was gathered already.
        advise: Find how many minutes would do, too, which takes longer.
    """
    interview, today = col.settings.interview, moment.day.toordinal()
    if interview is None or interview < moment.day:
        return None
    pool = pool or planning.gather(col, moment)
    done = col.today(moment)
    settled = planning.settled(col, moment, done, pool)
    way = planning.kept_way(col, settled) if settled else planning.way(col, interview, interview)
    first = _agenda_now(col, moment, settled, pool) if settled else None
    factor = how_ready.learner(col, moment)
    seen, unseen = course.alike(pool.seen, first), pool.unseen
    low, middle, high = (course.ahead(today, seen, unseen, way, first=first, bias=bias) for bias in factor)
    base = _undecided(today, way, first, done.spent_ms)
    best = course.ahead(today, seen, unseen, course.endless(way), first=base, bias=factor.mid).recall
    fits = settled is None or middle.nearly_fits(best, len(pool.seen) + len(pool.fresh))
    minutes = planning.minutes(col)
    needed = 0
    if settled and advise:
        enough_minutes = course.minutes_needed(today, seen, unseen, way, first=base, bias=factor.mid)
        needed = course.advised(enough_minutes + (round(done.spent_ms / 60_000) if today + 1 == way.date else 0))
        needed = min(needed, minutes) if fits else max(needed, minutes + 1)
    enough = None
    if not fits and advise:
        wider = way._replace(seconds=60.0 * needed)
        enough = course.ahead(today, seen, unseen, wider, bias=factor.mid).recall
    return course.Outlook(
        interview=interview,
        today=moment.day,
        minutes=minutes,
        course=middle,
        fits=fits,
        minutes_needed=needed,
        recall=readiness.Range(low.recall, middle.recall, high.recall),
        most=best,
        left_out=_left_out(pool, middle.unseen),
        asked_most=_asked_most(pool),
        enough=enough,
        scope=col.scope.label,
        resting=pool.resting,
        assessed=bool(col.progress.assessment()) or not any(card.kind == EXPLAIN for card in pool.fresh),
    )


def saved(col: Collection, moment: Moment) -> course.Saved:
    """What it spares that the user said what is known."""
    pool = planning.gather(col, moment)
    interview, today = col.settings.interview, moment.day.toordinal()
    if not interview or col.days_left(moment) is None:
        return course.Saved(pool.resting)
    way = planning.way(col, interview, moment.day)
    bias = how_ready.learner(col, moment).mid
    before, after = (
        course.advised(course.minutes_needed(today, course.alike(cards.seen), cards.unseen, way, bias=bias))
        for cards in (planning.gather(col, moment, {}), pool)
    )
    return course.Saved(pool.resting, before, after)


def _asked_most(pool: planning.CardPool) -> tuple[str, ...]:
    """Topics, those first whose cards are worth most."""
    weights = defaultdict[str, float](float)
    for card in pool.seen:
        weights[pool.topics[card.card]] += card.weight
    for fresh in pool.fresh:
        weights[fresh.topic] += plan.worth(fresh.kind, fresh.priority)
    return tuple(sorted(weights, key=lambda topic: -weights[topic]))


def _left_out(pool: planning.CardPool, unseen: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """By topic, so many of the last cards of each group."""
    topics = Counter[str]()
    for (_, group), count in zip(groupby(pool.fresh, key=lambda card: card.group), unseen, strict=True):
        cards = list(group)
        topics.update(card.topic for card in cards[len(cards) - count :])
    return tuple(topics.most_common())


def _undecided(today: int, way: plan.PlanWindow, first: plan.Agenda | None, spent_ms: int) -> plan.Agenda | None:
    """What today asks whatever its minutes; None before anything was answered, when it may still become longer, and on the eve, when it is
    all that may.
    """
    return first if spent_ms and today + 1 < way.date else None


def rest_of_today(col: Collection, moment: Moment, pool: planning.CardPool | None = None) -> course.CourseDay | None:
    """What `study` would still ask today; None without an interview ahead."""
    pool = pool or planning.gather(col, moment)
    settled = planning.settled(col, moment, col.today(moment), pool)
    if settled is None:
        return None
    return course.row(moment.day.toordinal(), _agenda_now(col, moment, settled, pool), pool.unseen)


def as_json(ahead: course.Outlook, readied: readiness.Readiness) -> dict[str, Any]:
    """What `plan --json` prints."""
    return {
        "date": ahead.interview.isoformat(),
        "days_left": (ahead.interview - ahead.today).days,
        "minutes_per_day": ahead.minutes,
        "fits": ahead.fits,
        "minutes_needed": ahead.minutes_needed,
        "predicted_recall": _rounded(ahead.recall),
        "days": [
            {
                "date": date.fromordinal(course_day.day).isoformat(),
                "new": course_day.new,
                "reviews": course_day.reviews,
                "minutes": round(course_day.seconds / 60, 1),
                "final_pass": course_day.final_pass,
            }
            for course_day in ahead.course.days
        ],
        "readiness": [
            {
                "topic": topic.topic,
                "cards": topic.cards,
                "seen": topic.seen,
                "recall": topic.recall and _rounded(topic.recall),
                "missed_points": list(topic.missed),
            }
            for topic in readied.topics
        ],
    }


def _rounded(bounds: readiness.Range) -> dict[str, float]:
    return {name: round(value, 3) for name, value in bounds._asdict().items()}


def _agenda_now(col: Collection, moment: Moment, settled: DayPlan, pool: planning.CardPool) -> plan.Agenda:
    """What `study` would ask now, as the plan counts it; what waits is due too, before its last look or after it."""
    queue = col.queue(None, col.daily(), moment)
    seen = {card.card: card for card in pool.seen}
    groups = {card.card: card.group for card in pool.fresh}
    new = [card for card in queue.cards if card.id in groups]
    counts = Counter(groups[card.id] for card in new)
    asked = [seen[card.id] for card in (*queue.cards, *(card for _, card in queue.later)) if card.id in seen]
    final = set(settled.final)
    asked_ids = {card.card for card in asked}
    return plan.Agenda(
        new=tuple(counts[group] for group, _ in groupby(pool.fresh, key=lambda card: card.group)),
        reviews=[card for card in asked if card.card not in final],
        final=[card for card in asked if card.card in final],
        waiting=[card for card in pool.seen if card.due <= moment.day.toordinal() and card.card not in asked_ids],
        new_seconds=sum(pool.costs[card.kind].new for card in new),
    )
