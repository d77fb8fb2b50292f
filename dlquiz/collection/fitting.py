"""Fits the weights to the user's own log and compares them with the defaults. The fit runs in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec

from dlquiz import fit, fsrs
from dlquiz.collection.lookup import Lookup
from dlquiz.errors import DlquizError, UsageError
from dlquiz.stats import held_out
from dlquiz.stats.held_out import Comparison, History

WAIT_SECONDS = 0.5  # between two words of progress


def insist_installed() -> None:
    """Raises: UsageError when the extra is missing."""
    if find_spec("fsrs_rs_python") is None:
        raise UsageError("optimize needs fsrs-rs-python; install it with: pip install 'dlquiz[optimize]'")


def own_histories(col: Lookup) -> list[History]:
    """Every card's answers."""
    return held_out.histories(events for _, events in col.progress.histories())


def compare(cards: Sequence[History], progress: Callable[[], None]) -> Comparison:
    """Fit to the first part in time, predict the last one with both; then fit to all.

    Args:
        cards: At least `held_out.NEEDED` next-day reviews.
        progress: Called now and then while the fit runs.
    """
    days = held_out.next_day_reviews(cards)
    since = held_out.split_day(days)
    tried = _fitted(cards, since, progress)
    return Comparison(
        reviews=len(days),
        held_out=sum(day >= since for day in days),
        since=since,
        default=held_out.log_loss(cards, fsrs.DEFAULT_WEIGHTS, since),
        fitted=held_out.log_loss(cards, tried, since),
        weights=tuple(round(weight, 4) for weight in _fitted(cards, None, progress)),
    )


def _fitted(cards: Sequence[History], until: int | None, progress: Callable[[], None]) -> list[float]:
    """Raises: DlquizError when the fit fails."""
    command = [
        sys.executable,
        "-P",
        fit.__file__,
    ]  # -P: nothing is imported from beside the file, nor from where the user stands
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8") as process:
        job: str | None = json.dumps({"cards": cards, "until": until})
        while True:
            try:
                out, errors = process.communicate(job, timeout=WAIT_SECONDS)
                break
            except subprocess.TimeoutExpired:
                job = None
                progress()
            except BaseException:
                process.kill()
                raise
    if process.returncode:
        last = errors.strip().splitlines()[-1:] or ["no reason given"]
        raise DlquizError(f"the weights could not be fitted: {last[0]}; your weights stay as they are")
    weights: list[float] = json.loads(out)
    if not fsrs.sound(weights):
        raise DlquizError("the fit gave no weights that FSRS-6 knows; your weights stay as they are")
    return weights
