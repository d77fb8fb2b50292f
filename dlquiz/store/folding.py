"""All of a long log folded into rows of `standing` on all cores, each with a range of the cards of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from dlquiz import files, parallel
from dlquiz.card import Preset
from dlquiz.store import rows
from dlquiz.store.queries import FoldUnder, Queries, Range

PIECE = 500  # cards handed back at once
SAMPLE = 2_000  # rows of a log by which it is cut: shares then differ by some hundredths


class Share(NamedTuple):
    """What a process folds."""

    path: Path
    backup_folder: Path
    cards: Range
    fold: FoldUnder
    preset: Preset


def standings(
    db: sqlite3.Connection, path: Path, backup_folder: Path, fold: FoldUnder, preset: Preset
) -> Iterator[list[Any]]:
    """The rows of `standing` of all cards, in any order.

    Args:
        db: The open file, in WAL mode, in a transaction that keeps others from writing and has itself not changed the log: what was
            last committed is folded.
        path: Of the file.
        backup_folder: For messages.
        fold: A card's whole history and the preset -> its state; a function of a module.
        preset: The active one.
    """
    (last,) = db.execute("SELECT max(rowid) FROM event").fetchone()
    sample = ", ".join(str(last * n // SAMPLE) for n in range(1, SAMPLE))
    cards = [card for (card,) in db.execute(f"SELECT card FROM event WHERE rowid IN ({sample}) ORDER BY card")]
    count = parallel.cores()
    bounds = ["", *(cards[len(cards) * n // count] for n in range(1, count) if cards), None]
    shares = [Share(path, backup_folder, (str(low), high), fold, preset) for low, high in pairwise(bounds)]
    for piece in parallel.pieces(_folded, shares):
        yield from piece


def _folded(share: Share) -> Iterator[list[list[Any]]]:
    with closing(sqlite3.connect(files.sqlite_uri(share.path.absolute(), "mode=ro"), uri=True)) as db:
        db.execute("PRAGMA trusted_schema = 0")
        histories = Queries(db, share.path, share.backup_folder).histories(within=share.cards)
        standings = (rows.of_standing(card, share.fold(history, share.preset)) for card, history in histories)
        while piece := list(islice(standings, PIECE)):
            yield piece
