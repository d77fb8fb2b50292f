"""What a sitting says beside its card: which keys work now, from the bindings, as hints and as `?` lists them; how long was spoken."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dlquiz import card_text, maths, points, session
from dlquiz.session import Phase, Session
from dlquiz.terminal import clock, keys
from dlquiz.terminal.keys import AFTER, ALWAYS, BEFORE, Binding

FEW = {"show", "speak", "pick", "type", "tick", "more", "keys", "quit"}  # what a low screen still reminds of
USED_TO_ANKI = "Used to Anki?"
FROM_ANKI = (  # what is different for fingers that know it
    " Space shows and never rates; Enter rates once a rating is suggested. Ctrl-Z is u, edit is o; m keeps remarks and ! errors, in"
    " place of marks and flags. - and @ take one card; for a whole note: dlquiz suspend 'NOTE.*'. Card info: dlquiz show ID."
)
ANSWER_PROMPT = "  > "
REMARK_PROMPT = "  your remark: "


def conditions(state: Session, *, keeps: bool, more: bool) -> frozenset[str]:
    """What holds of the card on the table, by the names that bindings need.

    Args:
        state: The sitting.
        keeps: Answers are written.
        more: Space has something to show.
    """
    card_view = state.card_view
    if card_view is None:
        return frozenset()
    holds = {
        "options": bool(card_view.options),
        "typed": card_view.card.typed,
        "points": bool(card_view.key_points),
        "picture": bool(card_view.pictures),
        "picture asked": bool(card_view.pictures_asked),
        "suggestion": session.suggestion(state) is not None,
        "unasked": bool(state.unasked),
        "credited": bool(state.credited) and keeps,
        "more": more or bool(state.undid),
        "listens": state.listens,
        "turned": not state.listens,
        "transcript": bool(state.transcript),
        "kept": keeps,
        "answered": bool(state.answers),
    }
    return frozenset(name for name, yes in holds.items() if yes)


def worth_telling(state: Session, holding: Collection[str], *, more: str, few: bool) -> Iterator[tuple[str, str]]:
    """Keys worth a reminder below the card.

    Args:
        state: The sitting.
        holding: What `conditions` found.
        more: What Space would show.
        few: Only those that one can't do without.
    """
    words = {
        "show": "done speaking" if state.mode == "speak" and not state.listens else "show",
        "more": more or "go on",
    }
    for binding in _now(state):
        needed = {binding.needs, binding.hinted}.issubset({"", *holding})
        if binding.hint and needed and not (few and binding.hint not in FEW):
            yield _keys_of(binding, state), words.get(binding.hint, binding.hint)


def working(state: Session, holding: Collection[str]) -> Iterator[tuple[str, str]]:
    """Every key that does something now."""
    card_view = state.card_view
    formula = card_view and maths.source(card_text.source(card_view, answered=state.phase is Phase.ANSWER))
    for binding in _now(state):
        if binding.needs in {"", "formula" if formula else "", *holding}:
            yield _keys_of(binding, state), binding.does


def unbound(state: Session, key: str) -> str:
    """A word on a key that does nothing now."""
    rates = "1-4 rate, " if state.phase is Phase.ANSWER else ""
    return f"{key[:20]!r} does nothing here; {rates}? shows the keys"


def target(state: Session) -> int | None:
    """Seconds that a spoken answer should take; None where any time will do."""
    return clock.SPEAK_TARGET_S if state.card_view and state.card_view.card.spoken else None


def spoke(state: Session) -> str:
    """How long an answer that was spoken took, as a sentence."""
    if state.mode != "speak" or state.thought_ms is None:
        return ""
    return f"You spoke for {clock.told(state.thought_ms / 1000, target(state))}."


def latex(state: Session) -> list[str]:
    """The formulas of what is shown, as they are written."""
    if state.card_view is None:
        return []
    formulas = maths.source(card_text.source(state.card_view, answered=state.phase is Phase.ANSWER))
    return [formula for formula in dict.fromkeys(formulas) if len(formula) > 1]  # a letter is its own source


def _now(state: Session) -> Iterator[Binding]:
    when = BEFORE if state.phase is Phase.QUESTION else AFTER
    return (binding for binding in keys.BINDINGS if binding.when in (when, ALWAYS))


def _keys_of(binding: Binding, state: Session) -> str:
    """The keys of a binding as far as this card uses them."""
    if state.card_view and binding.needs == "options":
        return f"1-{len(state.card_view.options)}"
    if state.card_view and binding.needs == "points" and binding.keys != "0":
        last = points.LETTERS[: len(state.card_view.key_points)][-1:]
        return "a" if last == "a" else f"a-{last}"
    return binding.shown
