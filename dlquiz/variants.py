"""Fresh numbers: which ones a card is shown with, and its texts with them in place of `{{expressions}}`.

A card's fields may have `numbers`, name -> the values it may take; `numbers` in a signature here are one value for each name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import product
from math import isfinite, prod
from typing import Any

from dlquiz import rng
from dlquiz.text.phrases import number

Fields = Mapping[str, Any]
Numbers = Mapping[str, float]

TEXTS = ("front", "back", "accept", "why", "notation")  # where expressions stand
MOST = 1000  # combinations of a card: each is computed when its file is read
DIGITS = 15  # as many as a float keeps
GROUPED = 10_000  # from here on digits stand in threes: 4096, but 65 536
EXPRESSION = re.compile(r"\{\{([^{}]+)\}\}")  # `^{{{n}}}` is LaTeX's braces around one


def combinations(fields: Fields) -> list[dict[str, float]]:
    """Every choice of a card's numbers, the example first; a single empty choice for a card without numbers."""
    lists = fields.get("numbers", {})
    return [dict(zip(lists, values, strict=True)) for values in product(*lists.values())]


def example(fields: Fields) -> dict[str, float]:
    """The numbers that a card shows wherever it is read rather than asked: the first value of each list."""
    return {name: values[0] for name, values in fields.get("numbers", {}).items()}


def drawn(fields: Fields, answers: int, seed: str = "") -> dict[str, float]:
    """The numbers of a card after so many answers: the same until it is answered, then others, each once before any repeats.

    Args:
        fields: The card's.
        answers: How often it has been answered.
        seed: Of practice, where the numbers change over time although nothing is answered.
    """
    if not fields.get("numbers"):
        return {}
    order = rng.shuffled(combinations(fields), " ".join(filter(None, (fields["id"], "numbers", seed))))
    return order[answers % len(order)]


def params(numbers: Numbers) -> str | None:
    """A card's numbers as the log keeps them; None for a card without numbers."""
    return json.dumps(numbers, sort_keys=True, separators=(",", ":")) if numbers else None


def kept(fields: Fields, logged: str | None) -> dict[str, float] | None:
    """The numbers logged with an answer; None when the card can no longer be shown with them."""
    try:
        logged_numbers = json.loads(logged or "")
    except ValueError:
        return None
    return next((numbers for numbers in combinations(fields) if numbers and numbers == logged_numbers), None)


def filled(fields: Fields, numbers: Numbers | None = None) -> Fields:
    """A card's fields with these numbers, or its example's, in its texts; unchanged for a card without numbers."""
    if not fields.get("numbers"):
        return fields
    values = numbers or example(fields)
    out = dict(fields)
    for key in TEXTS:
        if isinstance(fields.get(key), str):
            out[key] = text(fields[key], values)
        elif key in fields:
            out[key] = [text(entry, values) for entry in fields[key]]
    if "parts" in fields:
        out["parts"] = [
            {**part, "accept": [text(entry, values) for entry in part["accept"]]} for part in fields["parts"]
        ]
    return out


def text(template: str, numbers: Numbers) -> str:
    """A text with the values of its expressions.

    Raises:
        ExpressionError: One can't be computed with these numbers.
    """
    return EXPRESSION.sub(lambda match: _value(match[1], numbers), template)


def written(value: float) -> str:
    """A number as the bank writes it: 4096, 65 536, 0.25, 1e-06.

    Raises:
        ExpressionError: It is a boolean, not finite, or has more digits than are exact.
    """
    from dlquiz.expression import ExpressionError

    if isinstance(value, bool):
        raise ExpressionError("it is a comparison, no number")
    if abs(value) >= 10**DIGITS or not isfinite(value):
        raise ExpressionError(f"its value has more than {DIGITS} digits")
    digits = f"{value:_}" if isinstance(value, int) else f"{value:_.12g}"  # beyond the twelfth is a float's noise
    return digits.replace("_", " " if abs(value) >= GROUPED else "")


def _value(source: str, numbers: Numbers) -> str:
    from dlquiz import expression  # rarely needed, and not cheap

    return written(expression.evaluate(source, numbers))


def named(numbers: Numbers) -> str:
    """Numbers in words: `n = 3, k = 5`."""
    return ", ".join(f"{name} = {written(value)}" for name, value in numbers.items())


def faults(fields: Fields) -> Iterator[tuple[str, str]]:
    """What makes a card with numbers unfit to be shown: the key to blame, and what to do."""
    lists = fields.get("numbers", {})
    reserved = [name for name in lists if _reserved(name)]
    count = prod(map(len, lists.values()))
    if reserved:
        yield "numbers", f"'{reserved[0]}' is a word of the arithmetic; give that number another name"
    elif count > MOST:
        yield (
            "numbers",
            f"the numbers make {number(count)} combinations, at most {number(MOST)} may be; take some values away",
        )
    elif lists and fields["kind"] == "choice":
        yield "numbers", "a choice card's answers are fixed; remove 'numbers' or make it another kind"
    elif lists:
        for key in ("check", "text"):
            if EXPRESSION.search(json.dumps(fields.get(key, ""))):
                yield key, f"'{key}' takes no {{{{...}}}}; take the braces away, a check knows the names without them"
        every = combinations(fields)
        for key, source in _expressions(fields):
            fault = next(filter(None, (_fault(source, numbers) for numbers in every)), "")
            if fault:
                yield key, f"'{{{{{source}}}}}' can't be computed {fault}; correct it or the numbers"


def unused(fields: Fields) -> list[str]:
    """The numbers that no text of the card shows or computes with."""
    used = {word for _, source in _expressions(fields) for word in re.findall(r"\w+", source)}
    return [name for name in fields.get("numbers", {}) if name not in used]


def _expressions(fields: Fields) -> Iterator[tuple[str, str]]:
    """Each expression in a card's texts, with the key that holds it."""
    for key in TEXTS:
        value = fields.get(key, ())
        for line in (value,) if isinstance(value, str) else value:
            yield from ((key, source) for source in EXPRESSION.findall(line))
    answers = (answer for part in fields.get("parts", ()) for answer in part["accept"])
    yield from (("parts", source) for answer in answers for source in EXPRESSION.findall(answer))


def _fault(source: str, numbers: Numbers) -> str:
    from dlquiz.expression import ExpressionError

    try:
        _value(source, numbers)
    except ExpressionError as error:
        return f"with {named(numbers)}: {error}"
    return ""


def _reserved(name: str) -> bool:
    """Does this name mean something else in the arithmetic, or in Python, which parses it?"""
    from keyword import iskeyword

    from dlquiz import expression

    return name in expression.FUNCTIONS or name in expression.NAMES or iskeyword(name)
