"""A mock interview as text and back: what is kept of one, and whether what was kept can be gone on with."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from dlquiz.card import FollowUp, KeyPoint
from dlquiz.interview import AT_END, EACH, Answer, Interview, InterviewPhase, InterviewSettings, Question

FORMAT = 1  # of the kept text
LONGEST_MS = 10**12  # thirty years: no interview takes longer


class SavedInterview(NamedTuple):
    """An interview as three texts."""

    seed: str
    settings: str  #: JSON
    state: str  #: JSON


def save(interview: Interview) -> SavedInterview:
    settings = interview.settings._asdict()
    fields = interview._asdict() | {
        "questions": [_saved(question) for question in interview.questions],
        "format": FORMAT,
    }
    del fields["settings"]
    return SavedInterview(settings.pop("seed"), json.dumps(settings), json.dumps(fields, ensure_ascii=False))


def _saved(question: Question) -> dict[str, Any]:
    return question._asdict() | {
        "points": [  # the rubric stays in the bank
            {key: value for key, value in point._asdict().items() if key != "rubric"} for point in question.points
        ],
        "follow_ups": [follow_up._asdict() for follow_up in question.follow_ups],
        "answers": [answer._asdict() for answer in question.answers],
        "forms": dict(question.forms),
        "said": None if question.said is None else sorted(question.said),
    }


def resume(saved: SavedInterview) -> Interview:
    """The interview that `save` made these texts of.

    Raises:
        ValueError: They are none of `save`'s, or of another version's.
    """
    try:
        settings, fields = json.loads(saved.settings), json.loads(saved.state)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"no interview: {error}") from error
    try:
        if fields.pop("format") != FORMAT:
            raise ValueError("another format")
        settings["topics"] = tuple(settings["topics"])
        fields["questions"] = tuple(_resumed(question) for question in fields["questions"])
        fields["phase"] = InterviewPhase(fields["phase"])
        interview = Interview(InterviewSettings(seed=saved.seed, **settings), **fields)
        if not (_typed(interview) and _in_course(interview)):
            raise ValueError("no state that an interview comes to")
        return interview
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"no interview: {error}") from error


def _resumed(fields: dict[str, Any]) -> Question:
    ticked = fields["said"]
    return Question(
        **fields
        | {
            "points": tuple(KeyPoint(**point | {"was": tuple(point["was"])}) for point in fields["points"]),
            "follow_ups": tuple(FollowUp(**follow_up) for follow_up in fields["follow_ups"]),
            "answers": tuple(Answer(**answer) for answer in fields["answers"]),
            "said": None if ticked is None else frozenset(ticked),
        }
    )


def _typed(interview: Interview) -> bool:
    """Are all values what the types promise? A file may hold anything."""
    questions = interview.questions
    answers = [answer for question in questions for answer in question.answers]
    texts = [
        *interview.settings.topics, interview.draft,
        *(text for question in questions for text in (question.note, question.topic, question.text, question.short)),
        *(text for question in questions for text in question.said or ()),
        *(text for question in questions for pair in question.forms.items() for text in pair),
        *(text for question in questions for point in question.points for text in (point.id, point.text)),
        *(text for question in questions for follow_up in question.follow_ups for text in follow_up),
        *(answer.given for answer in answers if answer.given is not None),
    ]  # fmt: skip
    numbers = [interview.at, interview.running_ms, *(answer.took_ms for answer in answers)]
    flags = [
        interview.settings.typed,
        *(answer.skipped for answer in answers),
        *(question.probed for question in questions),
        *(point.must for question in questions for point in question.points),
    ]
    return (
        all(isinstance(text, str) for text in texts)
        and all(type(number) is int and 0 <= number < LONGEST_MS for number in numbers)
        and all(isinstance(flag, bool) for flag in flags)
        and isinstance(interview.settings.minutes, int | float)
        and 0 < interview.settings.minutes * 60_000 < LONGEST_MS
        and interview.settings.debrief in (AT_END, EACH)
    )


def _in_course(interview: Interview) -> bool:
    """Could it have come so far? The questions that were reached come first, and each answer belongs to something asked."""
    questions, reached = interview.questions, len(interview.reached)
    if any(question.answers for question in questions[reached:]) or any(
        len(question.answers) > 1 + len(question.follow_ups) for question in questions
    ):
        return False
    if interview.phase is not InterviewPhase.ASKING:
        return interview.at < reached
    return (
        interview.at < len(questions)
        and reached >= interview.at
        and len(interview.question.answers) <= len(interview.question.follow_ups)
    )
