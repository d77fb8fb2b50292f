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


MODULES = """
    dlquiz dlquiz.bank dlquiz.bank.build dlquiz.bank.index dlquiz.bank.index_file dlquiz.bank.index_tables dlquiz.bank.names
    dlquiz.bank.paths dlquiz.bank.roots dlquiz.calendar dlquiz.card dlquiz.card_text dlquiz.changed_since dlquiz.cli
    dlquiz.cli.sitting dlquiz.cli.streams dlquiz.collection dlquiz.collection.lookup dlquiz.config dlquiz.dates dlquiz.deck
    dlquiz.errors dlquiz.files dlquiz.fsrs dlquiz.hashing dlquiz.home dlquiz.interactive dlquiz.interactive.answering
    dlquiz.interactive.asking dlquiz.interactive.beside dlquiz.interactive.card_foot dlquiz.interactive.card_rows
    dlquiz.interactive.card_screen
    dlquiz.interactive.key_hints dlquiz.interactive.study dlquiz.interactive.writing dlquiz.maths dlquiz.points dlquiz.rng
    dlquiz.scheduler dlquiz.session dlquiz.store dlquiz.store.backups dlquiz.store.counts dlquiz.store.journal dlquiz.store.log
    dlquiz.store.queries dlquiz.store.rows dlquiz.store.schema dlquiz.terminal dlquiz.terminal.clock dlquiz.terminal.keyboard
    dlquiz.terminal.keys dlquiz.terminal.line dlquiz.terminal.multiline dlquiz.terminal.posix dlquiz.terminal.region
    dlquiz.terminal.screen dlquiz.text dlquiz.text.cells dlquiz.text.phrases dlquiz.text.pictures dlquiz.text.printable
    dlquiz.typed_answer dlquiz.variants dlquiz.view dlquiz.view.answer dlquiz.view.card dlquiz.view.key_points dlquiz.view.leech
    dlquiz.view.pager dlquiz.view.sheet dlquiz.view.styled dlquiz.view.verdicts
"""
PLANNED = """
    dlquiz.bank.select dlquiz.cli.news dlquiz.collection.after_interview dlquiz.collection.assessment dlquiz.collection.doctor
    dlquiz.collection.kept_plan dlquiz.collection.planning dlquiz.collection.scope dlquiz.plan dlquiz.plan.costs
"""  # on the way to an interview
# What no first card may wait for, each for its milliseconds.
SLOW = (
    "argparse ast asyncio concurrent dataclasses difflib email inspect logging platform random shutil subprocess tempfile textwrap"
    " tokenize tomllib traceback typer click pydantic rich markdown_it pygments yaml platformdirs snowballstemmer"
)


@pytest.mark.skipif(not POSIX, reason="a pseudo-terminal")
@pytest.mark.parametrize("more", ["", PLANNED], ids=["no plan", "a plan"])
def test_the_first_card_imports_these_modules_and_no_others(more: str) -> None:
    """A new name here is a few more tenths of a millisecond before every first question: is it needed that early?"""
    code = (
        "import builtins, sys\n"
        "compile, strings = builtins.compile, []\n"
        "def kept(source, *how, **more):\n"
        "    strings.extend([source] if isinstance(source, str) else [])\n"
        "    return compile(source, *how, **more)\n"
        "builtins.compile = kept\n"
        "from dlquiz import cli, view\n"
        "view.warm = lambda: sys.exit('loaded: ' + ' '.join(sorted(sys.modules)) + f' {len(strings)}.')\n"
        "sys.argv = ['dlquiz', 'study']\n"
        "cli.main()"
    )
    run("study", keys="")  # compiles the bank
    if more:
        run("plan", "--date", "+30")
    terminal = Terminal([sys.executable, "-c", code], columns=200)
    terminal.shows(r"\w\.$")
    assert terminal.ended() == 1
    modules = "".join(terminal.raw.decode().partition("loaded: ")[2].split("\r\n")).rstrip(".").split(" ")
    terminal.child.close(force=True)
    assert modules.pop() == "0"  # annotations that were compiled from strings, see dlquiz/card.py

    assert [name for name in modules if name.split(".")[0] in SLOW.split()] == []
    assert [name for name in modules if name.split(".")[0] == "dlquiz"] == sorted(MODULES.split() + more.split())


@pytest.mark.skipif(not POSIX, reason="a shell's pipes")
@pytest.mark.parametrize(("daily", "typed"), FORMS)
def test_a_reader_that_goes_away_is_no_error_to_either(daily: list[str], typed: list[str]) -> None:
    codes = []
    for args in (daily, typed):
        program = f"yes '' | head -50 | '{sys.executable}' -m dlquiz {' '.join(args)} | true; exit ${{PIPESTATUS[2]}}"
        done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, timeout=60, check=False)
        codes.append((done.returncode, done.stderr))

    assert codes == [(0, ""), (0, "")]


@pytest.mark.parametrize("args", FORMS[0])
def test_an_interrupt_while_a_module_is_made_ends_as_any_other(args: list[str], tmp_path: Path) -> None:
    (tmp_path / "interrupted.py").write_text(  # a module: Python remembers it of no other program
        "from dlquiz import cli; from dlquiz.cli import sitting\n"
        "sitting.sit = lambda *args, **options: exec('raise KeyboardInterrupt'); cli.main()"
    )
    command = [sys.executable, "-m", "interrupted", *args]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (130, "")


ENDING = """
import atexit, sys, threading, time
from dlquiz import cli

class Kept:
    def __del__(self):
        print("taken to pieces")

def slow():
    time.sleep(0.1)
    print("thread ended")

def main():
    atexit.register(print, "called at the end")
    threading.Thread(target=slow).start()
    print("said")
    sys.exit({})

kept, cli.main = Kept(), main
cli.process()
"""


def test_the_end_waits_for_what_was_begun_and_takes_nothing_to_pieces() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ENDING.format(3)], capture_output=True, text=True, timeout=60, check=False
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "said\nthread ended\ncalled at the end\n", "")


def test_a_fault_of_the_program_is_still_told() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ENDING.format("1 / 0")], capture_output=True, text=True, timeout=60, check=False
    )

    assert (ended.returncode, ended.stderr.splitlines()[-1]) == (1, "ZeroDivisionError: division by zero")


@pytest.mark.skipif(not POSIX, reason="a pseudo-terminal")
@pytest.mark.parametrize("args", FORMS[0])
def test_ctrl_c_ends_either_alike(args: list[str]) -> None:
    terminal = Terminal([sys.executable, "-m", "dlquiz", *args])
    terminal.shows("What does Adam keep")
    terminal.type("\x03")

    terminal.shows("^interrupted; 0 answers kept")
    assert terminal.ended() == 130
    assert terminal.restored()
    terminal.child.close(force=True)
