"""What is there: `list`, `show`, `topics`, `log`."""

from __future__ import annotations

from typing import Annotated

import typer

from dlquiz.cli import app
from dlquiz.cli.options import Json, Tags, Topics, is_screen, print_json, where


@app.command(name="list")
def list_(ctx: typer.Context, topic: Topics = None, tag: Tags = None, as_json: Json = False) -> None:
    """List the notes with their cards."""
    from dlquiz import desk, view
    from dlquiz.bank import select
    from dlquiz.desk import reports

    with desk.opened_bank(where(ctx)) as bank:
        found = reports.listing(bank, select.selection(bank, topic or [], tag or []))
    if as_json:
        print_json(found)
    else:
        view.put(view.console(plain_text=not is_screen()), view.note_list(found))


@app.command()
def show(
    ctx: typer.Context, id_: Annotated[str, typer.Argument(metavar="ID", help="A note or card.")], as_json: Json = False
) -> None:
    """Show a note or card with everything the bank says of it, and what you remember of it."""
    from dlquiz import desk, documents, view
    from dlquiz.desk import reports

    with desk.opened(where(ctx), write=False) as table:
        found = reports.shown(table, id_)
        if as_json:
            print_json(found)
            return
        from dlquiz.card import note_of

        note = table.bank.note(note_of(found["id"]))
        sources = table.bank.sources(note.id, found.get("sources", note.sources))
        console = view.console(plain_text=not is_screen())
        view.put(console, view.Reading(f"**{found['id']}** ({note.topic})", {}))
        view.put(console, "")
        view.put(console, view.Reading(documents.page(found, note, sources), {**note.forms, **found.get("text", {})}))
        known = found["memory"]
        view.put(console, "")
        if known:
            facts = f"{known['state']}, due {known['due']}, stability {known['stability']:.1f} days"
            view.put(
                console,
                view.prose(
                    f"{facts}, difficulty {known['difficulty']:.1f}, {known['reps']} answers, {known['lapses']} lapses",
                    {},
                ),
            )
        else:
            view.put(console, view.prose("not answered yet", {}))


@app.command()
def topics(ctx: typer.Context, as_json: Json = False) -> None:
    """List the topics with their other spellings."""
    from dlquiz import desk, view
    from dlquiz.desk import reports

    with desk.opened_bank(where(ctx)) as bank:
        found = reports.topics(bank)
    if as_json:
        print_json(found)
        return
    lines = [(row["topic"], str(row["notes"]), str(row["cards"]), ", ".join(row["aliases"])) for row in found]
    view.put(view.console(plain_text=not is_screen()), view.rows(lines, ("topic", "notes", "cards", "also")))


@app.command()
def log(ctx: typer.Context, as_json: Json = False) -> None:
    """Every answer you gave, oldest first."""
    from dlquiz import desk, view
    from dlquiz.desk import reports

    with desk.opened(where(ctx), write=False) as table:
        found = reports.log(table)
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
        view.put(view.console(plain_text=not is_screen()), view.rows(lines, ("UTC", "rating", "", "card")))
