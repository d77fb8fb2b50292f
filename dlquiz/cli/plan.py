"""`plan`: towards an interview."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Annotated

import typer
from rich.console import Group

from dlquiz import calendar, collection, config
from dlquiz.card import Moment
from dlquiz.cli import app
from dlquiz.cli.news import tell_news
from dlquiz.cli.options import NO_CARDS, Json, examples, print_json, where
from dlquiz.collection import Collection, outlook, planning
from dlquiz.config import Home
from dlquiz.errors import UsageError
from dlquiz.terminal import external
from dlquiz.view import plan as looks

FURTHEST = timedelta(days=5 * 365)


@app.command(
    epilog=examples("dlquiz plan --date 2027-01-31 --minutes 30", "dlquiz plan    how it stands", "dlquiz plan --clear")
)
def plan(
    ctx: typer.Context,
    date_: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="The day of the interview; kept until changed.")
    ] = None,
    minutes: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=1440, help="Minutes you have a day; default: minutes_per_day.")
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Forget date and minutes.")] = False,
    as_json: Json = False,
) -> None:
    """Plan towards an interview: what each day asks, the recall predicted on the day, and how ready you are.

    Once a date is set, `dlquiz study` follows the plan: every card is first seen by two thirds of the way, nothing is promised
    beyond the day, and the last days look at every card once more. Missed days are planned again. After the day the plan ends
    by itself. --json prints null while there is no plan.
    """

    home = config.home()
    settings = config.load(home)
    moment = collection.now(settings)
    if clear:
        if date_ is not None or minutes is not None:
            raise UsageError("--clear forgets the plan; leave --date and --minutes away, or --clear")
        _clear(settings.interview, home)
    elif date_ is not None or minutes is not None:
        day = settings.interview if date_ is None else _day(date_, moment.day)
        if day is None or day < moment.day:
            raise UsageError(
                f"there is no interview ahead; add its day, as in --date {moment.day + timedelta(days=30)}"
            )
        changes: dict[str, str | int] = {"interview_date": day.isoformat()}
        config.save(home, changes if minutes is None else {**changes, "plan_minutes": minutes})
    with collection.opened(where(ctx), write=date_ is not None or minutes is not None) as col:
        _print(col, moment, as_json=as_json)


def _day(text: str, today: date) -> date:
    """The day that was typed.

    Raises:
        UsageError: It is none, or not between tomorrow and five years from now.
    """
    day = None
    with suppress(ValueError):
        day = date.fromisoformat(text)
    if day is None or day.isoformat() != text:
        raise UsageError(f"'{text}' is no date; write it as year-month-day, like {today + timedelta(days=30)}")
    if day <= today:
        raise UsageError(
            f"{text} is {'today' if day == today else 'past'}; a plan needs a day from {today + timedelta(days=1)} on"
        )
    if day - today > FURTHEST:
        raise UsageError(f"{text} is more than five years away; a plan reaches to {today + FURTHEST} at most")
    return day


def _clear(day: date | None, home: Home) -> None:

    if day is not None:
        config.save(home, {"interview_date": None, "plan_minutes": None})
        typer.echo(f"The plan towards {calendar.day_name(day)} is cleared; cards are kept for good.", err=True)


def _print(col: Collection, moment: Moment, *, as_json: bool) -> None:

    pool = planning.gather(col, moment)
    found = outlook.outlook(col, moment, pool)
    if as_json:
        print_json(outlook.as_json(found, outlook.ready(col, moment, pool)) if found else None)
        return
    if not col.bank.topics():
        typer.echo(NO_CARDS)
        return
    example = moment.day + timedelta(days=30)
    first = (
        looks.outlook(found) if found else f"There is no plan. Set one with: dlquiz plan --date {example} --minutes 20"
    )
    external.put(Group(first, "", looks.readiness(outlook.ready(col, moment, pool), moment.day)))
    tell_news(col, moment)  # last, where it stays in sight after the pager
