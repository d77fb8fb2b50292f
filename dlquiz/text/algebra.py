"""Formulas as people type them, and as a screen shows them, in one canonical form: sums in any order, products where that is safe."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from dlquiz import maths

LONGEST = 300  # characters; a typed formula has a tenth
DEEPEST = 40  # brackets within one another
GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eps": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "lamda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip
_LETTERS = GREEK | {
    name.capitalize(): letter.upper() for name, letter in GREEK.items() if not name.startswith(("eps", "var"))
}
_NAMES = re.compile(rf"({'|'.join(sorted(_LETTERS, key=len, reverse=True))})(hat|bar|tilde|vec|)(?![a-z])")
_SIGNS = {
    "−": "-", "–": "-", "·": "*", "⋅": "*", "×": "*", "∗": "*", "⊙": "*", "∘": "*", "÷": "/", "≤": "<=", "≥": ">=", "≈": "~=", "∞": " inf ",
    "√": " sqrt ",
    "∑": " sum ", "∏": " prod ", "Σ": " sum ", "Π": " prod ", "‖": "||",
    "∥": "||", "′": "'", "’": "'", "″": "''", "⌈": " ceil(", "⌉": ")", "⌊": " floor(",
    "⌋": ")", "←": "=", "→": "->", "[": "(", "]": ")", "{": "(", "}": ")", "½": "(1/2)", "ϵ": "ε", "µ": "μ", "ϕ": "φ", "…": "...",
    "⊤": " T", "∂": "d", "∇": " grad ", "₊": "+",
}  # fmt: skip
_MARKS = {"\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde", "\u20d7": "vec"}
_SMALL = re.compile(r"([⁰¹²³⁴-⁾ⁱⁿᴬ-ᵂᵃ-ᵛʰʲʳˢʷˡˣʸᶻᶜᶠ]+)|([₀-₎ₐ-ₜᵢ-ᵪⱼ]+)")
_WORDS = (
    (r"\(\*\)|\(\.\)", "*"), (r"\*\*", "^"), (r"\bSigma(?![a-z])", " sum "), (r"\bPi(?![a-z])", " prod "),
    (r"\btimes\b", "*"), (r"\bminus\b", "-"), (r"\bplus\b", "+"), (r"\b(?:over|divided by)\b", "/"), (r"<-|:=", "="),
    (r"\bsigmoid\b", "σ"), (r"\binfinity\b|\binfty\b", "inf"), (r"\btransposed?\b", "^T"), (r"\bceiling\b", "ceil"),
    (r"\bproduct\b", "prod"), (r"\bcap\b", "∩"), (r"\bcup\b", "∪"), (r"\bsquared\b", "^2"), (r"(?<=[\d)])\s*x\s*(?=[\d(])", "*"),
    (r"(?<=[^\W\d_])\.(?=[^\W\d_])", "*"),
)  # fmt: skip
_TOKEN = re.compile(r"\d+(?:\.\d+)?(?:e-?\d+)?|\.\d+|[^\W\d_]+'*|\|\||<=|>=|~=|->|\.\.\.|\S")
_PROSE = re.compile(r"(?<![^\W\d_])[a-z]{3,}(?=\s+[a-z]{3,}(?![^\W\d_]))")  # one word after another
FUNCTIONS = frozenset(
    "log ln exp sin cos tanh sqrt max min softmax sign sgn mean std var ceil floor sum prod abs norm cov".split()
)

Tree = tuple[Any, ...]


class NoFormulaError(Exception):
    """The text is not a formula that this module reads."""


def spelled(text: str) -> str:
    """A formula in one spelling: letters for Greek names, plain signs, `^()` and `_()` for what is raised and lowered."""
    text = text.strip().rstrip(".").strip("`")
    text = maths.plain(text) if "$" in text else maths.formula(text) if "\\" in text else text
    text = unicodedata.normalize("NFC", text)
    text = _SMALL.sub(
        lambda run: f"{'^' if run[1] else '_'}({unicodedata.normalize('NFKC', run[0]).replace('−', '-')})", text
    )
    text = unicodedata.normalize("NFD", text)
    text = re.sub(f"[{''.join(_MARKS)}]", lambda mark: _MARKS[mark[0]], text)
    text = unicodedata.normalize("NFKC", text)  # 𝔼 and ℝ are letters too
    text = "".join(_SIGNS.get(char, char) for char in text)
    for pattern, form in _WORDS:
        text = re.sub(pattern, form, text)
    text = _NAMES.sub(lambda name: f"{_LETTERS[name[1]]}{name[2]} ", text) if re.search("[a-z]{2}", text) else text
    text = re.sub(r"_\s*([+*])", r"_(\1)", text)
    text = re.sub(
        r"(?<=[^\W\d_])\s*_\s*\(([\w]+)\)|(?<=[^\W\d_])\s*_\s*(\w+)", lambda sub: f"{sub[1] or sub[2]} ", text
    )  # x_t is xt
    return re.sub(r"\s+", " ", text).strip().rstrip(".")


def canonical(text: str) -> Tree:
    """The formula as a tree without differences in order and spelling that mean nothing.

    Raises:
        NoFormulaError: It is not a formula, or too long.
    """
    formula = spelled(text)
    words = _PROSE.findall(formula)
    if any(word not in FUNCTIONS for word in words):
        raise NoFormulaError
    return _ordered(_Parser(formula).whole())


def same(first_text: str, second_text: str) -> bool:
    """Do two formulas differ in nothing but spelling and order? What stands before the one equals sign may be left out."""
    try:
        first, second = canonical(first_text), canonical(second_text)
    except NoFormulaError:
        return False
    return bool(set(_spellings(first)) & set(_spellings(second)))


def differ(first_text: str, second_text: str) -> bool:
    """Are they two formulas of the same symbols that amount to different things?"""
    try:
        sides = [_spellings(canonical(text))[-1] for text in (first_text, second_text)]
    except NoFormulaError:
        return False
    names = [_symbols(side) for side in sides]
    if names[0] != names[1] and {name.lower() for name in names[0]} == {name.lower() for name in names[1]}:
        return any(
            re.match("[Α-Ωα-ω]", name) for name in names[0] ^ names[1]
        )  # φ is not Φ; a small w for W may be haste
    if not names[0] or not (names[0] <= names[1] or names[1] <= names[0]) or sides[0] == sides[1]:
        return False
    values = [
        _amount(side, {name: 1.3 + 0.37 * n for n, name in enumerate(sorted(names[0] | names[1]))}) for side in sides
    ]
    if None in values or math.isclose(float(values[0] or 0), float(values[1] or 0), rel_tol=1e-9):
        return _unordered(sides[0]) == _unordered(sides[1])  # nothing but a product's order
    return True


def _unordered(tree: Tree) -> Tree:
    """The tree with all products sorted, whatever their factors are."""
    operands = [_unordered(operand) if isinstance(operand, tuple) else operand for operand in tree[1:]]
    return (tree[0], *(sorted(operands, key=repr) if tree[0] in ("*", "+") else operands))


def _spellings(tree: Tree) -> list[Tree]:
    """The formula and, for an equation with a plain side, the other side alone, which comes last."""
    if tree[0] == "=" and len(tree) == 3:
        for left, right in ((tree[1], tree[2]), (tree[2], tree[1])):
            if left[0] == "sym" or (
                left[0] == "*" and len(left) == 3 and left[1][0] == "sym" and len(_symbols(left)) <= 2
            ):
                return [tree, right]
    return [tree]


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
        while self.peek() in ("=", "<", ">", "<=", ">=", "~=", "~", ",", ";", ":", "->", "||", "|") and not (
            self.peek() in ("||", "|") and self.bars
        ):
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
                base = _lowered(base, self.atom())
                continue
            exponent: Tree = ("neg", self.atom()) if self.peek() == "-" and self.take() else self.atom()
            base = ("^", base, exponent)
        return ("*", *factors, base) if factors else base

    def atom(self) -> Tree:
        token = self.take()
        if re.match(r"[\d.]+\d|\d", token):
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
        return self.letters(token)

    def bracketed(self, end: str) -> Tree:
        bars, self.bars = self.bars, 0
        tree = self.relation()
        self.bars = bars
        if self.take() != end:
            raise NoFormulaError
        return tree

    def applied(self, name: str) -> Tree:
        exponent: Tree | None = None
        if self.peek() == "^":
            self.take()
            exponent = self.atom()
        if name in ("sum", "prod") and self.peek() != "(":
            return ("call", name, self.product())
        inner = self.power() if self.peek() not in ("", ")", ",", "+", "-", "/") else ("sym", "")
        call: Tree = ("call", {"ln": "log", "sgn": "sign"}.get(name, name), inner)
        return ("^", call, exponent) if exponent else call

    def letters(self, token: str) -> Tree:
        """Each capital and each Greek letter is a symbol; small letters in a row are one, as nobody can tell `nin` from n·i·n."""
        factors = [("sym", symbol) for symbol in re.findall(r"[A-ZΑ-Ωα-ω]'*|[^A-ZΑ-Ωα-ω]+", token)]
        return factors[0] if len(factors) == 1 else ("*", *factors)


def _lowered(base: Tree, below: Tree) -> Tree:
    """A symbol with an index that is a sum."""
    return ("call", "sub", base, _ordered(below))


def _ordered(tree: Tree) -> Tree:
    """Sums sorted; products sorted where no two of their factors are matrices; numbers gathered."""
    kind, operands = tree[0], tree[1:]
    if kind in ("num", "sym"):
        return tree
    if kind == "call":
        return ("call", operands[0], *map(_ordered, operands[1:]))
    inner = [_ordered(operand) for operand in operands]
    if kind == "neg":
        return _product([("num", -1.0), inner[0]])
    if kind == "inv":
        return _power(inner[0], ("num", -1.0))
    if kind == "+":
        terms = [term for operand in inner for term in (operand[1:] if operand[0] == "+" else (operand,))]
        return ("+", *sorted(terms, key=repr))
    if kind == "*":
        return _product(inner)
    if kind == "^":
        return _power(*inner)
    return (kind, *inner)


def _power(base: Tree, exponent: Tree) -> Tree:
    if base == ("sym", "e"):
        return ("call", "exp", exponent)
    if base[0] == "call" and base[1] == "sqrt":
        return _power(base[2], _product([exponent, ("num", 0.5)])) if exponent[0] == "num" else ("^", base, exponent)
    if base[0] == exponent[0] == "num":
        try:
            value = base[1] ** exponent[1]
        except (ArithmeticError, ValueError):
            raise NoFormulaError from None
        return ("num", float(f"{value:.12g}")) if isinstance(value, float) else ("^", base, exponent)
    if base[0] == "*" and exponent[0] == "num" and not any(map(_matrix, base[1:])):
        return _product([_power(factor, exponent) for factor in base[1:]])
    if base[0] == "^" and base[2][0] == exponent[0] == "num":
        return _power(base[1], ("num", base[2][1] * exponent[1]))
    return base if exponent == ("num", 1.0) else ("^", base, exponent)


def _product(factors: list[Tree]) -> Tree:
    flat = [factor for nested in factors for factor in (nested[1:] if nested[0] == "*" else (nested,))]
    number = math.prod(factor[1] for factor in flat if factor[0] == "num")
    rest = [factor for factor in flat if factor[0] != "num"]
    if sum(map(_matrix, rest)) > 1:
        scalars = sorted((factor for factor in rest if not _matrix(factor)), key=repr)
        rest = [*scalars, *filter(_matrix, rest)]
    else:
        rest.sort(key=repr)
    gathered: list[Tree] = [] if number == 1 and rest else [("num", float(f"{number:.12g}"))]
    gathered += rest
    return gathered[0] if len(gathered) == 1 else ("*", *gathered)


def _matrix(factor: Tree) -> bool:
    """May it be a matrix, a vector or a function, whose place in a product matters? Plain small letters commute with everything."""
    if factor[0] == "^" and factor[1][0] in ("sym", "^"):
        return _matrix(factor[1]) or factor[2] == ("sym", "T")
    if factor[0] == "call" and factor[1] == "sub":
        return _matrix(factor[2])
    if factor[0] == "+":
        return any(_matrix(summand) for summand in factor[1:])
    return factor[0] == "sym" and bool(re.match("[A-ZΑ-Ω]|[hvuaqk]", factor[1]))


def _symbols(tree: Tree) -> frozenset[str]:
    if tree[0] == "sym":
        return frozenset({tree[1]})
    own = frozenset({f"{tree[1]}()"}) if tree[0] == "call" else frozenset()
    return own.union(*(_symbols(operand) for operand in tree[1:] if isinstance(operand, tuple)))


def _amount(tree: Tree, values: Mapping[str, float]) -> float | None:
    """What it amounts to with these values of its symbols; None for what has no amount."""
    kind, operands = tree[0], tree[1:]
    if kind == "num":
        return float(operands[0])
    if kind == "sym":
        return values[operands[0]]
    inner = [_amount(operand, values) for operand in operands if isinstance(operand, tuple)]
    if any(amount is None for amount in inner):
        return None
    amounts = [float(amount) for amount in inner if amount is not None]
    try:
        return _OPERATIONS[kind](amounts) + (values[f"{operands[0]}()"] if kind == "call" else 0.0)
    except (KeyError, ArithmeticError, ValueError, TypeError):
        return None


_OPERATIONS: Mapping[str, Callable[[list[float]], float]] = {
    "+": math.fsum,
    "*": math.prod,
    "^": lambda amounts: abs(amounts[0]) ** amounts[1],
    "call": lambda amounts: math.fsum(n * amount for n, amount in enumerate(amounts, 2)),
    **dict.fromkeys(
        (",", ";", ":", "=", "|", "||", "<", ">", "<=", ">=", "~", "~=", "->"),
        lambda amounts: 3 * amounts[0] + 5 * amounts[1],
    ),
}
