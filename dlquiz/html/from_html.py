"""Other programs' HTML -> Markdown with `$maths$`, as a bank writes it. Reports what Markdown lacks and drops it; drops scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html import unescape
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import unquote

from dlquiz import maths
from dlquiz.html import as_markdown, code_lines, latex_text
from dlquiz.html.as_markdown import BREAK, as_code, escaped
from dlquiz.maths import macros

LONGEST = 200_000  # characters; what is longer is cut, no card has that much to say
DEEPEST = 100  # tags within each other; what is deeper loses its markup
MOST_TAGS = 3_000  # what has more loses its markup too: some take a time that grows with their square
_MATHS = re.compile(
    r"""\\\( (?P<inline>(?:[^\\]|\\[^()])+) \\\)
    | \\\[ (?P<block>(?:[^\\]|\\[^\[\]])+) \\\]
    | \[\$\] (?P<old>(?:[^\[]|\[(?!/?\$\]))+) \[/\$\]
    | \[\$\$\] (?P<wide>(?:[^\[]|\[(?!/?\$\$\]))+) \[/\$\$\]
    | \[latex\] (?P<latex>(?:[^\[]|\[(?!/?latex\]))+) \[/latex\]
    | <anki-mathjax> (?P<mathjax>[^<]+) </anki-mathjax> | <anki-mathjax\s+block=[^<>]*> (?P<mathblock>[^<]+) </anki-mathjax>""",
    re.VERBOSE,
)  # MathJax's delimiters, and Anki's older ones; none reaches beyond the next of its kind, or reading would take for ever
_EMPTY_FORMULA = re.compile(r"\\\(\s*\\\)|\\\[\s*\\\]")
_EDGES = re.compile(
    r"\A(?:\\\\|\s)+|(?:(?<!\\)\\\\(?:\[[^\[\]]*\])?|\s|(?<!\\)\\(?=\s|\Z))+\Z"
)  # lines that hold nothing
_DOCUMENT = re.compile(
    r"\\(?:begin\{(?:tabular|tikz|document|itemize|enumerate|figure|verbatim)|usepackage|section|item\b)"
)
_PLACE = "\ue000{}\ue001"  # private characters: no converter touches them
_PLACES = re.compile("\ue000(\\d+)\ue001(?=(\\d)?)")
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ue000-\ue00f\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BREAK = re.compile("\r\n?|[\x85\u2028\u2029]")  # what YAML takes for a line's end too, wherever it stands
_ENDLESS = re.compile(
    r"&#(?:\d{8,}|x[0-9a-f]{7,});?", re.IGNORECASE
)  # the number of no character; Python refuses to read 5,000 digits
_SET_IN = re.compile(r"(?:&nbsp;|\xa0)(?: |&nbsp;|\xa0)| (?:&nbsp;|\xa0)|\t</span>")  # lines may be
_NAMELESS = "picture"
_SAYS = re.compile(r"[^\W\d_]")
_MADE_UP = re.compile(
    r"(?:paste|written|image|img|screenshot|clipboard|tmp)[\W_\d]|[0-9a-f-]{16,}|[A-Za-z0-9+/=_-]{25,}\Z", re.IGNORECASE
)
_BRACKETS = str.maketrans({"[": "(", "]": ")", "\n": " "})  # in a picture's words, which stand in brackets
_SCRIPT = re.compile(r"<(script|style|template|noscript)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>?", re.DOTALL)
_SOUND = re.compile(r"\[sound:([^\[\]]*)\]|\[/?anki:(?:play|tts)\b[^\[\]]*\]")  # words to be read aloud stay
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)
_EMPTY = frozenset("area base br col embed hr img input link meta source track wbr".split())
_LOST = {
    "audio": "a sound",
    "video": "a film",
    "iframe": "an embedded page",
    "object": "an embedded object",
    "embed": "an embedded object",
    "canvas": "a drawing made by a script",
    "svg": "a drawing inside the text",
    "math": "a formula in MathML",
    "input": "an input field",
    "button": "a button",
    "form": "a form",
    "select": "an input field",
    "textarea": "an input field",
}  # what is left out together with all that is in it


class Around(NamedTuple):
    """What is known of a text besides the text."""

    path: Callable[[str], str] = lambda _: (
        ""
    )  #: a picture's name -> its path beside the bank; "": it does not come along
    commands: Mapping[str, macros.Macro] = MappingProxyType({})  #: of LaTeX, that its note defines
    tells: Callable[[str], bool] = lambda _: True  #: may a picture's name be told? It can give the answer away


NOWHERE = Around()


class ConvertedHtml(NamedTuple):
    """A converted text."""

    text: str
    pictures: tuple[str, ...] = ()  #: those that it shows, as the text names them
    lost: tuple[str, ...] = ()  #: what could not come along, in words


def to_markdown(html: str) -> str:
    """The text of a field as Markdown.

    Args:
        html: As Anki keeps a field; maths between its delimiters becomes `$...$`.
    """
    return carried(html).text


def commands(fields: Iterable[str]) -> dict[str, macros.Macro]:
    r"""The commands that the fields of a note define in their formulas with `\newcommand` and its like."""
    texts = [text for text in fields if macros.DEFINING.search(text)]
    return macros.definitions(_source(match) for text in texts for match in _MATHS.finditer(text[:LONGEST]))


def carried(html: str, around: Around = NOWHERE) -> ConvertedHtml:
    """A field as Markdown, with its pictures in their places; and what could not be converted.

    A picture without a path is named: `(picture: the heart)`.
    """
    page = _Page(around)
    if len(html) > LONGEST:
        page.lost.append("the end of a very long text")
    text = _SCRIPT.sub("", _COMMENT.sub("", _ENDLESS.sub("\ufffd", _UNWANTED.sub("", html[:LONGEST]))))
    text = _SOUND.sub(page.sound, _EMPTY_FORMULA.sub("", _BREAK.sub("\n", text)))
    text = _MATHS.sub(lambda match: page.keep(_formula(match, page)), text)
    text = _converted(text, page) if "<" in text else _plain(text)
    return ConvertedHtml(_tidy(text, page.fragments), tuple(page.pictures), tuple(dict.fromkeys(page.lost)))


class _Page:
    """What is gathered while a text is converted."""

    def __init__(self, around: Around) -> None:
        self.around = around
        self.lost: list[str] = []
        self.fragments: list[str] = []  # put aside: Markdown already
        self.pictures: list[str] = []

    def keep(self, text: str) -> str:
        self.fragments.append(text)
        return _PLACE.format(len(self.fragments) - 1)

    def sound(self, match: re.Match[str]) -> str:
        self.lost.append(f"a sound ({match[1]})" if match[1] else "text read aloud")
        return ""

    def picture(self, name: str, alt: str) -> str:
        self.pictures.append(name)
        path = self.around.path(name)
        words = _words(alt or (_stem(name) if self.around.tells(name) else _NAMELESS))
        if path:
            return self.keep(f"![{words.translate(_BRACKETS)}]({path})")
        return self.keep("(picture)" if words == _NAMELESS else f"(picture: {words})")


def _converted(html: str, page: _Page) -> str:
    if _depth(html) > DEEPEST or html.count("<") > MOST_TAGS:
        page.lost.append("markup nested too deeply, or too much of it")
        return _plain(html)
    from bs4 import BeautifulSoup  # with markdownify 60 ms: only where something is imported
    from bs4.exceptions import ParserRejectedMarkup

    from dlquiz.html import converter

    try:
        soup = BeautifulSoup(html, "html.parser")
        for tag in soup.find_all(_without_markdown):
            if not tag.decomposed:
                _replace(tag, page)
        if _SET_IN.search(html):
            code_lines.mark(soup)
        return converter.converted(soup)
    except (ParserRejectedMarkup, ValueError):  # the latter for a number that is none: <ol start=²>, <h99999...>
        page.lost.append("broken markup")
        return _plain(html)


def _replace(tag: Any, page: _Page) -> None:
    """What replaces a tag that Markdown lacks."""
    if tag.name in _LOST:
        page.lost.append(_LOST[tag.name])
        tag.decompose()
    elif tag.name in ("rp", "script", "style"):
        tag.decompose()
    elif tag.name == "img":
        code = tag.find_parent(["pre", "code", "kbd", "samp"])
        (code.insert_after if code else tag.insert_before)(_shown(tag, page))  # code shows every sign as it is
        tag.decompose()
    else:  # a cell
        del tag["colspan"]


def _plain(html: str) -> str:
    """The text alone, on one line."""
    return escaped(" ".join(unescape(_ANY_TAG.sub(" ", html)).split()))


def _without_markdown(tag: Any) -> bool:
    return tag.name in _LOST or tag.name in ("rp", "script", "style", "img") or "colspan" in tag.attrs


def _shown(tag: Any, page: _Page) -> str:
    """What replaces a picture."""
    source, alt = str(tag.get("src") or "").strip(), " ".join(str(tag.get("alt") or "").split())
    if re.match(r"[a-z][a-z0-9+.-]+:|//", source, re.IGNORECASE):
        page.lost.append("a picture from the web" if source[:5].lower() != "data:" else "a picture inside the text")
        return f"({alt})" if alt else ""
    return page.picture(unescape(source), alt) if source else ""


def _tidy(text: str, fragments: list[str]) -> str:
    """The converted text without leftovers of the conversion, with the protected fragments back in place."""
    text = re.sub(rf"[ \t]+(?={BREAK}|\n)", "", f"\n{text}\n".replace("\xa0", " "))
    text = re.sub(rf"{BREAK}(?!\n)", f"{BREAK}\n", text)
    text = re.sub(rf"(?:{BREAK}\n([ \t]*)){{2,}}", r"\n\n\1", text)
    text = re.sub(rf"(?<=\n)[ \t]*{BREAK}(?=\n)|{BREAK}(?=\n[ \t]*(?:\n|\Z|{as_markdown.BLOCK}))", "", text)
    text = re.sub(r"(?<=\n)[ \t]+(?=\n)", "", text.replace(BREAK, "\\"))
    text = re.sub(r"\n{3,}", "\n\n", text).strip("\n")

    def back(match: re.Match[str]) -> str:
        fragment = fragments[int(match[1])] if len(match[1]) < 7 and int(match[1]) < len(fragments) else ""
        return f"{fragment} " if match[2] and fragment.endswith("$") else fragment  # `$x$2` is no formula

    text = _PLACES.sub(back, text)
    return _BREAK.sub("\n", _UNWANTED.sub("", text))[:LONGEST].strip()


def _formula(match: re.Match[str], page: _Page) -> str:
    """A formula with the note's own commands written out; a fragment of a LaTeX document as text, or else as code."""
    plain = _source(match)
    if match.lastgroup == "latex":
        lines = _source(match, lines=True)
        if latex_text.is_text(lines):
            text = latex_text.markdown(lines, lambda latex, wide: _between_dollars(latex, page, wide=wide))
            if text is None:
                page.lost.append("a picture that LaTeX draws (its source is there)")
            return as_code(plain) if text is None else text
    if "<img" in match[0]:
        page.lost.append("a picture in a formula")
    wide = match.lastgroup in ("block", "wide", "mathblock")
    for mark in ("$$", "$"):
        if len(plain) > 2 * len(mark) and plain.startswith(mark) and plain.endswith(mark):
            plain, wide = plain[len(mark) : -len(mark)].strip(), wide or mark == "$$"
    if match.lastgroup == "latex" and _DOCUMENT.search(plain):
        page.lost.append("a picture that LaTeX draws (its source is there)")
        return as_code(plain)
    return _between_dollars(plain, page, wide=wide)


def _between_dollars(plain: str, page: _Page, *, wide: bool) -> str:
    plain = " ".join(plain.split())
    if page.around.commands:
        plain = macros.expanded(plain, page.around.commands)
    plain = _EDGES.sub("", re.sub(r"(?<!\\)((?:\\\\)*)\$", r"\1\\$", plain))
    plain = re.sub(r"<(?=[a-zA-Z/!])", "< ", plain)  # no tag, whoever reads it next
    if not plain or plain.endswith("\\"):
        return f"`{plain.rstrip(chr(92))}`" if plain.strip("\\") else ""
    if wide:
        return f"$${plain}$$"
    looks_like_money = maths.markdown().fullmatch(f"${plain}$") is None  # `$10 ab$`
    return f"$`{plain}`$" if looks_like_money and "`" not in plain else f"${plain}$"


def _source(match: re.Match[str], *, lines: bool = False) -> str:
    """The LaTeX of a formula without the markup and entities that an editor added, on one line if not on several."""
    source = next(value for value in match.groupdict().values() if value is not None)
    plain = unescape(_ANY_TAG.sub("", re.sub(r"<br\s*/?>|</?div>", "\n", source))).replace("\xa0", " ")
    return _UNWANTED.sub("", plain if lines else " ".join(plain.split()))


def _depth(html: str) -> int:
    """The greatest nesting depth of the tags; an unclosed tag counts for all that follows it."""
    deepest = depth = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() not in _EMPTY:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _stem(name: str) -> str:
    """What a picture's name says of it; nothing where a program made it up (`paste-af34...`)."""
    stem = unquote(re.split(r"[\\/]", name)[-1])
    stem = stem.rpartition(".")[0] or stem
    return stem if _SAYS.search(stem) and not _MADE_UP.match(stem) else _NAMELESS


def _words(text: str) -> str:
    return escaped(" ".join(_UNWANTED.sub("", text[:300]).split()).replace("_", " "))
