"""When the text of each card last changed, for what is exported: a later time makes Anki take the text over, a wrong one makes it not."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import cache

from dlquiz import store
from dlquiz.bank import revisions
from dlquiz.collection import Collection
from dlquiz.errors import StoreError


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
        self._log: store.Store | None = None
        self._exported: dict[str, tuple[str, int]] | None = None
        self._new: dict[str, tuple[str, int]] = {}
        self._contents: list[tuple[str, str, int]] = []

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
        if self._exported is None:
            self._exported = self._open()
        exported = self._exported.get(first)
        if exported and exported[0] == content_hash:
            return exported[1] // 1000
        if self._log is None:
            return file.stat().st_mtime_ns // 1_000_000_000
        first_ms = self._first_ms(card)
        since = max(self._at_ms, exported[1] + 1000) if exported else first_ms
        self._new[first] = (content_hash, since)
        return since // 1000

    def keep(self) -> None:
        """Note what was exported, for the next time; where that fails the export is none the worse."""
        if self._log and self._new:
            with suppress(StoreError):
                self._log.keep_exported(self._new, self._contents)

    def close(self) -> None:
        if self._log is not self._col.progress and self._log is not None:
            self._log.close()

    def _open(self) -> dict[str, tuple[str, int]]:
        """What was exported so far, from the progress file, which is made when there is none."""
        log, home = self._col.progress, self._col.home
        if not home.progress.exists():
            with suppress(StoreError):
                log = store.open_store(home.progress, home.backups, create=True)
        self._log = log if log.writable else None
        return log.exported()

    def _first_ms(self, card: str) -> int:
        """The instant at which this text was first shown, which is now for one that never was."""
        bank = self._col.bank
        content = bank.content(card)
        first_ms = self._log.first_ms(content) if self._log else None
        if first_ms is not None:
            return first_ms
        self._contents.append((content, bank.shown_text(bank.card(card)), self._at_ms))
        return self._at_ms
