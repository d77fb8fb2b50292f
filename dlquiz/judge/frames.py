"""Who or when a sentence is about: `phase: test` as against `phase: train`, by what was named last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from dlquiz.judge import lexicon
from dlquiz.judge.answer_text import AnswerText, Hit
from dlquiz.judge.patterns import Pattern

BACK = 2  # sentences that "it" may look back over
PREPOSITIONS = frozenset("at in on during for by with while under when".split())
PREFIXES = frozenset("self semi weakly un non pre post anti".split())  # of names that hold another: "pre-training"
CONTRASTS = frozenset("unlike than instead versus vs".split())
Frames = Mapping[str, Mapping[str, Pattern]]


class Fit(Enum):
    """Is a sentence about what it must be about?"""

    YES = "yes"
    OPEN = "open"  #: nothing says what it is about
    NO = "no"


class About(NamedTuple):
    """A value that a frame must have, `test` of `phase`; with `open` it may also be left open."""

    frame: str
    value: str
    open: bool = False


class Mention(NamedTuple):
    """A value of a frame, named in the text."""

    start: int
    end: int
    value: str


def mentions(text: AnswerText, frame: Mapping[str, Pattern]) -> list[Mention]:
    """Where the values of a frame are named; not where something is only compared with them."""
    out = []
    for value, pattern in frame.items():
        for hit in text.hits(pattern):
            before = {
                word.form
                for word in text.words[max(0, hit.start - 3) : hit.start]
                if word.clause == text.words[hit.start].clause
            }
            if not before & CONTRASTS and not _is_part(text, hit):
                out.append(Mention(hit.start, hit.end, value))
    return sorted(out)


def _is_part(text: AnswerText, hit: Hit) -> bool:
    """Is it but the end of another word's name, as the "supervised" of "self-supervised" is?"""
    before = text.words[hit.start - 1] if hit.start else None
    return before is not None and before.form in PREFIXES and before.sentence == text.words[hit.start].sentence


def fit(text: AnswerText, hits: Sequence[Hit], about: About, named: Sequence[Mention]) -> Fit:
    """Is the place where these patterns stand about the right thing?

    Args:
        text: The answer.
        hits: The patterns that were met.
        about: What it must be about.
        named: The mentions of its frame.
    """
    values = _subjects(text, hits, named)
    if not values:
        return Fit.OPEN
    return Fit.YES if about.value in values else Fit.NO


def _subjects(text: AnswerText, hits: Sequence[Hit], named: Sequence[Mention]) -> set[str]:
    """What a place is about: the value named in its clause, else before it in its sentence, else behind it there, else just before."""
    start, end = min(hit.start for hit in hits), max(hit.end for hit in hits)
    clauses = {text.words[n].clause for hit in hits for n in hit.used}
    sentence = text.words[start].sentence
    same = [mention for mention in named if text.words[mention.start].clause in clauses]
    same = [mention for mention in same if mention.start < end or _leads_back(text, mention)] or same
    if same:
        inside = {mention.value for mention in same if start <= mention.start and mention.end <= end}
        return inside or {min(same, key=lambda mention: _distance(mention, start, end)).value}
    near = [mention for mention in named if text.words[mention.start].sentence == sentence]
    before = [mention for mention in near if mention.end <= start]
    if before:
        return {before[-1].value}
    if near:
        return {near[0].value}
    back = [
        mention for mention in named if mention.end <= start and sentence - text.words[mention.start].sentence <= BACK
    ]
    return {back[-1].value} if back else set()


def _leads_back(text: AnswerText, mention: Mention) -> bool:
    """Does a mention behind a place say when or where, as "at test time" does, and not begin something new?"""
    before = [
        word.form for word in text.words[max(0, mention.start - 3) : mention.start] if word.form not in lexicon.LOOSE
    ]
    return bool(before) and before[-1] in PREPOSITIONS


def _distance(mention: Mention, start: int, end: int) -> float:
    """Words between a mention and a place; what comes before it is nearer."""
    return start - mention.end if mention.end <= start else mention.start - end + 1.5
