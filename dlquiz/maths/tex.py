"""What formulas are made of: pieces of text with a kind, which asks for spaces, and a level, which asks for brackets."""

from __future__ import annotations

from typing import NamedTuple

# Kinds of atoms, as in chapter 18 of the TeXbook: the spaces of a printed formula follow from them.
ORD, OP, BIN, REL, OPEN, CLOSE, PUNCT, INNER = "ord", "op", "bin", "rel", "open", "close", "punct", "inner"
# Not TeX's. A BAR turns into OPEN, CLOSE or SEP, a BIN without a left side into UNARY; BIG is an OP with a range below it.
WORD, ROOT, FRACTION, BIG, SLASH, UNARY, BAR, SEP = "word", "root", "fraction", "big", "slash", "unary", "bar", "sep"
OPERANDS = frozenset({ORD, WORD, ROOT, FRACTION, CLOSE})  # what ends an operand
STARTS = frozenset({ORD, WORD, ROOT, FRACTION, OPEN, OP, BIG})

# How tightly a text holds together, loosest first: `a + b`, `log x`, `a/b`, `ab`, `f(x)`, `(x)`, `x`.
SUM, APPLIED, QUOTIENT, PRODUCT, CALL, BRACKETED, WHOLE = range(7)


class Atom(NamedTuple):
    text: str
    kind: str = ORD
    level: int = WHOLE
    gap: str = ""  # spaces that the source asks for before it
    spaced: bool = False  # the source has a space before it that TeX would ignore
