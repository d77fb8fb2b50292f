"""A log with the notes it is about as one JSON document, and back: nothing of a log is lost on the way."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from dlquiz.card import Event, InterviewRow, Ledger, Rating, State
from dlquiz.errors import BankError

FORMAT = 1
MAX_BYTES = 1 << 30  # a million answers take about 400 MB
KINDS = ("review", "attempt", "undo", "suspend", "unsuspend", "bury", "reset", "reschedule", "flag")
_LARGEST = 2**53 - 1  # what every JSON reader can hold; milliseconds until the year 287396
_LONGEST_PATH = 200
_TEXT, _WHOLE = "a text", "a whole number"
_EVENT = {
    **dict.fromkeys(Event._fields, _TEXT),
    **dict.fromkeys(
        "at_ms utc_offset_min rating interval_before interval_after thought_ms took_ms".split(), _WHOLE
    ),
}  # fmt: skip
_NEEDED = ("id", "kind", "card", "at_ms", "study_day", "utc_offset_min", "device")
_PICTURE = re.compile(r"[^\\:*?\"<>|\x00-\x1f]+\.(?:svg|png|jpe?g|gif|webp)", re.IGNORECASE)
_NOTE_ID = re.compile(r"(?:[a-z0-9][a-z0-9_-]*/)?[a-z0-9][a-z0-9_-]*")


class Journal(NamedTuple):
    """What such a document holds."""

    notes: Sequence[Mapping[str, Any]]  #: fields by the names of the bank's format, full ids
    sources: Mapping[str, Mapping[str, Any]]  #: what they cite, by key
    ledger: Ledger
    topics: Mapping[str, Mapping[str, Any]] = {}
    pictures: Mapping[str, Mapping[str, str]] = {}


def text(journal: Journal) -> str:
    """The document. Fields of a row that hold nothing are left out."""
    log = journal.ledger
    return json.dumps(
        {
            "dlquiz": FORMAT,
            "notes": list(journal.notes),
            "sources": dict(journal.sources),
            **({"topics": dict(journal.topics)} if journal.topics else {}),
            **({"pictures": dict(journal.pictures)} if journal.pictures else {}),
            "log": {
                "events": [_full(event) for event in log.events],
                "points": [list(row) for row in log.points],
                "interviews": [_full(row) for row in log.interviews],
                "presets": dict(log.presets),
                "contents": [list(row) for row in log.contents],
            },
        },
        ensure_ascii=False,
        indent=1,
    )


def read(raw: bytes, name: str) -> Journal:
    """A document's content.

    Args:
        raw: The file.
        name: What messages call it.

    Raises:
        BankError: It is no such document, or damaged; the place is named.
    """
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BankError(f"{name}: no JSON: {error}; export it again") from error
    if not isinstance(found, dict) or not isinstance(found.get("dlquiz"), int) or isinstance(found["dlquiz"], bool):
        raise BankError(
            f"{name}: no export of dlquiz: its first key must be 'dlquiz'; export it with: dlquiz export FILE.json"
        )
    if found["dlquiz"] != FORMAT:
        raise BankError(
            f"{name}: written by a newer dlquiz (form {found['dlquiz']}, this one knows {FORMAT}); upgrade dlquiz"
        )
    reader = _Reader(name)
    log = reader.mapping(found, "log")
    notes = reader.rows(found, "notes", dict)
    for place, note in enumerate(notes):
        if not isinstance(note.get("id"), str) or not _NOTE_ID.fullmatch(note["id"]):
            reader.fail(f"notes[{place}].id", "it takes an id like adam or mine/adam")
    return Journal(
        notes=notes,
        sources=reader.mapping(found, "sources"),
        topics={slug: reader.topic(slug, each) for slug, each in reader.mapping(found, "topics").items()},
        pictures={bank: reader.pictures(bank, each) for bank, each in reader.mapping(found, "pictures").items()},
        ledger=Ledger(
            events=[reader.event(row, f"log.events[{n}]") for n, row in enumerate(reader.rows(log, "events", dict))],
            points=[reader.point(row, f"log.points[{n}]") for n, row in enumerate(reader.rows(log, "points", list))],
            interviews=[
                reader.interview(row, f"log.interviews[{n}]")
                for n, row in enumerate(reader.rows(log, "interviews", dict))
            ],
            presets=[
                (reader.is_text(key, "log.presets"), reader.is_text(value, f"log.presets.{key}"))
                for key, value in reader.mapping(log, "presets").items()
            ],
            contents=[
                reader.content(row, f"log.contents[{n}]") for n, row in enumerate(reader.rows(log, "contents", list))
            ],
        ),
    )


def cited(note: Mapping[str, Any]) -> list[str]:
    """The key of every source that a note's fields, its corrections and its cards cite."""
    holders = [note, *note.get("corrections", ()), *note.get("cards", ())]
    return list(dict.fromkeys(key for each in holders for key in each.get("sources", ())))


def is_picture(path: str) -> bool:
    """Is it the path of a picture beside a bank, and of nothing else?"""
    parts = path.split("/")
    return bool(_PICTURE.fullmatch(path)) and not any(part in ("", ".", "..") for part in parts)


class _Reader:
    """Values out of the document, or the place where one is wrong."""

    def __init__(self, name: str) -> None:
        self._name = name

    def fail(self, place: str, message: str) -> None:
        raise BankError(f"{self._name}: {place}: {message}; nothing was imported, export the file again")

    def mapping(self, found: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = found.get(key, {})
        if not isinstance(value, dict):
            self.fail(key, "it takes a mapping")
        return dict(value)

    def topic(self, slug: str, value: Any) -> dict[str, Any]:
        """A topic's title and aliases."""
        place = f"topics.{slug}"
        if not isinstance(value, dict) or not isinstance(value.get("aliases", []), list):
            self.fail(place, "it takes a mapping with title and aliases")
        aliases = [self.is_text(each, f"{place}.aliases") for each in value.get("aliases", ())]
        return {"title": self.is_text(value.get("title", slug), f"{place}.title"), "aliases": aliases}

    def pictures(self, bank: str, value: Any) -> dict[str, str]:
        """A bank's pictures, of which none can get beside its folder or take the place of its text."""
        if not isinstance(value, dict):
            self.fail(f"pictures.{bank}", "it takes a mapping")
        for path, held in value.items():
            if not is_picture(path) or len(path) > _LONGEST_PATH:
                self.fail(f"pictures.{bank}", f"'{path[:40]}' is no path of a picture")
            try:
                b64decode(self.is_text(held, f"pictures.{bank}.{path}"), validate=True)
            except ValueError:
                self.fail(f"pictures.{bank}.{path}", "it takes base64")
        return dict(value)

    def rows(self, found: Mapping[str, Any], key: str, kind: type) -> list[Any]:
        value = found.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, kind) for each in value):
            self.fail(key, f"it takes a list of {'mappings' if kind is dict else 'lists'}")
        return list(value)

    def is_text(self, value: Any, place: str) -> str:
        if not isinstance(value, str):
            self.fail(place, f"it takes {_TEXT}")
        try:
            value.encode()
        except UnicodeEncodeError:
            self.fail(place, "it holds half a character (a lone surrogate)")
        return str(value)

    def is_whole(self, value: Any, place: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST:
            self.fail(place, f"it takes {_WHOLE}")
        return int(value)

    def event(self, row: Mapping[str, Any], place: str) -> Event:
        for key in (*_NEEDED, *(("rating", "interval_after") if row.get("kind") == "review" else ())):
            if row.get(key) is None:
                self.fail(place, f"it has no '{key}'")
        found: dict[str, Any] = {}
        for key, value in row.items():
            if key not in _EVENT:
                self.fail(place, f"there is no column '{key[:40]}'")
            check = self.is_text if _EVENT[key] == _TEXT else self.is_whole
            found[key] = None if value is None else check(value, f"{place}.{key}")
        if found["kind"] not in KINDS:
            self.fail(f"{place}.kind", f"it is one of {', '.join(KINDS)}")
        self._each(found, "study_day", date.fromisoformat, f"{place}.study_day", "it takes a day like 2026-11-24")
        self._each(found, "rating", Rating, f"{place}.rating", "it takes 1 to 4")
        self._each(found, "state_before", State, f"{place}.state_before", f"it is one of {', '.join(State)}")
        if abs(found.get("interval_after") or 0) > 100_000_000:
            self.fail(f"{place}.interval_after", "it takes days, or negative seconds")
        return Event(**found)

    def point(self, row: Sequence[Any], place: str) -> tuple[str, str, bool]:
        if len(row) != 3 or not isinstance(row[2], bool):
            self.fail(place, "it takes [event, key point, true or false]")
        return self.is_text(row[0], place), self.is_text(row[1], place), bool(row[2])

    def content(self, row: Sequence[Any], place: str) -> tuple[str, str, int]:
        if len(row) != 3:
            self.fail(place, "it takes [hash, text, milliseconds]")
        return self.is_text(row[0], place), self.is_text(row[1], place), self.is_whole(row[2], place)

    def interview(self, row: Mapping[str, Any], place: str) -> InterviewRow:
        found: dict[str, Any] = {}
        for key, value in row.items():
            if key not in InterviewRow._fields:
                self.fail(place, f"there is no column '{key[:40]}'")
            check = self.is_whole if key in ("at_ms", "ended_ms") else self.is_text
            found[key] = None if value is None else check(value, f"{place}.{key}")
        for key in ("id", "at_ms", "device"):
            if found.get(key) is None:
                self.fail(place, f"it has no '{key}'")
        return InterviewRow(**found)

    def _each(self, found: dict[str, Any], key: str, make: Callable[[Any], Any], place: str, wants: str) -> None:
        if found.get(key) is not None:
            try:
                found[key] = make(found[key])
            except ValueError:
                self.fail(place, wants)


def _full(row: Any) -> dict[str, Any]:
    """A row's fields that hold something."""
    return {key: _plain(value) for key, value in _fields(row) if value is not None}


def _fields(row: Any) -> Iterator[tuple[str, Any]]:
    yield from row._asdict().items()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
