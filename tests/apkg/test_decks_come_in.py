"""Decks of the official Anki, in all forms that it writes, as banks of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import oracle
import pytest
from anki.collection import Collection, ExportAnkiPackageOptions

from dlquiz import collection as dlquiz_collection
from dlquiz.anki.reader import templates
from dlquiz.bank import read
from dlquiz.collection import BankPaths
from dlquiz.transfer import from_anki as jobs

OWN = BankPaths(builtin=False)
FORMS = ("new.apkg", "legacy.apkg", "new.colpkg", "legacy.colpkg")
PICTURE = b"\x89PNG\r\n\x1a\nanything"


def add(collection: Collection, kind: str, deck: str, **fields: str) -> Any:
    notetype: Any = collection.models.by_name(kind)
    note = collection.new_note(notetype)
    for name, text in fields.items():
        note[name.replace("_", " ")] = text
    note.tags = ["lang::es", "a1"]
    collection.add_note(note, collection.decks.id(deck))  # type: ignore[arg-type]  # it makes the deck
    return note


def export(collection: Collection, path: Path) -> None:
    legacy = path.name.startswith("legacy")
    if path.suffix == ".colpkg":
        collection.export_collection_package(str(path), include_media=True, legacy=legacy)
        collection.reopen()
        return
    options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy)
    collection.export_anki_package(out_path=str(path), options=options, limit=None)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Collection]]:
    """A folder with one collection in all forms, and that collection; no test changes either."""
    folder = tmp_path_factory.mktemp("decks")
    collection = oracle.fresh(folder)
    collection.media.write_data("casa.png", PICTURE)
    add(collection, "Basic", "Spanish::Verbs", Front="to speak", Back="<b>hablar</b> [sound:a.mp3]")
    add(collection, "Basic (and reversed card)", "Spanish::Nouns", Front="house", Back='casa <img src="casa.png">')
    add(collection, "Cloze", "Spanish::Nouns", Text=r"el {{c1::sol}} y la {{c2::luna}} \(x^2\)", Back_Extra="sky")
    add(collection, "Basic (type in the answer)", "Spanish", Front="typed", Back="tecleado")
    collection.decks.select(collection.decks.id("Spanish"))  # type: ignore[arg-type]  # it is there
    for ease in (3, 4, 1, 2):
        card: Any = collection.sched.getCard()
        collection.sched.answerCard(card, ease)
    for name in FORMS:
        export(collection, folder / name)
    yield folder, collection
    collection.close()


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_bank_and_the_same_answers(
    packages: tuple[Path, Collection], name: str, home: Path
) -> None:
    folder, collection = packages

    done = jobs.package(OWN, folder / name)
    again = jobs.package(OWN, folder / name)

    files = [read.read(path, builtin=False) for path in sorted((home / "banks" / "spanish").glob("*.yaml"))]
    notes = {note["question"]: note for file in files for note in file.notes}
    assert {question: note["topic"] for question, note in notes.items()} == {
        "to speak": "verbs", "house": "nouns", "el [...] y la luna $x^2$": "nouns", "typed": "spanish",
    }  # fmt: skip
    assert notes["to speak"]["answer"] == "**hablar**"
    assert notes["to speak"]["tags"] == ["a1", "lang-es"]
    assert notes["house"]["cards"][0]["back"] == "house"
    assert notes["el [...] y la luna $x^2$"]["cards"][0]["front"] == "el sol y la [...] $x^2$"
    assert notes["typed"]["answer"] == "tecleado"
    path = re.fullmatch(r"casa !\[casa\]\((media/casa-\w+\.png)\)", notes["house"]["answer"])
    assert path is not None
    assert notes["house"]["cards"][0]["front"] == f"casa ![picture]({path[1]})"
    assert (home / "banks" / "spanish" / path[1]).read_bytes() == PICTURE
    assert done.said[:2] == (
        f"made the bank {home / 'banks' / 'spanish'} with 4 notes (6 cards)",
        "1 note needs a picture, 1 in the question: `v` opens it",
    )
    assert again.said == ("the log has all 4 rows already; nothing was added",)
    rows = oracle.rows(collection, "SELECT id, ease, ivl, lastIvl FROM revlog ORDER BY id")
    with dlquiz_collection.opened(OWN, write=False) as col:
        found = [
            (event.at_ms, event.rating, event.interval_after, event.interval_before)
            for event, _ in col.progress.reviews()
        ]
        assert found == [tuple(row) for row in rows]
        for event, _ in col.progress.reviews():
            memory = col.card_state(event.card).memory
            assert memory is not None
            assert (memory.due_ms is None) == (memory.interval > 0)


def test_cards_are_rendered_as_anki_renders_them(tmp_path: Path) -> None:
    collection = oracle.fresh(tmp_path)
    notetype: Any = collection.models.by_name("Basic")
    front = "{{#Tags}}t{{/Tags}}{{^Back}}no{{/Back}}{{Front}} {{Deck}}/{{Subdeck}}/{{Type}} {{text:Back}} {{kanji:Front}} {{kana:Front}}"
    notetype["tmpls"][0].update(qfmt=front, afmt="{{FrontSide}}<hr id=answer>{{hint:Front}}{{Back}}")
    collection.models.update_dict(notetype)
    note = add(collection, "Basic", "A::B", Front="x 日本[にほん]", Back="<i>b</i>")
    scene = templates.Scene(
        dict(note.items()), {"Tags": "a1 lang::es", "Deck": "A::B", "Subdeck": "B", "Type": "Basic"}
    )

    theirs = note.cards()[0].render_output()

    assert templates.question(front, scene).html == theirs.question_text
    assert templates.answer("{{FrontSide}}<hr id=answer>{{Back}}", scene).html == "<i>b</i>"
    collection.close()


@pytest.mark.parametrize(
    "text",
    [
        "{{c1::a}} b {{c2::c::hint}}",
        "{{c1::a {{c2::b}} c}}",
        "{{c1,2::both}} x",
        "{{c1::\\(x^{2}\\)}} {{c3::d}} }}",
        "no cloze",
    ],
)
def test_clozes_are_those_that_anki_finds(tmp_path: Path, text: str) -> None:
    collection = oracle.fresh(tmp_path)
    note = add(collection, "Cloze", "A", Text=f"{text} {{{{c9::z}}}}")
    numbers = {int(card.ord) + 1 for card in note.cards()}

    assert templates.asks(note["Text"]) == numbers
    for card in note.cards():
        blanked = re.sub("<[^>]*>", "", card.render_output().question_text)
        ours, _ = templates.cloze(note["Text"], card.ord + 1)
        assert ours.replace("[...] (hint)", "[hint]") == blanked
    collection.close()
