"""Fields of a bank's file -> the nouns note and card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlquiz import variants
from dlquiz.card import (
    EXPLAIN,
    NO_FRAMES,
    NO_RUBRIC,
    RUBRIC,
    Card,
    Correction,
    Distractor,
    Figure,
    FollowUp,
    KeyPoint,
    Note,
    Part,
)


def make_note(fields: Mapping[str, Any]) -> Note:
    """A note from its fields."""
    return Note(
        id=fields["id"],
        number=fields.get("number"),
        topic=fields["topic"],
        tags=tuple(fields.get("tags", ())),
        difficulty=fields.get("difficulty"),
        question=fields["question"],
        short=fields.get("short", ""),
        answer=fields["answer"],
        key_points=tuple(
            KeyPoint(point["id"], point["text"], point.get("must", False), tuple(point.get("was", ())), rubric(point))
            for point in fields.get("key_points", ())
        ),
        pitfalls=tuple(fields.get("pitfalls", ())),
        follow_ups=tuple(FollowUp(**follow_up) for follow_up in fields.get("follow_ups", ())),
        corrections=tuple(
            Correction(
                correction["grade"],
                correction["claim"],
                correction["instead"],
                tuple(correction.get("sources", ())),
                tuple(correction.get("taught_by", ())),
            )
            for correction in fields.get("corrections", ())
        ),
        sources=tuple(fields.get("sources", ())),
        figures=tuple(Figure(**figure) for figure in fields.get("figures", ())),
        as_of=fields.get("as_of", ""),
        volatility=fields.get("volatility", ""),
        forms=fields.get("text", {}),
        asked=fields.get("asked", 2),
        frames=fields.get("frames", NO_FRAMES),
    )


def rubric(point: Mapping[str, Any]) -> Mapping[str, Any]:
    """What recognises a key point in an answer, from its fields."""
    return {key: point[key] for key in RUBRIC if key in point} or NO_RUBRIC


def main_card(note: Note) -> Card:
    """The card "say it in 90 seconds" of a note."""
    return Card(
        note.id, note.id, note.topic, EXPLAIN, note.question, note.answer,
        drills=tuple(point.id for point in note.key_points), sources=note.sources, as_of=note.as_of, forms=note.forms,
    )  # fmt: skip


def make_card(fields: Mapping[str, Any], parent: Mapping[str, Any], numbers: Mapping[str, float] | None = None) -> Card:
    """An atomic card from its fields and its note's; a card with fresh numbers gets `numbers`, or else its example's."""
    numbers = numbers or variants.example(fields)
    fields = variants.filled(fields, numbers)
    return Card(
        id=fields["id"],
        note=parent["id"],
        topic=parent["topic"],
        kind=fields["kind"],
        front=fields["front"],
        back=fields["back"],
        drills=tuple(f"{parent['id']}#{name}" for name in fields.get("drills", ())),
        accept=tuple(fields.get("accept", ())),
        why=fields.get("why", ""),
        notation=fields.get("notation", ""),
        distractors=tuple(Distractor(**distractor) for distractor in fields.get("distractors", ())),
        sources=tuple(fields.get("sources", ()) or parent.get("sources", ())),
        as_of=fields.get("as_of", ""),
        forms={**parent.get("text", {}), **fields.get("text", {})},
        numbers=numbers,
        holds=fields.get("holds"),
        parts=tuple(
            Part(part["name"], tuple(part["accept"]), tuple(part.get("aliases", ())))
            for part in fields.get("parts", ())
        ),
        any_order=fields.get("any_order", False),
    )
