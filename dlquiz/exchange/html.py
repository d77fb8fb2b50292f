"""HTML of other programs -> Markdown with `$maths$`, as a bank writes it; scripts and styles are left behind."""

from __future__ import annotations

import re

_MATHS = re.compile(
    r"\\\((?P<inline>.+?)\\\)|\\\[(?P<block>.+?)\\\]|\[\$\](?P<old>.+?)\[/\$\]|\[\$\$\](?P<wide>.+?)\[/\$\$\]|\[latex\](?P<latex>.+?)\[/latex\]",
    re.DOTALL,
)  # MathJax's delimiters, and Anki's older ones
_PLACE = "\ue000{}\ue001"  # private characters: no converter touches them
_PLACES = re.compile("\ue000(\\d+)\ue001")


def to_markdown(html: str) -> str:
    """The text of a field as Markdown.

    Args:
        html: As Anki keeps a field; maths between its delimiters becomes `$...$`.
    """
    from markdownify import MarkdownConverter  # 60 ms: only where something is imported

    formulas: list[str] = []

    def keep(match: re.Match[str]) -> str:
        formulas.append(_formula(match))
        return _PLACE.format(len(formulas) - 1)

    without = _MATHS.sub(keep, html.replace("\ue000", "").replace("\ue001", ""))
    converter = MarkdownConverter(
        heading_style="ATX", bullets="-", strip=["script", "style"], escape_misc=False, newline_style="BACKSLASH"
    )
    text = str(converter.convert(re.sub(r"(?is)<(script|style)\b.*?(</\1\s*>|\Z)", "", without)))
    text = re.sub(r"\n{3,}", "\n\n", text.replace("\xa0", " "))
    return _PLACES.sub(lambda match: formulas[int(match[1])], text).strip()


def _formula(match: re.Match[str]) -> str:
    """A formula without the markup and the entities that an editor put into it."""
    from html import unescape

    found = next(value for value in match.groupdict().values() if value is not None)
    plain = unescape(re.sub(r"<br\s*/?>|</?div>|&nbsp;", " ", found))
    plain = " ".join(re.sub(r"</?[a-z][^<>]*>", "", plain).split()).strip("$ ")
    return f"$${plain}$$" if match.lastgroup in ("block", "wide") else f"${plain}$"
