"""Words that are hard to say aloud or to trust: claims, key points of two statements, studies without a name, dates said twice.

Says which key of which entry is to blame, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dlquiz.lint.finding import Fields, Finding
from dlquiz.lint.symbols import MATHS

POINT_WORDS = 22  # what is longer can't be said in one breath
STATEMENT = re.compile(r"Does this hold\?\s+[\"“](?P<statement>.+)[\"”]", re.DOTALL)
VERDICT = re.compile(r"(Yes|No)\b")
NOR = re.compile(r"\bneither\b.*\bnor\b", re.IGNORECASE | re.DOTALL)
CLAUSE = re.compile(
    r"[^,]*, (?:and|but) (?:it|they|this|that|these|those|its|their|the|an?|each|most|some|both|no) \S+ \S",
    re.IGNORECASE,
)  # a second clause after the only comma; after an earlier one it may be the last item of a list
_WORD = r"(?!(?:of|in|the|by|from|to|for|on|and|or|that|with|at|case|user|pilot|ablation) )[\w-]+ "
_YEAR = r"(?:19|20)\d\d"
ANONYMOUS = re.compile(
    rf"\b(?:an?|one|another|some|several|two) (?:{_WORD}){{0,2}}(?:study|studies|papers?|surveys?)\b"
    rf"|\b(?:an?|one|another) {_YEAR} (?:{_WORD}){{0,2}}(?:benchmark|analysis|comparison|review|report|experiment|evaluation)\b",
    re.IGNORECASE,
)
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_NO_NAME = "In|Since|By|Until|From|Before|After|As|An?|One|Another|The|Some|Several|Two"  # words that begin a sentence
NAMED = re.compile(rf"\bet al\b|\b(?!(?:{_NO_NAME}|{_MONTH})\b)[A-Z][\w'’-]*(?: and [A-Z][\w'’-]*)?,? \(?{_YEAR}\b")
AS_OF = re.compile(rf"\bas of (?:(?:early|mid|late)[ -])?(?:{_MONTH} )?{_YEAR}\b|\({_MONTH} {_YEAR}\)", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z\"“*])|(?<!\bal)(?<=[.!?]) (?=\()")


def note(fields: Fields) -> Iterator[Finding]:
    """Problems with the wording of a note's own texts."""
    points = fields.get("key_points", ())
    for point in points:
        if why := bundled(MATHS.sub("formula", point["text"])):
            yield Finding(point, "text", f"{why}; say one thing, split the point or shorten it")
    for entry, key in [*((point, "text") for point in points), (fields, "short")]:
        text = entry.get(key, "")
        if spoken := AS_OF.search(text):
            yield Finding(
                entry, key, f"'{spoken[0]}' is nothing to say aloud; leave the date to the answer and to as_of"
            )
        yield from (Finding(entry, key, _whose(cited)) for cited in anonymous([text]))
    yield from _told(fields, "answer", [fields["answer"]])
    yield from _told(fields, "pitfalls", fields.get("pitfalls", ()))
    for follow_up in fields.get("follow_ups", ()):
        yield from _told(follow_up, "answer", [follow_up["answer"]])
    for correction in fields.get("corrections", ()):
        yield from _told(correction, "instead", [correction.get("instead", "")])


def card(fields: Fields) -> Iterator[Finding]:
    """Problems with the wording of an atomic card."""
    if fields["kind"] == "claim":
        yield from (Finding(fields, key, message) for key, message in claim(fields))
    yield from _told(fields, "back", [fields["front"], fields["back"], fields.get("why", "")])


def _told(entry: Fields, key: str, texts: Iterable[str]) -> Iterator[Finding]:
    texts = list(texts)
    yield from (Finding(entry, key, _whose(cited)) for cited in anonymous(texts))
    for second in dated_twice(texts):
        yield Finding(entry, key, f"'{second}' is the second date of its paragraph; one is enough")


def _whose(cited: str) -> str:
    return f"'{cited}' does not say whose; name author and year, as in 'Kingma and Ba, 2015'"


def claim(fields: Fields) -> Iterator[tuple[str, str]]:
    """What is wrong with the wording of a claim."""
    if not STATEMENT.fullmatch(fields["front"].strip()):
        yield "front", "a claim quotes one statement; write 'Does this hold? \"...\"'"
    verdict = VERDICT.match(fields["back"])
    if not verdict:
        yield "back", "the back of a claim begins with its verdict; write 'Yes: ...' or 'No: ...'"
    elif "holds" in fields and (verdict[1] == "Yes") != fields["holds"]:
        yield "back", f"the back says '{verdict[1]}' but 'holds' is {str(fields['holds']).lower()}; correct one of them"


def bundled(text: str) -> str:
    """Why a key point seems to make more than one statement; "" when it doesn't."""
    count = len(text.split())
    if ";" in text:
        return "a semicolon joins two statements"
    if NOR.search(text):
        return "'neither ... nor' makes two statements"
    if count > POINT_WORDS:
        return f"{count} words are more than one breath, at most {POINT_WORDS}"
    if CLAUSE.match(text):
        return "'and' or 'but' joins two statements"
    return ""


def anonymous(texts: Iterable[str]) -> Iterator[str]:
    """Studies cited anonymously, in sentences that name nobody."""
    for text in texts:
        for paragraph in _PARAGRAPH.split(text):
            for sentence in _SENTENCE.split(" ".join(paragraph.split())):
                cited = ANONYMOUS.search(sentence)
                if cited and not NAMED.search(sentence):
                    yield cited[0]


def dated_twice(texts: Iterable[str]) -> Iterator[str]:
    """The second date of each paragraph that gives more than one "as of"."""
    for text in texts:
        for paragraph in _PARAGRAPH.split(text):
            dates = AS_OF.findall(" ".join(paragraph.split()))
            if len(dates) > 1:
                yield dates[1]
