"""One sitting as a value: what is shown, revealed, ticked, answered, undone, buried. Decides; writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from dlquiz import deck, draw, fresh, points, scheduler
from dlquiz.card import VERDICTS, Brief, Card, Event, FollowUp, KeyPoint, Moment, Note, Preset, Rating, Source, Standing

STEPS_AHEAD_MS = 20 * 60 * 1000  # with nothing else left, steps due within 20 minutes are shown at once


class Phase(StrEnum):
    QUESTION = "question"
    ANSWER = "answer"


class Sheet(NamedTuple):
    """All that is needed to show a card: what the bank says of it, and where it stands."""

    card: Card
    note: Note
    sources: tuple[Source, ...]
    content: tuple[str, str]  #: hash and text of what is shown
    standing: Standing
    previews: Mapping[Rating, int]  #: promised intervals: days, negative = seconds
    missed_before: frozenset[str] = frozenset()  #: key points not said last time
    seen: tuple[str, str] | None = None  #: what it said when it was last answered and says now, where they differ
    seed: str = ""  #: of practice: shuffles a choice card's answers

    @property
    def key_points(self) -> tuple[KeyPoint, ...]:
        """What can be ticked: a main card's points."""
        return self.note.key_points if self.card.explains else ()

    @property
    def follow_up(self) -> FollowUp | None:
        """The question that an interviewer asks next, another one at each repetition."""
        asked = self.note.follow_ups if self.card.explains else ()
        reps = self.standing.memory.reps if self.standing.memory else 0
        return asked[reps % len(asked)] if asked else None

    @property
    def options(self) -> list[str]:
        """What can be picked: of a claim yes and no, in this order; of a choice card its answers, shuffled anew at each repetition and
        under each seed, always the same for one.
        """
        if self.card.verdict:
            return list(VERDICTS)
        if not self.card.distractors:
            return []
        reps = self.standing.memory.reps if self.standing.memory else 0
        order = " ".join(filter(None, (self.card.id, str(reps), self.seed)))
        return draw.shuffled([self.card.back, *(each.text for each in self.card.distractors)], order)


class Session(NamedTuple):
    """A sitting; `sheet` is the card on the table."""

    queue: tuple[Brief, ...]
    later: tuple[tuple[int, Brief], ...] = ()  #: steps: instant in ms, card
    recent: tuple[Brief, ...] = ()
    cards_left: int | None = None  #: answers this sitting may still take
    sheet: Sheet | None = None
    phase: Phase = Phase.QUESTION
    said: frozenset[str] | None = None  #: ticked key points; None while neither tick nor 0 was pressed
    predicted: str | None = None
    given: str | None = None
    thought_ms: int | None = None
    undid: str = ""  #: shown after an undo, the kind of what was taken back: Space goes on without a rating
    mode: str = "reveal"
    answers: tuple[tuple[str, Rating, tuple[str, ...]], ...] = ()  #: card, rating, missed points
    forward: frozenset[str] = frozenset()  #: cards that are asked because a point they drill was missed

    @property
    def left(self) -> int:
        """Cards still to come, the one on the table included."""
        count = len(self.queue) + len(self.later) + (self.sheet is not None)
        return count if self.cards_left is None else min(count, self.cards_left)

    @property
    def brief(self) -> Brief | None:
        card = self.sheet.card if self.sheet else None
        return Brief(card.id, card.note, card.topic, card.kind, bool(card.drills)) if card else None


def start(queue: deck.Queue, cards: int | None = None) -> Session:
    return Session(queue=queue.cards, later=queue.later, cards_left=cards, forward=queue.forward)


def requeued(session: Session, queue: deck.Queue) -> Session:
    """The sitting goes on with a queue made anew, after an answer that changes what today should ask."""
    near, far = queue.cards[: deck.LOOK_AHEAD], queue.cards[deck.LOOK_AHEAD :]
    cards = (*deck.arranged(near, session.recent), *far)
    return session._replace(queue=cards, later=queue.later, forward=session.forward | queue.forward)


def choose(session: Session, moment: Moment) -> tuple[Session, Brief | None]:
    """The next card, taken out of the waiting ones; None when the sitting is over.

    A step that came due goes first, then the queue; with nothing else left, a step due within twenty minutes.
    """
    cleared = session._replace(
        sheet=None, phase=Phase.QUESTION, said=None, predicted=None, given=None, thought_ms=None, undid=""
    )
    if session.cards_left is not None and session.cards_left <= 0:
        return cleared, None
    later = sorted(session.later, key=lambda row: row[0])
    horizon = moment.at_ms + (0 if session.queue else STEPS_AHEAD_MS)
    if later and later[0][0] <= horizon:
        return cleared._replace(later=tuple(later[1:])), later[0][1]
    if not session.queue:
        return cleared, None
    if session.recent and session.recent[-1].note == session.queue[0].note:
        first, *rest = deck.arranged(session.queue[: deck.LOOK_AHEAD], session.recent)
        queue = [first, *rest, *session.queue[deck.LOOK_AHEAD :]]
    else:
        queue = list(session.queue)
    return cleared._replace(queue=tuple(queue[1:])), queue[0]


def show(session: Session, sheet: Sheet, mode: str) -> Session:
    """Put a card on the table, question up."""
    return session._replace(sheet=sheet, phase=Phase.QUESTION, mode=mode, later=_without(session.later, sheet.card.id))


def reveal(session: Session, thought_ms: int) -> Session:
    """Turn the card over."""
    return session._replace(phase=Phase.ANSWER, thought_ms=thought_ms)


def predict(session: Session, predicted: str) -> Session:
    """Note how sure the user is before seeing the answer: no, half or sure."""
    return session._replace(predicted=predicted)


def give(session: Session, given: str) -> Session:
    """Note what was typed or picked."""
    return session._replace(given=given)


def tick(session: Session, letter: str) -> Session:
    """Tick or untick a key point by its letter; `0` ticks none of them. A letter without a point changes nothing."""
    if letter == "0":
        return session._replace(said=frozenset())
    shown = session.sheet.key_points if session.sheet else ()
    place = points.LETTERS.find(letter)
    if not 0 <= place < len(shown):
        return session
    return session._replace(said=(session.said or frozenset()) ^ {shown[place].id})


def suggestion(session: Session) -> Rating | None:
    """What Enter takes: the rating that the ticks suggest, once a tick or 0 was pressed."""
    if session.sheet is None or session.said is None or not session.sheet.key_points:
        return None
    return points.suggested(session.sheet.key_points, session.said)


def answer(session: Session, rating: Rating, moment: Moment, preset: Preset, took_ms: int) -> tuple[Session, Event]:
    """Rate the card on the table: the row for the log, with the interval that was promised on the screen."""
    sheet = _on_table(session)
    event = scheduler.review(
        sheet.standing.memory, sheet.card.id, rating, moment, preset, interval=sheet.previews[rating]
    )
    event = event._replace(
        mode=session.mode, predicted=session.predicted, thought_ms=session.thought_ms, took_ms=took_ms,
        content=sheet.content[0], params=fresh.params(sheet.card.numbers), given=session.given,
    )  # fmt: skip
    missing = () if session.said is None else tuple(each.id for each in points.missed(sheet.key_points, session.said))
    brief = session.brief
    after = session._replace(
        answers=(*session.answers, (sheet.card.id, rating, missing)),
        cards_left=None if session.cards_left is None else session.cards_left - 1,
        recent=(*session.recent, *([brief] if brief else []))[-deck.SIBLING_GAP :],
    )
    return after, event


def all_said(session: Session) -> bool:
    """Was every key point ticked?"""
    shown = session.sheet.key_points if session.sheet else ()
    return bool(shown) and session.said is not None and len(session.said) == len(shown)


def point_results(session: Session) -> dict[str, bool]:
    """Every key point that was shown, said or not; nothing when neither a tick nor 0 was pressed."""
    if session.said is None or session.sheet is None:
        return {}
    return {point.id: point.id in session.said for point in session.sheet.key_points}


def settled(session: Session, brief: Brief, standing: Standing) -> Session:
    """After the answer is written: a card that stands in steps comes back in this sitting."""
    memory = standing.memory
    if memory is None or memory.due_ms is None:
        return session
    return session._replace(later=(*_without(session.later, brief.id), (memory.due_ms, brief)))


def put_aside(session: Session) -> Session:
    """Leave the card on the table unanswered, for the end of the queue."""
    brief = session.brief
    return session._replace(queue=(*session.queue, brief)) if brief else session


def drop(session: Session, cards: Sequence[str]) -> Session:
    """Take cards out of the sitting: buried or suspended."""
    gone = set(cards)
    return session._replace(
        queue=tuple(card for card in session.queue if card.id not in gone),
        later=tuple(row for row in session.later if row[1].id not in gone),
    )


def undone(session: Session, sheet: Sheet, event: Event, said: frozenset[str] | None) -> Session:
    """After an undo: that card's answer is on the table again, the card that lay there waits on top of the queue.

    Args:
        session: The sitting.
        sheet: The card whose event was taken back.
        event: What was taken back.
        said: Key points that had been ticked.
    """
    lying = session.brief
    queue = tuple(card for card in session.queue if card.id != sheet.card.id)
    if lying and lying.id != sheet.card.id:
        queue = (lying, *queue)
    answers, left = session.answers, session.cards_left
    if answers and event.kind == "review" and answers[-1][0] == sheet.card.id:
        answers = answers[:-1]
        left = None if left is None else left + 1
    return session._replace(
        queue=queue, later=_without(session.later, sheet.card.id), sheet=sheet, phase=Phase.ANSWER, said=said,
        predicted=event.predicted, given=event.given if event.kind == "review" else None, thought_ms=event.thought_ms,
        mode=event.mode or "reveal", undid=event.kind, answers=answers, cards_left=left,
    )  # fmt: skip


def _on_table(session: Session) -> Sheet:
    if session.sheet is None:
        raise ValueError("no card is on the table")
    return session.sheet


def _without(later: Sequence[tuple[int, Brief]], card: str) -> tuple[tuple[int, Brief], ...]:
    return tuple(row for row in later if row[1].id != card)
