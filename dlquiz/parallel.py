"""Large work on all cores: each share of it in a process of its own, which hands back what it made piece by piece."""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice, zip_longest
from typing import Any, TypeVar

MOST = 4  # processes at once, however many cores there are: each takes some 25 MB, and this one must keep up with them
DIED = (OSError, EOFError, pickle.UnpicklingError)  # what reading from a process that has ended may raise

Share = TypeVar("Share")
Piece = TypeVar("Piece")


def cores() -> int:
    """The number of cores that this process may use, at most MOST."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux
    return min(len(affinity(0)) if affinity else os.cpu_count() or 1, MOST)


def pieces(work: Callable[[Share], Iterator[Piece]], shares: Sequence[Share]) -> Iterator[Piece]:
    """What `work` makes of all shares: the first piece of each in their order, then the second of each, and so on.

    Args:
        work: A function of a module, which a process of its own can import. It must make the same pieces, never None, each time:
            where a process can't be started or ends early, whatever the reason, the rest of its share is made here.
        shares: Values that can be pickled; one alone is worked here.
    """
    processes = [_started(work, share) if len(shares) > 1 else None for share in shares]
    try:
        turns = (_made(process, work, share) for process, share in zip(processes, shares, strict=True))
        for turn in zip_longest(*turns):
            yield from (piece for piece in turn if piece is not None)
    finally:
        for process in filter(None, processes):
            with process:  # closes its pipes and waits for its end
                process.kill()


def _started(work: Callable[[Share], Iterator[Piece]], share: Share) -> subprocess.Popen[bytes] | None:
    job = pickle.dumps(sys.path) + pickle.dumps((work, share))
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", __file__],  # -P: nothing is imported from beside the file
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name != "nt",  # Ctrl-C is ours
        )
    except OSError:
        return None
    assert process.stdin is not None
    with suppress(OSError), process.stdin:  # what it can't take is told by the end of its output
        process.stdin.write(job)
    return process


def _made(
    process: subprocess.Popen[bytes] | None, work: Callable[[Share], Iterator[Piece]], share: Share
) -> Iterator[Piece]:
    """The pieces of a share, from the process as long as it lives."""
    received = 0
    with suppress(*DIED):
        while process is not None and process.stdout is not None:
            piece = pickle.load(process.stdout)
            if piece is None:
                return
            received += 1
            yield piece
    yield from islice(work(share), received, None)


def main() -> None:
    """A job on standard input, its pieces on standard output, None behind the last."""
    gc.disable()  # what is made here is handed back, and no garbage
    output, sys.stdout = sys.stdout.buffer, sys.stderr  # what anything prints is no piece
    sys.path[:] = pickle.load(sys.stdin.buffer)
    work, share = pickle.load(sys.stdin.buffer)

    def hand_back(piece: Any) -> None:
        pickle.dump(piece, output, pickle.HIGHEST_PROTOCOL)
        output.flush()  # ends this process where nobody reads any more

    for piece in work(share):
        hand_back(piece)
    hand_back(None)


if __name__ == "__main__":
    main()
