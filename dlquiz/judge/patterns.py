"""The patterns of a rubric as they are written, read into alternatives; where they stand in an answer is decided elsewhere.

`a | b` are alternatives, `a b` stand side by side, `a .. b` within six words in that order, `a & b` within six in any order.
A word means all its forms; `word*` every word that begins so, `=word` just this one, `@name` an entry of the glossary.
`!a` must be denied or prevented.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from dlquiz.judge import lexicon, words

DEPTH = 3  # entries of the glossary that may name each other
PARTS = re.compile(r"\s+(\.\.|&)\s+")


class PatternError(ValueError):
    """A pattern that can't be read; its text says why and what to do."""


@dataclass(frozen=True, slots=True)
class WordPattern:
    """A word of a pattern, or an entry of the glossary."""

    form: str = ""
    sort: str = "stem"  #: stem, prefix, exact or group
    stem: str = ""
    group: tuple[tuple[WordPattern, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """Phrases that stand near each other."""

    phrases: tuple[tuple[WordPattern, ...], ...]
    ordered: bool = True
    denied: bool = False
    text: str = ""
    starts: frozenset[str] = (
        frozenset()
    )  #: stems of which a text that has it has one; none where that takes a closer look


Pattern = tuple[Alternative, ...]
Glossary = Mapping[str, str]


def parse(text: str, glossary: Glossary) -> Pattern:
    """A pattern as it was written.

    Raises:
        PatternError: It can't be read.
    """
    return tuple(_alternative(written, text, glossary) for written in text.split("|"))


def readable(text: str, glossary: Glossary) -> Pattern:
    """The alternatives of a pattern that can be read; the lint names the others."""
    alternatives = []
    for written in text.split("|"):
        with suppress(PatternError):
            alternatives.append(_alternative(written, text, glossary))
    return tuple(alternatives)


def _alternative(text: str, pattern: str, glossary: Glossary) -> Alternative:
    written = text.strip()
    if not written:
        raise PatternError(f"'{pattern}' has an empty alternative; write something on both sides of |")
    denied = written.startswith("!")
    pieces = PARTS.split(written.removeprefix("!").strip())
    signs = set(pieces[1::2])
    if len(signs) > 1:
        raise PatternError(f"'{written}' has both .. and &; use one of them")
    phrases = tuple(_phrase(piece, glossary, DEPTH) for piece in pieces[::2])
    return Alternative(phrases, signs != {"&"}, denied, written, _starts_of(phrases[0]))


def _starts_of(phrase: tuple[WordPattern, ...]) -> frozenset[str]:
    first, *others = phrase
    if first.sort != "stem":
        return frozenset()
    joined = {joined_stem(first.form, others[0].form)} if others and others[0].sort == "stem" else set()
    return frozenset({first.stem, *joined})


def _phrase(text: str, glossary: Glossary, depth: int) -> tuple[WordPattern, ...]:
    atoms: list[WordPattern] = []
    for piece in text.split():
        if piece.startswith("@"):
            atoms.append(WordPattern(piece, "group", group=_entry(piece[1:], glossary, depth)))
        elif piece.startswith("=") and len(piece) > 1:
            atoms.append(WordPattern(_single(piece[1:]), "exact"))
        elif piece.endswith("*") and len(piece) > 3:
            atoms.append(WordPattern(_prefix(piece[:-1]), "prefix"))
        else:
            atoms += _plain(piece)
    if not atoms:
        raise PatternError(f"'{text}' holds no word; write one")
    return tuple(atoms)


@cache
def _plain(piece: str) -> tuple[WordPattern, ...]:
    return tuple(WordPattern(word.form, "stem", word.stem) for word in words.read(piece))


def _single(text: str) -> str:
    read = words.read(text)
    if len(read) != 1:
        raise PatternError(f"'{text}' must be one word here")
    return read[0].form


def _prefix(text: str) -> str:
    form = _single(text)
    return text if text in lexicon.SHORT_FORMS else form  # "val*" is no validation yet


def _entry(name: str, glossary: Glossary, depth: int) -> tuple[tuple[WordPattern, ...], ...]:
    if name not in glossary:
        raise PatternError(f"'@{name}' is no entry of the glossary; add it there or correct the name")
    if not depth:
        raise PatternError(f"'@{name}' leads through the glossary too deeply; write it out")
    return tuple(_phrase(phrase.strip(), glossary, depth - 1) for phrase in glossary[name].split("|") if phrase.strip())


def forms(pattern: Sequence[Alternative]) -> set[str]:
    """The words that a pattern is made of, which slips of the fingers are compared with."""
    return {form for alternative in pattern for phrase in alternative.phrases for form in _forms(phrase)}


def _forms(phrase: tuple[WordPattern, ...]) -> set[str]:
    out = {atom.form for atom in phrase if atom.sort in ("stem", "prefix")}
    for atom in phrase:
        for inner in atom.group:
            out |= _forms(inner)
    return out


@cache
def joined_stem(first: str, second: str) -> str:
    """The stem of two words that may be written as one: "mini batch"."""
    return words.stem(first + second)
