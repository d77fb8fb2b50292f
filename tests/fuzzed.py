"""What `make fuzz` has found, as the smallest folder that showed it; a new find gets a row here.

Seeds tried: 20261124, all 10,000.
"""

from __future__ import annotations

from typing import NamedTuple

from banks_at_random import Folder


class Found(NamedTuple):
    """A bank that was once too much, and what happened."""

    found: str
    files: Folder


def _note(rest: str) -> bytes:
    return f"bank: mine\nnotes:\n  - id: n\n    question: Q\n    answer: A\n{rest}".encode()


FOUND = [
    Found("a new look in a year that no date has", Folder(_note("    as_of: 9999-12-31\n    volatility: fast\n"))),
    Found("advice without what to do", Folder(_note('    pitfalls: ["80 % of teams"]\n'))),
    Found("an empty file of sources", Folder(_note(""), b"")),
    Found("an error in the bank and one in its sources", Folder(_note("    was: [n]\n"), b"sources: []\n")),
    Found("an id longer than a line", Folder(_note("  - {id: " + "x" * 120 + ", question: Q, answer: A}\n"))),
    Found("JSON with a C1 control", Folder(_note('    short: "\\x9b2J"\n'))),
    Found("JSON with a bidi control", Folder(_note('    text: {"\\u202e": "\\u2066"}\n'))),
    Found("an escape sequence in a link's address", Folder(_note("    short: <http://x/%1B%5B31m>\n"))),
    Found("a bidi control in a link's address", Folder(_note("    short: <http://x/%E2%80%AE>\n"))),
    Found("a bidi control as an entity", Folder(_note("    short: '&#x202e;&rlm;&#8232;'\n"))),
]
