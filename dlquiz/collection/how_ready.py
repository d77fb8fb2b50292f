"""How ready the user is, by topic and in all, which cards would raise it most, and how fast this learner forgets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from dlquiz import fsrs, plan, scheduler
from dlquiz.card import CardRef, Event, Memory, Moment, note_of
from dlquiz.collection import Collection, planning
from dlquiz.plan import course, readiness
from dlquiz.store import counts as log_counts

if TYPE_CHECKING:
    from dlquiz.bank.select import Selection

EVIDENCE_DAYS, EVIDENCE_CARDS = 60, 300  # of the user's own answers tell how fast this learner forgets


def by_topic(
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
    begins, is_advised = _next(col, moment, ahead)
    best = None
    if is_advised:
        unseen = {topic: pool.groups(cards) for topic, cards in fresh.items()}
        best = readiness.best(seen, unseen, moment.day.toordinal(), way)
    return readiness.Readiness(day, tuple(topics), best, begins)


def _next(col: Collection, moment: Moment, ahead: course.Outlook | None) -> tuple[bool, bool]:
    """Are today's cards what comes next, and if not, is it time for other advice? Not in a backlog, and not on the interview's day, when it
    is too late to raise anything.
    """
    if moment.day == col.settings.interview:
        return False, False
    if col.days_left(moment):
        begins = bool(ahead and ahead.rest and ahead.rest.asks)
        return begins, not begins and not (ahead and ahead.fits)
    queue = col.queue(None, col.limits(), moment)
    begins = len(queue.cards) > queue.new
    return begins, not begins and queue.backlog is None


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


def in_all(col: Collection, moment: Moment) -> readiness.Range | None:
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
