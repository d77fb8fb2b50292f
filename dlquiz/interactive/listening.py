"""A spoken answer: recorded while ● shows, then written down; Esc leaves either for ticking. Decides nothing about the card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from dlquiz import files
from dlquiz.card import Note
from dlquiz.collection import Collection
from dlquiz.errors import UsageError
from dlquiz.interactive.card_foot import RecordingStep
from dlquiz.listen import audio, model, terms
from dlquiz.listen.recorder import Recorder
from dlquiz.listen.transcriber import DAMAGED, Transcriber, Work
from dlquiz.terminal import clock
from dlquiz.terminal.keys import TerminalKeys
from dlquiz.text import slug

LOOK_SECONDS = 0.1
SMALLEST = "tiny"  # of the models
SLOW = 0.75  # seconds of work for each of speech, from which on the smaller model is named
ENOUGH_SECONDS = 10.0  # of speech to tell that by
SILENT_SECONDS = 2.0  # of silence before it is said
DONE, DISCARD = ("Space", "done"), ("Esc", "discard, tick myself")
AGAIN = "Space tries again, Enter goes on"
TICK = "Tick yourself."


Show = Callable[[RecordingStep], None]


class Recorded(NamedTuple):
    """What came of speaking."""

    pcm: bytes = b""  #: the samples; b"" where there is nothing to write down
    seconds: float = 0.0  #: that were spoken
    why: str = ""  #: a sentence on what went wrong, or is good to know
    turns: bool = True  #: it was an answer; False: nothing was said yet
    quits: bool = False  #: the input ended


class Said(NamedTuple):
    """What came of an answer."""

    text: str = ""  #: what was understood; "" where there is nothing to judge
    invented: frozenset[str] = frozenset()  #: words of it that may not have been said, in lower case
    seconds: float = 0.0  #: that were spoken
    why: str = ""  #: a sentence on what went wrong, or is good to know
    turns: bool = True  #: it was an answer; False: nothing was said yet
    quits: bool = False  #: the input ended


class _QuitError(Exception):
    """The input ended."""


class Listener:
    """Hears the answers of one sitting or interview."""

    def __init__(self, col: Collection) -> None:
        self._col = col
        self._told_slow = False
        self._recorder: Recorder | None = None
        self._model: model.Model | None = None
        self._works: list[Work] = []
        self._sound = False  #: the model's file was read, and is not damaged

    def answer(self, reader: TerminalKeys, note: Note, show: Show) -> Said:
        """Record one answer and write it down; the model is loaded while it is spoken.

        Args:
            reader: The terminal's keys.
            note: What was asked.
            show: Shows each step.
        """
        try:
            used = model.ready(self._col.home)
        except UsageError as error:
            return Said(why=_until_then(error), turns=False)
        transcriber = Transcriber(used)
        try:
            recorded = self.record(reader, note, show, lambda: transcriber.failure)
            if not recorded.pcm:
                return Said(seconds=recorded.seconds, why=recorded.why, turns=recorded.turns, quits=recorded.quits)
            work = Work(lambda: Transcriber(used) if transcriber.lost else transcriber, recorded.pcm, self._terms(note))
            return self._said(reader, work, recorded, show)
        except _QuitError:
            return Said(quits=True, turns=False)
        finally:
            transcriber.end()

    def record(self, reader: TerminalKeys, note: Note, show: Show, failure: Callable[[], str] = lambda: "") -> Recorded:
        """Record one answer; what can't be written down has no samples, and says why.

        Args:
            reader: The terminal's keys.
            note: What was asked.
            show: Shows each step.
            failure: Why nothing that is said can be written down; "" while it may be.
        """
        try:
            self._model = model.ready(self._col.home)
        except UsageError as error:
            return Recorded(why=_until_then(error), turns=False)
        self._recorder = Recorder()
        try:
            recorded = self._spoken(reader, self._recorder, show, failure)
        except _QuitError:
            return Recorded(quits=True, turns=False)
        finally:
            pcm = self._recorder.end()
        if not recorded.turns or not pcm:
            return recorded
        if why := audio.unusable(pcm):
            short = why == audio.SHORT
            return recorded._replace(why=_sentence(f"{why}. {AGAIN if short else TICK}"), turns=not short)
        return recorded._replace(pcm=pcm, why=_joined(recorded.why, self._kept(note, pcm)))

    def damage(self) -> str:
        """A sentence where the model's file is damaged, for which it is read once to its end; "" where it is sound, or there is none."""
        if self._sound:
            return ""
        try:
            used = model.ready(self._col.home)
            self._sound = model.digest(used.path) == used.sha256
        except (UsageError, OSError):
            return ""  # told by whoever needs it
        return "" if self._sound else _sentence(f"{DAMAGED}. Enter goes on")

    def begin(self, recorded: Recorded, note: Note) -> Work:
        """Write a recording down while something else goes on, one after the other."""
        used = self._model
        if used is None:
            raise AssertionError("nothing is recorded without a model")
        work = Work(lambda: Transcriber(used), recorded.pcm, self._terms(note), after=self._works[-1:])
        self._works.append(work)
        return work

    def finished(self, reader: TerminalKeys, work: Work, seconds: float, show: Show) -> Said:
        """What came of a recording that is written down meanwhile; Esc gives it up."""
        try:
            return self._said(reader, work, Recorded(seconds=seconds), show)
        except _QuitError:
            return Said(quits=True, turns=False)

    def release(self) -> None:
        """Close the microphone: the program is stopped, and ● no longer shows."""
        if self._recorder:
            self._recorder.end()

    def end(self) -> None:
        """End all that is at work."""
        self.release()
        for work in reversed(self._works):
            work.stop()

    # ---- speaking

    def _spoken(self, reader: TerminalKeys, recorder: Recorder, show: Show, failure: Callable[[], str]) -> Recorded:
        """Until it is ended: how long it was, and why it ended where that was not wanted."""
        while True:
            if why := failure():
                return Recorded(why=_sentence(f"{why}. Enter goes on"), turns=False)
            if recorder.failure:
                return Recorded(why=_sentence(f"{recorder.failure}. {AGAIN}"), turns=False)
            if recorder.gone:
                at = clock.told(recorder.seconds, None)
                why = f"The microphone stopped at {at}; what came before is kept."
                return Recorded(seconds=recorder.seconds, why=why)
            if recorder.full:
                why = f"It listens for {recorder.most_seconds // 60} minutes; what came is kept."
                return Recorded(seconds=recorder.seconds, why=why)
            if recorder.ended:  # the program was stopped
                return Recorded(seconds=recorder.seconds, turns=recorder.open)
            show(_recording(recorder))
            key = _key(reader)
            if key == "\x1b" and recorder.open:
                seconds = recorder.seconds
                recorder.discard()
                return Recorded(seconds=seconds)
            if key == "\x1b":
                return Recorded(why=f"Not recorded. {AGAIN}", turns=False)
            if key in (" ", "\r", "\n") and recorder.open:
                return Recorded(seconds=recorder.seconds)

    def _kept(self, note: Note, pcm: bytes) -> str:
        """Keep the recording where that is wanted; a sentence when it can't be."""
        if self._col.settings.keep_audio != "yes":
            return ""
        folder = self._col.home.answers
        moment = self._col.now().at.astimezone()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with files.replacing(_recording_name(folder, note, moment)) as draft:
                draft.write_bytes(audio.wav(pcm))
        except OSError as error:
            return f"The recording can't be kept in {folder}: {error.strerror or error}."
        return ""

    # ---- writing down

    def _terms(self, note: Note) -> list[str]:
        return terms.of(note, self._col.bank.glossary(note.id))

    def _said(self, reader: TerminalKeys, work: Work, recorded: Recorded, show: Show) -> Said:
        heard = Said(seconds=recorded.seconds, why=recorded.why)
        while not work.done:
            line = f"Writing it down ... {min(work.at, heard.seconds):.0f} of {heard.seconds:.0f} s"
            show(RecordingStep(line, (("Esc", "tick myself"),), "writing down what you said"))
            if _key(reader) == "\x1b":
                work.stop()
                return heard
        if work.result is None:
            return heard._replace(why=_joined(heard.why, _sentence(f"{work.why}. {TICK}")))
        slow = self._slow(work.result.worked, heard.seconds)
        return heard._replace(text=work.result.text, invented=work.result.invented, why=_joined(heard.why, slow))

    def _slow(self, worked: float, seconds: float) -> str:
        """Told once, after the first answer: this machine takes long."""
        if self._told_slow or seconds < ENOUGH_SECONDS or worked < SLOW * seconds:
            return ""
        self._told_slow = True
        smaller = (
            ""
            if self._model and self._model.name == SMALLEST
            else f"`dlquiz listen setup --model {SMALLEST}` gets a smaller model, "
        )
        return f"Writing that down took {worked:.0f} s: {smaller}`dlquiz config set listen no` stops listening."


def _until_then(error: UsageError) -> str:
    return _sentence(f"{error}; until then Enter goes on")


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _recording_name(folder: Path, note: Note, moment: datetime) -> Path:
    return files.free_name(folder, f"{slug.slug(note.id)}-{moment:%Y-%m-%dT%H%M%S}", ".wav")


def _recording(recorder: Recorder) -> RecordingStep:
    if not recorder.open:
        return RecordingStep("Opening the microphone ...", (("Esc", "leave"),), "opening the microphone")
    silent = recorder.seconds > SILENT_SECONDS and not recorder.loudest
    loudness = "only silence so far" if silent else audio.bar(recorder.level)
    at, aim = clock.told(recorder.seconds, None), clock.told(clock.SPEAK_TARGET_S, None)
    line = f"● {at}  {loudness}  aim {aim}"
    return RecordingStep(line, (DONE, DISCARD), "● recording")


def _key(reader: TerminalKeys) -> str | None:
    """A key, if one comes soon; a paste is none."""
    key = reader.char(LOOK_SECONDS)
    if key in ("", "\x04"):
        raise _QuitError
    if key == "paste":
        list(reader.pasted())
        return None
    return key


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
