"""A spoken answer in a sitting: each way it goes, with a microphone and a transcriber that are fakes in real processes."""

from __future__ import annotations

import re
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import a_collection
from listening import BANK, a_model, with_extra

from dlquiz import config
from dlquiz.collection import Collection
from dlquiz.interactive import listening
from dlquiz.interactive.card_foot import RecordingStep
from dlquiz.interactive.listening import Listener, Said
from dlquiz.listen import model, recorder, transcriber
from dlquiz.terminal.keys import TerminalKeys

UNDERSTOOD = "We zero units at random. All are kept. It does not reduce overfitting."


class Person(TerminalKeys):
    """Presses each key once the line on the screen matches what is awaited."""

    def __init__(self, *script: tuple[str, str]) -> None:
        super().__init__(lambda _prompt, _line: None)
        self.script = list(script)
        self.steps: list[RecordingStep] = []

    def show(self, step: RecordingStep) -> None:
        self.steps.append(step)

    def char(self, seconds: float | None = None) -> str | None:  # noqa: ARG002 - a fake microphone is quicker than time
        if self.script and self.steps and re.search(self.script[0][0], self.steps[-1].line):
            return self.script.pop(0)[1]
        time.sleep(0.005)
        return None


@pytest.fixture
def col(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Collection]:
    with_extra(monkeypatch)
    a_model(home)
    with a_collection(tmp_path / "bank", text=BANK) as opened:
        yield opened


def said(col: Collection, *script: tuple[str, str]) -> tuple[Said, Person]:
    person = Person(*script)
    note = col.bank.note("mine/drop")
    return Listener(col).answer(person, note, person.show), person


LONG_ENOUGH = r"● (0:0[2-9]|0:[1-5]|[1-9])"  # two seconds or more
SPEAKS = (LONG_ENOUGH, " ")


def test_it_is_recorded_and_written_down(col: Collection) -> None:
    answer, person = said(col, SPEAKS)

    assert answer.text == UNDERSTOOD
    assert answer.turns
    assert not answer.why
    assert answer.seconds >= 2
    assert [step.name for n, step in enumerate(person.steps) if not n or person.steps[n - 1].name != step.name] == [
        "opening the microphone", "● recording", "writing down what you said",
    ]  # fmt: skip
    recording = next(step for step in person.steps if step.name == "● recording")
    assert re.fullmatch(r"● \d:\d\d  ▮{9}▯  aim 1:30", recording.line)
    assert recording.hints == (("Space", "done"), ("Esc", "discard, tick myself"))
    assert re.fullmatch(r"Writing it down \.\.\. \d+ of \d+ s", person.steps[-1].line)


def test_esc_while_speaking_forgets_it_and_leaves_for_ticking(col: Collection) -> None:
    answer, person = said(col, (LONG_ENOUGH, "\x1b"))

    assert (answer.text, answer.why, answer.turns) == ("", "", True)
    assert answer.seconds >= 2
    assert not any(step.name.startswith("writing") for step in person.steps)


def test_esc_while_it_is_written_down_leaves_for_ticking(col: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_TRANSCRIBER", "hang")

    answer, _ = said(col, SPEAKS, ("Writing", "\x1b"))

    assert (answer.text, answer.why, answer.turns) == ("", "", True)


def test_esc_before_the_microphone_is_open_says_nothing_was_recorded(
    col: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_MICROPHONE", "hang")

    answer, _ = said(col, ("Opening", "\x1b"))

    assert not answer.turns
    assert answer.why.startswith("Not recorded.")


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        ("none", "No microphone found: plug one in. Space tries again, Enter goes on"),
        ("busy", "Another program uses the microphone. Space"),
        ("denied", "This terminal may not use the microphone"),
        ("crash", "The recorder ended without a word. Space"),
    ],
)
def test_without_a_microphone_the_card_waits(
    col: Collection, monkeypatch: pytest.MonkeyPatch, behaviour: str, why: str
) -> None:
    monkeypatch.setenv("FAKE_MICROPHONE", behaviour)

    answer, _ = said(col)

    assert answer.why.startswith(why)
    assert not answer.turns


@pytest.mark.parametrize("behaviour", ["gone", "dies"])
def test_a_microphone_that_stops_leaves_what_came_before(
    col: Collection, monkeypatch: pytest.MonkeyPatch, behaviour: str
) -> None:
    monkeypatch.setenv("FAKE_MICROPHONE", behaviour)
    monkeypatch.setattr(recorder, "QUIET_SECONDS", 0.5)

    answer, _ = said(col)

    assert answer.why == "The microphone stopped at 0:02; what came before is kept."
    assert answer.text == UNDERSTOOD


def test_silence_is_told_while_it_lasts_and_then(col: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_MICROPHONE", "silence")

    answer, person = said(col, ("only silence so far", " "))

    assert answer.turns
    assert answer.why.startswith("The microphone gave only silence: muted, or not allowed here")
    assert person.script == []


def test_less_than_a_second_is_no_answer_yet(col: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_SPEED", "0.5")

    answer, _ = said(col, ("● 0:00", " "))

    assert not answer.turns
    assert answer.why.startswith("That was less than a second. Space tries again")


def test_an_answer_without_an_end_is_ended(col: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "MOST_SECONDS", 2)

    answer, _ = said(col)

    assert answer.text == UNDERSTOOD
    assert "what came is kept" in answer.why


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        ("refuse", "The model file is damaged: run `dlquiz listen setup` again. Enter goes on"),
        ("crash", "The transcriber ended without a word. Enter goes on"),
    ],
)
def test_a_transcriber_that_can_not_begin_is_told_before_much_is_said(
    col: Collection, monkeypatch: pytest.MonkeyPatch, behaviour: str, why: str
) -> None:
    monkeypatch.setenv("FAKE_TRANSCRIBER", behaviour)

    answer, _ = said(col)

    assert (answer.text, answer.why, answer.turns) == ("", why, False)


def test_a_transcriber_that_ends_in_its_work_leaves_for_ticking(
    col: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_TRANSCRIBER", "dies")

    answer, _ = said(col, SPEAKS)

    assert (answer.text, answer.turns) == ("", True)
    assert answer.why == "The transcriber ended without a word. Tick yourself."


def test_a_transcriber_that_ends_while_somebody_speaks_is_loaded_again(
    col: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[transcriber.Transcriber] = []
    killed = threading.Event()

    class Mortal(transcriber.Transcriber):
        def __init__(self, used: model.Model) -> None:
            super().__init__(used)
            loaded.append(self)

        @property
        def failure(self) -> str:
            why = super().failure
            if self._ready and self._child and not killed.is_set():
                self._child.end()
                killed.set()
            return why

    class Unaware(Person):
        def char(self, seconds: float | None = None) -> str | None:
            key = super().char(seconds)
            return " " if killed.is_set() and re.search(LONG_ENOUGH, self.steps[-1].line) else key

    monkeypatch.setattr(listening, "Transcriber", Mortal)
    person = Unaware()

    answer = Listener(col).answer(person, col.bank.note("mine/drop"), person.show)

    assert (answer.text, len(loaded)) == (UNDERSTOOD, 2)


def test_a_transcriber_that_never_ends_is_given_up(col: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_TRANSCRIBER", "hang")
    monkeypatch.setattr(transcriber, "MOST_SECONDS", 0.1)
    monkeypatch.setattr(transcriber, "MOST_PER_SECOND", 0.0)

    answer, _ = said(col, SPEAKS)

    assert answer.why == "This machine is too slow for it, and it was given up. Tick yourself."


def test_no_words_are_told(col: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_WORDS", "[BLANK_AUDIO]")

    answer, _ = said(col, SPEAKS)

    assert (answer.text, answer.why) == ("", "No words were recognised. Tick yourself.")


def test_a_slow_machine_is_told_of_the_smaller_model_once(col: Collection) -> None:
    listener = Listener(col)

    assert "--model tiny" in listener._slow(worked=50, seconds=60)
    assert listener._slow(worked=50, seconds=60) == ""
    assert Listener(col)._slow(worked=15, seconds=60) == ""


def test_who_has_the_smallest_model_is_told_of_no_smaller_one(col: Collection) -> None:
    listener = Listener(col)
    listener._model = model.Model(col.home.models / "ggml.bin", "", "tiny")

    assert listener._slow(worked=50, seconds=60) == (
        "Writing that down took 50 s: `dlquiz config set listen no` stops listening."
    )


def test_a_model_or_an_extra_that_is_gone_is_told(col: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    model.remove(col.home)
    answer, person = said(col)
    assert answer.why.startswith("No model yet: `dlquiz listen setup`")
    assert not answer.turns
    assert person.steps == []

    monkeypatch.setattr(model, "PACKAGES", ("a_package_that_is_not_there",))
    answer, _ = said(col)
    assert "pip install 'dlquiz[listen]'" in answer.why


def test_the_end_of_the_input_ends_the_sitting(col: Collection) -> None:
    answer, _ = said(col, ("●", ""))

    assert answer.quits


def test_stopping_the_program_closes_the_microphone(col: Collection) -> None:
    listener = Listener(col)
    person = Person()

    def show(step: RecordingStep) -> None:
        person.show(step)
        if re.match(LONG_ENOUGH, step.line):
            listener.release()

    answer = listener.answer(person, col.bank.note("mine/drop"), show)

    assert answer.text == UNDERSTOOD


def test_nothing_is_kept_unless_it_is_asked_for(col: Collection, home: Path) -> None:
    said(col, SPEAKS)
    assert not (home / "answers").exists()

    config.save(col.home, {"keep_audio": "yes"})
    col.settings = config.load(col.home)
    answer, _ = said(col, SPEAKS)

    (kept,) = (home / "answers").iterdir()
    assert kept.name.startswith("mine-drop-20")
    with wave.open(str(kept)) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(answer.seconds, abs=0.5)


def test_a_recording_that_can_not_be_kept_is_told(col: Collection, home: Path) -> None:
    (home / "answers").write_text("in the way")
    col.settings = col.settings._replace(keep_audio="yes")

    answer, _ = said(col, SPEAKS)

    assert answer.text == UNDERSTOOD
    assert "can't be kept in" in answer.why
