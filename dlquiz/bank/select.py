"""What a user typed for a topic, tag or id -> the cards that are meant, or the nearest match."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from dlquiz.bank.index import Bank
from dlquiz.card import CardRef, note_of
from dlquiz.errors import UsageError


class Selection(NamedTuple):
    """Whole notes, and single cards of others."""

    notes: frozenset[str]
    cards: frozenset[str]
    label: str  #: as the header says it: `dropout (in regularization)`

    def holds(self, card: CardRef) -> bool:
        return card.note in self.notes or card.id in self.cards

    @property
    def all_notes(self) -> set[str]:
        """Every note that has a selected card."""
        return set(self.notes) | {note_of(card) for card in self.cards}

    def __and__(self, other: "Selection") -> "Selection":
        notes = self.notes & other.notes
        cards = {card for first, second in ((self, other), (other, self)) for card in first.cards if _in(card, second)}
        return Selection(notes, frozenset(cards), f"{self.label}, {other.label}")


def selection(bank: Bank, topics: Sequence[str], tags: Sequence[str]) -> Selection | None:
    """What `--topic` and `--tag` select; None when neither was given.

    Raises:
        UsageError: A word matches nothing; the message names the nearest match and the list.
    """
    by_topic = _union([_topic(bank, word) for word in topics])
    by_tag = _union([_tag(bank, word) for word in tags])
    if by_topic and by_tag:
        return by_topic & by_tag
    return by_topic or by_tag


def card_ids(bank: Bank, patterns: Sequence[str]) -> list[str]:
    """The cards that these ids name: `note`, `note.card`, or `note.*` for the note with all its cards.

    Raises:
        UsageError: There is no such card.
    """
    ids: list[str] = []
    for pattern in patterns:
        if pattern.endswith(".*"):
            note = bank.current(pattern[:-2])
            cards = bank.cards_of(note)
        else:
            card = bank.current(pattern)
            cards = [card] if bank.card_refs([card]) else []
        if not cards:
            raise UsageError(_unknown_id(bank, pattern))
        ids.extend(cards)
    return list(dict.fromkeys(ids))


def _unknown_id(bank: Bank, pattern: str) -> str:
    replaced = bank.retired(pattern)
    if replaced is not None:
        return f"'{pattern}' was retired; " + (f"'{replaced}' asks this now" if replaced else "nothing asks this now")
    live_ids = [card_ref.id for card_ref in bank.in_order()]
    return f"there is no card '{pattern}'{_nearest(pattern, live_ids)} `dlquiz list` shows all"


def _topic(bank: Bank, word: str) -> Selection:
    plain_word = plain(word)
    topics = bank.topics()
    for topic in topics:
        if plain(topic.slug) == plain_word:
            return Selection(frozenset(bank.notes_of_topic(topic.slug)), frozenset(), topic.slug)
    owners = {topic.slug for topic in topics if plain_word in {plain(alias) for alias in topic.aliases}}
    narrow = _narrower(bank, plain_word, owners)
    if narrow:
        return Selection(narrow.notes, narrow.cards, f"{word} (in {narrow.label})")
    if owners:
        notes = {note for slug in owners for note in bank.notes_of_topic(slug)}
        return Selection(frozenset(notes), frozenset(), ", ".join(sorted(owners)))
    names = [topic.slug for topic in topics]
    spellings = {alias: topic.slug for topic in topics for alias in (*topic.aliases, topic.slug)}
    import difflib  # for mistakes only

    close = difflib.get_close_matches(word.lower(), spellings, n=1, cutoff=0.5)
    meant = f"; did you mean '{spellings[close[0]]}'?" if close else ";"
    raise UsageError(f"there is no topic '{word}'{meant} the topics are {', '.join(names) or 'none'}")


def _narrower(bank: Bank, plain_word: str, owners: set[str]) -> Selection | None:
    """Notes with that tag, and notes and cards with that word in their id; only within `owners` if there are any."""
    tags = {tag for tag in bank.tags() if plain(tag) == plain_word}
    tagged = {note for tag in tags for note in bank.notes_of_tag(tag)}
    notes: set[str] = set()
    cards: set[str] = set()
    topics: set[str] = set()
    for card in bank.in_order():
        if owners and card.topic not in owners:
            continue
        if card.note in tagged or plain_word in _parts(card.note):
            notes.add(card.note)
        elif plain_word in _parts(card.id[len(card.note) :]):
            cards.add(card.id)
        else:
            continue
        topics.add(card.topic)
    if not topics:
        return None
    return Selection(frozenset(notes), frozenset(cards), ", ".join(sorted(topics)))


def _tag(bank: Bank, word: str) -> Selection:
    tags = bank.tags()
    matching = {tag for tag in tags if plain(tag) == plain(word)}
    if not matching:
        raise UsageError(f"there is no tag '{word}'{_nearest(word, tags)} the tags are {', '.join(sorted(tags))}")
    notes = {note for tag in matching for note in bank.notes_of_tag(tag)}
    return Selection(frozenset(notes), frozenset(), f"#{word}")


def plain(word: str) -> str:
    """A word without variations in spelling: case, British -ise, plural; `Optimisers` equals `optimizer`."""
    word = re.sub(r"[\s_]+", "-", word.strip().lower())
    word = re.sub(r"is(e|er|ers|ed|ing|ation|ations)(?=$|-)", r"iz\1", word)
    word = word.replace("our", "or")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _union(selections: list[Selection]) -> Selection | None:
    if not selections:
        return None
    notes = frozenset(note for chosen in selections for note in chosen.notes)
    cards = frozenset(card for chosen in selections for card in chosen.cards if note_of(card) not in notes)
    return Selection(notes, cards, ", ".join(chosen.label for chosen in selections))


def _parts(text: str) -> set[str]:
    return {plain(piece) for piece in re.split(r"[-_./]", text) if piece}


def _in(card: str, selected: Selection) -> bool:
    return card in selected.cards or note_of(card) in selected.notes


def _nearest(word: str, names: Sequence[str] | set[str]) -> str:
    import difflib  # for mistakes only

    close = difflib.get_close_matches(word, sorted(names), n=1, cutoff=0.5)
    return f"; did you mean '{close[0]}'?" if close else ";"
