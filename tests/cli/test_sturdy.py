"""What an enemy would try on the real program: a sentence or a clean end each time, the terminal as it was, nothing lost."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import SMALL_BANK, a_bank, called, run

if sys.platform == "win32":
    pytest.skip("POSIX streams, signals and limits", allow_module_level=True)

import resource

from screen import Terminal

ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def sitting(bank: list[str]) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(*args: str, columns: int = 80, rows: int = 24) -> Terminal:
        opened.append(Terminal([sys.executable, "-m", "dlquiz", *args, *bank], columns, rows))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.child.close(force=True)


# ---- streams


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("status > /dev/full", 1, "dlquiz: the output can't be written: No space left on device\n"),
        ("study --cards 1 > /dev/full", 1, "dlquiz: the output can't be written: No space left on device\n"),
        ("status >&-", 0, ""),
        ("--help | true", 0, ""),
        ("study --help | true", 0, ""),
        ("study --cards 1 <&-", 0, ""),
        ("nonsense 2>&-", 2, ""),
        ("nonsense 2> /dev/full", 2, ""),
        ("status <&- >&- 2>&-", 0, ""),
    ],
)
def test_a_stream_that_is_full_closed_or_not_read(bank: list[str], line: str, code: int, says: str) -> None:
    command = f'printf "\\n3\\n" | "{sys.executable}" -m dlquiz {" ".join(bank)} {line}; exit ${{PIPESTATUS[1]}}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (code, says)


def test_an_answer_is_kept_though_nobody_reads_of_it(bank: list[str]) -> None:
    command = f'printf "\\n3\\n" | "{sys.executable}" -m dlquiz study --cards 1 {" ".join(bank)} >&-'
    subprocess.run(["bash", "-c", command], timeout=60, check=True)

    assert len(json.loads(called("log", "--json", *bank).stdout)) == 1


# ---- what is typed


@pytest.mark.parametrize(
    "args",
    [
        ["show", "{}"],
        ["{}"],
        ["study", "--{}"],
        ["undo", "{}"],
        ["study", "--topic", "{}"],
        ["import", "{}.csv"],
        ["check", "{}"],
        ["restore", "{}"],
        ["config", "set", "rollover", "{}"],
    ],
)
def test_nothing_typed_acts_on_the_terminal_or_makes_a_line_of_its_own(bank: list[str], args: list[str]) -> None:
    nasty = "a\ndlquiz: all is well\r\x1b]0;title\x07\u202e\u2028\x9b31m"
    done = called(*(each.format(nasty) for each in args), *bank)

    assert done.returncode in (2, 65)
    assert not ACTING.search(done.stderr)
    assert "\ndlquiz: all is well" not in done.stderr


@pytest.mark.parametrize("verb", ["study", "interview"])
def test_minutes_that_are_no_number_are_refused(bank: list[str], verb: str) -> None:
    done = called(verb, "--minutes", "nan", *bank)

    assert done.returncode == 2
    assert "--minutes is no number" in done.stderr


def test_input_that_lacks_the_mark_of_its_encoding_is_a_sentence(bank: list[str]) -> None:
    command = [sys.executable, "-m", "dlquiz", "study", *bank]
    env = {**os.environ, "PYTHONIOENCODING": "utf-16", "PYTHONUTF8": "0"}
    done = subprocess.run(command, input=b"\n3\n", capture_output=True, env=env, check=False)

    assert done.returncode == 2
    assert "standard input is not in utf-16" in done.stderr.decode("utf-16")


def test_a_seed_may_be_anything(bank: list[str]) -> None:
    for seed in ("", "\udcff", "x" * 10_000, "\n"):
        assert called("random", "--seed", seed, *bank).returncode == 0
        assert called("interview", "--seed", seed, *bank).returncode == 0


# ---- places


@pytest.mark.parametrize("verb", ["status", "study", "doctor"])
@pytest.mark.parametrize("place", ["hö me 日本 'q\" $x", "~nobody/x"])
def test_a_home_may_be_called_anything(
    tmp_path: Path, bank: list[str], monkeypatch: pytest.MonkeyPatch, place: str, verb: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DLQUIZ_HOME", place)

    assert called(verb, *bank, keys="\n3\n").returncode == 0


def test_the_command_that_is_told_works_as_a_shell_reads_it(
    tmp_path: Path, bank: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "hö me 日本 'q\" $x"
    monkeypatch.setenv("DLQUIZ_HOME", str(home))
    called("study", "--cards", "1", *bank, keys="\n3\n")
    called("backup")
    (home / "progress.db").write_bytes(b"rubbish" * 1000)
    done = called("status", *bank)
    assert done.returncode == 1

    command = done.stderr.rsplit("dlquiz ", 1)[1]
    subprocess.run(["bash", "-c", f'"{sys.executable}" -m dlquiz {command}'], timeout=60, check=True)
    assert len(json.loads(called("log", "--json", *bank).stdout)) == 1


def test_a_home_of_a_user_who_is_not_there_is_told_and_makes_no_folder(
    tmp_path: Path, bank: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for verb in (["study"], ["config", "path"], ["check"], []):
        done = run(*verb, *bank, env={"DLQUIZ_HOME": "~nosuch/quiz"})
        assert done.returncode == 2
        assert done.stderr == (
            "dlquiz: DLQUIZ_HOME is ~nosuch/quiz, but there is no user 'nosuch'; set it to a folder's whole path\n"
        )
    assert not list(tmp_path.glob("~*"))


def test_loops_of_links_are_a_sentence(tmp_path: Path, bank: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)

    assert called("list", "--bank", str(loop)).returncode == 65
    assert called("import", f"{loop}.db").returncode == 2
    monkeypatch.setenv("DLQUIZ_HOME", str(loop))
    done = called("study", *bank)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_pipes_are_never_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "banks"
    folder.mkdir()
    a_bank(folder)
    os.mkfifo(folder / "pipe.yaml")
    for name in ("x.csv", "x.json", "x.db", "x.apkg"):
        (tmp_path / name).symlink_to(folder / "pipe.yaml")

    assert "2 notes" in run("list", "--no-builtin", "--bank", str(folder), timeout=20).stdout
    assert run("check", str(folder / "mine.yaml"), timeout=20).returncode == 0
    for name in ("x.csv", "x.json", "x.db", "x.apkg"):
        assert run("import", str(tmp_path / name), timeout=20).returncode == 2


def test_settings_without_bottom_are_told(bank: list[str], home: Path) -> None:
    home.mkdir()
    for text in ("a = " + "[" * 100_000, "a = " + "9" * 10_000):
        (home / "config.toml").write_text(text)
        done = called("status", *bank)
        assert done.returncode == 2
        assert "config.toml" in done.stderr


def test_where_nothing_can_be_written_one_can_look(bank: list[str]) -> None:
    called("study", "--cards", "1", *bank, keys="\n3\n")

    def full(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-B", "-m", "dlquiz", *args, *bank],
            input="\n3\n", capture_output=True, text=True, timeout=60, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
        )  # fmt: skip

    assert len(json.loads(full("log", "--json").stdout)) == 1
    assert full("status").returncode == 0
    refused = full("study")
    assert refused.returncode == 1
    assert "every answer saved so far is kept" in refused.stderr
    assert len(json.loads(called("log", "--json", *bank).stdout)) == 1


# ---- in the middle of a sitting


def test_a_card_that_leaves_the_bank_is_passed_over(tmp_path: Path, bank: list[str]) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "dlquiz", "study", *bank],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("\n3\n")
    child.stdin.flush()
    assert any(line.startswith("saved") for line in iter(child.stdout.readline, ""))
    head, _, note = SMALL_BANK.partition("  - id: sgd\n")
    assert note
    (tmp_path / "mine.yaml").write_text(head, encoding="utf-8")
    called("status", *bank)  # reads the bank anew
    out, err = child.communicate("\n1\n" * 20, timeout=60)

    assert (child.returncode, err) == (0, "")
    assert "mine/sgd is no longer in the bank" in out
    assert "there is no card" not in out


@pytest.mark.parametrize("number", [signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_sitting_with_the_terminal_as_it_was(
    sitting: Callable[..., Terminal], number: signal.Signals
) -> None:
    terminal = sitting("interview", "--typed")
    terminal.shows("left in all")
    terminal.type("half an answer")
    terminal.shows("half an answer")
    terminal.child.kill(number)

    assert terminal.ended() == 128 + number
    assert terminal.restored()
    assert terminal.raw.rfind(b"\x1b[?2004l") > terminal.raw.rfind(b"\x1b[?2004h")


def test_ctrl_c_again_and_again_ends_once(sitting: Callable[..., Terminal]) -> None:
    terminal = sitting("study")
    terminal.shows("done speaking")
    terminal.type(" 3")
    terminal.shows("^✓ good")
    terminal.type("\x03" * 20)

    assert terminal.ended() == 130
    assert terminal.restored()
    assert b"Traceback" not in terminal.raw


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (10, 3), (300, 100)])
def test_no_screen_is_too_small_or_large(sitting: Callable[..., Terminal], columns: int, rows: int) -> None:
    terminal = sitting("study", "--mode", "reveal", columns=columns, rows=rows)
    terminal.until(lambda: b"?" in terminal.raw or b"q" in terminal.raw, "a card")
    for key in (" ", "?", "a", "x", "3", "=", "a", "\r", " ", "p", "p", "q"):
        terminal.type(key)
        terminal.pump(0.02)

    assert terminal.ended() == 0
    assert terminal.restored()


def test_a_closed_standard_stream_is_no_stream_of_the_log(bank: list[str], home: Path) -> None:
    """A file that is opened where standard output was closed would be printed into."""
    run("study", "--cards", "1", *bank, keys="\n3\n")
    command = f'exec >&- 2>&-; "{sys.executable}" -m dlquiz status {" ".join(bank)}'
    subprocess.run(["bash", "-c", command], timeout=60, check=True)

    assert called("doctor", *bank).returncode == 0
    assert b"topic  due" not in (home / "progress.db").read_bytes()
