"""One mock interview that is open: kept after every step, its answers judged and logged as attempts, its report written."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from dlquiz import files, interview, scheduler, store
from dlquiz.card import CLAIM, Card, Event, FollowUp, Judgement, Moment
from dlquiz.card import InterviewRow as Row
from dlquiz.collection import Collection, interview_records
from dlquiz.errors import StaleError, StoreError
from dlquiz.interview import Interview, Question, saved, verdict, wording

# Kinds of cards whose front is a question to be said.
PROBES = ("basic", "why", "compare", "trap", "formula", "number", CLAIM)


class Spoken(NamedTuple):
    """What was understood of the spoken answers to a question; never kept."""

    words: str
    invented: frozenset[str] = frozenset()  #: some of them that may not have been said, in lower case


class Heard(NamedTuple):
    """What a judge made of an answer."""

    words: str = ""  #: as they were written, or understood
    spoken: bool = False  #: they were said
    judgements: tuple[Judgement | None, ...] = ()  #: one a key point; empty where none judged
    judge: str = ""  #: which one
    why: str = ""  #: a sentence, where the user's own judge could not


class OpenInterview:
    """One interview that goes on. `state` is what is kept."""

    def __init__(self, col: Collection, row: Row) -> None:
        """Raises: StoreError when the kept state can't be read."""
        self._col = col
        self._row = row
        self.state = interview_records.state_of(row)
        self._heard: dict[str, Heard] = {}  #: by the note that was asked

    @property
    def began(self) -> datetime:
        return interview_records.began_at(self._row)

    def keep(self, state: Interview) -> None:
        """Write the state, durable when this returns.

        Raises:
            StaleError: The interview goes on in another window.
        """
        if state == self.state:
            return
        row = self._with(state)
        self._col.log.keep_interview(row, self._row)
        self._row, self.state = row, state

    def heard(
        self,
        question: Question,
        stopped: Callable[[], bool],
        tell: Callable[[str], None],
        spoken: Callable[[], Spoken | None] = lambda: None,
    ) -> Heard:
        """What a judge made of the answers to a question, at the first look; nothing of those that nobody listened to.

        Args:
            question: That was asked, with its answers.
            stopped: Does the user end the judge's work?
            tell: Shows a word while the judge works.
            spoken: What was understood of its answers, where somebody listened.
        """
        if question.note not in self._heard:
            understood = spoken() or Spoken("")
            words = "\n\n".join(filter(None, [question.written, understood.words]))
            judged = Heard()
            if words and question.points and self.knows(question.note):
                from dlquiz.collection import judging  # patterns and stems: only where an answer is judged

                judgements, judge, why = judging.heard(
                    self._col, judging.prepared(self._col, question.note), words, stopped, tell
                )
                judgements = judging.doubted(judgements, words, understood.invented)
                by_point = {judgement.point: judgement for judgement in judgements if judgement}
                in_order = tuple(by_point.get(point.id) for point in question.points)
                judged = Heard(words, bool(understood.words), in_order if judgements else (), judge, why)
            self._heard[question.note] = judged
        return self._heard[question.note]

    def judge(self, state: Interview, moment: Moment) -> bool:
        """Log the answer on the table with its ticks and go on to the next, in one transaction.

        Returns:
            Was an attempt logged? A skipped question is none, unless something was ticked.
        """
        question, after = state.question, interview.go_on(state)
        if question.skipped and question.said is None:
            self.keep(after)
            return False
        row, event = self._with(after), self._attempt(question, moment)
        heard = self._heard.get(question.note, Heard())
        for last_try in (False, True):
            card_state = self._col.card_state(event.card)
            entry = store.LogEntry(
                event,
                partial(scheduler.apply, card_state, preset=self._col.preset),
                interview.point_results(question),
                self._content(question.note),
                verdicts={judgement.point: str(judgement.verdict) for judgement in heard.judgements if judgement},
                judge=heard.judge or None,
            )
            try:
                self._col.log.append([entry], after={event.card: card_state.last_event}, interview=(self._row, row))
                break
            except StaleError:
                if last_try:
                    raise
        self._row, self.state = row, after
        return True

    def finish(self, moment: Moment) -> tuple[verdict.Debrief, list[Path]]:
        """Write the report's files, then note that the interview has ended; in this order, so that a crash leaves it to be resumed."""
        debrief = self._debrief()
        written = _write(self._col.home.interviews, debrief)
        row = self._row._replace(ended_ms=moment.at_ms)
        self._col.log.keep_interview(row, self._row)
        self._row = row
        return debrief, written

    def set_aside(self, state: Interview) -> Path | None:
        """Write what was typed and could not be kept into a file beside the reports.

        Args:
            state: The interview as this window has it.

        Returns:
            The file; None where nothing was typed.

        Raises:
            OSError: It can't be written.
        """
        text = self.not_kept(state)
        if not text:
            return None
        folder = self._col.home.interviews
        folder.mkdir(parents=True, exist_ok=True)
        target = files.free_name(folder, f"{self.began:%Y-%m-%dT%H%M%S}-not-kept", ".md")
        files.write_text(target, text)
        return target

    def not_kept(self, state: Interview) -> str:
        """What was typed since this window last kept a step, as Markdown; "" where nothing was."""
        return wording.not_kept(state, self.state, self.began)

    def knows(self, note: str) -> bool:
        """Has the bank still this note?"""
        return bool(self._col.bank.card_refs([note]))

    def _with(self, state: Interview) -> Row:
        texts = saved.save(state)
        return self._row._replace(seed=texts.seed, settings=texts.settings, state=texts.state)

    def _attempt(self, question: Question, moment: Moment) -> Event:
        return Event(
            "attempt", question.note, moment.at_ms, moment.day, moment.utc_offset_min, mode="interview",
            thought_ms=question.answers[0].took_ms, took_ms=question.took_ms, given=question.answers[0].given,
            content=self._col.bank.content(question.note) or None, interview=self._row.id,
        )  # fmt: skip

    def _content(self, note: str) -> tuple[str, str] | None:
        if not self.knows(note):
            return None
        return self._col.bank.content(note), self._col.bank.shown_text(self._col.bank.card(note))

    def _debrief(self) -> verdict.Debrief:
        state, bank = self.state, self._col.bank
        notes = frozenset(question.note for question in state.reached if self.knows(question.note))
        drills: dict[str, list[str]] = {}
        for note in notes:
            for card in bank.cards_of(note)[1:]:
                for point in bank.card(card).drills:
                    drills.setdefault(point, []).append(card)
        steps = verdict.next_steps(state, drills, notes)
        return verdict.Debrief(state, self.began, notes, steps, self._before())

    def _before(self) -> verdict.Past | None:
        """The last interview that had ended before this one began."""
        earlier = [
            record
            for record in interview_records.past(self._col)[0]
            if record.ended and record.began < self.began and record.interview.reached
        ]
        return earlier[-1] if earlier else None

    def probe(self, state: Interview) -> Interview | None:
        """The interview going on with a question about a must that was not said; None where there is nothing to ask or no time."""
        if not interview.may_probe(state):
            return None
        question = state.question
        musts = [point.id for point in question.missed if point.must]
        card = card_to_probe(self._col, musts, {follow_up.question for follow_up in question.follow_ups})
        return interview.probe(state, FollowUp(card.front, card.back), card.forms) if card else None


def card_to_probe(col: Collection, points: Sequence[str], asked: Container[str] = ()) -> Card | None:
    """A card that asks for one of these key points in words of its own; failing that, whether a claim about it holds."""
    cards = [col.bank.card(card_ref.id) for _, card_ref in col.bank.drilling(points)]
    usable = [card for card in cards if card.kind in PROBES and not card.numbers and card.front not in asked]
    return min(usable, key=lambda card: card.kind == CLAIM, default=None)


def _write(folder: Path, report: verdict.Debrief) -> list[Path]:
    """The report as Markdown and HTML, each complete or not at all."""
    from dlquiz.guide import debrief  # only at the end

    stem = f"{report.began:%Y-%m-%dT%H%M%S}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending, content in ((".md", debrief.markdown(report)), (".html", debrief.html(report))):
            files.write_text(folder / f"{stem}{ending}", content)
    except OSError as error:
        raise StoreError(
            f"can't write the report to {folder}: {error.strerror or error}; mend that, then `dlquiz interview --resume` writes it"
        ) from error
    return [folder / f"{stem}.md", folder / f"{stem}.html"]
