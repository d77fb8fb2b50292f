"""Which banks and which home a run is about. The index is imported where banks are opened: Tab asks for their names alone."""

import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dlquiz.bank import paths as bank_paths
from dlquiz.bank.paths import Patience, Root
from dlquiz.errors import BankError
from dlquiz.home import Home

if TYPE_CHECKING:
    from dlquiz.bank import index


def _nobody(_: str) -> None:
    """Report nothing."""


class BankPaths(NamedTuple):
    """Which banks and which home this run is about."""

    banks: tuple[Path, ...] = ()
    builtin: bool = True
    warn: Callable[[str], None] = _nobody  #: is told of a bad file that is left out
    patience: Patience = nullcontext


def roots(where: BankPaths, home: Home) -> list[Root]:
    """The built-in bank, the user's own folder, DLQUIZ_BANK and --bank, as far as they apply."""
    bank_roots = []
    if where.builtin and os.environ.get("DLQUIZ_BUILTIN", "1") != "0":
        bank_roots.append(Root(bank_paths.builtin_folder(), builtin=True))
    if home.banks.is_dir():
        bank_roots.append(Root(home.banks, standing=True))
    named = [name for name in os.environ.get("DLQUIZ_BANK", "").split(os.pathsep) if name]
    bank_roots += [Root(_expanded(path), is_builtin(path), standing=True) for path in map(Path, named)]
    bank_roots += [Root(_expanded(path), is_builtin(path)) for path in where.banks]
    return bank_roots


def open_banks(where: BankPaths, home: Home, cache: Path | None) -> "index.Bank":
    """The banks of a run. A bad file of the user's standing banks is left out with a warning.

    Raises:
        BankError: A file named for this run, or one of the built-in bank, is malformed.
        UsageError: A root does not exist.
    """
    from dlquiz.bank import index

    every, left_out = roots(where, home), frozenset[str]()
    while True:
        try:
            return index.open_bank(every, cache, left_out, where.patience)
        except BankError as error:
            owners = {str(path.absolute()): root for path, root in bank_paths.files_of(every).items()}
            bad = {
                path for path in error.files if path in owners and owners[path].standing and not owners[path].builtin
            }
            if not bad or bad != error.files:
                raise
            for path in sorted(bad):
                first = next((line for line in str(error).splitlines() if line.startswith(path)), str(error))
                where.warn(f"{first} (left out; all other cards are asked)")
            left_out |= bad


def is_builtin(path: Path) -> bool:
    """Is this our own bank, or a file of it?"""
    own, asked = (Path(os.path.realpath(name)) for name in (bank_paths.builtin_folder(), _expanded(path)))
    return asked == own or asked.parent == own


def _expanded(path: Path) -> Path:
    """The path with `~` expanded; unlike Path.expanduser, it leaves an unknown user's as it is."""
    return Path(os.path.expanduser(path))


def cache(home: Home, *, write: bool) -> Path | None:
    """Where the index is kept; a read-only verb creates no home."""
    if write:
        home.make()
    elif not home.path.is_dir():
        return None
    return home.cache
