"""Whole pages to read: a list of notes, one note or card, what a search found, what was flagged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text as Cell

from dlquiz import calendar, scheduler, view
from dlquiz.bank.search_words import MarkedSpan
from dlquiz.card import Card, CardState, Memory, Moment, Note, Preset, State
from dlquiz.text import printable
from dlquiz.text.phrases import counted
from dlquiz.view import leech
from dlquiz.view.styled import Cited, Hanging, Text

LONGEST_ASKED = 240  # columns of a question in a list
_BETWEEN = re.compile(r"\\\n|^[ \t]*(?:`{3,}|~{3,})[^\n`]*$", re.MULTILINE)  # broken lines, the fences of code
TABLE_FROM = 70  # columns; on a narrower screen what stands beside goes below


class NoteList:
    """Notes by topic: a table where there is room for one."""

    def __init__(self, notes: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> None:
        self.topics: dict[str, list[Mapping[str, Any]]] = {}
        for note in notes:
            self.topics.setdefault(note["topic"], []).append(note)
        self.titles = titles

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        notes = [note for topic_notes in self.topics.values() for note in topic_notes]
        longest = max((len(note["id"]) for note in notes), default=0)
        for topic, topic_notes in self.topics.items():
            title = self.titles.get(topic, "")
            yield Text.assemble((printable.clean(topic), "bold"), f"  {printable.clean(title)}")
            if options.max_width >= max(TABLE_FROM, 2 * longest):
                yield self._table(topic_notes, longest, options.max_width)
            else:
                yield from self._stacked(topic_notes)
            yield Text()
        cards = sum(len(note["cards"]) for note in notes)
        yield Text(f"{counted(len(notes), 'note')}, {counted(cards, 'card')}. Read one: dlquiz show ID")

    def _table(self, notes: Iterable[Mapping[str, Any]], longest: int, width: int) -> RenderableType:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False, width=min(width, 140))
        table.add_column(width=4, justify="right")
        table.add_column(width=longest, no_wrap=True)
        table.add_column(width=8, justify="right")
        table.add_column(ratio=1)
        for note in notes:
            asked = Group(_in_brief(note["question"]), *_chosen(note))
            name = Cell(printable.clean(note["id"]), "bold")
            table.add_row(Cell(_number(note)), name, Cell(counted(len(note["cards"]), "card")), asked)
        return table

    def _stacked(self, notes: Iterable[Mapping[str, Any]]) -> Iterable[RenderableType]:
        for note in notes:
            name = Text.assemble((printable.clean(note["id"]), "bold"), f"  {counted(len(note['cards']), 'card')}")
            yield Hanging(Text(f"{_number(note):>4}  "), name)
            yield view.narrow(Group(_in_brief(note["question"]), *_chosen(note)), 6)


def _number(note: Mapping[str, Any]) -> str:
    return "-" if note["number"] is None else str(note["number"])


def _chosen(note: Mapping[str, Any]) -> Iterable[RenderableType]:
    """Single cards, where not the whole note is meant."""
    if note["cards"] and note["cards"][0]["id"] != note["id"]:
        for card in note["cards"]:
            yield Text(printable.clean(card["id"]), "bold")
            yield view.narrow(_in_brief(card["front"]))


def _in_brief(text: str) -> RenderableType:
    """A question in a line or few, however it is written: its paragraphs run on, a very long one ends in an ellipsis."""
    line = " ".join(_BETWEEN.sub(" ", text).split())
    if len(line) > 2 * LONGEST_ASKED:
        line = f"{line[: 2 * LONGEST_ASKED]} …"
    asked = view.prose(line, {})
    if isinstance(asked, Text):
        asked.truncate(LONGEST_ASKED, ellipsis=True)
    return asked


def note_page(
    note: Note,
    sections: Sequence[tuple[str, str]],
    cards: Sequence[tuple[Card, CardState]],
    moment: Moment,
    preset: Preset,
    remarks: Mapping[str, str],
) -> RenderableType:
    """A note: what you remember of it and noted, all it says, its cards with where each stands."""
    facts = [note.topic]
    facts += [f"note {note.number}"] if note.number is not None else []
    facts += [f"difficulty {note.difficulty}/3"] if note.difficulty else []
    own = cards[0][1]
    lines = [_card_line(card, card_state, moment, remarks.get(card.id, "")) for card, card_state in cards[1:]]
    atomic = [_heading("Cards"), *lines] if lines else []
    tags = [Text(f"tags: {printable.clean(', '.join(note.tags))}", "quiet")] if note.tags else []
    head = [*_head(note.id, facts), *tags, memory_line(own, moment, preset), *_remark(remarks.get(note.id, ""))]
    return Group(*head, *_body(sections, note.forms), *atomic)


def _card_line(card: Card, card_state: CardState, moment: Moment, remark: str) -> RenderableType:
    name = Text.assemble((printable.clean(card.id), "bold"), f"  {card.kind}, {briefly(card_state, moment)}")
    return Group(Hanging(Text("  "), name), *_remark(remark, indent=4))


def _remark(remark: str, indent: int = 0) -> list[RenderableType]:
    label = Text(f"{' ' * indent}You noted: ", "remark")
    return [Hanging(label, view.prose(remark, {}))] if remark else []


def card_page(
    card: Card, sections: Sequence[tuple[str, str]], card_state: CardState, moment: Moment, preset: Preset, remark: str
) -> RenderableType:
    """An atomic card likewise."""
    facts = [card.topic, card.kind, f"a card of {card.note}"]
    head = [*_head(card.id, facts), memory_line(card_state, moment, preset), *_remark(remark)]
    return Group(*head, *_body(sections, card.forms))


def _head(name: str, facts: Sequence[str]) -> list[RenderableType]:
    return [Text(printable.clean(name), "bold"), Text(printable.clean(" · ".join(facts)), "quiet")]


def _body(sections: Sequence[tuple[str, str]], forms: Mapping[str, str]) -> list[RenderableType]:
    return [
        renderable for heading, text in sections for renderable in (_heading(heading), _section(heading, text, forms))
    ]


def _section(heading: str, text: str, forms: Mapping[str, str]) -> RenderableType:
    if heading != "Sources":
        return _Trimmed(view.Readable(text, forms))
    lines = (view.prose(line.removeprefix("- "), forms) for line in text.splitlines())
    return Group(*(Cited(Text("   • "), line) if isinstance(line, Text) else line for line in lines))


class _Trimmed:
    """Text under a heading, without the blank line that Rich puts before a list."""

    def __init__(self, text: RenderableType) -> None:
        self.text = view.narrow(text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = console.render_lines(self.text, options, pad=False)
        blank = ["".join(segment.text for segment in line).strip() == "" for line in lines]
        first = next((n for n, empty in enumerate(blank) if not empty), len(lines))
        for line in lines[first:]:
            yield from line
            yield Segment.line()


def _heading(text: str) -> RenderableType:
    return Group(Text(), Text(text, "bold underline")) if text else Text()


def memory_line(card_state: CardState, moment: Moment, preset: Preset) -> RenderableType:
    """What is remembered of a card, in words and with its numbers."""
    memory = card_state.memory
    sentence = [hidden] if (hidden := _hidden(card_state, moment.day)) else []
    if memory is None:
        return Text("; ".join(["Not answered yet", *sentence]) + ".")
    times = counted(memory.reps, "answer")
    lapsed = f", forgotten {_times(memory.lapses)}" if memory.lapses else ""
    last = (
        f"{_sentence(memory)}: {times}{lapsed}, the last {_on(memory.last_day, moment.day)}; due {_due(memory, moment)}"
    )
    recall = scheduler.current_recall(memory, moment.day, preset)
    numbers = (
        f"Chance of recall today: {recall:.0%}. It falls to 90% {_days(memory.stability)} after an answer (stability). "
        f"Difficulty {memory.difficulty:.1f} of 10."
    )
    often = f" {leech.advice(memory.lapses)}." if scheduler.is_leech(memory) else ""
    return Group(Text("; ".join([last, *sentence]) + "."), Text(numbers + often))


def briefly(card_state: CardState, moment: Moment) -> str:
    """Where a card stands, in a few words."""
    memory = card_state.memory
    where = "new" if memory is None else f"{memory.state.value}, due {_due(memory, moment)}"
    hidden = _hidden(card_state, moment.day)
    return f"{where}, {hidden}" if hidden else where


def _sentence(memory: Memory) -> str:
    return {State.LEARNING: "Being learnt", State.RELEARNING: "Being learnt again"}.get(memory.state, "Known")


def _due(memory: Memory, moment: Moment) -> str:
    if memory.due_ms is not None:
        return "now" if scheduler.overdue(memory, moment) else f"at {calendar.clock(memory.due_ms)}"
    return _day(memory.due_day, moment.day)


def _day(day: date, today: date) -> str:
    if day == today:
        return "today"
    return calendar.day_name(day) + (f" {day.year}" if day.year != today.year else "")


def _on(day: date, today: date) -> str:
    return "today" if day == today else f"on {_day(day, today)}"


def _hidden(card_state: CardState, today: date) -> str:
    if card_state.suspended:
        return "suspended"
    return "buried until tomorrow" if card_state.buried_on == today else ""


def _days(days: float) -> str:
    return f"{days:.1f} days" if days < 10 else view.interval(round(days))


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def hits(matches: Sequence[tuple[str, str, Sequence[MarkedSpan], Sequence[MarkedSpan]]]) -> RenderableType:
    """What a search found: id, kind and topic, what is asked, and the piece that shows what was looked for."""
    renderables: list[RenderableType] = []
    for name, facts, asked, piece in matches:
        renderables.append(Text.assemble((printable.clean(name), "bold"), (f"  {printable.clean(facts)}", "quiet")))
        renderables.append(Padding(_marked(asked), (0, 0, 0, 2)))
        if piece:
            renderables.append(Padding(_marked(piece), (0, 0, 0, 4)))
        renderables.append(Text())
    return Group(*renderables)


def _marked(spans: Sequence[MarkedSpan]) -> Text:
    return Text.assemble(*((span.text, "bold" if span.hit else "") for span in spans))
