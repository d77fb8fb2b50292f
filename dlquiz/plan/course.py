"""The days ahead, one after the other, as they go when every agenda is kept and answers come as expected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dlquiz import plan
from dlquiz.plan import Agenda, PlanWindow, Seen, Unseen
from dlquiz.plan.readiness import Range

LIKE = 200  # values that stand for all seen cards; where there are more cards, each stands for several
MOST_MINUTES = 1 << 20
EXACT = 50  # minutes are found to this part of them
LITTLE = 0.02  # of recall; minutes do that lack no more of what could be had


class CourseDay(NamedTuple):
    """What one day asks."""

    day: int
    new: int
    reviews: int
    final_pass: int  #: cards that get their last look
    seconds: float
    waiting: int = 0  #: cards that are due too, but without room

    @property
    def asks(self) -> bool:
        """Is there anything to do?"""
        return self.new + self.reviews + self.final_pass > 0


class Course(NamedTuple):
    """All days from today to the eve, and where they lead."""

    days: tuple[CourseDay, ...]
    late: int  #: cards first seen later than two thirds of the way that is left, or never
    unseen: tuple[int, ...]  #: cards of each priority that stay unseen
    unpassed: int  #: seen cards without a last look
    waiting: float  #: seconds of due reviews that found no room, on the worst day; what waits today may do so for two thirds of the way
    recall: float  #: share in 0..1 of all cards, by their weight, that is recalled on the day; what stays unseen is not

    @property
    def lost(self) -> int:
        """Cards that are seen late, or never, or not looked at once more."""
        return self.late + self.unpassed + sum(self.unseen)

    @property
    def loses(self) -> bool:
        return self.lost > 0

    def fits(self, most: float) -> bool:
        """Every card is seen in time and looked at once more, and little more would be recalled with time without end."""
        return not self.loses and self.recall >= most - LITTLE

    def nearly_fits(self, most: float, cards: int) -> bool:
        """The same, but for a few cards: no shortfall is told then, since the minutes that are advised are found before it is known which
        cards today holds.
        """
        return self.lost * EXACT <= cards and self.recall >= most - 1.5 * LITTLE


def ahead(
    today: int,
    seen: Sequence[Seen],
    unseen: Sequence[Unseen],
    way: PlanWindow,
    *,
    first: Agenda | None = None,
    bias: float = 1.0,
) -> Course:
    """The course from today to the eve.

    Args:
        today: Before the interview's day.
        seen: Every card with a memory; of a big collection what `alike` makes of it.
        unseen: The others, in the order in which they are met.
        way: Dates and budget.
        first: What today still asks; None decides it.
        bias: By how much this learner's stabilities exceed the model's.
    """
    cards = {card.card: card for card in seen}
    unmet = list(unseen)
    level = plan.even_load(today, list(cards.values()), unmet, way)
    # Whoever has fallen behind can't meet cards yesterday, nor where today is decided already before tomorrow.
    in_time = way._replace(start=today + 1 if first else today).met_by
    days, waiting, late = [], 0.0, 0
    for day in range(today, way.date):
        if day == in_time:
            late = sum(group.many for group in unmet)
        agenda = plan.agenda(day, list(cards.values()), unmet, way, level)
        if first and day == today:
            agenda = first
        days.append(row(day, agenda, unmet))
        waiting = max(waiting, plan.cost(card for card in agenda.waiting if day >= in_time or card.due >= today))
        for asked in (*agenda.reviews, *agenda.final):
            _ask(cards, asked, day, way, bias)
        for n, group in enumerate(unmet):
            if agenda.new[n]:
                _put(cards, plan.met(day, agenda.new[n], group, way))
                unmet[n] = group._replace(many=group.many - agenda.new[n])
    if in_time >= way.date:
        late = sum(group.many for group in unmet)
    opens = plan.pass_opens(list(cards.values()), unmet, way)
    unpassed = sum(card.many for card in cards.values() if card.last < opens)
    recalled = sum(card.many * card.weight * plan.recall(card, way.date, way, bias) for card in cards.values())
    total = sum(card.many * card.weight for card in cards.values()) + sum(group.many * group.weight for group in unmet)
    return Course(tuple(days), late, tuple(group.many for group in unmet), unpassed, waiting, recalled / (total or 1))


def endless(way: PlanWindow) -> PlanWindow:
    """The same days with time without end."""
    return way._replace(seconds=60.0 * MOST_MINUTES)


def minutes_needed(
    today: int,
    seen: Sequence[Seen],
    unseen: Sequence[Unseen],
    way: PlanWindow,
    *,
    first: Agenda | None = None,
    bias: float = 1.0,
) -> int:
    """The fewest minutes a day, to a fiftieth, with which everything fits; from tomorrow on where today is decided already. The arguments
    are those of `ahead`.
    """
    most = ahead(today, seen, unseen, endless(way), first=first, bias=bias).recall

    def fits(minutes: int) -> bool:
        wider = way._replace(seconds=60.0 * minutes)
        return ahead(today, seen, unseen, wider, first=first, bias=bias).fits(most)

    total = plan.even_load(today, seen, unseen, way) * (way.met_by - today) + plan.cost(seen)
    high = max(1, round(max(way.seconds, total / (way.date - today)) / 60))
    low = 0
    while high < MOST_MINUTES and not fits(high):
        low, high = high, high * 2
    while high - low > max(1, high // EXACT):
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high


def advised(minutes: int) -> int:
    """Minutes as somebody is told them: a round number, and a little more than was found, for what today's cards may add."""
    more = math.ceil(minutes * (1 + 1 / EXACT))
    step = 1 if more <= 20 else 5 if more <= 120 else 10
    return math.ceil(more / step) * step


class Outlook(NamedTuple):
    """A plan towards an interview, as it is shown."""

    interview: date
    today: date
    minutes: int  #: a day, the budget
    course: Course
    fits: bool
    minutes_needed: int
    recall: Range  #: on the day, over all cards, when the plan is followed
    most: float  #: as recall, with time without end
    left_out: tuple[tuple[str, int], ...] = ()  #: by topic, cards that would stay unseen: the least important ones
    asked_most: tuple[str, ...] = ()  #: its topics, those first of which most will be asked
    enough: float | None = None  #: recall on the day with the minutes that are needed, where the plan does not fit
    scope: str = ""  #: what the interview is about, where it is not everything
    resting: int = 0  #: cards that need not be met, of notes said to be known
    assessed: bool = False  #: did the user say what is known, or is no question left to ask that of?

    @property
    def is_short(self) -> bool:
        """Would more minutes make much of a difference?"""
        return not self.fits and self.recall.mid < self.most - LITTLE

    @property
    def rest(self) -> CourseDay | None:
        """What is still asked today; None on the interview's day."""
        return self.course.days[0] if self.course.days else None


class Leftover(NamedTuple):
    """What an interview that is over leaves to be reviewed."""

    today: int  #: cards that are due by now
    later: int  #: cards that were promised for the interview's day and are needed on a later day than today
    half_by: date | None = None  #: half of those days lie no later


class Saved(NamedTuple):
    """What it spares that the user said what is known."""

    cards: int  #: that need not be met
    before: int = 0  #: minutes a day that would do without it; 0 without an interview ahead
    after: int = 0  #: minutes a day that will do now


def alike(seen: Sequence[Seen], first: Agenda | None = None) -> list[Seen]:
    """So many values as can be followed day by day: of a big collection each stands for several cards of nearly the same strength, but for
    those that today asks.
    """
    stride = len(seen) // LIKE
    if stride < 2:
        return list(seen)
    asked = {card.card for card in (*first.reviews, *first.final)} if first else set()
    others = sorted((card for card in seen if card.card not in asked), key=lambda card: (card.due, card.stability))
    grouped = [card._replace(many=min(stride, len(others) - n * stride)) for n, card in enumerate(others[::stride])]
    return [*(card for card in seen if card.card in asked), *grouped]


def row(day: int, agenda: Agenda, unseen: Sequence[Unseen]) -> CourseDay:
    """What an agenda comes to."""
    new = agenda.new_seconds
    if new is None:
        new = sum(n * group.new_seconds for n, group in zip(agenda.new, unseen, strict=True))
    return CourseDay(
        day=day,
        new=sum(agenda.new),
        reviews=sum(card.many for card in agenda.reviews),
        final_pass=sum(card.many for card in agenda.final),
        seconds=new + plan.cost(agenda.reviews) + plan.cost(agenda.final),
        waiting=sum(card.many for card in agenda.waiting),
    )


def _ask(cards: dict[str, Seen], asked: Seen, day: int, way: PlanWindow, bias: float) -> None:
    """Answer a card, or so many of those that one value stands for."""
    group = cards.get(asked.card)
    if group is None:  # one of a big collection, none of those that stand for it
        return
    if asked.many < group.many:
        cards[asked.card] = group._replace(many=group.many - asked.many)
    else:
        del cards[asked.card]
    after = plan.answered(asked, day, way, bias)
    _put(cards, after._replace(due=min(after.due, way.date)))


def _put(cards: dict[str, Seen], card: Seen) -> None:
    """Add a card, or many, to those that were last answered and come back on the same days: they are of nearly the same strength."""
    name = f"{card.last}-{card.due}-{card.seconds:.0f}-{card.weight:g}"
    like = cards.get(name)
    if like:
        many = like.many + card.many
        share = card.many / many
        card = card._replace(
            seconds=like.seconds + share * (card.seconds - like.seconds),
            stability=like.stability ** (1 - share) * card.stability**share,
            difficulty=like.difficulty + share * (card.difficulty - like.difficulty),
            many=many,
        )
    cards[name] = card._replace(card=name)
