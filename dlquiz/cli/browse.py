"""What is there: `list`, `show`, `topics`, `log`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from dlquiz import card_text, collection, view
from dlquiz.bank import select
from dlquiz.cli import app, complete
from dlquiz.cli.options import NO_CARDS, Json, Tags, Topics, examples, is_screen, print_json, where
from dlquiz.collection import Collection, reports
from dlquiz.errors import UsageError
from dlquiz.terminal import external
from dlquiz.view import pages


@app.command(
    name="list",
    epilog=examples(
        "dlquiz list", "dlquiz list --topic optimizers", "dlquiz list --numbers 1-30", "dlquiz list --json"
    ),
)
def list_(
    ctx: typer.Context,
    topic: Topics = None,
    tag: Tags = None,
    numbers: Annotated[
        str,
        typer.Option(metavar="A-B", help="Only notes with a number from A to B; 1-30 are the thirty, 31-50 go beyond."),
    ] = "",
    as_json: Json = False,
) -> None:
    """List the notes with their cards."""
    between = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", numbers)
    if numbers and not between:
        raise UsageError(f"--numbers is {numbers!r}; it takes one like 7, or a range like 1-30")
    with collection.opened_bank(where(ctx)) as bank:
        found = reports.listing(bank, select.selection(bank, topic or [], tag or []))
        if between:
            low, high = int(between[1]), int(between[2] or between[1])
            found = [note for note in found if note["number"] is not None and low <= note["number"] <= high]
        titles = {each.slug: each.title for each in bank.topics()}
    if as_json:
        print_json(found)
        return
    if not titles:
        typer.echo(NO_CARDS, err=True)
        return

    external.put(pages.NoteList(found, titles))


@app.command(
    epilog=examples(
        "dlquiz show dropout             a note with its cards",
        "dlquiz show dropout.inverted    one card",
        "dlquiz show dropout --json",
    )
)
def show(
    ctx: typer.Context,
    id_: Annotated[str, typer.Argument(metavar="ID", help="A note or card.", autocompletion=complete.ids)],
    as_json: Json = False,
) -> None:
    """Show a note or card with everything the bank says of it, and what you remember of it."""

    with collection.opened(where(ctx), write=False) as col:
        found = reports.shown(col, id_)
        if as_json:
            print_json(found)
            return
        _print_page(col, found)


def _print_page(col: Collection, found: Mapping[str, Any]) -> None:

    bank, moment = col.bank, col.now()
    card = bank.card(found["id"])
    note, sources = bank.note(card.note), bank.sources(card.note, card.sources)
    if card.explains:
        ids = bank.cards_of(note.id)
        known = [(bank.card(each), col.card_state(each)) for each in ids]
        remarks = {each: col.progress.remark(each) for each in ids}
        external.put(pages.note_page(note, card_text.sections(note, sources), known, moment, col.preset, remarks))
    else:
        told = card_text.card_sections(card, note, sources, found.get("contrast", ()), found.get("numbers", {}))
        remark = col.progress.remark(card.id)
        external.put(pages.card_page(card, told, col.card_state(card.id), moment, col.preset, remark))


@app.command(epilog=examples("dlquiz topics", "dlquiz topics --json"))
def topics(ctx: typer.Context, as_json: Json = False) -> None:
    """List the topics with their other spellings."""

    with collection.opened_bank(where(ctx)) as bank:
        found = reports.topics(bank)
    if as_json:
        print_json(found)
        return
    if not found:
        typer.echo(NO_CARDS, err=True)
        return
    lines = [(row["topic"], str(row["notes"]), str(row["cards"]), ", ".join(row["aliases"])) for row in found]
    view.put(
        view.page(screen=is_screen()),
        view.rows(lines, ("topic", "notes", "cards", "also"), figures={"notes", "cards"}),
    )


@app.command(epilog=examples("dlquiz log", "dlquiz log --json"))
def log(ctx: typer.Context, as_json: Json = False) -> None:
    """Every answer you gave, oldest first."""

    with collection.opened(where(ctx), write=False) as col:
        found = reports.log(col)
    if as_json:
        print_json(found)
    elif not found:
        typer.echo("No answers yet. `dlquiz study` begins.")
    else:
        lines = [
            (
                row["reviewed_at"][:16].replace("T", " "),
                str(row["rating"]),
                "undone" if row["undone"] else "",
                row["card"],
            )
            for row in found
        ]
        view.put(view.page(screen=is_screen()), view.rows(lines, ("UTC", "rating", "", "card")))
