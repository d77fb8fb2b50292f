"""Changing a bank's file by hand: a new one's first text, what is wrong after the change, and the way back, with nothing lost."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from dlquiz import config, files
from dlquiz.bank import ids, index, locate, read
from dlquiz.bank import paths as bank_paths
from dlquiz.bank.roots import BankPaths, cache, is_builtin, roots
from dlquiz.errors import BankError, StoreError, UsageError
from dlquiz.text import slug as text_slug

DEFAULT = "mine"  # the bank that `new` begins when it is told no name
TEMPLATE = """\
# Write over what stands here; `dlquiz check` says what is wrong, and where.
# All that may stand here: docs/bank-format.md of dlquiz.
bank: {slug}   # part of every id; your progress hangs on it: never change one
notes:
  - id: first-question   # lower-case letters and digits, hyphens between them
    question: What would an interviewer ask?
    short: The first breath of the answer.
    answer: |
      The whole answer, in Markdown; formulas stand between dollars: $x^2$.
    key_points:
      - {{id: core, text: What a strong answer must say., must: true}}
      - {{id: more, text: What it may say besides.}}
    cards:
      - {{id: fact, front: One small question?, back: Its answer}}
"""


class FileChange(NamedTuple):
    """A file about to be changed, and what it was."""

    path: Path
    before: bytes | None  #: None for a file that is new
    shown: bytes  #: what the editor finds
    ids: frozenset[str]


class FileVerdict(NamedTuple):
    """What checking a changed file found."""

    problems: Sequence[str]  #: with their places; none: it is sound
    line: int  #: of the first problem
    notes: int = 0
    cards: int = 0
    gone: Sequence[str] = ()  #: ids that were there before and are named nowhere now
    elsewhere: str = ""  #: what is wrong with other files


def place_of(bank: index.Bank, card: str) -> locate.Location:
    """Where a note or card is written, provided that it may be changed there.

    Raises:
        UsageError: It belongs to the built-in bank of an installed dlquiz.
    """
    location = locate.located(bank, [card])[card]
    if location.builtin and locate.installed():
        raise UsageError(
            f"'{card}' belongs to the built-in bank, which an upgrade replaces; note what is wrong with ! in"
            f" `dlquiz study --card {card}`, `dlquiz flags` then tells it; cards of your own: dlquiz new"
        )
    return location


def named(text: str | None, home: config.Home) -> Path:
    """The file that is meant: a bare name lies in the home's `banks/`.

    Raises:
        UsageError: No bank can be called that.
    """
    path = Path(os.path.expanduser(text or DEFAULT))
    if path.suffix not in (".yaml", ".yml"):
        if path.suffix or not path.name:
            raise UsageError(f"{text} is no name for a bank; its name ends in .yaml")
        path = path.with_suffix(".yaml")
    if not bank_paths.is_bank(path):
        raise UsageError(f"{path.name} is no name for a bank; choose another")
    if path.is_dir() or not slug(path):
        raise UsageError(f"{path} can't be a bank; give it a name with letters or digits")
    return home.banks / path if path.parent == Path(".") and not (text or "").startswith(".") else path.absolute()


def slug(path: Path) -> str:
    """The bank's slug that a file's name suggests; "" when it has none."""
    return text_slug.slug(path.stem)


def begin(path: Path) -> FileChange:
    """Remember what a file says; create it from a template when it does not exist yet.

    Raises:
        StoreError: It can't be read or created.
    """
    is_new = not path.exists()
    try:
        if not is_new:
            before = path.read_bytes()
            return FileChange(path, before, before, frozenset(_ids(path)))
        path.parent.mkdir(parents=True, exist_ok=True)
        text = TEMPLATE.format(slug=slug(path))
        if is_builtin(path):
            text = re.sub(r"^bank:.*\n", "", text, flags=re.MULTILINE)
        path.write_text(text, encoding="utf-8", newline="\n")
        return FileChange(path, None, path.read_bytes(), frozenset())
    except OSError as error:
        if is_new:  # on a full disk: an empty file is no bank
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise StoreError(f"can't open {path}: {error.strerror or error}; check the path and its permissions") from error


def first_line(change: FileChange) -> int:
    """The line where writing continues: the note of a new file's template, the end of an existing file."""
    lines = change.shown.splitlines() or [b""]
    return next((n for n, line in enumerate(lines, 1) if change.before is None and b"- id:" in line), len(lines))


def unchanged(change: FileChange) -> bool:
    """Was nothing written? If so, a file created for the edit is removed."""
    try:
        same = change.path.read_bytes() == change.shown
    except OSError:
        return False
    if same and change.before is None:
        change.path.unlink()
    return same


def examine(where: BankPaths, change: FileChange) -> FileVerdict:
    """Check the file, by itself and together with all the other banks."""
    path = change.path
    bank_file = read.read(path, builtin=is_builtin(path))
    if bank_file.errors:
        return FileVerdict([str(problem) for problem in sorted(bank_file.errors)], min(bank_file.errors).line)
    home = config.home()
    elsewhere = ""
    try:
        every = [*roots(where, home), index.Root(path, builtin=is_builtin(path))]
        index.open_bank(every, cache(home, write=False)).close()
    except BankError as error:
        lines = str(error).splitlines()
        own = [line for line in lines if str(path) in line]
        if own:
            return FileVerdict(own, _line(own[0], path))
        elsewhere = str(error)
    accounted_ids = set(_ids(path)) | {old for old, _ in ids.renamings(bank_file)}
    prefix = f"{bank_file.bank}/" if bank_file.bank else ""
    accounted_ids |= {prefix + tomb["id"] for tomb in bank_file.retired}
    cards = len(bank_file.notes) + sum(1 for _ in bank_file.cards())
    return FileVerdict((), 1, len(bank_file.notes), cards, sorted(change.ids - accounted_ids), elsewhere)


def give_up(change: FileChange) -> Path:
    """Restore the old text, keeping the new one in a file beside it.

    Raises:
        StoreError: It could not be restored; the file keeps the last text written.
    """
    path = change.path.resolve()
    rejected = files.free_name(path.parent, f"{path.name}.broken", "")  # no bank by its name
    try:
        shutil.copy2(path, rejected) if path.exists() else rejected.touch()
        if change.before is None:
            path.unlink()
        else:
            with files.replacing(path) as draft:
                draft.write_bytes(change.before)
    except OSError as error:
        raise StoreError(
            f"the old text of {path} can't be put back: {error.strerror or error}; the file is as you left it"
        ) from error
    return rejected


def is_studied(where: BankPaths, path: Path) -> bool:
    """Is the file one of the banks that are studied without being named?"""
    with suppress(UsageError, BankError):
        return any(path in root.files() for root in roots(where, config.home()))
    return False


def _ids(path: Path) -> list[str]:
    bank_file = read.read(path, builtin=is_builtin(path))
    return [] if bank_file.errors else [entry["id"] for note in bank_file.notes for entry in (note, *note["cards"])]


def _line(problem: str, path: Path) -> int:
    match = re.match(re.escape(str(path)) + r":(\d+):", problem)
    return int(match[1]) if match else 1
