"""The whole round of somebody with a phone: export, answers there and here, a package back, syncs, an undo here; own deck and another's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import oracle
import pytest
from anki.collection import Collection, ExportAnkiPackageOptions
from synced import Anki, Server, User, a_user

from dlquiz import collection as dlquiz_collection
from dlquiz.collection import doctor
from dlquiz.transfer import from_anki, sync, to_anki

THEIRS = ("Basic (and reversed card)", "front", "back")


def export(collection: Collection, path: Path, *, with_scheduling: bool = True) -> Path:
    options = ExportAnkiPackageOptions(
        with_scheduling=with_scheduling, with_deck_configs=True, with_media=True, legacy=False
    )
    collection.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


class Road:
    """A way between the user's Anki and dlquiz."""

    def __init__(self, user: User, anki: Anki, *, by_server: bool) -> None:
        self.user, self.anki, self.by_server = user, anki, by_server

    def sync(self) -> tuple[int, int, int, int]:
        """What a sync carried; a second one carries nothing."""
        done = self._once()
        assert self._once() == (0, 0, 0, 0)
        return done

    def _once(self) -> tuple[int, int, int, int]:
        if self.by_server:
            self.anki.sync()
            done = self.user.sync()
            self.anki.sync()
            return done
        path = self.anki.collection.path
        self.anki.collection.close()
        told = sync.with_file(self.user.paths, Path(path))
        self.anki.collection = Collection(path)
        return told.sent, told.received, told.undone, told.skipped


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["server", "file"])
def road(tmp_path: Path, server: Server, request: pytest.FixtureRequest) -> Iterator[Road]:
    """Their Anki has an exported bank and somebody's deck; dlquiz imported that deck too."""
    user = a_user(tmp_path, server)
    with user.anki() as anki:
        kind, *texts = THEIRS
        note = anki.collection.new_note(anki.collection.models.by_name(kind))  # type: ignore[arg-type]  # Anki's own
        note.fields[:2] = texts
        note.guid = "their-guid"
        anki.collection.add_note(note, anki.collection.decks.id("Theirs"))  # type: ignore[arg-type]  # it makes the deck
        from_anki.package(user.paths, export(anki.collection, tmp_path / "theirs.apkg"))
        yield Road(user, anki, by_server=request.param == "server")


def rows(anki: Anki) -> list[Any]:
    return anki.rows("SELECT id, cid, ease FROM revlog ORDER BY id")


def test_the_whole_round_keeps_every_row_once_and_what_the_user_did(road: Road, tmp_path: Path) -> None:
    user, anki = road.user, road.anki
    with dlquiz_collection.opened(user.paths, write=False) as col:
        (front,) = (ref.id for ref in col.bank.in_order() if ref.id.startswith("theirs/") and ref.explains)
    back = f"{front}.card-2"
    number = oracle.card_of(anki.collection, "mine/n0")
    theirs, reverse = anki.collection.find_cards("deck:Theirs", order="c.ord")
    # there: answers, a flag, a tag, an edited text, a suspended card
    anki.answer("mine/n1", 3)
    answer(anki, theirs, 4)
    anki.collection.set_user_flag_for_cards(3, [number])
    note = anki.collection.get_card(number).note()
    note.tags.append("own")
    note["Answer"] = "my own words"
    anki.collection.update_note(note)
    anki.collection.sched.suspend_cards([oracle.card_of(anki.collection, "mine/n2")])

    assert road.sync()[:3] == (0, 3, 0)
    assert from_anki.package(user.paths, export(anki.collection, tmp_path / "there.apkg")).said == (
        f"the log has all {len(rows(anki))} rows already; nothing was added",
    )
    # here: answers to both decks, a package back
    user.rate("mine/n0", 3)
    user.rate(front, 3)
    user.rate(back, 1)
    assert road.sync() == (3, 0, 0, 0)
    with dlquiz_collection.opened(user.paths, write=False) as col:
        to_anki.apkg(col, tmp_path / "again.apkg", None, with_progress=True)
    before = rows(anki)
    assert oracle.take(anki.collection, tmp_path / "again.apkg").new == 0
    assert rows(anki) == before
    # an undo here of what has got there, then answers there to the same card
    user.undo()
    assert road.sync() == (1, 0, 1, 0)
    answer(anki, reverse, 3)
    anki.answer("mine/n0", 2)
    anki.collection.sched.unsuspend_cards([oracle.card_of(anki.collection, "mine/n2")])
    assert road.sync()[:3] == (0, 3, 0)

    card = anki.collection.get_card(number)
    assert (card.user_flag(), "own" in card.note().tags, card.note()["Answer"]) == (3, True, "my own words")
    with dlquiz_collection.opened(user.paths, write=True) as col:
        assert not doctor.examine(col).differences
        assert not col.card_state("mine/n2").suspended
        ours = sorted(event.at_ms for event, _ in col.progress.reviews())
        memories = {ref.id: col.card_state(ref.id).memory for ref in col.bank.in_order()}
        today = col.now().day
    assert [row[0] for row in rows(anki) if row[2]] == ours
    for name, memory in memories.items():
        where = {front: theirs, back: reverse}.get(name) or oracle.card_of(anki.collection, name)
        there = anki.collection.get_card(where)
        assert (memory is None) == (there.memory_state is None)
        if memory and there.memory_state:
            assert there.memory_state.stability == pytest.approx(memory.stability, rel=2e-3)
            if memory.due_ms is None:
                assert there.due - anki.collection.sched.today == (memory.due_day - today).days
    assert anki.collection.fix_integrity()[1]
    assert anki.rows("SELECT count(*) FROM notes") == [(9,)]


def answer(anki: Anki, number: Any, ease: Any) -> None:
    card = anki.collection.get_card(number)
    card.start_timer()
    anki.collection.sched.answerCard(card, ease)
