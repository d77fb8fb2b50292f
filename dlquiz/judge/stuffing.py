"""Lists of words that state nothing: what stands in one is no statement."""

from __future__ import annotations

from dlquiz.judge import words
from dlquiz.judge.patterns import Text

LONG = 10  # words of a sentence that says something
RUN = 12  # words in a row of which none relates to the next, that make a list
LEAST = 0.1  # share of words that relate others to each other, and of signs like = and :, in one that does


def listed(text: Text) -> frozenset[int]:
    """The words that stand in lists of words, by number."""
    sentences: dict[int, list[int]] = {}
    for n, word in enumerate(text.words):
        sentences.setdefault(word.sentence, []).append(n)
    bad = {number for number, members in sentences.items() if len(members) >= LONG and _bare(text, members)}
    if len(text.words) >= LONG and _bare(text, range(len(text.words))):
        bad |= {number for number, members in sentences.items() if not _glue(text, members)}
    runs = {n for members in sentences.values() for n in _runs(text, members)}
    return frozenset(runs.union(n for number in bad for n in sentences[number]))


def _runs(text: Text, members: list[int]) -> set[int]:
    """The words of long stretches in which nothing relates one to the next."""
    out: set[int] = set()
    run: list[int] = []
    for n in members:
        if _glue(text, [n]):
            run = []
        else:
            run.append(n)
        if len(run) >= RUN:
            out.update(run)
    return out


def _bare(text: Text, members: list[int] | range) -> bool:
    return _glue(text, members) < LEAST * len(members)


def _glue(text: Text, members: list[int] | range) -> int:
    """How many of these words, or the signs before them, relate others to each other."""
    return sum(text.words[n].form in words.GLUE or text.words[n].relation for n in members)
