"""Slips of the fingers: which word of a rubric was meant by one that no bank has."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache, cached_property

from dlquiz.judge import words
from dlquiz.judge.common import COMMON
from dlquiz.text import slips

SHORTEST = 4  # letters of a word that may hold a slip
LONG = 8  # letters from which there may be two
CLOSED = re.compile(r"^[^aeiou]+[aeiou][^aeiouwxy]$")  # short words that double their last letter: run, stop
ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers", "ness", "able")


class Targets:
    """The words that a rubric looks for, and those that are words already."""

    def __init__(self, forms: Collection[str], known_words: Collection[str]) -> None:
        """
        Args:
            forms: Words of the rubric.
            known: The words of all banks: none of them is a slip.
        """
        self.forms = frozenset(forms)
        self.stems = frozenset(words.stem(form) for form in forms)
        self.starts = frozenset(form[:3] for form in forms)
        self._known = known_words
        self._met: dict[str, tuple[str, ...]] = {}

    @cached_property
    def _by_start(self) -> dict[str, list[tuple[str, str, int]]]:
        """First letter (or second, should the two be swapped) -> word, a form of it, the letters of that form."""
        starts: dict[str, list[tuple[str, str, int]]] = {}
        for form in sorted(self.forms):
            if len(form) >= SHORTEST and form.isalpha():
                inflected = {form, f"{form}s", f"{form}ed", f"{form}ing", f"{form.removesuffix('e')}ing"}
                for letter in {form[0], form[1]}:
                    starts.setdefault(letter, []).extend(
                        (form, form_of_it, _letters(form_of_it)) for form_of_it in sorted(inflected)
                    )
        return starts

    def slips(self, form: str) -> tuple[str, ...]:
        """The words of the rubric that this one may be a slip for; none when it is a word itself."""
        if form not in self._met:
            self._met[form] = () if self.is_word(form) else tuple(self._near(form))
        return self._met[form]

    def is_word(self, form: str) -> bool:
        """Is it no slip: a word of the rubric, of a bank, or of everyday English?"""
        if len(form) < SHORTEST - 1 or not form.isalpha() or self._listed(form):
            return True
        return any(
            self._listed(base)
            for ending in ENDINGS
            if form.endswith(ending)
            for base in _bases(form.removesuffix(ending), ending)
        )

    def _listed(self, form: str) -> bool:
        return form in self.forms or form in self._known or form in COMMON

    def _near(self, form: str) -> list[str]:
        targets = self._by_start.get(form[0], ())
        if len(form) < SHORTEST:
            return [target for target, spelling, _ in targets if target == spelling == form + form[-1]]  # "cel"
        own = {form, *(form.removesuffix(ending) for ending in ENDINGS if form.endswith(ending))}
        near = {
            target
            for mine in own
            if len(mine) >= SHORTEST
            for letters in (_letters(mine),)
            for target, spelling, others in targets
            if (letters ^ others).bit_count() <= 2 * allowed(mine, spelling) and _close(mine, spelling)
        }
        return sorted(near)


def _bases(base: str, ending: str) -> list[str]:
    """The words that an ending may have been put to: "mak(e)" and "run(n)" of making and running, no "run" of "runing"."""
    if len(base) < 3:
        return []
    bases = [f"{base}e"]
    if base[-1] == base[-2]:
        bases.append(base[:-1])
    doubles = ending in ("ed", "ing", "er", "ers") and CLOSED.search(base)
    return bases if doubles else [*bases, base]


def allowed(word: str, typed: str) -> int:
    """Slips that two words of this length may be apart."""
    return 2 if min(len(word), len(typed)) >= LONG else 1


@cache
def _letters(form: str) -> int:
    """The letters of a word as bits, whatever their order and number."""
    bits = 0
    for char in form:
        bits |= 1 << (ord(char) & 31)
    return bits


def _close(word: str, typed: str) -> bool:
    most = allowed(word, typed)
    return abs(len(word) - len(typed)) <= most and slips.distance(word, typed) <= most
