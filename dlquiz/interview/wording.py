"""A mock interview in words that the screen and the report share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dlquiz import calendar
from dlquiz.interview import Interview, InterviewPhase, Question, verdict
from dlquiz.interview.verdict import Debrief, InterviewTally, clock, tally
from dlquiz.text.phrases import counted


def answered(state: Interview) -> int:
    """Questions that were neither skipped nor left."""
    return sum(not question.skipped for question in state.reached)


def facts(state: Interview) -> list[str]:
    """The whole interview in numbers."""
    counts = tally(state.reached)
    count = f"{answered(state)} of {len(state.questions)} questions answered"
    musts = [f"{counts.said} of {counts.of} must{'s' * (counts.of != 1)} said"] if counts.of else []
    time = f"{clock(state.spent_ms)} of {clock(state.limit_ms)}"
    return [count, *musts, time, "typed" if state.settings.typed else "spoken"]


def reached(state: Interview) -> str:
    """How far an interview has come that goes on."""
    if state.phase is not InterviewPhase.ASKING:
        return "in the debrief"
    return f"at question {state.at + 1} of {len(state.questions)}"


def not_kept(state: Interview, kept: Interview, began: datetime) -> str:
    """What was typed in a window that could not keep it, as Markdown; "" where nothing was.

    Args:
        state: The interview as that window has it.
        kept: As it was last kept from there.
        began: When it began.
    """
    typed = []
    for question, before in zip(state.questions, kept.questions, strict=False):
        asked = [question.text, *(follow_up.question for follow_up in question.follow_ups)]
        typed += list(zip(asked, question.answers, strict=False))[len(before.answers) :]
    texts = [(text, answer.given) for text, answer in typed if answer.given]
    if state.draft:
        texts.append((state.follow_up.question if state.follow_up else state.question.text, state.draft))
    if not texts:
        return ""
    opening = f"Mock interview of {began:%Y-%m-%d %H:%M}. This could not be kept in it."
    parts = ["# Typed in a mock interview", opening, *(f"## {asked}\n\n{given}" for asked, given in texts)]
    return "\n\n".join(parts) + "\n"


def overall(debrief: Debrief) -> list[str]:
    """One verdict by the musts, and how the last interview compares; nothing while nothing was ticked."""
    now = verdict.overall(debrief.interview)
    if not any(map(verdict.judged, debrief.interview.reached)):
        return []
    lines = [f"Would pass today, going by the musts: {now.said} of {counted(now.of, 'question')}."]
    if debrief.before:
        then = verdict.overall(debrief.before.interview)
        if then.of and any(map(verdict.judged, debrief.before.interview.reached)):
            moved = now.said * then.of - then.said * now.of
            word = "more" if moved > 0 else "fewer" if moved < 0 else "as many"
            day = calendar.day_name(debrief.before.began.date())
            lines.append(f"The last one, on {day}: {then.said} of {then.of}; today {word}.")
    return lines


def unreached(state: Interview) -> list[str]:
    """One sentence on what time did not reach, if anything."""
    late = [question.topic for question in state.questions if not question.answers]
    if not late:
        return []
    count = "1 question was" if len(late) == 1 else f"{len(late)} questions were"
    return [f"{count} not reached when time was up: {', '.join(dict.fromkeys(late))}."]


def times(question: Question) -> str:
    """How long the answer took, and those to follow-ups."""
    first, *others = question.answers
    outcome = "skipped" if first.skipped else "answered"
    clauses = [f"{outcome} after {clock(first.took_ms)}" if first.skipped else f"{outcome} in {clock(first.took_ms)}"]
    if others:
        clauses.append("follow-ups in " + " and ".join(clock(answer.took_ms) for answer in others))
    return ", ".join(clauses)


def trend(tallies: Sequence[InterviewTally]) -> str:
    """The last interview's share of musts beside that of those before it; "" while there is nothing to compare."""
    *before, last = [counts for counts in tallies if counts.of] or [InterviewTally()]
    if not before:
        return ""
    earlier = InterviewTally(sum(counts.said for counts in before), sum(counts.of for counts in before))
    now, then = _percent(last), _percent(earlier)
    moved = "as many" if now == then else "more" if now > then else "fewer"
    which = "the one before" if len(before) == 1 else f"the {len(before)} before"
    return f"Musts said: {now} % in the last one, {then} % in {which}: {moved}."


def _percent(counts: InterviewTally) -> int:
    return round(100 * counts.said / counts.of)
