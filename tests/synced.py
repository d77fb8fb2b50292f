"""A sync server on loopback, and somebody with a bank here and an Anki elsewhere who both use it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import oracle
import pytest
from anki.collection import Collection
from anki.sync import SyncAuth
from builders import a_bank

from dlquiz import collection as dlquiz_collection
from dlquiz import config, session
from dlquiz.card import Moment, Rating
from dlquiz.collection import BankPaths, doctor
from dlquiz.transfer import sync_server, to_anki

BANK = "bank: mine\ntopic: optimizers\nnotes:\n" + "".join(
    f"  - {{id: n{n}, question: Q{n}, answer: A{n}, cards: [{{id: c, front: F{n}, back: B{n}}}]}}\n" for n in range(4)
)
USERS = 40
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
        asking = sync_server.Questions(lambda _: self.password, lambda _: yes)
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
