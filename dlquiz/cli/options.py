"""Options that several verbs share, and how results are printed."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from dlquiz.cli import complete
from dlquiz.collection import BankPaths
from dlquiz.errors import UsageError
from dlquiz.text import printable

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
NO_CARDS = """\
There are no cards in these banks. Write some with `dlquiz new`, add a file with
--bank PATH, or leave out --no-builtin."""


def examples(*lines: str) -> str:
    """What stands below a verb's help: commands to type, one a line."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def where(ctx: typer.Context) -> BankPaths:
    """Which banks this run is about."""
    paths = ctx.obj
    return paths if isinstance(paths, BankPaths) else BankPaths()


def check_mode(mode: str | None) -> None:
    if mode not in (None, "reveal", "speak", "type"):
        raise UsageError(f"there is no mode '{mode}'; it is reveal, speak or type")


def print_json(value: Any) -> None:
    ascii_only = sys.stdout.encoding.lower().replace("-", "") != "utf8"
    sys.stdout.write(printable.escaped(json.dumps(value, ensure_ascii=ascii_only, indent=2)) + "\n")


def is_screen() -> bool:
    """Does a person look at standard output?"""
    return sys.stdout is not None and not sys.stdout.closed and sys.stdout.isatty()
