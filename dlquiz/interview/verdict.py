"""What an interview showed: a verdict per topic with its reason, and what to do next."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import NamedTuple

from dlquiz.card import KeyPoint
from dlquiz.interview import Interview, Question

PASSED, NEARLY, NOT_YET, NOT_JUDGED = "passed", "nearly", "not yet", "not judged"
SPEAK_TARGET_MS = 90_000  # what a main card asks for
LONG_MS = 2 * SPEAK_TARGET_MS  # from here on it is said that the answer was long
STEPS = 3
DRILLED_AT_ONCE = 3  # cards that one command names


class InterviewTally(NamedTuple):
    """Musts said, of the musts of the answers that were judged; of a question without a must, its key points."""

    said: int = 0
    of: int = 0


class TopicVerdict(NamedTuple):
    """On one topic."""

    topic: str
    word: str  #: passed | nearly | not yet | not judged
    reason: str
    tally: InterviewTally


class NextStep(NamedTuple):
    """One thing to do next."""

    why: str
    command: str


class Past(NamedTuple):
    """An interview that was held or begun."""

    began: datetime  #: local
    interview: Interview
    ended: bool
    number: int = 0  #: of those that have not ended its place, 1 for the newest; 0 for one that has


class Debrief(NamedTuple):
    """All that is told at the end."""

    interview: Interview
    began: datetime  #: local
    known: frozenset[str]  #: notes of it that the bank still has
    steps: tuple[NextStep, ...]
    before: Past | None = None  #: the last one that had ended before


def judged(question: Question) -> bool:
    """Do we know what was said? Not where neither tick nor 0 was pressed; a skipped question said nothing."""
    return bool(question.points) and (question.said is not None or question.skipped)


def tally(questions: Sequence[Question]) -> InterviewTally:
    ticked = of = 0
    for question in filter(judged, questions):
        musts = [point for point in question.points if point.must] or list(question.points)
        ticked += sum(point.id in (question.said or ()) for point in musts)
        of += len(musts)
    return InterviewTally(ticked, of)


def passes(question: Question) -> bool:
    """Would its answer have passed? Every must was said; of a question without a must, at least half of its key points."""
    ticked = question.said or frozenset()
    musts = [point for point in question.points if point.must]
    if musts:
        return all(point.id in ticked for point in musts)
    return 2 * sum(point.id in ticked for point in question.points) >= len(question.points)


def overall(interview: Interview) -> InterviewTally:
    """Questions that would have passed, of all that were asked for and judged, or not reached in time."""
    counted = [question for question in interview.questions if judged(question) or not question.answers]
    return InterviewTally(sum(judged(question) and passes(question) for question in counted), len(counted))


def unsaid(interview: Interview) -> list[tuple[Question, list[KeyPoint]]]:
    """Each question that would not have passed, with what must be said the next time."""
    failed = [question for question in interview.reached if judged(question) and not passes(question)]
    return [
        (question, [point for point in question.missed if point.must] or question.missed[:1]) for question in failed
    ]


def verdicts(interview: Interview) -> list[TopicVerdict]:
    """One for each topic that was reached, in the order in which they came."""
    topics = dict.fromkeys(question.topic for question in interview.reached)
    return [
        _verdict(topic, [question for question in interview.reached if question.topic == topic], interview)
        for topic in topics
    ]


def _verdict(topic: str, questions: Sequence[Question], interview: Interview) -> TopicVerdict:
    """Every must said is passed, at least half of them nearly, less not yet: the rule by which a rating is suggested."""
    counts = tally(questions)
    if not counts.of:
        silent = "it has no key points" if not any(question.points for question in questions) else "nothing was ticked"
        return TopicVerdict(topic, NOT_JUDGED, silent, counts)
    word = PASSED if counts.said == counts.of else NEARLY if counts.said and 2 * counts.said >= counts.of else NOT_YET
    return TopicVerdict(topic, word, ", ".join(_reasons(questions, counts, interview)), counts)


def _reasons(questions: Sequence[Question], counts: InterviewTally, interview: Interview) -> list[str]:
    must = any(point.must for question in questions if judged(question) for point in question.points)
    name = ("must" if must else "key point") + ("s" if counts.of != 1 else "")
    reasons = [f"{counts.said} of {counts.of} {name} said"]
    skipped = sum(question.skipped for question in questions)
    if skipped:
        reasons.append(f"{skipped} skipped")
    unknown = sum(not judged(question) for question in questions)
    if unknown:
        reasons.append(f"{unknown} not ticked")
    if not interview.settings.typed:
        longest = max(question.answers[0].took_ms for question in questions)
        if longest > LONG_MS:
            reasons.append(f"{clock(longest)} for one answer, aim at {clock(SPEAK_TARGET_MS)}")
    return reasons


def clock(milliseconds: int) -> str:
    """M:SS, minutes beyond 59 too."""
    seconds = milliseconds // 1000
    return f"{seconds // 60}:{seconds % 60:02}"


def next_steps(
    interview: Interview, drills: Mapping[str, Sequence[str]], known: Container[str]
) -> tuple[NextStep, ...]:
    """Three things to do, the most useful first.

    Args:
        interview: With its debrief done.
        drills: Key point -> cards of today's bank that drill it.
        known: Notes that the bank still has. Nothing is proposed of another.
    """
    weak = sorted(
        (question for question in interview.reached if question.missed and question.note in known), key=_weakness
    )
    return tuple([*_mending(weak, drills), *_otherwise(interview, weak)][:STEPS])


def _weakness(question: Question) -> tuple[int, int]:
    """Sorts the weakest first: by missed musts, then by missed points."""
    return -sum(point.must for point in question.missed), -len(question.missed)


def _mending(weak: Sequence[Question], drills: Mapping[str, Sequence[str]]) -> list[NextStep]:
    """Read the weakest, drill what was missed, say the next weakest again."""
    if not weak:
        return []
    steps = [NextStep(f"Read what you missed most of, in {weak[0].topic}", f"dlquiz show {weak[0].note}")]
    missed = sorted((point for question in weak for point in question.missed), key=lambda point: not point.must)
    rounds = zip_longest(*(drills.get(point.id, ()) for point in missed))  # a card of each point before a second of any
    cards = list(dict.fromkeys(card for lap in rounds for card in lap if card))[:DRILLED_AT_ONCE]
    if cards:
        names = " ".join(f"--card {card}" for card in cards)
        count = "the card that drills" if len(cards) == 1 else f"{len(cards)} cards that drill"
        steps.append(NextStep(f"Answer {count} what you missed", f"dlquiz study {names}"))
    again = weak[1] if len(weak) > 1 else weak[0]
    aim = "every must is in" if any(point.must for point in again.missed) else "nothing is missing"
    steps.append(NextStep(f"Say {again.topic} again until {aim}", f"dlquiz study --card {again.note}"))
    return steps


def _otherwise(interview: Interview, weak: Sequence[Question]) -> list[NextStep]:
    """What is worth doing beside mending, or when there is nothing to mend."""
    steps = []
    late = list(dict.fromkeys(question.topic for question in interview.questions if not question.answers))
    if late:
        names = " ".join(f"--topic {topic}" for topic in late)
        steps.append(NextStep("Be asked what was not reached", f"dlquiz interview {names}"))
    topics = list(dict.fromkeys(question.topic for question in weak))
    steps += [NextStep(f"Practise {topic}, due or not", f"dlquiz random --topic {topic}") for topic in topics[:1]]
    return [
        *steps,
        NextStep("Be asked other questions", "dlquiz interview"),
        NextStep("See what today still asks", "dlquiz"),
        NextStep("See how this one compares", "dlquiz interview --list"),
    ]
