"""Banks that nobody would write: hypothesis strategies drawn from the format's own table, then spoiled."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import yaml
from hypothesis import strategies as st

from dlquiz.bank import format as bank_format

_BASE: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_BASE):  # type: ignore[misc]  # which base it is shows at run time
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the base's signature
        return True


PIECES = [
    # what acts on a terminal
    "\x1b[31m", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\", "\x1b[2J\x1b[H", "\x1b", "\x9b2J", "\x07", "\x08", "\r", "\x7f", "\x0e",
    "\x00", "\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\u061c", "\ufeff", "\u2028", "\u2029", "\u0085", "\x0b", "\x0c",
    # what means something to Rich, Markdown, HTML and formats
    "[red]", "[/]", "[bold]b[/bold]", "[link=file:///x]l[/link]", ":skull:", "**", "*", "_", "`", "``", "```", "~~~\n", "# ", "> ", "- ",
    "1. ", "| a | b |\n|---|---|\n| 1 | 2 |\n", "|", "<b>", "<!--", "![x](y.png)", "[x](javascript:1)", "[x]: y\n", "&amp;", "&#27;", "%s",
    "{0}", "&#x1b;[31m", "&#x202e;", "&rlm;", "&#8232;", "&NewLine;", "<http://x/%1B%5B31m>", "<http://x/%E2%80%AE>", "[x](<%1B[2J>)",
    "<\x1b>", "---", "===", "    code\n", "\\", "<script>", "\n\n", "\n", "\t", " ", "  \n",
    # fresh numbers
    "{{a}}", "{{1 / 3}}", "{{b / a}}", "{{9 ** 999}}", "{{a < 1}}",
    # what means something to formulas
    "$", "$$", "$x$", "\\frac{", "\\frac{a}{b}", "{", "}", "^", "_{", "\\begin{pmatrix}", "\\end{pmatrix}", "\\left(", "\\right.",
    "\\sqrt[", "\\text{", "&", "\\\\", "~", "\\hat", "'", "\\not", "\\mathbb{", "e^{-x}", "\\operatorname",
    # words, also of other scripts
    "[...]", "word ", "wrong", "Is it?", "latest", "80 % of teams", "漢字", "👩‍👩‍👧", "e\u0301\u0301\u0301", "\u200b",
    "שלום", "مرحبا", "क्षि", "ﬁ", "ǅ", "0.25", "1/4", "true", "2026-11-24", "~", "a" * 300, "http://example.org/" + "a" * 90,
    # too much of something
    "> " * 60, "- " * 60, "[" * 60, "(" * 200, "*" * 99, "{" * 90, "\\frac{" * 60, "$" + "_{" * 60 + "$", "`" * 50, "\n" * 50, "| " * 50,
    "#" * 20,
]  # fmt: skip
TEXTS = (
    st.lists(st.sampled_from(PIECES) | st.text(max_size=8), min_size=1, max_size=6)
    .map("".join)
    .map(lambda text: text if text.strip() else f"word{text}")
)
WORDS = [
    "a", "b", "c", "d-e", "f_g", "on", "no", "null", "007", "1e5", "2026-11-24", "x" * 120, "adam2015", "2026-11", "0001-01", "9999-12-31",
    "a.b", "null.no", "mine/a.b", "a#b", "on#no", "media/a.svg", "a.png",
]  # fmt: skip
WRONG: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
CUTS = [
    b"&a ", b"*a", b"<<: ", b"!!str ", b"!!python/name:os.system ", b"! ", b"[", b"]", b"{", b"}", b"? ", b": ", b"- ", b"\n---\n",
    b"\n...\n", b"%YAML 1.1\n", b"|\n", b">-\n", b"'", b'"', b"\t", b"\n", b"\r", b"\r\n", b"\xe9", b"\0", b"\x1b[31m", b"\xc2\x85",
    b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xed\xa0\x80", b"#", b"\\x", b'"\\ud800"', b"~", b"=", b"@", b"was: [a]\n",
    b"retired:\n", b"  " * 40,
    b"[" * 200, b"bank: b\n", b"id: ", b"notes:\n",
]  # fmt: skip


class Folder(NamedTuple):
    """A bank's file, and what lies beside it."""

    bank: bytes
    sources: bytes | None = None


def _drawn(of: bank_format.Shape, spoiled: bool) -> st.SearchStrategy[Any]:
    """What a shape allows, its texts as hostile as they get; spoiled, now and then something that it doesn't."""
    right = _right(of, spoiled)
    return st.one_of(right, right, right, right, right, right, WRONG) if spoiled else right


def _right(of: bank_format.Shape, spoiled: bool) -> st.SearchStrategy[Any]:
    match of:
        case bank_format.TextField(choices=(_, *_)):
            return st.sampled_from(of.choices)
        case bank_format.TextField(pattern=""):
            return TEXTS | st.integers(-1, 10**6) | st.booleans() if of.loose else TEXTS
        case bank_format.TextField():
            return st.sampled_from([each for each in WORDS if re.fullmatch(of.pattern, each)])
        case bank_format.Whole():
            return st.integers(of.low, of.high)
        case bank_format.Truth():
            return st.booleans()
        case bank_format.List():
            return st.lists(
                _drawn(of.of, spoiled), min_size=int(of.of in (bank_format.NOTE, bank_format.CARD)), max_size=3
            )
        case bank_format.Values():
            return st.lists(st.integers(-9, 9) | st.sampled_from([0.5, 1e-3]), min_size=of.low, max_size=3, unique=True)
        case bank_format.MappingOf():
            keys = st.sampled_from(["a", "b", "adam2015"]) if of.keys else TEXTS
            return st.dictionaries(keys, _drawn(of.of, spoiled), max_size=3)
        case bank_format.Struct():
            inner = {key: _drawn(one, spoiled) for key, (one, _) in of.keys.items()}
            needed = {key: inner.pop(key) for key in of.required}
            return st.fixed_dictionaries(needed, optional=inner)
    raise AssertionError(of)


def _sound(bank: Any) -> Any:
    """As drawn, but with what no shape can tell put right, so that most banks get as far as the screen."""
    if not isinstance(bank, dict) or not isinstance(bank.get("notes"), list):
        return bank
    bank["bank"] = "mine"
    bank.pop("retired", None)
    bank.pop("was", None)
    for n, note in enumerate(bank["notes"]):
        if not isinstance(note, dict):
            continue
        note["id"] = f"n{n}"
        note.pop("was", None)
        points = note.get("key_points")
        for m, point in enumerate(points if isinstance(points, list) else ()):
            if isinstance(point, dict):
                point["id"] = f"p{m}"
                point.pop("was", None)
        cards = note.get("cards")
        for m, card in enumerate(cards if isinstance(cards, list) else ()):
            if isinstance(card, dict):
                _sound_card(card, m, len(points) if isinstance(points, list) else 0)
    return bank


def _sound_card(card: dict[str, Any], place: int, points: int) -> None:
    card["id"] = f"c{place}"
    card.pop("was", None)
    if "drills" in card:
        card["drills"] = [f"p{m}" for m in range(min(points, 2))]
    front = str(card.get("front", "")).replace("[...]", "")
    if card.get("kind") == "cloze":
        card["front"] = f"{front} [...]"
    if card.get("kind") == "choice":
        card["distractors"] = [{"text": front, "why": "w"}, {"text": "two", "why": front or "w"}]
    else:
        card.pop("distractors", None)
    if card.get("kind") == "claim":
        card["holds"] = bool(place % 2)
        card.pop("accept", None)
    else:
        card.pop("holds", None)
    parts = card.get("parts")
    if card.get("kind") in ("claim", "choice") or not isinstance(parts, list) or len(parts) < 2:
        card.pop("parts", None)
        card.pop("any_order", None)


_OFTEN = st.sampled_from(range(10))
_DRAWN = {
    (of.name, spoiled): _drawn(of, spoiled)
    for of in (bank_format.BANK, bank_format.SOURCES)
    for spoiled in (False, True)
}


@st.composite
def _files(draw: st.DrawFn, of: bank_format.Struct) -> bytes:
    value = draw(_DRAWN[of.name, draw(_OFTEN) == 1])
    if of is bank_format.BANK and draw(_OFTEN) != 2:
        value = _sound(value)
    raw = yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=draw(st.booleans()),
        default_flow_style=draw(st.sampled_from([None, False, True])),
        sort_keys=False,
        width=10**6,
    ).encode("utf-8", "surrogatepass")
    return draw(_spoiled(raw)) if draw(_OFTEN) == 1 else raw


@st.composite
def _spoiled(draw: st.DrawFn, raw: bytes) -> bytes:
    """With something cut out, put in or put elsewhere."""
    for _ in range(draw(st.integers(1, 3))):
        one, two = sorted((draw(st.integers(0, len(raw))), draw(st.integers(0, len(raw)))))
        piece = draw(st.sampled_from(CUTS) | st.binary(max_size=3))
        end = draw(st.sampled_from([one, min(len(raw), one + 1), two]))
        raw = raw[:one] + piece + raw[end:]
    return draw(st.sampled_from([raw, raw, raw.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + raw]))


@st.composite
def _folders(draw: st.DrawFn) -> Folder:
    junk = st.binary(max_size=100)
    bank = draw(_files(bank_format.BANK) if draw(_OFTEN) < 9 else junk)
    if draw(_OFTEN) % 3:
        return Folder(bank)
    return Folder(bank, draw(_files(bank_format.SOURCES) if draw(_OFTEN) < 9 else junk))


FOLDERS = _folders()
