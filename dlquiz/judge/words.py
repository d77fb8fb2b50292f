"""An answer or a pattern as words: one form for every spelling, each with its span in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from dlquiz.judge import lexicon

TOKEN = re.compile(r"\d+(?:[.,]\d+)+(?![^\W_])|[^\W_]+(?:_[^\W_]+)*(?:['’][^\W\d_]+)?|\n|[^\w\s]")
GREEK = re.compile(r"GREEK (?:SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)")
# One spelling for all: what it makes of a word need not be one, as patterns go through it too.
SPELLINGS = (
    (re.compile(r"(?<=\w\w\w)is(?=(?:e|es|ed|ing|er|ers|ation|ations|able)$)"), "iz"),
    (re.compile(r"(?<=\wl)ys(?=(?:e|es|ed|ing|er|ers)$)"), "yz"),
    (re.compile(r"(?<=\w\w)our(?=(?:s|ed|ing|hood|hoods|ably|able|al|ally)?$)(?<!\bfour)(?<!\bhour)(?<!\byour)"), "or"),
    (re.compile(r"(?<=\w\w\w\w)ll(?=(?:ed|ing|er|ers)$)"), "l"),
    (re.compile(r"(?<=\w\w[nt])tre(?=(?:s|d)?$)"), "ter"),
    (re.compile(r"^centre"), "center"),
    (re.compile(r"^artefact"), "artifact"),
    (re.compile(r"^grey"), "gray"),
)
SPELT_TWO_WAYS = re.compile(r"(?:\w\w\wis|\wlys)$")  # a beginning that SPELLINGS change only together with an ending
VOWELS = frozenset("aeiouy")
ACRONYMS = re.compile(r"[A-Z]{2,}s")
NOT_ENDS = re.compile(
    r"(is|are|was|were|do|does|dos|did|has|have|had|would|could|should|need|must)n['’]?t$"
)  # "dosnt" is often typed
IS_ENDS = re.compile(r"(.+)['’](s|re|ve|ll|d|m)$")
WITHDRAWN = 6  # words before a correction that it takes back


class Word(NamedTuple):
    """A word of a text."""

    form: str  #: as it is compared: lower case, one spelling, digits for numbers
    stem: str
    start: int  #: in the text
    end: int
    place: int  #: its number in the text; fillers share that of the word before
    sentence: int
    clause: int
    relation: bool = False  #: a sign that relates (=, :, /, ->) stands before it
    withdrawn: bool = False  #: taken back: "no wait"


@cache
def _stemmer() -> object:
    from snowballstemmer.english_stemmer import EnglishStemmer  # 17 ms, and only an answer that is judged needs it

    return EnglishStemmer()


@cache
def stem(form: str) -> str:
    """What the forms of one word share."""
    if form in lexicon.OWN_STEMS:
        return f"{form.removesuffix('ly')}'"
    if len(form) < 3 or not form.isalpha():
        return form
    if form in ("activation", "activations"):
        return "activation"
    if form in lexicon.HARDWARE:
        return form[:-1]  # the stemmer takes "gpus" for a word like "bonus"
    if form[-1] == "s" and not VOWELS.intersection(form[:-1]):
        return form[:-1]  # lstms
    form = lexicon.IRREGULAR.get(form, form)
    return str(_stemmer().stemWord(form))  # type: ignore[attr-defined]


@cache
def form_of(word: str) -> str:
    """A lower-case word in the spelling that is compared."""
    word = lexicon.SHORT_FORMS.get(word, lexicon.NUMBERS.get(word, word))
    for pattern, into in SPELLINGS:
        word = pattern.sub(into, word)
    return word


def beginnings(prefix: str) -> tuple[str, ...]:
    """How words that begin like this are spelt where they are compared: "optimis" begins "optimized" and "optimistic"."""
    return (prefix, f"{prefix[:-1]}z") if SPELT_TWO_WAYS.search(prefix) else (prefix,)


@lru_cache(maxsize=1 << 15)
def _forms(token: str) -> Sequence[str]:
    """The words of a token: none for a sign, two for a contraction."""
    if token in lexicon.SYMBOLS:
        return [lexicon.SYMBOLS[token]]
    if ACRONYMS.fullmatch(token):
        token = token[:-1]
    lower = unicodedata.normalize("NFKC", token).casefold().replace("’", "'")
    if not lower[0].isalnum():
        return []
    if lower in lexicon.SPLIT:
        return lexicon.SPLIT[lower].split()
    negated = NOT_ENDS.match(lower)
    if negated:
        return ["does" if negated[1] == "dos" else negated[1], "not"]
    ended = IS_ENDS.match(lower)
    if ended:
        ends = {"s": "s", "re": "are", "ve": "have", "ll": "will", "d": "would", "m": "am"}[ended[2]]
        lower, more = ended[1], [ends] if ends != "s" else []
    else:
        more = []
    if any("\u0370" <= char <= "\u03ff" for char in lower):
        lower = _spelled_greek(lower)
    plain = unicodedata.normalize("NFKD", lower).encode("ascii", "ignore").decode().replace("_", "").replace(",", "")
    return [form_of(word) for word in plain.replace("'", "").split()] + more


def _spelled_greek(word: str) -> str:
    """Greek letters by their names, each a word of its own."""
    out = ""
    for char in word:
        letter = GREEK.match(unicodedata.name(char, ""))
        out += f" {letter[1].lower()} " if letter else char
    return out


def read(text: str) -> list[Word]:
    """The words of a text, with sentences and clauses counted."""
    words: list[Word] = []
    sentence = clause = place = 0
    relation = False
    for match in TOKEN.finditer(text):
        token = match[0]
        forms = _forms(token)
        if not forms:
            if _ends_sentence(text, match):
                sentence, clause = sentence + 1, clause + 1
            elif token in ",;:()[]—–\n" or (token == "-" and _is_dash(text, match)):
                clause += 1
            relation |= token in "=:/+*<>→≈≤≥·×^|"
            continue
        for form in forms:
            if form in lexicon.BREAKS or (form in lexicon.PAUSES and words and words[-1].form not in lexicon.HANGING):
                clause += 1
            filler = form in lexicon.FILLERS
            place += not filler
            words.append(Word(form, stem(form), match.start(), match.end(), place, sentence, clause, relation))
            relation = False
    return _withdrawn(_filled(_joined_clauses(words)))


def _is_dash(text: str, match: re.Match[str]) -> bool:
    """Does a hyphen part clauses? Not within a word, and not as the minus of `1 - p`."""
    minus = re.search(r"\d\s$", text[: match.start()]) and re.match(r"\s\w(?!\w)", text[match.end() :])
    return text[match.start() - 1 : match.start()].isspace() and not minus


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    token, after = match[0], text[match.end() : match.end() + 1]
    if token == "\n":
        return (
            text[match.end() : match.end() + 1] in ("\n", "-", "*", "•")
            or text[: match.start()].rstrip()[-1:] in ".!?:;"
        )
    if token == ";":
        return True
    if token not in ".!?…" or not (not after or after.isspace() or after in "\"')”’"):
        return False
    before = re.search(r"[\w.]*$", text[: match.start()])
    last = before[0].lower() if before else ""
    return not (token == "." and (last in lexicon.ABBREVIATIONS))


def _joined_clauses(words: list[Word]) -> list[Word]:
    """Clauses that an "and" begins: "... and it", "... and then"."""
    extra, out = 0, []
    for n, word in enumerate(words):
        if (
            word.form == "and"
            and n + 1 < len(words)
            and words[n + 1].form in lexicon.PRONOUNS - {"that", "this", "the"}
        ):
            extra += 1
        out.append(word._replace(clause=word.clause + extra))
    return out


def _phrases_at(words: list[Word], phrases: Mapping[str, list[tuple[str, ...]]]) -> list[tuple[int, int]]:
    """Where one of these phrases stands: first word and how many. They come by their first word."""
    return [
        (n, len(phrase))
        for n, word in enumerate(words)
        for phrase in phrases.get(word.form, ())
        if tuple(word_after.form for word_after in words[n : n + len(phrase)]) == phrase
    ]


@cache
def _by_first(phrases: tuple[str, ...]) -> dict[str, list[tuple[str, ...]]]:
    """Phrases in the forms that are compared, by their first word."""
    out: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        forms = tuple(form_of(word) for word in phrase.split())
        out.setdefault(forms[0], []).append(forms)
    return out


def _filled(words: list[Word]) -> list[Word]:
    """With phrases that only fill taking no place."""
    fill = {n + k for n, count in _phrases_at(words, _by_first(lexicon.FILLER_PHRASES)) for k in range(count)}
    shift, out = 0, []
    for n, word in enumerate(words):
        shift += n in fill and word.form not in lexicon.FILLERS
        out.append(word._replace(place=word.place - shift))
    return out


def _is_alone(words: list[Word], n: int) -> bool:
    """Is a word a clause of its own?"""
    return all(word.clause != words[n].clause for word in (*words[max(0, n - 1) : n], *words[n + 1 : n + 2]))


def _withdrawn(words: list[Word]) -> list[Word]:
    """With what a "no wait" takes back marked, and the correction itself."""
    gone: set[int] = set()
    for n, count in _phrases_at(words, _by_first(lexicon.CORRECTIONS)):
        if words[n].form == lexicon.ALONE and not _is_alone(words, n):
            continue
        first = max(0, n - WITHDRAWN)
        gone.update(k for k in range(first, n) if words[k].sentence == words[n].sentence)
        gone.update(range(n, n + count))
    return [word._replace(withdrawn=n in gone) for n, word in enumerate(words)]
