"""What an answer denies: which words stand under a "not", an "instead of", a "prevents", or before an "is pointless"."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from enum import IntEnum
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from dlquiz.judge import deniers, lexicon, words
from dlquiz.judge.answer_text import AnswerText, Hit
from dlquiz.judge.deniers import Denier


class Polarity(IntEnum):
    """How something stands in a sentence."""

    AFFIRMED = 0
    DOUBTED = 1  #: in a way that tells neither
    DENIED = 2
    REFUTED = 3  #: as a whole, "it is a myth that", or what would undo it is denied, "does not prevent"


AFTER_REACH = 8  # words between a subject and what denies it
BEHIND_REACH = 30  # the same of "... is a myth"
ITEM = 3  # words of a clause that is but one of a list
PREVENTED_BEFORE, PREVENTED_AFTER = 7, 4


class Denial(NamedTuple):
    """A denier at its place in a text."""

    start: int
    end: int
    what: Denier

    @property
    def refutes(self) -> bool:
        """Does it say that all is false?"""
        return self.what.whole and not self.what.doubts


def standing(text: AnswerText) -> list[Denial]:
    """Every denier of a text."""
    harmless = {n for n, count in _places(text, deniers.NO_DENIAL) for n in range(n, n + count)}
    denials = []
    beginning = _by_first_word()
    for _, denier in sorted(ranked for form in text.forms for ranked in beginning.get(form, ())):
        for n, count in _places(text, (denier.form,)):
            start = _link(text, n) if denier in deniers.BEHIND else n
            if start is not None and not harmless.intersection(range(n, n + count)):
                denials.append(Denial(start, n + count, denier))
    return denials


def acting(denials: Sequence[Denial], without: Collection[int] = ()) -> list[Denial]:
    """Those that deny something, the longest at each place.

    Args:
        denials: From `standing`.
        without: Numbers of words that patterns have used: a denier that belongs to a pattern denies nothing else.
    """
    free = [denial for denial in denials if denial.refutes or not _taken(denial, without)]
    before = [denial for denial in free if not denial.what.behind]
    longest = {denial.start: denial for denial in sorted(before, key=lambda denial: denial.end)}
    inside = {n for denial in longest.values() for n in range(denial.start + 1, denial.end)}
    behind = {denial for denial in free if denial.what.behind}
    return [denial for denial in longest.values() if denial.start not in inside] + sorted(behind)


def _taken(denial: Denial, without: Collection[int]) -> bool:
    """Has a pattern the denier, or the last word of one that stands behind: the "myth" of "is a myth"?"""
    if denial.what.behind:
        return denial.end - 1 in without
    return set(range(denial.start, denial.end)) <= set(without)


def _link(text: AnswerText, n: int) -> int | None:
    """The "is" of "is completely pointless", up to two words before it; None where there is none."""
    for k in range(n - 1, max(-1, n - 4), -1):
        if text.words[k].clause != text.words[n].clause:
            return None
        if text.words[k].form in deniers.LINKS:
            return None if text.words[k + 1].form in ("not", "never") else k
    return None


def _places(text: AnswerText, phrases: Collection[str]) -> Iterator[tuple[int, int]]:
    for phrase in phrases:
        forms = _parts(phrase)
        for n, _ in text.forms.get(forms[0], ()):
            if tuple(word.form for word in text.words[n : n + len(forms)]) == forms:
                yield n, len(forms)


@cache
def _by_first_word() -> dict[str, list[tuple[int, Denier]]]:
    """The deniers, each with its rank among all, by the form of their first word: a text has few of them, and a check is 7 % quicker."""
    beginning: dict[str, list[tuple[int, Denier]]] = {}
    for rank, denier in enumerate((*deniers.BEFORE, *deniers.BEHIND, *deniers.BEHIND_VERBS)):
        beginning.setdefault(_parts(denier.form)[0], []).append((rank, denier))
    return beginning


@cache
def _parts(phrase: str) -> tuple[str, ...]:
    return tuple(words.form_of(word) for word in phrase.split())


def polarity(text: AnswerText, hit: Hit, denials: Collection[Denial], subjects: Collection[int] = ()) -> Polarity:
    """How a pattern stands that was met there.

    Args:
        text: The answer.
        hit: Where the pattern stands.
        denials: From `acting`.
        subjects: Words that name what a clause is about.
    """
    if any(denial.refutes and denial.start in hit.used and not denial.what.behind for denial in denials):
        return Polarity.REFUTED  # a pattern took the "not" of "it is not true that" for one of its own
    reaching = [denial for denial in denials if _reaches(text, denial, hit)]
    denying = reaching + [denial for denial in denials if _turns_down(text, denial, hit, subjects)]
    if not denying:
        return Polarity.AFFIRMED
    if any(denial.refutes for denial in denying):
        return Polarity.REFUTED
    if any(denial.what.doubts for denial in denying) or _conditional(text, denying):
        return Polarity.DOUBTED
    if len(denying) % 2 == 0:
        return Polarity.DOUBTED
    return Polarity.REFUTED if any(_undoes(text, denial, hit) for denial in reaching) else Polarity.DENIED


def _undoes(text: AnswerText, denial: Denial, hit: Hit) -> bool:
    """Is it "does not prevent" that stands before the pattern?"""
    return any(text.words[n].stem in _stems(deniers.UNDONE) for n in range(denial.end, hit.start))


def _reaches(text: AnswerText, denial: Denial, hit: Hit) -> bool:
    """Does what a denier says reach the pattern behind it, or a part of it: "weights are not set by hand"?"""
    if denial.what.behind:
        return False
    if hit.start < denial.start < hit.end - 1 and denial.start not in hit.used:
        rest = min(n for n in hit.used if n > denial.start)
        return denial.what.form in deniers.INSIDE and text.words[denial.start].clause == text.words[rest].clause
    if denial.end > hit.start or denial.start in hit.used:
        return False
    denier, target = text.words[denial.end - 1], text.words[hit.start]
    if denier.sentence != target.sentence or _steps(text, denial.end - 1, hit.start) > denial.what.reach:
        return False
    return denial.what.whole or denier.clause == target.clause or _goes_on(text, denial.end, hit.start)


def _goes_on(text: AnswerText, start: int, end: int) -> bool:
    """Does a clause go on behind a comma: "no gain from this, that or the other", "never, even when ..."?"""
    bounds = [n for n in range(start, end + 1) if text.words[n].clause != text.words[n - 1].clause]
    if not bounds or bounds[0] == start:
        return False
    if text.words[bounds[0]].form == "even":
        return len(bounds) == 1
    pieces = [*bounds, end]
    short = all(after - before <= ITEM for before, after in pairwise(pieces))
    rest = (word for word in text.words[end : end + 2 * ITEM] if word.sentence == text.words[end].sentence)
    return short and any(word.form in ("or", "nor") for word in rest)


def _steps(text: AnswerText, first: int, last: int) -> int:
    """Words from one to another; articles and the like are none."""
    loose = sum(word.form in lexicon.LOOSE for word in text.words[first + 1 : last])
    return text.words[last].place - text.words[first].place - loose


def _turns_down(text: AnswerText, denial: Denial, hit: Hit, subjects: Collection[int]) -> bool:
    """Is the pattern the subject of a denied verb: "more data does not help", "more data is useless"?"""
    if denial.start < hit.end or denial.start in hit.used:
        return False
    if denial.what.behind:
        return _is_subject(text, denial, hit)
    if denial.what.form == "nothing":
        return denial.start == hit.end  # "a training loss of zero proves nothing"
    if denial.what.form not in deniers.AFTER:
        return False
    last, denier = text.words[hit.end - 1], text.words[denial.start]
    if last.clause != denier.clause or denier.place - last.place > AFTER_REACH:
        return False
    between = [word.form for word in text.words[hit.end : denial.start]]
    if deniers.SUBJECTS.intersection(between) or deniers.AUXILIARIES.intersection(between[:-1]):
        return False
    if any(hit.end <= n < denial.start for n in subjects):
        return False
    return text.words[denial.start - 1].form in deniers.AUXILIARIES or denial.what.form == "never"


def _is_subject(text: AnswerText, denial: Denial, hit: Hit) -> bool:
    """Does the pattern stand in the subject of "... is pointless": in its clause, or in a list or a "that" that leads there?"""
    if text.words[hit.end - 1].sentence != text.words[denial.start].sentence:
        return denial.refutes and _points_back(text, denial, hit)
    return _subject_start(text, denial) <= hit.end - 1


def _subject_start(text: AnswerText, denial: Denial) -> int:
    """Where the subject of "... is pointless" begins."""
    start = denial.start
    for n in range(denial.start - 1, max(-1, denial.start - BEHIND_REACH), -1):
        word, after = text.words[n], text.words[n + 1]
        if word.sentence != after.sentence:
            break
        if word.clause != after.clause:
            item = sum(other.clause == word.clause for other in text.words[max(0, n - ITEM) : n + 1])
            if after.form in lexicon.BREAKS or after.form in lexicon.PRONOUNS or item > ITEM:
                return _that_before(text, n, start)
        if word.form in deniers.PERSONS or word.form in deniers.AUXILIARIES:
            return _that_before(text, n, start)
        start = n
    return start


def _that_before(text: AnswerText, end: int, start: int) -> int:
    """The "That" that opens the sentence of "That it helps, if ever, is a myth", else the start found so far."""
    for n in range(end, max(-1, end - BEHIND_REACH), -1):
        opens = n == 0 or text.words[n - 1].sentence != text.words[n].sentence
        if text.words[n].form == "that" and (opens or text.words[n - 1].form in ("and", "or")):
            return n
        if opens:
            break
    return start


def _points_back(text: AnswerText, denial: Denial, hit: Hit) -> bool:
    """Is the pattern in the sentence before "That is a myth"?"""
    said, before = text.words[hit.end - 1], text.words[denial.start - 1]
    opens = denial.start == 1 or text.words[denial.start - 2].sentence != before.sentence
    return before.form in ("that", "this", "which") and opens and said.sentence == before.sentence - 1


def _conditional(text: AnswerText, denying: Collection[Denial]) -> bool:
    """Does a denier stand in an "if": what would happen otherwise?"""
    for denial in denying:
        clause = text.words[denial.start].clause
        for n in range(denial.start - 1, max(-1, denial.start - 6), -1):
            if text.words[n].clause != clause:
                break
            if text.words[n].form in deniers.CONDITIONS or _is_proviso(text, n):
                return True
    return False


def _is_proviso(text: AnswerText, n: int) -> bool:
    """Is it the "provided" of ", provided the test set did not leak"?"""
    opens = n == 0 or text.words[n - 1].clause != text.words[n].clause
    return opens and text.words[n].form in deniers.PROVISOS


def between(text: AnswerText, hits: Sequence[Hit], denials: Collection[Denial]) -> bool:
    """Does something stand denied between patterns that were met near each other: "A gives no guarantee even with B"?"""
    used = {n for hit in hits for n in hit.used}

    def parts(denial: Denial) -> bool:
        clause = text.words[denial.start].clause
        near = [n for n in used if text.words[n].clause == clause]
        return bool(near) and min(near) < denial.start and denial.end <= max(near)

    return any(
        parts(denial)
        for denial in denials
        if not denial.what.doubts
        and not used.intersection(range(denial.start, denial.end))
        and not any(_reaches(text, denial, hit) for hit in hits)  # that one's polarity has it already
    )


def prevented(text: AnswerText, hit: Hit) -> bool:
    """Does a verb like "prevents" or "avoids" stand before it, or "is broken" behind it?"""
    first, last = text.words[hit.start], text.words[hit.end - 1]
    for n in range(hit.start - 1, -1, -1):
        word = text.words[n]
        if word.sentence != first.sentence or first.place - word.place > PREVENTED_BEFORE:
            break
        if word.stem in _stems(deniers.PREVENTERS):
            return True
    for n in range(hit.end, len(text.words)):
        word = text.words[n]
        if word.sentence != last.sentence or word.place - last.place > PREVENTED_AFTER:
            break
        if word.stem in _stems(deniers.PREVENTERS):
            return True
    return False


@cache
def _stems(written: str) -> frozenset[str]:
    return frozenset(map(words.stem, written.split()))
