"""HTML of Anki's fields as Markdown: what people write there, and what nobody should."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

from dlquiz import maths, view
from dlquiz.html import from_html, mathml

TEXTS = {
    "line ends of other systems": ("a\u2028<br>b&#8233;c", "a\n\nb\nc"),
    "the language of code": ('<pre><code class="language-python">a = "b"</code></pre>', '```python\na = "b"\n```'),
    "lines": ("a<br>b<br><br>c<br>", "a\\\nb\n\nc"),
    "lines as Anki's editor makes them": ("<div>x</div><div>y</div>", "x\n\ny"),
    "entities": ("R&amp;D &gt; 5&nbsp;% &eacute;", "R&D > 5 % é"),
    "less than": ("<p>I &lt;3 5 &lt; 6</p>", "I <3 5 < 6"),
    "bold and italic": ("<b>term </b>is <i>so</i>", "**term** is *so*"),
    "no list where none was meant": ("- a - b", "\\- a - b"),
    "no numbering either": ("1. one<br>2. two", "1\\. one\\\n2\\. two"),
    "nor in a line that the page breaks": ("\n\n1. one\n- two<div>2. x</div>", "1\\. one\n\\- two\n\n2\\. x"),
    "stars, dollars, backticks": ("*x* costs $5 `t` a_b _c_", "\\*x\\* costs \\$5 \\`t\\` a_b \\_c\\_"),
    "nested lists": ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
    "code": ("<pre><code>for x:\n  v&lt;int&gt; *</code></pre>", "```\nfor x:\n  v<int> *\n```"),
    "a fence in code": ("<pre>```</pre>", "````\n```\n````"),
    "code of several lines": ("so <code>a<br>b &lt;c&gt;</code>", "so\n\n```\na\nb <c>\n```"),
    "code with lines of its editor": ("<pre>a<br>\u00a0b</pre>", "```\na\n b\n```"),
    "code within a line": ("call <code>f(*x)</code>", "call `f(*x)`"),
    "a table": (
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td>3</td></tr></table>",
        "| a | b |\n| --- | --- |\n| 1\\|2 | 3 |",
    ),
    "indices": ("H<sub>2</sub>O, x<sup>2</sup>, e<sup>-x/2</sup>", "H₂O, x², e^(-x/2)"),
    "readings": ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字", "漢 (かん) 字"),
    "colours and fonts": ('<span style="color: red">r</span><font color=blue>b</font><u>u</u>', "rbu"),
    "a link": ('<a href="https://a.org/b_(c)">w</a>', "[w](https://a.org/b_%28c%29)"),
    "a link that acts": ('<a href="javascript:alert(1)">w</a>', "w"),
    "a heading": ("<h1>H</h1>t", "# H\n\nt"),
    "a tag that is text": ("use &lt;script&gt; and &amp;lt;", "use &lt;script> and &amp;lt;"),
    "scripts and styles": ("<script>alert(1)</script>x<style>b</style><!-- c -->", "x"),
    "a tag in pieces": ("<scr<script></script>ipt>y</script>z", "z"),
    "MathJax": (r"\(a_{1} &lt; b\) and \[x<br>y\]", "$a_{1} < b$ and $$x y$$"),
    "MathJax before a digit": (r"\(x\)2", "$x$ 2"),
    "Anki's older maths": ("[$]x^2[/$] [$$]y[/$$] [latex]$z$[/latex]", "$x^2$ $$y$$ $z$"),
    "dollars in maths": (r"\(5$ \le 6\$\)", r"$5\$ \le 6\$$"),
    "maths that looks like a tag": (r"\(a&lt;b\)", "$a< b$"),
    "nothing": ("<div><br></div>", ""),
    "an index with a blank in it": ("H<sub>0 </sub>is, P<sub>1 </sub>(so)", "H₀ is, P₁ (so)"),
    "bold in pieces": ("<b>Re </b><b>du</b> <b>less</b><b>more</b>", "**Re du lessmore**"),
    "a sign at the end of bold words": ("<b>Note:</b>that <i>x</i>y", "**Note**:that *x*y"),
    "bold in a script without blanks": ("中文<b>「词」</b>中文", "中文「**词**」中文"),
    "bold lines": ("<b>a<br></b>b", "**a**\\\nb"),
    "bold paragraphs": ("<b><div>one</div><div>two</div></b>", "**one**\n\n**two**"),
    "a break at the end": ("3.5<br>", "3.5"),
    "a break at the end of an item": ("<ul><li>x<br></li><li>y<br>z</li></ul>", "- x\n- y\\\n  z"),
    "a line that holds nothing in a formula": (r"\[ a = b \\ \] \(\\\)", "$$a = b$$"),
    "words read aloud": ("[anki:tts lang=en]hello[/anki:tts] there", "hello there"),
    "formulas in the editor's own tags": ('<anki-mathjax block="true">x &lt; 2</anki-mathjax>', "$$x < 2$$"),
    "words that LaTeX sets": (
        (
            r"[latex]% a note<div>Sei $a$ eine \textit{Folge}, 5\% f\"{u}r:\\<br></div>\[<br>x &lt; 1 \]<br>"
            r"\begin{enumerate}\item $y$ \item z\end{enumerate}[/latex]"
        ),
        "Sei $a$ eine *Folge*, 5% für:\n\n$$x < 1$$\n\n1. $y$\n2. z",
    ),
    "an empty formula": (r"where \(\) is", "where is"),
    "code in pieces": ("<code>a</code><code>b</code>", "`ab`"),
    "a table without a head": ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "| a |\n| --- |\n| b |"),
    "code in lines of their own": (
        "<div>for i in x:</div><div>&nbsp; &nbsp; <span>print</span>(i)</div><div><br></div><div>f(&lt;2&gt;)</div>",
        "```\nfor i in x:\n    print(i)\n\nf(<2>)\n```",
    ),
    "code between words": (
        "What?<br>def f(x):<br>&nbsp; return x<br>It returns its argument.",
        "What?\n\n```\ndef f(x):\n  return x\n```\n\nIt returns its argument.",
    ),
    "words that are set in": ("So:<div>&nbsp; &nbsp; &nbsp;one</div><div>&nbsp; two</div>", "So:\n\none\n\ntwo"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_field_as_markdown(name: str) -> None:
    text, wanted = TEXTS[name]

    assert from_html.to_markdown(text) == wanted


def test_pictures_are_named_in_the_text() -> None:
    found = from_html.carried('<img src="heart_x.png"> or <img alt="the  *heart*" src="a b.svg">')

    assert found.text == r"(picture: heart x) or (picture: the \*heart\*)"
    assert found.pictures == ("heart_x.png", "a b.svg")


def test_a_picture_that_comes_along_keeps_its_place_and_a_question_does_not_tell_its_name() -> None:
    html = '<ol><li>see <img src="heart_x.png"> or</li></ol><pre>x = 1 <img alt="a [b]" src="b.svg"></pre>'
    around = from_html.Around(path=lambda name: f"media/{name}")

    assert from_html.carried(html, around).text == (
        "1. see ![heart x](media/heart_x.png) or\n\n```\nx = 1\n```\n\n![a (b)](media/b.svg)"
    )
    assert "![picture](media/heart_x.png)" in from_html.carried(html, around._replace(tells=lambda _: False)).text


LOST = {
    "[sound:x.mp3]": "a sound (x.mp3)",
    "[anki:tts lang=en]hello[/anki:tts]": "text read aloud",
    '<img src="https://example.org/a.png">': "a picture from the web",
    '<img src="data:image/png;base64,AAAA">': "a picture inside the text",
    "<video src=x></video>": "a film",
    "<svg><text>t</text></svg>": "a drawing inside the text",
    r"[latex]\begin{tabular}a\end{tabular}[/latex]": "a picture that LaTeX draws (its source is there)",
    "<div>" * 200 + "x": "markup nested too deeply, or too much of it",
    "<b>x</b>" * 20_000: "markup nested too deeply, or too much of it",
    "x" * 300_000: "the end of a very long text",
}


@pytest.mark.parametrize("field", LOST, ids=range(len(LOST)))
def test_what_does_not_come_along_is_told(field: str) -> None:
    assert from_html.carried(field).lost == (LOST[field],)


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("*x* costs $5 in a_b", "*x* costs $5 in a_b"),
        ("1. one", "1. one"),
        ("- a", "- a"),
        ("use &lt;b&gt; and `t`", "use <b> and `t`"),
        ("see <a href='https://a.org'>this</a>", "see this (https://a.org)"),
        ("one<br>two", "one\ntwo"),
    ],
)
def test_what_was_escaped_reads_on_a_terminal_as_it_was_written(field: str, wanted: str) -> None:
    console = Console(width=80, file=io.StringIO())

    console.print(view.prose(from_html.to_markdown(field), {}))

    assert isinstance(console.file, io.StringIO)
    assert [line.rstrip() for line in console.file.getvalue().strip().splitlines()] == wanted.splitlines()


TAGS = "b i u div p br ul ol li pre code table tr td th img a script style svg h1 sup sub ruby rt hr blockquote span".split()
PIECES = st.one_of(
    st.sampled_from(
        [f"<{slash}{tag}{more}>" for tag in TAGS for slash in ("", "/") for more in ("", ' x="', " href=javascript:x")]
    ),
    st.sampled_from(
        [
            "<",
            ">",
            "&lt;script&gt;",
            "&#60;script",
            "<!--",
            "-->",
            "]]>",
            "<![",
            "<?xml ",
            "<!DOCTYPE",
            "http://a.org/x&amp;y",
            "&amp",
            "\\(",
            "\\)",
            "$",
            "`",
            "```",
            "[latex]",
            "\\",
            "\n",
        ]
    ),
    st.text(max_size=8),
)


@given(st.lists(PIECES, max_size=40))
def test_any_html_becomes_text_without_a_script(pieces: list[str]) -> None:
    found = from_html.to_markdown("".join(pieces))

    tokens = MarkdownIt("commonmark").parse(found)
    kinds = {each.type for token in tokens for each in (token, *(token.children or ()))}
    assert not kinds & {"html_block", "html_inline"}  # a tag that is left would be one of these; in code it is text
    assert "javascript:" not in " ".join(
        str(each.attrs.get("href")) for token in tokens for each in token.children or ()
    )
    assert not re.search("[\x00-\x08\ud800-\udfff\ue000\ue001]", found)
    assert found == found.strip()


def test_commands_that_a_note_defines_are_written_out() -> None:
    fields = [r"\( \newcommand{\E}{\operatorname{E}} \) What is \(\E[X]\)?", r"\(\E[X^2] &lt; \E\)"]
    around = from_html.Around(commands=from_html.commands(fields))

    assert [from_html.carried(field, around).text for field in fields] == [
        r"What is $\operatorname{E}[X]$?",
        r"$\operatorname{E}[X^2] < \operatorname{E}$",
    ]


FORMULAS = st.text(st.sampled_from("abxyz0123456789+-=^_{}()|,. "), min_size=1, max_size=30).map(
    lambda each: " ".join(each.split())
)


@given(st.lists(FORMULAS.filter(bool), min_size=1, max_size=5))
@example(["10 ab", "0 aa + 1"])
def test_formulas_are_kept_to_the_letter(formulas: list[str]) -> None:
    found = from_html.to_markdown("<p>see</p>" + "<br>".join(rf"so <b>\({each}\)</b>, <i>" for each in formulas))

    assert [latex for match in maths.markdown().finditer(found) if (latex := maths.latex_of(match))] == formulas


ENDLESS = "9" * 5000


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"<b>a</b>&#{ENDLESS};b", "**a**\ufffdb"),
        (f"a &#{ENDLESS}; b", "a \ufffd b"),
        (rf"\(x &#x{ENDLESS}; y\)", "$x \ufffd y$"),
        (f"<ol start={ENDLESS}><li>x</ol>", "x"),
        ("<ol start=\u00b2><li>x</ol>", "x"),
        (f"<h{ENDLESS}>x</h{ENDLESS}>", "x"),
        ("<b>&#65;&#x42;</b>&#128512;", "**AB**\U0001f600"),
    ],
)
def test_a_number_that_never_ends_is_text_like_any_other(html: str, text: str) -> None:
    assert from_html.to_markdown(html) == text


ROWS = '<mtr><mtd columnalign="right"><mi>{}</mi></mtd><mtd columnalign="left"><mo>=</mo><mi>{}</mi></mtd></mtr>'


def test_a_page_keeps_the_rows_of_a_formula() -> None:
    page = mathml.formula(r"\begin{aligned} a &= b \\[8px] c &= d \\ \end{aligned}", True)

    assert ROWS.format("a", "b") + ROWS.format("c", "d") in page
    assert mathml.formula(r"a \\ b").count("<mtr>") == 2
    assert mathml.formula(r"\begin{vmatrix} a & b \\ c & d \end{vmatrix}").count("<mo>|</mo>") == 2


def test_formulas_of_public_notes_are_formulas_on_a_page() -> None:
    latex = [
        line.split("\t")[0]
        for line in Path(__file__).with_name("formulas_of_notes.txt").read_text("utf-8").splitlines()
    ]

    assert [each for each in latex if 'class="formula"' in mathml.formula(each)] == []
