r"""What stands between `[latex]` and `[/latex]`, words with formulas in them as LaTeX sets them -> Markdown with `$maths$`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from dlquiz.html.as_markdown import escaped

LONGEST = 20_000  # characters; what is longer stays as it is
_MATHS = re.compile(
    r"""\$\$(?P<wide>(?:\\.|[^\\$])+)\$\$ | \$(?P<inline>(?:\\.|[^\\$])+)\$
    | \\\[(?P<block>(?:(?!\\[\[\]]).)+)\\\] | \\\((?P<round>(?:(?!\\[()]).)+)\\\)
    | \\begin\{(?P<name>displaymath|math|equation|align|gather|eqnarray|multline)\*?\}(?P<inner>(?:(?!\\(?:begin|end)\{(?P=name)).)+)
      \\end\{(?P=name)\*?\}""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?")
_MARKED = re.compile(r"\\(textbf|textit|emph|texttt|underline|textrm|text|textsc|mbox)\s*\{([^{}\\]*)\}")
_STARS = {"textbf": "**", "textit": "*", "emph": "*", "texttt": "`"}
_ACCENT = re.compile(r"""\\(["'`^~])\s*(?:\{\\?([A-Za-z])\}|([A-Za-z]))""")
_ACCENTS = dict(zip("\"'`^~", "\u0308\u0301\u0300\u0302\u0303", strict=True))
_LIST = re.compile(r"\\begin\{(itemize|enumerate)\}(?:\[[^\]]*\])?((?:(?!\\(?:begin|end)\{).)*)\\end\{\1\}", re.DOTALL)
_SIGNS = {
    "ss": "ß", "ldots": "...", "dots": "...", "LaTeX": "LaTeX", "textbackslash": "\\\\", "quad": " ", "noindent": "", "centering": "",
    "par": "\n\n", "bigskip": "\n\n", "medskip": "\n\n", "smallskip": "\n\n", "newline": "\n",
}  # fmt: skip
_SIGN = re.compile(rf"\\({'|'.join(_SIGNS)})(?![A-Za-z])(?:\{{\}})?\s?")
_PLACE = "\ue008{}\ue009"  # private characters
_ITEM = "\ue00a"  # where an item of a list begins
_ROWS = ("align", "eqnarray", "gather", "multline")
_BROKEN = re.compile(r"\\\\(?:\[[^\]]*\])?[ \t]*\n?")
_PLACES = re.compile("\ue008(\\d+)\ue009")


def is_text(source: str) -> bool:
    """Are there words in it, or formulas side by side? A formula alone is none."""
    whole = _MATHS.fullmatch(source.strip())
    return not whole and (
        _MATHS.search(source) is not None or _MARKED.search(source) is not None or not re.search(r"[\\^_]", source)
    )


def markdown(source: str, formula: Callable[[str, bool], str]) -> str | None:
    """The words and formulas; None where something in them is neither, as a drawing is.

    Args:
        source: LaTeX of a document's body, in lines.
        formula: A formula's LaTeX, and whether it stands on a line of its own -> its Markdown.
    """
    if len(source) > LONGEST:
        return None
    page = _Document(formula)
    text = _ACCENT.sub(
        lambda match: unicodedata.normalize("NFC", (match[2] or match[3]) + _ACCENTS[match[1]]),
        _COMMENT.sub("", source),
    )
    text = _MATHS.sub(page.maths, text)
    for pattern, change in ((_MARKED, page.marked), (_LIST, page.items), (_SIGN, lambda match: _SIGNS[match[1]])):
        while (changed := pattern.sub(change, text)) != text:
            text = changed
    text = _BROKEN.sub("\n", text)
    text = re.sub(r"\\([%&_#${}])", r"\1", text)
    for latex, sign in (("~", " "), ("``", "“"), ("''", "”"), ("--", "–")):
        text = text.replace(latex, sign)
    return None if re.search(r"\\[A-Za-z@]", text) else page.whole(text)


class _Document:
    """What was read is put aside: Markdown already, it is neither read again nor escaped."""

    def __init__(self, formula: Callable[[str, bool], str]) -> None:
        self._formula = formula
        self._aside: list[str] = []

    def keep(self, text: str) -> str:
        self._aside.append(text)
        return _PLACE.format(len(self._aside) - 1)

    def maths(self, match: re.Match[str]) -> str:
        inner, name = match["inner"], match["name"]
        if inner is None:
            wide = match["wide"] or match["block"]
            return self.keep(self._formula(wide or match["inline"] or match["round"], bool(wide)))
        framed = rf"\begin{{aligned}}{inner}\end{{aligned}}" if name in _ROWS else inner
        return self.keep(self._formula(framed, name != "math"))

    def marked(self, match: re.Match[str]) -> str:
        mark, words = _STARS.get(match[1], ""), match[2].strip()
        return self.keep(f"{mark}{words if mark == '`' else _literal(words)}{mark}") if words else ""

    def items(self, match: re.Match[str]) -> str:
        entries = [" ".join(entry.split()) for entry in re.split(r"\\item\b(?:\[[^\]]*\])?", match[2])[1:]]
        marks = ["-"] * len(entries) if match[1] == "itemize" else [f"{n}." for n in range(1, len(entries) + 1)]
        lines = [f"{self.keep(mark)} {entry}" for mark, entry in zip(marks, entries, strict=True)]
        return "\n\n" + "".join(f"{_ITEM}{line}" for line in lines) + "\n\n"

    def whole(self, text: str) -> str:
        """The words escaped, their lines as Markdown breaks them, and what was put aside in its place."""
        pieces = re.split("(\ue008\\d+\ue009)", text)
        text = "".join(piece if n % 2 else _literal(piece) for n, piece in enumerate(pieces))
        text = re.sub(r"[ \t]*\n[ \t]*", "\n", text).replace(_ITEM, "\n")
        text = re.sub(r"(?<!\n)\n(?!\n|\ue008\d+\ue009 )", "\\\\\n", text)
        while _PLACES.search(text):
            text = _PLACES.sub(
                lambda match: self._aside[int(match[1])] if int(match[1]) < len(self._aside) else "", text
            )
        return re.sub(r"\n{3,}", "\n\n", text).strip("\\\n ")


def _literal(text: str) -> str:
    return escaped(text) if text.strip() else text
