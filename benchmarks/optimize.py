"""Own weights against the defaults: python -m benchmarks.optimize [LOG]

Needs the extra `optimize`. LOG is a real one with the columns card_id, review_rating (1-4), review_time (ISO-8601, UTC). Prints the mean
log loss over the answers that came on a later day than the one before: five-fold, each fold's cards predicted by weights fitted to the
other cards; five parts in time, each predicted by weights fitted to all before it (fsrs-rs' time series splits); by time, the last fifth
predicted by weights fitted to what came before, as `dlquiz optimize` does it, and with fewer answers.

Without LOG, the same for simulated learners whose weights are known: what the settings of the fit were chosen on.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks import learners
from dlquiz import calendar, fit, fsrs
from dlquiz.stats import held_out
from dlquiz.stats.held_out import History

FOLDS = 5
SHARES = (0.1, 0.2, 0.4, 0.7, 1.0)  # of the log, from its beginning
LEARNERS, FIRST_LEARNER = 10, 300
CARDS, TESTED_CARDS, DAYS = (250, 600, 1500), 1500, 120  # of a simulated log
SETTINGS = {
    "five epochs, held by 1 (fsrs-rs)": (5, 1.0),
    "twenty, by 0.2": (20, 0.2),
    "a hundred, by 0.02": (100, 0.02),
}


def read(path: str, zone: str = "America/Los_Angeles", rollover_min: int = 240) -> list[History]:
    """Each card's answers."""
    cards: dict[str, list[tuple[datetime, int]]] = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            answer = (datetime.fromisoformat(row["review_time"]), int(row["review_rating"]))
            cards.setdefault(row["card_id"], []).append(answer)
    return [
        [(calendar.moment(at, rollover_min, ZoneInfo(zone)).day.toordinal(), rating) for at, rating in sorted(answers)]
        for answers in cards.values()
    ]


def five_fold(cards: Sequence[History]) -> float:
    """Mean log loss of cards whose answers the weights had not seen."""
    losses = count = 0.0
    for fold in range(FOLDS):
        weights = fit.fitted([card for n, card in enumerate(cards) if n % FOLDS != fold])
        answers = len(held_out.next_day_reviews(cards[fold::FOLDS]))
        losses += answers * held_out.log_loss(cards[fold::FOLDS], weights)
        count += answers
    return losses / count


def five_parts(cards: Sequence[History]) -> tuple[int, float, float]:
    """Five parts in time after a first that is only fitted to: how many answers, the defaults' log loss, that of own weights."""
    days = held_out.next_day_reviews(cards)
    starts = [days[round(part * len(days) / (FOLDS + 1))] for part in range(1, FOLDS + 1)]
    losses, count = [0.0, 0.0], 0
    for start, end in pairwise([*starts, days[-1] + 1]):
        part = [history for card in cards if (history := [row for row in card if row[0] < end])]
        answers = sum(start <= day < end for day in days)
        for n, weights in enumerate((fsrs.DEFAULT_WEIGHTS, fit.fitted(cards, start))):
            losses[n] += answers * held_out.log_loss(part, weights, start)
        count += answers
    return count, losses[0] / count, losses[1] / count


def on_a_log(cards: Sequence[History]) -> None:
    """Both tables of a real log."""
    days = held_out.next_day_reviews(cards)
    seen, free = fit.fitted(cards), fit.fitted(cards, epochs=300, towards_defaults=0)
    print("| weights | log loss |\n| --- | --- |")
    print(f"| defaults | {held_out.log_loss(cards, fsrs.DEFAULT_WEIGHTS):.4f} |")
    print(f"| own, five-fold: each fifth of the cards predicted from the others | {five_fold(cards):.4f} |")
    print(f"| own, on the very answers they were fitted to | {held_out.log_loss(cards, seen):.4f} |")
    print(f"| the same, three hundred epochs, held to nothing | {held_out.log_loss(cards, free):.4f} |\n")
    print(
        "In five parts, each predicted from all before: {} answers, defaults {:.4f}, own {:.4f}\n".format(
            *five_parts(cards)
        )
    )
    print("| next-day reviews | held out | defaults | own |\n| --- | --- | --- | --- |")
    for share in SHARES:
        until = days[min(len(days) - 1, round(share * len(days)))]
        part = [history for card in cards if (history := [row for row in card if row[0] <= until])]
        part_days = held_out.next_day_reviews(part)
        since = held_out.split_day(part_days)
        losses = [held_out.log_loss(part, w, since) for w in (fsrs.DEFAULT_WEIGHTS, fit.fitted(part, since))]
        tested = sum(day >= since for day in part_days)
        print(f"| {len(part_days)} | {tested} | {losses[0]:.4f} | {losses[1]:.4f} |")


def simulated(weights: Sequence[float], cards: int, seed: int) -> list[History]:
    """The log of somebody with these weights who follows the default intervals."""
    rng, log = random.Random(seed), []
    for _ in range(cards):
        day, rating = rng.randrange(2 * DAYS // 3), 1 + _drawn(rng, learners.FIRST)
        history = [(day, rating)]
        real, believed = fsrs.first(rating, weights), fsrs.first(rating)
        while True:
            if rating == learners.AGAIN:  # asked once more on that day, and recalled
                history.append((day, learners.GOOD))
                real = fsrs.following(*real, 0, learners.GOOD, weights)
                believed = fsrs.following(*believed, 0, learners.GOOD)
            wait = max(1, round(fsrs.interval_days(believed[0], 0.9) * rng.uniform(0.8, 1.25)))
            day += wait
            if day >= DAYS:
                break
            recalled = rng.random() < fsrs.retrievability(wait, real[0], weights)
            rating = 2 + _drawn(rng, learners.RECALLED) if recalled else learners.AGAIN
            history.append((day, rating))
            real = fsrs.following(*real, wait, rating, weights)
            believed = fsrs.following(*believed, wait, rating)
        log.append(history)
    return log


def _drawn(rng: random.Random, cumulated: learners.Floats) -> int:
    return min(int(np.searchsorted(cumulated, rng.random())), len(cumulated) - 1)


def on_learners() -> None:
    """Learners with weights of their own: how well are other answers of theirs predicted?"""
    names = ("defaults", *SETTINGS, "as `dlquiz optimize` fits", "the true ones")
    print(f"| next-day reviews | {' | '.join(names)} | better than the defaults |\n|{' --- |' * (len(names) + 2)}")
    for count in CARDS:
        answers, losses = 0, [0.0] * len(names)
        better = 0
        for seed in range(FIRST_LEARNER, FIRST_LEARNER + LEARNERS):
            true = learners.others(seed)
            cards, others = simulated(true, count, seed), simulated(true, TESTED_CARDS, 10_000 + seed)
            answers += len(held_out.next_day_reviews(cards))
            fits = [fit.fitted(cards, epochs=n, towards_defaults=held) for n, held in SETTINGS.values()]
            tried = [fsrs.DEFAULT_WEIGHTS, *fits, fit.fitted(cards), true]
            found = [held_out.log_loss(others, weights) for weights in tried]
            better += found[-2] < found[0]
            losses = [total + loss / LEARNERS for total, loss in zip(losses, found, strict=True)]
        cells = " | ".join(f"{loss:.4f}" for loss in losses)
        print(f"| {answers // LEARNERS} | {cells} | {better} of {LEARNERS} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", nargs="?")
    log = parser.parse_args().log
    if log:
        on_a_log(read(log))
    else:
        on_learners()


if __name__ == "__main__":
    main()
