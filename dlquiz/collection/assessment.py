"""What the user says to know, note by note: it orders what is met, and enters no memory."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dlquiz import fsrs

if TYPE_CHECKING:
    from dlquiz.collection import Collection
    from dlquiz.collection.lookup import Lookup

YES, HALF, NO = "y", "h", "n"  # "Could you say it now?"


def kept(col: Lookup) -> dict[str, str]:
    """What was said last, by today's id of the note."""
    text = col.progress.assessment()
    answers: dict[str, str] = json.loads(text) if text else {}
    return {col.bank.current(note): answer for note, answer in answers.items()}


def keep(col: Collection, answers: Mapping[str, str]) -> None:
    """Keep what was said of some notes; of the others stays what was said before.

    Raises:
        StoreError: It could not be written.
    """
    col.log.keep_assessment(json.dumps(kept(col) | dict(answers), sort_keys=True))


def recalled(answers: Mapping[str, str], strengths: Mapping[str, Sequence[Any]], weights: Sequence[float]) -> set[str]:
    """Notes that are said to be known, as long as the main card has not shown otherwise: an unseen one, or one that stands no weaker than
    after a first "good".

    Args:
        said: By note.
        strengths: Rows of the store's `strengths`, by card; a main card has its note's id.
        weights: The 21 weights.
    """
    good, _ = fsrs.first(3, weights)
    recalled_notes = set()
    for note, answer in answers.items():
        strength = strengths.get(note)
        stability = strength[3] if strength else None
        if answer == YES and (stability is None or stability >= good):
            recalled_notes.add(note)
    return recalled_notes
