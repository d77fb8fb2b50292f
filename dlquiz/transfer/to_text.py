"""What leaves for other programs as text: the whole log with its notes (.json), and a card in each row (.csv)."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from dlquiz import card_text
from dlquiz.anki import fields, identity
from dlquiz.bank import build, revisions, select
from dlquiz.card import Card, CardRef, Event, Ledger, Note
from dlquiz.collection import Collection
from dlquiz.errors import StoreError
from dlquiz.transfer import json_log, text_table
from dlquiz.transfer.to_anki import ExportResult, check_target, chosen, deck, first_id

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


def progress_json(
    col: Collection, target: Path, selected: select.Selection | None, *, with_progress: bool
) -> ExportResult:
    """Notes and log, whole: importing it gives the same progress. The log is always part of it.

    Of a selection: its notes, and what the log says of the selected cards; a mock interview is about more than they are.
    """
    del with_progress
    check_target(target)
    cards = [card for _, card in chosen(col, selected)]
    notes = [col.bank.fields(note) or {} for note in dict.fromkeys(card.note for card in cards)]
    ledger = _log(col, selected)
    whole = json_log.Journal(notes, _sources(col, notes), ledger, _topics(col, notes), _pictures(col, notes))
    put(target, json_log.text(whole))
    held = selected is not None and any(True for _ in col.progress.as_ledger().interviews)
    remarks = (
        "mock interviews are left out, each is about more than these cards; leave --topic out to take them along",
    )
    answers = sum(event.kind == "review" for event in ledger.events)
    return ExportResult(target, len(cards), answers, remarks if held else ())


def rows(col: Collection, target: Path, selected: select.Selection | None, *, with_progress: bool) -> ExportResult:
    """A card in each row, with the header lines that Anki's text import reads; the same GUIDs as in a package, so none comes twice."""
    check_target(target)
    lines = []
    cards = [card for _, card in chosen(col, selected)]
    for around, own, note, card in _each(col, cards):
        front, back = (
            (note.question, _explained(note)) if card.explains else (card_text.asked(card), card_text.told(card))
        )
        guid = identity.guid(first_id(col.bank, own, around))
        lines.append((fields.html(front), fields.html(back), deck(card), " ".join(note.tags), guid))
    put(target, text_table.text(ANKI_HEADER, lines))
    return ExportResult(target, len(cards), remarks=without_progress(with_progress, target))


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


def _each(
    col: Collection, cards: Sequence[CardRef]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], Note, Card]]:
    """Each card: its note's fields, its own, and both as values."""
    around: Mapping[str, Any] = {}
    for card_ref in cards:
        if around.get("id") != card_ref.note:
            around = col.bank.fields(card_ref.note) or {}
            note = build.make_note(around)
        own = around if card_ref.explains else next(each for each in around["cards"] if each["id"] == card_ref.id)
        yield around, own, note, build.main_card(note) if card_ref.explains else build.make_card(own, around)


def _explained(note: Note) -> str:
    """A note's short answer, key points and answer."""
    pictures = (f"*Picture: {' '.join(each.alt.split())}*" for each in note.figures)
    return "\n\n".join(filter(None, (note.short, card_text.key_points(note), note.answer, *pictures)))


def _log(col: Collection, selected: select.Selection | None) -> Ledger:
    """The log, or what of it is about the selected cards."""
    whole = col.progress.as_ledger()
    events = list(whole.events)
    if selected is None:
        return whole._replace(events=events)
    newest = col.progress.aliases()
    names = [col.bank.current(event.card) for event in events]
    names = [newest.get(name, name) for name in names]
    card_refs = col.bank.card_refs(set(names))
    kept: list[Event] = []
    for event, name in zip(events, names, strict=True):
        card_ref = card_refs.get(name)
        if card_ref and selected.holds(card_ref):
            kept.append(event)
    ids, contents = {event.id for event in kept}, {event.content for event in kept}
    return Ledger(
        events=kept,
        points=[row for row in whole.points if row[0] in ids],
        presets=list(whole.presets),
        contents=[row for row in whole.contents if row[0] in contents],
    )


def _sources(col: Collection, notes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the notes cite, by key; where two banks have the same key, the one of one's own."""
    found = {}
    for note in sorted(notes, key=lambda note: "/" in note["id"]):
        for source in col.bank.sources(note["id"], json_log.cited(note)):
            values = source._asdict().items()
            found[source.key] = {key: value for key, value in values if value not in (None, "") and key != "key"}
    return found


def _topics(col: Collection, notes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the topics of one's own notes are called."""
    own = {note["topic"] for note in notes if "/" in note["id"]}
    return {
        each.slug: {"title": each.title, "aliases": list(each.aliases)}
        for each in col.bank.topics()
        if each.slug in own
    }


def _pictures(col: Collection, notes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """The pictures of banks of one's own, by bank and path, in base64."""
    found: dict[str, dict[str, str]] = {}
    for note in notes:
        bank = note["id"].rpartition("/")[0]
        folder = col.bank.file(note["id"]).parent
        for file in _shown(note) if bank else ():
            path = revisions.picture(folder, file)
            with suppress(OSError):
                if path and json_log.is_picture(file):
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
