"""What may stand in an export of the log, as one table with a range for every number; .json and .db are both held against it."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import date
from typing import Any

from dlquiz.bank import format as bank_format
from dlquiz.bank.format import SLUG, List, MappingOf, Struct, TextField, Truth, Whole
from dlquiz.card import Event, Rating, State
from dlquiz.transfer.shape import LONGEST_NAME, Checker, Made, Name, OneOf, Row, changed, json_mapping

KINDS = ("review", "attempt", "undo", "suspend", "unsuspend", "bury", "reset", "reschedule", "flag", "remark")
FIRST_DAY, LAST_DAY = (
    date(1969, 12, 30),
    date(2999, 12, 31),
)  # what a clock that is wrong may say; sums of days stay dates
LAST_MS = 32_503_680_000_000  # the year 3000
LONGEST_WAIT_DAYS = 36_500  # dlquiz's own and Anki's longest interval
LONGEST_TIME_MS = 31_622_400_000  # a year in front of one card
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # no file's name under Windows
_PICTURE = re.compile(r"[^\\:*?\"<>|\x00-\x1f]+\.(?:svg|png|jpe?g|gif|webp)", re.IGNORECASE)
_LONGEST_PATH = 200


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.isoformat() != text or not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(text)
    return day


def _base64(text: str) -> str:
    b64decode(text, validate=True)
    return text


_INSTANT = Whole(0, LAST_MS)
_TIME = Whole(0, LONGEST_TIME_MS)
_WAIT = Whole(-LONGEST_WAIT_DAYS * 86_400, LONGEST_WAIT_DAYS)
_WORD = Name(r"[^\x00-\x1f\x7f]+", "a word", 200)
_TEXT = TextField()
_SLUG = Name(SLUG, "a slug (lower-case letters and digits, hyphens between them)")
_CARD = Name(bank_format.REF, "an id like mine/note.card", 3 * LONGEST_NAME)
_POINT = Name(rf"(?:{SLUG}/)?{bank_format.POINT}", "an id like mine/note#point", 3 * LONGEST_NAME)
_JSON = Made(json_mapping, "a mapping in JSON")


def _list(of: Any) -> List:
    return List(of)


def _keyed(of: Any, keys: str = "") -> MappingOf:
    return MappingOf(of, keys)


def _table(**keys: Any) -> dict[str, tuple[Any, str]]:
    return {key: (shape, "") for key, shape in keys.items()}


EVENT = Struct(
    "row",
    _table(
        id=_WORD,
        kind=TextField(choices=KINDS),
        card=_CARD,
        at_ms=_INSTANT,
        study_day=Made(_day, f"a day like 2026-11-24, from {FIRST_DAY} to {LAST_DAY}"),
        utc_offset_min=Whole(-1440, 1440),
        device=_WORD,
        target=_WORD,
        rating=OneOf(Rating, int, "1 to 4"),
        state_before=OneOf(State, str, f"one of {', '.join(State)}"),
        interval_before=_WAIT,
        interval_after=_WAIT,
        preset=_WORD,
        mode=_WORD,
        predicted=_WORD,
        thought_ms=_TIME,
        took_ms=_TIME,
        content=_WORD,
        params=_JSON,
        given=_TEXT,
        interview=_WORD,
        origin=_WORD,
        foreign_row=_TEXT,
    ),
    ("id", "kind", "card", "at_ms", "study_day", "utc_offset_min", "device"),
)
_ALSO_REQUIRED = {"review": ("rating", "interval_after"), "reschedule": ("interval_after",), "undo": ("target",)}
INTERVIEW = Struct(
    "interview",
    _table(id=_WORD, at_ms=_INSTANT, device=_WORD, seed=_TEXT, settings=_JSON, state=_JSON, ended_ms=_INSTANT),
    ("id", "at_ms", "device"),
)
PICTURE = Made(_base64, "base64")
POINT = Row(
    (_WORD, _POINT, Truth()),
    "[event, key point, true or false], and where it was judged a verdict and the judge",
    more=(TextField(choices=("found", "unsure", "opposite", "none")), _TEXT),
)
CONTENT = Row((_WORD, _TEXT, _INSTANT), "[hash, text, milliseconds]")
PRESET = Row((_WORD, _JSON), "[hash, text]")
NOTE = changed(
    bank_format.NOTE,
    id=Name(rf"(?:{SLUG}/)?{SLUG}", "an id like adam or mine/adam", 2 * LONGEST_NAME),
    topic=_SLUG,
    cards=_list(changed(bank_format.CARD, id=_CARD)),
    key_points=_list(
        changed(bank_format.KEY_POINT, id=Name(rf"(?:{SLUG}/)?(?:{SLUG}#)?{SLUG}", "an id like point", 300))
    ),
)
TOPIC = Struct("topic", _table(title=_TEXT, aliases=_list(_SLUG)))
JOURNAL = Struct(
    "document",
    _table(
        dlquiz=Whole(1, 1_000_000),
        notes=_list(NOTE),
        sources=_keyed(bank_format.SOURCE, keys=SLUG),
        topics=_keyed(TOPIC, keys=SLUG),
        banks=_keyed(Struct("bank", _table(was=_list(_SLUG))), keys=SLUG),
        pictures=_keyed(_keyed(PICTURE), keys=SLUG),
        log=Struct(
            "log",
            _table(
                events=_list(EVENT),
                points=_list(POINT),
                interviews=_list(INTERVIEW),
                presets=_keyed(_JSON),
                contents=_list(CONTENT),
            ),
        ),
    ),
    ("dlquiz",),
)


def event(checker: Checker, fields: Mapping[str, Any], where: str) -> Event:
    """A row of the log from its checked fields.

    Raises:
        BankError: It lacks what a row of its kind needs.
    """
    for key in _ALSO_REQUIRED.get(fields["kind"], ()):
        if key not in fields:
            raise checker.fail(where, f"it has no '{key}', as a {fields['kind']} has")
    return Event(**fields)


def is_picture(path: str) -> bool:
    """Is it the path of a picture beside a bank, on every system, and of nothing else?"""
    names = path.split("/")
    odd = any(name in ("", ".", "..") or name.endswith((" ", ".")) or _RESERVED.fullmatch(name) for name in names)
    return bool(_PICTURE.fullmatch(path)) and not odd and len(path) <= _LONGEST_PATH
