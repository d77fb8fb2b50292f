"""A deck that is exported again and imported again: never a duplicate, never a lost review. Everything against the real backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import oracle
import pytest
from anki.collection import Collection
from builders import FRESH_BANK, MONDAY, SMALL_BANK, a_bank, a_desk, rate

from dlquiz import calendar, desk, session
from dlquiz.card import Rating
from dlquiz.desk import exporting
from dlquiz.exchange import notetypes

CARDS = 7
TODAY = datetime.now(UTC)


class Before(NamedTuple):
    """What a collection held before the second import."""

    guids: list[str]
    reviews: list[Any]
    notetypes: list[int]
    schema: int


class Shelf:
    """A bank, and a collection that follows it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch
        self.collection = oracle.fresh(folder)

    def write(self, text: str) -> None:
        a_bank(self.folder, text)

    def export(self, *, hours: float = 0, with_progress: bool = False) -> Path:
        """Export, so many hours from now."""
        at = TODAY + timedelta(hours=hours)
        self.monkeypatch.setattr(desk, "now", lambda settings: calendar.moment(at, settings.rollover_min))
        target = self.folder / "deck.apkg"
        with a_desk(self.folder) as table:
            exporting.apkg(table, target, None, with_progress=with_progress)
        return target

    def take(self, **how: Any) -> oracle.Imported:
        return oracle.take(self.collection, self.folder / "deck.apkg", **how)

    def answer(self, card: str) -> None:
        found = self.collection.get_card(oracle.card_of(self.collection, card))
        found.start_timer()
        self.collection.sched.answerCard(found, 3)

    def held(self) -> Before:
        guids = oracle.rows(self.collection, "SELECT guid FROM notes ORDER BY guid")
        reviews = oracle.rows(self.collection, "SELECT id, cid, ease, ivl FROM revlog ORDER BY id")
        types = oracle.rows(self.collection, "SELECT id FROM notetypes WHERE name LIKE 'dlquiz%' ORDER BY id")
        ((schema,),) = oracle.rows(self.collection, "SELECT scm FROM col")
        return Before([row[0] for row in guids], reviews, [row[0] for row in types], schema)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """The small bank, exported, imported, and one card of it answered in Anki."""
    made = Shelf(tmp_path, monkeypatch)
    made.write(SMALL_BANK)
    made.export()
    assert made.take() == oracle.Imported(new=CARDS, updated=0, unchanged=0, conflicting=0)
    made.answer("mine/adam.lr")
    yield made
    made.collection.close()


def replaced(old: str, new: str) -> str:
    assert old in SMALL_BANK
    return SMALL_BANK.replace(old, new)


LEARNING_RATE = "What is Adam's usual learning rate?"
EDITS = {
    "a front": (replaced(LEARNING_RATE, "What is Adam's usual step size?"), 1),
    "a back": (replaced("back: 0.001", "back: 0.002"), 1),
    "what no sitting counts as content": (replaced("It would never forget.", "It forgets nothing."), 1),
    "the main question, which every card names": (replaced("What is SGD?", "What does SGD do?"), 2),
    "a key point": (replaced("A mean of gradients.", "A running mean of gradients."), 1),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_text_is_taken_over_and_the_reviews_stay(shelf: Shelf, edit: str) -> None:
    text, changed = EDITS[edit]
    before = shelf.held()
    shelf.write(text)
    shelf.export(hours=1)

    done = shelf.take()

    assert done == oracle.Imported(new=0, updated=changed, unchanged=CARDS - changed, conflicting=0)
    assert shelf.held() == before


def test_the_same_file_again_changes_nothing(shelf: Shelf) -> None:
    before = shelf.held()

    assert shelf.take() == oracle.Imported(new=0, updated=0, unchanged=CARDS, conflicting=0)
    assert shelf.held() == before


def test_an_export_of_the_same_bank_later_changes_nothing(shelf: Shelf) -> None:
    first = (shelf.folder / "deck.apkg").read_bytes()

    assert shelf.export(hours=5).read_bytes() == first


def test_a_text_that_is_taken_back_is_taken_over_too(shelf: Shelf) -> None:
    for hours, text in ((1, replaced(LEARNING_RATE, "Something else?")), (2, SMALL_BANK)):
        shelf.write(text)
        shelf.export(hours=hours)
        assert shelf.take().updated == 1

    assert oracle.fields(shelf.collection, "mine/adam.lr")["Front"] == LEARNING_RATE


def test_a_changed_look_is_taken_over_without_a_full_sync(shelf: Shelf) -> None:
    before = shelf.held()
    shelf.monkeypatch.setattr(notetypes, "look", lambda: ".card { color: red }")
    later = notetypes.as_json(notetypes.BASIC, "", notetypes.CHANGED_S + 9)["mod"]
    original = notetypes.as_json
    shelf.monkeypatch.setattr(notetypes, "as_json", lambda each, css: original(each, css, later))
    shelf.export(hours=1)

    assert shelf.take().unchanged == CARDS
    assert shelf.held() == before
    found = shelf.collection.models.get(notetypes.BASIC.id)  # type: ignore[arg-type]  # anki's own id type
    assert found is not None
    assert found["css"] == ".card { color: red }"


def test_a_renamed_field_is_renamed_and_its_text_stays(shelf: Shelf) -> None:
    before = shelf.held()
    renamed = tuple((number, "Reason" if name == "Why" else name) for number, name in notetypes.BASIC.fields)
    basic = notetypes.BASIC._replace(fields=renamed, back=notetypes.BASIC.back.replace("Why", "Reason"))
    shelf.monkeypatch.setattr(notetypes, "ALL", (notetypes.EXPLAIN, basic, notetypes.CLOZE, notetypes.CHOICE))
    original = notetypes.as_json
    shelf.monkeypatch.setattr(notetypes, "as_json", lambda each, css: original(each, css, notetypes.CHANGED_S + 9))
    shelf.export(hours=1)

    assert shelf.take().conflicting == 0
    after = oracle.fields(shelf.collection, "mine/adam.lr")
    assert "Reason" in after
    assert after["Front"] == LEARNING_RATE
    assert shelf.held()._replace(schema=0) == before._replace(schema=0)


def test_a_removed_card_stays_with_its_reviews(shelf: Shelf) -> None:
    before = shelf.held()
    line = next(line for line in SMALL_BANK.splitlines() if "id: lr" in line)
    shelf.write(SMALL_BANK.replace(line + "\n", ""))
    shelf.export(hours=1)

    assert shelf.take().unchanged == CARDS - 1
    assert shelf.held() == before


def test_a_card_that_is_added_comes_alone(shelf: Shelf) -> None:
    before = shelf.held()
    shelf.write(SMALL_BANK + "      - {id: one, front: And of one example?, back: plain SGD}\n")
    shelf.export(hours=1)

    assert shelf.take() == oracle.Imported(new=1, updated=0, unchanged=CARDS, conflicting=0)
    assert shelf.held().reviews == before.reviews


def test_renamed_cards_and_notes_are_the_same_cards(shelf: Shelf) -> None:
    before = shelf.held()
    text = replaced("- {id: lr, ", "- {id: rate, was: [adam.lr], ").replace(
        "  - id: adam\n", "  - id: adam-state\n    was: [adam]\n"
    )
    shelf.write(text)
    shelf.export(hours=1)

    done = shelf.take()

    assert (done.new, done.conflicting) == (0, 0)
    assert shelf.held() == before
    assert oracle.fields(shelf.collection, "mine/adam-state.rate")["Front"] == LEARNING_RATE


def test_a_card_of_another_kind_keeps_its_old_text_and_its_reviews(shelf: Shelf) -> None:
    before = shelf.held()
    shelf.write(
        replaced(
            'front: What is Adam\'s usual learning rate?, back: 0.001, accept: ["1e-3"]',
            'kind: cloze, front: "Rate [...]", back: 1',
        )
    )
    shelf.export(hours=1)

    assert shelf.take() == oracle.Imported(new=0, updated=0, unchanged=CARDS - 1, conflicting=1)
    assert shelf.held() == before


def test_a_trap_that_becomes_a_claim_is_the_same_note(shelf: Shelf) -> None:
    shelf.write(replaced("{id: beta, front", "{id: beta, kind: trap, front"))
    shelf.export(hours=1)
    assert shelf.take().conflicting == 0
    shelf.answer("mine/adam.beta")
    before = shelf.held()
    old = "{id: beta, front: What is Adam's usual $\\beta_1$?, back: 0.9}"
    claim = "{id: beta, kind: claim, holds: true, front: 'Does this hold? \"It is 0.9.\"', back: 'Yes: it is.'}"
    shelf.write(replaced(old, claim))
    shelf.export(hours=2)

    assert shelf.take() == oracle.Imported(new=0, updated=1, unchanged=CARDS - 1, conflicting=0)
    assert shelf.held() == before
    fields = oracle.fields(shelf.collection, "mine/adam.beta")
    assert (fields["Front"], fields["Back"]) == ("Does this hold? &quot;It is 0.9.&quot;", "Yes: it is.")


def test_a_main_card_is_spoken_once_it_has_key_points_and_stays_the_same_note(shelf: Shelf) -> None:
    def question() -> str:
        return shelf.collection.get_card(oracle.card_of(shelf.collection, "mine/sgd")).render_output().question_text

    before = shelf.held()
    assert "90 seconds" not in question()
    assert 'class="question"' in question()
    answer = "    answer: A step against the gradient of a mini-batch.\n"
    shelf.write(replaced(answer, f"{answer}    key_points: [{{id: step, text: A step.}}]\n"))
    shelf.export(hours=1)

    assert shelf.take() == oracle.Imported(new=0, updated=1, unchanged=CARDS - 1, conflicting=0)
    assert "say it in 90 seconds" in question()
    assert shelf.held() == before


def edit_in_anki(collection: Collection, card: str) -> None:
    note = collection.get_note(oracle.note_of(collection, card))
    note["Back"] = "my own words"
    collection.update_note(note)


def suspend(collection: Collection, card: str) -> None:
    collection.sched.suspend_cards([oracle.card_of(collection, card)])


def move(collection: Collection, card: str) -> None:
    collection.set_deck([oracle.card_of(collection, card)], int(collection.decks.id("Mine") or 0))


def flag(collection: Collection, card: str) -> None:
    collection.set_user_flag_for_cards(3, [oracle.card_of(collection, card)])


def deck_of(collection: Collection, card: str) -> str:
    return collection.decks.name(collection.get_card(oracle.card_of(collection, card)).did)


KEPT: dict[str, tuple[Callable[[Collection, str], None], Callable[[Collection, str], Any], Any]] = {
    "suspended": (suspend, lambda collection, card: collection.get_card(oracle.card_of(collection, card)).queue, -1),
    "moved": (move, deck_of, "Mine"),
    "flagged": (flag, lambda collection, card: collection.get_card(oracle.card_of(collection, card)).user_flag(), 3),
}


@pytest.mark.parametrize("what", KEPT)
def test_what_the_user_did_to_a_card_survives_an_update_of_its_text(shelf: Shelf, what: str) -> None:
    act, look, wanted = KEPT[what]
    act(shelf.collection, "mine/adam.lr")
    before = shelf.held()
    shelf.write(EDITS["a front"][0])
    shelf.export(hours=1)

    assert shelf.take().updated == 1
    assert look(shelf.collection, "mine/adam.lr") == wanted
    assert shelf.held() == before


def test_cards_of_a_renamed_deck_stay_in_it(shelf: Shelf) -> None:
    deck = shelf.collection.decks.by_name("dlquiz")
    assert deck is not None
    shelf.collection.decks.rename(deck, "Interview")
    before = shelf.held()
    shelf.write(EDITS["a front"][0])
    shelf.export(hours=1)

    assert shelf.take().updated == 1
    assert deck_of(shelf.collection, "mine/adam.lr") == "Interview::mine::optimizers"
    assert shelf.held() == before


@pytest.mark.parametrize(("hours", "kept"), [(-1, True), (1, False)])
def test_a_text_edited_in_anki_is_kept_unless_ours_changed_later(shelf: Shelf, hours: float, kept: bool) -> None:
    edit_in_anki(shelf.collection, "mine/adam.lr")
    before = shelf.held()
    shelf.write(EDITS["a back"][0])
    shelf.export(hours=hours)

    shelf.take()

    assert (oracle.fields(shelf.collection, "mine/adam.lr")["Back"] == "my own words") is kept
    assert shelf.held() == before


def test_tags_of_ones_own_go_with_a_newer_text_and_stay_without_one(shelf: Shelf) -> None:
    def tags() -> list[str]:
        return list(shelf.collection.get_note(number).tags)

    number = oracle.note_of(shelf.collection, "mine/adam.lr")
    shelf.collection.tags.bulk_add([number], "hard")
    shelf.take()
    assert "hard" in tags()
    shelf.write(EDITS["a front"][0])
    shelf.export(hours=1)

    assert shelf.take().updated == 1
    assert "hard" not in tags()


def test_progress_for_a_card_that_is_there_already_is_not_applied_and_loses_nothing(shelf: Shelf) -> None:
    before = shelf.held()
    with a_desk(shelf.folder) as table:
        moment = table.now()
        sheet = table.sheet("mine/adam.lr", moment)
        state = session.show(session.Session(queue=()), sheet, "reveal")
        table.answer(sheet, session.answer(state, Rating.EASY, moment, table.preset, 1)[1], {})
    shelf.export(hours=1, with_progress=True)

    assert shelf.take().unchanged == CARDS
    assert shelf.held() == before


def test_merging_note_types_and_updating_always_are_harmless_too(shelf: Shelf) -> None:
    before = shelf.held()
    shelf.write(EDITS["a front"][0])
    shelf.export(hours=1)

    assert shelf.take(condition=oracle.ALWAYS, merge=True).updated == 1
    assert shelf.held() == before


def test_anki_finds_nothing_to_mend(shelf: Shelf) -> None:
    report, sound = shelf.collection.fix_integrity()

    assert sound, report
    assert "rebuilt" in report
    assert len(report.splitlines()) == 1


def test_a_card_with_fresh_numbers_has_its_example_whatever_was_asked_here(shelf: Shelf) -> None:
    shelf.write(FRESH_BANK)
    first = shelf.export(hours=1).read_bytes()
    assert shelf.take().new == 1
    shown = oracle.fields(shelf.collection, "mine/sgd.steps")
    with a_desk(shelf.folder) as table:
        rate(table, "mine/sgd.steps", Rating.GOOD, MONDAY)
    other = FRESH_BANK.replace("{n: [100, 64, 30]", "{n: [100, 50, 300]").replace("ceil(n / b)", "(n + b - 1) // b")

    assert shown["Front"] == "How many steps has an epoch of 100 examples in batches of 8?"
    assert (shown["Back"], shown["Why"]) == ("13", "100/8 is 12.5, rounded up.")
    assert shelf.export(hours=2).read_bytes() == first
    shelf.write(other)
    assert shelf.export(hours=3).read_bytes() == first, "the example is the same"
    shelf.write(FRESH_BANK.replace("[100, 64, 30]", "[64, 100, 30]"))
    shelf.export(hours=4)
    assert shelf.take() == oracle.Imported(new=0, updated=1, unchanged=CARDS, conflicting=0)
    assert oracle.fields(shelf.collection, "mine/sgd.steps")["Back"] == "8"
