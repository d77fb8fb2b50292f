"""Text from anywhere -> text that is safe and readable on any terminal; and what was changed in a text."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import TextIO

# C0 and C1 controls but newline and tab, line separators, every character that reorders what follows it, and halves of characters.
_ACTING = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
_WORDS = {
    "→": "->", "←": "<-", "⇒": "=>", "…": "...", "–": "-", "—": "-", "−": "-", "×": "x", "·": "*", "•": "*", "≤": "<=", "≥": ">=",
    "≠": "!=", "≈": "~=", "√": "sqrt", "∞": "inf", "Σ": "sum", "∑": "sum", "∏": "prod", "∈": " in ", "∂": "d", "∇": "grad ",
    "⊙": "(*)", "ᵀ": "^T", "‖": "||", "⌈": "ceil(", "⌉": ")", "⌊": "floor(", "⌋": ")", "“": '"', "”": '"', "‘": "'", "’": "'",
    "✓": "x", "✗": "-", "●": "*", "○": "o", "│": "|", "─": "-", "━": "=", "═": "=", "┼": "+", "└": "+",
    "█": "#", "▓": "%", "▒": "+", "░": "-", "▄": "_", "\u2009": " ", "\u202f": " ", "\xa0": " ",
    "′": "'", "″": "''", "∩": " cap ", "∪": " cup ", "⟨": "<", "⟩": ">", "±": "+/-", "∝": " ~ ", "≡": "==", "∖": "\\", "∘": " o ",
    "ŷ": "yhat", "ẑ": "zhat", "λ": "lambda", "Λ": "Lambda",
}  # fmt: skip
_OVER = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar", "\u20d7": "vec"}  # above a letter
_RUN = re.compile(r"(_[A-Za-z0-9+=()-]){2,}|(\^[A-Za-z0-9+=()-]){2,}")
ENCODING_ERRORS = "dlquiz.spell"


def clean(text: str) -> str:
    """The text without anything that a terminal would act on."""
    return text if text.isprintable() else re.sub(_ACTING, "\ufffd", text)


def escaped(json: str) -> str:
    """The same JSON without anything that a terminal would act on: as it stands in strings, written as `\\u202e`."""
    return re.sub(_ACTING, lambda match: f"\\u{ord(match[0]):04x}", json)


def spelled(char: str) -> str:
    """A character in ASCII, as well as possible: `σ` sigma, `₁` _1, `²` ^2."""
    if char in _WORDS:
        return _WORDS[char]
    name = unicodedata.name(char, "")
    letter = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", name)
    if letter:
        return letter[2].lower() if letter[1] == "SMALL" else letter[2].capitalize()
    decomposed = unicodedata.normalize("NFKD", char)
    mark = _mark(char)
    ascii_only = "".join(_WORDS.get(character, character) for character in decomposed) if mark else decomposed
    ascii_only = ascii_only.encode("ascii", "ignore").decode()
    if ascii_only:
        return mark + ascii_only
    return "" if unicodedata.combining(char) else "?"


def _mark(char: str) -> str:
    """`_` of a lowered character, `^` of a raised one, "" of others."""
    form = unicodedata.decomposition(char)
    return "_" if form.startswith("<sub>") else "^" if form.startswith("<super>") else ""


def wrapped(text: str, stream: TextIO, indent: str = "") -> str:
    """For a terminal, broken between words; a script gets its lines whole.

    Args:
        text: Of one line or more.
        stream: Where it is going to.
        indent: Of the lines that go on.
    """
    if not stream.isatty():
        return text
    import shutil  # for messages only
    import textwrap

    fold = textwrap.TextWrapper(
        shutil.get_terminal_size().columns, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(fold.fill(line) for line in text.split("\n"))


def spell(error: UnicodeError) -> tuple[str, int]:
    """Handler for encodings that lack a character (cp1252, ASCII)."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text, out = error.object, ""
    for index in range(error.start, error.end):
        before = out or text[error.start - 1 : error.start] * bool(error.start)
        char = text[index]
        word = _OVER.get(char, "") if before[-1:].isalpha() else ""
        word = word or spelled(char)
        if len(word) > 1 and word.isalpha() and before[-1:].isalpha() and char not in _OVER:
            word = f" {word}"  # two names are two words
        out += word
    return _RUN.sub(_gathered, out) + _gap(out, text[error.end : error.end + 1]), error.end


def _gap(out: str, behind: str) -> str:
    """Between a name and what it would run into: `sqrt v`, `eta m`."""
    name = re.search(r"[A-Za-z]{2,}$", out)
    return " " if name and name[0] not in _OVER.values() and behind.isalnum() else ""


def _gathered(run: re.Match[str]) -> str:
    """Several indices, written once: `_t-_1` is `_{t-1}`."""
    mark, inner = run[0][0], re.sub(r"[_^]", "", run[0])
    return f"{mark}{inner}" if inner.isalnum() else f"{mark}{{{inner}}}"


codecs.register_error(ENCODING_ERRORS, spell)
