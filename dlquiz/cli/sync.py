"""`sync`: answers both ways with Anki."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from dlquiz.cli.options import Json, agreed, examples, where
from dlquiz.cli.program import app
from dlquiz.cli.results import print_json
from dlquiz.errors import UsageError

PASSWORD = "DLQUIZ_SYNC_PASSWORD"  # for whoever has no terminal to be asked at
WORDS = {"sent": "sent", "received": "received", "undone": "put right", "skipped": "left out"}


@app.command(
    epilog=examples(
        "dlquiz sync --collection ~/.local/share/Anki2/Me/collection.anki2",
        "dlquiz sync --server http://192.168.1.5:8080 --user me",
    )
)
def sync(
    ctx: typer.Context,
    collection: Annotated[
        Path | None,
        typer.Option("--collection", metavar="PATH", help="Anki's collection.anki2 on this machine; close Anki first."),
    ] = None,
    server: Annotated[
        str | None, typer.Option("--server", metavar="URL", help="A sync server of your own that Anki syncs with.")
    ] = None,
    user: Annotated[
        str | None, typer.Option("--user", metavar="NAME", help="Your name there; kept, with a key, for the next time.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Put a new collection with your cards on a server that has none.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Send your answers to cards that Anki has, and take those given there; twice in a row changes nothing.

    Only answers travel: export and import bring texts and new cards. Asks for the extra `anki`: pip install 'dlquiz[anki]'. Out of a
    terminal the password is taken from DLQUIZ_SYNC_PASSWORD.
    """
    from dlquiz.text import phrases, printable
    from dlquiz.transfer import sync as job
    from dlquiz.transfer import sync_server

    if (collection is None) == (server is None):
        raise UsageError(
            "sync with what? Name Anki's file with --collection PATH, or your sync server with --server URL"
        )
    if collection is not None:
        done = job.with_file(where(ctx), collection)
    else:
        asking = sync_server.Questions(_password, lambda question: yes or agreed(question))
        done = sync_server.with_server(where(ctx), server or "", user, asking)
    for remark in done.remarks:
        typer.echo(printable.clean(remark), err=True)
    numbers = {name: getattr(done, name) for name in WORDS}
    if as_json:
        print_json(numbers)
        return
    counts = [f"{phrases.number(count)} {WORDS[name]}" for name, count in numbers.items() if count]
    typer.echo(", ".join(counts) if counts else "nothing new on either side")


def _password(user: str) -> str:
    """From the environment, else typed unseen.

    Raises:
        UsageError: Neither is possible.
    """
    if PASSWORD in os.environ:
        return os.environ[PASSWORD]
    if not sys.stdin.isatty():
        raise UsageError(f"the server asks for {user}'s password; set {PASSWORD}, or sync once from a terminal")
    return str(typer.prompt(f"Password of {user}", hide_input=True, err=True))
