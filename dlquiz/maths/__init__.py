"""$LaTeX$ to the Unicode that a terminal can show; knows nothing of cards."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

CODE = r"""
    ^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)? (?P<fence>`{3,}(?=[^`\n]*$)|~{3,}) [\s\S]*? (?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)
    | (?<!`)(?P<ticks>`+)(?!`) (?:(?!\n[ \t]*\n)[\s\S])+? (?<!`)(?P=ticks)(?!`) | `+"""
FORMULA = r"""
    \$\$ (?P<display>(?:\\[\s\S]|(?!\$\$|\n[ \t]*\n)[^\\])+) \$\$ | \$\$+
    | \$(?!\s) (?P<inline>(?:\\[\s\S]|(?!\n[ \t]*\n)[^\\$])+) (?<!\s)\$(?!\d)"""
MARKDOWN = re.compile(rf"{CODE} | \\[\s\S] | {FORMULA}", re.MULTILINE | re.VERBOSE)
MARKUP = re.compile(r"[\\`*_\[\]<|~&$]|^[>#+=-]")  # what a Markdown parser could take for its own
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")  # what a backslash makes literal in Markdown


def formula(latex: str) -> str:
    """One line of Unicode for a formula without its dollars. What is nested deeper than parser.DEEPEST comes back as its source."""
    from dlquiz.maths import layout, parser  # most questions have no formula: the first does not wait for this

    line = "".join(char if char.isprintable() else " " for char in latex).strip()
    try:
        return layout.text(layout.resolved(parser.Parser(line).sequence()))
    except parser.TooDeepError:
        return line


def readable(text: str, forms: Mapping[str, str] = {}) -> str:
    """Markdown with its formulas as Unicode, escaped so that a Markdown parser leaves it alone.

    Args:
        text: Markdown. By Pandoc's rule `$5 and $6` is no formula; nothing in code is.
        forms: Hand-made Unicode by LaTeX source, used in place of `formula`.
    """

    def form(match: re.Match[str]) -> str:
        latex = _latex(match)
        return MARKUP.sub(r"\\\g<0>", forms.get(latex) or formula(latex)) if latex else match[0]

    return MARKDOWN.sub(form, text) if "$" in text else text


def rewritten(text: str, form: Callable[[str, bool], str]) -> str:
    """Markdown with `form(latex, on_its_own_line)` in place of each formula, escaped so that a Markdown parser leaves it alone."""

    def escaped(match: re.Match[str]) -> str:
        latex = " ".join(_latex(match).split())
        return PUNCTUATION.sub(r"\\\g<0>", form(latex, match["display"] is not None)) if latex else match[0]

    return MARKDOWN.sub(escaped, text) if "$" in text else text


def plain(text: str, forms: Mapping[str, str] = {}) -> str:
    """As `readable`, without the escapes: for text that no Markdown parser will see."""

    def form(match: re.Match[str]) -> str:
        latex = _latex(match)
        if latex:
            return forms.get(latex) or formula(latex)
        return "$" if match[0] == r"\$" else match[0]

    return MARKDOWN.sub(form, text) if "$" in text else text


def source(text: str) -> list[str]:
    """The LaTeX of each formula of a Markdown text, in order."""
    return [latex for match in MARKDOWN.finditer(text) if (latex := _latex(match))]


def _latex(match: re.Match[str]) -> str:
    return (match["display"] or match["inline"] or "").strip()
