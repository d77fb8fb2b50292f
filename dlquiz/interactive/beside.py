"""What is done with a card beside answering it: its pictures, a remark, a note of an error, its file in the editor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dlquiz import variants
from dlquiz.interactive import key_hints
from dlquiz.interactive.asking import Asking
from dlquiz.session import Phase
from dlquiz.terminal import keys
from dlquiz.text import printable


class Beside(Asking):
    """A sitting as far as its card is looked at and written about."""

    def _show_pictures(self) -> None:
        from dlquiz.interactive import showing  # reads YAML, which the first card must not wait for

        card_view = self.state.card_view
        if card_view is None:
            return
        answered = self.state.phase is Phase.ANSWER
        paths = showing.files(self.col.bank, card_view, answered=answered)
        if not paths or not self._screen.pictures(paths):
            self._screen.explain(showing.beside(card_view, paths, viewer=not self._lines))

    def _remark(self, text: str) -> None:
        card_view = self.state.card_view
        if card_view is None:
            return
        if not self._keeps:
            self._screen.note("  practice: nothing is written; remarks are made in `dlquiz study`")
            return
        self._screen.apart()
        line = text if self._lines else self._reader.text(key_hints.REMARK_PROMPT, card_view.remark)
        remark = card_view.remark if line is None else printable.clean(line).strip()
        card = card_view.card
        if remark != card_view.remark:
            self._unsaved = remark
            self.col.act("remark", [card.id], self.col.now(), given=remark, params=variants.params(card.numbers))
            card_view = card_view._replace(remark=remark, card_state=self.col.card_state(card.id))
            self.state = self.state._replace(card_view=card_view)
            self._unsaved = ""
            self._screen.remarked(self.state, f"remark on {card.id} {'kept' if remark else 'removed'}")
        else:
            self._screen.note("  your remark is as it was" if remark else "  no remark")

    def _flag(self, text: str) -> None:
        card_view = self.state.card_view
        if card_view is None:
            return
        if not self._keeps:
            self._screen.note("  practice: nothing is written; note errors in `dlquiz study`")
            return
        self._screen.apart()
        note = text if self._lines else self._reader.text("  what is wrong with this card? ")
        if note is None:
            self._screen.note("  nothing noted")
        else:
            card, self._unsaved = card_view.card, printable.clean(note).strip()
            self.col.act("flag", [card.id], self.col.now(), given=self._unsaved, params=variants.params(card.numbers))
            self._unsaved = ""
            self._screen.note(f"flagged {card.id}")

    def _edit(self) -> None:
        card_view = self.state.card_view
        if card_view is None or self._where is None or isinstance(self._reader, keys.LineReader):
            self._screen.note("  only in a terminal: `dlquiz edit` opens a card's file")
            return
        from dlquiz.interactive import editing  # reads YAML, which the first card must not wait for

        card = card_view.card.id
        word = editing.edit(self.col, self._where, card, self._lent(self._reader))
        if card not in self.col.bank.card_refs([card]):
            self._screen.say(f"{card} is no longer in the bank")
            self._next()
            return
        params = variants.params(card_view.card.numbers)
        card_view = self.col.card_view(card, self.col.now(), self._seed, params)
        self.state = self.state._replace(card_view=card_view)
        self._screen.answer(self.state)
        self._screen.explain(word)

    @contextmanager
    def _lent(self, reader: keys.TerminalKeys) -> Iterator[None]:
        """While the editor has the terminal."""
        self._screen.close()
        with self._clock.held(), reader.lent():
            yield
