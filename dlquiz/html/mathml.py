"""LaTeX -> MathML, made of known elements only; anything else comes as the Unicode that a terminal shows.

The converter escapes nothing and lets LaTeX set attributes (`\\href`, `\\style`): what it makes is a tree to pick from, no text to trust.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape, unescape
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from dlquiz import maths

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 2000  # characters; a formula that a person can read has a tenth
DEEPEST = 60  # elements within one another; a real formula has a dozen
LONG = 40  # characters of LaTeX from which on a formula may be wider than a phone
_PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}
_ROWS = frozenset({"math", "mrow", "msqrt", "mstyle", "mpadded", "mphantom", "mtd"})
_LEAVES = frozenset({"mi", "mn", "mo", "mtext", "mspace"})
_KNOWN = _ROWS | _LEAVES | set(_PARTS) | {"mtable", "mtr"}
_ATTRIBUTES = frozenset(
    "accent accentunder columnalign columnspacing depth display displaystyle fence form height largeop linethickness"
    " mathvariant maxsize minsize movablelimits rowspacing rspace lspace scriptlevel separator stretchy symmetric"
    " voffset width".split()
)
_HARMLESS = re.compile(r"[\w.%+ -]{1,40}")
_CLOSING = tuple(")]}|‖⌉⌋")
_UPRIGHT = re.compile(r"&#x000(?:[46][1-9A-F]|[57][0-9A]);")  # how it writes the one letter of \mathrm{d}
_LETTER = re.compile(r"(?:LATIN|GREEK) (SMALL|CAPITAL) LETTER (\w+)")


_ROW = re.compile(r"\\\\\*?\s*(?:\[\s*-?[\d.]+\s*[a-z]{2}\s*\])?")
_ROWS_OF = r"(?:aligned|align|alignedat|alignat|split|eqnarray|gathered|gather|multline|flalign|equation)\*?"
_SIMPLER = (
    (re.compile(r"\\[bB]igg?[lrm]?\s*(\\[{}])"), r"\1"),
    (re.compile(rf"\\begin\{{{_ROWS_OF}\}}(?:\[\w\]|\{{\d\}})?"), r"\\begin{array}{rlrlrlrl}"),
    (re.compile(rf"\\end\{{{_ROWS_OF}\}}"), r"\\end{array}"),
    (
        re.compile(r"\\mathop\s*\{\s*\\(?:mathrm|textrm|text|rm)\s*\{?([^{}\\]*)\}?\s*\}(?:\\limits)?"),
        r"\\operatorname{\1}",
    ),
    (re.compile(r"\\(?:mathop|mathrel|mathbin|mathord|boxed|fbox)(?![A-Za-z])"), ""),
    (re.compile(r"\\arg(?![A-Za-z])"), r"\\operatorname{arg}"),
    (re.compile(r"\}\\limits"), "}"),
    (re.compile(r"(?<!\\)\\ "), r"\\; "),
    (re.compile(r"\\text\{([^{}$]*)\$([^$]*)\$([^{}$]*)\}"), r"{\\text{\1}\2\\text{\3}}"),
    (re.compile(r"(?<!\^)(?<!\^\{)\\prime(?![A-Za-z])"), "'"),
    (re.compile(r"\^\s*\{\s*('+)\s*\}"), r"\1"),
)  # what the converter does not know, in words that it does


class _UntoldError(Exception):
    """The converter did not understand all of it."""


def formula(latex: str, display: bool = False) -> str:
    """A formula as HTML.

    Args:
        latex: Its source, without the dollars.
        display: It stands on a line of its own.
    """
    if len(latex) > LONGEST:
        return _unicode(latex)
    from latex2mathml import converter

    try:
        markup = _written(
            _known(converter.convert_to_element(simpler(latex), display="block" if display else "inline"))
        )
    except Exception:  # whatever a foreign parser meets in a hostile text: the formula is still shown
        return _unicode(latex)
    return f'<span class="long">{markup}</span>' if len(latex) > LONG and not display else markup


def simpler(latex: str) -> str:
    """The same formula, in commands that the converter knows."""
    latex = _ROW.sub(r"\\\\ ", latex)
    for pattern, form in _SIMPLER:
        latex = pattern.sub(form, latex)
    latex = re.sub(r"\\\\ (?=\s*(?:\\end|$))", "", latex).strip()
    if r"\\ " in re.sub(r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}|\\substack\s*\{.*?\}", "", latex):
        return rf"\begin{{array}}{{l}}{latex}\end{{array}}"  # rows of its own
    return latex


def _unicode(latex: str) -> str:
    return f'<span class="formula">{escape(maths.formula(latex[:LONGEST]) or latex)}</span>'


def _known(element: Element, depth: int = 0) -> Element:
    """The element with its children, each of a known kind and complete.

    Raises:
        _UntoldError: One is not.
    """
    if depth > DEEPEST:
        raise _UntoldError("depth")
    children = [_known(child, depth + 1) for child in element if not (element.tag in _ROWS and _is_nothing(child))]
    written = element.text or ""
    text = unescape(written)
    if (
        element.tag not in _KNOWN
        or len(children) != _PARTS.get(element.tag, len(children))
        or ("\\" in text and len(text) > 1)
    ):
        raise _UntoldError(element.tag)
    if element.tag in ("mi", "mo", "mn") and not text:
        raise _UntoldError("nothing")
    attributes = {
        key: value for key, value in element.attrib.items() if key in _ATTRIBUTES and _HARMLESS.fullmatch(value)
    }
    own = Element(element.tag, attributes)
    own.text = text
    if own.tag == "mo" and _is_word(text):  # as an operator max would keep the wide spaces of one
        own = Element("mi")
        own.text = text
    if _UPRIGHT.fullmatch(written):
        own.set("mathvariant", "normal")
    _styled(own)
    own.extend(_spaced(children) if own.tag in _ROWS else children)
    return _word(own)


def _is_nothing(element: Element) -> bool:
    r"""The bracket that `\right.` leaves out."""
    return element.tag == "mo" and not element.text and len(element) == 0


def _styled(element: Element) -> None:
    """Bold, script and the like as characters, which is the only way in today's MathML."""
    style = element.attrib.get("mathvariant", "normal")
    if style != "normal":
        del element.attrib["mathvariant"]
        element.text = "".join(
            _in_style(char, style.upper().replace("-ITALIC", " ITALIC")) for char in element.text or ""
        )


def _in_style(char: str, style: str) -> str:
    name = unicodedata.name(char, "")
    letter = _LETTER.fullmatch(name)
    rest = " ".join(letter.groups()) if letter else name
    for candidate in (f"MATHEMATICAL {style} {rest}", f"{style} {rest}"):  # ℝ and ℒ are older than the others
        try:
            return unicodedata.lookup(candidate)
        except KeyError:
            continue
    return char


def _word(element: Element) -> Element:
    r"""The letters of \mathrm{softmax} as one word."""
    letters = [
        child.text or "" for child in element if child.tag == "mi" and child.attrib.get("mathvariant") == "normal"
    ]
    if element.tag != "mrow" or len(letters) < 2 or len(letters) != len(element):
        return element
    word = Element("mi")
    word.text = "".join(letters)
    return word


def _spaced(elements: Sequence[Element]) -> list[Element]:
    """A row with TeX's thin spaces around the names of functions."""
    spaced: list[Element] = []
    for element in elements:
        after_name = bool(spaced) and _names(spaced[-1]) and element.tag not in ("mo", "mspace")
        if after_name or (spaced and _names(element) and _ends(spaced[-1])):
            spaced.append(Element("mspace", width="0.167em"))
        spaced.append(element)
    return spaced


def _names(element: Element) -> bool:
    r"""Is it a name of several letters, perhaps with limits or an exponent: \log, \max_a?"""
    if element.tag in ("msub", "msup", "msubsup", "munder", "mover", "munderover"):
        element = element[0]
    return element.tag == "mi" and _is_word(element.text or "")


def _is_word(text: str) -> bool:
    return len(text) > 1 and text.replace("\u2009", "").replace("\u2006", "").isalpha()


def _ends(element: Element) -> bool:
    """Does it end an operand?"""
    return element.text in _CLOSING if element.tag == "mo" else element.tag != "mspace"


def _written(element: Element) -> str:
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in element.attrib.items())
    inside = escape(element.text or "", quote=False) + "".join(map(_written, element))
    return f"<{element.tag}{attributes}>{inside}</{element.tag}>"
