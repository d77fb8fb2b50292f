from __future__ import annotations

import pytest

from dlquiz import points
from dlquiz.card import KeyPoint, Rating

POINTS = [KeyPoint(f"n#{name}", name, must=name in "abc") for name in "abcde"]


@pytest.mark.parametrize(
    ("said", "rating"),
    [("", 1), ("a", 1), ("ab", 2), ("abde", 2), ("de", 1), ("abc", 3), ("abcde", 3)],
)
def test_a_missing_must_is_never_good(said: str, rating: int) -> None:
    assert points.suggested(POINTS, {f"n#{name}" for name in said}) is Rating(rating)


def test_without_musts_all_points_count() -> None:
    optional = [point._replace(must=False) for point in POINTS]

    assert points.suggested(optional, {"n#a", "n#b", "n#c"}) is Rating.HARD
    assert points.suggested(optional, {point.id for point in optional}) is Rating.GOOD


def test_missed_musts_are_told_first() -> None:
    assert [point.text for point in points.missed(POINTS, {"n#a", "n#d"})] == ["b", "c", "e"]
