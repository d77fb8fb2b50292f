"""One more note at the end of a bank's file, whose own lines and comments stay as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from dlquiz import config, files
from dlquiz.bank import edit, index, read, tree, write
from dlquiz.bank.edit import FileChange
from dlquiz.bank.roots import BankPaths, cache, is_builtin, open_banks
from dlquiz.errors import BankError, StoreError, UsageError
from dlquiz.text.slug import slug

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # as the banks are read
LONGEST_ID = 40  # characters of a question that make an id


def note(where: BankPaths, path: Path, front: str, back: str, topic: str = "") -> str:
    """Write a question with its answer into a bank's file, which is made when there is none.

    Args:
        where: The banks that this run is about.
        path: The file.
        front: The question.
        back: Its answer.
        topic: A topic's slug or another spelling of one, or the name of a new one; "" for the file's own.

    Returns:
        The id of the note.

    Raises:
        UsageError: A text is empty, it is asked already, or the file belongs to the built-in bank.
        BankError: The file is malformed, or would be; it is as it was.
        StoreError: It can't be written.
    """
    front, back = write.cleaned(front).strip(), write.cleaned(back).strip()
    if not front or not back:
        raise UsageError("a card has two sides: give --front TEXT and --back TEXT")
    if is_builtin(path):
        raise UsageError(f"{path} belongs to the built-in bank; name a bank of your own")
    bank_file = read.read(path, builtin=False) if path.exists() else None
    if bank_file and bank_file.errors:
        raise BankError("\n".join(str(problem) for problem in sorted(bank_file.errors)))
    bank = bank_file.bank if bank_file else edit.slug(path)
    home = config.home()
    banks = open_banks(where, home, cache(home, write=False))
    try:
        taken = {name.rpartition("/")[2] for name in banks.ever() if name.rpartition("/")[0] == bank}
        asked = next((name for name, question in banks.own_questions() if _plain(question) == _plain(front)), None)
        topic = _topic(banks, topic) if topic else ""
    finally:
        banks.close()
    if bank_file:
        taken |= {entry["id"].rpartition("/")[2] for entry in bank_file.notes}
    if asked:
        raise UsageError(f"'{asked}' asks that already; change it with: dlquiz edit {asked}")
    name = _free(slug(front)[:LONGEST_ID].strip("-") or "card", taken)
    fields = {"id": name, **({"topic": topic} if topic else {}), "question": front, "answer": back}
    own = bank_file.topic if bank_file else edit.slug(path)
    text = _extended(path, write.item(fields, own)) if bank_file else write.text(bank, own, [fields])
    _put(where, path, text)
    return f"{bank}/{name}"


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _topic(banks: index.Bank, word: str) -> str:
    """The topic that a word names in any of the banks, else a new one of that name."""
    name = slug(word)
    if not name:
        raise UsageError(f"'{word}' is no name for a topic; give it letters or digits")
    return next((topic.slug for topic in banks.topics() if name in {topic.slug, *map(slug, topic.aliases)}), name)


def _free(stem: str, taken: set[str]) -> str:
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in numbered if name not in taken)


def _extended(path: Path, item: str) -> str:
    """The file's text with an item more at the end of its `notes:`.

    Raises:
        BankError: The notes stand in brackets, or there are none.
    """
    text = tree.decode(tree.contents(path))
    root = yaml.compose(text, Loader=_LOADER)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    notes = next((value for key, value in pairs if key.value == "notes"), None)
    if not isinstance(notes, yaml.SequenceNode) or notes.flow_style:
        raise BankError(f"{path}: its notes are no list of lines that begin with '-'; add the card with: dlquiz new")
    lines = text.splitlines()
    end = notes.end_mark.line + (notes.end_mark.column > 0)
    while end > 0 and not lines[min(end, len(lines)) - 1].strip():
        end -= 1
    margin = " " * notes.start_mark.column
    added = [f"{margin}{line}" if line else "" for line in item.splitlines()]
    newline = "\r\n" if "\r\n" in text else "\n"
    return newline.join([*lines[:end], *added, *lines[end:], ""])


def _put(where: BankPaths, path: Path, text: str) -> None:
    """Write the file, and put the old one back where the new one is not sound."""
    try:
        before = path.read_bytes() if path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_bytes(path, text.encode())
    except OSError as error:
        raise StoreError(
            f"can't write {path}: {error.strerror or error}; check the path and its permissions"
        ) from error
    verdict = edit.examine(where, FileChange(path, before, before or b"", frozenset()))
    if verdict.problems:
        if before is None:
            path.unlink()
        else:
            files.write_bytes(path, before)
        raise BankError("\n".join([*verdict.problems, f"{path} is as it was"]))
