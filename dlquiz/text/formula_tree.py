"""A formula's spelling -> a tree of sums, products, powers and calls, as it is written. `text.algebra` says which trees are the same."""

from __future__ import annotations

import re
from typing import Any

LONGEST = 300  # characters; a typed formula has a tenth
DEEPEST = 40  # brackets within one another
_TOKEN = re.compile(r"\d+(?:\.\d+)?(?:e-?\d+)?|\.\d+|[^\W\d_]+\d*'*|\|\||<=|>=|~=|->|\.\.\.|\S")
_PROSE = re.compile(r"(?<![^\W\d_])[a-z]{3,}(?=\s+[a-z]{3,}(?![^\W\d_]))")  # one word after another
FUNCTIONS = frozenset(
    "log ln exp sin cos tanh sqrt max min softmax sign sgn mean std var ceil floor sum prod abs norm cov relu gelu silu"
    " softplus erf argmax argmin log2 log10".split()
)
RELATIONS = ("=", "<", ">", "<=", ">=", "~=", "~", ",", ";", ":", "->", "||", "|")
SETS = ("∩", "∪")  # of which the order is nothing
CALLED = "σφΦψ"  # letters that are functions before a bracket

Tree = tuple[Any, ...]


class NoFormulaError(Exception):
    """The text is not a formula that this module reads."""


def parsed(formula: str) -> Tree:
    """The tree of a formula in its one spelling.

    Raises:
        NoFormulaError: It is not a formula, or too long.
    """
    if any(word not in FUNCTIONS for word in _PROSE.findall(formula)):
        raise NoFormulaError
    return _Parser(formula).whole()


class _Parser:
    """Recursive descent over `= < + - * / ^`, functions, brackets, bars, and products without a sign."""

    def __init__(self, text: str) -> None:
        if not text or len(text) > LONGEST:
            raise NoFormulaError
        self.tokens = _TOKEN.findall(text)
        self.at = 0
        self.depth = 0
        self.bars = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def whole(self) -> Tree:
        tree = self.relation()
        if self.at < len(self.tokens):
            raise NoFormulaError
        return tree

    def relation(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NoFormulaError
        tree = self.sum()
        while self.peek() in RELATIONS and not (self.peek() in ("||", "|") and self.bars):
            tree = (self.take(), tree, self.sum())
        self.depth -= 1
        return tree

    def sum(self) -> Tree:
        terms: list[Tree] = []
        sign = 1
        while self.peek() in ("+", "-"):
            sign *= 1 if self.take() == "+" else -1
        while True:
            term = self.product()
            terms.append(term if sign > 0 else ("neg", term))
            if self.peek() not in ("+", "-"):
                return terms[0] if len(terms) == 1 else ("+", *terms)
            sign = 1
            while self.peek() in ("+", "-"):
                sign *= 1 if self.take() == "+" else -1

    def product(self) -> Tree:
        factors = [self.power()]
        while True:
            token = self.peek()
            if token == "*":
                self.take()
                factors.append(self.power())
            elif token in SETS:
                self.take()
                factors[-1] = (token, factors[-1], self.power())
            elif token == "/":
                self.take()
                factors.append(("inv", self.power()))
            elif token in ("(", "...", "!") or (token in ("|", "||") and not self.bars) or re.match(r"[\w.]", token):
                if token in ("|", "||") and not self.closes(token):
                    break
                factors.append(self.power())
            else:
                break
        return factors[0] if len(factors) == 1 else ("*", *factors)

    def closes(self, bar: str) -> bool:
        """Does a bar like the next one follow, so that the two are brackets?"""
        depth = count = 0
        for token in self.tokens[self.at + 1 :]:
            depth += (token == "(") - (token == ")")
            if depth < 0:
                break
            count += token == bar and depth == 0
        return count % 2 == 1

    def power(self) -> Tree:
        base = self.atom()
        factors: tuple[Tree, ...] = ()  # the letters before the last one of a row: what is raised is the last
        if base[0] == "*" and self.tokens[self.at - 1] != ")":
            factors, base = base[1:-1], base[-1]
        while self.peek() in ("^", "_"):
            if self.take() == "_":
                base = ("call", "sub", base, self.atom())  # an index that is a sum
                continue
            exponent: Tree = ("neg", self.atom()) if self.peek() == "-" and self.take() else self.atom()
            base = ("^", base, exponent)
        return ("*", *factors, base) if factors else base

    def atom(self) -> Tree:
        token = self.take()
        if re.match(r"\d|\.\d", token):
            return ("num", float(token))
        if token == "(":
            return self.bracketed(")")
        if token in ("|", "||"):
            self.bars += 1
            inner = self.sum()
            self.bars -= 1
            if self.take() != token:
                raise NoFormulaError
            return ("call", "abs" if token == "|" else "norm", inner)
        if token in ("...", "!"):
            return ("sym", token)
        if not re.match(r"[^\W\d_]", token):
            raise NoFormulaError
        if token.lower() in FUNCTIONS:
            return self.applied(token.lower())
        if self.peek() == "(" and (token in CALLED or self.takes_several()):
            self.take()
            return ("call", token, self.bracketed(")"))
        return self.letters(token)

    def takes_several(self) -> bool:
        """Are there several operands in the bracket that comes next, as in `C(n, k)` and `p(y|x)`?"""
        depth = 0
        for token in self.tokens[self.at :]:
            depth += (token == "(") - (token == ")")
            if depth == 0:
                return False
            if depth == 1 and token in (",", ";", "||"):
                return True
        return False

    def bracketed(self, end: str) -> Tree:
        bars, self.bars = self.bars, 0
        tree = self.relation()
        self.bars = bars
        if self.take() != end:
            raise NoFormulaError
        return tree

    def applied(self, name: str) -> Tree:
        if name in ("sum", "prod"):
            return self.gathered(name)
        exponent: Tree | None = None
        if self.peek() == "^":
            self.take()
            exponent = self.atom()
        if exponent is None and self.peek() == "(":  # what is raised in `mean(x)^2` is the mean
            inner = self.atom()
        else:
            inner = self.power() if self.peek() not in ("", ")", ",", "+", "-", "/") else ("sym", "")
        call: Tree = ("call", {"ln": "log", "sgn": "sign"}.get(name, name), inner)
        return ("^", call, exponent) if exponent else call

    def gathered(self, name: str) -> Tree:
        """A sum or product of what follows, up to the next plus or minus; its limits count where they have an equals sign."""
        limits: list[Tree] = []
        while self.peek() in ("_", "^"):
            self.take()
            limits.append(self.atom())
        return ("call", name, self.product(), *limits)

    def letters(self, token: str) -> Tree:
        """Each capital and each Greek letter is a symbol; small letters in a row are one, as nobody can tell `nin` from n·i·n."""
        factors = [("sym", symbol) for symbol in re.findall(r"[A-ZΑ-Ωα-ω]'*|[^A-ZΑ-Ωα-ω]+", token)]
        return factors[0] if len(factors) == 1 else ("*", *factors)
