"""HTML tags in Markdown: the few that carry meaning as Markdown, every other one as the literal text that it was meant to be.

A bank says `<CLS>`, `</s>` and `List<int>` far more often than it means HTML; a Markdown parser would drop all of them.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple

from dlquiz import maths
from dlquiz.maths import symbols

STRONG, EMPHASIS, CODE = frozenset({"b", "strong", "mark", "summary", "th"}), frozenset({"i", "em"}), "code|kbd|samp|tt"
DROPPED = frozenset("u small span font center".split())  # their text stays, Markdown has no such look
BLOCKS = frozenset("p div details section figure figcaption ul ol li table thead tbody tfoot tr blockquote".split())
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
ALONE = frozenset({"br", "hr"})
PAIRED = STRONG | EMPHASIS | DROPPED | BLOCKS | HEADINGS | {"sub", "sup", "td", "caption"}
DEEPEST = 50  # tags within one another; what is deeper stays as it was written

_TAG = r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?:\s+[A-Za-z][\w:-]*(?:\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'|[^\s\"'=<>`]+))?)*\s*/?>"
_RAW = rf"<(?P<raw>{CODE}|pre)(?:\s[^<>]*)?>(?P<source>(?:(?!</?(?P=raw)>)[\s\S])*)</(?P=raw)>"
_AUTOLINK = r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>"
_PIECE = re.compile(
    rf"{maths.SPANS} | {_AUTOLINK.replace(' ', '[ ]')} | {_RAW.replace(' ', '[ ]')} | {_TAG.replace(' ', '[ ]')} | <(?=[A-Za-z/!?])",
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)
_KNOWN = re.compile(
    rf"<(?:{'|'.join(sorted(PAIRED | ALONE))}|{CODE}|pre)(?:\s[^<>]*|\s*/)?>", re.IGNORECASE
)  # a first look


class Tag(NamedTuple):
    """A tag that may have a partner."""

    name: str
    closes: bool
    written: str


class Element(NamedTuple):
    """A tag with its partner, and what stands between."""

    name: str
    inside: list[Piece]


Piece = str | Tag | Element


def meant(text: str) -> bool:
    """Might it contain a tag that carries meaning? A quick check that spares most texts the Markdown parser."""
    return "<" in text and _KNOWN.search(text) is not None


def literal(text: str) -> list[str]:
    """The tags of a text that are shown as they are written: what a Markdown parser elsewhere would drop."""
    return [
        match[0] for match in _PIECE.finditer(text) if match["name"] and match["name"].lower() not in PAIRED | ALONE
    ]


def carrying(text: str) -> list[str]:
    """The names of the tags of a text that carry meaning, each as often as it opens."""
    return [
        name
        for match in _PIECE.finditer(text)
        if (name := (match["raw"] or match["name"] or "").lower()) in PAIRED | ALONE | {"pre", *CODE.split("|")}
        and not match["close"]
    ]


def markdown(text: str) -> str:
    """Markdown without tags: each that carries meaning as Markdown, each other one escaped, so that it is shown."""
    if "<" not in text:
        return text
    return _rendered(_paired(_pieces(text)))


def moved(text: str, *, raised: bool) -> str:
    """Raised or lowered text, in characters that are so, or behind `^` or `_`; a blank at its end stays."""
    plain = text.strip()
    table = symbols.SUPERSCRIPTS if raised else symbols.SUBSCRIPTS
    small = plain.replace("-", "−")
    after = " " if plain and text[-1:].isspace() else ""
    if not plain:
        return ""
    if all(ord(char) in table for char in small) and not re.match("−.*[A-Za-z]", small):  # x⁻ᵃ is hard to read
        return small.translate(table) + after
    mark = "^" if raised else r"\_"
    return f"{mark}{plain}{after}" if len(plain) == 1 else f"{mark}({plain}){after}"


def _pieces(text: str) -> Iterator[Piece]:
    """Text as it is, tags, and what is to be escaped escaped."""
    end = 0
    for match in _PIECE.finditer(text):
        if match.start() > end:
            yield text[end : match.start()]
        end = match.end()
        if match["raw"]:
            yield _code(unescape(match["source"]), block=match["raw"].lower() == "pre")
        elif match["name"]:
            yield Tag(match["name"].lower(), bool(match["close"]), match[0])
        else:
            lone = match[0] == "<" or not match[0].strip(
                "`"
            )  # ticks without a partner could find one in what is made here
            yield re.sub(r"[<`]", r"\\\g<0>", match[0]) if lone else _in_line(text, match)
    if end < len(text):
        yield text[end:]


def _in_line(text: str, match: re.Match[str]) -> str:
    """Code, a formula or an escape. In code that goes over lines none begins with a tag: a parser would end it there, with HTML."""
    fenced = not text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip()
    return match[0] if fenced else re.sub(r"\n[ \t]*(?=<)", " ", match[0])


def _paired(pieces: Iterator[Piece]) -> list[Piece]:
    """Tags with their partners as elements; a tag without one stays a tag."""
    levels: list[tuple[Tag | None, list[Piece]]] = [(None, [])]
    for piece in pieces:
        if not isinstance(piece, Tag) or piece.name not in PAIRED:
            levels[-1][1].append(piece)
        elif not piece.closes and len(levels) <= DEEPEST:
            levels.append((piece, []))
        elif piece.closes and piece.name in [tag.name for tag, _ in levels if tag]:
            while True:
                tag, inside = levels.pop()
                if tag and tag.name == piece.name:
                    levels[-1][1].append(Element(tag.name, inside))
                    break
                levels[-1][1].extend([tag, *inside] if tag else inside)
        else:
            levels[-1][1].append(piece)
    while len(levels) > 1:
        tag, inside = levels.pop()
        levels[-1][1].extend([tag, *inside] if tag else inside)
    return levels[0][1]


def _rendered(pieces: Sequence[Piece]) -> str:
    """Pieces as Markdown, with a single empty line between two blocks, whatever both of them ask for."""
    out = ""
    for piece in pieces:
        if isinstance(piece, str):
            rendered = piece
        elif isinstance(piece, Element):
            rendered = _element(piece)
        elif piece.name in ALONE:
            rendered = "\\\n" if piece.name == "br" else "\n\n---\n\n"
        else:
            rendered = "\\" + piece.written
        if out.endswith("\n\n"):
            rendered = rendered.lstrip("\n")
        elif rendered.startswith("\n\n"):
            out = out.rstrip("\n")
        out += f" {rendered}" if out.endswith("`") and rendered.startswith("`") else rendered
    return out


def _element(element: Element) -> str:
    if element.name == "table":
        return _table(element)
    if element.name in ("ul", "ol"):
        return _list(element)
    inside = _rendered(element.inside)
    match element.name:
        case "sub" | "sup":
            return moved(inside, raised=element.name == "sup")
        case "summary":
            return f"\n\n{_marked(inside, '**')}\n\n"
        case "blockquote":
            return "\n\n" + "\n".join(f"> {line}" for line in _block(inside).split("\n")) + "\n\n"
        case name if name in HEADINGS:
            return f"\n\n{'#' * int(name[1])} {' '.join(inside.split())}\n\n"
        case name if name in STRONG:
            return _marked(inside, "**")
        case name if name in EMPHASIS:
            return _marked(inside, "*")
        case name if name in BLOCKS:
            return f"\n\n{_block(inside)}\n\n"
    return inside


def _block(text: str) -> str:
    """One or more paragraphs, not indented, since that would be read as code."""
    return textwrap.dedent(text.strip("\n")).strip()


def _marked(text: str, mark: str) -> str:
    """The text inside its marks, which touch no space, and span neither an empty line nor a block."""
    bare = text.strip()
    if not bare or "\n\n" in text or bare.startswith("*") or bare.endswith("*"):
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{mark}{bare}{mark}{after}"


def _code(text: str, *, block: bool) -> str:
    """Code as Markdown, which shows every character of it."""
    ticks = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    if block and text.strip():
        fence = max(ticks, "```", key=len)
        return f"\n\n{fence}\n{text.strip(chr(10))}\n{fence}\n\n"
    inner = " ".join(text.split())
    if not inner:
        return text
    return f"{ticks} {inner} {ticks}" if "`" in inner else f"{ticks}{inner}{ticks}"


def _list(element: Element) -> str:
    items: list[str] = []
    for piece in element.inside:
        if isinstance(piece, Element) and piece.name == "li":
            mark = "-" if element.name == "ul" else f"{len(items) + 1}."
            lines = _block(_rendered(piece.inside))
            items.append(f"{mark} " + lines.replace("\n", "\n" + " " * (len(mark) + 1)))
        else:
            items += [stray] if (stray := _rendered([piece]).strip()) else []
    return "\n\n" + "\n".join(items) + "\n\n"


def _table(element: Element) -> str:
    """A table with its first row as its head, and its caption above it."""
    lines_of_cells: list[list[str]] = []
    around: list[str] = []

    def gather(pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            if isinstance(piece, Element) and piece.name == "tr":
                cells = [cell for cell in piece.inside if isinstance(cell, Element) and cell.name in ("td", "th")]
                lines_of_cells.append([_cell(cell) for cell in cells])
            elif isinstance(piece, Element) and piece.name in ("thead", "tbody", "tfoot"):
                gather(piece.inside)
            elif text := _rendered([piece]).strip():
                around.append(text)

    gather(element.inside)
    lines_of_cells = [cells_of_line for cells_of_line in lines_of_cells if cells_of_line]
    columns = max(map(len, lines_of_cells), default=0)
    lines = [
        "| " + " | ".join([*cells_of_line, *[""] * (columns - len(cells_of_line))]) + " |"
        for cells_of_line in lines_of_cells
    ]
    lines[1:1] = ["|" + " --- |" * columns] if lines else []
    return "\n\n" + "\n\n".join([*around, "\n".join(lines)]).strip() + "\n\n"


def _cell(cell: Element) -> str:
    inside = " ".join(_rendered(cell.inside).replace("\\\n", " ").split())
    return re.sub(r"(?<!\\)\|", r"\\|", inside)
