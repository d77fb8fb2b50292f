"""Answers both ways through Anki's own sync server, on loopback: whatever breaks in the middle, the next sync completes."""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import oracle
import pytest
from anki.collection import Collection
from anki.sync import SyncAuth
from builders import a_bank, called

from dlquiz import collection as dlquiz_collection
from dlquiz import config, session
from dlquiz.anki import live
from dlquiz.card import Moment, Rating
from dlquiz.collection import BankPaths, doctor
from dlquiz.errors import StoreError, UsageError
from dlquiz.transfer import sync, sync_server, to_anki

BANK = "bank: mine\ntopic: optimizers\nnotes:\n" + "".join(
    f"  - {{id: n{n}, question: Q{n}, answer: A{n}, cards: [{{id: c, front: F{n}, back: B{n}}}]}}\n" for n in range(4)
)
USERS = 20
NUMBERS = count(1)


class Server:
    """A sync server with users `u1`, `u2` ...; their password is `secret`."""

    def __init__(self, base: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = base
        self.url = f"http://127.0.0.1:{self.port}/"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        users = {f"SYNC_USER{n}": f"u{n}:secret" for n in range(1, USERS + 1)}
        about = {"SYNC_BASE": str(self.base), "SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(self.port), "RUST_LOG": "off"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "anki.syncserver"],
            env={**os.environ, **users, **about},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while True:
            with suppress(OSError):
                urllib.request.urlopen(f"{self.url}health").close()
                return
            assert self.process.poll() is None
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"))
    server.start()
    yield server
    server.stop()


class User:
    """Somebody with a bank here, and an Anki elsewhere; both use one server."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder, self.server = folder, server
        self.name = f"u{next(NUMBERS)}"
        self.paths = BankPaths((a_bank(folder, BANK),), builtin=False)
        self.password = "secret"

    def rate(self, card: str, rating: int, days_ago: int = 0) -> None:
        with dlquiz_collection.opened(self.paths, write=True) as col:
            now = col.now()
            moment = Moment(now.at - timedelta(days=days_ago), now.day - timedelta(days=days_ago))
            card_view = col.card_view(card, moment)
            state = session.show(session.Session(queue=()), card_view, "reveal")
            col.answer(card_view, session.answer(state, Rating(rating), moment, col.preset, 1234)[1], {})

    def undo(self) -> None:
        with dlquiz_collection.opened(self.paths, write=True) as col:
            col.undo(col.now())

    def sync(self, *, yes: bool = False) -> tuple[int, int, int, int]:
        asking = sync_server.Asking(lambda _: self.password, lambda _: yes)
        done = sync_server.with_server(self.paths, self.server.url, self.name, asking)
        return done.sent, done.received, done.undone, done.skipped

    @property
    def mirror(self) -> Path:
        return sync_server.mirror_folder(config.home(), self.server.url, self.name)

    @contextmanager
    def anki(self, folder: str = "anki") -> Iterator[Anki]:
        (self.folder / folder).mkdir(exist_ok=True)
        anki = Anki(self.folder / folder, self)
        yield anki
        anki.collection.close()


class Anki:
    """The user's own Anki."""

    def __init__(self, folder: Path, user: User) -> None:
        self.collection = oracle.fresh(folder)
        self.auth = self.collection.sync_login(user.name, "secret", user.server.url)

    def sync(self, *, upload: bool | None = None) -> None:
        out = self.collection.sync_collection(self.auth, False)
        if out.required in (out.NO_CHANGES, out.NORMAL_SYNC):
            return
        wanted = out.required == out.FULL_UPLOAD if upload is None else upload
        replace(self.collection, self.auth, upload=wanted)

    def answer(self, card: str, ease: int) -> None:
        found = self.collection.get_card(oracle.card_of(self.collection, card))
        found.start_timer()
        self.collection.sched.answerCard(found, ease)  # type: ignore[arg-type]  # it is one

    def rows(self, query: str) -> list[Any]:
        return [tuple(row) for row in oracle.rows(self.collection, query)]


def replace(collection: Collection, auth: SyncAuth, *, upload: bool) -> None:
    collection.close_for_full_sync()
    collection.full_upload_or_download(auth=auth, server_usn=None, upload=upload)
    collection.reopen(after_full_sync=True)


@pytest.fixture
def user(tmp_path: Path, server: Server) -> User:
    """Their Anki has the bank with some answers, and has synced; dlquiz has not yet."""
    return a_user(tmp_path, server)


def a_user(folder: Path, server: Server) -> User:
    user = User(folder, server)
    for days, card, rating in ((9, "n0", 3), (9, "n0.c", 1), (8, "n1", 4), (6, "n0", 3), (2, "n2.c", 3)):
        user.rate(f"mine/{card}", rating, days)
    with dlquiz_collection.opened(user.paths, write=False) as col:
        to_anki.apkg(col, folder / "deck.apkg", None, with_progress=True)
    with user.anki() as anki:
        oracle.take(anki.collection, folder / "deck.apkg")
        anki.sync()
    return user


def agree(user: User, anki: Anki) -> None:
    """Both logs and all memories are the same, and every row is there once."""
    with dlquiz_collection.opened(user.paths, write=True) as col:
        assert not doctor.examine(col).differences
        ours = sorted(event.at_ms for event, undone in col.progress.reviews() if not undone)
        assert [row[0] for row in anki.rows("SELECT id FROM revlog WHERE ease > 0 ORDER BY id")] == ours
        for card_ref in col.bank.in_order():
            memory = col.card_state(card_ref.id).memory
            theirs = anki.collection.get_card(oracle.card_of(anki.collection, card_ref.id))
            assert (memory is None) == (theirs.memory_state is None)
            if memory and theirs.memory_state:
                assert theirs.memory_state.stability == pytest.approx(memory.stability, rel=1e-3)
                if memory.due_ms is None:
                    assert theirs.due - anki.collection.sched.today == (memory.due_day - col.now().day).days
    assert anki.collection.fix_integrity()[1]


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
