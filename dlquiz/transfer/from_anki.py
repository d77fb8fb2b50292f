"""Packages of Anki brought in: a dlquiz deck's answers join the log, anybody else's deck becomes a bank of one's own with its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from dlquiz import config
from dlquiz.anki.reader import answers, archive, loose
from dlquiz.anki.reader import collection as anki_collection
from dlquiz.anki.reader.collection import AnkiCollection
from dlquiz.anki.reader.pictures import Pictures
from dlquiz.anki.reader.records import RevlogRow
from dlquiz.card import Event, Ledger
from dlquiz.collection import BankPaths, Collection, opened, opened_bank
from dlquiz.html import from_html
from dlquiz.text import phrases
from dlquiz.transfer import anki_notes, imports, match_anki, modified, suspensions
from dlquiz.transfer.imports import ImportResult, Told, quiet
from dlquiz.transfer.match_anki import DroppedNote
from dlquiz.transfer.spool import Spool

LONGEST_SAID = 300  # characters of an edited text
AT_ONCE = 500  # cards that are looked up together
EVERY = 100  # notes or cards between two words about how far it has come
GONE = "of cards that are gone"
T = TypeVar("T")


def package(paths: BankPaths, file: Path, on_progress: Told = quiet) -> ImportResult:
    """A package of Anki, of any of its three generations.

    Everything is looked at first; then banks appear, each whole; then the answers are added, in one transaction. What a crash left undone
    in between is done when the package is imported again.

    Args:
        paths: The banks.
        file: `.apkg` or `.colpkg`, or a `collection.anki2` as Anki itself has it.
        told: Hears how far it has come.

    Raises:
        UsageError: The file can't be read.
        BankError: It is no sound package; nothing was changed.
        StoreError: Ours can't be written.
    """
    is_loose = loose.is_loose(file)
    source = nullcontext(loose.LooseCollection(file)) if is_loose else archive.opened(file)
    with source as packed, TemporaryDirectory(prefix="dlquiz-") as folder, match_anki.nothing_yet() as matched:
        on_progress("unpacking", 0, 0)
        database = Path(folder, "collection.db")
        packed.database(database)
        with anki_collection.opened(str(file), database) as anki:
            return _taken(paths, file, anki, Pictures(packed, Path(folder)), matched, on_progress)


def _taken(
    paths: BankPaths, file: Path, anki: AnkiCollection, pictures: Pictures, matched: match_anki.MatchedNotes, tell: Told
) -> ImportResult:
    home, counts = config.home(), anki.counts
    warned: list[str] = []
    with opened_bank(paths._replace(warn=warned.append)) as bank:
        notes = _counted(anki.notes(), "reading notes", counts["notes"], tell)
        match_anki.sort(map(pictures.as_files, notes), bank, pictures.look, matched)
    if matched.new.count:
        imports.insist_sound(file, warned)
    lines = match_anki.make_banks(home, file, matched, pictures)
    left_out: Counter[str] = Counter()
    unclaimed: Counter[int] = Counter()  # rows of Anki cards that no bank has
    with opened(paths, write=True) as col:
        histories = _counted(anki.histories(), "adding answers", counts["cards"], tell)
        merged = imports.join(col, Ledger(events=_events(col, anki, matched, histories, left_out, unclaimed)))
        remarks = [
            *_edited(col, matched.ours),
            *_dropped(matched.dropped, unclaimed),
            *matched.remarks,
            *_missing(col, matched),
        ]
    left_out[GONE] += sum(unclaimed.values())
    merged = merged._replace(known=merged.known + left_out.pop(answers.KNOWN, 0))
    if merged.added or merged.known:
        lines.append(imports.told(merged))
    remarks += [f"left out of its log: {phrases.counted(n, 'row')} {what}" for what, n in sorted(left_out.items()) if n]
    return ImportResult(tuple(lines or ["there was nothing new in it"]), imports.reported(home, file, remarks))


def _events(
    col: Collection,
    anki: AnkiCollection,
    matched: match_anki.MatchedNotes,
    histories: Iterable[tuple[int, list[RevlogRow]]],
    left_out: Counter[str],
    unclaimed: Counter[int],
) -> Iterator[Event]:
    """The answers and suspensions that our log does not have yet."""
    cards = [subject.card for subject in matched.subjects.values()]
    logged = {
        card for start in range(0, len(cards), AT_ONCE) for card in col.card_states(cards[start : start + AT_ONCE])
    }
    latest_ms = col.now().at_ms

    def ours(card: str) -> list[Event]:
        return col.progress.history(card) if card in logged else []

    for number, history in histories:
        subject = matched.subjects.get(number)
        if subject is None:
            unclaimed[number] += len(history)
            continue
        matched.learnt.discard(number)
        by_instant = {event.at_ms: event for event in ours(subject.card) if event.kind != "undo"}
        due_day = None if subject.due is None else answers.due_day(anki.clock, subject.due)
        about = answers.ReviewedCard(subject.card, subject.tail, due_day)
        yield from answers.events(history, about, anki.clock, latest_ms, by_instant, left_out)
    yield from _suspensions(col, anki, matched, ours)


def _suspensions(
    col: Collection, anki: AnkiCollection, matched: match_anki.MatchedNotes, ours: Callable[[str], list[Event]]
) -> Iterator[Event]:
    """Cards suspended in Anki, or brought back there; a deck without answers, as its author shares it, brings none back."""
    learnt, latest_ms = anki.counts["revlog"] > 0, col.now().at_ms
    for subject in matched.subjects.values():
        theirs = subject.suspended
        if theirs is not col.card_state(subject.card).suspended and (theirs or learnt):
            about = answers.ReviewedCard(subject.card, subject.tail)
            event = suspensions.made_there(
                ours(subject.card), about, anki.clock, latest_ms, suspended=theirs, changed_s=subject.changed_s
            )
            if event:
                yield event


def _dropped(dropped: Sequence[DroppedNote], unclaimed: Counter[int]) -> Iterator[str]:
    """Notes that no bank can have, each with its answers; those that hide parts of a picture together."""

    def answered(notes: Iterable[DroppedNote]) -> str:
        answers = sum(unclaimed.pop(card, 0) for note in notes for card in note.cards)
        return f", with {phrases.counted(answers, 'answer')}" if answers else ""

    hiding = [note for note in dropped if note.hides]
    if hiding:
        notes = phrases.counted(len(hiding), "note")
        yield f"left out: {notes} of image occlusion (parts of a picture are hidden), which no terminal can show{answered(hiding)}"
    for note in dropped:
        if not note.hides:
            yield f"a note was left out{answered([note])}, for {note.why}: {note.title}"


def _missing(col: Collection, matched: match_anki.MatchedNotes) -> Iterator[str]:
    """What the banks don't have, and what Anki knows without having been answered."""
    cards = {subject.card for subject in matched.subjects.values()}
    gone = sorted(cards - col.bank.live(cards))
    if gone:
        names = ", ".join(gone[:3]) + (" ..." if len(gone) > 3 else "")
        yield (
            f"{phrases.counted(len(gone), 'card')} of it in no bank here ({names}); their answers are kept in the log and count as soon"
            " as there is such a bank"
        )
    if matched.learnt:
        yield (
            f"{phrases.counted(len(matched.learnt), 'card')} of it stand in review in Anki without an answer in its log, and are new"
            " here; export it with its scheduling information"
        )


def _edited(col: Collection, ours: Spool) -> Iterator[str]:
    """Texts of dlquiz's own notes that somebody changed in Anki since they were exported."""
    pages, coming = anki_notes.AnkiNotes(col, with_remarks=True), iter(ours)
    with closing(modified.Changes(col)) as changed:
        while notes := {card: (changed_s, fields) for card, changed_s, fields in islice(coming, AT_ONCE)}:
            for card, card_ref in col.bank.card_refs(notes).items():
                (changed_s, fields), entry = notes[card], pages.entry(card_ref, changed)
                now = dict(zip(entry.notetype.names, entry.fields, strict=True))
                edits = {name: text for name, text in fields.items() if text != now.get(name, "")}
                if edits and changed_s >= entry.changed_s:
                    summary = "; ".join(f"{name}: {_short(text)}" for name, text in edits.items())
                    yield f"{card}: edited in Anki, the bank was left as it is; there it says {summary}"


def _short(html_text: str) -> str:
    text = " ".join(from_html.to_markdown(html_text).split()) or "nothing"
    return text if len(text) <= LONGEST_SAID else f"{text[:LONGEST_SAID].rstrip()} ..."


def _counted(things: Iterable[T], what: str, total: int, tell: Told) -> Iterator[T]:
    """The same things, telling how many there were every now and then."""
    for done, item in enumerate(things):
        if done % EVERY == 0:
            tell(what, done, total)
        yield item
    tell(what, total, total)
