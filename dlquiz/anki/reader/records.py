"""What a collection of Anki holds, in Anki's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple


class Template(NamedTuple):
    """One card type of a note type."""

    name: str
    front: str
    back: str


class AnkiNoteType(NamedTuple):
    id: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[Template, ...]
    cloze: bool = False


class AnkiCard(NamedTuple):
    id: int
    note: int
    ord: int  #: place of its template; of a cloze its number, from 0
    deck: str  #: whole name, levels parted by `::`
    type: int  #: 0 new, 1 learning, 2 review, 3 relearning
    queue: int  #: -1 suspended
    due: int
    changed_s: int


class AnkiNote(NamedTuple):
    id: int
    guid: str
    notetype: AnkiNoteType
    changed_s: int
    tags: tuple[str, ...]
    fields: Mapping[str, str]  #: HTML, by name, in the note type's order
    cards: tuple[AnkiCard, ...]


class RevlogRow(NamedTuple):
    """A row of the review log."""

    id: int  #: instant in milliseconds
    card: int
    ease: int  #: 1 to 4; 0 for what was no answer
    interval: int  #: days, negative = seconds
    last_interval: int
    factor: int
    took_ms: int
    type: int  #: 0 learning, 1 review, 2 relearning, 3 filtered, 4 set by hand, 5 rescheduled


class AnkiClock(NamedTuple):
    """How the collection counts days."""

    first_day: date  #: from which due days count
    rollover_min: int  #: minutes after local midnight at which a day turns
    utc_offset_min: int  #: east of Greenwich
    old_buttons: bool = False  #: learning cards had three buttons: 1 again, 2 good, 3 easy
