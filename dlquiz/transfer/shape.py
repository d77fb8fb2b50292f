"""Values out of somebody else's file, held against a table of shapes: what fits comes back as a plain value, what does not has a place."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from dlquiz.bank import format as bank_format
from dlquiz.bank.format import List, MappingOf, Shape, Struct, Text, Truth, Values, Whole
from dlquiz.errors import BankError

SHOWN = 40  # characters of a key or value that a message quotes
LONGEST_NAME = 120  # characters: what a name comes to has to be a file's name on every system


@dataclass(frozen=True, slots=True)
class Name:
    """A text that becomes an id or a part of a path: whole it follows a pattern, and it is not long."""

    pattern: str
    means: str
    longest: int = LONGEST_NAME


@dataclass(frozen=True, slots=True)
class Made:
    """A text of which a function makes the value; it raises ValueError where there is none."""

    make: Callable[[str], Any]
    means: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value that stands for one of an enumeration."""

    make: Callable[[Any], Any]
    kind: type
    means: str


@dataclass(frozen=True, slots=True)
class Row:
    """A list of so many values, each with its own shape."""

    of: tuple[Any, ...]
    means: str
    more: tuple[Any, ...] = ()  #: what may follow, all of it or nothing


_compiled = cache(re.compile)  # there are a million values to look at
Wanted = Shape | Name | Made | OneOf | Row


class Checker:
    """Follows a value along a shape, and stops at the first place that does not fit."""

    def __init__(self, file: str, advice: str = "export the file again") -> None:
        self._file = file
        self._advice = advice

    def fail(self, place: str, message: str) -> BankError:
        """What is wrong at a place, to be raised."""
        return BankError(f"{self._file}: {place}: {message}; nothing was imported, {self._advice}")

    def value(self, value: Any, wanted: Wanted, place: str) -> Any:
        """The value as it is used.

        Raises:
            BankError: It does not fit.
        """
        return _CHECKS[type(wanted)](self, value, wanted, place)

    def _row(self, value: Any, wanted: Row, place: str) -> tuple[Any, ...]:
        shapes = (*wanted.of, *wanted.more)
        if not isinstance(value, list) or len(value) not in (len(wanted.of), len(shapes)):
            raise self.fail(place, f"it takes {wanted.means}")
        return tuple(self.value(each, shape, place) for each, shape in zip(value, shapes, strict=False))

    def _list(self, value: Any, wanted: List, place: str) -> list[Any]:
        if not isinstance(value, list):
            raise self.fail(place, "it takes a list")
        return [self.value(each, wanted.of, f"{place}[{number}]") for number, each in enumerate(value)]

    def _whole(self, value: Any, wanted: Whole, place: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not wanted.low <= value <= wanted.high:
            raise self.fail(place, f"it takes a whole number from {wanted.low} to {wanted.high}")
        return value

    def _truth(self, value: Any, _wanted: Truth, place: str) -> bool:
        if not isinstance(value, bool):
            raise self.fail(place, "it takes true or false")
        return value

    def _one_of(self, value: Any, wanted: OneOf, place: str) -> Any:
        if not isinstance(value, wanted.kind) or isinstance(value, bool):
            raise self.fail(place, f"it takes {wanted.means}")
        return self._made(value, wanted, place)

    def _struct(self, value: Any, wanted: Struct, place: str) -> dict[str, Any]:
        """A mapping by its named keys; null is as good as no key."""
        if not isinstance(value, dict):
            raise self.fail(place, f"it takes a mapping, a {wanted.name}")
        for key in wanted.required:
            if value.get(key) is None:
                raise self.fail(place, f"it has no '{key}'")
        made = {}
        for key, inner in value.items():
            if key not in wanted.keys:
                raise self.fail(place, f"there is no field '{_shown(key)}' in a {wanted.name}")
            if inner is not None:
                made[key] = self.value(inner, wanted.keys[key][0], f"{place}.{key}" if place else key)
        return made

    def _mapping(self, value: Any, wanted: MappingOf, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.fail(place, "it takes a mapping")
        for key in value:
            if (wanted.keys and not re.fullmatch(wanted.keys, key)) or len(key) > LONGEST_NAME:
                means = wanted.means.partition(";")[0]
                raise self.fail(place, f"'{_shown(key)}' is no{means.removeprefix('a')}")
            self._text(key, place)
        return {key: self.value(inner, wanted.of, f"{place}.{_shown(key)}") for key, inner in value.items()}

    def _numbers(self, value: Any, wanted: Values, place: str) -> list[float]:
        numbers = value if isinstance(value, list) else []
        for number in numbers:
            if not isinstance(number, int | float) or isinstance(number, bool) or not math.isfinite(number):
                raise self.fail(place, "it takes numbers")
            if not bank_format.NUMBER.fullmatch(repr(number)):
                raise self.fail(place, f"the number {_shown(repr(number))} is too long")
        if not wanted.low <= len(numbers) == len(set(numbers)) <= wanted.high:
            raise self.fail(place, f"it takes {wanted.low} to {wanted.high} numbers, each once")
        return list(numbers)

    def _patterned(self, value: Any, wanted: Text | Name, place: str) -> str:
        text = self._text(value, place)
        if isinstance(wanted, Name):
            if len(text) > wanted.longest:
                raise self.fail(place, f"it takes {wanted.longest} characters at most")
        elif wanted.choices and text not in wanted.choices:
            raise self.fail(place, f"it is one of {', '.join(wanted.choices)}")
        if wanted.pattern and not _compiled(wanted.pattern).fullmatch(text):
            raise self.fail(place, f"'{_shown(text)}' is not {wanted.means}")
        return text

    def _text(self, value: Any, place: str) -> str:
        if not isinstance(value, str):
            raise self.fail(place, "it takes a text")
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise self.fail(place, "it holds half a character (a lone surrogate)") from None
        return value

    def _from_text(self, value: Any, wanted: Made, place: str) -> Any:
        return self._made(self._text(value, place), wanted, place)

    def _made(self, value: Any, wanted: Made | OneOf, place: str) -> Any:
        try:
            return wanted.make(value)
        except (ValueError, RecursionError):
            raise self.fail(place, f"it takes {wanted.means}") from None


_CHECKS: Mapping[type, Callable[[Checker, Any, Any, str], Any]] = {
    Struct: Checker._struct,
    Row: Checker._row,
    List: Checker._list,
    MappingOf: Checker._mapping,
    Whole: Checker._whole,
    Truth: Checker._truth,
    Values: Checker._numbers,
    OneOf: Checker._one_of,
    Made: Checker._from_text,
    Text: Checker._patterned,
    Name: Checker._patterned,
}


def json_mapping(text: str) -> str:
    """A text that is a mapping in JSON, as it is.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(json.loads(text), dict):
        raise ValueError(text)
    return text


def changed(wanted: Struct, **keys: Any) -> Struct:
    """The same mapping with other shapes under these keys."""
    old: Mapping[str, tuple[Any, str]] = wanted.keys
    return Struct(wanted.name, {**old, **{key: (shape, old[key][1]) for key, shape in keys.items()}}, wanted.required)


def _shown(text: str) -> str:
    plain = " ".join(text.encode("utf-8", "replace").decode().split())
    return plain if len(plain) <= SHOWN else f"{plain[:SHOWN]}..."
