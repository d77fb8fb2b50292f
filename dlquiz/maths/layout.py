"""Atoms to a line of text: which sign is an operator, where a space goes, what needs brackets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from dlquiz.maths import symbols, tex
from dlquiz.maths.tex import Atom

BARE = re.compile(r"[A-Z]{2,}|[A-Za-z]{3,}|[\d.]+|.[\u0300-\u036f\u20d7]*[⁺⁻]?")  # a script that needs no brackets
BARE_END = re.compile(r"[_^][^\W_]+[\u0300-\u036f\u20d7⁺⁻]*$")


def resolved(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms, with what depends on their neighbours decided: bars, signs, brackets around fractions."""
    out = list(atoms)
    bars: list[dict[str, list[int]]] = [{}]
    for n, atom in enumerate(out):
        if atom.kind == tex.BAR:
            bars[-1].setdefault(atom.text[0], []).append(n)
        elif atom.kind == tex.OPEN:
            bars.append({})
        elif atom.kind == tex.CLOSE and len(bars) > 1:
            _pair(out, bars.pop())
    for unclosed in bars:
        _pair(out, unclosed)
    for n, atom in enumerate(out):
        if atom.kind == tex.FRACTION and n and out[n - 1].text in symbols.RANGED:
            out[n - 1] = out[n - 1]._replace(kind=tex.BIG)  # `min a/b`, unlike `log(a/b)`
        before = out[n - 1].kind if n and len(atom.gap) < 2 else tex.PUNCT
        after = out[n + 1].kind if n + 1 < len(out) and len(out[n + 1].gap) < 2 else tex.PUNCT
        if atom.kind == tex.BIN and (
            before not in tex.OPERANDS | {tex.INNER} or after in (tex.REL, tex.CLOSE, tex.PUNCT)
        ):
            out[n] = atom._replace(kind=tex.UNARY if atom.text[0] in "−+±∓" else tex.ORD)
        elif atom.kind == tex.FRACTION and (
            before in tex.OPERANDS | {tex.OP, tex.SLASH} or after in tex.STARTS | {tex.SLASH}
        ):
            half = atom.text == "1/2" and before not in tex.OPERANDS | {tex.OP, tex.SLASH} and after != tex.SLASH
            out[n] = atom._replace(text="½" if half else f"({atom.text})", kind=tex.ORD, level=tex.WHOLE)
    return out


def _pair(atoms: list[Atom], bars: Mapping[str, Sequence[int]]) -> None:
    """Bars between the same brackets open and close in turn; an odd number of them separates, as in p(x|y)."""
    for places in bars.values():
        for turn, n in enumerate(places):
            atoms[n] = atoms[n]._replace(kind=tex.SEP if len(places) % 2 else (tex.OPEN, tex.CLOSE)[turn % 2])


def level(atoms: Sequence[Atom]) -> int:
    """How tightly resolved atoms hold together."""
    top: list[Atom] = []  # bracketed parts by their opening bracket alone
    depth, sum_inside = 0, False
    for atom in atoms:
        if atom.kind == tex.CLOSE and depth:
            depth -= 1
            continue
        if depth == 0:
            top.append(atom)
        sum_inside = sum_inside or (depth > 0 and atom.kind == tex.BIN)
        depth += atom.kind == tex.OPEN
    kinds = [atom.kind for atom in top]
    if {tex.BIN, tex.REL, tex.UNARY, tex.PUNCT, tex.SEP, tex.INNER} & set(kinds):
        return tex.SUM
    call = len(top) == 2 and kinds[1] == tex.OPEN and top[1].text in ("(", "[", "{")
    if {tex.OP, tex.BIG} & set(kinds):
        return tex.CALL if call and kinds[0] == tex.OP else tex.APPLIED
    if {tex.SLASH, tex.FRACTION} & set(kinds):
        return tex.QUOTIENT
    if len(top) < 2:
        return tex.BRACKETED if kinds == [tex.OPEN] else top[0].level if top else tex.WHOLE
    # λ(a + b) may be a product; what looks like f(x) is taken for a call
    if len(top) == 2 and (top[0].text[:1] == "∂" or (call and not sum_inside and not top[0].text[:1].isdigit())):
        return tex.CALL
    return tex.PRODUCT


def text(atoms: Sequence[Atom], *, tight: bool = False) -> str:
    """Resolved atoms as text; `tight` is TeX's way inside scripts, without spaces around signs."""
    pieces: list[str] = []
    for n, atom in enumerate(atoms):
        if n:
            previous = atoms[n - 1]
            # [\,x\,] gains nothing from its gaps
            inside = len(atom.gap) < 2 and (previous.kind == tex.OPEN or atom.kind == tex.CLOSE)
            pieces.append(("" if inside else atom.gap) or " " * _apart(previous, atom, tight=tight))
        pieces.append(atom.text)
    return "".join(pieces).strip()


def script(atoms: Sequence[Atom], table: Mapping[int, int | str], mark: str, *, nested: bool) -> str:
    """Raised or lowered by `table` if every character can be, else written after its mark, in brackets if necessary.

    Args:
        mark: `_` or `^`.
        nested: It is a script of a script.
    """
    settled = resolved(atoms)
    written = text(settled, tight=True)
    if all(ord(char) in table for char in written) and not re.match("−.*[A-Za-z]", written):  # e^(−x): ⁻ˣ is too small
        return written.translate(table)
    if BARE.fullmatch(written) or (len(atoms) == 1 and atoms[0].kind == tex.WORD and written.isalpha()):
        return mark + written
    if not nested and re.search("[_^]", written):
        written = text(settled)
    return mark + (written if level(settled) == tex.BRACKETED and written[0] in "([{" else f"({written})")


def _apart(left: Atom, right: Atom, *, tight: bool) -> bool:
    """Whether a space belongs between two neighbours."""
    a, b = left.kind, right.kind
    if a in (tex.OPEN, tex.UNARY, tex.SLASH) or b in (tex.CLOSE, tex.PUNCT, tex.SLASH):
        return False
    if {a, b} & {tex.BIN, tex.REL}:
        return not tight and not a == b == tex.REL
    if tex.SEP in (a, b):
        bar = right if b == tex.SEP else left
        return not tight and (bar.spaced or bar.text != "|")
    if a == tex.PUNCT or tex.INNER in (a, b):
        return not tight or not left.text
    bracket = right.text[:1] in ("(", "[", "{")
    if a == tex.OP:
        return not bracket
    if a in (tex.BIG, tex.ROOT) or b in (tex.OP, tex.BIG):
        return True
    letter = right.text[:1].isalnum()
    if b == tex.WORD and letter:
        return left.text not in ("∂", "∇", "Δ", "")
    if letter and (a == tex.WORD or BARE_END.search(left.text) or (left.text[-1:] + right.text[:1]).isdecimal()):
        return True
    if bracket and a != tex.CLOSE and left.text[-1:] not in symbols.RAISED:
        return False  # f (x) is a call, whatever the source has
    return right.spaced and not tight and left.text[:1] not in ("", "∂", "∇", "Δ")
