"""Answers held against the key points of a note, with the rubrics of its bank."""

from __future__ import annotations

from typing import Any, NamedTuple

from dlquiz import judge
from dlquiz.bank import index
from dlquiz.card import Note, note_of
from dlquiz.errors import UsageError
from dlquiz.judge import Judgement
from dlquiz.judge.rubric import NoteRubric


class Judge:
    """Judges answers to one note."""

    def __init__(self, bank: index.Bank, note_id: str) -> None:
        """
        Raises:
            UsageError: There is no such note.
        """
        self.note: Note = bank.note(note_id)
        self.rubric: NoteRubric = judge.prepare(self.note.key_points, self.note.frames, bank.glossary(note_id))
        self._known = bank.words()

    @property
    def able(self) -> bool:
        """Has a key point a rubric?"""
        return any(point.judged for point in self.rubric.points)

    def judge(self, answer: str) -> list[Judgement | None]:
        """What it says of each key point; None for one without a rubric."""
        return judge.judge(self.rubric, answer, self._known)


class Judged(NamedTuple):
    """An answer with what was recognised in it."""

    note: Note
    answer: str
    judgements: list[Judgement | None]


def judged(bank: index.Bank, any_id: str, answer: str) -> Judged:
    """Judge an answer to a note, or to the note of a card.

    Raises:
        UsageError: There is no such note, or it has no key points.
    """
    card = bank.card(bank.current(any_id))
    one = Judge(bank, note_of(card.id))
    if not one.note.key_points:
        raise UsageError(f"'{one.note.id}' has no key points to judge by; `dlquiz list` shows the notes")
    return Judged(one.note, answer, one.judge(answer))


def rows(result: Judged) -> list[dict[str, Any]]:
    """The verdicts as `judge --json` prints them; `verdict` is null where a key point has no rubric."""
    return [
        {
            "id": point.id,
            "must": point.must,
            "verdict": str(judgement.verdict) if judgement else None,
            "evidence": judgement.evidence(result.answer) if judgement else [],
        }
        for point, judgement in zip(result.note.key_points, result.judgements, strict=True)
    ]
