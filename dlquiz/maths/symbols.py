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
        angle ∠ degree ° checkmark ✓ square □ dagger † ddagger ‡ vdots ⋮ ddots ⋱ iddots ⋰ % % $ $ & & _ _ # # Box □
        blacksquare ■ triangle △ bigcirc ◯ complement ∁ wp ℘ digamma ϝ beth ℶ varkappa ϰ hslash ℏ S § P ¶ surd √ flat ♭ sharp ♯ natural ♮
        clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠  mho ℧ infin ∞ R ℝ N ℕ Z ℤ Q ℚ C ℂ Reals ℝ reals ℝ copyright ©
        bigstar ★ lozenge ◊ qedsymbol □ measuredangle ∡ AA Å textasciitilde ~ textasciicircum ^ textbar | textunderscore _""",
    BIN: """backslash \\ textbackslash \\ pm ± mp ∓ cdot · times × odot ⊙ otimes ⊗ oplus ⊕ ominus ⊖ star ⋆ ast ∗ circ ∘ bullet •
        div ÷ cup ∪ cap ∩ setminus ∖
        wedge ∧ land ∧ vee ∨ lor ∨ sqcup ⊔ sqcap ⊓ uplus ⊎ bmod mod oslash ⊘ boxplus ⊞ boxtimes ⊠ boxdot ⊡ ltimes ⋉ rtimes ⋊ bowtie ⋈
        amalg ⨿ diamond ⋄ circledast ⊛ circledcirc ⊚ wr ≀ triangleright ▷ triangleleft ◁ cdotp · smallsetminus ∖ veebar ⊻ dotplus ∔""",
    REL: """leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ lt < gt > approx ≈ sim ~ simeq ≃ cong ≅ propto ∝ in ∈ notin ∉ ni ∋
        subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ to → rightarrow → longrightarrow → leftarrow ← longleftarrow ← gets ← leftrightarrow ↔
        Rightarrow ⇒ Longrightarrow ⇒ implies ⇒ Leftarrow ⇐ Leftrightarrow ⇔ iff ⇔ mapsto ↦ uparrow ↑ downarrow ↓ ll ≪ gg ≫ equiv ≡
        coloneqq := triangleq ≜ doteq ≐ mid | parallel ∥ perp ⊥ models ⊨ vdash ⊢ prec ≺ succ ≻ preceq ⪯ succeq ⪰ lesssim ≲ gtrsim ≳
        approxeq ≊ asymp ≍ nsubseteq ⊈ subsetneq ⊊ supsetneq ⊋ nmid ∤ nparallel ∦ nleq ≰ ngeq ≱ nless ≮ ngtr ≯ rightleftharpoons ⇌
        rightharpoonup ⇀ leftharpoonup ↼ hookrightarrow ↪ hookleftarrow ↩ twoheadrightarrow ↠ rightsquigarrow ⇝ leadsto ⇝ nearrow ↗
        searrow ↘ nwarrow ↖ swarrow ↙ Uparrow ⇑ Downarrow ⇓ updownarrow ↕ longleftrightarrow ↔ Longleftrightarrow ⇔ longmapsto ↦
        Longleftarrow ⇐ impliedby ⇐ therefore ∴ because ∵ eqqcolon =: colonequals := eqcolon =: Perp ⫫ dashv ⊣ vDash ⊨ Vdash ⊩ owns ∋
        given | rightarrowtail ↣ circlearrowleft ↺ circlearrowright ↻ curvearrowright ↷ trianglelefteq ⊴ trianglerighteq ⊵ sqsubseteq ⊑
        sqsupseteq ⊒ lll ⋘ ggg ⋙ rightrightarrows ⇉ leftrightarrows ⇆ rightleftarrows ⇄ upharpoonright ↾ restriction ↾ thickapprox ≈
        thicksim ~ leqq ≦ geqq ≧ nsim ≁ ncong ≇ nprec ⊀ nsucc ⊁ smile ⌣ frown ⌢ lessapprox ⪅ gtrapprox ⪆ gtrless ≷ lessgtr ≶
        xlongequal =""",
    BIG: """sum Σ prod Π int ∫ iint ∬ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀
        iiint ∭ coprod ∐ bigsqcup ⨆ biguplus ⨄ bigodot ⨀""",
    INNER: "ldots … dots … dotsc … dotso … dotsi ⋯ dotsb ⋯ dotsm ⋯ cdots ⋯ hdots … mathellipsis … textellipsis …",
    OPEN: "{ { lbrace { lbrack [ lceil ⌈ lfloor ⌊ langle ⟨ lvert | lVert ‖ lgroup ( ulcorner ⌜ llcorner ⌞ lang ⟨ llbracket ⟦",
    CLOSE: "} } rbrace } rbrack ] rceil ⌉ rfloor ⌋ rangle ⟩ rvert | rVert ‖ rgroup ) urcorner ⌝ lrcorner ⌟ rang ⟩ rrbracket ⟧",
    BAR: "| ‖ Vert ‖ vert |",
    PUNCT: r"colon : \ ;",
}
COMMANDS = {name: (text, kind) for kind, words in SYMBOLS.items() for name, text in _pairs(words).items()}
CHARACTERS = {text: kind for text, kind in COMMANDS.values() if not text.isascii()}  # written as what they are
CHARACTERS |= _pairs(
    f"+ {BIN} − {BIN} * {BIN} = {REL} < {REL} > {REL} := {REL} ( {OPEN} [ {OPEN} ) {CLOSE} ] {CLOSE} , {PUNCT} ; {PUNCT} / {SLASH}"
    f" | {BAR} Σ {ORD} Π {ORD}"
)
FUNCTIONS = frozenset(
    "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan arg max min sup inf lim det dim deg gcd hom ker Pr"
    " argmax argmin limsup liminf injlim projlim".split()
)  # the commands that are shown by their names
NAMES = {"limsup": "lim sup", "liminf": "lim inf", "injlim": "inj lim", "projlim": "proj lim"}
RANGED = frozenset(
    {"max", "min", "sup", "inf", "lim", "argmax", "argmin", "arg max", "arg min", "lim sup", "lim inf"}
)  # BIG once they have a range
GAPS = {
    **dict.fromkeys((r"\,", r"\:", r"\;", r"\>", r"\ ", "~", r"\space", r"\enspace", r"\enskip"), " "),
    **dict.fromkeys((r"\thinspace", r"\medspace", r"\thickspace", r"\nobreakspace"), " "),
    **dict.fromkeys((r"\!", r"\negthinspace", r"\negmedspace"), ""),
    r"\quad": "  ",
    r"\qquad": "   ",
}
DROPPED = re.compile(
    r"\\(limits|nolimits|displaylimits|(display|text|script|scriptscript)style|rm|bf|it|cal|sf|tt|nonumber|notag|hline|hfill|strut|mathstrut"
    r"|[lL]arge|LARGE|[hH]uge|small|tiny|scriptsize|footnotesize|normalsize|boldmath|allowbreak|centering|noindent|relax|null)|\$"
)
ANGLES = {"<": "⟨", ">": "⟩", ".": ""}  # what these mean after \left and \right
ENVIRONMENTS = {
    **dict.fromkeys(("cases", "dcases"), ("{", "}")), "rcases": ("{", "}"), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"), "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"), "array": ("[", "]"), "tabular": ("[", "]"),
}  # fmt: skip
CASES = frozenset({"cases", "dcases", "rcases"})  # their columns are parted by commas
COLUMNED = frozenset(
    {"array", "tabular", "alignedat", "alignat", "subarray"}
)  # an argument says how their columns stand
GRIDS = CASES | {"array", "tabular", "matrix", "smallmatrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix"}
WRAPPED = {
    "norm": ("‖", "‖"),
    "abs": ("|", "|"),
    "ceil": ("⌈", "⌉"),
    "floor": ("⌊", "⌋"),
    "set": ("{", "}"),
}  # as packages have them
ACCENTS = {
    **dict.fromkeys(("hat", "widehat"), ("hat", "\u0302")),
    **dict.fromkeys(("bar", "overline"), ("bar", "\u0304")),
    **dict.fromkeys(("tilde", "widetilde"), ("tilde", "\u0303")),
    **dict.fromkeys(("vec", "overrightarrow"), ("vec", "\u20d7")),
    "overleftarrow": ("vec", "\u20d6"),
    "overleftrightarrow": ("vec", "\u20e1"),
    **dict.fromkeys(("check", "widecheck"), ("check", "\u030c")),
    "breve": ("breve", "\u0306"),
    "acute": ("acute", "\u0301"),
    "grave": ("grave", "\u0300"),
    "mathring": ("ring", "\u030a"),
    "dddot": ("dddot", "\u20db"),
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
