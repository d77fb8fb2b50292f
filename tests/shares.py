"""Work for processes of their own: a module that they can import, as a file of tests is none."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dlquiz import parallel


class Share(NamedTuple):
    """So many pieces under a name."""

    name: str
    pieces: int = 3
    first_pid: int = os.getpid()  #: of the process that asks


def letters(share: Share) -> Iterator[str]:
    for n in range(share.pieces):
        print("what is printed is no piece")
        yield f"{share.name}{n}"


def pids(share: Share) -> Iterator[int]:
    yield from [os.getpid()] * share.pieces


def killed(share: Share) -> Iterator[str]:
    """As `letters`, but the process that makes the share "b" for another is killed in its middle."""
    for n, piece in enumerate(letters(share)):
        if n == 1 and share.name == "b" and os.getpid() != share.first_pid:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        yield piece


def wrong(share: Share) -> Iterator[str]:
    yield share.name
    raise ValueError(f"no more of {share.name}")


def beats(path: Path) -> Iterator[str]:
    """Without end, each in the file too."""
    while True:
        with path.open("a", encoding="utf-8") as file:
            file.write(".")
        time.sleep(0.01)
        yield "."


def beat(folder: str) -> None:
    """Use the beats of two processes until this one is ended; tells when both have begun."""
    for n, _ in enumerate(parallel.pieces(beats, [Path(folder, "one"), Path(folder, "two")])):
        if n == 2:
            print("both", flush=True)
