"""Ways of choosing what a day asks: the plan itself, and what it is compared with. Used by benchmarks.simulate."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from benchmarks.learners import CARDS, EXPLAINS, Floats, Fsrs, Ints
from dlquiz import deck, fsrs, plan
from dlquiz.card import EXPLAIN, USUALLY_ASKED, priority
from dlquiz.plan import costs

NEVER = 10**9


class Schedule:
    """Meets the cards evenly over two thirds of the way; asks again what is due, oldest first. Others change the parts."""

    last_days = 0  #: length of a final pass
    new_first = False

    def __init__(self, horizon: int, effort: float, seconds: float, seed: int) -> None:
        self.horizon, self.effort, self.seconds = horizon, effort, seconds
        self.due = np.full(CARDS, NEVER)
        self.last = np.full(CARDS, -1)
        self.explains = np.isin(np.arange(CARDS), EXPLAINS)
        answer = np.where(self.explains, deck.EXPLAIN_SECONDS, deck.ATOMIC_SECONDS)
        self.cost = answer * costs.AGAIN_ANSWERS
        self.new_cost = answer * np.where(self.explains, costs.NEW_ANSWERS[True], costs.NEW_ANSWERS[False])
        self.rng = np.random.default_rng(seed)
        self.quota = math.ceil(CARDS / max(1, 2 * horizon // 3))

    def day(self, day: int) -> tuple[Ints, Ints]:
        """Cards to meet and cards to ask again; where the minutes are short, `new_first` says which of them go first."""
        unseen, again = np.flatnonzero(self.last < 0)[: self.quota], self.reviews(day)
        if self.new_first:
            unseen = self._within(unseen, self.new_cost, self.seconds)
            return unseen, self._within(again, self.cost, self.seconds - float(self.new_cost[unseen].sum()))
        again = self._within(again, self.cost, self.seconds)
        return self._within(unseen, self.new_cost, self.seconds - float(self.cost[again].sum())), again

    def answered(self, cards: Ints, grades: Ints, day: int, *, first: bool) -> None:
        waits = self.waits(cards, grades, day, first=first)
        self.due[cards] = day + np.maximum(1, np.round(waits)).astype(int)
        self.last[cards] = day

    def reviews(self, day: int) -> Ints:
        seen = np.flatnonzero(self.last >= 0)
        due = seen[self.due[seen] <= day]
        opens = self.horizon - self.last_days
        if not self.last_days or day < opens:
            return due[np.argsort(self.due[due], kind="stable")]
        passed = seen[(self.last[seen] >= opens) & (self.last[seen] < day)]
        again = passed[self.due[passed] <= (self.horizon if day == self.horizon - 1 else day)]
        rest = seen[self.last[seen] < opens]
        rest = rest[np.argsort(-self.strength(rest), kind="stable")]
        before = np.cumsum(self.cost[rest]) - self.cost[rest]
        share = float(self.cost[rest].sum()) / (self.horizon - day)
        return np.concatenate([rest[before < share], again])

    def strength(self, cards: Ints) -> Floats:
        waits: Floats = (self.due[cards] - self.last[cards]).astype(float)
        return waits

    def waits(self, cards: Ints, grades: Ints, day: int, *, first: bool) -> Floats:
        """Days until each comes back."""
        raise NotImplementedError

    @staticmethod
    def _within(cards: Ints, cost: Floats, seconds: float) -> Ints:
        fitting: Ints = cards[np.cumsum(cost[cards]) <= seconds]
        return fitting


class Random(Schedule):
    """As many seen cards a day as `effort` says, drawn at random."""

    def reviews(self, day: int) -> Ints:
        seen = np.flatnonzero(self.last >= 0)
        return self.rng.permutation(seen)[: round(self.effort * len(seen))]

    def waits(self, cards: Ints, grades: Ints, day: int, *, first: bool) -> Floats:
        return np.ones(len(cards))


class Fixed(Schedule):
    """Every so many days."""

    def waits(self, cards: Ints, grades: Ints, day: int, *, first: bool) -> Floats:
        return np.full(len(cards), self.effort)


class Leitner(Schedule):
    """Five boxes of 1, 2, 4, 8 and 16 days, times `effort`; a card that is not recalled returns to the first."""

    def __init__(self, horizon: int, effort: float, seconds: float, seed: int) -> None:
        super().__init__(horizon, effort, seconds, seed)
        self.box = np.zeros(CARDS, dtype=int)

    def waits(self, cards: Ints, grades: Ints, day: int, *, first: bool) -> Floats:
        self.box[cards] = np.where(grades > 1, np.minimum(self.box[cards] + (not first), 4), 0)
        waits: Floats = self.effort * 2.0 ** self.box[cards]
        return waits


class Sm2(Schedule):
    """Anki's SM-2 with its default settings; `effort` multiplies the intervals."""

    def __init__(self, horizon: int, effort: float, seconds: float, seed: int) -> None:
        super().__init__(horizon, effort, seconds, seed)
        self.ease = np.full(CARDS, 2.5)
        self.wait = np.zeros(CARDS)

    def waits(self, cards: Ints, grades: Ints, day: int, *, first: bool) -> Floats:
        if first:
            self.wait[cards] = np.where(grades == 4, 4.0, 1.0)
            return self.wait[cards]
        wait, ease, late = self.wait[cards], self.ease[cards], np.maximum(0, day - self.due[cards])
        hard = np.maximum(wait + 1, wait * 1.2 * self.effort)
        good = np.maximum(hard + 1, (wait + late / 2) * ease * self.effort)
        easy = np.maximum(good + 1, (wait + late) * ease * 1.3 * self.effort)
        self.wait[cards] = np.choose(grades - 1, (np.ones(len(cards)), hard, good, easy))
        self.ease[cards] = np.maximum(1.3, ease + np.array((-0.2, -0.15, 0.0, 0.15))[grades - 1])
        return self.wait[cards]

    def strength(self, cards: Ints) -> Floats:
        return self.wait[cards]


class Sm2WithPass(Sm2):
    """The same, with the final pass that the plan has: the strongest first, on the eve again what would be weak on the day."""

    last_days = plan.LAST_DAYS


class FsrsAlone(Schedule):
    """FSRS-6 with its default weights; `effort` is the desired retention."""

    def __init__(self, horizon: int, effort: float, seconds: float, seed: int) -> None:
        super().__init__(horizon, effort, seconds, seed)
        self.memory = Fsrs(CARDS, fsrs.DEFAULT_WEIGHTS)

    def waits(self, cards: Ints, grades: Ints, day: int, *, first: bool) -> Floats:
        (self.memory.first if first else self.memory.review)(cards, grades, day)
        return self.memory.interval(cards, self.effort)


# What a main card counts beside another of a note asked as often, of which every second one drills a must.
MAIN_WEIGHT = plan.worth(EXPLAIN, priority(USUALLY_ASKED, must=True)) / (1.5 * USUALLY_ASKED)
WEIGHTS = np.where(np.isin(np.arange(CARDS), EXPLAINS), MAIN_WEIGHT, 1.0)


class Plan(FsrsAlone):
    """What `dlquiz.plan` decides each day; promised intervals end on the day."""

    def day(self, day: int) -> tuple[Ints, Ints]:
        way, seen, unseen = self.state()
        agenda = plan.agenda(day, seen, unseen, way, plan.even_load(day, seen, unseen, way))
        asked = [int(card.card) for card in (*agenda.reviews, *agenda.final)]
        return np.flatnonzero(self.last < 0)[: sum(agenda.new)], np.array(asked, dtype=int)

    def state(self) -> tuple[plan.PlanWindow, list[plan.Seen], list[plan.Unseen]]:
        """What the plan decides on."""
        memory = self.memory
        columns = (self.cost, memory.stability, memory.difficulty, self.last, self.due)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        seen = [plan.Seen(str(n), *row)._replace(weight=float(WEIGHTS[n])) for n, row in enumerate(rows) if row[3] >= 0]
        fresh = self.last < 0
        unseen = []
        if fresh.any():
            means = (float(values[fresh].mean()) for values in (self.new_cost, self.cost, WEIGHTS))
            unseen = [plan.Unseen(int(fresh.sum()), *means)]
        return plan.PlanWindow(0, self.horizon, self.seconds, self.effort), seen, unseen

    def waits(self, cards: Ints, grades: Ints, day: int, *, first: bool) -> Floats:
        return np.minimum(super().waits(cards, grades, day, first=first), self.horizon - day)


class Kind(NamedTuple):
    """A way of choosing, and how much effort it may be told to spend."""

    make: Callable[..., Schedule]
    efforts: tuple[float, ...]
    usual: float  #: the effort that its users would have


PLAN, BEST_RIVAL = "the plan", "SM-2 with the final pass"
KINDS = {
    "random": Kind(Random, (0.04, 0.08, 0.15, 0.2, 0.25), 0.15),
    "every few days": Kind(Fixed, (10, 7, 5, 4, 3, 2), 3),
    "Leitner": Kind(Leitner, (3, 2, 1.4, 1, 0.6), 1),
    "SM-2": Kind(Sm2, (2, 1.6, 1.2, 1.0, 0.8, 0.6, 0.45, 0.3), 1.0),
    BEST_RIVAL: Kind(Sm2WithPass, (6, 4, 3, 2, 1.4, 1.0, 0.8, 0.6, 0.45), 1.0),
    "FSRS without a plan": Kind(FsrsAlone, (0.75, 0.85, 0.9, 0.93, 0.95, 0.97), 0.9),
    PLAN: Kind(Plan, (0.7, 0.8, 0.85, 0.9, 0.93), 0.9),
}
