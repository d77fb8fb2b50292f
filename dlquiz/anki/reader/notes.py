"""Anybody's notes -> notes of a bank: one Anki note is one note, its first card the main card, further ones atomic cards under it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from dlquiz.anki.reader import templates
from dlquiz.anki.reader.records import AnkiCard, AnkiNote
from dlquiz.anki.reader.templates import BLANK
from dlquiz.html import from_html
from dlquiz.html.from_html import ConvertedHtml
from dlquiz.text import slug

DEFAULT_DECK = "Default"  # Anki's own, which says nothing
KEY = 8  # characters at the end of a note's id by which it is known again
_LONGEST_SLUG = 32
_IN_FORMULA = re.compile(r"\$[^$\n]*\[\.\.\.\][^$\n]*\$")
_BREAK = re.compile(r"(?:\\?\s*\n|---(?=\n))+")  # what stands between a front and what follows it
Look = Callable[[str], tuple[str, str]]  # a picture's name -> its path beside the bank, or why it can't come along


class ConvertedNote(NamedTuple):
    """What became of a note."""

    deck: str  #: whole name of the deck of its first card
    key: str  #: by which its main card is known again
    fields: dict[str, Any] | None  #: as a bank's file has them; None: it could not be carried
    cards: Mapping[int, str]  #: number of an Anki card -> what follows the note's id: "" the main card, ".card-2"
    pictures: Mapping[str, str]  #: path beside the bank -> name in the package
    lost: tuple[str, ...]  #: what could not be carried of the note, in words
    asked: frozenset[str] = frozenset()  #: what its note type asked for in vain


class _Sides(NamedTuple):
    front: ConvertedHtml
    back: ConvertedHtml
    asked: frozenset[str]


def key(guid: str, place: int) -> str:
    """What tells an Anki card for ever: a part of the id of the note whose main card it becomes.

    Args:
        guid: Of its note; the same wherever the deck goes.
        place: `ord` of the card.
    """
    digest = hashlib.blake2b(f"{guid}:{place}".encode(), digest_size=KEY * 5 // 8).digest()
    return base64.b32encode(digest).decode().lower()


def topics(decks: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Deck -> topic and its title: the last part of the deck's name, with the one above where two would be the same."""
    named: dict[str, tuple[str, str]] = {}
    taken: set[str] = set()
    for deck in sorted(decks, key=lambda name: (name.count("::"), name)):
        levels = [level for level in deck.split("::") if level.strip()] or ["deck"]
        stem = slug.slug(levels[-1]) or "deck"
        if stem in taken and len(levels) > 1:
            stem = slug.slug(f"{levels[-2]} {levels[-1]}") or stem
        name, number = stem, 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name)
        title = " / ".join(levels[-2:] if stem != slug.slug(levels[-1]) else levels[-1:])
        named[deck] = (name, " ".join(from_html.to_markdown(title).split()) or name)
    return named


def made(note: AnkiNote, look: Look) -> ConvertedNote:
    """A note as a bank has it."""
    deck = note.cards[0].deck
    if templates.is_occlusion(note.fields):
        return _nothing(note, deck, "it hides parts of a picture (image occlusion), which no terminal can show")
    sides = {card: both for card in note.cards if (both := _sides(note, card))}
    sound = [card for card, pair in sides.items() if pair.front.text and pair.back.text]
    if not sound:
        empty = "question" if not any(pair.front.text for pair in sides.values()) else "answer"
        return _nothing(note, deck, f"it has no {empty} that could be shown" + _because(sides.values()))
    main = sound[0]
    tag = key(note.guid, main.ord)
    stem = slug.slug(sides[main].front.text)[:_LONGEST_SLUG].strip("-")
    fields: dict[str, Any] = {
        "id": f"{stem}-{tag}" if stem else tag,
        "question": sides[main].front.text,
        "answer": _answer(sides[main]),
    }
    if tags := _slugs(note.tags):
        fields["tags"] = tags
    atomic = {card: _atomic(note, card, sides[card]) for card in sound[1:]}
    seen = [text for card in sound for text in (sides[card].front, sides[card].back)]
    figures, pictures, missing = _figures(seen, look)
    if figures:
        fields["figures"] = figures
    if atomic:
        fields["cards"] = list(atomic.values())
    lost = [loss for text in seen for loss in text.lost] + missing
    lost += [f"its card {card.ord + 1}, which has no two sides" for card in note.cards if card not in sound]
    names = {main.id: "", **{card.id: f".{entry['id']}" for card, entry in atomic.items()}}
    asked = frozenset().union(*(pair.asked for pair in sides.values()))
    return ConvertedNote(deck, tag, fields, names, pictures, tuple(dict.fromkeys(lost)), asked)


def _nothing(note: AnkiNote, deck: str, why: str) -> ConvertedNote:
    return ConvertedNote(deck, key(note.guid, note.cards[0].ord), None, {}, {}, (why,))


def _because(sides: Iterable[_Sides]) -> str:
    lost = dict.fromkeys(loss for side in sides for loss in (*side.front.lost, *side.back.lost))
    return f" (left out: {', '.join(lost)})" if lost else ""


def _sides(note: AnkiNote, card: AnkiCard) -> _Sides | None:
    """Both sides of a card; None when its note type has no such card."""
    kind = note.notetype
    position = 0 if kind.cloze else card.ord
    if not 0 <= position < len(kind.templates):
        return None
    template, scene = kind.templates[position], _scene(note, card)
    front, back = templates.question(template.front, scene), templates.answer(template.back, scene)
    return _Sides(from_html.carried(front.html), from_html.carried(back.html), front.lost | back.lost)


def _scene(note: AnkiNote, card: AnkiCard, without: Iterable[str] = ()) -> templates.Scene:
    fields = {name: "" if name in without else value[: templates.LONGEST] for name, value in note.fields.items()}
    extra = {"Tags": " ".join(note.tags), "Deck": card.deck, "Subdeck": card.deck.rpartition("::")[2]}
    return templates.Scene(fields, {**extra, "Type": note.notetype.name}, card.ord + 1 if note.notetype.cloze else None)


def _answer(sides: _Sides) -> str:
    """The back without the front, which many templates repeat."""
    front, back = sides.front.text, sides.back.text
    if back.startswith((f"{front}\n", f"{front}\\\n")):
        rest = back.removeprefix(front)
        gap = _BREAK.match(rest)
        return rest[gap.end() if gap else 0 :].strip() or back
    return back


def _atomic(note: AnkiNote, card: AnkiCard, sides: _Sides) -> dict[str, Any]:
    fields = {"id": f"card-{card.ord + 1}", "front": sides.front.text, "back": _answer(sides)}
    if not note.notetype.cloze:
        return fields
    number = card.ord + 1
    texts = [name for name, value in note.fields.items() if number in templates.asks(value)]
    gaps = [gap for name in texts for gap in templates.cloze(note.fields[name][: templates.LONGEST], number)[1]]
    within = _IN_FORMULA.search(fields["front"])
    gap_texts = [from_html.to_markdown(rf"\({gap}\)" if within and "\\(" not in gap else gap) for gap in gaps]
    if back := ", ".join(dict.fromkeys(text for text in gap_texts if text)):
        fields["back"] = back
        beside = templates.answer(note.notetype.templates[0].back, _scene(note, card, without=texts))
        if why := from_html.to_markdown(beside.html):
            fields["why"] = why
        if fields["front"].count(BLANK) == 1 and not within and "\n" not in back:
            fields["kind"] = "cloze"
    return fields


def _figures(texts: Iterable[ConvertedHtml], look: Look) -> tuple[list[dict[str, str]], dict[str, str], list[str]]:
    """Figures of the note, where their files come from, and what was not there."""
    figures: dict[str, dict[str, str]] = {}
    pictures: dict[str, str] = {}
    missing: list[str] = []
    for picture in (picture for text in texts for picture in text.pictures):
        path, why = look(picture.name)
        if path:
            stem = picture.name.rpartition(".")[0].replace("_", " ").strip()
            figures.setdefault(path, {"file": path, "alt": " ".join(picture.alt.split()) or stem or "a picture"})
            pictures[path] = picture.name
        else:
            missing.append(f"the picture {picture.name} ({why})")
    return list(figures.values()), pictures, missing


def _slugs(tags: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for tag in tags if (name := slug.slug(tag))))
