"""What is said of a card that lapses again and again: a leech."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlquiz.card import EXPLAIN
from dlquiz.scheduler import LEECH_LAPSES
from dlquiz.text.phrases import counted

if TYPE_CHECKING:
    from dlquiz.stats import Trouble

HEADING = f"{LEECH_LAPSES} lapses or more: one more review changes little. First learn what the card rests on, with the command below it."
OTHERWISE = (
    "Or rewrite it: one fact, short, in your own words. With ! in a sitting you note what is wrong with a built-in one."
)


def advice(lapses: int) -> str:
    """In one line, with the card in sight."""
    return f"{counted(lapses, 'lapse')}: learn what it rests on, rewrite it, or suspend it"


def way_out(trouble: Trouble) -> str:
    """The command to learn what a card rests on: a main card on its facts, a fact on its note. Quoted, or some shells look for files."""
    return f"dlquiz study --card '{trouble.note}.*'" if trouble.kind == EXPLAIN else f"dlquiz show {trouble.note}"
