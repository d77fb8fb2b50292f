"""Where the plan leads and how ready the user is: the values that `plan` and the start screen show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dlquiz import fsrs, plan, scheduler
from dlquiz.card import EXPLAIN, CardRef, Event, Memory, Moment, note_of
from dlquiz.collection import Collection, planning
from dlquiz.collection.kept_plan import DayPlan
from dlquiz.plan import course, readiness
from dlquiz.store import counts as log_counts

if TYPE_CHECKING:
    from dlquiz.bank.select import Selection

EVIDENCE_DAYS, EVIDENCE_CARDS = 60, 300  # of the user's own answers tell how fast this learner forgets


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
    factor = learner(col, moment)
    seen, unseen = course.alike(pool.seen, first), pool.unseen
    low, middle, high = (course.ahead(today, seen, unseen, way, first=first, bias=bias) for bias in factor)
    base = _undecided(today, way, first, done.spent_ms)
    best = course.most(today, seen, unseen, way, first=base, bias=factor.mid)
    fits = settled is None or middle.nearly_fits(best, len(pool.seen) + len(pool.fresh))
    minutes = planning.minutes(col)
    needed = 0
    if settled and advise:
        found = course.minutes_needed(today, seen, unseen, way, first=base, bias=factor.mid)
        needed = course.advised(found + (round(done.spent_ms / 60_000) if today + 1 == way.date else 0))
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
    bias = learner(col, moment).mid
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


def ready(
    col: Collection,
    moment: Moment,
    pool: planning.CardPool | None = None,
    ahead: course.Outlook | None = None,
) -> readiness.Readiness:
    """Where each topic stands, on the interview's day or, without one ahead, today.

    Args:
        col: The collection.
        moment: Now.
        pool: Of its cards, where it was gathered already.
        ahead: The plan. Today's part of it comes before any other advice, and where it fits nothing else is needed.
    """
    pool = pool or planning.gather(col, moment)
    interview = col.settings.interview if col.days_left(moment) else None
    day = interview or moment.day
    way = _raised_until(col, moment)
    seen: dict[str, list[plan.Seen]] = defaultdict(list)
    for card in pool.seen:
        seen[pool.topics[card.card]].append(card)
    fresh: dict[str, list[planning.UnseenCard]] = defaultdict(list)
    for unseen_card in pool.fresh:
        fresh[unseen_card.topic].append(unseen_card)
    factor = learner(col, moment)
    said_counts, missed = _points(col)
    topics = []
    for topic in (topic.slug for topic in col.bank.topics()):
        met, total = seen[topic], len(seen[topic]) + len(fresh[topic])
        if not total:  # none of what the interview is about
            continue
        recall = share = None
        if met:
            answered = [(card, pool.answers[card.card]) for card in met]
            recall = readiness.recall(answered, day.toordinal(), way, factor)
            share = readiness.share(recall, met, fresh_weight(fresh[topic]))
        if len(met) < readiness.KNOWN_FROM * total:
            recall = None
        topics.append(
            readiness.TopicReadiness(topic, total, len(met), recall, said_counts[topic], tuple(missed[topic]), share)
        )
    unseen = {topic: pool.groups(cards) for topic, cards in fresh.items()}
    best, begins, waits = None, bool(ahead and ahead.rest and ahead.rest.asks), False
    if not interview:
        queue = col.queue(None, col.limits(), moment)
        begins, waits = len(queue.cards) > queue.new, queue.backlog is not None
    if moment.day == col.settings.interview:  # too late to raise anything
        begins, waits = False, True
    if not begins and not waits and not (ahead and ahead.fits):
        best = readiness.best(seen, unseen, moment.day.toordinal(), way)
    return readiness.Readiness(day, tuple(topics), best, begins)


def weakest(col: Collection, moment: Moment, selected: Selection | None, count: int) -> list[CardRef]:
    """So many seen cards, due or not, of which another answer now raises most what is recalled on the interview's day or, without one
    ahead, tomorrow.
    """
    pool, way = planning.gather(col, moment), _raised_until(col, moment)
    card_refs, card_states = col.bank.card_refs(pool.topics), col.card_states(list(pool.topics))
    cards = (
        card
        for card in pool.seen
        if (selected is None or selected.holds(card_refs[card.card]))
        and not scheduler.hidden(card_states[card.card], moment.day)
    )
    raised = readiness.weakest(cards, moment.day.toordinal(), way)
    return [card_refs[card.card] for _, card in raised[:count]]


def _raised_until(col: Collection, moment: Moment) -> plan.PlanWindow:
    """From today to the day on which recall counts: the interview's or, without one ahead, tomorrow."""
    interview = col.settings.interview if col.days_left(moment) else None
    return planning.way(col, interview or moment.day + timedelta(days=1), moment.day)


def ready_in_all(col: Collection, moment: Moment) -> readiness.Range | None:
    """For what share of all that is asked the user is ready today; None where nothing was seen."""
    pool = planning.gather(col, moment)
    if not pool.seen:
        return None
    way = planning.way(col, moment.day + timedelta(days=1), moment.day)
    answered = [(card, pool.answers[card.card]) for card in pool.seen]
    recall = readiness.recall(answered, moment.day.toordinal(), way, learner(col, moment))
    return readiness.share(recall, pool.seen, fresh_weight(pool.fresh))


def fresh_weight(cards: Iterable[planning.UnseenCard]) -> float:
    """What these cards are worth in all."""
    return sum(plan.worth(card.kind, card.priority) for card in cards)


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


@lru_cache(maxsize=1)  # one screen asks for it several times
def learner(col: Collection, moment: Moment) -> readiness.Range:
    """How this learner compares with the model, from what was answered lately."""
    return learner_before(col, moment, {})


def learner_before(col: Collection, moment: Moment, before: Mapping[str, Memory | None]) -> readiness.Range:
    """The same without the later answers to some cards.

    Args:
        col: The collection.
        moment: Now.
        before: What was remembered of these cards at an earlier time.
    """
    outcomes = list[readiness.Outcome]()
    newest, since = col.progress.aliases(), moment.day - timedelta(days=EVIDENCE_DAYS)
    cards = {newest.get(card, card) for card in log_counts.answered(col.progress, since, EVIDENCE_CARDS)}
    for card, history in col.progress.histories(sorted(cards)):
        memory = before.get(card)
        most = memory.reps if memory else 0 if card in before else None
        outcomes += _outcomes(scheduler.effective(history), col.preset.weights, most)
    return readiness.learner(outcomes, col.preset.weights)


def _outcomes(events: Iterable[Event], weights: Sequence[float], most: int | None) -> Iterator[readiness.Outcome]:
    """A card's answers on a later day than the one before; at most so many answers are looked at."""
    state, last, answers = None, date.min, 0
    for event in events:
        if event.kind == "reset":
            state, answers = None, 0
        if event.kind != "review" or event.rating is None:
            continue
        if answers == most:
            break
        answers += 1
        if state is None:
            state = fsrs.first(event.rating, weights)
        else:
            elapsed = max(0, (event.study_day - last).days)
            if elapsed:
                yield readiness.Outcome(elapsed, state[0], event.rating > 1)
            state = fsrs.following(*state, elapsed, event.rating, weights)
        last = event.study_day


def _points(col: Collection) -> tuple[Counter[str], dict[str, list[str]]]:
    """By topic: how many key points were said when they were last asked for, and which were not."""
    said_counts, missed = Counter[str](), defaultdict[str, list[str]](list)
    results = col.progress.point_results()
    current = {col.bank.current(point): yes for point, (yes, _) in results.items()}
    card_refs = col.bank.card_refs({note_of(point) for point in current})
    for note, card_ref in card_refs.items():
        for point in col.bank.note(note).key_points:
            if current.get(point.id) is True:
                said_counts[card_ref.topic] += 1
            elif point.id in current:
                missed[card_ref.topic].append(point.id)
    return said_counts, missed
