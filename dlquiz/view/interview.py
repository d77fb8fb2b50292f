"""How a mock interview looks: what is asked, each answer beside its key points, the verdict, and past ones."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment

from dlquiz import calendar, points, view
from dlquiz.card import FollowUp, Judgement
from dlquiz.interview import EACH, Answer, Interview, InterviewPhase, Question, verdict, wording
from dlquiz.interview.verdict import Debrief, clock
from dlquiz.text import printable
from dlquiz.text.phrases import counted
from dlquiz.view import narrow, prose, verdicts
from dlquiz.view.styled import Hanging, Text

TOPIC_COLUMN = 16  # cells that most topics' names fit into


class Unbroken:
    """A line to be copied: the terminal wraps it, so that it stays one line."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_console__(self, console: Console, _options: ConsoleOptions) -> RenderResult:
        yield Segment(self.text.plain, console.get_style(self.text.style))
        yield Segment.line()


def opening(state: Interview) -> RenderableType:
    """What is about to happen, in one sentence or two."""
    count = counted(len(state.questions), "question")
    how = "typed" if state.settings.typed else "spoken"
    answers = "follow each question" if state.settings.debrief == EACH else "come in the debrief"
    return Text(f"Mock interview: {count}, {minutes(state.settings.minutes)}, {how}. Answers {answers}.")


def heading(state: Interview) -> RenderableType:
    """Which question of how many."""
    return Text(printable.clean(f"Question {state.at + 1} of {len(state.questions)} · {state.question.topic}"), "quiet")


def asked(state: Interview) -> RenderableType:
    """The question, or the follow-up that is asked now."""
    follow_up = state.follow_up
    if follow_up is None:
        return narrow(prose(state.question.text, state.question.forms, "bold"))
    why = "  You left something out. Asked next:" if _is_probe(state.question, follow_up) else "  Asked next:"
    return Group(Text(why, "quiet"), narrow(prose(follow_up.question, state.question.forms, "bold")))


def _is_probe(question: Question, follow_up: FollowUp) -> bool:
    return question.probed and follow_up == question.follow_ups[-1]


def resumed(state: Interview) -> RenderableType:
    """Where an interview that was left goes on."""
    if state.phase is InterviewPhase.ASKING:
        remaining = clock(max(0, state.limit_ms - state.spent_ms))
        return Text(f"Going on with question {state.at + 1} of {len(state.questions)}, {remaining} left.")
    return Text("Going on with the debrief.")


def turning(state: Interview) -> RenderableType:
    """Between the last answer and the debrief."""
    late = len(state.questions) - len(state.reached)
    if state.settings.debrief == EACH:
        return Text("Now compare it with its key points.")
    if not late:
        return Text("That was the last question. Now the debrief, answer by answer.")
    count = "1 question was" if late == 1 else f"{late} questions were"
    return Text(f"Time is up; {count} not reached. Now the debrief, answer by answer.")


def running(state: Interview, running_ms: int) -> str:
    """Both clocks: this answer's, and what is left in all."""
    remaining = state.limit_ms - state.spent_ms + state.running_ms - running_ms
    if remaining <= 0:
        return f"  {clock(running_ms)} on this · time is up: finish this answer"
    return f"  {clock(running_ms)} on this · {clock(remaining + 999)} left in all"


def compared(state: Interview) -> RenderableType:
    """The answer on the table beside what it should have said; last, and so in sight, what was typed. Its key points stand below."""
    question = state.question
    questions = state.questions if state.settings.debrief == EACH else state.reached
    facts = f"Debrief {state.at + 1} of {len(questions)} · {question.topic} · {wording.times(question)}"
    renderables: list[RenderableType] = [
        Text(printable.clean(facts), "quiet"),
        Text(),
        narrow(prose(question.text, question.forms, "bold")),
        Text(),
        narrow(view.Readable(question.short, question.forms)),
    ]
    for follow_up, answer in zip(question.follow_ups, question.answers[1:], strict=False):
        skipped = " (skipped)" if answer.skipped else ""
        renderables += [
            Text(),
            Text(f"  Asked next{skipped}:", "quiet"),
            narrow(prose(follow_up.question, question.forms, "bold")),
            *_given(answer),
            narrow(view.Readable(follow_up.answer, question.forms)),
        ]
    return Group(*renderables, *_given(question.answers[0]))


def _given(answer: Answer) -> list[RenderableType]:
    if not answer.given:
        return []
    lines = Text(printable.clean(answer.given))
    return [Text(), Text("  You wrote:", "quiet"), narrow(lines, 4)]


def key_points(
    question: Question, judgements: Sequence[Judgement | None] = (), words: str = "", *, spoken: bool, ticks: bool
) -> RenderableType:
    """The key points with their letters, and what a judge made of each.

    Args:
        question: The question.
        judgements: What a judge made of each key point; empty where none judged.
        words: The answer that was judged, as it was written or understood.
        spoken: It was said.
        ticks: Each that was said has its tick; else what the judge found, for a list that is drawn once.
    """
    if not question.points:
        return Group(Text(), Text("  This question has no key points to tick.", "quiet"))
    lines: list[RenderableType] = [Text(), Text("  Which of these did you say?", "bold")]
    for n, point in enumerate(question.points):
        letter = points.LETTERS[n] if n < len(points.LETTERS) else " "
        judgement = judgements[n] if n < len(judgements) else None
        said = ticks and point.id in (question.said or frozenset())
        plain = f"{verdicts.MARKS[judgement.verdict]} " if judgement else "  "
        mark = ("✓ ", "tick") if said else verdicts.mark(judgement) if ticks else (plain, "bold")
        must = (f"{'must' if point.must else '':<4}", "quiet" if said else "must" if ticks else "bold")
        label = Text.assemble(mark, (letter, "bold"), "  ", must, "  ")
        lines.append(Hanging(label, prose(point.text, question.forms)))
        if judgements:
            lines.append(verdicts.below(judgement, words, letter, spoken=spoken))
    limits = Text(verdicts.limits(spoken=spoken), "dim")
    return Group(*lines, *([Text(), Hanging(Text("  "), limits)] if judgements else []))


def ticked(question: Question) -> str:
    """What is ticked, and what goes on."""
    said_ids = question.said or frozenset()
    letters = " ".join(
        letter for letter, point in zip(points.LETTERS, question.points, strict=False) if point.id in said_ids
    )
    return f"  said {letters or 'none'} ({len(said_ids)} of {len(question.points)}); Space goes on"


def missed(question: Question, *, has_note: bool) -> RenderableType:
    """What was not said, by its letters above, and where it is explained."""
    letters = {point.id: letter for letter, point in zip(points.LETTERS, question.points, strict=False)}
    names = [letters.get(point.id, point.text) + (" (must)" if point.must else "") for point in question.missed]
    where = f"; explained in: dlquiz show {question.note}" if has_note else ""
    return Hanging(Text("  missed "), Text(printable.clean(", ".join(names) + where)))


def result(debrief: Debrief) -> RenderableType:
    """One verdict by the musts, then per topic with its reason; what to say differently, and three things to do next."""
    renderables: list[RenderableType] = [Text(line, "bold") for line in wording.overall(debrief)]
    renderables += [Text()] if renderables else []
    renderables += [Text("Verdict", "bold"), *_verdicts(verdict.verdicts(debrief.interview))]
    if unsaid := verdict.unsaid(debrief.interview):
        renderables += [Text(), Text("Say next time", "bold")]
        for question, key_points in unsaid:
            for point in key_points:
                label = Text(f"  {printable.clean(question.topic)}  ")
                renderables.append(Hanging(label, prose(point.text, question.forms)))
    renderables += [Text(), Text(", ".join(wording.facts(debrief.interview)), "quiet")]
    renderables += [Text(printable.clean(note), "quiet") for note in wording.unreached(debrief.interview)]
    renderables += [Text(), Text("Next", "bold")]
    for n, step in enumerate(debrief.steps, 1):
        renderables.append(Hanging(Text(f"  {n}  "), Text(printable.clean(step.why))))
        renderables.append(Unbroken(Text(f"     {printable.clean(step.command)}", "bold")))
    return Group(*renderables)


def _verdicts(verdicts: Sequence[verdict.TopicVerdict]) -> list[RenderableType]:
    wide = max((len(topic_verdict.topic) for topic_verdict in verdicts), default=0)
    lines: list[RenderableType] = []
    for topic_verdict in verdicts:
        label = Text(f"  {printable.clean(topic_verdict.topic):<{min(wide, TOPIC_COLUMN)}}  ")
        lines.append(
            Hanging(label, Text.assemble((f"{topic_verdict.word}: ", "bold"), printable.clean(topic_verdict.reason)))
        )
    return lines


def past(interviews: Sequence[verdict.Past]) -> RenderableType:
    """Interviews of the past, oldest first: in numbers, then verdict by verdict; and where it is going."""
    table = [("began", "answered", "musts", "time"), *(_numbers(earlier) for earlier in interviews)]
    wide = [max(len(cells[n]) for cells in table) for n in range(4)]
    lines = [
        Text("  ".join(f"{cell:<{size}}" for cell, size in zip(cells, wide, strict=True)).rstrip()) for cells in table
    ]
    lines[0].stylize("bold")
    renderables: list[RenderableType] = [lines[0]]
    for line, earlier in zip(lines[1:], interviews, strict=True):
        outcomes = [f"{outcomes.topic} {outcomes.word}" for outcomes in verdict.verdicts(earlier.interview)]
        goes_on = f"unfinished; go on with: dlquiz interview --resume {earlier.number}"
        words = " · ".join(outcomes) if earlier.ended else goes_on
        renderables += [line, Hanging(Text("    "), Text(printable.clean(words), "quiet"))]
    trend = wording.trend([verdict.tally(earlier.interview.reached) for earlier in interviews if earlier.ended])
    return Group(*renderables, *([Text(), Text(trend)] if trend else []))


def _numbers(earlier: verdict.Past) -> tuple[str, str, str, str]:
    state = earlier.interview
    tally = verdict.tally(state.reached)
    musts = f"{tally.said} of {tally.of}" if tally.of and earlier.ended else "-"
    answered = f"{wording.answered(state)} of {len(state.questions)}"
    return f"{calendar.day_name(earlier.began.date())} {earlier.began:%H:%M}", answered, musts, clock(state.spent_ms)


def minutes(value: float) -> str:
    return counted(round(value), "minute") if value == round(value) else f"{value:g} minutes"
