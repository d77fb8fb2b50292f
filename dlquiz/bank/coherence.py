"""What is wrong within a note or a card though each of its fields has the right shape: the key to blame, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dlquiz import variants
from dlquiz.card import BLANK, CLAIM
from dlquiz.text.phrases import counted

Fields = Mapping[str, Any]
Fault = tuple[str, str]  # key, message

MOST_POINTS = 7  # key points of a note: each has a letter
MOST_PARTS = 4  # answers that one card asks for


def note_faults(note: Fields) -> Iterator[Fault]:
    """What is wrong with a note, its cards aside."""
    points = note.get("key_points", ())
    if len({point["id"] for point in points}) < len(points):
        yield "key_points", f"two key points of '{note['id']}' share an id; rename one"
    if len(points) > MOST_POINTS:
        yield (
            "key_points",
            f"'{note['id']}' has {len(points)} key points, at most {MOST_POINTS} can be ticked; merge or remove some",
        )


def card_faults(card: Fields, note: Fields) -> Iterator[Fault]:
    """What is wrong with a card of a note."""
    yield from variants.faults(card)
    yield from _claim_faults(card)
    yield from _part_faults(card)
    drills = card.get("drills", ())
    point_names = {point["id"].rpartition("#")[2] for point in note.get("key_points", ())} if drills else set()
    for name in drills:
        if name not in point_names:
            message = (
                f"'{card['id']}' drills '{name}', which is no key point of its note; name one of {sorted(point_names)}"
            )
            yield "drills", message
    if card["kind"] == "cloze" and card["front"].count(BLANK) != 1:
        yield "front", f"the cloze '{card['id']}' needs exactly one blank; write [...] once in its front"
    wrong = len(card.get("distractors", ()))
    if card["kind"] == "choice" and not 2 <= wrong <= 5:
        message = f"the choice card '{card['id']}' needs 2 to 5 distractors, it has {wrong}; add or remove some"
        yield "distractors", message
    if card["kind"] != "choice" and wrong:
        yield "distractors", f"'{card['id']}' has distractors but is no choice card; add 'kind: choice' or remove them"


def _claim_faults(card: Fields) -> Iterator[Fault]:
    """Of a claim, or a card that only looks like one."""
    claims = card["kind"] == CLAIM
    if claims and "holds" not in card:
        yield "holds", f"the claim '{card['id']}' does not say whether it holds; add 'holds: true' or 'holds: false'"
    if claims and "accept" in card:
        yield "accept", f"the claim '{card['id']}' is answered with yes or no; remove 'accept'"
    if not claims and "holds" in card:
        yield "holds", f"'{card['id']}' has 'holds' but is no claim; add 'kind: claim' or remove it"


def _part_faults(card: Fields) -> Iterator[Fault]:
    """Of the parts that a card asks for."""
    parts = card.get("parts", ())
    if "any_order" in card and "parts" not in card:
        yield "any_order", f"'{card['id']}' has 'any_order' but no parts; add 'parts' or remove it"
    if "parts" not in card:
        return
    if card["kind"] in (CLAIM, "choice"):
        yield "parts", f"the {card['kind']} '{card['id']}' is answered with one key; remove 'parts'"
    elif not 2 <= len(parts) <= MOST_PARTS:
        message = f"'{card['id']}' has {counted(len(parts), 'part')}; have 2 to {MOST_PARTS}, or put the answers into 'accept'"
        yield "parts", message
    elif empty := next((part["name"] for part in parts if not part["accept"]), None):
        yield "parts", f"the part '{empty}' of '{card['id']}' accepts nothing; write its right answers into 'accept'"
