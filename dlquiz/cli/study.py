"""`study`."""

from __future__ import annotations

import sys
from math import isnan
from typing import TYPE_CHECKING, Annotated

import typer

from dlquiz.cli import app, complete
from dlquiz.cli.options import Mode, Tags, Topics, check_mode, examples, where
from dlquiz.errors import UsageError

if TYPE_CHECKING:
    from dlquiz.deck import Queue


@app.command(
    epilog=examples(
        "dlquiz study",
        "dlquiz study --topic optimizers --minutes 10",
        "dlquiz study --card 'optimizer-choice.*'    all cards of a note, due or not",
        "printf '\\n3\\n' | dlquiz study --cards 1    keys piped in, one a line",
    )
)
def study(
    ctx: typer.Context,
    topic: Topics = None,
    tag: Tags = None,
    card: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help="Ask just this card, due or not. May be repeated.", autocompletion=complete.ids
        ),
    ] = None,
    cards: Annotated[int | None, typer.Option(metavar="N", min=1, help="Stop after so many answers.")] = None,
    minutes: Annotated[
        float | None, typer.Option(metavar="M", min=0.1, help="Stop at the next card after so many minutes.")
    ] = None,
    new: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help="New cards in this sitting, in place of what is left of today's."),
    ] = None,
    mode: Mode = None,
) -> None:
    """Answer what is due today, and meet new cards.

    Space shows the answer, 1 to 4 rate it (again, hard, good, easy), ? lists the other keys. Every answer is saved at once;
    u takes the last one back. Keys can be piped in, one a line.
    """
    from dlquiz import collection, deck, session
    from dlquiz.bank import select
    from dlquiz.interactive.study import Sitting
    from dlquiz.terminal import keys

    check_mode(mode)
    if minutes is not None and isnan(minutes):
        raise UsageError("--minutes is no number; it takes 0.1 or more")
    if keys.is_terminal(sys.stdin) and not keys.is_terminal(sys.stdout):
        raise UsageError(
            "study needs a terminal to show cards on; run it without redirecting its output, or pipe keys in"
        )
    with collection.opened(where(ctx), write=True) as col:
        selected = select.selection(col.bank, topic or [], tag or [])
        moment = col.now()
        queues = None
        if col.settings.interview:
            from dlquiz.cli.news import tell_news

            tell_news(col, moment)
        if card:
            chosen = select.card_ids(col.bank, card)
            card_refs = col.bank.card_refs(chosen)
            queue = deck.Queue(tuple(card_refs[card_id] for card_id in chosen), 0, 0)
        else:
            queues = col.queues(selected, col.limits(new=new, cards=cards, minutes=minutes), moment)
            queue = queues(moment)
        _announce(queue)
        if not queue.cards and not session.choose(session.start(queue), moment)[1]:
            from dlquiz.cli.start import print_nothing_due

            print_nothing_due(col, selected, queue)
            return
        label = selected.label if selected else ""
        start = session.start(queue, cards)
        Sitting(col, start, label=label, mode=mode, minutes=minutes, queues=queues, where=where(ctx)).run()


def _announce(queue: Queue) -> None:
    from dlquiz import calendar

    if queue.backlog:
        late = queue.backlog
        day = calendar.day_name(late.clear_by)
        typer.echo(f"{late.waiting} waiting, {late.today} today, clear by {day}; new cards pause until then", err=True)
