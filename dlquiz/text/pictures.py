"""Pictures in a Markdown text, `![what it shows](media/heart.png)`: which they are, and the words that stand in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# Compiled with the first text that may hold a picture.
_PICTURE = (
    r"(?s)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)"  # code is left alone
    r"|!\[(?P<alt>[^\]]*)\]\(\s*(?:<(?P<angled>[^<>\n]*)>|(?P<path>[^()\s<>]+))(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
_NO_WORDS = r"(?i)\S*\.\w{2,5}|(?:paste|img|image|picture)?[-_ ]*[0-9a-f]{6,}\S*|image|img|picture"


def paths(text: str) -> list[str]:
    """Where a text's pictures lie, in their order."""
    matches = re.finditer(_PICTURE, text) if "![" in text else ()
    return [path for match in matches if (path := _path(match))]


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


def in_words(text: str, numbered: Sequence[str] = ()) -> str:
    """A text with words in place of its pictures: `[picture 1 of 2]`, with its description where it has one.

    Args:
        text: Markdown.
        numbered: All pictures of a card, in order; empty where they are not counted.
    """
    if "![" not in text:
        return text
    return re.sub(_PICTURE, lambda match: match[0] if match["ticks"] else _words(match, numbered), text)


def _words(match: re.Match[str], numbered: Sequence[str]) -> str:
    alt, path = " ".join(match["alt"].split()), _path(match)
    which = f"[{counted(numbered.index(path) + 1, len(numbered)) if path in numbered else 'picture'}"
    return f"{which}]" if not alt or re.fullmatch(_NO_WORDS, alt) else f"{which}: {alt}]"


def counted(number: int, of: int) -> str:
    """`picture 1 of 2`, and of a single one `picture`."""
    return f"picture {number} of {of}" if of > 1 else "picture"


def _path(match: re.Match[str]) -> str:
    return match["angled"] or match["path"] or ""
