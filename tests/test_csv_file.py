"""A table that comes in twice changes nothing, whatever was renamed or edited in between."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import SMALL_BANK, Called, a_bank, called

from dlquiz import collection
from dlquiz.collection import BankPaths


def bring(file: Path, *bank: str) -> Called:
    return called("--no-builtin", *bank, "import", str(file))


def banks(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home / "banks")): path.read_bytes() for path in (home / "banks").rglob("*.yaml")}


def notes() -> list[str]:
    with collection.opened(BankPaths(builtin=False), write=False) as col:
        return col.bank.note_ids()


TABLE = "Question,Answer\nWhat is y?,one\nWhat is y?,two\nWhat is z?,three\nWhat is y?,one\n"


@pytest.mark.parametrize("again", ["words.csv", "words (1).csv", "other.csv"])
def test_a_table_without_guids_comes_once(tmp_path: Path, home: Path, again: str) -> None:
    (tmp_path / "words.csv").write_text(TABLE, encoding="utf-8")
    first = bring(tmp_path / "words.csv")
    before = banks(home)
    (tmp_path / again).write_text(TABLE, encoding="utf-8")

    done = bring(tmp_path / again)

    assert first.stdout.startswith(f"made the bank {home / 'banks' / 'words'} with 3 cards\nseparator comma")
    assert "line 3 asks the same as line 2, with another answer" in first.stderr
    assert "line 5 repeats line 2 and was left out" in first.stderr
    assert done.stdout.startswith("3 cards are here already; nothing was added\n")
    assert banks(home) == before
    assert notes() == ["words/what-is-y", "words/what-is-y-2", "words/what-is-z"]


def test_what_is_new_in_a_table_goes_to_the_bank_of_the_rest_and_what_changed_is_told(
    tmp_path: Path, home: Path
) -> None:
    file = tmp_path / "words.csv"
    file.write_text(TABLE, encoding="utf-8")
    bring(file)
    before = banks(home)
    file.write_text(TABLE.replace("three", "another") + "What is new?,four\n", encoding="utf-8")

    done = bring(file)

    assert done.stdout.startswith(f"added 1 card to the bank {home / 'banks' / 'words'}; 3 cards are here already\n")
    assert (
        "words/what-is-z: its answer in the table is another, the bank was left as it is; there it says: another"
        in done.stderr
    )
    assert banks(home).items() >= before.items()
    assert "words/what-is-new" in notes()
    assert bring(file).stdout.startswith("4 cards are here already; nothing was added\n")
    assert called("check", str(home / "banks")).returncode == 0


def test_our_own_table_is_known_by_its_guids_where_its_bank_is(tmp_path: Path, home: Path) -> None:
    bank = ("--bank", str(a_bank(tmp_path)))
    file = tmp_path / "out.csv"
    called("--no-builtin", *bank, "export", str(file))

    same = bring(file, *bank)
    file.write_text(file.read_text(encoding="utf-8").replace("gradient descent", "plain descent"), encoding="utf-8")
    edited = bring(file, *bank)

    assert same.stdout.startswith("7 cards are here already; nothing was added\n")
    assert same.stderr == ""
    assert edited.stderr.startswith("mine/sgd.batch: its answer in the table is another")
    assert not (home / "banks").exists()


def test_our_own_table_comes_once_where_its_bank_is_not_even_when_it_was_edited(tmp_path: Path, home: Path) -> None:
    bank = ("--bank", str(a_bank(tmp_path)))
    file = tmp_path / "out.csv"
    called("--no-builtin", *bank, "export", str(file))
    bring(file)
    before = banks(home)
    file.write_text(file.read_text(encoding="utf-8").replace("What is SGD?", "What does SGD do?"), encoding="utf-8")

    done = bring(file)

    assert done.stdout.startswith("7 cards are here already; nothing was added\n")
    assert "its question in the table is another" in done.stderr
    assert banks(home) == before


def test_a_card_that_was_removed_on_purpose_does_not_come_back(tmp_path: Path, home: Path) -> None:
    path = a_bank(home / "banks")
    called("--no-builtin", "export", str(tmp_path / "out.csv"))
    text = (
        SMALL_BANK[: SMALL_BANK.index("  - id: sgd")]
        + "retired: [{id: sgd, on: 2026-11}, {id: sgd.batch, on: 2026-11}]\n"
    )
    path.write_text(text, encoding="utf-8")

    done = bring(tmp_path / "out.csv")

    assert done.stdout.startswith("7 cards are here already; nothing was added\n")
    assert [path.name for path in (home / "banks").iterdir()] == ["mine.yaml"]


def test_characters_that_no_bank_holds_do_not_make_a_card_come_twice(tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text('"What\u2028is\x1b\ufeff\ty?",one\x85two\nWhat is z?,three\n', encoding="utf-8")
    bring(file)

    assert bring(file).stdout.startswith("2 cards are here already; nothing was added\n")
    with collection.opened(BankPaths(builtin=False), write=False) as col:
        assert [question.split() for _, question in col.bank.own_questions()] == [
            ["What", "is", "y?"],
            ["What", "is", "z?"],
        ]
