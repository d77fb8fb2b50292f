"""Whose notes a package holds: dlquiz's own, a bank's that is here already, or new ones; and the banks that are made of the latter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
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
from dlquiz.transfer import anki_notes, install, staging
from dlquiz.transfer.spool import Shelf, Spool

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
    new: Shelf  #: notes of no bank yet, by their decks
    ours: Spool  #: of the notes that dlquiz exported: the id of its card, when it last changed there, its fields
    dropped: list[DroppedNote]
    remarks: list[str]


@contextmanager
def nothing_yet() -> Iterator[MatchedNotes]:
    """What `sort` fills, as long as it is needed."""
    with closing(Shelf(lambda values: notes.ConvertedNote(*values))) as new, closing(Spool()) as ours:
        yield MatchedNotes({}, set(), Counter(), new, ours, [], [])


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


def sort(anki_notes: Iterable[AnkiNote], bank: index.Bank, look: notes.Look, out: MatchedNotes) -> None:
    """Look at every note once, and fill what is empty."""
    shelf = KnownIds(bank)
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
    out.new.add(converted.deck, tuple(converted))
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
    names = notes.topics(out.new.all_keys())
    by_top = _by_top(out.new)
    extended: list[tuple[str, _NewNotes]] = []  # two decks may have notes of one bank
    new: dict[str, install.Files] = {}
    banks: dict[str, str] = {}
    lines = []
    for top, of_top in sorted(by_top.items()):
        existing = [(count, bank) for (deck, bank), count in out.homes.items() if deck == top]
        bank = max(existing)[1] if existing else install.free_name(home, _bank_name(top, file), new)
        if existing:
            extended.append((bank, of_top))
        else:
            new[bank] = _files(home, bank, of_top, names, out.new, pictures)
        count = f"{phrases.counted(len(of_top.ids), 'note')} ({phrases.counted(of_top.cards, 'card')})"
        path = home.banks / install.folder_name(bank)
        lines.append(f"added {count} to the bank {path}" if existing else f"made the bank {path} with {count}")
        banks.update(dict.fromkeys(of_top.ids, bank))
        out.remarks.extend(f"{bank}/{note}: left out: {', '.join(lost)}" for note, lost in of_top.lost)
    lines += _with_pictures(by_top.values())
    install.install(home, {home.banks / install.folder_name(bank): files for bank, files in new.items()})
    for bank, of_top in extended:
        install.extend(home, bank, _files(home, bank, of_top, names, out.new, pictures))
    for number, subject in out.subjects.items():
        if own := banks.get(subject.card.partition(".")[0]):
            out.subjects[number] = subject._replace(card=f"{own}/{subject.card}")
    return lines


class _NewNotes:
    """The new notes of a top deck."""

    def __init__(self) -> None:
        self.decks: dict[str, None] = {}  #: that they lie in, in order
        self.ids: list[str] = []
        self.cards = 0
        self.pictures: dict[str, str] = {}  #: path beside the bank -> name in the package
        self.shown = self.asked = 0  #: notes that need a picture, and those whose questions do
        self.lost: list[tuple[str, tuple[str, ...]]] = []  #: what could not be carried of a note, by its id

    def add(self, note: notes.ConvertedNote, name: str) -> None:
        self.decks[note.deck] = None
        self.ids.append(name)
        self.cards += len(note.cards)
        self.pictures.update(note.pictures)
        self.shown += bool(note.pictures)
        self.asked += note.asks_pictures
        self.lost += [(name, note.lost)] if note.lost else []


def _by_top(new: Shelf) -> dict[str, _NewNotes]:
    """The new notes by the top decks that become banks."""
    tops = {_top(deck) for deck in new.all_keys()}
    by_top: dict[str, _NewNotes] = {}
    for note in new.every():
        top = _top(note.deck) if len(tops) <= MAX_BANKS else notes.DEFAULT_DECK
        by_top.setdefault(top, _NewNotes()).add(note, note.fields["id"])
    return by_top


def _with_pictures(every: Collection[_NewNotes]) -> Iterator[str]:
    """How many of the notes need a picture."""
    with_picture, asked = sum(of_top.shown for of_top in every), sum(of_top.asked for of_top in every)
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
    of_top: _NewNotes,
    names: Mapping[str, tuple[str, str]],
    new: Shelf,
    pictures: Pictures,
) -> install.Files:
    """The files of a bank: one a topic, under names that are free, and the pictures."""
    files: dict[str, staging.Make] = {}
    for deck in of_top.decks:
        topic, title = names[deck]
        name, number = install.file_name(topic), 1
        while (home.banks / install.folder_name(bank) / name).exists():
            number += 1
            name = install.file_name(f"{topic}-{number}")
        files[name] = partial(_topic_file, bank, topic, title, deck, new)
    return {**files, **{path: partial(_picture, pictures, name) for path, name in of_top.pictures.items()}}


def _topic_file(bank: str, topic: str, title: str, deck: str, new: Shelf) -> Iterator[bytes]:
    entries = (note.fields for note in new.of(deck))
    return (piece.encode() for piece in write.pieces(bank, topic, entries, title=title))


def _picture(pictures: Pictures, name: str) -> list[bytes]:
    return [pictures.read(name)]
