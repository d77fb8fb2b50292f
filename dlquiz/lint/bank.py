"""What only a whole bank shows: questions asked twice, ids that don't exist, and how balanced it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from math import ceil
from typing import NamedTuple

from dlquiz import lint, variants
from dlquiz.lint import ageing
from dlquiz.lint.finding import Fields, Finding

SIMILAR = 0.8  # share of common words above which two fronts count as the same question
TAGGED_NOTES = 10  # in a smaller bank a tag is often the first of its kind
BALANCED_CLAIMS = 6  # of a topic; from so many on one sort must not prevail

# What waits longer has a date in the future, which is told by itself.
LONGEST_DAYS = max(ageing.LOOK_AGAIN_DAYS.values()) + 1


class Balance(NamedTuple):
    """What a bank is made of, and what it lacks."""

    kinds: Mapping[str, int]  #: atomic cards of each kind, most first
    topics: Mapping[str, int]  #: atomic cards of each topic, most first
    undrilled: tuple[str, ...]  #: key points that no card drills
    looks: tuple[
        tuple[int, str], ...
    ]  #: days until what ages is due for a new look (below 0: it is due), soonest first


def findings(notes: Iterable[Fields], retired: Iterable[tuple[str, Fields]] = ()) -> Iterator[Finding]:
    """Advice that needs all notes.

    Args:
        notes: Their fields, with full ids.
        retired: The ids that are gone, each with its bank's prefix.
    """
    note_list = list(notes)
    cards = [card for note in note_list for card in note["cards"]]
    ids = {entry["id"] for entry in (*cards, *note_list)}
    for card in cards:
        for contrast in card.get("contrast", ()):
            if not _meant(card, contrast) & ids:
                yield Finding(card, "contrast", f"contrasts with '{contrast}', which is no card; correct the id")
    for prefix, tomb in retired:
        if "replaced_by" in tomb and prefix + tomb["replaced_by"] not in ids:
            message = f"'{tomb['replaced_by']}' is no card that could replace another; correct the id"
            yield Finding(tomb, "replaced_by", message)
    yield from _alike(note_list)
    yield from _numbered(note_list)
    yield from _one_sided(note_list)
    tags = Counter(tag for note in note_list for tag in note.get("tags", ()))
    for note in note_list if len(note_list) >= TAGGED_NOTES else ():
        for tag in note.get("tags", ()):
            if tags[tag] < 2:
                yield Finding(note, "tags", f"the tag '{tag}' is used once; use it twice or drop it")


def balance(notes: Iterable[Fields], today: date) -> Balance:
    """What these notes and their cards consist of, and lack."""
    kinds, topics = Counter[str](), Counter[str]()
    undrilled: list[str] = []
    looks: list[tuple[int, str]] = []
    for note in notes:
        topics[note["topic"]] += len(note["cards"])
        kinds.update(card["kind"] for card in note["cards"])
        drilled = {name for card in note["cards"] for name in card.get("drills", ())}
        undrilled += [
            point["id"] for point in note.get("key_points", ()) if lint.short_name(point["id"]) not in drilled
        ]
        own = [{**note, **card} for card in note["cards"] if card.get("volatility") or card.get("as_of")]
        days = [(ageing.look_in(entry, today), entry["id"]) for entry in (note, *own)]
        looks += [(days_left, name) for days_left, name in days if days_left is not None and days_left <= LONGEST_DAYS]
    return Balance(dict(kinds.most_common()), dict(topics.most_common()), tuple(undrilled), tuple(sorted(looks)))


def _meant(card: Fields, contrast: str) -> set[str]:
    """The full ids that a contrast may mean: as written, or within the card's own bank."""
    return {contrast, f"{card['id'].partition('/')[0]}/{contrast}"} if "/" in card["id"] else {contrast}


def _contrasts(card: Fields, other_id: str) -> bool:
    return any(other_id in _meant(card, contrast) for contrast in card.get("contrast", ()))


def _numbered(notes: list[Fields]) -> Iterator[Finding]:
    numbers: dict[int, str] = {}
    for note in notes:
        number = note.get("number")
        if number is not None and numbers.setdefault(number, note["id"]) != note["id"]:
            yield Finding(note, "number", f"the number {number} belongs to '{numbers[number]}' too; choose another")


def _one_sided(notes: list[Fields]) -> Iterator[Finding]:
    """Topics in which so many claims hold, or so few, that guessing works."""
    topics: dict[tuple[str, str], list[Fields]] = {}
    for note in notes:
        bank = note["id"].rpartition("/")[0]
        claims = [card for card in note["cards"] if card["kind"] == "claim" and "holds" in card]
        if claims:
            topics.setdefault((bank, note["topic"]), []).extend(claims)
    for (_, topic), claims in topics.items():
        hold = sum(claim["holds"] for claim in claims)
        if len(claims) >= BALANCED_CLAIMS and min(hold, len(claims) - hold) * 3 < len(claims):
            message = f"{hold} of the {len(claims)} claims of '{topic}' hold; let a third or more hold and a third or more not"
            yield Finding(claims[-1], "holds", message)


def _alike(notes: list[Fields]) -> Iterator[Finding]:
    """Rule 8: two fronts, or a front and a question, that ask the same.

    Two sets of words can be this similar only if they share one of their rarest words, so only those are looked up.
    """
    asked = [(note, "question") for note in notes] + [(card, "front") for note in notes for card in note["cards"]]
    bags = [{word.lower() for word in re.findall(r"\w+", variants.filled(entry)[key])} for entry, key in asked]
    common = Counter(word for bag in bags for word in bag)
    met: dict[str, list[int]] = {}
    for n, bag in enumerate(bags):
        ranked = sorted(bag, key=lambda word: (common[word], word))
        rarest = ranked[: len(bag) - ceil(SIMILAR * len(bag)) + 1] if bag else []
        entry, key = asked[n]
        for twin in dict.fromkeys(earlier for word in rarest for earlier in met.get(word, ())):
            first = asked[twin][0]
            linked = _contrasts(first, entry["id"]) or _contrasts(entry, first["id"])
            if not linked and len(bag & bags[twin]) >= SIMILAR * len(bag | bags[twin]):
                yield Finding(entry, key, f"asks nearly what '{first['id']}' asks; rephrase it or add it to contrast")
                break
        for word in rarest:
            met.setdefault(word, []).append(n)
