"""Tables: what each LaTeX command, accent, script and alphabet looks like as Unicode."""

from __future__ import annotations

import re

from dlquiz.maths.tex import BAR, BIG, BIN, CLOSE, INNER, OPEN, ORD, PUNCT, REL, SLASH


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
