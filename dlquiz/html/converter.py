"""A parsed page -> Markdown, by markdownify where a bank says it as everybody does. Loaded where something is imported: it takes 60 ms."""

from __future__ import annotations

import re
from typing import Any

from markdownify import MarkdownConverter

from dlquiz.html.as_markdown import BREAK, as_code, emphasised, escaped, marked
from dlquiz.text import tags

_WITHIN_LINES = frozenset(
    "_inline a b strong i em del s sub sup q rt caption figcaption dt".split()
)  # no blocks in these
_LANGUAGE = re.compile(r"\blanguage-([a-z0-9+#-]{1,20})(?![^\s'\]])")  # of code, as HTML names it
_WEB = re.compile(r"(?:https?://|mailto:)[^\s<>()\"]+\Z", re.IGNORECASE)


class Converter(MarkdownConverter):
    """Markdown as a bank has it."""

    def escape(self, text: str, parent_tags: Any) -> str:
        literal = escaped(text)
        return literal.replace("|", r"\|") if {"td", "th"} & set(parent_tags) else literal

    def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:
        link = str(el.get("href") or "").strip().replace("(", "%28").replace(")", "%29")
        inner = text.strip()
        if not inner or "_noformat" in parent_tags or not _WEB.match(link):
            return text
        return text.replace(inner, f"[{inner}]({link})", 1)

    def convert_br(self, el: Any, text: str, parent_tags: Any) -> str:
        del el
        return (
            f"\n{text}"
            if "_noformat" in parent_tags
            else f" {text}"
            if "_inline" in parent_tags
            else f"{BREAK}\n{text}"
        )

    def convert_b(self, el: Any, text: str, parent_tags: Any) -> str:
        del el
        return text if "_noformat" in parent_tags else marked(text, "\ue004")

    def convert_i(self, el: Any, text: str, parent_tags: Any) -> str:
        del el
        return text if "_noformat" in parent_tags else marked(text, "\ue006")

    convert_strong, convert_em = convert_b, convert_i

    def convert_code(self, el: Any, text: str, parent_tags: Any) -> str:
        if "_noformat" in parent_tags or not text.strip():
            return text
        if "\n" in text.strip():
            return self.convert_pre(el, text, parent_tags)
        return f" {as_code(text)} " if text != text.strip() else as_code(text)

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
            return f" {as_code(text)} " if text.strip() else ""
        ticks = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
        inner = text.strip("\n")
        language = _LANGUAGE.search(" ".join(str(tag.get("class") or "") for tag in (el, *el.find_all("code"))))
        return f"\n\n{ticks}{language[1] if language else ''}\n{inner}\n{ticks}\n\n" if inner.strip() else ""


_CONVERTER = Converter(
    heading_style="ATX",
    bullets="-",
    table_infer_header=True,  # a table has a head here, its first row
    strip_document=None,
)


def converted(soup: Any) -> str:
    """A parsed page as Markdown, with `BREAK` where a line ends that is no paragraph."""
    for code in soup.find_all(["code", "kbd", "samp"]):
        while (
            following := code.next_sibling
        ) is not None and following.name == code.name:  # ticks side by side mean something else
            code.extend(list(following.contents))
            following.decompose()
    return emphasised(str(_CONVERTER.convert_soup(soup)))
