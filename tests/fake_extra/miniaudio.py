"""A microphone without a driver, by miniaudio's names: what it does is said in FAKE_MICROPHONE. Ten times as quick as time itself."""

from __future__ import annotations

import math
import os
import threading
import time
import wave
from array import array
from collections.abc import Generator
from enum import Enum
from typing import NamedTuple

BLOCK_SECONDS = 0.1
SPEED = float(os.environ.get("FAKE_SPEED", "10"))
FAILURES = {"none": -1, "busy": -19, "denied": -6}
ENOUGH_SECONDS = 2.0  # until a microphone that is going to stop does so


class MiniaudioError(Exception):
    pass


class SampleFormat(Enum):
    SIGNED16 = 2


class DecodedSoundFile(NamedTuple):
    samples: array[int]


def tone(seconds: float, rate: int = 16_000) -> array[int]:
    return array("h", (round(8000 * math.sin(n / 6)) for n in range(round(seconds * rate))))


class CaptureDevice:
    def __init__(self, *, sample_rate: int, **_settings: object) -> None:
        self.behaviour = os.environ.get("FAKE_MICROPHONE", "speech")
        self.backend = "Null" if self.behaviour == "null" else "PulseAudio"
        if self.behaviour == "noise":
            os.write(1, b"ALSA lib: unknown PCM\n" * 50)
            os.write(2, b"ALSA lib: unknown PCM\n" * 50)
        if self.behaviour == "hang":
            threading.Event().wait()
        if self.behaviour == "crash":
            os._exit(11)
        if self.behaviour in FAILURES:
            raise MiniaudioError("failed to init device", FAILURES[self.behaviour])
        self._rate = sample_rate

    def start(self, blocks: Generator[None, bytes, None]) -> None:
        threading.Thread(target=self._run, args=(blocks,), daemon=True).start()

    def _run(self, blocks: Generator[None, bytes, None]) -> None:
        samples = tone(BLOCK_SECONDS, self._rate)
        block = bytes(len(samples) * 2) if self.behaviour == "silence" else samples.tobytes()
        sent = 0.0
        while not (self.behaviour in ("gone", "dies") and sent >= ENOUGH_SECONDS):
            blocks.send(block)
            sent += BLOCK_SECONDS
            time.sleep(BLOCK_SECONDS / SPEED)
        if self.behaviour == "dies":
            os._exit(11)


def decode_file(path: str, *, sample_rate: int, **_settings: object) -> DecodedSoundFile:
    try:
        with wave.open(path) as file:
            assert file.getframerate() == sample_rate
            return DecodedSoundFile(array("h", file.readframes(file.getnframes())))
    except (wave.Error, EOFError) as error:
        raise MiniaudioError("failed to decode file", -10) from error
