"""How a mock interview begins, which notes it asks and what of them; and how one that was left is taken up again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dlquiz import interview, scheduler
from dlquiz.bank import select
from dlquiz.card import FollowUp, KeyPoint, Moment, Note
from dlquiz.card import InterviewRow as Row
from dlquiz.collection import Collection, interview_records, open_interview
from dlquiz.collection.open_interview import OpenInterview
from dlquiz.errors import UsageError
from dlquiz.interview import InterviewSettings, Question, choice, saved


def begin(
    col: Collection, settings: InterviewSettings, selected: select.Selection | None, moment: Moment
) -> OpenInterview:
    """Choose the questions and keep the interview.

    Raises:
        UsageError: There is nothing to ask.
    """
    notes = _asked_of(col, selected, moment)
    candidates = _candidates(col, notes, moment)
    if not candidates:
        raise UsageError(_nothing(col, notes, selected))
    chosen = choice.choose(candidates, settings.questions, settings.seed)
    state = interview.begin(settings, [_question(col, col.bank.note(asked.note), settings.seed) for asked in chosen])
    texts = saved.save(state)
    row = Row("", moment.at_ms, "", texts.seed, texts.settings, texts.state)
    return OpenInterview(col, col.log.begin_interview(row))


def resume(col: Collection, number: int | None = None, *, typed: bool = False) -> OpenInterview:
    """An interview that was left unfinished; with `typed` its answers are written from here on.

    Args:
        col: Where it is kept.
        number: Which, where there are several: 1 is the newest.
        typed: Are its answers written from here on?

    Raises:
        NothingToResumeError: There is none.
        UsageError: There are several and none was named, or there is none of that number.
        StoreError: What was kept can't be read.
    """
    resumed = OpenInterview(col, interview_records.unfinished_number(col, number).row)
    state = interview.renamed(resumed.state, col.bank.current)
    resumed.keep(state._replace(settings=state.settings._replace(typed=typed or state.settings.typed)))
    return resumed


def _asked_of(col: Collection, selected: select.Selection | None, moment: Moment) -> list[str]:
    """The notes that were selected; where none were, those that the plan is about, as long as the interview lies ahead."""
    if selected:
        return [note for note in col.bank.note_ids() if note in selected.all_notes]
    notes = col.bank.note_ids()
    if not col.scope.label or col.days_left(moment) is None:
        return notes
    card_refs = col.bank.card_refs(notes)
    return [note for note in notes if col.scope.holds(card_refs[note])]


def _candidates(col: Collection, notes: Sequence[str], moment: Moment) -> list[choice.Candidate]:
    """Those of the notes that may be asked: with key points, for an answer is compared by them, and the main card not suspended."""
    card_states = col.card_states(notes)
    results = col.progress.point_results()
    ticked = {col.bank.current(point): yes for point, (yes, _) in results.items()}
    candidates = []
    for name, card_ref in col.bank.card_refs(notes).items():
        card_state = card_states.get(name)
        if not card_ref.spoken or (card_state and card_state.suspended):
            continue
        note = col.bank.note(name)
        memory = card_state.memory if card_state else None
        recall = scheduler.current_recall(memory, moment.day, col.preset) if memory else None
        missed = _missed(note.key_points, ticked)
        candidates.append(choice.Candidate(name, note.topic, note.difficulty, recall, missed, note.asked))
    return candidates


def _nothing(col: Collection, notes: Sequence[str], selected: select.Selection | None) -> str:
    """Why there is nothing to ask, and what to do."""
    if not col.bank.note_ids():
        return "these banks have no question; add one with --bank PATH, or leave out --no-builtin"
    of = f" of {selected.label}" if selected else ""
    if not any(card_ref.spoken for card_ref in col.bank.card_refs(notes).values()):
        instead = "name another topic" if selected else "leave out --no-builtin to be asked ours"
        return (
            f"no question{of} has key points, and by them an interview compares what you said; `dlquiz edit ID` to add"
            f" some, or {instead}"
        )
    return f"every question{of} with key points is suspended; `dlquiz unsuspend ID` brings one back"


def _missed(points: tuple[KeyPoint, ...], ticked: Mapping[str, bool]) -> float | None:
    """Share of the key points, musts twice, that were not said the last time they were shown."""
    counts = [(1 + point.must, ticked[point.id]) for point in points if point.id in ticked]
    return sum(count for count, yes in counts if not yes) / sum(count for count, _ in counts) if counts else None


def _question(col: Collection, note: Note, seed: str) -> Question:
    """A note as it will be asked; a must that was missed the last time is asked about among its follow-ups."""
    missed = {col.bank.current(point) for point, (ticked, _) in col.progress.point_results().items() if not ticked}
    musts = [point.id for point in note.key_points if point.must and point.id in missed]
    card = open_interview.card_to_probe(col, musts) if musts else None
    follow_ups = choice.follow_ups(note.follow_ups, note.id, seed)
    forms = dict(note.forms)
    if card:
        follow_ups = (FollowUp(card.front, card.back), *follow_ups[:1])
        forms |= card.forms
    return Question(
        note.id,
        note.topic,
        note.question,
        note.short or note.answer,
        note.key_points,
        follow_ups,
        forms,
    )
