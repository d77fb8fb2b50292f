"""From a key to what it brings, seen from outside through a pseudo-terminal: python -m benchmarks.keys [-n ANSWERS] [--cards N]

Key to answer: from typing Space to the four rating keys on the terminal. Rating to next card: from typing 3 to the next card's line of
keys, the answer durable in between. A person reads before typing, so a key is typed only after 0.3 s of silence. POSIX only.
"""

from __future__ import annotations

import argparse
import os
import pty
import select
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import synthetic
from benchmarks.start import PROGRAM, environment

QUIET_S = 0.3
LIMIT_S = 60.0
ASKED, SHOWN = (b"show", b"speaking"), (b"4 easy", b" easy ")


class Sitting:
    """The program on a pseudo-terminal of 80x24."""

    def __init__(self, arguments: list[str], home: str) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            env = {**environment(home), "COLUMNS": "80", "LINES": "24"}
            os.execvpe(PROGRAM[0], [*PROGRAM, *arguments], env)

    def type(self, key: bytes, markers: tuple[bytes, ...]) -> float:
        """Seconds from typing a key until one of the markers arrives; then wait for silence."""
        begun = time.monotonic()
        os.write(self.fd, key)
        return self.wait(markers) - begun

    def wait(self, markers: tuple[bytes, ...]) -> float:
        """The instant at which one of the markers arrived."""
        seen, arrived, limit = b"", 0.0, time.monotonic() + LIMIT_S
        while time.monotonic() < limit:
            if not select.select([self.fd], [], [], QUIET_S)[0]:
                if arrived:
                    return arrived
                continue
            seen += os.read(self.fd, 65536)
            if not arrived and any(marker in seen for marker in markers):
                arrived = time.monotonic()
        sys.exit(f"{markers} never came; the program printed {seen[-500:]!r}")

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=40, help="answers")
    parser.add_argument("--cards", type=int, help="a bank of so many cards in place of ours")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        arguments = ["study", "--new", str(asked.n + 5), "--mode", "reveal"]
        if asked.cards:
            synthetic.bank(Path(home, "bank"), asked.cards)
            arguments += ["--no-builtin", "--bank", f"{home}/bank"]
        sitting = Sitting(arguments, home)
        sitting.wait(ASKED)
        answers, cards = [], []
        for _ in range(asked.n):
            answers.append(sitting.type(b" ", SHOWN))
            cards.append(sitting.type(b"3", ASKED))
        sitting.close()
    for name, times in (("key to answer", answers), ("rating to next card", cards)):
        ms = sorted(1000 * each for each in times)
        print(
            f"{name:22} median {statistics.median(ms):6.1f} ms, p95 {ms[int(len(ms) * 0.95)]:6.1f} ms, worst {ms[-1]:6.1f} ms"
        )


if __name__ == "__main__":
    main()
