"""What a day asks on the way to an interview: first meetings, reviews, and a last look at every card in the final days.

Days are ordinals here (`date.toordinal`), times seconds; a value may stand for many like cards, so that a bank of any size is planned
in bounded time.
"""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from dlquiz import fsrs
from dlquiz.card import EXPLAIN

MEETING = (2, 3)  # the share of the way by which every card was first seen
LAST_DAYS = 4  # the final pass takes at least so many days, where there are so many
WEAK = 0.9  # chance of recall on the day below which a card is looked at a second time on the eve
PASS_MARGIN = 1.1  # seconds kept free for what is failed in the final pass
SAMPLE = 400  # seen cards of which the work ahead is estimated
MAIN_WORTH = 4.5  # a main card is what the interviewer asks, the others a part of it; about what it takes longer (docs/simulation.md)

# How first answers go, before a learner's own are known: one in five is not recalled. Stability on a logarithmic scale, as FSRS-6's
# default weights have it after "good", and after "again" with the steps of the same day.
FRESH_STABILITY, FRESH_DIFFICULTY, FRESH_AGAIN = 1.7, 4.0, 0.2
KNOWN_STABILITY = 4.5  # of what is said to be known before: between "good" and "easy"


class Seen(NamedTuple):
    """A card with a memory, or many like ones."""

    card: str  #: its id; empty in what lies ahead
    seconds: float  #: on a day on which it is asked, repeats included
    stability: float  #: days until recall falls to 90 %
    difficulty: float
    last: int  #: study day of its last answer
    due: int  #: study day on which it is promised
    many: int = 1
    weight: float = 1.0  #: see `worth`


class Unseen(NamedTuple):
    """Cards of one priority that were never answered."""

    many: int
    new_seconds: float  #: of one card, on the day it is first met
    again_seconds: float  #: of one card, on a later day
    weight: float = 1.0  #: of one card, see `worth`
    stability: float = FRESH_STABILITY  #: expected after the first day


class PlanWindow(NamedTuple):
    """From the day the plan was made to the day of the interview."""

    start: int
    date: int
    seconds: float  #: a day, the budget
    retention: float = 0.90  #: chance of recall at which a card comes back
    weights: Sequence[float] = fsrs.DEFAULT_WEIGHTS
    opened: int | None = None  #: the day on which the final pass opened, once it has

    @property
    def met_by(self) -> int:
        """The day before which every card is to be first seen; the final pass does not begin earlier while cards are unseen."""
        share, of = MEETING
        return self.start + max(1, share * (self.date - self.start) // of)


class Agenda(NamedTuple):
    """What one day asks."""

    new: tuple[int, ...]  #: cards of each priority
    reviews: list[Seen]
    final: list[Seen]  #: whose last look before the interview this is
    waiting: list[Seen]  #: due too, but without room
    new_seconds: float | None = None  #: of the new cards, where it is known which ones they are


def agenda(
    day: int, seen: Sequence[Seen], unseen: Sequence[Unseen], way: PlanWindow, level: float, *, spent: float = 0.0
) -> Agenda:
    """One day's share of the way.

    Args:
        day: Before the interview's.
        seen: Every card with a memory.
        unseen: The others, in the order in which they are met.
        way: Dates and budget.
        level: Seconds a day up to which cards are met earlier than they must be; see `even_load`.
        spent: Seconds of the budget that are used up.
    """
    opens = pass_opens(seen, unseen, way)
    asked = due(day, seen, opens)
    last = [card for card in seen if day >= opens and card.last < opens]
    if day == way.date - 1:  # a second look at what would be weak on the day
        asked += [card for card in seen if opens <= card.last < day < card.due and recall(card, way.date, way) < WEAK]
    budget = max(0.0, way.seconds - spent)
    new = _meeting(day, unseen, way, level - cost(asked) - spent, budget)
    remaining = budget - sum(n * group.new_seconds for n, group in zip(new, unseen, strict=True))
    final = _last_look(last, way.date - day, remaining, way)  # before anything is asked a second time
    reviews, waiting = _most_worth(asked, day, remaining - cost(final), way)
    return Agenda(new, reviews, final, waiting)


def due(day: int, seen: Sequence[Seen], opens: int) -> list[Seen]:
    """Cards that come back by a day; once the final pass opens, a card waits for its last look."""
    return [card for card in seen if card.due <= day and not (opens <= day and card.last < opens)]


def pass_opens(seen: Sequence[Seen], unseen: Sequence[Unseen], way: PlanWindow) -> int:
    """First day of the final pass: so early that the budget holds a last look at every card."""
    if way.opened is not None:  # what was looked at since is looked at, whatever that cost
        return way.opened
    total = PASS_MARGIN * (cost(seen) + sum(group.many * group.again_seconds for group in unseen))
    opens = way.date - max(LAST_DAYS, math.ceil(total / way.seconds))
    earliest = way.met_by if any(group.many for group in unseen) else way.start
    return min(max(opens, earliest), way.date - 1)


def even_load(day: int, seen: Sequence[Seen], unseen: Sequence[Unseen], way: PlanWindow) -> float:
    """Seconds a day, if all that lies ahead before the final pass were spread evenly."""
    opens = max(pass_opens(seen, unseen, way), day + 1)
    stride = max(1, len(seen) // SAMPLE)
    ahead = stride * sum(card.many * card.seconds * _times(card, day, opens, way) for card in seen[::stride])
    middle = (day + way.met_by) // 2
    for group in unseen:
        fresh = met(middle, 1, group, way)
        ahead += group.many * (group.new_seconds + group.again_seconds * _times(fresh, middle, opens, way))
    return ahead / (opens - day)


def _times(card: Seen, day: int, until: int, way: PlanWindow) -> int:
    """How often a card is due before a day, when it is answered as expected."""
    count = 0
    while card.due < until:
        card = answered(card, max(card.due, day), way)
        count += 1
    return count


def answered(card: Seen, day: int, way: PlanWindow, bias: float = 1.0) -> Seen:
    """The card as it is expected to stand after an answer; the arguments are those of `strength`."""
    stability, difficulty = strength(card, day, way, bias)
    due = day + interval(stability, way)
    return Seen(card.card, card.seconds, stability, difficulty, day, due, card.many, card.weight)


def strength(card: Seen, day: int, way: PlanWindow, bias: float = 1.0) -> tuple[float, float]:
    """Stability and difficulty expected after an answer: the mean, on a logarithmic scale, of recalled and forgotten.

    Args:
        card: Before.
        day: Of the answer.
        way: Its weights.
        bias: By how much this learner's stabilities exceed the model's.
    """
    elapsed = max(0, day - card.last)
    recall = fsrs.retrievability(elapsed, card.stability * bias, way.weights)
    following = fsrs.under(way.weights)
    good, easier = following(card.stability, card.difficulty, elapsed, 3)
    again, harder = following(card.stability, card.difficulty, elapsed, 1)
    return good**recall * again ** (1 - recall), recall * easier + (1 - recall) * harder


def met(day: int, count: int, group: Unseen, way: PlanWindow) -> Seen:
    """Cards as they are expected to stand after their first day."""
    stability = group.stability * _first_day(way.weights) / _first_day(fsrs.DEFAULT_WEIGHTS)
    due = day + interval(stability, way)
    return Seen("", group.again_seconds, stability, FRESH_DIFFICULTY, day, due, count, group.weight)


@lru_cache(maxsize=8)
def _first_day(weights: Sequence[float]) -> float:
    """Stability after a first day, the mean on a logarithmic scale: "good", or "again" and then "good" ten minutes later."""
    good, _ = fsrs.first(3, weights)
    again, _ = fsrs.following(*fsrs.first(1, weights), 0, 3, weights)
    return float(good ** (1 - FRESH_AGAIN) * again**FRESH_AGAIN)


def interval(stability: float, way: PlanWindow) -> int:
    """Days until a card comes back."""
    return max(1, round(fsrs.interval_days(stability, way.retention, way.weights)))


def taken(cards: Iterable[Seen], seconds: float) -> tuple[list[Seen], list[Seen]]:
    """The first cards, as far as the time goes, and the rest; what stands for many is split."""
    now, rest = [], []
    for card in cards:
        n = min(card.many, max(0, math.floor(seconds / card.seconds + 1e-9)))
        if n:
            now.append(card._replace(many=n) if n < card.many else card)
        if n < card.many:
            rest.append(card._replace(many=card.many - n) if n else card)
        seconds -= n * card.seconds
    return now, rest


def _meeting(day: int, unseen: Sequence[Unseen], way: PlanWindow, spare: float, most: float) -> tuple[int, ...]:
    """How many cards of each priority are first met: an even share of what is left, more where the day has room."""
    total = sum(group.many * group.new_seconds for group in unseen)
    share = min(max(total / max(1, way.met_by - day), spare), most)
    new = []
    for group in unseen:
        n = min(group.many, math.ceil(share / group.new_seconds - 1e-9)) if share > 0 else 0
        while n and n * group.new_seconds > most:
            n -= 1
        new.append(n)
        share -= n * group.new_seconds
        most -= n * group.new_seconds
    return tuple(new)


def _most_worth(due: list[Seen], day: int, seconds: float, way: PlanWindow) -> tuple[list[Seen], list[Seen]]:
    """Due cards, as far as the time goes: those first of which a second raises most what will be recalled on the interview's day."""
    if cost(due) <= seconds:
        return due, []

    return taken(sorted(due, key=lambda card: raised(card, day, way), reverse=True), seconds)


def raised(card: Seen, day: int, way: PlanWindow) -> float:
    """By how much an answer raises what is recalled on the interview's day, for each second it takes."""
    after, _ = strength(card, day, way)
    gain = fsrs.retrievability(way.date - day, after, way.weights) - recall(card, way.date, way)
    return card.weight * gain / card.seconds


def _last_look(cards: Sequence[Seen], days: int, seconds: float, way: PlanWindow) -> list[Seen]:
    """Today's share of the final pass: the strongest first, the weakest on the eve.

    What the remaining days can't hold is left out, the cards first that keep best until the day for what they cost.
    """
    chosen = list(cards)
    if cost(chosen) > days * seconds:
        chosen.sort(key=lambda card: card.weight * (1 - recall(card, way.date, way)) / card.seconds, reverse=True)
        chosen, _ = taken(chosen, days * seconds)
    day = way.date - days
    chosen.sort(key=lambda card: -strength(card, day, way)[0])
    share = cost(chosen) / days
    today, _ = taken(chosen, min(share + cost(chosen[:1]), seconds))
    return today


def recall(card: Seen, day: int, way: PlanWindow, bias: float = 1.0) -> float:
    """Chance in 0..1 of recalling it on a day."""
    return fsrs.retrievability(max(0, day - card.last), card.stability * bias, way.weights)


def worth(kind: str, priority: int) -> float:
    """How much of what will be asked a card stands for, relative to others."""
    return priority * (MAIN_WORTH if kind == EXPLAIN else 1)


def cost(cards: Iterable[Seen]) -> float:
    return sum(card.many * card.seconds for card in cards)
