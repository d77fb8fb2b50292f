"""`revisions.yaml`: for each id of a bank the hash of its content and the second it last changed, so that exports can be reproduced.

python -m dlquiz.bank.revisions questions
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import yaml

from dlquiz.bank import index, read
from dlquiz.card import EXPLAIN

HEAD = "# The hash of each card's content and when it last changed. Made by `make revisions`; do not edit.\n"


def hashes(files: Sequence[read.BankFile]) -> dict[str, str]:
    """Full id -> hash of the content, of every card."""
    found = {}
    for file in files:
        for note in file.notes:
            found[note["id"]] = index.content_hash(EXPLAIN, note)
        for _, card in file.cards():
            found[card["id"]] = index.content_hash(card["kind"], card)
    return found


def load(path: Path) -> dict[str, dict[str, str]]:
    """id -> {hash, changed}; nothing when there is no such file."""
    if not path.is_file():
        return {}
    loaded = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {str(key): {name: str(each) for name, each in value.items()} for key, value in loaded.items()}


def updated(old: Mapping[str, Mapping[str, str]], new: Mapping[str, str], at: datetime) -> dict[str, dict[str, str]]:
    """The revisions after a change; what has the same hash keeps its second, what is gone goes."""
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    out = {}
    for card, content in sorted(new.items()):
        known = old.get(card)
        same = known is not None and known["hash"] == content
        out[card] = {"hash": content, "changed": known["changed"] if known and same else stamp}
    return out


def main(folder: Path) -> None:
    """Write `revisions.yaml` of the built-in bank's folder."""
    files = [read.read(path, builtin=True) for path in index.Root(folder, builtin=True).files()]
    errors = [problem for file in files for problem in file.errors]
    if errors:
        sys.exit("\n".join(map(str, errors)))
    path = folder / "revisions.yaml"
    rows = updated(load(path), hashes(files), datetime.now(UTC))
    lines = [f"{card}: {{hash: '{row['hash']}', changed: '{row['changed']}'}}\n" for card, row in rows.items()]
    path.write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
