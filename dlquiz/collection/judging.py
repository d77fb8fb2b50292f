"""Answers held against the key points of a note, with the rubrics of its bank."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from dlquiz import config, judge
from dlquiz.bank import index
from dlquiz.card import Note, Verdict, note_of
from dlquiz.collection import Collection, judge_command, own_words
from dlquiz.errors import UsageError
from dlquiz.judge import Judgement, shared
from dlquiz.judge.rubric import NoteRubric

PERHAPS = "if you said that word"


class Judge:
    """Judges answers to one note."""

    def __init__(self, bank: index.Bank, note_id: str, own: own_words.OwnWords = MappingProxyType({})) -> None:
        """
        Args:
            bank: With its rubrics.
            note_id: The note.
            own: The user's own words for key points.

        Raises:
            UsageError: There is no such note.
        """
        self.note: Note = bank.note(note_id)
        glossary, words = bank.glossary(note_id), bank.words()
        points = own_words.added(self.note.key_points, own)
        self.rubric: NoteRubric = judge.prepare(points, self.note.frames, glossary, words)

    @property
    def able(self) -> bool:
        """Has a key point a rubric?"""
        return any(point.judged for point in self.rubric.points)

    def judge(self, answer: str) -> list[Judgement | None]:
        """What it says of each key point; None for one without a rubric."""
        return judge.judge(self.rubric, answer)


def prepared(col: Collection, note_id: str) -> Judge:
    """The built-in judge of a note, with the user's own words."""
    return Judge(col.bank, note_id, own_words.read(config.home(), col.bank))


def heard(
    col: Collection, note_judge: Judge, answer: str, stopped: Callable[[], bool], tell: Callable[[str], None]
) -> tuple[list[Judgement | None], str, str]:
    """What an answer says of a note's key points, by the user's own judge where one is set.

    Args:
        col: The collection.
        note_judge: The built-in judge of what was asked, from `prepared`.
        answer: What was answered.
        stopped: Does the user end the judge's work?
        tell: Shows a word while the judge works.

    Returns:
        The judgements, none where there is neither a rubric nor a judge; who judged; and a sentence when the user's own judge could not.
    """
    command, why = col.settings.judge_command, ""
    if command and answer.strip():
        tell(f"asking {judge_command.name_of(command)}; Esc ends it")
        opinion = judge_command.ask(command, note_judge.note, answer, stopped)
        if opinion.judgements is not None:
            return list(opinion.judgements), judge_command.name_of(command), ""
        why = opinion.why
    if not note_judge.able:
        return [], "", why
    return note_judge.judge(answer), note_judge.rubric.version, why


def credited_twice(col: Collection, point: str, answer: str, judgements: Sequence[Judgement | None]) -> str:
    """The words by which the user counts a key point as said for the second time though it was not found; "" for none.

    Args:
        col: The collection.
        point: The key point.
        answer: What was answered now.
        judgements: On it.
    """
    verdicts = {judgement.point: judgement for judgement in judgements if judgement}
    if point not in verdicts or verdicts[point].verdict not in (Verdict.NONE, Verdict.UNSURE):
        return ""
    others = [
        span
        for judgement in verdicts.values()
        if judgement.verdict is Verdict.FOUND and judgement.point != point
        for span in judgement.spans
    ]
    question = col.bank.note(note_of(point.partition("#")[0])).question
    phrases = (shared.phrase(answer, earlier, others, question) for earlier in col.progress.credited(point))
    phrase = next(filter(None, phrases), "")
    return "" if phrase in own_words.read(config.home(), col.bank).get(point, ()) else phrase


def doubted(judgements: Sequence[Judgement | None], answer: str, invented: frozenset[str]) -> list[Judgement | None]:
    """The judgements on what was said: one that rests on a word which may not have been said becomes unsure.

    Args:
        judgements: On each key point.
        answer: As it was written down.
        invented: Words of it that the transcriber may have made up, in lower case.
    """

    def rests_on_one(judgement: Judgement) -> bool:
        words = " ".join(judgement.evidence(answer)).lower()
        return any(re.search(rf"\b{re.escape(word)}\b", words) for word in invented)

    sure = (Verdict.FOUND, Verdict.OPPOSITE)
    return [
        judgement._replace(verdict=Verdict.UNSURE, why=PERHAPS)
        if judgement and judgement.verdict in sure and rests_on_one(judgement)
        else judgement
        for judgement in judgements
    ]


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
    note_judge = Judge(bank, note_to_judge(bank, any_id).id, own_words.read(config.home(), bank))
    return Judged(note_judge.note, answer, note_judge.judge(answer))


def note_to_judge(bank: index.Bank, any_id: str) -> Note:
    """A note, or the note of a card, whose answers can be judged.

    Raises:
        UsageError: There is no such note, or it has no key points.
    """
    note = bank.note(note_of(bank.card(bank.current(any_id)).id))
    if not note.key_points:
        raise UsageError(f"'{note.id}' has no key points to judge by; `dlquiz list` shows the notes")
    return note


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
