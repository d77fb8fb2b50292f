"""Cards of a `.json` whose notes are here already: each is added to its note, in the file that has it, whose own lines stay as they are."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from dlquiz import config, files
from dlquiz.bank import append, ids, index, read
from dlquiz.errors import BankError, StoreError
from dlquiz.text import phrases
from dlquiz.text import pictures as text_pictures
from dlquiz.transfer import staging


class MoreCards(NamedTuple):
    """What is to be added."""

    by_file: dict[Path, dict[str, list[Mapping[str, Any]]]]  #: file -> local id of a note -> its new cards
    pictures: dict[
        Path, tuple[Mapping[str, str], str]
    ]  #: that they show and that are not there yet: where each is, in base64
    elsewhere: int  #: cards of notes in files outside the home, where no import writes


def missing(
    bank: index.Bank, home: config.Home, notes: Iterable[Mapping[str, Any]], pictures: Mapping[str, Mapping[str, str]]
) -> MoreCards:
    """The cards that their notes here do not have, and never had.

    Args:
        bank: The banks here.
        home: Whose `banks/` may be written.
        notes: Of a document, with full ids.
        pictures: Of the document, by bank and path, in base64.
    """
    by_file: dict[Path, dict[str, list[Mapping[str, Any]]]] = {}
    elsewhere, new_pictures = 0, dict[Path, tuple[Mapping[str, str], str]]()
    ever = bank.ever()
    for note in notes:
        here = bank.fields(bank.current(note["id"])) if "/" in note["id"] else None
        if here is None:
            continue
        points = {point["id"].rpartition("#")[2] for point in here.get("key_points", ())}
        new: list[Mapping[str, Any]] = []
        for card in note.get("cards", ()):
            local = card["id"].rpartition("/")[2].rpartition(".")[2]
            names = {f"{note['id']}.{local}", f"{here['id']}.{local}"}
            if not names & ever and not bank.live({bank.current(name) for name in names}):
                drills = [name for name in card.get("drills", ()) if name in points]
                new.append({**card, "id": local, "drills": drills})
        file = bank.file(here["id"])
        if new and file.resolve().is_relative_to(home.banks.resolve()):
            by_file.setdefault(file, {})[here["id"].rpartition("/")[2]] = new
            sent = pictures.get(note["id"].rpartition("/")[0], {})
            paths = [path for path in text_pictures.paths_within(new) if path in sent]
            new_pictures |= {file.parent / path: (sent, path) for path in paths if not (file.parent / path).exists()}
        else:
            elsewhere += len(new)
    return MoreCards(by_file, new_pictures, elsewhere)


def prepared(more: MoreCards, around: Sequence[index.Root]) -> dict[Path, bytes]:
    """What the files will hold with the new cards.

    Args:
        more: The cards.
        around: All banks.

    Raises:
        BankError: A file would not be sound, by itself or with the banks around it; nothing was written.
    """
    if not more.by_file:
        return {}
    texts = {file: append.with_cards(file, cards).encode() for file, cards in more.by_file.items()}
    with TemporaryDirectory(prefix="dlquiz-") as folder:
        replaced = []
        for number, (file, text) in enumerate(texts.items()):
            draft = Path(folder, str(number), file.name)
            draft.parent.mkdir()
            draft.write_bytes(text)
            replaced.append(read.read(draft, builtin=False))
    beside = [read.read(path, builtin=root.builtin) for root in around for path in root.files() if path not in texts]
    earlier = set(ids.cross_check(beside))
    problems = [problem for file in replaced for problem in file.errors]
    problems += [problem for problem in ids.cross_check([*beside, *replaced]) if problem not in earlier]
    if problems:
        raise BankError(f"{problems[0].message}; nothing was imported")
    return texts


def put(home: config.Home, more: MoreCards, texts: Mapping[Path, bytes]) -> None:
    """Write the pictures, then the files that show them, each whole.

    Raises:
        StoreError: They can't be written, or a link leads out of the home.
    """
    pictures = ((file, b64decode(sent[path])) for file, (sent, path) in more.pictures.items())
    for file, raw in chain(pictures, texts.items()):
        staging.insist_within(home, file)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            files.write_bytes(file, raw)
        except OSError as error:
            raise StoreError(
                f"can't write {file}: {error.strerror or error}; import again when it can be written"
            ) from error


def told(more: MoreCards) -> list[str]:
    """What was added, by file."""
    counts = {file: sum(map(len, cards.values())) for file, cards in more.by_file.items()}
    return [f"added {phrases.counted(count, 'card')} to notes of {file}" for file, count in counts.items()]


def left_out(more: MoreCards, home: config.Home) -> list[str]:
    """What could not be added."""
    if not more.elsewhere:
        return []
    count = phrases.counted(more.elsewhere, "card")
    return [f"{count} of notes that lie outside {home.banks} can't be added: an import writes there alone"]
