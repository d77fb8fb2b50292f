"""Markdown -> HTML. A bank's text is data: its tags become Markdown or text, links lead only to the web,
nothing is fetched, no script runs.

The parser is the one that Rich uses on the terminal, so that a bank reads the same in both places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from dlquiz import maths
from dlquiz.text import printable, tags

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

Formula = Callable[[str, bool], str]  #: LaTeX, does it stand on a line of its own -> HTML
_PLACE = (
    "\ue010{}\ue011"  # where a formula stands while Markdown is read; private characters, none of which a text keeps
)
_PLACES = re.compile("\ue010([0-9]+)\ue011")
_PRIVATE = re.compile("[\ue010\ue011]")
_ON_THE_WEB = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_IMAGE = re.compile(r'<img src="([^"]*)" alt="([^"]*)">')
_LINK = re.compile(r"https?://|mailto:", re.IGNORECASE)
_ALIGNED = re.compile(r"text-align:(left|center|right)")


def render(text: str, formula: Formula, *, whole: bool = False, heading: str = "") -> str:
    """A text as HTML.

    Args:
        text: Markdown; anything that acts on a terminal or reorders a line is taken out.
        formula: Renders a formula. In attributes and code a formula is shown as its source.
        whole: A single paragraph keeps its tags, for text that stands on its own.
        heading: The tag that every heading gets, so that it stands below those of the page around it; "": its own.
    """
    if not text:
        return ""
    formulas: list[tuple[str, bool]] = []

    def keep(latex: str, display: bool) -> str:
        formulas.append((latex, display))
        return _PLACE.format(len(formulas) - 1)

    marked = maths.rewritten(tags.markdown(_PRIVATE.sub("", printable.clean(text))), keep)
    rendered = str(_markdown().render(marked, {"formulas": formulas, "formula": formula, "heading": heading})).strip()
    if not whole and rendered.startswith("<p>") and rendered.endswith("</p>") and rendered.count("<p>") == 1:
        rendered = rendered[3:-4]
    return rendered


def with_pictures(html: str, named: Callable[[str], str | None]) -> str:
    """The HTML with what `named` gives for each picture's path; where that is None, its description in the picture's place."""

    def tag(match: re.Match[str]) -> str:
        name = named(_unescaped(match[1]))
        return f'<img src="{escape(name)}" alt="{match[2]}">' if name else f"<em>Picture: {match[2]}</em>"

    return _IMAGE.sub(tag, html) if "<img " in html else html


def _unescaped(text: str) -> str:
    from urllib.parse import unquote

    return unquote(unescape(text))


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "highlight": _highlighted}).enable(["strikethrough", "table"])
    parser.core.ruler.push("formulas", _restore)
    parser.add_render_rule("formula", _formula)
    parser.add_render_rule("image", _image)
    return parser


def _restore(state: StateCore) -> None:
    """Put formulas back: as tokens of their own in running text, as their source where only text is possible."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = state.env["heading"] or token.tag
        token.content, token.info = _as_written(token.content, state.env), _as_written(token.info, state.env)
        _aligned(token)
        if token.children is not None:
            token.children = [piece for child in token.children for piece in _pieces(child, state.env)]


def _pieces(token: Token, env: Any) -> list[Token]:
    """A part of a line, each formula in its text as a token of its own."""
    from markdown_it.token import Token

    if token.type == "text":
        tokens = []
        for n, piece in enumerate(_PLACES.split(token.content)):
            if n % 2:
                tokens.append(Token("formula", "", 0, meta={"formula": env["formulas"][int(piece)]}))
            elif piece:
                tokens.append(Token("text", "", 0, content=piece, level=token.level))
        return tokens
    token.content = _as_written(token.content, env)
    token.attrs = {key: _as_written(_decoded(str(value)), env) for key, value in token.attrs.items()}
    if token.type == "link_open" and not _LINK.match(str(token.attrs["href"])):
        del token.attrs["href"]
    return [token]


def _as_written(text: str, env: Any) -> str:
    """Text with formulas as their source."""

    def source(match: re.Match[str]) -> str:
        latex, display = env["formulas"][int(match[1])]
        return f"$${latex}$$" if display else f"${latex}$"

    return _PLACES.sub(source, text)


def _decoded(attribute: str) -> str:
    """An address with its placeholders as they were before it was escaped."""
    return attribute.replace("%EE%80%90", "\ue010").replace("%EE%80%91", "\ue011")


def _aligned(token: Token) -> None:
    """A cell's alignment as a class: a page may forbid styles of single elements."""
    match = _ALIGNED.fullmatch(str(token.attrs.pop("style", "")))
    if match:
        token.attrs["class"] = match[1]


def _formula(_renderer: Any, tokens: Sequence[Token], at: int, _options: Any, env: Any) -> str:
    return str(env["formula"](*tokens[at].meta["formula"]))


def _image(_renderer: Any, tokens: Sequence[Token], at: int, *_: Any) -> str:
    """A picture beside the bank; one on the web becomes a link, so that nothing is fetched while studying."""
    path, words = str(tokens[at].attrs["src"]), escape(tokens[at].content)
    if _ON_THE_WEB.match(path):
        return f'<a href="{escape(path)}">{words or escape(path)}</a>'
    return f'<img src="{escape(path)}" alt="{words}">'


def _highlighted(code: str, language: str, _attributes: str) -> str:
    """Code with syntax highlighting by class; unchanged if the language is unknown."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return ""
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True)))
