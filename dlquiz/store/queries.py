"""What an open `progress.db` tells: card states, histories, what was last said; nothing here changes it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from dlquiz.card import CardState, Event, InterviewRow, Ledger, Preset
from dlquiz.errors import StoreError
from dlquiz.store import backups, rows, schema

Range = tuple[str, str | None]  #: cards by their ids: from one on, before another; None: to the last
Fold = Callable[[list[Event]], CardState]  #: a card's whole history -> its state
FoldUnder = Callable[[list[Event], Preset], CardState]  #: the same, under a preset
CREDITED = 10  # earlier answers in which the user's own words for a key point are looked for
_UNDONE = "EXISTS (SELECT 1 FROM event AS u WHERE u.target = e.id AND u.kind = 'undo')"


class Queries:
    """One open `progress.db`, as far as it is read."""

    def __init__(self, db: sqlite3.Connection, path: Path, backup_folder: Path) -> None:
        self._db = db
        self.path = path
        self.backup_folder = backup_folder
        self.fold: Fold | None = (
            None  #: set by who knows how; then a spoilt row of the cache is folded again when it is met
        )

    def card_states(self, cards: Iterable[str]) -> dict[str, CardState]:
        """The cached states of these cards; cards that were never logged are left out."""
        states: dict[str, CardState] = {}
        with self._reading():
            for chunk in rows.parts(cards):
                query = f"SELECT {rows.STANDING} FROM standing WHERE card IN ({','.join('?' * len(chunk))})"
                states.update((row[0], self._card_state(row)) for row in self._db.execute(query, chunk))
        return states

    def due(self, day: date) -> Iterator[tuple[str, CardState]]:
        """Every card due by a study day, in steps or not, oldest due day first, suspended and buried ones too."""
        query = f"SELECT {rows.STANDING} FROM standing WHERE state IS NOT NULL AND due_day <= ? ORDER BY due_day, card"
        with self._reading():
            yield from ((row[0], self._card_state(row)) for row in self._db.execute(query, (day.isoformat(),)))

    def all_standings(self) -> Iterator[tuple[str, CardState]]:
        with self._reading():
            yield from (
                (row[0], self._card_state(row)) for row in self._db.execute(f"SELECT {rows.STANDING} FROM standing")
            )

    def kept_standings(self) -> Iterator[tuple[str, CardState | None]]:
        """The cache as it is: None for a row that can't be read."""
        with self._reading():
            for row in self._db.execute(f"SELECT {rows.STANDING} FROM standing"):
                try:
                    card_state = rows.card_state(row)
                except rows.UnreadableError:
                    card_state = None
                yield row[0], card_state

    def strengths(self) -> dict[str, tuple[Any, ...]]:
        """For every card the part of its state that a plan needs, as the plain values of rows.STRENGTH."""
        with self._reading():
            return {row[0]: row for row in self._db.execute(f"SELECT {rows.STRENGTH} FROM standing")}

    def upcoming(self, day: date) -> Iterator[tuple[str, CardState]]:
        """Cards due after a study day, next first."""
        query = f"SELECT {rows.STANDING} FROM standing WHERE state IS NOT NULL AND due_day > ? ORDER BY due_day, card"
        with self._reading():
            yield from ((row[0], self._card_state(row)) for row in self._db.execute(query, (day.isoformat(),)))

    def history(self, card: str) -> list[Event]:
        """All rows of a card and of its former ids, in the order they were inserted."""
        names = [card, *self._former(card)]
        query = f"SELECT {rows.EVENT} FROM event WHERE card IN ({','.join('?' * len(names))}) ORDER BY rowid"
        with self._reading():
            return [rows.event(row) for row in self._db.execute(query, names)]

    def histories(
        self, cards: Iterable[str] | None = None, within: Range = ("", None)
    ) -> Iterator[tuple[str, list[Event]]]:
        """Each card's rows under its newest id, in the order they were inserted, with as much of each as folding needs.

        Args:
            cards: Their newest ids; None: all cards.
            within: Where `cards` is None, those whose newest ids lie within.
        """
        # All are read as they lie, then sorted, narrow: along the index each of a million rows would be looked up on its own.
        query = (
            f"SELECT coalesce(alias.card, event.card) AS newest, {rows.FOLDED} FROM event {{}}"
            " LEFT JOIN alias ON old = event.card {} ORDER BY newest, event.rowid"
        )
        of_cards = query.format(
            "",
            "WHERE event.card IN (SELECT value FROM json_each(:cards)"
            " UNION SELECT old FROM alias WHERE card IN (SELECT value FROM json_each(:cards)))",
        )
        every = query.format("NOT INDEXED", "WHERE newest >= :low AND (:high IS NULL OR newest < :high)")
        runs = (
            [(every, dict(zip(("low", "high"), within, strict=True)))]
            if cards is None
            else ((of_cards, {"cards": json.dumps(chunk)}) for chunk in rows.parts(cards))
        )
        with self._reading():
            for run in runs:
                for card, card_rows in groupby(self._db.execute(*run), key=itemgetter(0)):
                    yield card, [rows.folded(row) for row in card_rows]

    def reviews(self) -> Iterator[tuple[Event, bool]]:
        """Reviews in log order, each with whether it was undone."""
        query = f"SELECT {_UNDONE}, {rows.EVENT} FROM event AS e WHERE kind = 'review' ORDER BY at_ms, id"
        with self._reading():
            yield from ((rows.event(row[1:]), bool(row[0])) for row in self._db.execute(query))

    def suspended(self) -> list[str]:
        """The cards that are suspended."""
        with self._reading():
            return [card for (card,) in self._db.execute("SELECT card FROM standing WHERE suspended ORDER BY card")]

    def flags(self) -> list[Event]:
        """The flags on cards that were not withdrawn, oldest first."""
        query = f"SELECT {rows.EVENT} FROM event AS e WHERE kind = 'flag' AND NOT {_UNDONE} ORDER BY at_ms, id"
        with self._reading():
            return [rows.event(row) for row in self._db.execute(query)]

    def remark(self, card: str) -> str:
        """The user's own remark on a card, the latest that was not undone; "" for none."""
        with self._reading():
            names = [card, *self._former(card)]
            query = (
                f"SELECT e.given FROM event AS e WHERE card IN ({','.join('?' * len(names))}) AND kind = 'remark'"
                f" AND NOT {_UNDONE} ORDER BY at_ms DESC, id DESC LIMIT 1"
            )
            row = self._db.execute(query, names).fetchone()
        return (row[0] or "") if row else ""

    def remarks(self) -> dict[str, tuple[str, int]]:
        """Every card that ever had a remark, by its newest id: the remark as it is now, "" for none, and when that last changed (ms)."""
        query = (
            "SELECT coalesce(alias.card, e.card), e.given, e.at_ms,"
            " (SELECT max(u.at_ms) FROM event AS u WHERE u.target = e.id AND u.kind = 'undo')"
            " FROM event AS e LEFT JOIN alias ON old = e.card WHERE kind = 'remark' ORDER BY e.at_ms, e.id"
        )
        remarks: dict[str, tuple[str, int]] = {}
        with self._reading():
            for card, given, at_ms, undone_ms in self._db.execute(query):
                text, changed_ms = remarks.get(card, ("", 0))
                remarks[card] = text if undone_ms else (given or ""), max(changed_ms, at_ms, undone_ms or 0)
        return remarks

    def reviewed_on(self, day: date) -> list[Event]:
        """Effective reviews of one study day."""
        query = f"SELECT {rows.EVENT} FROM event AS e WHERE study_day = ? AND kind = 'review' AND NOT {_UNDONE} ORDER BY at_ms, id"
        with self._reading():
            return [rows.event(row) for row in self._db.execute(query, (day.isoformat(),))]

    def last_points(self, card: str) -> dict[str, bool]:
        """Which key points were ticked the last time the card's points were asked."""
        with self._reading():
            names = [card, *self._former(card)]
            query = (
                "SELECT point, said FROM point_result WHERE event = (SELECT e.id FROM event AS e"
                f" WHERE e.card IN ({','.join('?' * len(names))}) AND NOT {_UNDONE}"
                " AND EXISTS (SELECT 1 FROM point_result AS p WHERE p.event = e.id)"
                " ORDER BY e.at_ms DESC, e.id DESC LIMIT 1)"
            )
            return {point: bool(ticked) for point, ticked in self._db.execute(query, names)}

    def point_results(self, since: date = date.min) -> dict[str, tuple[bool, date]]:
        """For every key point shown since a study day: was it ticked the last time, and when; excludes undone answers.

        Ids begin with their instant, so they sort by time as point results do: only the latest are read, however long the log is.
        """
        query = (
            "WITH shown AS MATERIALIZED (SELECT e.id, e.study_day, e.at_ms FROM event AS e"
            " WHERE e.id IN (SELECT DISTINCT event FROM point_result WHERE event >= ?)"
            f" AND e.study_day >= ? AND NOT {_UNDONE})"
            " SELECT p.point, p.said, s.study_day FROM shown AS s CROSS JOIN point_result AS p ON p.event = s.id"
            " ORDER BY s.at_ms, s.id"
        )
        # A study day begins up to 14 hours before its date does in UTC; instants have 13 digits from 2001 to 2286.
        begins = (since.toordinal() - date(1970, 1, 1).toordinal() - 1) * 86_400_000
        with self._reading():
            results = self._db.execute(query, (str(begins) if begins > 10**12 else "", since.isoformat()))
            return {point: (bool(ticked), date.fromisoformat(day)) for point, ticked, day in results}

    def credited(self, point: str) -> list[str]:
        """The answers in which the user counted a key point as said that no checker had found, newest first."""
        query = (
            "SELECT e.given FROM point_result AS p JOIN event AS e ON e.id = p.event WHERE p.point = ? AND p.said = 1"
            f" AND p.verdict IN ('none', 'unsure') AND e.given IS NOT NULL AND NOT {_UNDONE} ORDER BY e.at_ms DESC LIMIT ?"
        )
        with self._reading():
            return [given for (given,) in self._db.execute(query, (point, CREDITED))]

    def interview_rows(self) -> list[InterviewRow]:
        """Every mock interview, oldest first."""
        with self._reading():
            query = f"SELECT {rows.INTERVIEW} FROM interview ORDER BY at_ms, id"
            return [InterviewRow(*row) for row in self._db.execute(query)]

    def points_of(self, event: str) -> dict[str, bool]:
        with self._reading():
            query = "SELECT point, said FROM point_result WHERE event = ?"
            return {point: bool(ticked) for point, ticked in self._db.execute(query, (event,))}

    def last_content(self, card: str) -> tuple[str, str] | None:
        """Hash and text of what was shown when the card was last answered; None where neither was kept."""
        names = [card, *self._former(card)]
        query = (
            "SELECT c.hash, c.text FROM event AS e JOIN content AS c ON c.hash = e.content"
            f" WHERE e.card IN ({','.join('?' * len(names))}) AND e.kind IN ('review', 'attempt') AND NOT {_UNDONE}"
            " ORDER BY e.at_ms DESC, e.id DESC LIMIT 1"
        )
        with self._reading():
            row = self._db.execute(query, names).fetchone()
        return (row[0], row[1]) if row else None

    def undoable(self) -> Event | None:
        """The newest effective row of this device that undo can take back; imported rows don't count."""
        query = (
            f"SELECT {rows.EVENT} FROM event AS e WHERE device = ? AND origin IS NULL AND kind IN ('review', 'bury', 'suspend',"
            f" 'unsuspend', 'reset', 'flag', 'remark') AND NOT {_UNDONE} ORDER BY e.rowid DESC LIMIT 1"
        )
        with self._reading():
            row = self._db.execute(query, (self.device(),)).fetchone()
            return rows.event(row) if row else None

    def same_command(self, target: Event) -> list[Event]:
        """The other rows that the command wrote which wrote this one, the last of them: what it did to other cards.

        No row says so. But one transaction gives its rows instants that follow each other by one millisecond, and no two commands come so
        fast.
        """
        if target.kind not in ("suspend", "unsuspend", "reset"):
            return []
        query = (
            f"SELECT {rows.EVENT} FROM event AS e WHERE study_day = ? AND kind = ? AND device = ? AND origin IS NULL"
            f" AND at_ms < ? AND NOT {_UNDONE} ORDER BY at_ms DESC"
        )
        values = (target.study_day.isoformat(), target.kind, target.device, target.at_ms)
        others: list[Event] = []
        with self._reading():
            for row in self._db.execute(query, values):
                event = rows.event(row)
                if event.at_ms != target.at_ms - 1 - len(others):
                    break
                others.append(event)
        return others

    def holds_all_of(self, path: Path) -> bool:
        """Can that file go without loss? True when it is missing or empty, or all rows of its log are in this one."""
        try:
            if not os.path.lexists(path) or (path.is_file() and not path.stat().st_size):
                return True
            with closing(schema.connect(path, write=False)) as other_db:
                if not path.is_file() or schema.version(other_db, path) == 0:
                    return False
                theirs = {event for (event,) in other_db.execute("SELECT id FROM event")}
        except (OSError, *schema.FAULTS, StoreError):
            return False
        return theirs <= {event for (event,) in self.select("SELECT id FROM event")}

    def copy_to(self, target: Path) -> None:
        """Make a complete, consistent copy of the file as it is now."""
        with schema.explained(self.path, self.backup_folder):
            backups.copy(self._db, target)

    def damage(self) -> str | None:
        """What SQLite's own check finds and what to do about it, None when all is sound. Reads the whole file."""
        with self._reading():
            fault = schema.fault(self._db)
            in_rows = fault and schema.fault(self._db, quick=True)
        if fault and not in_rows:
            return f"{self.path}: an index is damaged ({fault}); `dlquiz doctor` makes it anew from the answers, which are all there"
        return schema.damaged(self.path, f"is damaged ({fault})", self.backup_folder) if fault else None

    def select(
        self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()
    ) -> Generator[tuple[Any, ...], None, None]:
        """The result of a query, row by row."""
        with self._reading():
            # Not the cursor itself: left alone, it would be closed when its file is closed already, which is an error.
            yield from (row for row in self._db.execute(query, values))

    def device(self) -> str:
        """A name for this collection, part of every event's id; empty before the first write."""
        return self._meta("device") or ""

    def met(self) -> set[str]:
        """Cards that are no longer new: seen before, or suspended."""
        with self._reading():
            query = "SELECT json_group_array(card) FROM standing WHERE state IS NOT NULL OR suspended"
            return set(json.loads(self._db.execute(query).fetchone()[0]))  # one row is quicker than many

    def plan(self) -> str | None:
        """The latest plan for an interview; None before the first."""
        return self._meta("plan")

    def assessment(self) -> str:
        """The user's latest self-assessment; empty before the first."""
        return self._meta("assessed") or ""

    def unseen_from(self, edition: str) -> str | None:
        """A card before which nothing unseen lies in that edition of the bank, as `mark_unseen` noted it; None when unknown."""
        noted, _, card = (self._meta("unseen_from") or "").partition(" ")
        return card if card and noted == edition else None

    def folded_under(self) -> str | None:
        """Hash of the preset under which the cached card states were folded."""
        return self._meta("folded_under")

    def exported(self, card: str) -> tuple[str, int] | None:
        """Hash of a card's content in the last export, and since when (ms), by the first id of the card; None when it was in none."""
        content_hash, _, since = (self._meta(f"{rows.EXPORTED}{card}") or "").partition(" ")
        return (content_hash, int(since)) if content_hash else None

    def first_ms(self, content: str) -> int | None:
        """When a content was first shown or exported, by its hash."""
        with self._reading():
            row = self._db.execute("SELECT first_ms FROM content WHERE hash = ?", (content,)).fetchone()
        return row[0] if row else None

    def point_rows(self) -> Generator[tuple[Any, ...], None, None]:
        """Every row of `point_result`, as it is."""
        with self._reading():
            yield from (row for row in schema.point_rows(self._db))

    def as_ledger(self, cards: Container[str] | None = None) -> Ledger:
        """The log as values, read row by row; use it up before doing anything else with the file.

        Args:
            cards: Only what is about these, by the ids that rows carry, and no interview; None: all of it.
        """
        from dlquiz.store import ledger

        with self._reading():
            whole = ledger.read(self._db)
            return Ledger(*map(self._read, whole if cards is None else ledger.of_cards(self._db, whole, cards)))

    def logged(self) -> set[str]:
        """The ids of cards that rows of the log carry."""
        with self._reading():
            return {card for (card,) in self._db.execute("SELECT DISTINCT card FROM event")}

    def _read(self, log_rows: Iterable[Any]) -> Iterator[Any]:
        """The rows, with whatever is wrong about them explained as they come."""
        with self._reading():
            yield from (row for row in log_rows)

    def doubled(self) -> int:
        """The number of rows that duplicate another row."""
        from dlquiz.store import ledger

        with self._reading():
            return len(ledger.doubled(self._db))

    def aliases(self) -> dict[str, str]:
        """Former id -> current id, as far as known from the banks seen so far."""
        with self._reading():
            return dict(self._db.execute("SELECT old, card FROM alias"))

    def unreadable(self) -> list[int]:
        """Row ids of what dlquiz never writes into the log: no day, an instant beyond all dates, a negative time, no text."""
        from dlquiz.store import texts

        with self._reading():
            strange = {row for (row,) in self._db.execute(f"SELECT rowid FROM event WHERE NOT ({rows.READABLE})")}
            return sorted(strange | texts.rows_beyond_reading(self._db))

    def _card_state(self, row: Sequence[Any]) -> CardState:
        """A row of the cache; one that can't be read is folded again from the log."""
        try:
            return rows.card_state(row)
        except rows.UnreadableError:
            if self.fold is None:
                raise
            return self.fold(self.history(row[0]))

    def _former(self, card: str) -> list[str]:
        return [old for (old,) in self._db.execute("SELECT old FROM alias WHERE card = ?", (card,))]

    def _meta(self, key: str) -> str | None:
        with self._reading():
            row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            with schema.explained(self.path, self.backup_folder):
                yield
        except rows.UnreadableError as error:
            raise StoreError(
                f"{self.path}: the log has a row that can't be read ({error}); `dlquiz doctor` sets it aside and keeps all others"
            ) from error
