"""The command line as Typer reads it: the program's own options, and its verbs, of which only those asked for are loaded.

Modules of verbs have no `from __future__ import annotations`: Typer evaluates annotations twice, and a text is compiled each time (2 of
the 80 ms that Tab took).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from dlquiz import __version__
from dlquiz.cli import streams, verbs
from dlquiz.cli.streams import ReaderGoneError, is_reader_gone

ANYWHERE = {
    "--bank": True,
    "--no-builtin": False,
}  # options of the program that may follow the verb too: takes a value?


class CommandGroup(TyperGroup):
    """A group whose own options may stand before or after the verb; of a verb that is not loaded it knows the line of help."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, verb in verbs.VERBS.items():
            self.commands.setdefault(name, TyperCommand(name, short_help=verb.help))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with _reader_may_go():
            return super().parse_args(ctx, hoisted(args))

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - as Typer calls it
        """The verbs by what somebody wants, each with its whole first sentence."""
        width = max(map(len, verbs.VERBS))
        for title, group in verbs.GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:<{width}}", verb.help) for name, verb in group.items()])

    def invoke(self, ctx: Any) -> Any:
        with _reader_may_go():
            return super().invoke(ctx)


@contextmanager
def _reader_may_go() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if is_reader_gone(error):
            raise ReaderGoneError from error  # Typer would exit 1
        raise


def hoisted(args: list[str]) -> list[str]:
    """The arguments with `--bank PATH` and `--no-builtin` moved to the front, wherever they stood before a `--`."""
    front, rest = _parted(args)
    return front + rest


def asking_help(args: list[str]) -> list[str]:
    """The arguments with `help VERB` as `VERB --help`."""
    front, rest = _parted(args)
    return [*front, *rest[1:2], "--help"] if rest[:1] == ["help"] else args


def _parted(args: list[str]) -> tuple[list[str], list[str]]:
    """What may stand anywhere, and the rest."""
    front: list[str] = []
    rest: list[str] = []
    waiting = list(args)
    while waiting:
        arg = waiting.pop(0)
        name = arg.partition("=")[0]
        if arg == "--":
            rest += [arg, *waiting]
            break
        if name in ANYWHERE:
            front.append(arg)
            if ANYWHERE[name] and "=" not in arg and waiting:
                front.append(waiting.pop(0))
        else:
            rest.append(arg)
    return front, rest


app = typer.Typer(
    cls=CommandGroup,
    add_completion=True,
    invoke_without_command=True,
    no_args_is_help=False,
    rich_markup_mode=None,  # plain help starts twice as fast and reads well everywhere
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def program(
    ctx: typer.Context,
    bank: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH",
            help="Add a bank: a YAML file or a folder of them. May be repeated, and may follow the verb.",
        ),
    ] = None,
    no_builtin: Annotated[
        bool, typer.Option("--no-builtin", help="Leave the built-in bank out. May follow the verb.")
    ] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Prepare for a deep-learning interview: say the answer, tick the points you made, come back on the right day.

    `dlquiz` alone shows what is due. `dlquiz study` begins. Every answer is saved the moment you give it.
    """
    if version:
        typer.echo(f"dlquiz {__version__}")
        raise typer.Exit
    from dlquiz.bank.roots import BankPaths  # with the collection behind it, which neither `--help` nor Tab waits for

    ctx.obj = BankPaths(tuple(bank or ()), not no_builtin, streams.warn, streams.patience)
    if ctx.invoked_subcommand is None:
        from dlquiz.cli.today import print_start

        print_start(ctx.obj)


def needed(args: list[str]) -> list[str]:
    """The modules of the verbs that are named; the others would cost time."""
    typed = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or ""
    if "_DLQUIZ_COMPLETE" in os.environ:
        return verbs.modules(typed.split())
    return verbs.modules(_parted(args)[1])


def run(args: list[str]) -> int:
    """Do what the arguments ask for; the exit code."""
    args = asking_help(args)
    try:
        for module in needed(args):
            import_module(f"dlquiz.cli.{module}")  # it hangs its verbs on `app`
        result = app(args, standalone_mode=False)
    except typer.Exit as done:
        return done.exit_code
    except typer.Abort:
        return 130
    return result if isinstance(result, int) else 0
