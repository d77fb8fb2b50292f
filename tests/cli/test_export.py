from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from builders import a_bank, run


@pytest.fixture
def bank(tmp_path: Path) -> list[str]:
    return ["--bank", str(a_bank(tmp_path / "bank")), "--no-builtin"]


def test_export_says_what_it_wrote(bank: list[str], tmp_path: Path) -> None:
    target = tmp_path / "deck.apkg"
    run("study", *bank, "--cards", "2", keys="\n3\n\n3\n")

    plain = run("export", str(target), *bank)
    whole = run("export", str(target), "--progress", *bank)

    assert (plain.returncode, plain.stdout, plain.stderr) == (0, f"exported 7 cards to {target}\n", "")
    assert whole.stdout == f"exported 7 cards, 2 answers to {target}\n"
    assert zipfile.ZipFile(target).namelist() == ["collection.anki2", "media"]


def test_a_topic_exports_its_cards_alone(tmp_path: Path) -> None:
    target = tmp_path / "deck.apkg"

    done = run("export", str(target), "--topic", "optimisers")

    assert done.returncode == 0
    assert 20 < int(done.stdout.split()[1]) < 100


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("deck.doc", 2, "can't tell the form of"),
        ("deck", 2, "end the file's name in .apkg"),
        ("none/deck.apkg", 2, "there is no folder"),
        ("folder.apkg", 2, "is a folder; name a file in it"),
        ("x" * 300 + ".apkg", 1, "nothing was changed"),
    ],
)
def test_a_file_that_cannot_be_is_told(bank: list[str], tmp_path: Path, name: str, code: int, says: str) -> None:
    (tmp_path / "folder.apkg").mkdir()

    done = run("export", str(tmp_path / name), *bank)

    assert done.returncode == code
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_unknown_topic_is_told_and_writes_nothing(bank: list[str], tmp_path: Path) -> None:
    done = run("export", str(tmp_path / "deck.apkg"), "--topic", "optimiser-s", *bank)

    assert done.returncode == 2
    assert "did you mean 'optimizers'" in done.stderr
    assert not (tmp_path / "deck.apkg").exists()
