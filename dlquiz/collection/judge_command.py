"""The user's own judge: a program in a process of its own, asked with JSON, given up when it takes too long."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from dlquiz import files
from dlquiz.card import Note
from dlquiz.judge import Judgement, reply

SECONDS = 20.0
LOOK_EVERY = 0.05  # seconds between looks at whether it has ended
MOST_BYTES = 1_000_000  # of a reply


class CommandError(Exception):
    """Why the command's verdicts can't be used, as the end of a sentence that begins with its name."""


class Opinion(NamedTuple):
    """What the command said, or why it could not."""

    judgements: list[Judgement] | None
    why: str = ""  #: one sentence, where there are none


def ask(command: str, note: Note, answer: str, stopped: Callable[[], bool] = lambda: False) -> Opinion:
    """Have the command judge an answer.

    Args:
        command: As the user set it: a program with its arguments; no shell reads it.
        note: What was asked.
        answer: What was answered.
        stopped: Does the user want it ended? Asked many times a second.
    """
    name = name_of(command)
    try:
        printed = _printed(command, reply.request(note.id, note.question, note.key_points, answer), stopped)
        return Opinion(reply.read(printed, note.key_points, answer))
    except (CommandError, reply.ReplyError) as error:
        return Opinion(None, f"{name} did not judge: {error}; these are the built-in verdicts")


def name_of(command: str) -> str:
    """The program's name, for screens and the log."""
    with suppress(ValueError):
        words = files.words(command)
        if words:
            return Path(words[0]).name
    return command[:40]


def _printed(command: str, asked: str, stopped: Callable[[], bool]) -> str:
    try:
        words = files.words(command)
    except ValueError as error:
        raise CommandError(f"'{command[:40]}' can't be read as a command: {error}") from error
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as output:
        given.write(asked.encode())
        given.seek(0)
        try:
            child = subprocess.Popen(
                words, stdin=given, stdout=output, stderr=subprocess.DEVNULL, start_new_session=os.name != "nt"
            )
        except (OSError, ValueError, IndexError) as error:
            raise CommandError(f"it can't be started: {getattr(error, 'strerror', None) or error}") from error
        try:
            _wait(child, output, stopped)
        finally:
            _end(child)
        output.seek(0)
        return output.read(MOST_BYTES).decode("utf-8", "replace")


def _wait(child: subprocess.Popen[bytes], output: IO[bytes], stopped: Callable[[], bool]) -> None:
    """Until it has ended by itself.

    Raises:
        CommandError: It took too long, printed too much, was ended, or failed.
    """
    until = time.monotonic() + SECONDS
    while True:
        with suppress(subprocess.TimeoutExpired):
            code = child.wait(LOOK_EVERY)
            break
        if stopped():
            raise CommandError("it was ended")
        if time.monotonic() > until:
            raise CommandError(f"it took more than {SECONDS:.0f} seconds")
        if os.fstat(output.fileno()).st_size > MOST_BYTES:
            raise CommandError("it prints without end")
    if code:
        raise CommandError(f"it ended with code {code}")


def _end(child: subprocess.Popen[bytes]) -> None:
    """End it with all that it has started."""
    if os.name == "nt":
        child.kill()
    else:
        with suppress(OSError):  # all of them have ended
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()
