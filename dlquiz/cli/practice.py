"""`random`: apart from `study`, whose first question waits for every verb that is made ready beside it."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dlquiz.cli.options import Mode, Tags, Topics, check_mode, examples, where
from dlquiz.cli.program import app
from dlquiz.cli.results import NO_CARDS
from dlquiz.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from dlquiz.card import CardRef
    from dlquiz.collection import Collection


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

    from dlquiz import collection, deck, rng, session, view
    from dlquiz.bank import select
    from dlquiz.interactive.study import Sitting
    from dlquiz.terminal import keys

    check_mode(mode)
    at_terminal = keys.is_terminal(sys.stdin) and keys.is_terminal(sys.stdout)
    if rate and keys.is_terminal(sys.stdin) and not at_terminal:
        raise UsageError(
            "random --rate needs a terminal to show cards on; run it without redirecting its output, or pipe keys in"
        )
    with collection.opened(where(ctx), write=rate) as col:
        selected = select.selection(col.bank, topic or [], tag or [])
        cards = [card for card in col.bank.in_order() if selected is None or selected.holds(card)]
        if not cards:
            typer.echo(NO_CARDS, err=True)
            return
        seed = seed if seed is not None else secrets.token_hex(8)
        chosen = rng.shuffled(cards, seed)[:count]
        if not at_terminal and not rate:
            console = view.console(plain_text=True)
            for card_ref in chosen:
                _print_whole(col, console, card_ref, seed)
            return
        label = selected.label if selected else ""
        start = session.start(deck.Queue(tuple(deck.arranged(chosen)), 0, 0))
        Sitting(col, start, label=label, mode=mode, keeps=rate, seed="" if rate else seed, where=where(ctx)).run()


def _print_whole(col: "Collection", console: "Console", card_ref: "CardRef", seed: str) -> None:
    """A question with its whole answer, for a run that nobody types into."""
    from dlquiz import card_text, view
    from dlquiz.text import printable
    from dlquiz.view import card as card_layout
    from dlquiz.view.styled import Text

    card_view = col.card_view(card_ref.id, col.now(), seed)
    view.put(console, Text(f"card {printable.clean(card_view.card.id)}"))
    view.put(console, card_layout.question(card_view))
    view.put(console, Text())
    view.put(console, view.narrow(view.Readable(card_text.first_answer(card_view), card_view.card.forms)))
    if card_view.note.key_points and card_view.card.explains:
        view.put(console, view.narrow(view.Readable(card_text.key_points(card_view.note), card_view.card.forms)))
    full_answer = card_text.rest(card_view)
    if full_answer:
        view.put(console, Text())
        view.put(console, view.narrow(view.Readable(full_answer, card_view.card.forms)))
    view.put(console, card_layout.sources(map(card_text.cited, card_view.sources)))
    view.put(console, Text())
