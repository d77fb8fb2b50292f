"""The quickest terminal flashcard programs on PyPI, each with a deck of twenty cards, as the benchmark of the start runs them.

They live in an environment of their own: `make bench` creates `.venv-peers` and installs the versions of `PINNED` there.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PINNED = "memodeck==0.1.0 termcard==1.0.1"
CARDS = 20
QUESTION = "What is asked on card"


class Start(NamedTuple):
    """A program to be started, and what ends the measurement."""

    command: Sequence[str]
    until: bytes | None = None  #: what it prints then; None: its own end
    keys: bytes = b""  #: typed at once
    env: dict[str, str] = {}  # noqa: RUF012 - read only


def starts(environment: Path, folder: Path) -> dict[str, Start]:
    """Each peer's help and its first question.

    Args:
        environment: Where they are installed.
        folder: Their decks are made in it.
    """
    memodeck, termcard = (str(environment / "bin" / name) for name in ("memodeck", "termcard"))
    deck, cards = str(folder / "memodeck.db"), folder / "termcard.json"
    for number in range(CARDS):
        typed = f"basic\n{QUESTION} {number}?\nanswer {number}\n"
        subprocess.run([memodeck, "--db", deck, "add", "deck"], input=typed, text=True, check=True, capture_output=True)
    rows = [{"id": f"c{number}", "front": f"{QUESTION} {number}?", "back": "answer"} for number in range(CARDS)]
    cards.write_text(json.dumps({"decks": [{"id": "d", "name": "deck", "cards": rows}]}), encoding="utf-8")
    asked = QUESTION.encode()
    return {
        "memodeck --help": Start((memodeck, "--help")),
        "termcard --help": Start((termcard, "--help")),
        "memodeck, first question": Start((memodeck, "--db", deck, "study", "deck"), asked),
        "termcard, first question": Start((termcard, "--data", str(cards)), asked, keys=b"r\n"),
    }
