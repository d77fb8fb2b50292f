"""The mock interview as a value: what is asked, answered and ticked in the debrief. Decides; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from dlquiz import points
from dlquiz.card import NO_FORMS, FollowUp, KeyPoint


class InterviewPhase(StrEnum):
    ASKING = "asking"
    DEBRIEF = "debrief"
    DONE = "done"


AT_END, EACH = "end", "each"  # when answers are compared with their key points


class InterviewSettings(NamedTuple):
    """What was asked for."""

    questions: int = 5
    minutes: float = 30.0  #: in all, pauses excluded
    topics: tuple[str, ...] = ()  #: as they were typed
    typed: bool = False
    seed: str = ""
    debrief: str = AT_END  #: or EACH: after each question


class Answer(NamedTuple):
    """To a question or a follow-up."""

    took_ms: int  #: pauses excluded
    given: str | None = None  #: what was typed
    skipped: bool = False


class Question(NamedTuple):
    """A note as it was asked: kept whole, so that a bank that changes in between changes nothing."""

    note: str
    topic: str
    text: str
    short: str = ""  #: the answer it is compared with
    points: tuple[KeyPoint, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()  #: those that are asked
    forms: Mapping[str, str] = NO_FORMS  #: LaTeX -> hand-made terminal form
    answers: tuple[Answer, ...] = ()  #: to the question, then to its follow-ups
    said: frozenset[str] | None = None  #: ids of ticked key points; None while neither tick nor 0 was pressed
    probed: bool = False  #: the last follow-up was asked because a must was missing

    @property
    def skipped(self) -> bool:
        return bool(self.answers) and self.answers[0].skipped

    @property
    def took_ms(self) -> int:
        """Follow-ups included."""
        return sum(answer.took_ms for answer in self.answers)

    @property
    def written(self) -> str:
        """All that was typed, follow-ups included."""
        return "\n\n".join(answer.given for answer in self.answers if answer.given)

    @property
    def missed(self) -> list[KeyPoint]:
        """What was not said, musts first; nothing while nothing was ticked, unless the question was skipped."""
        if self.said is None and not self.skipped:
            return []
        return points.missed(self.points, self.said or frozenset())


class Interview(NamedTuple):
    """One mock interview; `questions[at]` is the one on the table, in the debrief too."""

    settings: InterviewSettings
    questions: tuple[Question, ...]
    at: int = 0
    phase: InterviewPhase = InterviewPhase.ASKING
    running_ms: int = 0  #: already spent on what is being answered
    draft: str = ""  #: what was typed of it

    @property
    def question(self) -> Question:
        return self.questions[self.at]

    @property
    def follow_up(self) -> FollowUp | None:
        """The follow-up that is being asked; None while it is the question itself."""
        number = len(self.question.answers)
        return self.question.follow_ups[number - 1] if number else None

    @property
    def reached(self) -> tuple[Question, ...]:
        """The questions that were answered or skipped; they come first."""
        return tuple(question for question in self.questions if question.answers)

    @property
    def spent_ms(self) -> int:
        """Pauses excluded."""
        return self.running_ms + sum(question.took_ms for question in self.questions)

    @property
    def limit_ms(self) -> int:
        return round(self.settings.minutes * 60_000)


def begin(settings: InterviewSettings, questions: Sequence[Question]) -> Interview:
    """At least one question."""
    return Interview(settings, tuple(questions))


def leave(interview: Interview, running_ms: int, draft: str = "") -> Interview:
    """Note how far the running answer has come, for later."""
    return interview._replace(running_ms=running_ms, draft=draft)


def answer(interview: Interview, took_ms: int, given: str | None = None, *, skipped: bool = False) -> Interview:
    """The answer on the table is done: a follow-up comes next, or the next question, or the debrief.

    A question that is skipped takes its follow-ups with it. Once time is up the debrief comes next; where each answer is compared at
    once, it comes after each question.
    """
    now = interview.question
    now = now._replace(answers=(*now.answers, Answer(took_ms, given, skipped)))
    after = _with(interview, now)._replace(running_ms=0, draft="")
    if after.spent_ms < after.limit_ms:
        if not now.skipped and len(now.answers) <= len(now.follow_ups):
            return after
        if interview.settings.debrief != EACH and after.at + 1 < len(after.questions):
            return after._replace(at=after.at + 1)
    at = after.at if interview.settings.debrief == EACH else 0
    return after._replace(at=at, phase=InterviewPhase.DEBRIEF)


def tick(interview: Interview, letter: str) -> Interview:
    """Tick or untick a key point of the answer on the table by its letter; `0` ticks none. A letter without a point changes nothing."""
    now = interview.question
    if letter == "0":
        return _with(interview, now._replace(said=frozenset())) if now.points else interview
    index = points.LETTERS.find(letter)
    if not 0 <= index < len(now.points):
        return interview
    return _with(interview, now._replace(said=(now.said or frozenset()) ^ {now.points[index].id}))


def hear(interview: Interview, point_ids: Collection[str]) -> Interview:
    """Tick what a judge found in the written answer on the table; nothing where the user has ticked before."""
    now = interview.question
    if now.said is not None or not now.points:
        return interview
    return _with(interview, now._replace(said=frozenset(point.id for point in now.points if point.id in point_ids)))


def go_on(interview: Interview) -> Interview:
    """The answer on the table is compared: the next one, or the end."""
    if interview.settings.debrief == EACH:
        if interview.at + 1 < len(interview.questions) and interview.spent_ms < interview.limit_ms:
            return interview._replace(at=interview.at + 1, phase=InterviewPhase.ASKING)
        return interview._replace(phase=InterviewPhase.DONE)
    if interview.at + 1 < len(interview.reached):
        return interview._replace(at=interview.at + 1)
    return interview._replace(phase=InterviewPhase.DONE)


def may_probe(interview: Interview) -> bool:
    """Is there still time to ask about a must that was not said? Once a question, and only while the interview goes on."""
    question = interview.question
    return (
        interview.settings.debrief == EACH
        and not (question.probed or question.skipped)
        and any(point.must for point in question.missed)
        and interview.spent_ms < interview.limit_ms
    )


def probe(interview: Interview, follow_up: FollowUp, forms: Mapping[str, str] = NO_FORMS) -> Interview:
    """Ask on about the answer on the table; it is compared again afterwards, with the ticks that it has.

    Args:
        interview: In the debrief of a question whose follow-ups were all answered.
        follow_up: What is asked.
        forms: Its hand-made terminal forms.
    """
    question = interview.question
    asked = question.follow_ups[: len(question.answers) - 1]  # time may have cut the others off
    question = question._replace(follow_ups=(*asked, follow_up), probed=True, forms={**question.forms, **forms})
    return _with(interview, question)._replace(phase=InterviewPhase.ASKING)


def point_results(question: Question) -> dict[str, bool]:
    """Every key point that was shown, said or not; nothing when neither a tick nor 0 was pressed."""
    return {} if question.said is None else {point.id: point.id in question.said for point in question.points}


def renamed(interview: Interview, current: Callable[[str], str]) -> Interview:
    """With the ids that its notes and key points have today."""
    return interview._replace(questions=tuple(_renamed(question, current) for question in interview.questions))


def _renamed(question: Question, current: Callable[[str], str]) -> Question:
    return question._replace(
        note=current(question.note),
        points=tuple(point._replace(id=current(point.id)) for point in question.points),
        said=None if question.said is None else frozenset(current(point_id) for point_id in question.said),
    )


def _with(interview: Interview, question: Question) -> Interview:
    at = interview.at
    return interview._replace(questions=(*interview.questions[:at], question, *interview.questions[at + 1 :]))
