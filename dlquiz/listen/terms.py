"""The technical terms of a note, which a transcriber is told to expect: names, abbreviations, words of its rubrics. Never phrases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from dlquiz.card import Note
from dlquiz.judge import lexicon

MOST = 40  # Whisper reads no more than 224 tokens of a prompt, its last ones
SHORTEST = 5  # letters of a word that is no name: shorter ones are seldom misheard


def of(note: Note, glossary: Mapping[str, str]) -> list[str]:
    """The terms, those first that a transcriber knows least.

    Args:
        note: What is asked.
        glossary: Of its bank.
    """
    text = _prose(" ".join([note.question, note.short, note.answer, *(point.text for point in note.key_points)]))
    names = Counter(word for word in re.findall(r"\b[A-Za-z][A-Za-z0-9]*\b", text) if _is_name(word))
    names.update(re.findall(r"(?<=[a-z,;:] )[A-Z][a-z]+\b", text))  # Adam, Xavier
    words = Counter(re.findall(rf"\b[a-z]{{{SHORTEST},}}\b", text))
    rubric_words, begins = _rubric_words(note, glossary)
    for word in list(words):
        if not (_forms(word) & rubric_words or word.startswith(begins)):
            del words[word]
    ordered = [name for name, _ in names.most_common()] + [word for word, _ in words.most_common()]
    return ordered[:MOST]


def prompt(terms: list[str]) -> str:
    """What the transcriber reads before it listens."""
    return f"{', '.join(terms)}." if terms else ""


def _is_name(word: str) -> bool:
    """Has it capitals within: ReLU, LSTM, SwiGLU, GPUs?"""
    return len(word) > 1 and re.search(r"[A-Z]", word[1:]) is not None


def _forms(word: str) -> set[str]:
    """The word, and what it is a form of."""
    return {word, *(word.removesuffix(ending) for ending in ("s", "es", "d", "ed", "ing"))}


def _prose(text: str) -> str:
    """Without formulas, code and links."""
    return re.sub(r"\$[^$]*\$|`[^`]*`|https?://\S+|\*", " ", text)


def _rubric_words(note: Note, glossary: Mapping[str, str]) -> tuple[set[str], tuple[str, ...]]:
    """The words of the note's rubrics, and of the glossary's entries that they use; and what stands there before a star."""
    patterns = [str(line) for point in note.key_points for key in ("need", "or") for line in point.rubric.get(key, ())]
    used = {name for pattern in patterns for name in re.findall(r"@([\w-]+)", pattern)}
    text = " ".join([*patterns, *(glossary.get(name, "") for name in used)]).lower()
    return set(re.findall(r"[a-z]+", text)) - lexicon.GLUE, tuple(re.findall(r"([a-z]+)\*", text))
