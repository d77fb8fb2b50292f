"""An answer in which patterns are looked for, and the places where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import NamedTuple

from dlquiz.judge import lexicon, patterns, typos, words
from dlquiz.judge.patterns import Alternative, Pattern, WordPattern
from dlquiz.judge.words import Word

NEAR = 6  # words between the parts of `a .. b` and `a & b`
SKIPPED = 3  # articles and the like, or names of operations, between the words of a phrase
LETTERS = 6  # single letters that dictation may have spelled out
SKIP = lexicon.LOOSE | lexicon.OPERATORS


class Hit(NamedTuple):
    """Where a pattern stands: the words from `start` up to `end`, of which `used` are its own."""

    start: int
    end: int
    used: frozenset[int]
    denied: bool = False  #: it must stand denied ("!")


@dataclass(slots=True)
class AnswerText:
    """An answer as patterns are looked for in it."""

    words: list[Word]
    index: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  #: stem -> first word, how many words
    forms: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  #: the same by the form
    _by_prefix: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, targets: typos.Targets | None = None) -> AnswerText:
        """Read a text.

        Args:
            text: An answer.
            targets: The words that a rubric looks for, so that split ones and slips of the fingers are recognised.
        """
        answer = cls(words.read(text))
        for n, word in enumerate(answer.words):
            if not word.withdrawn:
                answer._add(word.form, word.stem, n, 1)
        if targets is not None:
            answer._add_joined(targets)
            answer._add_slips(targets)
        return answer

    def _add(self, form: str, stem: str, n: int, count: int) -> None:
        self.index.setdefault(stem, []).append((n, count))
        self.forms.setdefault(form, []).append((n, count))

    def _add_joined(self, targets: typos.Targets) -> None:
        """Words that dictation split: "soft max", "l s t m", "re lu"."""
        for n, word in enumerate(self.words):
            joined = word.form
            for k in range(n + 1, min(n + LETTERS, len(self.words))):
                after = self.words[k]
                if after.sentence != word.sentence or after.withdrawn:
                    break
                joined += after.form
                if len(joined) > 2 and joined[:3] in targets.starts and words.stem(joined) in targets.stems:
                    self._add(joined, words.stem(joined), n, k + 1 - n)
                elif len(joined) == 2 and joined in targets.forms:
                    self._add(joined, joined, n, 2)
                elif (
                    k == n + 1
                    and len(joined) >= typos.LONG - 1
                    and not (targets.is_word(word.form) and targets.is_word(after.form))
                ):
                    for form in targets.slips(joined):
                        self._add(form, words.stem(form), n, 2)
                if k > n + 1 and len(after.form) > 3:
                    break

    def _add_slips(self, targets: typos.Targets) -> None:
        for n, word in enumerate(self.words):
            if not word.withdrawn:
                for form in targets.slips(word.form):
                    self._add(form, words.stem(form), n, 1)

    def hits(self, pattern: Pattern) -> list[Hit]:
        """Every place where one of the alternatives stands."""
        return sorted(
            {
                hit
                for alternative in pattern
                if not alternative.starts or not alternative.starts.isdisjoint(self.index)
                for hit in self._of_alternative(alternative)
            }
        )

    def _of_alternative(self, alternative: Alternative) -> list[Hit]:
        phrase_spans = []
        for phrase in alternative.phrases:
            spans = self._of_phrase(phrase)
            if not spans:
                return []
            phrase_spans.append(spans)
        if len(phrase_spans) == 1:
            return [Hit(start, end, frozenset(range(start, end)), alternative.denied) for start, end in phrase_spans[0]]
        if alternative.ordered:
            return self._in_order(phrase_spans, alternative.denied)
        return [hit for chosen in product(*phrase_spans) if (hit := self._together(chosen, alternative.denied))]

    def _in_order(self, phrase_spans: list[list[tuple[int, int]]], denied: bool) -> list[Hit]:
        chains = [[span] for span in phrase_spans[0]]
        for spans in phrase_spans[1:]:
            longer = []
            for chain in chains:
                last = chain[-1]
                after = [span for span in spans if span[0] >= last[1] and self.near(last[1] - 1, span[0])]
                longer += [[*chain, span] for span in after[:2]]
            chains = longer
        return [_hit(chain, denied) for chain in chains]

    def _together(self, chosen: Sequence[tuple[int, int]], denied: bool) -> Hit | None:
        spans = sorted(chosen)
        for before, after in pairwise(spans):
            if after[0] < before[1] or not self.near(before[1] - 1, after[0]):
                return None
        return _hit(spans, denied)

    def near(self, first: int, second: int) -> bool:
        """Do at most six words stand between these two, in one sentence and without a "but"?"""
        before, after = self.words[first], self.words[second]
        if before.sentence != after.sentence or after.place - before.place > NEAR + 1:
            return False
        return lexicon.CONTRASTS.isdisjoint(word.form for word in self.words[first + 1 : second])

    def in_one_clause(self, hit: Hit) -> bool:
        """Do its words stand in one clause, with neither a comma nor an "and" between them?"""
        between = (self.words[n].form for n in range(hit.start, hit.end) if n not in hit.used)
        return len({self.words[n].clause for n in hit.used}) == 1 and "and" not in between

    def _of_phrase(self, phrase: tuple[WordPattern, ...]) -> list[tuple[int, int]]:
        first = self._of_atom(phrase[0])
        if len(phrase) == 1:
            return sorted({(start, start + count) for start, count in first}) if first else []
        starts = {start for start, _ in first}
        if phrase[0].sort == phrase[1].sort == "stem":
            starts |= {start for start, _ in self.index.get(patterns.joined_stem(phrase[0].form, phrase[1].form), ())}
        return sorted({(start, end) for start in starts for end in self._ends(phrase, 0, start)})

    def _of_atom(self, atom: WordPattern) -> list[tuple[int, int]]:
        match atom.sort:
            case "exact":
                return self.forms.get(atom.form, [])
            case "prefix":
                return self._beginning(atom.form)
            case "group":
                return [(start, end - start) for inner in atom.group for start, end in self._of_phrase(inner)]
        return self.index.get(atom.stem, [])

    def _beginning(self, prefix: str) -> list[tuple[int, int]]:
        if prefix not in self._by_prefix:
            beginnings = words.beginnings(prefix)
            self._by_prefix[prefix] = [
                span for form, spans in self.forms.items() if form.startswith(beginnings) for span in spans
            ]
        return self._by_prefix[prefix]

    def _ends(self, phrase: tuple[WordPattern, ...], k: int, start: int) -> set[int]:
        """Where the rest of a phrase ends when its atom `k` begins at a word, or after some that don't count."""
        if k == len(phrase):
            return {start}
        ends: set[int] = set()
        for at in self._starts(start) if k else (start,):
            for first, count in self._at(phrase[k], at):
                ends |= self._ends(phrase, k + 1, first + count)
            if k + 1 < len(phrase) and phrase[k].sort == phrase[k + 1].sort == "stem":
                joined = patterns.joined_stem(phrase[k].form, phrase[k + 1].form)
                for first, count in self.index.get(joined, ()):
                    if first == at:
                        ends |= self._ends(phrase, k + 2, first + count)
        return ends

    def _at(self, atom: WordPattern, at: int) -> list[tuple[int, int]]:
        if atom.sort == "group":
            return [(at, end - at) for inner in atom.group for end in self._ends(inner, 0, at)]
        return [(first, count) for first, count in self._of_atom(atom) if first == at]

    def _starts(self, start: int) -> list[int]:
        """A word, and those behind it that only articles, operations and fillers part from it."""
        starts, skipped = [], 0
        while start < len(self.words):
            starts.append(start)
            word = self.words[start]
            before = self.words[start - 1] if start else word
            filler = start > 0 and word.place == before.place
            if before.sentence != word.sentence:
                return starts[:-1]
            if not filler and word.form not in SKIP:
                break
            skipped += not filler
            if skipped > SKIPPED:
                break
            start += 1
        return starts


def _hit(spans: Sequence[tuple[int, int]], denied: bool) -> Hit:
    used = frozenset(n for start, end in spans for n in range(start, end))
    return Hit(spans[0][0], spans[-1][1], used, denied)
