"""`optimize`: weights of one's own."""

import sys
from datetime import date
from typing import Annotated, Any

import typer

from dlquiz import calendar, collection, config
from dlquiz.cli.options import Json, agreed, examples, where
from dlquiz.cli.program import app
from dlquiz.cli.results import print_json
from dlquiz.cli.streams import say, tell
from dlquiz.collection import fitting
from dlquiz.errors import UsageError
from dlquiz.stats import held_out
from dlquiz.stats.held_out import Comparison
from dlquiz.terminal import keys
from dlquiz.text import printable
from dlquiz.text.phrases import counted, number


@app.command(epilog=examples("dlquiz optimize", "dlquiz optimize --reset    back to the defaults"))
def optimize(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Keep the new weights without asking, if they win.")] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Take the default weights again.")] = False,
    as_json: Json = False,
) -> None:
    """Fit the scheduler to your own answers, from 1,000 next-day reviews on (extra `optimize`).

    It fits the weights to the earlier four fifths, and predicts the last fifth with the new weights and with the defaults. The new ones are
    kept only when they predict better, and after a yes. Days already promised stay.
    """
    home = config.home()
    settings = config.load(home)
    if reset:
        if yes or as_json:
            raise UsageError("--reset takes the default weights; leave the other options away")
        if settings.weights:
            config.save(home, {"weights": None})
        say("The default weights hold again." if settings.weights else "The default weights hold already.")
        return
    fitting.insist_installed()
    with collection.opened(where(ctx), write=False) as col:
        cards = fitting.own_histories(col)
    reviews = len(held_out.next_day_reviews(cards))
    if reviews < held_out.NEEDED:
        _too_few(reviews, as_json=as_json)
        return
    _progress("Fitting ")
    compared = fitting.compare(cards, lambda: _progress("."))
    _progress("\n")
    _tell(compared)
    keep = compared.wins and (yes or agreed("Keep your own weights?"))
    if compared.wins and not keep and not keys.is_terminal(sys.stdin):
        tell("Not kept: add --yes to keep them.")
    if keep:
        config.save(home, {"weights": ", ".join(f"{weight:g}" for weight in compared.weights)})
        tell("Kept. Days promised already stay; `dlquiz optimize --reset` takes the defaults again.")
    if as_json:
        print_json(_as_json(compared, kept=keep))


def _too_few(reviews: int, *, as_json: bool) -> None:
    if as_json:
        print_json({"reviews": reviews, "needed": held_out.NEEDED, "log_loss": None, "wins": False, "kept": False})
        return
    text = (
        f"{counted(reviews, 'next-day review')} so far, of the {number(held_out.NEEDED)} that are needed: with fewer, the default"
        " weights predict better. Nothing was changed."
    )
    say(printable.wrapped(text, sys.stdout))


def _tell(compared: Comparison) -> None:
    since = calendar.day_name(date.fromordinal(compared.since))
    tell(
        f"{number(compared.reviews)} next-day reviews; compared on the last {number(compared.held_out)}, since {since},"
        " which the fit had not seen."
    )
    tell(f"Log loss there, lower is better: defaults {compared.default:.4f}, your own weights {compared.fitted:.4f}.")
    if not compared.wins:
        tell("The defaults predict you better. Nothing was changed.")


def _progress(text: str) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        typer.echo(text, nl=False, err=True)


def _as_json(compared: Comparison, *, kept: bool) -> dict[str, Any]:
    return {
        "reviews": compared.reviews,
        "needed": held_out.NEEDED,
        "held_out": compared.held_out,
        "since": date.fromordinal(compared.since).isoformat(),
        "log_loss": {"default": round(compared.default, 4), "fitted": round(compared.fitted, 4)},
        "wins": compared.wins,
        "kept": kept,
        "weights": list(compared.weights),
    }
