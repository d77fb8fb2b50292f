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
from dlquiz.bank.format import List, MappingOf, Shape, Struct, TextField, Truth, Values, Whole
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

    def _row(self, value: Any, expected: Row, path: str) -> tuple[Any, ...]:
        shapes = (*expected.of, *expected.more)
        if not isinstance(value, list) or len(value) not in (len(expected.of), len(shapes)):
            raise self.fail(path, f"it takes {expected.means}")
        return tuple(self.value(item, shape, path) for item, shape in zip(value, shapes, strict=False))

    def _list(self, value: Any, expected: List, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise self.fail(path, "it takes a list")
        return [self.value(item, expected.of, f"{path}[{number}]") for number, item in enumerate(value)]

    def _whole(self, value: Any, expected: Whole, path: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not expected.low <= value <= expected.high:
            raise self.fail(path, f"it takes a whole number from {expected.low} to {expected.high}")
        return value

    def _truth(self, value: Any, _expected: Truth, path: str) -> bool:
        if not isinstance(value, bool):
            raise self.fail(path, "it takes true or false")
        return value

    def _one_of(self, value: Any, expected: OneOf, path: str) -> Any:
        if not isinstance(value, expected.kind) or isinstance(value, bool):
            raise self.fail(path, f"it takes {expected.means}")
        return self._made(value, expected, path)

    def _struct(self, value: Any, expected: Struct, path: str) -> dict[str, Any]:
        """A mapping by its named keys; null is as good as no key."""
        if not isinstance(value, dict):
            raise self.fail(path, f"it takes a mapping, a {expected.name}")
        for key in expected.required:
            if value.get(key) is None:
                raise self.fail(path, f"it has no '{key}'")
        checked = {}
        for key, inner in value.items():
            if key not in expected.keys:
                raise self.fail(path, f"there is no field '{shown(key)}' in a {expected.name}")
            if inner is not None:
                checked[key] = self.value(inner, expected.keys[key][0], f"{path}.{key}" if path else key)
        return checked

    def _mapping(self, value: Any, expected: MappingOf, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.fail(path, "it takes a mapping")
        for key in value:
            if (expected.keys and not re.fullmatch(expected.keys, key)) or len(key) > LONGEST_NAME:
                means = expected.means.partition(";")[0]
                raise self.fail(path, f"'{shown(key)}' is no{means.removeprefix('a')}")
            self._text(key, path)
        return {key: self.value(inner, expected.of, f"{path}.{shown(key)}") for key, inner in value.items()}

    def _numbers(self, value: Any, expected: Values, path: str) -> list[float]:
        numbers = value if isinstance(value, list) else []
        for number in numbers:
            if not isinstance(number, int | float) or isinstance(number, bool) or not math.isfinite(number):
                raise self.fail(path, "it takes numbers")
            if not bank_format.NUMBER.fullmatch(repr(number)):
                raise self.fail(path, f"the number {shown(repr(number))} is too long")
        if not expected.low <= len(numbers) == len(set(numbers)) <= expected.high:
            raise self.fail(path, f"it takes {expected.low} to {expected.high} numbers, each once")
        return list(numbers)

    def _patterned(self, value: Any, expected: TextField | Name, path: str) -> str:
        text = self._text(value, path)
        if isinstance(expected, Name):
            if len(text) > expected.longest:
                raise self.fail(path, f"it takes {expected.longest} characters at most")
        elif expected.choices and text not in expected.choices:
            raise self.fail(path, f"it is one of {', '.join(expected.choices)}")
        if expected.pattern and not _compiled(expected.pattern).fullmatch(text):
            raise self.fail(path, f"'{shown(text)}' is not {expected.means}")
        return text

    def _text(self, value: Any, path: str) -> str:
        if not isinstance(value, str):
            raise self.fail(path, "it takes a text")
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise self.fail(path, "it holds half a character (a lone surrogate)") from None
        return value

    def _from_text(self, value: Any, expected: Made, path: str) -> Any:
        return self._made(self._text(value, path), expected, path)

    def _made(self, value: Any, expected: Made | OneOf, path: str) -> Any:
        try:
            return expected.make(value)
        except (ValueError, RecursionError):
            raise self.fail(path, f"it takes {expected.means}") from None


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
    TextField: Checker._patterned,
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


def changed(struct: Struct, **keys: Any) -> Struct:
    """The same mapping with other shapes under these keys."""
    old: Mapping[str, tuple[Any, str]] = struct.keys
    return Struct(struct.name, {**old, **{key: (shape, old[key][1]) for key, shape in keys.items()}}, struct.required)


def shown(text: str) -> str:
    """A key or value as a message quotes it."""
    plain = " ".join(text.encode("utf-8", "replace").decode().split())
    return plain if len(plain) <= SHOWN else f"{plain[:SHOWN]}..."
