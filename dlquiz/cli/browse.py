"""What is there and where it stands: the start screen, `status`, `list`, `show`, `topics`, `log`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dlquiz.cli import app
from dlquiz.cli.options import Json, Tags, Topics, is_screen, print_json, where

if TYPE_CHECKING:
    from dlquiz.bank.select import Selection
    from dlquiz.deck import Queue
    from dlquiz.desk import Desk, Where


def print_start(place: Where) -> None:
    """What is due by topic, and the one command to type next."""
    from dlquiz import desk, view
    from dlquiz.cli.news import tell_news
    from dlquiz.desk import outlook, planning, reports
    from dlquiz.view import plan as looks

    with desk.opened(place, write=False) as table:
        moment = table.now()
        tell_news(table, moment)
        found = reports.status(table)
        pool = planning.gather(table, moment)
        due = {row["topic"]: row["due"] for row in found["topics"]}
        ahead = table.settings.interview if found["interview"] else None
        readiness = outlook.ready(table, moment, pool)
        view.put(view.console(plain_text=not is_screen()), looks.start(due, readiness, ahead, moment.day))
        _print_counts(found)
        rest = outlook.rest_of_today(table, moment, pool)
        if rest:
            typer.echo(looks.share(rest))
        if rest.asks if rest else found["due"] or found["new"]:
            typer.echo("\nNext: dlquiz study")
        elif not rest:
            _print_next(table, None)


@app.command()
def status(ctx: typer.Context, as_json: Json = False) -> None:
    """Count what is due, new and in steps, by topic."""
    from dlquiz import desk
    from dlquiz.desk import reports

    with desk.opened(where(ctx), write=False) as table:
        found = reports.status(table)
    print_json(found) if as_json else _print_status(found)


def _print_status(found: dict[str, object]) -> None:
    from dlquiz import view

    console = view.console(plain_text=not is_screen())
    topics = found["topics"]
    lines = [
        (str(row["topic"]), str(row["due"]), str(row["new"]), str(row["cards"]))
        for row in (topics if isinstance(topics, list) else [])
    ]
    view.put(console, view.rows(lines, ("topic", "due", "unseen", "cards")))
    _print_counts(found)


def _print_counts(found: dict[str, object]) -> None:
    typer.echo(
        f"\n{found['due']} due, {found['new']} new today, {found['learning']} in steps, {found['reviewed_today']} answered today"
    )


def print_nothing_due(table: Desk, selected: Selection | None, queue: Queue) -> None:
    """When the next card is, and how to go ahead."""
    if queue.backlog:
        typer.echo("Today's minutes are used up. Go ahead with: dlquiz study --minutes 20")
        return
    if table.days_left(table.now()) and selected is None:
        typer.echo("Today's part of the plan is done. `dlquiz plan` shows the days to come.")
        return
    typer.echo("Nothing is due.")
    _print_next(table, selected)
    if queue.later:
        from dlquiz import calendar

        typer.echo(f"The next step is at {calendar.clock(queue.later[0][0])}.")


def _print_next(table: Desk, selected: Selection | None) -> None:
    from dlquiz import calendar
    from dlquiz.desk import reports

    coming = reports.next_due(table, selected)
    if coming:
        count = "1 card" if coming[1] == 1 else f"{coming[1]} cards"
        typer.echo(f"Next: {count} on {calendar.day_name(coming[0])}.")
    if next(iter(table.unseen(selected)), None):
        typer.echo("Go ahead with new cards: dlquiz study --new 5")
    typer.echo("Practise without the schedule: dlquiz random")


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
