"""Chapters -> the study guide: one HTML page to read, to test oneself with and to print."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from html import escape
from pathlib import Path

from dlquiz import card_text
from dlquiz.anki import fields
from dlquiz.card import Card, Correction, Note, Source
from dlquiz.guide import handout
from dlquiz.guide.handout import Chapter, NoteEntry
from dlquiz.html import page as html_page
from dlquiz.text import printable

_STYLE = Path(__file__).with_name("study_guide.css")

Pictures = Callable[
    [str, str], str | None
]  #: a note's id, a picture's path -> a data: address, None: it is not at hand
HEADING = "h5"  # what headings inside a text become: the parts of a note are h4
CONTENTS, QUESTIONS = "to:contents", "to:questions"  # no slug has a colon


def html(chapters: Sequence[Chapter], day: date, pictures: Pictures) -> str:
    """The whole page.

    Args:
        chapters: What it holds.
        day: When it was made.
        pictures: Where the pictures are.
    """
    pieces = [
        f'<a class="skip" href="#{QUESTIONS}">Skip to the questions</a>\n<header>\n<h1>Study guide</h1>\n',
        f'<p>{handout.facts(chapters)}. Made on <time datetime="{day}">{day:%a} {day.day} {day:%b %Y}</time>.</p>\n</header>\n',
        _contents(chapters),
        f'<main id="{QUESTIONS}" tabindex="-1">\n',
        *(_chapter(chapter, pictures) for chapter in chapters),
        "</main>\n",
    ]
    if any(entry.builtin for chapter in chapters for entry in chapter.entries):
        pieces += [f"<footer>{html_page.body(handout.LICENSE)}</footer>\n"]
    return html_page.document("Study guide", "".join(pieces), _STYLE)


def _contents(chapters: Sequence[Chapter]) -> str:
    items = []
    for chapter in chapters:
        links = "".join(
            f'<li><a href="#{escape(entry.note.id)}">{_unlinked(html_page.body(entry.note.question, whole=False))}</a>'
            f"{_dots(entry.note)}</li>"
            for entry in chapter.entries
        )
        items.append(f'<li><a href="#topic:{escape(chapter.slug)}">{_line(chapter.title)}</a>\n<ol>{links}</ol></li>\n')
    return (
        f'<nav aria-labelledby="{CONTENTS}">\n<h2 id="{CONTENTS}">Contents</h2>\n<ol>\n{"".join(items)}</ol>\n</nav>\n'
    )


def _unlinked(html: str) -> str:
    """What can stand in a link: no other link."""
    return re.sub(r"</?a\b[^>]*>", "", html)


def _dots(note: Note) -> str:
    """A note's difficulty for the eye, and in words for the ear."""
    if not note.difficulty:
        return ""
    dots = "●" * note.difficulty + "○" * (3 - note.difficulty)
    return f'&nbsp;<span class="level" role="img" aria-label="difficulty {note.difficulty} of 3">{dots}</span>'


def _chapter(chapter: Chapter, pictures: Pictures) -> str:
    name = f"topic:{escape(chapter.slug)}"
    inside = "".join(_entry(entry, partial(pictures, entry.note.id)) for entry in chapter.entries)
    return f'<section aria-labelledby="{name}">\n<h2 id="{name}">{_line(chapter.title)}</h2>\n{inside}</section>\n'


def _entry(entry: NoteEntry, pictures: html_page.Pictures) -> str:
    note, name = entry.note, escape(entry.note.id)
    read = partial(html_page.body, pictures=pictures, heading=HEADING)
    about = f'<p class="about">{_line(handout.about(note))}</p>\n' if handout.about(note) else ""
    pieces = [f'<article aria-labelledby="{name}">\n<h3 id="{name}">{read(note.question, whole=False)}</h3>\n{about}']
    if entry.whole:
        pieces += _note(entry, read, pictures)
    if entry.cards:
        pieces += [_heading("Cards"), *(_card(card, entry, read) for card in entry.cards)]
    return "".join([*pieces, f'<p class="back"><a href="#{CONTENTS}">Contents</a></p>\n</article>\n'])


def _note(entry: NoteEntry, read: Callable[..., str], pictures: html_page.Pictures) -> Iterator[str]:
    note = entry.note
    if note.short:
        yield f'<div class="short">{read(note.short)}</div>\n'
    yield from map(read, entry.noted(note.id))
    if note.key_points:
        yield _heading("Key points")
        marked = (
            read(point.text, whole=False) + (' <strong class="must">must</strong>' if point.must else "")
            for point in note.key_points
        )
        yield _items(marked)
    yield _heading("Answer") + read(note.answer) + "\n"
    for figure in note.figures:
        alt = escape(" ".join(figure.alt.split()))
        address = pictures(figure.file)
        picture = f'<img src="{escape(address)}" alt="{alt}">' if address else f"<em>Picture: {alt}</em>"
        yield f"<figure>{picture}</figure>\n"
    if note.pitfalls:
        yield _heading("Pitfalls") + _items(read(pitfall, whole=False) for pitfall in note.pitfalls)
    if note.follow_ups:
        yield _heading("Asked next")
    for follow_up in note.follow_ups:
        yield _folded(read(follow_up.question, whole=False), read(follow_up.answer))
    if note.corrections:
        yield _heading("What popular answers get wrong")
        yield _items(_correction(correction, entry, read) for correction in note.corrections)
    if sources := entry.cited(note.sources):
        yield _heading("Sources")
        yield _items(map(_source, sources), "sources")


def _correction(correction: Correction, entry: NoteEntry, read: Callable[..., str]) -> str:
    return (
        f'<span class="grade">{escape(correction.grade)}</span> {read(correction.claim, whole=False)}'
        f" <strong>Instead:</strong> {read(correction.instead, whole=False)}{_cited(entry.cited(correction.sources))}"
    )


def _card(card: Card, entry: NoteEntry, read: Callable[..., str]) -> str:
    kind = f' <span class="kind">{card.kind}</span>' if card.kind in fields.KINDS else ""
    own = () if card.sources == entry.note.sources else card.sources  # a card without any has those of its note
    inside = read(card_text.told(card)) + _cited(entry.cited(own)) + "".join(map(read, entry.noted(card.id)))
    question = read(card_text.asked(card), whole=False)
    first, end, rest = question.partition("</p>")  # the kind stands behind the question, what its symbols mean below
    return _folded(f"{first}{kind}{end}{rest}", inside, card.id)


def _folded(question: str, answer: str, name: str = "") -> str:
    """A question that shows its answer when it is opened, without a script."""
    own = f' id="{escape(name)}"' if name else ""
    return f"<details{own}><summary>{question}</summary>\n<div>{answer}</div></details>\n"


def _heading(text: str) -> str:
    return f"<h4>{text}</h4>\n"


def _items(items: Iterable[str], kind: str = "") -> str:
    own = f' class="{kind}"' if kind else ""
    return f"<ul{own}>{''.join(f'<li>{item}</li>' for item in items)}</ul>\n"


def _source(source: Source) -> str:
    where = f", {_line(source.where)}" if source.where else ""
    return f"{_line(source.authors)}: {_link(source, f'<cite>{_line(source.title)}</cite>')}{where}."


def _cited(sources: Sequence[Source]) -> str:
    """Sources in brief, behind what they stand for."""
    links = "; ".join(_link(source, _line(f"{source.authors} {source.year or ''}".strip())) for source in sources)
    return f' <span class="cited">({links})</span>' if links else ""


def _link(source: Source, inside: str) -> str:
    """A link where the address is one of the web, else the text alone."""
    if source.link.startswith(("https://", "http://")):
        return f'<a href="{escape(_line(source.link))}">{inside}</a>'
    return inside


def _line(text: str) -> str:
    """Text that is no Markdown, in one line."""
    return escape(" ".join(printable.clean(text).split()))
