"""Whose notes a package holds: dlquiz's own, a bank's that is here already, or new ones; and the banks that are made of the latter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from dlquiz import config
from dlquiz.anki import decks, identity, notetypes
from dlquiz.anki.reader import notes
from dlquiz.anki.reader.pictures import Pictures
from dlquiz.anki.reader.records import AnkiCard, AnkiNote
from dlquiz.bank import format as bank_format
from dlquiz.bank import index, write
from dlquiz.card import note_of
from dlquiz.html import from_html
from dlquiz.text import phrases, slug
from dlquiz.transfer import anki_notes, install
from dlquiz.transfer.spool import Spool

_REVIEW = 2  # a card's type
_SUSPENDED = -1  # its queue
_ID = re.compile(bank_format.REF)
MAX_BANKS = 100  # top decks that become banks of their own; more become one


class CardMatch(NamedTuple):
    """An Anki card, and the dlquiz card that it is."""

    card: str
    tail: str  #: what tells it in Anki
    changed_s: int
    due: int | None  #: day of the collection, of a card in review
    suspended: bool


class MatchedNotes(NamedTuple):
    """What the notes of a package come to."""

    subjects: dict[int, CardMatch]  #: by the number of the Anki card
    learnt: set[int]  #: Anki cards that are not new there
    homes: Counter[tuple[str, str]]  #: top deck, bank -> notes of that deck that are in that bank
    new: list[notes.ConvertedNote]  #: notes of no bank yet
    ours: Spool  #: of the notes that dlquiz exported: the id of its card, when it last changed there, its fields
    dropped: list[DroppedNote]
    remarks: list[str]


class DroppedNote(NamedTuple):
    """A note that no bank can have."""

    title: str  #: how it begins
    why: str
    hides: bool  #: an image occlusion
    cards: tuple[int, ...]  #: numbers of its Anki cards


class KnownIds:
    """What the banks know of ids that once were."""

    def __init__(self, bank: index.Bank) -> None:
        self._bank = bank
        self._made = {full.rpartition("/")[2][-notes.KEY :]: full for full in bank.ever() if "/" in full}
        renamed = bank.renamings()
        self._today = {**renamed, **{_first_id(bank, card): card for card in set(renamed.values())}}

    def made_as(self, key: str) -> str | None:
        """The id under which a note was imported before."""
        return self._made.get(key)

    def today(self, card: str) -> str:
        """Today's id of a card."""
        return self._today.get(card, card)

    def live(self, cards: Iterable[str]) -> set[str]:
        return self._bank.live(cards)

    def differs(self, note: str, imported: Mapping[str, object]) -> bool:
        """Does the bank say something else than the package?"""
        here = self._bank.fields(note)
        return here is not None and any(here.get(key) != imported[key] for key in ("question", "answer"))


def _first_id(bank: index.Bank, card: str) -> str:
    return anki_notes.first_id(bank, bank.fields(card) or {"id": card}, bank.fields(note_of(card)) or {"id": card})


def sort(anki_notes: Iterable[AnkiNote], bank: index.Bank, look: notes.Look, ours: Spool) -> MatchedNotes:
    """Look at every note once; `ours` is empty, and filled."""
    shelf, out = KnownIds(bank), MatchedNotes({}, set(), Counter(), [], ours, [], [])
    guids: set[str] = set()
    asked: dict[str, set[str]] = {}
    for note in anki_notes:
        if note.guid in guids:
            out.remarks.append(f"note {note.id}: another note has the same identity; it was left out")
            continue
        guids.add(note.guid)
        out.learnt.update(card.id for card in note.cards if card.type)
        first = identity.first_id(note.guid)
        if first is not None and _ID.fullmatch(first):
            card = shelf.today(first)
            out.ours.add((card, note.changed_s, note.fields))
            _add(out, note.cards[0], card, note.guid)
        elif earlier := _known(note, shelf):
            _recognise(note, earlier, shelf, out, look)
        else:
            converted = notes.made(note, look)
            asked.setdefault(note.notetype.name, set()).update(converted.asked)
            _take(note, converted, out)
    out.remarks.extend(
        f"note type '{name}': left out: {', '.join(sorted(what))}" for name, what in sorted(asked.items()) if what
    )
    return out


def _known(note: AnkiNote, shelf: KnownIds) -> tuple[str, int] | None:
    """The id under which a note was imported before, and which of its cards became the main card."""
    for card in note.cards:
        if (imported_id := shelf.made_as(notes.key(note.guid, card.ord))) is not None:
            return imported_id, card.ord
    return None


def _recognise(note: AnkiNote, earlier: tuple[str, int], shelf: KnownIds, out: MatchedNotes, look: notes.Look) -> None:
    """A note that a bank has: its cards are those that were made of it then."""
    imported_id, main = earlier
    out.homes[_top(note.cards[0].deck), imported_id.rpartition("/")[0]] += 1
    again = notes.made(note, look)
    for card in note.cards:
        name = shelf.today(imported_id if card.ord == main else f"{imported_id}.card-{card.ord + 1}")
        if card.id in again.cards or shelf.live([name]):
            _add(out, card, name, note.guid)
        else:  # it has no two sides, and was left out then too
            out.learnt.discard(card.id)
    if notetypes.is_of_deck(note.notetype.id):  # exported from here
        out.ours.add((shelf.today(imported_id), note.changed_s, note.fields))
    elif again.fields and shelf.differs(shelf.today(imported_id), again.fields):
        out.remarks.append(
            f"{shelf.today(imported_id)}: its text in the package is another; the bank was left as it is"
        )


def _take(note: AnkiNote, converted: notes.ConvertedNote, out: MatchedNotes) -> None:
    """A new note; its bank is settled when all notes are seen, until then its cards carry none."""
    if converted.fields is None:
        words = (" ".join(from_html.to_markdown(text).split()) for text in note.fields.values())
        title, cards = next(filter(None, words), note.guid)[:60], tuple(card.id for card in note.cards)
        out.dropped.append(DroppedNote(title, converted.lost[0], converted.hides, cards))
        out.learnt.difference_update(cards)
        return
    out.new.append(converted)
    for card in note.cards:
        if card.id in converted.cards:
            _add(out, card, converted.fields["id"] + converted.cards[card.id], note.guid)
        else:
            out.learnt.discard(card.id)


def _add(out: MatchedNotes, card: AnkiCard, name: str, guid: str) -> None:
    due = card.due if card.type == _REVIEW else None
    out.subjects[card.id] = CardMatch(name, notes.key(guid, card.ord), card.changed_s, due, card.queue == _SUSPENDED)


def _top(deck: str) -> str:
    """The top deck; of what dlquiz exported the bank."""
    return deck.removeprefix(f"{decks.TOP}::").partition("::")[0]


def make_banks(home: config.Home, file: Path, out: MatchedNotes, pictures: Pictures) -> list[str]:
    """Put the new notes into banks: of each top deck one, or the one that has notes of it already.

    Returns:
        What was done.
    """
    names = notes.topics({note.deck for note in out.new})
    by_top: dict[str, list[notes.ConvertedNote]] = {}
    for note in out.new:
        by_top.setdefault(_top(note.deck), []).append(note)
    if len(by_top) > MAX_BANKS:
        by_top = {notes.DEFAULT_DECK: out.new}
    extended: list[tuple[str, list[notes.ConvertedNote]]] = []  # two decks may have notes of one bank
    new: dict[str, install.Files] = {}
    banks: dict[str, str] = {}
    lines = []
    for top, converted in sorted(by_top.items()):
        existing = [(count, bank) for (deck, bank), count in out.homes.items() if deck == top]
        bank = max(existing)[1] if existing else install.free_name(home, _bank_name(top, file), new)
        if existing:
            extended.append((bank, converted))
        else:
            new[bank] = _files(home, bank, converted, names, pictures)
        cards = phrases.counted(sum(len(note.cards) for note in converted), "card")
        count = f"{phrases.counted(len(converted), 'note')} ({cards})"
        path = home.banks / install.folder_name(bank)
        lines.append(f"added {count} to the bank {path}" if existing else f"made the bank {path} with {count}")
        for fields, lost in ((note.fields, note.lost) for note in converted if note.fields):
            banks[fields["id"]] = bank
            out.remarks.extend([f"{bank}/{fields['id']}: left out: {', '.join(lost)}"] if lost else [])
    lines += _with_pictures(out.new)
    install.install(home, {home.banks / install.folder_name(bank): files for bank, files in new.items()})
    for bank, converted in extended:
        install.extend(home, bank, _files(home, bank, converted, names, pictures))
    for number, subject in out.subjects.items():
        if own := banks.get(subject.card.partition(".")[0]):
            out.subjects[number] = subject._replace(card=f"{own}/{subject.card}")
    return lines


def _with_pictures(converted: Sequence[notes.ConvertedNote]) -> Iterator[str]:
    """How many of the notes need a picture."""
    with_picture, asked = sum(bool(note.pictures) for note in converted), sum(note.asks_pictures for note in converted)
    if with_picture:
        needs = "needs" if with_picture == 1 else "need"
        asks = f", {phrases.number(asked)} in the question" if asked else ""
        yield f"{phrases.counted(with_picture, 'note')} {needs} a picture{asks}: `v` opens it"


def _bank_name(top: str, file: Path) -> str:
    own = "" if top == notes.DEFAULT_DECK else slug.slug(top)
    return own or slug.slug(file.stem) or "anki"


def _files(
    home: config.Home,
    bank: str,
    converted: Iterable[notes.ConvertedNote],
    names: Mapping[str, tuple[str, str]],
    pictures: Pictures,
) -> install.Files:
    """The files of a bank: one a topic, under names that are free, and the pictures."""
    topics: dict[tuple[str, str], list[Mapping[str, object]]] = {}
    paths: dict[str, str] = {}
    for note in converted:
        topics.setdefault(names[note.deck], []).append(note.fields or {})
        paths.update(note.pictures)
    texts = {}
    for (topic, title), entries in topics.items():
        name, number = install.file_name(topic), 1
        while (home.banks / install.folder_name(bank) / name).exists():
            number += 1
            name = install.file_name(f"{topic}-{number}")
        texts[name] = write.text(bank, topic, entries, title=title).encode()
    return install.WithPictures(texts, paths, pictures.read)
