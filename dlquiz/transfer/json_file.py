"""The log with the notes it is about as one JSON document, and back: nothing of a log is lost on the way."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from dlquiz import config
from dlquiz.bank import index, revisions, select
from dlquiz.card import Event, InterviewRow, Ledger, PointResult
from dlquiz.collection import BankPaths, Collection, opened, opened_bank, roots
from dlquiz.errors import BankError
from dlquiz.files import free_name
from dlquiz.text import phrases
from dlquiz.text import pictures as text_pictures
from dlquiz.transfer import exports, imports, install, journal_format, more_cards
from dlquiz.transfer.exports import ExportResult
from dlquiz.transfer.imports import ImportResult, Told, quiet
from dlquiz.transfer.shape import Checker

FORMAT = 1
MAX_BYTES = 1 << 30  # a million answers take about 400 MB
ADDED = "added"  # the folder in a bank's own in which notes lie that came later


class Journal(NamedTuple):
    """What such a document holds."""

    notes: Sequence[Mapping[str, Any]]  #: fields by the names of the bank's format, full ids
    sources: Mapping[str, Mapping[str, Any]]  #: what they cite, by key
    ledger: Ledger
    topics: Mapping[str, Mapping[str, Any]] = {}
    pictures: Mapping[str, Mapping[str, str]] = {}
    banks: Mapping[str, Mapping[str, Sequence[str]]] = {}  #: `was`, the former names of the bank of that name


def text(journal: Journal) -> str:
    """The document. Fields of a row that hold nothing are left out."""
    log = journal.ledger
    optional = {"topics": journal.topics, "pictures": journal.pictures, "banks": journal.banks}
    return json.dumps(
        {
            "dlquiz": FORMAT,
            "notes": list(journal.notes),
            "sources": dict(journal.sources),
            **{key: dict(value) for key, value in optional.items() if value},
            "log": {
                "events": [_full(event) for event in log.events],
                "points": [list(row if row.verdict else row[:3]) for row in log.points],
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
    document, checker = _document(raw, name), Checker(name)
    fields = checker.value(document, journal_format.JOURNAL, "")
    notes, log = fields.get("notes", []), fields.get("log", {})
    for number, note in enumerate(notes):
        _insist_own_ids(checker, note, f"notes[{number}]")
    for bank, pictures in fields.get("pictures", {}).items():
        for path in pictures:
            if not journal_format.is_picture(path):
                raise checker.fail(f"pictures.{bank}", f"'{path[:40]}' is no path of a picture")
    return Journal(
        notes=notes,
        sources=fields.get("sources", {}),
        topics=fields.get("topics", {}),
        pictures=fields.get("pictures", {}),
        banks=fields.get("banks", {}),
        ledger=Ledger(
            events=[
                journal_format.event(checker, row, f"log.events[{n}]") for n, row in enumerate(log.get("events", []))
            ],
            points=[PointResult(*row) for row in log.get("points", [])],
            interviews=[InterviewRow(**row) for row in log.get("interviews", [])],
            presets=list(log.get("presets", {}).items()),
            contents=log.get("contents", []),
        ),
    )


def _document(raw: bytes, name: str) -> dict[str, Any]:
    """The outermost mapping, of a form that this dlquiz knows.

    Raises:
        BankError: It is none.
    """
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BankError(f"{name}: no JSON: {error}; export it again") from error
    form = document.get("dlquiz") if isinstance(document, dict) else None
    if not isinstance(form, int) or isinstance(form, bool):
        raise BankError(
            f"{name}: no export of dlquiz: its first key must be 'dlquiz'; export it with: dlquiz export FILE.json"
        )
    if form != FORMAT:
        newer = f"written by a newer dlquiz (form {str(form)[:20]}, this one knows {FORMAT}); upgrade dlquiz"
        raise BankError(f"{name}: {newer if form > FORMAT else 'no export of dlquiz; export it again'}")
    return dict(document)


def cited(note: Mapping[str, Any]) -> list[str]:
    """The key of every source that a note's fields, its corrections and its cards cite."""
    holders = [note, *note.get("corrections", ()), *note.get("cards", ())]
    return list(dict.fromkeys(key for holder in holders for key in holder.get("sources", ())))


def _insist_own_ids(checker: Checker, note: Mapping[str, Any], path: str) -> None:
    """Refuse a card or key point that says of itself that it is another note's."""
    for key, mark in (("cards", "."), ("key_points", "#")):
        for number, entry in enumerate(note.get(key, ())):
            owner, _, _ = entry["id"].rpartition(mark)
            if owner not in ("", note["id"]) or (not owner and "/" in entry["id"]):
                where = f"{path}.{key}[{number}].id"
                raise checker.fail(where, f"'{entry['id'][:80]}' does not begin with '{note['id']}{mark}'")


# ---- bringing one in


def import_file(paths: BankPaths, file: Path, on_progress: Told = quiet) -> ImportResult:
    """Our own JSON: its log joins ours; notes that are in no bank here are added to their bank, or become it.

    Raises:
        BankError: It is no such file, or damaged; nothing was changed.
    """
    on_progress("reading the file", 0, 0)
    journal = read(imports.contents(file, MAX_BYTES), str(file))
    home = config.home()
    warned: list[str] = []
    with opened_bank(paths._replace(warn=warned.append)) as bank:
        missing = {slug: [*_missing(bank, slug, notes)] for slug, notes in _by_bank(journal.notes).items()}
        here = {note.rpartition("/")[0] for note in bank.ever()}
        today = {slug: bank.former_banks().get(slug, slug) for slug in missing}
        more = more_cards.missing(bank, home, journal.notes, journal.pictures)
    if any(missing.values()) or more.by_file:
        imports.insist_sound(file, warned)
    targets: dict[Path, dict[str, bytes]] = {}
    lines: list[str] = []
    remarks: list[str] = []
    for slug, notes in missing.items():
        folder = home.banks / install.folder_name(today[slug])
        is_new = today[slug] not in here and not folder.exists() and folder not in targets
        if not is_new:
            remarks.append(f"the bank {today[slug]} is here already; its text is left as it was")
        if notes:
            added = ADDED if slug == today[slug] else f"{ADDED}-{slug}"
            targets[folder if is_new else free_name(folder, added, "")] = _files(journal, today[slug], slug, notes)
            count = phrases.counted(len(notes), "note")
            lines.append(f"made the bank {folder}" if is_new else f"added {count} to the bank {folder}")
    try:
        texts = more_cards.prepared(more, roots(paths, home))
        install.install(home, targets, roots(paths, home))
    except BankError as error:
        raise BankError(f"{file}: {error}") from error
    more_cards.put(home, texts)
    lines += more_cards.told(more)
    remarks += more_cards.left_out(more, home)
    on_progress("adding answers", 0, 0)
    with opened(paths, write=True) as col:
        merged, unknown = imports.join_counting(col, journal.ledger)
    return ImportResult((*lines, imports.told(merged)), (*remarks, *unknown))


def _by_bank(notes: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Notes of banks of one's own, by the bank's slug; the built-in ones travel with the program."""
    by_bank: dict[str, list[Mapping[str, Any]]] = {}
    for note in notes:
        slug = note["id"].rpartition("/")[0]
        if slug:
            by_bank.setdefault(slug, []).append(note)
    return by_bank


def _missing(bank: index.Bank, slug: str, notes: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Those of the notes that are, and were, in no bank here."""
    ever, today = bank.ever(), bank.former_banks().get(slug, slug)
    for note in notes:
        own = note["id"].rpartition("/")[2]
        if not ever & {note["id"], f"{today}/{own}"}:
            yield note


def _files(journal: Journal, bank: str, slug: str, notes: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """The files of a bank with these notes, with the sources and pictures that the document has for them."""
    keys = {key for note in notes for key in cited(note)}
    sources = {key: source for key, source in journal.sources.items() if key in keys}
    was = [old for old in journal.banks.get(slug, {}).get("was", ()) if old != bank]
    pictures = {path: b64decode(encoded) for path, encoded in journal.pictures.get(slug, {}).items()}
    return {**pictures, **install.bank_files(bank, notes, sources, journal.topics, was)}


# ---- sending one out


def export_file(
    col: Collection, target: Path, selected: select.Selection | None, *, with_progress: bool
) -> ExportResult:
    """Notes and log, whole: importing it gives the same progress. The log is always part of it.

    Of a selection: its notes, and what the log says of the selected cards; a mock interview is about more than they are.
    """
    del with_progress
    exports.check_target(target)
    cards = [card for _, card in exports.chosen(col, selected)]
    notes = [col.bank.fields(note) or {} for note in dict.fromkeys(card.note for card in cards)]
    ledger = _log(col, selected)
    journal = Journal(
        notes, _sources(col, notes), ledger, _topics(col, notes), _pictures(col, notes), _banks(col, notes)
    )
    exports.put(target, text(journal))
    has_interviews = selected is not None and any(True for _ in col.progress.as_ledger().interviews)
    remarks = (
        "mock interviews are left out, each is about more than these cards; leave --topic out to take them along",
    )
    answers = sum(event.kind == "review" for event in ledger.events)
    return ExportResult(target, len(cards), answers, remarks if has_interviews else ())


def _log(col: Collection, selected: select.Selection | None) -> Ledger:
    """The log, or what of it is about the selected cards."""
    ledger = col.progress.as_ledger()
    events = list(ledger.events)
    if selected is None:
        return ledger._replace(events=events)
    newest = col.progress.aliases()
    names = [col.bank.current(event.card) for event in events]
    names = [newest.get(name, name) for name in names]
    card_refs = col.bank.card_refs(set(names))
    selected_events: list[Event] = []
    for event, name in zip(events, names, strict=True):
        card_ref = card_refs.get(name)
        if card_ref and selected.holds(card_ref):
            selected_events.append(event)
    ids, contents = {event.id for event in selected_events}, {event.content for event in selected_events}
    return Ledger(
        events=selected_events,
        points=[entry for entry in ledger.points if entry[0] in ids],
        presets=list(ledger.presets),
        contents=[entry for entry in ledger.contents if entry[0] in contents],
    )


def _sources(col: Collection, notes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the notes cite, by key; where two banks have the same key, the one of one's own."""
    sources = {}
    for note in sorted(notes, key=lambda note: "/" in note["id"]):
        for source in col.bank.sources(note["id"], cited(note)):
            values = source._asdict().items()
            sources[source.key] = {key: value for key, value in values if value not in (None, "") and key != "key"}
    return sources


def _topics(col: Collection, notes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the topics of one's own notes are called."""
    own = {note["topic"] for note in notes if "/" in note["id"]}
    return {
        topic.slug: {"title": topic.title, "aliases": list(topic.aliases)}
        for topic in col.bank.topics()
        if topic.slug in own
    }


def _banks(col: Collection, notes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, list[str]]]:
    """What the banks of one's own were called before, the oldest first."""
    former: dict[str, dict[str, list[str]]] = {}
    for slug in dict.fromkeys(note["id"].rpartition("/")[0] for note in notes):
        was = [old for old, today in col.bank.former_banks().items() if today == slug]
        if was:
            former[slug] = {"was": was}
    return former


def _pictures(col: Collection, notes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """The pictures of banks of one's own, by bank and path, in base64."""
    pictures: dict[str, dict[str, str]] = {}
    for note in notes:
        bank = note["id"].rpartition("/")[0]
        folder = col.bank.file(note["id"]).parent
        figures = (figure["file"] for figure in note.get("figures", ()))
        for file in (*figures, *text_pictures.paths_within(note)) if bank else ():
            path = revisions.picture(folder, file)
            with suppress(OSError):
                if path and journal_format.is_picture(file):
                    pictures.setdefault(bank, {})[file] = b64encode(path.read_bytes()).decode()
    return pictures


def _full(entry: Event | InterviewRow) -> dict[str, Any]:
    """A row's fields that hold something."""
    fields = entry._asdict().items()
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in fields if value is not None}
