"""What may stand in a bank's files, as one table: the reader follows it, and the published JSON Schema is made from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dlquiz.card import GRADES, KINDS, SEEN, VOLATILITIES
from dlquiz.text.slug import LETTERS

SLUG = rf"[{LETTERS}]+(?:[-_][{LETTERS}]+)*"
OWN = rf"{SLUG}(?:\.{SLUG})?"  # note or card of the same bank, without its prefix
REF = rf"(?:{SLUG}/)?{OWN}"  # note or card of any bank
POINT = rf"{SLUG}#{SLUG}"
DAY = r"\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?"
PICTURE = r"(?:[\w-]+/)*[\w-][\w.-]*\.(?:svg|png|jpe?g|gif|webp)"  # never out of the bank's folder: exports read it
TRUTHS = {"true": True, "True": True, "false": False, "False": False}
INTEGER = re.compile(r"[-+]?\d{1,18}")
NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,11})(\.\d{1,12})?(e[-+]?\d{1,2})?", re.IGNORECASE)  # a group: no whole number
_VALUE = re.compile(r"[-+]?(\d[\d_]*)?\.?\d+(e[-+]?\d+)?", re.IGNORECASE)
NAME = r"[A-Za-z][A-Za-z0-9_]{0,15}"


@dataclass(frozen=True, slots=True)
class TextField:
    """A string. With `loose` a plain number or word does too, as it was written: `back: 0.10`."""

    loose: bool = False
    pattern: str = ""
    means: str = "text"  #: in words, for messages
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Truth:
    pass


@dataclass(frozen=True, slots=True)
class List:
    of: Shape


@dataclass(frozen=True, slots=True)
class Values:
    """A list of different numbers, so many at least and at most."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class MappingOf:
    """A mapping whose keys are free; with `keys` they follow a pattern."""

    of: Shape
    keys: str = ""
    means: str = "a slug; use lower-case letters, digits, hyphens"  #: what keys are, in words, for messages


@dataclass(frozen=True, slots=True)
class Struct:
    """A mapping with named keys, each `(shape, what it is)`."""

    name: str
    keys: Mapping[str, tuple[Shape, str]]
    required: tuple[str, ...] = field(default=())


Shape = TextField | Whole | Truth | List | Values | MappingOf | Struct

_TEXT = TextField()
_LOOSE = TextField(loose=True)
_SLUG = TextField(loose=True, pattern=SLUG, means="a slug (lower-case letters and digits, hyphens between them)")
_REFS = List(TextField(pattern=REF, means="an id like note.card"))
_OWN = TextField(pattern=OWN, means="an id like note.card, without the bank's prefix")
_AS_OF = TextField(loose=True, pattern=DAY, means="a month or day like 2026-11 or 2026-11-24")
_VOLATILITY = TextField(choices=VOLATILITIES)
_FORMS = MappingOf(_LOOSE)
_NUMBERS = MappingOf(
    Values(2, 20), keys=NAME, means="a name of a number; use a letter, then letters, digits or _, 16 at most"
)
_SOURCES = List(_SLUG)

_PATTERNS = List(_LOOSE)
RUBRIC: Mapping[str, tuple[Shape, str]] = {
    "about": (_TEXT, "values of frames that the passage must be about: `test`, `gru`; `test?` may be left open"),
    "need": (_PATTERNS, "patterns that must all be found in one passage"),
    "or": (_PATTERNS, "patterns of which each suffices alone"),
    "not": (_PATTERNS, "patterns that say the opposite"),
    "accept": (_PATTERNS, "sentences that say it; each must be found"),
    "reject": (_PATTERNS, "sentences that don't; none may be found"),
}  # what recognises a key point in an answer

KEY_POINT = Struct(
    "key point",
    {
        "id": (_SLUG, "unique in the note"),
        "text": (_TEXT, "one sentence"),
        "must": (Truth(), "may it not be missing?"),
        "was": (
            List(TextField(pattern=POINT, means="an id like note#point, without the bank's prefix")),
            "former ids, oldest first",
        ),
        **RUBRIC,
    },
    ("id", "text"),
)
FOLLOW_UP = Struct(
    "follow-up", {"question": (_TEXT, "asked next"), "answer": (_TEXT, "two sentences")}, ("question", "answer")
)
CORRECTION = Struct(
    "correction",
    {
        "grade": (TextField(choices=GRADES), "how wrong the claim is"),
        "claim": (_TEXT, "what popular answers say"),
        "instead": (_TEXT, "what is right"),
        "sources": (_SOURCES, "keys of sources.yaml"),
        "taught_by": (List(_SLUG), "cards or key points of this note that teach it"),
    },
    ("grade", "claim", "instead"),
)
FIGURE = Struct(
    "figure",
    {
        "file": (
            TextField(pattern=PICTURE, means="a path like media/lstm.svg, from the bank's folder"),
            "picture beside the bank",
        ),
        "alt": (_TEXT, "what it shows, for whoever can't see it"),
        "text": (_TEXT, "hand-made text diagram for the terminal"),
    },
    ("file", "alt"),
)
ANKI = Struct(
    "Anki note",
    {
        "guid": (_LOOSE, "its GUID in Anki"),
        "card": (Whole(1, 1_000), "which of its cards the main card is; default: 1"),
    },
    ("guid",),
)
DISTRACTOR = Struct(
    "distractor", {"text": (_LOOSE, "a wrong answer"), "why": (_TEXT, "why it is wrong")}, ("text", "why")
)
PART = Struct(
    "part",
    {
        "name": (_TEXT, "what the screen calls it"),
        "accept": (List(_LOOSE), "right answers"),
        "aliases": (List(_TEXT), "other names that may be typed beside the answer"),
    },
    ("name", "accept"),
)
CARD = Struct(
    "card",
    {
        "id": (_SLUG, "unique in the note, never changed"),
        "front": (_TEXT, "what is asked"),
        "back": (_LOOSE, "the answer"),
        "kind": (TextField(choices=KINDS), "default: basic"),
        "drills": (List(_SLUG), "key points of the note that it trains"),
        "accept": (List(_LOOSE), "other right answers; makes it a typed card"),
        "parts": (List(PART), "the answers to a card that asks for several, judged one by one; makes it a typed card"),
        "any_order": (Truth(), "may the parts be given in any order?"),
        "why": (_TEXT, "one line shown with the answer"),
        "notation": (_TEXT, "what the symbols mean, shown with the front"),
        "distractors": (List(DISTRACTOR), "wrong answers of a choice card"),
        "holds": (Truth(), "is the statement of a claim true?"),
        "numbers": (_NUMBERS, "fresh numbers: name -> values that it may take, the example's first"),
        "check": (_TEXT, "an expression that must be true"),
        "contrast": (_REFS, "cards that it may be confused with"),
        "sources": (_SOURCES, "keys of sources.yaml"),
        "as_of": (_AS_OF, "when it was true"),
        "volatility": (_VOLATILITY, "how fast it ages"),
        "text": (_FORMS, "LaTeX -> hand-made terminal form"),
        "was": (List(_OWN), "former full ids without the bank's prefix, oldest first"),
    },
    ("id", "front", "back"),
)
NOTE = Struct(
    "note",
    {
        "id": (_SLUG, "never changed, never used again"),
        "number": (Whole(0, 999_999), "sorts the notes"),
        "topic": (_SLUG, "overrules the file's"),
        "tags": (List(_SLUG), "narrower subjects"),
        "difficulty": (Whole(1, 3), "1 easy to 3 hard"),
        "asked": (Whole(1, 3), "how often interviewers ask it: 1 seldom to 3 often; default: 2"),
        "question": (_TEXT, "what the interviewer asks"),
        "short": (_TEXT, "the first breath of the spoken answer"),
        "answer": (_LOOSE, "Markdown that teaches"),
        "key_points": (List(KEY_POINT), "what a strong answer says"),
        "frames": (
            MappingOf(MappingOf(_TEXT, keys=SLUG), keys=SLUG),
            "who or when a passage is about, for rubrics: frame -> value -> pattern that names it",
        ),
        "pitfalls": (List(_TEXT), "what people get wrong"),
        "follow_ups": (List(FOLLOW_UP), "what is asked next"),
        "corrections": (List(CORRECTION), "what popular answers get wrong"),
        "sources": (_SOURCES, "keys of sources.yaml"),
        "as_of": (_AS_OF, "when it was true"),
        "volatility": (_VOLATILITY, "how fast it ages"),
        "text": (_FORMS, "LaTeX -> hand-made terminal form"),
        "was": (List(_OWN), "former ids without the bank's prefix, oldest first"),
        "figures": (List(FIGURE), "pictures"),
        "anki": (ANKI, "the note of Anki's that it was made of"),
        "cards": (List(CARD), "one fact each"),
    },
    ("id", "question", "answer"),
)
RETIRED = Struct(
    "retired id",
    {
        "id": (_OWN, "full id without the bank's prefix"),
        "on": (_AS_OF, "when it was removed"),
        "replaced_by": (_OWN, "what asks this now"),
    },
    ("id", "on"),
)
BANK = Struct(
    "bank",
    {
        "bank": (_SLUG, "your prefix; required outside the built-in bank"),
        "was": (List(_SLUG), "former prefixes of the bank, oldest first"),
        "topic": (_SLUG, "default: the file's name"),
        "title": (_TEXT, "the topic's name on the screen"),
        "aliases": (List(_SLUG), "other spellings that --topic accepts"),
        "notes": (List(NOTE), "the questions"),
        "retired": (List(RETIRED), "ids that are gone"),
    },
    ("notes",),
)
SOURCE = Struct(
    "source",
    {
        "authors": (_TEXT, "family names"),
        "title": (_LOOSE, "of the work"),
        "link": (_TEXT, "where to read it"),
        "where": (_LOOSE, "journal, conference, publisher"),
        "year": (Whole(1800, 2100), "of publication"),
        "seen": (TextField(choices=SEEN), "how much of it was read"),
    },
    ("authors", "title", "link"),
)
GLOSSARY = Struct(
    "glossary file",
    {"glossary": (MappingOf(_LOOSE, keys=SLUG), "name -> pattern that `@name` stands for")},
    ("glossary",),
)
SOURCES = Struct("sources file", {"sources": (MappingOf(SOURCE, keys=SLUG), "by key")}, ("sources",))


def is_number_or_truth(text: str) -> bool:
    """Is it, written without quotes, no text but a value?"""
    return text in TRUTHS or _VALUE.fullmatch(text) is not None
