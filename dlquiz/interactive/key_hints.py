"""Which keys work now, from the bindings: as the line below a card reminds of them, and as `?` lists them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dlquiz import card_text, maths, points, session
from dlquiz.session import Phase, Session
from dlquiz.terminal import keys
from dlquiz.terminal.keys import AFTER, ALWAYS, BEFORE, Binding

FEW = {"show", "pick", "type", "tick", "more", "keys", "quit"}  # what a low screen still reminds of


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
        "typed": bool(card_view.card.accept),
        "points": bool(card_view.key_points),
        "suggestion": session.suggestion(state) is not None,
        "more": more or bool(state.undid),
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
    for each in _now(state):
        if each.hint and {each.needs, each.hinted}.issubset({"", *holding}) and not (few and each.hint not in FEW):
            told = {"show": "done speaking" if state.mode == "speak" else "show", "more": more or "go on"}
            yield _keys_of(each, state), told.get(each.hint, each.hint)


def working(state: Session, holding: Collection[str]) -> Iterator[tuple[str, str]]:
    """Every key that does something now."""
    card_view = state.card_view
    formula = card_view and maths.source(card_text.source(card_view, answered=state.phase is Phase.ANSWER))
    for each in _now(state):
        if each.needs in {"", "formula" if formula else "", *holding}:
            yield _keys_of(each, state), each.does


def _now(state: Session) -> Iterator[Binding]:
    when = BEFORE if state.phase is Phase.QUESTION else AFTER
    return (each for each in keys.BINDINGS if each.when in (when, ALWAYS))


def _keys_of(binding: Binding, state: Session) -> str:
    """The keys of a binding as far as this card uses them."""
    if state.card_view and binding.needs == "options":
        return f"1-{len(state.card_view.options)}"
    if state.card_view and binding.needs == "points" and binding.keys != "0":
        last = points.LETTERS[: len(state.card_view.key_points)][-1:]
        return "a" if last == "a" else f"a-{last}"
    return binding.shown
