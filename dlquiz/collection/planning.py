"""The plan towards the user's interview: gathers what it needs, settles each day once, and tells what became of missed days."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from dlquiz import calendar, deck, plan, scheduler
from dlquiz.card import EXPLAIN, CardState, Moment
from dlquiz.plan import costs
from dlquiz.store import counts as log_counts

if TYPE_CHECKING:
    from dlquiz.bank.select import Selection
    from dlquiz.collection.lookup import Lookup

TIMES_DAYS = 30  # of the user's own times count
NOTHING = ("", 0, None, None, None, None, None, 0)  # is known of a card that was never answered


class DayPlan(NamedTuple):
    """What a day asks, decided when the day was first looked at and kept: a plan made twice is the same plan."""

    date: str  #: of the interview
    start: str  #: the day on which the plan towards that date was made
    day: str  #: the study day that this is about
    minutes: int  #: the budget
    bank: str = ""  #: its edition
    new: int = 0  #: cards to be first met that day, whenever in it
    explains: int = 0  #: main cards among them
    reviews: tuple[str, ...] = ()
    final: tuple[str, ...] = ()  #: cards that get their last look
    seconds: float = 0.0  #: the whole day's
    missed: tuple[str, ...] = ()  #: study days without an answer, not told yet
    before: tuple[int, int] = (0, 0)  #: new cards and minutes a day before they were missed
    opened: str = ""  #: the day on which the final pass opened, once it has
    over: bool = False  #: it was told that the interview is past

    @property
    def text(self) -> str:
        return json.dumps(self._asdict())


class UnseenCard(NamedTuple):
    """A card that was never answered."""

    card: str
    topic: str
    kind: str
    must: int  #: 1 for a main card and one that drills a must


class CardPool(NamedTuple):
    """Every card of today's bank that is not suspended, as the plan sees it."""

    seen: list[plan.Seen]
    topics: Mapping[str, str]  #: of the seen ones
    answers: Mapping[str, int]  #: of the seen ones, how often they were answered
    fresh: list[UnseenCard]  #: the most important first
    costs: Mapping[str, costs.Cost]

    @property
    def unseen(self) -> list[plan.Unseen]:
        """The fresh ones in their two degrees of importance."""
        return [self.group([card for card in self.fresh if card.must == must]) for must in (1, 0)]

    def group(self, cards: Sequence[UnseenCard]) -> plan.Unseen:
        """Cards that were never answered, as one value."""
        kinds = Counter(card.kind for card in cards)
        many = max(1, len(cards))
        new = sum(n * self.costs[kind].new for kind, n in kinds.items()) / many
        again = sum(n * self.costs[kind].again for kind, n in kinds.items()) / many
        return plan.Unseen(len(cards), new or 1.0, again or 1.0)


def minutes(col: Lookup) -> int:
    """The minutes a day that a plan may use."""
    return col.settings.plan_minutes or col.settings.minutes_per_day


def kept(col: Lookup) -> DayPlan | None:
    """The plan as it was settled last, whichever day that was."""
    text = col.progress.plan()
    if text is None:
        return None
    found: dict[str, Any] = json.loads(text)
    known: dict[str, Any] = {name: found[name] for name in DayPlan._fields if name in found}
    known.update((name, tuple(value)) for name, value in known.items() if isinstance(value, list))
    return DayPlan(**known)


def settled(col: Lookup, moment: Moment, today: deck.Today, pool: CardPool | None = None) -> DayPlan | None:
    """What today asks, settled now if it was not yet; None without an interview ahead."""
    interview = col.settings.interview
    if interview is None or interview <= moment.day:
        return None
    before = kept(col)
    same = before is not None and before.date == interview.isoformat()
    wanted = (moment.day.isoformat(), minutes(col), col.bank.edition())
    if before and same and (before.day, before.minutes, before.bank) == wanted:
        return before
    start = date.fromisoformat(before.start) if before and same else moment.day
    towards = way(col, interview, min(start, moment.day), before.opened if before and same else "")
    found = _decided(col, moment, today, pool or gather(col, moment), towards)
    if before and same:
        found = _told_later(col, moment, before, found)
    if col.progress.writable:
        col.progress.keep_plan(found.text)
    return found


def way(col: Lookup, interview: date, start: date, opened: str = "") -> plan.PlanWindow:
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


def kept_way(col: Lookup, found: DayPlan) -> plan.PlanWindow:
    """The dates and budget of a plan that was settled."""
    return way(col, date.fromisoformat(found.date), date.fromisoformat(found.start), found.opened)


def planned(col: Lookup, moment: Moment, today: deck.Today, selected: Selection | None = None) -> deck.Planned | None:
    """What the plan asks of the rest of today, of the selected cards where some were selected."""
    found = settled(col, moment, today)
    if found is None:
        return None
    ids = [*found.reviews, *found.final]
    card_states, card_refs = col.card_states(ids), col.bank.card_refs(ids)
    seen = [card_refs[card] for card in ids if card in card_refs and _still_asked(card_states.get(card), moment)]
    return deck.Planned(
        new=max(0, found.new - today.introduced),
        explains=max(0, found.explains - today.explained),
        seen=tuple(card for card in seen if selected is None or selected.holds(card)),
    )


def gather(col: Lookup, moment: Moment) -> CardPool:
    """Every card of the bank with what is remembered of it, and what cards cost this user."""
    today = moment.day
    strengths = col.progress.strengths()
    times = log_counts.times(col.progress, today - timedelta(days=TIMES_DAYS))
    kinds = {card.id: card.kind for card in col.bank.card_refs(row[0] for row in times).values()}
    prices = costs.learnt(costs.Spent(kinds[card], new, ms / 1000) for card, new, ms in times if card in kinds)
    pool = CardPool([], {}, {}, [], prices)
    topics, answers = dict[str, str](), dict[str, int]()
    hidden, day, ordinal = today.isoformat(), today.toordinal(), calendar.ordinal
    for (card, _, topic, kind, _), must in col.bank.by_importance():
        _, suspended, buried_on, stability, difficulty, last, due, reps = strengths.get(card) or NOTHING
        if suspended:
            continue
        if stability is None:
            pool.fresh.append(UnseenCard(card, topic, kind, must))
            continue
        back = max(ordinal(due), day + 1) if buried_on == hidden else ordinal(due)
        pool.seen.append(plan.Seen(card, prices[kind].again, stability, difficulty, ordinal(last), back))
        topics[card], answers[card] = topic, reps
    return pool._replace(topics=topics, answers=answers)


def _decided(col: Lookup, moment: Moment, today: deck.Today, pool: CardPool, towards: plan.PlanWindow) -> DayPlan:
    """Today's share."""
    day, unseen = moment.day.toordinal(), pool.unseen
    opens = plan.pass_opens(pool.seen, unseen, towards)
    level = plan.even_load(day, pool.seen, unseen, towards)
    agenda = plan.agenda(day, pool.seen, unseen, towards, level, spent=today.spent_ms / 1000)
    wanted = [
        card
        for must, n in zip((1, 0), agenda.new, strict=True)
        for card in islice((each for each in pool.fresh if each.must == must), n)
    ]
    seconds = plan.cost(agenda.reviews) + plan.cost(agenda.final)
    chosen: list[UnseenCard] = []
    for card in wanted:  # they may cost more than the mean that the agenda knows
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
        new=today.introduced + len(chosen),
        explains=today.explained + sum(card.kind == EXPLAIN for card in chosen),
        reviews=tuple(card.card for card in agenda.reviews),
        final=tuple(card.card for card in agenda.final),
        seconds=today.spent_ms / 1000 + seconds,
        opened=date.fromordinal(opens).isoformat() if opens <= day else "",
    )


def _told_later(col: Lookup, moment: Moment, before: DayPlan, now: DayPlan) -> DayPlan:
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


def news(col: Lookup, moment: Moment) -> DayPlan | None:
    """The plan, when there is something to tell of it: days were missed, or the interview is past. Told once."""
    interview = col.settings.interview
    if interview is None:
        return None
    if interview > moment.day:
        found = settled(col, moment, col.today(moment))
        if found is None or not found.missed:
            return None
        told = found._replace(missed=())
    else:
        found = kept(col)
        if found is None or found.over or interview == moment.day or found.date != interview.isoformat():
            return None
        found = told = found._replace(over=True)
    if col.progress.writable:
        col.progress.keep_plan(told.text)
    return found
