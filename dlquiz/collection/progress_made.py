"""What a sitting has changed: how much of each topic is met, and what would be recalled of it, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from dlquiz import plan
from dlquiz.card import Memory, Moment
from dlquiz.collection import Collection, outlook, planning
from dlquiz.plan import readiness
from dlquiz.plan.readiness import Range


class TopicChange(NamedTuple):
    """One topic, before a sitting and after it."""

    topic: str
    cards: int
    met: tuple[int, int]
    recall: tuple[Range | None, Range | None]  #: on the interview's day, or today; None while too few cards were met


def changes(col: Collection, before: Mapping[str, Memory | None], moment: Moment) -> list[TopicChange]:
    """The topics of which something was answered.

    Args:
        before: The answered cards with what was remembered of each when the sitting began; None for one that was new.
        moment: Now.
    """
    pool = planning.gather(col, moment)
    interview = col.settings.interview if col.days_left(moment) else None
    way = planning.way(col, interview or moment.day + timedelta(days=1), moment.day)
    day, factor = (interview or moment.day).toordinal(), outlook.learner(col, moment)
    topic_changes = []
    for topic in dict.fromkeys(pool.topics[card] for card in before if card in pool.topics):
        after = [card for card in pool.seen if pool.topics[card.card] == topic]
        was = [earlier for card in after if (earlier := _earlier(card, before))]
        cards_in_topic = len(after) + sum(card.topic == topic for card in pool.fresh)
        recalls = [
            readiness.recall([(card, pool.answers[card.card]) for card in cards], day, way, factor)
            if cards and len(cards) >= readiness.KNOWN_FROM * cards_in_topic
            else None
            for cards in (was, after)
        ]
        topic_changes.append(TopicChange(topic, cards_in_topic, (len(was), len(after)), (recalls[0], recalls[1])))
    return topic_changes


def _earlier(card: plan.Seen, before: Mapping[str, Memory | None]) -> plan.Seen | None:
    """The card as it was before the sitting; None where it was new."""
    if card.card not in before:
        return card
    memory = before[card.card]
    if memory is None:
        return None
    return card._replace(
        stability=memory.stability,
        difficulty=memory.difficulty,
        last=memory.last_day.toordinal(),
        due=memory.due_day.toordinal(),
    )
