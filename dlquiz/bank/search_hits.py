"""Search results, ready to be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from dlquiz import config, variants
from dlquiz.bank import index, search
from dlquiz.bank.roots import cache
from dlquiz.bank.search_words import MarkedSpan


class SearchHit(NamedTuple):
    """A card that matches, and the excerpt that shows why."""

    id: str
    facts: str  #: kind and topic
    asked: Sequence[MarkedSpan]
    piece: Sequence[MarkedSpan]


def find(
    bank: index.Bank, typed: Sequence[str], most: int, reading: Callable[[int], AbstractContextManager[object]]
) -> search.SearchMatch:
    """The cards that match what was typed, best first; an index built for it is kept if there is a home. `reading` as in `search.find`.

    Raises:
        UsageError: There is no word in what was typed.
    """
    return search.find(bank, cache(config.home(), write=False), typed, most, reading)


def hits(bank: index.Bank, match: search.SearchMatch) -> list[SearchHit]:
    """What to show of each card."""
    card_refs = bank.card_refs(card for card, _ in match.cards)
    out = []
    for card, note in match.cards:
        fields, parent = bank.fields(card) or {}, bank.note(note)
        forms = {**parent.forms, **fields.get("text", {})}
        asked, piece = search.excerpt({**fields, "text": forms}, match.terms)
        out.append(SearchHit(card, f"{card_refs[card].kind} · {parent.topic}", asked, piece))
    return out


def rows(bank: index.Bank, match: search.SearchMatch) -> list[dict[str, Any]]:
    """The same as rows of `list`: the best note first, each with its matching cards."""
    by_note: dict[str, list[str]] = {}
    for card, note in match.cards:
        by_note.setdefault(note, []).append(card)
    out = []
    for note, cards in by_note.items():
        fields = bank.fields(note) or {}
        fronts = {note: ("explain", fields["question"])}
        fronts.update({card["id"]: (card["kind"], card["front"]) for card in map(variants.filled, fields["cards"])})
        summary = {key: fields.get(key) for key in ("id", "number", "topic", "tags", "difficulty", "question")}
        matched = [{"id": card, "kind": fronts[card][0], "front": fronts[card][1]} for card in cards]
        out.append({**summary, "tags": summary["tags"] or [], "cards": matched})
    return out
