from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # the oracle brings no types
import pytest
import yaml
from builders import run
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import expression, variants
from dlquiz.bank import ids, index, read, revisions, schema
from dlquiz.bank import paths as bank_paths
from dlquiz.card import Source, content_text, text_hash
from dlquiz.errors import BankError

QUESTIONS = Path(__file__).parent.parent / "questions"
FILES = index.Root(QUESTIONS, builtin=True).files()
HEAD = "# yaml-language-server: $schema=./schema.json"

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # safe_load, ten times as fast where libyaml is there


@cache
def bank(path: Path) -> read.BankFile:
    return read.read(path, builtin=True)


NOTES = sum(len(bank(path).notes) for path in FILES)
CARDS = NOTES + sum(1 for path in FILES for _ in bank(path).cards())


def validator() -> Any:
    made = json.loads((QUESTIONS / "schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


def complaints(text: str) -> list[str]:
    """What an independent validator says of a bank's file."""
    return [error.message for error in validator().iter_errors(yaml.load(text, Loader=_LOADER))]


def by_name(path: Path) -> str:
    return path.stem


# ---- the bank itself


def test_the_program_finds_these_files() -> None:
    assert bank_paths.builtin_folder() == QUESTIONS
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=by_name)
def test_every_file_is_read_without_a_problem(path: Path) -> None:
    assert [str(problem) for problem in bank(path).problems] == []


def test_the_files_fit_together() -> None:
    assert [str(problem) for problem in ids.cross_check([bank(path) for path in FILES])] == []


def test_a_strict_check_of_the_whole_bank_finds_nothing_but_what_is_due_for_a_new_look() -> None:
    done = run("check", "--strict", timeout=300)  # as the README has it; ten seconds: nothing else asks for it

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"\n{NOTES} notes, {CARDS} cards, " in done.stderr


SOUND_FILES = [path for path in FILES if not bank(path).errors]
CHECKED = {card["id"]: card for path in SOUND_FILES for _, card in bank(path).cards() if "check" in card}


@pytest.mark.parametrize("card", CHECKED)
def test_every_numeric_check_holds_with_all_numbers(card: str) -> None:
    for numbers in variants.combinations(CHECKED[card]):
        assert expression.evaluate(CHECKED[card]["check"], numbers) is True, numbers


def test_every_number_is_recomputed() -> None:
    numbers = {card["id"] for path in FILES for _, card in bank(path).cards() if card["kind"] == "number"}

    assert numbers <= set(CHECKED)


@pytest.mark.parametrize("path", FILES, ids=by_name)
def test_every_file_names_the_schema_for_editors(path: Path) -> None:
    assert path.read_text(encoding="utf-8").splitlines()[0] == HEAD


def test_every_source_can_be_read_and_has_an_address() -> None:
    problems: list[Any] = []

    found = read.read_sources(QUESTIONS / "sources.yaml", problems)

    assert problems == []
    assert [key for key, each in found.items() if not re.fullmatch(r"https://\S+", each["link"])] == []


def test_the_bank_compiles() -> None:
    compiled = index.open_bank([index.Root(QUESTIONS, builtin=True)], None)
    try:
        assert sum(1 for _ in compiled.in_order()) == CARDS
        assert {topic.slug for topic in compiled.topics()} == {note["topic"] for f in FILES for note in bank(f).notes}
    finally:
        compiled.close()


# ---- the schema


def test_the_published_schema_is_the_readers() -> None:
    assert (QUESTIONS / "schema.json").read_text(encoding="utf-8") == schema.text()


@pytest.mark.parametrize("path", FILES, ids=by_name)
def test_an_independent_validator_accepts_every_file(path: Path) -> None:
    assert complaints(path.read_text(encoding="utf-8")) == []


SOUND = """\
bank: mine
notes:
  - id: adam
    number: 7
    difficulty: 2
    question: What does Adam keep?
    answer: Two means.
    key_points: [{id: first, text: One., must: true}]
    as_of: 2026-11
    volatility: slow
    text: {'\\eta': the rate}
    cards:
      - {id: lr, kind: basic, front: Which rate?, back: 0.001, accept: [1e-3, yes], was: [adam.rate],
         numbers: {n: [8, 0.5], B_2: [-1, 2]}}
retired:
  - {id: old, "on": 2026-11, replaced_by: adam.lr}
"""  # quoted, as YAML 1.1 takes a plain `on` for true and safe_load speaks that


def test_an_independent_validator_accepts_a_sound_bank(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(SOUND, encoding="utf-8")

    assert read.read(tmp_path / "mine.yaml", builtin=False).problems == []
    assert complaints(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bank: mine\n", "bank: mine\ncolour: red\n"),
        ("bank: mine", "bank: Mine & Co"),
        ("bank: mine", "bank: [mine]"),
        ("    number: 7", "    numbre: 7"),
        ("    number: 7", "    number: -7"),
        ("    question: What does Adam keep?\n", ""),
        ("    answer: Two means.\n", ""),
        ("What does Adam keep?", "42"),
        ("What does Adam keep?", '""'),
        ("difficulty: 2", "difficulty: hard"),
        ("difficulty: 2", "difficulty: 4"),
        ("id: adam", "id: adam.w"),
        ("must: true", "must: maybe"),
        ("text: One., ", ""),
        ("[{id: first, text: One., must: true}]", "first"),
        ("as_of: 2026-11", "as_of: 2026-13"),
        ("volatility: slow", "volatility: sluggish"),
        ("{'\\eta': the rate}", "[the rate]"),
        ("kind: basic", "kind: riddle"),
        ("back: 0.001, ", ""),
        ("front: Which rate?, ", ""),
        ("back: 0.001", "back: [0.001]"),
        ("[1e-3, yes]", "1e-3"),
        ("[adam.rate]", "[Adam Rate]"),
        ('"on": 2026-11, ', ""),
        ("{n: [8, 0.5], B_2: [-1, 2]}", "[8, 0.5]"),
        ("[8, 0.5]", "8"),
        ("[8, 0.5]", "[8]"),
        ("[8, 0.5]", "[8, 8.0]"),
        ("[8, 0.5]", "[8, half]"),
        ("[8, 0.5]", "['8', 0.5]"),
        ("[8, 0.5]", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]"),
        ("n: [8, 0.5]", "2n: [8, 0.5]"),
        ("n: [8, 0.5]", "a_name_that_is_too_long: [8, 0.5]"),
    ],
)
def test_what_the_reader_refuses_an_independent_validator_refuses_too(old: str, new: str, tmp_path: Path) -> None:
    text = SOUND.replace(old, new, 1)
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")

    assert text != SOUND
    assert read.read(tmp_path / "mine.yaml", builtin=False).errors
    assert complaints(text)


# ---- the revisions


def test_the_revisions_are_of_what_the_bank_says_today() -> None:
    known = {card: row["hash"] for card, row in revisions.load(QUESTIONS / "revisions.yaml").items()}

    assert known == revisions.hashes([bank(path) for path in FILES])


def test_the_revisions_are_of_all_that_an_export_says_today() -> None:
    known = {card: row.get("whole") for card, row in revisions.load(QUESTIONS / "revisions.yaml").items()}

    assert known == revisions.wholes([bank(path) for path in FILES])


def test_every_revision_has_its_second() -> None:
    for card, row in revisions.load(QUESTIONS / "revisions.yaml").items():
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["changed"]), card


def test_a_revision_is_the_hash_of_what_is_shown() -> None:
    file = bank(FILES[0])
    note = file.notes[0]

    assert revisions.hashes([file])[note["id"]] == text_hash(content_text("explain", note))


THEN, NOW = datetime(2026, 11, 1, 9, 30, 5, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)


def test_a_card_of_which_an_export_says_the_same_keeps_its_second_and_another_gets_todays() -> None:
    then, now = "2026-11-01T09:30:05Z", "2026-11-24T00:00:00Z"
    before = revisions.updated({}, {each: {"hash": "1", "whole": "2"} for each in ("a", "b", "c", "gone")}, THEN)
    new = {"new": ("1", "2"), "c": ("1", "5"), "b": ("4", "2"), "a": ("1", "2")}

    after = revisions.updated(before, {each: {"hash": one, "whole": two} for each, (one, two) in new.items()}, NOW)

    assert list(after) == ["a", "b", "c", "new"]
    assert [row["changed"] for row in after.values()] == [then, then, now, now], (
        "b is said in other words, with the same example"
    )
    assert after["b"] == {"hash": "4", "whole": "2", "changed": then}
    assert after["c"] == {"hash": "1", "whole": "5", "changed": now}


@given(hashes=st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_nothing_changes_when_nothing_has_changed(hashes: dict[str, str]) -> None:
    said = {card: {"hash": each, "whole": each} for card, each in hashes.items()}
    once = revisions.updated({}, said, THEN)

    assert revisions.updated(once, said, NOW) == once


def test_an_export_says_more_than_a_sitting_and_every_word_of_it_counts(tmp_path: Path) -> None:
    """Pitfalls, sources and pictures are no content of a sitting, but Anki must hear of a change."""
    note = {
        "id": "adam",
        "question": "Q",
        "answer": "A",
        "topic": "t",
        "pitfalls": ["one"],
        "figures": [{"file": "a.svg", "alt": "x"}],
    }
    source = Source("k", "Kingma", "Adam", "https://example.org")
    picture = tmp_path / "a.svg"
    picture.write_text("<svg/>", encoding="utf-8")

    def said(**changes: Any) -> str:
        return revisions.whole({**note, **changes}, note, [source], partial(revisions.picture_hash, tmp_path))

    first = said()
    assert said(text={"x": "y"}, was=["old"], drills=["a"]) == first
    assert said(asked=3) == first
    points = [{"id": "adam#a", "text": "One."}]
    assert said(key_points=[{**points[0], "need": ["one"], "about": "adam"}]) == said(key_points=points)
    assert revisions.whole(note, note, [source._replace(seen="full")], lambda _: "") == revisions.whole(
        note, note, [source], lambda _: ""
    )
    assert said(pitfalls=["two"]) != first
    assert revisions.whole(note, note, [source._replace(title="Another")], lambda _: "") != first
    picture.write_text("<svg id='other'/>", encoding="utf-8")
    assert said() != first


def test_a_picture_outside_the_banks_folder_is_none(tmp_path: Path) -> None:
    (tmp_path / "secret.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "bank").mkdir()

    assert revisions.picture(tmp_path / "bank", "../secret.svg") is None
    assert revisions.picture(tmp_path, "secret.svg") == (tmp_path / "secret.svg").resolve()


def test_revisions_are_written_beside_the_bank_and_read_back(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SOUND.removeprefix("bank: mine\n"), encoding="utf-8")

    revisions.main(tmp_path)
    first = (tmp_path / "revisions.yaml").read_text(encoding="utf-8")
    revisions.main(tmp_path)

    assert set(revisions.load(tmp_path / "revisions.yaml")) == {"adam", "adam.lr"}
    assert (tmp_path / "revisions.yaml").read_text(encoding="utf-8") == first
    assert revisions.load(tmp_path / "none.yaml") == {}


@pytest.mark.parametrize("slug", ["on", "no", "null", "007", "1_000", "0x1f", "2026-11-24", "0b1", "y"])
def test_a_slug_that_yaml_takes_for_something_else_has_a_revision(slug: str, tmp_path: Path) -> None:
    text = SOUND.removeprefix("bank: mine\n").replace("id: adam\n", f"id: '{slug}'\n")
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")

    revisions.main(tmp_path)
    first = (tmp_path / "revisions.yaml").read_text(encoding="utf-8")
    revisions.main(tmp_path)

    assert set(revisions.load(tmp_path / "revisions.yaml")) == {slug, f"{slug}.lr"}
    assert set(yaml.safe_load(first)) == {slug, f"{slug}.lr"}
    assert (tmp_path / "revisions.yaml").read_text(encoding="utf-8") == first


@pytest.mark.parametrize("text", ["- a", "a", "a: b", "a: [b]", "{", "a: {b: \0}"])
def test_malformed_revisions_are_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "revisions.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(BankError, match=r"revisions.yaml:1:1: error: these are no revisions; make them anew"):
        revisions.load(tmp_path / "revisions.yaml")


def test_a_malformed_bank_gets_no_revisions(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SOUND, encoding="utf-8")

    with pytest.raises(SystemExit, match=r"a\.yaml:1:1: error: the built-in bank has no 'bank:'"):
        revisions.main(tmp_path)
    assert not (tmp_path / "revisions.yaml").exists()
