"""What was noted of cards with `!`: told with where each is written, and put away when it is dealt with."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from dlquiz import __version__, calendar
from dlquiz.bank import locate
from dlquiz.card import Event
from dlquiz.collection import Collection
from dlquiz.errors import UsageError


class Flag(NamedTuple):
    """One note on a card."""

    event: Event
    card: str  #: today's id
    text: str
    file: str | None  #: None when the card is in none of the banks at hand
    line: int | None
    changed: bool  #: the card says something else by now


def flags(col: Collection) -> list[Flag]:
    """What was noted and not put away, oldest first."""
    events = col.progress.flags()
    today = {event.id: _today(col, event) for event in events}
    places = locate.located(col.bank, set(today.values()))
    return [_flag(col, event, today[event.id], places) for event in events]


def done(col: Collection, card: str) -> int:
    """Put away what was noted of a card; how many notes that were.

    Raises:
        UsageError: Nothing was.
    """
    card_flags = [flag for flag in flags(col) if card in (flag.card, flag.event.card)]
    if not card_flags:
        raise UsageError(f"nothing was noted of '{card}'; `dlquiz flags` shows what was")
    col.take_back([flag.event for flag in card_flags], col.now())
    return len(card_flags)


def _today(col: Collection, event: Event) -> str:
    return col.bank.current(event.card)


def _flag(col: Collection, event: Event, card: str, places: dict[str, locate.Location]) -> Flag:
    location = places.get(card)
    changed = location is not None and event.content not in (None, col.bank.content(card))
    return Flag(event, card, event.given or "", location and location.shown, location and location.line, changed)


def rows(flagged: Sequence[Flag]) -> list[dict[str, Any]]:
    """As `flags --json` has them."""
    return [
        {
            "id": flag.event.id,
            "card": flag.card,
            "flagged_at": calendar.iso(flag.event.at_ms),
            "study_day": flag.event.study_day.isoformat(),
            "text": flag.text,
            "params": flag.event.params,
            "file": flag.file,
            "line": flag.line,
            "changed": flag.changed,
            "version": __version__,
        }
        for flag in flagged
    ]


def report(flagged: Sequence[Flag]) -> Iterator[str]:
    """Lines of plain text, card by card, that say all a maintainer needs."""
    by_card: dict[str, list[Flag]] = {}
    for flag in flagged:
        by_card.setdefault(flag.card, []).append(flag)
    for card, noted in by_card.items():
        where = f"{noted[0].file}:{noted[0].line}" if noted[0].file else "in none of the banks at hand"
        yield f"{card} ({where})"
        for flag in noted:
            numbers = f" (with {flag.event.params})" if flag.event.params else ""
            changed = " (the card has changed since)" if flag.changed else ""
            yield f"  {flag.event.study_day.isoformat()}: {flag.text or 'no words'}{numbers}{changed}"
    yield f"dlquiz {__version__}, Python {platform.python_version()}, {platform.system()}"
