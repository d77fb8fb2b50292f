"""HTML tags in Markdown: what carries meaning keeps it, what is no HTML stays on the screen, in every form."""

from __future__ import annotations

import io
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

from dlquiz import maths, view
from dlquiz.anki import fields
from dlquiz.html import page
from dlquiz.lint import markup
from dlquiz.text import tags


def _screen(text: str) -> str:
    console = Console(width=200, file=io.StringIO())
    console.print(view.prose(text, {}))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


LITERAL = [
    "BERT uses <CLS> and <SEP>, T5 </s> and <pad>.",
    "A List<int>, a Map<K, V> and a vector<float>.",
    "Which holds, i<n && n>0 or a <b, x <y> z?",
    "Llama begins with <s>, GPT ends with <|endoftext|>.",
    "<think>so</think> <answer>4</answer>",
    "loop over <i> and <b> and <p>",
    "Use #include <bits/stdc++.h> and <!-- this -->",
]


@pytest.mark.parametrize("text", LITERAL)
@pytest.mark.parametrize("block", ["", "- one\n\n"], ids=["in a line", "through the parser"])
def test_a_tag_that_is_no_html_is_shown_everywhere(text: str, block: str) -> None:
    assert text in _screen(block + text)
    assert text in unescape(page.body(block + text))
    assert text in unescape(fields.html(block + text))
    assert text in "".join(
        part.content for token in MarkdownIt().parse(tags.markdown(text)) for part in token.children or ()
    )  # on a code host


MEANT = {
    "10<sup>-4</sup> and W<sub>ij</sub>": "10⁻⁴ and Wᵢⱼ",
    "x<sub>model</sub>, a<SUP>[1]</SUP>": r"x\_(model), a^([1])",
    "a <b>bold</b> <i>word</i> and <kbd>Ctrl</kbd>": "a **bold** *word* and `Ctrl`",
    "one<br>two<br/>three": "one\\\ntwo\\\nthree",
    "call <code>f(a<b>c)</code>": "call `f(a<b>c)`",
    "<details><summary>Answer</summary>\n<p>Because p minus y.</p>\n</details>": "**Answer**\n\nBecause p minus y.",
    "<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td>3</td></tr></table>": (
        "| a | b |\n| --- | --- |\n| 1\\|2 | 3 |"
    ),
    "<ul><li>one</li><li>two <b>bold</b></li></ul>": "- one\n- two **bold**",
    '<div align="center">Centred.</div>': "Centred.",
    "<pre>for x:\n  v<int></pre>": "```\nfor x:\n  v<int>\n```",
    "<h2>Why</h2>text": "## Why\n\ntext",
    "<b><pre>for x:\n  v<int></pre></b>": "```\nfor x:\n  v<int>\n```",
    "`<b>` and $a<b>c$ and ``` <i>x</i> ```": "`<b>` and $a<b>c$ and ``` <i>x</i> ```",
    "<https://a.org> and <me@a.org>": "<https://a.org> and <me@a.org>",
    r"already \<CLS>": r"already \<CLS>",
}


@pytest.mark.parametrize(("text", "wanted"), MEANT.items(), ids=range(len(MEANT)))
def test_a_tag_that_carries_meaning_becomes_markdown(text: str, wanted: str) -> None:
    assert tags.markdown(text).strip() == wanted


def test_the_text_of_html_blocks_stands_on_the_screen() -> None:
    text = "It depends:\n\n<details>\n<summary>Show</summary>\n\nBatch norm uses *batch* statistics.\n\n</details>\n\n10<sup>-4</sup>"

    shown = _screen(text)

    for words in ("It depends:", "Show", "Batch norm uses batch statistics.", "10⁻⁴"):
        assert words in shown
        assert words.replace("*batch*", "<em>batch</em>") in page.body(text).replace("<em>batch</em>", "batch")


@given(st.lists(st.sampled_from([*LITERAL, *MEANT, "<b>", "</b>", "<table>", "<tr>", "</td>", "<", "\n", "<details>"])))
def test_no_tag_is_left_for_a_parser_to_drop(pieces: list[str]) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(maths.readable(tags.markdown("".join(pieces))))

    assert not {"html_block", "html_inline"} & {
        each.type for token in tokens for each in (token, *(token.children or ()))
    }


def test_a_tag_at_the_beginning_of_a_line_ends_no_code() -> None:
    assert "".join(page.body("Use `a\n<b>` here").split()) == "<p>Use<code>a&lt;b&gt;</code>here</p>"
    assert "<i>" in _screen("```\n<i>\n```")


@pytest.mark.parametrize("tag", ["<b>", "<b></i>", "<table>", "<b>x</b>", "</details>", "<sub><sup>", "<code>", "<"])
def test_tags_without_end_end(tag: str) -> None:
    tags.markdown(tag * 5000)


def test_check_advises_on_tags_and_on_commands_that_have_no_form() -> None:
    note = {
        "question": r"What is <CLS>, $\foo{x}$ and 10<sup>4</sup>?",
        "answer": r"$\newcommand{\R}{\mathbb{R}}$ $x \in \R$, `<SEP>`, $\log x$",
        "key_points": [{"text": "uses <pad>"}],
    }

    messages = [(finding.key, finding.message.split(";")[0]) for finding in markup.note(note)]

    assert messages == [
        ("question", "shown as it stands: <CLS>"),
        ("question", "HTML: <sup>"),
        ("question", r"the command \foo is not known, screens show its name"),
        ("text", "shown as it stands: <pad>"),
    ]


def test_the_built_in_bank_has_no_tag_that_is_dropped_anywhere() -> None:
    for path in (Path(__file__).parents[1] / "questions").glob("*.yaml"):
        assert not [tag for tag in tags.literal(path.read_text(encoding="utf-8")) if tag.startswith("</")], path
