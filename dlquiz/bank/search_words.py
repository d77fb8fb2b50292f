"""What counts as a word when text is searched, how else it may be spelled, and the piece of a text that shows it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from dlquiz import maths
from dlquiz.text import printable, tags

_SMALL = "\u00b2\u00b3\u00b9\u02b0-\u02b8\u1d2c-\u1d6a\u2070-\u209c\u2c7c"  # sub- and superscripts: words of their own
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # written without spaces: each is a word
_SIGNS = {"√": "sqrt", "∑": "sum", "∏": "prod", "∇": "nabla", "∂": "partial", "∞": "infty"}  # by their LaTeX names
_WORD = re.compile(
    rf"[{_SMALL}]+|[^\W\d_{_SMALL}{_IDEOGRAPHS}]+|\d+|[{_IDEOGRAPHS}]|[{''.join(_SIGNS)}]"
)  # letters and digits part: "L2", "L²" and "l_2" are the same two words
_ASCII = re.compile(r"[a-z]+|\d+")  # the same for most texts, several times as fast
_HYPHENED = re.compile(r"(?<![^\W\d_])(?=([^\W\d_]+)-([^\W\d_]+))")
_MARKUP = re.compile(
    r"(?<!\\)(?:\*\*|`+|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*]))|^\s*\|[-:| ]+$|^\s*\||\s\|\s|\|$|^\s*(?:[-+>#*]+|\d+\.)\s",
    re.MULTILINE,
)  # what `maths.readable` did not escape
_ESCAPE = re.compile(r"\\(?=[\\`*_\[\]<|~&$>#+=-])")
# British and American, either way; each applies to words of five letters and more.
_SPELLINGS = (
    (r"is(?=[aei]|$)", "iz"), (r"iz(?=[aei]|$)", "is"), (r"ys(?=[ei])", "yz"), (r"yz(?=[ei])", "ys"), ("our", "or"), ("or", "our"),
    (r"ll(?=ed|ing|er)", "l"), (r"(?<=[aeiou])l(?=ed|ing|er)", "ll"), (r"tre(?=s|$)", "ter"), (r"ter(?=s|$)", "tre"),
)  # fmt: skip
_PLURALS = ((r"ies$", "y"), (r"(?<=ss|sh|ch)es$|(?<=[xz])es$", ""), (r"(?<=[^s])s$", ""))
_SPELLED = 5
_RESPELLED = 4  # words of a phrase; a longer one is looked for as it stands
_MOST = 24  # spellings of one term
LENGTH = 160  # characters of an excerpt


class IndexWord(NamedTuple):
    """A word of a text, folded, and where it stands there."""

    text: str
    start: int
    end: int


class Spelling(NamedTuple):
    """Words in a row."""

    words: tuple[str, ...]
    goes_on: bool  #: the last may be the beginning of another


class Term(NamedTuple):
    """What is searched for: one word, or several in a row, in every accepted spelling."""

    typed: str
    spellings: tuple[Spelling, ...]


class MarkedSpan(NamedTuple):
    """A piece of an excerpt."""

    text: str
    hit: bool


def words(text: str) -> list[IndexWord]:
    """The words of a text that went through `shown`."""
    return [IndexWord(_folded(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]


def folded(text: str) -> list[str]:
    """The words, then the hyphenated ones written as one: what an index keeps of a text that went through `shown`."""
    plain_words = _ASCII.findall(text.lower()) if text.isascii() else list(map(_folded, _WORD.findall(text)))
    return plain_words + [_folded("".join(halves)) for halves in _HYPHENED.findall(text)]


def joined(text: str, words: Sequence[IndexWord]) -> list[str]:
    """Hyphenated words written as one: `minibatch` for `mini-batch`."""
    pairs = pairwise(words)
    return [
        first.text + second.text for first, second in pairs if second.start == first.end + 1 and text[first.end] == "-"
    ]


def shown(text: str, forms: Mapping[str, str]) -> str:
    """A bank's text as a readable line: formulas as Unicode, no Markdown, nothing that a terminal acts on."""
    line = maths.readable(tags.markdown(unicodedata.normalize("NFC", text)), forms)
    bare = _MARKUP.sub(lambda mark: "" if mark[0].strip("*`") == "" else " ", line)
    return printable.clean(" ".join(_ESCAPE.sub("", bare).split()))


def term(typed: str) -> Term | None:
    """A term of what somebody typed; None when there is no word in it."""
    text = unicodedata.normalize("NFC", typed)
    text = maths.formula(text) if "\\" in text and "$" not in text else maths.plain(text)
    typed_words = words(text)
    if not typed_words:
        return None
    own = [word.text for word in typed_words]
    several = [_spellings(word) for word in own] if len(own) <= _RESPELLED else [{word: _extends(word)} for word in own]
    every = [Spelling(combination, several[-1][combination[-1]]) for combination in product(*several)]
    if len(own) > 1 and joined(text, typed_words):
        every.append(Spelling(("".join(own),), True))
    return Term(typed, tuple(every[:_MOST]))


@lru_cache(maxsize=10_000)
def _folded(word: str) -> str:
    """The word without case, accents or the difference between β and its name."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word).casefold()
    letters = (char for char in decomposed if not unicodedata.combining(char))
    return "".join(
        _SIGNS.get(char) or (printable.spelled(char) if "\u0370" <= char <= "\u03ff" else char) for char in letters
    )


def _spellings(word: str) -> dict[str, bool]:
    """The word and its singular, in British and American spelling, each with whether it may be a prefix.

    A singular may not: `moments` is not looked for in `momentum`.
    """
    spellings = {word: _extends(word)}
    if len(word) < 4:
        return spellings
    for base, goes_on in [(word, True), *((single, False) for single in _singular(word))]:
        respelled = [re.sub(pattern, to, base) for pattern, to in _SPELLINGS if len(base) >= _SPELLED]
        for spelled in (base, *respelled):
            spellings.setdefault(spelled, goes_on)
    return spellings


def _singular(word: str) -> list[str]:
    return [re.sub(pattern, to, word) for pattern, to in _PLURALS if re.search(pattern, word)][:1]


def _extends(word: str) -> bool:
    """May the word match as a prefix of another? A single letter or a number may not."""
    return len(word) > 1 and not word.isdigit()


def excerpt(texts: Iterable[str], terms: Sequence[Term]) -> list[MarkedSpan]:
    """The excerpt that shows the most terms, from the text that has the most; empty when none has any."""
    best: tuple[int, str, list[tuple[int, int]]] = (0, "", [])
    for text in texts:
        places = _places(text, terms)
        count = len({number for number, _, _ in places})
        if count > best[0]:
            best = (count, text, [(start, end) for _, start, end in _densest(places)])
    return _cut(best[1], best[2]) if best[0] else []


def beginning(text: str) -> list[MarkedSpan]:
    """The beginning of a text, as long as an excerpt."""
    return _cut(text, [])


def marked(text: str, terms: Sequence[Term]) -> list[MarkedSpan]:
    """The whole text with the matches marked."""
    return _parts(text, [(start, end) for _, start, end in _places(text, terms)], 0, len(text))


def _places(text: str, terms: Sequence[Term]) -> list[tuple[int, int, int]]:
    """Number of the term, start and end of each match, in the order of the text."""
    text_words = words(text)
    places = []
    for n, word in enumerate(text_words):
        for number, sought in enumerate(terms):
            end = next((end for spelling in sought.spellings if (end := _match(text, text_words, n, spelling))), 0)
            if end:
                places.append((number, word.start, end))
                break
    return places


def _match(text: str, text_words: Sequence[IndexWord], n: int, spelling: Spelling) -> int:
    """Where the spelling that begins at the n-th word ends; 0 when it does not begin there."""
    *first, last = spelling.words
    here = [word.text for word in text_words[n : n + len(spelling.words)]]
    if here == [*first, last] or (spelling.goes_on and here[:-1] == first and here[-1].startswith(last)):
        return text_words[n + len(first)].end
    if not first and joined(text, text_words[n : n + 2]) == [last]:
        return text_words[n + 1].end
    return 0


def _densest(places: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The places within one excerpt's length that name the most terms; the first of equals."""
    windows = (
        [span for span in places[n:] if span[2] - start <= LENGTH * 2 // 3] for n, (_, start, _) in enumerate(places)
    )
    return max(windows, key=lambda window: len({number for number, _, _ in window}))


def _cut(text: str, places: Sequence[tuple[int, int]]) -> list[MarkedSpan]:
    """About LENGTH characters around the places, from word to word."""
    first, last = places[0][0] if places else 0, places[-1][1] if places else 0
    room = max(0, LENGTH - (last - first))
    start = max(0, min(first - room // 3, len(text) - LENGTH))
    end = min(len(text), max(last, start + LENGTH))
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", last, end)
        end = space if space >= 0 else end
    pieces = _parts(text, places, start, end)
    return [
        *([MarkedSpan("… ", False)] if start else []),
        *pieces,
        *([MarkedSpan(" …", False)] if end < len(text) else []),
    ]


def _parts(text: str, places: Sequence[tuple[int, int]], start: int, end: int) -> list[MarkedSpan]:
    pieces = []
    for first, last in places:
        if first < start or last > end:
            continue
        pieces += [MarkedSpan(text[start:first], False), MarkedSpan(text[first:last], True)]
        start = last
    return [piece for piece in (*pieces, MarkedSpan(text[start:end], False)) if piece.text]
