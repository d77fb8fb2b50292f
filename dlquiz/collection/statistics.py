"""Gathers what `stats` and the start screen show. The start screen asks for recent, indexed rows only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from dlquiz import deck, scheduler, stats
from dlquiz.bank import select
from dlquiz.card import CardRef
from dlquiz.collection import Collection, after_interview, waiting
from dlquiz.collection.waiting import Waiting
from dlquiz.stats.tally import tally
from dlquiz.store import LONGEST_ANSWER_MS, Store
from dlquiz.store import counts as log_counts

COMING_DAYS = 7
HARDEST = 10
FOLDED_ROWS = 100_000  # of a longer log a sample of cards is folded to judge the scheduler: some tenths of a second


class StartNumbers(NamedTuple):
    """What somebody sees who opens the door."""

    waiting: Waiting
    topics: tuple[tuple[str, int, int], ...]  #: slug, cards to review, new cards; what waits now, most first
    seconds: int  #: that it will take as supposed; a plan tells that by the user's own times
    coming: tuple[tuple[date, int], ...]  #: what comes due on each of the next days
    streak: stats.Streak
    begun: bool  #: was anything ever answered?
    forward: int = 0  #: of the cards to review, those that come before their day, for key points that were missed


def start(col: Collection) -> StartNumbers:
    """Today's queue as `study` would ask it, the week to come, and the days behind."""
    moment = col.now()
    queued = waiting.now(col, moment)
    card_states = col.card_states([card.id for card in queued.now])
    reviews, new, forward = Counter[str](), Counter[str](), 0
    for card in queued.now:
        card_state = card_states.get(card.id)
        was_met = card_state is not None and card_state.memory is not None
        (reviews if was_met else new)[card.topic] += 1
        forward += was_met and card.id in queued.queue.forward
    slugs = sorted(reviews | new, key=lambda slug: -reviews[slug] - new[slug])
    log = col.progress
    first = log_counts.first_day(log)
    began = moment.day - timedelta(days=stats.STREAK_DAYS)
    last = moment.day + timedelta(days=COMING_DAYS)
    due = {card: day for day, cards in after_interview.due_days(col, moment, last, overdue=False) for card in cards}
    counts = stats.forecast((due[card] for card in col.bank.card_refs(due)), moment.day, COMING_DAYS + 1)[1:]
    return StartNumbers(
        queued,
        tuple((slug, reviews[slug], new[slug]) for slug in slugs),
        sum(map(deck.seconds, queued.now)),
        tuple((moment.day + timedelta(days=n), count) for n, count in enumerate(counts, 1)),
        stats.streak(log_counts.studied(log, began, moment.day + timedelta(days=1)) | {first}, moment.day)
        if first
        else stats.Streak(),
        first is not None,
        forward,
    )


def gather(col: Collection, selected: select.Selection | None) -> stats.Statistics:
    """Everything that `stats` shows, of the selected cards where some were selected."""
    log, moment, label = col.progress, col.now(), selected.label if selected else ""
    cards = {card.id: card for card in col.bank.in_order() if selected is None or selected.holds(card)}
    named = cards | {old: cards[new] for old, new in log.aliases().items() if new in cards}
    sample = min(1.0, FOLDED_ROWS / max(1, log_counts.rows(log)))
    counted = tally(
        log_counts.answers(log),
        named,
        col.preset,
        others=selected is None,
        longest_ms=LONGEST_ANSWER_MS,
        sample=sample,
    )
    hardest, leeches = _troubles(log, cards)
    last = moment.day + timedelta(days=stats.FORECAST_DAYS - 1)
    days = after_interview.due_days(col, moment, last, overdue=True)
    due = (day for day, due_cards in days for card in due_cards if card in cards)
    return stats.Statistics(
        today=moment.day,
        target=col.preset.desired_retention,
        label=label,
        tally=counted,
        streak=stats.streak(counted.days.keys(), moment.day),
        forecast=stats.forecast(due, moment.day),
        hardest=hardest,
        leeches=leeches,
        checked=_checked(log, named if selected else None),
    )


def _checked(log: Store, named: Mapping[str, CardRef] | None) -> stats.Checked:
    """How the checker's verdicts came out, on the key points of these cards' notes; of all where none were selected."""
    shares: dict[str, stats.Share] = {}
    for point, verdict, overruled, times in log_counts.checked(log):
        if named is None or point.partition("#")[0] in named:
            share = shares.get(verdict, stats.Share())
            shares[verdict] = stats.Share(share.counted + times, share.right + times * overruled)
    return stats.Checked(shares)


def _troubles(log: Store, cards: Mapping[str, CardRef]) -> tuple[tuple[stats.Trouble, ...], tuple[stats.Trouble, ...]]:
    """The hardest of these cards, and the leeches among them."""
    hardest: list[stats.Trouble] = []
    leeches: list[stats.Trouble] = []
    for card, difficulty, lapses, answers in log_counts.failing(log):
        leech = lapses >= scheduler.LEECH_LAPSES
        if card in cards and (leech or len(hardest) < HARDEST):
            card_ref = cards[card]
            trouble = stats.Trouble(card, card_ref.note, card_ref.topic, card_ref.kind, difficulty, lapses, answers)
            (leeches if leech else hardest).append(trouble)
    return tuple(hardest), tuple(sorted(leeches, key=lambda trouble: -trouble.lapses))


def as_json(gathered: stats.Statistics) -> dict[str, Any]:
    """The numbers as `stats --json` prints them; shares are 0 to 1, null of nothing."""
    counted, streak = gathered.tally, gathered.streak
    return {
        "today": gathered.today.isoformat(),
        "selected": gathered.label or None,
        "answers": counted.answers,
        "took_ms": counted.took_ms,
        "streak": {"studied": streak.studied, "days": len(streak.marks), "run": streak.run},
        "retention": {
            "desired": gathered.target,
            "all": _share(counted.retention),
            "topics": [{"topic": slug or None, **_share(share)} for slug, share in counted.topics.items()],
            "weeks": [{"monday": week.isoformat(), **_share(share)} for week, share in counted.weeks.items()],
        },
        "predictions": {
            "all": {word: _share(counted.predicted(word)) for word in stats.SAID},
            "topics": [
                {"topic": slug or None, **{word: _share(share) for word, share in by_word.items()}}
                for slug, by_word in counted.said.items()
            ],
        },
        "scheduler": _recall(counted.recall),
        "days": [
            {"day": day.isoformat(), "answers": totals.answers, "took_ms": totals.took_ms}
            for day, totals in counted.days.items()
        ],
        "forecast": [
            {"day": (gathered.today + timedelta(days=n)).isoformat(), "due": count}
            for n, count in enumerate(gathered.forecast)
        ],
        "times": [
            {"kind": kind or None, "answers": totals.answers, "median_s": totals.median_s, "took_ms": totals.took_ms}
            for kind, totals in counted.times.items()
        ],
        "checker": {
            "decided": gathered.checked.decided,
            "overruled": gathered.checked.overruled,
            "verdicts": {
                verdict: {"counted": share.counted, "said": share.right}
                for verdict, share in gathered.checked.verdicts.items()
            },
        },
        "hardest": [trouble._asdict() for trouble in gathered.hardest],
        "leeches": [trouble._asdict() for trouble in gathered.leeches],
    }


def _recall(recall: stats.Recall) -> dict[str, Any]:
    return {
        "all": _share(recall.share),
        "expected": recall.expected,
        "log_loss": recall.log_loss,
        "sample": recall.sample,
        "bins": [
            {"from": recall_bin.low, "to": recall_bin.high, "expected": recall_bin.expected, **_share(recall_bin.share)}
            for recall_bin in recall.bins
        ],
    }


def _share(share: stats.Share) -> dict[str, Any]:
    low, high = share.bounds or (None, None)
    return {"counted": share.counted, "recalled": share.right, "share": share.share, "low": low, "high": high}
