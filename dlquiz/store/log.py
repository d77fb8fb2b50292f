"""What changes an open `progress.db`: the log grows, its cache of card states follows, in one transaction."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from dlquiz import files
from dlquiz.card import CardState, Event, InterviewRow, Ledger, Preset
from dlquiz.errors import StaleError, StoreError
from dlquiz.store import backups, rows, schema
from dlquiz.store.queries import Fold, FoldUnder, Queries

if TYPE_CHECKING:
    from dlquiz.store import ledger


JOIN_CACHE_KB = (
    65_536  # rows of another log fall everywhere into the index by card: a quarter quicker than with SQLite's 2 MB
)
MANY_ROWS = 200_000  # of a log, from which other processes pay their start where all of it is folded


class LogEntry(NamedTuple):
    """What one answer writes, all in one transaction."""

    event: Event  #: without id and device: these are given when it is written
    settle: Callable[[Event], CardState]  #: the card's state once this event, as it was written, is in the log
    points: Mapping[str, bool] = MappingProxyType({})  #: every key point that was shown -> said or not
    content: tuple[str, str] | None = None  #: hash and text of what was shown
    preset: Preset | None = None
    verdicts: Mapping[str, str] = MappingProxyType({})  #: what a checker said of key points before the user's word
    judge: str | None = None  #: whose verdicts they are


class Store(Queries):
    """One open `progress.db`; `store.open_store` makes one."""

    def __init__(self, db: sqlite3.Connection, path: Path, backup_folder: Path, *, writable: bool) -> None:
        super().__init__(db, path, backup_folder)
        self.writable = writable
        self._backed_up: date | None = None
        self._opened = _identity(path)
        self._device_is_own = False

    def close(self) -> None:
        """Checkpoint and close; the log is safe without it."""
        with suppress(*schema.FAULTS):  # a full disk: the journal stays, the next start reads it
            self._db.execute("PRAGMA busy_timeout = 0")  # where somebody else is at work, theirs will do
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.close()

    def keep_exported(self, cards: Iterable[tuple[str, str, int]], contents: Iterable[tuple[str, str, int]]) -> None:
        """Record what was exported: the first id of each card with hash and instant (ms), as `exported` gives them; and contents as hash,
        text and instant, each once.
        """
        values = ((f"{rows.EXPORTED}{card}", f"{content_hash} {since}") for card, content_hash, since in cards)
        with self._writing():
            self._db.executemany("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", values)
            self._db.executemany("INSERT OR IGNORE INTO content (hash, text, first_ms) VALUES (?, ?, ?)", contents)

    def mark_unseen(self, edition: str, card: str) -> None:
        """Record where unseen cards begin; cleared as soon as any card loses its memory."""
        with self._writing():
            self._set_meta("unseen_from", f"{edition} {card}")

    def append(
        self,
        entries: Sequence[LogEntry],
        *,
        after: Mapping[str, str | None],
        interview: tuple[InterviewRow, InterviewRow] | None = None,
    ) -> list[Event]:
        """Write rows in one transaction, durable when this returns.

        Args:
            entries: What to write.
            after: For each card the id of the last row that the caller knows of.
            interview: The row of the interview that they belong to, as it was and as it now is.

        Returns:
            The events as they were written, with id and device; `at_ms` is moved on where a tie or a clock set back demands it.

        Raises:
            StaleError: Another program wrote to one of the cards in between; nothing was written.
            StoreError: Full disk, read-only, locked, damaged; nothing was written.
        """
        with self._writing(entries[0].event.study_day if entries else None):
            for card, last_id in after.items():
                if self._last_row(card)[0] != last_id:
                    raise StaleError(f"{card} was answered elsewhere in between")
            if interview:
                self._put_interview(interview[1], interview[0])
            return [self._add(entry) for entry in entries]

    def join(self, incoming: Ledger, fold: Callable[[list[Event]], CardState], day: date) -> "ledger.Merged":
        """Add another log's rows and fold the cards they touch, in one transaction, after the daily backup."""
        from dlquiz.store import ledger

        self._db.execute(f"PRAGMA cache_size = -{JOIN_CACHE_KB}")
        with self._writing(day):
            merged = ledger.join(self._db, incoming)
            newest = self.aliases()
            self._fold_again({newest.get(card, card) for card in merged.touched}, fold)
            return merged

    def drop_doubles(self, fold: Callable[[list[Event]], CardState], day: date) -> int:
        """Remove duplicate rows and fold their cards, after the daily backup.

        Returns:
            How many there were.
        """
        from dlquiz.store import ledger

        with self._writing(day):
            cards = set(ledger.doubled(self._db).values())
            gone = ledger.drop_doubles(self._db, cards)
            self._fold_again(cards, fold)
            return len(gone)

    def begin_interview(self, interview: InterviewRow) -> InterviewRow:
        """Add an interview under an id of this device; its instant is moved to an unused second, which names its files.

        Returns:
            The row as it was written.
        """
        with self._writing():
            at_ms = interview.at_ms
            while self._db.execute("SELECT 1 FROM interview WHERE at_ms / 1000 = ?", (at_ms // 1000,)).fetchone():
                at_ms += 1000
            interview = interview._replace(id=f"{at_ms}-{self.device()}", at_ms=at_ms, device=self.device())
            self._db.execute(
                f"INSERT INTO interview ({rows.INTERVIEW}) VALUES ({', '.join('?' * len(interview))})", interview
            )
        return interview

    def keep_interview(self, interview: InterviewRow, before: InterviewRow) -> None:
        """Put an interview's row in place of what it was; StaleError when somebody else did."""
        with self._writing():
            self._put_interview(interview, before)

    def keep_plan(self, text: str) -> None:
        """Store a plan, replacing the one before."""
        with self._writing():
            self._set_meta("plan", text)

    def keep_assessment(self, text: str) -> None:
        """Store the user's self-assessment, replacing the one before."""
        with self._writing():
            self._set_meta("assessed", text)

    def rebuild(self, fold: FoldUnder, preset: Preset, cards: Iterable[str] | None = None) -> None:
        """Fold the log into the cache again: all of it, or only these cards.

        Args:
            fold: A card's whole history and the preset -> its state; a function of a module, which other processes can import.
            preset: The active one.
            cards: None: all.
        """
        with self._writing():
            if cards is None:
                self._db.execute("DELETE FROM standing")
                self._put_standings(self._all_folded(fold, preset))
            else:
                self._fold_again(cards, lambda history: fold(history, preset))
            self._set_meta("folded_under", preset.hash)

    def _all_folded(self, fold: FoldUnder, preset: Preset) -> Iterator[Sequence[Any]]:
        """Every card's row of `standing`, in a transaction that has not changed the log: other processes read it from the file."""
        (rows_in_log,) = self._db.execute("SELECT max(rowid) FROM event").fetchone()
        if (rows_in_log or 0) >= MANY_ROWS and self._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            from dlquiz.store import folding

            yield from folding.standings(self._db, self.path, self.backup_folder, fold, preset)
        else:
            yield from (rows.of_standing(card, fold(history, preset)) for card, history in self.histories())

    def _fold_again(self, cards: Iterable[str], fold: Fold) -> None:
        renamed = self.aliases()
        cards = set(cards)
        self._db.executemany("DELETE FROM standing WHERE card = ?", [(card,) for card in cards])
        histories = self.histories(sorted(cards - renamed.keys()))
        self._put_standings(rows.of_standing(card, fold(history)) for card, history in histories)

    def _put_standings(self, standings: Iterable[Sequence[Any]]) -> None:
        self._db.executemany(rows.PUT_STANDING, standings)
        self._db.execute("DELETE FROM meta WHERE key = 'unseen_from'")  # one of them may have no memory any more

    def mend_indexes(self) -> bool:
        """Make the indexes anew where they alone are damaged, after a full copy.

        Returns:
            Is the file sound now?
        """
        with suppress(StoreError), self._reading():
            if schema.fault(self._db, quick=True) is None:
                self.backup_folder.mkdir(parents=True, exist_ok=True)
                backups.copy(self._db, files.free_name(self.backup_folder, "before-mending", ".db"))
                with self._writing():
                    self._db.execute("REINDEX")
                    self._db.execute(
                        "DELETE FROM meta WHERE key = 'folded_under'"
                    )  # what was folded along them is folded again
                return schema.fault(self._db) is None
        return False

    def mend_texts(self) -> bool:
        """Mend texts that are no UTF-8, after a full copy; a row of the log that has one is `unreadable`.

        Returns:
            Was there one?
        """
        from dlquiz.store import texts

        with self._reading():
            if not any(texts.undecodable(self._db, table) for table in schema.TABLES):
                return False
            self.backup_folder.mkdir(parents=True, exist_ok=True)
            backups.copy(self._db, files.free_name(self.backup_folder, "before-mending", ".db"))
            return texts.mend(self._db)

    def set_aside(self, ids: Sequence[int]) -> Path:
        """Move unreadable rows from the log into a file beside the backups, after a full copy.

        Args:
            ids: From `unreadable`.

        Returns:
            The file: one JSON array per row, in the order of `rows.EVENT`.
        """
        from dlquiz.store import texts

        self.backup_folder.mkdir(parents=True, exist_ok=True)
        backups.copy(self._db, files.free_name(self.backup_folder, "before-setting-aside", ".db"))
        target = files.free_name(self.backup_folder, "set-aside", ".json")
        numbers = [(number,) for number in ids]
        with texts.any_bytes(self._db):
            log_rows = [
                self._db.execute(f"SELECT {rows.EVENT} FROM event WHERE rowid = ?", number).fetchone()
                for number in numbers
            ]
        files.write_text(target, "\n".join(json.dumps(row) for row in log_rows) + "\n")
        with self._writing():
            points = "DELETE FROM point_result WHERE event = (SELECT id FROM event WHERE rowid = ?)"
            self._db.executemany(points, numbers)
            self._db.executemany("DELETE FROM event WHERE rowid = ?", numbers)
            self._db.execute("DELETE FROM meta WHERE key = 'folded_under'")  # the next look folds all of it again
        return target

    def set_aliases(self, newest_ids: Mapping[str, str], live: Iterable[str]) -> set[str]:
        """Record renamings, and forget those whose former id is in use again.

        Returns:
            The cards whose card state must be folded again.
        """
        aliases = self.aliases()
        again = [old for old in live if old in aliases]
        changed = {old: card for old, card in newest_ids.items() if aliases.get(old) != card}
        if not again and not changed:
            return set()
        from dlquiz.store import ledger

        with self._writing():
            self._db.executemany("DELETE FROM alias WHERE old = ?", [(old,) for old in again])
            self._db.executemany("INSERT OR REPLACE INTO alias (old, card) VALUES (?, ?)", list(changed.items()))
            ledger.drop_doubles(self._db, changed.values())  # two names of a card were two cards until now
        former = {aliases[old] for old in (*again, *changed) if old in aliases}
        return former | set(again) | set(changed) | set(changed.values())

    # ---- the pieces of a transaction

    def _add(self, entry: LogEntry) -> Event:
        """Stamp and insert one event with all that goes with it."""
        device = self.device()
        at_ms = max(entry.event.at_ms, (self._last_row(entry.event.card)[1] or 0) + 1)
        while self._db.execute("SELECT 1 FROM event WHERE id = ?", (f"{at_ms}-{device}",)).fetchone():
            at_ms += 1
        event = entry.event._replace(id=f"{at_ms}-{device}", device=device, at_ms=at_ms)
        if self._db.execute(rows.INSERT_EVENT, rows.of_event(event)).rowcount != 1:
            raise StoreError(f"{self.path} does not take the answer; `dlquiz doctor` looks into it")
        self._db.executemany(
            "INSERT INTO point_result (event, point, said, verdict, judge) VALUES (?, ?, ?, ?, ?)",
            [
                (event.id, point, int(ticked), verdict, entry.judge if verdict else None)
                for point, ticked in entry.points.items()
                for verdict in (entry.verdicts.get(point),)
            ],
        )
        if entry.preset:
            preset = (entry.preset.hash, entry.preset.text)
            self._db.execute("INSERT OR IGNORE INTO preset (hash, text) VALUES (?, ?)", preset)
        if entry.content:
            content = (*entry.content, at_ms)
            self._db.execute("INSERT OR IGNORE INTO content (hash, text, first_ms) VALUES (?, ?, ?)", content)
        self._put(event.card, entry.settle(event))
        return event

    def _put_interview(self, interview: InterviewRow, before: InterviewRow) -> None:
        changed = self._db.execute(
            "UPDATE interview SET settings = ?, state = ?, ended_ms = ?"
            " WHERE id = ? AND settings = ? AND state = ? AND ended_ms IS ?",
            (
                interview.settings,
                interview.state,
                interview.ended_ms,
                before.id,
                before.settings,
                before.state,
                before.ended_ms,
            ),
        )
        if not changed.rowcount:
            raise StaleError("this interview goes on in another window; this one ends here")

    def _put(self, card: str, card_state: CardState) -> None:
        self._db.execute(rows.PUT_STANDING, rows.of_standing(card, card_state))
        if card_state.memory is None:  # unseen once more, perhaps: who looks for such cards must start afresh
            self._db.execute("DELETE FROM meta WHERE key = 'unseen_from'")

    def _last_row(self, card: str) -> tuple[str | None, int | None]:
        """Id of the row of this card that was inserted last, and the latest instant of any."""
        names = [card, *self._former(card)]
        within = f"card IN ({','.join('?' * len(names))})"
        last = self._db.execute(f"SELECT id FROM event WHERE {within} ORDER BY rowid DESC LIMIT 1", names).fetchone()
        latest = self._db.execute(f"SELECT max(at_ms) FROM event WHERE {within}", names).fetchone()
        return (last[0] if last else None), latest[0]

    def _set_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))

    def _own_device(self) -> None:
        """A name for this home, part of every row's id; a copied home gets a new one, a moved home keeps its own."""
        if self._device_is_own:
            return
        import platform  # at the first write; the first card does not wait for it

        node, here = platform.node(), os.path.realpath(self.path)
        known_node, _, known_path = (self._meta("home") or "").partition("\n")
        moved = known_node == node and not os.path.exists(known_path)
        if not self.device() or (known_node and (known_node, known_path) != (node, here) and not moved):
            self._set_meta("device", os.urandom(4).hex())
        self._set_meta("home", f"{node}\n{here}")
        self._device_is_own = True

    def _insist_in_place(self) -> None:
        """Refuse to write to a file that was moved or deleted; nobody would find it again. Its content is copied beside the backups."""
        if _identity(self.path) == self._opened:
            return
        rescued = files.free_name(self.backup_folder, "rescued", ".db")
        try:
            self.backup_folder.mkdir(parents=True, exist_ok=True)
            backups.copy(self._db, rescued)
        except (OSError, StoreError) as error:
            raise StoreError(
                f"{self.path} was moved or deleted, and its answers can't be copied to {rescued}: {error}"
            ) from error
        verb = "import" if self.path.exists() else "restore"  # import keeps what both hold
        way_back = f"dlquiz {verb} {files.quoted(rescued)}"
        raise StoreError(
            f"{self.path} was moved, replaced or deleted meanwhile; this answer was not saved, all before it are, in a copy: {way_back}"
        )

    @contextmanager
    def _writing(self, day: date | None = None) -> Iterator[None]:
        """One transaction: all of it, durably, or nothing. A backup precedes the first one of a study day."""
        with schema.explained(self.path, self.backup_folder):
            self._insist_in_place()
            if day and day != self._backed_up:
                backups.daily(self._db, self.path, self.backup_folder, day)
                self._backed_up = day
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._own_device()
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


def _identity(path: Path) -> tuple[int, int] | None:
    """The identity (device, inode) of the file with that name; None when there is none."""
    with suppress(OSError):
        stat = os.stat(path)
        return stat.st_dev, stat.st_ino
    return None
