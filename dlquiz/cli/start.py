"""`status`."""

import sys

import typer

from dlquiz import collection, view
from dlquiz.cli.options import Json, examples, where
from dlquiz.cli.program import app
from dlquiz.cli.results import print_json
from dlquiz.cli.streams import is_screen
from dlquiz.collection import outlook, reports
from dlquiz.text import printable
from dlquiz.view import plan as plan_view


@app.command(epilog=examples("dlquiz status", "dlquiz status --json"))
def status(ctx: typer.Context, as_json: Json = False) -> None:
    """Count what is due, new and being learnt, by topic."""

    with collection.opened(where(ctx), write=False) as col:
        numbers, moment = reports.status(col), col.now()
        plan_today = outlook.rest_of_today(col, moment) if col.days_left(moment) and not as_json else None
    if as_json:
        print_json(numbers)
        return
    lines = [(entry["topic"], str(entry["due"]), str(entry["new"]), str(entry["cards"])) for entry in numbers["topics"]]
    heads = ("topic", "due", "unseen", "cards")
    view.put(view.page(screen=is_screen()), view.rows(lines, heads, figures=heads[1:]))
    answered = numbers["reviewed_today"]
    counts = f"{numbers['due']} due, {numbers['new']} new today, {numbers['learning']} being learnt, {answered} answered today"
    typer.echo("\n" + printable.wrapped(counts, sys.stdout))
    if plan_today:  # it leaves some of what is due to a later day
        typer.echo(printable.wrapped(plan_view.share(plan_today, then=""), sys.stdout))
