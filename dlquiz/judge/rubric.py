"""A note's rubrics as the bank has them -> patterns that can be looked for."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dlquiz.card import KeyPoint, text_hash
from dlquiz.judge import patterns, typos
from dlquiz.judge.frames import About, Frames
from dlquiz.judge.patterns import Glossary, Pattern

VERSION = 4  # of the checker: another one may say something else of the same answer
Written = Mapping[str, Mapping[str, str]]  # frames as the bank has them


@dataclass(frozen=True, slots=True)
class PointRubric:
    """What recognises one key point."""

    id: str
    need: tuple[Pattern, ...] = ()
    alone: tuple[Pattern, ...] = ()  #: `or`
    never: tuple[Pattern, ...] = ()  #: `not`
    about: tuple[About, ...] = ()
    deniable: frozenset[int] = frozenset()  #: lines of `need` that its examples deny themselves
    alone_deniable: frozenset[int] = frozenset()
    contrary: Mapping[str, frozenset[str]] = field(default_factory=dict)  #: from `direction.contraries`
    parted: bool = False  #: its examples deny something between the words of its lines

    @property
    def judged(self) -> bool:
        """Can it be recognised? Not where nothing of a line of `need` can be read: the others would say too little."""
        return bool(self.need or self.alone) and all(self.need)


@dataclass(frozen=True, slots=True)
class NoteRubric:
    """What recognises the key points of a note."""

    points: tuple[PointRubric, ...]
    frames: Frames
    version: str  #: changes with the rubrics and with the checker
    targets: typos.Targets  #: all words of its patterns, which slips of the fingers are compared with


def compiled(
    points: Sequence[KeyPoint], frames: Written, glossary: Glossary, known_words: Collection[str]
) -> NoteRubric:
    """The rubrics of a note; alternatives that can't be read are left out, the lint names them."""
    made_frames = {
        frame: {value: patterns.readable(text, glossary) for value, text in values.items()}
        for frame, values in frames.items()
    }
    rubrics = tuple(_point(point, made_frames, glossary) for point in points)
    forms: set[str] = set()
    for rubric in rubrics:
        for pattern in (*rubric.need, *rubric.alone, *rubric.never):
            forms |= patterns.forms(pattern)
    for values in made_frames.values():
        for pattern in values.values():
            forms |= patterns.forms(pattern)
    written = [[point.id, dict(point.rubric)] for point in points]
    about = {frame: dict(values) for frame, values in frames.items()}
    version = text_hash(json.dumps([VERSION, written, about, dict(glossary)], sort_keys=True))
    return NoteRubric(rubrics, made_frames, version, typos.Targets(forms, known_words))


def _point(point: KeyPoint, frames: Frames, glossary: Glossary) -> PointRubric:
    lines = {
        key: tuple(patterns.readable(text, glossary) for text in point.rubric.get(key, ()))
        for key in ("need", "or", "not")
    }
    about = abouts(point.rubric, frames)
    return PointRubric(
        point.id,
        lines["need"],
        tuple(filter(None, lines["or"])),
        tuple(filter(None, lines["not"])),
        tuple(pattern for pattern in about if pattern is not None),
    )


def abouts(rubric: Mapping[str, Any], frames: Mapping[str, Mapping[str, Any]]) -> list[About | None]:
    """What a point must be about; None for a name that no frame has."""
    out: list[About | None] = []
    for piece in str(rubric.get("about", "")).replace(",", " ").split():
        value = piece.removesuffix("?")
        frame = next((name for name, values in frames.items() if value in values), None)
        out.append(About(frame, value, piece.endswith("?")) if frame else None)
    return out
