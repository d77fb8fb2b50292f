"""Ties a numeric test to the cards whose text it verifies. Reads the bank, computes nothing."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec

import numpy as np
import numpy.typing as npt
import yaml

from dlquiz import variants

QUESTIONS = Path(__file__).parents[1] / "questions"

Array = npt.NDArray[np.float64]
P = ParamSpec("P")


@functools.cache
def notes() -> dict[str, dict[str, Any]]:
    """The bank's notes by id, as YAML gives them: what is tested is the text, not our reader."""
    files = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(QUESTIONS.glob("*.yaml")))
    return {note["id"]: note for file in files for note in file.get("notes", [])}


@functools.cache
def cards() -> dict[str, dict[str, Any]]:
    """The bank's cards by full id, `note.card`."""
    return {f"{name}.{card['id']}": card for name, note in notes().items() for card in note.get("cards", [])}


def text(identifier: str) -> str:
    """Front, back and notation of a card, fresh numbers as in its example, or all that a note says outside its cards.

    Line breaks count as spaces.

    Args:
        identifier: `note.card` or `note`.
    """
    if "." in identifier:
        card = variants.filled(cards()[identifier])
        parts = [card["front"], card["back"], card.get("notation", "")]
    else:
        note = notes()[identifier]
        parts = [note.get("short", ""), note["answer"]]
        parts += [point["text"] for point in note.get("key_points", [])]
        parts += [f"{item['question']} {item['answer']}" for item in note.get("follow_ups", [])]
    return " ".join(" ".join(str(part) for part in parts).split())


def claims(identifier: str, *fragments: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Says that a test verifies what a card or a note states in these very words.

    Whoever edits the words meets a failing test, and has to look whether the numbers still bear them out.
    """

    def decorate(test: Callable[P, None]) -> Callable[P, None]:
        @functools.wraps(test)
        def checked(*args: P.args, **kwargs: P.kwargs) -> None:
            assert identifier in (cards() if "." in identifier else notes()), f"the bank has no {identifier}"
            for fragment in fragments:
                assert fragment in text(identifier), (
                    f"{identifier} no longer says {fragment!r}; is its formula still true?"
                )
            test(*args, **kwargs)

        return checked

    return decorate


def random(seed: int = 0) -> np.random.Generator:
    """Fixed chance of a test's own, so that tests may run in any order."""
    return np.random.default_rng(seed)


def slope(function: Callable[[Array], float], at: Array, step: float = 1e-6) -> Array:
    """Gradient by central differences, the judge of every derivative that a card states."""
    at = np.asarray(at, dtype=float)
    gradient = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (function(up) - function(down)) / (2 * step)
    return gradient


def softmax(z: Array) -> Array:
    """Along the last axis."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def sigmoid(z: Array | float) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.asarray(z, dtype=float))))


def relu(z: Array) -> Array:
    return np.maximum(z, 0)
