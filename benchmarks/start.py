"""Start-up as ratios to a bare Python in the same run: python -m benchmarks.start [-n RUNS] [--big]

Every program is run in turn (bare, help, start, study, bare, ...), on a pseudo-terminal of 80x24; a ratio is that of a run to the bare
run of its own round, the median over the rounds is printed. "First question" ends when the question and the line of keys below it have
arrived on the terminal, "--help" and "dlquiz" end with the process. The first round warms up (it compiles the banks) and is not
counted. With --big banks of 10,000 and 100,000 cards are started too. POSIX only.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import synthetic

PROGRAM = (sys.executable, "-m", "dlquiz")
LIMIT_S = 60.0


def environment(home: str) -> dict[str, str]:
    """What a program runs in: a home of its own, a usual terminal, compiled modules kept as an installation keeps them."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**own, "DLQUIZ_HOME": home, "TERM": "xterm-256color"}


def seconds(command: Sequence[str], until: bytes | None, env: dict[str, str]) -> float:
    """Wall seconds from before the fork until `until` was printed, or until the end.

    Raises:
        SystemExit: The program ended, or the limit passed, without printing it.
    """
    begun = time.monotonic()
    pid, fd = pty.fork()
    if pid == 0:
        os.execvpe(command[0], list(command), env)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    seen, arrived = b"", None
    while arrived is None and time.monotonic() - begun < LIMIT_S:
        if not select.select([fd], [], [], 1.0)[0]:
            continue
        try:
            chunk = os.read(fd, 65536)
        except OSError:  # EIO: the other side was closed
            chunk = b""
        now = time.monotonic()
        seen += chunk
        if (not chunk) if until is None else (until in seen):
            arrived = now - begun
        elif not chunk:
            break
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(fd)
    if arrived is None:
        sys.exit(f"{' '.join(command)} never printed {until!r}; it printed {seen[-500:]!r}")
    return arrived


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=21, help="counted rounds")
    parser.add_argument("--big", action="store_true", help="also banks of 10,000 and 100,000 cards")
    asked = parser.parse_args()
    rounds = asked.n
    with tempfile.TemporaryDirectory() as home:
        env = environment(home)
        programs: dict[str, tuple[Sequence[str], bytes | None]] = {
            "python -I -c pass": ((sys.executable, "-I", "-c", "pass"), None),
            "dlquiz --help": ((*PROGRAM, "--help"), None),
            "dlquiz": (PROGRAM, None),
            "dlquiz study, first question": ((*PROGRAM, "study"), b"speaking"),
        }
        for cards in (10_000, 100_000) if asked.big else ():
            synthetic.bank(Path(home, f"bank-{cards}"), cards)
            place = ("--no-builtin", "--bank", f"{home}/bank-{cards}")
            programs[f"the same, {cards} cards"] = ((*PROGRAM, "study", *place), b"speaking")
        measured: dict[str, list[float]] = {name: [] for name in programs}
        for turn in range(rounds + 1):
            for name, (command, until) in programs.items():
                took = seconds(command, until, env)
                if turn:
                    measured[name].append(took)
    bare = measured["python -I -c pass"]
    print(f"{rounds} rounds, Python {sys.version.split()[0]}; x is the ratio to the bare Python of the same round")
    for name, times in measured.items():
        ratios = [mine / theirs for mine, theirs in zip(times, bare, strict=True)]
        spread = f"(min {min(ratios):.2f}, max {max(ratios):.2f})"
        print(f"{name:32} {statistics.median(ratios):6.2f}x {spread:28} {statistics.median(times) * 1000:7.1f} ms")


if __name__ == "__main__":
    main()
