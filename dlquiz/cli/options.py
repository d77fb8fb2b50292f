"""Options that several verbs share."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dlquiz.cli import complete
from dlquiz.errors import UsageError
from dlquiz.terminal import keys
from dlquiz.text import printable

if TYPE_CHECKING:
    from dlquiz.bank.roots import BankPaths

Topics = Annotated[
    list[str] | None,
    typer.Option(
        "--topic",
        metavar="T",
        help="Only this topic, or a narrower word like dropout. May be repeated.",
        autocompletion=complete.topics,
    ),
]
Tags = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="T", help="Only notes with this tag. May be repeated.", autocompletion=complete.tags),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Mode = Annotated[
    str | None,
    typer.Option(
        metavar="reveal|speak|type",
        autocompletion=complete.modes,
        help="Answer aloud against a clock, just turn cards over, or write main cards and have them judged; they are spoken unless told.",
    ),
]


def examples(*lines: str) -> str:
    """What stands below a verb's help: commands to type, one a line."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def where(ctx: typer.Context) -> "BankPaths":
    """Which banks this run is about."""
    paths: BankPaths = ctx.obj
    return paths


def check_mode(mode: str | None) -> None:
    if mode not in (None, "reveal", "speak", "type"):
        raise UsageError(f"there is no mode '{mode}'; it is reveal, speak or type")


def agreed(question: str) -> bool:
    """Does the person at the terminal say yes? Elsewhere nothing waits for an answer."""
    return keys.is_terminal(sys.stdin) and typer.confirm(printable.clean(question), err=True)
