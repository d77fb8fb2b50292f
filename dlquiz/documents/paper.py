"""Markdown -> one self-contained HTML page that reads well on a phone, by day and by night."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

Read = Callable[[str], str]

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5b6470; --paper: #fdfdfc; --tint: #f2f3f0; --line: #dddfda;
  --good: #1a7347; --bad: #b02a2a; --fair: #8a5a00; --link: #1f5fae; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e6e8; --soft: #9aa4ae; --paper: #16191c; --tint: #20252a; --line: #343b42;
  --good: #63c893; --bad: #f08a82; --fair: #e0b25c; --link: #8ab8f0; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 44rem; padding: 2.5rem 1.25rem 5rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; letter-spacing: -.01em; }
h1 + p { color: var(--soft); margin-top: 0; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.06rem; line-height: 1.4; margin: 2.25rem 0 .25rem; }
h3 + p { color: var(--soft); margin-top: 0; font-size: .95rem; } h3 + p em { font-style: normal; }
p, ul, ol, pre, table { margin: 0 0 1rem; }
ul, ol { padding-left: 1.5rem; } li { margin: .3rem 0; }
code { font: .92em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: var(--tint);
  padding: .1em .35em; border-radius: .3em; }
pre { background: var(--tint); border-left: 3px solid var(--line); border-radius: .3rem; padding: .75rem 1rem; overflow-x: auto; }
pre code { background: none; padding: 0; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; font-size: .98rem; }
th { text-align: left; color: var(--soft); font-weight: 600; font-size: .85rem; }
th, td { padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
a { color: var(--link); }
li.said, li.missed { list-style: none; position: relative; }
li .mark { position: absolute; left: -1.4rem; font-weight: 700; }
.said .mark, .ready { color: var(--good); } .missed .mark, .not-yet { color: var(--bad); } .nearly { color: var(--fair); }
.not-judged { color: var(--soft); } .verdict { white-space: nowrap; }
@media (max-width: 30rem) { body { padding: 1.5rem 1rem 3rem; font-size: 1rem; } th, td { padding-right: .5rem; } }
@media print { body { max-width: none; padding: 0; } h3 { break-after: avoid; } li, pre { break-inside: avoid; } }
"""


def body(text: str) -> str:
    """Markdown as HTML; tags in the text are shown, not obeyed."""
    from markdown_it import MarkdownIt  # Rich's own parser; 40 ms that only a report is worth

    parser = (
        MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    )  # nothing is loaded from elsewhere
    return str(parser.render(text))


def page(title: str, inside: str) -> str:
    """A page around a body; nothing is loaded from elsewhere."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{inside}</body>\n</html>\n"
    )
