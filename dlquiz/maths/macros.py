r"""Commands that a text defines for itself (`\newcommand{\R}{\mathbb{R}}`), written out where they are used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

LONGEST = 20_000  # characters of a formula that is written out; beyond, its commands stand by their names
ROUNDS = 10  # a command may be made of others, so often
DEFINING = re.compile(r"\\(?:(?:re|provide)?newcommand|providecommand|def|DeclareMathOperator)(?![A-Za-z])")
_DEFINITION = re.compile(
    r"""\\(?P<how>(?:re)?newcommand|providecommand|DeclareMathOperator|def)\*?\s*
    (?:\{\s*\\(?P<braced>[A-Za-z]+)\s*\}|\\(?P<bare>[A-Za-z]+))\s*
    (?:\[(?P<count>[1-9])\]\s*(?:\[(?P<default>[^\[\]]*)\]\s*)?|(?P<hashes>(?:\#[1-9])+)\s*)?(?=\{)""",
    re.VERBOSE,
)


class Macro(NamedTuple):
    """A command of the text's own."""

    body: str
    arguments: int = 0
    default: str | None = None  #: of the first argument, which stands in brackets then


def definitions(formulas: Iterable[str]) -> dict[str, Macro]:
    """The commands that formulas define, by name."""
    macros: dict[str, Macro] = {}
    for latex in formulas:
        for match in _DEFINITION.finditer(latex):
            body, _ = _group(latex, match.end())
            if match["how"] == "DeclareMathOperator":
                body = rf"\operatorname{{{body}}}"
            count = int(match["count"] or 0) or len(match["hashes"] or "") // 2
            macros[match["braced"] or match["bare"]] = Macro(body, count, match["default"])
    return macros


def expanded(latex: str, macros: Mapping[str, Macro]) -> str:
    """A formula without definitions, with the commands in `macros` written out."""
    latex = _without_definitions(latex) if DEFINING.search(latex) else latex
    if not macros:
        return latex
    used = re.compile(rf"\\(?:{'|'.join(map(re.escape, sorted(macros, key=len, reverse=True)))})(?![A-Za-z])")
    for _ in range(ROUNDS):
        if not used.search(latex):
            break
        pieces: list[str] = []
        end = size = 0
        while match := used.search(latex, end):
            body, after = _applied(macros[match[0][1:]], latex, match.end())
            if latex[max(0, match.start() - 9) : match.start()].rstrip()[-1:] in ("^", "_"):
                body = f"{{{body}}}"
            pieces += [latex[end : match.start()], body]
            end, size = after, size + len(body)
            if size > LONGEST:
                return latex
        latex = "".join([*pieces, latex[end:]])
    return latex.strip()


def _without_definitions(latex: str) -> str:
    pieces: list[str] = []
    end = 0
    while match := _DEFINITION.search(latex, end):
        pieces.append(latex[end : match.start()])
        _, end = _group(latex, match.end())
    return "".join([*pieces, latex[end:]]).strip()


def _applied(macro: Macro, latex: str, at: int) -> tuple[str, int]:
    """The body with the arguments that follow at `at`, and where what follows them begins."""
    arguments: list[str] = []
    if macro.default is not None:
        optional = re.compile(r"\s*\[([^\[\]]*)\]").match(latex, at)
        arguments.append(optional[1] if optional else macro.default)
        at = optional.end() if optional else at
    while len(arguments) < macro.arguments:
        argument, at = _group(latex, at)
        arguments.append(argument)
    body = re.sub(r"#([1-9])", lambda number: "".join(arguments[int(number[1]) - 1 : int(number[1])]), macro.body)
    return f"{body} " if re.search(r"\\[A-Za-z]+$", body) else body, at


def _group(latex: str, at: int) -> tuple[str, int]:
    """The content of the braces that open at `at`, or the single sign there, and where it ends."""
    while at < len(latex) and latex[at].isspace():
        at += 1
    if latex[at : at + 1] != "{":
        sign = re.compile(r"\\[A-Za-z]+|\\.|.|$").match(latex, at)
        return (sign[0], sign.end()) if sign else ("", at)
    depth, start = 0, at
    for match in re.compile(r"\\.|[{}]").finditer(latex, at):
        depth += (match[0] == "{") - (match[0] == "}")
        if depth == 0:
            return latex[start + 1 : match.start()], match.end()
    return latex[start + 1 :], len(latex)
