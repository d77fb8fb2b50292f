"""There and back: exported with progress, studied in the official Anki, brought in again. Nothing is lost, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import oracle
import pytest
from anki.collection import Collection, ExportAnkiPackageOptions
from builders import FRESH_BANK, a_bank, later, rate

from dlquiz import collection as dlquiz_collection
from dlquiz import scheduler
from dlquiz.card import Event, Moment, Rating
from dlquiz.collection import BankPaths, doctor
from dlquiz.transfer import from_anki as jobs
from dlquiz.transfer import to_anki
from dlquiz.transfer.imports import ImportResult

BANK = "bank: mine\ntopic: optimizers\nnotes:\n" + "".join(
    f"  - {{id: n{n}, question: Q{n}, answer: A{n}, cards: [{{id: c, front: F{n}, back: B{n}}}]}}\n" for n in range(5)
)
FORMS = ("new.apkg", "legacy.apkg", "new.colpkg")


class There(NamedTuple):
    """A user with a bank, and an Anki that has it with progress."""

    where: BankPaths
    folder: Path
    collection: Collection


@pytest.fixture
def there(tmp_path: Path) -> Iterator[There]:
    where = BankPaths((a_bank(tmp_path, BANK),), builtin=False)
    with dlquiz_collection.opened(where, write=True) as col:
        now = col.now()
        for days, card, rating in (
            (9, "n0", 3),
            (9, "n0.c", 1),
            (8, "n1", 4),
            (6, "n0", 3),
            (2, "n2.c", 3),
            (1, "n2.c", 1),
        ):
            moment = Moment(now.at - timedelta(days=days, seconds=rating), now.day - timedelta(days=days))
            rate(col, f"mine/{card}", Rating(rating), moment)
        col.undo(now)
        col.act("reset", ["mine/n1"], later(now))
        to_anki.apkg(col, tmp_path / "deck.apkg", None, with_progress=True)
    collection = oracle.fresh(tmp_path)
    assert oracle.take(collection, tmp_path / "deck.apkg").new == 10
    collection.decks.select(collection.decks.id("dlquiz"))  # type: ignore[arg-type]  # it is there
    yield There(where, tmp_path, collection)
    collection.close()


def study(collection: Collection, count: int = 6) -> None:
    for n in range(count):
        card: Any = collection.sched.getCard()
        collection.sched.answerCard(card, (3, 1, 4, 2)[n % 4])


def come_back(there: There, form: str = "new.apkg") -> ImportResult:
    path, legacy = there.folder / form, form.startswith("legacy")
    if form.endswith(".colpkg"):
        there.collection.export_collection_package(str(path), include_media=True, legacy=legacy)
        there.collection.reopen()
    else:
        options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy)
        there.collection.export_anki_package(out_path=str(path), options=options, limit=None)
    return jobs.package(there.where, path)


def log(there: There) -> list[Event]:
    with dlquiz_collection.opened(there.where, write=False) as col:
        return list(col.progress.as_ledger().events)


def sound(there: There) -> bool:
    with dlquiz_collection.opened(there.where, write=True) as col:
        return not doctor.examine(col).differences


@pytest.mark.parametrize("form", FORMS)
def test_answers_given_in_anki_join_the_log_once(there: There, form: str) -> None:
    before = log(there)
    study(there.collection)

    done = come_back(there, form)
    after = log(there)
    again = come_back(there, form)

    wanted = oracle.rows(there.collection, "SELECT id, ease, ivl FROM revlog WHERE ease > 0 ORDER BY id")
    undone = {event.target for event in after if event.target}
    found = [(e.at_ms, e.rating, e.interval_after) for e in after if e.kind == "review" and e.id not in undone]
    assert after[: len(before)] == before
    assert [event.origin for event in after[len(before) :]] == ["anki"] * 6
    assert sorted(found) == [tuple(row) for row in wanted]
    assert done.said == (
        f"added 6 rows of {len({e.card for e in after[len(before) :]})} cards to the log, 6 were there already",
    )
    assert again.said == ("the log has all 12 rows already; nothing was added",)
    assert log(there) == after
    assert sound(there)


def test_memory_and_due_days_are_then_those_of_anki(there: There) -> None:
    study(there.collection, 8)
    come_back(there)

    with dlquiz_collection.opened(there.where, write=False) as col:
        met = 0
        for card_ref in col.bank.in_order():
            memory, theirs = (
                col.card_state(card_ref.id).memory,
                there.collection.get_card(oracle.card_of(there.collection, card_ref.id)),
            )
            if memory is None or theirs.memory_state is None:
                assert (memory is None, theirs.memory_state is None) == (True, True)
                continue
            met += 1
            assert theirs.memory_state.stability == pytest.approx(memory.stability, rel=1e-3)
            assert theirs.memory_state.difficulty == pytest.approx(memory.difficulty, rel=1e-3)
            if memory.due_ms is None:
                assert theirs.due - there.collection.sched.today == (memory.due_day - col.now().day).days
        assert met >= 5


def test_undo_takes_back_ones_own_answers_and_never_those_of_anki(there: There) -> None:
    study(there.collection)
    come_back(there)

    with dlquiz_collection.opened(there.where, write=True) as col:
        taken = col.undo(col.now())
        assert (taken.event.kind, taken.event.card) == ("reset", "mine/n1")
        assert col.undo(col.now()).event.origin is None
        for card, card_state in col.progress.all_standings() if col.progress else ():
            assert card_state == scheduler.fold(col.progress.history(card) if col.progress else [], col.preset)


def test_an_answer_that_was_undone_here_after_the_export_stays_undone(there: There) -> None:
    with dlquiz_collection.opened(there.where, write=True) as col:
        col.undo(col.now())  # the reset
        gone = col.undo(col.now()).event
    before = log(there)

    come_back(there)

    assert [event.target for event in log(there) if event.kind == "undo"][-1] == gone.id
    assert log(there) == before


def test_what_is_forgotten_rescheduled_and_suspended_there_is_so_here(there: There) -> None:
    cards = {name: oracle.card_of(there.collection, f"mine/{name}") for name in ("n0", "n0.c", "n2.c")}
    there.collection.sched.schedule_cards_as_new([cards["n0"]])
    there.collection.sched.set_due_date([cards["n2.c"]], "7")
    there.collection.sched.suspend_cards([cards["n0.c"]])

    come_back(there)

    with dlquiz_collection.opened(there.where, write=False) as col:
        memory = col.card_state("mine/n2.c").memory
        assert col.card_state("mine/n0").memory is None
        assert memory is not None
        assert memory.due_day == col.now().day + timedelta(days=7)
        assert col.card_state("mine/n0.c").suspended
    assert sorted(event.kind for event in log(there) if event.origin) == ["reschedule", "reset", "suspend"]
    assert sound(there)


def test_texts_edited_in_anki_are_told_and_not_taken(there: There) -> None:
    bank = (there.folder / "mine.yaml").read_bytes()
    for card, field, text in (("mine/n0.c", "Back", "<b>mine</b> own"), ("mine/n3", "Answer", "")):
        note = there.collection.get_note(oracle.note_of(there.collection, card))
        note[field] = text
        there.collection.update_note(note)

    done = come_back(there)

    assert done.remarks[:2] == (
        "mine/n0.c: edited in Anki, the bank was left as it is; there it says Back: **mine** own",
        "mine/n3: edited in Anki, the bank was left as it is; there it says Answer: nothing",
    )
    assert (there.folder / "mine.yaml").read_bytes() == bank


def test_answers_to_the_example_come_back_without_numbers_and_it_is_no_edit(tmp_path: Path) -> None:
    where = BankPaths((a_bank(tmp_path, FRESH_BANK),), builtin=False)
    with dlquiz_collection.opened(where, write=True) as col:
        rate(col, "mine/sgd.steps", Rating.EASY, col.now())
        to_anki.apkg(col, tmp_path / "deck.apkg", None, with_progress=False)
    there = There(where, tmp_path, oracle.fresh(tmp_path))
    oracle.take(there.collection, tmp_path / "deck.apkg")
    card = there.collection.get_card(oracle.card_of(there.collection, "mine/sgd.steps"))
    card.start_timer()
    there.collection.sched.answerCard(card, 3)

    done = come_back(there)
    note = card.note()
    note["Back"] = "12"
    there.collection.update_note(note)
    edited = come_back(there)
    there.collection.close()

    assert done.remarks == ()
    assert [(event.origin, event.params is None) for event in log(there)] == [(None, False), ("anki", True)]
    assert edited.remarks[0].endswith("there it says Back: 12")
    assert sound(there)


def test_a_text_that_changed_here_alone_is_no_edit(there: There) -> None:
    path = there.folder / "mine.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("answer: A3", "answer: better"), encoding="utf-8")

    assert come_back(there).remarks == ()


def test_renamed_cards_are_found_and_cards_without_a_bank_keep_their_answers(there: There) -> None:
    study(there.collection, 10)
    path = there.folder / "mine.yaml"
    text = (
        path.read_text(encoding="utf-8").replace("{id: n0, ", "{id: first, was: [n0], ").replace("{id: n4,", "{id: n9,")
    )
    path.write_text(text.replace("{id: c, front: F0", "{id: d, was: [n0.c], front: F0"), encoding="utf-8")

    done = come_back(there)

    added = {event.card for event in log(there) if event.origin}
    assert {"mine/first", "mine/first.d"} & added
    assert not {"mine/n0", "mine/n0.c"} & added
    assert "2 cards of it in no bank here (mine/n4, mine/n4.c)" in done.remarks[0]
    assert sound(there)


def test_a_deck_and_ones_own_notes_in_one_collection_go_their_ways(there: There, home: Path) -> None:
    notetype: Any = there.collection.models.by_name("Basic")
    note = there.collection.new_note(notetype)
    note["Front"], note["Back"] = "mine alone", "yes"
    there.collection.add_note(note, there.collection.decks.id("Other"))  # type: ignore[arg-type]  # it makes the deck

    done = come_back(there, "new.colpkg")

    assert done.said[0] == f"made the bank {home / 'banks' / 'other'} with 1 note (1 card)"
    assert [path.name for path in (home / "banks").iterdir()] == ["other"]
