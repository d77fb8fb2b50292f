from __future__ import annotations

import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from builders import called


def test_export_says_what_it_wrote(bank: list[str], tmp_path: Path) -> None:
    target = tmp_path / "deck.apkg"
    called("study", *bank, "--cards", "2", keys="\n3\n\n3\n")

    plain = called("export", str(target), *bank)
    whole = called("export", str(target), "--progress", *bank)

    assert (plain.returncode, plain.stdout, plain.stderr) == (0, f"exported 7 cards to {target}\n", "")
    assert whole.stdout == f"exported 7 cards and 2 answers to {target}\n"
    assert zipfile.ZipFile(target).namelist() == ["collection.anki2", "media"]


def test_a_topic_exports_its_cards_alone(tmp_path: Path) -> None:
    target = tmp_path / "deck.apkg"

    done = called("export", str(target), "--topic", "optimisers")

    assert done.returncode == 0
    assert 20 < int(done.stdout.split()[1]) < 100


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("deck.doc", 2, "can't tell the format of"),
        ("deck", 2, "end its name in .apkg"),
        ("none/deck.apkg", 2, "there is no folder"),
        ("folder.apkg", 2, "is a folder; name a file in it"),
        ("x" * 300 + ".apkg", 1, "nothing was changed"),
    ],
)
def test_a_file_that_cannot_be_is_told(bank: list[str], tmp_path: Path, name: str, code: int, says: str) -> None:
    (tmp_path / "folder.apkg").mkdir()

    done = called("export", str(tmp_path / name), *bank)

    assert done.returncode == code
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_unknown_topic_is_told_and_writes_nothing(bank: list[str], tmp_path: Path) -> None:
    done = called("export", str(tmp_path / "deck.apkg"), "--topic", "optimiser-s", *bank)

    assert done.returncode == 2
    assert "did you mean 'optimizers'" in done.stderr
    assert not (tmp_path / "deck.apkg").exists()


@pytest.mark.parametrize("ending", ["apkg", "csv", "json", "md", "html"])
def test_an_export_replaces_an_export_and_nothing_else(bank: list[str], tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"out.{ending}"
    target.touch()  # as mktemp makes it
    assert called("export", str(target), *bank).returncode == 0
    assert called("export", str(target), *bank).returncode == 0
    target.write_bytes(b'{"name": "package"}\nFront,Back\n# Notes of mine')

    refused = called("export", str(target), *bank)

    assert refused.returncode == 2
    assert "`dlquiz export` did not write it; name another file, or replace it with --force" in refused.stderr
    assert target.read_bytes().startswith(b'{"name"')
    assert called("export", str(target), "--force", *bank).returncode == 0
    assert called("export", str(target), *bank).returncode == 0


def test_a_package_from_anki_is_not_replaced(bank: list[str], tmp_path: Path) -> None:
    target = tmp_path / "deck.apkg"
    called("export", str(target), *bank)
    with zipfile.ZipFile(target, "a") as packed:
        packed.comment = b""

    assert called("export", str(target), *bank).returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="links and pipes as Unix has them")
def test_a_link_stays_a_link_and_a_pipe_stays_a_pipe(bank: list[str], tmp_path: Path) -> None:
    there = tmp_path / "there.json"
    link = tmp_path / "link.json"
    os.symlink(there, link)
    os.mkfifo(tmp_path / "pipe.json")

    assert called("export", str(link), *bank).returncode == 0
    assert called("export", str(tmp_path / "pipe.json"), *bank, "--force").returncode == 2

    assert link.is_symlink()
    assert there.read_bytes().startswith(b'{"dlquiz"')


def test_a_backup_replaces_an_earlier_one_of_this_log_and_nothing_else(bank: list[str], tmp_path: Path) -> None:
    target, other = tmp_path / "kept.db", tmp_path / "other.db"
    called("study", *bank, "--cards", "1", keys="\n3\n")
    assert called("backup", str(target)).returncode == 0
    called("study", *bank, "--cards", "1", keys="\n3\n")
    assert called("backup", str(target)).returncode == 0
    shutil.copyfile(target, other)
    with closing(sqlite3.connect(other)) as db:
        db.execute("UPDATE event SET id = 'another' || id")
        db.commit()
    before = other.read_bytes()
    (tmp_path / "letter.txt").write_text("Dear", encoding="utf-8")

    for path in (other, tmp_path / "letter.txt"):
        refused = called("backup", str(path))
        assert refused.returncode == 2
        assert "is no earlier backup of this log" in refused.stderr

    assert other.read_bytes() == before
    assert called("backup", str(other), "--force").returncode == 0
