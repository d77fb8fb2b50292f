"""whisper.cpp in a process of its own: JSON lines and samples in, JSON lines out. Run by its path; the one user of pywhispercpp.

The first line names the model: `{"model": path, "sha256": hash, "threads": n}`. It is answered by `{"ready": true}` or `{"error": reason}`.
Each job is a line `{"prompt": text, "bytes": n}` with its samples behind it; `{"at": seconds}` tells how far it is, and
`{"segments": [[start, end, text, probability], ...]}` ends it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import Any

PIECE = 1 << 20
ENGLISH = "en"
TEMPERATURE_STEP = 0.4  # a window that reads badly is tried again so much hotter, twice at most


def main() -> None:
    """Until standard input ends."""
    out, null = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)  # what the library prints goes nowhere
    os.dup2(null, 2)
    answers = os.fdopen(out, "w", encoding="utf-8", newline="\n", buffering=1)
    stdin = sys.stdin.buffer
    setting = json.loads(stdin.readline())
    if not _is_sound(setting["model"], setting["sha256"]):
        _say(answers, {"error": "damaged"})
        return
    try:
        import numpy
        from pywhispercpp.model import Model  # an extra, see `listen` in pyproject.toml

        model = Model(
            setting["model"],
            redirect_whispercpp_logs_to=None,
            n_threads=setting["threads"],
            language=ENGLISH,
            suppress_nst=True,
            carry_initial_prompt=True,
            greedy={"best_of": 1},  # five tries at each temperature take twice as long and read the same
            temperature_inc=TEMPERATURE_STEP,
            print_progress=False,
        )
    except ImportError:
        _say(answers, {"error": "missing"})
        return
    except Exception:
        _say(answers, {"error": "damaged"})
        return
    _say(answers, {"ready": True})
    while line := stdin.readline():
        job = json.loads(line)
        samples = numpy.frombuffer(stdin.read(job["bytes"]), dtype="<i2").astype(numpy.float32) / 32768
        segments = model.transcribe(
            samples,
            new_segment_callback=lambda segment: _say(answers, {"at": segment.t1 / 100}),
            extract_probability=True,
            initial_prompt=job["prompt"],
        )
        lines = [[segment.t0 / 100, segment.t1 / 100, segment.text, float(segment.probability)] for segment in segments]
        _say(answers, {"segments": lines})


def _is_sound(path: str, sha256: str) -> bool:
    """A path that is none would be taken for the name of a model to download."""
    try:
        digest = hashlib.sha256()
        with open(path, "rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
    except OSError:
        return False
    return digest.hexdigest() == sha256


def _say(answers: Any, line: dict[str, Any]) -> None:
    answers.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
