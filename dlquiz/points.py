"""Ticked key points -> the rating they suggest, what was missed, and which follow-up question probes that."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from dlquiz.card import FollowUp, KeyPoint, Rating

LETTERS = "abcdefg"  # the keys that tick key points; the format allows seven at most in the built-in bank
TELLING_LETTERS = 5  # words of fewer letters say little of what a question is about


def suggested(points: Sequence[KeyPoint], said: Collection[str]) -> Rating:
    """The rating that what was said suggests.

    Every must said is good; a missing must is never good: hard while at least half of the musts (of all points, where none is a must)
    were said, else again. Easy is the speaker's own to say.

    Args:
        points: The note's key points.
        said: Ids of those that were said.
    """
    musts = [point for point in points if point.must] or list(points)
    hits = sum(point.id in said for point in musts)
    if hits == len(musts):
        return Rating.GOOD
    return Rating.HARD if hits and 2 * hits >= len(musts) else Rating.AGAIN


def missed(points: Sequence[KeyPoint], said: Collection[str]) -> list[KeyPoint]:
    """What was not said, musts first."""
    return sorted((point for point in points if point.id not in said), key=lambda point: not point.must)


def probing(follow_ups: Sequence[FollowUp], missing: Sequence[KeyPoint]) -> FollowUp | None:
    """The follow-up question that shares most words with the musts that were missed; None where none shares any."""
    musts = _telling_words(" ".join(point.text for point in missing if point.must))
    shared = [len(musts & _telling_words(f"{follow_up.question} {follow_up.answer}")) for follow_up in follow_ups]
    return follow_ups[shared.index(max(shared))] if any(shared) else None


def _telling_words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) >= TELLING_LETTERS}
