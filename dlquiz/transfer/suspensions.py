"""Whether a card is suspended, here and in Anki: the later word counts, and what Anki began it may end."""

from __future__ import annotations

from collections.abc import Sequence

from dlquiz import scheduler
from dlquiz.anki.reader import answers
from dlquiz.anki.reader.records import AnkiClock
from dlquiz.card import Event


def made_there(
    history: Sequence[Event],
    about: answers.ReviewedCard,
    clock: AnkiClock,
    latest_ms: int,
    *,
    suspended: bool,
    changed_s: int,
) -> Event | None:
    """A suspension made in Anki, or the lifting of one that came from there; None where our log has it, or decided otherwise since.

    Args:
        history: What our log has of the card.
        about: The card.
        clock: How its collection counts days.
        latest_ms: Now.
        suspended: Is it so there?
        changed_s: When it last changed there.
    """
    last = _last(scheduler.effective(history))
    ours = last is not None and last.kind == "suspend"
    if suspended and not ours and changed_s * 1000 > decided_ms(history):
        return answers.suspension(about, changed_s, clock, latest_ms, history)
    if last and ours and not suspended and last.origin == answers.ORIGIN and last.at_ms <= changed_s * 1000:
        lifted = answers.suspension(about, changed_s, clock, latest_ms, ())
        return lifted and lifted._replace(kind="unsuspend", id=f"{lifted.id.removesuffix('-suspended')}-unsuspended")
    return None


def _last(effective: Sequence[Event]) -> Event | None:
    """The row that says whether a card is suspended."""
    return next((event for event in reversed(effective) if event.kind in ("suspend", "unsuspend")), None)


def decided_ms(history: Sequence[Event]) -> int:
    """When it was last decided here whether a card is suspended, by suspending it, bringing it back, or undoing either; else 0."""
    own = {event.id: event for event in history if event.kind in ("suspend", "unsuspend") and event.origin is None}
    undoings = [event.at_ms for event in history if event.kind == "undo" and event.target in own]
    return max([*undoings, *(event.at_ms for event in own.values())], default=0)
