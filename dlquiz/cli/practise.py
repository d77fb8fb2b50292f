"""`random`: apart from `study`, whose first question waits for every verb that is made ready beside it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dlquiz.cli import app
from dlquiz.cli.options import NO_CARDS, Mode, Tags, Topics, check_mode, examples, where
from dlquiz.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from dlquiz.card import Brief
    from dlquiz.desk import Desk


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
    mode: Mode = None,
) -> None:
    """Practise cards drawn at random, outside the schedule; writes nothing unless --rate.

    Without a terminal it prints questions with their answers.
    """
    import secrets

    from dlquiz import deck, desk, draw, session, view
    from dlquiz.bank import select
    from dlquiz.terminal import Sitting, keys

    check_mode(mode)
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
