"""The loop of a mock interview: ask against the clock, then go through the answers. The collection keeps every step."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from dlquiz import interview
from dlquiz.card import Verdict
from dlquiz.collection import Collection
from dlquiz.collection.open_interview import Heard, OpenInterview, Spoken
from dlquiz.errors import StoreError
from dlquiz.interactive import answers
from dlquiz.interactive.answers import LeftError
from dlquiz.interactive.interview_screen import ASKING, CREDITED, DEBRIEF, LISTENS, SILENT, TRANSCRIPT, InterviewScreen
from dlquiz.interview import Interview, InterviewPhase
from dlquiz.terminal import keyboard, keys
from dlquiz.terminal.clock import Clock
from dlquiz.text import printable
from dlquiz.view import interview as looks
from dlquiz.view import verdicts

if TYPE_CHECKING:
    from dlquiz.interactive.interview_listening import SpokenAnswers

KEPT = "the interview is kept; go on with: dlquiz interview --resume"
ALONE = "sp?q"  # keys that stand alone in the first line of a written answer


class InterviewLoop:
    """One mock interview with one person, at a terminal or in line mode."""

    def __init__(self, col: Collection, open_interview: OpenInterview, *, resumed: bool = False) -> None:
        self._col = col
        self._held = open_interview
        self._resumed = resumed
        self.state: Interview = open_interview.state
        self._lines = not keys.is_terminal(sys.stdin)
        self._screen = InterviewScreen(lines=self._lines)
        if (
            open_interview.state.settings.typed and not self._screen.redraws
        ):  # a text of several lines can't be edited there
            self._lines, self._screen = True, InterviewScreen(lines=True)
        self._clock = Clock()
        self._turned = 0.0  #: its reading when what is asked now came up, less what was spent on it before
        self._answers: answers.AnswerSource = answers.LineAnswers(self._screen)
        self._typing: keys.TerminalKeys | None = None
        self._spoken_answers: SpokenAnswers | None = None  #: once one was given
        self._heard: Heard | None = None  #: of the answer on the table, in the debrief
        self._credited: tuple[str, str] | None = (
            None  #: a key point of it, and the words that it was credited for twice
        )

    def run(self) -> None:
        """Ask, go through the answers, tell the verdict; or leave, with everything kept.

        Raises:
            StoreError: A step can't be kept, or the interview goes on in another window; what was typed here is set aside, and told where.
        """
        try:
            self._hold()
        except StoreError as error:
            aside = self._set_aside()
            raise type(error)(f"{error}; what you typed here is in {aside}" if aside else str(error)) from error

    def _set_aside(self) -> Path | None:
        """The file that now has what was typed and could not be kept; where none can be written, it is shown."""
        try:
            return self._held.set_aside(self.state)
        except OSError:
            self._screen.say(f"what you typed here could not be saved:\n{self._held.not_kept(self.state)}")
            return None

    def _hold(self) -> None:
        try:
            if not self._lines:
                self._typing = keyboard.opened(self._screen.draw_line, self._redraw, self._stopped)
                self._answers = answers.KeyAnswers(self._screen, self._typing)
            self._screen.opening(self.state, resumed=self._resumed)
            while self.state.phase is not InterviewPhase.DONE:
                self._ask() if self.state.phase is InterviewPhase.ASKING else self._compare()
            self._screen.result(*self._held.finish(self._col.now()))
        except LeftError:
            self._leave()
            self._screen.say(KEPT)
        except KeyboardInterrupt:
            self._leave()
            self._screen.say(f"interrupted; {KEPT}")
            raise
        except SystemExit:  # a signal; the terminal may be gone
            self._leave()
            raise
        finally:
            if self._spoken_answers:
                self._spoken_answers.end()
            if self._typing:
                self._typing.forget()

    # ---- asking

    def _ask(self) -> None:
        """One question or follow-up, until it is answered, skipped or left."""
        self._turned = self._clock.seconds - self.state.running_ms / 1000
        self._screen.question(self.state)
        if self.state.settings.typed or self.state.draft:
            self._written()
        else:
            self._spoken()

    def _spoken(self) -> None:
        hears = self._hears()
        while True:
            self._screen.holding = (LISTENS if hears else SILENT,)
            self._screen.hints(ASKING)
            key = self._answers.key(self._told)
            if key == " " and hears:
                if self._recorded(hears):
                    return self._answered()
                continue
            if key in (" ", "\n"):
                return self._answered()
            if key == "s":
                return self._answered(skipped=True)
            if key == "=" and not self._lines:
                return self._written()
            if self._common(key, ASKING):
                continue
            if self._lines:
                return self._answered(key.removeprefix("="))
            self._screen.unbound(key)

    def _hears(self) -> keys.TerminalKeys | None:
        """The keys with which a spoken answer is begun and ended; None where nobody listens."""
        question = self.state.question
        if self._typing is None or question.probed or not self._held.knows(question.note):
            return None
        return self._typing if self._col.hears(self._col.bank.note(question.note).key_points) else None

    def _recorded(self, typing: keys.TerminalKeys) -> bool:
        """Record the answer; was one given?"""
        if self._spoken_answers is None:
            from dlquiz.interactive.interview_listening import SpokenAnswers  # an extra: only where somebody speaks

            self._spoken_answers = SpokenAnswers(self._col, self._screen, typing)
        return self._spoken_answers.record(self.state.question, self._told)

    def _written(self) -> None:
        self._screen.holding = (SILENT,)
        while True:
            given = self._answers.written(self.state.draft, self._keep_draft, self._told, ALONE)
            if given == "s":
                return self._answered(skipped=True)
            if given == "\x1b":
                self._pause()
            elif not self._common(given, ASKING, typed=True):
                return self._answered(given.removeprefix("="))

    def _answered(self, given: str = "", *, skipped: bool = False) -> None:
        took, text = self._running_ms, printable.clean(given).strip()
        self.state = interview.answer(self.state, took, text or None, skipped=skipped)
        self._held.keep(self.state)
        self._screen.answered(self.state, took, text, skipped=skipped)

    def _common(self, key: str, when: str, *, typed: bool = False) -> bool:
        """What a key does that answers nothing; False for one that is none of these."""
        if key == "p" and when == ASKING:
            self._pause()
        elif key == "?":
            if self._screen.help(when, typed=typed):
                self._answers.any_key()
        elif key == "q":
            raise LeftError
        else:
            return False
        return True

    def _pause(self) -> None:
        self._screen.say("  paused; " + ("the next line goes on" if self._lines else "any key goes on"))
        with self._clock.held():
            key = self._answers.any_key()
        if key == "q":
            raise LeftError
        if not self._lines:
            self._screen.question(self.state)

    # ---- the debrief

    def _compare(self) -> None:
        """One answer beside its key points, until it is gone on from."""
        self._heard = None
        heard = self._held.heard(self.state.question, self._answers.stops, self._screen.tell, self._understood)
        self._heard = heard
        self._credited = None
        if heard.judgements:
            point_ids = [
                judgement.point for judgement in heard.judgements if judgement and judgement.verdict is Verdict.FOUND
            ]
            self.state = interview.hear(self.state, point_ids)
        self._screen.compared(self.state, heard)
        if heard.why:
            self._screen.say(f"  {heard.why}")
        self._take_ticks(heard)
        probing = self._held.probe(self.state)
        if probing:
            self.state = probing
            self._held.keep(self.state)
            return
        question = self.state.question
        logged = self._held.judge(self.state, self._col.now())
        self.state = self._held.state
        self._screen.judged(question, logged=logged, has_note=self._held.knows(question.note))

    def _take_ticks(self, heard: Heard) -> None:
        """The keys on the answer on the table, until it is gone on from: at a terminal it is asked back once if nothing was ticked."""
        asked_back = self._lines or not self.state.question.points
        self._await_ticks()
        while True:
            key = self._answers.key(None)
            if key in (" ", "\n"):
                if asked_back or self.state.question.said is not None:
                    return
                asked_back = True
                self._screen.tell("  nothing ticked: 0 for none of them; Space again records nothing")
                continue
            if re.fullmatch("0|[a-g]+", key) and self.state.question.points:
                before = self.state.question.said or frozenset()
                for letter in key:
                    self.state = interview.tick(self.state, letter)
                self._credit((self.state.question.said or frozenset()) - before, heard)
            elif key == "t" and heard.spoken:
                self._screen.understood(heard.words)
            elif key == "k" and self._credited:
                self._keep_words(*self._credited)
            elif not self._common(key, DEBRIEF):
                self._screen.unbound(key)
            self._await_ticks()

    def _await_ticks(self) -> None:
        """The keys that work on the answer on the table, and what is ticked."""
        spoken = self._heard is not None and self._heard.spoken
        self._screen.holding = (TRANSCRIPT if spoken else SILENT, *([CREDITED] if self._credited else []))
        self._screen.hints(DEBRIEF, self.state.question)
        self._screen.ticked(self.state.question)

    def _credit(self, ticked: frozenset[str], heard: Heard) -> None:
        """Offer to keep the words by which key points are counted as said for the second time though they were not found."""
        if not (ticked and heard.judgements):
            return
        from dlquiz.collection import judging  # patterns and stems: only where an answer was judged

        for point in sorted(ticked):
            words = judging.credited_twice(self._col, point, heard.words, heard.judgements)
            if words:
                self._credited = (point, words)
                self._screen.say(f"  {verdicts.credited_twice(point, words)}")

    def _keep_words(self, point: str, words: str) -> None:
        from dlquiz.collection import own_words  # as in _credit

        own_words.keep(self._col.home, self._col.bank, point, words)
        self._credited = None
        self._screen.say(f"  {verdicts.kept(point)}")

    def _understood(self) -> Spoken | None:
        """What was said to the question on the table, once it is written down."""
        return self._spoken_answers.understood(self.state.question) if self._spoken_answers else None

    # ---- time, and what is kept

    @property
    def _running_ms(self) -> int:
        """Spent on what is asked now, pauses excluded."""
        return max(0, round((self._clock.seconds - self._turned) * 1000))

    def _told(self) -> str:
        return looks.running(self.state, self._running_ms)

    def _keep_draft(self, draft: str) -> None:
        self.state = interview.leave(self.state, self._running_ms, draft)
        self._held.keep(self.state)

    def _leave(self) -> None:
        """Keep what the running answer, or the ticks of the one on the table, had come to."""
        if self.state.phase is InterviewPhase.ASKING:
            self._keep_draft(self.state.draft)
        else:
            self._held.keep(self.state)

    # ---- the terminal

    def _redraw(self) -> None:
        """After a resize or coming back: what is on the table once more, at the new width."""
        if isinstance(self._answers, answers.KeyAnswers):
            self._answers.below()
        if self.state.phase is InterviewPhase.ASKING:
            self._screen.question(self.state)
        elif self._heard is not None:
            self._screen.compared(self.state, self._heard)
        self._screen.again()

    @contextmanager
    def _stopped(self) -> Iterator[None]:
        asleep = self._answers.asleep() if isinstance(self._answers, answers.KeyAnswers) else nullcontext()
        if self._spoken_answers:
            self._spoken_answers.release()
        with self._clock.held(), asleep:
            yield
