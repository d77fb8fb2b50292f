"""`plan`: towards an interview."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated

import typer
from rich.console import Group

from dlquiz import calendar, collection, config, dates
from dlquiz.card import Moment
from dlquiz.cli import complete
from dlquiz.cli.news import tell_news
from dlquiz.cli.options import Json, examples, where
from dlquiz.cli.patience import patience
from dlquiz.cli.program import app
from dlquiz.cli.results import NO_CARDS, print_json
from dlquiz.collection import BankPaths, Collection, how_ready, outlook, planning, scope
from dlquiz.config import Home
from dlquiz.errors import UsageError
from dlquiz.terminal import external
from dlquiz.view import plan as looks

KEPT = ("interview_date", "plan_minutes", "plan_topics", "plan_without")


@app.command(
    epilog=examples(
        'dlquiz plan --date "in 3 weeks" --minutes 30',
        "dlquiz plan --topic transformers --topic training --without rl",
        "dlquiz plan    how it stands",
        "dlquiz plan --clear",
    )
)
def plan(
    ctx: typer.Context,
    date_: Annotated[
        str | None,
        typer.Option("--date", metavar="DAY", help=f"The day of the interview, kept until changed: {dates.FORMS}."),
    ] = None,
    minutes: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=1440, help="Minutes you have a day; default: minutes_per_day.")
    ] = None,
    topic: Annotated[
        list[str] | None,
        typer.Option(
            "--topic",
            metavar="T",
            help="What the interview is about, kept until changed; `all` for everything. May be repeated.",
            autocompletion=complete.topics,
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            metavar="T",
            help="What it is not about, kept until changed; `none` to leave nothing out. May be repeated.",
            autocompletion=complete.topics,
        ),
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Forget date, minutes and topics.")] = False,
    as_json: Json = False,
) -> None:
    """Plan towards an interview: what each day asks, the recall predicted on the day, and how ready you are.

    Once a date is set, `dlquiz study` follows the plan: every card is first seen within two thirds of the time, those asked most
    often first; no card is scheduled past the day; in the last days you see every card once more. Cards outside the interview's
    topics are left alone, and missed days are planned again. After the day the plan ends by itself. --json prints null while
    there is no plan.
    """
    home = config.home()
    settings = config.load(home)
    moment = collection.now(settings)
    changes: dict[str, str | int | None] = {}
    if minutes is not None:
        changes["plan_minutes"] = minutes
    changes |= _scope_changes(where(ctx), settings, topic or [], without or [])
    if clear:
        if date_ is not None or changes:
            raise UsageError("--clear forgets the plan; leave the other options away, or --clear")
        _clear(settings.interview, home)
    elif date_ is not None or changes:
        day = settings.interview if date_ is None else _day(date_, moment.day)
        if day is None or day < moment.day:
            raise UsageError(
                f"there is no interview ahead; add its day, as in --date {moment.day + timedelta(days=30)}"
            )
        config.save(home, {"interview_date": day.isoformat(), **changes})
    with collection.opened(where(ctx), write=bool(date_ is not None or changes)) as col:
        _print(col, moment, as_json=as_json)


def _scope_changes(
    banks: BankPaths, settings: config.Settings, topics: Sequence[str], without: Sequence[str]
) -> Mapping[str, str | None]:
    """What these options change in the settings.

    Raises:
        UsageError: A word means nothing, or no question would be left.
    """
    if not topics and not without:
        return {}
    with collection.opened_bank(banks) as bank:
        only = scope.setting(bank, topics) if topics else settings.plan_topics
        left_out = scope.setting(bank, without) if without else settings.plan_without
        about = scope.of(bank, only, left_out)
        if not any(about.holds(card) for card in bank.in_order()):
            raise UsageError(f"{about.label or 'these banks'} has no cards left; leave out less")
    return {"plan_topics": only or None, "plan_without": left_out or None}


def _day(text: str, today: date) -> date:
    """The day of the interview that was typed.

    Raises:
        UsageError: It is none, or not between tomorrow and five years from now.
    """
    day = dates.parse(text, today)
    if day == today:
        raise UsageError(f"{day} is today; {dates.from_tomorrow(today)}")
    return day


def _clear(day: date | None, home: Home) -> None:
    if day is not None:
        config.save(home, dict.fromkeys(KEPT))
        typer.echo(f"The plan towards {calendar.day_name(day)} is cleared; cards are kept for good.", err=True)


def _print(col: Collection, moment: Moment, *, as_json: bool) -> None:
    with patience("working out the plan"):
        pool = planning.gather(col, moment)
        ahead = outlook.outlook(col, moment, pool)
        ready = how_ready.by_topic(col, moment, pool, ahead)
    if as_json:
        print_json(outlook.as_json(ahead, ready) if ahead else None)
        return
    if not col.bank.topics():
        typer.echo(NO_CARDS)
        return
    example = moment.day + timedelta(days=30)
    first = (
        looks.outlook(ahead) if ahead else f"There is no plan. Set one with: dlquiz plan --date {example} --minutes 20"
    )
    external.put(Group(first, "", looks.readiness(ready, moment.day)))
    tell_news(col, moment)  # last, where it stays in sight after the pager
