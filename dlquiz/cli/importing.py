"""`import`: what another dlquiz, Anki or a table brings."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from dlquiz.cli.options import examples, where
from dlquiz.cli.program import app
from dlquiz.errors import UsageError
from dlquiz.text.phrases import listed

FORMS = {
    ".csv": "dlquiz.transfer.csv_file:import_file",
    ".tsv": "dlquiz.transfer.csv_file:import_file",
    ".txt": "dlquiz.transfer.csv_file:import_file",
    ".json": "dlquiz.transfer.json_file:import_file",
    ".db": "dlquiz.transfer.database:import_file",
    ".apkg": "dlquiz.transfer.from_anki:package",
    ".colpkg": "dlquiz.transfer.from_anki:package",
    ".anki2": "dlquiz.transfer.from_anki:package",
}  # ending -> the job that reads it: job(where, file, told) -> Imported


@app.command(
    name="import",
    epilog=examples(
        "dlquiz import laptop.json", "dlquiz import progress.db", "dlquiz import words.csv", "dlquiz import deck.apkg"
    ),
)
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Its ending says the format.")],
) -> None:
    """Bring in answers and cards; what is here already stays as it is, and importing twice changes nothing.

    .json and .db are another dlquiz's progress: both logs are united. .csv and .tsv (a question and an answer in each row) become a
    bank of your own. .apkg, .colpkg and .anki2 are Anki's: answers given there to dlquiz's cards join the log, other decks become banks of
    your own with their history.
    """
    from dlquiz.text import printable

    name = FORMS.get(file.suffix.lower())
    if name is None:
        raise UsageError(f"can't tell the format of '{file}'; its name must end in {listed(list(FORMS))}")
    if file.exists() and not file.is_file():
        raise UsageError(f"{file} is no file; check the path")
    module, _, job = name.partition(":")
    with _telling() as (told, patience):
        done = getattr(import_module(module), job)(where(ctx)._replace(patience=patience), file, told)
    for remark in done.remarks:
        typer.echo(printable.clean(remark), err=True)
    for line in done.said:
        typer.echo(printable.clean(line))


@contextmanager
def _telling() -> Iterator[tuple[Callable[[str, int, int], None], Callable[[str], AbstractContextManager[None]]]]:
    """How far an import has come, as a bar on a terminal; nowhere else. And what is done in between, told by the same bar."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=None)

        def told(what: str, done: int, whole: int) -> None:
            bar.update(task, description=what, completed=done, total=whole or None)

        @contextmanager
        def patience(what: str) -> Iterator[None]:
            before = bar.tasks[task].description
            bar.update(task, description=what)
            yield
            bar.update(task, description=before)

        yield told, patience
