"""The spoken answers of a mock interview: recorded while they are given, written down meanwhile, ready for the debrief."""

from __future__ import annotations

from collections.abc import Callable

from dlquiz.collection import Collection
from dlquiz.collection.open_interview import Spoken
from dlquiz.interactive.answers import LeftError
from dlquiz.interactive.card_foot import RecordingStep
from dlquiz.interactive.interview_screen import InterviewScreen
from dlquiz.interactive.listening import Listener, Said
from dlquiz.interview import Question
from dlquiz.listen.transcriber import Work
from dlquiz.terminal.keys import TerminalKeys


class SpokenAnswers:
    """Of one interview; they die with it."""

    def __init__(self, col: Collection, screen: InterviewScreen, typing: TerminalKeys) -> None:
        self._col = col
        self._screen = screen
        self._typing = typing
        self._listener = Listener(col)
        self._works: dict[str, list[tuple[Work, float]]] = {}  #: by note, each with the seconds that were spoken

    def record(self, question: Question, clocks: Callable[[], str]) -> bool:
        """Record an answer to a question, or to its follow-up; was one given?

        Args:
            question: That is asked.
            clocks: What they show.

        Raises:
            LeftError: The input ended.
        """

        def show(step: RecordingStep) -> None:
            self._screen.listen(step, f" ·{clocks()}")

        if why := self._listener.damage():  # not in the debrief, after all was said
            self._screen.say(f"  {why}")
            return False
        note = self._col.bank.note(question.note)
        recorded = self._listener.record(self._typing, note, show)
        self._screen.listen(None)
        if recorded.quits:
            raise LeftError
        if recorded.why:
            self._screen.say(f"  {recorded.why}")
        if recorded.pcm:
            work = self._listener.begin(recorded, note)
            self._works.setdefault(question.note, []).append((work, recorded.seconds))
        return recorded.turns

    def understood(self, question: Question) -> Spoken | None:
        """What was said to a question and its follow-ups; waits until it is written down, or Esc is pressed.

        Raises:
            LeftError: The input ended.
        """
        answers = [self._finished(work, seconds) for work, seconds in self._works.pop(question.note, [])]
        words = "\n\n".join(answer.text for answer in answers if answer.text)
        return Spoken(words, frozenset().union(*(answer.invented for answer in answers))) if words else None

    def _finished(self, work: Work, seconds: float) -> Said:
        heard = self._listener.finished(self._typing, work, seconds, self._screen.listen)
        self._screen.listen(None)
        if heard.quits:
            raise LeftError
        if heard.why:
            self._screen.say(f"  {heard.why}")
        return heard

    def release(self) -> None:
        """Close the microphone: the program is stopped."""
        self._listener.release()

    def end(self) -> None:
        """End all that is at work."""
        self._listener.end()
