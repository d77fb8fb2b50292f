"""The four note types as Anki gets them. Their ids, and those of fields and templates, are fixed for ever.

A field may be renamed or moved, its number in `FIELDS` may not change; a new one takes the place of a spare. Anything else would make Anki
treat the note type as another one, and leave everybody's notes as they are.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

# When the look of the note types last changed (UTC seconds): Anki takes a template over only from a file whose note type is newer. The
# tests hold a fingerprint of everything below beside it.
CHANGED_S = 1_795_944_600  # 2026-11-29 09:30
_SPARE = ((91, "Remark"), (92, "Extra2"), (93, "Extra3"))
_KNOWN = ((80, "Topic"), (81, "Sources"), (82, "As of"), (83, "License"), (84, "Id"))


class NoteType(NamedTuple):
    id: int
    name: str
    fields: tuple[tuple[int, str], ...]  #: number, name; in the order in which Anki lists them
    front: str
    back: str
    cloze: bool = False
    more: tuple[tuple[str, str], ...] = ()  #: front and back of further templates

    @property
    def names(self) -> list[str]:
        return [name for _, name in self.fields]


_LINE = '<hr id="answer">'  # Anki scrolls to it


def _page(about: str, *blocks: str) -> str:
    return "\n".join(['<div class="dlquiz">', f'<p class="about">{{{{Topic}}}}{about}</p>', *blocks, "</div>"])


def _back(*blocks: str) -> str:
    return "\n".join(["{{FrontSide}}", '<div class="dlquiz">', _LINE, *blocks, _FOOT, "</div>"])


def _when(field: str, html: str) -> str:
    """The HTML only where the field holds something."""
    return f"{{{{#{field}}}}}{html}{{{{/{field}}}}}"


def _folded(field: str, summary: str, *, unfolded: bool = False) -> str:
    tag = "<details open>" if unfolded else "<details>"
    return _when(field, f"{tag}<summary>{summary}</summary>{{{{{field}}}}}</details>")


_SOURCES = _folded("Sources", "Sources")
_FOOT = '<p class="foot">{{#As of}}As of {{As of}} · {{/As of}}{{Id}}{{#License}} · {{License}}{{/License}}</p>'
_NOTATION = _when("Notation", '<div class="notation">{{Notation}}</div>')
_REMARK = _when("Remark", '<div class="remark">You noted: {{Remark}}</div>')
_AFTER = "\n".join(
    [
        _REMARK,
        _when("Why", '<div class="why">{{Why}}</div>'),
        _when("Parent", '<p class="parent">From: {{Parent}}</p>'),
        _SOURCES,
    ]
)

# For every main card. One without key points is asked like the others, but stays of this type: key points may come and go, and Anki never
# moves a note to another type on import, it would leave its text as it was for ever.
EXPLAIN = NoteType(
    1_795_484_307_101,
    "dlquiz explain",
    (
        (1, "Question"), (2, "Short"), (3, "Key points"), (4, "Answer"), (5, "Figures"), (6, "Pitfalls"),
        (7, "Follow-ups"), (8, "Corrections"), *_KNOWN, *_SPARE,
    ),
    front=_page(
        _when("Key points", " · say it in 90 seconds"),
        f'<div class="question{_when("Key points", " main")}">{{{{Question}}}}</div>',
    ),
    back=_back(
        _when("Short", '<div class="answer">{{Short}}</div>'),
        '{{^Short}}<div class="answer">{{Answer}}{{Figures}}</div>{{/Short}}',
        _REMARK,
        _folded("Key points", "Which of these did you say?", unfolded=True),
        _when("Short", "<details><summary>The whole answer</summary>{{Answer}}{{Figures}}</details>"),
        _folded("Pitfalls", "Pitfalls"),
        _folded("Follow-ups", "Asked next"),
        _folded("Corrections", "What popular answers get wrong"),
        _SOURCES,
    ),
)  # fmt: skip

BASIC = NoteType(
    1_795_484_307_102,
    "dlquiz basic",
    ((1, "Front"), (2, "Back"), (3, "Why"), (4, "Notation"), (5, "Kind"), (6, "Parent"), *_KNOWN, *_SPARE),
    front=_page(_when("Kind", " · {{Kind}}"), '<div class="question">{{Front}}</div>', _NOTATION),
    back=_back('<div class="answer brief">{{Back}}</div>', _AFTER),
)

CLOZE = NoteType(
    1_795_484_307_103,
    "dlquiz cloze",
    ((1, "Text"), (2, "Why"), (3, "Notation"), (4, "Parent"), *_KNOWN, *_SPARE),
    front=_page("", '<div class="question">{{cloze:Text}}</div>', _NOTATION),
    back=_page("", '<div class="question">{{cloze:Text}}</div>', _NOTATION, _LINE, _AFTER, _FOOT),
    cloze=True,
)

CHOICE = NoteType(
    1_795_484_307_104,
    "dlquiz choice",
    ((1, "Front"), (2, "Choices"), (3, "Judged"), (4, "Why"), (5, "Notation"), (6, "Parent"), *_KNOWN, *_SPARE),
    front=_page(" · pick one", '<div class="question">{{Front}}</div>', _NOTATION, "{{Choices}}"),
    back=_page(" · pick one", '<div class="question">{{Front}}</div>', _NOTATION, _LINE, "{{Judged}}", _AFTER, _FOOT),
)

ALL = (EXPLAIN, BASIC, CLOZE, CHOICE)

_DECKS = 1_795_484_308_000  # and the number of templates: the note types of what was made of other people's notes
MOST_TEMPLATES = 30


@cache
def of_deck(cards: int) -> NoteType:
    """The type of a note that another deck had with so many card types: a front and a back for each, a card where there is a front."""
    names = [f"{side} {n}" for n in range(1, cards + 1) for side in ("Front", "Back")]
    sides = [
        (
            f'<div class="dlquiz"><div class="question">{{{{Front {n}}}}}</div></div>',
            f'{{{{FrontSide}}}}\n<div class="dlquiz">\n{_LINE}\n<div class="answer">{{{{Back {n}}}}}</div>\n</div>',
        )
        for n in range(1, cards + 1)
    ]
    fields = tuple(enumerate(names, 1))
    return NoteType(_DECKS + cards, f"dlquiz deck {cards}", fields, *sides[0], more=tuple(sides[1:]))


def is_of_deck(number: int) -> bool:
    """Is it the number of one of these types?"""
    return 0 < number - _DECKS <= MOST_TEMPLATES


def look() -> str:
    """The style sheet that all of them share."""
    return Path(__file__).with_name("look.css").read_text(encoding="utf-8")


def as_json(notetype: NoteType, css: str, changed_s: int = CHANGED_S) -> dict[str, Any]:
    """A note type in the form that Anki's packages have (schema 11)."""
    return {
        "id": notetype.id,
        "name": notetype.name,
        "type": int(notetype.cloze),
        "mod": changed_s,
        "usn": -1,
        "sortf": 0,
        "did": None,
        "css": css,
        "latexPre": "",
        "latexPost": "",
        "latexsvg": False,
        "req": [[n, "any", [2 * n]] for n in range(1 + len(notetype.more))],
        "tags": [],
        "vers": [],
        "flds": [_field(notetype, position) for position in range(len(notetype.fields))],
        "tmpls": [
            {
                "id": notetype.id * 100 + n,
                "name": f"Card {n + 1}",
                "ord": n,
                "qfmt": front,
                "afmt": back,
                "bqfmt": "",
                "bafmt": "",
                "did": None,
            }
            for n, (front, back) in enumerate([(notetype.front, notetype.back), *notetype.more])
        ],
    }


def _field(notetype: NoteType, position: int) -> dict[str, Any]:
    number, name = notetype.fields[position]
    return {
        "id": notetype.id * 100 + number,
        "name": name,
        "ord": position,
        "sticky": False,
        "rtl": False,
        "font": "Arial",
        "size": 18,
        "media": [],
        "collapsed": number > 90,
        "plainText": False,
        "description": "",
        "excludeFromSearch": False,
        "tag": None,
        "preventDeletion": False,
    }
