"""Which Anki note is which card: identifiers that stay the same for ever, whatever is edited, added or removed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

PREFIX = "dlquiz:"
_FIRST_MS = 1_577_836_800_000  # 2020-01-01: Anki shows a note's id as the day it was made, so it must lie in the past
_SPAN_MS = 1 << 37  # four years: room for 10,000 notes with a chance of one in a thousand that two meet


def oldest(own: str, was: Sequence[str], note: str, note_was: Sequence[str]) -> str:
    """The id that a card had first, from which its GUID is made.

    Args:
        own: Full id of the card today.
        was: Its own former ids with the bank's slug, oldest first.
        note: Full id of its note today.
        note_was: The note's former ids with the bank's slug, oldest first.

    A card's ids of the time when its note was called otherwise count under the note's oldest name: the GUID stays the same whether the
    note was renamed first or the card.
    """
    first = was[0] if was else own
    for name in (note, *note_was):
        if first == name or first.startswith(f"{name}."):
            return (note_was[0] if note_was else note) + first[len(name) :]
    return first


def guid(first_id: str) -> str:
    """Anki's GUID of the card that was first called so."""
    return PREFIX + first_id


def first_id(guid: str) -> str | None:
    """The id that a GUID was made from; None when it is none of ours."""
    return guid.removeprefix(PREFIX) if guid.startswith(PREFIX) else None


def number(text: str) -> int:
    """An id as Anki has them, milliseconds of a day in the past, settled by a text."""
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return _FIRST_MS + int.from_bytes(digest, "big") % _SPAN_MS
