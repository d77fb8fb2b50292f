"""A small arithmetic for the numbers of cards: numbers, names, operators, comparisons, a few functions; never `eval`."""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

MAX_LENGTH = 500
MAX_POWER = 10_000  # as an exponent; keeps 9**9**9 from running for ever
MAX_BITS = 100_000  # of a whole number, thirty thousand digits

FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "abs": abs, "ceil": math.ceil, "comb": math.comb, "erf": math.erf, "exp": math.exp, "factorial": math.factorial,
    "floor": math.floor, "fsum": lambda *terms: math.fsum(terms), "log": math.log, "log2": math.log2,
    "log10": math.log10, "max": max, "min": min, "round": round, "sqrt": math.sqrt, "tanh": math.tanh,
}  # fmt: skip
NAMES: Mapping[str, float] = {"pi": math.pi, "e": math.e}
_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}  # fmt: skip


class ExpressionError(ValueError):
    """The expression says something that this arithmetic does not know, or can't be computed."""


def evaluate(text: str, names: Mapping[str, float] = NAMES) -> float | bool:
    """The value of an expression.

    Args:
        text: The expression.
        names: What names in it stand for, beside pi and e.

    Raises:
        ExpressionError: Not part of this arithmetic, too long, too big, or without a value (a division by zero).
    """
    value: float | bool = _computed(_tree(text), {**NAMES, **names})
    return value


def amounts(text: str, names: Mapping[str, float] = NAMES) -> list[float]:
    """The value of every part of an expression that has one: the compared values and what they are computed from."""
    values = []
    for node in ast.walk(_tree(text)):
        if isinstance(node, ast.expr):
            with suppress(ExpressionError, OverflowError):
                value = _computed(node, {**NAMES, **names})
                values += [] if isinstance(value, bool) else [float(value)]
    return values


@lru_cache(maxsize=64)  # a card with fresh numbers asks for the same one with each of them
def _tree(text: str) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's own, on `1or 2`: nobody asked for its opinion
            return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(str(error) or type(error).__name__) from error


def _computed(node: ast.expr, names: Mapping[str, float]) -> Any:
    try:
        return _value(node, names)
    except ExpressionError:
        raise
    except (ValueError, TypeError, ArithmeticError, RecursionError, MemoryError) as error:
        raise ExpressionError(str(error) or type(error).__name__) from error


def _value(node: ast.expr, names: Mapping[str, float]) -> Any:
    match node:
        case ast.Constant(value=bool() | int() | float()):
            return node.value
        case ast.Name() if node.id in names:
            return names[node.id]
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand, names)
        case ast.UnaryOp(op=ast.UAdd()):
            return +_value(node.operand, names)
        case ast.UnaryOp(op=ast.Not()):
            return not _value(node.operand, names)
        case ast.BinOp() if type(node.op) in _BINARY:
            return _operate(node.op, _value(node.left, names), _value(node.right, names))
        case ast.BoolOp():
            values = [bool(_value(operand, names)) for operand in node.values]
            return all(values) if isinstance(node.op, ast.And) else any(values)
        case ast.Compare() if all(type(op) in _COMPARE for op in node.ops):
            values = [_value(operand, names) for operand in (node.left, *node.comparators)]
            pairs = zip(node.ops, values, values[1:], strict=False)
            return all(_COMPARE[type(op)](left, right) for op, left, right in pairs)
        case ast.Call(func=ast.Name(id=name), keywords=[]) if name in FUNCTIONS:
            arguments = [_value(argument, names) for argument in node.args]
            if name in ("factorial", "comb") and any(abs(argument) > MAX_POWER for argument in arguments):
                raise ExpressionError("too big")
            if name == "round" and any(abs(digits) > 50 for digits in arguments[1:]):
                raise ExpressionError("too many digits")
            return FUNCTIONS[name](*arguments)
    raise ExpressionError(f"{ast.unparse(node)!r} is not part of it")


def _operate(op: ast.operator, left: Any, right: Any) -> Any:
    if isinstance(op, ast.Pow):
        digits = left.bit_length() if isinstance(left, int) else 1  # a float ends with an error of its own
        if abs(right) > MAX_POWER or digits * abs(right) > MAX_BITS:
            raise ExpressionError("too big")
    value = _BINARY[type(op)](left, right)
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise ExpressionError("too big")
    if isinstance(value, complex):
        raise ExpressionError("no real number")
    return value
