"""YAML text to a tree of values that know their places; anything dangerous is refused with a message."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from dlquiz.errors import Problem
from dlquiz.text.phrases import number

MAX_BYTES = 200_000_000
MAX_DEPTH = 20  # the format needs seven
SHOWN = 60  # characters of a file that a message quotes
BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what ends a line for YAML
FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # YAML 1.1, 5.1

_ESCAPE = re.compile(r"\\(?:\r\n|[\s\S])")
# What YAML makes of these in double quotes is no text: "$\theta$" is a tab and "heta", "\nu" a new line and "u".
_LOST = re.compile(
    r"\\(?:[0abvfre_]|x(?:[01][0-9a-fA-F]|7[fF]|[89][0-9a-fA-F])|u00(?:[01][0-9a-fA-F]|7[fF]|[89][0-9a-fA-F]))"
)
_LOST_NAME = re.compile(
    r"\\(?:n(?:abla|otin|subseteq|leq|geq)|t(?:heta|au|ext\w*|ilde|imes|anh|frac|riangle\w*)|L(?:ambda|eftarrow)|P(?:hi|si|i))(?![a-z])"
)
_LOST_IN_FORMULA = re.compile(
    r"\\[tLPN]|\\n(?:u|e|eq|eg|ot|i|less|exists|parallel|mid|cong|sim|rightarrow|leftarrow)(?![A-Za-z])"
)
_COMMENT = re.compile(r"[ \t]+#")

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
    comment: tuple[int, int] | None = None  #: where a comment begins right behind it


@dataclass(slots=True)
class Sequence:
    items: list[Tree]
    place: tuple[int, int]


@dataclass(slots=True)
class Mapping:
    items: dict[str, tuple[tuple[int, int], Tree]]  #: key -> its place, its value
    place: tuple[int, int]


Tree = Scalar | Sequence | Mapping


def contents(path: Path) -> bytes:
    """A file's bytes; of an oversized file only slightly more than a bank may have.

    Raises:
        OSError: It can't be read.
    """
    with open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)


def decode(raw: bytes) -> str:
    """The text of a file.

    Raises:
        Refused: Too big, not UTF-8, or holding NUL bytes.
    """
    if len(raw) > MAX_BYTES:
        raise Refused(1, 1, f"the file has more than {number(MAX_BYTES)} bytes; split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        raise Refused(*_after(before), "the file is not UTF-8; save it as UTF-8") from error
    if "\0" in text:
        raise Refused(*_after(text[: text.index("\0")]), "the file holds a NUL byte; save it as UTF-8 text")
    return text


def parse(text: str) -> tuple[Tree, list[tuple[int, int, str]]]:
    """The one document of a YAML text, and the duplicate keys in it; no document at all is an empty scalar.

    Raises:
        Refused: No YAML, several documents, anchors, aliases, tags, control characters, or nested too deeply.
    """
    with _refused(text):
        loader = LOADER(text)
        try:
            return _document(_Builder(text, loader.get_event))
        finally:
            loader.dispose()


def _document(builder: _Builder) -> tuple[Tree, list[tuple[int, int, str]]]:
    following = builder.following
    if not isinstance(following(), yaml.StreamStartEvent):
        raise Refused(1, 1, "the file can't be read as YAML; see docs/bank-format.md")
    if not isinstance(following(), yaml.DocumentStartEvent):
        return Scalar("", True, (1, 1)), builder.duplicates
    tree = builder.value(following(), 0)
    following()  # the document's end
    after = following()
    if not isinstance(after, yaml.StreamEndEvent):
        raise Refused(
            after.start_mark.line + 1,
            after.start_mark.column + 1,
            "a second document begins here; keep one in each file",
        )
    return tree, builder.duplicates


@contextmanager
def _refused(text: str) -> Iterator[None]:
    """Turn what PyYAML raises into a message with its place."""
    try:
        yield
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Refused(
            line,
            column,
            f"no valid YAML: {shown(error.problem or error.context or 'something is missing')}; mend this line",
        ) from error
    except yaml.reader.ReaderError as error:
        before = FORBIDDEN.split(text, maxsplit=1)[0]  # the error counts characters or bytes, as it comes
        code = ord(text[len(before)])
        raise Refused(*_after(before), f"a character that YAML does not allow (U+{code:04X}); remove it") from error
    except ValueError as error:  # from chr(), where PyYAML comes without its C half
        raise Refused(1, 1, "no valid YAML: an escape that stands for no character; correct it") from error
    except yaml.YAMLError as error:
        raise Refused(1, 1, f"no valid YAML: {shown(str(error))}; mend the file") from error


def _after(before: str) -> tuple[int, int]:
    """Line and column of what follows this text."""
    lines = BREAK.split(before)
    return len(lines), len(lines[-1]) + 1


def shown(text: str) -> str:
    """A piece of the file as a message quotes it: on one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 3] + "..."


class _Builder:
    """Makes values of events."""

    def __init__(self, text: str, following: Callable[[], Any]) -> None:
        self.text, self.following = text, following
        self.duplicates: list[tuple[int, int, str]] = []
        self._comments = " #" in text or "\t#" in text

    def value(self, event: Any, depth: int) -> Tree:
        kind, mark = type(event), event.start_mark
        position = (mark.line + 1, mark.column + 1)
        if depth > MAX_DEPTH or event.anchor or (kind is not yaml.AliasEvent and event.tag and event.tag != "!"):
            self.refuse(event, position, depth)
        if kind is yaml.ScalarEvent:
            return self.scalar(event, position)
        if kind is yaml.SequenceStartEvent:
            items: list[Tree] = []
            while type(inner := self.following()) is not yaml.SequenceEndEvent:
                items.append(self.value(inner, depth + 1))
            return Sequence(items, position)
        return self.mapping(position, depth)

    def refuse(self, event: Any, position: tuple[int, int], depth: int) -> NoReturn:
        """Refuse what YAML can do and a bank doesn't need.

        Raises:
            Refused: Always, with the reason.
        """
        if depth > MAX_DEPTH:
            why = f"nested more than {MAX_DEPTH} deep; a bank needs seven levels, take some away"
        elif isinstance(event, yaml.AliasEvent):
            why = f"'*{shown(str(event.anchor))}' is a YAML alias, which banks don't use; write the value out"
        elif event.anchor:
            why = f"'&{shown(event.anchor)}' is a YAML anchor, which banks don't use; remove it"
        else:
            why = f"'{shown(event.tag)}' is a YAML tag, which banks don't use; remove it"
        raise Refused(*position, why)

    def mapping(self, position: tuple[int, int], depth: int) -> Mapping:
        pairs: dict[str, tuple[tuple[int, int], Tree]] = {}
        while type(inner := self.following()) is not yaml.MappingEndEvent:
            key = self.value(inner, depth + 1)
            if not isinstance(key, Scalar):
                raise Refused(*key.place, "a key must be a single word; write it without brackets")
            value = self.value(self.following(), depth + 1)
            if key.text in pairs:
                self.duplicates.append((*key.place, key.text))
            else:
                pairs[key.text] = (key.place, value)
        return Mapping(pairs, position)

    def scalar(self, event: Any, position: tuple[int, int]) -> Scalar:
        if event.style == '"':
            self.refuse_escapes(event, position)
        comment = None
        if self._comments and not event.style and _COMMENT.match(self.text, event.end_mark.index):
            comment = (event.end_mark.line + 1, event.end_mark.column + 2)
        return Scalar(event.value, not event.style, position, comment)

    def refuse_escapes(self, event: Any, position: tuple[int, int]) -> None:
        """Refuse a text in double quotes that no bank can hold, or whose backslashes were meant as such: only escapes make these.

        Raises:
            Refused: It is one.
        """
        try:
            event.value.encode()
        except UnicodeEncodeError as error:
            raise Refused(*position, "half a character is escaped here; write the whole one") from error
        if "\0" in event.value:
            raise Refused(*position, "a NUL character is escaped here; remove it")
        if "\\" in (written := self.text[event.start_mark.index : event.end_mark.index]):
            self.refuse_lost(written, event.start_mark.index)

    def refuse_lost(self, written: str, start: int) -> None:
        """Refuse a text in double quotes whose backslashes YAML reads as escapes.

        Raises:
            Refused: It has one.
        """
        for escape in _ESCAPE.finditer(written):
            at = escape.start()
            in_formula = written.count("$", 0, at) % 2 == 1
            lost = (
                _LOST.match(written, at)
                or _LOST_NAME.match(written, at)
                or (in_formula and _LOST_IN_FORMULA.match(written, at))
            )
            if lost:
                word = re.compile(r"\\[A-Za-z]*").match(written, at)
                raise Refused(
                    *_after(self.text[: start + at]),
                    f"in double quotes YAML makes a control character of '{word[0] if word else lost[0]}'; use single quotes",
                )


def problem(path: str, position: tuple[int, int], message: str, level: str = "error") -> Problem:
    """A problem at a place of a tree."""
    return Problem(path, position[0], position[1], level, message)
