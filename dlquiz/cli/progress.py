"""What changes progress: `undo`, `suspend`, `unsuspend`, `reset`. The collection is imported when one of them runs: Tab doesn't need it."""

from collections.abc import Callable
from typing import Annotated

import typer

from dlquiz.card import CardState
from dlquiz.cli import complete
from dlquiz.cli.options import examples, where
from dlquiz.cli.program import app

IDS = "Cards: note (its main card), note.card, or 'note.*' for all of a note."
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help=IDS, autocompletion=complete.ids)]
# What is said of a card that it was done to, of one that it need not be done to, and which those are.
ACTS: dict[str, tuple[str, str, Callable[[CardState], bool]]] = {
    "suspend": ("suspended", "already suspended:", lambda card_state: not card_state.suspended),
    "unsuspend": ("unsuspended", "not suspended:", lambda card_state: card_state.suspended),
    "reset": ("reset", "new already:", lambda card_state: card_state.memory is not None),
}


@app.command(epilog=examples("dlquiz undo"))
def undo(ctx: typer.Context) -> None:
    """Take back the last answer, even after the program has ended; repeated, it goes further back.

    Suspending, burying, resetting, flagging and a remark can be taken back too; what one command did to several cards is one thing.
    """
    from dlquiz import collection

    with collection.opened(where(ctx), write=False) as col:
        undone = col.undo(col.now())
    what = f"rated {int(undone.event.rating)}" if undone.event.rating else undone.event.kind
    for card in (undone.card, *undone.others):
        typer.echo(f"undone {card} ({what})")


@app.command(
    epilog=examples(
        "dlquiz suspend dropout.inverted", "dlquiz suspend 'dropout.*'    quoted, or some shells look for files"
    )
)
def suspend(ctx: typer.Context, ids: Ids) -> None:
    """Leave cards out until you bring them back."""
    _act(ctx, "suspend", ids)


@app.command(epilog=examples("dlquiz unsuspend", "dlquiz unsuspend 'dropout.*'"))
def unsuspend(
    ctx: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help=IDS, autocompletion=complete.ids)] = None,
) -> None:
    """Bring suspended cards back; without an ID, list them."""
    if ids:
        _act(ctx, "unsuspend", ids)
        return
    from dlquiz import collection

    with collection.opened(where(ctx), write=False) as col:
        suspended = col.progress.suspended()
    for card in suspended:
        typer.echo(card)
    typer.echo(f"Bring one back: dlquiz unsuspend {suspended[0]}" if suspended else "No card is suspended.", err=True)


@app.command(epilog=examples("dlquiz reset dropout.inverted", "dlquiz reset 'dropout.*'"))
def reset(ctx: typer.Context, ids: Ids) -> None:
    """Start cards afresh as new; their answers stay in the log, and undo brings the memory back."""
    _act(ctx, "reset", ids)


def _act(ctx: typer.Context, kind: str, ids: list[str]) -> None:
    """Do it to the cards that are not so already, and say which are."""
    from dlquiz import collection
    from dlquiz.bank import select

    with collection.opened_bank(where(ctx)) as bank:
        select.card_ids(bank, ids)  # an unknown id is told before anything is created
    with collection.opened(where(ctx), write=True) as col:
        cards = select.card_ids(col.bank, ids)
        states = col.card_states(cards)
        so, unchanged, would_change = ACTS[kind]
        to_change = [card for card in cards if would_change(states.get(card, CardState()))]
        if to_change:
            col.act(kind, to_change, col.now())
    for card in cards:
        typer.echo(f"{so if card in to_change else unchanged} {card}", err=card not in to_change)
