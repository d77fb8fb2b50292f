"""A typed answer compared with the right one: the same, nearly the same, different, or undecidable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from dlquiz.text import algebra, numerals

LONGEST = 1000  # characters; no typed answer to one question has as many
_MOST_REPEATED = 4  # words behind a blank that somebody types too
SLIP = 0.85  # closeness from which a typed answer counts as a slip: one letter of seven
_ARTICLE = re.compile(r"^(?:the|an?|about|roughly|approximately|around|only|just)\s+(?=\S)", re.IGNORECASE)
_SPELLINGS = (
    ("isation", "ization"),
    ("ise", "ize"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("our", "or"),
    ("labell", "label"),
    ("modell", "model"),
)
_OPERATOR = re.compile(
    r"[=+*/^<>|√Σ·×⊙]|\w\s*[-−]\s*\w.*[()]|[²³⁰-ₜᵀ]|\w\(\w|\d\s*[-−]\s*\w\b|\b\w\s*[-−]\s*\w\b|\w\s+[-−]\s+\w"
)


class Verdict(Enum):
    """How good a typed answer is; what can't be decided is left to its author."""

    RIGHT = "right"
    NEARLY = "nearly"
    WRONG = "wrong"
    COMPARE = "compare"


def judged(given: str, rights: Sequence[str], behind: str = "") -> Verdict:
    """How good an answer is.

    Args:
        given: As it was typed.
        rights: The answer that is shown, as it is written, and after it the other right ones.
        behind: The text after the blank to be filled; its first words may have been typed too.
    """
    if len(given) > LONGEST:
        return Verdict.RIGHT if given in rights else Verdict.COMPARE
    if behind and (bare := _without(given, behind)) != given and judged(bare, rights) is Verdict.RIGHT:
        return Verdict.RIGHT
    if any(same(given, right) for right in rights):
        return Verdict.RIGHT
    if _states(given, rights):
        return Verdict.RIGHT
    if _other_amount(given, rights):
        return Verdict.WRONG
    if any(_is_formula(right) and algebra.differ(given, right) for right in rights):
        return Verdict.WRONG
    if any(slip(given, right) for right in rights):
        return Verdict.NEARLY
    return Verdict.COMPARE


def same(given: str, right: str) -> bool:
    """Do two answers differ in nothing but case, spelling, spacing, order where it means nothing, and how a number is written?"""
    if _tight(given, right) == _tight(right, right):
        return True
    if sides := numerals.dimensions(right):
        return numerals.dimensions(given) == sides
    given_number, right_number = numerals.read(given), numerals.read(right)
    if given_number and right_number:
        return numerals.equal(given_number, right_number)
    first, second = numerals.several(given), numerals.several(right)
    if first and len(first) == len(second):
        return all(map(numerals.equal, first, second))
    return _is_formula(right) and algebra.same(given, right)


def slip(given: str, right: str) -> bool:
    """Is it the right answer except for a typing slip in a word? A different digit, sign or order is a different answer."""
    given_text, right_text = algebra.spelled(given), algebra.spelled(right)
    if any(re.sub(but, "", given_text) != re.sub(but, "", right_text) for but in (r"[\w\s]|\b-\b", r"\D")):
        return False
    return closeness(given, right) >= SLIP


def closeness(given: str, right: str) -> float:
    """0 for nothing in common, 1 for the same letters."""
    import difflib  # rarely needed, and not cheap

    return difflib.SequenceMatcher(None, _tight(given, right), _tight(right, right), autojunk=False).ratio()


def difference(given: str, right: str) -> str:
    """Both answers in one line: `1e-[4 → 3]` gave 4 where 3 is right; an empty side was missing or too much."""
    import difflib  # rarely needed, and not cheap

    pieces = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, given, right, autojunk=False).get_opcodes():
        pieces.append(given[a:b] if kind == "equal" else f"[{given[a:b]} → {right[c:d]}]")
    return "".join(pieces)


def _without(given: str, behind: str) -> str:
    """What was typed into a blank without the words that follow the blank: `L2` of `L2 regularisation`."""
    words, typed = re.findall(r"[^\W_]+", behind)[:_MOST_REPEATED], given.split()
    for count in range(min(len(words), len(typed) - 1), 0, -1):
        if _tight(" ".join(typed[-count:]), "") == _tight(" ".join(words[:count]), ""):
            return " ".join(typed[:-count])
    return given


def _tight(text: str, right: str) -> str:
    """In one spelling without spaces; in small letters where the right answer does not tell a letter from its capital."""
    spelled = algebra.spelled(text)
    while (bare := _ARTICLE.sub("", spelled)) != spelled:
        spelled = bare
    if not _cased(algebra.spelled(right)):
        spelled = re.sub("[A-Z]+", lambda letters: letters[0].lower(), spelled)
    for british, american in _SPELLINGS:
        spelled = re.sub(rf"(?<=[a-z]){british}(?![a-z])" if not british.endswith("ll") else british, american, spelled)
    if not _is_formula(right):
        spelled = re.sub(
            r"(?<=[^\W_])-(?=[^\W\d_]{3})|(?<=[^\W\d_]{3})-(?=[^\W\d_])", " ", spelled
        )  # log-mel and log mel
    spelled = (
        re.sub(r"(?<!\d)\s*\*\s*|\s*\*\s*(?!\d)", "", spelled) if not re.search(r"\d\s*\*\s*\d", spelled) else spelled
    )
    spelled = re.sub(r"([\^_])\((\w+)\)", r"\1\2", spelled)
    return re.sub(r"\s+|(?<=\d),(?=\d{3}(?!\d))|['’]s\b", "", spelled).rstrip(".").strip("\"“”'‘’")


def _cased(text: str) -> bool:
    """Does it use a letter and its capital as two symbols?"""
    letters = set(re.findall(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", text))
    return any(letter.upper() in letters for letter in letters if letter.islower())


def _is_formula(text: str) -> bool:
    return "$" in text or _OPERATOR.search(text) is not None


def _states(given: str, rights: Sequence[str]) -> bool:
    """Does a number agree with one that the shown answer states, `16` with `2 + 2 + 4 + 4 + 4 = 16`?"""
    number = numerals.read(given)
    if number is None or not rights:
        return False
    return any(numerals.equal(number, stated) for stated in numerals.stated(rights[0]))


def _other_amount(given: str, rights: Sequence[str]) -> bool:
    """Is it a number that differs from every right one?"""
    sizes = [right for right in rights if numerals.dimensions(right)]
    if numerals.dimensions(given) and sizes:
        return True
    if number := numerals.read(given):
        others = [candidate for right in rights if (candidate := numerals.read(right))] + numerals.stated(rights[0])
        bare = number._replace(words=frozenset())  # the same amount of something else may be the same thing
        return bool(sizes or others) and not any(numerals.equal(bare, candidate) for candidate in others)
    given_numbers = numerals.several(given)
    return bool(given_numbers) and any(len(numerals.several(right)) == len(given_numbers) for right in rights)
