"""Candidates + what the day's log says -> today's queue."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain, islice, tee
from typing import NamedTuple

from dlquiz import calendar, rng, scheduler
from dlquiz.card import CardRef, CardState, Moment

EXPLAIN_SECONDS = 120  # a spoken answer of 90 s and its ticking; until the user's own times tell
ATOMIC_SECONDS = 20
SIBLING_GAP = 5  # other cards between two of one note, when possible
LOOK_AHEAD = 60  # cards among which the next is looked for
NEW_LOOKED_AT = 500  # unseen cards among which today's new ones are chosen
MISSED_DAYS = 14  # a point missed longer ago waits for its main card, which has come back by then or is known well
DRILLS_A_DAY = 6  # cards that come forward for missed points: two of a day's twenty minutes


class Limits(NamedTuple):
    """How much to ask. None means no such limit."""

    new_per_day: int = 10
    explain_per_day: int = 2
    minutes_per_day: int = 20
    new: int | None = None  #: replaces what is left of today's allowance
    cards: int | None = None  #: answers in this sitting
    minutes: float | None = None  #: of this sitting


class Today(NamedTuple):
    """What this study day's log says."""

    introduced: int = 0  #: cards first answered today
    explained: int = 0  #: main cards among them
    spent_ms: int = 0
    reviewed_seconds: int = 0  #: that its reviews, steps left out, were supposed to take
    notes: frozenset[str] = frozenset()  #: notes of which a card was answered today


class Backlog(NamedTuple):
    """More is due than today's minutes hold."""

    waiting: int
    today: int  #: what of it fits
    clear_by: date

    @property
    def sentence(self) -> str:
        """On every screen the same."""
        verb = "is" if self.waiting == 1 else "are"
        return f"{self.waiting} {verb} waiting in all, clear by {calendar.day_name(self.clear_by)}; new cards pause until then"


class Drill(NamedTuple):
    """A card that drills a key point missed lately."""

    card: CardRef
    card_state: CardState
    missed_on: date  #: study day on which the point was missed

    @property
    def answered(self) -> bool:
        """Was it answered on that day or later? If so, the drill is done."""
        memory = self.card_state.memory
        return memory is not None and memory.last_day >= self.missed_on


class Planned(NamedTuple):
    """What a plan for an interview asks of today; it replaces the allowance and the backlog rule."""

    new: int = 0  #: cards still to be met today
    explains: int = 0  #: main cards among them
    seen: tuple[CardRef, ...] = ()  #: cards to be asked again, due ones and ones that come forward
    introduce: tuple[str, ...] = ()  #: the new cards that it means, in the order in which they are met
    spare_seconds: float = 0.0  #: of the day's minutes that it leaves


class Queue(NamedTuple):
    cards: tuple[CardRef, ...]
    due: int  #: due by now, before limits
    new: int  #: new cards that may still be met today
    backlog: Backlog | None = None
    later: tuple[tuple[int, CardRef], ...] = ()  #: steps that come due later: instant in ms, card
    forward: frozenset[str] = frozenset()  #: cards that are there because a point they drill was missed


def queue(
    candidates: Iterable[tuple[CardRef, CardState]],
    unseen: Iterable[CardRef],
    today: Today,
    limits: Limits,
    moment: Moment,
    *,
    drills: Sequence[Drill] = (),
    plan: Planned | None = None,
    spread_siblings: bool = True,
    coming: Callable[[], Mapping[date, int]] = dict,
) -> Queue:
    """Today's queue.

    Args:
        candidates: Cards with a memory that are due by today or are in steps, oldest first.
        unseen: Cards without a memory, in the order of introduction.
        today: The day so far.
        limits: How much to ask.
        moment: Now.
        drills: Cards that drill what was missed lately, the most important first.
        plan: What a plan asks of today. `limits.new` overrules its number of new cards.
        spread_siblings: Keep siblings on different days while other notes can fill the queue; a topic filter switches it off.
        coming: Tells how many seconds fall due on each of the next days; asked in a backlog alone.
    """
    steps, waiting, later = _askable(candidates, moment)
    due = len(steps) + len(waiting)
    backlog = None if plan else _backlog(waiting, today, limits, moment, coming)
    limited = limits.cards is not None or limits.minutes is not None
    if plan:
        chosen, seconds_left = list(plan.seen), plan.spare_seconds
        rest = [card for card in waiting if limited and card not in plan.seen]
    else:
        chosen, rest = waiting if limited or not backlog else waiting[: backlog.today], []
        seconds_left = limits.minutes_per_day * 60 - today.spent_ms / 1000 - sum(map(seconds, waiting))
    early, first = _forward(drills, seconds_left, moment)
    chosen += [card for card in early if card not in chosen]
    if plan and limits.new is None:
        new = _planned(first, unseen, plan)
    else:
        allowance = _allowance(today, limits, backlog)
        spread = spread_siblings and not plan
        new = _new(first, unseen, allowance, today, limits, {card.note for card in (*steps, *chosen)}, spread)
    cards = (*steps, *arranged(_mixed(chosen, new)), *arranged(rest))
    forward = frozenset(card.id for card in (*early, *first)).intersection(card.id for card in cards)
    return Queue(cards, due, len(new), backlog, tuple(sorted(later, key=lambda step: step[0])), forward)


def seconds(card: CardRef) -> int:
    """How long an answer takes."""
    return seconds_of(1, int(card.spoken))


def seconds_of(cards: int, aloud: int) -> int:
    """How long so many answers take, of which some are given aloud."""
    return aloud * EXPLAIN_SECONDS + (cards - aloud) * ATOMIC_SECONDS


def new_today(unseen: int, today: Today, limits: Limits, due: Sequence[CardRef], moment: Moment) -> int:
    """How many new cards today still holds: min(unseen, allowance less cards first answered today), 0 in a backlog."""
    if _backlog(due, today, limits, moment):
        return 0
    return min(unseen, max(0, limits.new_per_day - today.introduced))


def arranged(cards: Sequence[CardRef], before: Sequence[CardRef] = ()) -> list[CardRef]:
    """The cards in an order that separates siblings, then topics, and otherwise changes as little as possible.

    Args:
        cards: In the preferred order.
        before: Cards asked just before, the last one last.
    """
    remaining, out = list(cards), list(before)
    while remaining:
        at = _next_place(remaining[:LOOK_AHEAD], out[-SIBLING_GAP:])
        out.append(remaining.pop(at))
    return out[len(before) :]


def introduction(cards: Iterable[CardRef]) -> Iterator[CardRef]:
    """All cards in the order in which someone with the default number of new cards a day meets them."""
    coming, limits = iter(cards), Limits()
    pool = list(islice(coming, NEW_LOOKED_AT))
    last: list[CardRef] = []
    while pool:
        today = arranged(_new((), pool, limits.new_per_day, Today(), limits, (), True), last)
        yield from today
        last = [*last, *today][-SIBLING_GAP:]
        met = {card.id for card in today}
        pool = [card for card in pool if card.id not in met]
        pool += islice(coming, NEW_LOOKED_AT - len(pool))


def _next_place(candidates: Sequence[CardRef], recent: Sequence[CardRef]) -> int:
    """The index of the candidate that best follows the recent cards."""
    best, best_key = 0, (math.inf, math.inf)
    for index, card in enumerate(candidates):
        distance = next((n for n, earlier in enumerate(reversed(recent)) if earlier.note == card.note), SIBLING_GAP)
        key = (SIBLING_GAP - distance, float(bool(recent) and recent[-1].topic == card.topic))
        if key < best_key:
            best, best_key = index, key
    return best


def _backlog(
    waiting: Sequence[CardRef],
    today: Today,
    limits: Limits,
    moment: Moment,
    coming: Callable[[], Mapping[date, int]] = dict,
) -> Backlog | None:
    budget, needed = limits.minutes_per_day * 60, sum(map(seconds, waiting))
    seconds_left = budget - today.spent_ms / 1000
    if not waiting or needed <= max(seconds_left, budget - today.reviewed_seconds):  # now, or when the day began
        return None
    fits = _fitting(waiting, seconds_left)
    due, day, left = coming(), moment.day, sum(map(seconds, waiting[fits:]))
    while left > 0:
        day += timedelta(days=1)
        left += due.get(day, 0) - budget
    return Backlog(len(waiting), fits, day)


def _fitting(cards: Sequence[CardRef], budget: float) -> int:
    """How many of the first cards fit into that many seconds."""
    for count, card in enumerate(cards):
        budget -= seconds(card)
        if budget < 0:
            return count
    return len(cards)


def _allowance(today: Today, limits: Limits, backlog: Backlog | None) -> int:
    if limits.new is not None:
        return limits.new
    return 0 if backlog else max(0, limits.new_per_day - today.introduced)


def _askable(
    candidates: Iterable[tuple[CardRef, CardState]], moment: Moment
) -> tuple[list[CardRef], list[CardRef], list[tuple[int, CardRef]]]:
    """Steps that are due, reviews that are due in the order in which they wait, and steps still to come with their instants."""
    steps, later = list[CardRef](), list[tuple[int, CardRef]]()
    reviews = list[tuple[date, float, CardRef]]()
    for card, card_state in candidates:
        memory = card_state.memory
        if memory is None or scheduler.hidden(card_state, moment.day):
            continue
        if memory.due_ms is not None:
            if scheduler.overdue(memory, moment):
                steps.append(card)
            else:
                later.append((memory.due_ms, card))
        elif scheduler.overdue(memory, moment):
            reviews.append((memory.due_day, rng.draw(f"{card.id} {moment.day}"), card))
    return steps, [card for _, _, card in sorted(reviews, key=lambda review: review[:2])], later


def _forward(drills: Sequence[Drill], seconds_left: float, moment: Moment) -> tuple[list[CardRef], list[CardRef]]:
    """Cards brought forward because a point they drill was missed: reviews before their day, as far as the seconds left today allow,
    and unseen ones, which count among the day's new cards. Cards drilled earlier today count towards the limit.
    """
    drilled = {
        card.id for card, card_state, _ in drills if card_state.memory and card_state.memory.last_day == moment.day
    }
    room = DRILLS_A_DAY - len(drilled)
    early: list[CardRef] = []
    first: list[CardRef] = []
    for card, card_state, _ in (drill for drill in drills if not drill.answered):
        if len(early) + len(first) >= room:
            break
        if scheduler.hidden(card_state, moment.day) or card in early or card in first:
            continue
        memory = card_state.memory
        if memory is None:
            first.append(card)
        elif memory.due_ms is None and memory.due_day > moment.day and seconds_left >= seconds(card):
            early.append(card)
            seconds_left -= seconds(card)
    return early, first


def _new(
    first: Sequence[CardRef],
    unseen: Iterable[CardRef],
    allowance: int,
    today: Today,
    limits: Limits,
    busy: Collection[str],
    spread: bool,
) -> list[CardRef]:
    """Today's new cards: those brought forward, then others, few of them to explain, from notes not met today while there are any."""
    explains = max(0, limits.explain_per_day - today.explained)
    if limits.new is not None:
        explains = max(explains, math.ceil(limits.new / 5))  # the daily share: 2 of 10
    pools = tee(islice(unseen, NEW_LOOKED_AT if allowance else 0))  # looked at as far as they are needed
    chosen = list(first[:allowance])
    met = set(busy) | today.notes | {card.note for card in chosen} if spread else set()
    for fresh_notes_only, pool in zip((True, False) if spread else (False,), pools, strict=False):
        for card in pool:
            if len(chosen) == allowance:
                return chosen
            if card in chosen or (card.spoken and not explains) or (fresh_notes_only and card.note in met):
                continue
            chosen.append(card)
            met.add(card.note)
            explains -= card.spoken
    return chosen


def _planned(first: Sequence[CardRef], unseen: Iterable[CardRef], plan: Planned) -> list[CardRef]:
    """The plan's new cards: as many main cards and others as it says, first those brought forward."""
    remaining = {True: plan.explains, False: plan.new - plan.explains}
    chosen: list[CardRef] = []
    looked_at = chain(first, islice(unseen, max(NEW_LOOKED_AT, 4 * plan.new)))
    while len(chosen) < plan.new and (card := next(looked_at, None)):  # not one too many: behind it lies the whole bank
        if remaining[card.explains] > 0 and card not in chosen:
            remaining[card.explains] -= 1
            chosen.append(card)
    return chosen


def _mixed(reviews: Sequence[CardRef], new: Sequence[CardRef]) -> list[CardRef]:
    """New cards spread evenly among the reviews."""
    places = [((n + 1) / (len(reviews) + 1), 0, n, card) for n, card in enumerate(reviews)]
    places += [((n + 1) / (len(new) + 1), 1, n, card) for n, card in enumerate(new)]
    return [card for _, _, _, card in sorted(places, key=lambda placed: placed[:3])]
