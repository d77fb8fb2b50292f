"""The nouns: what is asked, what is remembered, what is logged. Values only, frozen.

Named tuples and not dataclasses: their classes are made five times as fast, and every start of the program makes them. And no
`from __future__ import annotations` here, nor beside any other named tuple that the first card waits for: typing would compile each
field's annotation from a string.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import IntEnum, StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from dlquiz import hashing


class Rating(IntEnum):
    """How well a card was recalled; HARD is a pass."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class State(StrEnum):
    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


EXPLAIN = "explain"  # the kind of a main card: say the answer in 90 seconds
BLANK = "[...]"  # where a cloze has its gap
KINDS = ("basic", "cloze", "formula", "number", "compare", "why", "trap", "claim", "choice")  # of atomic cards
CLAIM = "claim"  # the kind that asks whether a statement holds
VERDICTS = ("Yes", "No")  # what a claim can be answered with, in the order of their keys
GRADES = ("wrong", "dated", "misleading", "gap")  # of corrections
NO_FORMS: Mapping[str, str] = MappingProxyType({})
NO_NUMBERS: Mapping[str, float] = MappingProxyType({})
USUALLY_ASKED = 2  # of a note that doesn't say how often interviewers ask it: 1 seldom, 3 often
RUBRIC = ("about", "need", "or", "not", "accept", "reject")  # keys of a key point that recognise it in an answer
NO_RUBRIC: Mapping[str, Any] = MappingProxyType({})
NO_FRAMES: Mapping[str, Mapping[str, str]] = MappingProxyType({})
SEEN = ("full", "abstract", "secondary")  # how much of a source its citer has read
VOLATILITIES = ("stable", "slow", "fast")


class Moment(NamedTuple):
    """An instant, with the study day and the zone it falls into."""

    at: datetime  #: aware, UTC
    day: date  #: study day; it turns at the rollover, local time
    utc_offset_min: int = 0

    @property
    def at_ms(self) -> int:
        """Milliseconds since 1970 UTC."""
        return round(self.at.timestamp() * 1000)


class KeyPoint(NamedTuple):
    """One thing that a strong spoken answer says."""

    id: str  #: full, `note#point`
    text: str
    must: bool = False
    was: tuple[str, ...] = ()
    rubric: Mapping[str, Any] = (
        NO_RUBRIC  #: what recognises it in an answer, as the bank has it: about, need, or, not ...
    )


class Verdict(StrEnum):
    """What is recognised of a key point."""

    FOUND = "found"
    UNSURE = "unsure"  #: something was heard; counts as not said until the speaker says so
    OPPOSITE = "opposite"
    NONE = "none"


class Judgement(NamedTuple):
    """What an answer says of one key point."""

    point: str  #: full id
    verdict: Verdict
    spans: tuple[tuple[int, int], ...] = ()  #: the evidence: where in the answer
    why: str = ""  #: of a verdict that is unsure

    def evidence(self, answer: str) -> list[str]:
        """The words of the answer that speak for the verdict."""
        return [answer[start:end] for start, end in self.spans]


class FollowUp(NamedTuple):
    question: str
    answer: str


class Correction(NamedTuple):
    """What popular answers get wrong."""

    grade: str  #: one of GRADES
    claim: str
    instead: str
    sources: tuple[str, ...] = ()
    taught_by: tuple[str, ...] = ()


class Distractor(NamedTuple):
    """A wrong answer of a choice card, and why it is wrong."""

    text: str
    why: str


class Part(NamedTuple):
    """One of the answers to a card that asks for several."""

    name: str  #: what the screen calls it
    accept: tuple[str, ...]  #: right answers
    aliases: tuple[str, ...] = ()  #: other names that somebody may type beside the answer


class Figure(NamedTuple):
    """A picture; `text` is its hand-made form for a terminal."""

    file: str
    alt: str
    text: str = ""


class Source(NamedTuple):
    key: str
    authors: str
    title: str
    link: str
    where: str = ""
    year: int | None = None
    seen: str = ""  #: one of SEEN, "" where nobody said


class Card(NamedTuple):
    """One question with one answer; `kind` explain is the main card of its note."""

    id: str  #: full, `bank/note.card`
    note: str  #: full id of the note
    topic: str
    kind: str
    front: str
    back: str
    drills: tuple[str, ...] = ()  #: full ids of key points
    accept: tuple[str, ...] = ()
    why: str = ""
    notation: str = ""
    distractors: tuple[Distractor, ...] = ()
    sources: tuple[str, ...] = ()
    as_of: str = ""
    forms: Mapping[str, str] = NO_FORMS  #: LaTeX -> hand-made terminal form (`text:` in the bank)
    numbers: Mapping[str, float] = NO_NUMBERS  #: the fresh numbers that stand in its texts
    holds: bool | None = None  #: of a claim: is its statement true?
    parts: tuple[Part, ...] = ()  #: what it asks for, where that is more than one answer
    any_order: bool = False  #: may the parts be given in any order?

    @property
    def typed(self) -> bool:
        """Is it answered by typing?"""
        return bool(self.accept or self.parts)

    @property
    def verdict(self) -> str:
        """The right one of VERDICTS; "" of a card that is no claim."""
        return "" if self.holds is None else VERDICTS[not self.holds]

    @property
    def explains(self) -> bool:
        return self.kind == EXPLAIN

    @property
    def spoken(self) -> bool:
        """Asked aloud, by the clock, few a day? A main card whose note has no key points to tick is asked like an atomic one."""
        return self.explains and bool(self.drills)


class CardRef(NamedTuple):
    """As much of a card as choosing one needs."""

    id: str
    note: str
    topic: str
    kind: str
    points: bool = True  #: has its note key points?

    @property
    def explains(self) -> bool:
        return self.kind == EXPLAIN

    @property
    def spoken(self) -> bool:
        """As of a card."""
        return self.explains and self.points


class Note(NamedTuple):
    """A written question; its main card and its atomic cards are siblings."""

    id: str
    number: int | None
    topic: str
    tags: tuple[str, ...]
    difficulty: int | None
    question: str
    short: str
    answer: str
    key_points: tuple[KeyPoint, ...] = ()
    pitfalls: tuple[str, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    corrections: tuple[Correction, ...] = ()
    sources: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    as_of: str = ""
    volatility: str = ""
    forms: Mapping[str, str] = NO_FORMS
    asked: int = USUALLY_ASKED  #: how often interviewers ask it: 1 seldom, 3 often
    frames: Mapping[str, Mapping[str, str]] = NO_FRAMES  #: for its rubrics: frame -> value -> pattern that names it


class Memory(NamedTuple):
    """What the scheduler knows of a card reviewed at least once."""

    state: State
    stability: float  #: days until recall falls to 90 %
    difficulty: float  #: 1 (easy) to 10 (hard)
    due_day: date  #: study day on which it is next asked; in steps the day of the last answer
    interval: int  #: as promised at the last answer: days, negative = seconds (as Anki)
    last_day: date  #: study day of the last answer
    last_ms: int  #: instant of the last answer
    due_ms: int | None = None  #: instant of the next step; None in review
    step: int = 0  #: learning or relearning step it stands on
    reps: int = 0
    lapses: int = 0  #: times rated AGAIN while in review


class CardState(NamedTuple):
    """What folding a card's events gives."""

    memory: Memory | None = None
    suspended: bool = False
    buried_on: date | None = None  #: hidden on that study day
    last_event: str | None = None  #: id of the row that was inserted last, whatever it is
    last_ms: int | None = None  #: the latest instant of any row

    @property
    def met(self) -> bool:
        """No candidate for a first meeting: seen before, or suspended."""
        return self.memory is not None or self.suspended


class Event(NamedTuple):
    """A row of the log; see docs/scheduling.md for each column."""

    kind: str
    card: str
    at_ms: int
    study_day: date
    utc_offset_min: int
    id: str = ""  #: "<at_ms>-<device>", given when it is appended
    device: str = ""
    target: str | None = None
    rating: Rating | None = None
    state_before: State | None = None
    interval_before: int | None = None
    interval_after: int | None = None  #: days, negative = seconds (as Anki)
    preset: str | None = None
    mode: str | None = None
    predicted: str | None = None
    thought_ms: int | None = None
    took_ms: int | None = None
    content: str | None = None
    params: str | None = None  #: the fresh numbers that it was asked with, as JSON
    given: str | None = None
    interview: str | None = None
    origin: str | None = None
    foreign_row: str | None = None


class InterviewRow(NamedTuple):
    """A mock interview as the log keeps it."""

    id: str
    at_ms: int
    device: str
    seed: str | None = None
    settings: str | None = None
    state: str | None = None
    ended_ms: int | None = None


class PointResult(NamedTuple):
    """A key point as it was shown with an answer."""

    event: str
    point: str
    said: bool
    verdict: str | None = None  #: what a checker said of it before the user's word: found, unsure, opposite or none
    judge: str | None = None  #: whose verdict it was: the rubric's version, or the user's own command


class Ledger(NamedTuple):
    """A whole log, or a part of one. Its parts may be read once only."""

    events: Iterable[Event] = ()  #: with id and device, in the order in which they were inserted
    points: Iterable[PointResult] = ()
    interviews: Iterable[InterviewRow] = ()
    presets: Iterable[tuple[str, str]] = ()  #: hash, text
    contents: Iterable[tuple[str, str, int]] = ()  #: hash, text, the instant (ms) at which it was first shown


class Preset(NamedTuple):
    """Everything that decides an interval. Rows of the log name it by its hash."""

    weights: tuple[float, ...]
    desired_retention: float = 0.90  #: 0.70 to 0.99
    learning_steps: tuple[int, ...] = (60, 600)  #: seconds; atomic cards
    explain_steps: tuple[int, ...] = (600,)  #: seconds; main cards, after AGAIN only
    relearning_steps: tuple[int, ...] = (600,)  #: seconds
    maximum_interval: int = 36500  #: days
    rollover_min: int = 240  #: minutes after local midnight at which a study day turns
    algorithm: str = "FSRS-6"
    fuzz: int = 1  #: version of the fuzz

    @property
    def text(self) -> str:
        return _text_and_hash(self)[0]

    @property
    def hash(self) -> str:
        return _text_and_hash(self)[1]


@lru_cache(maxsize=8)
def _text_and_hash(preset: Preset) -> tuple[str, str]:
    """Each answer asks for them three times: a tenth of its work beside the disk's."""
    text = json.dumps(preset._asdict(), sort_keys=True)
    return text, text_hash(text)


def text_hash(text: str) -> str:
    """16 hexadecimal digits that name a text."""
    return hashing.sha256(text.encode()).hexdigest()[:16]


def priority(asked: int, *, must: bool) -> int:
    """How early a card is met on the way to an interview, 1 to 6: how often its note is asked, twice for a main card and for one that
    drills a must.
    """
    return asked * (2 if must else 1)


def note_of(card_id: str) -> str:
    """The id of the note that a card or key point belongs to."""
    slash = card_id.rfind("/") + 1
    for mark in ".#":
        card_id = card_id[:slash] + card_id[slash:].partition(mark)[0]
    return card_id


def content_text(kind: str, fields: Mapping[str, Any]) -> str:
    """What a person was shown, as one text: its hash tells whether a card has changed since it was learnt."""
    if kind == EXPLAIN:
        points = [point["text"] for point in fields.get("key_points", ())]
        texts = [fields["question"], fields.get("short", ""), fields["answer"], *points]
    else:
        wrong = [item["text"] for item in fields.get("distractors", ())]
        texts = [fields["front"], fields["back"], fields.get("why", ""), *wrong]
    return "\n\n".join(str(text).strip() for text in texts if text)


def content_hash(kind: str, fields: Mapping[str, Any]) -> str:
    """The hash of what a person was shown."""
    return text_hash(content_text(kind, fields))
