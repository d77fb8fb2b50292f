"""The daily forms, `dlquiz` and `dlquiz study`, behave as Typer's commands do, without Typer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from builders import a_bank, run

POSIX = sys.platform != "win32"
if POSIX:
    from screen import Terminal

# `dlquiz study --` and `dlquiz --no-builtin` say nothing more, but are Typer's to read.
FORMS = [(["study"], ["study", "--"]), ([], ["--no-builtin"])]


@pytest.fixture(autouse=True)
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DLQUIZ_BUILTIN", "0")
    path = a_bank(tmp_path)
    monkeypatch.setenv("DLQUIZ_BANK", str(path))
    return path


def loaded(*args: str) -> str:
    """The program's output, and at its end whether Typer was there."""
    code = (
        "import atexit, sys\natexit.register(lambda: print('typer' in sys.modules))\n"
        "from dlquiz.cli import main\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], input="q\n", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("daily", "typed"), FORMS)
def test_the_daily_forms_need_no_typer_and_print_the_same(daily: list[str], typed: list[str]) -> None:
    text, same = loaded(*daily), loaded(*typed)

    assert text.splitlines()[-1] == "False"
    assert same.splitlines()[-1] == "True"
    assert text.splitlines()[:-1] == same.splitlines()[:-1]


@pytest.mark.parametrize(("daily", "typed"), FORMS)
@pytest.mark.parametrize("fault", ["config", "progress", "bank", "input"])
def test_what_goes_wrong_is_told_alike(daily: list[str], typed: list[str], fault: str, home: Path, bank: Path) -> None:
    home.mkdir(parents=True)
    if fault == "config":
        (home / "config.toml").write_text("rollover = 99\n")
    elif fault == "progress":
        (home / "progress.db").write_bytes(b"no database" * 100)
    elif fault == "bank":
        os.environ["DLQUIZ_BANK"] = str(bank.with_name("gone.yaml"))
    keys = "" if fault == "input" else "\n3\n"

    told, expected = run(*daily, keys=keys), run(*typed, keys=keys)

    assert (told.returncode, told.stderr) == (expected.returncode, expected.stderr)
    assert bool(told.returncode) is (fault != "input"), told.stderr


@pytest.mark.skipif(not POSIX, reason="a shell's pipes")
@pytest.mark.parametrize(("daily", "typed"), FORMS)
def test_a_reader_that_goes_away_is_no_error_to_either(daily: list[str], typed: list[str]) -> None:
    codes = []
    for args in (daily, typed):
        program = f"yes '' | head -50 | '{sys.executable}' -m dlquiz {' '.join(args)} | true; exit ${{PIPESTATUS[2]}}"
        done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, timeout=60, check=False)
        codes.append((done.returncode, done.stderr))

    assert codes == [(0, ""), (0, "")]


@pytest.mark.skipif(not POSIX, reason="a pseudo-terminal")
@pytest.mark.parametrize("args", FORMS[0])
def test_ctrl_c_ends_either_alike(args: list[str]) -> None:
    terminal = Terminal([sys.executable, "-m", "dlquiz", *args])
    terminal.shows("What does Adam keep")
    terminal.type("\x03")

    assert terminal.ended() == 130
    assert terminal.restored()
    assert terminal.now().strip().endswith("interrupted; 0 answers kept")
    terminal.child.close(force=True)
