"""Answers both ways between our log and a collection of Anki: those given there join the log, those given here become rows of its cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection as Among
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from dlquiz import doubles, scheduler
from dlquiz.anki import live, schedule
from dlquiz.anki.package import RevlogEntry
from dlquiz.anki.reader import answers
from dlquiz.anki.reader import collection as anki_collection
from dlquiz.anki.reader.records import AnkiClock, RevlogRow
from dlquiz.card import CardState, Event, Ledger, Moment
from dlquiz.collection import BankPaths, Collection, after_interview, opened
from dlquiz.deck import introduction
from dlquiz.text import phrases
from dlquiz.transfer import suspensions
from dlquiz.transfer.sync_match import SharedCard, rows_there, shared_cards

ORIGIN = "sync"  # of rows that put right in Anki what was undone here after it had got there; no undo takes them back
SUSPENDED = -1  # a card's queue
IN_REVIEW = 2  # a card's type


class SyncResult(NamedTuple):
    """What a sync did; all numbers are of rows."""

    sent: int  #: that Anki's log did not have
    received: int  #: that ours did not have
    undone: int  #: taken back here after Anki had them; their cards were put right there
    skipped: int  #: of cards that Anki does not have, or has in a filtered deck
    remarks: tuple[str, ...] = ()


def with_file(paths: BankPaths, path: Path) -> SyncResult:
    """Sync with a collection on this machine, which Anki must not have open.

    Raises:
        UsageError: There is no such file, or Anki's package is not installed.
        StoreError: Anki has it open; one of the two can't be written.
    """
    with live.opened(path) as anki:
        return exchange(paths, anki)


def exchange(paths: BankPaths, anki: live.LiveCollection) -> SyncResult:
    """Take over what was done in Anki, then tell it what was done here. What a crash leaves undone in between, the next sync does."""
    with TemporaryDirectory(prefix="dlquiz-") as folder:
        database = Path(folder, "collection.db")
        anki.copy_to(database)
        with anki_collection.opened(str(anki.path), database) as theirs, opened(paths, write=True) as col:
            shared = list(shared_cards(col.bank, theirs))
            received = _receive(col, theirs.clock, shared)
            undone = _correct(col, shared)
            updates = list(_updates(col, theirs.clock, shared))
            absent = _absent(col, {card.card for card in shared})
    pushed = live.Pushed(0, 0)
    if updates:
        anki.back_up()
        pushed = anki.update(updates)
    return SyncResult(
        pushed.rows, received, len(undone), absent + pushed.filtered, tuple(_remarks(shared, undone, absent, pushed))
    )


def _remarks(shared: Sequence[SharedCard], undone: Sequence[str], absent: int, pushed: live.Pushed) -> Iterator[str]:
    if not shared:
        yield (
            "no card of your banks is in that collection; export them with: dlquiz export deck.apkg --progress, and import that file"
            " in Anki"
        )
    elif absent:
        yield (
            f"{phrases.counted(absent, 'answer')} to cards that Anki does not have; export them with --progress, import the file in Anki,"
            " and the answers go along"
        )
    if pushed.filtered:
        yield f"{phrases.counted(pushed.filtered, 'answer')} to cards in a filtered deck; empty it in Anki, and sync again"
    for card in undone:
        yield (
            f"{card}: Anki's log keeps an answer that you took back here; its due day and memory there were put right, until Anki"
            " computes all memory anew"
        )


# ---- from Anki


def _receive(col: Collection, clock: AnkiClock, shared: Sequence[SharedCard]) -> int:
    """Let what was done in Anki join the log."""
    latest_ms = col.now().at_ms
    logged = set(col.card_states([card.card for card in shared]))
    left_out: Counter[str] = Counter()

    def events() -> Iterator[Event]:
        for card in shared:
            history = col.progress.history(card.card) if card.card in logged else []
            ours = {event.at_ms: event for event in history if event.kind != "undo"}
            there = rows_there(history, card.rows)
            ours |= {there[event.id]: event for event in history if event.id in there}
            due_day = answers.due_day(clock, card.theirs.due) if card.theirs.type == IN_REVIEW else None
            about = answers.ReviewedCard(card.card, card.tail, due_day)
            yield from answers.events(card.rows, about, clock, latest_ms, ours, left_out)
            suspended = card.theirs.queue == SUSPENDED
            event = suspensions.made_there(
                history, about, clock, latest_ms, suspended=suspended, changed_s=card.theirs.changed_s
            )
            if event:
                yield event

    return col.log.join(Ledger(events=list(events())), col.fold, col.now().day).added


# ---- to Anki


def _correct(col: Collection, shared: Sequence[SharedCard]) -> list[str]:
    """Put right what was undone after Anki had got it: its log keeps every row, so a row of ours follows that says where the card stands.

    Returns:
        The cards.
    """
    corrections = []
    for card in shared:
        history = col.progress.history(card.card) if card.rows else []
        undoings = {event.target: event.at_ms for event in history if event.kind == "undo"}
        if not undoings:
            continue
        ids = rows_there(history, card.rows)
        late_ms = max((undoings[event.id] for event in history if event.id in undoings and event.id in ids), default=0)
        effective = scheduler.effective(history)
        if late_ms and not any(event.kind in ("reset", "reschedule") and event.at_ms > late_ms for event in effective):
            corrections.append(_correction(card, col.fold(history), col.now()))
    if corrections:
        col.log.join(Ledger(events=corrections), col.fold, col.now().day)
    return [event.card for event in corrections]


def _correction(card: SharedCard, card_state: CardState, moment: Moment) -> Event:
    """A row that changes nothing here, for it promises no interval, and says to Anki where the card stands."""
    at_ms = max(moment.at_ms, (card_state.last_ms or 0) + 1)
    memory = card_state.memory
    return Event(
        "reschedule" if memory else "reset",
        card.card,
        at_ms,
        moment.day,
        moment.utc_offset_min,
        id=f"{at_ms}-{ORIGIN}-{card.tail}",
        device=ORIGIN,
        mode="import",
        origin=ORIGIN,
    )


class OurCard(NamedTuple):
    """What we have of a shared card."""

    state: CardState
    history: Sequence[Event]
    explains: bool  #: a main card, whose learning steps are others
    place: int  #: in the order of introduction
    waits: bool  #: beyond the interview's day, which Anki was told


def _has_promise(clock: AnkiClock, card: SharedCard, card_state: CardState) -> bool:
    """Is a card due in Anki on the day that was promised here?"""
    in_review, memory = card.theirs.type == IN_REVIEW, card_state.memory
    return in_review and memory is not None and answers.due_day(clock, card.theirs.due) == memory.due_day


def _updates(col: Collection, clock: AnkiClock, shared: Sequence[SharedCard]) -> Iterator[live.CardUpdate]:
    """What Anki's cards have to be told."""
    promised = col.card_states([card.card for card in shared])
    card_states = after_interview.as_needed(col, promised, col.now())
    card_refs = col.bank.card_refs(card_states)
    places: dict[str, int] = {}
    for card in (card for card in shared if card.card in card_states):
        history, card_state = col.progress.history(card.card), card_states[card.card]
        missing = _missing(history, card.rows, col)
        waits = card_state is not promised[card.card] and _has_promise(clock, card, promised[card.card])
        if missing or waits or _suspend_there(card, history, card_state) is not None:
            places = places or {ref.id: n for n, ref in enumerate(introduction(col.bank.in_order()), 1)}
            ours = OurCard(card_state, history, card_refs[card.card].spoken, places[card.card], waits)
            yield _update(col, clock, card, ours, missing)


def _update(
    col: Collection, clock: AnkiClock, card: SharedCard, ours: OurCard, missing: Sequence[RevlogEntry]
) -> live.CardUpdate:
    """Rows that Anki lacks, and where the card stands after them: where Anki's own answer is the latest, its due day stays."""
    effective = [event for event in scheduler.effective(ours.history) if event.kind in doubles.REPEATED]
    there, memory = rows_there(ours.history, card.rows), ours.state.memory
    stands = None
    if ours.waits or (missing and effective[-1].id not in there):
        stands = schedule.schedule(ours.state, ours.place, col.preset, explains=ours.explains)
        if memory and memory.due_ms is None:
            stands = stands._replace(due=(memory.due_day - clock.first_day).days)
    undone = there.keys() & {event.target for event in ours.history if event.kind == "undo"}
    reset_ms = max((event.at_ms for event in effective if event.kind == "reset"), default=0)
    differs = any(event.id in undone and event.at_ms > reset_ms for event in ours.history)
    return live.CardUpdate(
        card.theirs.id,
        missing,
        stands,
        (memory.reps, memory.lapses) if memory and missing else None,
        live.Strength(memory.stability, memory.difficulty) if memory and differs else None,
        _suspend_there(card, ours.history, ours.state),
    )


def _suspend_there(card: SharedCard, history: Sequence[Event], card_state: CardState) -> bool | None:
    """What Anki has to be told of a card's suspension: what was decided here since the card last changed there; None: nothing."""
    differs = card_state.suspended != (card.theirs.queue == SUSPENDED)
    return card_state.suspended if differs and suspensions.decided_ms(history) > card.theirs.changed_s * 1000 else None


def _missing(history: Sequence[Event], theirs: Sequence[RevlogRow], col: Collection) -> list[RevlogEntry]:
    """Effective rows of ours that Anki's log does not have."""
    there = rows_there(history, theirs)
    present = {event.at_ms for event in history if event.id in there}
    effective = scheduler.effective(history)
    if all(event.id in there for event in effective if event.kind in doubles.REPEATED):
        return []
    card_state, answered, lone = CardState(), [], []
    for event in effective:
        card_state = scheduler.apply(card_state, event, col.preset)
        memory = card_state.memory
        if event.origin == ORIGIN and memory:
            event = event._replace(interval_after=max(0, (memory.due_day - event.study_day).days))
        elif event.origin == ORIGIN:  # of a card that is new here all along
            lone.append(RevlogEntry(event.at_ms, 0, 0, 0, 0, 0, schedule.RESET))
            continue
        answered.append(schedule.Answered(event, memory))
    entries = [*(entry for _, entry in schedule.reviews(answered)), *lone]
    return sorted(entry for entry in entries if entry.id not in present)


def _absent(col: Collection, shared: Among[str]) -> int:
    """Effective answers to cards of the banks that Anki does not have."""
    answered = {card: card_state.memory.reps for card, card_state in col.progress.all_standings() if card_state.memory}
    return sum(answered[card] for card in col.bank.live(set(answered).difference(shared)))
