"""An answer or a pattern as words: one form for every spelling, each with its span in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

ABBREVIATIONS = frozenset("e.g i.e eg ie vs cf approx etc fig eq resp incl al".split())
TOKEN = re.compile(r"\d+(?:[.,]\d+)+(?![^\W_])|[^\W_]+(?:_[^\W_]+)*(?:['’][^\W\d_]+)?|\n|[^\w\s]")
GREEK = re.compile(r"GREEK (?:SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)")
SYMBOLS = {"%": "percent", "√": "sqrt", "∞": "infinity", "∇": "gradient"}
NUMBERS = {
    word: str(n)
    for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
    )
} | {
    "twenty": "20", "thirty": "30", "fifty": "50", "hundred": "100", "thousand": "1000", "twice": "2x", "double": "2x",
    "zeros": "0", "zeroes": "0", "zeroed": "0", "zeroing": "0",
}  # fmt: skip

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
IRREGULAR = {
    form: base
    for base, forms in {
        "matrix": "matrices", "index": "indices", "vertex": "vertices", "axis": "axes", "criterion": "criteria",
        "hypothesis": "hypotheses", "analysis": "analyses", "half": "halves halved halving", "keep": "kept", "learn": "learnt",
        "hold": "held", "choose": "chose chosen", "shrink": "shrank shrunk", "grow": "grew grown", "feed": "fed",
        "take": "took taken", "give": "gave given", "make": "made", "go": "went gone goes", "become": "became", "find": "found",
        "fall": "fell fallen", "rise": "rose risen", "run": "ran", "see": "saw seen", "build": "built", "send": "sent",
        "throw": "threw thrown", "write": "wrote written", "hide": "hidden", "begin": "began begun", "spend": "spent",
        "lose": "lost", "mean": "meant", "draw": "drew drawn", "know": "knew known", "bring": "brought",
        "catch": "caught", "beat": "beaten", "break": "broke broken", "freeze": "froze frozen", "forget": "forgot forgotten",
        "lead": "led", "leave": "left", "say": "said", "tell": "told", "think": "thought", "pay": "paid", "speed": "sped",
        "split": "splitted", "overcome": "overcame", "weight": "weighs weigh weighed weighing",
    }.items()
    for form in forms.split()
}  # fmt: skip
# The stemmer would make one word of these and of a technical one: "in general" is no generalising, "probably" no probability.
OWN_STEMS = frozenset(
    "general generally normal normally regular regularly initial initially probably "
    "relatively universal university during several united thing things does".split()
)
# What people in a hurry write for longer words.
SHORT_FORMS = {
    short: word
    for word, shorts in {
        "image": "img imgs", "picture": "pic pics", "sequence": "seq seqs", "encoding": "enc", "embedding": "emb embs",
        "attention": "attn", "gradient": "grad grads", "parameter": "param params", "accuracy": "acc", "validation": "val",
        "feature": "feat feats", "probability": "prob probs", "distribution": "dist distr", "error": "err errs", "augmentation": "aug augs",
        "position": "pos", "quantization": "quant", "preprocessing": "preproc", "document": "doc docs", "number": "num nums",
        "temperature": "temp temps", "architecture": "arch archs", "performance": "perf", "information": "info", "statistics": "stats",
        "dimension": "dim dims", "function": "func funcs", "vector": "vec vecs", "utilization": "util", "communication": "comms",
        "prediction": "pred preds", "calibration": "calib", "language": "lang langs", "precision": "prec", "hyperparameter":
        "hyperparam hyperparams", "difference": "diff diffs", "memory": "mem", "generation": "gen", "weight": "wt wts wgt wgts",
        "initialization": "init inits", "convolution": "conv convs", "category": "categ", "similarity": "sim", "transformer": "xformer",
    }.items()
    for short in shorts.split()
}  # fmt: skip
VOWELS = frozenset("aeiouy")
HARDWARE = frozenset("gpus cpus tpus npus relus grus gelus elus mlus".split())
ACRONYMS = re.compile(r"[A-Z]{2,}s")
SPLIT = {
    "cannot": "can not", "can't": "can not", "cant": "can not", "won't": "will not", "wont": "will not", "shan't": "shall not",
    "ain't": "is not", "gonna": "going to", "wanna": "want to", "lets": "lets", "let's": "lets",
}  # fmt: skip
NOT_ENDS = re.compile(
    r"(is|are|was|were|do|does|dos|did|has|have|had|would|could|should|need|must)n['’]?t$"
)  # "dosnt" is often typed
IS_ENDS = re.compile(r"(.+)['’](s|re|ve|ll|d|m)$")

FILLERS = frozenset(
    "um uh uhm erm er hmm hm mm basically actually literally like okay ok right well just really simply quite".split()
)
PAUSES = frozenset("um uh uhm erm er hmm hm mm oh anyway".split())  # what a speaker says between two clauses ...
HANGING = frozenset(
    "a an the of to in on at for with by from not never no is are was were be it its very more less".split()
)  # ... but not behind one of these
FILLER_PHRASES = (
    "you know",
    "kind of",
    "sort of",
    "i mean",
    "i guess",
    "i think",
    "let us say",
    "or something",
    "if you will",
)
CORRECTIONS = (
    "no wait", "wait no", "sorry no", "no sorry", "scratch that", "i meant", "correction", "let me correct", "no no",
    "or rather", "sorry i mean", "actually no", "wait sorry", "strike that",
)  # fmt: skip
ALONE = "correction"  # takes something back only between commas or the like: `bias correction` is a term
WITHDRAWN = 6  # words before such a correction that it takes back
BREAKS = frozenset(
    "but while whereas because although though however so since whereby then which unless except otherwise therefore "
    "hence thus then finally afterwards".split()
)  # words that begin a clause
CONTRASTS = frozenset(
    "but while whereas although though however unlike".split()
)  # what follows is said of something else
PRONOUNS = frozenset("it they we you i he she this that there the then".split())
LOOSE = frozenset(
    "a an the of it them its their our your his this these those that".split()
)  # may stand between a phrase's words
OPERATORS = frozenset("over minus plus times by divided multiplied to".split())
GLUE = LOOSE | OPERATORS | BREAKS | PRONOUNS | frozenset(
    "is are was were be been being am do does did has have had can could may might will would should must not no never "
    "and or in on at for from with into as if when where how why what who whose than to per only also too very each "
    "every all any some both such because one other another same own between through across after "
    "before during until within without via against about under them him her us me my use uses used using get gets "
    "make makes made let lets need needs there here".split()
)  # fmt: skip


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
    if form in OWN_STEMS:
        return f"{form.removesuffix('ly')}'"
    if len(form) < 3 or not form.isalpha():
        return form
    if form in ("activation", "activations"):
        return "activation"
    if form in HARDWARE:
        return form[:-1]  # the stemmer takes "gpus" for a word like "bonus"
    if form[-1] == "s" and not VOWELS.intersection(form[:-1]):
        return form[:-1]  # lstms
    form = IRREGULAR.get(form, form)
    return str(_stemmer().stemWord(form))  # type: ignore[attr-defined]


@cache
def form_of(word: str) -> str:
    """A lower-case word in the spelling that is compared."""
    word = SHORT_FORMS.get(word, NUMBERS.get(word, word))
    for pattern, into in SPELLINGS:
        word = pattern.sub(into, word)
    return word


def beginnings(prefix: str) -> tuple[str, ...]:
    """How words that begin like this are spelt where they are compared: "optimis" begins "optimized" and "optimistic"."""
    return (prefix, f"{prefix[:-1]}z") if SPELT_TWO_WAYS.search(prefix) else (prefix,)


@lru_cache(maxsize=1 << 15)
def _forms(token: str) -> Sequence[str]:
    """The words of a token: none for a sign, two for a contraction."""
    if token in SYMBOLS:
        return [SYMBOLS[token]]
    if ACRONYMS.fullmatch(token):
        token = token[:-1]
    lower = unicodedata.normalize("NFKC", token).casefold().replace("’", "'")
    if not lower[0].isalnum():
        return []
    if lower in SPLIT:
        return SPLIT[lower].split()
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
            if form in BREAKS or (form in PAUSES and words and words[-1].form not in HANGING):
                clause += 1
            filler = form in FILLERS
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
    return not (token == "." and (last in ABBREVIATIONS))


def _joined_clauses(words: list[Word]) -> list[Word]:
    """Clauses that an "and" begins: "... and it", "... and then"."""
    extra, out = 0, []
    for n, word in enumerate(words):
        if word.form == "and" and n + 1 < len(words) and words[n + 1].form in PRONOUNS - {"that", "this", "the"}:
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
    fill = {n + k for n, count in _phrases_at(words, _by_first(FILLER_PHRASES)) for k in range(count)}
    shift, out = 0, []
    for n, word in enumerate(words):
        shift += n in fill and word.form not in FILLERS
        out.append(word._replace(place=word.place - shift))
    return out


def _is_alone(words: list[Word], n: int) -> bool:
    """Is a word a clause of its own?"""
    return all(word.clause != words[n].clause for word in (*words[max(0, n - 1) : n], *words[n + 1 : n + 2]))


def _withdrawn(words: list[Word]) -> list[Word]:
    """With what a "no wait" takes back marked, and the correction itself."""
    gone: set[int] = set()
    for n, count in _phrases_at(words, _by_first(CORRECTIONS)):
        if words[n].form == ALONE and not _is_alone(words, n):
            continue
        first = max(0, n - WITHDRAWN)
        gone.update(k for k in range(first, n) if words[k].sentence == words[n].sentence)
        gone.update(range(n, n + count))
    return [word._replace(withdrawn=n in gone) for n, word in enumerate(words)]
