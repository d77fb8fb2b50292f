"""A sitting from its first card to its summary: what `study` does with its options, and without any. Typer is not needed for it;
nor is what options ask for imported before it is needed."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dlquiz import calendar, collection, deck, session
from dlquiz.collection import BankPaths
from dlquiz.errors import UsageError
from dlquiz.interactive.study import Sitting
from dlquiz.terminal import keys


def sit(
    where: BankPaths,
    *,
    topics: Sequence[str] | None = None,
    tags: Sequence[str] | None = None,
    card_ids: Sequence[str] | None = None,
    cards: int | None = None,
    minutes: float | None = None,
    new: int | None = None,
    weakest: int | None = None,
    mode: str | None = None,
) -> None:
    """Ask what is due today, and new cards; the options are those of `study`."""
    if keys.is_terminal(sys.stdin) and not keys.is_terminal(sys.stdout):
        raise UsageError(
            "study needs a terminal to show cards on; run it without redirecting its output, or pipe keys in"
        )
    with collection.opened(where, write=True) as col:
        selected = None
        if topics or tags:
            from dlquiz.bank import select

            selected = select.selection(col.bank, topics or [], tags or [])
        moment = col.now()
        queues = None
        if col.settings.interview:
            from dlquiz.cli.news import (
                tell_news,  # what plans are told with, which a sitting without one must not wait for
            )

            tell_news(col, moment)
        if card_ids:
            from dlquiz.bank import select

            chosen = select.card_ids(col.bank, card_ids)
            card_refs = col.bank.card_refs(chosen)
            queue = deck.Queue(tuple(card_refs[card_id] for card_id in chosen), 0, 0)
        elif weakest is not None:
            from dlquiz.collection import how_ready

            queue = deck.Queue(tuple(deck.arranged(how_ready.weakest(col, moment, selected, weakest))), 0, 0)
            if not queue.cards:
                print("No card to ask once more: none of these was answered before today.")
                return
        else:
            queues = col.queues(selected, col.limits(new=new, cards=cards, minutes=minutes), moment)
            queue = queues(moment)
        if col.settings.interview != moment.day:  # on that day nobody is told of a pile
            _announce(queue)
        if not queue.cards and not session.choose(session.start(queue), moment)[1]:
            from dlquiz.cli.today import print_nothing_due

            print_nothing_due(col, selected, queue)
            return
        label = selected.label if selected else ""
        start = session.start(queue, cards)
        Sitting(col, start, label=label, mode=mode, minutes=minutes, queues=queues, where=where).run()


def _announce(queue: deck.Queue) -> None:
    if queue.backlog:
        late = queue.backlog
        day = calendar.day_name(late.clear_by)
        words = f"{late.waiting} waiting, {late.today} today, clear by {day}; new cards pause until then"
        print(words, file=sys.stderr, flush=True)
