"""Simulated learners whose memory is not the scheduler's own, many cards at a time. Used by benchmarks.simulate."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from dlquiz import calendar, deck, fsrs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AGAIN, GOOD = 1, 3
# How often a first answer is again, hard, good, easy, and a recalled one hard, good, easy: the values with which the simulator of
# fsrs-rs starts (BSD-3), taken there from many learners' logs.
FIRST = np.cumsum((0.24, 0.094, 0.495, 0.171))
RECALLED = np.cumsum((0.224, 0.631, 0.145))
# Logarithms to base 2 of the half-life in days: constant, per square root of right and of wrong answers; fitted to the 12,580 answers of
# py-fsrs' test data (MIT).
HALF_LIFE = (2.54, 2.37, -1.32)
OTHERS_SPREAD = 0.3  # of the logarithm of each weight, from one learner to the next


T95 = {6: 2.571, 20: 2.093}  # two-sided 95 % of Student's t, by the number of learners
CARDS = 300
EXPLAINS = np.arange(0, CARDS, 10)  # the main cards among them
REAL = "FSRS, a real log's weights"
MEMORIES = ("FSRS, others' weights", "half-life", REAL, "the scheduler's own")


class Memory(Protocol):
    """What a learner really remembers."""

    def first(self, cards: Ints, grades: Ints, day: int) -> None: ...
    def review(self, cards: Ints, grades: Ints, day: int) -> None: ...
    def recall(self, day: int) -> Floats:
        """Chance in 0..1 for every card, 0 for one never seen."""
        ...


class Fsrs:
    """FSRS-6 on arrays, the same formulas as `dlquiz.fsrs`; also the state that an FSRS scheduler keeps."""

    def __init__(self, cards: int, weights: Sequence[float] | Floats, *, steps: bool = True) -> None:
        self.steps = steps
        self.weights = np.array(weights, dtype=float)
        self.stability = np.full(cards, np.nan)
        self.difficulty = np.full(cards, np.nan)
        self.last = np.zeros(cards, dtype=int)

    def first(self, cards: Ints, grades: Ints, day: int) -> None:
        w = self.weights
        self.stability[cards] = w[grades - 1]
        self.difficulty[cards] = np.clip(self._start(grades), 1, 10)
        self.last[cards] = day
        self._steps(cards, grades)

    def review(self, cards: Ints, grades: Ints, day: int) -> None:
        self._later(cards, grades, day - self.last[cards])
        self.last[cards] = day
        self._steps(cards, grades)

    def recall(self, day: int) -> Floats:
        found = self._recall(day - self.last, self.stability)
        return np.where(np.isnan(found), 0.0, found)

    def interval(self, cards: Ints, retention: float) -> Floats:
        decay = -self.weights[20]
        out: Floats = self.stability[cards] / (0.9 ** (1 / decay) - 1) * (retention ** (1 / decay) - 1)
        return out

    def _recall(self, elapsed: Any, stability: Floats) -> Floats:
        decay = -self.weights[20]
        out: Floats = (1 + (0.9 ** (1 / decay) - 1) * elapsed / stability) ** decay
        return out

    def _start(self, grades: Any) -> Any:
        return self.weights[4] - np.exp(self.weights[5] * (grades - 1)) + 1

    def _steps(self, cards: Ints, grades: Ints) -> None:
        """What was not recalled is asked once more the same day, and then is."""
        failed = cards[grades == AGAIN] if self.steps else cards[:0]
        self._later(failed, np.full(len(failed), GOOD), np.zeros(len(failed)))

    def _later(self, cards: Ints, grades: Ints, elapsed: Any) -> None:
        w, s, d = self.weights, self.stability[cards], self.difficulty[cards]
        same = np.exp(w[17] * (grades - 3 + w[18])) * s ** -w[19]
        same = s * np.where(grades >= 2, np.maximum(same, 1), same)
        r = self._recall(elapsed, s)
        forgot = w[11] * d ** -w[12] * ((s + 1) ** w[13] - 1) * np.exp(w[14] * (1 - r))
        forgot = np.minimum(forgot, s / np.exp(w[17] * w[18]))
        bonus = np.where(grades == 2, w[15], np.where(grades == 4, w[16], 1.0))
        grown = s * (1 + np.exp(w[8]) * (11 - d) * s ** -w[9] * (np.exp(w[10] * (1 - r)) - 1) * bonus)
        after = np.where(np.asarray(elapsed) < 1, same, np.where(grades == AGAIN, forgot, grown))
        damped = d - w[6] * (grades - 3) * (10 - d) / 9
        self.stability[cards] = np.clip(after, 0.001, 36500)
        self.difficulty[cards] = np.clip(w[7] * self._start(4) + (1 - w[7]) * damped, 1, 10)


class HalfLife:
    """Half-life regression (Settles & Meeder, ACL 2016): the half-life doubles and halves with counts of right and wrong answers."""

    def __init__(self, cards: int, theta: Sequence[float], ease: Floats) -> None:
        self.theta = theta
        self.ease = ease  #: of each card, added to the logarithm of its half-life
        self.right, self.wrong = np.zeros(cards), np.zeros(cards)
        self.last = np.full(cards, -1)

    def first(self, cards: Ints, grades: Ints, day: int) -> None:
        self.review(cards, grades, day)

    def review(self, cards: Ints, grades: Ints, day: int) -> None:
        self.right[cards] += grades > AGAIN
        self.wrong[cards] += grades == AGAIN
        self.last[cards] = day

    def recall(self, day: int) -> Floats:
        base, right, wrong = self.theta
        half_life = 2 ** np.clip(base + self.ease + right * np.sqrt(self.right) + wrong * np.sqrt(self.wrong), -1, 12)
        return np.where(self.last < 0, 0.0, 2 ** (-(day - self.last) / half_life))


def memory(name: str, seed: int, fitted: Sequence[float]) -> Memory:
    """A fresh memory of that name; `fitted` are the real log's weights."""
    if name == "half-life":
        return HalfLife(CARDS, HALF_LIFE, np.random.default_rng(5000 + seed).normal(0, 1, CARDS))
    return Fsrs(CARDS, {MEMORIES[0]: others(seed), REAL: fitted}.get(name, fsrs.DEFAULT_WEIGHTS))


class Learner:
    """A memory, and the answers and seconds that come of it; the draws are the same whatever the schedule."""

    def __init__(self, name: str, seed: int, fitted: Sequence[float]) -> None:
        self.memory = memory(name, seed, fitted)
        self.seconds = np.full(CARDS, float(deck.ATOMIC_SECONDS))
        self.seconds[EXPLAINS] = deck.EXPLAIN_SECONDS
        self._explains = np.isin(np.arange(CARDS), EXPLAINS)
        self._chance = np.random.default_rng(seed).random((2, 400, CARDS))
        self._asked = np.zeros(CARDS, dtype=int)

    def meet(self, cards: Ints, day: int) -> tuple[Ints, float]:
        """First answers, and the seconds that they and the steps of that day take."""
        grades = 1 + np.searchsorted(FIRST, self._draw(0, cards))
        self.memory.first(cards, grades, day)
        self._asked[cards] += 1
        answers = np.where(self._explains[cards], 1 + (grades == AGAIN), np.array((0, 3, 2, 2, 1))[grades])
        return grades, float(answers @ self.seconds[cards])

    def ask(self, cards: Ints, day: int) -> tuple[Ints, float]:
        """Later answers; what is not recalled is asked twice."""
        recalled = self._draw(0, cards) < self.memory.recall(day)[cards]
        grades = np.where(recalled, 2 + np.searchsorted(RECALLED, self._draw(1, cards)), AGAIN)
        self.memory.review(cards, grades, day)
        self._asked[cards] += 1
        return grades, float((1 + (grades == AGAIN)) @ self.seconds[cards])

    def _draw(self, kind: int, cards: Ints) -> Floats:
        out: Floats = np.minimum(self._chance[kind, self._asked[cards] % 400, cards], 0.9999)
        return out


def others(seed: int) -> list[float]:
    """Another learner's weights."""
    rng = np.random.default_rng(1000 + seed)
    return list(np.array(fsrs.DEFAULT_WEIGHTS) * np.exp(rng.normal(0, OTHERS_SPREAD, 21)))


Log = tuple[Floats, Ints]  # elapsed days and grades, cards x answers; grade 0 where there is none


def read_log(path: str, zone: str = "America/Los_Angeles", rollover_min: int = 240) -> Log:
    """A real log: columns card_id, review_rating (1-4), review_time (ISO-8601, UTC)."""
    cards: dict[str, list[tuple[datetime, int]]] = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            answer = (datetime.fromisoformat(row["review_time"]), int(row["review_rating"]))
            cards.setdefault(row["card_id"], []).append(answer)
    longest = max(map(len, cards.values()))
    elapsed, grades = np.zeros((len(cards), longest)), np.zeros((len(cards), longest), dtype=int)
    for n, answers in enumerate(cards.values()):
        days = [calendar.moment(at, rollover_min, ZoneInfo(zone)).day.toordinal() for at, _ in sorted(answers)]
        elapsed[n, 1 : len(days)] = np.diff(days)
        grades[n, : len(days)] = [grade for _, grade in sorted(answers)]
    return elapsed, grades


def log_loss(log: Log, weights: Sequence[float] | Floats) -> float:
    """Mean over every answer on a later day than the one before."""
    elapsed, grades = log
    state = Fsrs(len(grades), weights, steps=False)  # the log holds the steps itself
    losses, count = 0.0, 0
    for n in range(grades.shape[1]):
        cards = np.flatnonzero(grades[:, n])
        given, waited = grades[cards, n], elapsed[cards, n]
        if n == 0:
            state.first(cards, given, 0)
            continue
        counted = waited > 0
        chance = np.clip(state._recall(waited, state.stability[cards]), 0.001, 0.999)
        losses -= float(np.log(np.where(given > AGAIN, chance, 1 - chance))[counted].sum())
        count += int(counted.sum())
        state._later(cards, given, waited)
    return losses / count


def fitted(log: Log, rounds: int = 4) -> list[float]:
    """Weights that predict the log better than the default ones: each in turn is tried larger and smaller."""
    weights, step = np.array(fsrs.DEFAULT_WEIGHTS), 0.3
    best = log_loss(log, weights)
    for _ in range(rounds):
        for n in range(21):
            for factor in (np.exp(step), np.exp(-step)):
                tried = weights.copy()
                tried[n] *= factor
                found = log_loss(log, tried)
                if found < best:
                    weights, best = tried, found
                    break
        step *= 0.6
    return list(weights)
