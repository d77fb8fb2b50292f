"""What a sitting has changed: how much of each topic is seen, and how ready it is, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from dlquiz import plan
from dlquiz.card import Memory, Moment
from dlquiz.collection import Collection, how_ready, planning
from dlquiz.plan import readiness
from dlquiz.plan.readiness import Range


class TopicChange(NamedTuple):
    """One topic, before a sitting and after it."""

    topic: str
    cards: int
    seen: tuple[int, int]
    ready: tuple[Range | None, Range | None]  #: on the interview's day, or today; None before the first card was seen


def changes(col: Collection, before: Mapping[str, Memory | None], moment: Moment) -> list[TopicChange]:
    """The topics of which something was answered.

    Args:
        before: The answered cards with what was remembered of each when the sitting began; None for one that was new.
        moment: Now.
    """
    pool = planning.gather(col, moment)
    interview = col.settings.interview if col.days_left(moment) else None
    way = planning.way(col, interview or moment.day + timedelta(days=1), moment.day)
    day = (interview or moment.day).toordinal()
    earlier_answers = {**pool.answers, **{card: memory.reps for card, memory in before.items() if memory}}
    # A sitting tells more of the learner, too.
    then, now = (
        (how_ready.learner_before(col, moment, before), earlier_answers),
        (how_ready.learner(col, moment), pool.answers),
    )
    topic_changes = []
    for topic in dict.fromkeys(pool.topics[card] for card in before if card in pool.topics):
        after = [card for card in pool.seen if pool.topics[card.card] == topic]
        was = [earlier for card in after if (earlier := _earlier(card, before))]
        fresh = [card for card in pool.fresh if card.topic == topic]
        topic_weight = sum(card.weight for card in after) + how_ready.fresh_weight(fresh)
        ready = list[Range | None]()
        for seen, (factor, answers) in ((was, then), (after, now)):
            answered = [(card, answers[card.card]) for card in seen]
            recall = readiness.recall(answered, day, way, factor) if seen else None
            ready.append(recall and readiness.share(recall, seen, topic_weight - sum(card.weight for card in seen)))
        topic_changes.append(TopicChange(topic, len(after) + len(fresh), (len(was), len(after)), (ready[0], ready[1])))
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
