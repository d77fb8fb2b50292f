"""What is there: `list`, `show`, `topics`, `log`.

What a verb needs it imports when it runs: Tab, which completes the ids of a bank, waits for neither the collection nor Rich.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dlquiz.cli import complete
from dlquiz.cli.options import Json, Tags, Topics, examples, where
from dlquiz.cli.patience import patience
from dlquiz.cli.program import app
from dlquiz.cli.results import NO_CARDS, print_json
from dlquiz.cli.streams import is_screen
from dlquiz.errors import UsageError

if TYPE_CHECKING:
    from dlquiz.collection import Collection


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
    from dlquiz import collection
    from dlquiz.bank import select
    from dlquiz.collection import reports

    between = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", numbers)
    if numbers and not between:
        raise UsageError(f"--numbers is {numbers!r}; it takes one like 7, or a range like 1-30")
    doing = "listing the notes"
    with collection.opened_bank(where(ctx)) as bank, patience(doing):
        notes = reports.listing(bank, select.selection(bank, topic or [], tag or []))
        if between:
            low, high = int(between[1]), int(between[2] or between[1])
            notes = [note for note in notes if note["number"] is not None and low <= note["number"] <= high]
        titles = {entry.slug: entry.title for entry in bank.topics()}
    if as_json:
        print_json(notes)
        return
    if not titles:
        typer.echo(NO_CARDS, err=True)
        return
    if not notes:
        typer.echo(f"No note has a number in {numbers}." if numbers else "No note has all of that.")
        return
    from dlquiz.terminal import external
    from dlquiz.view import pages

    external.put(pages.NoteList(notes, titles), patience(doing))


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
    """Show a note or card with everything the bank says about it, and how well you know it."""
    from dlquiz import collection
    from dlquiz.collection import reports

    with collection.opened(where(ctx), write=False) as col:
        fields = reports.shown(col, id_)
        if as_json:
            print_json(fields)
            return
        _print_page(col, fields)


def _print_page(col: "Collection", fields: Mapping[str, Any]) -> None:
    from dlquiz import card_text, config
    from dlquiz.collection import after_interview, own_words
    from dlquiz.terminal import external
    from dlquiz.view import pages

    bank, moment = col.bank, col.now()
    card = bank.card(fields["id"])
    note, sources = bank.note(card.note), bank.sources(card.note, card.sources)
    if card.explains:
        ids = bank.cards_of(note.id)
        card_states = after_interview.as_needed(col, {card_id: col.card_state(card_id) for card_id in ids}, moment)
        cards = [(bank.card(card_id), card_state) for card_id, card_state in card_states.items()]
        remarks = {card_id: col.progress.remark(card_id) for card_id in ids}
        sections = card_text.sections(note, sources)
        own = card_text.own_words(note, own_words.read(config.home(), bank))
        external.put(pages.note_page(note, [*sections, *own], cards, moment, col.preset, remarks))
    else:
        sections = card_text.card_sections(card, note, sources, fields.get("contrast", ()), fields.get("numbers", {}))
        remark = col.progress.remark(card.id)
        card_state = after_interview.as_needed(col, {card.id: col.card_state(card.id)}, moment)[card.id]
        external.put(pages.card_page(card, sections, card_state, moment, col.preset, remark))


@app.command(epilog=examples("dlquiz topics", "dlquiz topics --json"))
def topics(ctx: typer.Context, as_json: Json = False) -> None:
    """List the topics with their other spellings."""
    from dlquiz import collection, view
    from dlquiz.collection import reports

    with collection.opened_bank(where(ctx)) as bank:
        entries = reports.topics(bank)
    if as_json:
        print_json(entries)
        return
    if not entries:
        typer.echo(NO_CARDS, err=True)
        return
    lines = [
        (entry["topic"], str(entry["notes"]), str(entry["cards"]), ", ".join(entry["aliases"])) for entry in entries
    ]
    view.put(
        view.page(screen=is_screen()),
        view.rows(lines, ("topic", "notes", "cards", "also called"), figures={"notes", "cards"}),
    )


@app.command(epilog=examples("dlquiz log --last 20", "dlquiz log --topic optimizers", "dlquiz log --json"))
def log(
    ctx: typer.Context,
    last: Annotated[int | None, typer.Option(metavar="N", min=1, help="Only the last N.")] = None,
    topic: Topics = None,
    card: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only this card, or 'note.*'. May be repeated.", autocompletion=complete.ids),
    ] = None,
    as_json: Json = False,
) -> None:
    """Every answer you gave, the newest last."""
    from dlquiz import calendar, collection, view
    from dlquiz.bank import select
    from dlquiz.collection import reports

    with collection.opened(where(ctx), write=False) as col:
        entries = reports.log(col, select.selection(col.bank, topic or [], []), card or [])
        answered = bool(entries) or any(True for _ in col.progress.reviews())
    entries = entries[-last:] if last else entries
    if as_json:
        print_json(entries)
    elif not entries:
        typer.echo("No answers to these cards yet." if answered else "No answers yet. `dlquiz study` begins.")
    else:
        lines = [
            (
                calendar.on_the_wall(entry["reviewed_at"]),
                str(entry["rating"]),
                "undone" if entry["undone"] else "",
                entry["card"],
            )
            for entry in entries
        ]
        view.put(view.page(screen=is_screen()), view.rows(lines, ("when", "rating", "", "card")))
