"""A card as the HTML fields of its note type: Markdown, formulas for MathJax, coloured code, pictures by their path. No script, ever.

What a bank says is data: HTML in it is shown as text, so are Anki's own marks (`[sound:...]`, `{{c1::...}}`); links lead to the web only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from dlquiz import rng
from dlquiz.anki import notetypes
from dlquiz.card import Card, Note, Source
from dlquiz.html import to_html
from dlquiz.text import printable

# When the HTML of unchanged text last changed (UTC seconds). Anki takes a text over only from a note that is newer: raise it with every
# change here that shows, or nobody who has the deck will see it.
CHANGED_S = 1_795_478_400  # 2026-11-24
LICENSE = 'dlquiz question bank, <a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>'
KINDS = {
    "formula": "formula",
    "number": "number",
    "compare": "compare",
    "why": "why",
}  # a trap and a claim say themselves what is asked
BLANK = "[...]"
_GAP, _GAP_IN_FORMULA = (
    "\ue000",
    "\ue001",
)  # where the blank stood; private characters, none of which a bank's text keeps
_TAG = re.compile(r"<[^>]*>")
_ANKIS = re.compile(r"\[(?=(?:sound|anki):|/?latex\]|/?\$)", re.IGNORECASE)


class Rendered(NamedTuple):
    """A note for Anki, its pictures still named by their paths."""

    notetype: notetypes.NoteType
    fields: list[str]  #: HTML, in the order of the note type's fields


def render(card: Card, note: Note, sources: Sequence[Source], remark: str = "") -> Rendered:
    """A card as Anki shows it.

    Args:
        card: What is asked.
        note: The note it belongs to.
        sources: What it cites.
        remark: The user's own.
    """
    values = {
        "Topic": escape(card.topic.replace("-", " ")),
        "Sources": _sources(sources),
        "As of": escape(card.as_of or note.as_of),
        "License": "" if "/" in card.id else LICENSE,
        "Id": escape(card.id),
        "Remark": html(remark),
    }
    if card.explains:
        notetype = notetypes.EXPLAIN
        values |= _explain(note)
    else:
        values |= {"Why": _html(card.why), "Notation": _html(card.notation), "Parent": _html(note.question)}
        notetype = notetypes.BASIC
        match card.kind:
            case "cloze":
                notetype = notetypes.CLOZE
                values |= {"Text": _cloze(card)}
            case "choice":
                notetype = notetypes.CHOICE
                values |= {"Front": _html(card.front), **_choice(card)}
            case kind:
                values |= {"Front": _html(card.front), "Back": _html(card.back), "Kind": KINDS.get(kind, "")}
    return Rendered(notetype, [values.get(name, "") for name in notetype.names])


def sides(card: Card, note: Note, sources: Sequence[Source], remark: str = "") -> list[str]:
    """A card as a front and a back with all that is said of it, for a note that another deck had."""
    front, back = _html(card.front) + _aside(card.notation), _html(card.back)
    if card.explains:
        blocks = _explain(note)
        rest = ("Key points", "Figures", "Pitfalls", "Follow-ups", "Corrections")
        front, back = blocks["Question"], _aside(note.short) + blocks["Answer"] + "".join(blocks[name] for name in rest)
    elif card.kind == "choice":
        blocks = _choice(card)
        front, back = front + blocks["Choices"], blocks["Judged"]
    return [front, back + _aside(card.why) + _aside(remark) + _sources(sources)]


def _aside(text: str) -> str:
    return f"<p>{_html(text)}</p>" if text else ""


def html(text: str) -> str:
    """Markdown as a field shows it; a picture is described."""
    return to_html.with_pictures(_html(text), lambda _: None)


def _explain(note: Note) -> Mapping[str, str]:
    return {
        "Question": _html(note.question),
        "Short": _html(note.short),
        "Key points": _list(
            (
                f'<label><input type="checkbox"><span>{_html(point.text)}{_must(point.must)}</span></label>'
                for point in note.key_points
            ),
            "points",
        ),
        "Answer": _html(note.answer, whole=True),
        "Figures": "".join(
            f'<p><img src="{_text(figure.file)}" alt="{_text(figure.alt)}"></p>' for figure in note.figures
        ),
        "Pitfalls": _list(_html(pitfall) for pitfall in note.pitfalls),
        "Follow-ups": "".join(
            f"<details><summary>{_html(follow_up.question)}</summary>{_html(follow_up.answer, whole=True)}</details>"
            for follow_up in note.follow_ups
        ),
        "Corrections": _list(
            f'<span class="grade">{correction.grade}</span> {_html(correction.claim)} <strong>Instead:</strong> {_html(correction.instead)}'
            for correction in note.corrections
        ),
    }


def _must(must: bool) -> str:
    return ' <span class="must">must</span>' if must else ""


def _choice(card: Card) -> Mapping[str, str]:
    """The choices in an order that never changes, and the same list with what is right and why the others are not."""
    reasons = {distractor.text: distractor.why for distractor in card.distractors}
    order = rng.shuffled([card.back, *(distractor.text for distractor in card.distractors)], card.id)
    judged = "".join(
        f'<li>{_html(text)}<span class="because">{_html(reasons[text])}</span></li>'
        if text in reasons
        else f'<li class="right">{_html(text)}<span class="because">✓ right</span></li>'
        for text in order
    )
    return {
        "Choices": _list((_html(text) for text in order), "choices", "ol"),
        "Judged": f'<ol class="choices">{judged}</ol>',
    }


def _cloze(card: Card) -> str:
    """The front with its blank as Anki's first cloze, also in a formula; in a tag (an address, a picture's words) it follows the text."""
    text = _html(_without_gaps(card.front).replace(BLANK, _GAP)).replace("{{", "{&#123;")
    text = _TAG.sub(lambda tag: tag[0].replace(_GAP, BLANK), text)
    text = text.replace(_GAP, f"{{{{c1::{_inert(_html(card.back))}}}}}")
    text = text.replace(_GAP_IN_FORMULA, f" {{{{c1::{_inert(_text(card.back.strip('$ ')))}}}}} ")
    return text if "{{c1::" in text else f"{text} {{{{c1::{_inert(_html(card.back))}}}}}"


def _without_gaps(text: str) -> str:
    return text.replace(_GAP, "").replace(_GAP_IN_FORMULA, "")


def _inert(html: str) -> str:
    """Text inside a cloze that can neither end it nor begin its hint."""
    return html.replace("{", "&#123;").replace("}", "&#125;").replace("::", ":&#58;")


def _sources(sources: Iterable[Source]) -> str:
    return _list(
        f"{_text(source.authors)}: <cite>{_text(source.title)}</cite>{f', {_text(source.where)}' if source.where else ''}."
        f" {_html(f'<{source.link}>')}"
        for source in sources
    )


def _list(items: Iterable[str], kind: str = "", tag: str = "ul") -> str:
    inner = "".join(f"<li>{item}</li>" for item in items)
    opened = f'<{tag} class="{kind}">' if kind else f"<{tag}>"
    return f"{opened}{inner}</{tag}>" if inner else ""


def _html(text: str, *, whole: bool = False) -> str:
    """Markdown as HTML; a single paragraph without its tags, unless it stands on its own (`whole`)."""
    return _ANKIS.sub("&#91;", to_html.render(text, _mathjax, whole=whole))


def _clean(text: str) -> str:
    return printable.clean(text)


def _text(text: str) -> str:
    """Text that is no Markdown, as HTML."""
    return _ANKIS.sub("&#91;", escape(_clean(text)))


def _mathjax(latex: str, display: bool) -> str:
    """A formula between the marks that Anki hands to MathJax."""
    latex = escape(latex.replace(_GAP, _GAP_IN_FORMULA), quote=False).replace('"', "&quot;")
    return rf"\[{latex}\]" if display else rf"\({latex}\)"
