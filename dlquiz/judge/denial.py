"""What an answer denies: which words stand under a "not", an "instead of" or a "prevents"."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import IntEnum
from functools import cache
from typing import NamedTuple

from dlquiz.judge import words
from dlquiz.judge.patterns import Hit, Text


class Polarity(IntEnum):
    """How something stands in a sentence."""

    AFFIRMED = 0
    DOUBTED = 1  #: in a way that tells neither
    DENIED = 2
    REFUTED = 3  #: as a whole: "it is a myth that"


class Denier(NamedTuple):
    """A word or phrase that denies what follows it."""

    form: str
    reach: int  #: words after it
    doubts: bool = False  #: it leaves open whether what follows holds
    whole: bool = False  #: it reaches over clauses, to the sentence's end


BEFORE = (
    *(Denier(form, 6) for form in ("not", "never", "cannot", "neither", "nor", "hardly", "barely", "nowhere")),
    *(Denier(form, 4) for form in ("no", "none", "nothing", "nobody")),
    *(Denier(form, 5) for form in ("instead of", "rather than", "opposed to", "in place of")),
    *(Denier(form, 6) for form in ("nothing to do with", "no need", "fail to", "fails to", "unable to", "far from")),
    *(Denier(form, 4, doubts=True) for form in ("unlike", "better than", "without", "lack", "lacks", "lacking")),
    Denier("not like", 4, doubts=True),
    *(
        Denier(form, 30, whole=True)
        for form in (
            "not true that", "wrong that", "false that", "wrong to say", "untrue that", "incorrect that", "myth that", "a myth",
            "misconception", "not the case", "not correct that", "nobody should say",
        )
    ),
    *(
        Denier(form, 30, doubts=True, whole=True)
        for form in (
            "not remember", "not know", "not recall", "not sure", "no idea", "i forget", "i forgot", "unsure", "not certain",
            "can not say", "could not say", "cannot say", "people say", "some say", "some claim", "people claim", "often claimed",
        )
    ),
)  # fmt: skip
AFTER = frozenset("not never hardly neither".split())  # behind a subject: "more data does not help"
AUXILIARIES = frozenset(
    "is are was were be been do does did has have had can could will would should may might must need".split()
)
SUBJECTS = frozenset("we you i it they he she one this that these those there".split())  # what else is denied then
INSIDE = frozenset(("not", "never", "no", "cannot", "hardly", "nothing to do with", "instead of", "rather than"))
NO_DENIAL = (
    "not only", "not just", "not merely", "not simply", "no matter", "not to mention", "nothing but", "no doubt", "no wonder",
    "or not", "no problem", "never more than", "not more than", "never larger than", "not larger than", "never above",
    "why not", "not least", "no more than", "not even", "no sooner", "not until", "none the less", "not unlike", "not entirely",
    "not always", "not necessarily", "not all", "not every", "not much more", "not exactly",
)  # fmt: skip
CONDITIONS = frozenset("if unless otherwise when were".split())
PREVENTERS = (
    "prevent avoid stop discourage reduce break less fewer remove eliminate fight counter limit weaken hinder forbid mitigate "
    "fix cure ease lessen alleviate forbids block kill destroy disrupt penalize suppress curb lower shrink decrease "
    "minimize worse against rid longer unable cannot"
)
AFTER_REACH = 3  # words between a subject and what denies it
PREVENTED_BEFORE, PREVENTED_AFTER = 7, 4


class Denial(NamedTuple):
    """A denier at its place in a text."""

    start: int
    end: int
    what: Denier


def deniers(text: Text, without: Collection[int] = ()) -> list[Denial]:
    """The deniers of a text, save those that belong to a pattern.

    Args:
        text: The answer.
        without: Numbers of words that patterns have used.
    """
    harmless = {n for n, count in _standing(text, NO_DENIAL) for n in range(n, n + count)}
    denials = []
    for denier in BEFORE:
        for n, count in _standing(text, (denier.form,)):
            taken = set(range(n, n + count)) <= set(without) and not (denier.whole and not denier.doubts)
            if not taken and not harmless.intersection(range(n, n + count)):
                denials.append(Denial(n, n + count, denier))
    longest = {denial.start: denial for denial in sorted(denials, key=lambda denial: denial.end)}
    inside = {n for denial in longest.values() for n in range(denial.start + 1, denial.end)}
    return [denial for denial in longest.values() if denial.start not in inside]


def _standing(text: Text, phrases: Collection[str]) -> Iterator[tuple[int, int]]:
    for phrase in phrases:
        forms = _parts(phrase)
        for n, _ in text.forms.get(forms[0], ()):
            if tuple(word.form for word in text.words[n : n + len(forms)]) == forms:
                yield n, len(forms)


@cache
def _parts(phrase: str) -> tuple[str, ...]:
    return tuple(words.form_of(word) for word in phrase.split())


def polarity(text: Text, hit: Hit, denials: Collection[Denial], subjects: Collection[int] = ()) -> Polarity:
    """How a pattern stands that was met there.

    Args:
        text: The answer.
        hit: Where the pattern stands.
        denials: From `deniers`.
        subjects: Words that name what a clause is about.
    """
    if any(denial.what.whole and not denial.what.doubts and denial.start in hit.used for denial in denials):
        return Polarity.REFUTED  # a pattern took the "not" of "it is not true that" for one of its own
    before = [denial for denial in denials if _reaches(text, denial, hit)]
    after = [denial for denial in denials if _turns_down(text, denial, hit, subjects)]
    acting = before + after
    if not acting:
        return Polarity.AFFIRMED
    if any(denial.what.whole and not denial.what.doubts for denial in acting):
        return Polarity.REFUTED
    if any(denial.what.doubts for denial in acting) or _conditional(text, acting):
        return Polarity.DOUBTED
    return Polarity.DENIED if len(acting) % 2 else Polarity.DOUBTED


def _reaches(text: Text, denial: Denial, hit: Hit) -> bool:
    """Does what a denier says reach the pattern behind it, or a part of it: "weights are not set by hand"?"""
    if hit.start < denial.start < hit.end - 1 and denial.start not in hit.used:
        rest = min(n for n in hit.used if n > denial.start)
        return denial.what.form in INSIDE and text.words[denial.start].clause == text.words[rest].clause
    if denial.end > hit.start or denial.start in hit.used:
        return False
    denier, target = text.words[denial.end - 1], text.words[hit.start]
    if denier.sentence != target.sentence or _steps(text, denial.end - 1, hit.start) > denial.what.reach:
        return False
    return denial.what.whole or denier.clause == target.clause


def _steps(text: Text, first: int, last: int) -> int:
    """Words from one to another; articles and the like are none."""
    loose = sum(word.form in words.LOOSE for word in text.words[first + 1 : last])
    return text.words[last].place - text.words[first].place - loose


def _turns_down(text: Text, denial: Denial, hit: Hit, subjects: Collection[int]) -> bool:
    """Is the pattern the subject of a denied verb: "more data does not help"?"""
    if denial.start < hit.end or denial.start in hit.used:
        return False
    if denial.what.form == "nothing":
        return denial.start == hit.end  # "a training loss of zero proves nothing"
    if denial.what.form not in AFTER:
        return False
    last, denier = text.words[hit.end - 1], text.words[denial.start]
    if last.clause != denier.clause or denier.place - last.place > AFTER_REACH:
        return False
    between = {word.form for word in text.words[hit.end : denial.start]}
    if between & SUBJECTS or any(hit.end <= n < denial.start for n in subjects):
        return False
    return text.words[denial.start - 1].form in AUXILIARIES or denial.what.form == "never"


def _conditional(text: Text, acting: Collection[Denial]) -> bool:
    """Does a denier stand in an "if": what would happen otherwise?"""
    for denial in acting:
        clause = text.words[denial.start].clause
        for n in range(denial.start - 1, max(-1, denial.start - 6), -1):
            if text.words[n].clause != clause:
                break
            if text.words[n].form in CONDITIONS:
                return True
    return False


def prevented(text: Text, hit: Hit) -> bool:
    """Does a verb like "prevents" or "avoids" stand before it, or "is broken" behind it?"""
    first, last = text.words[hit.start], text.words[hit.end - 1]
    for n in range(hit.start - 1, -1, -1):
        word = text.words[n]
        if word.sentence != first.sentence or first.place - word.place > PREVENTED_BEFORE:
            break
        if word.stem in _preventers():
            return True
    for n in range(hit.end, len(text.words)):
        word = text.words[n]
        if word.sentence != last.sentence or word.place - last.place > PREVENTED_AFTER:
            break
        if word.stem in _preventers():
            return True
    return False


@cache
def _preventers() -> frozenset[str]:
    return frozenset(map(words.stem, PREVENTERS.split()))
