"""What the lint says: one remark on one key of one entry, as all of its modules make it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Fields = Mapping[str, Any]  # of a note, a card or what is in it, as a bank's file has them


class Finding(NamedTuple):
    """What is wrong with which key of which entry."""

    entry: Fields
    key: str
    message: str
    expected: bool = False  #: a dated entry that is due for a new look: advice that never fails a check
