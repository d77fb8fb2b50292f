"""Numbers in the text of a card: which ones it has, and what an answer amounts to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isclose

from dlquiz import expression

NUMERAL = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?")
THOUSANDS = re.compile(r"(?<=\d)[ ,_\u00a0\u202f](?=\d{3}(?!\d))")
ARITHMETIC = re.compile(r"[\d.\s+*/()e-]*")
NEAR = 0.05  # a number that the back rounds may differ so much from the one that its check computes


def recomputed(back: str, check: str, chosen: Mapping[str, float]) -> bool:
    """Does the check contain a number of the back, or one that the back rounds or gives as a percentage?

    Args:
        back: With its numbers.
        check: An expression that can be computed.
        chosen: Fresh numbers that it names; with them computed values count too, not only the numbers written in it.
    """
    there, here = _numbers(back), expression.amounts(check, chosen) if chosen else _numbers(check)
    return not there or any(
        abs(amount - computed) <= NEAR * abs(amount) for amount in there for computed in here + [100 * n for n in here]
    )


def differ(first_text: str, second_text: str) -> bool:
    """Do two answers amount to different numbers, like `1/4` and `0.5`? A per cent sign may be left out; words amount to nothing."""
    first, second = _value(first_text), _value(second_text)
    scales = (1, 100, 0.01) if ("%" in first_text) != ("%" in second_text) else (1,)
    return first is not None and second is not None and not any(isclose(first * scale, second) for scale in scales)


def _value(text: str) -> float | None:
    bare = _joined(text.replace("$", "").replace("^", "**").replace("−", "-")).strip()
    number = bare.removesuffix("%").rstrip("\\ ")
    if not ARITHMETIC.fullmatch(number):
        return None
    try:
        value = float(expression.evaluate(number))
    except (expression.ExpressionError, OverflowError):
        return None
    return value / 100 if bare.endswith("%") else value


def _numbers(text: str) -> list[float]:
    return [float(number) for number in NUMERAL.findall(_joined(text))]


def _joined(text: str) -> str:
    """100,480 and 100 480 and 100_480 as 100480."""
    return THOUSANDS.sub("", text)
