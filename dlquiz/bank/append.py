"""More notes at the end of a bank's file, more cards in its notes: its own lines and comments stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
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
    bank, own_topic = (bank_file.bank, bank_file.topic) if bank_file else (edit.slug(path), edit.slug(path))
    own_ids = {entry["id"] for entry in bank_file.notes} if bank_file else set()
    named = _named(where, bank, front, topic, own_ids)
    fields = {**named, "question": front, "answer": back}
    text = _extended(path, write.item(fields, own_topic)) if bank_file else write.text(bank, own_topic, [fields])
    _put(where, path, text)
    return f"{bank}/{named['id']}"


def _named(where: BankPaths, bank: str, front: str, topic: str, own_ids: set[str]) -> dict[str, str]:
    """A free id for a question in a bank, and its topic where one was named.

    Args:
        where: The banks that this run is about; the one in question may not be among them.
        bank: Its slug.
        front: The question.
        topic: The topic as it was typed; "" for none.
        own_ids: Full ids of the notes that stand in the file.

    Raises:
        UsageError: It is asked already.
    """
    home = config.home()
    with closing(open_banks(where, home, cache(home, write=False))) as banks:
        names = {name.rpartition("/")[2] for name in banks.ever() | own_ids if name.rpartition("/")[0] == bank}
        asked = next((name for name, question in banks.own_questions() if _plain(question) == _plain(front)), None)
        slugs = {"topic": _topic(banks, topic)} if topic else {}
    if asked:
        raise UsageError(f"'{asked}' asks that already; change it with: dlquiz edit {asked}")
    return {"id": _free(slug(front)[:LONGEST_ID].strip("-") or "card", names), **slugs}


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _topic(banks: index.Bank, word: str) -> str:
    """The topic that a word names in any of the banks, else a new one of that name."""
    name = slug(word)
    if not name:
        raise UsageError(f"'{word}' is no name for a topic; give it letters or digits")
    return next((topic.slug for topic in banks.topics() if name in {topic.slug, *map(slug, topic.aliases)}), name)


def _free(stem: str, names: set[str]) -> str:
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(names) + 2))
    return next(name for name in numbered if name not in names)


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


def with_cards(path: Path, new: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """The file's text with more cards in its notes; every line that is there stays as it is.

    Args:
        path: The file.
        new: Id of a note, without the bank's name -> fields of its new cards.

    Raises:
        BankError: A note is not written as a mapping with a list of cards.
    """
    text = tree.decode(tree.contents(path))
    root = yaml.compose(text, Loader=_LOADER)
    notes = _value(root, "notes")
    insertions: list[tuple[int, str]] = []
    for note in notes.value if isinstance(notes, yaml.SequenceNode) else ():
        name = _value(note, "id")
        cards = new.get(name.value, ()) if name is not None else ()
        if cards:
            insertions.append(_insertion(path, text, note, cards))
    for at, added in sorted(insertions, reverse=True):
        text = text[:at] + added + text[at:]
    return text


def _insertion(path: Path, text: str, note: Any, cards: Sequence[Mapping[str, Any]]) -> tuple[int, str]:
    """Where in the text the cards of a note go, and how they stand there."""
    present = _value(note, "cards")
    if present is not None and not isinstance(present, yaml.SequenceNode):
        raise BankError(f"{path}: the cards of '{_value(note, 'id').value}' are no list; mend it, and import again")
    around = note if present is None else present
    if around.flow_style:
        at = around.end_mark.index - 1
        written = ", ".join(write.inline(card) for card in cards)
        before = text[around.start_mark.index + 1 : at].rstrip()
        comma = "" if not before or before.endswith(",") else ", "
        return at, comma + (f"cards: [{written}]" if present is None else written)
    items = write.cards(cards)
    lines = text.splitlines(keepends=True)
    last = _last(around).end_mark
    end = last.line + (last.column > 0)
    while end > 0 and not lines[min(end, len(lines)) - 1].strip():
        end -= 1
    newline, margin = "\r\n" if "\r\n" in text else "\n", " " * around.start_mark.column
    body = [*(["cards:"] if present is None else []), *items.splitlines()]
    added = "".join(f"{margin}{line}{newline}" if line else newline for line in body)
    at = sum(map(len, lines[:end]))
    return at, added if at == 0 or text[at - 1] in "\r\n" else newline + added


def _last(node: Any) -> Any:
    """The value with which a block ends: the block itself reaches to what comes next."""
    while not isinstance(node, yaml.ScalarNode) and node.value and not node.flow_style:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    return node


def _value(node: Any, key: str) -> Any:
    """What a mapping has under a key; None where there is none."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)
