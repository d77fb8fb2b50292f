"""SIGKILL at random moments: what was acknowledged is there, and the log folds to the cache. `make kills` does a hundred."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from builders import a_bank, a_collection

from dlquiz.collection import doctor, reports


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_no_acknowledged_answer_is_lost_to_a_kill(tmp_path: Path) -> None:
    count = int(os.environ.get("KILLS", "6"))
    cards = "\n".join(f"      - {{id: c{n}, front: What is {n}?, back: number {n}}}" for n in range(400))
    text = f"bank: mine\nnotes:\n  - id: n\n    question: Why?\n    answer: So.\n    cards:\n{cards}\n"
    path = a_bank(tmp_path, text)
    command = [sys.executable, "-m", "dlquiz", "study", "--no-builtin", "--bank", str(path), "--new", "400"]
    chance = random.Random(20261124)
    acknowledged: list[tuple[str, int]] = []
    answered_in = 0
    for _ in range(count):
        program = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.write("\n4\n" * 300)
        program.stdin.flush()
        seen = [program.stdout.readline()]  # the start-up is not what is tested: wait for the first card
        for _ in range(chance.choice((0, 1, 3))):  # on a busy machine no answer may be given in a quarter of a second
            while line := program.stdout.readline():
                seen.append(line)
                if line.startswith("saved "):
                    break
        time.sleep(chance.uniform(0, 0.25))
        os.killpg(program.pid, signal.SIGKILL)
        seen += program.stdout.read().splitlines()
        program.wait()
        program.stdin.close()
        program.stdout.close()
        found = [re.match(r"saved (\S+) (\d) due \d", line) for line in seen]
        new = [(match[1], int(match[2])) for match in found if match]
        answered_in += bool(new)
        acknowledged += new

    with a_collection(tmp_path) as col:
        kept = [(row["card"], row["rating"]) for row in reports.log(col)]
        assert [row for row in acknowledged if row not in kept] == []
        assert len(kept) <= len(acknowledged) + count  # at most the one that was being written when it died
        assert doctor.examine(col).differences == []
        assert doctor.examine(col).damage is None
    assert answered_in > 0, "every kill came before the first answer: nothing was tested"
