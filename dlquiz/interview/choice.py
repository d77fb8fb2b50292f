"""Which questions a mock interview asks: weighted towards weak and basic ones, topics mixed, settled by a seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dlquiz import rng
from dlquiz.card import USUALLY_ASKED, FollowUp

UNKNOWN = 0.5  # weakness of a question that was neither studied nor asked: as likely as not
LEAST = 0.1  # what is known by heart is still asked now and then
IMPORTANCE = {1: 1.5, 2: 1.2, 3: 1.0}  # by difficulty: every interview asks the basics, few ask the rest
USUAL_IMPORTANCE = 1.2  # of a note without a difficulty
SECOND_FOLLOW_UP = 0.5  # chance of a second one


class Candidate(NamedTuple):
    """As much of a note as choosing it needs."""

    note: str
    topic: str
    difficulty: int | None = None  #: 1 to 3
    recall: float | None = None  #: chance in 0..1 of recalling its main card today; None when it was never answered
    missed: float | None = (
        None  #: share in 0..1 of its key points, musts twice, not said the last time; None when never ticked
    )
    asked: int = USUALLY_ASKED  #: how often interviewers ask it: 1 seldom, 3 often


def weight(candidate: Candidate) -> float:
    """How much a question wants to be asked, up to 2.5: (0.1 + weakness) x importance x how often it is asked (0.5, 1 or 1.5)."""
    weaknesses = [1 - candidate.recall] if candidate.recall is not None else []
    weaknesses += [candidate.missed] if candidate.missed is not None else []
    weakness = max(weaknesses) if weaknesses else UNKNOWN
    importance = IMPORTANCE.get(candidate.difficulty or 0, USUAL_IMPORTANCE)
    return (LEAST + weakness) * importance * candidate.asked / USUALLY_ASKED


def choose(candidates: Iterable[Candidate], count: int, seed: str) -> list[Candidate]:
    """So many different questions, fewer where there are no more.

    A topic comes again only when every other one was asked as often or has no more questions. The order of the candidates is of no
    account. Weighted sampling without replacement: the largest draw ** (1 / weight) goes first.

    Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006.
    """
    keyed = [(rng.draw(f"{seed} {candidate.note}") ** (1 / weight(candidate)), candidate) for candidate in candidates]
    remaining = [candidate for _, candidate in sorted(keyed, key=lambda pair: (-pair[0], pair[1].note))]
    chosen: list[Candidate] = []
    asked = Counter[str]()
    while remaining and len(chosen) < count:
        fewest = min(asked[candidate.topic] for candidate in remaining)
        fresh = [candidate for candidate in remaining if asked[candidate.topic] == fewest]
        elsewhere = [candidate for candidate in fresh if not chosen or candidate.topic != chosen[-1].topic]
        pick = (elsewhere or fresh)[0]
        remaining.remove(pick)
        chosen.append(pick)
        asked[pick.topic] += 1
    return chosen


def follow_ups(candidates: Sequence[FollowUp], note: str, seed: str) -> tuple[FollowUp, ...]:
    """One or two of a note's follow-ups, as far as it has any."""
    count = 2 if rng.draw(f"{seed} {note} follow-ups") < SECOND_FOLLOW_UP else 1
    return tuple(rng.shuffled(candidates, f"{seed} {note}")[:count])
