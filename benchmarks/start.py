"""Start-up as ratios to a bare Python in the same run: python -m benchmarks.start [-n RUNS] [--big] [--peers ENVIRONMENT]

Every program is run in turn (bare, help, start, study, bare, ...), on a pseudo-terminal of 80x24; a ratio is that of a run to the bare
run of its own round, the median over the rounds is printed: of the time on the wall, and of the processor's, which a busy machine leaves
nearly untouched. "First question" ends when the question and the line of keys below it have arrived on the terminal, all else with the
process. The first round warms up (it compiles the banks) and is not counted. With --big banks of 10,000 and 100,000 cards are started
too, with --peers the programs of `benchmarks.peers` that are installed there. POSIX only.
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
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks import peers, synthetic
from benchmarks.peers import Start

SCRIPT = Path(sys.executable).with_name("dlquiz")  # as it is installed
PROGRAM = (str(SCRIPT),) if SCRIPT.exists() else (sys.executable, "-m", "dlquiz")
LIMIT_S = 60.0


class Taken(NamedTuple):
    """Seconds of one start."""

    wall: float
    cpu: float


def environment(home: str) -> dict[str, str]:
    """What a program runs in: a home of its own, a usual terminal, compiled modules kept as an installation keeps them."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**own, "DLQUIZ_HOME": home, "TERM": "xterm-256color"}


def taken(start: Start, env: dict[str, str]) -> Taken:
    """The time from before the fork until `start.until` was printed, or until the end.

    Raises:
        SystemExit: The program ended, or the limit passed, without printing it.
    """
    begun = time.monotonic()
    pid, fd = pty.fork()
    if pid == 0:
        os.execvpe(start.command[0], list(start.command), {**env, **start.env})
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    if start.keys:
        os.write(fd, start.keys)
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
        if (not chunk) if start.until is None else (start.until in seen):
            arrived = now - begun
        elif not chunk:
            break
    os.kill(pid, signal.SIGKILL)
    usage = os.wait4(pid, 0)[2]
    os.close(fd)
    if arrived is None:
        sys.exit(f"{' '.join(start.command)} never printed {start.until!r}; it printed {seen[-500:]!r}")
    return Taken(arrived, usage.ru_utime + usage.ru_stime)


def programs(home: Path, *, big: bool, peers_in: Path | None) -> dict[str, Start]:
    """What is started in turn, the bare Python first."""
    planned = {"DLQUIZ_HOME": str(home / "planned")}
    plan = [*PROGRAM, "plan", "--date", "+30"]
    subprocess.run(plan, env={**environment(str(home)), **planned}, check=True, capture_output=True)
    tab = {"_DLQUIZ_COMPLETE": "complete_bash", "COMP_WORDS": "dlquiz show optimizer", "COMP_CWORD": "2"}
    question = b"speaking"
    starts = {
        "python -I -c pass": Start((sys.executable, "-I", "-c", "pass")),
        "dlquiz --help": Start((*PROGRAM, "--help")),
        "Tab after `dlquiz show optimizer`": Start(PROGRAM, env=tab),
        "dlquiz": Start(PROGRAM),
        "dlquiz study, first question": Start((*PROGRAM, "study"), question),
        "the same, with a plan": Start((*PROGRAM, "study"), question, env=planned),
        "dlquiz study --new 5, likewise": Start((*PROGRAM, "study", "--new", "5"), question),
    }
    for cards in (10_000, 100_000) if big else ():
        synthetic.bank(home / f"bank-{cards}", cards)
        place = {"DLQUIZ_BUILTIN": "0", "DLQUIZ_BANK": str(home / f"bank-{cards}")}
        starts[f"dlquiz study, {cards} cards"] = Start((*PROGRAM, "study"), question, env=place)
    return {**starts, **(peers.starts(peers_in, home) if peers_in else {})}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=21, help="counted rounds")
    parser.add_argument("--big", action="store_true", help="also banks of 10,000 and 100,000 cards")
    parser.add_argument("--peers", type=Path, metavar="ENVIRONMENT", help="also the peers that are installed there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        env = environment(home)
        starts = programs(Path(home), big=asked.big, peers_in=asked.peers)
        measured: dict[str, list[Taken]] = {name: [] for name in starts}
        for turn in range(asked.n + 1):
            for name, start in starts.items():
                time_taken = taken(start, env)
                if turn:
                    measured[name].append(time_taken)
    print(f"{asked.n} rounds, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}")
    print(
        "x: median of the ratios to the bare Python of the same round, on the wall (with least and most) and of CPU time"
    )
    bare = next(iter(measured.values()))
    for name, times in measured.items():
        wall = [mine.wall / theirs.wall for mine, theirs in zip(times, bare, strict=True)]
        cpu = statistics.median(mine.cpu / theirs.cpu for mine, theirs in zip(times, bare, strict=True))
        spread = f"({min(wall):.2f} to {max(wall):.2f})"
        ms = 1000 * statistics.median(each.wall for each in times)
        print(f"{name:34} {statistics.median(wall):6.2f}x {spread:18} CPU {cpu:6.2f}x {ms:8.1f} ms")


if __name__ == "__main__":
    main()
