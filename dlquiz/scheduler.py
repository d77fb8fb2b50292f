"""Memory + rating + moment + preset -> memory and interval: steps, lapses, leeches, the four previews, the folding of a log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from dlquiz import fsrs, rng
from dlquiz.card import CardState, Event, Memory, Moment, Preset, Rating, State

DEFAULT = Preset(weights=fsrs.DEFAULT_WEIGHTS)
LEECH_LAPSES = 8  # Anki's default
STEPS = (State.LEARNING, State.RELEARNING)
HARD_STEP = 1.5  # Anki's: with a single step, hard waits half as long again
_kind = attrgetter("kind")
# Anki's fuzz ranges: (from day, to day, share of the days between them that is added to the width)
FUZZ_BANDS = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, float("inf"), 0.05))


def previews(
    memory: Memory | None,
    card: str,
    moment: Moment,
    preset: Preset,
    *,
    explains: bool = False,
    cap_days: int | None = None,
) -> dict[Rating, int]:
    """The interval that each rating gives now: days, negative = seconds. What is shown is what the key then gives.

    In review hard < good < easy, as far as the maximum interval and `cap_days`, the days until an interview, allow.
    """
    steps = _steps(memory, preset, explains)
    intervals: dict[Rating, int] = {}
    floor = 0
    for rating in Rating:
        wait = _step_wait(memory, rating, steps, explains)
        if wait is not None:
            intervals[rating] = -wait
            continue
        days = _days(memory, card, rating, moment, preset, at_least=floor + 1)
        intervals[rating] = days if cap_days is None else min(days, cap_days)
        if rating > Rating.AGAIN:
            floor = days
    return intervals


def review(memory: Memory | None, card: str, rating: Rating, moment: Moment, preset: Preset, *, interval: int) -> Event:
    """The log row of an answer whose interval was promised by `previews`; not yet stamped with id and device."""
    return Event(
        kind="review",
        card=card,
        at_ms=moment.at_ms,
        study_day=moment.day,
        utc_offset_min=moment.utc_offset_min,
        rating=rating,
        state_before=memory.state if memory else State.NEW,
        interval_before=memory.interval if memory else 0,
        interval_after=interval,
        preset=preset.hash,
    )


def is_leech(memory: Memory) -> bool:
    """Lapsed so often that the card itself, or what it rests on, needs work."""
    return memory.lapses >= LEECH_LAPSES


def overdue(memory: Memory, moment: Moment) -> bool:
    """Is the card due by now? A step further ahead than was promised means that the clock was set back: it is due."""
    if memory.due_ms is not None:
        return memory.due_ms <= moment.at_ms or memory.due_ms - moment.at_ms > -1000 * memory.interval
    return memory.due_day <= moment.day


def apply(card_state: CardState, event: Event, preset: Preset) -> CardState:
    """The card state after one more effective event. Undo rows are not handled here: see `fold`."""
    after = _after(card_state, event, preset)
    return after._replace(last_event=event.id, last_ms=max(event.at_ms, card_state.last_ms or 0))


def fold(events: Iterable[Event], preset: Preset) -> CardState:
    """A card's state from its whole history. Undone rows are removed first, wherever they sort.

    Args:
        events: All rows of the card, in the order they were inserted; they are folded in the order of (at_ms, id).
        preset: The active preset: stability and difficulty follow from it, due days from the rows alone.
    """
    history = list(events)
    if not history:
        return CardState()
    ordered = _ordered(history)
    runs: Iterable[tuple[str, Iterable[Event]]] = [("review", ordered)]
    if set(map(_kind, ordered)) != {"review"}:  # most cards have reviews alone: a million rows are folded 4 % quicker
        runs = groupby(_effective(ordered), key=_kind)
    card_state = CardState()
    for kind, run in runs:
        if kind == "review":
            card_state = CardState(_remember(card_state.memory, run, preset), card_state.suspended)
        else:
            for event in run:
                card_state = _after(card_state, event, preset)
    return card_state._replace(last_event=history[-1].id, last_ms=ordered[-1].at_ms)


def effective(events: Sequence[Event]) -> list[Event]:
    """A card's rows in the order of folding, without undone rows and the undo rows themselves."""
    return _effective(_ordered(events))


def _ordered(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=attrgetter("at_ms", "id"))


def _effective(ordered: list[Event]) -> list[Event]:
    undone = {event.target for event in ordered if event.kind == "undo"}
    return [event for event in ordered if event.kind != "undo" and event.id not in undone] if undone else ordered


def _after(card_state: CardState, event: Event, preset: Preset) -> CardState:
    """What an event does to memory, suspending and burying."""
    match event.kind:
        case "review":
            return CardState(_remember(card_state.memory, (event,), preset), card_state.suspended)
        case "reset":
            return CardState(None, card_state.suspended)
        case "suspend":
            return card_state._replace(suspended=True)
        case "unsuspend":
            return card_state._replace(suspended=False)
        case "bury":
            return card_state._replace(buried_on=event.study_day)
        case "reschedule" if card_state.memory and event.interval_after is not None:
            due_day = event.study_day + timedelta(days=max(0, event.interval_after))
            memory = card_state.memory._replace(state=State.REVIEW, due_day=due_day, due_ms=None)
            return card_state._replace(memory=memory._replace(interval=max(0, event.interval_after)))
        case _:
            return card_state  # attempt, flag, remark: told in the log, no part of memory


def _remember(memory: Memory | None, reviews: Iterable[Event], preset: Preset) -> Memory:
    """Memory after review rows; stability and difficulty under `preset`, due as the last row promised.

    One loop over plain values, a Memory only at its end: a million rows are folded twice as fast.
    """
    weights, following = preset.weights, fsrs.under(preset.weights)
    again, new, in_review = Rating.AGAIN, State.NEW, State.REVIEW  # an enum's members are slow to look up, row by row
    state, step, reps, lapses = new, 0, 0, 0
    if memory:
        state, stability, difficulty, _, _, last_day, _, _, step, reps, lapses = memory
    at_ms, wait = 0, 0
    for event in reviews:
        rating, interval, day = event.rating, event.interval_after, event.study_day
        if rating is None or interval is None:
            raise ValueError(f"review {event.id} has no rating or interval")
        if state is new:
            stability, difficulty = fsrs.first(rating, weights)
        else:
            stability, difficulty = following(stability, difficulty, (day - last_day).days, rating)
        if rating is again and state is in_review:
            lapses += 1
        if interval >= 0:
            state, step = in_review, 0
        elif state is in_review:
            state, step = State.RELEARNING, 0
        else:
            state = State.LEARNING if state is new else state
            step = 0 if rating is again else step + (rating is Rating.GOOD)
        reps += 1
        last_day, at_ms, wait = day, event.at_ms, interval
    return Memory(
        state=state, stability=stability, difficulty=difficulty, due_day=last_day + timedelta(days=max(0, wait)),
        interval=wait, last_day=last_day, last_ms=at_ms, due_ms=at_ms - 1000 * wait if wait < 0 else None,
        step=step, reps=reps, lapses=lapses,
    )  # fmt: skip


def _steps(memory: Memory | None, preset: Preset, explains: bool) -> tuple[int, ...]:
    """Seconds of each step that the card goes through now."""
    if memory and memory.state in (State.REVIEW, State.RELEARNING):
        return preset.relearning_steps
    return preset.explain_steps if explains else preset.learning_steps


def _step_wait(memory: Memory | None, rating: Rating, steps: tuple[int, ...], explains: bool) -> int | None:
    """Seconds until the next step, or None when the rating leads to review."""
    if not steps or rating is Rating.EASY:
        return None
    if rating is Rating.AGAIN:
        return steps[0]
    if memory and memory.state is State.REVIEW:
        return None
    if explains:
        return None  # a second explanation ten minutes later adds nothing to stability
    at = min(memory.step, len(steps) - 1) if memory else 0
    if rating is Rating.GOOD:
        return steps[at + 1] if at + 1 < len(steps) else None
    if at > 0:
        return steps[at]
    return round((steps[0] + steps[1]) / 2) if len(steps) > 1 else round(steps[0] * HARD_STEP)


def _days(memory: Memory | None, card: str, rating: Rating, moment: Moment, preset: Preset, *, at_least: int) -> int:
    """Days until the next review: the FSRS interval, fuzzed by a draw determined by card and repetition."""
    if memory is None:
        stability, _ = fsrs.first(rating, preset.weights)
    else:
        elapsed = max(0, (moment.day - memory.last_day).days)
        stability, _ = fsrs.following(memory.stability, memory.difficulty, elapsed, rating, preset.weights)
    days = _fuzzed(stability, card, memory.reps if memory else 0, preset)
    return min(max(days, at_least, 1), preset.maximum_interval)


def usual_interval(stability: float, card: str, reps: int, preset: Preset) -> int:
    """Days after its last answer that a card would have been promised if nothing had capped them.

    Args:
        stability: After that answer, in days.
        card: Its id.
        reps: Its answers, that one included.
        preset: Retention, weights, longest interval.
    """
    return max(1, _fuzzed(stability, card, reps - 1, preset))


def _fuzzed(stability: float, card: str, reps: int, preset: Preset) -> int:
    low, high = fuzz_range(
        fsrs.interval_days(stability, preset.desired_retention, preset.weights), preset.maximum_interval
    )
    return low + int(rng.draw(card, reps) * (high - low + 1))


def fuzz_range(interval: float, maximum: int) -> tuple[int, int]:
    """Lowest and highest day, both inclusive, among which the fuzz chooses; the bands are Anki's, none below 2.5 days."""
    rounded = min(max(round(interval), 1), maximum)
    if interval < FUZZ_BANDS[0][0]:
        return rounded, rounded
    width = 1.0 + sum(share * max(0.0, min(interval, end) - start) for start, end, share in FUZZ_BANDS)
    low, high = max(2, round(interval - width)), round(interval + width)
    return min(low, maximum), min(high, maximum)


def current_recall(memory: Memory, day: date, preset: Preset) -> float:
    """Chance in 0..1 of recalling the card on a study day."""
    return fsrs.retrievability(max(0, (day - memory.last_day).days), memory.stability, preset.weights)


def hidden(card_state: CardState, day: date) -> bool:
    """Suspended, or buried until the next study day."""
    return card_state.suspended or card_state.buried_on == day
