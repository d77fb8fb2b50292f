from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from builders import a_collection, all_of, called, later, rate, read_out
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import collection
from dlquiz.card import Event, InterviewRow, Ledger, PointResult, Rating, State, Verdict, note_of
from dlquiz.collection import BankPaths, doctor, reports
from dlquiz.errors import BankError, StoreError, UsageError
from dlquiz.transfer import csv_file, database, imports, journal_format, json_document, json_file, staging, text_table
from dlquiz.transfer.json_document import Journal


@pytest.fixture
def studied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """What another machine's log holds: answers, ticks, an undo, a suspension."""
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("DLQUIZ_HOME", str(tmp_path / "elsewhere"))
        with a_collection(tmp_path) as col:
            rate(col, "mine/adam", Rating.HARD, points={"mine/adam#first": True, "mine/adam#second": False})
            rate(col, "mine/adam.lr", Rating.GOOD, later(seconds=30))
            rate(col, "mine/sgd", Rating.EASY, later(seconds=60))
            col.undo(later(seconds=61))
            col.act("suspend", ["mine/sgd.batch"], later(seconds=70))
            found = all_of(col)
    return found


def test_a_log_that_went_through_json_is_the_same_log(tmp_path: Path, studied: Ledger) -> None:
    file = tmp_path / "progress.json"
    file.write_text("".join(json_document.text(Journal([], {}, studied))), encoding="utf-8")

    json_file.import_file(BankPaths((tmp_path / "mine.yaml",), builtin=False), file)

    with a_collection(tmp_path) as col:
        assert all_of(col) == studied
        assert col.card_state("mine/adam").memory is not None
        assert col.card_state("mine/sgd").memory is None
        assert col.card_state("mine/sgd.batch").suspended
        assert col.card_view("mine/adam", later(days=3)).missed_before == {"mine/adam#second"}
        assert doctor.examine(col).differences == []


def test_importing_twice_changes_nothing(tmp_path: Path, studied: Ledger) -> None:
    file = tmp_path / "progress.json"
    file.write_text("".join(json_document.text(Journal([], {}, studied))), encoding="utf-8")
    where = BankPaths((tmp_path / "mine.yaml",), builtin=False)
    json_file.import_file(where, file)

    again = json_file.import_file(where, file)

    assert again.said == ("the log has all 5 rows already; nothing was added",)
    with a_collection(tmp_path) as col:
        assert all_of(col) == studied


def test_two_logs_unite_whichever_comes_first(tmp_path: Path, home: Path, studied: Ledger) -> None:
    with a_collection(tmp_path) as col:
        rate(col, "mine/adam", Rating.AGAIN, later(seconds=20))
        rate(col, "mine/adam.beta", Rating.GOOD, later(seconds=90))
        own = all_of(col)
        merged = imports.join(col, studied)
        memory = col.card_state("mine/adam").memory

        assert merged.added == 5
        assert len(reports.log(col)) == 5
        assert memory is not None
        assert memory.reps == 2
        assert doctor.examine(col).differences == []
        taken = col.undo(later(seconds=100))
        assert taken.card == "mine/adam.beta"
    shutil.rmtree(home)
    with a_collection(tmp_path) as col:
        imports.join(col, studied)
        imports.join(col, own)
        assert col.card_state("mine/adam").memory == memory


def test_another_machines_progress_file_joins_with_its_journal(tmp_path: Path, home: Path, studied: Ledger) -> None:
    other = tmp_path / "elsewhere" / "progress.db"
    where = BankPaths((tmp_path / "mine.yaml",), builtin=False)

    database.import_file(where, other)

    with a_collection(tmp_path) as col:
        assert all_of(col) == studied
    assert database.import_file(where, other).said[0].endswith("nothing was added")
    with pytest.raises(UsageError, match="in use"):
        database.import_file(where, home / "progress.db")


def test_a_file_that_is_no_progress_changes_nothing(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "other.db"
    file.write_bytes(b"no database at all " * 100)

    with pytest.raises(BankError, match="is damaged"):
        database.import_file(BankPaths(builtin=False), file)
    with pytest.raises(UsageError, match="check the path"):
        database.import_file(BankPaths(builtin=False), tmp_path / "missing.db")

    assert not home.exists()


def test_a_bank_that_is_not_here_comes_with_its_log(tmp_path: Path, home: Path, studied: Ledger) -> None:
    with a_collection(tmp_path, write=False) as col:
        notes = [col.bank.fields(note) or {} for note in col.bank.note_ids()]
    file = tmp_path / "progress.json"
    file.write_text("".join(json_document.text(Journal(notes, {}, studied))), encoding="utf-8")

    done = json_file.import_file(BankPaths(builtin=False), file)

    assert done.said[0] == f"made the bank {home / 'banks' / 'mine'}"
    with collection.opened(BankPaths(builtin=False), write=False) as col:
        assert [col.bank.fields(note) for note in col.bank.note_ids()] == notes
        assert reports.status(col)["topics"][0]["cards"] == 7
        assert len(reports.log(col)) == 3
    assert "left as it was" in json_file.import_file(BankPaths(builtin=False), file).remarks[0]


WRONG: dict[str, str | dict[str, object]] = {
    "no JSON": "{",
    "no export of dlquiz": "[]",
    "newer dlquiz": '{"dlquiz": 99}',
    r"log: it takes a mapping": '{"dlquiz": 1, "log": []}',
    r"log\.events\[0\]: it has no 'id'": '{"dlquiz": 1, "log": {"events": [{}]}}',
    r"log\.events\[0\]\.rating: it takes 1 to 4": {"rating": 5},
    r"log\.events\[0\]\.rating: it takes 1 to 4;": {"rating": True},
    r"log\.events\[0\]\.kind: it is one of": {"kind": "dance"},
    r"log\.events\[0\]\.study_day: it takes a day": {"study_day": "yesterday"},
    r"log\.events\[0\]\.state_before: it takes one of": {"state_before": "asleep"},
    r"log\.events\[0\]\.at_ms: it takes a whole number": {"at_ms": 10**30},
    r"log\.events\[0\]: there is no field 'colour'": {"colour": "red"},
    r"log\.events\[0\]: it has no 'interval_after'": {"interval_after": None},
    r"log\.events\[0\]\.card: it holds half a character": {"card": "\ud800"},
}  # fmt: skip
SOUND: dict[str, object] = {
    "id": "1-a", "kind": "review", "card": "mine/adam", "at_ms": 1, "study_day": "2026-01-05", "utc_offset_min": 0, "device": "a",
    "rating": 3, "interval_after": 4,
}  # fmt: skip


@pytest.mark.parametrize("message", WRONG)
def test_a_damaged_export_is_named_with_its_place_and_changes_nothing(tmp_path: Path, home: Path, message: str) -> None:
    found = WRONG[message]
    file = tmp_path / "progress.json"
    text = found if isinstance(found, str) else json.dumps({"dlquiz": 1, "log": {"events": [{**SOUND, **found}]}})
    file.write_text(text, encoding="utf-8")

    with pytest.raises(BankError, match=message):
        json_file.import_file(BankPaths(builtin=False), file)

    assert not home.exists()


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
CARDS = st.sampled_from(["adam", "mine/adam", "mine/adam.lr", "a-b_c/d.e"])
INSTANTS = st.integers(0, journal_format.LAST_MS)
JSON = st.dictionaries(TEXTS, TEXTS, max_size=2).map(json.dumps)
EVENTS = st.builds(
    Event,
    kind=st.sampled_from(["attempt", "suspend", "flag"]),
    card=CARDS,
    at_ms=INSTANTS,
    study_day=st.dates(journal_format.FIRST_DAY, journal_format.LAST_DAY),
    utc_offset_min=st.integers(-720, 840),
    id=WORDS,
    device=WORDS,
    state_before=st.none() | st.sampled_from(list(State)),
    predicted=st.none() | WORDS,
    thought_ms=st.none() | st.integers(0, 2**31),
    took_ms=st.none() | st.integers(0, 2**31),
    interval_before=st.none() | st.integers(-1000, 36500),
    params=st.none() | JSON,
    given=st.none() | TEXTS,
    interval_after=st.none() | st.integers(-1000, 36500),
    rating=st.none() | st.sampled_from(list(Rating)),
    foreign_row=st.none() | TEXTS,
    **dict.fromkeys(("target", "preset", "mode", "content", "interview", "origin"), st.none() | WORDS),
)
INTERVIEWS = st.builds(
    InterviewRow, WORDS, INSTANTS, WORDS, st.none() | TEXTS, st.none() | JSON, st.none() | JSON, st.none() | INSTANTS
)
POINTS = CARDS.map(lambda card: f"{note_of(card)}#x")
LEDGERS = st.builds(
    Ledger,
    events=st.lists(EVENTS, max_size=5),
    points=st.lists(
        st.builds(PointResult, WORDS, POINTS, st.booleans(), st.none(), st.none())
        | st.builds(
            PointResult, WORDS, POINTS, st.booleans(), st.sampled_from([each.value for each in Verdict]), WORDS
        ),
        max_size=5,
    ),
    interviews=st.lists(INTERVIEWS, max_size=2),
    presets=st.dictionaries(WORDS, JSON, max_size=2).map(lambda found: list(found.items())),
    contents=st.lists(st.tuples(WORDS, TEXTS, INSTANTS), max_size=3),
)


@given(LEDGERS)
def test_writing_and_reading_a_document_is_the_identity(ledger: Ledger) -> None:
    text = "".join(json_document.text(Journal([], {}, ledger)))

    with json_document.opened(BytesIO(text.encode()), "x") as journal:
        assert read_out(journal.ledger) == ledger


@given(st.binary(max_size=200) | TEXTS.map(str.encode))
def test_whatever_a_table_holds_it_is_notes_or_a_sentence(raw: bytes) -> None:
    try:
        table = text_table.read(raw, "x.csv")
    except BankError:
        return
    assert all(row.question and row.answer for row in table.rows)


def test_a_table_becomes_a_bank_that_can_be_studied(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "My words.csv"
    text = "Front,Back,Deck,Tags\nWhat is Größe?,size,Words::German,noun basic\nWhat is Größe?,height,,\n,nothing,,\n"
    file.write_text(text, encoding="utf-8")

    done = called("import", str(file))

    assert done.returncode == 0, done.stderr
    assert "line 4 has no question and was left out" in done.stderr
    assert done.stdout.startswith(f"made the bank {home / 'banks' / 'my-words'} with 2 cards")
    listed = json.loads(called("list", "--json", "--no-builtin").stdout)
    assert [(row["id"], row["topic"], row["tags"]) for row in listed] == [
        ("my-words/what-is-grosse", "german", ["noun", "basic"]),
        ("my-words/what-is-grosse-2", "my-words", []),
    ]
    assert called("check", str(home / "banks")).returncode == 0
    assert called("import", str(file)).stdout.startswith("2 cards are here already; nothing was added\n")


def test_ankis_text_export_is_understood() -> None:
    raw = (
        b"#separator:tab\n#html:true\n#guid column:1\n#deck column:2\n#tags column:5\n"
        b"abc\tTop::Maths\t<b>Euler</b> says \\(e^{i\\pi}\\)\t-1<br>exactly\ta b\n"
    )

    (row,) = text_table.read(raw, "deck.txt").rows

    assert row.question == r"**Euler** says $e^{i\pi}$"
    assert row.answer.split() == ["-1\\", "exactly"] or row.answer.split() == ["-1", "exactly"]
    assert (row.topic, row.tags, row.guid) == ("maths", ("a", "b"), "abc")


def test_an_ending_that_means_nothing_is_told(tmp_path: Path, home: Path) -> None:
    done = called("import", str(tmp_path / "notes.docx"))

    assert done.returncode == 2
    assert ".json" in done.stderr
    assert not home.exists()


def a_table(tmp_path: Path) -> Path:
    file = tmp_path / "w.csv"
    file.write_text("q,a\n", encoding="utf-8")
    return file


STAGING = """
import os, sys, time
from pathlib import Path
from dlquiz.collection import BankPaths
from dlquiz.transfer import csv_file, install
def stop(folder, around):
    print(flush=True)
    sys.stdin.read()
    os._exit(9)
install.check = stop
csv_file.import_file(BankPaths(builtin=False), Path(sys.argv[1]))
"""


@contextmanager
def an_import_in_its_midst(file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another program whose files lie beside the banks; killed at the end."""
    command = [sys.executable, "-c", STAGING, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        yield other
        other.kill()


@pytest.mark.usefixtures("studied")
def test_what_a_killed_import_left_is_no_bank_and_goes_with_the_next(tmp_path: Path, home: Path) -> None:
    with an_import_in_its_midst(a_table(tmp_path)):
        pass
    left = home / staging.STAGED
    assert [path.name for path in left.iterdir()] == ["0"]
    with collection.opened(BankPaths(builtin=False), write=False) as col:
        assert col.bank.topics() == []

    database.import_file(BankPaths(builtin=False), tmp_path / "elsewhere" / "progress.db")  # brings no bank

    assert not left.exists()
    with an_import_in_its_midst(a_table(tmp_path)):
        pass
    csv_file.import_file(BankPaths(builtin=False), a_table(tmp_path))
    assert not left.exists()
    assert [path.name for path in (home / "banks").iterdir()] == ["w"]


@pytest.mark.usefixtures("studied")
def test_an_import_that_goes_on_is_left_alone_and_waited_for(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_import_in_its_midst(a_table(tmp_path)):
        database.import_file(BankPaths(builtin=False), tmp_path / "elsewhere" / "progress.db")
        assert (home / staging.STAGED / "0" / "w.yaml").is_file()
        monkeypatch.setattr(staging, "WAIT_S", 0.1)
        with pytest.raises(StoreError, match="another import is writing"):
            csv_file.import_file(BankPaths(builtin=False), a_table(tmp_path))
        assert (home / staging.STAGED / "0" / "w.yaml").is_file()


def test_a_folder_that_can_hold_no_lock_is_told(tmp_path: Path, home: Path) -> None:
    (home / "cache" / staging.LOCK).mkdir(parents=True)

    with pytest.raises(StoreError, match=r"importing\.lock: unable to open"):
        csv_file.import_file(BankPaths(builtin=False), a_table(tmp_path))
    assert not (home / "banks").exists()
