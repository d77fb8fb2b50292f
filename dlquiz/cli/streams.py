"""Standard input, output and errors: made fit for any text, written to, and let go when nobody is at the other end."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import AbstractContextManager, suppress
from io import TextIOWrapper
from typing import TextIO

from dlquiz.text import printable


class ReaderGoneError(Exception):
    """Nobody reads the output any more, as with `| head`."""


def is_reader_gone(error: OSError) -> bool:
    """Windows calls a pipe that nobody reads an invalid argument; of a file it would have a name."""
    return isinstance(error, BrokenPipeError) or (
        sys.platform == "win32" and error.errno == errno.EINVAL and error.filename is None
    )


def is_screen() -> bool:
    """Does a person look at standard output?"""
    return sys.stdout is not None and not sys.stdout.closed and sys.stdout.isatty()


def say(text: str) -> None:
    """A line of a result."""
    print(text, flush=True)


def tell(text: str) -> None:
    """A line of news, on standard error."""
    print(printable.wrapped(printable.clean(text), sys.stderr), file=sys.stderr, flush=True)


def warn(message: str) -> None:
    """Something that is left out or odd; the run goes on."""
    _print(f"dlquiz: warning: {message}")


def patience(what: str) -> AbstractContextManager[None]:
    """What is being done is told where it takes long; what that needs, threads say, is imported where anything may take long at all."""
    from dlquiz.cli.patience import patience

    return patience(what)


def complain(message: str) -> None:
    """What ends the run."""
    for typed in sys.argv:
        if "\n" in typed:  # it makes no line of its own
            message = message.replace(typed, typed.replace("\n", "\ufffd"))
    _print(f"dlquiz: {message}")


def show(error: Exception) -> None:
    """An error of Typer's, an unknown option say, which knows how to show itself."""
    from io import StringIO

    message = StringIO()
    error.show(file=message)  # type: ignore[attr-defined]
    _print(message.getvalue().rstrip("\n"))


def _print(message: str) -> None:
    with suppress(OSError):
        print(printable.wrapped(printable.clean(message), sys.stderr), file=sys.stderr)


def flush() -> None:
    """What can't be written now is dropped: Python flushes again at its end, and would tell of it in its own words."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            drop(stream)


def drop(stream: TextIO) -> None:
    """Nobody reads this any more."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def mend() -> None:
    """A terminal whose encoding lacks a character gets it spelled; input that is not UTF-8, or a closed stream, is no reason to fall."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - lives as long as the program
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(errors=printable.ENCODING_ERRORS)
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
