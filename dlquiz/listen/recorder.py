"""Recording an answer: the samples so far, how loud it is, and why it came to an end."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from dlquiz.listen import audio, audio_process
from dlquiz.listen.child import Child

OPEN_SECONDS = 15.0  # a microphone that is asked for the first time wakes up within that, its process started
FILE_SECONDS = 60.0  # the first samples of a file have come within that
QUIET_SECONDS = 3.0  # without a block: it is gone
MOST_SECONDS = 300  # of an answer
MOST_FILE_SECONDS = 1200  # of a file
WHY = {
    "none": "no microphone found: plug one in",
    "busy": "another program uses the microphone",
    "denied": f"this terminal may not use the microphone{audio.PRIVACY}",
    "missing": "the microphone needs miniaudio, which is not installed: pip install 'dlquiz[listen]'",
    "unstarted": "the recorder can't be started",
}


class Recorder:
    """The microphone, open from now until `end`. Audio stays in memory."""

    def __init__(self, path: Path | None = None) -> None:
        """
        Args:
            path: A sound file to be read in place of the microphone.
        """
        self._samples = bytearray()
        self._peak = 0
        self._error = ""
        self._open = False
        self._ended = False  #: the process says nothing more
        self._began = self._heard = time.monotonic()
        self._last: tuple[str, bool] | None = None  #: failure and gone as it was ended
        self._is_file = path is not None
        self._child: Child | None = None
        try:
            self._child = Child(audio_process, self._read, [str(path)] if path else [])
        except OSError:
            self._error, self._ended = "unstarted", True

    def _read(self, stream: Any) -> None:
        """In a thread: what the process prints."""
        with suppress(OSError, ValueError):
            first = json.loads(stream.readline() or b"{}")
            self._error = first.get("error", "")
            self._heard = time.monotonic()
            self._open = bool(first.get("open"))
            while block := stream.read1(audio.SECOND):
                self._samples += block
                self._heard = time.monotonic()
        self._ended = True

    @property
    def open(self) -> bool:
        """Has the first block come? Before that nothing that is said is heard."""
        return self._open and bool(self._samples)

    @property
    def seconds(self) -> float:
        """Of what was recorded."""
        return len(self._samples) / audio.SECOND

    @property
    def level(self) -> float:
        """How loud the last moments were, 0 to 1."""
        return audio.level(bytes(self._samples[-audio.MOMENT :]))

    @property
    def failure(self) -> str:
        """Why no microphone opens, as the begin of a sentence; "" while it may yet."""
        if self._last:
            return self._last[0]
        ended = self._ended  # looked at before the samples, which come before it
        if self.open:
            return ""
        if self._error:
            return WHY.get(self._error, WHY["none"])
        if ended:
            return "the recorder ended without a word"
        limit = FILE_SECONDS if self._is_file else OPEN_SECONDS
        if time.monotonic() - self._began > limit:
            return f"no answer from the microphone within {limit:.0f} s"
        return ""

    @property
    def gone(self) -> bool:
        """Did the microphone stop by itself?"""
        if self._last:
            return self._last[1]
        return self.open and (self._ended or time.monotonic() - self._heard > QUIET_SECONDS)

    @property
    def ended(self) -> bool:
        """Was it ended?"""
        return self._last is not None

    @property
    def loudest(self) -> int:
        """The peak so far, 0 where there is only silence."""
        self._peak = max(self._peak, audio.peak(bytes(self._samples[-audio.MOMENT :])))
        return self._peak if self._peak >= audio.SILENT else 0

    def discard(self) -> None:
        """End it and forget what was recorded."""
        self.end()
        self._samples.clear()

    @property
    def whole(self) -> bool:
        """Is a file read to its end?"""
        return self._is_file and self._ended

    @property
    def full(self) -> bool:
        """Has it lasted as long as an answer, or a file, may?"""
        return self.seconds >= self.most_seconds

    @property
    def most_seconds(self) -> int:
        """How long an answer, or a file, may last."""
        return MOST_FILE_SECONDS if self._is_file else MOST_SECONDS

    def end(self) -> bytes:
        """Close the microphone; the samples, 16 kHz, mono, signed 16 bits."""
        self._last = self._last or (self.failure, self.gone)
        if self._child:
            self._child.end()
        return bytes(self._samples[: len(self._samples) // 2 * 2])
