"""Which rows of a log are one answer twice: given in dlquiz, and met again in Anki's log after it had travelled there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol, TypeVar

TIES_MS = 20  # by so much an exported row may have moved on, out of the way of another card's with the same instant
REPEATED = ("review", "reset", "reschedule")  # the kinds of rows that travel through Anki's log


class Rated(Protocol):
    """A row of our log, as far as its rating goes."""

    @property
    def rating(self) -> int | None: ...


Row = TypeVar("Row", bound=Rated)


class Trace(NamedTuple):
    """As much of a row as tells whether it is another one over again."""

    id: str
    kind: str
    at_ms: int
    rating: int | None
    foreign: bool  #: it came out of Anki's log


def own_row(at_ms: int, rating: int | None, own: Mapping[int, Row], taken: Iterable[int]) -> Row | None:
    """The row of ours that a row of Anki's log repeats: of the same instant, or of the same rating just before it.

    Args:
        at_ms: The id of the row in Anki.
        rating: Its rating there.
        own: Our rows of the card, by instant.
        taken: The instants of ours that other rows of Anki repeat.
    """
    if at_ms in own:
        return own[at_ms]
    for before_ms in range(at_ms - 1, at_ms - TIES_MS, -1) if own and rating else ():
        answer = own.get(before_ms)
        if answer is not None and before_ms not in taken and answer.rating == rating:
            return answer
    return None


def of_card(answers: Iterable[Trace]) -> dict[str, str]:
    """Of one card the rows that repeat others, each with the id of the row that stays: dlquiz's own where there is one."""
    repeated = [answer for answer in answers if answer.kind in REPEATED]
    own = {answer.at_ms: answer for answer in repeated if not answer.foreign}
    foreign = sorted((answer for answer in repeated if answer.foreign), key=lambda answer: (answer.at_ms, answer.id))
    taken = {answer.at_ms for answer in foreign}
    doubles: dict[str, str] = {}
    met: dict[tuple[str, int], str] = {}
    for answer in foreign:
        twin = own_row(answer.at_ms, answer.rating, own, taken)
        if twin is not None and twin.kind == answer.kind:
            taken.add(twin.at_ms)
            doubles[answer.id] = twin.id
        elif (answer.kind, answer.at_ms) in met:
            doubles[answer.id] = met[answer.kind, answer.at_ms]
        else:
            met[answer.kind, answer.at_ms] = answer.id
    return doubles
