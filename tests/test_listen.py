"""The microphone and the transcriber: what is made of them when they work, and of every way in which they don't."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from builders import a_bank, called
from listening import BANK, WORDS, a_model, a_recording, a_tone, with_extra

from benchmarks import listening as benchmark
from dlquiz import collection
from dlquiz.collection import judging
from dlquiz.config import Home
from dlquiz.errors import ListenError, StoreError, UsageError
from dlquiz.listen import audio, audio_process, download, hearing, model, recorder, transcriber, transcript
from dlquiz.listen.recorder import Recorder
from dlquiz.listen.transcriber import Transcriber, Work
from dlquiz.listen.transcript import Segment


@pytest.fixture
def extra(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    with_extra(monkeypatch)
    return monkeypatch


def recorded(seconds: float) -> tuple[Recorder, bytes]:
    """A recorder that was open for so long, or until it failed or stopped."""
    recording = Recorder()
    while not (recording.failure or recording.gone or recording.seconds >= seconds):
        time.sleep(0.01)
    return recording, recording.end()


# ---- the microphone


@pytest.mark.usefixtures("extra")
def test_it_is_open_once_the_first_block_has_come() -> None:
    recording, pcm = recorded(1.0)

    assert recording.open
    assert not recording.failure
    assert len(pcm) >= audio.SECOND
    assert recording.level > 0.5
    assert not audio.unusable(pcm)


def test_what_a_driver_prints_is_no_sound(extra: pytest.MonkeyPatch) -> None:
    _, quiet = recorded(1.0)
    extra.setenv("FAKE_MICROPHONE", "noise")

    _, noisy = recorded(1.0)

    assert noisy[: audio.SECOND] == quiet[: audio.SECOND]


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        ("none", "no microphone found"),
        ("null", "no microphone found"),
        ("busy", "another program uses the microphone"),
        ("denied", "this terminal may not use the microphone"),
        ("crash", "the recorder ended without a word"),
        ("hang", "no answer from the microphone within 1 s"),
    ],
)
def test_a_microphone_that_does_not_open_says_why(extra: pytest.MonkeyPatch, behaviour: str, why: str) -> None:
    extra.setenv("FAKE_MICROPHONE", behaviour)
    if behaviour == "hang":
        extra.setattr(recorder, "OPEN_SECONDS", 1.0)

    recording, pcm = recorded(1.0)

    assert why in recording.failure
    assert pcm == b""


def test_a_device_that_alsa_can_not_open_is_busy_or_forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio_process, "ALSA_MICROPHONES", str(tmp_path / "pcmC*c"))
    assert audio_process._reason(audio_process.UNOPENED) == "none"

    (tmp_path / "pcmC0D0p").touch()  # a loudspeaker
    assert audio_process._reason(audio_process.UNOPENED) == "none"
    (tmp_path / "pcmC0D0c").touch()
    assert audio_process._reason(audio_process.UNOPENED) == "busy"
    assert audio_process._reason(-1) == "none"
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    assert audio_process._reason(audio_process.UNOPENED) == "denied"


@pytest.mark.parametrize("behaviour", ["gone", "dies"])
def test_what_came_before_it_stopped_is_kept(extra: pytest.MonkeyPatch, behaviour: str) -> None:
    extra.setenv("FAKE_MICROPHONE", behaviour)
    extra.setattr(recorder, "QUIET_SECONDS", 0.5)

    recording, pcm = recorded(60.0)

    assert recording.gone
    assert len(pcm) == pytest.approx(2 * audio.SECOND, rel=0.06)


def test_a_muted_microphone_is_silence_and_a_moment_is_nothing(extra: pytest.MonkeyPatch) -> None:
    extra.setenv("FAKE_MICROPHONE", "silence")

    _, pcm = recorded(1.0)

    assert "only silence" in audio.unusable(pcm)
    assert audio.level(pcm) == 0
    assert audio.unusable(a_tone(0.9)) == audio.SHORT


@pytest.mark.usefixtures("extra")
def test_its_process_is_gone_when_it_ends() -> None:
    recording, _ = recorded(0.2)

    assert recording._child is not None
    assert recording._child._process.poll() is not None


@pytest.mark.usefixtures("extra")
def test_the_microphone_does_not_outlive_the_program() -> None:
    command = [sys.executable, str(audio_process.__file__)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin
    assert child.stdout
    assert child.stdout.readline() == b'{"open": true}\n'

    child.stdin.close()

    child.stdout.read()
    assert child.wait() == 0
    child.stdout.close()


def test_without_the_package_the_recorder_says_what_to_install() -> None:
    if not model.missing():
        pytest.skip("the extra is installed")

    recording, _ = recorded(1.0)

    assert "pip install 'dlquiz[listen]'" in recording.failure


# ---- the transcriber


def written(used: model.Model, pcm: bytes, note_terms: tuple[str, ...] = ("units",)) -> Work:
    work = Work(lambda: Transcriber(used), pcm, note_terms)
    work.wait(0.01)
    return work


@pytest.mark.usefixtures("extra")
def test_it_writes_down_what_was_said(home: Path) -> None:
    work = written(a_model(home), a_tone(6))

    assert work.result is not None
    assert work.result.text == WORDS.replace("|", " ")
    assert work.result.invented == frozenset()
    assert work.at == pytest.approx(6, abs=0.1)


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        ("crash", "ended without a word"),
        ("refuse", "damaged"),
        ("hang", "too slow for it"),
    ],
)
def test_a_transcriber_that_fails_says_why(extra: pytest.MonkeyPatch, home: Path, behaviour: str, why: str) -> None:
    extra.setenv("FAKE_TRANSCRIBER", behaviour)
    extra.setattr(transcriber, "MOST_SECONDS", 0.2)
    extra.setattr(transcriber, "MOST_PER_SECOND", 0.0)

    work = written(a_model(home), a_tone(60))

    assert work.result is None
    assert why in work.why


def test_it_can_be_ended(extra: pytest.MonkeyPatch, home: Path) -> None:
    extra.setenv("FAKE_TRANSCRIBER", "hang")
    used = a_model(home)
    work = Work(lambda: Transcriber(used), a_tone(60), ())

    work.stop()

    assert work.result is None


@pytest.mark.usefixtures("extra")
def test_a_model_that_changed_on_the_disk_is_damaged(home: Path) -> None:
    used = a_model(home)
    used.path.write_bytes(model.MAGIC + b"weighTs")

    assert "damaged: run `dlquiz listen setup` again" in written(used, a_tone(2)).why


def test_words_that_are_none_are_no_words(extra: pytest.MonkeyPatch, home: Path) -> None:
    extra.setenv("FAKE_WORDS", " [BLANK_AUDIO] | (music) | ♪♪ ")

    assert written(a_model(home), a_tone(2)).why == transcriber.NO_WORDS


def test_a_term_that_only_the_prompt_knew_is_named(extra: pytest.MonkeyPatch, home: Path) -> None:
    extra.setenv("FAKE_WORDS", "RMSNorm, well, RMSNorm.")
    extra.setenv("FAKE_BARE", "Um, well, hmm.")

    work = written(a_model(home), a_tone(2), ("RMSNorm", "softmax"))

    assert work.result is not None
    assert work.result.invented == {"rmsnorm"}


# ---- what is made of its words


def test_silence_repeats_and_noises_are_dropped() -> None:
    pcm = a_tone(6) + bytes(4 * audio.SECOND)
    segments = [
        Segment(0, 2, "We zero units (coughs) at random."),
        Segment(2, 3, "and " * 40),
        Segment(3, 4, "So."),
        Segment(4, 5, "So."),
        Segment(5, 6, "So."),
        Segment(6, 8, "Thank you so much for watching."),
    ]

    kept = transcript.cleaned(segments, pcm)

    assert transcript.joined(kept) == "We zero units at random. So. So."


@pytest.mark.parametrize(
    ("segment", "is_doubtful"),
    [
        (Segment(0, 9, "The softmax turns scores into weights that sum to one.", 0.9), False),
        (Segment(0, 9, "The softmax turns scores into weights that sum to one.", 0.4), True),
        (Segment(0, 9, "Softmax, softmax.", 0.9), True),
        (Segment(0, 9, "It is a nice day.", 0.2), False),
    ],
)
def test_terms_are_doubted_where_the_model_is_unsure_or_says_nothing_else(segment: Segment, is_doubtful: bool) -> None:
    assert bool(transcript.doubtful([segment], ["softmax"])) is is_doubtful


@pytest.mark.parametrize(
    ("text", "bare", "invented"),
    [
        ("a ReLU, then BatchNorm", "a ray loo, then batch norm", set()),
        ("the logits", "the low jits", set()),
        ("well, RMSNorm", "well, hmm", {"rmsnorm"}),
    ],
)
def test_a_term_that_sounds_like_what_was_heard_is_believed(text: str, bare: str, invented: set[str]) -> None:
    assert transcript.invented(text, bare, ["ReLU", "BatchNorm", "logits", "RMSNorm"]) - {"relu"} == invented


# ---- the prompt


def test_the_prompt_has_names_and_words_of_the_rubrics_and_no_phrase(tmp_path: Path, extra: pytest.MonkeyPatch) -> None:
    prompts = tmp_path / "prompts"
    extra.setenv("FAKE_PROMPTS", str(prompts))
    home = tmp_path / "home"
    a_model(home)

    done = called(*of_bank(tmp_path), "judge", "mine/drop", "--audio", str(a_recording(tmp_path)))

    assert done.returncode == 0, done.stderr
    assert (
        prompts.read_text(encoding="utf-8")
        == "LSTM, Srivastava, units, random, zeroes, drops, zeroed, reduces, overfitting.\n"
    )


# ---- the model


@pytest.mark.usefixtures("extra")
def test_a_model_comes_from_a_file_after_a_yes_and_goes_again(tmp_path: Path, home: Path) -> None:
    source = tmp_path / "ggml-mine.bin"
    source.write_bytes(model.MAGIC + b"weights")

    refused = called("listen", "setup", "--from", str(source))
    assert "Add --yes" in refused.stderr
    assert not home.exists()

    done = called("listen", "setup", "--from", str(source), "--yes")
    assert done.returncode == 0, done.stderr
    assert model.installed(Home(home)) == model.Model(home / "models" / source.name, model.digest(source), "")
    assert "Listening (experimental) is on." in called("listen").stdout

    assert called("listen", "remove", "--yes").stdout == "removed 1 model and 0 recordings\n"
    assert sorted(path.name for path in home.iterdir()) == [".gitignore"]
    assert "is not set up" in called("listen").stdout


def test_another_model_takes_the_place_of_the_first(tmp_path: Path, home: Path) -> None:
    a_model(home)
    other = tmp_path / "ggml-other.bin"
    other.write_bytes(model.MAGIC + b"others")

    model.install(Home(home), other, lambda _question: True)

    assert [path.name for path in (home / "models").glob("*.bin")] == ["ggml-other.bin"]


def test_a_file_that_is_no_model_is_refused(tmp_path: Path, home: Path) -> None:
    text = tmp_path / "ggml.bin"
    text.write_text("<html>Not found</html>")

    with pytest.raises(UsageError, match=r"is no model of whisper\.cpp"):
        model.install(Home(home), text, lambda _question: True)
    with pytest.raises(UsageError, match="check the path"):
        model.install(Home(home), tmp_path / "none.bin", lambda _question: True)
    assert not home.exists()


def test_every_verb_says_what_to_install() -> None:
    if not model.missing():
        pytest.skip("the extra is installed")

    for verb in (["setup"], ["check"]):
        done = called("listen", *verb)
        assert done.returncode == 2
        assert "pip install 'dlquiz[listen]'" in done.stderr
    assert called("listen").returncode == 0


@pytest.mark.usefixtures("extra")
def test_without_a_model_a_recording_is_not_judged(tmp_path: Path) -> None:
    done = called(*of_bank(tmp_path), "judge", "mine/drop", "--audio", str(a_recording(tmp_path)))

    assert done.returncode == 2
    assert "no model yet: `dlquiz listen setup` (60 MB)" in done.stderr


@pytest.mark.parametrize("known", model.KNOWN.values(), ids=list(model.KNOWN))
def test_the_page_names_the_size_and_hash_that_are_checked(known: model.Known) -> None:
    page = (Path(__file__).parents[1] / "docs" / "listening.md").read_text(encoding="utf-8")

    assert f"| `{known.file}` | {known.size:,} | `{known.sha256}` |" in page
    assert known.url == f"{model.ADDRESS}{known.file}"


# ---- the download


class Server(BaseHTTPRequestHandler):
    """Sends what the test put into `content`, and claims its length to be `claimed`."""

    content = b""
    claimed = 0
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Length", str(self.claimed))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[model.Known]:
    """A model that a server on this machine has."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    content = model.MAGIC + b"weights" * 1000
    Server.content, Server.claimed, Server.status = content, len(content), 200
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setattr(model, "ADDRESS", f"http://127.0.0.1:{server.server_port}/")
    entry = model.Known("base", "ggml-base.bin", len(content), hashlib.sha256(content).hexdigest(), "")
    monkeypatch.setitem(model.KNOWN, "base", entry)
    yield entry
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("extra")
def test_setup_names_address_size_and_licence_and_downloads_after_a_yes(home: Path, known: model.Known) -> None:
    asked = called("listen", "setup")
    assert f"{known.url}\n7,004 bytes, licence MIT" in asked.stderr
    assert not home.exists()

    done = called("listen", "setup", "--yes")

    assert done.returncode == 0, done.stderr
    used = model.installed(Home(home))
    assert used is not None
    assert (used.name, used.sha256, used.size) == ("base", known.sha256, known.size)

    Server.status = 500
    assert "The model is there, and sound." in called("listen", "setup", "--yes").stdout
    used.path.write_bytes(b"damaged")
    Server.status = 200
    assert called("listen", "setup", "--yes").returncode == 0
    assert model.digest(used.path) == known.sha256


@pytest.mark.parametrize(
    ("content", "claimed", "status", "why"),
    [
        (b"x" * 7004, 7004, 200, "is not the file that dlquiz knows"),
        (b"x" * 9000, 9000, 200, "is not the file that dlquiz knows"),
        (b"x" * 100, 100, 200, "broke off after 100 of 7004 bytes"),
        (b"x" * 100, 7004, 200, "broke off"),
        (b"gone", 4, 404, "404 Not Found"),
    ],
)
def test_a_download_that_is_not_whole_and_right_leaves_nothing(
    home: Path, known: model.Known, content: bytes, claimed: int, status: int, why: str
) -> None:
    Server.content, Server.claimed, Server.status = content, claimed, status
    before = a_model(home)

    with pytest.raises(ListenError, match=why) as failure:
        download.download(Home(home), known, lambda _came: None)

    assert "listen setup --from FILE" in str(failure.value)
    assert model.installed(Home(home)) == before
    assert sorted(path.name for path in (home / "models").iterdir()) == [".gitignore", "ggml-mine.bin", "model.json"]


def test_a_first_download_that_fails_leaves_no_folder(home: Path, known: model.Known) -> None:
    Server.content, Server.claimed, Server.status = b"gone", 4, 404

    with pytest.raises(ListenError, match="404 Not Found"):
        download.download(Home(home), known, lambda _came: None)

    assert not (home / "models").exists()


def test_a_home_that_can_not_be_written_is_told(tmp_path: Path, known: model.Known) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").write_text("in the way")

    with pytest.raises(StoreError, match="can't write the model"):
        download.download(Home(home), known, lambda _came: None)


# ---- a recording judged


def of_bank(folder: Path) -> tuple[str, ...]:
    return ("--no-builtin", "--bank", str(a_bank(folder, BANK)))


@pytest.mark.usefixtures("extra")
def test_a_recording_is_judged(tmp_path: Path, home: Path) -> None:
    a_model(home)
    recording = a_recording(tmp_path)

    done = called(*of_bank(tmp_path), "judge", "mine/drop", "--audio", str(recording))

    assert done.returncode == 0, done.stderr
    assert "Understood:\n  We zero units at random. All are kept. It does not reduce overfitting.\n" in done.stdout
    assert 'a ✓ must Units are zeroed at random.\n    heard: "zero units at random"' in done.stdout
    assert 'you said the opposite: "reduce overfitting"' in done.stdout
    assert "Experimental. " in done.stdout


def test_a_verdict_on_a_term_that_was_perhaps_not_said_is_unsure(
    tmp_path: Path, home: Path, extra: pytest.MonkeyPatch
) -> None:
    a_model(home)
    extra.setenv("FAKE_BARE", "Um, well. So it goes.")
    extra.setenv("FAKE_PROBABILITY", "0.3")

    done = called(*of_bank(tmp_path), "judge", "mine/drop", "--audio", str(a_recording(tmp_path)), "--json")

    assert '"id": "mine/drop#mask",\n    "must": true,\n    "verdict": "unsure"' in done.stdout


@pytest.mark.parametrize(
    ("understood", "verdicts"),
    [
        ("Dropout zero's units at random while training.", ["found", "none", "none"]),
        ("drop out zeros units at random during training, at test time all units are kept", ["found", "found", "none"]),
        ("Um, so, it, like, reduces overfitting, I guess.", ["none", "none", "found"]),
        ("We see row you knits at ran dem.", ["none", "none", "none"]),
        ("Thank you.", ["none", "none", "none"]),
    ],
)
@pytest.mark.usefixtures("extra")
def test_what_models_have_written_down_is_judged_as_it_stands(
    tmp_path: Path, understood: str, verdicts: list[str]
) -> None:
    with collection.opened_bank(collection.BankPaths((a_bank(tmp_path, BANK),), builtin=False)) as bank:
        judgements = judging.judged(bank, "mine/drop", understood).judgements

    assert [str(each.verdict) for each in judgements if each] == verdicts


@pytest.mark.usefixtures("extra")
@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("none.wav", None, "check the path"),
        ("text.wav", b"no sound at all", "no sound file that can be read"),
        ("short.wav", audio.wav(a_tone(0.5)), "less than a second"),
        ("empty.wav", audio.wav(b""), "no sound file that can be read|less than a second"),
        ("silence.wav", audio.wav(bytes(2 * audio.SECOND)), "only silence"),
    ],
    ids=[
        "none",
        "text",
        "short",
        "empty",
        "silence",
    ],  # pytest puts an id into the environment, which is not made for so long ones
)
def test_a_recording_that_is_none_is_told(
    tmp_path: Path, home: Path, name: str, content: bytes | None, why: str
) -> None:
    a_model(home)
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(ListenError, match=why):
        hearing.transcribe(a_model(home), hearing.read(tmp_path / name), (), lambda _at: None)


def test_file_and_audio_are_not_two_answers(tmp_path: Path) -> None:
    done = called(*of_bank(tmp_path), "judge", "mine/drop", "a.txt", "--audio", "a.wav")

    assert done.returncode == 2
    assert "leave one of them out" in done.stderr


@pytest.mark.usefixtures("extra")
def test_check_shows_level_and_words(home: Path) -> None:
    a_model(home)

    done = called("listen", "check")

    assert done.returncode == 0, done.stderr
    assert "level  ▮▮▮▮▮▮" in done.stdout
    assert "words  We zero units at random. All are kept." in done.stdout
    assert not (home / "answers").exists()


def test_the_table_of_recordings_compares_what_was_said_with_what_was_understood(
    tmp_path: Path, home: Path, extra: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_model(home)
    extra.setenv("FAKE_WORDS", "We see row units at random. Dropout reduces overfitting.")
    folder = tmp_path / "said"
    folder.mkdir()
    a_recording(folder).rename(folder / "drop.wav")
    (folder / "drop.txt").write_text("We zero units at random. Dropout reduces overfitting.")

    benchmark.main([str(folder), "--no-builtin", "--bank", str(a_bank(tmp_path, BANK))])

    out = capsys.readouterr().out
    assert re.search(r"^drop +3 +0\.25 +1 +1 +1 ", out, re.MULTILINE), out
    assert "precision 1.00 of 1, recall 0.50 of 2" in out


# ---- no network, nothing loaded


def test_nothing_but_setup_opens_a_socket(tmp_path: Path, home: Path, extra: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_settings: object) -> None:
        raise AssertionError("a socket")

    a_model(home)
    extra.setattr(socket, "socket", refuse)
    extra.setattr(socket, "create_connection", refuse)

    for command in (
        ["listen"],
        ["listen", "check"],
        [*of_bank(tmp_path), "judge", "mine/drop", "--audio", str(a_recording(tmp_path))],
    ):
        assert called(*command).returncode == 0


@pytest.mark.parametrize("command", [["study"], ["status"], ["interview", "--list"], ["judge", "mine/drop"]])
def test_nothing_of_listening_is_loaded_where_nothing_is_heard(tmp_path: Path, command: list[str]) -> None:
    script = (
        "import sys, atexit\n"
        "parts = ('dlquiz.listen', 'numpy', 'pywhispercpp', 'miniaudio')\n"
        "atexit.register(lambda: print([name for name in sys.modules if name.startswith(parts)]))\n"
        f"sys.argv = ['dlquiz', *{of_bank(tmp_path)!r}, *{command!r}]\n"
        "from dlquiz.cli import main\nmain()"
    )

    done = subprocess.run([sys.executable, "-c", script], input="\n3\nq\n", capture_output=True, text=True, check=False)

    assert done.stdout.endswith("[]\n"), done.stdout + done.stderr
