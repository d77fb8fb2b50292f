"""The doors: parse, call, print. The one place where an error becomes a message and an exit code."""

from __future__ import annotations

import atexit
import errno
import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, TextIO

gc.set_threshold(50_000)  # a start makes much and drops nothing: looking for garbage meanwhile costs it a tenth
with suppress(ValueError):  # not the main thread
    _interrupts = signal.signal(signal.SIGINT, signal.SIG_DFL)  # while this loads, Ctrl-C ends without a traceback

import typer
from typer.core import TyperCommand, TyperGroup

from dlquiz import __version__
from dlquiz.cli import verbs
from dlquiz.collection import BankPaths
from dlquiz.errors import DlquizError
from dlquiz.text import printable

if sys.platform == "win32":
    from dlquiz.terminal import win32

with suppress(ValueError, NameError):
    signal.signal(signal.SIGINT, _interrupts)

ANYWHERE = {
    "--bank": True,
    "--no-builtin": False,
}  # options of the program that may follow the verb too: takes a value?


class _ReaderGone(Exception):  # noqa: N818 - nothing went wrong
    """Nobody reads the output any more, as with `| head`."""


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
        if _is_reader_gone(error):
            raise _ReaderGone from error  # Typer would exit 1
        raise


def _is_reader_gone(error: OSError) -> bool:
    """Windows calls a pipe that nobody reads an invalid argument; of a file it would have a name."""
    return isinstance(error, BrokenPipeError) or (
        sys.platform == "win32" and error.errno == errno.EINVAL and error.filename is None
    )


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
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    """Prepare for a deep-learning interview: say the answer, tick the points you made, come back on the right day.

    `dlquiz` alone shows what is due. `dlquiz study` begins. Everything you answer is kept the moment you answer it.
    """
    if version:
        typer.echo(f"dlquiz {__version__}")
        raise typer.Exit
    ctx.obj = BankPaths(tuple(bank or ()), not no_builtin, _warn)
    if ctx.invoked_subcommand is None:
        import_module("dlquiz.cli.start").print_start(ctx.obj)


def main() -> None:
    """Run the program; the exit code is its answer."""
    _mend_streams()
    if sys.platform == "win32":
        atexit.register(win32.obey_sequences(sys.stdout, sys.stderr))  # before Rich looks what the console can do
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)  # Ctrl-C again, when all is over already
    sys.exit(_run(sys.argv[1:]))


def needed(args: list[str]) -> list[str]:
    """The modules to load: of the verbs that are named, or the start screen's where nothing is asked for. Others would cost time."""
    typed = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or ""
    if "_DLQUIZ_COMPLETE" in os.environ:
        return verbs.modules(typed.split())
    return verbs.modules(args) if _parted(args)[1] else ["start"]


def _run(args: list[str]) -> int:
    code = 0
    args = asking_help(args)
    try:
        for module in needed(args):
            import_module(f"dlquiz.cli.{module}")  # it hangs its verbs on `app`
        result = app(args, standalone_mode=False)
        code = result if isinstance(result, int) else 0
        sys.stdout.flush()
    except typer.Exit as done:
        code = done.exit_code
    except (typer.Abort, KeyboardInterrupt):
        code = 130
    except DlquizError as error:
        _complain(str(error))
        code = error.exit_code
    except _ReaderGone:
        _drop(sys.stdout)
    except OSError as error:
        _drop(sys.stdout)
        if error.errno != errno.EIO and not _is_reader_gone(error):  # a terminal that was closed
            what = "can't be read or written" if error.filename else "the output can't be written"
            _complain(": ".join(filter(None, [error.filename, what, error.strerror])))
            code = 1
    except UnicodeError as error:
        if "BOM" not in str(error):  # no other input can fail, see _mend_streams
            raise
        _complain(f"standard input is not in {sys.stdin.encoding}; send it so, or unset PYTHONIOENCODING ({error})")
        code = 2
    except Exception as error:
        if not hasattr(error, "show"):  # Typer's own errors (an unknown option) know how to show themselves
            raise
        shown = StringIO()
        error.show(file=shown)
        _print(shown.getvalue().rstrip("\n"))
        code = getattr(error, "exit_code", 2)
    _flush()
    return code


def _warn(message: str) -> None:
    _print(f"dlquiz: warning: {message}")


def _complain(message: str) -> None:
    for typed in sys.argv:
        if "\n" in typed:  # it makes no line of its own
            message = message.replace(typed, typed.replace("\n", "\ufffd"))
    _print(f"dlquiz: {message}")


def _print(message: str) -> None:
    with suppress(OSError):
        print(printable.wrapped(printable.clean(message), sys.stderr), file=sys.stderr)


def _flush() -> None:
    """What can't be written now is dropped: Python flushes again at its end, and would tell of it in its own words."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _drop(stream)


def _drop(stream: TextIO) -> None:
    """Nobody reads this any more."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _mend_streams() -> None:
    """A terminal whose encoding lacks a character gets it spelled; input that is not UTF-8, or a closed stream, is no reason to fall."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - lives as long as the program
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(errors=printable.ENCODING_ERRORS)
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
