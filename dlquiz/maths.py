"""$LaTeX$ to the Unicode that a terminal can show; knows nothing of cards."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

DEEPEST = 40  # levels of nesting; what is deeper is shown as its source

# Kinds of atoms, as in chapter 18 of the TeXbook: the spaces of a printed formula follow from them.
ORD, OP, BIN, REL, OPEN, CLOSE, PUNCT, INNER = "ord", "op", "bin", "rel", "open", "close", "punct", "inner"
# Not TeX's. A BAR turns into OPEN, CLOSE or SEP, a BIN without a left side into UNARY; BIG is an OP with a range below it.
WORD, ROOT, FRACTION, BIG, SLASH, UNARY, BAR, SEP = "word", "root", "fraction", "big", "slash", "unary", "bar", "sep"
OPERANDS = frozenset({ORD, WORD, ROOT, FRACTION, CLOSE})  # what ends an operand
STARTS = frozenset({ORD, WORD, ROOT, FRACTION, OPEN, OP, BIG})

# How tightly a text holds together, loosest first: `a + b`, `log x`, `a/b`, `ab`, `f(x)`, `(x)`, `x`.
SUM, APPLIED, QUOTIENT, PRODUCT, CALL, BRACKETED, WHOLE = range(7)


def _pairs(words: str) -> dict[str, str]:
    items = words.split()
    return dict(zip(items[::2], items[1::2], strict=True))


SYMBOLS = {
    ORD: """alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν
        xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω
        Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω infty ∞ partial ∂ nabla ∇ top ⊤ bot ⊥
        forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ prime ′ ell ℓ hbar ℏ imath ı jmath ȷ emptyset ∅ varnothing ∅ Re ℜ Im ℑ aleph ℵ
        angle ∠ degree ° checkmark ✓ square □ dagger † vdots ⋮ ddots ⋱ backslash \\ % % $ $ & & _ _ # #""",
    BIN: """pm ± mp ∓ cdot · times × odot ⊙ otimes ⊗ oplus ⊕ ominus ⊖ star ⋆ ast ∗ circ ∘ bullet • div ÷ cup ∪ cap ∩ setminus ∖
        wedge ∧ land ∧ vee ∨ lor ∨ sqcup ⊔ bmod mod""",
    REL: """leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ lt < gt > approx ≈ sim ~ simeq ≃ cong ≅ propto ∝ in ∈ notin ∉
        ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ to → rightarrow → longrightarrow → leftarrow ← longleftarrow ← gets ←
        leftrightarrow ↔ Rightarrow ⇒ Longrightarrow ⇒ implies ⇒ Leftarrow ⇐ Leftrightarrow ⇔ iff ⇔ mapsto ↦ uparrow ↑ downarrow ↓
        ll ≪ gg ≫ equiv ≡ coloneqq := triangleq ≜ doteq ≐ mid | parallel ∥ perp ⊥ models ⊨ vdash ⊢ prec ≺ succ ≻ preceq ⪯ succeq ⪰""",
    BIG: "sum Σ prod Π int ∫ iint ∬ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀",
    INNER: "ldots … dots … dotsc … dotsb ⋯ dotsm ⋯ cdots ⋯",
    OPEN: "{ { lbrace { lbrack [ lceil ⌈ lfloor ⌊ langle ⟨ lvert | lVert ‖",
    CLOSE: "} } rbrace } rbrack ] rceil ⌉ rfloor ⌋ rangle ⟩ rvert | rVert ‖",
    BAR: "| ‖ Vert ‖ vert |",
    PUNCT: r"colon : \ ;",
}
COMMANDS = {name: (text, kind) for kind, words in SYMBOLS.items() for name, text in _pairs(words).items()}
CHARACTERS = {text: kind for text, kind in COMMANDS.values() if not text.isascii()}  # written as what they are
CHARACTERS |= _pairs(
    f"+ {BIN} − {BIN} * {BIN} = {REL} < {REL} > {REL} := {REL} ( {OPEN} [ {OPEN} ) {CLOSE} ] {CLOSE} , {PUNCT} ; {PUNCT} / {SLASH}"
    f" | {BAR} Σ {ORD} Π {ORD}"
)
RANGED = frozenset(
    {"max", "min", "sup", "inf", "lim", "argmax", "argmin", "arg max", "arg min"}
)  # BIG once they have a range
GAPS = {**dict.fromkeys((r"\,", r"\:", r"\;", r"\>", r"\ ", "~"), " "), r"\!": "", r"\quad": "  ", r"\qquad": "   "}
DROPPED = re.compile(r"\\(limits|nolimits|(display|text|script)style|rm|bf|it|cal|nonumber|notag)|\$")
ANGLES = {"<": "⟨", ">": "⟩", ".": ""}  # what these mean after \left and \right
ENVIRONMENTS = {"cases": ("{", "}"), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "array": ("[", "]")}
ACCENTS = {
    **dict.fromkeys(("hat", "widehat"), ("hat", "\u0302")),
    **dict.fromkeys(("bar", "overline"), ("bar", "\u0304")),
    **dict.fromkeys(("tilde", "widetilde"), ("tilde", "\u0303")),
    "vec": ("vec", "\u20d7"),
    "dot": ("dot", "\u0307"),
    "ddot": ("ddot", "\u0308"),
}
NEGATED = _pairs("= ≠ ∈ ∉ ⊂ ⊄ ⊆ ⊈ ≤ ≰ ≥ ≱ < ≮ > ≯ ≡ ≢ ~ ≁ ≈ ≉ ∃ ∄ | ∤ ∥ ∦")
BLACKBOARD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ1", "𝔸𝔹ℂ𝔻𝔼𝔽𝔾ℍ𝕀𝕁𝕂𝕃𝕄ℕ𝕆ℙℚℝ𝕊𝕋𝕌𝕍𝕎𝕏𝕐ℤ𝟙")
SCRIPT = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "𝒜ℬ𝒞𝒟ℰℱ𝒢ℋℐ𝒥𝒦ℒℳ𝒩𝒪𝒫𝒬ℛ𝒮𝒯𝒰𝒱𝒲𝒳𝒴𝒵")

# No Greek, although a few letters have small forms: beside p_θ, which has none, q_φ reads better than q with a tiny φ.
SUBSCRIPTS = str.maketrans("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
SUPERSCRIPTS = str.maketrans(
    "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤*∗⋆†′∘°",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ**⋆†′°°",
)
RAISED = frozenset(map(chr, SUPERSCRIPTS.values())) | {"^"}

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?(?:e-?\d+)?|\s+|:=|.")
NAME = re.compile(r"\\[A-Za-z]+")
BARE = re.compile(r"[A-Z]{2,}|[A-Za-z]{3,}|[\d.]+|.[\u0300-\u036f\u20d7]*[⁺⁻]?")  # a script that needs no brackets
BARE_END = re.compile(r"[_^][^\W_]+[\u0300-\u036f\u20d7⁺⁻]*$")


class _Atom(NamedTuple):
    text: str
    kind: str = ORD
    level: int = WHOLE
    gap: str = ""  # spaces that the source asks for before it
    spaced: bool = False  # the source has a space before it that TeX would ignore


class _TooDeepError(Exception):
    pass


def formula(latex: str) -> str:
    """One line of Unicode for a formula without its dollars. What is nested deeper than DEEPEST comes back as its source."""
    line = "".join(char if char.isprintable() else " " for char in latex).strip()
    try:
        return _text(_resolved(_Parser(line).sequence()))
    except _TooDeepError:
        return line


class _Parser:
    """Recursive descent: a group becomes its atoms, what takes arguments becomes one atom."""

    def __init__(self, latex: str) -> None:
        self.tokens = [token for token in TOKEN.findall(latex) if not DROPPED.fullmatch(token)]
        self.at = 0
        self.depth = 0
        self.scripts = 0  # how many scripts we are in
        self.gap, self.spaced = "", False  # for the next atom
        self.environments: list[str] = []

    def peek(self, *, past_space: bool = False) -> str:
        if past_space:
            while self.peek().isspace():
                self.at += 1
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += token != ""
        return token

    def sequence(self, stop: str = "") -> list[_Atom]:
        """Atoms up to `stop`, which is taken too, or up to the end, braces without a partner left out."""
        atoms: list[_Atom] = []
        while token := self.peek():
            if token == stop:
                self.at += 1
                break
            if token in GAPS or token.isspace() or token == "}":
                self.at += 1
                self.gap = max(self.gap, GAPS.get(token, "")) if token != r"\!" else ""
                self.spaced = token.isspace()
                continue
            gap, spaced, self.gap, self.spaced = self.gap, self.spaced, "", False
            base = self.nucleus()
            found = self.scripted(base)
            if found is base and NAME.fullmatch(self.tokens[self.at - 1]):
                self.peek(past_space=True)  # the space of \eta x only ends the name
            if found:
                atoms.append(found[0]._replace(gap=max(gap, found[0].gap), spaced=spaced or found[0].spaced))
                atoms += found[1:]
        return atoms

    def nucleus(self) -> list[_Atom]:
        """The next atoms, without the scripts that follow."""
        token = self.peek()
        if token == "{":
            atoms = self.argument()
            lone = len(atoms) == 1 and atoms[0].kind not in OPERANDS | {OP, BIG}
            return [atoms[0]._replace(kind=ORD)] if lone else atoms  # the comma of 50{,}000 takes no space
        if token in ("^", "_", "'"):
            return [_Atom("")]
        self.at += 1
        if token == "&":
            return [_Atom("," if self.environments[-1:] == ["cases"] else "", PUNCT)]
        if token == ":":
            after = self.peek().isspace()
            before = self.tokens[max(0, self.at - 2)].isspace()
            return [_Atom(":", REL if before and after else PUNCT if after else ORD)]
        if token[0] == "\\":
            return self.command(token[1:])
        token = token.replace("-", "−")
        return [_Atom(token, CHARACTERS.get(token, ORD))]

    def argument(self) -> list[_Atom]:
        """What a command or script applies to: a group, or the next atom without its scripts."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise _TooDeepError
        token = self.peek(past_space=True)
        if token == "{":
            self.at += 1
            atoms = self.sequence("}")
        elif token in ("", "}", "^", "_", "&", r"\\"):
            atoms = []
        elif token[0].isdigit():  # x^12 is x^1 followed by 2
            self.tokens[self.at] = token[1:]
            self.at += len(token) == 1
            atoms = [_Atom(token[0])]
        else:
            atoms = self.nucleus()
        self.depth -= 1
        return atoms

    def raw(self) -> str:
        """The text of an argument that is not maths."""
        parts: list[str] = []
        depth = 0
        self.peek(past_space=True)
        while token := self.take():
            depth += (token == "{") - (token == "}")
            if token in GAPS or token.isspace():
                parts.append(GAPS.get(token, " ")[:1])
            elif token[0] == "\\":
                parts.append(COMMANDS.get(token[1:], (token[1:], ORD))[0])
            elif token not in ("{", "}"):
                parts.append(token)
            if depth <= 0:
                break
        return "".join(parts)

    def command(self, name: str) -> list[_Atom]:
        match name:
            case "":
                return []  # a backslash at the very end
            case "frac" | "dfrac" | "tfrac" | "cfrac":
                return [self.fraction()]
            case "sqrt":
                return [self.root()]
            case "binom" | "dbinom" | "tbinom":
                return [_Atom(f"C({self.line()}, {self.line()})", level=CALL)]
            case "pmod":
                return [_Atom(f"(mod {self.line()})", gap=" ")]
            case "mathbb" | "mathds":
                return [atom._replace(text=atom.text.translate(BLACKBOARD)) for atom in self.argument()]
            case "mathcal" | "mathscr":
                return [atom._replace(text=atom.text.translate(SCRIPT)) for atom in self.argument()]
            case "mathbf" | "boldsymbol" | "bm" | "mathit" | "mathfrak" | "boxed" | "mathbin" | "mathrel" | "mathord":
                return self.argument()
            case "underbrace" | "overbrace" | "underline":
                return [self.one(self.argument())]  # so that the label below hangs on all of it
            case "mathrm" | "mathsf" | "mathtt" | "operatorname" | "mathop":
                return self.upright(operator=name in ("operatorname", "mathop"))
            case "text" | "textrm" | "textbf" | "textit" | "textsf" | "texttt" | "mbox":
                return self.words()
            case "overset" | "underset" | "stackrel" | "xrightarrow" | "xleftarrow":
                return [self.stacked(name)]
            case "not":
                negated = self.one(self.argument())
                return [negated._replace(text=NEGATED.get(negated.text) or f"{negated.text}\u0338")]
            case "begin" | "end":
                return [self.environment(begins=name == "begin")]
            case "label" | "tag" | "phantom" | "color" | "hspace" | "vspace":
                self.raw()
                return []
        if size := re.fullmatch("(left|right|middle)|[bB]igg?([lrm]?)", name):
            return [self.delimiter((size[1] or size[2])[:1])]
        if name in ACCENTS:
            return self.accented(*ACCENTS[name])
        return [_Atom(*COMMANDS.get(name, (name, OP)))]  # unknown ones, \log among them, by their names

    def scripted(self, base: list[_Atom]) -> list[_Atom]:
        """The base, as one atom if scripts or primes follow."""
        sub: list[_Atom] = []
        sup: list[_Atom] = []
        primes = 0
        while True:
            ahead = self.at + self.peek().isspace()
            mark = self.tokens[ahead] if ahead < len(self.tokens) else ""
            if mark not in ("_", "^", "'") or not mark:
                break
            self.at = ahead + 1
            if mark == "'":
                primes += 1
            else:
                (sub if mark == "_" else sup).extend(self.small_argument())
        return [self.with_scripts(base, sub, sup, primes)] if sub or sup or primes else base

    def small_argument(self) -> list[_Atom]:
        self.scripts += 1
        atoms = self.argument()
        self.scripts -= 1
        return atoms

    def with_scripts(self, base: list[_Atom], sub: list[_Atom], sup: list[_Atom], primes: int = 0) -> _Atom:
        atom = self.one(base)
        kind = atom.kind
        if kind == OP and sub and atom.text in RANGED:
            kind = BIG
        text = atom.text
        if atom.level < CALL or kind == ROOT:
            text, kind = f"({text})", ORD
        below = self.script(sub, SUBSCRIPTS | {ord("′"): "′"} if kind in (OP, BIG) else SUBSCRIPTS, "_")
        prime = "″" * (primes // 2) + "′" * (primes % 2)
        above = self.script(sup, SUPERSCRIPTS, "^")
        if below.startswith("_") and not above.startswith("^"):
            text += prime + above + below  # σ²_B, as the square in σ_B² would seem to be B's
        else:
            text += below + prime + above
        return _Atom(text, kind, gap=atom.gap, spaced=atom.spaced)

    def script(self, atoms: list[_Atom], table: Mapping[int, int | str], mark: str) -> str:
        resolved = _resolved(atoms)
        text = _text(resolved, tight=True)
        if all(ord(char) in table for char in text) and not re.match("−.*[A-Za-z]", text):  # e^(−x): ⁻ˣ is too small
            return text.translate(table)
        if BARE.fullmatch(text) or (len(atoms) == 1 and atoms[0].kind == WORD and text.isalpha()):
            return mark + text
        if not self.scripts and re.search("[_^]", text):
            text = _text(resolved)
        return mark + (text if _level(resolved) == BRACKETED and text[0] in "([{" else f"({text})")

    def one(self, atoms: list[_Atom]) -> _Atom:
        if len(atoms) == 1:
            return atoms[0]
        resolved = _resolved(atoms)
        text = _text(resolved, tight=self.scripts > 0)
        if atoms and all(atom.kind == OP for atom in atoms):
            return _Atom(text, OP)  # arg max
        return _Atom(text, level=_level(resolved))

    def line(self, at_least: int = SUM) -> str:
        """An argument's text, in brackets if it holds together less tightly than `at_least`."""
        atom = self.one(self.argument())
        return atom.text if atom.level >= at_least else f"({atom.text})"

    def fraction(self) -> _Atom:
        above = self.line(PRODUCT)
        atoms = _resolved(self.argument())
        below, level = _text(atoms, tight=self.scripts > 0), _level(atoms)
        kinds = [atom.kind for atom in atoms]
        reaches_on = level == APPLIED and kinds[0] == BIG and not {SLASH, FRACTION} & set(kinds)  # a/Σⱼ bⱼ
        differential = len(atoms) == 2 and above[:1] == below[:1] == "d"  # dy/dx
        if level < CALL and not reaches_on and not differential:
            below = f"({below})"
        return _Atom(f"{above}/{below}", FRACTION, QUOTIENT)

    def root(self) -> _Atom:
        sign = "√"
        if self.peek(past_space=True) == "[" and "]" in (ahead := self.tokens[self.at + 1 : self.at + 8]):
            index = "".join(ahead[: ahead.index("]")]).replace("-", "−")
            self.at += ahead.index("]") + 2
            sign = {"2": "√", "3": "∛", "4": "∜"}.get(index) or index.translate(SUPERSCRIPTS) + "√"
        text = self.line(BRACKETED)
        return _Atom(f"{sign}({text})" if text[:1] != "(" and RAISED & set(text) else sign + text, ROOT)

    def accented(self, name: str, mark: str) -> list[_Atom]:
        atom = self.one(self.argument())
        letter, rest = atom.text[:1], atom.text[1:]
        if not letter:
            return []
        if atom.kind == ORD and atom.level == WHOLE and not re.match("[A-Za-z0-9.]", rest):
            return [atom._replace(text=letter + mark + rest)]
        return [_Atom(f"{name}({atom.text})", level=CALL)]

    def upright(self, *, operator: bool) -> list[_Atom]:
        self.at += self.peek() == "*"
        start = self.at
        word = " ".join(self.raw().split())
        operator = operator or word in RANGED
        if re.fullmatch(r"[A-Za-z][\w .-]+", word):
            return [_Atom(word, OP if operator else WORD)]
        self.at = start
        atoms = self.argument()
        return [self.one(atoms)._replace(kind=OP)] if operator and atoms else atoms

    def words(self) -> list[_Atom]:
        raw = self.raw()
        self.gap = " " if raw.endswith(" ") else ""
        text = " ".join(raw.split())
        return [_Atom(text, WORD if len(text) > 1 else ORD, gap=" " if raw.startswith(" ") else "")] if text else []

    def stacked(self, name: str) -> _Atom:
        script = self.small_argument()
        base = [_Atom(*COMMANDS[name[1:]])] if name[0] == "x" else self.argument()
        return self.with_scripts(base, script, []) if name == "underset" else self.with_scripts(base, [], script)

    def environment(self, *, begins: bool) -> _Atom:
        if begins:
            self.environments.append(self.raw())
            if self.environments[-1] == "array":
                self.raw()  # its columns
            return _Atom(ENVIRONMENTS.get(self.environments[-1], ("", ""))[0], OPEN)
        self.raw()
        return _Atom(ENVIRONMENTS.get(self.environments.pop() if self.environments else "", ("", ""))[1], CLOSE)

    def delimiter(self, side: str) -> _Atom:
        """The bracket after \\left, \\right, \\middle, \\big or its like; `side` is l, r, m or nothing."""
        self.peek(past_space=True)
        token = self.take()
        text, kind = COMMANDS.get(token[1:], (token[1:], ORD)) if token[:1] == "\\" else (token, "")
        if not side:
            return _Atom(text, kind or CHARACTERS.get(text, ORD))
        return _Atom(ANGLES.get(text, text), {"l": OPEN, "r": CLOSE, "m": REL}[side])


# From atoms to text.


def _resolved(atoms: Sequence[_Atom]) -> list[_Atom]:
    """The atoms, with what depends on their neighbours decided: bars, signs, brackets around fractions."""
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
        if atom.kind == FRACTION and n and out[n - 1].text in RANGED:
            out[n - 1] = out[n - 1]._replace(kind=BIG)  # `min a/b`, unlike `log(a/b)`
        before = out[n - 1].kind if n and len(atom.gap) < 2 else PUNCT
        after = out[n + 1].kind if n + 1 < len(out) and len(out[n + 1].gap) < 2 else PUNCT
        if atom.kind == BIN and (before not in OPERANDS | {INNER} or after in (REL, CLOSE, PUNCT)):
            out[n] = atom._replace(kind=UNARY if atom.text[0] in "−+±∓" else ORD)
        elif atom.kind == FRACTION and (before in OPERANDS | {OP, SLASH} or after in STARTS | {SLASH}):
            half = atom.text == "1/2" and before not in OPERANDS | {OP, SLASH} and after != SLASH
            out[n] = atom._replace(text="½" if half else f"({atom.text})", kind=ORD, level=WHOLE)
    return out


def _pair(atoms: list[_Atom], bars: Mapping[str, Sequence[int]]) -> None:
    """Bars between the same brackets open and close in turn; an odd number of them separates, as in p(x|y)."""
    for places in bars.values():
        for turn, n in enumerate(places):
            atoms[n] = atoms[n]._replace(kind=SEP if len(places) % 2 else (OPEN, CLOSE)[turn % 2])


def _level(atoms: Sequence[_Atom]) -> int:
    """How tightly resolved atoms hold together."""
    top: list[_Atom] = []  # bracketed parts by their opening bracket alone
    depth, sum_inside = 0, False
    for atom in atoms:
        if atom.kind == CLOSE and depth:
            depth -= 1
            continue
        if depth == 0:
            top.append(atom)
        sum_inside = sum_inside or (depth > 0 and atom.kind == BIN)
        depth += atom.kind == OPEN
    kinds = [atom.kind for atom in top]
    if {BIN, REL, UNARY, PUNCT, SEP, INNER} & set(kinds):
        return SUM
    call = len(top) == 2 and kinds[1] == OPEN and top[1].text in ("(", "[", "{")
    if {OP, BIG} & set(kinds):
        return CALL if call and kinds[0] == OP else APPLIED
    if {SLASH, FRACTION} & set(kinds):
        return QUOTIENT
    if len(top) < 2:
        return BRACKETED if kinds == [OPEN] else top[0].level if top else WHOLE
    # λ(a + b) may be a product; what looks like f(x) is taken for a call
    if len(top) == 2 and (top[0].text[:1] == "∂" or (call and not sum_inside and not top[0].text[:1].isdigit())):
        return CALL
    return PRODUCT


def _text(atoms: Sequence[_Atom], *, tight: bool = False) -> str:
    """Resolved atoms as text; `tight` is TeX's way inside scripts, without spaces around signs."""
    parts: list[str] = []
    for n, atom in enumerate(atoms):
        if n:
            left = atoms[n - 1]
            inside = len(atom.gap) < 2 and (left.kind == OPEN or atom.kind == CLOSE)  # [\,x\,] gains nothing from it
            parts.append(("" if inside else atom.gap) or " " * _apart(left, atom, tight=tight))
        parts.append(atom.text)
    return "".join(parts).strip()


def _apart(left: _Atom, right: _Atom, *, tight: bool) -> bool:
    """Whether a space belongs between two neighbours."""
    a, b = left.kind, right.kind
    if a in (OPEN, UNARY, SLASH) or b in (CLOSE, PUNCT, SLASH):
        return False
    if {a, b} & {BIN, REL}:
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
    letter = right.text[:1].isalnum()
    if b == WORD and letter:
        return left.text not in ("∂", "∇", "Δ", "")
    if letter and (a == WORD or BARE_END.search(left.text) or (left.text[-1:] + right.text[:1]).isdecimal()):
        return True
    if bracket and a != CLOSE and left.text[-1:] not in RAISED:
        return False  # f (x) is a call, whatever the source has
    return right.spaced and not tight and left.text[:1] not in ("", "∂", "∇", "Δ")


# Formulas in Markdown.

CODE = r"""
    ^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)? (?P<fence>`{3,}(?=[^`\n]*$)|~{3,}) [\s\S]*? (?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)
    | (?<!`)(?P<ticks>`+)(?!`) (?:(?!\n[ \t]*\n)[\s\S])+? (?<!`)(?P=ticks)(?!`) | `+"""
FORMULA = r"""
    \$\$ (?P<display>(?:\\[\s\S]|(?!\$\$|\n[ \t]*\n)[^\\])+) \$\$ | \$\$+
    | \$(?!\s) (?P<inline>(?:\\[\s\S]|(?!\n[ \t]*\n)[^\\$])+) (?<!\s)\$(?!\d)"""
MARKDOWN = re.compile(rf"{CODE} | \\[\s\S] | {FORMULA}", re.MULTILINE | re.VERBOSE)
MARKUP = re.compile(r"[\\`*_\[\]<|~&$]|^[>#+=-]")  # what a Markdown parser could take for its own


def readable(text: str, forms: Mapping[str, str] = {}) -> str:
    """Markdown with its formulas as Unicode, escaped so that a Markdown parser leaves it alone.

    Args:
        text: Markdown. By Pandoc's rule `$5 and $6` is no formula; nothing in code is.
        forms: Hand-made Unicode by LaTeX source, used in place of `formula`.
    """

    def form(match: re.Match[str]) -> str:
        latex = _latex(match)
        return MARKUP.sub(r"\\\g<0>", forms.get(latex) or formula(latex)) if latex else match[0]

    return MARKDOWN.sub(form, text) if "$" in text else text


def plain(text: str, forms: Mapping[str, str] = {}) -> str:
    """As `readable`, without the escapes: for text that no Markdown parser will see."""

    def form(match: re.Match[str]) -> str:
        latex = _latex(match)
        if latex:
            return forms.get(latex) or formula(latex)
        return "$" if match[0] == r"\$" else match[0]

    return MARKDOWN.sub(form, text) if "$" in text else text


def source(text: str) -> list[str]:
    """The LaTeX of each formula of a Markdown text, in order."""
    return [latex for match in MARKDOWN.finditer(text) if (latex := _latex(match))]


def _latex(match: re.Match[str]) -> str:
    return (match["display"] or match["inline"] or "").strip()
