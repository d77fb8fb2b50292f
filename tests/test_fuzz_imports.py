"""Whatever a .json, .db or .csv holds: it comes in, or a sentence says why not. `make fuzz-imports` tries five thousand."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from builders import SMALL_BANK, a_bank, a_collection, called, later, rate
from files_at_random import File, at_random

from dlquiz.card import Rating
from dlquiz.text import printable
from dlquiz.transfer import imports

COUNT = int(os.environ.get("FUZZ_IMPORTS", "40"))
SEED = int(os.environ.get("FUZZ_SEED", "20261129"))
LOOKS = (
    ("status", "--json"),
    ("log", "--json"),
    ("stats", "--json"),
    ("list", "--json"),
)  # what a spoiled log would break
MEANT = {".json": (0, 65), ".db": (0, 1, 65), ".csv": (0, 65), ".tsv": (0, 65)}  # 1: newer, or damaged as SQLite says


def held(home: Path) -> tuple[frozenset[tuple[object, ...]], dict[str, bytes]]:
    """The log, and every file of the banks."""
    with closing(sqlite3.connect(home / "progress.db")) as db:
        events = frozenset(db.execute("SELECT * FROM event"))
    banks = home / "banks"
    files = {str(path.relative_to(banks)): path.read_bytes() for path in banks.rglob("*") if path.is_file()}
    files.pop(imports.REPORT, None)
    return events, files


def outside(folder: Path, home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and home not in path.parents}


def try_out(file: File, folder: Path, home: Path) -> int:
    """Import the file twice; how it ended."""
    path = folder / f"x{file.ending}"
    path.write_bytes(file.raw)
    before, others = held(home), outside(folder, home)
    done = called("--no-builtin", "import", str(path))
    for text in (done.stdout, done.stderr):
        assert printable.clean(text) == text
    after = held(home)
    assert outside(folder, home) == others
    assert done.returncode in MEANT[file.ending], done
    if done.returncode:
        assert done.stderr.startswith("dlquiz: ")
        assert after == before
        return done.returncode
    assert after[0] >= before[0]
    assert after[1].items() >= before[1].items()
    insist_all_is_there(file, after[0], done.stdout + done.stderr)
    for look in LOOKS:
        assert called("--no-builtin", *look).returncode == 0, look
    assert called("--no-builtin", "doctor").returncode == 0
    assert ": error: " not in called("check", str(home / "banks")).stdout
    again = called("--no-builtin", "import", str(path))
    assert again.returncode == 0, again
    assert held(home) == after
    return 0


def insist_all_is_there(file: File, events: frozenset[tuple[object, ...]], said: str) -> None:
    """Nothing of a log that was accepted is missing from ours; every row of a table that was accepted is a card, or named."""
    if file.ending == ".json":
        with suppress(KeyError, TypeError):  # there may be no log
            rows = json.loads(file.raw.decode("utf-8-sig"))["log"]["events"]
            assert {row["id"] for row in rows or ()} <= {row[0] for row in events}
    elif file.ending in (".csv", ".tsv"):
        assert "took column" in said


@pytest.fixture
def used(home: Path) -> Path:
    """A home with a bank and an answer."""
    a_bank(home / "banks", SMALL_BANK)
    assert called("--no-builtin", "study", "--card", "mine/adam.lr", keys="\n3\n").returncode == 0
    return home


@pytest.fixture
def progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Another machine's progress file."""
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("DLQUIZ_HOME", str(tmp_path / "elsewhere"))
        with a_collection(tmp_path / "elsewhere") as col:
            for second, card in enumerate(("mine/adam", "mine/adam.lr", "mine/sgd") * 2):
                rate(
                    col,
                    card,
                    Rating.GOOD,
                    later(seconds=second),
                    {"mine/adam#first": True} if card == "mine/adam" else {},
                )
            col.act("suspend", ["mine/sgd.batch"], later(seconds=70))
            col.progress.copy_to(tmp_path / "sound.db")
    with closing(sqlite3.connect(tmp_path / "sound.db")) as db:
        return db.serialize()


def test_whatever_a_file_holds_it_comes_in_or_a_sentence_says_why_not(
    tmp_path: Path, used: Path, progress: bytes
) -> None:
    kept = {path: path.read_bytes() for path in used.rglob("*") if path.is_file()}
    ended = dict.fromkeys((0, 1, 65), 0)
    for number in range(SEED, SEED + COUNT):
        for path in used.rglob("*"):
            if path.is_file() and path not in kept:
                path.unlink()
        for path, raw in kept.items():
            path.write_bytes(raw)
        file = at_random(number, progress)
        try:
            ended[try_out(file, tmp_path, used)] += 1
        except BaseException as error:
            error.add_note(f"file {number}{file.ending}: {'; '.join(file.told)}")
            raise
    assert min(ended[0], ended[65]) > COUNT // 10, ended
