"""One sitting as a value: what is shown, revealed, ticked, answered, undone, buried. Decides; writes nothing."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from dlquiz import deck, points, rng, scheduler, typed_answer, variants
from dlquiz.card import (
    VERDICTS,
    Card,
    CardRef,
    CardState,
    Event,
    FollowUp,
    Judgement,
    KeyPoint,
    Moment,
    Note,
    Preset,
    Rating,
    Source,
)
from dlquiz.card import Verdict as Recognised

TOOK_AWAY = ("review", "bury", "suspend")  # what takes a card off the table; undone, it brings the card back
STEPS_AHEAD_MS = 20 * 60 * 1000  # with nothing else left, steps due within 20 minutes are shown at once


class Phase(StrEnum):
    QUESTION = "question"
    ANSWER = "answer"


class CardView(NamedTuple):
    """All that is needed to show a card: what the bank says of it, and where it stands."""

    card: Card
    note: Note
    sources: tuple[Source, ...]
    content: tuple[str, str]  #: hash and text of what is shown
    card_state: CardState
    previews: Mapping[Rating, int]  #: promised intervals: days, negative = seconds
    missed_before: frozenset[str] = frozenset()  #: key points not said last time
    seen: tuple[str, str] | None = None  #: what it said when it was last answered and says now, where they differ
    seed: str = ""  #: of practice: shuffles a choice card's answers
    remark: str = ""  #: the user's own, shown with the answer
    pictures: tuple[str, ...] = ()  #: paths from the bank's folder
    pictures_asked: int = 0  #: so many of them, the first ones, stand in the question

    @property
    def key_points(self) -> tuple[KeyPoint, ...]:
        """What can be ticked: a main card's points."""
        return self.note.key_points if self.card.explains else ()

    @property
    def options(self) -> list[str]:
        """What can be picked: of a claim yes and no, in this order; of a choice card its answers, shuffled anew at each repetition and
        under each seed, always the same for one.
        """
        if self.card.verdict:
            return list(VERDICTS)
        if not self.card.distractors:
            return []
        reps = self.card_state.memory.reps if self.card_state.memory else 0
        order = " ".join(filter(None, (self.card.id, str(reps), self.seed)))
        return rng.shuffled([self.card.back, *(wrong.text for wrong in self.card.distractors)], order)


class Counts(NamedTuple):
    """Cards still to come in this sitting, the one on the table included: Anki's three numbers."""

    new: int
    learning: int
    due: int
    current: str  #: the kind of the card on the table: "new", "learning" or "due"


class Session(NamedTuple):
    """A sitting; `card_view` is the card on the table."""

    queue: tuple[CardRef, ...]
    later: tuple[tuple[int, CardRef], ...] = ()  #: steps: instant in ms, card
    recent: tuple[CardRef, ...] = ()
    cards_left: int | None = None  #: answers this sitting may still take
    card_view: CardView | None = None
    phase: Phase = Phase.QUESTION
    said: frozenset[str] | None = None  #: ticked key points; None while neither tick nor 0 was pressed
    predicted: str | None = None
    given: str | None = None
    listens: bool = False  #: what is said to the card on the table is recorded and judged
    transcript: str | None = None  #: what was understood of it; never kept
    thought_ms: int | None = None
    undid: str = ""  #: shown after an undo, the kind of what was taken back: Space goes on without a rating
    mode: str = "reveal"
    answers: tuple[tuple[str, Rating, tuple[str, ...]], ...] = ()  #: card, rating, missed points
    heard: tuple[Judgement | None, ...] = ()  #: what a judge said of each key point; empty where none judged
    judge: str = ""  #: which judge: the rubric's version, or the user's own command
    credited: tuple[str, str] | None = (
        None  #: a key point, and the words by which it was counted as said for the second time
    )
    unasked: frozenset[str] = frozenset()  #: unsure key points that the user has not decided yet
    forward: frozenset[str] = frozenset()  #: cards that are asked because a point they drill was missed
    turned: frozenset[str] = frozenset()  #: cards that were buried or suspended with their answer on the screen

    @property
    def left(self) -> int:
        """Cards still to come, the one on the table included."""
        count = len(self.queue) + len(self.later) + (self.card_view is not None)
        return count if self.cards_left is None else min(count, self.cards_left)

    @property
    def words(self) -> str | None:
        """What was written, or understood of what was said."""
        return self.given if self.transcript is None else self.transcript

    @property
    def card_ref(self) -> CardRef | None:
        card = self.card_view.card if self.card_view else None
        return CardRef(card.id, card.note, card.topic, card.kind, bool(card.drills)) if card else None


def start(queue: deck.Queue, cards: int | None = None) -> Session:
    return Session(queue=queue.cards, later=queue.later, cards_left=cards, forward=queue.forward)


def requeued(session: Session, queue: deck.Queue) -> Session:
    """Continue the sitting with a new queue, after an answer that changes what today should ask."""
    near, far = queue.cards[: deck.LOOK_AHEAD], queue.cards[deck.LOOK_AHEAD :]
    cards = (*deck.arranged(near, session.recent), *far)
    return session._replace(queue=cards, later=queue.later, forward=session.forward | queue.forward)


def choose(session: Session, moment: Moment) -> tuple[Session, CardRef | None]:
    """The next card, removed from the waiting ones; None when the sitting is over.

    A step that came due goes first, then the queue; with nothing else left, a step due within twenty minutes.
    """
    cleared = session._replace(
        card_view=None, phase=Phase.QUESTION, said=None, predicted=None, given=None, thought_ms=None, undid="",
        listens=False, transcript=None, heard=(), judge="", unasked=frozenset(), credited=None,
    )  # fmt: skip
    if session.cards_left is not None and session.cards_left <= 0:
        return cleared, None
    later = sorted(session.later, key=lambda step: step[0])
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


def show(session: Session, card_view: CardView, mode: str, *, listens: bool = False) -> Session:
    """Put a card on the table, question up."""
    return session._replace(
        card_view=card_view,
        phase=Phase.QUESTION,
        mode=mode,
        listens=listens,
        later=_without(session.later, card_view.card.id),
    )


def reveal(session: Session, thought_ms: int) -> Session:
    """Turn the card over."""
    return session._replace(phase=Phase.ANSWER, thought_ms=thought_ms)


def predict(session: Session, predicted: str) -> Session:
    """Record how sure the user is before seeing the answer: no, half or sure."""
    return session._replace(predicted=predicted)


def give(session: Session, given: str) -> Session:
    """Record what was typed or picked."""
    return session._replace(given=given)


def tick(session: Session, letter: str) -> Session:
    """Tick or untick a key point by its letter; `0` ticks none of them. A letter without a point changes nothing."""
    if letter == "0":
        return session._replace(said=frozenset(), unasked=frozenset())
    key_points = session.card_view.key_points if session.card_view else ()
    index = points.LETTERS.find(letter)
    if not 0 <= index < len(key_points):
        return session
    point = key_points[index].id
    return session._replace(said=(session.said or frozenset()) ^ {point}, unasked=session.unasked - {point})


def hear(session: Session, judgements: Sequence[Judgement | None], judge: str) -> Session:
    """Apply a judge's verdicts on the written answer: key points it found are ticked, the user is asked about unsure ones."""
    by_verdict = {
        verdict: frozenset(judgement.point for judgement in judgements if judgement and judgement.verdict is verdict)
        for verdict in Recognised
    }
    return session._replace(
        heard=tuple(judgements), judge=judge, said=by_verdict[Recognised.FOUND], unasked=by_verdict[Recognised.UNSURE]
    )


def asked_about(session: Session) -> str:
    """The letter of the first unsure key point that the user has not decided yet; "" for none."""
    key_points = session.card_view.key_points if session.card_view else ()
    return next(
        (letter for letter, point in zip(points.LETTERS, key_points, strict=False) if point.id in session.unasked), ""
    )


def decide(session: Session, *, said: bool) -> Session:
    """Apply the user's decision on the unsure key point being asked about."""
    letter = asked_about(session)
    if not letter or session.card_view is None:
        return session
    point = session.card_view.key_points[points.LETTERS.index(letter)].id
    ticked = (session.said or frozenset()) | {point} if said else session.said
    return session._replace(said=ticked, unasked=session.unasked - {point})


def verdicts(session: Session) -> dict[str, str]:
    """The judge's verdict on each key point, for the log."""
    return {judgement.point: str(judgement.verdict) for judgement in session.heard if judgement}


def suggestion(session: Session) -> Rating | None:
    """What Enter takes: the rating that the ticks suggest, once a tick or 0 was pressed; else good for a right answer that was typed or
    picked, again for a wrong pick.
    """
    card_view = session.card_view
    if card_view is None:
        return None
    if session.said is not None and card_view.key_points:
        return points.suggested(card_view.key_points, session.said)
    right = judged(session)
    return None if right is None else Rating.GOOD if right else Rating.AGAIN


def unsaid_musts(session: Session) -> int:
    """The number of musts left unticked; 0 when neither a tick nor 0 was pressed."""
    if session.said is None or session.card_view is None:
        return 0
    return sum(point.must for point in points.missed(session.card_view.key_points, session.said))


def judged(session: Session) -> bool | None:
    """Is what was typed or picked right? None where nothing was, or where it can't be told."""
    if session.card_view is None or session.given is None or session.card_view.card.explains:
        return None
    return typed_answer.is_right(session.given, session.card_view.card)


def follow_up(session: Session) -> FollowUp | None:
    """The one question that is asked after a main card: the one nearest to a must that was missed, now or last time; else another one at
    each repetition.
    """
    card_view = session.card_view
    asked = card_view.note.follow_ups if card_view and card_view.card.explains else ()
    if card_view is None or not asked:
        return None
    if session.said is None:
        missing = [point for point in card_view.key_points if point.id in card_view.missed_before]
    else:
        missing = points.missed(card_view.key_points, session.said)
    probe = points.probing(asked, missing)
    if probe:
        return probe
    reps = card_view.card_state.memory.reps if card_view.card_state.memory else 0
    return asked[reps % len(asked)]


def counts(session: Session, states: Mapping[str, CardState]) -> Counts:
    """How many cards of each kind are still to come.

    Args:
        session: The sitting.
        states: The states of the cards in its queue; a missing one is new.
    """
    kinds = [_kind(states.get(card_ref.id)) for card_ref in session.queue]
    current = _kind(session.card_view.card_state) if session.card_view else ""
    kinds = [*kinds, *("learning" for _ in session.later), current]
    return Counts(kinds.count("new"), kinds.count("learning"), kinds.count("due"), current)


def _kind(card_state: CardState | None) -> str:
    if card_state is None or card_state.memory is None:
        return "new"
    return "due" if card_state.memory.due_ms is None else "learning"


def answer(session: Session, rating: Rating, moment: Moment, preset: Preset, took_ms: int) -> tuple[Session, Event]:
    """Rate the card on the table: the row for the log, with the interval that was promised on the screen."""
    card_view = _on_table(session)
    event = scheduler.review(
        card_view.card_state.memory, card_view.card.id, rating, moment, preset, interval=card_view.previews[rating]
    )
    event = event._replace(
        mode=session.mode, predicted=session.predicted, thought_ms=session.thought_ms, took_ms=took_ms,
        content=card_view.content[0], params=variants.params(card_view.card.numbers), given=session.given,
    )  # fmt: skip
    missing = (
        () if session.said is None else tuple(point.id for point in points.missed(card_view.key_points, session.said))
    )
    return _answered(session, rating, missing), event


def expected(session: Session, moment: Moment) -> tuple[Session, CardRef | None]:
    """The next card, as `choose` has it, if the one on the table is rated good and nothing else changes."""
    after, card_ref, wait = _answered(session, Rating.GOOD), session.card_ref, _on_table(session).previews[Rating.GOOD]
    if card_ref and wait < 0:
        after = after._replace(later=(*after.later, (moment.at_ms - 1000 * wait, card_ref)))
    return choose(after, moment)


def _answered(session: Session, rating: Rating, missing: tuple[str, ...] = ()) -> Session:
    """One answer later."""
    card_ref = session.card_ref
    return session._replace(
        answers=(*session.answers, (_on_table(session).card.id, rating, missing)),
        cards_left=None if session.cards_left is None else session.cards_left - 1,
        recent=(*session.recent, *([card_ref] if card_ref else []))[-deck.SIBLING_GAP :],
    )


def all_said(session: Session) -> bool:
    """Is every key point ticked?"""
    key_points = session.card_view.key_points if session.card_view else ()
    return bool(key_points) and session.said is not None and len(session.said) == len(key_points)


def point_results(session: Session) -> dict[str, bool]:
    """Every key point that was shown, ticked or not; nothing when neither a tick nor 0 was pressed."""
    if session.said is None or session.card_view is None:
        return {}
    return {point.id: point.id in session.said for point in session.card_view.key_points}


def settled(session: Session, card_ref: CardRef, card_state: CardState) -> Session:
    """After the answer is written: a card in steps comes back in this sitting."""
    memory = card_state.memory
    if memory is None or memory.due_ms is None:
        return session
    return session._replace(later=(*_without(session.later, card_ref.id), (memory.due_ms, card_ref)))


def put_aside(session: Session) -> Session:
    """Move the card on the table, unanswered, to the end of the queue."""
    card_ref = session.card_ref
    return session._replace(queue=(*session.queue, card_ref)) if card_ref else session


def drop(session: Session, cards: Sequence[str]) -> Session:
    """Remove cards from the sitting: buried or suspended ones."""
    gone = frozenset(cards)
    seen = gone & {session.card_view.card.id} if session.card_view and session.phase is Phase.ANSWER else frozenset()
    return session._replace(
        turned=(session.turned - gone) | seen,
        queue=tuple(card for card in session.queue if card.id not in gone),
        later=tuple(entry for entry in session.later if entry[1].id not in gone),
    )


def undone(session: Session, card_view: CardView, event: Event, said: frozenset[str] | None) -> Session:
    """After an undo: that card is on the table again, and the card that was there waits on top of the queue.

    It shows its answer if an answer was undone, or if it was put away with its answer on the screen; else its question. Undoing
    anything but an answer of the card on the table leaves the card as it is; what took no card away (a remark, say) puts none
    on the table.

    Args:
        session: The sitting.
        card_view: The card whose event was taken back.
        event: What was taken back.
        said: Key points that had been ticked.
    """
    lying = session.card_ref
    answered = event.kind == "review"
    if lying and lying.id == card_view.card.id and not answered:
        return session._replace(card_view=card_view)
    if lying and event.kind not in TOOK_AWAY:
        return session
    queue = tuple(card for card in session.queue if card.id != card_view.card.id)
    if lying and lying.id != card_view.card.id:
        queue = (lying, *queue)
    answers, cards_left = session.answers, session.cards_left
    up = answered or card_view.card.id in session.turned
    if answers and answered and answers[-1][0] == card_view.card.id:
        answers = answers[:-1]
        cards_left = None if cards_left is None else cards_left + 1
    return session._replace(
        queue=queue, later=_without(session.later, card_view.card.id), card_view=card_view,
        phase=Phase.ANSWER if up else Phase.QUESTION, said=said, predicted=event.predicted,
        given=event.given if answered else None, thought_ms=event.thought_ms,
        mode=event.mode or "reveal", undid=event.kind if up else "", answers=answers, cards_left=cards_left,
        listens=False, transcript=None, heard=(), judge="", unasked=frozenset(), credited=None,
    )  # fmt: skip


def _on_table(session: Session) -> CardView:
    if session.card_view is None:
        raise ValueError("no card is on the table")
    return session.card_view


def _without(later: Sequence[tuple[int, CardRef]], card: str) -> tuple[tuple[int, CardRef], ...]:
    return tuple(entry for entry in later if entry[1].id != card)
