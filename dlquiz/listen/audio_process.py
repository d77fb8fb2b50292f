"""The microphone, or a sound file, in a process of its own: samples on standard output. Run by its path; the one user of miniaudio.

First comes a line of JSON, `{"open": true}` or `{"error": reason}`, then the samples: 16 kHz, mono, signed 16 bits. It ends when standard
input does, so that no microphone outlives the program that asked for it. What a driver prints goes nowhere.
"""

from __future__ import annotations

import glob
import json
import os
import sys
import threading
from collections.abc import Generator
from typing import Any

RATE = 16_000  # samples a second, what Whisper takes
BLOCK_MS = 100
PIECE = 1 << 16  # bytes of a file that are written at once
UNOPENED = -401  # MA_FAILED_TO_OPEN_BACKEND_DEVICE
ALSA_MICROPHONES = "/dev/snd/pcmC*c"
SILENT_BACKEND = "Null"  # what miniaudio falls back to where no driver works: it would record silence


def main() -> None:
    """`audio_process.py`, or `audio_process.py FILE`."""
    out = _own_output()
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        import miniaudio  # an extra, see `listen` in pyproject.toml
    except ImportError:
        _say(out, {"error": "missing"})
        return
    try:
        _decode(miniaudio, out, sys.argv[1]) if sys.argv[1:] else _record(miniaudio, out)
    except (miniaudio.MiniaudioError, OSError) as error:
        code = error.args[1] if len(error.args) > 1 else 0
        _say(out, {"error": _reason(code)})


def _own_output() -> int:
    """Standard output for this program alone: libraries get the null device."""
    out, null = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(out, os.O_BINARY)
    return out


def _end_with_input() -> None:
    while os.read(0, 1024):
        pass
    os._exit(0)  # stopping a device can hang; ending the process can't


def _record(miniaudio: Any, out: int) -> None:
    device = miniaudio.CaptureDevice(
        input_format=miniaudio.SampleFormat.SIGNED16,
        nchannels=1,
        sample_rate=RATE,
        buffersize_msec=BLOCK_MS,
        app_name="dlquiz",
    )
    if device.backend == SILENT_BACKEND:
        _say(out, {"error": "none"})
        return
    blocks = _blocks(out)
    next(blocks)
    device.start(blocks)
    threading.Event().wait()


def _blocks(out: int) -> Generator[None, bytes, None]:
    """Takes what the driver's thread brings."""
    block = yield
    _say(out, {"open": True})
    while True:
        _write(out, block)
        block = yield


def _decode(miniaudio: Any, out: int, path: str) -> None:
    sound = miniaudio.decode_file(path, output_format=miniaudio.SampleFormat.SIGNED16, nchannels=1, sample_rate=RATE)
    _say(out, {"open": True})
    samples = memoryview(sound.samples).cast("B")
    for start in range(0, len(samples), PIECE):
        _write(out, samples[start : start + PIECE])


def _reason(code: int) -> str:
    devices = glob.glob(ALSA_MICROPHONES) if code == UNOPENED else []
    if devices:  # ALSA tells no more than that none could be opened
        return "busy" if any(os.access(device, os.R_OK) for device in devices) else "denied"
    return {-6: "denied", -19: "busy"}.get(code, "none")  # MA_ACCESS_DENIED, MA_BUSY


def _say(out: int, line: dict[str, Any]) -> None:
    _write(out, json.dumps(line).encode() + b"\n")


def _write(out: int, data: bytes | memoryview) -> None:
    while data:
        try:
            data = data[os.write(out, data) :]
        except OSError:
            os._exit(0)  # nobody reads any more


if __name__ == "__main__":
    main()
