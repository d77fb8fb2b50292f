"""What `make fuzz` has found, as the smallest folder that showed it."""

from __future__ import annotations

from typing import NamedTuple

from banks_at_random import Folder


class Found(NamedTuple):
    """A bank that was once too much, and what happened."""

    found: str
    files: Folder


FOUND: list[Found] = [
    Found("nothing", Folder(b"")),
]
