"""An answer to the card on the table, from its first word to what was heard of it: written, said, turned over, judged, ticked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlquiz import config, session
from dlquiz.interactive import writing
from dlquiz.interactive.beside import Beside
from dlquiz.terminal import keys
from dlquiz.terminal.keys import Key
from dlquiz.terminal.multiline import MultilineText
from dlquiz.text import printable
from dlquiz.view import verdicts

if TYPE_CHECKING:
    from dlquiz.interactive.listening import Said


class Answering(Beside):
    """A sitting as far as an answer is given and heard."""

    def _written(self, reader: keys.TerminalKeys, begun: str) -> Key:
        """The answer that is being written, until it is done or left."""
        if self._screen.redraws:
            key = writing.written(reader, self._draw_written, begun)
        else:
            text = writing.in_lines(reader)
            key = Key("typed", text) if text and text not in tuple(writing.ALONE) else Key(text or " ")
        self._draft = None
        self._screen.write(self.state, None)
        if key.name == "esc":
            self._left = key.text
            self._screen.question(self.state)
        return key

    def _draw_written(self, text: MultilineText) -> None:
        self._draft = text.whole
        self._screen.write(self.state, text)
        card_view = self.state.card_view
        if self._note_judge is None and card_view is not None:
            from dlquiz.collection import judging  # as in _hear; a tenth of a second, while somebody thinks

            self._note_judge = judging.prepared(self.col, card_view.note.id)

    def _listen(self) -> None:
        """Record what is said to the card, then turn it over."""
        from dlquiz.interactive import listening  # an extra, and with it processes: only where somebody speaks

        card_view, reader = self.state.card_view, self._reader
        if card_view is None or isinstance(reader, keys.LineReader):
            return
        self._listener = self._listener or listening.Listener(self.col)
        heard = self._listener.answer(reader, card_view.note, lambda step: self._screen.listen(self.state, step))
        self._screen.listen(self.state, None)
        if heard.quits:
            self._quit()
        elif not heard.turns:
            self._screen.explain(heard.why)
        else:
            self._understand(heard)

    def _understand(self, heard: Said) -> None:
        """Turn the card over, with what was understood of what was said."""
        self.state = session.reveal(self.state, round(heard.seconds * 1000))
        words = heard.why
        if heard.text:
            self.state = self.state._replace(transcript=heard.text)
            words = " ".join(filter(None, [words, self._hear(heard.text, heard.invented)]))
        self._screen.answer(self.state)
        if words:
            self._screen.explain(words)

    def _reveal(self, given: str | None = None, mode: str | None = None) -> None:
        if given is not None:
            self.state = session.give(self.state, printable.clean(given))
        if mode:
            self.state = self.state._replace(mode=mode)
        self.state = session.reveal(self.state, self._spent_ms())
        self._left = ""
        word = self._hear(given) if given is not None and self._writes else ""
        self._screen.answer(self.state)
        if word:
            self._screen.explain(word)

    def _hear(self, words: str, invented: frozenset[str] = frozenset()) -> str:
        """Have the answer judged; a sentence when the user's own judge could not.

        Args:
            words: As they were written, or understood.
            invented: Some of them that may not have been said.
        """
        card_view = self.state.card_view
        if card_view is None:
            return ""
        from dlquiz.collection import judging  # patterns and stems, which the first card must not wait for

        stops, tell = self._stops_judge, self._screen.note
        note_judge = self._note_judge or judging.prepared(self.col, card_view.note.id)
        judgements, judge, word = judging.heard(self.col, note_judge, words, stops, tell)
        if judgements:
            self.state = session.hear(self.state, judging.doubted(judgements, words, invented), judge)
        return word

    def _stops_judge(self) -> bool:
        """Was Esc pressed?"""
        reader = self._reader
        return isinstance(reader, keys.TerminalKeys) and reader.waiting() > 0 and reader.char(0) == "\x1b"

    def _tick(self, letters: str) -> None:
        before = self.state.said or frozenset()
        for letter in letters:
            self.state = session.tick(self.state, letter)
        self._screen.ticks(self.state, letters[-1])
        self._credit((self.state.said or frozenset()) - before)

    def _decide(self, *, said: bool) -> None:
        """Count the key point that is asked about as said, or not."""
        letter, before = session.asked_about(self.state), self.state.said or frozenset()
        self.state = session.decide(self.state, said=said)
        self._screen.ticks(self.state, letter)
        self._credit((self.state.said or frozenset()) - before)

    def _credit(self, ticked: frozenset[str]) -> None:
        """Offer to keep the words by which key points are counted as said for the second time though they were not found."""
        if not (ticked and self.state.heard and self.state.words and self._keeps):
            return
        from dlquiz.collection import judging  # as in _hear

        for point in sorted(ticked):
            words = judging.credited_twice(self.col, point, self.state.words, self.state.heard)
            if words:
                self.state = self.state._replace(credited=(point, words))
                self._screen.note(f"  {verdicts.credited_twice(point, words)}")

    def _keep_words(self, point: str, words: str) -> None:
        from dlquiz.collection import own_words  # as in _hear

        own_words.keep(config.home(), self.col.bank, point, words)
        self.state = self.state._replace(credited=None)
        self._screen.note(f"  {verdicts.kept(point)}")

    def _quit(self) -> None:
        if not self.state.undid:
            self._tell_unsaved()
        self.state = session.put_aside(self.state)
        self._over = True

    def _tell_unsaved(self) -> None:
        """What was written or said to the card on the table stays on the screen where it is not kept: it was work."""
        card_view = self.state.card_view
        words = self.state.words if card_view and card_view.card.spoken else None
        written = "\n".join(filter(None, (self._unsaved, self._draft or self._left or words)))
        verb = "said" if written and written == self.state.transcript else "wrote"
        if written and not self._lines:
            self._screen.say(f"what you {verb} is not kept:\n{printable.clean(written.rstrip())}")
