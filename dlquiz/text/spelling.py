"""One spelling for what is typed, pasted or shown: letters for Greek names, plain signs, `x_(t-1)` and `x^2` for small letters."""

from __future__ import annotations

import re
import unicodedata

from dlquiz import maths

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eps": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "lamda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip
_LETTERS = GREEK | {
    name.capitalize(): letter.upper() for name, letter in GREEK.items() if not name.startswith(("eps", "var"))
}
_NAME = "|".join(sorted(_LETTERS, key=len, reverse=True))
_NAMES = re.compile(rf"({_NAME})(hat|bar|tilde|vec|)(?=(?:{_NAME})*(?![a-z]))")
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
    (r"(?i)\b(?:the )?(?:logistic )?sigmoid\b", "σ"), (r"(?i)\binfinity\b|\binfty\b", "inf"), (r"\btransposed?\b", "^T"),
    (r"\bceiling\b", "ceil"), (r"\b(sum|prod)\s*_\s*(?:\([a-z]\)|[a-z](?![\w]))", r" \1 "),
    (r"\(?([\w+-]+) choose ([\w+-]+)\)?", r"C(\1, \2)"), (r"\b(?:comb|binom|binomial|nCr)(?=\()", "C"),
    (r"_(hat|bar|tilde)(?![a-z])", r"\1"), (r"\bproduct\b", "prod"), (r"\bcap\b", "∩"), (r"\bcup\b", "∪"), (r"\bsquared\b", "^2"),
    (r"(?<=[\d)])\s*x\s*(?=[\d(])", "*"),
    (r"(?<=[^\W\d_])\.(?=[^\W\d_])", "*"),
)  # fmt: skip


def spelled(text: str) -> str:
    """A formula in one spelling: letters for Greek names, plain signs, `^()` and `_()` for what is raised and lowered."""
    text = text.strip().rstrip(".").replace("`", "")
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
    text = re.sub(r"_\s*\(?([+*])\)?(?![\w(])", lambda sign: "_plus" if sign[1] == "+" else "_star", text)
    text = re.sub(
        r"(?<=[^\W\d_])\s*_\s*\(([\w]+)\)|(?<=[^\W\d_])\s*_\s*(\w+)", lambda sub: f"{sub[1] or sub[2]} ", text
    )  # x_t is xt
    return re.sub(r"\s+", " ", text).strip().rstrip(".")
