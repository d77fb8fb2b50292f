"""Numbers and nouns as a sentence has them: `1 card`, `7 cards`, `20 000 rows`."""

from __future__ import annotations

from collections.abc import Sequence

GROUPED_FROM = 10_000  # four digits are read at a glance


def number(n: int) -> str:
    """A number with a space between its thousands, once it is long enough to need one."""
    return f"{n:,}".replace(",", " ") if abs(n) >= GROUPED_FROM else str(n)


def counted(n: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `counted(2, "note")` is `2 notes`; `plural` where an s is not enough."""
    return f"{number(n)} {noun if n == 1 else plural or f'{noun}s'}"


def listed(words: Sequence[str], last: str = "or") -> str:
    """Words as a sentence lists them: `.csv, .json or .html`."""
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
