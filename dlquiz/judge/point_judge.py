"""One key point against one answer: where its patterns stand together, how they stand there, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dlquiz.card import Judgement, Verdict
from dlquiz.judge import denial, direction, frames
from dlquiz.judge.answer_text import AnswerText, Hit
from dlquiz.judge.denial import Polarity
from dlquiz.judge.frames import Fit
from dlquiz.judge.rubric import PointRubric
from dlquiz.judge.words import Word

WINDOW = 26  # words within which all of `need` stands
ACROSS = 20  # the same where it spans two sentences, of which the second goes on from the first
NEXT = 10  # the same where it begins with none of these words: "Kernel SVM: small n; training n squared"
GOES_ON = frozenset(
    "it its this that these those they their them which so then because therefore hence thus the and or but".split()
)


class Window(NamedTuple):
    """Patterns that were met near each other, one of each line."""

    hits: tuple[Hit, ...]
    polarity: Polarity
    wide: bool = False
    missing: int = 0  #: lines that were not met

    @property
    def start(self) -> int:
        return min(hit.start for hit in self.hits)

    @property
    def end(self) -> int:
        return max(hit.end for hit in self.hits)


@dataclass(frozen=True, slots=True)
class PatternLine:
    """All places where a line of a rubric stands, each with how it stands there."""

    hits: tuple[tuple[Hit, Polarity], ...]


class PointJudge:
    """One key point against one answer."""

    def __init__(
        self,
        point: PointRubric,
        text: AnswerText,
        denials: Sequence[denial.Denial],
        named: Mapping[str, Sequence[frames.Mention]],
        listed: Collection[int],
    ) -> None:
        self.point, self.text, self.denials, self.named, self.listed = point, text, denials, named, listed
        met = [text.hits(pattern) for pattern in (*point.need, *point.alone)]
        contrary = [[hit for hit in text.hits(pattern) if text.in_one_clause(hit)] for pattern in point.never]
        self.subjects = {mention.start for mentions in named.values() for mention in mentions}
        lines = self._lines(met)
        self.need, self.alone = lines[: len(point.need)], lines[len(point.need) :]
        self.acting = denial.acting(self.denials, {n for hits in met for hit in hits for n in hit.used})
        self.never = self._lines(contrary)

    def _lines(self, met: Sequence[Sequence[Hit]]) -> list[PatternLine]:
        """How the patterns of some lines stand; a denial that one of them has taken in denies none of the others."""
        own = {n for hits in met for hit in hits for n in hit.used}
        denials = denial.acting(self.denials, own)
        return [PatternLine(tuple((hit, self._polarity(hit, denials)) for hit in hits)) for hits in met]

    def _polarity(self, hit: Hit, denials: Sequence[denial.Denial]) -> Polarity:
        polarity = denial.polarity(self.text, hit, denials, self.subjects)
        if not hit.denied or polarity is Polarity.REFUTED:
            return polarity
        return Polarity.AFFIRMED if polarity or denial.prevented(self.text, hit) else Polarity.DENIED

    def judgement(self) -> Judgement:
        against = self._against()
        windows = self.windows()
        clean = [window for window in windows if self._holds(window)]
        good = [window for window in clean if not self._contradicted(window, against)]
        if good and not against:
            best = min(good, key=lambda window: (self._is_list(window), window.end - window.start))
            if self._is_list(best):
                return self._says(Verdict.UNSURE, best, "a list of words")
            if all(direction.turned(self.text, window.hits, self.point.contrary) for window in good):
                return self._says(Verdict.UNSURE, best, "the other way round")
            return self._says(Verdict.FOUND, best)
        if good:
            return self._says(Verdict.UNSURE, good[0], "and its opposite")
        if against:
            return self._says(Verdict.OPPOSITE, against[0])
        denied = [
            window
            for window in windows
            if window.polarity >= Polarity.DENIED and not window.missing and not window.wide and self._fits(window)
        ]
        if denied:
            best = min(denied, key=self._clauses)
            verdict = Verdict.OPPOSITE if self._clauses(best) == 1 else Verdict.UNSURE
            return self._says(verdict, best, "denied")
        partial = [
            window for window in windows if window.polarity < Polarity.DENIED and self._fit(window) is not Fit.NO
        ]
        if partial:
            best = min(partial, key=lambda window: (window.missing, window.polarity))
            return self._says(Verdict.UNSURE, best, self._doubt(best))
        return Judgement(self.point.id, Verdict.NONE)

    def _doubt(self, window: Window) -> str:
        if window.missing:
            return "only part of it"
        if window.polarity is Polarity.DOUBTED:
            return "in doubt"
        return "far apart" if window.wide else "of what"

    def _says(self, verdict: Verdict, window: Window, why: str = "") -> Judgement:
        return Judgement(self.point.id, verdict, self._spans(window), why)

    def _spans(self, window: Window) -> tuple[tuple[int, int], ...]:
        """The evidence; words that stand together are one span, a single word between them included."""
        used = sorted({n for hit in window.hits for n in hit.used})
        spans: list[tuple[int, int]] = []
        last = -9
        for n in used:
            word = self.text.words[n]
            if n - last <= 2 and spans and word.sentence == self.text.words[last].sentence:
                spans[-1] = (spans[-1][0], max(word.end, spans[-1][1]))
            else:
                spans.append((word.start, word.end))
            last = n
        return tuple(spans)

    def _clauses(self, window: Window) -> int:
        """Clauses that its patterns stand in; 1 where all of it is refuted."""
        if window.polarity is Polarity.REFUTED:
            return 1
        return len({self.text.words[n].clause for hit in window.hits for n in (hit.start, hit.end - 1)})

    def _is_list(self, window: Window) -> bool:
        return all(n in self.listed for hit in window.hits for n in hit.used)

    def _fit(self, window: Window) -> Fit:
        """The worst fit of all that the point must be about; one that may be left open fits when it is."""
        worst = Fit.YES
        for about in self.point.about:
            fit = frames.fit(self.text, window.hits, about, self.named.get(about.frame, ()))
            if fit is Fit.NO:
                return fit
            if fit is Fit.OPEN and not about.open:
                worst = fit
        return worst

    def _fits(self, window: Window) -> bool:
        return self._fit(window) is Fit.YES

    def _holds(self, window: Window) -> bool:
        return not window.polarity and not window.missing and not window.wide and self._fits(window)

    def _against(self) -> list[Window]:
        """What says the opposite: a `not` pattern that is not denied itself, and is about the right thing or names the wrong one itself."""
        windows = [Window((hit,), Polarity.AFFIRMED) for line in self.never for hit, denied in line.hits if not denied]
        return [window for window in windows if self._fit(window) is not Fit.NO or self._names(window)]

    def _names(self, window: Window) -> bool:
        """Does a value of what the point must be about stand within it?"""
        mentions = [mention for about in self.point.about for mention in self.named.get(about.frame, ())]
        return any(window.start <= mention.start < window.end for mention in mentions)

    def _contradicted(self, window: Window, against: Sequence[Window]) -> bool:
        sentences = {self.text.words[n].sentence for hit in window.hits for n in (hit.start, hit.end - 1)}
        return any(self.text.words[hit.start].sentence in sentences for hit in against)

    def windows(self) -> list[Window]:
        """Every place where the lines of `need` stand together, or a pattern of `or` stands."""
        out = [
            Window((hit,), _excused(polarity, n in self.point.alone_deniable and not hit.denied))
            for n, line in enumerate(self.alone)
            for hit, polarity in line.hits
        ]
        lines = [
            [(hit, _excused(polarity, n in self.point.deniable and not hit.denied)) for hit, polarity in line.hits]
            for n, line in enumerate(self.need)
        ]
        if lines and all(lines):
            clean = [[met for met in line if not met[1]] for line in lines]
            out += self._together(clean) if all(clean) else []
            out += self._together(lines)
        met = [line for line in lines if line]
        if len(lines) > 2 and len(met) == len(lines) - 1:
            out += [window._replace(missing=1) for window in self._together(met) if not window.wide]
        return out

    def _widest(self, first: Word, last: Word) -> int:
        """Within how many words what these two belong to is one passage: none, unless the one's sentence is followed by the other's."""
        if first.sentence == last.sentence:
            return WINDOW
        if last.sentence > first.sentence + 1:
            return -1
        opening = next(word for word in self.text.words if word.sentence == last.sentence)
        return ACROSS if opening.form in GOES_ON else NEXT

    def _together(self, lines: Sequence[Sequence[tuple[Hit, Polarity]]]) -> list[Window]:
        """From each place on, the nearest hit of every line."""
        words = self.text.words
        out = []
        for start in sorted({hit.start for line in lines for hit, _ in line}):
            chosen = []
            for line in lines:
                after = [met for met in line if met[0].start >= start]
                if not after:
                    break
                chosen.append(min(after, key=lambda met: (met[0].end, met[1])))
            else:
                hits = tuple(hit for hit, _ in chosen)
                first, last = words[min(hit.start for hit in hits)], words[max(hit.end for hit in hits) - 1]
                span = last.place - first.place
                wide = span > self._widest(first, last)
                if span <= 2 * WINDOW:
                    polarity = max(polarity for _, polarity in chosen)
                    if not polarity and not self.point.parted and denial.between(self.text, hits, self.acting):
                        polarity = Polarity.DOUBTED
                    out.append(Window(hits, polarity, wide))
        return out


def _excused(polarity: Polarity, deniable: bool) -> Polarity:
    """A denial that the rubric's own examples have is none; one of the whole sentence stays."""
    return Polarity.AFFIRMED if deniable and polarity is not Polarity.REFUTED else polarity
