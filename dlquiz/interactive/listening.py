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
from dlquiz.listen import audio, model, terms
from dlquiz.listen.recorder import MOST_SECONDS, Recorder
from dlquiz.listen.transcriber import Transcriber, Work
from dlquiz.terminal import clock
from dlquiz.terminal.keys import TerminalKeys
from dlquiz.text import slug

LOOK_SECONDS = 0.1
SLOW = 0.75  # seconds of work for each of speech, from which on the smaller model is named
ENOUGH_SECONDS = 10.0  # of speech to tell that by
SILENT_SECONDS = 2.0  # of silence before it is said
DONE, DISCARD = ("Space", "done"), ("Esc", "discard, tick myself")
AGAIN = "Space tries again, Enter goes on"


class Step(NamedTuple):
    """What a screen shows while somebody speaks, or waits."""

    line: str
    hints: tuple[tuple[str, str], ...]
    name: str  #: changes when something new begins, for screens that draw nothing twice


Show = Callable[[Step], None]


class Said(NamedTuple):
    """What came of it."""

    text: str = ""  #: what was understood; "" where there is nothing to judge
    invented: frozenset[str] = frozenset()  #: words of it that may not have been said, in lower case
    seconds: float = 0.0  #: that were spoken
    why: str = ""  #: a sentence on what went wrong, or is good to know
    turns: bool = True  #: the card is turned over; False: nothing was said yet
    quits: bool = False  #: the input ended


class _QuitError(Exception):
    """The input ended."""


class Listener:
    """Hears the answers of one sitting."""

    def __init__(self, col: Collection) -> None:
        self._col = col
        self._told_slow = False
        self._recorder: Recorder | None = None

    def answer(self, reader: TerminalKeys, note: Note, show: Show) -> Said:
        """Record and write down one answer.

        Args:
            reader: The terminal's keys.
            note: What was asked.
            show: Shows each step.
        """
        try:
            used = model.ready(self._col.home)
        except UsageError as error:
            return Said(why=f"{error}; until then Enter goes on", turns=False)
        self._recorder, transcriber = Recorder(), Transcriber(used)
        try:
            said = self._record(reader, self._recorder, show)
            pcm = self._recorder.end()
            if not said.turns or not pcm:
                return said
            return self._written(reader, transcriber, note, pcm, said, show)
        except _QuitError:
            return Said(quits=True, turns=False)
        finally:
            self._recorder.end()
            transcriber.end()

    def release(self) -> None:
        """Close the microphone: the program is stopped, and ● no longer shows."""
        if self._recorder:
            self._recorder.end()

    # ---- speaking

    def _record(self, reader: TerminalKeys, recorder: Recorder, show: Show) -> Said:
        """Until it is ended: how long it was, and why it ended where that was not wanted."""
        while True:
            if recorder.failure:
                return Said(why=_sentence(f"{recorder.failure}. {AGAIN}"), turns=False)
            if recorder.gone:
                at = clock.told(recorder.seconds, None)
                return Said(seconds=recorder.seconds, why=f"The microphone stopped at {at}; what came before is kept.")
            if recorder.full:
                minutes = MOST_SECONDS // 60
                return Said(seconds=recorder.seconds, why=f"It listens for {minutes} minutes; what came is kept.")
            if recorder.ended:  # the program was stopped
                return Said(seconds=recorder.seconds, turns=recorder.open)
            show(_recording(recorder))
            key = _key(reader)
            if key == "\x1b" and recorder.open:
                seconds = recorder.seconds
                recorder.discard()
                return Said(seconds=seconds)
            if key == "\x1b":
                return Said(why=f"Not recorded. {AGAIN}", turns=False)
            if key in (" ", "\r", "\n") and recorder.open:
                return Said(seconds=recorder.seconds)

    # ---- writing down

    def _written(
        self, reader: TerminalKeys, transcriber: Transcriber, note: Note, pcm: bytes, said: Said, show: Show
    ) -> Said:
        if why := audio.unusable(pcm):
            short = why == audio.SHORT
            return said._replace(why=_sentence(f"{why}. {AGAIN if short else 'Tick yourself'}"), turns=not short)
        kept = self._kept(note, pcm)
        work = Work(transcriber, pcm, terms.of(note, self._col.bank.glossary(note.id)))
        while not work.done:
            line = f"Writing down what you said ... {min(work.at, said.seconds):.0f} of {said.seconds:.0f} s"
            show(Step(line, (("Esc", "tick myself"),), "writing down what you said"))
            if _key(reader) == "\x1b":
                work.stop()
                return said._replace(why=" ".join(filter(None, [said.why, kept])))
        if work.result is None:
            reasons = [said.why, _sentence(f"{work.why}. Tick yourself."), kept]
            return said._replace(why=" ".join(filter(None, reasons)))
        slow = self._slow(work.result.worked, said.seconds)
        return said._replace(
            text=work.result.text,
            invented=work.result.invented,
            why=" ".join(filter(None, [said.why, kept, slow])),
        )

    def _slow(self, worked: float, seconds: float) -> str:
        """Told once, after the first answer: this machine takes long."""
        if self._told_slow or seconds < ENOUGH_SECONDS or worked < SLOW * seconds:
            return ""
        self._told_slow = True
        return (
            f"Writing that down took {worked:.0f} s: `dlquiz listen setup --model tiny` gets a smaller model,"
            " `dlquiz config set listen no` stops listening."
        )

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


def _recording_name(folder: Path, note: Note, moment: datetime) -> Path:
    return files.free_name(folder, f"{slug.slug(note.id)}-{moment:%Y-%m-%dT%H%M%S}", ".wav")


def _recording(recorder: Recorder) -> Step:
    if not recorder.open:
        return Step("Opening the microphone ...", (("Esc", "leave"),), "opening the microphone")
    silent = " only silence so far" if recorder.seconds > SILENT_SECONDS and not recorder.loudest else ""
    at, aim = clock.told(recorder.seconds, None), clock.told(clock.SPEAK_TARGET_S, None)
    line = f"● {at}  {audio.bar(recorder.level)}{silent}   aim {aim}"
    return Step(line, (DONE, DISCARD), "● recording")


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
