"""The plan towards the user's interview: gathers what it needs, settles each day once, and tells what became of missed days."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby, islice
from typing import TYPE_CHECKING, NamedTuple

from dlquiz import calendar, deck, plan, scheduler
from dlquiz.card import EXPLAIN, CardRef, CardState, Moment, text_hash
from dlquiz.collection import after_interview, assessment, kept_plan
from dlquiz.collection.kept_plan import DayPlan
from dlquiz.plan import costs
from dlquiz.store import counts as log_counts

if TYPE_CHECKING:
    from dlquiz.bank.select import Selection
    from dlquiz.collection.lookup import Lookup

TIMES_DAYS = 30  # of the user's own times count
TOPICS_BEGUN_DAYS = 10  # from the day the plan was made; no topic stays unseen for two weeks, a missed weekend included
MOST_EARLIER = 20  # interviews of which is remembered that they capped intervals
NOTHING = ("", 0, None, None, None, None, None, 0)  # is known of a card that was never answered


class UnseenCard(NamedTuple):
    """A card that was never answered."""

    card: str
    topic: str
    kind: str
    priority: int  #: 1 to 6, see `card.priority`
    knowledge: str = ""  #: what the user says of its note, see `assessment`

    @property
    def group(self) -> tuple[bool, int]:
        """Cards of one group are met together, groups in their order: what is said to be known comes last."""
        return self.knowledge == assessment.YES, -self.priority


class CardPool(NamedTuple):
    """Every card of today's bank that the plan is about and that is not suspended, as the plan sees it."""

    seen: list[plan.Seen]
    topics: Mapping[str, str]  #: of the seen ones
    answers: Mapping[str, int]  #: of the seen ones, how often they were answered
    fresh: list[UnseenCard]  #: in the order in which they are met
    costs: Mapping[str, costs.Cost]
    resting: int = 0  #: unseen cards of notes that are said to be known: asked only if the main card fails

    @property
    def unseen(self) -> list[plan.Unseen]:
        """The fresh ones, group by group."""
        return self.groups(self.fresh)

    def groups(self, cards: Iterable[UnseenCard]) -> list[plan.Unseen]:
        """Cards that were never answered, group by group, each as one value."""
        ordered = sorted(cards, key=lambda card: card.group)
        return [self._group(list(group)) for _, group in groupby(ordered, key=lambda card: card.group)]

    def _group(self, cards: Sequence[UnseenCard]) -> plan.Unseen:
        new = sum(self.costs[card.kind].new for card in cards) / len(cards)
        again = sum(self.costs[card.kind].again for card in cards) / len(cards)
        weight = sum(plan.worth(card.kind, card.priority) for card in cards) / len(cards)
        is_known = cards[0].knowledge == assessment.YES
        return plan.Unseen(len(cards), new, again, weight, plan.KNOWN_STABILITY if is_known else plan.FRESH_STABILITY)


def minutes(col: "Lookup") -> int:
    """The minutes a day that a plan may use."""
    return col.settings.plan_minutes or col.settings.minutes_per_day


def settled(col: "Lookup", moment: Moment, today: deck.Today, pool: CardPool | None = None) -> DayPlan | None:
    """What today asks, settled now if it was not yet; None without an interview ahead."""
    interview = col.settings.interview
    if interview is None or interview <= moment.day:
        return None
    before = kept_plan.read(col)
    same = before is not None and before.date == interview.isoformat()
    current = (moment.day.isoformat(), minutes(col), col.bank.edition(), _about(col))
    if before and same and (before.day, before.minutes, before.bank, before.about) == current:
        return before
    start = date.fromisoformat(before.start) if before and same else moment.day
    towards = way(col, interview, min(start, moment.day), before.opened if before and same else "")
    day_plan = _decided(col, moment, today, pool or gather(col, moment), towards)
    if before:
        day_plan = day_plan._replace(earlier=before.earlier if same else (*before.earlier[-MOST_EARLIER:], before.date))
    if before and same:
        day_plan = _told_later(col, moment, before, day_plan)
    kept_plan.write(col, day_plan)
    return day_plan


def way(col: "Lookup", interview: date, start: date, opened: str = "") -> plan.PlanWindow:
    """The plan's dates and budget."""
    preset = col.preset
    return plan.PlanWindow(
        start.toordinal(),
        interview.toordinal(),
        60.0 * minutes(col),
        preset.desired_retention,
        preset.weights,
        date.fromisoformat(opened).toordinal() if opened else None,
    )


def kept_way(col: "Lookup", day_plan: DayPlan) -> plan.PlanWindow:
    """The dates and budget of a plan that was settled."""
    return way(col, date.fromisoformat(day_plan.date), date.fromisoformat(day_plan.start), day_plan.opened)


def planned(
    col: "Lookup", moment: Moment, today: deck.Today, selected: "Selection | None" = None
) -> deck.Planned | None:
    """What the plan asks of the rest of today, of the selected cards where some were selected."""
    day_plan = settled(col, moment, today)
    if day_plan is None:
        return None
    ids = [*day_plan.reviews, *day_plan.final]
    card_states, card_refs = col.card_states(ids), col.bank.card_refs(ids)
    seen = [card_refs[card] for card in ids if card in card_refs and _still_asked(card_states.get(card), moment)]
    return deck.Planned(
        new=max(0, day_plan.new - today.introduced),
        explains=max(0, day_plan.explains - today.explained),
        seen=tuple(card for card in seen if selected is None or selected.holds(card)),
        introduce=day_plan.introduce,
    )


def gather(col: "Lookup", moment: Moment, assessed: Mapping[str, str] | None = None) -> CardPool:
    """Every card that the plan is about with what is remembered of it, and what cards cost this user.

    Args:
        col: The collection.
        moment: Now.
        assessed: What the user says to know, by note; None takes what was kept.
    """
    today = moment.day
    strengths = col.progress.strengths()
    times = log_counts.times(col.progress, today - timedelta(days=TIMES_DAYS))
    kinds = {card.id: card.kind for card in col.bank.card_refs(card for card, *_ in times).values()}
    prices = costs.learnt(costs.Spent(kinds[card], new, ms / 1000) for card, new, ms in times if card in kinds)
    knowledge = assessment.kept(col) if assessed is None else assessed
    recalled = assessment.recalled(knowledge, strengths, col.preset.weights)
    seen, fresh, resting = list[plan.Seen](), list[UnseenCard](), 0
    topics, answers = dict[str, str](), dict[str, int]()
    later = after_interview.deferred(col, moment)
    hidden, day, ordinal = today.isoformat(), today.toordinal(), calendar.ordinal
    for card_ref, priority in col.bank.by_importance():
        card, kind = card_ref.id, card_ref.kind
        _, suspended, buried_on, stability, difficulty, last, due, reps = strengths.get(card) or NOTHING
        if suspended or not col.scope.holds(card_ref):
            continue
        if stability is None and kind != EXPLAIN and card_ref.note in recalled:
            resting += 1
            continue
        if stability is None:
            fresh.append(UnseenCard(card, card_ref.topic, kind, priority, knowledge.get(card_ref.note, "")))
            continue
        back = later[card].toordinal() if card in later else ordinal(due)
        back = max(back, day + 1) if buried_on == hidden else back
        weight = plan.worth(kind, priority)
        seen.append(plan.Seen(card, prices[kind].again, stability, difficulty, ordinal(last), back, weight=weight))
        topics[card], answers[card] = card_ref.topic, reps
    return CardPool(seen, topics, answers, _mixed(fresh), prices, resting)


def questions(col: "Lookup", selected: "Selection | None") -> list[CardRef]:
    """The main cards to be assessed, what is asked most first: of those selected every one that was never answered; else of what the
    plan is about those of which nothing was said either.
    """
    answers = assessment.kept(col)
    strengths = col.progress.strengths()
    fresh, card_refs = [], {}
    for card, priority in col.bank.by_importance():
        is_chosen = selected.holds(card) if selected else col.scope.holds(card) and card.note not in answers
        stability = (strengths.get(card.id) or NOTHING)[3]
        if card.explains and is_chosen and stability is None:
            fresh.append(UnseenCard(card.id, card.topic, card.kind, priority))
            card_refs[card.id] = card
    return [card_refs[card.card] for card in _mixed(fresh)]


def _mixed(fresh: Sequence[UnseenCard]) -> list[UnseenCard]:
    """The cards in the order in which they are met: group by group, in each what is half known first, and all topics side by side."""
    sizes = Counter((card.group, card.topic) for card in fresh)
    passed = Counter[tuple[tuple[bool, int], str]]()
    ordered = list[tuple[tuple[bool, int], bool, float, int, UnseenCard]]()
    for card in fresh:
        share = passed[card.group, card.topic] / sizes[card.group, card.topic]
        passed[card.group, card.topic] += 1
        ordered.append((card.group, card.knowledge != assessment.HALF, share, len(ordered), card))
    return [card for *_, card in sorted(ordered, key=lambda entry: entry[:4])]


def _introductions(pool: CardPool, counts: Sequence[int], day: int, towards: plan.PlanWindow) -> list[UnseenCard]:
    """So many cards of each group to be met today. Of topics that were not begun yet a first card comes forward, so many a day that all
    are begun within two weeks.
    """
    begun = set(pool.topics.values())
    openers = {card.topic: card for card in reversed(pool.fresh) if card.topic not in begun}
    deadline = towards.start + max(1, min(TOPICS_BEGUN_DAYS, (towards.met_by - towards.start) // 2))
    first = [card for card in pool.fresh if openers.get(card.topic) == card]
    first = first[: min(sum(counts), math.ceil(len(first) / max(1, deadline - day)))]
    others = list[UnseenCard]()
    for (_, group), count in zip(groupby(pool.fresh, key=lambda card: card.group), counts, strict=True):
        others += islice((card for card in group if card not in first), count)
    return [*first, *others[: sum(counts) - len(first)]]


def _decided(col: "Lookup", moment: Moment, today: deck.Today, pool: CardPool, towards: plan.PlanWindow) -> DayPlan:
    """Today's share."""
    day, unseen = moment.day.toordinal(), pool.unseen
    opens = plan.pass_opens(pool.seen, unseen, towards)
    level = plan.even_load(day, pool.seen, unseen, towards)
    agenda = plan.agenda(day, pool.seen, unseen, towards, level, spent=today.spent_ms / 1000)
    seconds = plan.cost(agenda.reviews) + plan.cost(agenda.final)
    chosen: list[UnseenCard] = []
    for card in _introductions(
        pool, agenda.new, day, towards
    ):  # they may cost more than the mean that the agenda knows
        price = pool.costs[card.kind].new
        if chosen and today.spent_ms / 1000 + seconds + price > towards.seconds:
            break
        chosen.append(card)
        seconds += price
    return DayPlan(
        date=date.fromordinal(towards.date).isoformat(),
        start=date.fromordinal(towards.start).isoformat(),
        day=moment.day.isoformat(),
        minutes=minutes(col),
        bank=col.bank.edition(),
        about=_about(col),
        new=today.introduced + len(chosen),
        explains=today.explained + sum(card.kind == EXPLAIN for card in chosen),
        introduce=tuple(card.card for card in chosen),
        reviews=tuple(card.card for card in agenda.reviews),
        final=tuple(card.card for card in agenda.final),
        seconds=today.spent_ms / 1000 + seconds,
        opened=date.fromordinal(opens).isoformat() if opens <= day else "",
    )


def _about(col: "Lookup") -> str:
    """A hash that changes with the scope and with what the user says to know."""
    return text_hash(json.dumps([col.settings.plan_topics, col.settings.plan_without, col.progress.assessment()]))


def _told_later(col: "Lookup", moment: Moment, before: DayPlan, now: DayPlan) -> DayPlan:
    """The same with the days on which the plan before was not followed at all."""
    first = date.fromisoformat(before.day)
    if before.day == before.start or before.seconds <= 0:
        first += timedelta(days=1)  # the day it was made on, and one without work, can't be missed
    studied = log_counts.studied(col.progress, first, moment.day)
    days = (first + timedelta(days=n) for n in range((moment.day - first).days))
    missed = [day for day in days if day not in studied]
    if not missed:
        return now._replace(missed=before.missed, before=before.before)
    was = before.before if before.missed else (before.new, round(before.seconds / 60))
    return now._replace(missed=(*before.missed, *(day.isoformat() for day in missed)), before=was)


def _still_asked(card_state: CardState | None, moment: Moment) -> bool:
    memory = card_state.memory if card_state else None
    return (
        card_state is not None
        and memory is not None
        and memory.due_ms is None  # steps are asked anyway
        and memory.last_day < moment.day
        and not scheduler.hidden(card_state, moment.day)
    )


def news(col: "Lookup", moment: Moment) -> DayPlan | None:
    """The plan, when there is something to tell of it: days were missed, or the interview is past. Told once."""
    interview = col.settings.interview
    if interview is None:
        return None
    if interview > moment.day:
        day_plan = settled(col, moment, col.today(moment))
        if day_plan is None or not day_plan.missed:
            return None
        updated = day_plan._replace(missed=())
    else:
        day_plan = kept_plan.read(col)
        if day_plan is None or day_plan.over or interview == moment.day or day_plan.date != interview.isoformat():
            return None
        day_plan = updated = day_plan._replace(over=True)
    kept_plan.write(col, updated)
    return day_plan
