"""The log with the notes it is about as one JSON document, and back: nothing of a log is lost on the way.

Neither way is all of it ever in memory: it is written piece by piece and read piece by piece, whatever its layout. What was read waits on
the disk until all of it was checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO, NamedTuple

from dlquiz.card import Event, InterviewRow, Ledger, PointResult
from dlquiz.errors import BankError
from dlquiz.store import rows
from dlquiz.transfer import journal_format
from dlquiz.transfer.json_pieces import Pieces
from dlquiz.transfer.shape import Checker, shown
from dlquiz.transfer.spool import Spool, Texts

FORMAT = 1
_encoded = json.JSONEncoder(ensure_ascii=False).encode


class Journal(NamedTuple):
    """What such a document holds."""

    notes: Iterable[Mapping[str, Any]]  #: fields by the names of the bank's format, full ids
    sources: Mapping[str, Mapping[str, Any]]  #: what they cite, by key
    ledger: Ledger
    topics: Mapping[str, Mapping[str, Any]] = {}
    pictures: Mapping[str, Mapping[str, str]] = {}
    banks: Mapping[str, Mapping[str, Iterable[str]]] = {}  #: `was`, the former names of the bank of that name


# ---- writing


def text(journal: Journal) -> Iterator[str]:
    """The document in pieces. Every note and every row of the log is a line; fields of a row that hold nothing are left out."""
    yield f'{{"dlquiz": {FORMAT},\n"notes": '
    yield from _list(journal.notes)
    yield ',\n"sources": '
    yield from _mapping(journal.sources)
    optional = {"topics": journal.topics, "pictures": journal.pictures, "banks": journal.banks}
    for key, value in optional.items():
        if value:
            yield f',\n"{key}": '
            yield from _mapping(value)
    log = journal.ledger
    yield ',\n"log": {\n"events": '
    yield from _list(map(_event, log.events))
    yield ',\n"points": '
    yield from _list(list(row if row.verdict else row[:3]) for row in log.points)
    yield ',\n"interviews": '
    yield from _list(_present(row._asdict()) for row in log.interviews)
    yield ',\n"presets": '
    yield from _mapping(dict(log.presets))
    yield ',\n"contents": '
    yield from _list(map(list, log.contents))
    yield "\n}\n}\n"


def _list(values: Iterable[Any]) -> Iterator[str]:
    before = "[\n"
    for value in values:
        yield before + _encoded(value)
        before = ",\n"
    yield "\n]" if before == ",\n" else "[]"


def _mapping(values: Mapping[str, Any]) -> Iterator[str]:
    before = "{\n"
    for key, value in values.items():
        yield f"{before}{_encoded(key)}: "
        if isinstance(value, Mapping):
            yield from _mapping(value)
        else:
            yield _encoded(value)
        before = ",\n"
    yield "\n}" if before == ",\n" else "{}"


def _event(event: Event) -> dict[str, Any]:
    fields = _present(event._asdict())
    fields["study_day"] = event.study_day.isoformat()
    return fields


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a row that hold something."""
    return {key: value for key, value in fields.items() if value is not None}


# ---- reading


@contextmanager
def opened(file: BinaryIO, name: str) -> Iterator[Journal]:
    """A document's content, all of it checked; its long lists are read from the disk again each time.

    Args:
        file: It, from its beginning.
        name: What messages call it.

    Raises:
        BankError: It is no such document, or damaged; the place is named.
    """
    reader = _Reader(file, name)
    with reader.spools:
        yield reader.journal()


class _Reader:
    """Goes once through a document."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.spools = ExitStack()
        self._pieces, self._name, self._checker = Pieces(file), name, Checker(name)
        self._lists: dict[str, Spool] = {}
        self._texts = Texts()
        self.spools.callback(self._texts.close)
        self._pictures: dict[str, dict[str, slice]] = {}  # bank -> path -> place in the texts
        self._fault: BankError | None = None  # the first; raised once it is clear that the whole is a document of ours

    def journal(self) -> Journal:
        """
        Raises:
            BankError: It is none.
        """
        try:
            is_mapping = self._pieces.first() == "{"
            document = self._members("") if is_mapping else self._pieces.value()
            self._pieces.end()
        except (ValueError, RecursionError) as error:
            raise BankError(f"{self._name}: no JSON: {error}; export it again") from error
        self._insist_own(document)
        if self._fault:
            raise self._fault
        fields = self._checker.value(document, journal_format.JOURNAL, "")
        for bank, pictures in fields.get("pictures", {}).items():
            for path in pictures:
                if not journal_format.is_picture(path):
                    raise self._checker.fail(f"pictures.{bank}", f"'{path[:40]}' is no path of a picture")
        log = fields.get("log", {})
        return Journal(
            notes=self._lists.get("notes", ()),
            sources=fields.get("sources", {}),
            topics=fields.get("topics", {}),
            pictures={bank: _Pictures(self._pictures[bank], self._texts) for bank in fields.get("pictures", {})},
            banks=fields.get("banks", {}),
            ledger=Ledger(
                events=self._lists.get("log.events", ()),
                points=self._lists.get("log.points", ()),
                interviews=[InterviewRow(**row) for row in log.get("interviews", ())],
                presets=list(log.get("presets", {}).items()),
                contents=self._lists.get("log.contents", ()),
            ),
        )

    def _members(self, place: str) -> dict[str, Any]:
        """The mapping that begins here, without the long lists in it."""
        fields: dict[str, Any] = {}
        for key in self._pieces.members():
            inner = f"{place}.{key}" if place else key
            fields.pop(key, None)  # of a key that stands twice the last counts
            self._lists = {name: spool for name, spool in self._lists.items() if not f"{name}.".startswith(f"{inner}.")}
            if inner in _LISTS and self._pieces.first() == "[":
                self._lists[inner] = self._list(inner)
            elif inner == "pictures" and self._pieces.first() == "{":
                fields[key] = self._kept_pictures()
            elif inner == "log" and self._pieces.first() == "{":
                fields[key] = self._members(inner)
            else:
                fields[key] = self._pieces.value()
        return fields

    def _kept_pictures(self) -> dict[str, Any]:
        """The mapping that begins here, by bank and path, with nothing in place of each picture: that is kept on the disk."""
        banks: dict[str, Any] = {}
        for bank in self._pieces.members():
            if self._pieces.first() != "{":
                banks[bank] = self._pieces.value()
                continue
            places = self._pictures[bank] = {}
            for path in self._pieces.members():
                picture = self._pieces.value()
                if self._fault is None:
                    try:
                        checked = self._checker.value(picture, journal_format.PICTURE, f"pictures.{bank}.{shown(path)}")
                        places[path] = self._texts.add(checked)
                    except BankError as error:
                        self._fault = error
            banks[bank] = dict.fromkeys(places, "")
        return banks

    def _list(self, place: str) -> Spool:
        check, make = _LISTS[place]
        spool = Spool(make)
        self.spools.callback(spool.close)
        for number, item in enumerate(self._pieces.items()):
            if self._fault is None:
                try:
                    spool.add(check(self._checker, item, f"{place}[{number}]"))
                except BankError as error:
                    self._fault = error
        return spool

    def _insist_own(self, document: Any) -> None:
        """Refuse what is not of a form that this dlquiz knows.

        Raises:
            BankError: It is not.
        """
        form = document.get("dlquiz") if isinstance(document, dict) else None
        if not isinstance(form, int) or isinstance(form, bool):
            raise BankError(
                f"{self._name}: no export of dlquiz: its first key must be 'dlquiz'; export it with: dlquiz export FILE.json"
            )
        if form != FORMAT:
            newer = f"written by a newer dlquiz (form {str(form)[:20]}, this one knows {FORMAT}); upgrade dlquiz"
            raise BankError(f"{self._name}: {newer if form > FORMAT else 'no export of dlquiz; export it again'}")


class _Pictures(Mapping[str, str]):
    """A bank's pictures by their paths, in base64; each is read when it is asked for."""

    def __init__(self, places: Mapping[str, slice], texts: Texts) -> None:
        self._places, self._texts = places, texts

    def __getitem__(self, path: str) -> str:
        return self._texts.read(self._places[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _checked_note(checker: Checker, note: Any, place: str) -> Any:
    fields = checker.value(note, journal_format.NOTE, place)
    for key, mark in (("cards", "."), ("key_points", "#")):
        for number, entry in enumerate(fields.get(key, ())):
            owner, _, _ = entry["id"].rpartition(mark)
            if owner not in ("", fields["id"]) or (
                not owner and "/" in entry["id"]
            ):  # it says that it is another note's
                where = f"{place}.{key}[{number}].id"
                raise checker.fail(where, f"'{entry['id'][:80]}' does not begin with '{fields['id']}{mark}'")
    return fields


def _checked_event(checker: Checker, event: Any, place: str) -> list[Any]:
    fields = checker.value(event, journal_format.EVENT, place)
    return rows.of_event(journal_format.event(checker, fields, place))


# The lists that may be long: how an item is checked and made a plain value, and what that becomes.
_LISTS: Mapping[str, tuple[Callable[[Checker, Any, str], Any], Callable[[Any], Any]]] = {
    "notes": (_checked_note, lambda note: note),
    "log.events": (_checked_event, rows.event),
    "log.points": (
        lambda checker, row, place: checker.value(row, journal_format.POINT, place),
        lambda row: PointResult(*row),
    ),
    "log.contents": (lambda checker, row, place: checker.value(row, journal_format.CONTENT, place), tuple),
}
