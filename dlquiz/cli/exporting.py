"""`export`: cards, and progress where the form can hold it, in the form that the file's ending names."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from dlquiz.cli.options import Topics, examples, where
from dlquiz.cli.patience import patience
from dlquiz.cli.program import app
from dlquiz.errors import UsageError
from dlquiz.text.phrases import counted, listed

FORMS = {
    ".apkg": "dlquiz.transfer.to_anki:apkg",
    ".csv": "dlquiz.transfer.csv_file:export_file",
    ".json": "dlquiz.transfer.json_file:export_file",
    ".md": "dlquiz.transfer.study_pages:markdown",
    ".html": "dlquiz.transfer.study_pages:html",
}  # ending -> the job that writes it: job(collection, file, selection or None, with_progress=...) -> Exported


FOR_ANKI = (".apkg", ".csv")


@app.command(
    epilog=examples(
        "dlquiz export deck.apkg --progress",
        "dlquiz export guide.html --topic optimizers",
        "dlquiz export progress.json",
    )
)
def export(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Its ending says the format: .apkg .csv .json .md .html")
    ],
    topic: Topics = None,
    progress: Annotated[
        bool,
        typer.Option(
            "--progress", help="With due days, memory, the review log and your remarks; else every card is new."
        ),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace also a file that no export has written.")] = False,
) -> None:
    """Write the cards into a file for another program, or to read; an earlier export that is there is replaced.

    .apkg is a deck for Anki, .csv a table that Anki imports too, .json holds everything with the log (import reads it), .md and
    .html are study guides.
    """
    from dlquiz import collection
    from dlquiz.bank import select
    from dlquiz.text import printable
    from dlquiz.transfer import exports

    name = FORMS.get(file.suffix.lower())
    if name is None:
        raise UsageError(f"can't tell the format of '{file}'; end its name in {listed(list(FORMS))}")
    if not force:
        exports.insist_own(file)
    module, _, job = name.partition(":")
    with collection.opened(where(ctx), write=False) as col:
        selected = select.selection(col.bank, topic or [], [])
        if file.suffix.lower() in FOR_ANKI:
            from dlquiz.transfer import anki_notes

            for warning in anki_notes.twice(col, selected, table=file.suffix.lower() == ".csv"):
                typer.echo(printable.clean(warning), err=True)
        with patience(f"writing {file.name}"):
            done = getattr(import_module(module), job)(col, file, selected, with_progress=progress)
    for remark in done.remarks:
        typer.echo(printable.clean(remark), err=True)
    answers = f" and {counted(done.answers, 'answer')}" if done.answers else ""
    typer.echo(printable.clean(f"exported {counted(done.cards, 'card')}{answers} to {done.path}"))
