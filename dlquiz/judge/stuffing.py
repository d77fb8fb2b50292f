"""Lists of words that state nothing: what stands in one is no statement."""

from __future__ import annotations

from dlquiz.judge import lexicon
from dlquiz.judge.answer_text import AnswerText

LONG = 10  # words of a sentence that says something
RUN = 12  # words in a row of which none relates to the next, that make a list
LEAST = 0.1  # share of words that relate others to each other, and of signs like = and :, in one that does
PIECES = 0.35  # commas, stops and the like for each word, from which an answer without a verb is a list ...
STATING = 2  # ... and by how much more for each word or sign that states something: a verb, a "because", an arrow
# What parts of a list have too: "order of tokens", "loss per class".
PARTS = frozenset(
    "and or of per in the a an for with on at from to not no without by vs than over minus plus times as "
    "one own same such all each every any some both other another only also too".split()
)


def listed(text: AnswerText) -> frozenset[int]:
    """The words that stand in lists of words, by number."""
    sentences: dict[int, list[int]] = {}
    for n, word in enumerate(text.words):
        sentences.setdefault(word.sentence, []).append(n)
    bad = {number for number, members in sentences.items() if len(members) >= LONG and _bare(text, members)}
    if len(text.words) >= LONG and _bare(text, range(len(text.words))):
        bad |= {number for number, members in sentences.items() if not _glue(text, members)}
    if len(text.words) >= LONG and _in_pieces(text):
        bad |= {number for number, members in sentences.items() if not any(_states(text, n) for n in members)}
    runs = {n for members in sentences.values() for n in _runs(text, members)}
    return frozenset(runs.union(n for number in bad for n in sentences[number]))


def _in_pieces(text: AnswerText) -> bool:
    """Does the answer consist of short pieces and hardly state anything?"""
    count = len(text.words)
    stating = sum(_states(text, n) or text.words[n].relation for n in range(count))
    return text.words[-1].clause + 1 > PIECES * count + STATING * stating


def _states(text: AnswerText, n: int) -> bool:
    return text.words[n].form in lexicon.GLUE - PARTS


def _runs(text: AnswerText, members: list[int]) -> set[int]:
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


def _bare(text: AnswerText, members: list[int] | range) -> bool:
    return _glue(text, members) < LEAST * len(members)


def _glue(text: AnswerText, members: list[int] | range) -> int:
    """How many of these words, or the signs before them, relate others to each other."""
    return sum(text.words[n].form in lexicon.GLUE or text.words[n].relation for n in members)
