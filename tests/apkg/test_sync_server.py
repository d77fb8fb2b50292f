"""Answers both ways through Anki's own sync server, on loopback: whatever breaks in the middle, the next sync completes."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import oracle
import pytest
from builders import called
from synced import Server, User, a_user, agree

from dlquiz import collection as dlquiz_collection
from dlquiz.anki import live
from dlquiz.errors import StoreError, UsageError
from dlquiz.transfer import sync


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def user(tmp_path: Path, server: Server) -> User:
    """Their Anki has the bank with some answers, and has synced; dlquiz has not yet."""
    return a_user(tmp_path, server)


def test_the_first_sync_takes_the_servers_collection_and_both_sides_answers_meet(user: User) -> None:
    user.rate("mine/n0", 3)
    with user.anki() as anki:
        anki.answer("mine/n1", 3)
        anki.answer("mine/n3", 4)
        anki.sync()
        assert user.sync() == (1, 2, 0, 0)
        user.rate("mine/n3.c", 2)
        anki.answer("mine/n2.c", 1)
        assert user.sync() == (1, 0, 0, 0)
        anki.sync()
        assert user.sync() == (0, 1, 0, 0)
        assert user.sync() == (0, 0, 0, 0)
        anki.sync()
        agree(user, anki)


def test_one_card_answered_on_both_sides_merges_by_time(user: User) -> None:
    user.sync()
    with user.anki() as anki:
        user.rate("mine/n1", 1, 1)
        anki.answer("mine/n1", 3)
        anki.answer("mine/n0", 3)
        user.rate("mine/n0", 1)
        anki.sync()
        assert user.sync() == (2, 2, 0, 0)
        anki.sync()
        agree(user, anki)


def test_flags_tags_and_edits_of_the_users_stay(user: User) -> None:
    user.sync()
    with user.anki() as anki:
        number = oracle.card_of(anki.collection, "mine/n0")
        anki.collection.set_user_flag_for_cards(3, [number])
        note = anki.collection.get_card(number).note()
        note.tags.append("own")
        note["Answer"] = "my own words"
        anki.collection.update_note(note)
        anki.sync()
        user.rate("mine/n0", 3)
        user.sync()
        anki.sync()
        card = anki.collection.get_card(number)
        assert (card.user_flag(), "own" in card.note().tags, card.note()["Answer"]) == (3, True, "my own words")
        agree(user, anki)


def test_a_whole_upload_by_anki_loses_no_answer_of_ours(user: User) -> None:
    user.rate("mine/n0", 3)
    user.sync()
    with user.anki() as anki:  # it has not heard of that answer
        anki.collection.mod_schema(check=False)
        anki.sync(upload=True)
        user.rate("mine/n3", 3)
        assert user.sync() == (2, 0, 0, 0)
        anki.sync()
        agree(user, anki)


def test_a_server_that_has_nothing_gets_nothing_without_a_yes(tmp_path: Path, server: Server) -> None:
    user = User(tmp_path, server)
    user.rate("mine/n0", 3)

    with pytest.raises(UsageError, match="--yes"):
        user.sync()
    assert user.sync(yes=True) == (0, 0, 0, 0)

    with user.anki() as anki:
        anki.sync()
        assert anki.rows("SELECT count(*) FROM cards") == [(8,)]
        agree(user, anki)
        anki.answer("mine/n1", 3)
        anki.sync()
        assert user.sync() == (0, 1, 0, 0)


def test_an_undo_before_and_after_a_push(user: User) -> None:
    user.sync()
    user.rate("mine/n0", 1)
    user.undo()
    assert user.sync() == (0, 0, 0, 0)
    user.rate("mine/n0", 1)
    assert user.sync() == (1, 0, 0, 0)
    user.undo()
    assert user.sync() == (1, 0, 1, 0)
    assert user.sync() == (0, 0, 0, 0)
    with user.anki() as anki, dlquiz_collection.opened(user.paths, write=False) as col:
        anki.sync()
        memory = col.card_state("mine/n0").memory
        theirs = anki.collection.get_card(oracle.card_of(anki.collection, "mine/n0"))
        assert memory is not None
        assert theirs.memory_state is not None
        assert theirs.memory_state.stability == pytest.approx(memory.stability, rel=1e-3)
        assert theirs.due - anki.collection.sched.today == (memory.due_day - col.now().day).days
        anki.answer("mine/n0", 3)
        anki.sync()
    assert user.sync() == (0, 1, 0, 0)


def test_the_key_is_kept_for_the_user_alone_and_the_password_nowhere(user: User, home: Path) -> None:
    user.sync()
    path = user.mirror / "account.json"

    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not [file for file in home.rglob("*") if file.is_file() and b"secret" in file.read_bytes()]
    user.password = "no longer asked"
    assert user.sync() == (0, 0, 0, 0)


def test_a_wrong_password_is_refused_and_an_old_key_asks_again(user: User) -> None:
    user.password = "wrong"
    with pytest.raises(StoreError, match="does not know this name and password"):
        user.sync()
    user.password = "secret"
    user.sync()
    path = user.mirror / "account.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "key": "0" * 32}), encoding="utf-8")
    assert user.sync() == (0, 0, 0, 0)


def test_a_damaged_mirror_is_taken_anew(user: User) -> None:
    user.sync()
    (user.mirror / "collection.anki2").write_bytes(b"nothing")
    user.rate("mine/n0", 3)

    assert user.sync() == (1, 0, 0, 0)


def killed_at(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, act: Callable[[], None], nth: int = 1) -> None:
    """The nth call of a method is preceded by something bad."""
    original, calls = getattr(owner, name), count(1)

    def method(*args: Any, **named: Any) -> Any:
        if next(calls) == nth:
            act()
        return original(*args, **named)

    monkeypatch.setattr(owner, name, method)


@pytest.mark.parametrize(("name", "nth"), [("sync", 1), ("sync", 2), ("replace", 1), ("update", 1), ("back_up", 1)])
def test_killed_in_the_middle_the_next_sync_completes(
    user: User, monkeypatch: pytest.MonkeyPatch, name: str, nth: int
) -> None:
    user.rate("mine/n0", 3)

    def die() -> None:
        raise KeyboardInterrupt

    with user.anki() as anki:
        anki.answer("mine/n1", 3)
        anki.sync()
        with monkeypatch.context() as patched:
            killed_at(patched, live.LiveCollection, name, die, nth)
            with pytest.raises(KeyboardInterrupt):
                user.sync()
        user.sync()
        anki.sync()
        agree(user, anki)


def test_a_server_that_goes_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(tmp_path / "server")
    server.start()
    user = a_user(tmp_path, server)
    user.rate("mine/n0", 3)
    try:
        with monkeypatch.context() as patched:
            killed_at(patched, sync, "exchange", server.stop)
            with pytest.raises(StoreError, match="nothing is lost"):
                user.sync()
        with pytest.raises(StoreError, match="can't reach"):
            user.sync()
        server.start()
        user.sync()
        with user.anki() as anki:
            anki.sync()
            agree(user, anki)
    finally:
        server.stop()


def test_the_verb_asks_for_what_it_needs(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    args = ("sync", "--server", user.server.url, "--no-builtin", "--bank", str(user.folder / "mine.yaml"))

    assert "say which with --user" in called(*args).stderr
    assert "set DLQUIZ_SYNC_PASSWORD" in called(*args, "--user", user.name).stderr
    monkeypatch.setenv("DLQUIZ_SYNC_PASSWORD", "secret")
    assert called(*args, "--user", user.name).stdout == "nothing new on either side\n"
    monkeypatch.delenv("DLQUIZ_SYNC_PASSWORD")
    assert json.loads(called(*args, "--json").stdout) == {"sent": 0, "received": 0, "undone": 0, "skipped": 0}
    assert "no address of a server" in called("sync", "--server", "me@home", "--user", "me").stderr
