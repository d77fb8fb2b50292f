"""What a formula looks like in a terminal, and which dollars make one."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dlquiz import maths
from dlquiz.maths import parser

FORMULAS = {
    # letters and accents
    r"\alpha, \beta_1, \Gamma": "α, β₁, Γ",
    r"\hat m_t, \bar\alpha_t, \tilde A": "m̂ₜ, ᾱₜ, Ã",
    r"\vec{v} + \dot x": "v⃗ + ẋ",
    r"\hat{xy} + \overline{x}": "hat(xy) + x̄",
    r"\hat\theta_{\text{MAP}}": "θ̂_MAP",
    r"\mathbb{E}, \mathbb{R}, \mathbb{N}, \mathbb{Z}, \mathbb P": "𝔼, ℝ, ℕ, ℤ, ℙ",
    r"\mathcal{L}, \mathcal{N}(0, \sigma^2)": "ℒ, 𝒩(0, σ²)",
    r"\mathbf{W}\boldsymbol{\mu}": "Wμ",
    r"\ell, \hbar, \infty, \star, \dagger": "ℓ, ℏ, ∞, ⋆, †",
    # scripts
    r"w_{t-1}": "wₜ₋₁",
    r"e_{uv}^{(l)}": "eᵤᵥ⁽ˡ⁾",
    r"x^\top W^T": "xᵀ Wᵀ",
    r"10^{-8}": "10⁻⁸",
    r"x^12": "x¹2",
    r"W_B + x^Q": "W_B + x^Q",
    r"W_Q x": "W_Q x",
    r"d_{model}, p_{\mathrm{data}}(x), D_{KL}": "d_model, p_data(x), D_KL",
    r"x_{i,j} + x_{<t}": "x_(i,j) + x_(<t)",
    r"\mathbb{R}^{d_{out} \times r}": "ℝ^(dₒᵤₜ×r)",
    r"\sigma_B^2": "σ²_B",
    r"x_{y_z}": "x_(y_z)",
    r"a^{[l]}": "a^[l]",
    r"Q^*(s,a)": "Q*(s, a)",
    r"f'(x) + h_v' + g''": "f′(x) + hᵥ′ + g″",
    r"Q_{\theta^-}(s', a')": "Q_θ⁻(s′, a′)",
    r"\|x\|_2^2": "‖x‖₂²",
    r"{xy}^2": "(xy)²",
    # fractions and roots
    r"\frac{a}{b}": "a/b",
    r"\frac{a+b}{c+d}": "(a + b)/(c + d)",
    r"\frac{a}{b}c": "(a/b)c",
    r"\frac{a}{b}^2": "(a/b)²",
    r"\left(\frac{a}{b}\right)^2": "(a/b)²",
    r"\frac{1}{2\sigma^2}": "1/(2σ²)",
    r"\frac{a/b}{c/d}": "(a/b)/(c/d)",
    r"\frac{a}{\frac{b}{c}}": "a/(b/c)",
    r"\frac{\log x}{n}": "(log x)/n",
    r"\frac12\|w\|^2": "½‖w‖²",
    r"\min \frac{1}{2} \|w\|^2": "min ½ ‖w‖²",
    r"-\frac{1}{N}\sum_i \log p_i": "−(1/N) Σᵢ log pᵢ",
    r"\log\frac{p(x)}{q(x)}": "log(p(x)/q(x))",
    r"\frac{\partial L}{\partial w_{ij}}": "∂L/∂wᵢⱼ",
    r"\frac{\partial^2 L}{\partial w^2}": "∂²L/∂w²",
    r"\frac{dy}{dx}": "dy/dx",
    r"\frac{|A \cap B|}{|A \cup B|}": "|A ∩ B|/|A ∪ B|",
    r"\sqrt{x} + \sqrt{x + y}": "√x + √(x + y)",
    r"\sqrt{x^2} + \sqrt{f(x)}": "√(x²) + √(f(x))",
    r"\sqrt[3]{x}": "∛x",
    r"\sqrt{2\pi}\sigma": "√(2π) σ",
    r"\sqrt{\frac{2}{n_{in}}}": "√(2/nᵢₙ)",
    r"\binom{n}{k} p^k (1-p)^{n-k}": "C(n, k) pᵏ (1 − p)ⁿ⁻ᵏ",
    # operators
    r"\sum_{i=1}^{n} x_i": "Σᵢ₌₁ⁿ xᵢ",
    r"\sum_{k \neq i} x_k": "Σ_(k≠i) xₖ",
    r"\prod_t p(x_t | x_{<t})": "Πₜ p(xₜ | x_(<t))",
    r"\int_0^1 f(x)\,dx": "∫₀¹ f(x) dx",
    r"\log p + \exp(x) + \max(0, x)": "log p + exp(x) + max(0, x)",
    r"\arg\max_\theta \log p_\theta(x)": "arg max_θ log p_θ(x)",
    r"\underset{\theta}{\arg\min} L(\theta)": "arg min_θ L(θ)",
    r"\mathbb{E}[\,\cdot\,]": "𝔼[·]",
    r"\operatorname*{arg\,max}_{a} Q(s, a)": "arg maxₐ Q(s, a)",
    r"\gamma\max_{a'}Q(s',a')": "γ maxₐ′ Q(s′, a′)",
    r"\sin^2\theta + \log_2 x": "sin² θ + log₂ x",
    r"\lim_{n \to \infty} a_n": "lim_(n→∞) aₙ",
    r"2 \mathrm{JSD}(p_d \| p_g) - \log 4": "2 JSD(p_d ‖ p_g) − log 4",
    r"\foo x": "foo x",
    # signs and spaces
    r"a+b=-c": "a + b = −c",
    r"e^{-x} + f(-x) + a/-b": "e^(−x) + f(−x) + a/−b",
    r"a \cdot b \times c \odot d \otimes e \oplus f": "a · b × c ⊙ d ⊗ e ⊕ f",
    r"a \leq b \ge c \ne d \approx e \sim f \propto g \equiv h": "a ≤ b ≥ c ≠ d ≈ e ~ f ∝ g ≡ h",
    r"x \in A \subset B, y \notin A, \not= \not\in": "x ∈ A ⊂ B, y ∉ A, ≠∉",
    r"x \to y \leftarrow z \gets w \Rightarrow v \mapsto u": "x → y ← z ← w ⇒ v ↦ u",
    r"x = \pm 1 \ll 2 \gg \mp 3": "x = ±1 ≪ 2 ≫ ∓3",
    r"\forall x \exists y": "∀x ∃y",
    r"1, \ldots, n + x_1 \cdots x_n": "1, …, n + x₁ ⋯ xₙ",
    r"p(x|y) + p(x \mid y) + |x| - |-y|": "p(x|y) + p(x | y) + |x| − |−y|",
    r"\lceil N/B \rceil + \lfloor x \rfloor + \langle x, y \rangle": "⌈N/B⌉ + ⌊x⌋ + ⟨x, y⟩",
    r"\left.\frac{\partial f}{\partial x}\right|_{x=0}": "∂f/∂x|ₓ₌₀",
    r"\bigl(x + y\bigr) \Big/ \big|z\big|": "(x + y)/|z|",
    r"\{x : x > 0\}": "{x : x > 0}",
    r"50{,}000 = 50,000 = 50\,000": "50,000 = 50,000 = 50 000",
    r"a = 1 \quad b = 2": "a = 1  b = 2",
    r"95\% \& \$5 \_ \#": "95% & $5 _ #",
    r"x\;y\:z\!w~v": "x y zw v",
    r"\text{if } x > 0": "if x > 0",
    # structures
    r"\underbrace{x + y}_{\text{loss}} + \lambda_{\text{reg}}": "(x + y)ₗₒₛₛ + λ_reg",
    r"x \overset{\text{iid}}{\sim} p": "x ~ⁱⁱᵈ p",
    r"\begin{cases} x & x > 0 \\ -1 & \text{otherwise} \end{cases}": "{x, x > 0; −1, otherwise}",
    r"\begin{bmatrix} 1 & -2 \\ 3 & 4 \end{bmatrix}": "[1 −2; 3 4]",
    r"\begin{array}{cc} a & b \end{array} \begin{aligned} a &= b \\ c &= d \end{aligned}": "[a b] a = b; c = d",
    r"\begin{cases} a, & x > 0, \\ b, & x < 0. \end{cases}": "{a, x > 0; b, x < 0.}",
    r"\begin{vmatrix} a & b \\ c & d \end{vmatrix} = ad - bc": "|a b; c d| = ad − bc",
    r"\begin{Vmatrix} a \\[8px] b \end{Vmatrix} \begin{Bmatrix} a & b \end{Bmatrix}": "‖a; b‖ {a b}",
    r"\left\{\begin{array}{ll} a & x > 0 \\ b & x < 0 \end{array}\right.": "{a, x > 0; b, x < 0}",
    r"\left[\begin{array}{c|c} 1 & 2 \\ \hline 3 & 4 \end{array}\right]": "[1 2; 3 4]",
    r"\begin{aligned} a &= b + c \\ &= d \\ &\quad + e, \\ f &= g \\ \end{aligned}": "a = b + c = d + e; f = g",
    r"\mathop{\mathbb{E}}\limits_{x} f + \mathop{\rm argmax}_x g": "𝔼ₓ f + argmaxₓ g",
    r"\sum_{\substack{i=1 \\ i \neq j}} x_i": "Σ_(i=1,i≠j) xᵢ",
    r"\textcolor{red}{x + y} + {\color{blue} z}": "x + y + z",
    r"\overrightarrow{v} + \overrightarrow{AB}": "v⃗ + vec(AB)",
    r"{a + b \over c} + {n \choose k}": "(a + b)/c + C(n, k)",
    r"\newcommand{\E}[1]{\mathbb{E}\left[#1\right]} \def\R{\mathbb R} \E{x^2} \in \R": "𝔼[x²] ∈ ℝ",
    r"\norm{x}_2 + \abs{y}": "‖x‖₂ + |y|",
    r"x \xrightarrow[b]{a} y": "x →ᵃ_b y",
    r"a \hspace{1in} b, x. \\ y": "a  b, x. y",
    # what the bank is about
    r"w_t = w_{t-1} - \eta\left(\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon} + \lambda w_{t-1}\right)": (
        "wₜ = wₜ₋₁ − η(m̂ₜ/(√v̂ₜ + ε) + λwₜ₋₁)"
    ),
    r"\hat v_t = v_t/(1-\beta_2^t)": "v̂ₜ = vₜ/(1 − β₂ᵗ)",
    r"\mathrm{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V": "softmax(QKᵀ/√dₖ)V",
    r"c_t = f \odot c_{t-1} + i \odot g": "cₜ = f ⊙ cₜ₋₁ + i ⊙ g",
    r"\sigma(W x_t + U h_{t-1} + b)": "σ(W xₜ + U hₜ₋₁ + b)",
    r"D_{\mathrm{KL}}(p\|q) = \mathbb{E}_{x\sim p}\left[\log\frac{p(x)}{q(x)}\right]": (
        "D_KL(p ‖ q) = 𝔼_(x~p)[log(p(x)/q(x))]"
    ),
    r"\frac{e^{z_i}}{\sum_j e^{z_j}}": "e^(zᵢ)/Σⱼ e^(zⱼ)",
    r"x_t = \sqrt{\bar\alpha_t} x_0 + \sqrt{1 - \bar\alpha_t} \epsilon": "xₜ = √ᾱₜ x₀ + √(1 − ᾱₜ) ε",
    r"\delta^l = (W^{l+1})^\top \delta^{l+1} \odot \phi'(z^l)": "δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ φ′(zˡ)",
    r"\sigma(\tilde D^{-1/2} \tilde A \tilde D^{-1/2} H W)": "σ(D̃^(−1/2) Ã D̃^(−1/2) H W)",
    r"\min_G \max_{\|f\|_L \leq 1} \mathbb{E}_x[f(x)]": "min_G max_(‖f‖_L ≤ 1) 𝔼ₓ[f(x)]",
    r"\mathbb{E}\|\epsilon - \epsilon_\theta(x_t, t)\|^2": "𝔼‖ε − ε_θ(xₜ, t)‖²",
}


@pytest.mark.parametrize(("latex", "shown"), FORMULAS.items(), ids=FORMULAS)
def test_a_formula_reads_as_it_would_be_printed(latex: str, shown: str) -> None:
    assert unicodedata.normalize("NFC", maths.formula(latex)) == unicodedata.normalize(
        "NFC", shown
    )  # ŷ has two spellings


def test_nothing_gives_nothing() -> None:
    assert maths.formula("") == maths.formula(" {} ") == maths.readable("") == maths.plain("") == ""


HALVES = {
    "{x": "x",
    "}x": "x",
    "x^": "x",
    "_": "",
    r"\frac": "/",
    r"\frac{a": "a/",
    r"\left( x": "(x",
    r"x \left": "x",
    "x\\": "x",
    r"\end{cases} x": "x",
    "|x": "|x",
    r"\hat": "",
}


@pytest.mark.parametrize(("latex", "shown"), HALVES.items(), ids=HALVES)
def test_half_a_formula_is_shown_as_far_as_it_goes(latex: str, shown: str) -> None:
    assert maths.formula(latex) == shown


def test_what_is_nested_too_deeply_is_shown_as_its_source() -> None:
    deep = "x^{" * parser.DEEPEST + "y" + "}" * parser.DEEPEST

    assert "{" not in maths.formula(deep)
    assert maths.formula("x^{" + deep + "}") == "x^{" + deep + "}"


@pytest.mark.parametrize(
    "part",
    ["{", "}", "x^", "_a", "'", r"\hat", r"\left", "|", r"\sqrt[", r"\frac12", r"\text{", r"{\over", r"\substack{"],
)
def test_a_long_formula_ends(part: str) -> None:
    assert maths.formula(part * 5000).isprintable()


PARTS = re.findall(
    r"\S+",
    r"\frac \sqrt [ ] { } ( ) ^ _ ' \hat \left \right. \begin{cases} & \\ \not \text \mathrm \stackrel | \| - = : a 12",
)


@given(st.text() | st.lists(st.sampled_from([*PARTS, " ", "$", "`", "\n"])).map("".join))
def test_no_text_fails_or_brings_control_characters(text: str) -> None:
    assert maths.formula(text).isprintable()
    assert len(maths.source(text)) <= text.count("$") // 2
    maths.readable(text)
    maths.plain(text)


@given(st.text().filter(lambda text: not re.search(r"\$|\\[(\[]|math", text)))
def test_text_without_the_marks_of_a_formula_stays(text: str) -> None:
    assert maths.readable(text) == maths.plain(text) == text


def test_formulas_in_a_text_are_replaced_in_place() -> None:
    text = r"Rate $\eta$, decay $\lambda$:" + "\n\n" + r"$$w = w - \eta" + "\n" + r"\lambda w$$" + "\n\nEnd."

    assert maths.readable(text) == "Rate η, decay λ:\n\nw = w − ηλw\n\nEnd."
    assert maths.source(text) == [r"\eta", r"\lambda", "w = w - \\eta\n\\lambda w"]


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $6",
        "$ x$ is not",
        "$x $ is not",
        "costs $5, then $x$5",
        "a lone $",
        "$x\n\ny$",
        "$$",
        "$$ $$",
        "`$x$`",
        "``a ` $x$``",
        "```\n$x$\n```",
        "- ~~~sh\n  echo $x$\n  ~~~",
        "costs $2/h on demand, `$GPU_HOURS` counts the hours",
        "set `$BUDGET` first. From $5 to 10$ a day. Between $0.02/GB and $203/month. US$5-US$6. Regex `^a$` and `^b$`. 5$ and 6$.",
        r"see \[1\] and \(",
        "```\n$x$",
    ],
)
def test_dollars_of_money_and_of_code_make_no_formula(text: str) -> None:
    assert maths.readable(text) == maths.plain(text) == text
    assert maths.source(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r"so \(a_1\), then", "so a₁, then"),
        ("so\n\n\\[ a_1 \\\\[8px] b \\]\n\nthen", "so\n\na₁; b\n\nthen"),
        ("so\n\n```math\na_1 \\le b\n```\n\nthen", "so\n\na₁ ≤ b\n\nthen"),
        ("- ~~~ math\n  a_1\n  ~~~\n", "- ~~~ math\n  a_1\n  ~~~\n"),  # in an item it stays code
        ("so $`a_1`$, then", "so a₁, then"),
        (r"$\newcommand{\R}{\mathbb{R}}$For $x \in \R^n$", "For x ∈ ℝⁿ"),
    ],
)
def test_other_ways_to_write_a_formula_are_formulas(text: str, wanted: str) -> None:
    assert maths.readable(text) == maths.plain(text) == wanted


def test_a_blank_is_filled_in_text_in_formulas_and_in_code() -> None:
    assert maths.filled("The rate is [...] here.", "[...]", "$\\eta$") == "The rate is **$\\eta$** here."
    assert maths.filled(r"So $x_t - [...]\, g$ it is.", "[...]", r"$\eta$") == r"So $x_t - \eta\, g$ it is."
    assert maths.filled("So $p \\to [...]$.", "[...]", "the prior") == "So $p \\to \\text{the prior}$."
    assert maths.filled("Call `f([...])`.", "[...]", "x") == "Call `f(x)`."


NOTES = [line.split("\t") for line in Path(__file__).with_name("formulas_of_notes.txt").read_text("utf-8").splitlines()]


def test_formulas_of_public_notes_read_as_they_should() -> None:
    """Three hundred formulas of notes on deep learning (d2l.ai, CS231n and others), each read by a person once in this form."""
    wrong = [(latex, maths.formula(latex)) for latex, shown in NOTES if maths.formula(latex) != shown]

    assert len(NOTES) >= 300
    assert wrong == []
    assert [name for latex, _ in NOTES for name in maths.unknown(latex)] == []


def test_a_command_that_is_not_known_is_named() -> None:
    assert maths.unknown(r"\foo x + \log y \left( \softmax z \\ \right) \begin{foo}") == ["foo", "softmax"]
    assert maths.unknown(r"\newcommand{\foo}{x} \foo") == []


@pytest.mark.parametrize(
    "latex",
    [
        r"\newcommand{\a}{\a\a}\a",
        r"\def\a{\b\b}\def\b{\a\a}\a",
        r"\newcommand{\a}[9]{#1}\a",
        r"\newcommand{\a}{",
        r"\def\a{x^" * 300,
    ],
)
def test_commands_that_are_made_of_themselves_end(latex: str) -> None:
    assert maths.formula(latex).isprintable()


def test_an_escaped_dollar_is_a_dollar() -> None:
    text = r"\$5 for $x_1$ and $\$6$, `\$`"

    assert maths.readable(text) == r"\$5 for x₁ and \$6, `\$`"
    assert maths.plain(text) == r"$5 for x₁ and $6, `\$`"
    assert maths.source(text) == ["x_1", r"\$6"]


def test_code_ends_where_its_ticks_do() -> None:
    assert maths.readable("`a` $x_1$ `b` ``c`` $x_2$") == "`a` x₁ `b` ``c`` x₂"
    assert maths.readable("```\n$x_1$\n```\n$x_2$") == "```\n$x_1$\n```\nx₂"
    assert maths.readable("a ` tick and $x_1$") == "a ` tick and x₁"


def test_no_sign_of_a_formula_is_left_for_markdown_to_read() -> None:
    assert maths.readable(r"$Q^* < W_B|x|[a]$") == r"Q\* \< W\_B\|x\|\[a\]"
    assert maths.plain(r"$Q^* < W_B|x|[a]$") == "Q* < W_B|x|[a]"


@given(
    st.lists(
        st.sampled_from([*FORMULAS, "*a*", "_a_", r"\text{`}", "[a](b)", "<b>", r"\#", "+", "- a", "~~x~~", r"\&lt;"])
    )
)
def test_a_markdown_parser_shows_what_a_formula_says(latex: list[str]) -> None:
    text = "\n\n".join(f"${each}$" for each in latex)

    blocks = [block for block in MarkdownIt("commonmark").enable("table").parse(maths.readable(text)) if block.children]

    shown = ["".join(part.content for part in block.children or []) for block in blocks]
    assert shown == [maths.formula(each) for each in latex]


def test_a_formula_in_a_table_keeps_its_cell() -> None:
    table = "| a | b |\n|---|---|\n| $|g|$ | $x_B$ |"

    html = MarkdownIt("commonmark").enable("table").render(maths.readable(table))

    assert "<td>|g|</td>\n<td>x_B</td>" in html


def test_a_form_made_by_hand_comes_before_ours() -> None:
    forms = {r"\frac{a}{b}": "a over b_1"}

    assert maths.readable(r"$ $\frac{a}{b}$, $$ \frac{a}{b} $$", forms) == r"$ a over b\_1, a over b\_1"
    assert maths.plain(r"$\frac{a}{b}$ and $c$", forms) == "a over b_1 and c"
