"""Pictures in a Markdown text: `![what it shows](media/heart.png)`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PICTURE = re.compile(r"!\[[^\]]*\]\(\s*<?([^)\s>]+)")


def paths(text: str) -> list[str]:
    """Where a text's pictures lie, in their order."""
    return _PICTURE.findall(text) if "![" in text else []


def paths_within(value: Any) -> Iterator[str]:
    """Where the pictures lie that any text in lists and mappings shows."""
    if isinstance(value, str):
        yield from paths(value)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from paths_within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from paths_within(inner)
