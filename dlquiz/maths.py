"""$LaTeX$ to the Unicode that a terminal can show; knows nothing of cards."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

DEEPEST = 40  # levels of nesting; what is deeper is shown as its source

# Kinds of atoms, after the TeXbook, chapter 18; a printed formula's spacing follows from them.
ORD, WORD, ROOT, FRAC = "ord", "word", "root", "frac"
OP, BIG, BIN, REL, OPEN, CLOSE, PUNCT, INNER = "op", "big", "bin", "rel", "open", "close", "punct", "inner"
UNARY, SLASH, BAR, SEP = "unary", "slash", "bar", "sep"  # not TeX's; a BAR becomes OPEN, CLOSE or SEP
OPERANDS = frozenset({ORD, WORD, ROOT, FRAC, CLOSE})
STARTS = frozenset({ORD, WORD, ROOT, FRAC, OPEN, OP, BIG})

# How tightly a text holds together, loosest first: `a + b`, `log x`, `a/b`, `ab`, `f(x)`, `(x)`, `x`.
SUM, APPLY, QUOTIENT, PRODUCT, CALL, BRACKET, ATOM = range(7)


def _pairs(words: str) -> dict[str, str]:
    items = words.split()
    return dict(zip(items[::2], items[1::2], strict=True))


SYMBOLS: Mapping[str, Mapping[str, str]] = {
    ORD: _pairs(
        """alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ
        nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω
        Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω infty ∞ partial ∂ nabla ∇ top ⊤
        bot ⊥ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ prime ′ ell ℓ hbar ℏ imath ı jmath ȷ emptyset ∅ varnothing ∅ Re ℜ
        Im ℑ aleph ℵ angle ∠ degree ° checkmark ✓ square □ dagger † vdots ⋮ ddots ⋱ { { } } % % $ $ & & _ _ # #"""
    ),
    BIN: _pairs(
        """pm ± mp ∓ cdot · times × odot ⊙ otimes ⊗ oplus ⊕ ominus ⊖ star ⋆ ast ∗ circ ∘ bullet • div ÷ cup ∪ cap ∩ setminus ∖
        wedge ∧ land ∧ vee ∨ lor ∨ sqcup ⊔ bmod mod"""
    ),
    REL: _pairs(
        """leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ approx ≈ sim ~ simeq ≃ cong ≅ propto ∝ in ∈ notin ∉ ni ∋ subset ⊂
        subseteq ⊆ supset ⊃ supseteq ⊇ to → rightarrow → longrightarrow → leftarrow ← longleftarrow ← gets ← leftrightarrow ↔
        Rightarrow ⇒ Longrightarrow ⇒ implies ⇒ Leftarrow ⇐ Leftrightarrow ⇔ iff ⇔ mapsto ↦ ll ≪ gg ≫ equiv ≡ coloneqq :=
        mid | parallel ∥ perp ⊥ models ⊨ vdash ⊢ prec ≺ succ ≻ preceq ⪯ succeq ⪰ triangleq ≜ doteq ≐ uparrow ↑ downarrow ↓
        lt < gt >"""
    ),
    BIG: _pairs("sum Σ prod Π int ∫ iint ∬ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀"),
    INNER: _pairs("ldots … dots … dotsc … dotsb ⋯ dotsm ⋯ cdots ⋯"),
    OPEN: _pairs("{ { lbrace { lceil ⌈ lfloor ⌊ langle ⟨ lvert | lVert ‖ lbrack ["),
    CLOSE: _pairs("} } rbrace } rceil ⌉ rfloor ⌋ rangle ⟩ rvert | rVert ‖ rbrack ]"),
    BAR: _pairs("| ‖ Vert ‖ vert |"),
    PUNCT: {"colon": ":", "\\": ";"},
}
COMMANDS = {name: (text, kind) for kind, names in SYMBOLS.items() for name, text in names.items()}
CHARACTERS = {text: kind for text, kind in COMMANDS.values() if len(text) == 1 and not text.isascii()} | {
    **dict.fromkeys("+−*", BIN),
    **dict.fromkeys("=<>~", REL),
    **dict.fromkeys("([", OPEN),
    **dict.fromkeys(")]", CLOSE),
    **dict.fromkeys(",;", PUNCT),
    **{"/": SLASH, "|": BAR, ":=": REL},
    **dict.fromkeys("ΣΠ", ORD),  # written so, they are letters
}
OPERATORS = frozenset(
    """arccos arcsin arctan arg argmax argmin cos cosh cot coth csc deg det diag dim exp gcd hom inf ker lg lim liminf limsup
    ln log max min mod sec sin sinh sup tan tanh tr""".split()
)
GAPS = {
    r"\,": " ",
    r"\;": " ",
    r"\:": " ",
    r"\>": " ",
    r"\ ": " ",
    "~": " ",
    r"\!": "",
    r"\quad": "  ",
    r"\qquad": "   ",
}
DROPPED = frozenset(
    r"\limits \nolimits \displaystyle \textstyle \scriptstyle \rm \bf \it \cal \nonumber \notag $".split()
)
SWALLOWING = frozenset("label tag phantom hphantom vphantom color hspace vspace".split())  # with their argument
SIZES = {
    **dict.fromkeys("left bigl Bigl biggl Biggl".split(), OPEN),
    **dict.fromkeys("right bigr Bigr biggr Biggr".split(), CLOSE),
    **dict.fromkeys("middle bigm Bigm".split(), REL),
    **dict.fromkeys("big Big bigg Bigg".split(), ""),
}
ANGLES = {"<": "⟨", ">": "⟩", ".": ""}  # what these mean after \left and \right
ENVIRONMENTS = {"cases": "{}", "pmatrix": "()", "bmatrix": "[]", "matrix": "[]", "vmatrix": "||"}
ACCENTS = {
    **{"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308"},
    **{"widehat": "\u0302", "overline": "\u0304", "widetilde": "\u0303", "check": "\u030c", "breve": "\u0306"},
}
ACCENT_NAMES = {"widehat": "hat", "overline": "bar", "widetilde": "tilde"}
NEGATED = _pairs("= ≠ ∈ ∉ ⊂ ⊄ ⊆ ⊈ ≤ ≰ ≥ ≱ < ≮ > ≯ ≡ ≢ ~ ≁ ≈ ≉ ∃ ∄ | ∤ ∥ ∦")
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHABETS = {
    "mathbb": dict(zip(UPPER + "1", "𝔸𝔹ℂ𝔻𝔼𝔽𝔾ℍ𝕀𝕁𝕂𝕃𝕄ℕ𝕆ℙℚℝ𝕊𝕋𝕌𝕍𝕎𝕏𝕐ℤ𝟙", strict=True)),
    "mathcal": dict(zip(UPPER, "𝒜ℬ𝒞𝒟ℰℱ𝒢ℋℐ𝒥𝒦ℒℳ𝒩𝒪𝒫𝒬ℛ𝒮𝒯𝒰𝒱𝒲𝒳𝒴𝒵", strict=True)),
}
ALPHABETS |= {"mathds": ALPHABETS["mathbb"], "mathscr": ALPHABETS["mathcal"]}
STYLES = frozenset(
    "mathbf boldsymbol bm pmb mathit mathnormal mathfrak mathstrut boxed mathord mathbin mathrel".split()
)
UPRIGHT = frozenset("mathrm mathsf mathtt mathup operatorname mathop".split())
TEXTS = frozenset("text textrm textbf textit textsf texttt textnormal mbox".split())

# No Greek here although some letters have small forms: beside `p_θ`, which has none, `q_φ` reads better than a tiny φ.
SUBSCRIPTS = dict(zip("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
SUPERSCRIPTS = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤*∗⋆†′∘°",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ**⋆†′°°",
        strict=True,
    )
)
RAISED = frozenset(SUPERSCRIPTS.values()) | {"^"}

TOKEN = re.compile(r"\\[A-Za-z]+\s*|\\.|\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?(?:e-?\d+)?|\s+|:=|.")
BARE = re.compile(r"[A-Z]{2,}|[A-Za-z]{3,}|[\d.]+|.[\u0300-\u036f\u20d7]*")  # a script that needs no brackets
BARE_END = re.compile(r"[_^][^\W_]+[\u0300-\u036f\u20d7]*$")


class _Atom(NamedTuple):
    text: str
    kind: str = ORD
    level: int = ATOM
    gap: str = ""  # spaces that the source asks for before it
    spaced: bool = False  # whether the source has a space before it that TeX would ignore


class _TooDeep(Exception):
    pass


def formula(latex: str) -> str:
    """One line of Unicode for a formula without its dollars; nested deeper than DEEPEST it is returned as it came."""
    printable = "".join(char if char.isprintable() else " " for char in latex).strip()
    try:
        return _text(_resolved(_Parser(printable).sequence("")), tight=False)
    except _TooDeep:
        return printable


class _Parser:
    """Recursive descent over the tokens; a group becomes atoms, whatever takes arguments becomes one atom."""

    def __init__(self, latex: str) -> None:
        tokens = (token.rstrip() if token[0] == "\\" and token[1:].strip() else token for token in TOKEN.findall(latex))
        self.tokens = [token for token in tokens if token not in DROPPED]
        self.at = 0
        self.depth = 0
        self.scripts_open = 0
        self.gap, self.spaced = "", False
        self.environments: list[str] = []

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def sequence(self, stop: str) -> list[_Atom]:
        """Atoms up to `stop`, which is taken too, or to the end of the group."""
        atoms: list[_Atom] = []
        while token := self.peek():
            if token == stop or (token == "}" and stop):
                self.at += token == stop
                break
            if token in GAPS:
                self.gap, self.spaced = max(self.gap, GAPS[token]) if GAPS[token] else "", False
                self.at += 1
            elif token.isspace():
                self.spaced = True
                self.at += 1
            elif token == "}":
                self.at += 1
            else:
                gap, spaced, self.gap, self.spaced = self.gap, self.spaced, "", False
                found = self.scripted(self.nucleus())
                if found:
                    found[0] = found[0]._replace(gap=max(gap, found[0].gap), spaced=spaced or found[0].spaced)
                atoms += found
        return atoms

    def argument(self) -> list[_Atom]:
        """What a command or a script applies to: a group, or the next atom without its scripts."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise _TooDeep
        while self.peek().isspace() or self.peek() in GAPS:
            self.at += 1
        token = self.peek()
        if token == "{":
            self.at += 1
            atoms = self.sequence("}")
        elif token in ("", "}", "^", "_"):
            atoms = []
        elif token[0].isdigit() and len(token) > 1:  # x^12 is x^1 followed by 2
            self.tokens[self.at] = token[1:]
            atoms = [_Atom(token[0])]
        else:
            atoms = self.nucleus()
        self.depth -= 1
        return atoms

    def rendered(self, atoms: Sequence[_Atom], at_least: int) -> str:
        """Their text, in brackets if it holds together less tightly than `at_least`."""
        resolved = _resolved(atoms)
        text = _text(resolved, tight=self.scripts_open > 0)
        return text if _level(resolved) >= at_least else f"({text})"

    def raw(self) -> str:
        """The text of a group that is not maths."""
        if self.peek() != "{":
            token = self.take()
            return token[1:] if len(token) > 1 and token[0] == "\\" else token
        parts: list[str] = []
        depth = 0
        while token := self.take():
            depth += (token == "{") - (token == "}")
            if depth == 0:
                break
            if token in GAPS or token.isspace():
                parts.append(" " if GAPS.get(token, " ") else "")
            elif token[0] == "\\":
                parts.append(COMMANDS.get(token[1:], (token[1:], ORD))[0])
            elif token not in "{}":
                parts.append(token)
        return "".join(parts)

    def nucleus(self) -> list[_Atom]:
        token = self.peek()
        if token == "{":
            atoms = self.argument()
            lone = len(atoms) == 1 and atoms[0].kind in (BIN, REL, PUNCT, OPEN, CLOSE, BAR)
            return [atoms[0]._replace(kind=ORD)] if lone else atoms  # the comma of 50{,}000 takes no space
        if token in ("^", "_", "'"):
            return [_Atom("")]
        self.at += 1
        if len(token) > 1 and token[0] == "\\":
            return self.command(token[1:])
        if token == "-":
            token = "−"
        elif token == ":":
            after = self.peek().isspace()
            return [
                _Atom(
                    ":",
                    REL if after and self.at > 1 and self.tokens[self.at - 2].isspace() else PUNCT if after else ORD,
                )
            ]
        elif token == "&":
            return [_Atom("," if self.environments[-1:] == ["cases"] else "", PUNCT)]
        elif token == "\\":
            return []
        return [_Atom(token.replace("-", "−"), CHARACTERS.get(token, ORD))]

    def command(self, name: str) -> list[_Atom]:
        if reader := READERS.get(name):
            return reader(self, name)
        if name in OPERATORS:
            return [_Atom(name, OP)]
        if name in COMMANDS:
            return [_Atom(*COMMANDS[name])]
        return [_Atom(name, OP)]

    def scripted(self, base: list[_Atom]) -> list[_Atom]:
        """The base with the scripts and primes that follow it."""
        sub: list[_Atom] = []
        sup: list[_Atom] = []
        primes = 0
        while True:
            ahead = self.at + self.peek().isspace()
            mark = self.tokens[ahead] if ahead < len(self.tokens) else ""
            if mark not in ("^", "_", "'") or not mark:
                break
            self.at = ahead + 1
            if mark == "'":
                primes += 1
                continue
            self.scripts_open += 1
            (sub if mark == "_" else sup).extend(self.argument())
            self.scripts_open -= 1
        return [self.with_scripts(base, sub, sup, primes)] if sub or sup or primes else base

    def with_scripts(self, base: list[_Atom], sub: list[_Atom], sup: list[_Atom], primes: int = 0) -> _Atom:
        atom = self.one(base)
        text = f"({atom.text})" if atom.level < CALL or atom.kind in (FRAC, ROOT) else atom.text
        below = self.script(sub, SUBSCRIPTS | {"′": "′"} if atom.kind in (OP, BIG) else SUBSCRIPTS, "_")
        above = "″" * (primes // 2) + "′" * (primes % 2)
        raised = self.script(sup, SUPERSCRIPTS, "^")
        if below.startswith("_") and not raised.startswith("^"):
            text += above + raised + below  # σ²_B: in σ_B² the square would seem to be B's
        else:
            text += below + above + raised
        return _Atom(text, ORD if atom.kind in (FRAC, ROOT, PUNCT) else atom.kind, ATOM, atom.gap, atom.spaced)

    def script(self, atoms: list[_Atom], table: Mapping[str, str], mark: str) -> str:
        resolved = _resolved(atoms)
        text = _text(resolved, tight=True)
        if all(char in table for char in text) and not (text[:1] == "−" and re.search("[A-Za-z]", text)):
            return "".join(table[char] for char in text)
        word = len(atoms) == 1 and atoms[0].kind == WORD and text.isalpha()
        if word or BARE.fullmatch(text):
            return mark + text
        if not self.scripts_open and re.search("[_^]", text):
            text = _text(resolved, tight=False)
        bracketed = text[0] == "(" and _level(resolved) == BRACKET
        return mark + (text if bracketed else f"({text})")

    def one(self, atoms: list[_Atom]) -> _Atom:
        if len(atoms) == 1:
            return atoms[0]
        resolved = _resolved(atoms)
        return _Atom(_text(resolved, tight=self.scripts_open > 0), ORD, _level(resolved) if atoms else ATOM)


# What takes arguments: one function a command.


def _frac(parser: _Parser, name: str) -> list[_Atom]:
    above, below = parser.argument(), parser.argument()
    top, bottom = parser.rendered(above, PRODUCT), parser.rendered(below, CALL)
    inner = bottom[1:-1]
    differential = len(below) == 2 and bottom[1:2] == top[:1] == "d"
    if bottom.startswith("(") and ((below[0].kind == BIG and "/" not in inner) or differential):
        resolved = _resolved(below)
        if differential or _level(resolved) == APPLY:
            bottom = inner
    return [_Atom(f"{top}/{bottom}", FRAC, QUOTIENT)]


def _sqrt(parser: _Parser, name: str) -> list[_Atom]:
    sign = "√"
    if parser.peek() == "[":
        parser.take()
        index = _text(_resolved(parser.sequence("]")), tight=True)
        sign = {"2": "√", "3": "∛", "4": "∜"}.get(index) or "".join(SUPERSCRIPTS.get(c, c) for c in index) + "√"
    text = parser.rendered(parser.argument(), BRACKET)
    return [_Atom(f"{sign}({text})" if text[:1] != "(" and RAISED & set(text) else sign + text, ROOT)]


def _accent(parser: _Parser, name: str) -> list[_Atom]:
    atom = parser.one(parser.argument())
    second = atom.text[1:2]
    if atom.text and atom.kind == ORD and atom.level == ATOM and (not second.isascii() or second in ("", "_", "^")):
        return [atom._replace(text=atom.text[0] + ACCENTS[name] + atom.text[1:])]
    return [_Atom(f"{ACCENT_NAMES.get(name, name)}({atom.text})", ORD, CALL)]


def _letters(parser: _Parser, name: str) -> list[_Atom]:
    alphabet = ALPHABETS.get(name, {})
    return [atom._replace(text=alphabet.get(atom.text, atom.text)) for atom in parser.argument()]


def _upright(parser: _Parser, name: str) -> list[_Atom]:
    if parser.peek() == "*":
        parser.take()
    start = parser.at
    word = parser.raw().strip()
    operator = name in ("operatorname", "mathop") or word in OPERATORS
    if re.fullmatch(r"[A-Za-z][\w .-]+", word) or (operator and word.isalpha() and word.isascii()):
        return [_Atom(word, OP if operator else WORD)]
    parser.at = start
    atoms = parser.argument()
    return [parser.one(atoms)._replace(kind=OP)] if operator and atoms else atoms


def _words(parser: _Parser, name: str) -> list[_Atom]:
    raw = parser.raw()
    text = " ".join(raw.split())
    gap = " " if raw[:1] == " " else ""
    parser.gap = " " if raw[-1:] == " " else ""
    return [_Atom(text, WORD if len(text) > 1 else ORD, gap=gap)] if text else []


def _delimiter(parser: _Parser, name: str) -> list[_Atom]:
    while parser.peek().isspace():
        parser.take()
    token = parser.take()
    text, kind = COMMANDS.get(token[1:], (token[1:], ORD)) if len(token) > 1 else (token, CHARACTERS.get(token, ORD))
    if SIZES[name] in (OPEN, CLOSE):
        text = ANGLES.get(text, text)
    return [_Atom(text, SIZES[name] or kind)]


def _environment(parser: _Parser, name: str) -> list[_Atom]:
    environment = parser.raw().rstrip("*")
    opening, closing = ENVIRONMENTS.get(environment, "  ")
    if name == "begin":
        parser.environments.append(environment)
        return [_Atom(opening.strip(), OPEN)]
    if parser.environments:
        parser.environments.pop()
    return [_Atom(closing.strip(), CLOSE)]


def _stacked(parser: _Parser, name: str) -> list[_Atom]:
    parser.scripts_open += 1
    script = parser.argument()
    parser.scripts_open -= 1
    base = [_Atom(*COMMANDS[name[1:]])] if name[0] == "x" else parser.argument()
    return [parser.with_scripts(base, script, []) if name == "underset" else parser.with_scripts(base, [], script)]


def _negated(parser: _Parser, name: str) -> list[_Atom]:
    atom = parser.one(parser.argument())
    return [atom._replace(text=NEGATED.get(atom.text) or f"{atom.text}\u0338")]


def _binom(parser: _Parser, name: str) -> list[_Atom]:
    return [
        _Atom(f"C({parser.rendered(parser.argument(), SUM)}, {parser.rendered(parser.argument(), SUM)})", ORD, CALL)
    ]


def _brace(parser: _Parser, name: str) -> list[_Atom]:
    return [parser.one(parser.argument())]


def _modulo(parser: _Parser, name: str) -> list[_Atom]:
    return [_Atom(f"(mod {parser.rendered(parser.argument(), SUM)})", ORD, gap=" ")]


def _swallow(parser: _Parser, name: str) -> list[_Atom]:
    parser.raw()
    if name == "hspace":
        parser.gap = " "
    return []


READERS: Mapping[str, Callable[[_Parser, str], list[_Atom]]] = {
    **dict.fromkeys("frac dfrac tfrac cfrac".split(), _frac),
    **dict.fromkeys("binom dbinom tbinom".split(), _binom),
    **dict.fromkeys("stackrel overset underset xrightarrow xleftarrow".split(), _stacked),
    **dict.fromkeys("begin end".split(), _environment),
    **dict.fromkeys("underbrace overbrace underline".split(), _brace),
    **dict.fromkeys(ACCENTS, _accent),
    **dict.fromkeys([*ALPHABETS, *STYLES], _letters),
    **dict.fromkeys(UPRIGHT, _upright),
    **dict.fromkeys(TEXTS, _words),
    **dict.fromkeys(SIZES, _delimiter),
    **dict.fromkeys(SWALLOWING, _swallow),
    **{"sqrt": _sqrt, "not": _negated, "pmod": _modulo},
}


# From atoms to text.


def _resolved(atoms: Sequence[_Atom]) -> list[_Atom]:
    """The atoms with what depends on their neighbours decided: bars, signs, brackets around fractions."""
    out = list(atoms)
    bars: list[dict[str, list[int]]] = [{}]
    for n, atom in enumerate(out):
        if atom.kind == BAR:
            bars[-1].setdefault(atom.text[0], []).append(n)
        elif atom.kind == OPEN:
            bars.append({})
        elif atom.kind == CLOSE and len(bars) > 1:
            _pair(out, bars.pop())
    for level in bars:
        _pair(out, level)
    for n, atom in enumerate(out):
        before = out[n - 1].kind if n and len(atom.gap) < 2 else PUNCT
        after = out[n + 1].kind if n + 1 < len(out) and len(out[n + 1].gap) < 2 else CLOSE
        if atom.kind == BIN and (before not in OPERANDS | {INNER} or after in (REL, CLOSE, PUNCT)):
            out[n] = atom._replace(kind=UNARY if atom.text[0] in "−+±∓" else ORD)
        elif atom.kind == FRAC and (before in OPERANDS | {OP, SLASH} or after in STARTS | {SLASH}):
            half = atom.text == "1/2" and before not in OPERANDS | {OP, SLASH} and after != SLASH
            out[n] = atom._replace(text="½" if half else f"({atom.text})", kind=ORD, level=ATOM if half else BRACKET)
    return out


def _pair(atoms: list[_Atom], bars: Mapping[str, Sequence[int]]) -> None:
    """Bars between the same brackets open and close in turn; an odd number of them separates, as in p(x|y)."""
    for places in bars.values():
        for turn, n in enumerate(places):
            atoms[n] = atoms[n]._replace(kind=SEP if len(places) % 2 else (OPEN, CLOSE)[turn % 2])


def _level(atoms: Sequence[_Atom]) -> int:
    """How tightly resolved atoms hold together."""
    top: list[_Atom] = []
    depth, sums = 0, False
    for atom in atoms:
        if atom.kind == CLOSE and depth:
            depth -= 1
            continue
        if depth == 0:
            top.append(atom)
        sums = sums or (depth > 0 and atom.kind == BIN)
        depth += atom.kind == OPEN
    kinds = [atom.kind for atom in top]
    if {BIN, REL, UNARY, PUNCT, SEP, INNER} & set(kinds):
        return SUM
    call = len(top) == 2 and kinds[1] == OPEN and top[1].text in ("(", "[", "{")
    if {OP, BIG} & set(kinds):
        return CALL if call and kinds[0] == OP else APPLY
    if {SLASH, FRAC} & set(kinds):
        return QUOTIENT
    if len(top) < 2:
        return BRACKET if kinds == [OPEN] else top[0].level if top else ATOM
    if len(top) == 2 and (top[0].text[0:1] == "∂" or (call and not sums and not top[0].text[:1].isdigit())):
        return CALL
    return PRODUCT


def _text(atoms: Sequence[_Atom], *, tight: bool) -> str:
    """Resolved atoms as text; `tight` is TeX's way inside scripts, without spaces around signs."""
    parts: list[str] = []
    left: _Atom | None = None
    for atom in atoms:
        if left is not None:
            parts.append(atom.gap or (" " if _apart(left, atom, tight) else ""))
        parts.append(atom.text)
        left = atom
    return "".join(parts).strip()


def _apart(left: _Atom, right: _Atom, tight: bool) -> bool:
    """Whether a space belongs between two neighbours."""
    a, b = left.kind, right.kind
    if a in (OPEN, UNARY, SLASH) or b in (CLOSE, PUNCT, SLASH):
        return False
    if a in (BIN, REL) or b in (BIN, REL):
        return not tight and not a == b == REL
    if SEP in (a, b):
        bar = right if b == SEP else left
        return not tight and (bar.spaced or bar.text != "|")
    if a == PUNCT or INNER in (a, b):
        return not tight or not left.text
    bracket = right.text[:1] in ("(", "[", "{")
    if a == OP:
        return not bracket
    if a in (BIG, ROOT) or b in (OP, BIG):
        return True
    if b == WORD:
        return left.text not in ("∂", "∇", "Δ", "")
    if (a == WORD or BARE_END.search(left.text)) and right.text[:1].isalnum():
        return True
    if left.text[-1:].isdecimal() and right.text[:1].isdecimal():
        return True
    return right.spaced and not tight and not bracket and left.text != ""


# Markdown around the formulas.

MARKDOWN = re.compile(
    r"""
    (?P<code> ^[ \t>]*(?P<fence>`{3,}(?=[^`\n]*$)|~{3,}) [\s\S]*? (?: ^[ \t>]*(?P=fence)[`~]*[ \t]*$ | \Z )
            | (?<!`)(?P<ticks>`+)(?!`) (?: (?!\n[ \t]*\n)[\s\S] )+? (?<!`)(?P=ticks)(?!`) | `+ )
    | (?P<escape> \\[\s\S] )
    | \$\$ (?P<display> (?: \\[\s\S] | (?!\$\$|\n[ \t]*\n)[^\\] )+ ) \$\$
    | \$\$+
    | \$(?!\s) (?P<inline> (?: \\[\s\S] | (?!\n[ \t]*\n)[^\\$] )+ ) (?<!\s)\$(?!\d)
    """,
    re.MULTILINE | re.VERBOSE,
)
MARKED = re.compile(r"[\\`*_\[\]<|~&$]|^[>#+=-]")  # what a Markdown parser could take for markup


def readable(text: str, forms: Mapping[str, str] = {}) -> str:
    """Markdown with its formulas as Unicode that a Markdown parser leaves alone.

    Args:
        text: Markdown; a dollar opens or closes a formula by Pandoc's rule, and none does in code.
        forms: Hand-made Unicode by LaTeX source, used in place of `formula`.
    """
    return _replaced(text, lambda latex: MARKED.sub(r"\\\g<0>", forms.get(latex) or formula(latex)), r"\$")


def plain(text: str, forms: Mapping[str, str] = {}) -> str:
    """As `readable`, for text that no Markdown parser will see."""
    return _replaced(text, lambda latex: forms.get(latex) or formula(latex), "$")


def source(text: str) -> list[str]:
    """The LaTeX of each formula of a Markdown text, in order."""
    found: list[str] = []
    _replaced(text, lambda latex: found.append(latex) or "", "$")
    return found


def _replaced(text: str, form: Callable[[str], str], dollar: str) -> str:
    def replacement(match: re.Match[str]) -> str:
        latex = match["display"] or match["inline"]
        if latex is None:
            return dollar if match[0] == r"\$" else match[0]
        return form(latex.strip())

    return MARKDOWN.sub(replacement, text) if "$" in text else text
