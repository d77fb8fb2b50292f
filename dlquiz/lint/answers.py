"""What a card takes for an answer: that all of it means the same, and that one part is told from another. Blames a key of an entry."""

from __future__ import annotations

from collections.abc import Iterator

from dlquiz.card import Part
from dlquiz.lint import numbers
from dlquiz.lint.finding import Fields, Finding
from dlquiz.text import compare, parts


def accepted(fields: Fields) -> Iterator[Finding]:
    """What is accepted means the same as the back, and no distractor does."""
    for answer in fields.get("accept", ()):
        if numbers.differ(fields["back"], answer):
            yield Finding(
                fields, "accept", f"accepts '{answer[:40]}', which is another number; remove it or correct one"
            )
    rights = (fields["back"], *fields.get("accept", ()))
    for wrong in fields.get("distractors", ()):
        if any(compare.same(wrong["text"], right) for right in rights):
            yield Finding(wrong, "text", "this distractor is a right answer; replace it")


def of_parts(fields: Fields) -> Iterator[Finding]:
    """The answers of the parts are right in their order, and in no other one where the order counts."""
    entries = fields.get("parts", ())
    asked = [Part(entry["name"], tuple(entry["accept"]), tuple(entry.get("aliases", ()))) for entry in entries]
    any_order = fields.get("any_order", False)
    answers = [part.accept[0] for part in asked]
    if not asked:
        return
    if not _right("; ".join(answers), asked, any_order=any_order):
        yield Finding(
            fields, "parts", f"'{'; '.join(answers)}' is not taken for right; use shorter answers, without 'and'"
        )
    elif not any_order and _right("; ".join(reversed(answers)), asked, any_order=False):
        yield Finding(fields, "parts", "two parts take the same answer; tell them apart, or say 'any_order: true'")


def _right(given: str, asked: list[Part], *, any_order: bool) -> bool:
    return parts.overall(parts.judged(given, asked, any_order=any_order)) is compare.Worth.RIGHT
