"""Markdown -> one self-contained HTML page that reads well on a phone, by day and by night, and on paper; no script, nothing is fetched."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path

Read = Callable[[str], str]
_SHARED = Path(__file__).with_name("page.css")
Pictures = Callable[[str], str | None]  #: a picture's path -> a data: address of it, None: it is not at hand


def body(text: str, pictures: Pictures = lambda _: None, *, whole: bool = True, heading: str = "") -> str:
    """Markdown as HTML, formulas as MathML; tags in the text are shown, not obeyed.

    Args:
        text: Markdown.
        pictures: Where its pictures are; a missing one is replaced by its description.
        whole: A single paragraph keeps its tags.
        heading: The tag of all headings in it; "": their own.
    """
    from dlquiz.html import (
        mathml,  # with the parsers a tenth of a second, which only a page is worth
        to_html,
    )

    rendered = to_html.render(text, mathml.formula, whole=whole, heading=heading)
    framed = rendered.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")
    return to_html.with_pictures(framed, pictures)


def document(title: str, inside: str, *styles: Path) -> str:
    """A page around a body.

    Args:
        title: Its name, as text.
        inside: HTML.
        styles: Files of CSS besides the one that all pages share.

    A reader's browser is told to run and load nothing: only this page's own style sheet counts, pictures are within the page.
    """
    style = "".join(map(_css, (_SHARED, *styles)))
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="generator" content="dlquiz">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{inside}</body>\n</html>\n"
    )


@cache
def _css(path: Path) -> str:
    return path.read_text(encoding="utf-8")
