"""A damaged progress file is used or the damage is told, and no answer is lost in silence. `make flips` tries a thousand flips and cuts."""

from __future__ import annotations

import os
import random
import re
import shlex
import shutil
import sqlite3
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest
from builders import SMALL_BANK, Called, a_bank, a_collection, called, later, rate

from dlquiz.card import Rating
from dlquiz.collection import interviews
from dlquiz.interview import InterviewSettings
from dlquiz.text import printable

COUNT = int(os.environ.get("FLIPS", "10"))
SEED = int(os.environ.get("FUZZ_SEED", "20261129"))
ANSWERS = 24
VERBS: tuple[tuple[tuple[str, ...], str], ...] = (
    ((), ""), (("status", "--json"), ""), (("log", "--json"), ""), (("stats", "--json"), ""), (("interview", "--list"), ""),
    (("study", "--card", "mine/sgd"), "\n3\n"), (("suspend", "mine/adam.lr"), ""), (("undo",), ""), (("flags", "--json"), ""),
    (("export", "out.json"), ""), (("backup", "own.db"), ""), (("doctor",), ""), (("doctor",), ""), (("status",), ""),
)  # fmt: skip


@pytest.fixture
def sound(tmp_path: Path, home: Path) -> Path:
    """A folder with a home that was used, as it is in the middle of a sitting: the last answers lie in the journal."""
    copy = tmp_path / "sound"
    with a_collection(tmp_path) as col:
        for number in range(ANSWERS):
            card = ("mine/adam", "mine/adam.lr", "mine/sgd")[number % 3]
            rate(
                col,
                card,
                Rating(number % 4 + 1),
                later(seconds=number),
                {"mine/adam#first": True} if number % 3 == 0 else {},
            )
        col.act("suspend", ["mine/sgd.batch"], later(seconds=90))
        col.act("flag", ["mine/adam.lr"], later(seconds=91), given="odd")
        interviews.begin(col, InterviewSettings(questions=1, typed=True, seed="s"), None, later(seconds=92))
    assert called("--no-builtin", "backup", str(home / "backups" / "progress-2026-11-23.db")).returncode == 0
    with a_collection(tmp_path) as col:
        rate(col, "mine/sgd", Rating.GOOD, later(days=1))
        shutil.copytree(home, copy)
    a_bank(copy / "banks", SMALL_BANK)
    return copy


def spoil(chance: random.Random, home: Path) -> str:
    """Damage the file, or its journal; what was done."""
    path = home / "progress.db"
    if chance.random() < 0.25:
        path = home / "progress.db-wal"
    else:
        (home / "progress.db-shm").unlink(missing_ok=True)
        if chance.random() < 0.7:  # as a program that ended leaves it
            with closing(sqlite3.connect(home / "progress.db")) as db:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = bytearray(path.read_bytes())
    written = [place for place, byte in enumerate(raw) if byte]
    place = chance.choice(written) if chance.random() < 0.7 else chance.randrange(len(raw))
    what = chance.choice(["bit", "bit", "bit", "byte", "byte", "hole", "cut"])
    if what == "bit":
        raw[place] ^= 1 << chance.randrange(8)
    elif what == "byte":
        raw[place] = chance.randrange(256)
    elif what == "hole":
        raw[place : place + 512] = bytes(len(raw[place : place + 512]))
    else:
        del raw[place:]
    path.write_bytes(raw)
    return f"{what} at {place} of {path.name}"


def harmless(done: Called) -> Called:
    """The run, if it ended as it may and printed nothing that a terminal would act on."""
    assert done.returncode in (0, 1), done
    for text in (done.stdout, done.stderr):
        assert printable.clean(text) == text
    if done.returncode:
        assert done.stderr.strip() or done.stdout.strip(), done
    return done


def rows_in(path: Path) -> int:
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT count(*) FROM event NOT INDEXED").fetchone()[0])
    return 0


def try_out(home: Path, at_least: int) -> str:
    """Every kind of verb on this home: "unnoticed", "told" or "restored".

    Args:
        home: A damaged one.
        at_least: Rows that its log has.
    """
    backup = home / "backups" / "progress-2026-11-23.db"
    before, told, written = backup.read_bytes(), "", 0
    for args, keys in VERBS:
        done = harmless(called("--no-builtin", *args, keys=keys))
        told += done.stderr
        written += len(re.findall(r"^(saved|suspended|undone) ", done.stdout, re.MULTILINE))
    assert backup.read_bytes() == before  # no damaged copy takes the place of a sound one
    restoring = re.findall(r"dlquiz (restore \S+)", told)
    if not told:
        assert rows_in(home / "progress.db") >= at_least + written
        return "unnoticed"
    if not restoring:
        return "told"
    assert harmless(called("--no-builtin", *shlex.split(restoring[-1]))).returncode == 0
    for _ in range(5):  # a backup that was made meanwhile may be fuller
        health = harmless(called("--no-builtin", "doctor"))
        advice = re.findall(r"dlquiz ((?:import|restore) \S+)", health.stderr)
        if not health.returncode:
            break
        assert advice or "mended from the log" in health.stderr or "taken out of the log" in health.stderr
        for command in advice[-1:]:
            assert harmless(called("--no-builtin", *shlex.split(command))).returncode == 0
    assert health.returncode == 0
    assert harmless(called("--no-builtin", "study", "--card", "mine/sgd", keys="\n3\n")).returncode == 0
    assert rows_in(home / "progress.db") >= ANSWERS + 2
    return "restored"


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is open can't be replaced there")
def test_a_damaged_file_is_used_or_told_and_loses_nothing_in_silence(home: Path, sound: Path, at_home: Path) -> None:
    ended = dict.fromkeys(("unnoticed", "told", "restored"), 0)
    for number in range(SEED, SEED + COUNT):
        for folder in (home, at_home):
            shutil.rmtree(folder)
        shutil.copytree(sound, home)
        at_home.mkdir()
        os.chdir(at_home)
        did = spoil(random.Random(number), home)
        try:
            # What SQLite had only in its journal it can't miss: what is promised is about the file with its journal.
            ended[try_out(home, ANSWERS + (2 if "-wal" in did else 3))] += 1
        except BaseException as error:
            error.add_note(f"flip {number}: {did}")
            raise
    assert COUNT < 100 or min(ended.values()) > COUNT // 20, ended
