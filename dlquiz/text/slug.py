"""Any text as a slug: what ids, topics and tags made from other people's words look like."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60
# Letters and digits of a slug, for a pattern: ASCII's in lower case, those of other scripts with the marks that stand at them. As ranges,
# since the published schema is read by programs whose patterns know no classes of letters.
LETTERS = (
    "a-z0-9\u00df-\u00f6\u00f8-\u061b\u061d-\u167f\u1681-\u180d\u180f-\u1fff\u2c00-\u2dff\u3005-\u3007\u3041-\ud7ff"
)
_SIGNS = (
    (re.compile(r"(?<=[a-z])\+\+(?![a-z+])"), " plus plus "),
    (re.compile(r"(?<=[a-z])#(?![a-z0-9#])"), " sharp"),
)  # c++ and c# are not c
_ACCENTS = re.compile("(?<=[a-z0-9])[\u0300-\u036f]+")
_OTHER = re.compile(f"[^{LETTERS}]+")


def slug(text: str, longest: int = LONGEST) -> str:
    """Letters and digits of a text with hyphens between, in lower case, Latin ones without their accents; "" when there are none."""
    plain = "".join(map(_letter, unicodedata.normalize("NFC", text.lower().replace("ß", "ss"))))
    for sign, name in _SIGNS:
        plain = sign.sub(name, plain)
    return _OTHER.sub("-", _ACCENTS.sub("", plain))[:longest].strip("-")


def shortened(name: str, longest: int) -> str:
    """A slug cut between two words, if it has several that fit."""
    if len(name) <= longest:
        return name
    return name[: longest + 1].rpartition("-")[0] or name[:longest]


def _letter(char: str) -> str:
    """A letter, digit or mark as a slug has it; a blank for anything else."""
    if char.isascii():
        return char
    characters = unicodedata.normalize("NFKD", char)
    if characters[0].isascii():  # ö, é, ﬁ
        return "".join(
            character if character.isascii() else "" if unicodedata.combining(character) else " "
            for character in characters
        )
    return char if unicodedata.category(char)[0] in "LMN" else " "
