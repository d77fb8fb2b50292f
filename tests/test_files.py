"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from dlquiz import files


def test_what_fails_on_the_way_leaves_the_file_and_no_draft(tmp_path: Path) -> None:
    target = tmp_path / "x.txt"
    target.write_text("old")

    def fill() -> None:
        with files.replacing(target) as draft:
            draft.write_text("half")
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        fill()

    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_what_sqlite_leaves_beside_a_draft_goes_with_it_and_a_killed_programs_draft_after_a_day(tmp_path: Path) -> None:
    target = tmp_path / "progress [1].db"
    old, new = tmp_path / ".progress [1].db.77.new", tmp_path / ".progress [1].db.78.new-wal"
    for path in (old, new, tmp_path / ".other.db.77.new"):
        path.write_bytes(b"half")
        os.utime(path, (0, 0))
    os.utime(new)

    with files.replacing(target) as draft:
        draft.write_bytes(b"whole")
        for ending in ("-wal", "-shm", "-journal"):
            draft.with_name(draft.name + ending).write_bytes(b"")

    assert sorted(path.name for path in tmp_path.iterdir()) == [".other.db.77.new", new.name, target.name]


def test_a_link_stays_a_link_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "x.txt"
    target.write_text("old")
    target.chmod(0o600)
    link = tmp_path / "link.txt"
    link.symlink_to(target)
    files.write_text(link, "new")

    assert link.is_symlink()
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_free_name_is_nothing_yet_not_even_a_link_to_nowhere(tmp_path: Path) -> None:
    assert files.free_name(tmp_path, "x", ".db").name == "x.db"
    (tmp_path / "x.db").write_text("")
    if sys.platform != "win32":
        os.symlink(tmp_path / "nowhere", tmp_path / "x-2.db")
        assert files.free_name(tmp_path, "x", ".db").name == "x-3.db"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PurePosixPath("/my banks/a?b%.db"), "file:///my%20banks/a%3Fb%25.db?mode=ro"),
        (PureWindowsPath(r"C:\Users\Jo Ann\x.db"), "file:///C:/Users/Jo%20Ann/x.db?mode=ro"),
        (PureWindowsPath(r"\\server\share\dl quiz\x#1.db"), "file:////server/share/dl%20quiz/x%231.db?mode=ro"),
    ],
)
def test_sqlite_opens_a_file_wherever_it_lies(path: PurePath, uri: str) -> None:
    assert files.sqlite_uri(path, "mode=ro") == uri


def test_an_address_with_every_special_character_opens_that_file(tmp_path: Path) -> None:
    path = tmp_path / ("a #%41&é.db" if sys.platform == "win32" else "a ?#%41&é.db")
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE here (x)")

    for slashes in ("", "/"):  # two in front, as a Windows share has them
        with closing(sqlite3.connect(files.sqlite_uri(Path(f"{slashes}{path}"), "mode=ro"), uri=True)) as db:
            assert db.execute("SELECT name FROM sqlite_schema").fetchall() == [("here",)]


@pytest.mark.parametrize(
    ("path", "windows", "typed"),
    [
        (PurePosixPath("/home/jo/x.db"), False, "/home/jo/x.db"),
        (PurePosixPath("/home/jo's/x y.db"), False, """'/home/jo'"'"'s/x y.db'"""),
        (PureWindowsPath(r"C:\Users\jo\x-1.db"), True, r"C:\Users\jo\x-1.db"),
        (PureWindowsPath(r"C:\Users\Jo & co\x.db"), True, r'"C:\Users\Jo & co\x.db"'),
    ],
)
def test_a_path_in_a_command_can_be_typed_as_it_stands(path: PurePath, windows: bool, typed: str) -> None:
    assert files.quoted(path, windows=windows) == typed


@pytest.mark.parametrize(
    ("command", "windows", "words"),
    [
        (
            r'"C:\Program Files\judge.exe" --model "a b" c:\x',
            True,
            [r"C:\Program Files\judge.exe", "--model", "a b", r"c:\x"],
        ),
        (r"'my judge' a\ b", False, ["my judge", "a b"]),
        ("", True, []),
    ],
)
def test_a_command_is_read_as_the_systems_shell_reads_it(command: str, windows: bool, words: list[str]) -> None:
    assert files.words(command, windows=windows) == words
