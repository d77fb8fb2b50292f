"""How good a typed or picked answer to a card is; `text.compare` compares the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlquiz.card import BLANK, VERDICTS, Card

if TYPE_CHECKING:
    from dlquiz.text.compare import Worth

_VERDICTS = tuple(zip(VERDICTS, ("true", "false"), strict=True))  # each with what says the same

# `compare` is imported where an answer is there: it takes milliseconds, which the first card must not wait for.


def worth(given: str, card: Card) -> Worth:
    """How good an answer is, if that can be decided; a claim is judged by yes or no, true or false."""
    from dlquiz.text import compare, parts

    if not card.verdict:
        behind = card.front.partition(BLANK)[2] if card.kind == "cloze" else ""
        whole = compare.judged(given, (card.back, *card.accept), behind)
        return whole if whole is compare.Worth.RIGHT or not card.parts else parts.overall(part_verdicts(given, card))
    picked = verdict_of(given)
    if picked is None:
        return compare.Worth.COMPARE
    return compare.Worth.RIGHT if picked == card.verdict else compare.Worth.WRONG


def part_verdicts(given: str, card: Card) -> tuple[Worth | None, ...]:
    """How good each part of an answer is, for a card that asks for several; None for a part that was not given."""
    from dlquiz.text import parts

    return parts.judged(given, card.parts, any_order=card.any_order)


def verdict_of(given: str) -> str | None:
    """The verdict on a claim that was typed; None for neither."""
    from dlquiz.text import compare

    return next((name for name, also in _VERDICTS if compare.same(given, name) or compare.same(given, also)), None)


def is_right(given: str, card: Card) -> bool | None:
    """Whether an answer is right; None where that can't be told: another wording is not a wrong one."""
    from dlquiz.text import compare

    if any(compare.same(given, wrong.text) for wrong in card.distractors):
        return False
    return {compare.Worth.RIGHT: True, compare.Worth.WRONG: False}.get(worth(given, card))
