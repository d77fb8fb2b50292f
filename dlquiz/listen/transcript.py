"""What a model wrote down -> what was said: silence, repeats and noises dropped, terms that it may have invented named. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from dlquiz.listen import audio

REPEATS = (
    2.4  # a text that zlib makes so many times smaller says the same again and again, as Whisper's own decoder has it
)
QUIET_SHARE = 0.03  # of the recording's peak: nobody spoke in a segment that never gets louder
DOUBTED_BELOW = 0.55  # mean probability of its tokens below which a segment's terms are checked
CROWDED = 0.5  # share of a segment's words that are terms from which on they are checked
ALIKE = 0.6  # letters that a term and what was heard in its place have in common
NOISE = re.compile(r"\[[^\]]*\]|\([^)]*\)|[♪♫]+|\*[^*]*\*")


class Segment(NamedTuple):
    """Some words with their place in the recording."""

    start: float  #: seconds
    end: float
    text: str
    probability: float = 1.0  #: mean of its tokens, 0 to 1


def cleaned(segments: Sequence[Segment], pcm: bytes) -> list[Segment]:
    """The segments that somebody said."""
    loud = audio.peak(pcm) * QUIET_SHARE
    segments_left: list[Segment] = []
    for segment in segments:
        text = " ".join(NOISE.sub(" ", segment.text).split())
        start, end = (int(at * audio.SECOND / 2) * 2 for at in (segment.start, segment.end))
        repeats = repeated(text) or (
            len(segments_left) > 1 and segments_left[-1].text == segments_left[-2].text == text
        )
        if re.search(r"\w", text) and not repeats and audio.peak(pcm[start:end]) > loud:
            segments_left.append(segment._replace(text=text))
    return segments_left


def repeated(text: str) -> bool:
    """Does it say the same again and again?"""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) > REPEATS if raw else False


def joined(segments: Sequence[Segment]) -> str:
    """The whole text."""
    return " ".join(segment.text for segment in segments)


def doubtful(segments: Sequence[Segment], terms: Collection[str]) -> list[Segment]:
    """The segments in which a term of the prompt may stand in the place of something else."""
    return [segment for segment in segments if _is_doubtful(segment, terms)]


def _is_doubtful(segment: Segment, terms: Collection[str]) -> bool:
    used = terms_in(segment.text, terms)
    if not used:
        return False
    words = len(re.findall(r"\w+", segment.text))
    return segment.probability < DOUBTED_BELOW or len(used) / max(1, words) >= CROWDED


def terms_in(text: str, terms: Collection[str]) -> list[str]:
    """Every use of a term in a text."""
    patterns = (re.finditer(rf"\b{re.escape(term)}\b", text, re.IGNORECASE) for term in sorted(terms))
    return [hit.group() for hits in patterns for hit in hits]


def invented(text: str, without_prompt: str, terms: Collection[str]) -> set[str]:
    """Terms of a text that nothing alike stands for where the same was written down without a prompt; in lower case."""
    heard = re.findall(r"\w+", without_prompt.lower())
    used = {term.lower() for term in terms_in(text, terms)}
    return {term for term in used if not any(_alike(term, near) for near in _near(heard, term))}


def _near(words: Sequence[str], term: str) -> list[str]:
    """Runs of words that may be the term: what one says in a word is often written as three."""
    most = len(term.split()) + 2
    return ["".join(words[n : n + size]) for n in range(len(words)) for size in range(1, most + 1)]


def _alike(term: str, heard: str) -> bool:
    letters = re.sub(r"\W", "", term)
    return SequenceMatcher(None, letters, heard, autojunk=False).ratio() >= ALIKE
