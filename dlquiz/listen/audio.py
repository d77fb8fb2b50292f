"""Samples, 16 kHz, mono, signed 16 bits: how loud they are, whether anything is in them, and a file of them."""

from __future__ import annotations

import io
import math
import sys
import wave
from array import array

from dlquiz.listen.audio_process import RATE

SECOND = RATE * 2  # bytes
MOMENT = SECOND // 5
SHORTEST_SECONDS = 1.0  # out of less, words are invented
SILENT = 16  # of 32 768: what is quieter throughout is a muted microphone, not a quiet room
CELLS = 10  # of the bar that shows a level
FLOOR_DB, TOP_DB = -50.0, -10.0  # of the level that is shown
PRIVACY = {
    "darwin": " (System Settings > Privacy & Security > Microphone)",
    "win32": " (Settings > Privacy & security > Microphone)",
}.get(sys.platform, "")
SILENCE = f"the microphone gave only silence: muted, or not allowed here{PRIVACY}"
SHORT = "that was less than a second"


def samples_of(pcm: bytes) -> array[int]:
    """The samples as numbers."""
    samples = array("h")
    samples.frombytes(pcm[: len(pcm) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def peak(pcm: bytes) -> int:
    """The largest sample, 0 to 32 768."""
    samples = samples_of(pcm)
    return max(max(samples), -min(samples)) if samples else 0


def level(pcm: bytes) -> float:
    """How loud it is, 0 to 1, as an ear takes it."""
    samples = samples_of(pcm)
    if not samples:
        return 0.0
    mean_square = sum(sample * sample for sample in samples) / len(samples)
    if mean_square < 1:
        return 0.0
    decibels = 10 * math.log10(mean_square) - 20 * math.log10(32768)
    return min(1.0, max(0.0, (decibels - FLOOR_DB) / (TOP_DB - FLOOR_DB)))


def bar(loudness: float) -> str:
    """A level as ten cells."""
    full = round(loudness * CELLS)
    return "▮" * full + "▯" * (CELLS - full)


def unusable(pcm: bytes) -> str:
    """Why nothing can be made of a recording, as the begin of a sentence; "" where it can."""
    if len(pcm) < SHORTEST_SECONDS * SECOND:
        return SHORT
    return SILENCE if peak(pcm) < SILENT else ""


def wav(pcm: bytes) -> bytes:
    """A WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes(pcm)
    return file.getvalue()
