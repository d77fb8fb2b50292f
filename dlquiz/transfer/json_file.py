"""Our own JSON comes in, and goes out: which notes and which rows of the log, and what becomes of them here."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from dlquiz import config
from dlquiz.bank import index, revisions, select
from dlquiz.card import Event
from dlquiz.collection import BankPaths, Collection, opened, opened_bank, roots
from dlquiz.errors import BankError
from dlquiz.files import free_name
from dlquiz.text import phrases
from dlquiz.text import pictures as text_pictures
from dlquiz.transfer import exports, imports, install, journal_format, json_document, more_cards
from dlquiz.transfer.exports import ExportResult
from dlquiz.transfer.imports import ImportResult, Told, quiet
from dlquiz.transfer.json_document import Journal
from dlquiz.transfer.spool import Shelf

MAX_BYTES = 1 << 30  # a million answers take about 400 MB
ADDED = "added"  # the folder in a bank's own in which notes lie that came later


def cited(note: Mapping[str, Any]) -> list[str]:
    """The key of every source that a note's fields, its corrections and its cards cite."""
    holders = [note, *note.get("corrections", ()), *note.get("cards", ())]
    return list(dict.fromkeys(key for holder in holders for key in holder.get("sources", ())))


# ---- bringing one in


def import_file(paths: BankPaths, file: Path, on_progress: Told = quiet) -> ImportResult:
    """Our own JSON: its log joins ours; notes that are in no bank here are added to their bank, or become it.

    Raises:
        BankError: It is no such file, or damaged; nothing was changed.
    """
    on_progress("reading the file", 0, 0)
    with (
        imports.reading(file, MAX_BYTES) as raw,
        json_document.opened(raw, str(file)) as journal,
        closing(Shelf()) as kept,
    ):
        return _import(paths, file, journal, kept, on_progress)


def _import(paths: BankPaths, file: Path, journal: Journal, kept: Shelf, on_progress: Told) -> ImportResult:
    home = config.home()
    warned: list[str] = []
    with opened_bank(paths._replace(warn=warned.append)) as bank:
        missing = _missing(bank, journal.notes, kept)
        here = {note.rpartition("/")[0] for note in bank.ever()}
        today = {slug: bank.former_banks().get(slug, slug) for slug in missing}
        more = more_cards.missing(bank, home, journal.notes, journal.pictures)
    if any(of_bank.count for of_bank in missing.values()) or more.by_file:
        imports.insist_sound(file, warned)
    targets: dict[Path, install.Files] = {}
    lines: list[str] = []
    remarks: list[str] = []
    for slug, of_bank in missing.items():
        folder = home.banks / install.folder_name(today[slug])
        is_new = today[slug] not in here and not folder.exists() and folder not in targets
        if not is_new:
            remarks.append(f"the bank {today[slug]} is here already; its text is left as it was")
        if of_bank.count:
            added = ADDED if slug == today[slug] else f"{ADDED}-{slug}"
            targets[folder if is_new else free_name(folder, added, "")] = _files(journal, today[slug], slug, of_bank)
            count = phrases.counted(of_bank.count, "note")
            lines.append(f"made the bank {folder}" if is_new else f"added {count} to the bank {folder}")
    try:
        texts = more_cards.prepared(more, roots(paths, home))
        install.install(home, targets, roots(paths, home))
    except BankError as error:
        raise BankError(f"{file}: {error}") from error
    more_cards.put(home, more, texts)
    lines += more_cards.told(more)
    remarks += more_cards.left_out(more, home)
    on_progress("adding answers", 0, 0)
    with opened(paths, write=True) as col:
        merged, unknown = imports.join_counting(col, journal.ledger)
    return ImportResult((*lines, imports.told(merged)), (*remarks, *unknown))


class _NewNotes:
    """The notes of a bank that are, and were, in no bank here."""

    def __init__(self) -> None:
        self.count = 0
        self.topics: dict[str, Callable[[], Iterator[Mapping[str, Any]]]] = {}  #: the notes of each
        self.cited: set[str] = set()  #: the sources that they cite


def _missing(bank: index.Bank, notes: Iterable[Mapping[str, Any]], kept: Shelf) -> dict[str, _NewNotes]:
    """Those of the notes that are, and were, in no bank here, by the slug of their bank; each bank of one's own that the notes are of has
    an entry. The built-in notes travel with the program.

    Args:
        bank: The banks here.
        notes: Of a document.
        kept: Where the missing ones wait.
    """
    ever, former = bank.ever(), bank.former_banks()
    missing: dict[str, _NewNotes] = {}
    for note in notes:
        slug, _, own = note["id"].rpartition("/")
        if slug:
            of_bank, today = missing.setdefault(slug, _NewNotes()), former.get(slug, slug)
            if not ever & {note["id"], f"{today}/{own}"}:
                topic = note.get("topic") or today
                key = f"{slug}/{topic}"
                kept.add(key, note)
                of_bank.count += 1
                of_bank.topics.setdefault(topic, partial(kept.of, key))
                of_bank.cited.update(cited(note))
    return missing


def _files(journal: Journal, bank: str, slug: str, new: _NewNotes) -> install.Files:
    """The files of a bank with these notes, with the sources and pictures that the document has for them."""
    sources = {key: source for key, source in journal.sources.items() if key in new.cited}
    was = [old for old in journal.banks.get(slug, {}).get("was", ()) if old != bank]
    pictures = journal.pictures.get(slug, {})
    files = {path: partial(_picture, pictures, path) for path in pictures}
    return {**files, **install.bank_files(bank, new.topics, sources, journal.topics, was)}


def _picture(pictures: Mapping[str, str], path: str) -> list[bytes]:
    return [b64decode(pictures[path])]


# ---- sending one out


def export_file(
    col: Collection, target: Path, selected: select.Selection | None, *, with_progress: bool
) -> ExportResult:
    """Notes and log, whole: importing it gives the same progress. The log is always part of it.

    Of a selection: its notes, and what the log says of the selected cards; a mock interview is about more than they are.
    """
    del with_progress
    exports.check_target(target)
    cards = exports.chosen(col, selected)
    ledger = col.progress.as_ledger(None if selected is None else _logged(col, selected))
    answers = 0

    def counted(events: Iterable[Event]) -> Iterator[Event]:
        nonlocal answers
        for event in events:
            answers += event.kind == "review"
            yield event

    around = _Around(col)
    notes = around.passing(dict.fromkeys(card.note for card in cards))
    ledger = ledger._replace(events=counted(ledger.events))
    journal = Journal(notes, around.sources, ledger, around.topics, around.pictures, around.banks)
    exports.put(target, json_document.text(journal))
    has_interviews = selected is not None and bool(col.progress.interview_rows())
    remarks = (
        "mock interviews are left out, each is about more than these cards; leave --topic out to take them along",
    )
    return ExportResult(target, len(cards), answers, remarks if has_interviews else ())


def _logged(col: Collection, selected: select.Selection) -> set[str]:
    """The selected cards, by the ids that the rows of the log carry."""
    newest = col.progress.aliases()
    names = {name: col.bank.current(name) for name in col.progress.logged()}
    names = {name: newest.get(current, current) for name, current in names.items()}
    card_refs = col.bank.card_refs(set(names.values()))
    return {name for name, card in names.items() if card in card_refs and selected.holds(card_refs[card])}


class _Around:
    """What a document says beside its notes, gathered as they pass on their way into it: complete once the last one has."""

    def __init__(self, col: Collection) -> None:
        self._bank = col.bank
        self._topics = {topic.slug: topic for topic in col.bank.topics()}
        self.sources: dict[str, dict[str, Any]] = {}  #: by key; where two banks have the same, the one of one's own
        self.topics: dict[str, dict[str, Any]] = {}  #: what those of one's own notes are called
        self.banks: dict[
            str, dict[str, list[str]]
        ] = {}  #: what those of one's own were called before, the oldest first
        self.pictures: dict[str, _Pictures] = {}  #: of banks of one's own

    def passing(self, notes: Iterable[str]) -> Iterator[Mapping[str, Any]]:
        """The fields of each note."""
        for note in notes:
            fields = self._bank.fields(note) or {}
            bank = note.rpartition("/")[0]
            for source in self._bank.sources(note, cited(fields)):
                if bank or source.key not in self.sources:
                    values = source._asdict().items()
                    fields_set = {key: value for key, value in values if value not in (None, "") and key != "key"}
                    self.sources[source.key] = fields_set
            if bank:
                self._gather(bank, note, fields)
            yield fields

    def _gather(self, bank: str, note: str, fields: Mapping[str, Any]) -> None:
        topic = self._topics[fields["topic"]]
        self.topics[topic.slug] = {"title": topic.title, "aliases": list(topic.aliases)}
        was = [old for old, today in self._bank.former_banks().items() if today == bank]
        if was:
            self.banks[bank] = {"was": was}
        figures = (figure["file"] for figure in fields.get("figures", ()))
        for file in (*figures, *text_pictures.paths_within(fields)):
            path = revisions.picture(self._bank.file(note).parent, file)
            if path and os.access(path, os.R_OK) and journal_format.is_picture(file):
                self.pictures.setdefault(bank, _Pictures()).files[file] = path


class _Pictures(Mapping[str, str]):
    """Pictures in base64, each read when it is asked for."""

    def __init__(self) -> None:
        self.files: dict[str, Path] = {}

    def __getitem__(self, file: str) -> str:
        return b64encode(self.files[file].read_bytes()).decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)
