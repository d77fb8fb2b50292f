"""What only a whole bank shows: questions asked twice, ids that lead nowhere, and how it is balanced."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from math import ceil
from typing import NamedTuple

from dlquiz import fresh, lint
from dlquiz.lint import Fields, Finding

SIMILAR = 0.8  # share of common words above which two fronts count as the same question
TAGGED_NOTES = 10  # in a smaller bank a tag is often the first of its kind
BALANCED_CLAIMS = 6  # of a topic; from so many on one sort must not prevail

LONGEST_DAYS = (
    max(lint.LOOK_AGAIN_DAYS.values()) + 1
)  # what waits longer has a date in the future, which is told by itself


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
    rows = list(notes)
    cards = [each for row in rows for each in row["cards"]]
    ids = {each["id"] for each in (*cards, *rows)}
    for each in cards:
        for other in each.get("contrast", ()):
            if not _meant(each, other) & ids:
                yield Finding(each, "contrast", f"contrasts with '{other}', which is no card; correct the id")
    for prefix, tomb in retired:
        if "replaced_by" in tomb and prefix + tomb["replaced_by"] not in ids:
            said = f"'{tomb['replaced_by']}' is no card that could replace another; correct the id"
            yield Finding(tomb, "replaced_by", said)
    yield from _alike(rows)
    yield from _numbered(rows)
    yield from _one_sided(rows)
    tags = Counter(tag for row in rows for tag in row.get("tags", ()))
    for row in rows if len(rows) >= TAGGED_NOTES else ():
        for tag in row.get("tags", ()):
            if tags[tag] < 2:
                yield Finding(row, "tags", f"the tag '{tag}' is used once; use it twice or drop it")


def balance(notes: Iterable[Fields], today: date) -> Balance:
    """What these notes and their cards amount to."""
    kinds, topics = Counter[str](), Counter[str]()
    undrilled: list[str] = []
    looks: list[tuple[int, str]] = []
    for row in notes:
        topics[row["topic"]] += len(row["cards"])
        kinds.update(each["kind"] for each in row["cards"])
        drilled = {name for each in row["cards"] for name in each.get("drills", ())}
        undrilled += [point["id"] for point in row.get("key_points", ()) if lint.short_name(point["id"]) not in drilled]
        own = [{**row, **each} for each in row["cards"] if each.get("volatility") or each.get("as_of")]
        days = [(lint.look_in(each, today), each["id"]) for each in (row, *own)]
        looks += [(left, name) for left, name in days if left is not None and left <= LONGEST_DAYS]
    return Balance(dict(kinds.most_common()), dict(topics.most_common()), tuple(undrilled), tuple(sorted(looks)))


def _meant(each: Fields, other: str) -> set[str]:
    """The full ids that a contrast may mean: as it is, or of the card's own bank."""
    return {other, f"{each['id'].partition('/')[0]}/{other}"} if "/" in each["id"] else {other}


def _contrasts(each: Fields, other_id: str) -> bool:
    return any(other_id in _meant(each, other) for other in each.get("contrast", ()))


def _numbered(rows: list[Fields]) -> Iterator[Finding]:
    numbers: dict[int, str] = {}
    for row in rows:
        number = row.get("number")
        if number is not None and numbers.setdefault(number, row["id"]) != row["id"]:
            yield Finding(row, "number", f"the number {number} belongs to '{numbers[number]}' too; choose another")


def _one_sided(rows: list[Fields]) -> Iterator[Finding]:
    """Claims of which so many hold, or so few, that a guess does well."""
    topics: dict[tuple[str, str], list[Fields]] = {}
    for row in rows:
        bank = row["id"].rpartition("/")[0]
        claims = [each for each in row["cards"] if each["kind"] == "claim" and "holds" in each]
        if claims:
            topics.setdefault((bank, row["topic"]), []).extend(claims)
    for (_, topic), claims in topics.items():
        hold = sum(each["holds"] for each in claims)
        if len(claims) >= BALANCED_CLAIMS and min(hold, len(claims) - hold) * 3 < len(claims):
            said = f"{hold} of the {len(claims)} claims of '{topic}' hold; let a third or more hold and a third or more not"
            yield Finding(claims[-1], "holds", said)


def _alike(rows: list[Fields]) -> Iterator[Finding]:
    """Rule 8: two fronts, or a front and a question, that ask the same.

    Two sets of words can only be so similar when they share one of their rarest: only those are looked up.
    """
    asked = [(row, "question") for row in rows] + [(each, "front") for row in rows for each in row["cards"]]
    bags = [{word.lower() for word in re.findall(r"\w+", fresh.filled(each)[key])} for each, key in asked]
    common = Counter(word for bag in bags for word in bag)
    met: dict[str, list[int]] = {}
    for n, bag in enumerate(bags):
        ranked = sorted(bag, key=lambda word: (common[word], word))
        rarest = ranked[: len(bag) - ceil(SIMILAR * len(bag)) + 1] if bag else []
        entry, key = asked[n]
        for other in dict.fromkeys(earlier for word in rarest for earlier in met.get(word, ())):
            first = asked[other][0]
            linked = _contrasts(first, entry["id"]) or _contrasts(entry, first["id"])
            if not linked and len(bag & bags[other]) >= SIMILAR * len(bag | bags[other]):
                yield Finding(entry, key, f"asks nearly what '{first['id']}' asks; rephrase it or add it to contrast")
                break
        for word in rarest:
            met.setdefault(word, []).append(n)
