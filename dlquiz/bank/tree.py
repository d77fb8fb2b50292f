"""YAML text to a tree of values that know their places; whatever could hurt is refused with a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from dlquiz.errors import Problem

MAX_BYTES = 200_000_000
MAX_DEPTH = 20  # the format needs seven
MAX_PROBLEMS = 50

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Refused(Exception):  # noqa: N818 - no error of ours: it never leaves this room
    """One problem that ends the reading of a file."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.place = (line, column)
        self.message = message


@dataclass(slots=True)
class Scalar:
    text: str
    plain: bool  #: written without quotes
    place: tuple[int, int]


@dataclass(slots=True)
class Sequence:
    items: list[Tree]
    place: tuple[int, int]


@dataclass(slots=True)
class Mapping:
    items: dict[str, tuple[tuple[int, int], Tree]]  #: key -> its place, its value
    place: tuple[int, int]


Tree = Scalar | Sequence | Mapping


def decode(raw: bytes) -> str:
    """The text of a file.

    Raises:
        Refused: Too big, not UTF-8, or holding NUL bytes.
    """
    if len(raw) > MAX_BYTES:
        raise Refused(1, 1, f"the file has {len(raw):,} bytes, more than a bank may have; split it")
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise Refused(line, 1, "the file holds a NUL byte; save it as UTF-8 text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise Refused(line, column, "the file is not UTF-8; save it as UTF-8") from error


def parse(text: str) -> tuple[Tree, list[tuple[int, int, str]]]:
    """The one document of a YAML text, and the duplicate keys in it.

    Raises:
        Refused: No YAML, several documents, anchors, aliases, tags, or nested too deeply.
    """
    duplicates: list[tuple[int, int, str]] = []
    events = _events(text)
    if not isinstance(next(events, None), yaml.StreamStartEvent):
        raise Refused(1, 1, "the file can't be read as YAML; see docs/bank-format.md")
    if not isinstance(next(events), yaml.DocumentStartEvent):
        raise Refused(1, 1, "the file is empty; add 'notes:'")
    tree = _value(next(events), events, duplicates, 0)
    next(events)  # the document's end
    after = next(events)
    if not isinstance(after, yaml.StreamEndEvent):
        line, column = _place(after)
        raise Refused(line, column, "a second document begins here; keep one in each file")
    return tree, duplicates


def _events(text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Refused(line, column, f"no valid YAML: {error.problem or error.context}; mend this line") from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position] if isinstance(error.position, int) else ""
        line = before.count("\n") + 1
        message = f"a character that YAML does not allow ({error.reason}); remove it"
        raise Refused(line, len(before) - before.rfind("\n"), message) from error
    except yaml.YAMLError as error:
        raise Refused(1, 1, f"no valid YAML: {error}; mend the file") from error


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _value(event: Any, events: Iterator[Any], duplicates: list[tuple[int, int, str]], depth: int) -> Tree:
    place = _place(event)
    if depth > MAX_DEPTH:
        raise Refused(*place, f"nested more than {MAX_DEPTH} deep; a bank needs seven levels")
    if isinstance(event, yaml.AliasEvent):
        raise Refused(*place, f"'*{event.anchor}' is a YAML alias, which banks don't use; write the value out")
    if getattr(event, "anchor", None):
        raise Refused(*place, f"'&{event.anchor}' is a YAML anchor, which banks don't use; remove it")
    if getattr(event, "tag", None) and event.tag != "!":
        raise Refused(*place, f"'{event.tag}' is a YAML tag, which banks don't use; remove it")
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, not event.style, place)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Tree] = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            items.append(_value(inner, events, duplicates, depth + 1))
        return Sequence(items, place)
    pairs: dict[str, tuple[tuple[int, int], Tree]] = {}
    while not isinstance(inner := next(events), yaml.MappingEndEvent):
        key = _value(inner, events, duplicates, depth + 1)
        if not isinstance(key, Scalar):
            raise Refused(*key.place, "a key must be a single word")
        value = _value(next(events), events, duplicates, depth + 1)
        if key.text in pairs:
            duplicates.append((*key.place, key.text))
        else:
            pairs[key.text] = (key.place, value)
    return Mapping(pairs, place)


def problem(path: str, place: tuple[int, int], message: str, level: str = "error") -> Problem:
    """A problem at a place of a tree."""
    return Problem(path, place[0], place[1], level, message)
