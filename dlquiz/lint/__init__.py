"""What makes a note or card bad. Works on the fields of a bank's file and says which key of which entry is to blame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from dlquiz.lint import expression

Fields = Mapping[str, Any]

FRONT_WORDS, BACK_WORDS, SHORT_WORDS, ANSWER_WORDS = 25, 20, 60, (150, 350)
POINTS = (4, 7)
SIMILAR = 0.8  # share of common words above which two fronts count as the same question
RARE = 7  # letters from which a word shared by front and back gives the answer away
TAGGED_NOTES = 10  # in a smaller bank a tag is often the first of its kind
LOOK_AGAIN_DAYS = {"slow": 365, "fast": 183}

NOTE_NEEDS = ("number", "tags", "difficulty", "short", "key_points", "pitfalls", "follow_ups", "sources", "volatility")
LISTS = re.compile(r"\b(name|list|give|state|enumerate)\s+(all|the|three|four|five|some|every)\b", re.IGNORECASE)
YES_NO = re.compile(
    r"^(is|are|was|were|do|does|did|can|could|should|has|have|will|would|true or false)\b", re.IGNORECASE
)
DANGLING = re.compile(
    r"\b(this|that) (method|technique|approach|model|paper|algorithm|function)\b|^(it|they|this|these)\b", re.IGNORECASE
)
UNDATED = re.compile(r"\b(latest|state[- ]of[- ]the[- ]art|recently|nowadays|newest|cutting[- ]edge)\b", re.IGNORECASE)
DATED = re.compile(r"\b(19|20)\d\d\b")
PERCENT_USE = re.compile(
    r"\d\s*(%|percent)[^.]*\b(adoption|market share|of (companies|teams|practitioners|developers))\b", re.IGNORECASE
)
MATHS = re.compile(r"\$\$?(.+?)\$\$?", re.DOTALL)
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
COMMAND = re.compile(r"\\(?:mathrm|text|operatorname|mathit|mathbb|mathcal|mathbf)\*?\{[^{}]*\}|\\[A-Za-z]+")
GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi",
    "rho", "sigma", "tau", "phi", "varphi", "chi", "psi", "omega",
}  # fmt: skip
KNOWN_SYMBOLS = {"e", "d", "i", "j", "k", "T"}  # Euler's number, differentials, running indices, transposition


class Finding(NamedTuple):
    """What is wrong with which key of which entry."""

    entry: Fields
    key: str
    message: str
    expected: bool = False  #: a dated entry that is due for a new look: advice that never fails a check


def note(fields: Fields, sources: Iterable[str], today: date) -> Iterator[Finding]:
    """Advice on a note and its cards."""
    known = set(sources)
    for key in NOTE_NEEDS:
        if not fields.get(key):
            yield Finding(fields, key, f"the note '{fields['id']}' has no {key}; add it")
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
        yield from _cited(correction, known)
    texts = [fields["answer"], fields.get("short", ""), *fields.get("pitfalls", ())]
    yield from _ageing(fields, "answer", texts)
    yield from _cited(fields, known)
    yield from _dated(fields, fields, today)
    for each in fields["cards"]:
        yield from card(each, fields, known, today)


def card(fields: Fields, parent: Fields, known: set[str], today: date) -> Iterator[Finding]:
    """Advice on an atomic card."""
    kind, front, back = fields["kind"], fields["front"], fields["back"]
    if words(front) > FRONT_WORDS:
        yield Finding(
            fields, "front", f"the front has {words(front)} words; at most {FRONT_WORDS}, split it or shorten it"
        )
    if words(back) > BACK_WORDS:
        yield Finding(fields, "back", f"the back has {words(back)} words; at most {BACK_WORDS}, one fact a card")
    if LISTS.search(front):
        yield Finding(fields, "front", "asks for a list; ask for one thing, or make a cloze of each")
    if YES_NO.search(front):
        yield Finding(fields, "front", "can be answered with yes or no; ask which, why, how much or what is wrong")
    if DANGLING.search(front):
        yield Finding(fields, "front", "points at something it does not name; name the model, library or symbol")
    if not fields.get("drills") and parent.get("key_points"):
        yield Finding(fields, "drills", f"'{fields['id']}' drills no key point; name what it trains")
    if not fields.get("sources") and not parent.get("sources"):
        yield Finding(fields, "sources", f"'{fields['id']}' has no source; cite one here or in its note")
    if kind in ("trap", "choice") and not fields.get("why"):
        yield Finding(fields, "why", f"the {kind} card '{fields['id']}' has no why; add one line")
    if kind == "trap" and "wrong" not in front.lower():
        yield Finding(fields, "front", "a trap quotes a wrong statement; begin with 'What is wrong with: \"...\"?'")
    yield from _symbols(fields)
    yield from _number(fields)
    yield from _leaks(fields)
    yield from _cited(fields, known)
    yield from _ageing(fields, "back", [front, back, fields.get("why", "")], parent)
    if fields.get("volatility") or fields.get("as_of"):
        yield from _dated(fields, {**parent, **fields}, today)


def bank(notes: Iterable[Fields]) -> Iterator[Finding]:
    """Advice that needs all notes: near-duplicate fronts, contrasts with no such card, tags used once, numbers used twice."""
    rows = list(notes)
    cards = [each for row in rows for each in row["cards"]]
    ids = {each["id"] for each in cards} | {row["id"] for row in rows}
    for each in cards:
        for other in each.get("contrast", ()):
            prefix = each["id"].partition("/")[0] + "/" if "/" in each["id"] else ""
            if other not in ids and prefix + other not in ids:
                yield Finding(each, "contrast", f"contrasts with '{other}', which is no card; correct the id")
    yield from _alike(cards)
    numbers: dict[int, str] = {}
    for row in rows:
        number = row.get("number")
        if number is not None and numbers.setdefault(number, row["id"]) != row["id"]:
            yield Finding(row, "number", f"the number {number} belongs to '{numbers[number]}' too; choose another")
    if len(rows) >= TAGGED_NOTES:
        tags = [tag for row in rows for tag in row.get("tags", ())]
        for row in rows:
            for tag in row.get("tags", ()):
                if tags.count(tag) < 2:
                    yield Finding(row, "tags", f"the tag '{tag}' is used once; use it twice or drop it")


def balance(notes: Iterable[Fields]) -> dict[str, dict[str, int]]:
    """How many cards of each kind and topic, and how many key points no card drills."""
    rows = list(notes)
    kinds: dict[str, int] = {}
    topics: dict[str, int] = {}
    undrilled = 0
    for row in rows:
        topics[row["topic"]] = topics.get(row["topic"], 0) + len(row["cards"])
        drilled = {name for each in row["cards"] for name in each.get("drills", ())}
        undrilled += sum(short_name(point["id"]) not in drilled for point in row.get("key_points", ()))
        for each in row["cards"]:
            kinds[each["kind"]] = kinds.get(each["kind"], 0) + 1
    return {"kinds": kinds, "topics": topics, "points": {"undrilled": undrilled}}


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
    known = {short_name(each["id"]) for each in (*parent["cards"], *parent.get("key_points", ()))}
    named = correction.get("taught_by", ())
    if not named:
        yield Finding(correction, "taught_by", "no card or key point teaches this correction; name one in taught_by")
    for name in named:
        if name not in known:
            yield Finding(correction, "taught_by", f"'{name}' is no card or key point of '{parent['id']}'; correct it")


def _cited(fields: Fields, known: set[str]) -> Iterator[Finding]:
    for key in fields.get("sources", ()):
        if key not in known:
            yield Finding(fields, "sources", f"there is no source '{key}' in sources.yaml; add it or correct the key")


def _dated(entry: Fields, fields: Fields, today: date) -> Iterator[Finding]:
    volatility = fields.get("volatility", "stable")
    if volatility == "stable":
        return
    as_of = fields.get("as_of")
    if not as_of:
        yield Finding(entry, "volatility", f"'{entry['id']}' ages but has no as_of; say when it was true")
        return
    year, month, *rest = [int(part) for part in as_of.split("-")]
    try:
        said = date(year, month, rest[0] if rest else 1)
    except ValueError:
        yield Finding(entry, "as_of", f"'{as_of}' is no day of the calendar; correct it")
        return
    if (today - said).days > LOOK_AGAIN_DAYS[volatility]:
        yield Finding(entry, "as_of", f"'{entry['id']}' was checked {as_of} and ages; look at it again", expected=True)


def _ageing(fields: Fields, key: str, texts: Iterable[str], parent: Fields | None = None) -> Iterator[Finding]:
    for sentence in (part for text in texts for part in re.split(r"(?<=[.!?])\s+|\n", text)):
        undated = UNDATED.search(sentence)
        if undated and not DATED.search(sentence) and "wrong" not in sentence.lower():
            yield Finding(fields, key, f"'{undated[0]}' has no date; say as of when")
        if PERCENT_USE.search(sentence) and not (DATED.search(sentence) and (fields.get("sources") or parent)):
            yield Finding(fields, key, "a share of users needs a date and a source")


def _symbols(fields: Fields) -> Iterator[Finding]:
    """Rule 5: a formula's symbols are named in its front or notation."""
    if fields["kind"] != "formula":
        return
    told = symbols(" ".join((fields["front"], fields.get("notation", ""))), everywhere=True)
    unknown = sorted(symbols(fields["back"]) - told - KNOWN_SYMBOLS)
    if unknown:
        yield Finding(
            fields, "back", f"the symbols {', '.join(unknown)} are named neither in front nor notation; add a notation"
        )


def symbols(text: str, *, everywhere: bool = False) -> set[str]:
    """Single letters and Greek names in a text's formulas; with `everywhere` also single letters in its prose."""
    found: set[str] = set()
    formulas = [match[1] for match in MATHS.finditer(text)]
    for formula in formulas:
        found |= {name for name in re.findall(r"\\([A-Za-z]+)", formula) if name in GREEK}
        found |= set(re.findall(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", COMMAND.sub(" ", formula)))
        found |= {
            letter
            for run in re.findall(r"(?<![A-Za-z])[A-Za-z]{2,3}(?![A-Za-z])", COMMAND.sub(" ", formula))
            for letter in run
        }
    if everywhere:
        found |= set(re.findall(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", MATHS.sub(" ", text)))
    return found


def _number(fields: Fields) -> Iterator[Finding]:
    check = fields.get("check")
    if fields["kind"] == "number" and not check:
        yield Finding(
            fields, "check", f"the number '{fields['id']}' has no check; add an expression that recomputes it"
        )
    if not check:
        return
    try:
        holds = expression.evaluate(check)
    except expression.ExpressionError as error:
        yield Finding(fields, "check", f"the check can't be computed: {error}; see docs/bank-format.md")
        return
    if holds is not True:
        yield Finding(fields, "check", "the check does not hold; correct the number or the check")


def _leaks(fields: Fields) -> Iterator[Finding]:
    """Rule 9: a long word of the back that the front has already used."""
    if fields["kind"] in ("compare", "trap", "choice"):
        return  # these quote what they are about
    front = {word.lower() for word in WORD.findall(MATHS.sub(" ", fields["front"]))}
    back = [word.lower() for word in WORD.findall(MATHS.sub(" ", fields["back"]))]
    shared = sorted({word for word in back if len(word) >= RARE and word in front})
    if shared and len(shared) * 3 >= len([word for word in back if len(word) > 3]):
        yield Finding(fields, "front", f"the front gives the back away ({', '.join(shared)}); rephrase one of them")


def _alike(cards: list[Fields]) -> Iterator[Finding]:
    """Rule 8: two fronts that ask the same; a shared rare word finds the pairs worth comparing."""
    bags = [{word.lower() for word in re.findall(r"\w+", each["front"])} for each in cards]
    places: dict[str, list[int]] = {}
    for n, bag in enumerate(bags):
        for word in bag:
            places.setdefault(word, []).append(n)
    seen: set[tuple[int, int]] = set()
    for word, rows in places.items():
        if len(word) < 4 or len(rows) > 50:
            continue
        seen.update((one, two) for n, one in enumerate(rows) for two in rows[n + 1 :])
    for one, two in sorted(seen):
        first, second = cards[one], cards[two]
        overlap = len(bags[one] & bags[two]) / len(bags[one] | bags[two])
        linked = second["id"] in first.get("contrast", ()) or first["id"] in second.get("contrast", ())
        if overlap >= SIMILAR and not linked:
            yield Finding(second, "front", f"asks nearly what '{first['id']}' asks; rephrase it or add it to contrast")
