"""$LaTeX$ to the Unicode that a terminal can show; knows nothing of cards.

Most questions hold no formula: what reads one is imported with the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

_SPAN = r"(?<!`)(?P<{0}>`+)(?!`) (?:(?!\n[ \t]*\n)[\s\S])+? (?<!`)(?P={0})(?!`)"
CODE = rf"""
    ^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)? (?P<fence>`{{3,}}(?=[^`\n]*$)|~{{3,}}) [\s\S]*? (?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)
    | {_SPAN.format("ticks")} | `+"""
# A formula holds no code: `cost $2, set $N` within ticks is money and code. A number before words is money too, as in `$5 to 10$`.
FORMULA = rf"""
    ^(?P<lead>[ \t>]*) (?P<mathfence>`{{3,}}|~{{3,}})[ \t]*math[ \t]*\n (?P<fenced>[\s\S]*?) ^[ \t>]*(?P=mathfence)[`~]*[ \t]*$
    | \$`(?P<ticked>[^`\n]+)`\$
    | \$\$ (?P<display>(?:\\[\s\S]|(?!\$\$|\n[ \t]*\n|{_SPAN.format("within")})[^\\])+) \$\$ | \$\$+
    | \$(?!\s|\d[\d.,]*[ ](?:[a-z]{{2,}}|[A-Z][a-z]+)\b)
      (?P<inline>(?:\\[\s\S]|(?!\n[ \t]*\n|{_SPAN.format("inside")})[^\\$])+) (?<!\s)\$(?!\d)
    | \\\((?P<round>(?:\\[^()\[\]]|(?!\n[ \t]*\n)[^\\`])+)\\\)
    | \\\[(?=(?:(?!\\\]|\n[ \t]*\n)[\s\S])*?(?!\\\])[\\^_=+<>]) (?P<square>(?:\\[^()\[\]]|(?!\n[ \t]*\n)[^\\`])+)\\\]"""
SPANS = rf"{FORMULA} | {CODE} | \\[\s\S]"
_INLINE, _DISPLAYED = ("inline", "ticked", "round"), ("display", "square", "fenced")  # the groups that hold LaTeX
_MARKS = ("$", "\\(", "\\[", "math")  # one of these is in every text that holds a formula
MARKUP = re.compile(r"[\\`*_\[\]<|~&$]|^[>#+=-]")  # what a Markdown parser could take for its own
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")  # what a backslash makes literal in Markdown


@cache
def markdown() -> re.Pattern[str]:
    """Finds formulas, code and escapes in Markdown; made for the first text that may hold one."""
    return re.compile(SPANS, re.MULTILINE | re.VERBOSE)


def formula(latex: str) -> str:
    """One line of Unicode for a formula without its dollars. A formula nested deeper than parser.DEEPEST is returned as its source."""
    from dlquiz.maths import layout, macros, parser

    line = "".join(char if char.isprintable() else " " for char in latex).strip()
    if macros.DEFINING.search(line):
        line = macros.expanded(line, macros.definitions([line]))
    try:
        return layout.text(layout.resolved(parser.Parser(line).sequence()))
    except parser.TooDeepError:
        return line


def unknown(latex: str) -> list[str]:
    """The commands of a formula that have no form here: they are shown by their names."""
    from dlquiz.maths import commands, macros

    return commands.unknown(macros.expanded(latex, macros.definitions([latex])))


def readable(text: str, forms: Mapping[str, str] = {}) -> str:
    """Markdown with its formulas as Unicode, escaped so that a Markdown parser leaves it alone.

    Args:
        text: Markdown. By Pandoc's rule `$5 and $6` is no formula; nothing in code is.
        forms: Hand-made Unicode by LaTeX source, used in place of `formula`.
    """
    return _replaced(text, lambda latex, _display: MARKUP.sub(r"\\\g<0>", forms.get(latex) or formula(latex)))


def rewritten(text: str, form: Callable[[str, bool], str]) -> str:
    """Markdown with `form(latex, on_its_own_line)` in place of each formula, escaped so that a Markdown parser leaves it alone."""
    return _replaced(
        text,
        lambda latex, display: PUNCTUATION.sub(r"\\\g<0>", form(" ".join(latex.split()), display)) if latex else "",
    )


def plain(text: str, forms: Mapping[str, str] = {}) -> str:
    """As `readable`, without the escapes: for text that no Markdown parser will see."""
    return _replaced(text, lambda latex, _display: forms.get(latex) or formula(latex), dollar="$")


def source(text: str) -> list[str]:
    """The LaTeX of each formula of a Markdown text, in order."""
    return [latex for match in markdown().finditer(text) if (latex := latex_of(match))]


def filled(text: str, blank: str, answer: str) -> str:
    """Markdown with its blank filled in: with the answer in bold in running text, with its LaTeX in a formula, as it is in code."""
    own = markdown().fullmatch(answer.strip())
    in_formula = (own and latex_of(own)) or answer.strip()
    if not own and re.fullmatch(r"[^\W\d_][\w'-]*(?: [\w'-]+)+", in_formula):
        in_formula = rf"\text{{{in_formula}}}"  # words keep their spaces

    def span(match: re.Match[str]) -> str:
        return match[0].replace(blank, in_formula if latex_of(match) else answer)

    return markdown().sub(span, text).replace(blank, f"**{answer}**")


def latex_of(match: re.Match[str]) -> str:
    """The LaTeX of a span of Markdown, "" when it is no formula."""
    return next((latex.strip() for name in _INLINE + _DISPLAYED if (latex := match[name])), "")


def _replaced(text: str, form: Callable[[str, bool], str], dollar: str = r"\$") -> str:
    """Markdown with `form(latex, on_its_own_line)` for each formula, where it means the same with the text's own commands written out."""
    if not any(mark in text for mark in _MARKS):
        return text
    from dlquiz.maths import macros

    own = macros.definitions(source(text)) if macros.DEFINING.search(text) else {}

    def span(match: re.Match[str]) -> str:
        latex = latex_of(match)
        if not latex:
            return dollar if match[0] == r"\$" else match[0]
        displayed = any(match[name] for name in _DISPLAYED)
        return (match["lead"] or "") + form(macros.expanded(latex, own) if own else latex, displayed)

    return markdown().sub(span, text)
