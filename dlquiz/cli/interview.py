"""`interview`."""

import secrets
import sys
from collections.abc import Sequence
from math import isnan
from typing import Annotated

import typer

from dlquiz import collection, view
from dlquiz.bank import select
from dlquiz.cli import complete
from dlquiz.cli.options import Topics, examples, where
from dlquiz.cli.program import app
from dlquiz.collection import interview_records, interviews
from dlquiz.errors import UsageError
from dlquiz.interactive.interview import InterviewLoop
from dlquiz.interview import AT_END, EACH, InterviewSettings
from dlquiz.terminal import keys
from dlquiz.text import printable
from dlquiz.view import interview as looks

LONGEST_MINUTES = 24 * 60


@app.command(
    epilog=examples(
        "dlquiz interview",
        "dlquiz interview --topic optimizers --questions 3 --minutes 15",
        "dlquiz interview --typed       answers are written",
        "dlquiz interview --resume 2    go on with the last but one that was left",
    )
)
def interview(
    ctx: typer.Context,
    number: Annotated[
        int | None,
        typer.Argument(
            metavar="[N]", min=1, show_default=False, help="With --resume, where several were left: which of them."
        ),
    ] = None,
    questions: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="How many questions; 5 unless told.")
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(
            metavar="M", min=0.1, max=LONGEST_MINUTES, help="Minutes in all, pauses excluded; 30 unless told."
        ),
    ] = None,
    topic: Topics = None,
    seed: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The same seed asks the same questions, as long as you know the same."),
    ] = None,
    typed: Annotated[bool, typer.Option("--typed", help="Write the answers; an empty line ends one.")] = False,
    debrief: Annotated[
        str | None,
        typer.Option(
            metavar="end|each",
            autocompletion=complete.debriefs,
            help="Compare answers with their key points at the end, or after each question; end unless told.",
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the one that was left.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="Compare those you have held.")] = False,
) -> None:
    """Hold a mock interview: questions against the clock, follow-ups, then a debrief.

    Weak, basic and often asked questions come more often, and topics are mixed. Answers are shown in the debrief, at the end or
    with --debrief each after each question; there you tick what you said, and with `each` you are asked again about a must that you
    left out. Nothing is rated. It is kept after every step: Ctrl-C leaves, --resume goes on. The report is kept in your home.
    """
    if minutes is not None and isnan(minutes):
        raise UsageError("--minutes is no number; it takes 0.1 or more")
    if debrief not in (None, AT_END, EACH):
        raise UsageError(f"there is no debrief '{debrief}'; it is {AT_END} or {EACH}")
    asked = {"--questions": questions, "--minutes": minutes, "--topic": topic, "--seed": seed, "--debrief": debrief}
    _check([name for name, value in asked.items() if value is not None], resume=resume, past=list_, typed=typed)
    if number is not None and not resume:
        raise UsageError(f"{number} is an interview that was left; go on with it: dlquiz interview --resume {number}")
    if list_:
        _print_past(ctx)
    elif resume:
        _resume(ctx, number, typed=typed)
    else:
        seed = printable.clean(seed) if seed is not None else secrets.token_hex(3)
        _begin(
            ctx, InterviewSettings(questions or 5, minutes or 30.0, tuple(topic or ()), typed, seed, debrief or AT_END)
        )


def _check(options: Sequence[str], *, resume: bool, past: bool, typed: bool) -> None:
    """Refuse what contradicts itself, and a screen that isn't there."""

    if resume and past:
        raise UsageError("--resume and --list are two things; ask for one of them")
    if resume and options:
        raise UsageError(f"--resume goes on with what was begun; leave out {' and '.join(options)}")
    if past and (options or typed):
        raise UsageError(f"--list shows every interview; leave out {' and '.join([*options, *['--typed'] * typed])}")
    if not past and keys.is_terminal(sys.stdin) and not keys.is_terminal(sys.stdout):
        raise UsageError("interview needs a terminal to ask on; run it without redirecting its output, or pipe keys in")


def _begin(ctx: typer.Context, settings: InterviewSettings) -> None:

    with collection.opened(where(ctx), write=True) as col:
        selected = select.selection(col.bank, settings.topics, [])
        unfinished = interview_records.unfinished(col)
        if unfinished and _goes_on(unfinished):
            InterviewLoop(col, interviews.resume(col, 1, typed=settings.typed), resumed=True).run()
            return
        open_interview = interviews.begin(col, settings, selected, col.now())
        count = len(open_interview.state.questions)
        if count < settings.questions:
            whose = selected.label if selected else "the bank"
            typer.echo(f"{whose} has only {count} of the {settings.questions} questions asked for", err=True)
        InterviewLoop(col, open_interview).run()


def _goes_on(unfinished: Sequence[interview_records.Unfinished]) -> bool:
    """Is the last interview gone on with that was left? Asked at a terminal; elsewhere it is named, and another begins."""
    others = f", and {len(unfinished) - 1} more" if len(unfinished) > 1 else ""
    typer.echo(f"not finished, here or in another window: the interview of {unfinished[0]}{others}", err=True)
    if keys.is_terminal(sys.stdin):
        return typer.confirm("Go on with it?", default=True, err=True)
    typer.echo("this begins another; to go on with that one: dlquiz interview --resume", err=True)
    return False


def _resume(ctx: typer.Context, number: int | None, *, typed: bool) -> None:

    with collection.opened(where(ctx), write=False) as col:
        InterviewLoop(col, interviews.resume(col, number, typed=typed), resumed=True).run()


def _print_past(ctx: typer.Context) -> None:

    with collection.opened(where(ctx), write=False) as col:
        records, unread = interview_records.past(col)
    for line in unread:
        typer.echo(printable.clean(line), err=True)
    if not records and not unread:
        typer.echo("No mock interview yet. `dlquiz interview` begins one.")
    if not records:
        return
    view.put(view.page(screen=keys.is_terminal(sys.stdout)), looks.past(records))
