"""Notes with their cards -> one Markdown document that reads well on a code host; and the chapters that a study guide has in any form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from dlquiz import card_text
from dlquiz.card import Card, Note, Source
from dlquiz.text import tags
from dlquiz.text.phrases import counted

LICENSE = (
    "Text of the built-in questions: dlquiz question bank, [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)."
)


class NoteEntry(NamedTuple):
    """A note, and what of it was chosen."""

    note: Note
    whole: bool  #: the note itself, and not only some of its cards
    cards: tuple[Card, ...]  #: atomic ones
    sources: Mapping[str, Source]  #: all that it and its cards cite, by key; notes of one bank share them
    remarks: Mapping[str, str] = MappingProxyType({})  #: the user's own, by card

    def cited(self, keys: Sequence[str]) -> list[Source]:
        return [self.sources[key] for key in dict.fromkeys(keys) if key in self.sources]

    def noted(self, card: str) -> list[str]:
        """The user's remark on a card, where there is one."""
        return [card_text.noted(self.remarks[card])] if card in self.remarks else []

    @property
    def builtin(self) -> bool:
        return "/" not in self.note.id


class Chapter(NamedTuple):
    """A topic."""

    slug: str
    title: str
    entries: tuple[NoteEntry, ...]


def facts(chapters: Sequence[Chapter]) -> str:
    """How much there is, in words."""
    notes = sum(len(chapter.entries) for chapter in chapters)
    cards = sum(len(entry.cards) for chapter in chapters for entry in chapter.entries)
    return (
        f"{counted(notes, 'question')} in {counted(len(chapters), 'topic')}, {counted(cards, 'card')} of one fact each"
    )


def markdown(chapters: Sequence[Chapter]) -> str:
    """The whole document. Formulas stay LaTeX between dollars; pictures are text diagrams, or described."""
    blocks = ["# Study guide", f"{facts(chapters)}."]
    for chapter in chapters:
        blocks += [f"## {chapter.title}"]
        blocks += [block for entry in chapter.entries for block in _entry(entry)]
    if any(entry.builtin for chapter in chapters for entry in chapter.entries):
        blocks += ["---", LICENSE]
    return "\n\n".join(tags.markdown(block.strip("\n")) for block in blocks) + "\n"


def about(note: Note) -> str:
    """A note's difficulty, tags and date, in words."""
    words = [f"difficulty {note.difficulty} of 3"] if note.difficulty else []
    words += [", ".join(note.tags)] if note.tags else []
    words += [f"as of {note.as_of}"] if note.as_of else []
    return " · ".join(words)


def _entry(entry: NoteEntry) -> Iterator[str]:
    note = entry.note
    yield f"### {' '.join(note.question.split())}"
    if about(note):
        yield f"*{about(note)}*"
    if entry.whole:
        yield from _note(entry)
    if entry.cards:
        yield "#### Cards"
    for card in entry.cards:
        yield f"**Q.** {card_text.asked(card)}"
        yield _quoted(card_text.told(card))
        yield from entry.noted(card.id)


def _note(entry: NoteEntry) -> Iterator[str]:
    note = entry.note
    if note.short:
        yield _quoted(note.short)
    yield from entry.noted(note.id)
    if note.key_points:
        yield "#### Key points"
        yield card_text.key_points(note)
    yield "#### Answer"
    yield _below(note.answer)
    for figure in note.figures:
        yield f"*Picture: {' '.join(figure.alt.split())}*"
        if figure.text:
            yield f"~~~text\n{figure.text.rstrip()}\n~~~"
    if note.pitfalls:
        yield "#### Pitfalls"
        yield _items(note.pitfalls)
    if note.follow_ups:
        yield "#### Asked next"
    for follow_up in note.follow_ups:
        yield f"**{' '.join(follow_up.question.split())}**"
        yield follow_up.answer
    if note.corrections:
        yield "#### What popular answers get wrong"
        yield _items(
            [
                f"**{correction.grade}:** {correction.claim} **Instead:** {correction.instead}"
                for correction in note.corrections
            ]
        )
    if sources := entry.cited(note.sources):
        yield "#### Sources"
        yield _items([card_text.cited(source, "*{}*") for source in sources])


def _items(texts: Sequence[str]) -> str:
    """A list; what has several lines stays in its item."""
    return "\n".join("- " + text.strip().replace("\n", "\n  ") for text in texts)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n"))


def _below(text: str) -> str:
    """An answer whose own headings stand below those of the document; lines of code are left alone."""
    sections = re.split(r"(^(?:`{3,}|~{3,})[\s\S]*?(?:^(?:`{3,}|~{3,})\s*$|\Z))", text, flags=re.MULTILINE)
    return "".join(
        section if n % 2 else re.sub(r"(?m)^#+(?= )", "#####", section) for n, section in enumerate(sections)
    )
