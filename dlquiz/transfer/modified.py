"""When the text of each card last changed, for what is exported: a later time makes Anki take the text over, a wrong one makes it not."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import cache

from dlquiz import store
from dlquiz.bank import revisions
from dlquiz.collection import Collection
from dlquiz.errors import StoreError
from dlquiz.transfer.spool import Spool


class Changes:
    """Since when each text says what it says.

    The built-in bank has `revisions.yaml` for it. In a bank of one's own a text is as old as its first showing or export, and one that
    differs from what was exported last is as old as this export; both are kept in the progress file. Where that can't be written, a text
    is as old as its file.
    """

    def __init__(self, col: Collection) -> None:
        self._col = col
        self._at_ms = col.now().at_ms
        self._listed = cache(lambda folder: revisions.load(folder / "revisions.yaml"))
        self._progress: store.Store | None = None
        self._new = Spool()  #: first id of a card, hash, since when (ms): what was not exported so before
        self._contents = Spool()  #: hash, text, instant (ms) of what was never shown
        self._has_new = False

    def since_s(self, card: str, first: str, note: str, content_hash: str) -> int:
        """The second since 1970 since when a card says what it says.

        Args:
            card: Its id.
            first: The id that it had first, under which exports are remembered.
            note: The id of its note.
            said: Hash of all that it says, as `revisions.whole` gives it.
        """
        file = self._col.bank.file(note)
        listed = self._listed(file.parent).get(card)
        if listed:
            return round(datetime.fromisoformat(listed["changed"]).timestamp())
        log = self._log()
        exported = log.exported(first)
        if exported and exported[0] == content_hash:
            return exported[1] // 1000
        if not log.writable:
            return file.stat().st_mtime_ns // 1_000_000_000
        first_ms = self._first_ms(log, card)
        since = max(self._at_ms, exported[1] + 1000) if exported else first_ms
        self._new.add((first, content_hash, since))
        self._has_new = True
        return since // 1000

    def keep(self) -> None:
        """Note what was exported, for the next time; where that fails the export is none the worse."""
        if self._has_new:
            with suppress(StoreError):
                self._log().keep_exported(self._new, self._contents)

    def close(self) -> None:
        self._new.close()
        self._contents.close()
        if self._progress is not self._col.progress and self._progress is not None:
            self._progress.close()

    def _log(self) -> store.Store:
        """The progress file, which is made when there is none."""
        if self._progress is None:
            self._progress, home = self._col.progress, self._col.home
            if not home.progress.exists():
                with suppress(StoreError):
                    self._progress = store.open_store(home.progress, home.backups, create=True)
        return self._progress

    def _first_ms(self, log: store.Store, card: str) -> int:
        """The instant at which this text was first shown, which is now for one that never was."""
        bank = self._col.bank
        content = bank.content(card)
        first_ms = log.first_ms(content)
        if first_ms is not None:
            return first_ms
        self._contents.add((content, bank.shown_text(bank.card(card)), self._at_ms))
        return self._at_ms
