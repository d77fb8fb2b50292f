"""Ways of choosing what a day asks: the plan itself, and what it is compared with. Used by benchmarks.simulate."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from benchmarks.learners import Floats, Fsrs, Ints
from dlquiz import deck, fsrs, plan
from dlquiz.plan import costs

NEVER = 10**9


class Schedule:
    """Meets the cards evenly over two thirds of the way; asks again what is due, oldest first. Others change the parts."""

    last_days = 0  #: length of a final pass

    def __init__(self, cards: int, explains: Ints, horizon: int, effort: float, seconds: float, seed: int) -> None:
        self.horizon, self.effort, self.seconds = horizon, effort, seconds
        self.due = np.full(cards, NEVER)
        self.last = np.full(cards, -1)
        self.explains = np.isin(np.arange(cards), explains)
        answer = np.where(self.explains, deck.EXPLAIN_SECONDS, deck.ATOMIC_SECONDS)
        self.cost = answer * costs.AGAIN_ANSWERS
        self.new_cost = answer * np.where(self.explains, costs.NEW_ANSWERS[True], costs.NEW_ANSWERS[False])
        self.rng = np.random.default_rng(seed)
        self.quota = math.ceil(cards / max(1, 2 * horizon // 3))

    def day(self, day: int) -> tuple[Ints, Ints]:
        """Cards to meet and cards to ask again."""
        asked = self._within(self.reviews(day), self.cost, self.seconds)
        left = self.seconds - float(self.cost[asked].sum())
        unseen = np.flatnonzero(self.last < 0)[: self.quota]
        return self._within(unseen, self.new_cost, left), asked

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
        again = due[self.last[due] >= opens]
        rest = seen[self.last[seen] < opens]
        rest = rest[np.argsort(-self.strength(rest), kind="stable")]
        before = np.cumsum(self.cost[rest]) - self.cost[rest]
        share = float(self.cost[rest].sum()) / (self.horizon - day)
        return np.concatenate([again, rest[before < share]])

    def strength(self, cards: Ints) -> Floats:
        return (self.due[cards] - self.last[cards]).astype(float)

    def waits(self, cards: Ints, grades: Ints, day: int, *, first: bool) -> Floats:
        """Days until each comes back."""
        raise NotImplementedError

    @staticmethod
    def _within(cards: Ints, cost: Floats, seconds: float) -> Ints:
        return cards[np.cumsum(cost[cards]) <= seconds]


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

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # Schedule's own
        self.box = np.zeros(len(self.due), dtype=int)

    def waits(self, cards: Ints, grades: Ints, day: int, *, first: bool) -> Floats:
        self.box[cards] = np.where(grades > 1, np.minimum(self.box[cards] + (not first), 4), 0)
        return self.effort * 2.0 ** self.box[cards]


class Sm2(Schedule):
    """Anki's SM-2 with its default settings; `effort` multiplies the intervals."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # Schedule's own
        self.ease = np.full(len(self.due), 2.5)
        self.wait = np.zeros(len(self.due))

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
    """The same, with a final pass as the plan has it."""

    last_days = plan.LAST_DAYS


class FsrsAlone(Schedule):
    """FSRS-6 with its default weights; `effort` is the desired retention."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # Schedule's own
        self.memory = Fsrs(len(self.due), fsrs.DEFAULT_WEIGHTS)

    def waits(self, cards: Ints, grades: Ints, day: int, *, first: bool) -> Floats:
        (self.memory.first if first else self.memory.review)(cards, grades, day)
        return self.memory.interval(cards, self.effort)


class Plan(FsrsAlone):
    """What `dlquiz.plan` decides each day; promised intervals end on the day."""

    def day(self, day: int) -> tuple[Ints, Ints]:
        way = plan.Way(0, self.horizon, self.seconds, self.effort)
        memory = self.memory
        seen = [
            plan.Seen(str(n), self.cost[n], stability, difficulty, last, due)
            for n, (stability, difficulty, last, due) in enumerate(
                zip(
                    memory.stability.tolist(),
                    memory.difficulty.tolist(),
                    self.last.tolist(),
                    self.due.tolist(),
                    strict=True,
                )
            )
            if last >= 0
        ]
        queue = np.flatnonzero(self.last < 0)
        unseen = []
        if len(queue):
            unseen = [plan.Unseen(len(queue), float(self.new_cost[queue].mean()), float(self.cost[queue].mean()))]
        level = plan.even_load(day, seen, unseen, way)
        agenda = plan.agenda(day, seen, unseen, way, level)
        asked = [int(card.card) for card in (*agenda.reviews, *agenda.final)]
        return queue[: sum(agenda.new)], np.array(asked, dtype=int)

    def waits(self, cards: Ints, grades: Ints, day: int, *, first: bool) -> Floats:
        return np.minimum(super().waits(cards, grades, day, first=first), self.horizon - day)


MAKERS: dict[str, tuple[Callable[..., Schedule], tuple[float, ...]]] = {
    "random": (Random, (0.04, 0.08, 0.15, 0.25)),
    "every few days": (Fixed, (10, 7, 5, 3, 2)),
    "Leitner": (Leitner, (3, 2, 1.4, 1, 0.6)),
    "SM-2": (Sm2, (1.6, 1.2, 1.0, 0.8, 0.6, 0.45)),
    "SM-2 with the final pass": (Sm2WithPass, (2.0, 1.4, 1.0, 0.8, 0.6)),
    "FSRS": (FsrsAlone, (0.75, 0.85, 0.9, 0.94, 0.96)),
    "plan": (Plan, (0.7, 0.8, 0.85, 0.9, 0.94)),
}
