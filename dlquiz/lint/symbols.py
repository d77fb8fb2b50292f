"""The symbols of a text's formulas, and which of them the text introduces."""

from __future__ import annotations

import re

MATHS = re.compile(r"\$\$?(.+?)\$\$?", re.DOTALL)
COMMAND = re.compile(r"\\(?:mathrm|text|operatorname|mathit|mathbb|mathcal|mathbf)\*?\{[^{}]*\}|\\[A-Za-z]+")
WORDED = re.compile(
    r"\\(?:mathrm|text|operatorname|mathit)\*?\{[^{}]*\}|\\(?:hat|bar|tilde|vec|dot|mathbf|mathcal|mathbb)\b|[{}']"
)
SCRIPT = re.compile(r"[_^]\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|.)")
LETTER = re.compile(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])")
APPLIED = re.compile(r"\\?([A-Za-z]*)\s*[(\[](.*)", re.DOTALL)  # `f(x, y)`, and `(x, y)`
NAMED = re.compile(r"\s*\\?([A-Za-z]+)\s*(?:$|=|\\in\b|\\sim\b)")  # `x`, `x = ...`, `x \in ...`
GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi",
    "rho", "sigma", "tau", "phi", "varphi", "chi", "psi", "omega",
}  # fmt: skip
KNOWN = {"e", "d", "i", "j", "k", "T"}  # Euler's number, differentials, running indices, transposition


def used(text: str) -> set[str]:
    """Single letters and Greek names in a text's formulas."""
    return {name for formula in MATHS.findall(text) for name in _names(formula)}


def unknown(*, asked: str, answer: str, notation: str) -> list[str]:
    """The symbols of a question's and its answer's formulas that neither the question introduces nor the notation explains."""
    explained = introduced(asked) | used(notation) | _letters(notation)
    return sorted((used(asked) | used(answer)) - explained - KNOWN)


def introduced(text: str) -> set[str]:
    """Symbols that a text names beside its formulas: a formula that is nothing but a name (`$x$`, `$y_w$`, `$(s, a)$`), is defined by
    an equation, or is a function with what it is applied to; and single letters in the prose.
    """
    names = _letters(text)
    for formula in MATHS.findall(text):
        bare = WORDED.sub(" ", SCRIPT.sub("", formula)).strip()
        applied = APPLIED.match(bare)
        named = {applied[1]} if applied else {match[1] for match in map(NAMED.match, bare.split(",")) if match}
        named = {name for name in named if len(name) == 1 or name in GREEK} | _names(applied[2] if applied else "")
        if named:
            names |= named | {name for script in SCRIPT.findall(formula) for name in _names(script)}
    return names


def _letters(text: str) -> set[str]:
    return set(LETTER.findall(MATHS.sub(" ", text)))


def _names(formula: str) -> set[str]:
    bare = COMMAND.sub(" ", formula)
    greek = {name for name in re.findall(r"\\([A-Za-z]+)", formula) if name in GREEK}
    runs = re.findall(r"(?<![A-Za-z])[A-Za-z]{2,3}(?![A-Za-z])", bare)  # QK is two, `exp` without a backslash three
    return greek | set(LETTER.findall(bare)) | {letter for run in runs for letter in run}
