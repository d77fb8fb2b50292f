"""What makes a note or card bad. Works on the fields of a bank's file and says which key of which entry is to blame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from dlquiz import expression, variants
from dlquiz.lint import ageing, answers, markup, numbers, symbols, wording
from dlquiz.lint.finding import Fields as Fields
from dlquiz.lint.finding import Finding as Finding
from dlquiz.lint.symbols import MATHS

FRONT_WORDS, BACK_WORDS, SHORT_WORDS, ANSWER_WORDS = 25, 20, 60, (150, 350)
POINTS = (4, 7)
RARE = 7  # letters from which a word shared by front and back gives the answer away

NOTE_NEEDS = (
    "number", "tags", "difficulty", "asked", "short",
    "key_points", "pitfalls", "follow_ups", "sources", "volatility",
)  # fmt: skip
SEVERAL = r"three|four|five|six|seven|eight"
LISTS = re.compile(
    rf"\b(name|list|give|state|enumerate)\s+(all|the|some|every|{SEVERAL})\b"
    rf"|\b(which|what|what are|what are the) ({SEVERAL})\b(?!-)",
    re.IGNORECASE,
)
LISTED = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])\s", re.MULTILINE)
ITEM = re.compile(r"[,;](?: and\b| or\b)?|\band\b|\bor\b")
YES_NO = re.compile(
    r"(?:^|[.?!]\s+)(is|are|was|were|do|does|did|can|could|should|has|have|will|would|true or false)\b", re.IGNORECASE
)
ANSWERED = re.compile(r"\s*(yes|no|true|false)\b", re.IGNORECASE)
DANGLING = re.compile(
    r"\b(this|that) (method|technique|approach|model|paper|algorithm|function)\b|^(it|they|this|these)\b", re.IGNORECASE
)
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
ARTICLE = re.compile(r"\ban? \[\.\.\.\]", re.IGNORECASE)


def note(fields: Fields, sources: Iterable[str] | None, today: date) -> Iterator[Finding]:
    """Advice on a note and its cards.

    Args:
        fields: As the file has them, with full ids.
        sources: The keys that can be cited; None when unknown because the file of sources is malformed.
        today: The day by which ageing is judged.
    """
    source_keys = None if sources is None else set(sources)
    for key in NOTE_NEEDS:
        if not fields.get(key):
            yield Finding(fields, key, f"the note '{fields['id']}' has no '{key}'; add it")
    yield from _length(fields, "short", 1, SHORT_WORDS)
    yield from _length(fields, "answer", *ANSWER_WORDS)
    points = fields.get("key_points", ())
    if points and not POINTS[0] <= len(points) <= POINTS[1]:
        yield Finding(fields, "key_points", f"{len(points)} key points; have {POINTS[0]} to {POINTS[1]}")
    if points and not any(point.get("must") for point in points):
        yield Finding(fields, "key_points", "no key point is a must; mark what may not be missing")
    drilled = {name for card in fields["cards"] for name in card.get("drills", ())}
    for point in points:
        if point.get("must") and short_name(point["id"]) not in drilled:
            yield Finding(
                point, "id", f"no card drills the must '{point['id']}'; write one or add it to a card's drills"
            )
    for correction in fields.get("corrections", ()):
        yield from _taught(fields, correction)
        yield from _cited(correction, source_keys)
    texts = [fields["answer"], fields.get("short", ""), *fields.get("pitfalls", ())]
    yield from ageing.undated(fields, "answer", texts)
    yield from wording.note(fields)
    yield from markup.note(fields)
    yield from _cited(fields, source_keys)
    yield from ageing.dated(fields, fields, today)
    for card_fields in fields["cards"]:
        yield from card(card_fields, fields, source_keys, today)


def shown_otherwise(fields: Fields) -> Iterator[Finding]:
    """What the texts of a note and its cards hold that a screen shows otherwise: tags, and formulas' commands that are not known."""
    yield from markup.note(fields)
    for entry in fields["cards"]:
        for finding in markup.card(variants.filled(entry)):
            yield finding._replace(entry=entry) if finding.entry.get("id") == entry["id"] else finding


def card(fields: Fields, parent: Fields, live_ids: set[str] | None, today: date) -> Iterator[Finding]:
    """Advice on an atomic card; of fresh numbers, texts are judged with the example only, computations with every choice."""
    for name in variants.unused(fields):
        yield Finding(fields, "numbers", f"the number '{name}' stands in no {{{{...}}}}; use it or remove it")
    for finding in (*_as_shown(variants.filled(fields), parent, live_ids, today), *_computed(fields)):
        of_card = finding.entry.get("id") == fields["id"]  # as it is shown; it is as it was written that it has a place
        yield finding._replace(entry=fields) if of_card else finding


def _as_shown(fields: Fields, parent: Fields, source_keys: set[str] | None, today: date) -> Iterator[Finding]:
    kind = fields["kind"]
    yield from _worded(fields)
    yield from answers.of_parts(fields)
    if not fields.get("drills") and parent.get("key_points"):
        yield Finding(fields, "drills", f"'{fields['id']}' drills no key point; name what it trains")
    if not fields.get("sources") and not parent.get("sources"):
        yield Finding(fields, "sources", f"'{fields['id']}' has no source; cite one here or in its note")
    if kind in ("trap", "claim", "choice") and not fields.get("why"):
        yield Finding(fields, "why", f"the {kind} card '{fields['id']}' has no why; add one line")
    if kind == "number" and not fields.get("check"):
        yield Finding(
            fields, "check", f"the number '{fields['id']}' has no check; add an expression that recomputes it"
        )
    if kind == "trap" and "wrong" not in fields["front"].lower():
        yield Finding(fields, "front", "a trap quotes a wrong statement; begin with 'What is wrong with: \"...\"?'")
    yield from wording.card(fields)
    yield from markup.card(fields)
    yield from _symbols(fields)
    yield from _leaks(fields)
    yield from _cited(fields, source_keys)
    yield from ageing.undated(fields, "back", [fields["front"], fields["back"], fields.get("why", "")], parent)
    if fields.get("volatility") or fields.get("as_of"):
        yield from ageing.dated(fields, {**parent, **fields}, today)


def _worded(fields: Fields) -> Iterator[Finding]:
    """Rules 1 to 4: short, a single fact, no choice between two answers, nothing that needs outside context."""
    kind, front, back = fields["kind"], fields["front"], fields["back"]
    if words(front) > FRONT_WORDS:
        message = f"the front has {words(front)} words; at most {FRONT_WORDS}, split it or shorten it"
        yield Finding(fields, "front", message)
    if words(back) > BACK_WORDS:
        yield Finding(fields, "back", f"the back has {words(back)} words; at most {BACK_WORDS}, one fact a card")
    if LISTS.search(front):
        yield Finding(fields, "front", "asks for a list; ask for one thing, or make a cloze of each")
    if LISTED.search(back) or (kind not in ("formula", "choice") and _enumerates(back)):
        yield Finding(fields, "back", "is a list; answer one thing, or make a cloze of each")
    if kind == "claim":
        pass  # it has one of two answers on purpose, and says why
    elif YES_NO.search(front):
        yield Finding(fields, "front", "can be answered with yes or no; ask which, why, how much or what is wrong")
    elif ANSWERED.match(back):
        yield Finding(fields, "back", "answers yes or no; ask which, why, how much or what is wrong")
    elif kind != "choice" and _guessed(front, back):
        yield Finding(
            fields, "front", "leaves two answers to guess from; ask which, why or how much, or make it a choice"
        )
    if DANGLING.search(front):
        yield Finding(fields, "front", "points at something it does not name; name the model, library or symbol")


def _enumerates(back: str) -> bool:
    """Does it consist of three or more short items?"""
    items = ITEM.split(" ".join(MATHS.sub(" formula ", back).split()).strip(" ."))
    return len(items) > 2 and all(0 < len(item.split()) <= 2 for item in items)


def _guessed(front: str, back: str) -> bool:
    """Does the back begin with one of two words between which the question lets the reader choose?"""
    front_words = _bare_words(front)
    around = {
        front_words[n + step]
        for n, word in enumerate(front_words)
        if word == "or"
        for step in (-1, 1)
        if 0 < n < len(front_words) - 1
    }
    return front.rstrip().endswith("?") and not around.isdisjoint(_bare_words(back)[:1])


def _bare_words(text: str) -> list[str]:
    return [
        word for token in text.lower().split() if (word := token.strip(",.;:?!\"'()$")) not in ("", "a", "an", "the")
    ]


def words(text: str) -> int:
    """Words of a text as a reader counts them; a formula is one."""
    return len(MATHS.sub(" formula ", text).split())


def short_name(full_id: str) -> str:
    """`adam` of `optimizer-choice#adam` or `optimizer-choice.adam`."""
    return full_id.rpartition("#" if "#" in full_id else ".")[2]


def _length(fields: Fields, key: str, low: int, high: int) -> Iterator[Finding]:
    count = words(fields.get(key, ""))
    if fields.get(key) and not low <= count <= high:
        yield Finding(fields, key, f"'{key}' has {count} words; keep it between {low} and {high}")


def _taught(parent: Fields, correction: Fields) -> Iterator[Finding]:
    names = {short_name(entry["id"]) for entry in (*parent["cards"], *parent.get("key_points", ()))}
    named = correction.get("taught_by", ())
    if not named:
        yield Finding(correction, "taught_by", "no card or key point teaches this correction; name one in taught_by")
    for name in named:
        if name not in names:
            yield Finding(correction, "taught_by", f"'{name}' is no card or key point of '{parent['id']}'; correct it")


def _cited(fields: Fields, source_keys: set[str] | None) -> Iterator[Finding]:
    for key in fields.get("sources", ()):
        if source_keys is not None and key not in source_keys:
            yield Finding(fields, "sources", f"there is no source '{key}' in sources.yaml; add it or correct the key")


def _symbols(fields: Fields) -> Iterator[Finding]:
    """Rule 5: a formula's symbols are introduced in its front or explained in its notation."""
    if fields["kind"] != "formula":
        return
    unknown = symbols.unknown(asked=fields["front"], answer=fields["back"], notation=fields.get("notation", ""))
    if unknown:
        message = f"the symbols {', '.join(unknown)} are told of neither in front nor notation; add a notation"
        yield Finding(fields, "back", message)


def _computed(fields: Fields) -> Iterator[Finding]:
    """Rules 6 and 7, with every choice of fresh numbers; reports the first that breaks them."""
    for chosen in variants.combinations(fields):
        filled = variants.filled(fields, chosen)
        prefix = f"with {variants.named(chosen)}: " if chosen else ""
        findings = [
            finding._replace(message=prefix + finding.message)
            for finding in (*_number(filled, chosen), *answers.accepted(filled))
        ]
        if findings:
            yield from findings
            return


def _number(fields: Fields, chosen: variants.Numbers) -> Iterator[Finding]:
    check = fields.get("check")
    if not check:
        return
    try:
        holds = expression.evaluate(check, chosen)
    except expression.ExpressionError as error:
        yield Finding(fields, "check", f"the check can't be computed: {error}; see docs/bank-format.md")
        return
    if holds is not True:
        yield Finding(fields, "check", "the check does not hold; correct the number or the check")
    elif fields["kind"] == "number" and not numbers.recomputed(fields["back"], check, chosen):
        yield Finding(fields, "check", "the check holds no number of the back; compare with what the back says")


def _leaks(fields: Fields) -> Iterator[Finding]:
    """Rule 9: a long word of the back that the front already uses, or an article that gives away how the back begins."""
    if fields["kind"] == "cloze" and ARTICLE.search(fields["front"]):
        yield Finding(fields, "front", "'a' or 'an' before the blank tells how the answer begins; put it into the back")
    if fields["kind"] in ("compare", "trap", "claim", "choice"):
        return  # these quote what they are about
    front = {word.lower() for word in WORD.findall(MATHS.sub(" ", fields["front"]))}
    back = [word.lower() for word in WORD.findall(MATHS.sub(" ", fields["back"]))]
    shared = sorted({word for word in back if len(word) >= RARE and word in front})
    if shared and len(shared) * 3 >= len([word for word in back if len(word) > 3]):
        yield Finding(fields, "front", f"the front gives the back away ({', '.join(shared)}); rephrase one of them")
