"""The foot of the live region: what is ticked, typed or told, the rating keys, and which keys work now. Draws nothing itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from dlquiz import session
from dlquiz.interactive import key_hints
from dlquiz.session import Phase, Session
from dlquiz.terminal.line import Line
from dlquiz.terminal.multiline import MultilineText
from dlquiz.text import cells
from dlquiz.view import NAMES, verdicts
from dlquiz.view import card as card_layout
from dlquiz.view.key_points import ROOMY
from dlquiz.view.styled import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

BACK = "back to the card"
Hints = Sequence[tuple[str, str]]  # keys, and what they do


class RecordingStep(NamedTuple):
    """What a screen shows while somebody speaks, or waits."""

    line: str
    hints: tuple[tuple[str, str], ...]
    name: str  #: changes when something new begins, for screens that draw nothing twice


class FootParts(NamedTuple):
    """What the foot shows beside the sitting itself."""

    width: int
    low: bool  #: the screen is: only what one can't do without
    keeps: bool  #: answers are written
    more: str  #: what Space would show
    notice: str = ""  #: a word, until the next key
    clock: str = ""
    typed: tuple[str, Line] | None = None  #: a line being typed, with its prompt
    writing: MultilineText | None = None  #: an answer of several lines that is being written
    over: Hints | None = None  #: the keys of what lies over the card
    step: RecordingStep | None = None  #: of an answer that is spoken or written down


def rows(state: Session, foot: FootParts) -> "list[RenderableType]":
    """A line for what is ticked, typed or told; the rating keys; the hints. On a low screen the first and the last share a line."""
    if state.card_view is None:
        return []
    items: list[RenderableType] = []
    if state.phase is Phase.ANSWER and foot.typed:
        items.append(Text())  # digits are text now
    elif state.phase is Phase.ANSWER:
        suggested = session.suggestion(state)
        items.append(card_layout.rating_keys(state.card_view, suggested, promises=foot.keeps and not foot.low))
    if not foot.low:
        hints = card_layout.hints if foot.width >= ROOMY else card_layout.first_hints
        return [_status(state, foot), *items, hints(_hints(state, foot))]
    if foot.step:
        return [*items, card_layout.told_hints(foot.step.line, foot.step.hints)]
    if foot.typed or foot.notice:
        return [*items, _status(state, foot)]
    suggested = session.suggestion(state) if state.phase is Phase.ANSWER and not foot.over else None
    enter = [("Enter", f"{int(suggested)} {NAMES[suggested]}")] if suggested else []
    return [*items, card_layout.few_hints(foot.clock, [*enter, *_reading_on(state, foot), *_hints(state, foot)])]


def _status(state: Session, foot: FootParts) -> Text:
    if foot.typed:
        prompt, line = foot.typed
        before, behind = line.within(max(4, foot.width - cells.length(prompt) - 2))
        return Text.assemble(prompt, before, (behind[:1] or " ", "cursor"), behind[1:])
    suggested = session.suggestion(state)
    words = [foot.clock] if foot.clock else []
    if foot.step:
        words.append(foot.step.line)
    elif foot.notice:
        words.append(foot.notice)
    elif foot.writing is not None and not foot.writing.whole:
        words.append("write; an empty line ends the answer")
    elif session.asked_about(state):
        words.append(verdicts.question(state, session.asked_about(state)))
    elif state.phase is Phase.ANSWER and suggested:
        words.append(card_layout.taken(state, suggested, brief=foot.width < ROOMY).strip())
    elif state.undid:
        return card_layout.taken_back(state.undid)
    else:
        words += [" ".join(hint) for hint in _reading_on(state, foot)]
    text = Text("  " + "   ".join(words), "notice" if foot.notice else "")
    text.truncate(max(1, foot.width - 1), ellipsis=True)
    return text


def _reading_on(state: Session, foot: FootParts) -> Hints:
    """The key that turns to the rest of a question; Space shows its answer."""
    return [("PgDn", foot.more)] if state.phase is Phase.QUESTION and foot.more and foot.over is None else []


def _hints(state: Session, foot: FootParts) -> Hints:
    if foot.step:
        return list(foot.step.hints)
    if foot.typed:
        return [("Enter", "checks" if foot.typed[0] == key_hints.ANSWER_PROMPT else "keeps it"), ("Esc", "cancels")]
    if foot.over is not None:
        return foot.over
    if foot.writing is not None:
        done = "done" if foot.writing.whole else "show the answer"
        return [("Enter twice" if foot.writing.whole else "Enter", done), ("Esc", "other keys")]
    holding = key_hints.conditions(state, keeps=foot.keeps, more=bool(foot.more))
    return list(key_hints.worth_telling(state, holding, more=foot.more, few=foot.low or foot.width < ROOMY))
