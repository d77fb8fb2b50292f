"""Which way something goes: "raises" where a key point says "lowers", "few" where it says "plenty"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from dlquiz.judge import words
from dlquiz.judge.answer_text import AnswerText, Hit

REACH = 4  # words before and behind a passage that are looked at
# Each line has two ways; a word that is often used for something else than that way is left out.
AXES = """
increase raise boost amplify enlarge widen | decrease reduce lower diminish cut narrow
plenty abundant | few fewer scarce little
large big huge larger bigger | small tiny smaller little
fast faster quicker | slow slower
before beforehand | after afterwards
add inject | remove subtract
keep preserve survive | destroy
multiply | divide
upweight | downweight
first | last
cheap cheaper | expensive costly dearer
early earlier | late later
shallow | deep
minimize minimum | maximize maximum
random stochastic | deterministic
forward | backward
freeze frozen | unfreeze unfrozen
similar | distant
labelled | unlabelled
sharp | flat
rise | drop
high | low
more | less fewer
""".strip().splitlines()


@cache
def _axes() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Both ways of each axis as stems."""
    sides = [[_stems(side.split()) for side in axis.split("|")] for axis in AXES]
    return tuple((up - down, down - up) for up, down in sides)


def _stems(forms: Iterable[str]) -> frozenset[str]:
    return frozenset(words.stem(words.form_of(form)) for form in forms)


def contraries(examples: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """What would go the other way than these examples do, each with the words of the right way.

    Args:
        examples: Stems of sentences that say it rightly.
    """
    stems = frozenset(examples)
    out: dict[str, frozenset[str]] = {}
    for axis in _axes():
        for right, wrong in (axis, axis[::-1]):
            if right & stems and not wrong & stems:
                out |= dict.fromkeys(wrong, right)
    return out


def turned(text: AnswerText, hits: Sequence[Hit], contrary: Mapping[str, frozenset[str]]) -> bool:
    """Does a passage go the other way only?"""
    if not contrary:
        return False
    used = {n for hit in hits for n in hit.used}
    start, end = min(used), max(used)
    clauses, sentences = {text.words[n].clause for n in used}, {text.words[n].sentence for n in used}
    near = [
        n
        for n in range(max(0, start - REACH), min(len(text.words), end + REACH + 1))
        if n not in used and (start < n < end or text.words[n].clause in clauses)
    ]
    wrong = [contrary[text.words[n].stem] for n in near if text.words[n].stem in contrary]
    if not wrong:
        return False
    directions = {word.stem for word in text.words if word.sentence in sentences}
    return any(not right & directions for right in wrong)
