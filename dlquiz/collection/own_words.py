"""The user's own words for key points, kept in their home when they credited them twice; no bank ever has them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from dlquiz import files
from dlquiz.bank.index import Bank
from dlquiz.card import KeyPoint, Note
from dlquiz.config import Home
from dlquiz.errors import StoreError

OwnWords = Mapping[str, Sequence[str]]  # key point -> phrases


def read(where: Home, bank: Bank) -> OwnWords:
    """What was kept, by today's ids of the key points.

    Raises:
        StoreError: The file is not what dlquiz writes.
    """
    path = where.own_words
    try:
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if all(isinstance(phrase, str) for phrases in kept.values() for phrase in phrases):
            own: dict[str, list[str]] = {}
            for point, phrases in kept.items():
                own.setdefault(bank.current(point), []).extend(phrases)
            return own
    except (OSError, ValueError, AttributeError, TypeError):
        pass
    raise StoreError(f"can't read {path}; correct it or remove it, it only holds your own words for key points")


def of(where: Home, bank: Bank, note: Note) -> dict[str, list[str]]:
    """The phrases of each key point of a note that has some."""
    own = read(where, bank)
    return {point.id: list(own[point.id]) for point in note.key_points if own.get(point.id)}


def keep(where: Home, bank: Bank, point: str, phrase: str) -> None:
    """Add a phrase to those of a key point."""
    own = dict(read(where, bank))
    own[point] = [*(earlier for earlier in own.get(point, ()) if earlier != phrase), phrase]
    _write(where, own)


def forget(where: Home, bank: Bank, note: str, phrase: str) -> list[str]:
    """Remove a phrase from a note's key points, "" for all of them; returns what was removed."""
    others, removed = {}, []
    for point, phrases in read(where, bank).items():
        gone = [own for own in phrases if point.partition("#")[0] == note and phrase in ("", own)]
        removed += gone
        if rest := [own for own in phrases if own not in gone]:
            others[point] = rest
    if removed:
        _write(where, others)
    return removed


def _write(where: Home, kept: OwnWords) -> None:
    where.make()
    try:
        files.write_text(where.own_words, json.dumps(kept, ensure_ascii=False, indent=2) + "\n")
    except OSError as error:
        raise StoreError(
            f"can't write {where.own_words}: {error.strerror}; free some space or check its rights"
        ) from error


def added(points: Sequence[KeyPoint], own: OwnWords) -> list[KeyPoint]:
    """Key points whose rubrics know the user's own words too; one without a rubric stays one."""
    return [
        point._replace(rubric={**point.rubric, "or": [*point.rubric.get("or", ()), *map(_pattern, own[point.id])]})
        if point.id in own and (point.rubric.get("need") or point.rubric.get("or"))
        else point
        for point in points
    ]


def _pattern(phrase: str) -> str:
    """A phrase as a pattern: its words side by side, no sign of it means anything."""
    from dlquiz.judge import words  # `show` needs no stems

    return " ".join(word.form for word in words.read(phrase))
