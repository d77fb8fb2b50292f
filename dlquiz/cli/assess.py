"""`assess`: what is known already."""

import sys

import typer

from dlquiz import collection, view
from dlquiz.bank import select
from dlquiz.cli.options import Topics, examples, where
from dlquiz.cli.program import app
from dlquiz.cli.results import NO_CARDS
from dlquiz.cli.streams import is_screen
from dlquiz.collection import outlook, planning
from dlquiz.errors import UsageError
from dlquiz.interactive.assess import AssessLoop
from dlquiz.terminal import keys
from dlquiz.view import plan as looks


@app.command(epilog=examples("dlquiz assess", "dlquiz assess --topic transformers    these again"))
def assess(ctx: typer.Context, topic: Topics = None) -> None:
    """Say for each question whether you could answer it now: y, h (half) or n. Takes three minutes.

    What you know comes up later and once: its short cards are asked only if you then fail the question. What you half know comes
    first. Nothing enters memory. Without --topic it goes on with questions of the plan that you have neither answered nor
    assessed.
    """
    if keys.is_terminal(sys.stdin) and not keys.is_terminal(sys.stdout):
        raise UsageError("assess needs a terminal to ask on; run it without redirecting its output, or pipe keys in")
    with collection.opened(where(ctx), write=True) as col:
        selected = select.selection(col.bank, topic or [], [])
        questions = planning.questions(col, selected)
        if not col.bank.topics():
            typer.echo(NO_CARDS)
            return
        if selected and not questions:
            typer.echo(f"No question to assess in {selected.label}: it has single cards only.")
            return
        if not questions:
            typer.echo("Every question has been answered or assessed. To assess a topic again: dlquiz assess --topic T")
            return
        answers = AssessLoop(col, questions).run()
        if answers:
            view.put(view.page(screen=is_screen()), looks.assessed(answers, outlook.saved(col, col.now())))
