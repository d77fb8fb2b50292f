"""A typed answer compared with the right one: the same, nearly the same, different, or undecidable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from dlquiz.text import algebra, numerals, slips
from dlquiz.text.spelling import spelled

LONGEST = 1000  # characters; no typed answer to one question has as many
_MOST_REPEATED = 4  # words behind a blank that somebody types too
_ARTICLE = re.compile(
    r"^(?:the|an?|its|their|all|about|roughly|approximately|around|only|just)\s+(?=\S)|(?<=\S)\s+only$", re.IGNORECASE
)
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
    r"[=+*/^<>|√Σ·×⊙]|(?<![a-z]{2})\w\s*[-−]\s*\w.*[()]|[²³⁰-ₜᵀ]|\w\(\w|\d\s*[-−]\s*\w\b|\b\w\s*[-−]\s*\w\b|\w\s+[-−]\s+\w"
)

_COMPOUND = re.compile(r"[A-Za-z]{4,}-[A-Za-z]{2,}|[A-Za-z]{2,}-[A-Za-z]{4,}")  # words, not a difference
_PLURAL = re.compile(r"(?<=[a-z]{3})(?<![ius])s(?![A-Za-z])")


class Worth(Enum):
    """How good a typed answer is; what can't be decided is left to its author."""

    RIGHT = "right"
    NEARLY = "nearly"
    WRONG = "wrong"
    COMPARE = "compare"


def judged(given: str, rights: Sequence[str], behind: str = "") -> Worth:
    """How good an answer is.

    Args:
        given: As it was typed.
        rights: The answer that is shown, as it is written, and after it the other right ones.
        behind: The text after the blank to be filled; its first words may have been typed too.
    """
    if len(given) > LONGEST:
        return Worth.RIGHT if given in rights else Worth.COMPARE
    given = _unquoted(given)
    if behind and (bare := _without(given, behind)) != given and judged(bare, rights) is Worth.RIGHT:
        return Worth.RIGHT
    if any(_tight(given, right) == _tight(right, right) for right in rights) or _twice(given, rights):
        return Worth.RIGHT
    if (other := numerals.other_reading(given)) and judged(other, rights) is Worth.RIGHT:
        return Worth.RIGHT
    if amount := _amount(given, rights):
        return amount
    if any(same(given, right) for right in rights):
        return Worth.RIGHT
    if any(_is_formula(right) and not _COMPOUND.search(given) and algebra.differ(given, right) for right in rights):
        return Worth.WRONG
    if any(slip(given, right) for right in rights):
        return Worth.NEARLY
    return Worth.COMPARE


def same(given: str, right: str) -> bool:
    """Do two answers differ in nothing but case, spelling, spacing, order where it means nothing, and how a number is written?"""
    given = _unquoted(given)
    if _tight(given, right) == _tight(right, right):
        return True
    if sides := numerals.dimensions(right) or numerals.span(right):
        return sides in (numerals.dimensions(given), numerals.span(given))
    given_number, right_number = numerals.read(given), numerals.read(right)
    if given_number and right_number:
        return numerals.equal(given_number, right_number)
    first, second = numerals.several(given), numerals.several(right)
    if first and len(first) == len(second):
        return all(map(numerals.equal, first, second))
    return _is_formula(right) and algebra.same(given, right)


def slip(given: str, right: str) -> bool:
    """Is it the right answer except for a typing slip in a word? Another word, digit, sign or order is a different answer."""
    given_text, right_text = spelled(given), spelled(right)
    if any(re.sub(but, "", given_text) != re.sub(but, "", right_text) for but in (r"[\w\s]|\b-\b", r"\D")):
        return False
    cased = _is_formula(right)
    pairs = list(zip(_words(given_text, cased=cased), _words(right_text, cased=cased), strict=False))
    counts = {len(_words(text, cased=cased)) for text in (given_text, right_text)}
    wrong = [(typed, word) for typed, word in pairs if typed != word]
    return len(counts) == 1 and bool(wrong) and all(slips.slipped(typed, word) for typed, word in wrong)


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


def _words(text: str, *, cased: bool) -> list[str]:
    """The words of a spelling, in American English."""
    text = _american(_without_articles(text) if cased else _without_articles(text).lower())
    return re.findall(r"[^\W\d_]+", text)


def _without_articles(text: str) -> str:
    while (bare := _ARTICLE.sub("", text)) != text:
        text = bare
    return text


def _american(text: str) -> str:
    for british, american in _SPELLINGS:
        text = re.sub(rf"(?<=[a-z]){british}(?![a-z])" if not british.endswith("ll") else british, american, text)
    return text


def _tight(text: str, right: str) -> str:
    """In one spelling without spaces; in small letters where the right answer does not tell a letter from its capital."""
    tight = _without_articles(spelled(text))
    if not _cased(spelled(right)):
        tight = re.sub("[A-Z]+", lambda letters: letters[0].lower(), tight)
    tight = _american(tight)
    if not _is_formula(right):
        tight = _PLURAL.sub("", tight)
        tight = re.sub(r"(?<=[^\W_])-(?=[^\W\d_]{3})|(?<=[^\W\d_]{3})-(?=[^\W\d_])", " ", tight)  # log-mel and log mel
    tight = re.sub(r"(?<!\d)\s*\*\s*|\s*\*\s*(?!\d)", "", tight) if not re.search(r"\d\s*\*\s*\d", tight) else tight
    tight = re.sub(r"([\^_])\((\w+)\)", r"\1\2", tight)
    return re.sub(r"\s+|(?<=\d),(?=\d{3}(?!\d))|['’]s\b", "", tight).rstrip(".").strip("\"“”'‘’")


def _cased(text: str) -> bool:
    """Does it use a letter and its capital as two symbols? The article and the pronoun are none."""
    letters = set(re.findall(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", text))
    if re.search(r"[A-Za-z]{3,} [A-Za-z]{2,}", text):
        letters -= set("aAI")
    return any(letter.upper() in letters for letter in letters if letter.islower())


def _is_formula(text: str) -> bool:
    return "$" in text or (_OPERATOR.search(text) is not None and _COMPOUND.search(text) is None)


def _amount(given: str, rights: Sequence[str]) -> Worth | None:
    """Of a number, a size or a range: is it one of the right ones? None where that can't be told."""
    sizes = [sides for right in rights if (sides := numerals.dimensions(right) or numerals.span(right))]
    if size := numerals.dimensions(given) or numerals.span(given):
        return (Worth.RIGHT if size in sizes else Worth.WRONG) if sizes else None
    if number := numerals.read(given):
        numbers = numerals.stated(rights[0]) + [one for right in rights if (one := numerals.read(right))]
        unit = next((one.unit for one in numbers if one.unit), "")
        if number.unit and unit:  # what the bank accepts without the unit has it too
            numbers = [one for one in numbers if one.unit]
        if numerals.agrees(number, numbers):
            return Worth.RIGHT
        bare = number._replace(words=frozenset())  # the same amount of something else may be the same thing
        wrong = (sizes or numbers) and not numerals.agrees(bare, numbers)
        return Worth.WRONG if wrong else None
    several = numerals.several(given)
    if not several or not any(len(numerals.several(right)) == len(several) for right in rights):
        return None
    return Worth.RIGHT if any(same(given, right) for right in rights) else Worth.WRONG


def _twice(given: str, rights: Sequence[str]) -> bool:
    """Is it a right answer with another one, or its initials, in brackets: `stochastic weight averaging (SWA)`?"""
    match = re.fullmatch(r"([^()]+?)\s*\(([^()]+)\)", given.strip().rstrip("."))
    if not match or not re.match(r"\s*[^\W\d_]{3,}", match[1]) or judged(match[1], rights) is not Worth.RIGHT:
        return False
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", match[1]))
    return match[2].lower().replace(".", "") == initials.lower() or judged(match[2], rights) is Worth.RIGHT


def _unquoted(text: str) -> str:
    """An answer without quotation marks around it."""
    bare = text.strip()
    return bare[1:-1] if len(bare) > 2 and bare[0] in "\"“'‘" and bare[-1] in "\"”'’" else text
