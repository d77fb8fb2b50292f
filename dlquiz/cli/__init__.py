"""The doors: parse, call, print. The one place where an error becomes a message and an exit code.

Typer defines the command line. The daily forms of it, `dlquiz` and `dlquiz study`, have nothing to parse: they call what Typer's commands
call, and don't wait for its import. What a run needs is imported when it is known, here and in the modules of the verbs.
"""

from __future__ import annotations

import atexit
import errno
import gc
import signal
import sys
from contextlib import suppress

gc.set_threshold(50_000)  # a start makes much and drops nothing: looking for garbage meanwhile costs it a tenth
with suppress(ValueError):  # not the main thread
    _interrupts = signal.signal(signal.SIGINT, signal.SIG_DFL)  # while this loads, Ctrl-C ends without a traceback

import os

from dlquiz.cli import streams
from dlquiz.errors import DlquizError

if sys.platform == "win32":
    from dlquiz.terminal import win32

with suppress(ValueError, NameError):
    signal.signal(signal.SIGINT, _interrupts)


def process() -> None:
    """`main` as a process of its own: what is installed as `dlquiz`.

    It ends without Python's taking every module and object to pieces, which took a fifth of `dlquiz --help` and of Tab (15 of 80 ms).
    """
    code: list[int] = []

    def end() -> None:
        if code:  # none after a fault of the program: Python tells of it and ends as it does
            streams.flush()
            os._exit(code[0])

    atexit.register(end)  # the first that is registered is called last: threads have ended, files are closed
    try:
        main()
    except SystemExit as done:
        code.append(int(done.code or 0))
        raise


def main() -> None:
    """Run the program; the exit code is its answer."""
    streams.mend()
    if sys.platform == "win32":
        atexit.register(win32.obey_sequences(sys.stdout, sys.stderr))  # before Rich looks what the console can do
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)  # Ctrl-C again, when all is over already
    sys.exit(_run(sys.argv[1:]))


def _run(args: list[str]) -> int:
    code = 0
    try:
        code = _done(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except DlquizError as error:
        streams.complain(str(error))
        code = error.exit_code
    except streams.ReaderGoneError:
        streams.drop(sys.stdout)
    except OSError as error:
        streams.drop(sys.stdout)
        if error.errno != errno.EIO and not streams.is_reader_gone(error):  # a terminal that was closed
            what = "can't be read or written" if error.filename else "the output can't be written"
            streams.complain(": ".join(filter(None, [error.filename, what, error.strerror])))
            code = 1
    except UnicodeError as error:
        if "BOM" not in str(error):  # no other input can fail, see `streams.mend`
            raise
        streams.complain(
            f"standard input is not in {sys.stdin.encoding}; send it so, or unset PYTHONIOENCODING ({error})"
        )
        code = 2
    except Exception as error:
        if not hasattr(error, "show"):
            raise
        streams.show(error)
        code = getattr(error, "exit_code", 2)
    if code == 130:  # here, or where Typer has made an Abort of it
        # Python remembers an interrupt within `eval` (a named tuple being made), and would end by the signal; this forgets it.
        eval("None")
    streams.flush()
    return code


def _done(args: list[str]) -> int:
    """Do what the arguments ask for; the exit code."""
    if args not in ([], ["study"]) or "_DLQUIZ_COMPLETE" in os.environ:
        from dlquiz.cli import program

        return program.run(args)
    from dlquiz.bank.roots import BankPaths

    where = BankPaths(warn=streams.warn, patience=streams.patience)
    if args:
        from dlquiz.cli.sitting import sit

        sit(where)
    else:
        from dlquiz.cli.today import print_start

        print_start(where)
    return 0
