"""Text from anywhere -> text that is safe and readable on any terminal; and what makes two typed answers the same."""

from __future__ import annotations

import codecs
import re
import unicodedata

# C0 and C1 controls but newline and tab, line separators, and every character that reorders what follows it.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_WORDS = {
    "→": "->", "←": "<-", "⇒": "=>", "…": "...", "–": "-", "—": "-", "−": "-", "×": "x", "·": "*", "•": "*", "≤": "<=", "≥": ">=",
    "≠": "!=", "≈": "~=", "√": "sqrt", "∞": "inf", "Σ": "sum", "∑": "sum", "∏": "prod", "∈": " in ", "∂": "d", "∇": "grad ",
    "⊙": "(*)", "ᵀ": "^T", "‖": "||", "⌈": "ceil(", "⌉": ")", "⌊": "floor(", "⌋": ")", "“": '"', "”": '"', "‘": "'", "’": "'",
    "✓": "x", "✗": "-", "●": "*", "○": "o", "│": "|", "─": "-", "━": "-", "═": "=", "\u2009": " ", "\u202f": " ", "\xa0": " ",
}  # fmt: skip
ENCODING_ERRORS = "dlquiz.spell"


def printable(text: str) -> str:
    """The text without anything that a terminal would act on."""
    return _ACTING.sub("\ufffd", text)


def spelled(char: str) -> str:
    """A character in ASCII, as well as it goes: `σ` sigma, `₁` _1, `²` ^2."""
    if char in _WORDS:
        return _WORDS[char]
    name = unicodedata.name(char, "")
    letter = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", name)
    if letter:
        return letter[2].lower() if letter[1] == "SMALL" else letter[2].capitalize()
    decomposed = unicodedata.normalize("NFKD", char)
    mark = "_" if unicodedata.decomposition(char).startswith("<sub>") else ""
    mark = "^" if unicodedata.decomposition(char).startswith("<super>") else mark
    ascii_only = decomposed.encode("ascii", "ignore").decode()
    if ascii_only:
        return mark + ascii_only
    return "" if unicodedata.combining(char) else "?"


def spell(error: UnicodeError) -> tuple[str, int]:
    """Handler for encodings that lack a character (cp1252, ASCII)."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(spelled(char) for char in error.object[error.start : error.end]), error.end


codecs.register_error(ENCODING_ERRORS, spell)


def same(given: str, right: str) -> bool:
    """Do two answers differ in nothing but case, spacing, Unicode form and a final full stop?"""
    return _bare(given) == _bare(right)


def closeness(given: str, right: str) -> float:
    """0 for nothing in common, 1 for the same letters."""
    import difflib  # rarely needed, and not cheap

    return difflib.SequenceMatcher(None, _bare(given), _bare(right), autojunk=False).ratio()


def difference(given: str, right: str) -> str:
    """Both answers in one line: `1e-[4 → 3]` gave 4 where 3 is right; an empty side was missing or too much."""
    import difflib  # rarely needed, and not cheap

    parts = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, given, right, autojunk=False).get_opcodes():
        parts.append(given[a:b] if kind == "equal" else f"[{given[a:b]} → {right[c:d]}]")
    return "".join(parts)


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("−", "-").replace("$", "").replace("**", "^")
    return re.sub(r"\s+", "", folded).rstrip(".")
