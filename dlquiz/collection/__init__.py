"""The conductor: opens the user's things and has one function a job. Only it persists what a session decides."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from dlquiz import calendar, config, dates, deck, scheduler, store
from dlquiz.bank import index
from dlquiz.bank.paths import Patience
from dlquiz.bank.roots import BankPaths, cache, open_banks, roots
from dlquiz.card import CardRef, CardState, Event, Moment, Rating
from dlquiz.collection.lookup import Lookup
from dlquiz.errors import NothingToUndoError, StaleError, StoreError, UsageError
from dlquiz.session import CardView

if TYPE_CHECKING:
    from dlquiz.bank import select

__all__ = ["BankPaths", "Collection", "Undone", "now", "opened", "opened_bank", "roots"]


COMING = timedelta(days=14)  # within which it counts for how long a backlog takes


class Undone(NamedTuple):
    """What an undo took back."""

    event: Event
    card: str  #: today's id of the card
    said: frozenset[str] | None  #: key points that had been ticked
    others: tuple[str, ...] = ()  #: the cards that the same command suspended, unsuspended or reset


@contextmanager
def opened(where: BankPaths, *, write: bool) -> "Iterator[Collection]":
    """The collection with everything on it; `write` creates the user's home when it is not there yet."""
    home = config.home()
    settings = config.load(home)
    _insist_near(home, settings)
    bank = open_banks(where, home, cache(home, write=write))
    with closing(bank), closing(store.open_store(home.progress, home.backups, create=write)) as progress:
        col = Collection(home, settings, bank, progress)
        progress.fold = col.fold
        try:
            col.freshen(where.patience)
            yield col
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            from dlquiz.collection import doctor  # only where something is wrong

            fault = doctor.spoilt(col)
            if fault is None:
                raise
            raise StoreError(fault) from error
        finally:
            col.bank.close()  # another one once it was read anew


def _insist_near(home: config.Home, settings: config.Settings) -> None:
    """Refuse an interview beyond five years, written into the file by hand: nothing can be planned so far ahead.

    Raises:
        UsageError: It is too far away.
    """
    today = now(settings).day
    if settings.interview and settings.interview > dates.furthest(today):
        why = f"interview_date {settings.interview} is {dates.too_far(today)}"
        raise UsageError(f"{home.settings_file}: {why}; change it with `dlquiz config set interview_date DAY`")


@contextmanager
def opened_bank(where: BankPaths) -> Iterator[index.Bank]:
    """The banks alone, for what needs no progress."""
    home = config.home()
    with closing(open_banks(where, home, cache(home, write=False))) as bank:
        yield bank


def now(settings: config.Settings) -> Moment:
    """The one place where the wall clock is read."""
    return calendar.moment(datetime.now(UTC), settings.rollover_min)


class Collection(Lookup):
    """The user's bank, log and settings, open for answers too."""

    def now(self) -> Moment:
        return now(self.settings)

    def freshen(self, patience: Patience = nullcontext) -> None:
        """Fold anew what a changed setting or a renamed card asks for; `patience` is entered while all of the log is folded."""
        log = self.progress
        if not log.writable:
            return
        if log.folded_under() != self.preset.hash:
            with patience("working out when each card is due"):
                log.rebuild(scheduler.fold, self.preset)
        renamings, aliases = self.bank.renamings(), log.aliases()
        if renamings or aliases:
            again = log.set_aliases(renamings, self.bank.live(aliases))
            if again:
                log.rebuild(scheduler.fold, self.preset, again)

    def reread(self, where: BankPaths) -> None:
        """Show the banks as their files are now.

        Raises:
            BankError: They can't be read; the old text stays.
        """
        quiet = BankPaths(where.banks, where.builtin)  # a card stands on the screen
        bank = open_banks(quiet, self.home, cache(self.home, write=self.progress.writable))
        self.bank.close()
        self.bank = bank
        self._coming_seconds.clear()
        self.freshen()

    # ---- what is asked today

    def queue(self, selected: "select.Selection | None", limits: deck.Limits, moment: Moment) -> deck.Queue:
        """Today's queue, of the selected cards where some were selected."""
        today, limits = self.today(moment), self.on_the_day(limits, moment)
        plan = self.planned(moment, today, selected)
        candidates, drills = self.due(moment, selected), self.drills(selected, moment)
        if plan:  # cards that the interview is not about wait, unless they stand in steps
            candidates = [
                (card, state)
                for card, state in candidates
                if self.scope.holds(card) or (state.memory and state.memory.due_ms is not None)
            ]
            drills = [drill for drill in drills if self.scope.holds(drill.card)]
        return deck.queue(
            candidates,
            self.unseen(selected, plan=plan),
            today,
            limits,
            moment,
            drills=drills,
            plan=plan,
            spread_siblings=selected is None,
            coming=dict if selected else lambda: self._coming(moment),
        )

    def _coming(self, moment: Moment) -> Mapping[date, int]:
        """How many seconds fall due on each of the next days, read once a day: a sitting's own answers add little to it."""
        if moment.day not in self._coming_seconds:
            from dlquiz.collection import after_interview  # only in a backlog

            cards: dict[date, list[str]] = {}
            for day, due in after_interview.due_days(self, moment, moment.day + COMING, overdue=False):
                cards.setdefault(day, []).extend(due)
            seconds = {day: deck.seconds_of(*self.bank.counted(due)) for day, due in cards.items()}
            self._coming_seconds = {moment.day: seconds}
        return self._coming_seconds[moment.day]

    def due(self, moment: Moment, selected: "select.Selection | None" = None) -> list[tuple[CardRef, CardState]]:
        """Cards of today's bank that are due by today or stand in steps, hidden ones too, oldest first; of what a plan had promised for
        an interview that is over only what is needed by today.
        """
        card_states = dict(self.progress.due(moment.day))
        for card in self.deferred(moment):
            del card_states[card]
        card_refs = self.bank.card_refs(card_states)
        pairs = [(card_refs[card], card_state) for card, card_state in card_states.items() if card in card_refs]
        return [pair for pair in pairs if selected is None or selected.holds(pair[0])]

    def deferred(self, moment: Moment) -> dict[str, date]:
        """Cards that a plan had promised for an interview that is over, with the later day on which they are needed."""
        if self.progress.plan() is None:
            return {}
        from dlquiz.collection import after_interview  # only where there was a plan

        return after_interview.deferred(self, moment)

    def planned(
        self, moment: Moment, today: deck.Today, selected: "select.Selection | None" = None
    ) -> deck.Planned | None:
        """What a plan towards an interview asks of the rest of today; None without one, and for cards it is not about."""
        if self.days_left(moment) is None or (selected and not self.scope.overlaps(self.bank, selected)):
            return None
        from dlquiz.collection import planning  # only where there is a plan

        return planning.planned(self, moment, today, selected)

    def queues(
        self, selected: "select.Selection | None", limits: deck.Limits, begun: Moment
    ) -> Callable[[Moment], deck.Queue]:
        """Makes today's queue, anew at each call; what was met since the sitting has begun counts against its own limit of new cards."""
        before = self.today(begun).introduced if limits.new is not None else 0

        def queue_now(moment: Moment) -> deck.Queue:
            new = limits.new
            if new is not None:
                new = max(0, new - max(0, self.today(moment).introduced - before))
            return self.queue(selected, limits._replace(new=new), moment)

        return queue_now

    # ---- writing

    def answer(
        self,
        card_view: CardView,
        event: Event,
        points: Mapping[str, bool],
        verdicts: Mapping[str, str] = MappingProxyType({}),
        judge: str | None = None,
    ) -> tuple[Event, CardState]:
        """Write one answer, durable when this returns. When another sitting answered the card first, it is scheduled anew on top of that.

        Args:
            card_view: The card as it was shown.
            event: The answer.
            points: Key points that were shown, said or not.
            verdicts: What a judge said of them before the user's word.
            judge: Which one.

        Raises:
            StoreError: It could not be written; nothing was.
        """
        card_state = card_view.card_state
        for last_try in (False, True):
            entry = store.LogEntry(
                event, self._following(card_state), points, card_view.content, self.preset, verdicts, judge
            )
            try:
                (written,) = self.log.append([entry], after={event.card: card_state.last_event})
                return written, self.card_state(event.card)
            except StaleError:
                if last_try:
                    raise
                card_state = self.card_state(event.card)
                event = self._scheduled_anew(card_view, card_state, event)
        raise AssertionError("the second try returns or raises")

    def act(
        self, kind: str, cards: Sequence[str], moment: Moment, given: str | None = None, params: str | None = None
    ) -> list[Event]:
        """Suspend, unsuspend, bury, reset, flag or remark on cards in one transaction; a flag keeps what the card said, and its numbers."""
        for last_try in (False, True):
            card_states = self.card_states(cards)
            entries, after = [], {}
            for card in cards:
                card_state = card_states.get(card, CardState())
                content = (
                    (self.bank.content(card), self.bank.shown_text(self.bank.card(card))) if kind == "flag" else None
                )
                event = _bare(kind, card, moment)._replace(given=given, params=params, content=content and content[0])
                entries.append(store.LogEntry(event, self._following(card_state), content=content))
                after[card] = card_state.last_event
            try:
                return self.log.append(entries, after=after)
            except StaleError:
                if last_try:
                    raise
        raise AssertionError("the second try returns or raises")

    def undo(self, moment: Moment) -> Undone:
        """Take back the latest effective answer, bury, suspend, unsuspend, reset, flag or remark made on this device.

        What one command did to several cards is one thing.

        Raises:
            NothingToUndoError: There is none left.
        """
        target = self.progress.undoable()
        if target is None:
            raise NothingToUndoError("nothing to undo: no answer given on this device is left to take back")
        points = self.progress.points_of(target.id)
        ticked = frozenset(point for point, was_ticked in points.items() if was_ticked) if points else None
        card, *others = self.take_back([target, *self.progress.same_command(target)], moment)
        return Undone(target, card, ticked, tuple(others))

    def take_back(self, targets: Sequence[Event], moment: Moment) -> list[str]:
        """Undo rows, whichever they are, in one transaction; today's ids of their cards."""
        aliases = self.log.aliases()
        of_card: dict[str, list[Event]] = {}
        for target in targets:
            card = self.bank.current(target.card)
            of_card.setdefault(aliases.get(card, card), []).append(target)
        for last_try in (False, True):
            entries, after = [], {}
            for card, rows in of_card.items():
                history = self.log.history(card)
                after[card] = history[-1].id
                for row in rows:
                    undo = _bare("undo", card, moment)._replace(target=row.id)
                    entries.append(store.LogEntry(undo, self._refolding(history)))
                    history = [*history, undo]
            try:
                self.log.append(entries, after=after)
                return list(of_card)
            except StaleError:
                if last_try:
                    raise
        raise AssertionError("the second try returns or raises")

    @property
    def log(self) -> store.Store:
        """The log, to be written.

        Raises:
            StoreError: It can't be.
        """
        if not self.progress.writable:
            raise StoreError(
                f"can't write {self.home.progress}: read-only, or the disk is full; mend that, or set DLQUIZ_HOME to another folder"
            )
        return self.progress

    def fold(self, events: list[Event]) -> CardState:
        """What a card's whole history leaves of it."""
        return scheduler.fold(events, self.preset)

    def _following(self, card_state: CardState) -> Callable[[Event], CardState]:
        return lambda event: scheduler.apply(card_state, event, self.preset)

    def _refolding(self, history: list[Event]) -> Callable[[Event], CardState]:
        return lambda event: self.fold([*history, event])

    def _scheduled_anew(self, card_view: CardView, card_state: CardState, event: Event) -> Event:
        """The same answer on top of what was written in between."""
        moment = self.now()._replace(day=event.study_day)
        cap = self.days_left(moment)
        intervals = scheduler.previews(
            card_state.memory, event.card, moment, self.preset, explains=card_view.card.spoken, cap_days=cap
        )
        rating = event.rating or Rating.GOOD
        fresh = scheduler.review(card_state.memory, event.card, rating, moment, self.preset, interval=intervals[rating])
        return event._replace(
            state_before=fresh.state_before,
            interval_before=fresh.interval_before,
            interval_after=fresh.interval_after,
        )


def _bare(kind: str, card: str, moment: Moment) -> Event:
    return Event(kind, card, moment.at_ms, moment.day, moment.utc_offset_min)
