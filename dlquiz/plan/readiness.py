"""What would be recalled on the day, by topic, how sure that is, and what would raise it most."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from heapq import nsmallest
from typing import NamedTuple

from dlquiz import fsrs, plan
from dlquiz.plan import PlanWindow, Seen, Unseen

KNOWN_FROM = 0.5  # share of a topic's cards that must have been seen before its recall is called known
# How one learner's stabilities differ from the model's before any answer is known: normal distributions of the logarithm (share, mean,
# standard deviation). A card that was just forgotten is forgotten again about as the model expects, or far sooner, by two kinds of learner;
# of all other cards little is known but that the model is about right. On the day it is mostly the former that are forgotten once more, so
# they count more. MISFIT stays however many answers are known: the model is no learner. All chosen in docs/simulation.md.
JUST_FORGOTTEN = 1.2  # days: a card of less stability was forgotten the last time
FORGOTTEN_BEFORE = ((0.5, 0.0, 0.3), (0.5, -1.5, 1.4))
OTHERS_BEFORE = ((1.0, 0.0, 0.5),)
FORGOTTEN_COUNT, LEAST_COUNT, LESS_PER_OTHER = 0.8, 0.5, 0.0003  # less, the more is known of the others
MISFIT = 0.55
CARD_SPREAD = 0.7  # of one card after one answer; it falls with the square root of their number
ENOUGH = 400  # cards of a topic that are looked at one by one
LEAST_GAIN = 0.005  # what is advised raises the share by so much: half a point
EIGHTY = 1.2816  # standard deviations on either side that hold eighty in a hundred
FORGOTTEN_GRID = [n / 5 for n in range(-25, 16)]  # logarithms of the learner's factor
OTHERS_GRID = [n / 10 for n in range(-20, 21)]


class Range(NamedTuple):
    """Eight times in ten the truth is expected between low and high."""

    low: float
    mid: float
    high: float


class Outcome(NamedTuple):
    """An answer on a later day than the one before."""

    elapsed: int  #: days
    stability: float  #: as the model had it before the answer
    recalled: bool


class TopicReadiness(NamedTuple):
    """Where a topic stands. Suspended cards are no part of it."""

    topic: str
    cards: int
    seen: int
    recall: Range | None  #: of its seen cards on the day, if nothing more were done; None while too few were seen
    said: int  #: key points that were said when they were last asked for
    missed: tuple[str, ...]  #: ids of those that were not
    ready: Range | None = (
        None  #: share of what will be asked of it that is recalled, unseen cards as 0; None before the first
    )


class Best(NamedTuple):
    """What one day's minutes in one topic would raise most."""

    topic: str
    new: int  #: cards to meet; 0 means to ask seen ones again
    again: int
    gain: float  #: of the share of what will be asked that is recalled on the day


class Readiness(NamedTuple):
    """Where all topics stand."""

    day: date  #: of the interview, or today
    topics: tuple[TopicReadiness, ...]
    best: Best | None
    begins: bool = False  #: today's part of the plan is not done or, without one, something is due; that comes first


def learner(outcomes: Sequence[Outcome], weights: Sequence[float] = fsrs.DEFAULT_WEIGHTS) -> Range:
    """By which factor on the model's stabilities to predict this learner's recall on the day, mean over many cards."""
    forgotten = [outcome for outcome in outcomes if outcome.stability < JUST_FORGOTTEN]
    others = [outcome for outcome in outcomes if outcome.stability >= JUST_FORGOTTEN]
    weak, weak_spread = _posterior(forgotten, FORGOTTEN_BEFORE, FORGOTTEN_GRID, weights)
    strong, strong_spread = _posterior(others, OTHERS_BEFORE, OTHERS_GRID, weights)
    count = max(LEAST_COUNT, FORGOTTEN_COUNT - LESS_PER_OTHER * len(others))
    middle = count * weak + (1 - count) * strong
    wide = EIGHTY * math.hypot(count * weak_spread, (1 - count) * strong_spread, MISFIT)
    return Range(math.exp(middle - wide), math.exp(middle), math.exp(middle + wide))


def _posterior(
    outcomes: Sequence[Outcome],
    before: Sequence[tuple[float, float, float]],
    grid: Sequence[float],
    weights: Sequence[float],
) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of a factor on stability, after these answers.

    Args:
        outcomes: The answers.
        before: What was known before them: normal distributions, each with its share, mean and standard deviation.
        grid: The logarithms that are tried.
        weights: The 21 weights.
    """
    decay, factor = fsrs.curve(weights)
    ratios: dict[bool, list[float]] = {True: [], False: []}
    for elapsed, stability, was_recalled in outcomes:
        ratios[was_recalled].append(factor * elapsed / stability)
    logs = []
    for x in grid:
        scale, log1p, log = math.exp(-x), math.log1p, math.log  # the chance of recall is (1 + ratio * scale) ** decay
        prior = sum(share / spread * math.exp(-(((x - mean) / spread) ** 2) / 2) for share, mean, spread in before)
        recalled = decay * sum([log1p(ratio * scale) for ratio in ratios[True]])
        forgotten = sum([log(max(1e-6, 1 - (1 + ratio * scale) ** decay)) for ratio in ratios[False]])
        logs.append(log(prior) + recalled + forgotten)
    top = max(logs)
    mass = [math.exp(log_mass - top) for log_mass in logs]
    mean = sum(x * m for x, m in zip(grid, mass, strict=True)) / sum(mass)
    return mean, math.sqrt(sum((x - mean) ** 2 * m for x, m in zip(grid, mass, strict=True)) / sum(mass))


def recall(cards: Sequence[tuple[Seen, int]], day: int, way: PlanWindow, factor: Range) -> Range:
    """Mean chance of recalling these cards on a day, by their weight, if nothing more were done.

    Args:
        cards: Each with how often it was answered.
        day: Of the interview, or today.
        way: Its weights.
        factor: This learner's, from `learner`.
    """
    cards = cards[:: max(1, len(cards) // ENOUGH)]
    total_weight = sum(card.weight for card, _ in cards)
    low, mid, high = (
        sum(card.weight * plan.recall(card, day, way, bias) for card, _ in cards) / total_weight for bias in factor
    )
    variance = 0.0
    for card, answers in cards:
        slope = plan.recall(card, day, way, factor.mid * 1.05) - plan.recall(card, day, way, factor.mid)
        variance += (card.weight * slope / math.log(1.05) * CARD_SPREAD) ** 2 / max(1, answers)
    own = EIGHTY * math.sqrt(variance) / total_weight
    return Range(max(0.0, mid - math.hypot(mid - low, own)), mid, min(1.0, mid + math.hypot(high - mid, own)))


def share(recall: Range, seen: Iterable[Seen], unseen_weight: float) -> Range:
    """The share of all that will be asked of these cards, those not seen included, that is recalled.

    Args:
        recall: Of the seen ones.
        seen: The cards.
        unseen_weight: What the cards not seen are worth.
    """
    weight = sum(card.weight for card in seen)
    return Range(*(weight / (weight + unseen_weight) * value for value in recall))


def best(
    seen: Mapping[str, Sequence[Seen]],
    unseen: Mapping[str, Sequence[Unseen]],
    today: int,
    way: PlanWindow,
) -> Best | None:
    """What the time of one day, spent in one topic, would raise most; None when that is less than half a point.

    Args:
        seen: By topic.
        unseen: By topic, in the order in which they are met.
        today: Study day.
        way: To the interview; without one, to tomorrow.
    """
    total_weight = sum(card.weight for cards in seen.values() for card in cards)
    total_weight += sum(group.many * group.weight for groups in unseen.values() for group in groups)
    candidates: list[Best] = []
    for topic, groups in unseen.items():
        remaining, gain, new = way.seconds, 0.0, 0
        for group in groups:
            n = min(group.many, max(int(remaining / group.new_seconds), 0 if new else 1))
            gain += n * group.weight * plan.recall(plan.met(today, 1, group, way), way.date, way)
            remaining, new = remaining - n * group.new_seconds, new + n
        if new:
            candidates.append(Best(topic, new, 0, gain / total_weight))
    for topic, cards in seen.items():
        remaining, gain, n = way.seconds, 0.0, 0
        for per_second, card in weakest(cards, today, way):
            if card.seconds > remaining:
                break
            remaining, gain, n = remaining - card.seconds, gain + per_second * card.seconds, n + 1
        if n:
            candidates.append(Best(topic, 0, n, gain / total_weight))
    best = max(candidates, key=lambda best: (best.gain, best.topic), default=None)
    return best if best and best.gain >= LEAST_GAIN else None


def weakest(cards: Iterable[Seen], today: int, way: PlanWindow) -> list[tuple[float, Seen]]:
    """Cards that were not answered today, those first of which another answer now raises most what is recalled on the interview's day, for
    the time it takes; each with what it raises a second. Those that it doesn't raise are left out.
    """
    before = (card for card in cards if card.last < today)
    lowest = nsmallest(ENOUGH, before, lambda card: plan.recall(card, way.date, way))
    raised = [(plan.raised(card, today, way), card) for card in lowest]
    return sorted((entry for entry in raised if entry[0] > 0), key=lambda entry: entry[0], reverse=True)
