"""A mock interview that was held -> its report, as Markdown and as a page."""

from __future__ import annotations

import re
from pathlib import Path

from dlquiz import maths
from dlquiz.card import FollowUp
from dlquiz.html import page as html_page
from dlquiz.interview import Answer, Question, verdict, wording
from dlquiz.interview.verdict import Debrief
from dlquiz.text import printable, tags

_STYLE = Path(__file__).with_name("debrief.css")
SAID, MISSED = "✓", "✗"


def markdown(debrief: Debrief, *, as_written: bool = False) -> str:
    """The whole report. Formulas are Unicode, or LaTeX `as_written`; what was typed stands in code blocks, as it was typed."""
    state = debrief.interview
    seed = printable.clean(state.settings.seed)
    ticks = _ticks(seed, 1)
    verdicts = [f"| {finding.topic} | **{finding.word}** | {finding.reason} |" for finding in verdict.verdicts(state)]
    blocks = [
        "# Mock interview",
        " · ".join([f"{debrief.began:%Y-%m-%d %H:%M}", *wording.facts(state), f"seed {ticks} {seed} {ticks}"]),
        *wording.overall(debrief),
        "## Verdict",
        "\n".join(["| Topic | Verdict | Why |", "| --- | --- | --- |", *verdicts]),
        *wording.unreached(state),
        "## Next",
        "\n".join(f"{n}. {step.why}:  \n   `{step.command}`" for n, step in enumerate(debrief.steps, 1)),
        "## Answer by answer",
    ]
    for n, question in enumerate(state.reached, 1):
        blocks += _question(n, question, question.note in debrief.known, as_written)
    return "\n\n".join(blocks) + "\n"


def html(debrief: Debrief) -> str:
    """The report as one page without anything beside it."""
    inside = _marked(html_page.body(markdown(debrief, as_written=True)))
    return html_page.document(f"Mock interview, {debrief.began:%Y-%m-%d %H:%M}", inside + "\n", _STYLE)


def _question(n: int, question: Question, is_known: bool, as_written: bool) -> list[str]:
    def read(text: str) -> str:
        safe = tags.markdown(printable.clean(text))
        return (safe if as_written else maths.readable(safe, question.forms)).strip()

    blocks = [f"### {n}. {' '.join(read(question.text).split())}", f"*{question.topic} · {wording.times(question)}*"]
    blocks += _given(question.answers[0])
    blocks += ["**In short**", read(question.short)]
    if question.points:
        blocks += [_points_heading(question), "\n".join(_points(question, read))]
    if is_known:
        blocks += [f"Explained in full: `dlquiz show {question.note}`"]
    for follow_up, answer in zip(question.follow_ups, question.answers[1:], strict=False):
        blocks += _follow_up(follow_up, answer, read)
    return blocks


def _points_heading(question: Question) -> str:
    if not verdict.judged(question):
        return "**Key points** (nothing was ticked)"
    return f"**Key points** ({len(question.points) - len(question.missed)} of {len(question.points)} said)"


def _points(question: Question, read: html_page.Read) -> list[str]:
    lines = []
    missed = {point.id for point in question.missed}
    for point in question.points:
        mark = f"{MISSED if point.id in missed else SAID} " if verdict.judged(question) else ""
        lines.append(f"- {mark}{' '.join(read(point.text).split())}{' **(must)**' if point.must else ''}")
    return lines


def _follow_up(follow_up: FollowUp, answer: Answer, read: html_page.Read) -> list[str]:
    asked = f"**Asked next:** {' '.join(read(follow_up.question).split())}"
    return [asked + (" *(skipped)*" if answer.skipped else ""), *_given(answer), read(follow_up.answer)]


def _given(answer: Answer) -> list[str]:
    """What was typed, as it was typed."""
    if not answer.given:
        return []
    fence = _ticks(answer.given, 3)
    return ["You wrote:", f"{fence}text\n{printable.clean(answer.given)}\n{fence}"]


def _ticks(text: str, least: int) -> str:
    """Backticks that keep a text from being read as Markdown: more than any run of them in it."""
    return "`" * max(least, 1 + max((len(run) for run in re.findall("`+", text)), default=0))


def _marked(body: str) -> str:
    """Key points with a class of their own, for the page's colours; the marks stay."""
    for mark, name in ((SAID, "said"), (MISSED, "missed")):
        body = body.replace(f"<li>{mark} ", f'<li class="{name}"><span class="mark">{mark}</span> ')
    for word in (verdict.PASSED, verdict.NEARLY, verdict.NOT_YET, verdict.NOT_JUDGED):
        cell = f"<td><strong>{word}</strong></td>"
        body = body.replace(cell, f'<td class="verdict {word.replace(" ", "-")}"><strong>{word}</strong></td>')
    return body
