"""The mock interview as a value: what is asked, answered, ticked in the debrief, and kept for later. Decides; writes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from dlquiz import points
from dlquiz.card import NO_FORMS, FollowUp, KeyPoint

FORMAT = 1  # of the kept text
LONGEST_MS = 10**12  # thirty years: no interview takes longer


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
        return sum(each.took_ms for each in self.answers)

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
        part = len(self.question.answers)
        return self.question.follow_ups[part - 1] if part else None

    @property
    def reached(self) -> tuple[Question, ...]:
        """The questions that were answered or skipped; they come first."""
        return tuple(each for each in self.questions if each.answers)

    @property
    def spent_ms(self) -> int:
        """Pauses excluded."""
        return self.running_ms + sum(each.took_ms for each in self.questions)

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


def time_is_up(interview: Interview, running_ms: int) -> bool:
    """Only what is being answered may be finished now."""
    return interview.spent_ms - interview.running_ms + running_ms >= interview.limit_ms


def tick(interview: Interview, letter: str) -> Interview:
    """Tick or untick a key point of the answer on the table by its letter; `0` ticks none. A letter without a point changes nothing."""
    now = interview.question
    if letter == "0":
        return _with(interview, now._replace(said=frozenset())) if now.points else interview
    place = points.LETTERS.find(letter)
    if not 0 <= place < len(now.points):
        return interview
    return _with(interview, now._replace(said=(now.said or frozenset()) ^ {now.points[place].id}))


def hear(interview: Interview, found: Collection[str]) -> Interview:
    """Tick what a judge found in the written answer on the table; nothing where the user has ticked before."""
    now = interview.question
    if now.said is not None or not now.points:
        return interview
    return _with(interview, now._replace(said=frozenset(point.id for point in now.points if point.id in found)))


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
    return {} if question.said is None else {each.id: each.id in question.said for each in question.points}


def renamed(interview: Interview, current: Callable[[str], str]) -> Interview:
    """With the ids that its notes and key points have today."""
    return interview._replace(questions=tuple(_renamed(each, current) for each in interview.questions))


def _renamed(question: Question, current: Callable[[str], str]) -> Question:
    return question._replace(
        note=current(question.note),
        points=tuple(each._replace(id=current(each.id)) for each in question.points),
        said=None if question.said is None else frozenset(current(each) for each in question.said),
    )


def _with(interview: Interview, question: Question) -> Interview:
    at = interview.at
    return interview._replace(questions=(*interview.questions[:at], question, *interview.questions[at + 1 :]))


# ---- kept as text


class SavedInterview(NamedTuple):
    """An interview as three texts."""

    seed: str
    settings: str  #: JSON
    state: str  #: JSON


def save(interview: Interview) -> SavedInterview:
    settings = interview.settings._asdict()
    fields = interview._asdict() | {"questions": [_saved(each) for each in interview.questions], "format": FORMAT}
    del fields["settings"]
    return SavedInterview(settings.pop("seed"), json.dumps(settings), json.dumps(fields, ensure_ascii=False))


def _saved(question: Question) -> dict[str, Any]:
    return question._asdict() | {
        "points": [_without_rubric(each) for each in question.points],
        "follow_ups": [each._asdict() for each in question.follow_ups],
        "answers": [each._asdict() for each in question.answers],
        "forms": dict(question.forms),
        "said": None if question.said is None else sorted(question.said),
    }


def _without_rubric(point: KeyPoint) -> dict[str, Any]:
    """A key point as it is kept; its rubric stays in the bank."""
    return {key: value for key, value in point._asdict().items() if key != "rubric"}


def resume(kept: SavedInterview) -> Interview:
    """The interview that `save` made these texts of.

    Raises:
        ValueError: They are none of `save`'s, or of another version's.
    """
    try:
        settings, fields = json.loads(kept.settings), json.loads(kept.state)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"no interview: {error}") from error
    try:
        if fields.pop("format") != FORMAT:
            raise ValueError("another format")
        settings["topics"] = tuple(settings["topics"])
        fields["questions"] = tuple(_resumed(each) for each in fields["questions"])
        fields["phase"] = InterviewPhase(fields["phase"])
        found = Interview(InterviewSettings(seed=kept.seed, **settings), **fields)
        if not (_typed(found) and _in_course(found)):
            raise ValueError("no state that an interview comes to")
        return found
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"no interview: {error}") from error


def _typed(interview: Interview) -> bool:
    """Are all values what the types promise? A file may hold anything."""
    asked, answers = interview.questions, [each for question in interview.questions for each in question.answers]
    texts = [
        *interview.settings.topics, interview.draft,
        *(text for each in asked for text in (each.note, each.topic, each.text, each.short, *(each.said or ()))),
        *(text for each in asked for pair in each.forms.items() for text in pair),
        *(text for each in asked for point in each.points for text in (point.id, point.text)),
        *(text for each in asked for follow_up in each.follow_ups for text in (follow_up.question, follow_up.answer)),
        *(each.given for each in answers if each.given is not None),
    ]  # fmt: skip
    numbers = [interview.at, interview.running_ms, *(each.took_ms for each in answers)]
    flags = [interview.settings.typed, *(each.skipped for each in answers), *(each.probed for each in asked)]
    flags += [point.must for each in asked for point in each.points]
    return (
        all(isinstance(each, str) for each in texts)
        and all(type(each) is int and 0 <= each < LONGEST_MS for each in numbers)
        and all(isinstance(each, bool) for each in flags)
        and isinstance(interview.settings.minutes, int | float)
        and 0 < interview.settings.minutes * 60_000 < LONGEST_MS
        and interview.settings.debrief in (AT_END, EACH)
    )


def _in_course(interview: Interview) -> bool:
    """Could it have come so far? The questions that were reached come first, and each answer belongs to something asked."""
    asked, reached = interview.questions, len(interview.reached)
    if any(each.answers for each in asked[reached:]) or any(
        len(each.answers) > 1 + len(each.follow_ups) for each in asked
    ):
        return False
    if interview.phase is not InterviewPhase.ASKING:
        return interview.at < reached
    return (
        interview.at < len(asked)
        and reached >= interview.at
        and len(interview.question.answers) <= len(interview.question.follow_ups)
    )


def _resumed(fields: dict[str, Any]) -> Question:
    said = fields["said"]
    return Question(
        **fields
        | {
            "points": tuple(KeyPoint(**each | {"was": tuple(each["was"])}) for each in fields["points"]),
            "follow_ups": tuple(FollowUp(**each) for each in fields["follow_ups"]),
            "answers": tuple(Answer(**each) for each in fields["answers"]),
            "said": None if said is None else frozenset(said),
        }
    )
