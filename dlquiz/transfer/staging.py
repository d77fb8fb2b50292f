"""A folder beside `banks/` in which the files of a bank are whole, checked and on the disk before they are moved into it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from dlquiz import config
from dlquiz.errors import StoreError

STAGED = ".importing"
LOCK = "importing.lock"  # in cache/: an empty file that stays, for removing it would let two imports hold one lock each
Make = Callable[[], Iterable[bytes]]  # a file's content, in pieces
WAIT_S = 10  # for another import; putting ten thousand notes in place takes two


@contextmanager
def staged(
    home: config.Home, targets: Iterable[Path], files: Mapping[str, Make], check: Callable[[Path], None]
) -> Iterator[Path]:
    """The files on the disk, checked, beside the place where they will lie; gone when this ends.

    Args:
        home: The user's.
        targets: The folders and files that they will become.
        files: By their paths, each made when it is written.
        check: Raises what is wrong with a folder of such files.

    Raises:
        StoreError: They can't be written, a link leads out of the home, or another import goes on.
    """
    home.make()
    folder = home.path / STAGED
    for path in (folder, home.banks, *targets):
        insist_within(home, path)
    try:
        with _alone(home, WAIT_S) as locked:
            if not locked:
                raise StoreError(f"another import is writing {home.banks}; import again when it has ended")
            try:
                _write(folder, files)
                check(folder)
                home.banks.mkdir(exist_ok=True)
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise StoreError(
            f"can't write {error.filename or home.banks}: {error.strerror or error}; nothing was imported"
        ) from error


def insist_within(home: config.Home, path: Path) -> None:
    """Refuse a path that a link leads out of the home, where an import has nothing to write."""
    if outside := leads_out(home, path):
        raise StoreError(
            f"{outside}; nothing was imported. An import writes into dlquiz's own folder alone:"
            " move what is there into it, or remove the link"
        )


def leads_out(home: config.Home, path: Path) -> str:
    """Where a link leads from this path out of the home, in words; "" where none does."""
    leads_to = Path(os.path.realpath(path))
    inside = leads_to.is_relative_to(os.path.realpath(home.path))
    return "" if inside else f"{path} leads out of {home.path}, to {leads_to}"


def clean(home: config.Home) -> None:
    """Remove what an import left that was killed; another one that goes on is left alone."""
    if (home.path / STAGED).exists():
        with suppress(OSError), _alone(home, 0) as locked:
            if locked:
                shutil.rmtree(home.path / STAGED, ignore_errors=True)


@contextmanager
def _alone(home: config.Home, wait_s: float) -> Iterator[bool]:
    """Is this the one import into this home? SQLite's lock on an empty file tells: on every system, and it goes with its process."""
    home.cache.mkdir(parents=True, exist_ok=True)
    try:
        lock = sqlite3.connect(home.cache / LOCK, timeout=wait_s, isolation_level=None)
    except sqlite3.Error as error:
        raise OSError(f"{home.cache / LOCK}: {error}") from error
    with closing(lock):
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if error.sqlite_errorcode not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise OSError(f"{home.cache / LOCK}: {error}") from error
            yield False
            return
        yield True


def _write(folder: Path, files: Mapping[str, Make]) -> None:
    shutil.rmtree(folder, ignore_errors=True)  # of an import that was killed
    for name, make in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as written:
            written.writelines(make())
            written.flush()
            os.fsync(written.fileno())
    sync(folder)


def sync(folder: Path) -> None:
    """A folder's entries onto the disk, where the system can do that."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
