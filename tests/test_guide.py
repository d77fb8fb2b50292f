"""The study guide: a page that holds everything, runs nothing and can be read by anybody, and a Markdown document."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from builders import SMALL_BANK, a_bank, a_collection, called
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dlquiz import collection, config, maths, store
from dlquiz.bank import index, select
from dlquiz.collection import Collection
from dlquiz.html import mathml, to_html
from dlquiz.html import page as html_page
from dlquiz.text import printable
from dlquiz.transfer import study_pages

RUNNING = frozenset("script iframe object embed link base form svg audio video input".split())
VOID = frozenset({"meta", "img", "br", "hr"})
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
HOSTILE = f"""\
bank: evil
topic: bad
title: '{EVIL}'
notes:
  - id: a
    tags: [t]
    question: '{EVIL} $\\text{{{EVIL}}}$'
    short: '[l](javascript:alert(1)) [l]( java&#x0A;script:alert(1) "x") <b onclick=x>b</b>'
    answer: |
      ![{EVIL}](https://evil.example/x.png) ![$\\text{{" onerror="alert(1)}}$](media/none.png) ![s](../../secret.svg)
      ![s](media/a.svg '{EVIL}') [s](https://x.example '{EVIL}')

      <iframe src="//evil.example"></iframe>

      ```python" onclick="x
      print("</code></pre><script>alert(1)</script>")
      ```

      $$\\href{{javascript:alert(1)}}{{x}} \\style{{background:url(//evil.example)}}{{y}}$$

      $\\class{{a" onclick="b}}{{z}}$ &lt;script&gt; `$x$`

      | a | b |
      |:-:|--:|
      | `<script>` | {EVIL.replace("|", "")} |
    key_points: [{{id: k, text: '{EVIL}', must: true}}]
    pitfalls: ['{EVIL}']
    follow_ups: [{{question: '{EVIL}', answer: '{EVIL}'}}]
    corrections: [{{grade: wrong, claim: '{EVIL}', instead: '{EVIL}', sources: [s, t]}}]
    figures: [{{file: media/a.svg, alt: '{EVIL}'}}, {{file: media/none.svg, alt: '{EVIL}'}}]
    sources: [s, t]
    cards:
      - {{id: c, front: '{EVIL}', back: '{EVIL}', why: '{EVIL}', notation: '{EVIL}'}}
      - {{id: d, kind: choice, front: 'Which?', back: '{EVIL}', distractors: [{{text: '{EVIL} b', why: '{EVIL}'}}, {{text: b, why: c}}]}}
      - {{id: e, kind: cloze, front: 'A $[...]$', back: '{EVIL}'}}
"""
HOSTILE_SOURCES = f"""\
sources:
  s: {{authors: '{EVIL}', title: '{EVIL}', link: 'javascript:alert(1)', where: '{EVIL}'}}
  t: {{authors: A, title: B, link: 'https://x.example/"onclick="alert(1)'}}
"""
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"


class Page(HTMLParser):
    """A page's elements in order, as a browser would make them; one that is not closed where it should be is refused."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.style = ""
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style += data
        else:
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def guide(col: Collection, target: Path, selected: select.Selection | None = None) -> Page:
    study_pages.html(col, target, selected, with_progress=False)
    return Page(target.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def builtin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """The built-in bank, never studied."""
    nowhere = config.Home(tmp_path_factory.mktemp("nowhere") / "none")
    bank = index.open_bank(collection.roots(collection.BankPaths(), nowhere), None)
    with closing(bank), closing(store.open_store(nowhere.progress, nowhere.backups, create=False)) as empty:
        yield Collection(nowhere, config.Settings(), bank, empty)


@pytest.fixture(scope="module")
def page(builtin: Collection, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The guide of the built-in bank; no test changes it."""
    return guide(builtin, tmp_path_factory.mktemp("guide") / "guide.html")


def check_safe(page: Page) -> None:
    """Nothing runs, nothing is fetched, nothing but this page's own style counts."""
    for tag, attributes in page.elements:
        assert tag not in RUNNING
        assert not any(
            name.startswith("on") or name in ("style", "srcset", "xlink:href", "formaction") for name in attributes
        )
        assert attributes.get("src", "data:image/").startswith("data:image/")
        assert re.match(r"#|https?://", attributes.get("href", "#"))
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    (policy,) = [each["content"] for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    assert (
        policy == f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"url\(|@import|expression", page.style)


def check_accessible(page: Page) -> None:
    """Headings in order, words for pictures, names for regions, links that lead somewhere."""
    assert page.all("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    names = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    assert max(names.values()) == 1
    for _, attributes in page.elements:
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in names
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in names
    assert all(each["alt"] for each in page.all("img"))
    first_link = page.all("a")[0]
    assert (first_link["class"], first_link["href"]) == ("skip", "#to:questions")
    for (tag, _), (after, _) in pairwise(page.elements):
        assert (tag == "details") == (after == "summary")


def test_the_guide_of_the_built_in_bank_is_whole_safe_and_accessible(page: Page, builtin: Collection) -> None:
    check_safe(page)
    check_accessible(page)
    notes, cards = set(builtin.bank.note_ids()), {card_ref.id for card_ref in builtin.bank.in_order()}
    assert {each["id"] for each in page.all("h3")} == notes
    assert {each["id"] for each in page.all("details") if "id" in each} == cards - notes
    assert len(page.all("img")) == sum(len(builtin.bank.note(note).figures) for note in notes)
    assert len(page.all("table")) > 10
    assert "must" in page.words
    assert not [words for words in page.words if re.search(r"\$[^ ]*\$|\*\*|\ue010", words)]


def test_every_formula_of_the_built_in_bank_is_mathml(page: Page) -> None:
    assert not [each for _, each in page.elements if each.get("class") == "formula"]
    assert len(page.all("math")) > 500


def test_a_hostile_bank_is_shown_and_never_obeyed(tmp_path: Path) -> None:
    (tmp_path / "bank" / "media").mkdir(parents=True)
    (tmp_path / "bank" / "media" / "a.svg").write_bytes(SVG)
    (tmp_path / "secret.svg").write_bytes(SVG)
    path = a_bank(tmp_path / "bank", HOSTILE, "bad.yaml")
    a_bank(tmp_path / "bank", HOSTILE_SOURCES, "sources.yaml")
    with collection.opened(collection.BankPaths((path,), builtin=False), write=False) as col:
        page = guide(col, tmp_path / "guide.html")

    check_safe(page)
    check_accessible(page)
    assert "".join(page.words).count("<script>alert(1)</script>") > 20
    assert {each["src"] for each in page.all("img")} == {f"data:image/svg+xml;base64,{base64.b64encode(SVG).decode()}"}
    assert [each["class"] for each in page.all("th")] == ["center", "right"]
    assert "$x$" in page.words


def test_a_picture_that_is_not_there_is_described_and_told(tmp_path: Path) -> None:
    text = "bank: mine\nnotes:\n  - {id: a, question: Q?, answer: A., figures: [{file: media/a.svg, alt: A net.}]}\n"
    with a_collection(tmp_path, write=False, text=text) as col:
        done = study_pages.html(col, tmp_path / "guide.html", None, with_progress=False)

    assert done.remarks == (
        "mine/a: there is no picture media/a.svg beside the bank; its description stands in its place",
    )
    assert "<figure><em>Picture: A net.</em></figure>" in (tmp_path / "guide.html").read_text(encoding="utf-8")


def test_cards_alone_stand_without_the_answer_of_their_note(tmp_path: Path) -> None:
    with a_collection(tmp_path, write=False) as col:
        page = guide(col, tmp_path / "guide.html", select.Selection(frozenset(), frozenset({"mine/adam.lr"}), "lr"))

    assert [each["id"] for each in page.all("details")] == ["mine/adam.lr"]
    assert "Two running means." not in "".join(page.words)
    assert "1 question in 1 topic, 1 card of one fact each." in "".join(page.words)
    assert not page.all("footer")


def test_headings_of_an_answer_stand_below_the_parts_of_the_page() -> None:
    assert html_page.body("# One\n\n### Two", heading="h5") == "<h5>One</h5>\n<h5>Two</h5>"
    assert html_page.body("# One") == "<h1>One</h1>"


@pytest.mark.parametrize("ending", ["md", "html"])
def test_what_cannot_hold_progress_says_so(tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"cards.{ending}"

    done = called("export", str(target), "--progress", "--bank", str(a_bank(tmp_path / "bank")), "--no-builtin")

    assert done.stderr == f".{ending} can't hold progress beyond your remarks; .json does, and .apkg with --progress\n"
    assert done.stdout == f"exported 7 cards to {target}\n"


# ---- Markdown


def test_the_document_is_one_tree_of_headings_with_every_card(tmp_path: Path, builtin: Collection) -> None:
    target = tmp_path / "guide.md"

    done = study_pages.markdown(builtin, target, None, with_progress=False)

    text = target.read_text(encoding="utf-8")
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert levels.count(2) == len(builtin.bank.topics())
    assert levels.count(3) == len(builtin.bank.note_ids())
    assert levels.count(3) + text.count("\n**Q.** ") == done.cards
    assert sum(token.type == "table_open" for token in tokens) > 10
    assert not any(token.type == "html_block" for token in tokens)
    assert "$$y = x \\odot m/(1 - p)$$" in text
    assert text.count("*Picture: ") == text.count("~~~text\n")


def test_headings_of_an_answer_stand_below_those_of_the_document_but_not_in_code(tmp_path: Path) -> None:
    text = "bank: mine\nnotes:\n  - id: a\n    question: Q?\n    answer: |\n      # Part\n\n      ```python\n      # comment\n      ```\n"
    with a_collection(tmp_path, write=False, text=text) as col:
        study_pages.markdown(col, tmp_path / "guide.md", None, with_progress=False)

    assert "##### Part\n\n```python\n# comment\n```" in (tmp_path / "guide.md").read_text(encoding="utf-8")


def test_a_choice_of_cards_stands_under_its_question_without_the_answer_to_it(tmp_path: Path) -> None:
    with a_collection(tmp_path, write=False) as col:
        chosen = select.Selection(frozenset(), frozenset({"mine/adam.lr"}), "lr")
        study_pages.markdown(col, tmp_path / "guide.md", chosen, with_progress=False)

    text = (tmp_path / "guide.md").read_text(encoding="utf-8")
    assert (
        "### What does Adam keep for each weight?\n\n#### Cards\n\n**Q.** What is Adam's usual learning rate?\n\n> 0.001\n"
        in text
    )
    assert "Two running means" not in text
    assert SMALL_BANK.count("learning rate") == text.count("learning rate")


# ---- formulas


@pytest.mark.parametrize(
    ("latex", "made"),
    [
        (r"n \log n", "<mi>n</mi><mspace width=\"0.167em\"></mspace><mi>log</mi><mspace width=\"0.167em\"></mspace><mi>n</mi>"),
        (r"\log(n)", '<mi>log</mi><mo stretchy="false">(</mo>'),
        (r"\max_a Q", '<msub><mi>max</mi><mi>a</mi></msub><mspace width="0.167em"></mspace><mi>Q</mi>'),
        (r"\mathrm{softmax}(z)", "<mi>softmax</mi>"),
        (r"\mathrm{d}x", '<mi mathvariant="normal">d</mi>'),
        (r"\mathbf{w} \mathcal{L} \mathbb{R} \boldsymbol{\theta}", "<mi>𝐰</mi>"),
        (r"\mathcal{LN}", "<mi>ℒ</mi><mi>𝒩</mi>"),
        (r"\boldsymbol{\theta}", "<mi>𝜽</mi>"),
        (r"a < b", "<mo>&lt;</mo>"),
    ],
)  # fmt: skip
def test_a_formula_is_set_as_in_print(latex: str, made: str) -> None:
    assert made in mathml.formula(latex)


@pytest.mark.parametrize(
    "latex", [r"\frac{a}", r"\unknown{x}", "{", r"\left(", "x^", "x" * 3000, "{" * 900 + "x" + "}" * 900]
)
def test_a_formula_that_is_not_understood_is_shown_as_on_a_terminal(latex: str) -> None:
    shown = mathml.formula(latex)

    assert shown == f'<span class="formula">{maths.formula(latex[: mathml.LONGEST]) or latex}</span>'


COMMANDS = st.sampled_from(
    (
        r"\frac \sqrt \text \left( \right) \begin{matrix} \end{matrix} \href \style \class \color{red} \mathrm \mathbf"
        r" \over \def\a \newcommand \not \operatorname \alpha \\ { } ^ _ & < > ' x 1"
    ).split(" ")
)
PIECES = st.sampled_from([*'`*_<>"|#&[]\n', "$x$", "$$y$$", "```\n", "[a](", ")", "![", "\n\n", "- "])


@given(st.lists(COMMANDS | st.text(max_size=3), max_size=12).map(" ".join), st.booleans())
def test_whatever_a_formula_holds_its_html_is_sound_and_harmless(latex: str, display: bool) -> None:
    shown = "".join(char for char in mathml.formula(latex, display) if char >= " ")

    for element in ElementTree.fromstring(shown).iter():
        assert element.tag == "span" or element.tag.startswith("m")
        assert not {"href", "style", "onclick", "id"} & set(element.attrib)


@given(st.lists(PIECES | st.text(max_size=3), max_size=15).map("".join))
def test_whatever_markdown_holds_every_tag_is_closed_and_no_formula_of_its_prose_is_lost(text: str) -> None:
    html = to_html.render(text, lambda latex, _: f"<i>{len(latex)}</i>", whole=True)

    Page(html)
    assert not re.search("[\ue010\ue011]", html)
    if not re.search(r"[\[`<~|]| {4}|\t", text):  # no code, address or table, which show its source or may leave it out
        assert html.count("<i>") == len(maths.source(printable.clean(text)))


def test_a_formula_stands_as_its_source_where_only_text_can() -> None:
    html = html_page.body('![a $x$ b](media/$y$.png) `$c$` [l](https://e.org/$z$ "t $w$")')

    assert "<math" not in html
    assert html.count("$") == 8


def test_a_picture_in_a_text_is_within_the_page_and_words_in_the_document(tmp_path: Path) -> None:
    a_bank(tmp_path, SMALL_BANK.replace("answer: Two running", "answer: See ![a curve](media/a.svg). Two running"))
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.svg").write_text("<svg/>", encoding="utf-8")
    with a_collection(tmp_path) as col:
        study_pages.html(col, tmp_path / "guide.html", None, with_progress=False)
        study_pages.markdown(col, tmp_path / "guide.md", None, with_progress=False)

    assert 'See <img src="data:image/svg+xml;base64,' in (tmp_path / "guide.html").read_text(encoding="utf-8")
    assert "See [picture: a curve]. Two running" in (tmp_path / "guide.md").read_text(encoding="utf-8")
