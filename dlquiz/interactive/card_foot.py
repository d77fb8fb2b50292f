"""The foot of the live region: what is ticked, typed or told, the rating keys, and which keys work now. Draws nothing itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from dlquiz import session
from dlquiz.interactive import key_hints
from dlquiz.session import Phase, Session
from dlquiz.terminal.line import Line
from dlquiz.terminal.multiline import MultilineText
from dlquiz.text import cells
from dlquiz.view import card as card_layout
from dlquiz.view import verdicts
from dlquiz.view.styled import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

BACK = "back to the card"
Hints = Sequence[tuple[str, str]]  # keys, and what they do


class Step(NamedTuple):
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
    step: Step | None = None  #: of an answer that is spoken or written down


def rows(state: Session, parts: FootParts) -> "list[RenderableType]":
    """A line for what is ticked, typed or told; the rating keys; the hints. On a low screen the first and the last share a line."""
    if state.card_view is None:
        return []
    items: list[RenderableType] = []
    if state.phase is Phase.ANSWER and parts.typed:
        items.append(Text())  # digits are text now
    elif state.phase is Phase.ANSWER:
        suggested = session.suggestion(state)
        items.append(card_layout.rating_keys(state.card_view, suggested, promises=parts.keeps and not parts.low))
    if not parts.low:
        return [_status(state, parts), *items, card_layout.hints(_hints(state, parts))]
    if parts.typed or parts.notice or parts.step:
        return [*items, _status(state, parts)]
    return [*items, card_layout.few_hints(parts.clock, _hints(state, parts))]


def _status(state: Session, parts: FootParts) -> Text:
    if parts.typed:
        prompt, line = parts.typed
        before, behind = line.within(max(4, parts.width - cells.length(prompt) - 2))
        return Text.assemble(prompt, before, (behind[:1] or " ", "cursor"), behind[1:])
    suggested = session.suggestion(state)
    words = [parts.clock] if parts.clock else []
    if parts.step:
        words += [parts.step.line, *(" ".join(hint) for hint in parts.step.hints if parts.low)]
    elif parts.notice:
        words.append(parts.notice)
    elif session.asked_about(state):
        words.append(verdicts.question(state, session.asked_about(state)))
    elif state.phase is Phase.ANSWER and suggested:
        words.append(card_layout.taken(state, suggested).strip())
    elif state.undid:
        return card_layout.taken_back(state.undid)
    text = Text("  " + "   ".join(words), "notice" if parts.notice else "")
    text.truncate(max(1, parts.width - 1), ellipsis=True)
    return text


def _hints(state: Session, parts: FootParts) -> Hints:
    if parts.step:
        return list(parts.step.hints)
    if parts.typed:
        return [("Enter", "checks" if parts.typed[0] == key_hints.ANSWER_PROMPT else "keeps it"), ("Esc", "cancels")]
    if parts.over is not None:
        return parts.over
    if parts.writing is not None:
        done = "done" if parts.writing.whole else "show the answer"
        return [("Enter twice" if parts.writing.whole else "Enter", done), ("Esc", "other keys")]
    holding = key_hints.conditions(state, keeps=parts.keeps, more=bool(parts.more))
    return list(key_hints.worth_telling(state, holding, more=parts.more, few=parts.low))
