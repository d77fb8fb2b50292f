"""Answers both ways with a collection that the official backend works with: each row once, the later answer settles the due day."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import oracle
import pytest
from anki.collection import Collection, ExportAnkiPackageOptions
from builders import a_bank, called, later, rate

from dlquiz import collection as dlquiz_collection
from dlquiz import config
from dlquiz.card import Event, Moment, Rating
from dlquiz.collection import BankPaths, doctor, planning
from dlquiz.errors import StoreError, UsageError
from dlquiz.transfer import from_anki, sync, to_anki

BANK = "bank: mine\ntopic: optimizers\nnotes:\n" + "".join(
    f"  - {{id: n{n}, question: Q{n}, answer: A{n}, cards: [{{id: c, front: F{n}, back: B{n}}}]}}\n" for n in range(4)
)


class Desk:
    """A user with a bank, and the file of an Anki that has it."""

    def __init__(self, folder: Path, banks: tuple[Path, ...]) -> None:
        self.folder = folder
        self.paths = BankPaths(banks, builtin=False)
        self.file = folder / "collection.anki2"

    def rate(self, card: str, rating: int, days_ago: float = 0) -> None:
        with dlquiz_collection.opened(self.paths, write=True) as col:
            now = col.now()
            moment = Moment(now.at - timedelta(days=days_ago), now.day - timedelta(days=int(days_ago)))
            rate(col, card, Rating(rating), moment)

    @contextmanager
    def anki(self) -> Iterator[Collection]:
        collection = Collection(str(self.file))
        try:
            yield collection
        finally:
            collection.close()

    def rows(self, query: str, *values: Any) -> list[Any]:
        with self.anki() as collection:
            return oracle.rows(collection, query, *values)

    def sync(self) -> tuple[int, int, int, int]:
        done = sync.with_file(self.paths, self.file)
        return done.sent, done.received, done.undone, done.skipped

    def events(self) -> list[Event]:
        with dlquiz_collection.opened(self.paths, write=False) as col:
            return list(col.progress.as_ledger().events)


def answer_there(collection: Collection, number: int, ease: int) -> None:
    card = collection.get_card(number)  # type: ignore[arg-type]  # it is one
    card.start_timer()
    collection.sched.answerCard(card, ease)  # type: ignore[arg-type]  # it is one


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, (a_bank(tmp_path, BANK),))
    for days, card, rating in ((9, "n0", 3), (9, "n0.c", 1), (8, "n1", 4), (6, "n0", 3), (2, "n2.c", 3)):
        desk.rate(f"mine/{card}", rating, days)
    with dlquiz_collection.opened(desk.paths, write=False) as col:
        to_anki.apkg(col, tmp_path / "deck.apkg", None, with_progress=True)
    collection = oracle.fresh(tmp_path)
    assert oracle.take(collection, tmp_path / "deck.apkg").new == 8
    collection.close()
    return desk


def agree(desk: Desk) -> int:
    """Every card stands where the other program has it, and Anki's own recomputation gives the same memory."""
    met = 0
    with dlquiz_collection.opened(desk.paths, write=True) as col, desk.anki() as collection:
        assert not doctor.examine(col).differences
        for card_ref in col.bank.in_order():
            memory = col.card_state(card_ref.id).memory
            theirs = collection.get_card(oracle.card_of(collection, card_ref.id))
            if memory is None:
                assert theirs.type == 0
                assert theirs.memory_state is None
                continue
            met += 1
            assert theirs.memory_state is not None
            assert theirs.memory_state.stability == pytest.approx(memory.stability, rel=1e-3)
            assert theirs.memory_state.difficulty == pytest.approx(memory.difficulty, rel=1e-3)
            assert theirs.reps == memory.reps
            assert theirs.lapses == memory.lapses
            assert theirs.last_review_time == memory.last_ms // 1000
            computed = collection.compute_memory_state(theirs.id)
            assert computed.stability == pytest.approx(theirs.memory_state.stability, rel=1e-3)
            if memory.due_ms is None:
                assert theirs.type == 2
                assert theirs.due - collection.sched.today == (memory.due_day - col.now().day).days
        assert collection.fix_integrity()[1]
    return met


def test_answers_given_here_reach_cards_that_anki_has_and_a_second_sync_changes_nothing(desk: Desk) -> None:
    desk.rate("mine/n0", 3)
    desk.rate("mine/n3", 4)
    desk.rate("mine/n3.c", 1)

    assert desk.sync() == (3, 0, 0, 0)
    before = desk.file.read_bytes()
    rows = desk.rows("SELECT * FROM revlog ORDER BY id"), desk.rows("SELECT * FROM cards ORDER BY id")
    assert desk.sync() == (0, 0, 0, 0)

    assert (desk.rows("SELECT * FROM revlog ORDER BY id"), desk.rows("SELECT * FROM cards ORDER BY id")) == rows
    assert len(before) == len(desk.file.read_bytes())
    assert agree(desk) == 6
    assert [row[0] for row in desk.rows("SELECT count(*) FROM revlog")] == [8]


def test_both_sides_answered_and_one_card_on_both(desk: Desk) -> None:
    desk.rate("mine/n2.c", 1, 1)
    with desk.anki() as collection:
        for card, ease in (("mine/n2.c", 3), ("mine/n1", 2), ("mine/n3.c", 3)):
            answer_there(collection, oracle.card_of(collection, card), ease)
    desk.rate("mine/n1", 4)

    assert desk.sync() == (2, 3, 0, 0)
    assert desk.sync() == (0, 0, 0, 0)

    assert agree(desk) == 5
    wanted = desk.rows("SELECT id, ease FROM revlog ORDER BY id")
    found = [(e.at_ms, int(e.rating)) for e in desk.events() if e.kind == "review" and e.rating]
    assert sorted(found) == [tuple(row) for row in wanted]


def test_flags_tags_and_edits_of_the_users_stay(desk: Desk) -> None:
    with desk.anki() as collection:
        number = oracle.card_of(collection, "mine/n0")
        collection.set_user_flag_for_cards(3, [number])
        note = collection.get_card(number).note()
        note.tags.append("own")
        note["Answer"] = "my own words"
        collection.update_note(note)
    desk.rate("mine/n0", 3)

    assert desk.sync()[0] == 1

    with desk.anki() as collection:
        card = collection.get_card(number)
        assert (card.user_flag(), "own" in card.note().tags, card.note()["Answer"]) == (3, True, "my own words")


def test_an_answer_undone_before_the_sync_never_gets_there(desk: Desk) -> None:
    desk.rate("mine/n0", 1)
    with dlquiz_collection.opened(desk.paths, write=True) as col:
        col.undo(col.now())

    assert desk.sync() == (0, 0, 0, 0)
    assert agree(desk) == 4


def test_an_answer_undone_after_the_sync_is_put_right_there_and_told_once(desk: Desk) -> None:
    desk.rate("mine/n0", 1)
    desk.rate("mine/n3", 3)
    assert desk.sync() == (2, 0, 0, 0)
    with dlquiz_collection.opened(desk.paths, write=True) as col:
        col.undo(col.now())
        col.undo(col.now())
        wanted = col.card_state("mine/n0").memory

    done = sync.with_file(desk.paths, desk.file)

    assert (done.sent, done.received, done.undone) == (2, 0, 2)
    assert len(done.remarks) == 2
    assert desk.sync() == (0, 0, 0, 0)
    with dlquiz_collection.opened(desk.paths, write=False) as col, desk.anki() as collection:
        assert col.card_state("mine/n0").memory == wanted
        assert col.card_state("mine/n3").memory is None
        theirs = collection.get_card(oracle.card_of(collection, "mine/n0"))
        assert wanted is not None
        assert theirs.memory_state is not None
        assert theirs.memory_state.stability == pytest.approx(wanted.stability, rel=1e-3)
        assert theirs.due - collection.sched.today == (wanted.due_day - col.now().day).days
        assert (theirs.reps, theirs.lapses) == (wanted.reps, wanted.lapses)
        new = collection.get_card(oracle.card_of(collection, "mine/n3"))
        assert (new.type, new.queue, new.memory_state) == (0, 0, None)
    desk.rate("mine/n0", 3)
    desk.rate("mine/n3", 3)
    assert desk.sync() == (2, 0, 0, 0)


def test_a_reset_here_makes_the_card_new_there(desk: Desk) -> None:
    with dlquiz_collection.opened(desk.paths, write=True) as col:
        col.act("reset", ["mine/n0"], later(col.now()))

    assert desk.sync() == (1, 0, 0, 0)
    assert desk.sync() == (0, 0, 0, 0)
    assert agree(desk) == 3


def test_a_row_whose_instant_another_card_has_moves_on_and_is_known_again(desk: Desk) -> None:
    desk.rate("mine/n3", 3)
    at_ms = desk.events()[-1].at_ms
    with desk.anki() as collection:
        other = oracle.card_of(collection, "mine/n1")
        assert collection.db is not None
        collection.db.execute("INSERT INTO revlog VALUES (?, ?, -1, 3, 9, 1, 500, 900, 1)", at_ms, other)

    assert desk.sync()[:2] == (1, 1)
    assert desk.sync() == (0, 0, 0, 0)
    assert [
        tuple(row) for row in desk.rows("SELECT id, cid <> ? FROM revlog WHERE id >= ? ORDER BY id", other, at_ms)
    ] == [
        (at_ms, 0),
        (at_ms + 1, 1),
    ]


def test_cards_in_a_filtered_deck_wait_until_they_are_back(desk: Desk) -> None:
    with desk.anki() as collection:
        deck = collection.sched.get_or_create_filtered_deck(0)  # type: ignore[arg-type]  # none yet
        deck.config.search_terms[0].search = '"Id:mine/n0"'
        filtered = collection.sched.add_or_update_filtered_deck(deck).id
        assert collection.get_card(oracle.card_of(collection, "mine/n0")).odid
    desk.rate("mine/n0", 3)

    assert desk.sync() == (0, 0, 0, 1)
    with desk.anki() as collection:
        collection.sched.empty_filtered_deck(filtered)  # type: ignore[arg-type]  # a number
    assert desk.sync() == (1, 0, 0, 0)
    assert agree(desk) == 4


def test_answers_to_cards_that_anki_does_not_have_are_told(desk: Desk) -> None:
    with desk.anki() as collection:
        collection.remove_notes([oracle.note_of(collection, "mine/n0")])
    desk.rate("mine/n0", 3)

    done = sync.with_file(desk.paths, desk.file)

    assert (done.sent, done.skipped) == (0, 3)
    assert done.remarks[0].startswith("3 answers to cards that Anki does not have")


def test_other_peoples_decks_sync_too(tmp_path: Path) -> None:
    collection = oracle.fresh(tmp_path)
    for kind, front, back in (("Basic (and reversed card)", "f", "b"), ("Cloze", "{{c1::one}} and {{c2::two}}", "x")):
        note = collection.new_note(collection.models.by_name(kind))  # type: ignore[arg-type]  # Anki's own
        note.fields[:2] = [front, back]
        note.guid = f"guid-{front}"
        collection.add_note(note, collection.decks.id("Theirs"))  # type: ignore[arg-type]  # it makes the deck
    options = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True, with_media=True, legacy=False)
    collection.export_anki_package(out_path=str(tmp_path / "theirs.apkg"), options=options, limit=None)
    collection.close()
    desk = Desk(tmp_path, ())
    from_anki.package(desk.paths, tmp_path / "theirs.apkg")
    with dlquiz_collection.opened(desk.paths, write=False) as col:
        cards = [card_ref.id for card_ref in col.bank.in_order()]
        remarks = to_anki.apkg(col, tmp_path / "back.apkg", None, with_progress=True).remarks
    assert len(cards) == 4
    assert remarks == ()
    for days, card in enumerate(cards, 1):
        desk.rate(card, 3, days)
        desk.rate(card, 3)

    assert desk.sync() == (8, 0, 0, 0)
    with desk.anki() as again:
        answer_there(again, again.find_cards("")[1], 3)
    assert desk.sync() == (0, 1, 0, 0)
    assert desk.sync() == (0, 0, 0, 0)
    assert [tuple(row) for row in desk.rows("SELECT count(*), sum(reps) FROM cards WHERE type = 1 OR type = 2")] == [
        (4, 9)
    ]


def test_steps_in_progress_go_on_there(desk: Desk) -> None:
    desk.rate("mine/n3.c", 1)
    desk.sync()

    (row,) = desk.rows("SELECT type, queue, left, due FROM cards WHERE type = 1 ORDER BY due DESC LIMIT 1")
    assert tuple(row[:3]) == (1, 1, 2)
    with desk.anki() as collection:
        answer_there(collection, oracle.card_of(collection, "mine/n3.c"), 4)
    assert desk.sync() == (0, 1, 0, 0)
    assert agree(desk) == 5


def test_a_collection_that_anki_has_open_is_left_alone(desk: Desk) -> None:
    with desk.anki(), pytest.raises(StoreError, match="is open in Anki"):
        desk.sync()


def test_what_is_no_collection_is_told(desk: Desk) -> None:
    (desk.folder / "other").write_text("text", encoding="utf-8")
    with pytest.raises(StoreError, match="no collection of Anki"):
        sync.with_file(desk.paths, desk.folder / "other")
    with pytest.raises(UsageError, match="there is no file"):
        sync.with_file(desk.paths, desk.folder / "gone")
    assert not (desk.folder / "gone").exists()


def test_a_sync_killed_between_its_halves_is_completed_by_the_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.rate("mine/n0", 3)
    with desk.anki() as collection:
        answer_there(collection, oracle.card_of(collection, "mine/n1"), 3)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("anki.collection.Collection.update_cards", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.sync()

    assert [row[0] for row in desk.rows("SELECT count(*) FROM revlog")] == [6]
    assert desk.sync() == (1, 0, 0, 0)
    assert agree(desk) == 4


def test_after_an_interview_anki_is_told_the_day_on_which_a_card_is_needed(desk: Desk) -> None:
    """It had been told the interview's day, on which every card was to be looked at."""
    with dlquiz_collection.opened(desk.paths, write=True) as col:
        now = col.now()
        interview = now.day + timedelta(days=2)
        config.save(col.home, {"interview_date": interview.isoformat()})
    with dlquiz_collection.opened(desk.paths, write=True) as col:
        planning.settled(col, now, col.today(now))
        rate(col, "mine/n1", Rating.EASY, now)
        memory = col.card_state("mine/n1").memory
        assert memory is not None
        assert memory.due_day == interview
    desk.sync()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dlquiz_collection, "now", lambda _: later(now, days=3))
        assert desk.sync() == (0, 0, 0, 0)
        with dlquiz_collection.opened(desk.paths, write=False) as col:
            needed = col.deferred(later(now, days=3))["mine/n1"]
    with desk.anki() as collection:
        theirs = collection.get_card(oracle.card_of(collection, "mine/n1"))
        assert theirs.due - collection.sched.today == (needed - now.day).days > 2


def test_suspending_travels_both_ways_and_the_later_word_counts(desk: Desk) -> None:
    with desk.anki() as collection:
        here, there = (oracle.card_of(collection, f"mine/{card}") for card in ("n0", "n1"))
        collection.sched.suspend_cards([there])
        assert collection.db is not None
        collection.db.execute("UPDATE cards SET mod = mod - 100 WHERE id = ?", there)

    def queues() -> list[int]:
        return [
            row[0]
            for row in desk.rows("SELECT queue FROM cards WHERE id IN (?, ?) ORDER BY id = ?", here, there, there)
        ]

    def suspended() -> list[bool]:
        with dlquiz_collection.opened(desk.paths, write=False) as col:
            return [col.card_state(f"mine/{card}").suspended for card in ("n0", "n1")]

    with dlquiz_collection.opened(desk.paths, write=True) as col:
        col.act("suspend", ["mine/n0"], later(col.now(), seconds=2))
    desk.sync()
    assert (queues(), suspended()) == ([-1, -1], [True, True])
    assert desk.sync() == (0, 0, 0, 0)

    with dlquiz_collection.opened(desk.paths, write=True) as col:
        col.act("unsuspend", ["mine/n0"], later(col.now(), seconds=60))
    with desk.anki() as collection:
        collection.sched.unsuspend_cards([there])
    desk.sync()
    assert (queues(), suspended()) == ([2, 2], [False, False])
    assert desk.sync() == (0, 0, 0, 0)


def test_the_verb_says_what_travelled(desk: Desk) -> None:
    desk.rate("mine/n0", 3)
    bank = ("--no-builtin", "--bank", str(desk.folder / "mine.yaml"))

    first = called("sync", "--collection", str(desk.file), "--json", *bank)
    again = called("sync", "--collection", str(desk.file), *bank)
    nothing = called("sync", *bank)

    assert json.loads(first.stdout) == {"sent": 1, "received": 0, "undone": 0, "skipped": 0}
    assert again.stdout == "nothing new on either side\n"
    assert nothing.returncode == 2
    assert "--collection PATH" in nothing.stderr


def test_an_anki_without_fsrs_gets_rows_counts_and_due_days(desk: Desk) -> None:
    with desk.anki() as collection:
        collection.set_config("fsrs", False)
    desk.rate("mine/n3", 4)
    desk.rate("mine/n0", 3)

    assert desk.sync() == (2, 0, 0, 0)
    assert desk.sync() == (0, 0, 0, 0)
    with desk.anki() as collection, dlquiz_collection.opened(desk.paths, write=False) as col:
        for card, reps in (("mine/n3", 1), ("mine/n0", 3)):
            memory, theirs = col.card_state(card).memory, collection.get_card(oracle.card_of(collection, card))
            assert memory is not None
            assert (theirs.type, theirs.reps, theirs.factor) == (2, reps, 2500)
            assert theirs.due - collection.sched.today == (memory.due_day - col.now().day).days


@pytest.mark.parametrize("seed", [1, 2])
def test_weeks_of_answers_on_both_sides_in_any_order(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)
    cards = [f"mine/n{n}{end}" for n in range(4) for end in ("", ".c")]
    for _ in range(4):
        with desk.anki() as collection:
            for card in chance.sample(cards, 3):
                answer_there(collection, oracle.card_of(collection, card), chance.choice((1, 2, 3, 3, 4)))
        for card in chance.sample(cards, 3):
            desk.rate(card, chance.choice((1, 2, 3, 3, 4)))
        desk.sync()
        assert desk.sync() == (0, 0, 0, 0)
        agree(desk)


def test_without_the_extra_the_verb_says_what_to_install(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anki.collection", None)

    done = called("sync", "--collection", str(desk.file))

    assert done.returncode == 2
    assert "pip install 'dlquiz[anki]'" in " ".join(done.stderr.split())
