"""Reproducible chance: the same seed and number always give the same draw; there is no global random state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from dlquiz import hashing

T = TypeVar("T")


def draw(seed: str, n: int = 0) -> float:
    """A number in 0 <= x < 1, evenly spread, settled by `seed` and `n` alone."""
    digest = hashing.blake2b(f"{seed}\x1f{n}".encode(errors="surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / (1 << 53)


def shuffled(items: Iterable[T], seed: str) -> list[T]:
    """The items in an order settled by `seed`."""
    keyed = [(draw(seed, n), n, item) for n, item in enumerate(items)]
    return [item for _, _, item in sorted(keyed, key=lambda keyed_item: keyed_item[:2])]
