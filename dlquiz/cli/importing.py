"""`import`: what another dlquiz, Anki or a table brings."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from dlquiz.cli import app
from dlquiz.cli.options import examples, where
from dlquiz.errors import UsageError

FORMS = {
    ".csv": "dlquiz.desk.importing:rows",
    ".tsv": "dlquiz.desk.importing:rows",
    ".txt": "dlquiz.desk.importing:rows",
    ".json": "dlquiz.desk.importing:progress_json",
    ".db": "dlquiz.desk.importing:progress_db",
}  # ending -> the job that reads it: job(where, file) -> Imported


@app.command(
    name="import", epilog=examples("dlquiz import laptop.json", "dlquiz import progress.db", "dlquiz import words.csv")
)
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Its ending says the form.")],
) -> None:
    """Bring in answers and cards; what is here already stays as it is, and importing twice changes nothing.

    .json and .db are another dlquiz's progress: both logs are united. .csv and .tsv (a question and an answer in each row) become a
    bank of your own.
    """
    from dlquiz import plain

    name = FORMS.get(file.suffix.lower())
    if name is None:
        raise UsageError(f"can't tell the form of '{file}'; it ends in one of {', '.join(FORMS)}")
    module, _, job = name.partition(":")
    done = getattr(import_module(module), job)(where(ctx), file)
    for remark in done.remarks:
        typer.echo(plain.printable(remark), err=True)
    for line in done.said:
        typer.echo(plain.printable(line))
