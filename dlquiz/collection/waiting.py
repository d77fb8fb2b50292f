"""What is waiting: cards to answer now, steps that come back later today, and how many are due and being learnt. All screens ask here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from dlquiz import deck, scheduler, session
from dlquiz.bank import select
from dlquiz.card import CardRef, Moment
from dlquiz.collection import Collection


class Waiting(NamedTuple):
    """What a sitting would find."""

    queue: deck.Queue  #: today's
    soon: tuple[CardRef, ...]  #: steps that come due so soon that a sitting with nothing else left asks them at once
    later: tuple[tuple[int, CardRef], ...]  #: the other steps: instant in ms, card; soonest first

    @property
    def now(self) -> tuple[CardRef, ...]:
        """Every card that `study` would ask now."""
        return (*self.queue.cards, *self.soon)


class Due(NamedTuple):
    """Counts of cards, before limits, suspended and buried ones left out."""

    topics: Mapping[str, int]  #: due reviews and steps, by topic
    reviews: tuple[CardRef, ...]  #: the reviews among them
    learning: int  #: cards in steps, due or not

    @property
    def cards(self) -> int:
        return sum(self.topics.values())


def now(col: Collection, moment: Moment, selected: select.Selection | None = None) -> Waiting:
    """What `study` would ask of this selection, with the limits of the settings."""
    return of(col.queue(selected, col.limits(), moment), moment)


def of(queue: deck.Queue, moment: Moment) -> Waiting:
    """The same of a queue that was made already."""
    horizon = moment.at_ms + session.STEPS_AHEAD_MS
    steps = sorted(queue.later, key=lambda step: step[0])
    soon = tuple(card for at_ms, card in steps if at_ms <= horizon)
    return Waiting(queue, soon, tuple(steps[len(soon) :]))


def due(col: Collection, moment: Moment) -> Due:
    """How many cards are due and being learnt."""
    topics, learning = Counter[str](), 0
    reviews = []
    for card, card_state in col.due(moment):
        if card_state.memory is None or scheduler.hidden(card_state, moment.day):
            continue
        learning += card_state.memory.state in scheduler.STEPS
        if scheduler.overdue(card_state.memory, moment):
            topics[card.topic] += 1
            if card_state.memory.due_ms is None:
                reviews.append(card)
    return Due(topics, tuple(reviews), learning)
