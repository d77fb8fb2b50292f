"""What two answers have in common: the longest run of words that both say, as a phrase that a rubric may take in."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dlquiz.judge import lexicon, words
from dlquiz.judge.words import Word

LONGEST, LEAST = 7, 2  # words of such a phrase, and those of them that say something


def phrase(answer: str, earlier: str, without: Collection[tuple[int, int]] = (), asked: str = "") -> str:
    """The longest phrase of an answer that an earlier one has too, "" for none.

    Args:
        answer: As it was written.
        earlier: Another one.
        without: Spans of the answer that say something else already.
        asked: The question, whose words tell nothing.
    """
    known_words = {word.stem for word in words.read(asked)}
    mine = [word for word in words.read(answer) if not any(start <= word.start < end for start, end in without)]
    others = words.read(earlier)
    best: Sequence[Word] = ()
    for start in range(len(mine)):
        for end in range(min(start + LONGEST, len(mine)), start + LEAST - 1, -1):
            run = mine[start:end]
            if _says(run, known_words) > _says(best, known_words) and _together(run) and _holds(others, run):
                best = run
    return answer[best[0].start : best[-1].end] if best else ""


def _says(run: Sequence[Word], known_words: Collection[str]) -> int:
    """Words that say something; 0 for too few of them, or where the run begins or ends with one that does not."""
    telling = [word.form not in lexicon.GLUE | lexicon.FILLERS and word.stem not in known_words for word in run]
    return sum(telling) if telling and telling[0] and telling[-1] and sum(telling) >= LEAST else 0


def _together(run: Sequence[Word]) -> bool:
    return run[0].clause == run[-1].clause and run[-1].place - run[0].place < LONGEST + words.WITHDRAWN


def _holds(text: Sequence[Word], run: Sequence[Word]) -> bool:
    stems = [word.stem for word in run]
    return any([word.stem for word in text[n : n + len(stems)]] == stems for n in range(len(text)))
