"""The plan towards the user's interview: gathers what it needs, settles each day once, and tells what became of missed days."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from dlquiz import calendar, deck, plan, scheduler
from dlquiz.card import EXPLAIN, Moment, Standing
from dlquiz.plan import costs

if TYPE_CHECKING:
    from dlquiz.bank.select import Selection
    from dlquiz.desk.reading import Reading

TIMES_DAYS = 30  # of the user's own times count
NOTHING = ("", 0, None, None, None, None, None, 0)  # is known of a card that was never answered


class Settled(NamedTuple):
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


class Fresh(NamedTuple):
    """A card that was never answered."""

    card: str
    topic: str
    kind: str
    must: int  #: 1 for a main card and one that drills a must


class Pool(NamedTuple):
    """Every card of today's bank that is not suspended, as the plan sees it."""

    seen: list[plan.Seen]
    topics: Mapping[str, str]  #: of the seen ones
    answers: Mapping[str, int]  #: of the seen ones, how often they were answered
    fresh: list[Fresh]  #: the most important first
    costs: Mapping[str, costs.Cost]

    @property
    def unseen(self) -> list[plan.Unseen]:
        """The fresh ones in their two degrees of importance."""
        return [self.group([card for card in self.fresh if card.must == must]) for must in (1, 0)]

    def group(self, cards: Sequence[Fresh]) -> plan.Unseen:
        """Cards that were never answered, as one value."""
        kinds = Counter(card.kind for card in cards)
        many = max(1, len(cards))
        new = sum(n * self.costs[kind].new for kind, n in kinds.items()) / many
        again = sum(n * self.costs[kind].again for kind, n in kinds.items()) / many
        return plan.Unseen(len(cards), new or 1.0, again or 1.0)


def minutes(desk: Reading) -> int:
    """The minutes a day that a plan may use."""
    return desk.settings.plan_minutes or desk.settings.minutes_per_day


def kept(desk: Reading) -> Settled | None:
    """The plan as it was settled last, whichever day that was."""
    text = desk.progress.plan() if desk.progress else None
    if text is None:
        return None
    found: dict[str, Any] = json.loads(text)
    known: dict[str, Any] = {name: found[name] for name in Settled._fields if name in found}
    known.update((name, tuple(value)) for name, value in known.items() if isinstance(value, list))
    return Settled(**known)


def settled(desk: Reading, moment: Moment, today: deck.Today, pool: Pool | None = None) -> Settled | None:
    """What today asks, settled now if it was not yet; None without an interview ahead."""
    interview = desk.settings.interview
    if interview is None or interview <= moment.day:
        return None
    before = kept(desk)
    same = before is not None and before.date == interview.isoformat()
    wanted = (moment.day.isoformat(), minutes(desk), desk.bank.edition())
    if before and same and (before.day, before.minutes, before.bank) == wanted:
        return before
    start = date.fromisoformat(before.start) if before and same else moment.day
    towards = way(desk, interview, min(start, moment.day), before.opened if before and same else "")
    found = _decided(desk, moment, today, pool or gather(desk, moment), towards)
    if before and same:
        found = _told_later(desk, moment, before, found)
    if desk.progress and desk.progress.writable:
        desk.progress.keep_plan(found.text)
    return found


def way(desk: Reading, interview: date, start: date, opened: str = "") -> plan.Way:
    """The plan's dates and budget."""
    preset = desk.preset
    return plan.Way(
        start.toordinal(),
        interview.toordinal(),
        60.0 * minutes(desk),
        preset.desired_retention,
        preset.weights,
        date.fromisoformat(opened).toordinal() if opened else None,
    )


def kept_way(desk: Reading, found: Settled) -> plan.Way:
    """The dates and budget of a plan that was settled."""
    return way(desk, date.fromisoformat(found.date), date.fromisoformat(found.start), found.opened)


def planned(desk: Reading, moment: Moment, today: deck.Today, selected: Selection | None = None) -> deck.Planned | None:
    """What the plan asks of the rest of today, of the selected cards where some were selected."""
    found = settled(desk, moment, today)
    if found is None:
        return None
    ids = [*found.reviews, *found.final]
    standings, briefs = desk.standings(ids), desk.bank.briefs(ids)
    seen = [briefs[card] for card in ids if card in briefs and _still_asked(standings.get(card), moment)]
    return deck.Planned(
        new=max(0, found.new - today.introduced),
        explains=max(0, found.explains - today.explained),
        seen=tuple(card for card in seen if selected is None or selected.holds(card)),
    )


def gather(desk: Reading, moment: Moment) -> Pool:
    """Every card of the bank with what is remembered of it, and what cards cost this user."""
    today = moment.day
    strengths = desk.progress.strengths() if desk.progress else {}
    times = desk.progress.times(today - timedelta(days=TIMES_DAYS)) if desk.progress else []
    kinds = {card.id: card.kind for card in desk.bank.briefs(row[0] for row in times).values()}
    prices = costs.learnt(costs.Spent(kinds[card], new, ms / 1000) for card, new, ms in times if card in kinds)
    pool = Pool([], {}, {}, [], prices)
    topics, answers = dict[str, str](), dict[str, int]()
    hidden, day, ordinal = today.isoformat(), today.toordinal(), calendar.ordinal
    for (card, _, topic, kind, _), must in desk.bank.by_importance():
        _, suspended, buried_on, stability, difficulty, last, due, reps = strengths.get(card) or NOTHING
        if suspended:
            continue
        if stability is None:
            pool.fresh.append(Fresh(card, topic, kind, must))
            continue
        back = max(ordinal(due), day + 1) if buried_on == hidden else ordinal(due)
        pool.seen.append(plan.Seen(card, prices[kind].again, stability, difficulty, ordinal(last), back))
        topics[card], answers[card] = topic, reps
    return pool._replace(topics=topics, answers=answers)


def _decided(desk: Reading, moment: Moment, today: deck.Today, pool: Pool, towards: plan.Way) -> Settled:
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
    chosen: list[Fresh] = []
    for card in wanted:  # they may cost more than the mean that the agenda knows
        price = pool.costs[card.kind].new
        if chosen and today.spent_ms / 1000 + seconds + price > towards.seconds:
            break
        chosen.append(card)
        seconds += price
    return Settled(
        date=date.fromordinal(towards.date).isoformat(),
        start=date.fromordinal(towards.start).isoformat(),
        day=moment.day.isoformat(),
        minutes=minutes(desk),
        bank=desk.bank.edition(),
        new=today.introduced + len(chosen),
        explains=today.explained + sum(card.kind == EXPLAIN for card in chosen),
        reviews=tuple(card.card for card in agenda.reviews),
        final=tuple(card.card for card in agenda.final),
        seconds=today.spent_ms / 1000 + seconds,
        opened=date.fromordinal(opens).isoformat() if opens <= day else "",
    )


def _told_later(desk: Reading, moment: Moment, before: Settled, now: Settled) -> Settled:
    """The same with the days on which the plan before was not followed at all."""
    first = date.fromisoformat(before.day)
    if before.day == before.start or before.seconds <= 0:
        first += timedelta(days=1)  # the day it was made on, and one without work, can't be missed
    studied = desk.progress.studied(first, moment.day) if desk.progress else set()
    days = (first + timedelta(days=n) for n in range((moment.day - first).days))
    missed = [day for day in days if day not in studied]
    if not missed:
        return now._replace(missed=before.missed, before=before.before)
    was = before.before if before.missed else (before.new, round(before.seconds / 60))
    return now._replace(missed=(*before.missed, *(day.isoformat() for day in missed)), before=was)


def _still_asked(standing: Standing | None, moment: Moment) -> bool:
    memory = standing.memory if standing else None
    return (
        standing is not None
        and memory is not None
        and memory.due_ms is None  # steps are asked anyway
        and memory.last_day < moment.day
        and not scheduler.hidden(standing, moment.day)
    )


def news(desk: Reading, moment: Moment) -> Settled | None:
    """The plan, when there is something to tell of it: days were missed, or the interview is past. Told once."""
    interview = desk.settings.interview
    if interview is None:
        return None
    if interview > moment.day:
        found = settled(desk, moment, desk.today(moment))
        if found is None or not found.missed:
            return None
        told = found._replace(missed=())
    else:
        found = kept(desk)
        if found is None or found.over or interview == moment.day or found.date != interview.isoformat():
            return None
        found = told = found._replace(over=True)
    if desk.progress and desk.progress.writable:
        desk.progress.keep_plan(told.text)
    return found
