"""Packages that want to do harm, and broken ones: a sentence, exit 65, nothing of the user's touched."""

from __future__ import annotations

import json
import shutil
import sqlite3
import struct
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import packages
import pytest
from builders import called
from hypothesis import given
from hypothesis import strategies as st
from packages_at_random import message

from dlquiz import collection
from dlquiz.anki.reader import archive, protobuf
from dlquiz.anki.reader import collection as anki_collection
from dlquiz.errors import BankError, DlquizError, UsageError
from dlquiz.transfer import from_anki as jobs

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

NOTE = packages.note("one", "What is it?", "A word.")


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as packed:
        for name, raw in members.items():
            packed.writestr(name, raw)
    return path


def database(folder: Path, **about: Any) -> bytes:
    return packages.a_collection(folder / "made.db", [NOTE], **about).read_bytes()


def encrypted(folder: Path) -> Path:
    path = packages.a_package(folder / "x.apkg", NOTE)
    raw = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = 0
        while (at := raw.find(mark, at)) >= 0:
            raw[at + place] |= 1
            at += 4
    path.write_bytes(raw)
    return path


def truncated(folder: Path) -> Path:
    path = packages.a_package(folder / "x.apkg", NOTE)
    path.write_bytes(path.read_bytes()[:-200])
    return path


def damaged(folder: Path) -> Path:
    path = packages.a_package(folder / "x.apkg", NOTE)
    raw = bytearray(path.read_bytes())
    raw[200:260] = bytes(60)
    path.write_bytes(raw)
    return path


def doubled(folder: Path) -> Path:
    path = folder / "x.apkg"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("collection.anki2", database(folder))
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("collection.anki2", b"another")
    return path


def bomb(folder: Path) -> Path:
    return zipped(folder / "x.apkg", {"collection.anki2": bytes(200 << 20)})


def zstd_bomb(folder: Path) -> Path:
    return zipped(folder / "x.apkg", {"meta": b"\x08\x03", "collection.anki21b": zstd.compress(bytes(200 << 20))})


def long_directory(folder: Path) -> Path:
    path = folder / "x.apkg"
    path.write_bytes(b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 60_000, 60_000, archive.MAX_DIRECTORY + 1, 0, 0))
    return path


def torn(folder: Path) -> Path:
    raw = database(folder, extra="CREATE TABLE filler (x); " + "INSERT INTO filler VALUES (randomblob(4000));" * 30)
    return zipped(folder / "x.apkg", {"collection.anki2": raw[: len(raw) // 2]})


def with_sql(extra: str) -> Callable[[Path], Path]:
    return lambda folder: zipped(folder / "x.apkg", {"collection.anki2": database(folder, extra=extra)})


def with_col(**about: Any) -> Callable[[Path], Path]:
    return lambda folder: zipped(folder / "x.apkg", {"collection.anki2": database(folder, **about)})


def with_members(**members: bytes) -> Callable[[Path], Path]:
    named = {name.replace("_", "."): raw for name, raw in members.items()}
    return lambda folder: zipped(folder / "x.apkg", named)


VIEW = "ALTER TABLE notes RENAME TO n; CREATE VIEW notes AS SELECT * FROM n;"
COMPUTED = "DROP TABLE revlog; CREATE TABLE revlog (id INTEGER PRIMARY KEY, cid, usn, ease, ivl, lastIvl, factor, time, type AS (1));"
BROKEN: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no zip": (lambda folder: _text(folder / "x.apkg", b"hello"), "no package of Anki"),
    "an empty file": (lambda folder: _text(folder / "x.apkg", b""), "no package of Anki"),
    "cut short": (truncated, "no package of Anki, or cut short"),
    "damaged": (damaged, "is damaged"),
    "encrypted": (encrypted, "it is encrypted"),
    "a name twice": (doubled, "twice"),
    "no collection": (with_members(media=b"{}"), "holds no collection"),
    "no SQLite": (with_members(collection_anki2=b"no database at all"), "no SQLite database"),
    "half a database": (torn, "damaged"),
    "packed in a strange way": (
        lambda folder: zipped(folder / "x.apkg", {"collection.anki2": database(folder)}, zipfile.ZIP_LZMA),
        "does not use",
    ),
    "a zip bomb": (bomb, "unpacks to more than"),
    "a zstd bomb": (zstd_bomb, "unpacks to more than"),
    "a list without an end": (long_directory, "members, more than"),
    "a newer generation": (with_members(meta=b"\x08\x09", collection_anki2=b""), "newer Anki"),
    "a generation that is not there": (
        with_members(meta=b"\x08\x03", collection_anki2=b"stub"),
        "it has no collection.anki21b",
    ),
    "a damaged description": (with_members(meta=b"\xff", collection_anki2=b""), "description is damaged"),
    "zstd that is none": (with_members(meta=b"\x08\x03", collection_anki21b=b"nothing of that kind"), "is damaged"),
    "a view": (with_sql(VIEW), "no table 'notes'"),
    "a computed column": (with_sql(COMPUTED), "columns that Anki's has not"),
    "a log without a column": (with_sql("ALTER TABLE revlog RENAME COLUMN ease TO other;"), "no such column"),
    "a log with a value that is too long": (
        with_sql("INSERT INTO revlog (id, cid, ease) VALUES (1, 2, zeroblob(17000000));"),
        "too big",
    ),
    "no table": (with_sql("DROP TABLE cards;"), "no table 'cards'"),
    "no row": (with_sql("DELETE FROM col;"), "is empty"),
    "no JSON": (with_col(models="{"), "no JSON"),
    "no mapping": (with_col(decks="[]"), "no mapping"),
    "JSON without a bottom": (with_col(conf="[" * 100_000), "no JSON"),
    "a list of media that is none": (
        lambda folder: zipped(folder / "x.apkg", {"collection.anki2": database(folder), "media": b"[]"}),
        "list of media",
    ),
}


def _text(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_package_is_told_and_changes_nothing(tmp_path: Path, home: Path, name: str) -> None:
    make, said = BROKEN[name]

    with pytest.raises(BankError, match=said):
        jobs.package(collection.BankPaths(builtin=False), make(tmp_path))
    assert not home.exists()


def test_the_program_exits_65_for_a_broken_package_and_2_for_no_file(tmp_path: Path) -> None:
    broken = called("import", str(_text(tmp_path / "x.apkg", b"hello")))
    missing = called("import", str(tmp_path / "none.apkg"))
    folder = tmp_path / "folder.apkg"
    folder.mkdir()
    is_folder = called("import", str(folder))

    assert (broken.returncode, missing.returncode, is_folder.returncode) == (65, 2, 2)
    assert "no package of Anki" in broken.stderr
    assert "none.apkg" in missing.stderr
    assert "Traceback" not in broken.stderr + missing.stderr + is_folder.stderr


def test_triggers_and_other_tables_of_a_package_are_never_run(tmp_path: Path, home: Path) -> None:
    extra = "CREATE TABLE t (x DEFAULT (zeroblob(1000000000))); CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM notes; END;"
    path = zipped(tmp_path / "x.apkg", {"collection.anki2": database(tmp_path, extra=extra), "media": b"{}"})

    jobs.package(collection.BankPaths(builtin=False), path)

    assert (home / "banks" / "words").is_dir()


@pytest.mark.parametrize("ordinal", [-1, 1_000, 2**31])
def test_a_card_with_a_number_that_no_note_has_is_told_with_the_file(tmp_path: Path, home: Path, ordinal: int) -> None:
    path = zipped(
        tmp_path / "x.apkg",
        {"collection.anki2": database(tmp_path, extra=f"UPDATE cards SET ord = {ordinal};"), "media": b"{}"},
    )

    with pytest.raises(
        BankError, match=rf"x\.apkg: card \d+ says to be number {ordinal + 1} of its note; nothing was imported"
    ):
        jobs.package(collection.BankPaths(builtin=False), path)
    assert not (home / "banks").exists()


def test_names_in_a_package_never_become_paths(tmp_path: Path, home: Path) -> None:
    evil = "../../evil.png"
    names = {evil: b"\x89PNG\r\n\x1a\n", "/etc/passwd.svg": b"<svg/>", "C:\\x.gif": b"GIF89a"}
    html = "".join(f'<img src="{name}">' for name in names)
    decks = {"2": {"id": 2, "name": "../../up::/etc::con"}}
    path = packages.a_package(
        tmp_path / "x.apkg", packages.note("../../g", f"Look {html}", "Yes"), media=names, decks=decks
    )
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("../../../outside", b"x")

    jobs.package(collection.BankPaths(builtin=False), path)

    written = [each for each in tmp_path.rglob("*") if each.is_file() and each != path]
    assert all(each.is_relative_to(home) for each in written)
    assert sorted(each.suffix for each in (home / "banks" / "up" / "media").iterdir()) == [".gif", ".png", ".svg"]
    assert (home / "banks" / "up" / "topic-con.yaml").is_file()  # no file that Windows could not make


def test_pictures_that_are_none_or_hold_a_script_stay_away(tmp_path: Path, home: Path) -> None:
    names = {"a.svg": b"<svg onload='alert(1)'/>", "b.png": b"<html>", "c.svg": b"<svg><script>1</script></svg>"}
    html = "".join(f'<img src="{name}">' for name in names)
    path = packages.a_package(tmp_path / "x.apkg", packages.note("one", f"Look {html}", "Yes"), media=names)

    done = jobs.package(collection.BankPaths(builtin=False), path)

    assert not (home / "banks" / "words" / "media").exists()
    assert "a.svg (an SVG with a script in it)" in done.remarks[0]
    assert "b.png (no SVG, PNG" in done.remarks[0]


def test_a_picture_that_is_listed_and_not_there_is_told(tmp_path: Path, home: Path) -> None:
    note = packages.note("one", "Look <img src=a.png>", "Yes")
    collection_ = packages.a_collection(tmp_path / "made.db", [note]).read_bytes()
    for newest in (False, True):
        members = {"collection.anki2": collection_, "media": b'{"7": "a.png"}'}
        if newest:
            listed = zstd.compress(message(1, message(1, "a.png")))
            members = {"meta": message(1, 3), "collection.anki21b": zstd.compress(collection_), "media": listed}

        done = jobs.package(collection.BankPaths(builtin=False), zipped(tmp_path / "x.apkg", members))

        assert "a.png (damaged, or larger than 32 MB)" in "".join(done.remarks)
        shutil.rmtree(home)


def test_absurd_counts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anki_collection, "COUNTS", {"notes": 1, "cards": 9, "revlog": 9})
    path = packages.a_package(tmp_path / "x.apkg", NOTE, packages.note("two", "a", "b"))

    with pytest.raises(BankError, match="2 rows in notes, more than 1"):
        jobs.package(collection.BankPaths(builtin=False), path)


def test_queries_that_never_end_are_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anki_collection, "INSTRUCTIONS", 100)
    monkeypatch.setattr(anki_collection, "LONGEST", 1)
    path = packages.a_package(tmp_path / "x.apkg", NOTE)

    with pytest.raises(BankError, match="interrupted"):
        jobs.package(collection.BankPaths(builtin=False), path)


def test_a_template_that_repeats_a_field_without_end_is_cut(tmp_path: Path, home: Path) -> None:
    models = json.loads(json.dumps(packages.MODELS))
    models[str(packages.BASIC)]["tmpls"][0]["qfmt"] = "{{Front}}" * 5000
    path = packages.a_package(tmp_path / "x.apkg", packages.note("one", "word " * 2000, "b"), models=models)

    jobs.package(collection.BankPaths(builtin=False), path)

    assert sum(each.stat().st_size for each in (home / "banks" / "words").iterdir()) < 400_000


@given(raw=st.binary(max_size=300))
def test_the_reader_of_messages_reads_any_bytes_or_says_that_they_are_none(raw: bytes) -> None:
    try:
        found = list(protobuf.fields(raw))
    except protobuf.MalformedError:
        return
    assert sum(len(value) for _, value in found if isinstance(value, bytes)) <= len(raw)
    assert all(0 <= value < 1 << 64 for _, value in found if isinstance(value, int))


VALUES = st.one_of(st.integers(0, (1 << 64) - 1), st.binary(max_size=200))


@given(wanted=st.lists(st.tuples(st.integers(1, (1 << 29) - 1), VALUES), max_size=20))
def test_what_was_written_as_a_message_is_read(wanted: list[tuple[int, int | bytes]]) -> None:
    raw = b"".join(message(number, value) for number, value in wanted)

    assert list(protobuf.fields(raw)) == wanted


@given(at=st.integers(0, 4000), byte=st.integers(0, 255))
def test_a_flipped_byte_anywhere_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, at: int, byte: int) -> None:
    folder = tmp_path_factory.mktemp("flipped")
    raw = bytearray(packages.a_package(folder / "x.apkg", NOTE).read_bytes())
    raw[at % len(raw)] = byte
    path = _text(folder / "y.apkg", bytes(raw))
    try:
        with archive.opened(path) as packed:
            packed.database(folder / "c.db")
            with anki_collection.opened("y", folder / "c.db") as found:
                list(found.notes())
                list(found.histories())
    except (BankError, UsageError):
        pass


@given(at=st.integers(0, 40_000), byte=st.integers(0, 255))
def test_a_damaged_database_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, at: int, byte: int) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    raw = bytearray(database(folder))
    raw[at % len(raw)] = byte
    path = _text(folder / "c.db", bytes(raw))
    try:
        with anki_collection.opened("y", path) as found:
            list(found.notes())
            list(found.histories())
    except DlquizError:
        pass


def test_values_of_other_types_than_anki_writes_are_read_as_numbers_and_texts(tmp_path: Path) -> None:
    path = packages.a_collection(tmp_path / "c.db", [NOTE])
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE cards SET ord = 'x', did = x'00ff', mod = 1.5, due = NULL")
        db.execute("UPDATE notes SET tags = x'ff', mod = 'later'")
        db.execute("INSERT INTO revlog VALUES (5, 'no', 1, 'x', 2.5, NULL, x'00', -1, 7)")

    with anki_collection.opened("y", path) as found:
        (note,) = found.notes()
        ((card, rows),) = found.histories()

    assert (note.changed_s, note.cards[0].ord, card, rows[0].interval) == (0, 0, 0, 2)
