"""A card's file in the user's editor, in the middle of a sitting."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager

from dlquiz.bank import edit as bank_edit
from dlquiz.collection import BankPaths, Collection
from dlquiz.errors import BankError
from dlquiz.terminal import external


def edit(col: Collection, where: BankPaths, card: str, lent: AbstractContextManager[None]) -> str:
    """Let the user change the file that a card is written in; the collection has the new text then.

    Args:
        col: Its banks are read anew.
        where: The banks that this run is about.
        card: Its id.
        lent: Entered while the editor has the terminal.

    Returns:
        A word on what became of it. A file that is not sound is put back, and what was written is kept beside it.

    Raises:
        UsageError: No editor is set or it can't be started, or the card is not the user's to change.
    """
    location = bank_edit.place_of(col.bank, card)
    command = external.command(os.environ, f"{location.path} at line {location.line}")
    change = bank_edit.begin(location.path)
    with lent:
        external.edit(command, change.path, location.line)
    if bank_edit.unchanged(change):
        return "nothing was changed"
    verdict = bank_edit.examine(where, change)
    if verdict.problems:
        rescued = bank_edit.give_up(change)
        return f"{verdict.problems[0]}; the old text is back, yours is kept in {rescued}"
    try:
        col.reread(where)
    except BankError as error:
        return str(error).splitlines()[0]
    return "shown as it is written now"
