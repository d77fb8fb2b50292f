"""Other programs' HTML -> Markdown with `$maths$`, as a bank writes it. Reports what Markdown lacks and drops it; drops scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import unescape
from typing import Any, NamedTuple

from dlquiz.text import tags

LONGEST = 200_000  # characters; what is longer is cut, no card has that much to say
DEEPEST = 100  # tags within each other; what is deeper loses its markup
MOST_TAGS = 3_000  # what has more loses its markup too: some take a time that grows with their square
_MATHS = re.compile(
    r"""\\\( (?P<inline>(?:[^\\]|\\[^()])+) \\\)
    | \\\[ (?P<block>(?:[^\\]|\\[^\[\]])+) \\\]
    | \[\$\] (?P<old>(?:[^\[]|\[(?!/?\$\]))+) \[/\$\]
    | \[\$\$\] (?P<wide>(?:[^\[]|\[(?!/?\$\$\]))+) \[/\$\$\]
    | \[latex\] (?P<latex>(?:[^\[]|\[(?!/?latex\]))+) \[/latex\]""",
    re.VERBOSE,
)  # MathJax's delimiters, and Anki's older ones; none reaches beyond the next of its kind, or reading would take for ever
_DOCUMENT = re.compile(
    r"\\(?:begin\{(?:tabular|tikz|document|itemize|enumerate|figure|verbatim)|usepackage|section|item\b)"
)
_PLACE = "\ue000{}\ue001"  # private characters: no converter touches them
_PLACES = re.compile("\ue000(\\d+)\ue001(?=(\\d)?)")
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ue000\ue001\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BREAK = re.compile("\r\n?|[\x85\u2028\u2029]")  # what YAML takes for a line's end too, wherever it stands
_ENDLESS = re.compile(
    r"&#(?:\d{8,}|x[0-9a-f]{7,});?", re.IGNORECASE
)  # the number of no character; Python refuses to read 5,000 digits
_SCRIPT = re.compile(r"<(script|style|template|noscript)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>?", re.DOTALL)
_SOUND = re.compile(r"\[sound:([^\[\]]*)\]|\[anki:(?:play|tts)\b[^\[\]]*\]")
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
_WITHIN_LINES = frozenset(
    "_inline a b strong i em del s sub sup q rt caption figcaption dt".split()
)  # no blocks in these
_LANGUAGE = re.compile(r"\blanguage-([a-z0-9+#-]{1,20})(?![^\s'\]])")  # of code, as HTML names it
_WEB = re.compile(r"(?:https?://|mailto:)[^\s<>()\"]+\Z", re.IGNORECASE)


class Picture(NamedTuple):
    """A picture that a text shows."""

    name: str  #: as the text names it
    alt: str  #: what it shows, in words; "" where nobody said it


class ConvertedHtml(NamedTuple):
    """A converted text."""

    text: str
    pictures: tuple[Picture, ...] = ()
    lost: tuple[str, ...] = ()  #: what could not come along, in words


def to_markdown(html: str) -> str:
    """The text of a field as Markdown.

    Args:
        html: As Anki keeps a field; maths between its delimiters becomes `$...$`.
    """
    return carried(html).text


def carried(html: str) -> ConvertedHtml:
    """A field as Markdown, with its pictures named in it: `(picture: the heart)`; and what could not be converted."""
    lost: list[str] = []
    fragments: list[str] = []
    pictures: list[Picture] = []

    def keep(text: str) -> str:
        fragments.append(text)
        return _PLACE.format(len(fragments) - 1)

    def sound(match: re.Match[str]) -> str:
        lost.append(f"a sound ({match[1]})" if match[1] else "text read aloud")
        return ""

    def picture(name: str, alt: str) -> str:
        pictures.append(Picture(name, alt))
        return keep(f"(picture: {_words(alt or _stem(name))})")

    if len(html) > LONGEST:
        lost.append("the end of a very long text")
    text = _SCRIPT.sub("", _COMMENT.sub("", _ENDLESS.sub("\ufffd", _UNWANTED.sub("", html[:LONGEST]))))
    text = _SOUND.sub(sound, _BREAK.sub("\n", text))
    text = _MATHS.sub(lambda match: keep(_formula(match, lost)), text)
    text = _converted(text, picture, lost) if "<" in text else _plain(text)
    return ConvertedHtml(_tidy(text, fragments), tuple(pictures), tuple(dict.fromkeys(lost)))


def _converted(html: str, picture: Callable[[str, str], str], lost: list[str]) -> str:
    if _depth(html) > DEEPEST or html.count("<") > MOST_TAGS:
        lost.append("markup nested too deeply, or too much of it")
        return _plain(html)
    from bs4 import BeautifulSoup  # with markdownify 60 ms: only where something is imported
    from bs4.exceptions import ParserRejectedMarkup

    try:
        soup = BeautifulSoup(html, "html.parser")
        for tag in soup.find_all(_without_markdown):
            if not tag.decomposed:
                _replace(tag, picture, lost)
        return str(_converter().convert_soup(soup))
    except (ParserRejectedMarkup, ValueError):  # the latter for a number that is none: <ol start=²>, <h99999...>
        lost.append("broken markup")
        return _plain(html)


def _replace(tag: Any, picture: Callable[[str, str], str], lost: list[str]) -> None:
    """What replaces a tag that Markdown lacks."""
    if tag.name in _LOST:
        lost.append(_LOST[tag.name])
        tag.decompose()
    elif tag.name in ("rp", "script", "style"):
        tag.decompose()
    elif tag.name == "img":
        tag.replace_with(_shown(tag, picture, lost))
    else:  # a cell
        del tag["colspan"]


def _plain(html: str) -> str:
    """The text alone, on one line."""
    return _escaped(" ".join(unescape(_ANY_TAG.sub(" ", html)).split()))


def _without_markdown(tag: Any) -> bool:
    return tag.name in _LOST or tag.name in ("rp", "script", "style", "img") or "colspan" in tag.attrs


def _shown(tag: Any, picture: Callable[[str, str], str], lost: list[str]) -> str:
    """What replaces a picture."""
    source, alt = str(tag.get("src") or "").strip(), str(tag.get("alt") or "").strip()
    if re.match(r"[a-z][a-z0-9+.-]+:", source, re.IGNORECASE):
        lost.append("a picture from the web" if source[:4].lower() == "http" else "a picture inside the text")
        return f"({alt})" if alt else ""
    return picture(unescape(source), " ".join(alt.split())) if source else ""


@cache
def _converter() -> Any:
    from markdownify import MarkdownConverter

    class Converter(MarkdownConverter):
        """Markdown as a bank has it."""

        def escape(self, text: str, parent_tags: Any) -> str:
            escaped = _escaped(text)
            return escaped.replace("|", r"\|") if {"td", "th"} & set(parent_tags) else escaped

        def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:
            link = str(el.get("href") or "").strip().replace("(", "%28").replace(")", "%29")
            inner = text.strip()
            if not inner or "_noformat" in parent_tags or not _WEB.match(link):
                return text
            return text.replace(inner, f"[{inner}]({link})", 1)

        def convert_br(self, el: Any, text: str, parent_tags: Any) -> str:
            del el
            return (
                f"\n{text}" if "_noformat" in parent_tags else f" {text}" if "_inline" in parent_tags else f"\\\n{text}"
            )

        def convert_code(self, el: Any, text: str, parent_tags: Any) -> str:
            if "_noformat" in parent_tags or not text.strip():
                return text
            if "\n" in text.strip():
                return self.convert_pre(el, text, parent_tags)
            return f" {_as_code(text)} " if text != text.strip() else _as_code(text)

        convert_kbd = convert_samp = convert_code

        def convert_sup(self, el: Any, text: str, parent_tags: Any) -> str:
            del el, parent_tags
            return tags.moved(text, raised=True)

        def convert_sub(self, el: Any, text: str, parent_tags: Any) -> str:
            del el, parent_tags
            return tags.moved(text, raised=False)

        def convert_rt(self, el: Any, text: str, parent_tags: Any) -> str:
            del el, parent_tags
            return f" ({text.strip()}) " if text.strip() else ""

        def convert_pre(self, el: Any, text: str, parent_tags: Any) -> str:
            if _WITHIN_LINES & set(parent_tags):
                return f" {_as_code(text)} " if text.strip() else ""
            ticks = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
            inner = text.strip("\n")
            language = _LANGUAGE.search(" ".join(str(tag.get("class") or "") for tag in (el, *el.find_all("code"))))
            return f"\n\n{ticks}{language[1] if language else ''}\n{inner}\n{ticks}\n\n" if inner.strip() else ""

    return Converter(
        heading_style="ATX",
        bullets="-",
        strip_document=None,
    )


def _as_code(text: str) -> str:
    """A span of code."""
    inner = " ".join(text.split())
    ticks = "`" * (1 + max(map(len, re.findall(r"`+", inner)), default=0))
    return f"{ticks} {inner} {ticks}" if "`" in inner else f"{ticks}{inner}{ticks}"


def _escaped(text: str) -> str:
    """Text that Markdown shows literally, with as few backslashes as possible, since people will read it in their bank."""
    text = re.sub(r"([\\`*$]|~~|(?<!\w)_|_(?!\w)|\[(?=[^\[\]]*\][(\[:]))", r"\\\1", text)
    text = re.sub(r"^([-+>]|#{1,6}|\d{1,9}(?=[.)]))(?=[\s.)])", _inert, text)
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text)
    return re.sub(r"<(?=[a-zA-Z/!?])", "&lt;", text)


def _inert(mark: re.Match[str]) -> str:
    """What would begin a list, a heading or a quotation."""
    return f"{mark[1]}\\" if mark[1].isdigit() else f"\\{mark[1]}"


def _tidy(text: str, fragments: list[str]) -> str:
    """The converted text without leftovers of the conversion, with the protected fragments back in place."""
    text = re.sub(r"[ \t]+(?=\n)|(?<=\n)[ \t]+(?=\n)", "", text.replace("\xa0", " "))
    text = re.sub(r"(?:\\\n){2,}|(?:\\\n)+(?=\n|\Z)|(?<=\n)(?:\\\n)+", "\n\n", f"\n{text}\n")
    text = re.sub(r"\n{3,}", "\n\n", text).strip("\n")

    def back(match: re.Match[str]) -> str:
        fragment = fragments[int(match[1])] if len(match[1]) < 7 and int(match[1]) < len(fragments) else ""
        return f"{fragment} " if match[2] and fragment.endswith("$") else fragment  # `$x$2` is no formula

    text = _PLACES.sub(back, text)
    return _BREAK.sub("\n", _UNWANTED.sub("", text))[:LONGEST].strip()


def _formula(match: re.Match[str], lost: list[str]) -> str:
    """A formula without the markup and entities that an editor added; a fragment of a LaTeX document as code."""
    source = next(value for value in match.groupdict().values() if value is not None)
    plain = unescape(_ANY_TAG.sub("", re.sub(r"<br\s*/?>|</?div>|&nbsp;", " ", source)))
    plain = _UNWANTED.sub("", " ".join(plain.split()))
    if match.lastgroup == "latex" and _DOCUMENT.search(plain):
        lost.append("a picture that LaTeX draws (its source is there)")
        return _as_code(plain)
    wide = match.lastgroup in ("block", "wide")
    for mark in ("$$", "$"):
        if len(plain) > 2 * len(mark) and plain.startswith(mark) and plain.endswith(mark):
            plain, wide = plain[len(mark) : -len(mark)].strip(), wide or mark == "$$"
    plain = re.sub(r"(?<!\\)((?:\\\\)*)\$", r"\1\\$", plain).strip()
    plain = re.sub(r"<(?=[a-zA-Z/!])", "< ", plain)  # no tag, whoever reads it next
    if not plain or plain.endswith("\\"):
        return f"`{plain.rstrip(chr(92))}`" if plain.strip("\\") else ""
    return f"$${plain}$$" if wide else f"${plain}$"


def _depth(html: str) -> int:
    """The greatest nesting depth of the tags; an unclosed tag counts for all that follows it."""
    deepest = depth = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() not in _EMPTY:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _stem(name: str) -> str:
    return re.split(r"[\\/]", name)[-1].rpartition(".")[0] or name


def _words(text: str) -> str:
    return _escaped(" ".join(_UNWANTED.sub("", text[:300]).split()).replace("_", " "))
