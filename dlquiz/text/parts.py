"""A typed answer in several parts, each compared with its own right answers: `8 and 7`, `L1: Laplace, L2: Gaussian`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from dlquiz.card import Part
from dlquiz.text import compare
from dlquiz.text.compare import Worth

MOST_PLACES = 8  # where an answer may be cut; what has more is a sentence
_CUTS = (  # what parts two answers; the weaker ones count where there are none of the first
    re.compile(
        r"(?:\s*(?:[;\n&|]|,(?!\d)|(?<=\d),(?=\d\b)|\.(?=\s)|\b(?:and|or|vs\.?|versus|against|while|whereas|but|then)\b)\s*)+",
        re.IGNORECASE,
    ),
    re.compile(r"\s*(?:/|(?<=\s)[-–—+](?=\s)|(?<=\d)\+(?=\d))\s*"),
    re.compile(r"\s+"),
)
_AROUND = re.compile(
    r"^(?:->|=>|[\s:=,;.→-]|(?:is|are|has|gets|grows?|scales?|for|of|in|with|to|the|an?|its?|by|on|both)\b)+"
    r"|(?:->|=>|[\s:=,;→-]|\b(?:is|are|for|of|in|with|to|the|by|on)\b)+$",
    re.IGNORECASE,
)
_BEST = (Worth.RIGHT, Worth.NEARLY, Worth.COMPARE, Worth.WRONG, None)

Verdicts = tuple[Worth | None, ...]  # one for each part; None for a part that was not given


def judged(given: str, parts: Sequence[Part], *, any_order: bool) -> Verdicts:
    """How good each part of an answer is.

    Args:
        given: As it was typed.
        parts: What is asked for. A piece that names its part belongs to it; others are taken in this order.
        any_order: May they be given in any order?
    """
    if len(given) > compare.LONGEST:
        return (Worth.COMPARE,) * len(parts)
    answers = [_verdicts(pieces, parts, any_order=any_order) for pieces in _pieces(given, len(parts))]
    best = min(answers, key=_rank, default=None)
    alone = _alone(given, parts)
    return best if best and (Worth.RIGHT not in alone or set(best) == {Worth.RIGHT}) else alone


def overall(verdicts: Verdicts) -> Worth:
    """How good the whole answer is: one wrong part makes it wrong, one that can't be told or is missing leaves it open."""
    for verdict in (Worth.WRONG, Worth.COMPARE, Worth.NEARLY):
        if verdict in verdicts:
            return verdict
    return Worth.COMPARE if None in verdicts else Worth.RIGHT


def _pieces(given: str, count: int) -> Iterator[list[str]]:
    """Every way to cut an answer into so many pieces."""
    text = given.strip().rstrip(".")
    strong, *weak = ([cut.span() for cut in pattern.finditer(text)] for pattern in _CUTS)
    for cuts in [strong] if len(strong) >= count - 1 else weak:
        places = [(start, end) for start, end in cuts if start > 0 and end < len(text)]
        for chosen in combinations(places, count - 1) if len(places) <= MOST_PLACES else ():
            starts = [0, *(end for _, end in chosen)]
            ends = [*(start for start, _ in chosen), len(text)]
            yield [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _verdicts(pieces: Sequence[str], parts: Sequence[Part], *, any_order: bool) -> Verdicts:
    """The best that these pieces can be taken for, each as one part."""
    named = [[n for n, part in enumerate(parts) if _named(piece, part)] for piece in pieces]
    orders = [order for order in permutations(range(len(parts))) if _fits(order, named, any_order=any_order)]
    options = []
    for order in orders or [tuple(range(len(parts)))]:
        verdicts: list[Worth | None] = [None] * len(parts)
        for piece, n in zip(pieces, order, strict=True):
            verdicts[n] = _piece(piece, parts, n)
        options.append(tuple(verdicts))
    return min(options, key=_rank)


def _rank(verdicts: Verdicts) -> list[int]:
    return sorted(map(_BEST.index, verdicts))


def _fits(order: Sequence[int], named: Sequence[Sequence[int]], *, any_order: bool) -> bool:
    """May the pieces be the parts in this order? A piece that names one part is that part, the others keep theirs."""
    if any(len(names) == 1 and names[0] != n for names, n in zip(named, order, strict=True)):
        return False
    rest = [n for names, n in zip(named, order, strict=True) if len(names) != 1]
    return any_order or rest == sorted(rest)


def _piece(piece: str, parts: Sequence[Part], n: int) -> Worth:
    """How good a piece is as one of the parts. The right answer to another part is a wrong one here."""
    bare = _bare(piece, parts[n])
    verdict = _best(piece, bare, parts[n])
    swapped = verdict is not Worth.RIGHT and any(
        _best(piece, bare, part) is Worth.RIGHT for part in parts if part is not parts[n]
    )
    return Worth.WRONG if swapped else verdict


def _best(piece: str, bare: str, part: Part) -> Worth:
    texts = [text for text in dict.fromkeys((piece, bare)) if text]
    return min((compare.judged(text, part.accept) for text in texts), key=_BEST.index)


def _alone(given: str, parts: Sequence[Part]) -> Verdicts:
    """An answer that can't be cut: is it one of the parts?"""
    verdicts = [_best(given, _bare(given, part), part) if given.strip() else None for part in parts]
    if Worth.RIGHT not in verdicts:
        return (Worth.COMPARE,) * len(parts)
    first = verdicts.index(Worth.RIGHT)
    return tuple(Worth.RIGHT if n == first else None for n in range(len(parts)))


def _names(part: Part) -> re.Pattern[str]:
    names = sorted((part.name, *part.aliases), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)


def _named(piece: str, part: Part) -> bool:
    """Does a piece say more than the name of this part, but that too?"""
    return bool(_names(part).search(piece)) and bool(_nameless(piece, part))


def _bare(piece: str, part: Part) -> str:
    """A piece without the name of its part: `8 bits` of `8 exponent bits`, `Gaussian` of `L2 is Gaussian`."""
    return _nameless(piece, part) or _AROUND.sub("", piece)


def _nameless(piece: str, part: Part) -> str:
    rest = re.sub(r"\(\s*\)", " ", _names(part).sub(" ", piece))
    return _AROUND.sub("", re.sub(r"\s+", " ", rest))
