"""Card templates of Anki: fields and conditions between double braces, clozes, a few filters. Gives HTML; runs no script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

DEEPEST = 40  # conditions or clozes within each other
LONGEST = 200_000  # characters of a rendered side: a field can stand in a template a thousand times
_TAG = re.compile(r"\{\{\{?([^{}]*)\}?\}\}")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_ANSWER = re.compile(r"<hr\b[^<>]*\bid\s*=\s*[\"']?answer\b[^<>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"<(?!img\b|audio\b|video\b)[^<>]*>|&nbsp;|\s", re.IGNORECASE)
_CLOZE = re.compile(r"\{\{c(\d{1,3}(?:,\d{1,3})*)::|\}\}")
_KANJI = re.compile(r" ?([^ <>\[\]]{1,50}?)\[([^\[\]]*)\]")  # Anki's way of writing a reading: 漢字[かんじ]
_OCCLUSION = "image-occlusion:"
_MASKS = {"Question Mask", "Answer Mask"}  # fields
BLANK = "[...]"


class Side(NamedTuple):
    """A rendered side of a card."""

    html: str
    lost: frozenset[str] = frozenset()  #: what its template asked for and this program has not


class _Field(NamedTuple):
    name: str
    filters: tuple[str, ...]  #: the one nearest to the name first


class _If(NamedTuple):
    name: str
    wanted: bool  #: shown when the field holds something, or when it does not
    inner: tuple[_Node, ...]


_Node = str | _Field | _If


class Scene(NamedTuple):
    """What a template can show."""

    fields: Mapping[str, str]
    extra: Mapping[str, str]  #: Tags, Deck, Subdeck, Type, Card
    cloze: int | None = None  #: the number that this card asks, from 1


def question(front: str, scene: Scene) -> Side:
    """The side that asks."""
    return _side(front, scene, back=False)


def answer(back: str, scene: Scene) -> Side:
    """The side that answers, without the question: what stands below the line that Anki scrolls to, where there is such a line."""
    side = _side(back, scene, back=True)
    return side._replace(html=_ANSWER.split(side.html)[-1])


def cloze(text: str, number: int) -> tuple[str, list[str]]:
    """A text with this cloze blanked, and what belongs into the blanks."""
    return _cloze(text, number, blank=True)


def asks(text: str) -> set[int]:
    """The numbers of the clozes in a text."""
    return {int(number) for match in _CLOZE.finditer(text) if match[1] for number in match[1].split(",")}


def is_occlusion(fields: Mapping[str, str]) -> bool:
    """Does the note hide parts of a picture? Anki's own type, and that of the add-on before it."""
    return fields.keys() >= _MASKS or any(_OCCLUSION in value for value in fields.values())


def _side(template: str, scene: Scene, *, back: bool) -> Side:
    lost: set[str] = set()
    if _SCRIPT.search(template):
        lost.add("JavaScript")
    out: list[str] = []
    size = 0
    for piece in _shown(_parsed(template), scene, lost, back=back):
        size += len(piece)
        if size > LONGEST:
            lost.add("the end of a very long text")
            break
        out.append(piece)
    return Side("".join(out), frozenset(lost))


def _shown(nodes: tuple[_Node, ...], scene: Scene, lost: set[str], *, back: bool) -> Iterator[str]:
    for node in nodes:
        match node:
            case str():
                yield node
            case _If():
                if _holds(node.name, scene) is node.wanted:
                    yield from _shown(node.inner, scene, lost, back=back)
            case _Field():
                yield _value(node, scene, lost, back=back)


def _holds(name: str, scene: Scene) -> bool:
    """Is there anything in the field? `c1` asks for the card of that cloze."""
    if re.fullmatch(r"c\d+", name) and name not in scene.fields:
        return scene.cloze == int(name[1:4])
    value = scene.fields.get(name, scene.extra.get(name, ""))
    return bool(_MARKUP.sub("", value))


def _value(node: _Field, scene: Scene, lost: set[str], *, back: bool) -> str:
    if node.name == "FrontSide":
        return ""  # the question stands apart
    value = scene.fields.get(node.name, scene.extra.get(node.name, ""))
    for name in node.filters:
        match name.split(" ")[0]:
            case "cloze" | "cloze-only":
                value = _as_cloze(value, scene, back=back, only=name == "cloze-only")
            case "text":
                value = re.sub(r"<[^<>]*>", "", value)
            case "type":
                value = value if back else ""
            case "hint":
                value = value if back else ""  # folded up until somebody clicks
            case "kanji":
                value = _KANJI.sub(r"\1", value)
            case "kana":
                value = _KANJI.sub(r"\2", value)
            case "furigana":
                value = _KANJI.sub(r"\1 (\2)", value)
            case "tts":
                lost.add("text read aloud")
                value = ""
            case _:
                pass  # a filter of an add-on: Anki without it shows the field as it is
    return value


def _as_cloze(text: str, scene: Scene, *, back: bool, only: bool) -> str:
    if scene.cloze is None:
        return _cloze(text, 0, blank=False)[0]
    visible, gaps = _cloze(text, scene.cloze, blank=not back)
    return ", ".join(gaps if back else [BLANK] * len(gaps)) if only else visible


def _cloze(text: str, number: int, *, blank: bool) -> tuple[str, list[str]]:
    """The text without the marks of its clozes, those of this number blanked or not; clozes may stand in each other."""
    open_ones: list[tuple[set[int], list[str]]] = [(set(), [])]
    gaps: list[str] = []
    at = 0
    for mark in _CLOZE.finditer(text):
        open_ones[-1][1].append(text[at : mark.start()])
        at = mark.end()
        if mark[1] and len(open_ones) <= DEEPEST:
            open_ones.append(({int(n) for n in mark[1].split(",")}, []))
        elif mark[1] or len(open_ones) == 1:
            open_ones[-1][1].append(mark[0])  # too deep, or the end of nothing: text like any other
        else:
            numbers, pieces = open_ones.pop()
            inner, _, hint = "".join(pieces).partition("::")
            if number in numbers:
                gaps.append(inner)
                inner = (f"{BLANK} ({hint})" if hint else BLANK) if blank else inner
            open_ones[-1][1].append(inner)
    open_ones[-1][1].append(text[at:])
    return "".join("".join(pieces) for _, pieces in open_ones), gaps


@cache
def _parsed(template: str) -> tuple[_Node, ...]:
    """A template's pieces. A condition that is never closed reaches to the end; one that was never opened is passed over."""
    stack: list[tuple[str, bool, list[_Node]]] = [("", True, [])]
    text = _COMMENT.sub("", template)
    at = 0
    for tag in _TAG.finditer(text):
        stack[-1][2].append(text[at : tag.start()])
        at = tag.end()
        content = tag[1].strip()
        kind, name = content[:1], content[1:].strip()
        if kind in ("#", "^") and len(stack) <= DEEPEST:
            stack.append((name, kind == "#", []))
        elif kind == "/":
            if any(opened == name for opened, _, _ in stack[1:]):
                while _close(stack) != name:
                    pass
        elif kind not in ("#", "^", "!"):
            *filters, name = (word.strip() for word in content.split(":"))
            stack[-1][2].append(_Field(name, tuple(reversed(filters))))
    stack[-1][2].append(text[at:])
    while len(stack) > 1:
        _close(stack)
    return tuple(stack[0][2])


def _close(stack: list[tuple[str, bool, list[_Node]]]) -> str:
    name, if_filled, inner = stack.pop()
    stack[-1][2].append(_If(name, if_filled, tuple(inner)))
    return name
