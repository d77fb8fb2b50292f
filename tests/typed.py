"""Ways to type an answer that is shown on the screen, and plausible wrong answers beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from dlquiz import maths
from dlquiz.card import Card
from dlquiz.text import numerals, spelling

NAMES = {
    letter: name for name, letter in spelling.GREEK.items() if name not in ("eps", "varepsilon", "varphi", "lamda")
}
LOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ", "0123456789+-=()aeoxhklmnpstijruv")
HIGH = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱᵀˡᵏᴸᴷ", "0123456789+-()niTlkLK")
SIGNS = {
    "·": "*", "×": "*", "⊙": "*", "−": "-", "≈": "~=", "‖": "||", "∞": "inf", "⌈": "ceil(", "⌉": ")", "⌊": "floor(", "⌋": ")", "∩": " cap ",
    "Π": "prod", "Σ": "sum", "∑": "sum", "…": "...",
}  # fmt: skip
BRITISH = [
    ("ization", "isation"),
    ("color", "colour"),
    ("unlabeled", "unlabelled"),
    ("labeled", "labelled"),
    ("ize", "ise"),
]
AMOUNT = re.compile(r"(?:About )?(-?\d[\d ]*(?:\.\d+)?)( ?(?:%|[A-Za-z]+))?")
FULL = {
    "GB": "gigabytes",
    "GiB": "gibibytes",
    "ms": "milliseconds",
    "s": "seconds",
    "min": "minutes",
    "%": "per cent",
    "days": "d",
}


def in_ascii(shown: str, *, brackets: str = "{}", names: bool = True) -> str:
    """As one types it without any special key: `eps_theta`, `h_{t-1}`, `sqrt(d_k)`."""

    def lower(run: re.Match[str]) -> str:
        text = run[0].translate(LOW)
        return "_" + (text if len(text) == 1 else f"{brackets[0]}{text}{brackets[1]}")

    def raised(run: re.Match[str]) -> str:
        text = run[0].translate(HIGH)
        return "^" + (text if len(text) == 1 else f"{brackets[0]}{text}{brackets[1]}")

    text = re.sub(r"[₀-₎ₐ-ₜᵢⱼᵣᵤᵥ]+", lower, shown)
    text = re.sub(r"[⁰¹²³⁴-⁾ⁿⁱᵀˡᵏᴸᴷ]+", raised, text)
    text = re.sub(r"√\(", "sqrt(", text)
    text = re.sub(r"√([\w.]+)", r"sqrt(\1)", text)
    text = "".join(SIGNS.get(char, char) for char in text)
    text = (
        unicodedata.normalize("NFD", text).replace("\u0302", "_hat").replace("\u0304", "_bar").replace("\u0305", "_bar")
    )
    if not names:
        return text
    text = re.sub("[α-ωΑ-Ω]", lambda letter: f" {_name(letter[0])} ", text)
    return re.sub(r" +", " ", text).replace(" _", "_").strip()


def _name(letter: str) -> str:
    return NAMES[letter] if letter in NAMES else NAMES[letter.lower()].capitalize()


def spellings(card: Card) -> dict[str, str]:
    """The shown answer as it is written in the bank, copied from the screen, and typed, by the way it is done."""
    shown = maths.plain(card.back)
    typed = {
        "copied": shown, "as in the bank": card.back, "in LaTeX": card.back.replace("$", "").replace("`", ""),
        "with spaces around": f"  {shown} ", "with a full stop": f"{shown.rstrip('.')}.", "with hard spaces": shown.replace(" ", "\u00a0"),
        "in quotes": f'"{shown}"',
        "with hyphens": shown.replace("−", "-"), "with dashes": shown.replace("−", "–"), "decomposed": unicodedata.normalize("NFD", shown),
    }  # fmt: skip
    if card.kind == "formula" or "$" in card.back:
        typed |= _formula(shown, card.back)
    elif card.kind == "number":
        typed |= _number(shown)
    else:
        typed |= _words(shown)
    return typed


def _formula(shown: str, back: str) -> dict[str, str]:
    plain = in_ascii(shown)
    prose = re.search(r"[a-z]{4}", re.sub(r"softmax|sqrt|mean|ceil|floor|tanh|sign", "", shown))
    return {
        "in ASCII": plain, "with round brackets": in_ascii(shown, brackets="()"), "with Greek letters": in_ascii(shown, names=False),
        "with double asterisks": plain.replace("^", "**"), "with dots": shown.replace("*", "·").replace("×", "·").replace("⊙", "·"),
        "with crosses": shown.replace("·", "×").replace("⊙", "×"), "without spaces": shown if prose else shown.replace(" ", ""),
        "widely": re.sub(r"\s*([+=/−])\s*", r"  \1  ", shown), "with sized brackets": back.replace("(", r"\left(").replace(")", r"\right)"),
        "in text type": back.replace(r"\,", " ").replace(r"\mathrm{", r"\text{"),
    }  # fmt: skip


def _words(shown: str) -> dict[str, str]:
    others = {
        ours: shown.replace(ours, theirs) for ours, theirs in [*BRITISH, *((b, a) for a, b in BRITISH)] if ours in shown
    }
    lower = f"{shown[0].lower()}{shown[1:]}"
    article = lower if re.match(r"(?:the|an?) |\d|[A-Z]{2}", shown, re.IGNORECASE) else f"the {lower}"
    return {
        "in small letters": shown.lower(), "in capitals": shown if re.search(r"\$|[a-z]\(|\d", shown) else shown.upper(),
        "as a sentence": lower[0].upper() + lower[1:], "with an article": article, **others,
    }  # fmt: skip


def _number(shown: str) -> dict[str, str]:
    match = AMOUNT.fullmatch(shown)
    if not match:
        return {"in small letters": shown.lower()}
    digits, unit = match[1].replace(" ", ""), match[2] or ""
    value, bare = float(digits), unit.strip()
    typed = {
        "without blanks": digits + bare, "about": f"about {digits}{unit}", "with a tilde": f"~{digits}{unit}",
        "approximately": f"≈ {digits}{unit}",
        "with a decimal comma": digits.replace(".", ",") + unit,
        "with a zero more": (f"{digits}0" if "." in digits else f"{digits}.0") + unit,
        "after an equals sign": f"= {digits}{unit}", "without its unit": digits, "with its unit apart": f"{digits} {bare}".strip(),
    }  # fmt: skip
    if value >= 1000 and "." not in digits:
        power = len(digits) - 1
        typed |= {sign: f"{int(value):,}".replace(",", sign) + unit for sign in (",", " ", "'", "\u202f", "_")}
        typed |= {
            "in powers": f"{value / 10**power:.15g} * 10^{power}{unit}",
            "as computers do": f"{value / 10**power:.15g}e{power}{unit}",
        }
    if 0 < abs(value) < 1 and not bare:
        typed |= {"in per cent": f"{value * 100:.10g}%", "without the zero": digits.replace("0.", ".", 1)}
    if bare in FULL:
        typed["with its unit in words"] = f"{digits} {FULL[bare]}"
    if bare == "%":
        typed |= {"as a share": f"{value / 100:.10g}", "percent": f"{digits} percent"}
    return typed


# ---- wrong ones

OPPOSITES = [
    ("first", "last"), ("early", "late"), ("input", "output"), ("discrete", "continuous"), ("memory", "compute"), ("causal", "padding"),
    ("off-policy", "on-policy"), ("identity", "zero"), ("singular values", "eigenvalues"), ("attention", "output"),
    ("protected", "predicted"),
    ("position", "content"), ("observation", "reflection"), ("each step", "the final answer"), ("feedback", "feed-forward"),
    ("negative", "positive"), ("test", "training"), ("reinforcement", "supervised"), ("embeddings", "biases"), ("gradient", "coordinate"),
    ("all-to-all", "all-reduce"), ("stop-gradient", "gradient"), ("standard deviation", "variance"), ("head", "backbone"),
    ("averaging", "decay"), ("GELU", "SiLU"), ("sigmoid", "softmax"), ("JAX", "MXNet"), ("Gaussian", "uniform"),
    ("quadratically", "cubically"),
]  # fmt: skip


def wrong(card: Card, others: list[str]) -> Iterator[str]:
    """Answers that somebody might give and that are not right.

    Args:
        card: The card, answered wrongly.
        others: The answers of other cards.
    """
    shown = maths.plain(card.back)
    sides = re.fullmatch(r"(\d+)×(\d+)", shown)
    if sides:
        yield from (f"{int(sides[1]) + n}{sign}{int(sides[2]) + n}" for n in (-2, -1, 1, 2, 10) for sign in ("x", "×"))
    elif card.kind == "number":
        yield from _wrong_numbers(shown)
    elif card.kind == "formula" or ("$" in card.back and not re.search("[a-z]{3}", shown)):
        yield from _wrong_formulas(in_ascii(shown))
    else:
        yield from _wrong_words(shown)
        yield from others


def _wrong_numbers(shown: str) -> Iterator[str]:
    number = numerals.read(shown) or numerals.stated(shown)[-1]
    value = number.value / number.scale
    unit = next(
        (unit for unit in ("GiB", "GB", "ms", "min", "s", "%") if re.search(rf"\d ?{unit}\b|\d{unit}$", shown)), ""
    )
    after = unit if unit in ("", "%") else f" {unit}"
    factors: list[float] = [-1, 10, 0.1, 2, 0.5, 1.06, 0.94, 1.5, 1.3]
    amounts = [value * factor for factor in factors] + [
        1 / value if abs(value) != 1 else 7,
        value * value if value not in (0, 1) else 5,
    ]
    if value == int(value):
        amounts += [value + 1, value - 1]  # off by one
    elif abs(value) < 1 and value != 0.5:
        amounts.append(1 - value)
    yield from (f"{amount:.10g}{after}" for amount in amounts)
    if unit not in ("", "%"):
        yield from (
            f"{value:.10g} {other}" for other in ("GB", "MB", "TB", "GiB", "us", "ms", "s", "min", "h") if other != unit
        )
    elif not unit and abs(value) < 1:
        yield from (f"{value:.10g}%", f"{value * 1000:.10g}%")


def _wrong_formulas(text: str) -> Iterator[str]:
    swaps: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
        (r" - ", " + "), (r" \+ ", " - "), (r"/", "*"), (r"\^2", "^3"), (r"\^2", ""),
        (r"(?<![\w.])\d(?![\w.])", lambda digit: str(int(digit[0]) + 1)),
        (r"([\w{}]+) - ([\w{}]+)", r"\2 - \1"), (r"(?<![\w{}])([\w{}]+)/([\w{}]+)(?![\w{}(])", r"\2/\1"),
        (r"\(([\w{}]+) ?\|\| ?([\w{} ]+)\)", r"(\2 || \1)"), (r" [+-] [\w{}]+$", ""),
        ("log", "exp"), ("exp", "log"), ("min", "max"), ("max", "min"), ("sum", "prod"), ("ceil", "floor"), ("floor", "ceil"),
        ("softmax", "tanh"), ("tanh", "relu"), (r"sqrt(?=\()", ""),
    ]  # fmt: skip
    for pattern, other in swaps:
        for place in re.finditer(pattern, text):
            changed = text[: place.start()] + re.sub(pattern, other, place[0], count=1) + text[place.end() :]
            if changed != text:
                yield changed
    left, equals, right = text.rpartition("= ")
    yield f"{text} + 1"
    yield from (f"{left}{equals}({right}){change}" for change in ("^2", "/2", "*10", " - 1"))
    yield from (f"{left}{equals}{change}({right})" for change in ("-", "2*", "1/", "1 - ", "sqrt", "log"))


def _wrong_words(shown: str) -> Iterator[str]:
    yield from (
        re.sub(re.escape(one), other, shown, flags=re.IGNORECASE)
        for one, other in OPPOSITES
        if one.lower() in shown.lower()
    )
    yield from (f"not {shown[0].lower()}{shown[1:]}", f"no {shown[0].lower()}{shown[1:]}")
    for digit in re.finditer(r"\d", shown):
        yield shown[: digit.start()] + str((int(digit[0]) + 1) % 10) + shown[digit.end() :]
