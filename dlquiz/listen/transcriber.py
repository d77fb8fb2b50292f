"""Writing an answer down: a job for a process, looked at while it works, given up when it takes too long."""

from __future__ import annotations

import json
import math
import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dlquiz.listen import audio, terms, transcript, whisper_process
from dlquiz.listen.child import Child, Lines
from dlquiz.listen.model import Model
from dlquiz.listen.transcript import Segment

LOAD_SECONDS = 60.0
MOST_SECONDS, MOST_PER_SECOND = 60.0, 4.0  # of work: so long, and so many for each second of speech
MOST_THREADS = 4  # more gain little
# Of the processors: those that another program wants too hold up all threads, which wait for each other (2 of 2: ten times as long).
SHARE = 2
LOOK_SECONDS = 0.2
MARGIN_SECONDS = 0.3  # of speech on either side of what is listened to again
DAMAGED = "the model file is damaged: run `dlquiz listen setup` again"
WHY = {
    "damaged": DAMAGED,
    "missing": "the transcriber needs pywhispercpp, which is not installed: pip install 'dlquiz[listen]'",
}
NO_WORDS = "no words were recognised"


def threads() -> int:
    """How many the model works with."""
    return max(1, min(MOST_THREADS, (os.cpu_count() or 1) // SHARE))


class TranscriberError(Exception):
    """Why nothing was written down, as the begin of a sentence."""


class Transcription(NamedTuple):
    """What was said."""

    text: str
    invented: frozenset[str] = frozenset()  #: terms in it that may not have been said, in lower case
    worked: float = 0.0  #: seconds that it took


class Transcriber:
    """A model, loaded while somebody speaks; writes down one answer."""

    def __init__(self, model: Model) -> None:
        self._lines = Lines()
        self._child: Child | None = None
        setting = {"model": str(model.path), "sha256": model.sha256, "threads": threads()}
        try:
            self._child = Child(whisper_process, self._lines.read)
            self._child.send(json.dumps(setting).encode() + b"\n")
        except OSError:
            self._lines.read(())
        self._until = 0.0
        self._ready = False  #: the model is loaded
        self._why = ""  #: it can't be
        self._stopped = False
        self.at = 0.0  #: seconds of speech that are written down

    def transcribe(self, pcm: bytes, note_terms: Sequence[str]) -> Transcription:
        """Write it down, twice where a term of the prompt may have been invented.

        Raises:
            TranscriberError: It can't be.
        """
        began = time.monotonic()
        self._until = began + LOAD_SECONDS
        if not self._ready:
            self._line()  # says that it is ready, or raises
        self._until = time.monotonic() + MOST_SECONDS + MOST_PER_SECOND * len(pcm) / audio.SECOND
        segments = transcript.cleaned(self._job(pcm, terms.prompt(list(note_terms))), pcm)
        text = transcript.joined(segments)
        if not text:
            raise TranscriberError(NO_WORDS)
        invented: set[str] = set()
        for segment in transcript.doubtful(segments, note_terms):
            again = self._job(_part(pcm, segment), "")
            invented |= transcript.invented(segment.text, transcript.joined(again), note_terms)
        return Transcription(text, frozenset(invented), time.monotonic() - began)

    def _job(self, pcm: bytes, prompt: str) -> list[Segment]:
        job = json.dumps({"prompt": prompt, "bytes": len(pcm)}).encode() + b"\n" + pcm
        if self._child:  # in a thread: a process that hangs reads nothing
            threading.Thread(target=self._child.send, args=(job,), daemon=True).start()
        while "segments" not in (line := self._line()):
            self.at = max(self.at, float(line.get("at", 0)))
        return [
            Segment(start, end, text, 0.0 if math.isnan(probability) else probability)
            for start, end, text, probability in line["segments"]
        ]

    @property
    def failure(self) -> str:
        """Why the model can't be loaded, as the begin of a sentence; "" while it may yet. Waits for nothing."""
        if not (self._ready or self._why) and (line := self._lines.next(0)) is not None:
            try:
                self._ready = bool(_checked(line))
            except TranscriberError as error:
                self._why = str(error)
        return self._why

    @property
    def lost(self) -> bool:
        """Did its process end before it had a job? Waits for nothing."""
        return self._ready and self._lines.next(0) is not None

    def _line(self) -> dict[str, Any]:
        """The next that the process says."""
        if self._why:
            raise TranscriberError(self._why)
        while True:
            if self._stopped:
                raise TranscriberError("it was ended")
            line = self._lines.next(LOOK_SECONDS)
            if line is None and time.monotonic() > self._until:
                raise TranscriberError("this machine is too slow for it, and it was given up")
            if line is not None:
                return _checked(line)

    def stop(self) -> None:
        """Give up, from another thread."""
        self._stopped = True

    def end(self) -> None:
        """End its process."""
        self._stopped = True
        if self._child:
            self._child.end()


def _checked(line: dict[str, Any]) -> dict[str, Any]:
    """A line that a process said, unless it tells of a failure, or of its end."""
    if "error" in line:
        raise TranscriberError(WHY.get(line["error"], line["error"]))
    if not line:
        raise TranscriberError("the transcriber ended without a word")
    return line


def _part(pcm: bytes, segment: Segment) -> bytes:
    start, end = max(0.0, segment.start - MARGIN_SECONDS), segment.end + MARGIN_SECONDS
    return pcm[int(start * audio.SECOND / 2) * 2 : int(end * audio.SECOND / 2) * 2]


class Work:
    """A transcription in a thread, for whoever looks at keys meanwhile."""

    def __init__(
        self,
        transcriber: Callable[[], Transcriber],
        pcm: bytes,
        note_terms: Sequence[str],
        after: Sequence[Work] = (),
    ) -> None:
        """
        Args:
            transcriber: Loads one, or gives one that is loaded; it is ended here.
            pcm: The recording.
            note_terms: What may be expected in it.
            after: Work that must be done before.
        """
        self.result: Transcription | None = None
        self.why = ""
        self._load = transcriber
        self._after = after
        self._transcriber: Transcriber | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._run, args=(pcm, note_terms), daemon=True)
        self._thread.start()

    def _run(self, pcm: bytes, note_terms: Sequence[str]) -> None:
        for work in self._after:
            while not (work.done or self._stopped):
                work.wait_for(LOOK_SECONDS)
        if self._stopped:
            return
        self._transcriber = self._load()
        try:
            if not self._stopped:
                self.result = self._transcriber.transcribe(pcm, note_terms)
        except TranscriberError as error:
            self.why = str(error)
        finally:
            self._transcriber.end()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    @property
    def at(self) -> float:
        """Seconds of speech that are written down."""
        return self._transcriber.at if self._transcriber else 0.0

    def wait_for(self, seconds: float) -> None:
        """Until it is done, so many seconds at most."""
        self._thread.join(seconds)

    def wait(self, seconds: float, tell: Callable[[float], None] = lambda _at: None) -> None:
        """Until it is done, telling how far it is now and then."""
        while not self.done:
            tell(self.at)
            self.wait_for(seconds)

    def stop(self) -> None:
        """Give up."""
        self._stopped = True
        if self._transcriber:
            self._transcriber.stop()
        self._thread.join()
