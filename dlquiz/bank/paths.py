"""Which files are banks, and where the built-in one lies; cheap to import."""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from dlquiz.errors import BankError, Problem, UsageError

Patience = Callable[[str], AbstractContextManager[object]]  # entered, with what is done, while that may take long
SOURCES, GLOSSARY = "sources.yaml", "glossary.yaml"
BESIDE = (SOURCES, "sources.yml", "revisions.yaml", "revisions.yml", GLOSSARY, "glossary.yml")  # no banks themselves


def is_bank(path: Path) -> bool:
    """A YAML file that is neither hidden nor one of those that stand beside banks."""
    return path.suffix.lower() in (".yaml", ".yml") and path.name not in BESIDE and not path.name.startswith(".")


def may_be_a_copy(path: Path) -> bool:
    """Is it named the way programs name a duplicate: a conflicted version or a copy?"""
    return re.search(r"conflict|\bcopy\b|\(\d+\)|\.orig\b|~", path.name, re.IGNORECASE) is not None


class Root(NamedTuple):
    """A file or folder that holds banks."""

    path: Path
    builtin: bool = False
    standing: bool = (
        False  #: studied every day, not named by this command: a bad file in it is left out, with a warning
    )

    def files(self) -> list[Path]:
        """Its bank files, sorted.

        Raises:
            UsageError: There is no such path.
            BankError: It, or a folder in it, can't be read.
        """
        try:
            mode = self.path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # a NUL in the name is a ValueError
            raise UsageError(f"there is no bank at {self.path}; check the path") from error
        except OSError as error:
            raise BankError(str(unreadable(str(self.path), error))) from error
        if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
            raise UsageError(f"{self.path} is neither a file nor a folder; check the path")
        if stat.S_ISREG(mode):
            return [self.path]
        return sorted(banks_in(self.path, deep=not self.builtin), key=lambda path: (may_be_a_copy(path), path))


def files_of(roots: Iterable[Root]) -> dict[Path, Root]:
    """Every bank file under these roots, once each, however many names lead to it.

    Raises:
        UsageError: A root does not exist.
        BankError: A root can't be read, or a file has a name that no text can hold.
    """
    by_real_path: dict[str, tuple[Path, Root]] = {}
    for root in roots:
        for path in root.files():
            by_real_path.setdefault(os.path.realpath(path), (path, root))
    for path, _ in by_real_path.values():
        try:
            str(path).encode()
        except UnicodeEncodeError as error:
            raise BankError(f"{path}:1:1: error: the file's name is not UTF-8; rename it", [str(path)]) from error
    return dict(by_real_path.values())


def banks_in(folder: Path, *, deep: bool) -> Iterator[Path]:
    """The banks of a folder and, with `deep`, of its subfolders, linked ones included; hidden ones are skipped.

    A broken link counts, so that it is reported rather than skipped.

    Raises:
        BankError: A folder can't be read.
    """
    met = set()
    for here, inner, names in os.walk(folder, onerror=_refuse, followlinks=True):
        met.add(os.path.realpath(here))
        inner[:] = [
            name
            for name in sorted(inner)
            if deep and not name.startswith(".") and os.path.realpath(Path(here, name)) not in met
        ]
        for path in (Path(here, name) for name in names):
            if is_bank(path) and _may_be_read(path):
                yield path


def _may_be_read(path: Path) -> bool:
    try:
        # No pipe or device, whose end may never come.
        return path.is_file() or (path.is_symlink() and not path.exists())
    except OSError:
        return True  # what is the matter shows when it is read


def unreadable(path: str, error: OSError) -> Problem:
    """The problem of a file or folder that exists but can't be read."""
    return Problem(path, 1, 1, "error", f"can't be read: {error.strerror or error}; check the path and its permissions")


def _refuse(error: OSError) -> None:
    raise BankError(str(unreadable(str(error.filename), error))) from error


def builtin_folder() -> Path:
    """The built-in bank: inside the installed package, or beside it in a checkout (an editable install carries no copy)."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "questions", package.parent / "questions"):
        if folder.is_dir():
            return folder
    raise BankError(f"the built-in bank is missing from {package}; install dlquiz again")
