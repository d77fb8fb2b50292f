"""Answers held against the key points: `judge`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dlquiz import collection, view
from dlquiz.cli import complete
from dlquiz.cli.options import Json, examples, where
from dlquiz.cli.program import app
from dlquiz.cli.results import print_json
from dlquiz.cli.streams import is_screen
from dlquiz.collection import judging
from dlquiz.errors import UsageError
from dlquiz.view import verdicts


@app.command(
    epilog=examples(
        "dlquiz judge dropout answer.txt",
        "echo 'It drops units at random.' | dlquiz judge dropout",
        "dlquiz judge dropout answer.txt --json",
    )
)
def judge(
    ctx: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="A note.", autocompletion=complete.ids)],
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="The answer; default: standard input.")] = None,
    as_json: Json = False,
) -> None:
    """Tell which key points an answer makes, by its words: found, unsure, opposite or not recognised.

    Writes nothing and uses no network. A point said in words that its rubric does not have is not recognised.
    """
    with collection.opened_bank(where(ctx)) as bank:
        bank.card(bank.current(id_))  # an unknown ID is told before the answer is waited for
        result = judging.judged(bank, id_, _answer(file))
    if as_json:
        print_json(judging.rows(result))
        return
    note = result.note
    view.put(
        view.page(screen=is_screen()), verdicts.verdicts(note.key_points, result.judgements, result.answer, note.forms)
    )


def _answer(file: Path | None) -> str:
    if file is None:
        if sys.stdin.isatty():
            typer.echo("Write or paste the answer; Ctrl-D ends it.", err=True)
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8-sig", errors="replace")
    except (OSError, ValueError) as error:
        raise UsageError(f"can't read {file}: {getattr(error, 'strerror', None) or error}; check the path") from error
