"""What changes progress: `undo`, `suspend`, `unsuspend`, `reset`."""

from __future__ import annotations

from typing import Annotated

import typer

from dlquiz.cli import app
from dlquiz.cli.options import where

Ids = Annotated[
    list[str],
    typer.Argument(metavar="ID...", help="Cards: note (its main card), note.card, or note.* for all of a note."),
]


@app.command()
def undo(ctx: typer.Context) -> None:
    """Take back the last answer, also after the program has ended; repeated, it goes further back.

    Suspending, burying, resetting and flagging can be taken back too.
    """
    from dlquiz import desk

    with desk.opened(where(ctx), write=False) as table:
        taken = table.undo(table.now())
    what = f"rated {int(taken.event.rating)}" if taken.event.rating else taken.event.kind
    typer.echo(f"undone {taken.card} ({what})")


@app.command()
def suspend(ctx: typer.Context, ids: Ids) -> None:
    """Leave cards out until told otherwise."""
    _act(ctx, "suspend", ids)


@app.command()
def unsuspend(ctx: typer.Context, ids: Ids) -> None:
    """Bring suspended cards back."""
    _act(ctx, "unsuspend", ids)


@app.command()
def reset(ctx: typer.Context, ids: Ids) -> None:
    """Start cards afresh as new; their answers stay in the log, and undo brings the memory back."""
    _act(ctx, "reset", ids)


def _act(ctx: typer.Context, kind: str, ids: list[str]) -> None:
    from dlquiz import desk
    from dlquiz.bank import select

    with desk.opened_bank(where(ctx)) as bank:
        select.card_ids(bank, ids)  # an unknown id is told before anything is created
    with desk.opened(where(ctx), write=True) as table:
        cards = select.card_ids(table.bank, ids)
        table.act(kind, cards, table.now())
    for card in cards:
        typer.echo(f"{kind} {card}")
