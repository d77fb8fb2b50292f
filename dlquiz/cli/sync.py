"""`sync`: answers both ways with Anki."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dlquiz.cli import app
from dlquiz.cli.options import Json, examples, print_json, where
from dlquiz.errors import UsageError


@app.command(epilog=examples("dlquiz sync --collection ~/.local/share/Anki2/User\\ 1/collection.anki2"))
def sync(
    ctx: typer.Context,
    collection: Annotated[
        Path | None,
        typer.Option("--collection", metavar="PATH", help="Anki's collection.anki2 on this machine; close Anki first."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Send your answers to cards that Anki has, and take those given there; twice in a row changes nothing.

    Only answers travel: export and import bring texts and new cards. Asks for the extra `anki`: pip install 'dlquiz[anki]'.
    """
    from dlquiz.text import phrases, printable
    from dlquiz.transfer import sync as job

    if collection is None:
        raise UsageError("sync with what? Name Anki's file with --collection PATH")
    done = job.with_file(where(ctx), collection)
    for remark in done.remarks:
        typer.echo(printable.clean(remark), err=True)
    numbers = {name: getattr(done, name) for name in ("sent", "received", "undone", "skipped")}
    if as_json:
        print_json(numbers)
        return
    words = {
        "sent": "sent", "received": "received", "undone": "put right", "skipped": "left out",
    }  # fmt: skip
    told = [f"{phrases.number(count)} {words[name]}" for name, count in numbers.items() if count]
    typer.echo(", ".join(told) if told else "nothing new on either side")
