"""Progress as JSON, cards as rows: what goes out can come back."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest
from builders import FRESH_BANK, a_bank, a_collection, all_of, called, later, rate
from hypothesis import given, settings
from hypothesis import strategies as st

from dlquiz import card_text, collection, config, store
from dlquiz.anki import fields
from dlquiz.bank import index, select
from dlquiz.card import Card, Rating
from dlquiz.collection import BankPaths, Collection, doctor, reports
from dlquiz.errors import BankError, NothingToUndoError
from dlquiz.transfer import csv_file, json_file, study_pages, text_table, to_anki

CARDS = ("mine/adam", "mine/adam.lr", "mine/adam.pick", "mine/sgd", "mine/sgd.batch", "mine/sgd.steps")
POINTS = ("mine/adam#first", "mine/adam#second", "mine/adam#bias")
ACTIONS = st.one_of(
    st.tuples(st.just("rate"), st.sampled_from(CARDS), st.sampled_from(Rating), st.sets(st.sampled_from(POINTS))),
    st.tuples(st.sampled_from(["suspend", "unsuspend", "bury", "reset"]), st.sampled_from(CARDS)),
    st.tuples(
        st.sampled_from(["flag", "remark"]),
        st.sampled_from(CARDS),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
    ),
    st.tuples(st.just("undo")),
)
PICTURE = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
TWO_TOPICS = """\
bank: mine
topic: optimizers
title: Optimisers of mine
aliases: [descents]
notes:
  - {id: adam, question: What is Adam?, answer: "See ![it](media/adam.svg).", sources: [kb2015],
     cards: [{id: lr, front: Rate?, back: 0.001}]}
  - {id: net, topic: nets, question: What is a net?, answer: Layers., figures: [{file: media/net.svg, alt: A net.}],
     key_points: [{id: layers, text: It has layers.}]}
"""
SOURCES = """\
sources:
  kb2015: {authors: Kingma, title: Adam, link: "https://arxiv.org/abs/1412.6980", year: 2015}
  other: {authors: Nobody, title: Nothing, link: "https://example.org/"}
"""


def act(col: Collection, action: Sequence[object], moment_s: int) -> None:
    """One thing that a person does."""
    moment = later(days=moment_s // 4, seconds=moment_s)
    match action:
        case ("rate", str(card), Rating() as rating, set() as said):
            rate(col, card, rating, moment, {point: point in said for point in POINTS} if card == "mine/adam" else {})
        case ("undo",):
            with suppress(NothingToUndoError):
                col.undo(moment)
        case (str(kind), str(card), *words):
            col.act(kind, [card], moment, str(words[0]) if words else None)


@settings(max_examples=25)
@given(st.lists(ACTIONS, max_size=12))
def test_importing_an_export_of_progress_is_the_identity(actions: list[Sequence[object]]) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as here:
        folder = Path(name)
        here.setenv("DLQUIZ_HOME", str(folder / "one"))
        with a_collection(folder, text=FRESH_BANK) as col:
            for second, action in enumerate(actions):
                act(col, action, second)
            done = json_file.export_file(col, folder / "progress.json", None, with_progress=False)
            before, stood, told = all_of(col), col.card_states(CARDS), reports.log(col)
            written = col.bank.fields("mine/sgd.steps")
        here.setenv("DLQUIZ_HOME", str(folder / "two"))

        json_file.import_file(BankPaths(builtin=False), folder / "progress.json")

        with collection.opened(BankPaths(builtin=False), write=True) as col:
            assert all_of(col) == before
            assert col.bank.fields("mine/sgd.steps") == written
            assert col.card_states(CARDS) == stood
            assert reports.log(col) == told
            assert doctor.examine(col).differences == []
            assert done.answers == sum(action[0] == "rate" for action in actions)
            json_file.export_file(col, folder / "again.json", None, with_progress=True)
        again, first = (json.loads((folder / f"{name}.json").read_bytes()) for name in ("again", "progress"))
        assert again == first


@pytest.fixture
def mine(tmp_path: Path) -> BankPaths:
    """A bank of two topics, with a source and pictures."""
    folder = tmp_path / "bank"
    path = a_bank(folder, TWO_TOPICS)
    a_bank(folder, SOURCES, "sources.yaml")
    (folder / "media").mkdir()
    (folder / "media" / "adam.svg").write_bytes(PICTURE)
    (folder / "media" / "net.svg").write_bytes(PICTURE)
    return BankPaths((path,), builtin=False)


def test_a_bank_of_ones_own_travels_with_its_progress_sources_titles_and_pictures(
    tmp_path: Path, mine: BankPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "progress.json"
    with collection.opened(mine, write=True) as col:
        rate(col, "mine/adam.lr", Rating.GOOD)
        json_file.export_file(col, file, None, with_progress=False)
        notes = [col.bank.fields(note) for note in col.bank.note_ids()]
        topics = col.bank.topics()
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("DLQUIZ_HOME", str(elsewhere))

    json_file.import_file(BankPaths(builtin=False), file)

    with collection.opened(BankPaths(builtin=False), write=False) as col:
        assert [col.bank.fields(note) for note in col.bank.note_ids()] == notes
        assert sorted(col.bank.topics()) == sorted(topics)
        assert [source.key for source in col.bank.sources("mine/adam", ["kb2015", "other"])] == ["kb2015"]
        assert col.card_state("mine/adam.lr").memory is not None
    for name in ("adam", "net"):
        assert (elsewhere / "banks" / "mine" / "media" / f"{name}.svg").read_bytes() == PICTURE


def test_a_topic_takes_its_notes_and_their_log_along_and_no_more(
    tmp_path: Path, mine: BankPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "nets.json"
    with collection.opened(mine, write=True) as col:
        rate(col, "mine/adam", Rating.GOOD, points={})
        rate(col, "mine/net", Rating.EASY, later(seconds=5))
        col.undo(later(seconds=6))
        rate(col, "mine/net", Rating.HARD, later(seconds=9))
        stood = col.card_state("mine/net")
        done = json_file.export_file(col, file, select.selection(col.bank, ["nets"], []), with_progress=False)
    monkeypatch.setenv("DLQUIZ_HOME", str(tmp_path / "elsewhere"))

    json_file.import_file(BankPaths(builtin=False), file)

    assert (done.cards, done.answers) == (1, 2)
    assert list(json.loads(file.read_text(encoding="utf-8"))["pictures"]["mine"]) == ["media/net.svg"]
    with collection.opened(BankPaths(builtin=False), write=False) as col:
        assert [card_ref.id for card_ref in col.bank.in_order()] == ["mine/net"]
        assert [row.kind for row in all_of(col).events] == ["review", "undo", "review"]
        assert col.card_state("mine/net") == stood


@pytest.mark.parametrize(
    "path",
    ["../up.svg", "/etc/x.svg", "a/../../x.svg", "optimizers.yaml", "C:\\x.svg", "a//b.svg", ".svg/x", "x.svg\0.yaml"],
)
def test_a_picture_of_an_import_can_only_be_a_picture_in_its_bank(tmp_path: Path, home: Path, path: str) -> None:
    held = base64.b64encode(PICTURE).decode()
    file = tmp_path / "hostile.json"
    file.write_text(json.dumps({"dlquiz": 1, "pictures": {"mine": {path: held}}}), encoding="utf-8")

    with pytest.raises(BankError, match="is no path of a picture"):
        json_file.import_file(BankPaths(builtin=False), file)

    assert not home.exists()


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("topics", {"nets": []}, "topics.nets: it takes a mapping"),
        ("topics", {"nets": {"title": 1}}, "topics.nets.title: it takes a text"),
        ("topics", {"nets": {"aliases": [1]}}, "topics.nets.aliases[0]: it takes a text"),
        ("pictures", {"mine": []}, "pictures.mine: it takes a mapping"),
        ("pictures", {"mine": {"a.svg": "?"}}, "pictures.mine.a.svg: it takes base64"),
        ("pictures", {"mine": {"a.svg": 1}}, "pictures.mine.a.svg: it takes a text"),
    ],
)
def test_damage_in_what_comes_with_a_bank_is_named(tmp_path: Path, key: str, value: object, says: str) -> None:
    file = tmp_path / "damaged.json"
    file.write_text(json.dumps({"dlquiz": 1, key: value}), encoding="utf-8")

    with pytest.raises(BankError, match=re.escape(says)):
        json_file.import_file(BankPaths(builtin=False), file)


def test_mock_interviews_travel_with_the_whole_log_and_a_topic_says_that_it_leaves_them(
    tmp_path: Path, mine: BankPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = ["--bank", str(mine.banks[0]), "--no-builtin"]
    called("interview", *where, "--questions", "1", "--seed", "s", keys="\n" * 12)
    with collection.opened(mine, write=False) as col:
        held = all_of(col).interviews

    part = called("export", str(tmp_path / "part.json"), *where, "--topic", "nets")
    whole = called("export", str(tmp_path / "whole.json"), *where)
    monkeypatch.setenv("DLQUIZ_HOME", str(tmp_path / "elsewhere"))
    called("import", str(tmp_path / "part.json"))
    with collection.opened(BankPaths(builtin=False), write=False) as col:
        assert all_of(col).interviews == []
    called("import", str(tmp_path / "whole.json"))

    assert part.stderr.startswith("mock interviews are left out")
    assert whole.stderr == ""
    with collection.opened(BankPaths(builtin=False), write=False) as col:
        assert len(list(held)) == 1
        assert all_of(col).interviews == held


def test_an_export_of_progress_leaves_the_log_as_it_is(tmp_path: Path, mine: BankPaths) -> None:
    where = ["--bank", str(mine.banks[0]), "--no-builtin"]
    called("study", *where, "--cards", "2", keys="\n3\n\n1\n")
    before = called("log", "--json", *where).stdout

    done = called("export", str(tmp_path / "p.json"), *where)

    assert done.stdout == f"exported 3 cards and 2 answers to {tmp_path / 'p.json'}\n"
    assert called("log", "--json", *where).stdout == before
    assert len(json.loads(before)) == 2


# ---- rows


def exported(folder: Path, col: Collection) -> tuple[bytes, list[list[str]]]:
    """The bytes of a table, and its rows."""
    file = folder / "cards.csv"
    csv_file.export_file(col, file, None, with_progress=False)
    raw = file.read_bytes()
    body = "".join(line for line in raw.decode().splitlines(keepends=True) if not re.match(r"#[a-z ]+:", line))
    return raw, list(csv.reader(io.StringIO(body)))


@pytest.fixture
def builtin(tmp_path: Path) -> Iterator[Collection]:
    """The built-in bank, never studied."""
    nowhere = config.Home(tmp_path / "none")
    bank = index.open_bank(collection.roots(BankPaths(), nowhere), None)
    with closing(bank), closing(store.open_store(nowhere.progress, nowhere.backups, create=False)) as empty:
        yield Collection(nowhere, config.Settings(), bank, empty)


def looks(html: str) -> str:
    """HTML without what no reader sees: colours of code, line ends."""
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", re.sub(r'<span class="[^"]*">|</span>', "", " ".join(html.split())))


def test_every_card_that_went_out_as_a_row_comes_back_the_same(tmp_path: Path, builtin: Collection) -> None:
    raw, rows = exported(tmp_path, builtin)

    table = text_table.read(raw, "cards.csv")

    assert table.remarks == []
    assert len(table.rows) == len(rows) == len(list(builtin.bank.in_order()))
    for row, note in zip(rows, table.rows, strict=True):
        assert looks(fields.html(note.question)) == looks(row[0])
        assert looks(fields.html(note.answer)) == looks(row[1])
        assert row[2] == f"dlquiz::{note.topic}"
        assert row[3].split() == list(note.tags)
    assert len({row[4] for row in rows}) == len(rows)


def test_a_table_that_went_out_can_be_studied_again(tmp_path: Path, home: Path, mine: BankPaths) -> None:
    where = ["--bank", str(mine.banks[0]), "--no-builtin"]
    assert called("export", str(tmp_path / "cards.csv"), *where).returncode == 0

    done = called("import", str(tmp_path / "cards.csv"))

    assert done.returncode == 0, done.stderr
    listed = json.loads(called("list", "--json", "--no-builtin").stdout)
    assert {(row["question"], row["topic"]) for row in listed} == {
        ("What is Adam?", "optimizers"),
        ("Rate?", "optimizers"),
        ("What is a net?", "nets"),
    }
    assert called("check", str(home / "banks")).returncode == 0


def test_a_row_shows_choices_fills_blanks_and_says_why(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        _, rows = exported(tmp_path, col)
    by_guid = {row[4]: row for row in rows}

    pick, gap, main = (by_guid[f"dlquiz:mine/adam{name}"] for name in (".pick", ".gap", ""))
    assert pick[0].count("<li>") == 3
    assert "Gradients have signs." in pick[1]
    assert "[...]" in gap[0]
    assert gap[1] == "Adam corrects the <strong>bias</strong> of its means."
    assert main[1].startswith("<p>Two running means.</p>")
    assert main[1].count("<strong>must:</strong>") == 2


@pytest.mark.parametrize(
    ("front", "filled"),
    [
        ("The mean is $m / [...]$.", r"The mean is $m / 1 - \beta$."),
        ("The mean of $m$ is $m$ over [...].", r"The mean of $m$ is $m$ over **$1 - \beta$**."),
    ],
)
def test_a_blank_is_filled_where_it_stands_also_in_a_formula(front: str, filled: str) -> None:
    assert card_text.told(Card("a.b", "a", "t", "cloze", front, r"$1 - \beta$")) == filled


def _database(package: Path) -> bytes:
    with zipfile.ZipFile(package) as packed:
        return packed.read("collection.anki2")


def test_remarks_leave_with_progress_and_not_without(tmp_path: Path, mine: BankPaths) -> None:
    with collection.opened(mine, write=True) as col:
        card = next(iter(col.bank.in_order())).id
        col.act("remark", [card], col.now(), given="seen in the *talk*")
        for ending, job in (
            ("csv", csv_file.export_file),
            ("md", study_pages.markdown),
            ("html", study_pages.html),
            ("apkg", to_anki.apkg),
        ):
            for with_progress in (True, False):
                target = tmp_path / f"{with_progress}.{ending}"
                job(col, target, None, with_progress=with_progress)
                noted = b"talk" in (_database(target) if ending == "apkg" else target.read_bytes())
                assert noted is with_progress, (ending, with_progress)
        json_file.export_file(col, tmp_path / "all.json", None, with_progress=False)
    assert "seen in the *talk*" in (tmp_path / "all.json").read_text(encoding="utf-8")

    back = csv_file.import_file(mine, tmp_path / "True.csv")
    assert not back.remarks


def test_what_cannot_hold_progress_says_so(tmp_path: Path, mine: BankPaths) -> None:
    target = tmp_path / "cards.csv"

    done = called("export", str(target), "--progress", "--bank", str(mine.banks[0]), "--no-builtin")

    assert done.stderr == ".csv can't hold progress beyond your remarks; .json does, and .apkg with --progress\n"
    assert done.stdout == f"exported 3 cards to {target}\n"


@pytest.mark.parametrize("job", [csv_file.export_file, json_file.export_file])
def test_the_same_bank_gives_the_same_bytes_and_nothing_is_left_beside_them(
    tmp_path: Path, mine: BankPaths, job: Callable[..., object]
) -> None:
    with collection.opened(mine, write=False) as col:
        for name in ("one", "two"):
            job(col, tmp_path / name, None, with_progress=False)
        found = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}

    assert sorted(found) == ["one", "two"]
    assert found["one"] == found["two"]
