"""Finding cards, and what was noted of them: `search`, `flags`. Pages need Rich, which neither Tab nor JSON waits for."""

from contextlib import AbstractContextManager
from typing import Annotated

import typer

from dlquiz import collection
from dlquiz.bank import search_hits
from dlquiz.cli import complete
from dlquiz.cli.options import Json, examples, where
from dlquiz.cli.patience import patience
from dlquiz.cli.program import app
from dlquiz.cli.results import NO_CARDS, print_json
from dlquiz.collection import flags as noted
from dlquiz.terminal import external
from dlquiz.text import printable
from dlquiz.text.phrases import counted
from dlquiz.view.styled import Column

BEST = 12  # hits on a page; more of them, and adding a word is quicker than reading


@app.command(
    epilog=examples(
        "dlquiz search adam warm-up",
        "dlquiz search 'weight decay'    the words one after the other",
        "dlquiz search '$\\beta_1$'",
        "dlquiz search overfit --json",
    )
)
def search(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="What to look for; all of it must be there.")],
    as_json: Json = False,
) -> None:
    """Find cards by their words, best first.

    Looks through questions, answers, key points, pitfalls, follow-ups, corrections, tags and ids. The beginning of a word
    is enough, British and American spellings are one, a phrase stands in quotation marks, and maths may be typed as it is
    read or written: beta_1, β1, $\\beta_1$.
    """

    with collection.opened_bank(where(ctx)) as bank:
        most = -1 if as_json else BEST
        match = search_hits.find(bank, words, most, _reading)
        if not (bank.topics() or as_json):
            typer.echo(NO_CARDS, err=True)
            return
        for word, near in match.nearest.items():
            meant = f"; did you mean: {', '.join(near)}?" if near else ""
            typer.echo(f"no match for '{_short(word)}'{meant}", err=True)
        if not match.cards and any(match.nearest.values()) and not as_json:
            meant_words = [(match.nearest.get(word) or [word])[0] for word in words]
            typer.echo(f"showing: {_short(' '.join(meant_words))}", err=True)
            match = search_hits.find(bank, meant_words, most, _reading)
        if match.cards and not match.whole:
            typer.echo("nothing has all of that; here is what comes nearest", err=True)
        if as_json:
            print_json(search_hits.rows(bank, match))
            return
        _print_hits(search_hits.hits(bank, match), match.total)


def _print_hits(hits: list[search_hits.SearchHit], total: int) -> None:
    from dlquiz.view import pages

    if not hits:
        typer.echo("No card was found. `dlquiz list` shows what there is.")
        return
    more = f"The best {len(hits)} of {total} cards; another word narrows it down. " if total > len(hits) else ""
    external.put(Column(pages.hits(hits), f"{more}Read one: dlquiz show {hits[0].id}"))


def _reading(notes: int) -> AbstractContextManager[None]:
    return patience(f"reading {counted(notes, 'note')} for the search")


def _short(word: str) -> str:

    return printable.clean(word if len(word) <= 40 else word[:40] + "...")


@app.command(epilog=examples("dlquiz flags", "dlquiz flags --done dropout.inverted", "dlquiz flags --json"))
def flags(
    ctx: typer.Context,
    done: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="Put away what was noted of this card, for good. May be repeated.",
            autocompletion=complete.ids,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """List the mistakes that you flagged with `!` in a sitting, ready to paste into a report."""

    with collection.opened(where(ctx), write=False) as col:
        for card in done or ():
            count = noted.done(col, card)
            typer.echo(f"put away {count} of {card}", err=True)
        flagged = [] if done and not as_json else noted.flags(col)
    if as_json:
        print_json(noted.rows(flagged))
    elif not done:
        _print_flags(flagged)


def _print_flags(flagged: list[noted.Flag]) -> None:

    if not flagged:
        typer.echo("Nothing was flagged. In a sitting, ! flags what is wrong with a card.")
        return
    for line in noted.report(flagged):
        typer.echo(printable.clean(line))
    typer.echo(f"\nReported or mended? dlquiz flags --done {flagged[0].card}", err=True)
