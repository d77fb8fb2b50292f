"""Numbers as people type them: `0,125`, `25 %`, `8/9`, `10^-3`, `784*128+128`, `1.07 GB`, `about two`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isclose
from typing import NamedTuple

from dlquiz import expression

ABOUT = re.compile(
    r"^(?:about|approximately|approx\.?|roughly|around|circa|nearly|some|ca\.?|[~≈=±]|\\approx)\s*", re.IGNORECASE
)
WORDS = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
        " nineteen twenty".split()
    )
} | {"half": 0.5, "a half": 0.5, "one half": 0.5, "a quarter": 0.25, "one quarter": 0.25, "three quarters": 0.75,
     "a third": 1 / 3, "one third": 1 / 3, "two thirds": 2 / 3, "a tenth": 0.1, "one tenth": 0.1,
     "twice": 2.0, "double": 2.0, "thrice": 3.0, "triple": 3.0}  # fmt: skip
PREFIXES = {
    "k": 1e3,
    "K": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "P": 1e15,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
}
LARGE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
TIMES = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "seconds": 1.0, "second": 1.0, "min": 60.0,
         "minutes": 60.0, "h": 3600.0, "hours": 3600.0}  # fmt: skip
DIMENSIONS = re.compile(r"\d+(?:\s*(?:[x×X]|by|\\times)\s*\d+)+")
_PLAIN = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?"
_NUMBER = re.compile(_PLAIN, re.IGNORECASE)
_SPLIT = re.compile(rf"(?P<number>{_PLAIN})\s*(?P<unit>%|[^\W\d_].*|-[^\W\d_].*)?", re.IGNORECASE | re.DOTALL)
_END = rf"\d+(?:\.\d+)?|(?:{'|'.join(word for word in WORDS if ' ' not in word)})\b"
_COUNTED = r"\s*(?:x|%|[^\W\d_]{2,}[^\d+*/=]*)?"
_SPAN = re.compile(rf"(?P<low>{_END})x?\s*(?:-|\bto\b)\s*(?P<high>{_END}){_COUNTED}", re.IGNORECASE)
_BETWEEN = re.compile(rf"between\s+(?P<low>{_END})\s+and\s+(?P<high>{_END}){_COUNTED}", re.IGNORECASE)
_RATIO = re.compile(r"(\d+)\s+(?:out of|of|in)\s+(?:every\s+)?([1-9]\d*)(?:\s+[^\W\d_]{2,})?")
_ARITHMETIC = re.compile(r"(?:[\d.\s+*/()-]|e(?=[+-]?\d)|sqrt|ceil|floor|exp|log2|log10|log|ln|pi\b|\be\b)+")
_THOUSANDS = re.compile(r"(?<![\d.,])(?!0)(\d{1,3})((?:[ ,_'’\u00a0\u2009\u202f]\d{3})+)(?![\d]|,\d)")
_LIST = re.compile(r"\s*(?:;|,(?!\d)|,(?=\d{3}\b)(?<=\s,)|\band\b|&)\s*")
_MOST_WORDS = 4  # behind a number; what has more is a sentence
_NEAR = 1e-9
_ENOUGH_DIGITS = 3  # significant digits from which on a decimal number counts as rounded


class Number(NamedTuple):
    """An amount that a text states."""

    value: float
    unit: str = ""  #: what kind of amount: "%", "B" (bytes), "s"; other words are no unit that changes it
    tolerance: float = 0.0  #: how far a more exact answer may lie from it
    scale: float = 1.0  #: of its unit
    precision: float = 0.0  #: half of its last decimal place
    words: frozenset[str] = frozenset()  #: what else stands behind it
    endless: bool = False  #: computed, and no decimal number of a few digits: 8/9


def read(text: str) -> Number | None:
    """The number that a text is, perhaps with a unit or with words behind it; None when it does not begin with one."""
    bare, about = text.strip().strip("$").strip(), False
    while match := ABOUT.match(bare):
        bare, about = bare[match.end() :], about or match[0].strip() != "="
    bare = bare.rstrip(".").strip()
    if DIMENSIONS.fullmatch(bare) or span(bare):
        return None  # 7x7 is no 49, nor is 2-3 a difference
    word = bare.lower().removesuffix(" times").strip()
    if word in WORDS:
        return Number(WORDS[word])
    if ratio := _RATIO.fullmatch(bare):
        return _result(float(ratio[1]) / float(ratio[2]))
    plain = _plain(bare)
    match = _SPLIT.fullmatch(plain)
    if match:
        tolerance = _tolerance(match["number"], about=about)
        unit = (match["unit"] or "").strip()
        words = re.findall(r"[^\W\d_]{2,}", unit)
        number = _with_unit(float(match["number"]), unit, tolerance) if len(words) <= _MOST_WORDS else None
        return number and number._replace(
            words=frozenset() if number.unit else frozenset(word.lower() for word in words),
            precision=_precision(match["number"]) * (abs(number.value / float(match["number"])) if number.value else 1),
        )
    percent = plain.endswith("%")
    computed = _computed(plain.removesuffix("%").strip())
    return None if computed is None else _result(computed / 100 if percent else computed, "%" if percent else "")


def several(text: str) -> list[Number]:
    """The numbers of an answer in several parts, `8/9, 2/3`; empty when a part is not a number."""
    about = "about " if (match := ABOUT.match(text.strip())) and match[0].strip() != "=" else ""
    numbers = [read(about + piece) for piece in _LIST.split(text.strip().rstrip(".")) if piece]
    return [number for number in numbers if number] if len(numbers) > 1 and all(numbers) else []


def stated(text: str) -> list[Number]:
    """Every number that an answer amounts to: each side of its equals signs, and what it begins with."""
    sides = re.split(
        r"=|≈|~=|\\approx\b|,\s+or\b|,\s+about\b|\bor\b",
        re.sub(r"\([^()]*[^\W\d_]{3,}[^()]*\)\s*$", "", text.strip("$ ")),
    )
    rounded = re.search(r"≈|~=|\\approx|\babout\b", text, re.IGNORECASE) is not None
    numbers = [number for side in sides if (number := read(f"about {side}" if rounded else side))]
    if numbers or several(text):  # of two answers the first alone is none
        return numbers
    return [number for number in [read(re.split(r",\s|:\s|\s\(", text)[0])] if number]


def equal(given: Number, right: Number) -> bool:
    """Is it the same amount, or a more exact one? A per cent sign may be left out, any other unit too."""
    return any(
        _close(value, right.value, right.tolerance) or (right.endless and _rounds(value, precision, right.value))
        for value, precision in _aligned(given, right)
    )


def agrees(given: Number, rights: Sequence[Number]) -> bool:
    """Is it one of these amounts, or a more exact one that none of the others contradicts: 65 537 is near 65.5k, but not 65 536?"""
    if any(_close(value, right.value, 0) for right in rights for value, _ in _aligned(given, right)):
        return True
    return any(
        all(
            any(
                _close(value, finer.value, max(finer.tolerance, precision))
                for value, precision in _aligned(given, finer)
            )
            for finer in rights
            if finer.tolerance < right.tolerance and equal(finer, right)
        )
        for right in rights
        if equal(given, right)
    )


def _aligned(given: Number, right: Number) -> list[tuple[float, float]]:
    """What a number amounts to in the terms of a right one, each with its precision; nothing where it is an amount of something else."""
    if given.unit and right.unit and given.unit != right.unit:
        return []
    if given.words and right.words and not (given.words <= right.words or right.words <= given.words):
        return []  # 2 forward passes are no 2 backward passes
    if right.unit and not given.unit:  # 14 for 14 GB, 25 for 25%
        bare = (given.value * right.scale, given.precision * right.scale)
        return [bare, (given.value, given.precision)] if right.unit == "%" else [bare]
    return [(given.value, given.precision)]


def _rounds(value: float, precision: float, exact: float) -> bool:
    """Is a decimal number the exact one, rounded to three significant digits or more?"""
    return (
        precision > 0 and abs(value) / precision > 199 and abs(value - exact) <= precision
    )  # 0.100 is 200 halves of its last place


def _close(first: float, second: float, tolerance: float) -> bool:
    return isclose(first, second, rel_tol=_NEAR, abs_tol=max(tolerance, 1e-300))


def span(text: str) -> tuple[float, float] | None:
    """The ends of a range, 2 and 3 of `2-3 times` and of `between two and three`; None for anything else."""
    bare = re.sub("[−–—]", "-", text.strip().strip("$").strip())
    match = _SPAN.fullmatch(bare) or _BETWEEN.fullmatch(bare)
    if not match:
        return None
    low, high = (WORDS.get(end.lower(), 0.0) or float(end) for end in (match["low"], match["high"]))
    return (low, high) if 0 <= low < high else None


def other_reading(text: str) -> str:
    """A number whose comma may part thousands or be a decimal one, read the second way: `4.127` of `4,127`; else nothing."""
    return text.replace(",", ".") if re.fullmatch(r"\D*\d{1,3},\d{3}(?:\s*\D*)?", text) else ""


def dimensions(text: str) -> list[str]:
    """The sides of a size, `7` and `7` of 7×7; empty for anything else."""
    bare = text.strip().strip("$").strip()
    return re.findall(r"\d+", bare) if DIMENSIONS.fullmatch(bare) else []


def _plain(text: str) -> str:
    """As Python writes numbers: minus signs, decimal commas, thousands, powers and products."""
    text = text.replace("−", "-").replace("–", "-").replace("\\%", "%").replace("{,}", ",").replace("\\,", " ")
    text = re.sub("[\u2070\u00b9\u00b2\u00b3\u2074-\u207b]+", lambda raised: "^" + raised[0].translate(_RAISED), text)
    text = _THOUSANDS.sub(lambda groups: groups[1] + re.sub(r"\D", "", groups[2]), text)
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    text = re.sub(r"(?<=\d)\s*(?:[x×·⋅X]|\\times|\\cdot)\s*(?=\d)", "*", text)
    text = re.sub(
        r"\s*\*?\s*\b10\^\(?\{?([+-]?\d+)\}?\)?(?![\d.])",
        lambda power: ("e" if power[0].lstrip().startswith("*") else "1e") + power[1],
        text,
    )
    return re.sub(r"\s+", " ", text).strip()


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")


def _result(value: float, unit: str = "") -> Number:
    """What a fraction or another calculation amounts to."""
    return Number(value, unit, endless=not _close(value, float(f"{value:.6g}"), 0))


def _computed(text: str) -> float | None:
    text = (
        text.replace("^", "**")
        .replace("√", "sqrt")
        .replace("ln(", "log(")
        .replace("{", "(")
        .replace("}", ")")
        .replace("\\", "")
    )
    text = re.sub(r"sqrt(\d[\d.]*)", r"sqrt(\1)", text)
    if not _ARITHMETIC.fullmatch(text) or not re.search(r"\d|\be\b|pi", text):
        return None
    try:
        value = expression.evaluate(text)
        return None if isinstance(value, bool) else float(value)
    except (expression.ExpressionError, OverflowError):
        return None


def _with_unit(value: float, unit: str, tolerance: float) -> Number | None:
    if unit.startswith("%") or re.match(r"(?:percent|per cent|percentage points?|points?)\b", unit.lower()):
        return Number(value / 100, "%", tolerance / 100, 0.01)
    if re.search(r"(?i)\b(?:and|or|to)\b\s*[~\d]", unit):
        return None  # several numbers are not one
    word = re.split(r"[\s/]", unit)[0] if unit else ""
    if re.fullmatch(r"-fold|-?x|X", word):
        return Number(value, "", tolerance)
    if word.startswith("-"):
        return None  # 1-WL is no number
    if word.lower() in LARGE:
        return Number(value * LARGE[word.lower()], "", tolerance * LARGE[word.lower()])
    if match := re.fullmatch(r"([kKMGTP]i?)?(?:B|bytes?|Bytes?)", word):
        scale = PREFIXES.get(match[1] or "", 1.0)
        return Number(value * scale, "B", tolerance * scale, scale)
    if word in TIMES:
        return Number(value * TIMES[word], "s", tolerance * TIMES[word], TIMES[word])
    if re.fullmatch(r"[kKMGTP]", word):
        return Number(value * PREFIXES[word], "", tolerance * PREFIXES[word])
    if word and (word.isupper() or not re.fullmatch(r"[^\W\d_]{2,}[^\W_]*[,;:]?|d|h|m", word)):
        return None  # 2x^2 is a formula
    return Number(value, "", tolerance)


def _precision(written: str) -> float:
    """Half of the last place of a decimal number; 0 without a decimal point."""
    mantissa, _, exponent = written.lower().partition("e")
    _, point, decimals = mantissa.partition(".")
    return float(0.5 * 10.0 ** (int(exponent or 0) - len(decimals)) * (1 + _NEAR)) if point else 0.0


def _tolerance(written: str, *, about: bool) -> float:
    """Half of the last place of a decimal number that is called approximate, or has so many digits that it must be rounded."""
    mantissa, _, exponent = written.lower().lstrip("+-").partition("e")
    integer, point, decimals = mantissa.partition(".")
    if not point or not (about or len((integer + decimals).lstrip("0")) >= _ENOUGH_DIGITS):
        return 0.0
    return float(0.5 * 10.0 ** (int(exponent or 0) - len(decimals)) * (1 + _NEAR))
