"""SIGKILL while any verb that writes is at work: nothing is lost, and typed again it does its work. `make kills` does three hundred."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from builders import SMALL_BANK, a_bank, a_collection, called, later, rate, run

from dlquiz.card import Rating
from dlquiz.collection import interviews
from dlquiz.interview import InterviewSettings

COUNT = int(os.environ.get("KILLS", "4"))
SEED = int(os.environ.get("FUZZ_SEED", "20261129"))
EDITOR = """\
#!/bin/sh
case "$1" in
*words.yaml) printf 'bank: words\\nnotes: [{id: n, question: Q, answer: A}]\\n' > "$1" ;;
*) printf '  - {id: extra, question: Q, answer: A}\\n' >> "$1" ;;
esac
"""


class Verb(NamedTuple):
    """A command line that writes, with what is typed to it."""

    args: str  #: {} is the folder of the files that it reads and writes
    keys: str = ""
    again: tuple[int, ...] = (0,)  #: how it may end when it is typed again


VERBS = (
    Verb("study --new 99", "\n3\n" * 9),
    Verb("study --card mine/adam.lr", "\n! odd\n3\n"),
    Verb("study --card mine/adam.lr", "\nm mine\n3\n"),
    Verb("study --mode type --card mine/adam", "A mean of gradients.\n\n\n3\n"),
    Verb("random --rate --seed s", "\n3\n" * 9),
    Verb("interview --typed --questions 2 --seed s", "a mean\n\nwhy\n\na step\n\n" + "\n" * 9),
    Verb("interview --resume 1", "more\n\n" + "\n" * 9, (0, 1)),  # 1: it had ended
    Verb("import {}/other.json"), Verb("import {}/other.db"), Verb("import {}/other.csv"), Verb("import {}/other.apkg"),
    Verb("restore {}/kept.db"), Verb("sync --collection {}/anki/collection.anki2"),
    Verb("config set new_per_day 7"), Verb("config set desired_retention 0.8"),
    Verb("new --front Q --back A", again=(0, 2)), Verb("new words"), Verb("edit mine/adam", again=(0, 65)),
    Verb("suspend mine/adam.*"), Verb("unsuspend mine/sgd.batch"), Verb("reset mine/adam"), Verb("undo"),
    Verb("backup"), Verb("backup {}/own.db"), Verb("flags --done mine/adam.lr", again=(0, 2)),
    *(Verb(f"export {{}}/out{ending} --progress") for ending in (".json", ".apkg", ".csv", ".md", ".html")),
    Verb("plan --date +30 --minutes 20"), Verb("assess", "y\nn\n"), Verb("doctor"),
)  # fmt: skip


class Place(NamedTuple):
    """A home that was used, and the files that verbs read."""

    home: Path
    files: Path

    def copy(self, to: Place) -> None:
        for mine, theirs in zip(self, to, strict=True):
            shutil.rmtree(theirs, ignore_errors=True)
            shutil.copytree(mine, theirs)

    @property
    def rows(self) -> dict[str, tuple[Any, ...]]:
        with closing(sqlite3.connect(self.home / "progress.db")) as db:
            return {row[0]: row for row in db.execute("SELECT * FROM event")}


@pytest.fixture
def used(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    if sys.platform == "win32":
        pytest.skip("no SIGKILL")
    import oracle  # where the anki package is there

    files = tmp_path / "files"
    files.mkdir()
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("DLQUIZ_HOME", str(tmp_path / "other"))
        a_bank(tmp_path / "other" / "banks", SMALL_BANK.replace("bank: mine", "bank: yours"))
        for card in ("yours/adam", "yours/adam.lr"):
            assert called("--no-builtin", "study", "--card", card, keys="\n3\n").returncode == 0
        for ending in (".json", ".csv", ".apkg"):
            assert called("--no-builtin", "export", str(files / f"other{ending}"), "--progress").returncode == 0
        assert called("--no-builtin", "backup", str(files / "other.db")).returncode == 0
    with a_collection(tmp_path) as col:
        for second, card in enumerate(("mine/adam", "mine/adam.lr", "mine/sgd") * 4):
            rate(
                col,
                card,
                Rating(second % 4 + 1),
                later(seconds=second),
                {"mine/adam#first": True} if card == "mine/adam" else {},
            )
        col.act("suspend", ["mine/sgd.batch"], later(seconds=90))
        col.act("flag", ["mine/adam.lr"], later(seconds=91), given="odd")
        interviews.begin(col, InterviewSettings(questions=1, typed=True, seed="s"), None, later(seconds=92))
    a_bank(home / "banks")
    editor = tmp_path / "editor.sh"
    editor.write_text(EDITOR, encoding="utf-8")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.setenv("DLQUIZ_BUILTIN", "0")
    (files / "anki").mkdir()
    collection = oracle.fresh(files / "anki")
    assert called("export", str(files / "out.apkg"), "--progress").returncode == 0
    oracle.take(collection, files / "out.apkg")
    collection.close()
    for ending in (".json", ".csv", ".md", ".html"):
        assert called("export", str(files / f"out{ending}")).returncode == 0
    assert called("backup", str(files / "kept.db")).returncode == 0
    assert called("backup", str(files / "own.db")).returncode == 0
    shutil.copytree(home, tmp_path / "used")
    shutil.copytree(files, tmp_path / "files-used")
    return Place(tmp_path / "used", tmp_path / "files-used")


def killed(verb: Verb, files: Path, seconds: float) -> str:
    """Run it, but not for longer than so many seconds; what it said until then."""
    program = subprocess.Popen(
        [sys.executable, "-m", "dlquiz", *verb.args.format(files).split()],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(verb.keys)
    program.stdin.flush()
    if seconds < 60:
        time.sleep(seconds)
        os.killpg(program.pid, signal.SIGKILL)
    program.stdin.close()
    said = program.stdout.read()
    program.stdout.close()
    program.wait()
    return said


def insist_sound(place: Place, before: dict[str, tuple[Any, ...]], said: str) -> None:
    """All that was there is there, with what was acknowledged, and every file is whole."""
    health = called("doctor")
    assert health.returncode == 0, health
    after = place.rows
    assert after.items() >= before.items()
    saved = Counter(re.findall(r"^saved (\S+) (\d) due", said, re.MULTILINE))
    added = Counter((row[2], str(row[8])) for name, row in after.items() if name not in before)
    assert saved <= added
    checked = called("check", str(place.home / "banks"))
    assert ": error: " not in checked.stdout, checked
    for verb in (
        ("config", "get"),
        ("list", "--json"),
        ("status", "--json"),
        ("interview", "--list"),
        ("flags",),
        ("plan",),
    ):
        looked = called(*verb)
        assert looked.returncode == 0, looked
    json.loads((place.files / "out.json").read_text(encoding="utf-8"))
    assert zipfile.ZipFile(place.files / "out.apkg").testzip() is None
    assert (place.files / "out.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert (place.files / "out.csv").stat().st_size
    assert (place.files / "out.md").stat().st_size
    for copy in (place.files / "own.db", *(place.home / "backups").glob("[!.]*.db")):
        with closing(sqlite3.connect(copy)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_no_verb_that_writes_loses_anything_to_a_kill(used: Place, home: Path, tmp_path: Path) -> None:
    place = Place(home, tmp_path / "files")
    chance, took, brought = random.Random(SEED), dict[Verb, float](), dict[Verb, set[str]]()
    order = [*VERBS] * (COUNT // len(VERBS)) + chance.sample(VERBS, COUNT % len(VERBS))
    for verb in order:
        used.copy(place)
        before = place.rows
        if verb not in took:
            began = time.monotonic()
            killed(verb, place.files, 60)
            took[verb] = time.monotonic() - began
            brought[verb] = place.rows.keys() - before.keys()
            insist_sound(place, before, "")
            assert brought[verb] or not re.match(r"study|random|suspend|undo|import .*(json|db|apkg)", verb.args)
            used.copy(place)
        seconds = took[verb] * chance.uniform(0.4, 1.1)
        try:
            said = killed(verb, place.files, min(seconds, 50))
            insist_sound(place, before, said)
            again = run(*verb.args.format(place.files).split(), keys=verb.keys)
            assert again.returncode in verb.again, again
            insist_sound(place, before, "")
            if verb.args.startswith("import"):
                assert place.rows.keys() - before.keys() == brought[verb]
                assert not (home / ".importing").exists()
        except BaseException as error:
            error.add_note(f"killed after {seconds:.3f} s of {took[verb]:.3f}: {verb.args}")
            raise
