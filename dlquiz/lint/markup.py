"""What a text is written with: tags, and commands in formulas that have no form on a screen. Says which key of which entry is to blame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dlquiz import maths
from dlquiz.lint.finding import Fields, Finding
from dlquiz.maths import macros
from dlquiz.text import tags

NOTE_TEXTS = ("question", "short", "answer", "pitfalls")
CARD_TEXTS = ("front", "back", "why", "notation")
INNER_TEXTS = {
    "key_points": ("text",),
    "follow_ups": ("question", "answer"),
    "corrections": ("claim", "instead"),
    "distractors": ("text", "why"),
}


def note(fields: Fields) -> Iterator[Finding]:
    """Tags and unknown commands in a note's own texts; its cards are asked for one by one."""
    yield from _entry(fields, NOTE_TEXTS)


def card(fields: Fields) -> Iterator[Finding]:
    """The same in an atomic card."""
    yield from _entry(fields, CARD_TEXTS)


def _entry(fields: Fields, keys: Sequence[str]) -> Iterator[Finding]:
    entries = [(fields, keys), *((inner, names) for key, names in INNER_TEXTS.items() for inner in fields.get(key, ()))]
    for entry, names in entries:
        for key in names:
            value = entry.get(key, "")
            text = "\n\n".join(value) if isinstance(value, list) else str(value)
            yield from (Finding(entry, key, message) for message in _faults(text, fields.get("text", {})))


def _faults(text: str, forms: Mapping[str, str]) -> Iterator[str]:
    if "<" in text:
        if literal := list(dict.fromkeys(tags.literal(text))):
            yield f"shown as it stands: {' '.join(literal)}; put it in backticks, so that every program shows it"
        if carrying := list(dict.fromkeys(tags.carrying(text))):
            yield f"HTML: {' '.join(f'<{name}>' for name in carrying)}; write it in Markdown, or as a formula like $x_i$"
    formulas = maths.source(text)
    own = macros.definitions(formulas)
    for latex in formulas:
        for name in maths.unknown(macros.expanded(latex, own)) if latex not in forms else ():
            yield f"the command \\{name} is not known, screens show its name; write it in plain LaTeX or define it with \\newcommand"
