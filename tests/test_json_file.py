"""What another dlquiz wrote comes in whole or not at all, writes nowhere else, and spoils no log."""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from builders import SMALL_BANK, Called, a_bank, a_collection, called, rate

from dlquiz import collection
from dlquiz.card import Rating
from dlquiz.collection import BankPaths
from dlquiz.transfer import json_file, staging

NOTE: Mapping[str, Any] = {
    "id": "mine/adam", "question": "What is Adam?", "answer": "Two means.", "topic": "optimizers",
    "key_points": [{"id": "mine/adam#first", "text": "A mean."}],
    "cards": [{"id": "mine/adam.lr", "front": "Rate?", "back": "0.001", "kind": "basic"}],
}  # fmt: skip
EVENT: Mapping[str, Any] = {
    "id": "1795000000000-a", "kind": "review", "card": "mine/adam.lr", "at_ms": 1795000000000, "study_day": "2026-11-18",
    "utc_offset_min": 0, "device": "a", "rating": 3, "interval_after": 4,
}  # fmt: skip


def bring(tmp_path: Path, name: str = "x.json", *bank: str, **keys: object) -> Called:
    file = tmp_path / name
    file.write_text(json.dumps({"dlquiz": 1, **keys}), encoding="utf-8")
    return called("--no-builtin", *bank, "import", str(file))


def changed(value: Mapping[str, Any], path: str, new: object) -> Any:
    """A copy in which the value at `cards.0.id` is another."""
    copy = json.loads(json.dumps(value))
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    inner = copy
    for step in steps:
        inner = inner[step]
    inner[last] = new
    return copy


DEEP = json.loads("[" * 900 + "]" * 900)
WRONG_NOTES = [
    ("topic", "../../x", "is not a slug"),
    ("topic", "/tmp/x", "is not a slug"),
    ("topic", "a" * 300, "120 characters at most"),
    ("topic", DEEP, "it takes a text"),
    ("id", "../adam", "is not an id like"),
    ("id", "mine/../adam", "is not an id like"),
    ("id", "mine/adam/x", "is not an id like"),
    ("id", None, "it has no 'id'"),
    ("question", "a\ud800", "half a character"),
    ("question", None, "it has no 'question'"),
    ("question", DEEP, "it takes a text"),
    ("tags", DEEP, "it takes a text"),
    ("number", 10**30, "a whole number from 0 to 999999"),
    ("difficulty", True, "a whole number from 1 to 3"),
    ("cards", [1], "cards[0]: it takes a mapping"),
    ("cards", None, ""),
    ("cards.0.id", "mine/sgd.lr", "does not begin with 'mine/adam.'"),
    ("cards.0.id", None, "it has no 'id'"),
    ("cards.0.kind", "dance", "it is one of"),
    ("cards.0.back", 0.001, "it takes a text"),
    ("key_points.0", {"text": "a"}, "it has no 'id'"),
    ("key_points.0.id", "mine/sgd#k", "does not begin with 'mine/adam#'"),
    ("key_points.0.must", "yes", "it takes true or false"),
    ("figures", [{"file": "../x.svg", "alt": "a"}], "is not a path like"),
    ("colour", "red", "there is no field 'colour'"),
]


@pytest.mark.parametrize(
    ("path", "value", "says"), WRONG_NOTES, ids=[f"{n} {row[0]}" for n, row in enumerate(WRONG_NOTES)]
)
def test_a_note_that_is_none_is_refused_with_its_place(
    tmp_path: Path, home: Path, path: str, value: object, says: str
) -> None:
    before = sorted(tmp_path.rglob("*"))

    done = bring(tmp_path, notes=[changed(NOTE, path, value)])

    if not says:
        assert done.returncode == 0
        return
    assert done.returncode == 65
    assert f"{tmp_path / 'x.json'}: notes[0]" in done.stderr
    assert says in done.stderr
    assert not home.exists()
    assert sorted(tmp_path.rglob("*")) == sorted([*before, tmp_path / "x.json"])


WRONG_EVENTS = [
    ("at_ms", 2**53, "a whole number from 0 to"),
    ("at_ms", -1, "a whole number from 0 to"),
    ("took_ms", -5, "a whole number from 0 to"),
    ("thought_ms", 10**15, "a whole number from 0 to"),
    ("study_day", "9999-12-31", "it takes a day like"),
    ("study_day", "20261118", "it takes a day like"),
    ("utc_offset_min", 100_000, "a whole number from -1440 to 1440"),
    ("interval_after", 10**9, "a whole number from"),
    ("interval_before", -(10**10), "a whole number from"),
    ("rating", 0, "it takes 1 to 4"),
    ("card", "../x", "is not an id like"),
    ("id", "", "is not a word"),
    ("id", "a\nb", "is not a word"),
    ("params", "[" * 2000, "it takes a mapping in JSON"),
    ("kind", "undo", "it has no 'target'"),
]


@pytest.mark.parametrize(
    ("key", "value", "says"), WRONG_EVENTS, ids=[f"{n} {row[0]}" for n, row in enumerate(WRONG_EVENTS)]
)
def test_a_row_that_would_spoil_the_log_is_refused_from_both_files(
    tmp_path: Path, home: Path, key: str, value: object, says: str
) -> None:
    done = bring(tmp_path, log={"events": [{**EVENT, key: value}]})

    assert done.returncode == 65
    assert f"log.events[0]{'' if says.startswith('it has') else f'.{key}'}: " in done.stderr
    assert says in done.stderr
    assert not home.exists()


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("at_ms", 2**53, "from 0 to"),
        ("took_ms", -1, "from 0 to"),
        ("study_day", "9999-12-31", "a day like"),
        ("card", "../x", "an id like"),
    ],
)
def test_a_row_of_another_progress_file_is_held_against_the_same_table(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, column: str, value: object, says: str
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("DLQUIZ_HOME", str(tmp_path / "elsewhere"))
        with a_collection(tmp_path) as col:
            rate(col, "mine/adam.lr", Rating.GOOD)
            rate(col, "mine/adam", Rating.GOOD)
    other = tmp_path / "elsewhere" / "progress.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute(f"UPDATE event SET {column} = ? WHERE rowid = 2", (value,))
        db.commit()

    done = called("--no-builtin", "import", str(other))

    assert done.returncode == 65
    assert f"{other}: event, row 2.{column}: " in done.stderr
    assert says in done.stderr
    assert not home.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("link", ["banks", "banks/mine", staging.STAGED])
def test_no_link_leads_an_import_out_of_the_home(tmp_path: Path, home: Path, link: str) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    (home / link).parent.mkdir(parents=True)
    os.symlink(victim, home / link)

    done = bring(tmp_path, notes=[NOTE])

    assert list(victim.iterdir()) == []
    assert done.returncode in (0, 1)
    if done.returncode:
        assert f"leads out of {home}" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_where_a_report_lies_is_not_followed(tmp_path: Path, home: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("mine", encoding="utf-8")
    (home / "banks").mkdir(parents=True)
    os.symlink(victim, home / "banks" / "import-report.txt")
    rows = "".join(f"What is y?,{n}\n" for n in range(30))
    (tmp_path / "t.csv").write_text(rows, encoding="utf-8")

    done = called("--no-builtin", "import", str(tmp_path / "t.csv"))

    assert victim.read_text(encoding="utf-8") == "mine"
    assert done.returncode == 0
    assert "made the bank" in done.stdout
    *remarks, last = done.stderr.splitlines()
    assert len(remarks) == 29  # all are shown where no list can be kept
    assert last == f"this list is not kept: {home / 'banks' / 'import-report.txt'} leads out of {home}, to {victim}"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("ending", [".csv", ".apkg"])
def test_banks_that_lie_elsewhere_by_a_link_take_answers_and_refuse_cards_with_a_sentence(
    tmp_path: Path, home: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / f"deck{ending}"
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("DLQUIZ_HOME", str(tmp_path / "other"))
        a_bank(tmp_path / "other" / "banks")
        assert called("--no-builtin", "study", "--card", "mine/adam.lr", keys="\n3\n").returncode == 0
        progress = ["--progress"] if ending == ".apkg" else []
        assert called("--no-builtin", "export", str(file), *progress).returncode == 0
    far = a_bank(tmp_path / "far").parent if ending == ".apkg" else tmp_path / "far"
    far.mkdir(exist_ok=True)
    home.mkdir()
    os.symlink(far, home / "banks")
    before = sorted(far.iterdir())

    done = called("--no-builtin", "import", str(file))

    assert sorted(far.iterdir()) == before
    if ending == ".apkg":
        assert done.returncode == 0, done.stderr
        assert "added 1 row of 1 card to the log" in done.stdout
    else:
        assert done.returncode == 1
        assert done.stderr.startswith(f"dlquiz: {home / 'banks'} leads out of {home}, to {far}; nothing was imported. ")


def test_several_banks_come_together_or_none_does(tmp_path: Path, home: Path) -> None:
    cloze = {"id": "yours/a.c", "front": "no blank", "back": "b", "kind": "cloze"}
    other = {"id": "yours/a", "question": "Q?", "answer": "A", "topic": "t", "cards": [cloze]}

    done = bring(tmp_path, notes=[NOTE, other])

    assert done.returncode == 65
    assert "needs exactly one blank" in done.stderr
    assert not (home / "banks" / "mine").exists()


def test_notes_that_a_bank_here_lacks_are_added_and_no_text_is_touched(tmp_path: Path, home: Path) -> None:
    path = a_bank(home / "banks" / "mine")
    before = path.read_bytes()
    new = {
        "id": "mine/new", "question": "New?", "answer": "Yes.", "topic": "nets", "sources": ["a1"],
        "cards": [{"id": "mine/new.one", "front": "F?", "back": "B"}],
    }  # fmt: skip
    source = {"authors": "A", "title": "T", "link": "https://example.org/"}

    done = bring(
        tmp_path, notes=[NOTE, new], sources={"a1": source}, log={"events": [{**EVENT, "card": "mine/new.one"}]}
    )
    again = bring(
        tmp_path, notes=[NOTE, new], sources={"a1": source}, log={"events": [{**EVENT, "card": "mine/new.one"}]}
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == f"added 1 note to the bank {home / 'banks' / 'mine'}\nadded 1 row of 1 card to the log\n"
    assert "the bank mine is here already; its text is left as it was" in done.stderr
    assert again.stdout == "the log has all 1 row already; nothing was added\n"
    assert path.read_bytes() == before
    with collection.opened(BankPaths(builtin=False), write=False) as col:
        assert sorted(col.bank.note_ids()) == ["mine/adam", "mine/new", "mine/sgd"]
        assert [source.key for source in col.bank.sources("mine/new", ["a1"])] == ["a1"]
        assert col.card_state("mine/new.one").memory is not None


NEW = {
    "id": "mine/adam.new", "kind": "basic", "front": r"What is $\frac{a}{b}$: a # b?", "back": "two\n\nlines with \\nabla",
    "drills": ["first", "elsewhere"],
}  # fmt: skip
STYLES = {
    "a block of cards in brackets": SMALL_BANK,
    "all in brackets": "bank: mine\nnotes: # mine\n- {id: adam, question: Q, answer: A, cards: [{id: lr, front: F, back: B},]}\n",
    "brackets without cards": "bank: mine\nnotes:\n- {id: adam, question: Q, answer: A}",
    "empty brackets": "bank: mine\nnotes:\n- {id: adam, question: Q, answer: A, cards: []}\n# the end\n",
    "a block without cards": """\
bank: mine
notes:
  - id: adam
    question: Q
    answer: |
      A

      B


  - {id: b, question: Q2, answer: B}  # the last
""",
    "a block at the end of the file": """\
bank: mine\r
notes:\r
- id: adam\r
  question: Q\r
  answer: A\r
  cards:\r
  - id: lr\r
    front: F\r
    back: B""",
}


@pytest.mark.parametrize("style", STYLES)
def test_a_new_card_of_a_note_that_is_here_is_added_to_it(tmp_path: Path, home: Path, style: str) -> None:
    path = a_bank(home / "banks" / "mine", STYLES[style].replace("\r\n", "\n"))
    path.write_bytes(STYLES[style].encode())
    note = {**NOTE, "cards": [*NOTE["cards"], NEW]}

    done = bring(tmp_path, notes=[note], log={"events": [{**EVENT, "card": "mine/adam.new"}]})
    text = path.read_bytes().decode()
    again = bring(tmp_path, notes=[note])

    added = 1 if "id: lr" in STYLES[style] else 2
    assert done.stdout == (
        f"added {added} card{'s' if added > 1 else ''} to notes of {path}\nadded 1 row of 1 card to the log\n"
    ), done.stderr
    assert again.stdout == "the log has all 0 rows already; nothing was added\n"
    for line in STYLES[style].splitlines():
        assert line.rstrip("]},") in text
    assert ("\r\n" in text) is ("\r\n" in STYLES[style])
    with collection.opened(BankPaths(builtin=False), write=False) as col:
        card = col.bank.fields("mine/adam.new") or {}
        assert (card["front"], card["back"].rstrip()) == (NEW["front"], NEW["back"])
        assert card.get("drills", []) == (["first"] if style.startswith("a block of cards") else [])
        assert col.card_state("mine/adam.new").memory is not None


def test_a_picture_of_a_new_card_comes_along_and_none_is_replaced(tmp_path: Path, home: Path) -> None:
    a_bank(home / "banks")
    (home / "banks" / "media").mkdir()
    (home / "banks" / "media" / "old.png").write_bytes(b"mine")
    card = {"id": "mine/adam.x", "front": "![a](media/new.png)", "back": "![b](media/old.png)", "kind": "basic"}
    sent = {f"media/{name}.png": base64.b64encode(b"theirs").decode() for name in ("old", "new", "other")}

    done = bring(tmp_path, notes=[{**NOTE, "cards": [card]}], pictures={"mine": sent})

    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in (home / "banks" / "media").iterdir()} == {
        "old.png": b"mine",
        "new.png": b"theirs",
    }


def test_a_new_card_is_not_added_when_it_was_removed_renamed_or_lies_outside(tmp_path: Path, home: Path) -> None:
    text = SMALL_BANK.replace("{id: lr,", "{id: rate, was: [adam.lr],") + "retired:\n  - {id: adam.new, on: 2026-11}\n"
    path = a_bank(home / "banks", text)
    outside = a_bank(tmp_path / "out", "bank: yours\nnotes:\n- {id: a, question: Q, answer: A}\n", "yours.yaml")
    yours = {"id": "yours/a", "question": "Q", "answer": "A", "topic": "t", "cards": [{**NEW, "id": "yours/a.c"}]}

    done = bring(tmp_path, "x.json", "--bank", str(outside), notes=[{**NOTE, "cards": [*NOTE["cards"], NEW]}, yours])

    assert done.returncode == 0, done.stderr
    assert path.read_text(encoding="utf-8") == text
    assert f"1 card of notes that lie outside {home / 'banks'} can't be added" in done.stderr


def test_a_new_card_that_is_not_sound_changes_nothing(tmp_path: Path, home: Path) -> None:
    path = a_bank(home / "banks")
    bad = {"id": "mine/adam.x", "front": "no blank", "back": "b", "kind": "cloze"}
    other = {"id": "mine/new", "question": "New?", "answer": "Yes.", "topic": "nets", "cards": []}

    done = bring(tmp_path, notes=[{**NOTE, "cards": [bad]}, other])

    assert (done.returncode, path.read_text(encoding="utf-8")) == (65, SMALL_BANK)
    assert sorted(home.rglob("*.yaml")) == [path]


def test_a_note_that_clashes_with_a_bank_here_is_refused_before_it_breaks_that(tmp_path: Path, home: Path) -> None:
    a_bank(home / "banks")
    clash = {"id": "mine/new", "question": "New?", "answer": "Yes.", "topic": "nets", "was": ["adam"], "cards": []}

    done = bring(tmp_path, notes=[clash])

    assert done.returncode == 65
    assert "names an id that is live" in done.stderr
    assert called("check", str(home / "banks")).returncode == 0


def test_answers_to_cards_that_are_nowhere_are_counted_and_kept(tmp_path: Path) -> None:
    rows = [{**EVENT, "id": f"{n}-a", "at_ms": EVENT["at_ms"] + n, "card": f"gone/x.c{n % 2}"} for n in range(5)]

    done = bring(tmp_path, log={"events": [EVENT, *rows]}, notes=[NOTE])

    assert done.stderr == (
        "5 answers of 2 cards in no bank here (gone/x.c0, gone/x.c1); they are kept in the log and count as soon as there is such a bank\n"
    )
    assert len(json.loads(called("--no-builtin", "log", "--json").stdout)) == 6


def test_a_bank_that_was_renamed_travels_with_its_former_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/adam.lr", Rating.GOOD)
    a_bank(tmp_path, SMALL_BANK.replace("bank: mine", "bank: newest\nwas: [mine, newer]"))
    with a_collection(tmp_path) as col:
        json_file.export_file(col, tmp_path / "out.json", None, with_progress=True)
        memory = col.card_state("newest/adam.lr").memory
    monkeypatch.setenv("DLQUIZ_HOME", str(tmp_path / "elsewhere"))

    called("--no-builtin", "import", str(tmp_path / "out.json"))

    with collection.opened(BankPaths(builtin=False), write=True) as col:
        assert memory is not None
        assert col.card_state("newest/adam.lr").memory == memory
        assert col.bank.former_banks() == {"mine": "newest", "newer": "newest"}


@pytest.mark.parametrize(
    ("spoil", "code", "says"),
    [
        ("DROP TABLE event", 65, "none of dlquiz's"),
        ("PRAGMA user_version = 99", 1, "written by a newer dlquiz"),
        ("PRAGMA user_version = 0", 65, "none of dlquiz's"),
        ("PRAGMA user_version = -1", 65, "none of dlquiz's"),
    ],
)
def test_a_database_that_is_no_progress_file_is_refused(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, spoil: str, code: int, says: str
) -> None:
    other = tmp_path / "other.db"
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("DLQUIZ_HOME", str(tmp_path / "elsewhere"))
        with a_collection(tmp_path) as col:
            rate(col, "mine/adam.lr", Rating.GOOD)
            col.progress.copy_to(other)
    with closing(sqlite3.connect(other)) as db:
        db.execute(spoil)
        db.commit()

    done = called("--no-builtin", "import", str(other))

    assert done.returncode == code
    assert str(other) in done.stderr
    assert says in done.stderr
    assert not home.exists()


@pytest.mark.parametrize("name", ["x.json", "x.csv"])
def test_no_card_is_made_while_a_bank_that_may_have_it_cannot_be_read(tmp_path: Path, home: Path, name: str) -> None:
    path = a_bank(home / "banks")
    path.write_text(SMALL_BANK + "<<<<<<< ours\n", encoding="utf-8")
    (tmp_path / "x.csv").write_text("What is new?,This\n", encoding="utf-8")
    (tmp_path / "x.json").write_text(json.dumps({"dlquiz": 1, "notes": [NOTE]}), encoding="utf-8")

    done = called("--no-builtin", "import", str(tmp_path / name))

    assert done.returncode == 65
    assert "mend it first" in done.stderr
    assert [found.name for found in (home / "banks").iterdir()] == ["mine.yaml"]
    assert bring(tmp_path, "log.json", log={"events": [EVENT]}).returncode == 0


def test_two_names_of_one_bank_come_together(tmp_path: Path, home: Path) -> None:
    a_bank(home / "banks", SMALL_BANK.replace("bank: mine", "bank: newest\nwas: [mine]"))
    old = {"id": "mine/one", "question": "One?", "answer": "1", "topic": "t", "cards": []}

    done = bring(tmp_path, notes=[old, {**old, "id": "newest/two"}, NOTE])

    assert done.returncode == 0, done.stderr
    with collection.opened(BankPaths(builtin=False), write=False) as col:
        assert sorted(col.bank.note_ids()) == ["newest/adam", "newest/one", "newest/sgd", "newest/two"]
