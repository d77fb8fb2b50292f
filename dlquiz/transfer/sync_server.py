"""Answers both ways through a sync server: a private mirror of its collection is kept in the home, and our log is synced with that."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from dlquiz import config
from dlquiz.anki import live
from dlquiz.anki.live import Account, LiveCollection, Wanted
from dlquiz.collection import BankPaths, opened
from dlquiz.errors import StoreError, UsageError
from dlquiz.text import slug
from dlquiz.transfer import sync, to_anki
from dlquiz.transfer.sync import SyncResult

MIRROR, ACCOUNT = "collection.anki2", "account.json"
ROUNDS = 3  # syncs in a row in which the server may ask for another whole download
EMPTY = "{url} holds no collection for {user} yet; sync Anki with it first, or let dlquiz put a new collection with your cards there: --yes"


class Questions(NamedTuple):
    """What only the user can say."""

    password: Callable[[str], str]  #: of this user
    agree: Callable[[str], bool]  #: to this?


def with_server(paths: BankPaths, url: str, user: str | None, asking: Questions) -> SyncResult:
    """Sync with the collection that a server keeps.

    What a crash leaves undone the next sync does: the log has every answer, the mirror is never more than a copy, and a whole download
    may replace it at any time.

    Raises:
        UsageError: No such account, or Anki's package is not installed.
        StoreError: The server can't be reached or refuses; nothing is lost.
    """
    url = _address(url)
    folder = mirror_folder(config.home(), url, user)
    account = _kept(folder)
    with _mirror(folder) as mirror:
        account, action = _met(mirror, account, url, user, folder, asking)
        if action is Wanted.DOWNLOAD:
            mirror.replace(account, upload=False)
        if action is Wanted.UPLOAD or mirror.empty:
            _begin(paths, mirror, account, asking)
        done = sync.exchange(paths, mirror)
        for _ in range(ROUNDS):
            action = mirror.sync(account)
            if action is Wanted.NOTHING:
                return done
            if action is Wanted.UPLOAD:
                break
            mirror.replace(account, upload=False)  # what the mirror had alone, the log has too
            again = sync.exchange(paths, mirror)
            done = again._replace(received=done.received + again.received, undone=done.undone + again.undone)
    raise StoreError(
        f"the collection at {url} changes meanwhile; see that Anki's sync with it has ended, and sync again"
    )


def _met(
    mirror: LiveCollection, account: Account | None, url: str, user: str | None, folder: Path, asking: Questions
) -> tuple[Account, Wanted]:
    """The first word with the server, under a key that it takes."""
    if account:
        with suppress(live.RefusedError):  # the password was changed: it is asked again
            return account, mirror.sync(account)
    name = user or (account.user if account else "")
    account = mirror.log_in(url, name, asking.password(name))
    _keep(folder, account)
    return account, mirror.sync(account)


def _begin(paths: BankPaths, mirror: LiveCollection, account: Account, asking: Questions) -> None:
    """Put a collection where there is none, if the user wants that."""
    if not asking.agree(
        f"{account.url} holds no collection for {account.user} yet. Put a new one with your cards there?"
    ):
        raise UsageError(EMPTY.format(url=account.url, user=account.user))
    with TemporaryDirectory(prefix="dlquiz-") as folder, opened(paths, write=True) as col:
        package = Path(folder, "deck.apkg")
        to_anki.apkg(col, package, None, with_progress=True)
        mirror.add_package(package)
    mirror.replace(account, upload=True)


@contextmanager
def _mirror(folder: Path) -> Iterator[LiveCollection]:
    """The mirror; one that is damaged is taken anew, for it is a copy."""
    path = folder / MIRROR
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreError(f"can't create {folder}: {error.strerror or error}") from error
    with ExitStack() as stack:
        try:
            mirror = stack.enter_context(live.opened(path, create=True))
        except live.BrokenError:
            for file in folder.glob(f"{MIRROR}*"):
                file.unlink()
            mirror = stack.enter_context(live.opened(path, create=True))
        yield mirror


def _address(url: str) -> str:
    """A server's address with its scheme, ending in a slash.

    Raises:
        UsageError: It is none.
    """
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"'{url}' is no address of a server; it begins with https:// or http://")
    return url.rstrip("/") + "/"


def mirror_folder(home: config.Home, url: str, user: str | None) -> Path:
    """Where the mirror of an account lies; without a user the only one that is known at this server.

    Raises:
        UsageError: It is not clear which account is meant.
    """
    top = home.cache / "anki"
    if user is not None:
        digest = hashlib.sha256(f"{url}\n{user}".encode()).hexdigest()[:12]
        return top / f"{slug.slug(user) or 'user'}-{digest}"
    accounts = [(path.parent, account) for path in sorted(top.glob(f"*/{ACCOUNT}")) if (account := _kept(path.parent))]
    folders = [folder for folder, account in accounts if account.url == url]
    if len(folders) != 1:
        why = "more than one account of yours is" if folders else "no account of yours is"
        raise UsageError(f"{why} known at {url}; say which with --user NAME")
    return folders[0]


def _kept(folder: Path) -> Account | None:
    """The account as it was kept; None where there is none, or nothing that can be read."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        values = json.loads((folder / ACCOUNT).read_text(encoding="utf-8"))
        return Account(str(values["url"]), str(values["user"]), str(values["key"]))
    return None


def _keep(folder: Path, account: Account) -> None:
    """Keep the key, never the password, where only the user reads it."""
    path = folder / ACCOUNT
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with suppress(FileNotFoundError):
            draft.unlink()
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(account._asdict(), file)
        os.replace(draft, path)
    except OSError as error:
        raise StoreError(f"can't write {path}: {error.strerror or error}") from error
