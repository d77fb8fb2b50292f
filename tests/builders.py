"""Values and files that tests begin with."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import NamedTuple

import pytest

from dlquiz import cli, collection, scheduler, session
from dlquiz.card import Event, Ledger, Memory, Moment, Rating, State

MONDAY = Moment(at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC), day=date(2026, 11, 23))


def later(moment: Moment = MONDAY, *, days: int = 0, seconds: int = 0) -> Moment:
    """The moment so much later, in UTC."""
    return Moment(moment.at + timedelta(days=days, seconds=seconds), moment.day + timedelta(days=days))


def a_memory(**changes: object) -> Memory:
    """A card in review, last answered ten days before MONDAY and due on it."""
    day = MONDAY.day - timedelta(days=10)
    memory = Memory(
        state=State.REVIEW,
        stability=10.0,
        difficulty=5.0,
        due_day=MONDAY.day,
        interval=10,
        last_day=day,
        last_ms=MONDAY.at_ms - 10 * 86_400_000,
        reps=4,
    )
    return memory._replace(**changes)  # type: ignore[arg-type]  # the test names real fields


def a_review(
    memory: Memory | None, rating: Rating, moment: Moment = MONDAY, *, card: str = "note.card", explains: bool = False
) -> Event:
    """The stamped row of an answer, with the interval the screen promised."""
    promised = scheduler.previews(memory, card, moment, scheduler.DEFAULT, explains=explains)
    event = scheduler.review(memory, card, rating, moment, scheduler.DEFAULT, interval=promised[rating])
    return event._replace(id=f"{event.at_ms}-test", device="test")


SMALL_BANK = """\
bank: mine
topic: optimizers
notes:
  - id: adam
    question: What does Adam keep for each weight?
    answer: Two running means, of the gradient and of its square.
    short: Two running means.
    key_points:
      - {id: first, text: A mean of gradients., must: true}
      - {id: second, text: A mean of squared gradients., must: true}
      - {id: bias, text: Both are corrected for their start at zero.}
    cards:
      - {id: lr, front: What is Adam's usual learning rate?, back: 0.001, accept: ["1e-3"]}
      - {id: beta, front: What is Adam's usual $\\beta_1$?, back: 0.9}
      - id: pick
        kind: choice
        front: Which mean does Adam keep of the gradient?
        back: an exponential one
        distractors:
          - {text: an arithmetic one, why: It would never forget.}
          - {text: a geometric one, why: Gradients have signs.}
      - {id: gap, kind: cloze, front: "Adam corrects the [...] of its means.", back: bias}
  - id: sgd
    question: What is SGD?
    answer: A step against the gradient of a mini-batch.
    cards:
      - {id: batch, front: What does a batch of all examples give?, back: gradient descent}
"""

FRESH_BANK = (
    SMALL_BANK
    + """\
      - id: steps
        kind: number
        numbers: {n: [100, 64, 30], b: [8, 16]}
        front: How many steps has an epoch of {{n}} examples in batches of {{b}}?
        back: "{{ceil(n / b)}}"
        accept: ["{{ceil(n / b)}} steps"]
        why: "{{n}}/{{b}} is {{n / b}}, rounded up."
"""
)


def a_bank(folder: Path, text: str = SMALL_BANK, name: str = "mine.yaml") -> Path:
    """A bank's file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@contextmanager
def a_collection(folder: Path, *, write: bool = True, text: str = SMALL_BANK) -> Iterator[collection.Collection]:
    """A collection with the small bank alone."""
    path = folder / "mine.yaml"
    if not path.exists():
        a_bank(folder, text)
    with collection.opened(collection.BankPaths((path,), builtin=False), write=write) as opened:
        yield opened


def rate(
    col: collection.Collection,
    card: str,
    rating: Rating,
    moment: Moment = MONDAY,
    points: dict[str, bool] | None = None,
    predicted: str | None = None,
) -> Event:
    """An answer given at the collection."""
    card_view = col.card_view(card, moment)
    state = session.show(session.Session(queue=()), card_view, "reveal")
    _, event = session.answer(state, rating, moment, col.preset, 1000)
    return col.answer(card_view, event._replace(predicted=predicted), points or {})[0]


def all_of(place: collection.Collection) -> Ledger:
    """Everything in a log."""
    return read_out(place.progress.as_ledger())


def read_out(whole: Ledger) -> Ledger:
    """A log with all of its parts read."""
    return Ledger(
        list(whole.events), list(whole.points), list(whole.interviews), list(whole.presets), list(whole.contents)
    )


class Called(NamedTuple):
    """How a run of the program ended."""

    returncode: int
    stdout: str
    stderr: str


def called(*args: str, keys: str = "") -> Called:
    """The program in this process, a hundred times as quick as `run`; what would be a traceback is raised.

    As wide as `run` has it, where no terminal is: that the tests are watched in one changes nothing.
    """
    streams = [TextIOWrapper(BytesIO(text), "utf-8", newline="") for text in (keys.encode(), b"", b"")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["dlquiz", *args])
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            patch.setattr(sys, name, stream)
        patch.setenv("COLUMNS", os.environ.get("COLUMNS", "80"))
        with pytest.raises(SystemExit) as done:
            cli.main()
    code = done.value.code if isinstance(done.value.code, int) else 1
    said = []
    for stream in streams[1:]:
        stream.seek(0)
        said.append(stream.read())
    return Called(code, *said)


def run(
    *args: str, keys: str | None = "", env: dict[str, str] | None = None, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """The real program with these keys piped in, one a line."""
    return subprocess.run(
        [sys.executable, "-m", "dlquiz", *args],
        input=keys,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        env={**os.environ, "PYTHONUTF8": "1", **(env or {})},
        check=False,
    )
