"""Two formulas as people type them: the same, of the same worth, or different. Sums have no order, products where that is safe."""

from __future__ import annotations

import math
import re
from itertools import combinations

from dlquiz.text import formula_tree, formula_value
from dlquiz.text.formula_tree import NoFormulaError, Tree
from dlquiz.text.spelling import spelled

_SCALES = (
    1,
    5,
    1,
    23,
    0.3,
    1,
    3,
    0.3,
    11,
    1,
)  # of the values of the symbols, for each point at which two formulas are compared
_GOLDEN, _SILVER = 0.6180339887498949, 0.41421356237309515  # their multiples are spread evenly
_ENOUGH = 3  # of them at which both have an amount
_ENTRYWISE = "entrywise"  # a product that a matrix is applied to
_WORD = re.compile(r"[a-z]{4,}")


def canonical(text: str) -> Tree:
    """The formula as a tree without differences in order and spelling that mean nothing.

    Raises:
        NoFormulaError: It is not a formula, or too long.
    """
    return _ordered(formula_tree.parsed(spelled(text)))


def same(first_text: str, second_text: str) -> bool:
    """Do two formulas say the same? What stands before the one equals sign may be left out.

    They do when they differ in nothing but spelling and order, and when they amount to the same whatever their symbols stand for, unless
    some of these may be matrices and have changed places.
    """
    try:
        first, second = canonical(first_text), canonical(second_text)
    except NoFormulaError:
        return False
    if set(_spellings(first)) & set(_spellings(second)):
        return True
    sides = _spellings(first)[-1], _spellings(second)[-1]
    swapped = {(other, one) for one, other in _follow(sides[0])} & _follow(sides[1])
    if sides[0][0] in formula_tree.RELATIONS or swapped or len(_letters(sides[0])) < 2:
        return False
    return _letters(sides[0]) == _letters(sides[1]) and _agree(*sides) is True


def differ(first_text: str, second_text: str) -> bool:
    """Are they two formulas of the same symbols that amount to different things?"""
    try:
        first, second = canonical(first_text), canonical(second_text)
    except NoFormulaError:
        return False
    if first[0] == second[0] == "=" and first[1] != second[1] and _letters(first) == _letters(second):
        return _holds(first, second) is False
    sides = _spellings(first)[-1], _spellings(second)[-1]
    names = [_letters(side) for side in sides]
    if sides[0] == sides[1] or any(_WORD.fullmatch(name) for name in names[0] - names[1]):
        return False
    if names[0] != names[1] and {name.lower() for name in names[0]} == {name.lower() for name in names[1]}:
        return any(re.match("[Α-Ωα-ω]", name) for name in names[0] ^ names[1])  # φ is not Φ; a small w may be haste
    if not names[0] or not (names[0] <= names[1] or names[1] <= names[0]):
        return False
    if _nameless(sides[0]) == _nameless(sides[1]):
        return True  # log for exp, floor for ceil
    if formula_value.opaque(sides[0]) != formula_value.opaque(sides[1]):
        return False
    agree = _agree(*sides)
    return _unordered(sides[0]) == _unordered(sides[1]) if agree is not False else True  # nothing but a product's order


def _points(names: frozenset[str]) -> list[dict[str, float]]:
    """Values for the symbols: spread widely, at the later points of both signs."""
    points = []
    for n, scale in enumerate(_SCALES):
        spread = {name: (n * _GOLDEN + (k + 1) * _SILVER + n * k * 0.27) % 1 for k, name in enumerate(sorted(names))}
        signs = {name: -1 if n > len(_SCALES) // 2 and (value * 10) % 1 < 0.5 else 1 for name, value in spread.items()}
        points.append({name: signs[name] * scale * (0.2 + 2.8 * value) for name, value in spread.items()})
    return points


def _agree(first: Tree, second: Tree) -> bool | None:
    """Have they the same amount at every point? None where too few points can tell."""
    told = lonely = 0
    for values in _points(_letters(first) | _letters(second)):
        one, other = formula_value.amount(first, values), formula_value.amount(second, values)
        if one is None or other is None:
            lonely += one is not other
        elif not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9):
            return False
        else:
            told += abs(one) not in (0, 1)  # where much is the same: sqrt(1) is 1
    return True if told >= _ENOUGH else False if lonely >= _ENOUGH and not told else None


def _holds(given: Tree, right: Tree) -> bool | None:
    """Does an equation hold wherever the right one does, which says what one symbol is? None where that can't be told."""
    if right[1][0] != "sym":
        return None
    told = []
    for values in _points(_letters(right)):
        amount = formula_value.amount(right[2], values)
        if amount is not None:
            values[right[1][1]] = amount
            sides = formula_value.amount(given[1], values), formula_value.amount(given[2], values)
            if sides[0] is not None and sides[1] is not None:
                told.append(math.isclose(sides[0], sides[1], rel_tol=1e-9, abs_tol=1e-9))
    return all(told) if len(told) >= _ENOUGH else None


def _nameless(tree: Tree) -> Tree:
    """The tree with all its functions named alike."""
    name = (
        ("call", "f")
        if tree[0] == "call" and tree[1] in formula_tree.FUNCTIONS | set(formula_tree.CALLED)
        else tree[:1]
    )
    operands = tree[2:] if len(name) == 2 else tree[1:]
    return (*name, *(_nameless(operand) if isinstance(operand, tuple) else operand for operand in operands))


def _unordered(tree: Tree) -> Tree:
    """The tree with all products sorted, whatever their factors are."""
    operands = [_unordered(operand) if isinstance(operand, tuple) else operand for operand in tree[1:]]
    return (tree[0], *(sorted(operands, key=repr) if tree[0] in ("*", "+") else operands))


def _spellings(tree: Tree) -> list[Tree]:
    """The formula and, for an equation with a plain side, the other side alone, which comes last."""
    if tree[0] == "=" and len(tree) == 3:
        for left, right in ((tree[1], tree[2]), (tree[2], tree[1])):
            if (
                left[0] == "sym"
                or (left[0] == "*" and len(left) == 3 and left[1][0] == "sym" and len(_letters(left)) <= 2)
                or (left[0] == "call" and left[1] not in formula_tree.FUNCTIONS)
            ):
                return [tree, right]
    return [tree]


def _follow(tree: Tree) -> set[tuple[str, str]]:
    """Which factor stands before which other one, of those whose order may count."""
    factors = [repr(factor) for factor in tree[1:] if _matrix(factor)] if tree[0] == "*" else []
    inner = [_follow(operand) for operand in tree[1:] if isinstance(operand, tuple)]
    return {(one, other) for one, other in combinations(factors, 2) if one != other}.union(*inner)


def _letters(tree: Tree) -> frozenset[str]:
    """The symbols of a tree, its functions aside."""
    if tree[0] == "sym":
        return frozenset({tree[1]})
    return frozenset().union(*(_letters(operand) for operand in tree[1:] if isinstance(operand, tuple)))


def _ordered(tree: Tree) -> Tree:
    """Sums sorted; products sorted where no two of their factors are matrices; numbers gathered."""
    kind, operands = tree[0], tree[1:]
    if kind in ("num", "sym"):
        return tree
    if kind == "call":
        return _called(operands[0], [_ordered(operand) for operand in operands[1:]])
    inner = [_ordered(operand) for operand in operands]
    if kind == "neg":
        return _product([("num", -1.0), inner[0]])
    if kind == "inv":
        return _power(inner[0], ("num", -1.0))
    if kind in formula_tree.SETS:
        return (kind, *sorted(inner, key=repr))
    if kind == "+":
        terms = [term for operand in inner for term in (operand[1:] if operand[0] == "+" else (operand,))]
        return ("+", *sorted(terms, key=repr))
    if kind == "*":
        return _product(inner)
    if kind == "^":
        return _power(*inner)
    return (kind, *inner)


def _called(name: str, operands: list[Tree]) -> Tree:
    """A call. Of max and min the order of operands is nothing, nor is a sum's index without limits."""
    if name in ("max", "min") and operands[0][0] == ",":
        operands = [(",", *sorted(operands[0][1:], key=repr))]
    if name in ("sum", "prod"):
        operands = operands[:1] + [limit for limit in operands[1:] if limit[0] != "sym"]
    return ("call", name, *operands)


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
    flat: list[Tree] = []
    for factor in factors:
        if flat and _applies(flat[-1], factor):
            flat.append(("call", _ENTRYWISE, factor))
        else:
            flat += factor[1:] if factor[0] == "*" else (factor,)
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


def _applies(factor: Tree, behind: Tree) -> bool:
    """Is a matrix applied to a product entry by entry, as in `U(r*h)`, which is not `r*(U h)`?"""
    return (
        factor[0] == "sym"
        and factor[1].isupper()
        and behind[0] == "*"
        and any(map(_matrix, behind[1:]))
        and all(part[0] != "num" and not any(name.isupper() for name in _letters(part)) for part in behind[1:])
    )


def _matrix(factor: Tree) -> bool:
    """May it be a matrix, a vector or a function, whose place in a product matters? Plain small letters commute with everything."""
    if factor[0] == "^" and factor[1][0] in ("sym", "^"):
        return _matrix(factor[1]) or factor[2] == ("sym", "T")
    if factor[0] == "call" and factor[1] in ("sub", _ENTRYWISE):
        return factor[1] == _ENTRYWISE or _matrix(factor[2])
    if factor[0] == "+":
        return any(_matrix(summand) for summand in factor[1:])
    return factor[0] == "sym" and bool(re.match("[A-ZΑ-Ω]|[hvuaqkδ]", factor[1]))
