"""Whatever a package holds: it comes in, or a sentence says why not and nothing changes. `make fuzz-packages` tries five thousand."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from builders import SMALL_BANK, Called, a_bank, called
from packages_at_random import Package, at_random

from dlquiz.text import printable
from dlquiz.transfer import imports

COUNT = int(os.environ.get("FUZZ_PACKAGES", "40"))
SEED = int(os.environ.get("FUZZ_SEED", "20261124"))
FOUND = (
    20261166,
    20261640,
    20261701,
    20263630,
)  # packages that were once too much; seeds tried: 20261124, 3,000 of them
LONGEST_S = 20  # for one package, on a busy machine; most take a hundredth of a second
MEMORY = 1 << 30  # bytes more than the tests have already


class Held(NamedTuple):
    """What is the user's: answers, and every file of the banks."""

    events: frozenset[tuple[object, ...]]
    files: dict[str, bytes]


def held(home: Path) -> Held:
    with closing(sqlite3.connect(home / "progress.db")) as db:
        events = frozenset(db.execute("SELECT * FROM event"))
    banks = home / "banks"
    files = {str(each.relative_to(banks)): each.read_bytes() for each in banks.rglob("*") if each.is_file()}
    files.pop(imports.REPORT, None)
    return Held(events, files)


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Where the system can do that, an end to what this process may have: beyond it there is a MemoryError."""
    try:
        import resource
    except ImportError:  # Windows
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = (
        int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        if os.path.isdir("/proc/self")
        else None
    )
    if used is None:  # macOS
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def taken(path: Path) -> Called:
    begun = time.monotonic()
    with bounded_memory():
        done = called("--no-builtin", "import", str(path))
    assert time.monotonic() - begun < LONGEST_S
    for text in (done.stdout, done.stderr):
        assert printable.clean(text) == text
        assert "Traceback" not in text
    return done


def try_out(package: Package, folder: Path, home: Path) -> int:
    """Import the package twice; how it ended."""
    path = folder / f"x{package.ending}"
    path.write_bytes(package.raw)
    before = held(home)
    done = taken(path)
    after = held(home)
    assert not (home / ".importing").exists()
    if done.returncode:
        assert done.returncode == 65, done
        assert done.stderr.startswith(f"dlquiz: {path}")
        assert done.stdout == ""
        assert after == before
        return 65
    assert done.stdout
    assert after.events >= before.events
    assert after.files.items() >= before.files.items()
    checked = called("check", str(home / "banks"))
    assert ": error: " not in checked.stdout
    again = taken(path)
    assert again.returncode == 0, again
    assert held(home) == after
    return 0


@pytest.fixture
def used(home: Path) -> Path:
    """A home with a bank and an answer."""
    a_bank(home / "banks", SMALL_BANK)
    assert called("--no-builtin", "study", "--card", "mine/adam.lr", keys="\n3\n").returncode == 0
    return home


@pytest.mark.parametrize("number", FOUND)
def test_a_package_that_was_once_too_much_is_none_any_more(tmp_path: Path, used: Path, number: int) -> None:
    try_out(at_random(number, tmp_path), tmp_path, used)


def test_whatever_a_package_holds_it_comes_in_or_a_sentence_says_why_not(tmp_path: Path, used: Path) -> None:
    kept = {each: each.read_bytes() for each in used.rglob("*") if each.is_file()}
    ended = {0: 0, 65: 0}
    for number in range(SEED, SEED + COUNT):
        for each in used.rglob("*"):
            if each.is_file() and each not in kept:
                each.unlink()
        for path, raw in kept.items():
            path.write_bytes(raw)
        package = at_random(number, tmp_path)
        try:
            ended[try_out(package, tmp_path, used)] += 1
        except BaseException as error:
            error.add_note(f"package {number}{package.ending}: {'; '.join(package.told)}")
            raise
    assert min(ended.values()) > COUNT // 10, ended
