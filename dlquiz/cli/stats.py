"""`stats`."""

from typing import Annotated

import typer

from dlquiz import collection
from dlquiz.bank import select
from dlquiz.cli.options import Topics, examples, where
from dlquiz.cli.patience import patience
from dlquiz.cli.program import app
from dlquiz.cli.results import print_json
from dlquiz.collection import statistics
from dlquiz.terminal import external
from dlquiz.view.styled import Column


@app.command(epilog=examples("dlquiz stats", "dlquiz stats --topic optimizers", "dlquiz stats --json"))
def stats(
    ctx: typer.Context,
    topic: Topics = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON; its form may change until 1.0.")] = False,
) -> None:
    """What you retain and what you only think you know: retention, predictions, days, times, what comes due, hard cards."""

    with collection.opened(where(ctx), write=False) as col, patience("counting your answers"):
        statistics_of_log = statistics.gather(col, select.selection(col.bank, topic or [], []))
    if as_json:
        print_json(statistics.as_json(statistics_of_log))
    elif not statistics_of_log.tally.days:
        chosen = "".join(f" --topic {word}" for word in topic or [])
        typer.echo(f"Nothing answered yet, so there is nothing to count.\n\nNext: dlquiz study{chosen}")
    else:
        from dlquiz.view import stats as stats_view  # with Rich, which Tab does not wait for

        external.put(Column(*stats_view.page(statistics_of_log)))
