"""A bank's file to checked values that remember their places; errors are collected, not raised one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from dlquiz.bank import coherence, tree
from dlquiz.bank import format as bank_format
from dlquiz.bank import paths as bank_paths
from dlquiz.bank.tree import problem
from dlquiz.errors import Problem
from dlquiz.text import slug

NULLS = ("", "~", "null", "Null", "NULL")
_compiled = cache(re.compile)


class Placed(dict[str, Any]):
    """A mapping that knows where it and its keys were written: line and column, from 1."""

    __slots__ = ("at", "place")

    def __init__(self, position: tuple[int, int]) -> None:
        super().__init__()
        self.place = position
        self.at: dict[str, tuple[int, int]] = {}


@dataclass(slots=True)
class BankFile:
    """What one file says. Ids are full; a note has `id`, `topic` and `cards`, each card its full `id`."""

    path: str
    bank: str = ""
    was: list[str] = field(default_factory=list)  #: former names of the bank, oldest first
    topic: str = ""
    title: str = ""
    aliases: list[str] = field(default_factory=list)
    notes: list[Placed] = field(default_factory=list)
    retired: list[Placed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """What stands before its ids: `mine/`, nothing in the built-in bank."""
        return f"{self.bank}/" if self.bank else ""

    @property
    def errors(self) -> list[Problem]:
        return [fault for fault in self.problems if fault.level == "error"]

    def cards(self) -> Iterator[tuple[Placed, Placed]]:
        """Each atomic card with its note."""
        for note in self.notes:
            for card in note["cards"]:
                yield note, card


def read(path: Path, *, builtin: bool, shown_path: str = "") -> BankFile:
    """Read a bank's file.

    Args:
        path: The file.
        builtin: Belongs to the built-in bank: `bank:` is neither needed nor allowed.
        shown: The path as messages name it; default: `path`.
    """
    out = BankFile(shown_path or str(path))
    top = _load(path, out.path, bank_format.BANK, out.problems)
    if top is None:
        return out
    out.bank, out.topic, out.title = top.get("bank", ""), top.get("topic", ""), top.get("title", "")
    if not builtin and not out.bank and not out.errors:
        message = "the file has no 'bank:'; add 'bank: YOUR-SLUG' at its top, progress hangs on it"
        out.problems.append(problem(out.path, (1, 1), message))
    if builtin and out.bank:
        message = "the built-in bank has no 'bank:'; remove the line"
        out.problems.append(problem(out.path, top.at["bank"], message))
    out.was = top.get("was", [])
    if out.was and (builtin or out.bank in out.was):
        message = (
            "'was' lists a bank's former names, never today's; remove it"
            if out.bank
            else "'was' needs 'bank:'; remove it"
        )
        out.problems.append(problem(out.path, top.at["was"], message))
    out.topic = out.topic or slug.slug(path.stem, longest=len(path.stem)) or "bank"
    out.title = out.title or out.topic.replace("-", " ").capitalize()
    out.aliases, out.notes, out.retired = top.get("aliases", []), top.get("notes", []), top.get("retired", [])
    if not out.notes and not out.retired and not out.errors:
        out.problems.append(problem(out.path, top.at.get("notes", (1, 1)), "the file has no notes; add one"))
    if not out.errors:
        _name(out)
        _cohere(out)
    return out


def read_sources(path: Path, problems: list[Problem], shown_path: str = "") -> dict[str, Placed]:
    """The entries of a `sources.yaml`, by key; nothing when there is no such file."""
    if not path.is_file():
        return {}
    top = _load(path, shown_path or str(path), bank_format.SOURCES, problems)
    return top.get("sources", {}) if top else {}


def read_glossary(path: Path, problems: list[Problem], shown_path: str = "") -> dict[str, str]:
    """The entries of a `glossary.yaml`, by name; nothing when there is no such file."""
    if not path.is_file():
        return {}
    top = _load(path, shown_path or str(path), bank_format.GLOSSARY, problems)
    return top.get("glossary", {}) if top else {}


def _load(path: Path, name: str, shape: bank_format.Struct, problems: list[Problem]) -> Placed | None:
    """A file's top mapping, checked against its shape; None when it is unusable."""
    try:
        text = tree.decode(tree.contents(path))
        top, duplicates = tree.parse(text)
    except OSError as error:
        problems.append(bank_paths.unreadable(name, error))
        return None
    except tree.Refused as refused:
        problems.append(problem(name, refused.place, refused.message))
        return None
    for line, column, key in duplicates:
        problems.append(problem(name, (line, column), f"the key '{tree.shown(key)}' stands twice here; remove one"))
    if isinstance(top, tree.Scalar) and top.plain and top.text in NULLS:
        problems.append(problem(name, (1, 1), f"the file is empty; add '{shape.required[0]}:'"))
        return None
    value = _Reader(name, problems).value(top, shape, shape.name)
    return value if isinstance(value, Placed) else None


class _Reader:
    """Walks a tree along a shape and collects what does not fit."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems

    def say(self, position: tuple[int, int], message: str) -> None:
        self.problems.append(problem(self.path, position, message))

    def value(self, node: tree.Tree, shape: bank_format.Shape, name: str) -> Any:
        """The plain value; None when it does not fit, after the problem has been recorded."""
        return _READERS[type(shape)](self, node, shape, name)

    def truth(self, node: tree.Tree, _shape: bank_format.Truth, name: str) -> bool | None:
        if isinstance(node, tree.Scalar) and node.plain and node.text in bank_format.TRUTHS:
            return bank_format.TRUTHS[node.text]
        self.say(node.place, f"'{name}' must be true or false; write one of them, without quotes")
        return None

    def entries(self, node: tree.Tree, shape: bank_format.List, name: str) -> list[Any] | None:
        if isinstance(node, tree.Sequence):
            values = [self.value(item, shape.of, name) for item in node.items]
            return [value for value in values if value is not None]
        self.say(node.place, f"'{name}' must be a list; put '- ' before each entry or write [one, two]")
        return None

    def text(self, node: tree.Tree, shape: bank_format.TextField, name: str) -> str | None:
        if not isinstance(node, tree.Scalar):
            self.say(node.place, f"'{name}' must be {shape.means}, not a {_kind(node)}; put it in quotes")
            return None
        if not shape.loose and node.plain and bank_format.is_number_or_truth(node.text):
            self.say(
                node.place, f"'{name}' must be {shape.means}, not the value {tree.shown(node.text)}; put it in quotes"
            )
            return None
        if node.comment and not shape.pattern and not shape.choices:
            message = f"a comment begins right behind this text; if the # belongs to '{name}', put the text in quotes"
            self.problems.append(problem(self.path, node.comment, message, "advice"))
        value = node.text.strip()
        if not value:
            self.say(node.place, f"'{name}' is empty; write something or remove it")
        elif shape.choices and value not in shape.choices:
            self.say(node.place, f"'{name}' is '{tree.shown(value)}'; it may be {', '.join(shape.choices)}")
        elif shape.pattern and not _compiled(shape.pattern).fullmatch(value):
            self.say(node.place, f"'{name}' is '{tree.shown(value)}'; it must be {shape.means}")
        else:
            return value
        return None

    def whole(self, node: tree.Tree, shape: bank_format.Whole, name: str) -> int | None:
        if isinstance(node, tree.Scalar) and node.plain and bank_format.INTEGER.fullmatch(node.text):
            value = int(node.text)
            if shape.low <= value <= shape.high:
                return value
        self.say(
            node.place, f"'{name}' must be a whole number from {shape.low} to {shape.high}; write one, without quotes"
        )
        return None

    def values(self, node: tree.Tree, shape: bank_format.Values, name: str) -> list[float] | None:
        numbers: list[float] = []
        for item in node.items if isinstance(node, tree.Sequence) else [node]:
            match = bank_format.NUMBER.fullmatch(item.text) if isinstance(item, tree.Scalar) and item.plain else None
            if match is None:
                self.say(item.place, f"'{name}' takes numbers like 3, 0.5 or 1e-3; write [one, two], without quotes")
                return None
            numbers.append(float(match[0]) if match[1] or match[2] else int(match[0]))
        if shape.low <= len(numbers) == len(set(numbers)) <= shape.high:
            return numbers
        self.say(node.place, f"'{name}' takes {shape.low} to {shape.high} numbers, each once; add or remove some")
        return None

    def table(self, node: tree.Tree, shape: bank_format.MappingOf, name: str) -> Placed | None:
        if not isinstance(node, tree.Mapping):
            self.say(node.place, f"'{name}' must be a mapping; write 'key: value'")
            return None
        out = Placed(node.place)
        for key, (position, inner) in node.items.items():
            if shape.keys and not re.fullmatch(shape.keys, key):
                self.say(position, f"'{tree.shown(key)}' is no{shape.means.removeprefix('a')}")
                continue
            value = self.value(inner, shape.of, tree.shown(key))
            if value is not None:
                out[key] = value
                out.at[key] = position
        return out

    def struct(self, node: tree.Tree, shape: bank_format.Struct, _name: str) -> Placed | None:
        if not isinstance(node, tree.Mapping):
            needs = ", ".join(f"'{key}:'" for key in shape.required)
            message = f"a {shape.name} must be a mapping with {needs}, not a {_kind(node)}; write each as 'key: value'"
            self.say(node.place, message)
            return None
        out = Placed(node.place)
        for key, (position, inner) in node.items.items():
            if key not in shape.keys:
                hint = "" if re.fullmatch(r"[\w -]*", key) else "; a text with a comma inside {...} stands in quotes"
                may = f"it may have {', '.join(shape.keys)}{hint}"
                self.say(position, f"'{tree.shown(key)}' is an unknown field of a {shape.name}; {may}")
                continue
            out.at[key] = position
            if isinstance(inner, tree.Scalar) and inner.plain and inner.text in NULLS:
                if key not in shape.required:
                    self.say(position, f"'{key}:' has no value; write one or remove the line")
                continue
            value = self.value(inner, shape.keys[key][0], key)
            if value is not None:
                out[key] = value
        for key in shape.required:
            if key not in node.items or _is_null(node.items[key][1]):
                called = out.get("id") or out.get("question")
                named = f"{shape.name} '{tree.shown(called)}'" if called else f"this {shape.name}"
                self.say(node.place, f"{named} has no {key}; add the line '{key}: ...'")
        return out


_READERS: Mapping[type, Callable[[_Reader, Any, Any, str], Any]] = {
    bank_format.TextField: _Reader.text,
    bank_format.Whole: _Reader.whole,
    bank_format.Truth: _Reader.truth,
    bank_format.List: _Reader.entries,
    bank_format.Values: _Reader.values,
    bank_format.MappingOf: _Reader.table,
    bank_format.Struct: _Reader.struct,
}


def _kind(node: tree.Tree) -> str:
    return {tree.Sequence: "list", tree.Mapping: "mapping"}.get(type(node), "single value")


def _is_null(node: tree.Tree) -> bool:
    return isinstance(node, tree.Scalar) and node.plain and node.text in NULLS


def _name(file: BankFile) -> None:
    """Give every note, card and key point its full id, and every note its topic and cards."""
    prefix = file.prefix
    for note in file.notes:
        note["id"] = prefix + note["id"]
        note["topic"] = note.get("topic", file.topic)
        note.setdefault("cards", [])
        for card in note["cards"]:
            card["id"] = f"{note['id']}.{card['id']}"
            card["kind"] = card.get("kind", "basic")
        for point in note.get("key_points", ()):
            point["id"] = f"{note['id']}#{point['id']}"


def _cohere(file: BankFile) -> None:
    """Errors within a file that no shape can express."""
    for note in file.notes:
        faulty = ((note, fault) for fault in coherence.note_faults(note))
        of_cards = ((card, fault) for card in note["cards"] for fault in coherence.card_faults(card, note))
        for entry, (key, message) in (*faulty, *of_cards):
            file.problems.append(problem(file.path, entry.at.get(key, entry.place), message))
