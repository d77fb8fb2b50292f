"""Code that was typed into an editor of formatted text, as lines set in with blanks that don't break -> a block of code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

_LINES = ("div", "p")  # each is a line of its own
_AROUND = ("div", "p", "blockquote", "span", "font", "li")
_SET_IN = re.compile(r"[ \t]*(?:\xa0[ \t\xa0]|[ \t]\xa0|\t)[ \t\xa0]*\S")
_CODE = re.compile(
    r"""[;{}]\s*$ | \w\([^()]*\) | \w\[\w+\] | (?<![=<>!])[-+*/%]?=(?!=)\s*\S | [!=<>]= | -> | => | && | \|\| | \w\.\w+\(
    | ^\s*(?:def|class|for|while|if|elif|else|with|try|except|finally)\b.*:\s*$
    | ^\s*(?:return|import|yield|raise|print|elif|const|let|var|int|float|void|char|public|private|static|struct)\b
    | ^\s*(?:break|continue|pass)\s*$ | ^\s*from\s+\S+\s+import\b | ^\s*(?:\#include|//|/\*|\#\s|@\w)""",
    re.VERBOSE,
)
_FOREIGN = ("img", "table", "ul", "ol", "pre", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "audio", "video")
_PLACE = "\ue000"  # what was put aside, formulas above all, is no code


class _Line(NamedTuple):
    nodes: list[Any]  #: what it is made of, with what ends it
    text: str
    code: bool | None  #: None: an empty line, which says nothing


def mark(soup: Any) -> None:
    """Put every run of such lines into a `pre`."""
    for around in [soup, *soup.find_all(_AROUND)]:
        if around.find(["br", *_LINES], recursive=False) and not around.find_parent(["pre", "code", "td", "th", "a"]):
            lines = list(_lines(around))
            runs = list(_runs(lines))
            in_runs = {id(line) for run in runs for line in run}
            _straighten([line for line in lines if id(line) not in in_runs])
            for run in runs:
                block = soup.new_tag("pre")
                block.string = "\n".join(line.text.replace("\xa0", " ").rstrip() for line in run)
                run[0].nodes[0].insert_before(block)
                for line in run:
                    for node in line.nodes:
                        node.extract()


def _straighten(lines: Sequence[_Line]) -> None:
    """Take the blanks away with which a line of words is set in: Markdown would read four of them as code."""
    for line in lines:
        if _SET_IN.match(line.text):
            texts: Iterator[Any] = (
                text
                for node in line.nodes
                for text in ([node] if isinstance(node, str) else node.find_all(string=True))
            )
            first = next((text for text in texts if text.strip()), None)
            if first is not None:
                first.replace_with(first.lstrip())


def _runs(lines: Sequence[_Line]) -> Iterator[Sequence[_Line]]:
    """Lines that follow each other, most of them code and at least one set in."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and lines[end].code is not False:
            end += 1
        run = list(lines[start:end])
        while run and run[-1].code is None:
            run.pop()
        while run and run[0].code is None:
            run.pop(0)
        full = [line for line in run if line.code]
        if len(full) > 1 and any(_SET_IN.match(line.text) for line in full):
            signs = sum(_CODE.search(line.text) is not None for line in full)
            if 2 * signs >= len(full):
                yield run
        start = end + 1


def _lines(around: Any) -> Iterator[_Line]:
    """The lines directly in a tag: each `div` or `p` is one, and so is what stands between two breaks."""
    nodes: list[Any] = []
    for child in list(around.children):
        name = getattr(child, "name", None)
        if name in _LINES or name in _FOREIGN:
            if nodes:
                yield _line(nodes)
                nodes = []
            yield _line([child])
        else:
            nodes.append(child)
            if name == "br":
                yield _line(nodes)
                nodes = []
    if nodes:
        yield _line(nodes)


def _line(nodes: list[Any]) -> _Line:
    """Does it look like code? A line that holds blocks, pictures or formulas does not."""
    text = "".join(node if isinstance(node, str) else node.get_text() for node in nodes)
    text = re.sub(r"[\r\n]", " ", text)
    if any(not isinstance(node, str) and (node.name in _FOREIGN or _parted(node)) for node in nodes) or _PLACE in text:
        return _Line(nodes, text, code=False)
    if not text.strip():
        return _Line(nodes, "", code=None)
    return _Line(nodes, text, code=bool(_SET_IN.match(text) or _CODE.search(text)))


def _parted(node: Any) -> bool:
    """Does a tag hold lines or blocks? A `div` around a single break is an empty line."""
    inner = node.find_all([*_FOREIGN, *_LINES, "br"])
    return bool(inner) and not (len(inner) == 1 and inner[0].name == "br" and not node.get_text(strip=True))
