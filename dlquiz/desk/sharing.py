"""What leaves for other programs as text: the whole log with its notes (.json), and a card in each row (.csv)."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from dlquiz import documents
from dlquiz.bank import nouns, revisions, select
from dlquiz.card import Brief, Card, Event, Ledger, Note
from dlquiz.desk import Desk
from dlquiz.desk.exporting import Exported, check_target, chosen, deck, first_id
from dlquiz.errors import StoreError
from dlquiz.exchange import fields, identity, journal, table

ANKI_HEADER = (
    "separator:Comma",
    "html:true",
    "notetype:Basic",
    "columns:Front,Back,Deck,Tags,GUID",
    "deck column:3",
    "tags column:4",
    "guid column:5",
)
_PICTURE = re.compile(r"!\[[^\]]*\]\(\s*<?([^)\s>]+)")  # in Markdown


def progress_json(desk: Desk, target: Path, selected: select.Selection | None, *, with_progress: bool) -> Exported:
    """Notes and log, whole: importing it gives the same progress. The log is always part of it.

    Of a selection: its notes, and what the log says of the selected cards; a mock interview is about more than they are.
    """
    del with_progress
    check_target(target)
    cards = [card for _, card in chosen(desk, selected)]
    notes = [desk.bank.fields(note) or {} for note in dict.fromkeys(card.note for card in cards)]
    ledger = _log(desk, selected)
    whole = journal.Journal(notes, _sources(desk, notes), ledger, _topics(desk, notes), _pictures(desk, notes))
    put(target, journal.text(whole))
    held = (
        selected is not None and desk.progress is not None and any(True for _ in desk.progress.as_ledger().interviews)
    )
    remarks = (
        "mock interviews are left out, each is about more than these cards; leave --topic out to take them along",
    )
    answers = sum(event.kind == "review" for event in ledger.events)
    return Exported(target, len(cards), answers, remarks if held else ())


def rows(desk: Desk, target: Path, selected: select.Selection | None, *, with_progress: bool) -> Exported:
    """A card in each row, with the header lines that Anki's text import reads; the same GUIDs as in a package, so none comes twice."""
    check_target(target)
    lines = []
    cards = [card for _, card in chosen(desk, selected)]
    for around, own, note, card in _each(desk, cards):
        front, back = (
            (note.question, _explained(note)) if card.explains else (documents.asked(card), documents.told(card))
        )
        guid = identity.guid(first_id(own, around))
        lines.append((fields.html(front), fields.html(back), deck(card), " ".join(note.tags), guid))
    put(target, table.text(ANKI_HEADER, lines))
    return Exported(target, len(cards), remarks=without_progress(with_progress, target))


def put(target: Path, text: str) -> None:
    """Write a file: whole or not at all, one that is there is replaced.

    Raises:
        StoreError: It can't be written.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with open(draft, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except OSError as error:
        raise StoreError(f"can't write {target}: {error.strerror or error}; nothing was changed") from error
    finally:
        with suppress(OSError):
            draft.unlink()


def without_progress(asked: bool, target: Path) -> tuple[str, ...]:
    """What is to be said where progress was asked for and the form can't hold it."""
    return (f"{target.suffix} can't hold progress; .json does, and .apkg with --progress",) if asked else ()


def _each(desk: Desk, cards: Sequence[Brief]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], Note, Card]]:
    """Each card: its note's fields, its own, and both as values."""
    around: Mapping[str, Any] = {}
    for brief in cards:
        if around.get("id") != brief.note:
            around = desk.bank.fields(brief.note) or {}
            note = nouns.make_note(around)
        own = around if brief.explains else next(each for each in around["cards"] if each["id"] == brief.id)
        yield around, own, note, nouns.main_card(note) if brief.explains else nouns.make_card(own, around)


def _explained(note: Note) -> str:
    """A note's short answer, key points and answer."""
    pictures = (f"*Picture: {' '.join(each.alt.split())}*" for each in note.figures)
    return "\n\n".join(filter(None, (note.short, documents.key_points(note), note.answer, *pictures)))


def _log(desk: Desk, selected: select.Selection | None) -> Ledger:
    """The log, or what of it is about the selected cards."""
    if desk.progress is None:
        return Ledger()
    whole = desk.progress.as_ledger()
    events = list(whole.events)
    if selected is None:
        return whole._replace(events=events)
    newest = desk.progress.aliases()
    names = [desk.bank.current(event.card) for event in events]
    names = [newest.get(name, name) for name in names]
    briefs = desk.bank.briefs(set(names))
    kept: list[Event] = []
    for event, name in zip(events, names, strict=True):
        brief = briefs.get(name)
        if brief and selected.holds(brief):
            kept.append(event)
    ids, contents = {event.id for event in kept}, {event.content for event in kept}
    return Ledger(
        events=kept,
        points=[row for row in whole.points if row[0] in ids],
        presets=list(whole.presets),
        contents=[row for row in whole.contents if row[0] in contents],
    )


def _sources(desk: Desk, notes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the notes cite, by key; where two banks have the same key, the one of one's own."""
    found = {}
    for note in sorted(notes, key=lambda note: "/" in note["id"]):
        for source in desk.bank.sources(note["id"], journal.cited(note)):
            values = source._asdict().items()
            found[source.key] = {key: value for key, value in values if value not in (None, "") and key != "key"}
    return found


def _topics(desk: Desk, notes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the topics of one's own notes are called."""
    own = {note["topic"] for note in notes if "/" in note["id"]}
    return {
        each.slug: {"title": each.title, "aliases": list(each.aliases)}
        for each in desk.bank.topics()
        if each.slug in own
    }


def _pictures(desk: Desk, notes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """The pictures of banks of one's own, by bank and path, in base64."""
    found: dict[str, dict[str, str]] = {}
    for note in notes:
        bank = note["id"].rpartition("/")[0]
        folder = desk.bank.file(note["id"]).parent
        for file in _shown(note) if bank else ():
            path = revisions.picture(folder, file)
            with suppress(OSError):
                if path and journal.is_picture(file):
                    found.setdefault(bank, {})[file] = b64encode(path.read_bytes()).decode()
    return found


def _shown(value: Any) -> Iterator[str]:
    """The paths of all pictures that a note shows."""
    if isinstance(value, str):
        yield from _PICTURE.findall(value)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from [each] if key == "file" else _shown(each)
    elif isinstance(value, list):
        for each in value:
            yield from _shown(each)
