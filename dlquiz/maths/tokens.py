"""LaTeX to the tokens that the parser reads."""

from __future__ import annotations

import re

from dlquiz.maths import symbols

MOST_INFIX = 40  # of `\over` in one formula; of more of them each would read all the others
ROW = re.compile(
    r"\\\\\*?\s*\[\s*-?[\d.]+\s*(?:px|pt|em|ex|mm|cm|in|mu|pc|bp)\s*\]|\\\\\*|\\(?:cr|newline)(?![A-Za-z])"
)
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?(?:e-?\d+)?|\s+|:=|.")
NAME = re.compile(r"\\[A-Za-z]+")


def read(latex: str) -> list[str]:
    """The tokens of a formula, without what is dropped."""
    tokens = TOKEN.findall(ROW.sub(r"\\\\ ", latex))
    return _prefixed([token for token in tokens if not symbols.DROPPED.fullmatch(token)])


def _prefixed(tokens: list[str]) -> list[str]:
    """The tokens with `{a \\over b}` as `\\frac{a}{b}`, `{n \\choose k}` as `\\binom{n}{k}`."""
    for infix, prefix in ((r"\over", r"\frac"), (r"\choose", r"\binom")):
        while 0 < tokens.count(infix) <= MOST_INFIX:
            at = tokens.index(infix)
            start, end = _reach(tokens, at, -1), _reach(tokens, at, 1)
            tokens = [
                *tokens[: start + 1],
                prefix,
                "{",
                *tokens[start + 1 : at],
                "}",
                "{",
                *tokens[at + 1 : end],
                "}",
                *tokens[end:],
            ]
    return tokens


def _reach(tokens: list[str], at: int, step: int) -> int:
    """Where the group around a token begins or ends."""
    depth = 0
    while 0 <= at + step < len(tokens):
        at += step
        depth += ((tokens[at] == "{") - (tokens[at] == "}")) * step
        if depth < 0:
            return at
    return at + step
