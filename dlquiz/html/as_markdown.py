"""The words of a page -> Markdown as a bank has it: few backslashes, code in fences, bold that every reader takes for bold."""

from __future__ import annotations

import re
import unicodedata

# Private characters, which no text keeps. Where a line breaks, and where bold and italic words begin and end: what these become depends
# on what stands beside them, which is known when all is converted.
BREAK = "\ue002"
_MARKS = {"\ue004": ("\ue005", "**"), "\ue006": ("\ue007", "*")}
_PAIR = re.compile("([\ue004\ue006])([^\ue004-\ue007]*)([\ue005\ue007])")
_BLANK = f" \t\n\xa0{BREAK}"
BLOCK = r"(?:[-*+] |\d+[.)] |\||\#{1,6} |```|---)"  # how a list, a table and the like begin
_BLOCK = re.compile(rf"\s*{BLOCK}")
_LAST = re.compile(
    r"(?:\\[!-/:-@\[-`{-~]|&#?\w{1,8};|[^\w\s`*)\]>\ue001])\Z"
)  # a sign at the end that may stand outside as well
_MOST_SIGNS, _LONGEST_SIGN = 5, 10
_FIRST = re.compile(r"(?:\\[!-/:-@\[-`{-~]|&#?\w{1,8};|[^\w\s`*(\[<!\ue000])")


def marked(text: str, mark: str) -> str:
    """Words between marks that touch no blank."""
    inner = text.strip(_BLANK)
    before, after = text[: len(text) - len(text.lstrip(_BLANK))], text[len(text.rstrip(_BLANK)) :]
    return f"{before}{mark}{inner}{_MARKS[mark][0]}{after}" if inner else text


def emphasised(text: str) -> str:
    """Stars in place of the marks, the innermost first; words in bold side by side are one."""
    if not any(mark in text for mark in _MARKS):
        return text
    for opening, (closing, _) in _MARKS.items():
        text = re.sub(f"{closing}([ \xa0]*){opening}", r"\1", text)
    while (resolved := _PAIR.sub(_starred, text)) != text:
        text = resolved
    return re.sub("[\ue004-\ue007]", "", text)


def _starred(pair: re.Match[str]) -> str:
    """What stands between two marks with stars around each of its paragraphs."""
    stars, start, end = _MARKS[pair[1]][1], pair.start(), pair.end()
    blocks = re.split(r"(\n\n+)", pair[2])
    before = pair.string[start - 1 : start] if start else ""
    after = pair.string[end : end + 1]
    last = len(blocks) - 1
    return "".join(
        block if n % 2 else _with_stars(block, stars, "" if n else before, after if n == last else "")
        for n, block in enumerate(blocks)
    )


def _with_stars(block: str, stars: str, before: str, after: str) -> str:
    """Stars where a reader takes them for such: a sign at an edge stands outside, else `**so:**it` would be four stars."""
    if _BLOCK.match(block):
        return block
    opening = closing = ""
    for _ in range(_MOST_SIGNS if _is_word(after) else 0):
        if sign := _LAST.search(block[-_LONGEST_SIGN:]):
            block, closing = block[: -len(sign[0])], sign[0] + closing
    for _ in range(_MOST_SIGNS if _is_word(before) else 0):
        if sign := _FIRST.match(block):
            block, opening = block[sign.end() :], opening + sign[0]
    core = block.strip(_BLANK)
    edges = core.strip("*")
    lost = not edges or (_is_word(before) and not _is_word(edges[0])) or (_is_word(after) and not _is_word(edges[-1]))
    return f"{opening}{block if lost else block.replace(core, f'{stars}{core}{stars}', 1)}{closing}"


def _is_word(char: str) -> bool:
    """Is it neither blank nor a sign, as Markdown tells them?"""
    return bool(char) and char not in _BLANK and not char.isspace() and unicodedata.category(char)[0] not in "PS"


def as_code(text: str) -> str:
    """A span of code."""
    inner = " ".join(text.split())
    ticks = "`" * (1 + max(map(len, re.findall(r"`+", inner)), default=0))
    return f"{ticks} {inner} {ticks}" if "`" in inner else f"{ticks}{inner}{ticks}"


def escaped(text: str) -> str:
    """Text that Markdown shows literally, with as few backslashes as possible, since people will read it in their bank."""
    text = re.sub(r"([\\`*$]|~~|(?<!\w)_|_(?!\w)|\[(?=[^\[\]]*\][(\[:]))", r"\\\1", text)
    text = re.sub(r"^[ \t]*(?:[-+](?=\s)|>|#{1,6}(?=\s)|\d{1,9}(?=[.)](?:\s|\Z)))", _inert, text, flags=re.MULTILINE)
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text)
    return re.sub(r"<(?=[a-zA-Z/!?])", "&lt;", text)


def _inert(mark: re.Match[str]) -> str:
    """What would begin a list, a heading or a quotation."""
    sign = mark[0].lstrip()
    blanks = mark[0][: len(mark[0]) - len(sign)]
    return f"{blanks}{sign}\\" if sign.isdigit() else f"{blanks}\\{sign}"
