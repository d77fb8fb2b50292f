"""Which banks and which home a run is about."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from dlquiz import config
from dlquiz.bank import index
from dlquiz.bank import paths as bank_paths


class BankPaths(NamedTuple):
    """Which banks and which home this run is about."""

    banks: tuple[Path, ...] = ()
    builtin: bool = True


def roots(where: BankPaths, home: config.Home) -> list[index.Root]:
    """The built-in bank, the user's own folder, DLQUIZ_BANK and --bank, as far as they apply."""
    found = []
    if where.builtin and os.environ.get("DLQUIZ_BUILTIN", "1") != "0":
        found.append(index.Root(bank_paths.builtin_folder(), builtin=True))
    if home.banks.is_dir():
        found.append(index.Root(home.banks))
    named = [part for part in os.environ.get("DLQUIZ_BANK", "").split(os.pathsep) if part]
    for path in (*map(Path, named), *where.banks):
        found.append(index.Root(_expanded(path), builtin=is_builtin(path)))
    return found


def is_builtin(path: Path) -> bool:
    """Is this our own bank, or a file of it?"""
    own, asked = (Path(os.path.realpath(each)) for each in (bank_paths.builtin_folder(), _expanded(path)))
    return asked == own or asked.parent == own


def _expanded(path: Path) -> Path:
    """With the folder that a `~` means; one that means nobody's stays as it is, where Path would fall."""
    return Path(os.path.expanduser(path))


def cache(home: config.Home, *, write: bool) -> Path | None:
    """Where the index is kept; a read-only verb makes no home."""
    if write:
        home.make()
    elif not home.path.is_dir():
        return None
    return home.cache
