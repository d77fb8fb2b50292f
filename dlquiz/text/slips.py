"""Slips of the fingers: is a word another one with a letter added, dropped, replaced or swapped?"""

from __future__ import annotations

SHORTEST = 5  # letters of a word that may hold a slip; two swapped ones are told in a shorter one too
LONG = 9  # letters from which there may be two
_FAR = 3  # letters that two slips lie apart at least: maximise is no slip for minimise


def slipped(typed: str, word: str) -> bool:
    """Was this word meant? Its first letter is right, or swapped: another one makes another word, like decoder for encoder."""
    apart = distance(word, typed)
    middles = _middles(typed, word)
    if sorted(middles[0]) == sorted(middles[1]) and len(middles[0]) == 2:
        return len(word) >= SHORTEST - 1
    if not apart or typed[:1] != word[:1] or min(len(typed), len(word)) < SHORTEST:
        return False
    return apart == 1 or (apart == 2 and min(len(typed), len(word)) >= LONG and min(map(len, middles)) >= _FAR)


def distance(word: str, typed: str) -> int:
    """Letters added, dropped, replaced or swapped with their neighbour between two words."""
    before: list[int] = []
    last = list(range(len(typed) + 1))
    for n, letter in enumerate(word, 1):
        current = [n]
        for k, typed_letter in enumerate(typed, 1):
            best = min(last[k] + 1, current[k - 1] + 1, last[k - 1] + (letter != typed_letter))
            if n > 1 and k > 1 and letter == typed[k - 2] and word[n - 2] == typed_letter:
                best = min(best, before[k - 2] + 1)
            current.append(best)
        before, last = last, current
    return last[-1]


def _middles(first: str, second: str) -> tuple[str, str]:
    """What is left of two words without what they begin and end with alike."""
    start = next((n for n, (one, other) in enumerate(zip(first, second, strict=False)) if one != other), None)
    start = min(len(first), len(second)) if start is None else start
    end = 0
    while end < min(len(first), len(second)) - start and first[-1 - end] == second[-1 - end]:
        end += 1
    return first[start : len(first) - end], second[start : len(second) - end]
