"""`status`."""

from __future__ import annotations

import sys

import typer

from dlquiz import collection, view
from dlquiz.cli.options import Json, examples, where
from dlquiz.cli.program import app
from dlquiz.cli.results import print_json
from dlquiz.cli.streams import is_screen
from dlquiz.collection import reports
from dlquiz.text import printable


@app.command(epilog=examples("dlquiz status", "dlquiz status --json"))
def status(ctx: typer.Context, as_json: Json = False) -> None:
    """Count what is due, new and being learnt, by topic."""

    with collection.opened(where(ctx), write=False) as col:
        found = reports.status(col)
    if as_json:
        print_json(found)
        return
    lines = [(row["topic"], str(row["due"]), str(row["new"]), str(row["cards"])) for row in found["topics"]]
    heads = ("topic", "due", "unseen", "cards")
    view.put(view.page(screen=is_screen()), view.rows(lines, heads, figures=heads[1:]))
    counts = f"{found['due']} due, {found['new']} new today, {found['learning']} being learnt, {found['reviewed_today']} answered today"
    typer.echo("\n" + printable.wrapped(counts, sys.stdout))
