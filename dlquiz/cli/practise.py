"""`study` and `random`."""

from __future__ import annotations

import sys
from math import isnan
from typing import TYPE_CHECKING, Annotated

import typer

from dlquiz.cli import app, complete
from dlquiz.cli.options import NO_CARDS, Tags, Topics, examples, where
from dlquiz.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from dlquiz.card import Brief
    from dlquiz.deck import Queue
    from dlquiz.desk import Desk


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
    mode: Annotated[
        str | None,
        typer.Option(
            metavar="reveal|speak",
            autocompletion=complete.modes,
            help="Answer aloud against a clock, or just turn cards over; main cards are spoken unless told.",
        ),
    ] = None,
) -> None:
    """Answer what is due today, and meet new cards.

    Space shows the answer, 1 to 4 rate it (again, hard, good, easy), ? lists the other keys. Every answer is saved at once;
    u takes the last one back. Keys can be piped in, one a line.
    """
    from dlquiz import deck, desk, session
    from dlquiz.bank import select
    from dlquiz.terminal import Sitting, keys

    _check_mode(mode)
    if minutes is not None and isnan(minutes):
        raise UsageError("--minutes is no number; it takes 0.1 or more")
    if keys.is_terminal(sys.stdin) and not keys.is_terminal(sys.stdout):
        raise UsageError(
            "study needs a terminal to show cards on; run it without redirecting its output, or pipe keys in"
        )
    with desk.opened(where(ctx), write=True) as table:
        selected = select.selection(table.bank, topic or [], tag or [])
        moment = table.now()
        queues = None
        if table.settings.interview:
            from dlquiz.cli.news import tell_news

            tell_news(table, moment)
        if card:
            chosen = select.card_ids(table.bank, card)
            queue = deck.Queue(tuple(table.bank.briefs(chosen)[each] for each in chosen), 0, 0)
        else:
            queues = table.queues(selected, table.limits(new=new, cards=cards, minutes=minutes), moment)
            queue = queues(moment)
        _announce(queue)
        if not queue.cards and not session.choose(session.start(queue), moment)[1]:
            from dlquiz.cli.start import print_nothing_due

            print_nothing_due(table, selected, queue)
            return
        label = selected.label if selected else ""
        start = session.start(queue, cards)
        Sitting(table, start, label=label, mode=mode, minutes=minutes, queues=queues).run()


@app.command(
    epilog=examples(
        "dlquiz random --topic dropout",
        "dlquiz random --count 5 --seed monday",
        "dlquiz random --rate    answers count",
    )
)
def random(
    ctx: typer.Context,
    topic: Topics = None,
    tag: Tags = None,
    count: Annotated[int, typer.Option(metavar="N", min=1, help="How many cards.")] = 10,
    seed: Annotated[str | None, typer.Option(metavar="TEXT", help="The same seed draws the same cards.")] = None,
    rate: Annotated[bool, typer.Option("--rate", help="Answers count as in study.")] = False,
    mode: Annotated[
        str | None,
        typer.Option(
            metavar="reveal|speak",
            autocompletion=complete.modes,
            help="Answer aloud against a clock, or just turn cards over.",
        ),
    ] = None,
) -> None:
    """Practise cards drawn at random, outside the schedule; writes nothing unless --rate.

    Without a terminal it prints questions with their answers.
    """
    import secrets

    from dlquiz import deck, desk, draw, session, view
    from dlquiz.bank import select
    from dlquiz.terminal import Sitting, keys

    _check_mode(mode)
    at_terminal = keys.is_terminal(sys.stdin) and keys.is_terminal(sys.stdout)
    if rate and keys.is_terminal(sys.stdin) and not at_terminal:
        raise UsageError(
            "random --rate needs a terminal to show cards on; run it without redirecting its output, or pipe keys in"
        )
    with desk.opened(where(ctx), write=rate) as table:
        selected = select.selection(table.bank, topic or [], tag or [])
        cards = [card for card in table.bank.in_order() if selected is None or selected.holds(card)]
        if not cards:
            typer.echo(NO_CARDS, err=True)
            return
        seed = seed if seed is not None else secrets.token_hex(8)
        chosen = draw.shuffled(cards, seed)[:count]
        if not at_terminal and not rate:
            console = view.console(plain_text=True)
            for brief in chosen:
                _print_whole(table, console, brief, seed)
            return
        label = selected.label if selected else ""
        start = session.start(deck.Queue(tuple(deck.arranged(chosen)), 0, 0))
        Sitting(table, start, label=label, mode=mode, keeps=rate, seed="" if rate else seed).run()


def _print_whole(table: Desk, console: Console, brief: Brief, seed: str) -> None:
    """A question with its whole answer, for a run that nobody types into."""
    from rich.text import Text

    from dlquiz import documents, plain, view
    from dlquiz.view import sitting

    sheet = table.sheet(brief.id, table.now(), seed)
    view.put(console, Text(f"card {plain.printable(sheet.card.id)}"))
    view.put(console, sitting.question(sheet))
    view.put(console, Text())
    view.put(console, view.narrow(view.Reading(documents.first_answer(sheet), sheet.card.forms)))
    if sheet.note.key_points and sheet.card.explains:
        view.put(console, view.narrow(view.Reading(documents.key_points(sheet.note), sheet.card.forms)))
    whole = documents.rest(sheet)
    if whole:
        view.put(console, Text())
        view.put(console, view.narrow(view.Reading(whole, sheet.card.forms)))
    view.put(console, sitting.sources(map(documents.cited, sheet.sources)))
    view.put(console, Text())


def _check_mode(mode: str | None) -> None:
    if mode not in (None, "reveal", "speak"):
        raise UsageError(f"there is no mode '{mode}'; it is reveal or speak")


def _announce(queue: Queue) -> None:
    from dlquiz import calendar

    if queue.backlog:
        late = queue.backlog
        day = calendar.day_name(late.clear_by)
        typer.echo(f"{late.waiting} waiting, {late.today} today, clear by {day}; new cards pause until then", err=True)
