"""What ages: when an entry was true, when it must be looked at again, and which words lack a date. Says which key is to blame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from dlquiz.lint.finding import Fields, Finding

LOOK_AGAIN_DAYS = {"slow": 365, "fast": 183}
UNDATED = re.compile(r"\b(latest|state[- ]of[- ]the[- ]art|recently|nowadays|newest|cutting[- ]edge)\b", re.IGNORECASE)
DATED = re.compile(r"\b(19|20)\d\d\b")
PERCENT = re.compile(r"\d\s*(%|percent)", re.IGNORECASE)
USERS = re.compile(r"\b(adoption|market share|of (companies|teams|practitioners|developers))\b", re.IGNORECASE)


def dated(entry: Fields, fields: Fields, today: date) -> Iterator[Finding]:
    """An entry that ages says when it was true, and is looked at again in time.

    Args:
        entry: Which is to blame.
        fields: What it says of its ageing, its note's included.
        today: The day by which ageing is judged.
    """
    volatility = fields.get("volatility", "stable")
    if volatility == "stable":
        return
    as_of = fields.get("as_of")
    if not as_of:
        yield Finding(entry, "volatility", f"'{entry['id']}' ages but has no as_of; say when it was true")
        return
    days_left = look_in(fields, today)
    if days_left is None:
        yield Finding(entry, "as_of", f"'{as_of}' is no day of the calendar; correct it")
    elif days_left > LOOK_AGAIN_DAYS[volatility] + 1:  # a day more: it may have begun elsewhere
        yield Finding(entry, "as_of", f"'{as_of}' lies in the future; say when it was checked")
    elif days_left < 0:
        yield Finding(entry, "as_of", f"'{entry['id']}' was checked {as_of} and ages; look at it again", expected=True)


def look_in(fields: Fields, today: date) -> int | None:
    """Days until an ageing entry must be checked again, below 0 when overdue; None when it doesn't age or its date is invalid."""
    volatility, as_of = fields.get("volatility", "stable"), fields.get("as_of")
    if volatility == "stable" or not as_of:
        return None
    year, month, *day = [int(digits) for digits in as_of.split("-")]
    try:
        return LOOK_AGAIN_DAYS[volatility] - (today - date(year, month, *(day or [1]))).days
    except ValueError:
        return None


def undated(fields: Fields, key: str, texts: Iterable[str], parent: Fields | None = None) -> Iterator[Finding]:
    """Words like "latest" and shares of users say as of when.

    Args:
        fields: The entry that these are texts of.
        key: Which is to blame.
        texts: What it says.
        parent: A card's note, which may have the source.
    """
    for sentence in (piece for text in texts for piece in re.split(r"(?<=[.!?])\s+|\n", text)):
        timeless = UNDATED.search(sentence)
        if timeless and not DATED.search(sentence) and "wrong" not in sentence.lower():
            yield Finding(fields, key, f"'{timeless[0]}' has no date; say as of when")
        if _counts_users(sentence) and not (DATED.search(sentence) and (fields.get("sources") or parent)):
            yield Finding(fields, key, "a share of users has no date or no source; say as of when, and cite one")


def _counts_users(sentence: str) -> bool:
    shares = ((clause, PERCENT.search(clause)) for clause in sentence.split("."))
    return any(share and USERS.search(clause, share.end()) for clause, share in shares)
