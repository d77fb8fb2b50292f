"""What a formula's tree amounts to with values for its symbols. Functions that have no values here get some, the same each time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from dlquiz.text.formula_tree import RELATIONS, SETS, Tree

Amounts = list[float]
_KNOWN: Mapping[str, Callable[[Amounts], float]] = {
    "exp": lambda x: math.exp(x[0]),
    "log": lambda x: math.log(x[0]),
    "log2": lambda x: math.log2(x[0]),
    "log10": lambda x: math.log10(x[0]),
    "sqrt": lambda x: math.sqrt(x[0]),
    "tanh": lambda x: math.tanh(x[0]),
    "sin": lambda x: math.sin(x[0]),
    "cos": lambda x: math.cos(x[0]),
    "erf": lambda x: math.erf(x[0]),
    "abs": lambda x: abs(x[0]),
    "sign": lambda x: math.copysign(1, x[0]),
    "ceil": lambda x: float(math.ceil(x[0])),
    "floor": lambda x: float(math.floor(x[0])),
    "relu": lambda x: max(x[0], 0.0),
    "softplus": lambda x: math.log1p(math.exp(x[0])),
    "σ": lambda x: 1 / (1 + math.exp(-x[0])),
    "max": max,
    "min": min,
    "sum": lambda x: 3.7 * x[0] + 0.13 * math.fsum(x[1:]),  # what a sum keeps: factors go in and out
    "mean": lambda x: 0.9 * x[0],
    "prod": lambda x: abs(x[0]) ** 2.3 + 0.13 * math.fsum(x[1:]),
    "norm": lambda x: 1.9 * abs(x[0]),
}


def amount(tree: Tree, values: Mapping[str, float]) -> float | None:
    """What it amounts to; None for what has no amount there, like the root of a negative number."""
    try:
        result = _amount(tree, values)
    except (KeyError, ArithmeticError, ValueError, TypeError):
        return None
    return result if math.isfinite(result) else None


def opaque(tree: Tree) -> frozenset[str]:
    """The functions of a tree whose values nobody knows here."""
    own = frozenset({tree[1]}) if tree[0] == "call" and tree[1] not in _KNOWN else frozenset()
    return own.union(*(opaque(operand) for operand in tree[1:] if isinstance(operand, tuple)))


def _amount(tree: Tree, values: Mapping[str, float]) -> float:
    kind, operands = tree[0], tree[1:]
    if kind == "num":
        return float(operands[0])
    if kind == "sym":
        return values[operands[0]]
    if kind == "call" and operands[0] in ("max", "min"):
        return _KNOWN[operands[0]](_listed(operands[1], values))
    amounts = [_amount(operand, values) for operand in operands if isinstance(operand, tuple)]
    if kind == "call":
        known = _KNOWN.get(operands[0])
        return known(amounts) if known else _some(operands[0], amounts)
    if kind == "^":
        base, exponent = amounts
        return float(base**exponent) if exponent.is_integer() else math.pow(base, exponent)
    if kind in SETS:
        return _some(kind, [math.fsum(amounts)])
    if kind in RELATIONS:
        return 3 * amounts[0] + 5 * amounts[1]
    return math.fsum(amounts) if kind == "+" else math.prod(amounts)


def _listed(tree: Tree, values: Mapping[str, float]) -> Amounts:
    """The amounts of what stands between commas."""
    return [*_listed(tree[1], values), _amount(tree[2], values)] if tree[0] == "," else [_amount(tree, values)]


def _some(name: str, amounts: Amounts) -> float:
    """A value for a function of these, by its name."""
    return 2 + math.cos(sum(map(ord, name)) + math.fsum((n + 0.7) * amount for n, amount in enumerate(amounts)))
