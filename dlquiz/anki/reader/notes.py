"""Anybody's notes -> notes of a bank: one Anki note is one note, its first card the main card, further ones atomic cards under it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from dlquiz import maths
from dlquiz.anki.reader import templates
from dlquiz.anki.reader.records import AnkiCard, AnkiNote
from dlquiz.anki.reader.templates import BLANK
from dlquiz.html import from_html
from dlquiz.html.from_html import Around, ConvertedHtml
from dlquiz.text import slug

DEFAULT_DECK = "Default"  # Anki's own, which says nothing
KEY = 8  # characters at the end of a note's id by which it is known again
_LONGEST_SLUG = 28
_LONGEST_GUID = 100  # characters; Anki's own have ten
_IN_FORMULA = re.compile(r"\$[^$\n]*\[\.\.\.\][^$\n]*\$")
_BREAK = re.compile(r"(?:\\?\s*\n|---(?=\n))+")  # what stands between a front and what follows it
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")  # in Markdown
_COMMAND = re.compile(r"\\[A-Za-z]+")
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
    hides: bool = False  #: an image occlusion
    asks_pictures: bool = False  #: a question of it can't be read without a picture


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
    topics_met: set[str] = set()
    for deck in sorted(decks, key=lambda name: (name.count("::"), name)):
        levels = [level for level in deck.split("::") if level.strip()] or ["deck"]
        stem = slug.slug(levels[-1]) or "deck"
        if stem in topics_met and len(levels) > 1:
            stem = slug.slug(f"{levels[-2]} {levels[-1]}") or stem
        name, number = stem, 1
        while name in topics_met:
            number += 1
            name = f"{stem}-{number}"
        topics_met.add(name)
        title = " / ".join(levels[-2:] if stem != slug.slug(levels[-1]) else levels[-1:])
        named[deck] = (name, " ".join(from_html.to_markdown(title).split()) or name)
    return named


def made(note: AnkiNote, look: Look) -> ConvertedNote:
    """A note as a bank has it."""
    deck = note.cards[0].deck
    if templates.is_occlusion(note.fields):
        return _nothing(note, "it hides parts of a picture (image occlusion), which no terminal can show")._replace(
            hides=True
        )
    around = Around(lambda name: look(name)[0], from_html.commands(note.fields.values()))
    sides = {card: both for card in note.cards if (both := _sides(note, card, around))}
    sound = [card for card, pair in sides.items() if pair.front.text and pair.back.text]
    if not sound:
        return _nothing(note, _reason(list(sides.values())))
    main = sound[0]
    tag = key(note.guid, main.ord)
    stem = slug.shortened(slug.slug(_plain(sides[main].front.text)), _LONGEST_SLUG)
    fields: dict[str, Any] = {
        "id": f"{stem}-{tag}" if stem else tag,
        "question": sides[main].front.text,
        "answer": _answer(sides[main]),
    }
    if note.guid.isprintable() and 0 < len(note.guid) <= _LONGEST_GUID and note.guid == note.guid.strip():
        fields["anki"] = {"guid": note.guid, **({"card": main.ord + 1} if main.ord else {})}
    if tags := _slugs(note.tags):
        fields["tags"] = tags
    atomic = {card: _atomic(note, card, sides[card], around) for card in sound[1:]}
    if atomic:
        fields["cards"] = list(atomic.values())
    seen = [text for card in sound for text in (sides[card].front, sides[card].back)]
    pictures, missing = _pictures(seen, look)
    lost = [loss for text in seen for loss in text.lost] + missing
    lost += [f"its card {card.ord + 1}, which has no two sides" for card in note.cards if card not in sound]
    names = {main.id: "", **{card.id: f".{entry['id']}" for card, entry in atomic.items()}}
    asked = frozenset().union(*(pair.asked for pair in sides.values()))
    asks = any(look(name)[0] for card in sound for name in sides[card].front.pictures)
    return ConvertedNote(deck, tag, fields, names, pictures, tuple(dict.fromkeys(lost)), asked, asks_pictures=asks)


def _plain(text: str) -> str:
    """A text without pictures and the commands of its formulas, as an id is made of it."""
    return _COMMAND.sub(" ", maths.plain(_PICTURE.sub(" ", text)))


def _nothing(note: AnkiNote, why: str) -> ConvertedNote:
    return ConvertedNote(note.cards[0].deck, key(note.guid, note.cards[0].ord), None, {}, {}, (why,))


def _reason(sides: Sequence[_Sides]) -> str:
    """Why a note has no card that could be asked."""
    if not sides:
        return "its note type has no template for its cards"
    empty = "question" if not any(pair.front.text for pair in sides) else "answer"
    lost = dict.fromkeys(loss for side in sides for loss in (*side.front.lost, *side.back.lost))
    return f"it has no {empty} that could be shown" + (f" (left out: {', '.join(lost)})" if lost else "")


def _sides(note: AnkiNote, card: AnkiCard, around: Around) -> _Sides | None:
    """Both sides of a card; None when its note type has no such card."""
    kind = note.notetype
    position = 0 if kind.cloze else card.ord
    if not 0 <= position < len(kind.templates):
        return None
    template, scene = kind.templates[position], _scene(note, card)
    front, back = templates.question(template.front, scene), templates.answer(template.back, scene)
    asked = from_html.carried(front.html, around._replace(tells=lambda _: False))
    answer = from_html.carried(back.html, around._replace(tells=lambda name: name not in asked.pictures))
    return _Sides(asked, answer, front.lost | back.lost)


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


def _atomic(note: AnkiNote, card: AnkiCard, sides: _Sides, around: Around) -> dict[str, Any]:
    fields = {"id": f"card-{card.ord + 1}", "front": sides.front.text, "back": _answer(sides)}
    if not note.notetype.cloze:
        return fields
    number = card.ord + 1
    texts = [name for name, value in note.fields.items() if number in templates.asks(value)]
    gaps = [gap for name in texts for gap in templates.cloze(note.fields[name][: templates.LONGEST], number)[1]]
    within = _IN_FORMULA.search(fields["front"])
    gap_texts = [from_html.carried(rf"\({gap}\)" if within and "\\(" not in gap else gap, around).text for gap in gaps]
    if back := ", ".join(dict.fromkeys(text for text in gap_texts if text)):
        fields["back"] = back
        beside = templates.answer(note.notetype.templates[0].back, _scene(note, card, without=texts))
        if why := from_html.carried(beside.html, around).text:
            fields["why"] = why
        if fields["front"].count(BLANK) == 1 and not within and "\n" not in back:
            fields["kind"] = "cloze"
    return fields


def _pictures(texts: Iterable[ConvertedHtml], look: Look) -> tuple[dict[str, str], list[str]]:
    """Where the pictures of a note come from, by their paths beside the bank; and what was not there."""
    pictures: dict[str, str] = {}
    missing: list[str] = []
    for name in (name for text in texts for name in text.pictures):
        path, why = look(name)
        if path:
            pictures[path] = name
        else:
            missing.append(f"the picture {name} ({why})")
    return pictures, missing


def _slugs(tags: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for tag in tags if (name := slug.slug(tag))))
