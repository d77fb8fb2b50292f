"""Looking after banks, settings and progress: `check`, `config`, `backup`, `restore`, `doctor`."""

import sys
import textwrap
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dlquiz import calendar, collection, config
from dlquiz.cli import complete
from dlquiz.cli.options import examples, where
from dlquiz.cli.patience import patience
from dlquiz.cli.program import app
from dlquiz.collection import doctor as doctors
from dlquiz.errors import BankError
from dlquiz.text import printable
from dlquiz.text.phrases import counted

if TYPE_CHECKING:
    from dlquiz.collection.check import CheckResult

NAMED = 8  # ids that a line of the balance names


def _shown(value: object) -> str:
    return repr("") if value == "" else str(value)


def _meanings() -> str:
    """Every setting with what it means and may be, for the help."""
    lines = ["\b", "The settings, with their defaults:"]
    for name, rule in config.RULES.items():
        lines_of_rule = textwrap.wrap(f"{rule.means} ({rule.wants})", 70)
        lines += [
            f"  {name} = {_shown(getattr(config.Settings(), name))}",
            *(f"      {line}" for line in lines_of_rule),
        ]
    return "\n".join([*lines, "", examples("dlquiz config get", "dlquiz config set desired_retention 0.85")])


settings = typer.Typer(
    help="Read and change settings; alone, print those in force.", epilog=_meanings(), rich_markup_mode=None
)
app.add_typer(settings, name="config")


@settings.callback(invoke_without_command=True)
def in_force(ctx: typer.Context) -> None:
    """Read and change settings; alone, print those in force."""
    if ctx.invoked_subcommand is None:
        get(None)


@app.command(epilog=examples("dlquiz check", "dlquiz check --strict mine.yaml"))
def check(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Files or folders; default: all configured banks.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Also say what could be better.")] = False,
) -> None:
    """Check banks: each mistake comes with its place and what to do.

    A line reads path:line:column: error or advice: what is wrong; what to do. Most editors can jump to it.
    """
    from dlquiz.collection import check as checks  # with the lint, which no other verb waits for

    with patience("checking the cards"):
        result = checks.check(where(ctx), paths or [], strict=strict)
    for problem in result.problems:
        typer.echo(printable.clean(str(problem)))
    if strict and result.notes:
        for line in _balance(result):
            typer.echo(printable.wrapped(line, sys.stderr, "  "), err=True)
    sound = "" if result.problems else ", no problems"
    typer.echo(f"{counted(result.notes, 'note')}, {counted(result.cards, 'card')}{sound}", err=True)
    if result.failing:
        raise typer.Exit(BankError.exit_code)


def _balance(result: "CheckResult") -> Iterator[str]:
    """What the bank is made of, what no card drills, and what is due for a new look."""
    balance = result.balance
    cards = max(1, sum(balance.kinds.values()))
    yield "kinds: " + ", ".join(f"{kind} {count} ({count / cards:.0%})" for kind, count in balance.kinds.items())
    yield "topics: " + ", ".join(f"{topic} {count}" for topic, count in balance.topics.items())
    yield f"key points that no card drills: {_some(balance.undrilled)}"
    yield f"due for a new look: {_some([name for days_left, name in balance.looks if days_left < 0])}"
    coming = next((look for look in balance.looks if look[0] >= 0), None)
    if coming:
        yield f"next to look at again: {coming[1]}, on {result.today + timedelta(days=coming[0] + 1)}"


def _some(ids: Sequence[str]) -> str:
    """How many, and the first of them by name."""
    if not ids:
        return "none"
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return f"{len(ids)} ({', '.join(ids[:NAMED])}{more})"


@settings.command(epilog=examples("dlquiz config get", "dlquiz config get rollover"))
def get(
    key: Annotated[
        str | None,
        typer.Argument(metavar="[KEY]", help="A setting; default: all.", autocompletion=complete.settings),
    ] = None,
) -> None:
    """Print one setting, or all with what they mean."""
    own = config.load(config.home())
    if key is not None:
        config.rule_of(key)
        typer.echo(getattr(own, key))
        return
    for name, rule in config.RULES.items():
        value = getattr(own, name)
        typer.echo(f"{name} = {_shown(value)}")
        typer.echo(textwrap.fill(f"{rule.means} ({rule.wants})", 76, initial_indent="    ", subsequent_indent="    "))


@settings.command(
    name="set", epilog=examples("dlquiz config set new_per_day 15", "dlquiz config --help    what each may be")
)
def set_(
    key: Annotated[
        str,
        typer.Argument(
            metavar="KEY", help="A setting; `dlquiz config get` lists them.", autocompletion=complete.settings
        ),
    ],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What it is from now on.")],
) -> None:
    """Change a setting."""
    home = config.home()
    today = collection.now(config.load(home)).day
    parsed = config.parse(key, value, today)
    config.save(home, {key: parsed})
    typer.echo(f"{key} = {_shown(parsed)}")
    if key == "interview_date" and parsed:  # whoever typed `next friday` sees which one was taken
        typer.echo(f"That is {calendar.day_name(date.fromisoformat(parsed))}.", err=True)


@settings.command(epilog=examples("dlquiz config path"))
def path() -> None:
    """Print the folder that holds all that is yours."""
    typer.echo(config.home().path)


@app.command(epilog=examples("dlquiz backup", "dlquiz backup /media/stick/dlquiz.db"))
def backup(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Default: beside the daily backups.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace also a file that is no earlier backup of this log.")
    ] = False,
) -> None:
    """Copy your progress into a file; an earlier backup that is there is replaced."""

    typer.echo(printable.clean(f"backed up to {doctors.back_up(file, force=force)}"))


@app.command(epilog=examples("dlquiz doctor    lists the backups", "dlquiz restore /media/stick/dlquiz.db"))
def restore(file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")]) -> None:
    """Put a backup in place of your progress, which is kept beside the backups."""

    progress, replaced = doctors.restore(file)
    typer.echo(printable.clean(f"restored {progress} from {file}"))
    if replaced:
        typer.echo(printable.clean(f"what it replaced is kept as {replaced}"))


@app.command(epilog=examples("dlquiz doctor"))
def doctor(ctx: typer.Context) -> None:
    """Work out from your answers again when each card is due, mend what differs, and list the backups."""
    mended = doctors.mend()
    with collection.opened(where(ctx), write=False) as col:
        home, remarks = col.home, list(doctors.remarks(col))
        with patience("comparing your cards with the log"):
            health = doctors.examine(col)
    for saved in doctors.kept_backups(home)[:10]:
        typer.echo(printable.clean(f"backup: {saved}"))
    if health.damage:
        raise typer.Exit(_say(printable.clean(health.damage)))
    typer.echo(printable.clean(f"{home.progress}: {counted(health.rows, 'row')} in the log"))
    faults = []
    if mended.aside:
        faults.append(f"rows that can't be read were taken out of the log, and are kept in {mended.aside}")
    if mended.texts:
        faults.append("texts of it were damaged, and were mended; a copy of the file as it was lies in backups/")
    if mended.reindexed:
        faults.append("an index of the log was damaged, and was made anew from the answers, which are all there")
    if health.differences:
        for card in health.differences[:20]:
            typer.echo(printable.clean(f"differed: {card}"))
        done = "mended from the log" if health.repaired else "not mended: the file can't be written"
        faults.append(f"{counted(len(health.differences), 'card')} differed from the log; {done}")
    if health.doubled:
        done = "each counts once again" if health.repaired else "not mended: the file can't be written"
        faults.append(f"{counted(health.doubled, 'answer')} stood in the log twice, by way of Anki too; {done}")
    if not faults:
        typer.echo("Your cards and the log agree.")
    if health.fuller:
        remarks = [*remarks, doctors.fuller_text(health.fuller, health.rows)]
    for line in dict.fromkeys([*faults, *remarks]):
        typer.echo(printable.clean(line), err=True)
    if faults or health.fuller:
        raise typer.Exit(1)


def _say(message: str) -> int:
    typer.echo(message, err=True)
    return 1
