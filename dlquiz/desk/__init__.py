"""The conductor: opens the user's things and has one function a job. Only it persists what a session decides."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from dlquiz import calendar, config, deck, scheduler, store
from dlquiz.bank import index, names, select
from dlquiz.card import Brief, Event, Moment, Rating, Standing
from dlquiz.errors import NothingToUndoError, StaleError, StoreError, UsageError
from dlquiz.session import Sheet

LONGEST_ANSWER_MS = 300_000  # more is a pause that nobody announced
LONG_WALK = 2_000  # cards passed over from which on it is worth a write to begin further on the next time


class Where(NamedTuple):
    """Which banks and which home this run is about."""

    banks: tuple[Path, ...] = ()
    builtin: bool = True


class Undone(NamedTuple):
    """What an undo took back."""

    event: Event
    card: str  #: today's id of the card
    said: frozenset[str] | None  #: key points that had been ticked


@contextmanager
def opened(where: Where, *, write: bool) -> Iterator[Desk]:
    """The desk with everything on it; `write` creates the user's home when it is not there yet."""
    home = config.home()
    settings = config.load(home)
    bank = index.open_bank(roots(where, home), _cache(home, write=write))
    progress = None
    try:
        progress = store.open_store(home.progress, home.backups, create=write)
        desk = Desk(home, settings, bank, progress)
        desk.freshen()
        yield desk
    finally:
        bank.close()
        if progress:
            progress.close()


@contextmanager
def opened_bank(where: Where) -> Iterator[index.Bank]:
    """The banks alone, for what needs no progress."""
    home = config.home()
    bank = index.open_bank(roots(where, home), _cache(home, write=False))
    try:
        yield bank
    finally:
        bank.close()


def roots(where: Where, home: config.Home) -> list[index.Root]:
    """The built-in bank, the user's own folder, DLQUIZ_BANK and --bank, as far as they apply."""
    found = []
    if where.builtin and os.environ.get("DLQUIZ_BUILTIN", "1") != "0":
        found.append(index.Root(names.builtin_folder(), builtin=True))
    if home.banks.is_dir():
        found.append(index.Root(home.banks))
    named = [part for part in os.environ.get("DLQUIZ_BANK", "").split(os.pathsep) if part]
    for path in (*map(Path, named), *where.banks):
        found.append(index.Root(path.expanduser(), builtin=_is_builtin(path)))
    return found


def now(settings: config.Settings) -> Moment:
    """The one place where the wall clock is read."""
    return calendar.moment(datetime.now(UTC), settings.rollover_min)


class Desk:
    """The user's bank, log and settings, open."""

    def __init__(
        self, home: config.Home, settings: config.Settings, bank: index.Bank, progress: store.Store | None
    ) -> None:
        self.home = home
        self.settings = settings
        self.bank = bank
        self.preset = settings.preset
        self._store = progress

    @property
    def progress(self) -> store.Store | None:
        """The log, None where nothing was ever written."""
        return self._store

    def now(self) -> Moment:
        return now(self.settings)

    def freshen(self) -> None:
        """Fold anew what a changed setting or a renamed card asks for."""
        log = self._store
        if log is None or not log.writable:
            return
        if log.folded_under() != self.preset.hash:
            log.rebuild(self._fold, self.preset)
        wanted, known = self.bank.renamings(), log.aliases()
        if wanted or known:
            again = log.set_aliases(wanted, self.bank.live(known))
            if again:
                log.rebuild(self._fold, self.preset, again)

    # ---- choosing

    def standing(self, card: str) -> Standing:
        return self.standings([card]).get(card, Standing())

    def standings(self, cards: Sequence[str]) -> dict[str, Standing]:
        return self._store.standings(cards) if self._store else {}

    def queue(self, selected: select.Selection | None, limits: deck.Limits, moment: Moment) -> deck.Queue:
        """Today's queue, of the selected cards where some were selected."""
        return deck.queue(
            self.due(moment, selected),
            self.unseen(selected),
            self.today(moment),
            limits,
            moment,
            spread_siblings=selected is None,
        )

    def limits(self, **changes: int | float | None) -> deck.Limits:
        """The user's limits, and those of this sitting."""
        own = self.settings
        base = deck.Limits(own.new_per_day, own.explain_per_day, own.minutes_per_day)
        return base._replace(**changes)  # type: ignore[arg-type]  # replace() knows no keyword types

    def due(self, moment: Moment, selected: select.Selection | None = None) -> list[tuple[Brief, Standing]]:
        """Cards of today's bank that are due by today or stand in steps, hidden ones too, oldest first."""
        rows = dict(self._store.due(moment.day)) if self._store else {}
        briefs = self.bank.briefs(rows)
        known = [(briefs[card], standing) for card, standing in rows.items() if card in briefs]
        return [row for row in known if selected is None or selected.holds(row[0])]

    def unseen(self, selected: select.Selection | None = None, batch: int = 200) -> Iterator[Brief]:
        """Cards never answered, or reset, in the order in which they are met."""
        edition = self.bank.edition()
        start = self._store.unseen_from(edition) if self._store else None
        cards = self.bank.in_order(selected.all_notes if selected else None, start)
        passed, begun = 0, False
        while lot := list(islice(cards, batch)):
            known = self.standings([card.id for card in lot])
            fresh = [card for card in lot if (standing := known.get(card.id)) is None or not standing.met]
            if fresh and not begun:
                begun = True
                if passed > LONG_WALK and selected is None and self._store and self._store.writable:
                    self._store.mark_unseen(edition, fresh[0].id)
            passed += len(lot)
            hidden = {card for card, standing in known.items() if standing.buried_on}
            yield from (card for card in fresh if card.id not in hidden and (selected is None or selected.holds(card)))

    def today(self, moment: Moment) -> deck.Today:
        """What this study day's log says."""
        rows = self._store.reviewed_on(moment.day) if self._store else []
        first = {row.card for row in rows if row.state_before == "new"}
        briefs = self.bank.briefs(first)
        return deck.Today(
            introduced=len(first),
            explained=sum(brief.explains for brief in briefs.values()),
            spent_ms=sum(min(row.took_ms or 0, LONGEST_ANSWER_MS) for row in rows),
            notes=frozenset(brief.note for brief in self.bank.briefs({row.card for row in rows}).values()),
        )

    def sheet(self, card_id: str, moment: Moment) -> Sheet:
        """All that showing a card needs."""
        card = self.bank.card(card_id)
        note = self.bank.note(card.note)
        standing = self.standing(card.id)
        before = self._store.last_points(card.id) if self._store and card.explains else {}
        return Sheet(
            card=card,
            note=note,
            sources=tuple(self.bank.sources(card.note, card.sources)),
            content=(self.bank.content(card.id), self.bank.shown_text(card)),
            standing=standing,
            previews=scheduler.previews(standing.memory, card.id, moment, self.preset, explains=card.explains),
            missed_before=frozenset(self.bank.current(point) for point, said in before.items() if not said),
        )

    # ---- writing

    def answer(self, sheet: Sheet, event: Event, points: Mapping[str, bool]) -> tuple[Event, Standing]:
        """Write one answer, durable when this returns. When another sitting answered the card first, it is scheduled anew on top of that.

        Raises:
            StoreError: It could not be written; nothing was.
        """
        standing = sheet.standing
        for last_try in (False, True):
            entry = store.Entry(event, self._following(standing), points, sheet.content, self.preset)
            try:
                (written,) = self._log.append([entry], after={event.card: standing.last_event})
                return written, self.standing(event.card)
            except StaleError:
                if last_try:
                    raise
                standing = self.standing(event.card)
                event = self._scheduled_anew(sheet, standing, event)
        raise AssertionError("the second try returns or raises")

    def act(self, kind: str, cards: Sequence[str], moment: Moment, given: str | None = None) -> list[Event]:
        """Suspend, unsuspend, bury, reset or flag cards, in one transaction."""
        for last_try in (False, True):
            known = self.standings(cards)
            entries, after = [], {}
            for card in cards:
                standing = known.get(card, Standing())
                event = _bare(kind, card, moment)
                entries.append(store.Entry(event._replace(given=given), self._following(standing)))
                after[card] = standing.last_event
            try:
                return self._log.append(entries, after=after)
            except StaleError:
                if last_try:
                    raise
        raise AssertionError("the second try returns or raises")

    def undo(self, moment: Moment) -> Undone:
        """Take back the latest effective answer, bury, suspend, unsuspend, reset or flag made on this device.

        Raises:
            NothingToUndoError: There is none left.
        """
        target = self._store.undoable() if self._store else None
        if self._store is None or target is None:
            raise NothingToUndoError("nothing to undo: no answer of this device is left to take back")
        card = self.bank.current(target.card)
        card = self._store.aliases().get(card, card)
        said = {point for point, yes in self._store.points_of(target.id).items() if yes}
        ticked = frozenset(said) if self._store.points_of(target.id) else None
        for last_try in (False, True):
            history = self._log.history(card)
            entry = store.Entry(_bare("undo", card, moment)._replace(target=target.id), self._refolding(history))
            try:
                self._log.append([entry], after={card: history[-1].id})
                return Undone(target, card, ticked)
            except StaleError:
                if last_try:
                    raise
        raise AssertionError("the second try returns or raises")

    @property
    def _log(self) -> store.Store:
        if self._store is None or not self._store.writable:
            raise StoreError(f"can't write {self.home.progress}; set DLQUIZ_HOME to a folder you may write to")
        return self._store

    def _fold(self, events: list[Event]) -> Standing:
        return scheduler.fold(events, self.preset)

    def _following(self, standing: Standing) -> Callable[[Event], Standing]:
        return lambda event: scheduler.apply(standing, event, self.preset)

    def _refolding(self, history: list[Event]) -> Callable[[Event], Standing]:
        return lambda event: self._fold([*history, event])

    def _scheduled_anew(self, sheet: Sheet, standing: Standing, event: Event) -> Event:
        """The same answer on top of what was written in between."""
        moment = self.now()._replace(day=event.study_day)
        explains = sheet.card.explains
        intervals = scheduler.previews(standing.memory, event.card, moment, self.preset, explains=explains)
        rating = event.rating or Rating.GOOD
        fresh = scheduler.review(standing.memory, event.card, rating, moment, self.preset, interval=intervals[rating])
        return event._replace(
            state_before=fresh.state_before,
            interval_before=fresh.interval_before,
            interval_after=fresh.interval_after,
        )


def _bare(kind: str, card: str, moment: Moment) -> Event:
    return Event(kind, card, moment.at_ms, moment.day, moment.utc_offset_min)


def _is_builtin(path: Path) -> bool:
    with suppress(OSError):
        own, asked = names.builtin_folder().resolve(), path.expanduser().resolve()
        return asked == own or asked.parent == own
    return False


def _cache(home: config.Home, *, write: bool) -> Path | None:
    """Where the index is kept; a read-only verb makes no home."""
    if write:
        home.make()
    elif not home.path.is_dir():
        return None
    return home.cache


def check_home_writable(home: config.Home) -> None:
    """Say so before anything else when the home can't hold answers.

    Raises:
        UsageError: DLQUIZ_HOME names a file.
    """
    if home.path.exists() and not home.path.is_dir():
        raise UsageError(f"{home.path} is a file; set DLQUIZ_HOME to a folder")
