"""`revisions.yaml`: for each id of a bank what it says, as two hashes, and the second it last changed, so that exports can be reproduced.

`hash` is of the content that a sitting shows, as it is written, `whole` of everything that an export carries (pitfalls, sources, pictures
too, and of fresh numbers the example); `changed` is when that did. Made by: python -m dlquiz.bank.revisions questions
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from dlquiz import variants
from dlquiz.bank import index, read
from dlquiz.card import EXPLAIN, RUBRIC, Source, content_hash, text_hash
from dlquiz.errors import BankError
from dlquiz.text import pictures as text_pictures

HEAD = "# Hashes of what each card says and when it last changed. Made by `make revisions`; do not edit.\n"
# What no exported card shows; of a figure it shows all but the text for a terminal, of fresh numbers the example.
UNSEEN = (
    "accept", "anki", "any_order", "asked", "cards", "check", "contrast", "drills",
    "figures", "frames", "holds", "numbers", "parts", "text", "volatility", "was",
)  # fmt: skip
SHOWN_OF_SOURCE = Source._fields.index("seen")  # fields of a source that an export shows: all before this one
Pictures = Callable[[str], str]
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # all is text: `on` is no truth, `2026-11-24` no date


def whole(entry: Mapping[str, Any], note: Mapping[str, Any], sources: Sequence[Source], pictures: Pictures) -> str:
    """Hash of everything that an export contains about a card.

    Args:
        entry: The card's fields, or the note's for its main card.
        note: The fields of its note.
        sources: What it cites.
        pictures: Hash of the picture of that name beside the bank, "" when it is not there.
    """
    exported = {key: value for key, value in variants.filled(entry).items() if key not in UNSEEN}
    if "key_points" in exported:
        exported["key_points"] = [
            {key: value for key, value in point.items() if key not in RUBRIC} for point in exported["key_points"]
        ]
    around = {key: note.get(key) for key in ("question", "topic", "tags", "difficulty", "as_of")}
    seen = [[figure["file"], figure["alt"], pictures(figure["file"])] for figure in entry.get("figures", ())]
    seen += [[path, "", pictures(path)] for path in text_pictures.paths_within(exported)]
    return text_hash(
        json.dumps(
            [exported, around, [source[:SHOWN_OF_SOURCE] for source in sources], seen],
            ensure_ascii=False,
            sort_keys=True,
        )
    )


def picture_hash(folder: Path, file: str) -> str:
    """Hash of a picture beside a bank; "" when it can't be read, or is not inside the bank's folder."""
    path = picture(folder, file)
    with suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path else ""
    return ""


def picture(folder: Path, file: str) -> Path | None:
    """A picture's path; None when there is no such file, or when it lies outside the bank's folder."""
    with suppress(OSError, ValueError):
        path = (folder / file).resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            return path
    return None


def hashes(files: Sequence[read.BankFile]) -> dict[str, str]:
    """Full id -> hash of the content, of every card."""
    by_id = {}
    for file in files:
        for note in file.notes:
            by_id[note["id"]] = content_hash(EXPLAIN, note)
        for _, card in file.cards():
            by_id[card["id"]] = content_hash(card["kind"], card)
    return by_id


def wholes(files: Sequence[read.BankFile]) -> dict[str, str]:
    """Full id -> hash of all that an export says, of every card."""
    by_id = {}
    for file in files:
        folder = Path(file.path).parent
        entries = read.read_sources(folder / "sources.yaml", [])
        pictures = partial(picture_hash, folder)
        for note in file.notes:
            for entry in (note, *note["cards"]):
                keys = dict.fromkeys(entry.get("sources") or note.get("sources", ()))
                sources = [Source(key=key, **entries[key]) for key in keys if key in entries]
                by_id[entry["id"]] = whole(entry, note, sources, pictures)
    return by_id


def load(path: Path) -> dict[str, dict[str, str]]:
    """id -> {hash, whole, changed}; nothing when there is no such file.

    Raises:
        BankError: The file is malformed.
    """
    if not path.is_file():
        return {}
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER) or {}
        return {key: dict(value) for key, value in loaded.items()}
    except (yaml.YAMLError, OSError, ValueError, AttributeError, TypeError) as error:
        raise BankError(f"{path}:1:1: error: these are no revisions; make them anew with `make revisions`") from error


def updated(
    old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]], at: datetime
) -> dict[str, dict[str, str]]:
    """The revisions after a change: a card whose export is unchanged keeps its time, a removed card is dropped.

    Args:
        old: As `load` gives them.
        new: id -> {hash, whole}.
        at: The second that what has changed gets.
    """
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    out = {}
    for card, says in sorted(new.items()):
        previous = old.get(card, {})
        same = previous.get("whole") == says["whole"]
        out[card] = {**says, "changed": previous["changed"] if same else stamp}
    return out


def main(folder: Path) -> None:
    """Write `revisions.yaml` of the built-in bank's folder."""
    files = [read.read(path, builtin=True) for path in index.Root(folder, builtin=True).files()]
    errors = [problem for file in files for problem in file.errors]
    if errors:
        sys.exit("\n".join(map(str, errors)))
    path = folder / "revisions.yaml"
    whole_hashes = wholes(files)
    new = {card: {"hash": content, "whole": whole_hashes[card]} for card, content in hashes(files).items()}
    revisions = updated(load(path), new, datetime.now(UTC))
    lines = [
        f"'{card}': {{hash: '{revision['hash']}', whole: '{revision['whole']}', changed: '{revision['changed']}'}}\n"
        for card, revision in revisions.items()
    ]
    path.write_text(HEAD + "".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
