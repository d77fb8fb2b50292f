"""Own weights against the defaults on a real log: python -m benchmarks.optimize LOG

LOG has the columns card_id, review_rating (1-4), review_time (ISO-8601, UTC). Needs the extra `optimize`. Prints the mean log loss over the
answers that came on a later day than the one before: five-fold, each fold's cards predicted by weights fitted to the other cards; by time,
the last fifth predicted by weights fitted to what came before, as `dlquiz optimize` does it, and with fewer answers.
"""

from __future__ import annotations

import argparse
import csv
from datetime import datetime
from zoneinfo import ZoneInfo

from dlquiz import calendar, fit, fsrs
from dlquiz.stats import held_out
from dlquiz.stats.held_out import History

FOLDS = 5
SHARES = (0.1, 0.2, 0.4, 0.7, 1.0)  # of the log, from its beginning


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


def five_fold(cards: list[History]) -> float:
    """Mean log loss of cards whose answers the weights had not seen."""
    losses = count = 0.0
    for fold in range(FOLDS):
        weights = fit.fitted([card for n, card in enumerate(cards) if n % FOLDS != fold])
        answers = len(held_out.next_day_reviews(cards[fold::FOLDS]))
        losses += answers * held_out.log_loss(cards[fold::FOLDS], weights)
        count += answers
    return losses / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log")
    cards = read(parser.parse_args().log)
    days = held_out.next_day_reviews(cards)
    best = held_out.log_loss(cards, fit.fitted(cards))
    print("| weights | log loss |\n| --- | --- |")
    print(f"| defaults | {held_out.log_loss(cards, fsrs.DEFAULT_WEIGHTS):.4f} |")
    print(f"| own, five-fold by card | {five_fold(cards):.4f} |")
    print(f"| own, on the very answers they were fitted to | {best:.4f} |\n")
    print("| next-day reviews | held out | defaults | own |\n| --- | --- | --- | --- |")
    for share in SHARES:
        until = days[min(len(days) - 1, round(share * len(days)))]
        part = [history for card in cards if (history := [row for row in card if row[0] <= until])]
        known = held_out.next_day_reviews(part)
        since = held_out.split_day(known)
        losses = [held_out.log_loss(part, w, since) for w in (fsrs.DEFAULT_WEIGHTS, fit.fitted(part, since))]
        tested = sum(day >= since for day in known)
        print(f"| {len(known)} | {tested} | {losses[0]:.4f} | {losses[1]:.4f} |")


if __name__ == "__main__":
    main()
