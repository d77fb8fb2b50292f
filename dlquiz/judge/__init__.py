"""Which key points an answer makes, by words and not by meaning: found, unsure, opposite or none, each with its evidence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property

from dlquiz.card import Judgement as Judgement
from dlquiz.card import KeyPoint
from dlquiz.card import Verdict as Verdict
from dlquiz.judge import denial, direction, frames, patterns, rubric, stuffing
from dlquiz.judge.answer_text import AnswerText
from dlquiz.judge.patterns import Glossary
from dlquiz.judge.point_judge import PointJudge
from dlquiz.judge.rubric import NoteRubric, PointRubric
from dlquiz.judge.words import stem

# From so many in one answer on it is asked about what it has right: who mixes things up has the right words too.
OPPOSITES = 2
LONGEST = 12_000  # characters of an answer that are judged: twenty minutes of talk


def prepare(
    points: Sequence[KeyPoint], written: rubric.Written, glossary: Glossary, known_words: Collection[str] = ()
) -> NoteRubric:
    """A note's rubrics, ready to judge answers: what their own examples deny may be denied.

    Args:
        points: The note's key points.
        written: Its frames.
        glossary: Of its bank.
        known_words: Those of all banks, which are no slips of the fingers.
    """
    note_rubric = rubric.compiled(points, written, glossary, known_words)
    learned = []
    for point, compiled in zip(points, note_rubric.points, strict=True):
        examples = [point.text, *point.rubric.get("accept", ())]
        learned.append(_learned(compiled, [AnswerText.of(example, note_rubric.targets) for example in examples]))
    return replace(note_rubric, points=tuple(learned))


def judge(note_rubric: NoteRubric, answer: str) -> list[Judgement | None]:
    """What an answer says of each key point of a note; None for one that has no rubric.

    Args:
        note_rubric: From `prepare`.
        answer: As it was written or said.
    """
    judging = Judging(note_rubric, answer)
    return [judging.of(point.id) for point in note_rubric.points]


class Judging:
    """An answer read once, and each key point judged when it is asked for."""

    def __init__(self, note_rubric: NoteRubric, answer: str) -> None:
        self._points = {point.id: point for point in note_rubric.points}
        self._text = AnswerText.of(answer[:LONGEST], note_rubric.targets)
        self._named = {frame: frames.mentions(self._text, values) for frame, values in note_rubric.frames.items()}
        self._listed, self._denials = stuffing.listed(self._text), denial.standing(self._text)
        self._met: dict[str, Judgement | None] = {}

    def of(self, point_id: str) -> Judgement | None:
        """What the answer says of this key point; None when it has no rubric."""
        judgement = self._by_itself(point_id)
        if judgement is None or judgement.verdict is not Verdict.FOUND or not self._mixed_up:
            return judgement
        return judgement._replace(verdict=Verdict.UNSURE, why="in an answer that has other points the wrong way round")

    @cached_property
    def _mixed_up(self) -> bool:
        """Does it say the opposite of several key points?"""
        judgements = map(self._by_itself, self._points)
        return sum(met is not None and met.verdict is Verdict.OPPOSITE for met in judgements) >= OPPOSITES

    def _by_itself(self, point_id: str) -> Judgement | None:
        """As `of`, whatever the answer says of the other key points."""
        if point_id not in self._met:
            point = self._points[point_id]
            self._met[point_id] = (
                PointJudge(point, self._text, self._denials, self._named, self._listed).judgement()
                if point.judged
                else None
            )
        return self._met[point_id]


def _learned(point: PointRubric, examples: Sequence[AnswerText]) -> PointRubric:
    """A rubric that allows the denials of its own examples."""
    lines, alone, parted = set(), set(), False
    for text in examples:
        point_judge = PointJudge(point, text, denial.standing(text), {}, frozenset())
        met = [line.hits for line in point_judge.need]
        windows = point_judge.windows()
        parted |= any(denial.between(text, window.hits, point_judge.acting) for window in windows if not window.missing)
        if met and all(met):
            lines |= {n for n, hits in enumerate(met) if all(polarity for _, polarity in hits)}
        alone |= {n for n, line in enumerate(point_judge.alone) if line.hits and all(denied for _, denied in line.hits)}
    stems = {word.stem for text in examples for word in text.words} | _pattern_stems(point)
    contrary = direction.contraries(stems)
    return replace(point, contrary=contrary, deniable=frozenset(lines), alone_deniable=frozenset(alone), parted=parted)


def _pattern_stems(point: PointRubric) -> set[str]:
    return {stem(form) for pattern in (*point.need, *point.alone) for form in patterns.forms(pattern)}
