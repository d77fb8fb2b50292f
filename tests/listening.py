"""What tests of listening begin with: the two packages of the extra as fakes, a model's file, a recording."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dlquiz.config import Home
from dlquiz.listen import audio, model, recorder

FAKES = Path(__file__).parent / "fake_extra"
WORDS = "We zero units at random.|All are kept.|It does not reduce overfitting."

BANK = """\
bank: mine
notes:
  - id: drop
    question: What does dropout do?
    answer: It drops units at random, in an LSTM too, as Srivastava found.
    short: It zeroes units.
    frames: {phase: {train: train | training, test: test | inference}}
    key_points:
      - {id: mask, text: Units are zeroed at random., must: true, about: train?, need: [random | coin, zero | drop, unit]}
      - {id: off, text: At test all units are kept., about: test, need: [keep | 'off']}
      - {id: why, text: It reduces overfitting., need: ['overfit*', reduce | less]}
"""


def with_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is installed, for this process and those it starts."""
    monkeypatch.syspath_prepend(str(FAKES))
    path = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(FAKES), path])))
    monkeypatch.setenv("FAKE_WORDS", WORDS)
    monkeypatch.setattr(recorder, "OPEN_SECONDS", 60.0)  # on a busy machine nothing is late
    monkeypatch.setattr(recorder, "QUIET_SECONDS", 60.0)


def a_model(home: Path) -> model.Model:
    """A small file that is taken for a model."""
    source = home.parent / "ggml-mine.bin"
    source.write_bytes(model.MAGIC + b"weights")
    done = model.install(Home(home), source, lambda _question: True)
    assert done is not None
    return done


def a_tone(seconds: float) -> bytes:
    """Samples of something that is loud."""
    return b"\x00\x10\x00\xf0" * round(seconds * audio.SECOND / 4)


def a_recording(folder: Path, seconds: float = 3.0) -> Path:
    """A WAV file."""
    path = folder / "answer.wav"
    path.write_bytes(audio.wav(a_tone(seconds)))
    return path
