"""What is there and where it stands, as plain values: the rows behind every `--json`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from dlquiz import calendar, deck, variants
from dlquiz.bank import index, select
from dlquiz.card import CardState, Memory, note_of
from dlquiz.collection import Collection, after_interview, own_words, waiting
from dlquiz.errors import UsageError


def status(col: Collection) -> dict[str, Any]:
    """Due, new and learning counts, in all and by topic."""
    moment = col.now()
    due = waiting.due(col, moment)
    topics = col.bank.topics()
    unseen = col.bank.topics_outside(col.progress.met(), col.progress.unseen_from(col.bank.edition()))
    today = col.today(moment)
    plan = col.planned(moment, today)
    new = deck.new_today(sum(unseen.values()), today, col.on_the_day(col.limits(), moment), list(due.reviews), moment)
    interview = col.settings.interview
    return {
        "due": due.cards,
        "new": min(sum(unseen.values()), plan.new) if plan else new,
        "learning": due.learning,
        "reviewed_today": len(col.progress.reviewed_on(moment.day)),
        "interview": interview.isoformat() if interview and interview >= moment.day else None,
        "topics": [
            {"topic": topic.slug, "cards": topic.cards, "due": due.topics.get(topic.slug, 0), "new": unseen[topic.slug]}
            for topic in topics
        ],
    }


def next_due(col: Collection, selected: select.Selection | None) -> tuple[date, int] | None:
    """The next study day on which something is due, and how much."""
    moment = col.now()
    days = Counter(_of(col, selected, col.deferred(moment).items()))
    later = (
        (card, card_state.memory.due_day)
        for card, card_state in col.progress.upcoming(moment.day)
        if card_state.memory and not card_state.suspended
    )
    first = None
    for day in _of(col, selected, later):  # the next first
        if first is not None and day != first:
            break
        first = day
        days[day] += 1
    return min(days.items(), default=None)


def _of(col: Collection, selected: select.Selection | None, due: Iterable[tuple[str, date]]) -> Iterator[date]:
    """The days of those cards that are in the bank and selected."""
    for card, day in due:
        card_ref = col.bank.card_refs([card]).get(card)
        if card_ref and (selected is None or selected.holds(card_ref)):
            yield day


def topics(bank: index.Bank) -> list[dict[str, Any]]:
    return [
        {
            "topic": topic.slug,
            "title": topic.title,
            "aliases": list(topic.aliases),
            "notes": topic.notes,
            "cards": topic.cards,
        }
        for topic in bank.topics()
    ]


def listing(bank: index.Bank, selected: select.Selection | None) -> list[dict[str, Any]]:
    """Notes with their cards, the main card first; of the selected cards only."""
    listed = []
    selected_notes = selected.all_notes if selected else None
    for note_id in bank.note_ids():
        if selected_notes is not None and note_id not in selected_notes:
            continue
        fields = bank.fields(note_id) or {}
        cards = [{"id": note_id, "kind": "explain", "front": fields["question"]}]
        cards += [
            {"id": card["id"], "kind": card["kind"], "front": variants.filled(card)["front"]}
            for card in fields["cards"]
        ]
        if selected and note_id not in selected.notes:
            cards = [card for card in cards if card["id"] in selected.cards]
        summary = {key: fields.get(key) for key in ("id", "number", "topic", "tags", "difficulty", "question")}
        listed.append({**summary, "tags": summary["tags"] or [], "cards": cards})
    return listed


def shown(col: Collection, any_id: str) -> dict[str, Any]:
    """A note's or card's YAML fields by their names, and its memory.

    Raises:
        UsageError: There is no such id.
    """
    current = col.bank.current(any_id.removesuffix(".*"))
    fields = col.bank.fields(current)
    if fields is None:
        select.card_ids(col.bank, [any_id])
        raise UsageError(f"there is no card '{any_id}'; `dlquiz list` shows all")
    card_state = after_interview.as_needed(col, {current: col.card_state(current)}, col.now())[current]
    remark = col.progress.remark(current) or None
    own = {"own_words": own_words.of(col.home, col.bank, col.bank.note(current))} if current == note_of(current) else {}
    return {**fields, "memory": memory(card_state), "remark": remark, **own}


def memory(card_state: CardState) -> dict[str, Any] | None:
    """A card's memory as `show --json` has it; null for a new one."""
    card_memory = card_state.memory
    if card_memory is None:
        return None
    return {
        "state": card_memory.state.value,
        "stability": card_memory.stability,
        "difficulty": card_memory.difficulty,
        "due": due_text(card_memory),
        "reps": card_memory.reps,
        "lapses": card_memory.lapses,
    }


def due_text(memory: Memory) -> str:
    """A date in review, an instant in steps."""
    return memory.due_day.isoformat() if memory.due_ms is None else calendar.iso(memory.due_ms)


def log(col: Collection, selected: select.Selection | None = None, cards: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Every review, oldest first, undone ones too; where something was selected, of its cards alone.

    Args:
        col: Whose.
        selected: Of the bank's cards.
        cards: Ids, which the bank may have no more; `note.*` is a note with its cards.

    Raises:
        UsageError: Neither the bank nor the log knows an id.
    """
    reviews = list(col.progress.reviews())
    if selected is not None or cards:
        names = {event.card: col.bank.current(event.card) for event, _ in reviews}
        meant = _meant(col, cards, names)
        if selected is not None:
            meant |= {card.id for card in col.bank.in_order() if selected.holds(card)}
        reviews = [(event, undone) for event, undone in reviews if meant & {event.card, names[event.card]}]
    return [
        {
            "id": event.id,
            "card": event.card,
            "rating": int(event.rating or 0),
            "reviewed_at": calendar.iso(event.at_ms),
            "study_day": event.study_day.isoformat(),
            "took_ms": event.took_ms,
            "undone": undone,
        }
        for event, undone in reviews
    ]


def _meant(col: Collection, ids: Sequence[str], logged: Mapping[str, str]) -> set[str]:
    """The cards that these ids mean, of the log or the bank."""
    meant: set[str] = set()
    for name in ids:
        gone = {card for card in logged if card == name or (name.endswith(".*") and note_of(card) == name[:-2])}
        meant.update(gone or select.card_ids(col.bank, [name]))
        meant.update(logged[card] for card in gone)
    return meant
