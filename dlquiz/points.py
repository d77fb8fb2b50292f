"""Ticked key points -> the rating they suggest, and what was missed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dlquiz.card import KeyPoint, Rating

LETTERS = "abcdefg"  # the keys that tick key points; the format allows seven at most in the built-in bank


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
