"""A transcriber without a model, by pywhispercpp's names: it writes what FAKE_WORDS says, in sentences; FAKE_BARE without a prompt."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any, NamedTuple


class Segment(NamedTuple):
    t0: int
    t1: int
    text: str
    probability: float


class Model:
    def __init__(self, path: str, **_settings: object) -> None:
        os.write(1, b"whisper_init_from_file: noise\n")
        if os.environ.get("FAKE_TRANSCRIBER") == "crash":
            os._exit(11)
        if os.environ.get("FAKE_TRANSCRIBER") == "refuse":
            raise RuntimeError(f"no model in {path}")

    def transcribe(
        self, samples: Any, new_segment_callback: Callable[[Segment], None], initial_prompt: str, **_settings: object
    ) -> list[Segment]:
        if os.environ.get("FAKE_TRANSCRIBER") == "hang":
            threading.Event().wait()
        if os.environ.get("FAKE_TRANSCRIBER") == "dies":
            os._exit(11)
        prompts = os.environ.get("FAKE_PROMPTS")
        if prompts:
            with open(prompts, "a", encoding="utf-8") as file:
                file.write(f"{initial_prompt}\n")
        words = os.environ.get("FAKE_WORDS", "")
        sentences = (words if initial_prompt else os.environ.get("FAKE_BARE", words)).split("|")
        probability = float(os.environ.get("FAKE_PROBABILITY", "0.9"))
        length = len(samples) / 160
        segments = [
            Segment(round(n * length / len(sentences)), round((n + 1) * length / len(sentences)), text, probability)
            for n, text in enumerate(sentences)
        ]
        for segment in segments:
            new_segment_callback(segment)
        return segments
