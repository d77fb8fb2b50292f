"""What was recognised of an answer: each key point with its verdict and the words that were heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from dlquiz import view
from dlquiz.card import KeyPoint
from dlquiz.judge import Judgement, Verdict
from dlquiz.points import LETTERS
from dlquiz.text import printable

MARKS = {Verdict.FOUND: "✓", Verdict.UNSURE: "?", Verdict.OPPOSITE: "!", Verdict.NONE: "·"}
STYLES = {Verdict.FOUND: "green", Verdict.UNSURE: "yellow", Verdict.OPPOSITE: "red", Verdict.NONE: "dim"}
WORDS = {
    Verdict.FOUND: "heard",
    Verdict.UNSURE: "heard",
    Verdict.OPPOSITE: "you wrote the opposite",
    Verdict.NONE: "not recognised",
}
LIMITS = "Words, not meaning: about one said point in four is not recognised."


def heard(judgement: Judgement | None, answer: str) -> str:
    """What is said of one key point, in one line: `heard: "average … less noise"`."""
    if judgement is None:
        return "no rubric: tick it yourself"
    evidence = " … ".join(" ".join(part.split()) for part in judgement.evidence(answer))
    quoted = f': "{printable.clean(evidence)}"' if evidence else ""
    doubt = f", {judgement.why}" if judgement.verdict is Verdict.UNSURE and judgement.why else ""
    return f"{WORDS[judgement.verdict]}{quoted}{doubt}"


def verdicts(
    points: Sequence[KeyPoint],
    judgements: Sequence[Judgement | None],
    answer: str,
    forms: Mapping[str, str],
) -> RenderableType:
    """Every key point of a note with its verdict."""
    lines: list[RenderableType] = []
    for letter, point, judgement in zip(LETTERS, points, judgements, strict=False):
        mark = MARKS[judgement.verdict] if judgement else " "
        style = STYLES[judgement.verdict] if judgement else "dim"
        must = Text("must ", "bold") if point.must else Text()
        head = Text.assemble(Text(f"{letter} "), Text(f"{mark} ", style), must)
        lines.append(
            Group(head + _one_line(point.text, forms), Padding(Text(heard(judgement, answer), style), (0, 0, 0, 4)))
        )
    return Group(*lines, Text(), Text(LIMITS, "dim"))


def _one_line(text: str, forms: Mapping[str, str]) -> Text:
    rendered = view.prose(text, forms)
    return rendered if isinstance(rendered, Text) else Text(printable.clean(text))
