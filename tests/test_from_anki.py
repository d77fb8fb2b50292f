"""Anybody's deck as a bank of one's own, and the rows of its review log as answers; packages made by hand."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import packages
import pytest
from builders import called
from hypothesis import given
from hypothesis import strategies as st

from dlquiz import collection
from dlquiz.anki.reader import archive
from dlquiz.anki.reader import collection as anki_collection
from dlquiz.anki.reader import notes as anki
from dlquiz.anki.reader.records import AnkiCard, AnkiNote, AnkiNoteType, Template
from dlquiz.bank import read, write
from dlquiz.card import Event, State
from dlquiz.collection import BankPaths, doctor
from dlquiz.text import cells
from dlquiz.transfer import from_anki as jobs
from dlquiz.transfer import imports, to_anki
from dlquiz.transfer.imports import ImportResult

OWN = BankPaths(builtin=False)
DAY_MS = 86_400_000
NOON = 1_790_000_000_000 - 1_790_000_000_000 % DAY_MS + DAY_MS // 2  # noon UTC, 2026-09-21
WORDS = (
    packages.note("g1", "to speak", "<b>hablar</b>", ords=(0, 1)),
    packages.note("g2", "The {{c1::sun}} is {{c2::hot::how?}}.", "extra", kind=packages.CLOZE, ords=(0, 1)),
)


def take(path: Path) -> ImportResult:
    return jobs.package(OWN, path)


def events() -> list[Event]:
    with collection.opened(OWN, write=False) as col:
        return list(col.progress.as_ledger().events)


def notes(home: Path, bank: str = "words") -> dict[str, Any]:
    """The notes of an imported bank by the first word of their ids."""
    files = [read.read(path, builtin=False) for path in sorted((home / "banks" / bank).glob("*.yaml"))]
    assert not [problem for file in files for problem in file.problems]
    return {note["id"].rpartition("/")[2].split("-")[0]: note for file in files for note in file.notes}


def answered(
    at_ms: int, card: int, ease: int = 3, interval: int = 3, kind: int = 1, factor: int = 2500
) -> packages.Row:
    return (at_ms, card, ease, interval, 1, factor, 4000, kind)


# ---- the bank


def test_a_note_becomes_a_note_and_its_cards_a_main_card_and_atomic_ones(tmp_path: Path, home: Path) -> None:
    done = take(packages.a_package(tmp_path / "x.apkg", *WORDS))

    found = notes(home)
    speak, sun = found["to"], found["the"]
    assert (speak["question"], speak["answer"], speak["tags"], speak["topic"]) == (
        "to speak",
        "**hablar**",
        ["tag-one"],
        "words",
    )
    assert [(card["id"].rpartition(".")[2], card["front"], card["back"]) for card in speak["cards"]] == [
        ("card-2", "**hablar**", "to speak")
    ]
    assert (sun["question"], sun["answer"]) == ("The [...] is hot.", "The sun is hot.\\\nextra")
    (gap,) = sun["cards"]
    assert (gap["kind"], gap["front"], gap["back"], gap["why"]) == ("cloze", "The sun is [...] (how?).", "hot", "extra")
    assert done.said == (f"made the bank {home / 'banks' / 'words'} with 2 notes (4 cards)",)


def test_a_gap_in_a_formula_and_a_gap_that_stands_twice_are_asked_without_being_clozes(
    tmp_path: Path, home: Path
) -> None:
    text = r"{{c1::one}} \(x = {{c2::y^2}}\) {{c3::two}} and {{c3::three}}"
    take(packages.a_package(tmp_path / "x.apkg", packages.note("g", text, "", kind=packages.CLOZE, ords=(0, 1, 2))))

    (note,) = notes(home).values()
    assert [(card["kind"], card["front"], card["back"]) for card in note["cards"]] == [
        ("basic", "one $x = [...]$ two and three", "$y^2$"),
        ("basic", "one $x = y^2$ [...] and [...]", "two, three"),
    ]


def test_templates_with_conditions_filters_and_no_line_are_rendered(tmp_path: Path, home: Path) -> None:
    models = json.loads(json.dumps(packages.MODELS))
    models[str(packages.BASIC)]["flds"] += [{"name": "Hint"}, {"name": "None"}]
    models[str(packages.BASIC)]["tmpls"] = [
        {
            "ord": 0,
            "qfmt": "<!-- {{no}} -->{{#Hint}}{{Front}}{{/Hint}}{{^None}}?{{/None}}{{#None}}!{{/None}} {{hint:Hint}}{{type:Back}}{{Deck}}",
            "afmt": "{{Front}}? Words<br>{{text:Back}} {{hint:Hint}} {{furigana:None}}{{unheard-of:Hint}}<script>1</script>",
        }
    ]
    done = take(packages.a_package(tmp_path / "x.apkg", packages.note("g", "Q", "<i>A</i>", "h", ""), models=models))

    (note,) = notes(home).values()
    assert (note["question"], note["answer"]) == ("Q? Words", "A h h")
    assert done.remarks[0] == "note type 'Basic': left out: JavaScript"


def test_decks_become_banks_and_subdecks_topics_whose_names_never_meet(tmp_path: Path, home: Path) -> None:
    decks = {
        "2": {"id": 2, "name": "Words::New::Verbs"},
        "3": {"id": 3, "name": "Words::Verbs"},
        "4": {"id": 4, "name": "日本語"},
    }
    extra = (
        f"UPDATE cards SET did = 3 WHERE nid = {packages.card_id(1)}; UPDATE cards SET did = 4 WHERE nid = {packages.card_id(2)};"
        f" UPDATE cards SET did = 9, odid = 2 WHERE nid = {packages.card_id(3)}"
    )
    four = [packages.note(f"g{n}", f"q{n}", "a") for n in range(4)]
    take(packages.a_package(tmp_path / "Mein Kurs.apkg", *four, decks=decks, extra=extra))

    assert {name: note["topic"] for name, note in notes(home).items()} == {
        "q0": "new-verbs",
        "q1": "verbs",
        "q3": "new-verbs",  # lies in a filtered deck for now
    }
    assert {name: note["topic"] for name, note in notes(home, "日本語").items()} == {"q2": "日本語"}


def test_pictures_come_along_under_safe_names(tmp_path: Path, home: Path) -> None:
    media = {"Das Herz.JPG": b"\xff\xd8\xffrest", "x.webp": b"RIFF0000WEBP", "unused.png": b"\x89PNG\r\n\x1a\n"}
    html = '<img src="Das%20Herz.JPG" alt="a heart"> or <img src="x.webp"><img src="gone.png">'
    done = take(packages.a_package(tmp_path / "x.apkg", packages.note("g", "What?", html), media=media))

    (note,) = notes(home).values()
    assert re.sub(r"-\w{8}\.", ".", note["answer"]) == (
        "![a heart](media/das-herz.jpg) or ![x](media/x.webp)(picture: gone)"
    )
    for path, raw in zip(re.findall(r"\((media/.*?)\)", note["answer"]), media.values(), strict=False):
        assert (home / "banks" / "words" / path).read_bytes() == raw
    assert len(list((home / "banks" / "words" / "media").iterdir())) == 2
    assert done.said[1:] == ("1 note needs a picture: `v` opens it",)
    assert "gone.png (not in the package)" in done.remarks[0]


def test_a_reversed_picture_card_can_be_answered_there_and_back(tmp_path: Path) -> None:
    media = {"sigmoid.png": b"\x89PNG\r\n\x1a\nrest"}
    picture = packages.note("g", '<img src="sigmoid.png">', "the sigmoid", ords=(0, 1))
    gap = packages.note("c", 'See <img src="sigmoid.png">: {{c1::a}} {{c2::b}}', "", kind=packages.CLOZE, ords=(0, 1))
    done = take(packages.a_package(tmp_path / "x.apkg", picture, gap, media=media))

    with collection.opened(OWN, write=False) as col:
        to_anki.apkg(col, tmp_path / "back.apkg", None, with_progress=True)
    with archive.opened(tmp_path / "back.apkg") as packed:
        packed.database(tmp_path / "back.db")
        (name,) = packed.media
        with anki_collection.opened("back", tmp_path / "back.db") as back:
            sides = [dict(note.fields) for note in back.notes()]
    shown = f'<img src="{name}" alt="'
    first, gaps = sides if sides[0]["Front 2"] == "the sigmoid" else reversed(sides)
    assert (first["Front 1"], first["Back 1"]) == (f'{shown}picture">', "<p>the sigmoid</p>")
    assert first["Back 2"] == f'{shown}sigmoid">'
    assert gaps["Front 1"] == f'See {shown}picture">: [...] b'
    assert gaps["Front 2"] == f'See {shown}picture">: a [...]'
    assert done.said[1:] == ("2 notes need a picture, 2 in the question: `v` opens it",)


def test_a_picture_in_an_address_becomes_a_file_however_long_it_is(tmp_path: Path, home: Path) -> None:
    raw = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 800
    address = f"data:image/png;base64,{base64.b64encode(raw).decode()}"
    svg = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"
    script = "data:image/svg+xml,%3Csvg%3E%3Cscript/%3E%3C/svg%3E"
    html = f'It is <img src="{address}"> that.<img alt=s src="{svg}"><img src="{script}"><img src="data:text/html,x">'
    done = take(packages.a_package(tmp_path / "x.apkg", packages.note("g", "What?", html)))

    (note,) = notes(home).values()
    assert re.sub(r"\w{8}\.", ".", note["answer"]) == ("It is ![picture](media/.png) that.![s](media/.svg)(picture)")
    assert raw in [path.read_bytes() for path in (home / "banks" / "words" / "media").iterdir()]
    assert "an SVG with a script in it" in done.remarks[0]
    assert "a picture inside the text" in done.remarks[0]


def test_what_can_not_be_carried_is_said_note_by_note_twenty_on_the_screen_all_in_a_file(
    tmp_path: Path, home: Path
) -> None:
    many = [packages.note(f"g{n}", f"word {n}", f"[sound:{n}.mp3] yes") for n in range(30)]
    masked = packages.note("io", "{{c1::image-occlusion:rect:left=.1}}", "<img src=a.png>", kind=packages.CLOZE)
    empty = packages.note("e", "only a front", "[sound:a.mp3]")
    rows = [answered(NOON + n, packages.card_id(30 + n // 2)) for n in range(4)]

    done = take(packages.a_package(tmp_path / "x.apkg", *many, masked, empty, rows=rows))

    report = (home / "banks" / imports.REPORT).read_text(encoding="utf-8").splitlines()
    assert len(done.remarks) == imports.MAX_SAID + 1
    assert done.remarks[-1] == f"... and 12 more; all of them: {home / 'banks' / imports.REPORT}"
    assert report[0] == "# x.apkg"
    assert len(report) == 33
    assert report[1] == (
        "left out: 1 note of image occlusion (parts of a picture are hidden), which no terminal can show, with 2 answers"
    )
    assert report[2] == (
        "a note was left out, with 2 answers, for it has no answer that could be shown (left out: a sound (a.mp3)):"
        " only a front"
    )
    assert report[3].startswith("words/word-0-")
    assert report[3].endswith(": left out: a sound (0.mp3)")


def test_a_main_card_without_key_points_is_asked_like_an_atomic_card_but_listed_as_explain(tmp_path: Path) -> None:
    take(packages.a_package(tmp_path / "x.apkg", *(packages.note(f"g{n}", f"q{n}", "a") for n in range(12))))

    with collection.opened(OWN, write=True) as col:
        now = col.now()
        queue = col.queue(None, col.limits(), now)
        card_view = col.card_view(queue.cards[0].id, now)
    listed = json.loads(called("list", "--no-builtin", "--json").stdout)

    assert len(queue.cards) == 10  # and not two
    assert [*card_view.previews.values()][:3] == [-60, -330, -600]  # its steps are those of atomic cards
    assert {card["kind"] for note in listed for card in note["cards"]} == {"explain"}


def test_a_list_of_long_and_foreign_notes_gives_each_a_line_or_few(tmp_path: Path) -> None:
    code = "<div>What?</div><div><br></div><pre>x = 1<br>y</pre><ul><li>one</li><li>two</li></ul>"
    many = [
        packages.note("g1", code, "a"),
        packages.note("g2", "日本語の文を読む" * 60, "a"),
        packages.note("g3", 'See <img src="p.png">', "a"),
    ]
    media = {"p.png": b"\x89PNG\r\n\x1a\nx"}
    decks = {"2": {"id": 2, "name": "Japanese"}}
    take(packages.a_package(tmp_path / "x.apkg", *many, media=media, decks=decks))

    listed = called("list", "--no-builtin").stdout

    assert "\n   -  japanese/what-x-1-y-one-two-" in listed
    assert "\n      What? x = 1 y - one - two\n" in listed
    assert "\n   -  japanese/日本語の文を読む" in listed
    assert 200 < cells.length(re.sub(r"\s", "", listed[listed.index("      日本") : listed.index("…")])) < 240
    assert "\n      See [picture]\n" in listed


FIELDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "null",
            "~",
            "- x",
            "a: b",
            "<b>",
            "{{c1::x}}",
            "{{c2::}}",
            "{{c1::a::b}}",
            "\u2028",
            "\x85",
            "|",
            "'\"",
            "---",
            "#",
        ]
    ),
    st.sampled_from(
        [
            "<img src='x.png'>",
            "<pre>a\n\n b</pre>",
            "<br>",
            "\\(x\\)",
            "[...]",
            "\ufeff",
            "\ud83d",
            "&nbsp;",
            "\t",
            " ",
            "\r\n",
        ]
    ),
)


@given(
    fields=st.lists(st.lists(FIELDS, max_size=5).map("".join), min_size=2, max_size=2),
    kind=st.sampled_from([packages.BASIC, packages.CLOZE]),
)
def test_whatever_a_note_says_its_bank_is_sound(
    tmp_path_factory: pytest.TempPathFactory, fields: list[str], kind: int
) -> None:
    folder = tmp_path_factory.mktemp("sound")
    model = packages.MODELS[str(kind)]
    sides = tuple(Template(each["name"], each["qfmt"], each["afmt"]) for each in model["tmpls"])
    names = tuple(each["name"] for each in model["flds"])
    notetype = AnkiNoteType(kind, model["name"], names, sides, cloze=kind == packages.CLOZE)
    cards = tuple(AnkiCard(n, 1, n, "Deck", 0, 0, 0, 0) for n in (0, 1))
    text = [each.encode("utf-8", "surrogatepass").decode("utf-8", "replace") for each in fields]
    note = AnkiNote(1, "g", notetype, 0, (), dict(zip(names, text, strict=True)), cards)
    made = [anki.made(note, lambda _: ("media/x.png", ""))]
    path = folder / "b.yaml"
    path.write_text(write.text("b", "t", [each.fields for each in made if each.fields]), encoding="utf-8")
    read_back = read.read(path, builtin=False)

    assert [problem.message for problem in read_back.problems] == (
        [] if any(each.fields for each in made) else ["the file has no notes; add one"]
    )
    for found, wanted in zip(read_back.notes, made, strict=False):
        assert wanted.fields is not None
        assert (found["question"], found["answer"]) == (wanted.fields["question"], wanted.fields["answer"])


def test_a_collection_as_anki_has_it_is_taken_with_its_journal_and_left_alone(tmp_path: Path, home: Path) -> None:
    path = tmp_path / "me" / "collection.anki2"
    (path.with_suffix(".media") / "folder.png").mkdir(parents=True)
    (path.with_suffix(".media") / "a b.png").write_bytes(b"\x89PNG\r\n\x1a\nx")
    rows = [answered(NOON, packages.card_id(0))]
    packages.a_collection(path, [packages.note("g", "Q", '<img src="a%20b.png"><img src="folder.png">')], rows)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL").fetchone()
        db.execute("UPDATE notes SET flds = replace(flds, 'Q', 'What?')")
        db.commit()
        before = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
        done = called("import", str(path))
        assert {name: (path.parent / name).read_bytes() for name in before if not name.endswith("-shm")} == {
            name: raw for name, raw in before.items() if not name.endswith("-shm")
        }

    assert done.stdout.startswith(f"made the bank {home / 'banks' / 'words'} with 1 note (1 card)\n")
    assert [note["question"] for note in notes(home).values()] == ["What?"]
    assert len(list((home / "banks" / "words" / "media").iterdir())) == 1
    assert len(events()) == 1


# ---- importing again


def test_importing_again_leaves_the_bank_and_adds_new_answers_alone(tmp_path: Path, home: Path) -> None:
    first = [
        answered(NOON, packages.card_id(0), kind=0, interval=-600),
        answered(NOON + DAY_MS, packages.card_id(1, 1)),
    ]
    path = packages.a_package(tmp_path / "x.apkg", *WORDS, rows=first)
    take(path)
    file = home / "banks" / "words" / "words.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("to speak", "to talk"), encoding="utf-8")
    mine = file.read_bytes()

    assert take(path).said == ("the log has all 2 rows already; nothing was added",)
    done = take(packages.a_package(path, *WORDS, rows=[*first, answered(NOON + 5 * DAY_MS, packages.card_id(0))]))

    assert done.said == ("added 1 row of 1 card to the log, 2 were there already",)
    assert [event.card.rpartition("-")[0].split("-")[0] for event in events()] == ["words/to", "words/the", "words/to"]
    assert file.read_bytes() == mine
    assert done.remarks[0].endswith(": its text in the package is another; the bank was left as it is")


def test_of_two_cards_of_one_template_the_first_is_the_card(tmp_path: Path, home: Path) -> None:
    extra = f"UPDATE cards SET ord = 0 WHERE id = {packages.card_id(0, 1)}"
    path = packages.a_package(tmp_path / "x.apkg", packages.note("g", "Q", "A", ords=(0, 1)), extra=extra)

    assert take(path).said == (f"made the bank {home / 'banks' / 'words'} with 1 note (1 card)",)


def test_a_card_that_was_left_out_stays_so_when_its_note_is_known(tmp_path: Path) -> None:
    rows = [answered(NOON + n, packages.card_id(0, n)) for n in (0, 5)]  # there is no sixth template
    path = packages.a_package(tmp_path / "x.apkg", packages.note("g", "Q", "A", ords=(0, 5)), rows=rows)
    take(path)

    again = take(path)

    assert again.said == ("the log has all 1 row already; nothing was added",)
    assert len(events()) == 1


def test_new_notes_of_a_newer_deck_come_in_files_of_their_own(tmp_path: Path, home: Path) -> None:
    path = packages.a_package(tmp_path / "x.apkg", *WORDS)
    take(path)
    before = (home / "banks" / "words" / "words.yaml").read_bytes()

    new = packages.note("g3", "new <img src='n.png'>", "neu")
    done = take(packages.a_package(tmp_path / "renamed.apkg", *WORDS, new, media={"n.png": b"\x89PNG\r\n\x1a\n"}))

    assert done.said == (
        f"added 1 note (1 card) to the bank {home / 'banks' / 'words'}",
        "1 note needs a picture, 1 in the question: `v` opens it",
    )
    assert set(notes(home)) == {"to", "the", "new"}
    assert (home / "banks" / "words" / "words-2.yaml").is_file()
    assert (home / "banks" / "words" / "words.yaml").read_bytes() == before


def test_answers_find_their_card_after_it_was_renamed_and_a_retired_note_stays_away(tmp_path: Path, home: Path) -> None:
    path = packages.a_package(tmp_path / "x.apkg", *WORDS)
    take(path)
    found = notes(home)
    speak, sun = (found[name]["id"].rpartition("/")[2] for name in ("to", "the"))
    text = (home / "banks" / "words" / "words.yaml").read_text(encoding="utf-8")
    text = text.replace(f"- id: {speak}\n", f"- id: hablar\n  was: [{speak}]\n")
    text = text[: text.index(f"- id: {sun}")] + f"retired:\n- {{id: {sun}, on: 2026-11-24}}\n"
    (home / "banks" / "words" / "words.yaml").write_text(text, encoding="utf-8")

    rows = [
        answered(NOON, packages.card_id(0)),
        answered(NOON + 1, packages.card_id(0, 1)),
        answered(NOON + 2, packages.card_id(1)),
    ]
    done = take(packages.a_package(path, *WORDS, rows=rows))

    assert [event.card for event in events()] == ["words/hablar", "words/hablar.card-2", f"words/{sun}"]
    assert "2 cards of it in no bank here" in done.remarks[0]
    assert set(notes(home)) == {"hablar"}


def test_two_notes_of_one_identity_are_two(tmp_path: Path, home: Path) -> None:
    path, rows = tmp_path / "x.apkg", [answered(NOON + n, packages.card_id(n)) for n in (0, 1)]
    take(packages.a_package(path, packages.note("g", "a", "b"), packages.note("g", "c", "d"), rows=rows))
    again = take(path)

    assert set(notes(home)) == {"a", "c"}
    assert [event.card.partition("-")[0] for event in events()] == ["words/a", "words/c"]
    assert again.said == ("the log has all 2 rows already; nothing was added",)


CRASH = """
import os, sys
from pathlib import Path
from dlquiz.collection import BankPaths
from dlquiz.transfer import from_anki, imports
imports.join = lambda *_: os._exit(9)
from_anki.package(BankPaths(builtin=False), Path(sys.argv[1]))
"""


def test_an_import_killed_between_bank_and_answers_is_completed_by_importing_again(tmp_path: Path, home: Path) -> None:
    path = packages.a_package(tmp_path / "x.apkg", *WORDS, rows=[answered(NOON, packages.card_id(0))])

    killed = subprocess.run([sys.executable, "-c", CRASH, str(path)], check=False)

    assert killed.returncode == 9
    assert set(notes(home)) == {"to", "the"}
    assert take(path).said == ("added 1 row of 1 card to the log",)
    assert [event.card.partition("-")[0] for event in events()] == ["words/to"]


# ---- the answers


def test_rows_become_answers_with_their_origin_and_memory_follows(tmp_path: Path) -> None:
    card = packages.card_id(0)
    rows = [
        answered(NOON, card, kind=0, interval=-600),
        answered(NOON + 600_000, card, 4, 4, 0),
        answered(NOON + 4 * DAY_MS, card, 1, -600),
    ]
    take(packages.a_package(tmp_path / "x.apkg", *WORDS, rows=rows))

    first, second, third = events()
    with collection.opened(OWN, write=True) as col:
        memory = col.card_state(first.card).memory
        healthy = doctor.examine(col)
    assert (first.at_ms, first.study_day, first.rating, first.state_before, first.interval_after) == (
        NOON,
        date(2026, 9, 21),
        3,
        "new",
        -600,
    )
    assert (second.state_before, third.state_before, third.interval_before, third.took_ms) == (
        "learning",
        "review",
        1,
        4000,
    )
    assert (first.mode, first.origin, first.device) == ("import", "anki", "anki")
    assert json.loads(first.foreign_row or "") == {
        "id": NOON, "ease": 3, "ivl": -600, "lastIvl": 1, "factor": 2500, "time": 4000, "type": 0,
    }  # fmt: skip
    assert memory is not None
    assert (memory.state, memory.reps, memory.lapses, memory.due_ms) == (
        State.RELEARNING,
        3,
        1,
        NOON + 4 * DAY_MS + 600_000,
    )
    assert healthy.differences == []
    assert called("undo").returncode == 1  # what was imported is never taken back


@pytest.mark.parametrize(
    ("conf", "hour_utc", "day"),
    [
        ({"creationOffset": 0}, 3, 20),
        ({"creationOffset": 0}, 4, 21),
        ({"creationOffset": 0, "rollover": 2}, 3, 21),
        ({"creationOffset": 0, "localOffset": -120}, 1, 20),
        ({"creationOffset": 0, "localOffset": -120}, 2, 21),
        ({"creationOffset": 300}, 8, 20),
        ({"creationOffset": 300}, 9, 21),
        ({}, 20, 21),  # begun at 20:26 UTC, which was 4 o'clock there
        ({}, 21, 22),
        ({"localOffset": "x", "rollover": 99}, 20, 21),
    ],
)
def test_study_days_are_those_of_the_collection(tmp_path: Path, conf: dict[str, Any], hour_utc: int, day: int) -> None:
    midnight = NOON - DAY_MS // 2
    rows = [answered(midnight + hour_utc * 3_600_000, packages.card_id(0))]
    take(packages.a_package(tmp_path / "x.apkg", *WORDS, rows=rows, conf={"schedVer": 2, **conf}))

    (event,) = events()
    assert event.study_day == date(2026, 9, day)


def test_what_is_no_answer_is_told_from_what_is(tmp_path: Path) -> None:
    card, other, late = packages.card_id(0), packages.card_id(1), 4_000_000_000_000
    rows = [
        answered(5, card),  # in 1970
        answered(NOON - 1, card, 0, 7, 5),  # rescheduled before any answer
        answered(NOON, card, kind=0),
        answered(NOON + 1, card, kind=3, factor=0),  # crammed
        answered(NOON + 2, card, kind=3),  # early, in a filtered deck that reschedules
        answered(NOON + 3, card, 0, 9, 5),  # rescheduled
        answered(NOON + 4, card, 7),  # no button
        answered(NOON + 5, card, 0, 0, 4, 0),  # forgotten
        answered(NOON + 6, card, kind=0),
        answered(late, card),
        answered(NOON + 7, 12345),  # of a card that is gone
        answered(NOON + 8, other, 3, 10**9),
        answered(NOON + 9, other, 3, -(10**15)),
    ]
    done = take(packages.a_package(tmp_path / "x.apkg", *WORDS, rows=rows))

    found = events()
    assert [(event.kind, event.at_ms - NOON) for event in found] == [
        ("review", 0), ("review", 2), ("reschedule", 3), ("reset", 5), ("review", 6), ("review", 8), ("review", 9),
    ]  # fmt: skip
    assert [event.state_before for event in found if event.kind == "review"] == [
        "new",
        "review",
        "new",
        "new",
        "review",
    ]
    assert [event.interval_after for event in found[-2:]] == [36_500, -36_500 * 86_400]
    assert [remark for remark in done.remarks if "left out of its log" in remark] == [
        "left out of its log: 1 row of cards that are gone",
        "left out of its log: 1 row of filtered decks that did not reschedule",
        "left out of its log: 2 rows set by hand before any answer, or no answers at all",
        "left out of its log: 2 rows with a date that can't be",
    ]


def test_a_date_set_by_hand_is_the_one_that_the_card_has(tmp_path: Path) -> None:
    card = packages.card_id(0)
    rows = [answered(NOON, card, kind=0), answered(NOON + DAY_MS, card, 0, 99, 4)]
    extra = f"UPDATE cards SET type = 2, queue = 2, due = 130 WHERE id = {card}"
    take(packages.a_package(tmp_path / "x.apkg", *WORDS, rows=rows, extra=extra))

    with collection.opened(OWN, write=False) as col:
        memory = col.card_state(events()[0].card).memory
    assert memory is not None
    assert memory.due_day == date(2026, 5, 28).fromordinal(
        date(2026, 5, 28).toordinal() + 130
    )  # the collection began on 28 May


def test_three_buttons_of_old_learning_cards_are_again_good_easy(tmp_path: Path) -> None:
    card = packages.card_id(0)
    rows = [
        answered(NOON + n, card, ease, kind=kind) for n, (ease, kind) in enumerate([(1, 0), (2, 0), (3, 2), (2, 1)])
    ]
    take(packages.a_package(tmp_path / "x.apkg", *WORDS, rows=rows, conf={"creationOffset": 0}))

    assert [int(event.rating or 0) for event in events()] == [1, 3, 4, 2]


def test_a_suspended_card_is_suspended_until_it_is_brought_back_here(tmp_path: Path) -> None:
    path = packages.a_package(tmp_path / "x.apkg", *WORDS, suspended=[packages.card_id(0)])
    take(path)

    (event,) = events()
    with collection.opened(OWN, write=True) as col:
        assert col.card_state(event.card).suspended
        col.act("unsuspend", [event.card], col.now())
    take(path)
    with collection.opened(OWN, write=True) as col:
        assert not col.card_state(event.card).suspended
        assert len(events()) == 2


def test_a_suspension_that_came_from_anki_is_lifted_there_and_one_made_here_is_not(tmp_path: Path) -> None:
    card, other, row = packages.card_id(0), packages.card_id(1), answered(NOON, packages.card_id(0, 1))
    path = packages.a_package(tmp_path / "x.apkg", *WORDS, rows=[row], suspended=[card])
    take(path)
    with collection.opened(OWN, write=True) as col:
        names = {ref.id.partition("-")[0]: ref.id for ref in col.bank.in_order() if ref.explains}
        col.act("suspend", [names["words/the"]], col.now())

    def later(*suspended: int, rows: Sequence[packages.Row] = (row,)) -> list[bool]:
        since = f"UPDATE cards SET mod = mod + 60 WHERE id IN ({card}, {other})"
        take(packages.a_package(path, *WORDS, rows=rows, suspended=suspended, extra=since))
        with collection.opened(OWN, write=False) as col:
            return [col.card_state(names[name]).suspended for name in ("words/to", "words/the")]

    assert later(rows=()) == [True, True]  # a deck as its author shares it
    assert later() == [False, True]
    take(packages.a_package(path, *WORDS, rows=[row], suspended=[card]))  # the older file again
    assert later() == [False, True]


def test_cards_that_stand_in_review_without_an_answer_are_new_and_told(tmp_path: Path) -> None:
    done = take(packages.a_package(tmp_path / "x.apkg", *WORDS, extra="UPDATE cards SET type = 2, queue = 2, due = 3"))

    assert "4 cards of it stand in review in Anki without an answer" in done.remarks[0]


def test_the_program_says_what_it_did(tmp_path: Path, home: Path) -> None:
    path = packages.a_package(tmp_path / "x.apkg", *WORDS, rows=[answered(NOON, packages.card_id(0))])

    first, again = called("import", str(path)), called("import", str(path))

    made = f"made the bank {home / 'banks' / 'words'} with 2 notes (4 cards)\nadded 1 row of 1 card to the log\n"
    assert (first.returncode, first.stdout, first.stderr) == (0, made, "")
    assert (again.returncode, again.stdout, again.stderr) == (
        0,
        "the log has all 1 row already; nothing was added\n",
        "",
    )
