from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from builders import called
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dlquiz import lint, typed_answer, variants
from dlquiz.bank import build, ids, read, tree, write
from dlquiz.bank import format as bank_format
from dlquiz.card import GRADES, KINDS, VOLATILITIES
from dlquiz.collection import BankPaths, check
from dlquiz.errors import Problem, UsageError

DOCS = Path(__file__).parent.parent / "docs" / "bank-format.md"

HEAD = """\
bank: mine
notes:
  - id: adam
    question: What does Adam keep?
    answer: Two running means.
"""
POINTS = HEAD + "    key_points:\n      - {id: first, text: A mean of gradients.}\n"
CARDS = HEAD + "    cards:\n"
CARD = CARDS + "      - {id: lr, front: Which rate?, back: 0.001}\n"
CHOICE = CARDS + "      - {id: c, kind: choice, front: Which?, back: this"


class Malformed(NamedTuple):
    """A bank that must be refused."""

    kind: str
    text: str | bytes
    place: tuple[int, int]  #: line and column of its first error
    word: str  #: of that error's message

    @property
    def raw(self) -> bytes:
        return self.text if isinstance(self.text, bytes) else self.text.encode()


MALFORMED = [
    # keys
    Malformed("an unknown key of a note", HEAD + "    colour: red\n", (6, 5), "unknown field of a note"),
    Malformed("an unknown key of the file", "colour: red\n" + HEAD, (1, 1), "unknown field of a bank"),
    Malformed("an unknown key of a card", CARDS + "      - {id: a, front: b, back: c, hint: d}\n", (7, 36), "'hint'"),
    Malformed("a duplicate key", HEAD + "    answer: Three.\n", (6, 5), "stands twice"),
    Malformed("a list as a key", "bank: mine\n? [notes]\n: []\n", (2, 3), "single word"),
    Malformed("a key without a value", HEAD + "    short:\n", (6, 5), "no value"),
    # ids
    Malformed("a duplicate note id", HEAD + "  - {id: adam, question: Q, answer: A}\n", (6, 6), "taken"),
    Malformed("a duplicate card id", CARD + "      - {id: lr, front: f, back: b}\n", (8, 10), "taken"),
    Malformed("a duplicate key point id", POINTS + "      - {id: first, text: t}\n", (6, 5), "share an id"),
    Malformed("an id that is no slug", HEAD.replace("adam", "Adam W"), (3, 9), "slug"),
    Malformed("a dot in an id", HEAD.replace("adam", "adam.lr"), (3, 9), "slug"),
    # what is missing
    Malformed("no id", HEAD.replace("id: adam\n    ", ""), (3, 5), "no id"),
    Malformed("no question", HEAD.replace("    question: What does Adam keep?\n", ""), (3, 5), "no question"),
    Malformed("no answer", HEAD.replace("    answer: Two running means.\n", ""), (3, 5), "no answer"),
    Malformed("an answer of nothing", HEAD.replace(" Two running means.", ""), (3, 5), "no answer"),
    Malformed("an empty question", HEAD.replace("What does Adam keep?", '" "'), (4, 15), "empty"),
    Malformed("no front", CARDS + "      - {id: lr, back: b}\n", (7, 9), "no front"),
    Malformed("no back", CARDS + "      - {id: lr, front: f}\n", (7, 9), "no back"),
    Malformed("a figure without words", HEAD + "    figures: [{file: media/adam.svg}]\n", (6, 15), "no alt"),
    Malformed("a figure from elsewhere", HEAD + "    figures: [{file: ../adam.svg, alt: a}]\n", (6, 22), "a path like"),
    Malformed("a figure from the root", HEAD + "    figures: [{file: /adam.svg, alt: a}]\n", (6, 22), "a path like"),
    Malformed("a figure of no picture", HEAD + "    figures: [{file: adam.exe, alt: a}]\n", (6, 22), "a path like"),
    Malformed("no card id", CARDS + "      - {front: f, back: b}\n", (7, 9), "no id"),
    Malformed("no bank", HEAD.removeprefix("bank: mine\n"), (1, 1), "no 'bank:'"),
    Malformed("no notes", "bank: mine\n", (1, 1), "no notes"),
    Malformed("a list of no notes", "bank: mine\nnotes: []\n", (2, 1), "no notes"),
    Malformed("an empty file", "", (1, 1), "empty"),
    Malformed("only comments", "# bank: mine\n# notes: []\n", (1, 1), "empty"),
    Malformed("only a document's start", "---\n", (1, 1), "empty"),
    # types
    Malformed("a list for a text", HEAD.replace("What does Adam keep?", "[What, why]"), (4, 15), "not a list"),
    Malformed("a mapping for a text", HEAD.replace("What does Adam keep?", "{a: b}"), (4, 15), "not a mapping"),
    Malformed("a number for a text", HEAD.replace("What does Adam keep?", "42"), (4, 15), "quotes"),
    Malformed("a text for a list", HEAD + "    tags: adam, sgd\n", (6, 11), "must be a list"),
    Malformed("a mapping for a list", HEAD + "    tags: {adam: sgd}\n", (6, 11), "must be a list"),
    Malformed("a mapping for the cards", CARDS.replace("cards:", "cards: {id: a, front: b, back: c}"), (6, 12), "must be a list"),
    Malformed("a list for a mapping", HEAD + "    text: [a]\n", (6, 11), "must be a mapping"),
    Malformed("a date for a number", HEAD + "    number: 2026-11-24\n", (6, 13), "whole number"),
    Malformed("a word for the difficulty", HEAD + "    difficulty: hard\n", (6, 17), "whole number from 1 to 3"),
    Malformed("a difficulty out of range", HEAD + "    difficulty: 4\n", (6, 17), "whole number from 1 to 3"),
    Malformed("a quoted difficulty", HEAD + "    difficulty: '2'\n", (6, 17), "whole number from 1 to 3"),
    Malformed("a word for a truth", POINTS.replace(".}", "., must: maybe}"), (7, 55), "true or false"),
    Malformed("a mapping for the notes", "bank: mine\nnotes: {id: adam}\n", (2, 8), "must be a list"),
    Malformed("a word for a note", "bank: mine\nnotes: [adam]\n", (2, 9), "must be a mapping"),
    Malformed("a list for the file", "- bank: mine\n- notes: []\n", (1, 1), "not a list"),
    Malformed("a word for the file", "bank\n", (1, 1), "not a single value"),
    # what YAML can do and banks must not
    Malformed(
        "an alias bomb",
        "bank: mine\na: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcde", "bcdef", strict=True)),
        (2, 4),
        "'&a' is a YAML anchor",
    ),
    Malformed("an anchor", HEAD + "    short: &means Two means.\n", (6, 12), "'&means' is a YAML anchor"),
    Malformed("an alias", HEAD + "    short: *means\n", (6, 12), "'*means' is a YAML alias"),
    Malformed("a merge key", HEAD + "  - <<: {id: b}\n    question: Q\n    answer: A\n", (6, 5), "'<<'"),
    Malformed("a merge key with an alias", HEAD + "  - <<: *adam\n    id: b\n", (6, 9), "alias"),
    Malformed(
        "a Python object", "bank: mine\nnotes: !!python/object/apply:os.getcwd []\n", (2, 8), "python/object/apply:os.getcwd"
    ),
    Malformed("a tag", HEAD + "    short: !!str 42\n", (6, 12), "is a YAML tag"),
    Malformed("a tag of one's own", HEAD + "    short: !mine 42\n", (6, 12), "'!mine' is a YAML tag"),
    Malformed("deep flow nesting", "bank: mine\nnotes: " + "[" * 500 + "]" * 500, (2, 28), "nested"),
    Malformed("deep flow nesting without an end", "bank: mine\nnotes: " + "{a: " * 10_000, (2, 85), "nested"),
    Malformed("deep block nesting", "".join(f"{' ' * n}a:\n" for n in range(10_000)), (21, 21), "nested"),
    Malformed("deep block nesting in a line", "bank: mine\nnotes:\n  " + "- " * 10_000, (3, 43), "nested"),
    Malformed("two documents", HEAD + "---\n" + HEAD, (6, 1), "second document"),
    Malformed("another version of YAML", "%YAML 9.9\n---\n" + HEAD, (1, 1), "no valid YAML"),
    # bytes and syntax
    Malformed("a NUL byte", HEAD + "\0", (6, 1), "NUL"),
    Malformed("a NUL byte within a line", HEAD + "    short: 'é \0'\n", (6, 15), "NUL"),
    Malformed("UTF-16", HEAD.encode("utf-16-le"), (1, 2), "NUL"),
    Malformed("UTF-16 with its mark", HEAD.encode("utf-16"), (1, 1), "not UTF-8"),
    Malformed("Latin-1", (HEAD + "    short: café\n").encode("latin-1"), (6, 15), "UTF-8"),
    Malformed("Latin-1 after UTF-8", b"\xef\xbb\xbf# \xc3\xa9\xc3\xa9 \xe9\n" + HEAD.encode(), (1, 6), "UTF-8"),
    Malformed("a control character", HEAD + '    short: "Two\x07means."\n', (6, 16), "does not allow (U+0007)"),
    Malformed("a control character after other letters", HEAD + '    short: "Größe ∑\x1b[31m"\n', (6, 20), "does not allow (U+001B)"),
    Malformed("a control character after Windows lines", HEAD.replace("\n", "\r\n") + '    short: "ö\x7f"\r\n', (6, 14), "(U+007F)"),
    Malformed("a C1 control character", "\ufeff" + HEAD.replace("mine", "ü\x9bmine"), (1, 8), "does not allow (U+009B)"),
    Malformed("a NUL character, escaped", HEAD + '    short: "Two\\0means."\n', (6, 12), "a NUL character"),
    Malformed("half a character, escaped", HEAD + '    short: "\\ud800"\n', (6, 15), "no valid YAML"),
    Malformed("a character beyond Unicode, escaped", HEAD + '    short: "\\U00110000"\n', (6, 15), "no valid YAML"),
    Malformed("an escape character", HEAD.replace("mine", "\x1b[31mmine"), (1, 7), "does not allow"),
    Malformed("a tab as indentation", HEAD + "\tshort: Two.\n", (6, 1), "tab"),
    Malformed("a key over two lines", HEAD + '    "co\\nlour": red\n', (6, 5), "'co lour' is an unknown field"),
    Malformed("a very long key", HEAD + "    ? " + "a" * 100_000 + "\n    : b\n", (6, 7), "aaa...' is an unknown field"),
    Malformed("a very long number", HEAD.replace("mine", "mine") + "    short: " + "9" * 100_000 + "\n", (6, 12), "999...;"),
    Malformed("a very long word", HEAD + "    volatility: " + "a" * 100_000 + "\n", (6, 17), "aaa...'; it may be stable"),
    Malformed("an unclosed quote", HEAD + '    short: "Two means.\n    tags: [adam]\n', (8, 1), "no valid YAML"),
    Malformed("an unclosed bracket", HEAD + "    tags: [adam\n    short: Two.\n", (7, 10), "no valid YAML"),
    Malformed("a colon in a plain text", HEAD + "    short: Adam: two means.\n", (6, 16), "no valid YAML"),
    # what no shape can tell
    Malformed("a card that drills no point", POINTS + "    cards: [{id: a, front: f, back: b, drills: [second]}]\n", (8, 40), "'second'"),
    Malformed("a cloze without a blank", CARDS + "      - {id: a, kind: cloze, front: f, back: b}\n", (7, 30), "one blank"),
    Malformed("a cloze with two blanks", CARDS + "      - {id: a, kind: cloze, front: '[...] [...]', back: b}\n", (7, 30), "one blank"),
    Malformed("a choice without distractors", CHOICE + "}\n", (7, 9), "it has 0"),
    Malformed("a choice with one distractor", CHOICE + ", distractors: [{text: a, why: b}]}\n", (7, 58), "it has 1"),
    Malformed("distractors of no choice", CHOICE.replace("choice", "why") + ", distractors: [{text: a, why: b}]}\n", (7, 55), "no choice"),
    Malformed("a claim without a verdict", CARDS + "      - {id: a, kind: claim, front: f, back: b}\n", (7, 9), "add 'holds: true'"),
    Malformed("a verdict on no claim", CARDS + "      - {id: a, kind: trap, front: f, back: b, holds: true}\n", (7, 48), "no claim"),
    Malformed("a word for a verdict", CARDS + "      - {id: a, kind: claim, front: f, back: b, holds: yes}\n", (7, 56), "true or false"),
    Malformed("an accepting claim", CARDS + "      - {id: a, kind: claim, front: f, back: b, accept: [c], holds: true}\n", (7, 49), "no"),
    Malformed("a lone part", CARDS + "      - {id: a, front: f, back: b, parts: [{name: n, accept: [c]}]}\n", (7, 36), "have 2 to 4"),
    Malformed(
        "a part without a name", CARDS + "      - {id: a, front: f, back: b, parts: [{accept: [c]}]}\n", (7, 44), "this part has no name"
    ),
    Malformed(
        "a part without answers",
        CARDS + "      - {id: a, front: f, back: b, parts: [{name: n, accept: []}, {name: m, accept: [c]}]}\n",
        (7, 36),
        "the part 'n' of 'mine/adam.a' accepts nothing",
    ),
    Malformed("an order of no parts", CARDS + "      - {id: a, front: f, back: b, any_order: true}\n", (7, 36), "no parts"),
    Malformed(
        "a claim in parts",
        CARDS + "      - {id: a, kind: claim, front: f, back: b, holds: true, parts: [{name: n, accept: [c]}]}\n",
        (7, 62),
        "is answered with one key",
    ),
    Malformed(
        "an eighth key point",
        HEAD + "    key_points:\n" + "".join(f"      - {{id: p{n}, text: t}}\n" for n in range(8)),
        (6, 5),
        "at most 7",
    ),
    Malformed("asked out of range", HEAD + "    asked: 4\n", (6, 12), "whole number from 1 to 3"),
    Malformed("a text for a rubric's patterns", POINTS.replace(".}", "., need: mean}"), (7, 55), "must be a list"),
    Malformed("a list for what a point is about", POINTS.replace(".}", "., about: [mean]}"), (7, 56), "not a list"),
    Malformed("a former bank that is no slug", "was: [Old Bank]\n" + HEAD, (1, 7), "slug"),
    Malformed("a former bank that is today's", "was: [mine]\n" + HEAD, (1, 1), "never today's"),
    Malformed("an unknown kind", CARDS + "      - {id: a, kind: riddle, front: f, back: b}\n", (7, 23), "riddle"),
    Malformed("an unknown volatility", HEAD + "    volatility: quick\n", (6, 17), "stable, slow, fast"),
    Malformed("an unknown grade", HEAD + "    corrections: [{grade: silly, claim: a, instead: b}]\n", (6, 27), "misleading"),
    Malformed("a bad as_of", HEAD + "    as_of: last winter\n", (6, 12), "month or day"),
    Malformed("a thirteenth month", HEAD + "    as_of: 2026-13\n", (6, 12), "month or day"),
    # former and retired ids
    Malformed("a former id that is live", CARD + "      - {id: b, front: f, back: b, was: [adam.lr]}\n", (8, 36), "live"),
    Malformed("a former id that is its own", HEAD + "    was: [adam]\n", (6, 5), "live"),
    Malformed("a former id that is retired", HEAD + "    was: [old]\nretired: [{id: old, on: 2026-11}]\n", (6, 5), "retired"),
    Malformed("a former id claimed twice", HEAD + "    was: [o]\n  - {id: b, question: Q, answer: A, was: [o]}\n", (7, 37), "claimed by"),
    Malformed("a former id with its bank", HEAD + "    was: [mine/old]\n", (6, 11), "without the bank's prefix"),
    Malformed("a former key point that is live", POINTS + "      - {id: b, text: t, was: ['adam#first']}\n", (8, 26), "live"),
    Malformed("a former key point that is its own", POINTS.replace(".}", "., was: ['adam#first']}"), (7, 49), "itself"),
    Malformed(
        "key points renamed in a circle",
        POINTS.replace(".}", "., was: ['adam#b']}") + "      - {id: b, text: t, was: ['adam#first']}\n",
        (7, 49),
        "live",
    ),
    Malformed(
        "a former key point claimed twice",
        POINTS.replace(".}", "., was: ['o#x']}") + "      - {id: b, text: t, was: ['o#x']}\n",
        (8, 26),
        "claimed by mine/adam#first",
    ),
    Malformed("a former key point with its bank", POINTS.replace(".}", "., was: ['mine/o#x']}"), (7, 55), "without the bank's prefix"),
    Malformed(
        "a card renamed with its note and by another",
        CARD + "    was: [old]\n  - {id: b, question: Q, answer: A, cards: [{id: c, front: f, back: b, was: [old.lr]}]}\n",
        (7, 10),
        "as was mine/b.c",
    ),
    Malformed(
        "a card renamed with its note to a retired one",
        CARD + "    was: [old]\nretired: [{id: old.lr, on: 2026-11}]\n",
        (7, 10),
        "that is retired",
    ),
    Malformed("a retired id that is live", HEAD + "retired: [{id: adam, on: 2026-11}]\n", (3, 5), "retired"),
    Malformed("a retired id without a day", HEAD + "retired: [{id: old}]\n", (6, 11), "no on"),
]  # fmt: skip

QUICKLY = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


def by_kind(row: Malformed) -> str:
    return row.kind.replace(" ", "-")


def written(folder: Path, text: str | bytes, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def bank_of(folder: Path, text: str | bytes, name: str = "mine.yaml", *, builtin: bool = False) -> read.BankFile:
    """What the reader makes of this text."""
    return read.read(written(folder, text, name), builtin=builtin)


def problems_of(bank: read.BankFile) -> list[Problem]:
    """The file's own problems, else those that show when its notes are compared."""
    return sorted(bank.problems or ids.cross_check([bank]))


# ---- what is refused


@pytest.mark.parametrize("row", MALFORMED, ids=by_kind)
def test_a_malformed_bank_is_refused_at_its_place(row: Malformed, tmp_path: Path) -> None:
    first = problems_of(bank_of(tmp_path, row.raw))[0]

    assert (first.line, first.column) == row.place
    assert row.word in first.message
    assert first.level == "error"


@pytest.mark.parametrize("row", MALFORMED, ids=by_kind)
def test_a_message_says_where_and_what_and_what_to_do(row: Malformed, tmp_path: Path) -> None:
    bank = bank_of(tmp_path, row.raw)

    for problem in problems_of(bank):
        form = rf"{re.escape(bank.path)}:[1-9]\d*:[1-9]\d*: error: [^;]+; .+[^.]"
        assert re.fullmatch(form, str(problem)), str(problem)


@pytest.mark.parametrize("row", MALFORMED, ids=by_kind)
def test_check_and_list_end_with_65_and_the_place(row: Malformed, tmp_path: Path) -> None:
    path = written(tmp_path, row.raw)
    place = "{}:{}:{}: error: ".format(path, *row.place)

    checked = called("check", str(path))
    listed = called("--bank", str(path), "--no-builtin", "list")

    first = checked.stdout.partition("\n")[0]
    assert (checked.returncode, listed.returncode, listed.stdout) == (65, 65, "")
    assert first.startswith(place)
    assert row.word in first
    assert first in listed.stderr


def test_a_malformed_bank_stops_the_program_beside_the_built_in_one_too(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "    colour: red\n")

    done = called("list", "--bank", str(path))

    assert done.returncode == 65
    assert done.stderr.startswith(f"dlquiz: {path}:6:5: error: 'colour' is an unknown field of a note")
    assert done.stdout == ""


@pytest.mark.parametrize("row", MALFORMED, ids=by_kind)
def test_a_malformed_bank_is_refused_without_the_c_half_of_pyyaml_too(
    row: Malformed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only that: its own grammar differs in places."""
    monkeypatch.setattr(tree, "LOADER", yaml.SafeLoader)

    assert all("; " in problem.message for problem in problems_of(bank_of(tmp_path, row.raw)))
    assert called("check", str(tmp_path / "mine.yaml")).returncode == 65


def test_a_file_of_absurd_size_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MAX_BYTES", len(HEAD) - 1)

    assert [str(each) for each in bank_of(tmp_path, HEAD).problems] == [
        f"{tmp_path}/mine.yaml:1:1: error: the file has more than {len(HEAD) - 1} bytes; split it"
    ]
    monkeypatch.setattr(tree, "MAX_BYTES", len(HEAD))
    assert bank_of(tmp_path, HEAD).problems == []


def test_the_built_in_bank_has_no_prefix_of_its_own(tmp_path: Path) -> None:
    prefixed = bank_of(tmp_path, HEAD, builtin=True)
    bare = bank_of(tmp_path, HEAD.removeprefix("bank: mine\n"), builtin=True)

    assert [str(each) for each in prefixed.problems] == [
        f"{tmp_path}/mine.yaml:1:1: error: the built-in bank has no 'bank:'; remove the line"
    ]
    assert bare.problems == []
    assert [note["id"] for note in bare.notes] == ["adam"]


def test_a_file_that_is_not_there_is_a_problem_and_no_exception(tmp_path: Path) -> None:
    [problem] = read.read(tmp_path / "none.yaml", builtin=False).problems

    assert problem.message.startswith("can't be read: No such file")


def test_messages_name_the_path_as_it_was_given(tmp_path: Path) -> None:
    path = written(tmp_path, "")

    assert read.read(path, builtin=False, shown_path="banks/mine.yaml").problems[0].path == "banks/mine.yaml"


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = "colour: red\n" + HEAD.replace("What does Adam keep?", "[]") + "    difficulty: hard\n    tags: x\n"

    places = [(each.line, each.column) for each in problems_of(bank_of(tmp_path, text))]

    assert places == [(1, 1), (5, 15), (7, 17), (8, 11)]


def test_an_alias_bomb_is_refused_before_it_grows(tmp_path: Path) -> None:
    names = [f"n{n}" for n in range(200)]
    text = "n0: &n0 [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairwise(names))

    assert len(bank_of(tmp_path, text).problems) == 1


def test_a_python_object_is_never_made(tmp_path: Path) -> None:
    trace = tmp_path / "trace"

    bank = bank_of(tmp_path, f"bank: mine\nnotes: !!python/object/apply:pathlib.Path.touch [{trace}]\n")

    assert len(bank.problems) == 1
    assert not trace.exists()


FRAGMENTS = [
    b"bank: m\n", b"notes:\n", b"  - id: a\n", b"    question: q\n", b"    answer: b\n", b"    cards:\n", b"    was: [a]\n",
    b"      - {id: b, front: c, back: d}\n", b"&a ", b"*a", b"<<: ", b"!!str ", b"! ", b"[", b"]", b"{", b"}", b"? ", b": ", b"- ",
    b"---\n", b"...\n", b"%YAML 1.1\n", b"%TAG ! !\n", b"|\n", b">-\n", b"'", b'"', b"\t", b"\n", b"\r", b"\xe9", b"\0", b"\x85",
    b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"#", b"\\x", b"~", b"=", b"@", b"`", b"key_points: ", b"retired:\n", b"0.5",
]  # fmt: skip
SOUND = (CARD + "        kind: basic\n    was: [old]\nretired:\n  - {id: gone, on: 2026-11}\n").encode()
SPLICES = st.tuples(
    st.integers(0, len(SOUND)), st.integers(0, len(SOUND)), st.sampled_from(FRAGMENTS) | st.binary(max_size=3)
)
BYTES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(b"".join),
    SPLICES.map(lambda cut: SOUND[: min(cut[:2])] + cut[2] + SOUND[max(cut[:2]) :]),
    SPLICES.map(lambda cut: SOUND[: cut[0]] + cut[2] + SOUND[cut[0] :]),
)


@QUICKLY
@given(raw=BYTES, builtin=st.booleans())
@example(raw=b"\xff\xfe\0", builtin=False)
@example(raw=SOUND, builtin=False)
def test_any_bytes_are_a_bank_or_a_list_of_problems_with_places(raw: bytes, builtin: bool, tmp_path: Path) -> None:
    bank = bank_of(tmp_path, raw, builtin=builtin)

    for problem in bank.problems:
        assert (problem.path, problem.level) == (f"{tmp_path}/mine.yaml", "error")
        assert problem.line >= 1
        assert problem.column >= 1
        assert "\n" not in problem.message
    if not bank.errors:
        assert bank.notes or bank.retired
        assert all({"id", "topic", "cards"} <= set(note) for note in bank.notes)
        ids.cross_check([bank])
        assert all(isinstance(old, str) and isinstance(new, str) for old, new in ids.renamings(bank))


@QUICKLY
@given(raw=BYTES)
def test_any_bytes_are_sources_or_a_list_of_problems(raw: bytes, tmp_path: Path) -> None:
    problems: list[Problem] = []

    found = read.read_sources(written(tmp_path, raw, "sources.yaml"), problems)

    assert problems or all({"authors", "title", "link"} <= set(each) for each in found.values())


PLAIN_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40).filter(
    str.strip
)


@QUICKLY
@given(texts=st.fixed_dictionaries({"question": PLAIN_TEXT, "answer": PLAIN_TEXT, "short": PLAIN_TEXT}))
def test_a_quoted_text_is_read_as_it_was_written(texts: dict[str, str], tmp_path: Path) -> None:
    text = yaml.safe_dump({"bank": "mine", "notes": [{"id": "a", **texts}]}, allow_unicode=True, default_style='"')

    bank = bank_of(tmp_path, text)

    assert bank.problems == []
    assert {key: bank.notes[0][key] for key in texts} == {key: value.strip() for key, value in texts.items()}


# ---- what is read


def test_a_byte_order_mark_is_no_part_of_the_bank(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbf" + HEAD.encode())

    done = called("check", str(path))

    assert read.read(path, builtin=False).problems == []
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 note, 1 card, no problems" in done.stderr


def test_windows_line_ends_are_line_ends(tmp_path: Path) -> None:
    sound = bank_of(tmp_path, CARD.replace("\n", "\r\n"))
    wrong = bank_of(tmp_path, (HEAD + "    colour: red\n").replace("\n", "\r\n"))

    assert sound.problems == []
    assert sound.notes[0]["answer"] == "Two running means."
    assert (wrong.problems[0].line, wrong.problems[0].column) == (6, 5)


def test_ids_are_full_and_cards_are_basic_unless_they_say_otherwise(tmp_path: Path) -> None:
    text = POINTS + "    cards:\n      - {id: lr, front: f, back: b}\n      - {id: w, kind: why, front: f, back: b}\n"

    [note] = bank_of(tmp_path, text).notes

    assert note["id"] == "mine/adam"
    assert [point["id"] for point in note["key_points"]] == ["mine/adam#first"]
    assert [(card["id"], card["kind"]) for card in note["cards"]] == [("mine/adam.lr", "basic"), ("mine/adam.w", "why")]


def test_a_topic_is_the_notes_own_or_the_files_or_the_files_name(tmp_path: Path) -> None:
    other = "  - {id: b, topic: data, question: Q, answer: A}\n"

    unnamed = bank_of(tmp_path, HEAD + other, "Batch_Norm & Co.yaml")
    named = bank_of(tmp_path, "topic: training\ntitle: How to train\n" + HEAD + other)

    assert [note["topic"] for note in unnamed.notes] == ["batch-norm-co", "data"]
    assert (unnamed.topic, unnamed.title) == ("batch-norm-co", "Batch norm co")
    assert [note["topic"] for note in named.notes] == ["training", "data"]
    assert named.title == "How to train"


@pytest.mark.parametrize("slug", ["42", "007", "1_000", "2026-11-24", "on", "true", "0x1f", "1e5"])
def test_a_slug_that_looks_like_something_else_is_a_slug(slug: str, tmp_path: Path) -> None:
    text = CARD.replace("id: adam", f"id: {slug}").replace("id: lr", f"id: {slug}").replace("mine", slug)

    bank = bank_of(tmp_path, text)

    assert problems_of(bank) == []
    assert [card["id"] for _, card in bank.cards()] == [f"{slug}/{slug}.{slug}"]


@pytest.mark.parametrize("back", ["0.10", "1e-3", "true", "007", "1_000", "2026-11-24", "0x1F", "12:30", "yes", "-0.0"])
def test_a_loose_text_stays_as_it_was_written(back: str, tmp_path: Path) -> None:
    [(_, card)] = bank_of(tmp_path, CARD.replace("0.001", back)).cards()

    assert card["back"] == back


def test_a_quoted_null_is_a_text(tmp_path: Path) -> None:
    [(_, card)] = bank_of(tmp_path, CARD.replace("0.001", '"null"')).cards()

    assert card["back"] == "null"


def test_every_key_and_its_place_is_kept(tmp_path: Path) -> None:
    [note] = bank_of(tmp_path, CARD).notes
    [card] = note["cards"]

    assert note.place == (3, 5)
    assert note.at == {"id": (3, 5), "question": (4, 5), "answer": (5, 5), "cards": (6, 5)}
    assert card.place == (7, 9)
    assert card.at == {"id": (7, 10), "front": (7, 18), "back": (7, 38)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_card_can_be_written(kind: str, tmp_path: Path) -> None:
    wrong = ", distractors: [{text: a, why: b}, {text: c, why: d}]" if kind == "choice" else ""
    wrong += ", holds: false" if kind == "claim" else ""
    front = "Adam keeps [...] means." if kind == "cloze" else "What?"

    bank = bank_of(tmp_path, CARDS + f"      - {{id: a, kind: {kind}, front: '{front}', back: two{wrong}}}\n")

    assert bank.problems == []
    assert [card["kind"] for _, card in bank.cards()] == [kind]


@pytest.mark.parametrize(("count", "sound"), [(1, False), (2, True), (5, True), (6, False)])
def test_a_choice_has_two_to_five_distractors(count: int, sound: bool, tmp_path: Path) -> None:
    wrong = ", ".join("{text: a, why: b}" for _ in range(count))

    assert (bank_of(tmp_path, CHOICE + f", distractors: [{wrong}]}}\n").problems == []) is sound


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("volatility", VOLATILITIES),
        ("as_of", ("2026-11", "2026-11-24", "'2026-11-24'")),
        ("difficulty", ("1", "2", "3")),
        ("asked", ("1", "2", "3")),
        ("number", ("0", "999999")),
        ("corrections", tuple(f"[{{grade: {grade}, claim: a, instead: b}}]" for grade in GRADES)),
    ],
)
def test_every_value_that_the_docs_allow_is_allowed(key: str, values: tuple[str, ...], tmp_path: Path) -> None:
    for value in values:
        assert bank_of(tmp_path, HEAD + f"    {key}: {value}\n").problems == []


@pytest.mark.parametrize("as_of", ["2026", "2026-1", "2026-00", "2026-11-32", "26-11", "2026-11-24T10:00", "11/2026"])
def test_an_as_of_is_a_month_or_a_day(as_of: str, tmp_path: Path) -> None:
    [problem] = bank_of(tmp_path, HEAD + f"    as_of: {as_of}\n").problems

    assert (problem.line, problem.column) == (6, 12)


def test_sources_are_read_by_key(tmp_path: Path) -> None:
    text = "sources:\n  adam2015:\n    {authors: Kingma, title: Adam, link: 'https://arxiv.org/abs/1412.6980', year: 2015}\n"
    problems: list[Problem] = []

    found = read.read_sources(written(tmp_path, text, "sources.yaml"), problems)

    assert problems == []
    assert found == {
        "adam2015": {"authors": "Kingma", "title": "Adam", "link": "https://arxiv.org/abs/1412.6980", "year": 2015}
    }


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("", (1, 1), "the file is empty; add 'sources:'"),
        ("# none yet\n", (1, 1), "the file is empty; add 'sources:'"),
        ("sources: []\n", (1, 10), "mapping"),
        ("sources:\n  Adam 2015: {authors: A, title: T, link: L}\n", (2, 3), "no slug"),
        ("sources:\n  adam: {authors: A, link: L}\n", (2, 9), "no title"),
        ("sources:\n  adam: {authors: A, title: T, link: L, pages: 3}\n", (2, 41), "'pages'"),
        ("sources:\n  adam: {authors: A, title: T, link: L, year: soon}\n", (2, 47), "1800 to 2100"),
        ("sources:\n  adam: {authors: A, title: T, link: L, seen: partly}\n", (2, 47), "full, abstract, secondary"),
        ("sources:\n  a: &a {authors: A, title: T, link: L}\n  b: *a\n", (2, 6), "anchor"),
    ],
)
def test_malformed_sources_are_told_with_their_place(
    text: str, place: tuple[int, int], word: str, tmp_path: Path
) -> None:
    problems: list[Problem] = []

    read.read_sources(written(tmp_path, text, "sources.yaml"), problems)

    assert (problems[0].line, problems[0].column) == place
    assert word in problems[0].message


def test_no_sources_beside_a_bank_are_no_problem(tmp_path: Path) -> None:
    problems: list[Problem] = []

    assert read.read_sources(tmp_path / "sources.yaml", problems) == {}
    assert problems == []


# ---- the docs


def yaml_blocks() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)


def test_the_smallest_bank_of_the_docs_makes_the_cards_they_say(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, yaml_blocks()[0])

    assert problems_of(bank) == []
    assert [note["id"] for note in bank.notes] == ["mine/adam"]
    assert [card["id"] for _, card in bank.cards()] == ["mine/adam.lr"]


def test_the_parts_of_the_docs_are_judged_as_they_say(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, yaml_blocks()[1])
    ((note, fields),) = bank.cards()
    card = build.make_card(fields, note)

    assert problems_of(bank) == []
    assert [
        typed_answer.is_right(typed, card)
        for typed in ("8 and 7", "8, 7", "exponent 8, mantissa 7", "mantissa 7, exponent 8")
    ] == [True] * 4
    assert [typed_answer.is_right(typed, card) for typed in ("7 and 8", "8 and 6", "8")] == [False, False, None]


def test_the_fresh_numbers_of_the_docs_are_as_they_say(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, yaml_blocks()[2])
    (note,) = bank.notes
    (card,) = note["cards"]

    assert problems_of(bank) == []
    assert variants.filled(card)["back"] == "100 480"
    assert (
        variants.filled(card, {"n": 100, "m": 64})["why"] == "One weight for each input plus a bias, 101 for each unit."
    )
    assert list(lint.card(card, note, set(), date(2026, 11, 24))) == [
        lint.Finding(card, "sources", "'mine/dense.params' has no source; cite one here or in its note")
    ]


def test_the_sources_of_the_docs_are_sources(tmp_path: Path) -> None:
    problems: list[Problem] = []

    found = read.read_sources(written(tmp_path, yaml_blocks()[3], "sources.yaml"), problems)

    assert problems == []
    assert list(found) == ["kingma2015"]


@pytest.mark.parametrize(
    "struct", [bank_format.BANK, bank_format.NOTE, bank_format.CARD], ids=lambda struct: struct.name
)
def test_the_docs_have_a_row_for_every_key(struct: bank_format.Struct) -> None:
    heading = {"bank": "The file", "note": "A note", "card": "A card"}[struct.name]
    section = DOCS.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]

    rows = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    named = {key for row in rows for key in re.findall(r"`(\w+)`", row)}

    assert named == set(struct.keys)


# ---- files together


def pair(folder: Path, one: str, two: str) -> list[Problem]:
    """What shows when both files are seen together."""
    files = [bank_of(folder, one, "one.yaml"), bank_of(folder, two, "two.yaml")]
    assert [file.problems for file in files] == [[], []]
    return ids.cross_check(files)


def noted(name: str, extra: str = "", *, bank: str = "mine") -> str:
    return f"bank: {bank}\nnotes:\n  - {{id: {name}, question: Q, answer: A{extra}}}\n"


def test_an_id_belongs_to_one_file(tmp_path: Path) -> None:
    [problem] = pair(tmp_path, noted("adam"), noted("adam"))

    assert str(problem) == (
        f"{tmp_path}/two.yaml:3:6: error: the id 'mine/adam' is taken by {tmp_path}/one.yaml:3; "
        "ids are never shared, choose another"
    )


def test_two_banks_may_use_the_same_slugs(tmp_path: Path) -> None:
    card = ", cards: [{id: lr, front: f, back: b, was: [old.lr]}]"

    assert pair(tmp_path, noted("adam", card), noted("adam", card, bank="yours")) == []


def test_a_card_may_not_take_an_id_that_another_file_retired(tmp_path: Path) -> None:
    [problem] = pair(tmp_path, noted("adam") + "retired: [{id: sgd, on: 2026-11}]\n", noted("sgd"))

    assert problem.path.endswith("two.yaml")
    assert "retired and never used again" in problem.message


def test_a_bank_does_not_retire_the_ids_of_another(tmp_path: Path) -> None:
    assert pair(tmp_path, noted("adam") + "retired: [{id: sgd, on: 2026-11}]\n", noted("sgd", bank="yours")) == []


@pytest.mark.parametrize(
    ("one", "two", "word"),
    [
        (noted("adam"), noted("b", ", was: [adam]"), "names an id that is live"),
        (noted("adam", ", was: [b]"), noted("b", ", was: [adam]"), "names an id that is live"),
        (noted("a") + "retired: [{id: old, on: 2026-11}]\n", noted("b", ", was: [old]"), "names a retired id"),
        (noted("a", ", was: [old]"), noted("b", ", was: [old]"), "claimed by mine/a too"),
        (
            noted("a", ", key_points: [{id: x, text: T, was: ['o#x']}]"),
            noted("b", ", key_points: [{id: y, text: T, was: ['o#x']}]"),
            "claimed by mine/a#x too",
        ),
    ],
    ids=["live", "circle", "retired", "claimed", "point"],
)
def test_a_former_id_is_no_other_files(one: str, two: str, word: str, tmp_path: Path) -> None:
    assert any(word in problem.message for problem in pair(tmp_path, one, two))


def test_check_sees_files_together(tmp_path: Path) -> None:
    written(tmp_path, noted("adam"), "one.yaml")
    written(tmp_path, noted("adam"), "two.yaml")

    found = check.check(BankPaths(builtin=False), [tmp_path], strict=False)

    assert found.failing
    assert [problem.path for problem in found.problems] == [f"{tmp_path}/two.yaml"]


def test_check_without_a_path_reads_all_configured_banks(tmp_path: Path) -> None:
    path = written(tmp_path, CARD)

    found = check.check(BankPaths((path,), builtin=False), [], strict=False)

    assert (found.failing, found.problems, found.notes, found.cards) == (False, [], 1, 2)


def test_check_of_no_such_path_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no bank at .*none; check the path"):
        check.check(BankPaths(), [tmp_path / "none"], strict=False)


# ---- renamings


def test_a_renamed_note_renames_its_cards_and_key_points_too(tmp_path: Path) -> None:
    text = POINTS + "    was: [older, old]\n    cards:\n      - {id: lr, front: f, back: b, was: [other.rate]}\n"
    bank = bank_of(tmp_path, text)

    assert problems_of(bank) == []
    assert dict(ids.renamings(bank)) == {
        "mine/older": "mine/adam",
        "mine/old": "mine/adam",
        "mine/older.lr": "mine/adam.lr",
        "mine/old.lr": "mine/adam.lr",
        "mine/other.rate": "mine/adam.lr",
        "mine/older#first": "mine/adam#first",
        "mine/old#first": "mine/adam#first",
    }


def test_a_bank_says_what_it_was_called(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, "was: [first, second]\n" + HEAD)

    assert (problems_of(bank), bank.was) == ([], ["first", "second"])

    [problem] = bank_of(tmp_path, "was: [old]\n" + HEAD.removeprefix("bank: mine\n"), builtin=True).problems
    assert problem.message == "'was' needs 'bank:'; remove it"


def test_the_oldest_id_comes_first(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, CARD.replace("back: 0.001", "back: 0.001, was: [adam.first, adam.second]"))

    assert [old for old, _ in ids.renamings(bank)] == ["mine/adam.first", "mine/adam.second"]


def test_the_built_in_bank_renames_without_a_prefix(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, HEAD.removeprefix("bank: mine\n") + "    was: [old]\n", builtin=True)

    assert list(ids.renamings(bank)) == [("old", "adam")]


def test_a_bank_may_hold_nothing_but_retired_ids(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, "bank: mine\nnotes: []\nretired: [{id: old, on: 2026-11, replaced_by: adam.lr}]\n")

    assert problems_of(bank) == []
    assert [dict(each) for each in bank.retired] == [{"id": "old", "on": "2026-11", "replaced_by": "adam.lr"}]


def test_a_text_that_its_comma_cut_off_is_told_to_stand_in_quotes(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "bank: mine\nnotes:\n  - id: n\n    question: Q?\n    answer: A.\n    cards:\n"
        "      - {id: a, front: What norm has $(3, 4)$?, back: '5'}\n"
    )

    done = called("check", str(path))

    assert done.returncode == 65
    assert "error: '4)$?' is an unknown field of a card" in done.stdout
    assert "a text with a comma inside {...} stands in quotes" in done.stdout


@pytest.mark.parametrize(
    "latex",
    [r"\theta", r"\frac{a}{b}", r"\beta", r"\rho", r"\nabla f", r"\nu", r"\alpha", r"\vec x", r"\Lambda", r"\epsilon"],
)
def test_latex_in_double_quotes_is_an_error_that_says_what_to_do(latex: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f'bank: mine\nnotes:\n  - id: a\n    question: "What is ${latex}$?"\n    answer: x\n')

    (problem,) = read.read(path, builtin=False).problems

    assert (problem.level, problem.line, problem.column) == ("error", 4, 25)
    assert "single quotes" in problem.message


@pytest.mark.parametrize("text", [r"one\nnew line", r"a \"b\" \\ c", r"$\\theta$", r"\u03b8"])
def test_double_quotes_without_latex_are_fine(text: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f'bank: mine\nnotes:\n  - id: a\n    question: "{text}"\n    answer: x\n')

    assert read.read(path, builtin=False).problems == []


def test_a_comment_right_behind_text_is_an_advice(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "bank: mine  # mine\nnotes:\n  - id: a  # the first\n    question: What does C # mean?\n    answer: 'x'  # why\n"
        "    number: 3  # of all\n"
    )

    (problem,) = read.read(path, builtin=False).problems

    assert (problem.level, problem.line, problem.column) == ("advice", 4, 27)
    assert "quotes" in problem.message


@pytest.mark.parametrize(
    "answer", ["0E0", "1e5", "-1E5", "1_0", ".5", "0x1F", "true", "True", "12:30", "~", "1e-3", "007"]
)
def test_a_text_that_looks_like_a_value_is_written_as_a_text(answer: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    card = {"id": "c", "front": answer, "back": answer}
    note = {"id": "a", "question": answer, "answer": answer}
    inlined = write.inline(card)

    path.write_text(
        write.text("mine", "mine", [{**note, "cards": [card]}, {**note, "id": "b"}]) + f"  cards: [{inlined}]\n"
    )

    bank = read.read(path, builtin=False)
    assert bank.problems == []
    assert [(note["answer"], note["cards"][0]["front"]) for note in bank.notes] == [(answer, answer)] * 2


def test_a_file_written_note_by_note_is_the_one_that_yaml_writes_at_once() -> None:
    notes: list[dict[str, Any]] = [
        {"id": "mine/a", "question": "What?\nAnd: why?", "answer": "long " * 60, "tags": ["x", "y"], "topic": "nets"},
        {
            "id": "mine/b",
            "question": "0E0",
            "answer": "- 'a'",
            "cards": [{"id": "mine/b.c", "front": "F", "back": "1"}],
        },
    ]
    head = {"bank": "mine", "was": ["old"], "topic": "nets", "title": "Nets: all", "aliases": ["net"]}

    text = "".join(write.pieces("mine", "nets", notes, title="Nets: all", aliases=["net"], was=["old"]))

    assert text == write._yaml({**head, "notes": [write._note(note, "nets") for note in notes]})
    assert write.text("mine", "nets", []) == write._yaml({"bank": "mine", "topic": "nets", "notes": []})


def test_what_is_written_can_be_read_whatever_it_came_from(tmp_path: Path) -> None:
    foreign = "a\x1b[31m b\x07\tc\u2028d \n\nu is\nexists\r\n \x85"
    path = tmp_path / "mine.yaml"

    path.write_text(write.text("mine", "mine", [{"id": "a", "question": foreign, "answer": foreign}]), encoding="utf-8")

    bank = read.read(path, builtin=False)
    assert bank.problems == []
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]", bank.notes[0]["answer"])
