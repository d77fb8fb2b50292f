"""What was recognised of an answer: each key point with its verdict and the words that were heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dlquiz import view
from dlquiz.card import Judgement, KeyPoint, Verdict, note_of
from dlquiz.points import LETTERS
from dlquiz.session import Session
from dlquiz.text import printable
from dlquiz.view.styled import Column, Hanging, Indented, Text

if TYPE_CHECKING:
    from rich.console import RenderableType

MARKS = {Verdict.FOUND: "✓", Verdict.UNSURE: "?", Verdict.OPPOSITE: "!", Verdict.NONE: "·"}
STYLES = {Verdict.FOUND: "tick", Verdict.UNSURE: "notice", Verdict.OPPOSITE: "wrong", Verdict.NONE: "quiet"}
WORDS = {
    Verdict.FOUND: "heard",
    Verdict.UNSURE: "heard",
    Verdict.OPPOSITE: "you wrote the opposite",
    Verdict.NONE: "not recognised",
}
LIMITS = "It hears words, not meaning: about one in five of the points you say is not recognised."
SPOKEN_LIMITS = "Experimental. It hears words, not meaning, and mishears some; expect missed points."
SPOKEN_OPPOSITE = "you said the opposite"


def limits(*, spoken: bool) -> str:
    """What the reader should know of these verdicts."""
    return SPOKEN_LIMITS if spoken else LIMITS


def heard(judgement: Judgement | None, answer: str, *, spoken: bool = False) -> str:
    """What is said of one key point, in one line: `heard: "average … less noise"`."""
    if judgement is None:
        return "no rubric: tick it yourself"
    evidence = " … ".join(" ".join(evidence_span.split()) for evidence_span in judgement.evidence(answer))
    quoted = f': "{printable.clean(evidence)}"' if evidence else ""
    doubt = f", {judgement.why}" if judgement.verdict is Verdict.UNSURE and judgement.why else ""
    word = SPOKEN_OPPOSITE if spoken and judgement.verdict is Verdict.OPPOSITE else WORDS[judgement.verdict]
    return f"{word}{quoted}{doubt}"


def of(state: Session, point: str) -> Judgement | None:
    """What a judge said of a key point of the card on the table."""
    return next((judgement for judgement in state.heard if judgement and judgement.point == point), None)


def mark(judgement: Judgement | None) -> tuple[str, str]:
    """What stands before a key point that is not ticked, with its style; what was found and taken back has no mark."""
    if judgement is None or judgement.verdict is Verdict.FOUND:
        return "  ", ""
    return f"{MARKS[judgement.verdict]} ", STYLES[judgement.verdict]


def heard_below(state: Session, judgement: Judgement | None) -> list[RenderableType]:
    """The words that speak for a verdict, below its key point."""
    if not state.heard or state.words is None:
        return []
    return [below(judgement, state.words, spoken=state.transcript is not None)]


def below(judgement: Judgement | None, answer: str, letter: str = "", *, spoken: bool = False) -> RenderableType:
    """The words that speak for one verdict, set in; with the letter to press where one must decide."""
    style = STYLES[judgement.verdict] if judgement else "quiet"
    asks = letter and judgement is not None and judgement.verdict is Verdict.UNSURE
    words = heard(judgement, answer, spoken=spoken)
    sentence = f"{words}; {letter} if you said it" if asks else words
    return Hanging(Text("           "), Text(sentence, style))


def lines(key_points: Sequence[KeyPoint], judgements: Sequence[Judgement | None]) -> list[str]:
    """The verdicts for a script, one a line: `point a found mine/note#point`."""
    lettered = zip(LETTERS, key_points, judgements, strict=False)
    return [f"point {letter} {judgement.verdict} {point.id}" for letter, point, judgement in lettered if judgement]


def credited_twice(point: str, words: str) -> str:
    """The offer to keep words that a key point was credited for twice."""
    return f'credited twice: "{printable.clean(words)}"; k keeps it as your own words for {point}'


def kept(point: str) -> str:
    """They were kept."""
    return f"kept for {point}; dlquiz judge {note_of(point)} --own lists it"


def question(state: Session, letter: str) -> str:
    """What the user is asked about a key point that is unsure."""
    index = LETTERS.index(letter)
    judgement = state.heard[index] if index < len(state.heard) else None
    return f"{letter}: did you say it? {heard(judgement, state.words or '')}"


def verdicts(
    points: Sequence[KeyPoint],
    judgements: Sequence[Judgement | None],
    answer: str,
    forms: Mapping[str, str],
    *,
    spoken: bool = False,
) -> RenderableType:
    """Every key point of a note with its verdict; of a spoken answer also the words that were understood."""
    lines: list[RenderableType] = []
    if spoken:
        lines += [Text("Understood:", "quiet"), Indented(Text(printable.clean(answer)), 2), Text()]
    for letter, point, judgement in zip(LETTERS, points, judgements, strict=False):
        mark = MARKS[judgement.verdict] if judgement else " "
        style = STYLES[judgement.verdict] if judgement else "quiet"
        must = Text("must ", "bold") if point.must else Text()
        head = Text.assemble(Text(f"{letter} "), Text(f"{mark} ", style), must)
        words = Text(heard(judgement, answer, spoken=spoken), style)
        lines.append(Column(Text.assemble(head, _one_line(point.text, forms)), Indented(words, 4)))
    return Column(*lines, Text(), Text(limits(spoken=spoken), "quiet"))


def _one_line(text: str, forms: Mapping[str, str]) -> Text:
    rendered = view.prose(text, forms)
    return rendered if isinstance(rendered, Text) else Text(printable.clean(text))
