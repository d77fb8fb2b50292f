"""A recording -> what was said, for whoever waits for it: a sound file, or a few seconds of the microphone."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from dlquiz.errors import ListenError
from dlquiz.listen import audio
from dlquiz.listen.model import Model
from dlquiz.listen.recorder import Recorder
from dlquiz.listen.transcriber import Transcriber, Transcription, Work

LOOK_SECONDS = 0.1
LONGEST_FILE = 500_000_000  # bytes: twenty minutes of the widest WAV


def read(path: Path) -> bytes:
    """The samples of a sound file: WAV, FLAC, MP3 or Ogg Vorbis; of a long one the first twenty minutes.

    Raises:
        ListenError: It can't be read, or nothing is in it.
    """
    try:
        size = path.stat().st_size
        with open(path, "rb"):
            pass
    except (OSError, ValueError) as error:
        raise ListenError(f"can't read {path}: {getattr(error, 'strerror', None) or error}; check the path") from error
    if size > LONGEST_FILE:
        raise ListenError(f"{path} is too large for an answer")
    file = Recorder(path)
    try:
        while not (file.whole or file.full or file.failure):
            time.sleep(LOOK_SECONDS)
    finally:
        pcm = file.end()
    if file.failure:
        raise ListenError(f"{path} is no sound file that can be read: WAV, FLAC, MP3 or Ogg Vorbis")
    return pcm


def record(seconds: float, tell: Callable[[float, float], None]) -> bytes:
    """What the microphone hears for some seconds.

    Args:
        seconds: From the first block on.
        tell: Called with the seconds so far and the level.

    Raises:
        ListenError: There is no microphone, or it stops.
    """
    recorder = Recorder()
    try:
        while recorder.seconds < seconds and not recorder.gone:
            if recorder.failure:
                raise ListenError(recorder.failure)
            if recorder.open:
                tell(recorder.seconds, recorder.level)
            time.sleep(LOOK_SECONDS)
    finally:
        pcm = recorder.end()
    return pcm


def transcribe(model: Model, pcm: bytes, terms: Sequence[str], tell: Callable[[float], None]) -> Transcription:
    """Write a recording down.

    Args:
        model: With which.
        pcm: The samples.
        terms: That are expected in it.
        tell: Called with the seconds that are written down.

    Raises:
        ListenError: Nothing can be made of it.
    """
    if why := audio.unusable(pcm):
        raise ListenError(why)
    work = Work(lambda: Transcriber(model), pcm, terms)
    try:
        work.wait(LOOK_SECONDS, tell)
    finally:
        work.stop()
    if work.result is None:
        raise ListenError(work.why)
    return work.result
