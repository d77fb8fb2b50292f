"""What the interview is about: the topics that the plan was told to keep to, and those it was told to leave out."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from dlquiz.bank import select
from dlquiz.bank.index import Bank
from dlquiz.card import CardRef
from dlquiz.errors import UsageError

EVERYTHING, NOTHING = "all", "none"  # what `--topic` and `--without` take to forget what they said before


class Scope(NamedTuple):
    """The cards that a plan is about; the others wait untouched."""

    only: select.Selection | None = None  #: None: everything
    without: select.Selection | None = None

    @property
    def label(self) -> str:
        """In words; empty where it is everything."""
        labels = [self.only.label] if self.only else []
        return " ".join([*labels, f"without {self.without.label}"] if self.without else labels)

    def holds(self, card: CardRef) -> bool:
        if self.without and self.without.holds(card):
            return False
        return self.only is None or self.only.holds(card)

    def overlaps(self, bank: Bank, selected: select.Selection) -> bool:
        """Is any of these cards in it?"""
        return any(selected.holds(card) and self.holds(card) for card in bank.in_order(selected.all_notes))


def words(setting: str) -> list[str]:
    """The topics of a setting, which separates them by commas."""
    return [word.strip() for word in setting.split(",") if word.strip()]


def setting(bank: Bank, topics: Sequence[str]) -> str:
    """What is kept of the topics that were typed.

    Raises:
        UsageError: A word means nothing; the nearest match and the list are named.
    """
    names = [word for topic in topics for word in words(topic)]
    if any(name.lower() in (EVERYTHING, NOTHING) for name in names):
        return ""
    select.selection(bank, names, [])
    return ", ".join(dict.fromkeys(names))


def of(bank: Bank, topics: str, without: str) -> Scope:
    """The scope that two settings make; a topic that the bank no longer has says nothing."""
    return Scope(_selection(bank, words(topics)), _selection(bank, words(without)))


def unknown(bank: Bank, settings: Iterable[str]) -> list[str]:
    """Topics of these settings that the bank doesn't have."""
    return [word for setting in settings for word in words(setting) if _selection(bank, [word]) is None]


def _selection(bank: Bank, names: Sequence[str]) -> select.Selection | None:
    meant = []
    for name in names:
        with suppress(UsageError):
            select.selection(bank, [name], [])
            meant.append(name)
    return select.selection(bank, meant, [])
