from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import tracemalloc
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from builders import MONDAY, SMALL_BANK, a_bank, a_collection, later
from hypothesis import example, given
from hypothesis import strategies as st

from dlquiz import calendar, collection, session
from dlquiz.anki import decks, fields, identity, notetypes, package, schedule
from dlquiz.card import Card, Correction, Distractor, Figure, FollowUp, KeyPoint, Note, Rating, Source
from dlquiz.errors import StoreError, UsageError
from dlquiz.transfer import anki_notes, to_anki

# ---- identities


def test_ids_are_what_they_were_in_the_first_release() -> None:
    """Change none of these: everybody's decks hang on them."""
    assert [each.id for each in notetypes.ALL] == [1795484307101, 1795484307102, 1795484307103, 1795484307104]
    assert decks.OUR_PRESET == 1795484307201
    assert identity.guid("optimizer-choice.adam-correct") == "dlquiz:optimizer-choice.adam-correct"
    assert identity.number("dlquiz:optimizer-choice") == 1646962271125
    assert identity.number("deck dlquiz::optimizers") == 1592958534431
    known = [(84, "Id"), (83, "License"), (82, "As of"), (81, "Sources"), (80, "Topic")]
    for notetype in notetypes.ALL:
        assert {*known, (91, "Remark"), (92, "Extra2"), (93, "Extra3")} <= set(notetype.fields)
        made = notetypes.as_json(notetype, "")
        assert [each["id"] for each in made["flds"]] == [notetype.id * 100 + number for number, _ in notetype.fields]
        assert [each["id"] for each in made["tmpls"]] == [notetype.id * 100]


def test_whoever_changes_the_look_says_when() -> None:
    """Anki takes a template over only from a newer note type: with a new fingerprint goes a new `notetypes.CHANGED_S`."""
    said = json.dumps([notetypes.as_json(each, notetypes.look(), 0) for each in notetypes.ALL], sort_keys=True)

    assert (hashlib.sha256(said.encode()).hexdigest()[:16], notetypes.CHANGED_S) == ("e5e0439a8ce0ddd7", 1795944600)


RENAMINGS = st.lists(st.sampled_from(("note", "card")), max_size=6)


@given(steps=RENAMINGS)
def test_a_guid_survives_every_renaming_of_note_and_card(steps: list[str]) -> None:
    note, card = "mine/n0", "c0"
    note_was: list[str] = []
    card_was: list[str] = []
    first = identity.oldest(f"{note}.{card}", card_was, note, note_was)
    for n, step in enumerate(steps, 1):
        if step == "note":
            note_was, note = [*note_was, note], f"mine/n{n}"
        else:
            card_was, card = [*card_was, f"{note}.{card}"], f"c{n}"

        assert identity.oldest(f"{note}.{card}", card_was, note, note_was) == first == "mine/n0.c0"
        assert identity.oldest(note, note_was, note, note_was) == "mine/n0"


def test_a_card_that_came_from_another_note_keeps_the_id_it_had_there() -> None:
    assert identity.oldest("b.x", ["a.x"], "b", []) == "a.x"
    assert identity.oldest("b.x", ["a.x"], "b", ["old-b"]) == "a.x"
    assert identity.oldest("ab.x", [], "ab", ["a"]) == "a.x"


# ---- fields

TEXTS = {
    "a formula": ("$x_1 < y$", r"\(x_1 &lt; y\)"),
    "a formula of its own line": ("so\n\n$$\\frac{a|b}\n{c}$$", "<p>so</p>\n<p>\\[\\frac{a|b} {c}\\]</p>"),
    "money": ("from $5 to $6", "from $5 to $6"),
    "code": ("`$x$`", "<code>$x$</code>"),
    "HTML": ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
    "a link that runs": ("[x](javascript:alert)", "[x](javascript:alert)"),
    "a link": ("[x](https://example.org)", '<a href="https://example.org">x</a>'),
    "a picture on the web": ("![x](https://example.org/a.png)", '<a href="https://example.org/a.png">x</a>'),
    "a picture": ('![a"b](media/x.svg)', '<img src="media/x.svg" alt="a&quot;b">'),
    "Anki's own marks": ("[sound:x.mp3] [latex]", "&#91;sound:x.mp3] &#91;latex]"),
    "a control character": ("a\x1fb\u202ec", "a\ufffdb\ufffdc"),
    "two paragraphs": ("a\n\nb", "<p>a</p>\n<p>b</p>"),
    "coloured code": (
        "```python\nx = 1\n```",
        '<pre><code class="language-python"><span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>\n</code></pre>',
    ),
    "code of no language we know": ("```nope\nx < 1\n```", '<pre><code class="language-nope">x &lt; 1\n</code></pre>'),
}


def made(card: Card, note: Note | None = None, sources: list[Source] | None = None) -> dict[str, str]:
    page = fields.render(card, note or Note(card.note, 1, card.topic, (), 1, "The question", "", "A"), sources or [])
    return dict(zip(page.notetype.names, page.fields, strict=True))


@pytest.mark.parametrize("name", TEXTS)
def test_text_becomes_html(name: str) -> None:
    text, html = TEXTS[name]

    assert made(Card("n.c", "n", "t", "basic", text, "B"))["Front"] == html


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


PLAIN_TAGS = set(
    "p ul ol li em strong a code pre span table thead tbody tr th td blockquote h1 h2 h3 h4 h5 h6 hr br s img".split()
)
HOSTILE = st.lists(
    st.sampled_from(["<script>", "<img src=x onerror=y>", "[a](", "javascript:", ")", "![", "](data:x)", "$", "{{c2::", "}}",
                     "\n\n", "`", "```", "<", ">", '"', "'", "&", "[...]", "::", "\x1f", "|", "<!--", "[sound:", "\\", "a"])
).map("".join)  # fmt: skip


@given(front=HOSTILE | st.text(), back=HOSTILE | st.text())
@example(front="[...] {{c2::x}}", back="}}::x{{c1::")
@example(front="$[...]$", back="\x1f[sound:")
@example(front="![[...]](a.svg)", back="<https://e/onerror=x//>")
@example(front="![$[...]$](a.svg)", back="<https://e/onerror=x//>")
@example(front='[a](https://e "[...]")', back="<https://e/onclick=x//>")
def test_nothing_that_a_bank_says_acts(front: str, back: str) -> None:
    for kind in ("basic", "cloze"):
        found = made(Card("n.c", "n", "t", kind, front, back))
        for name, html in found.items():
            assert "\x1f" not in html
            assert "[sound:" not in html
            if name in ("Topic", "Id", "License"):
                continue
            for tag, attributes in Tags(html).found:
                assert tag in PLAIN_TAGS
                assert not any(each.startswith("on") for each in attributes)
                assert (
                    not (attributes.get("href") or "")
                    .lower()
                    .startswith(("javascript:", "data:", "vbscript:", "file:"))
                )
        if kind == "cloze":
            assert found["Text"].count("{{") == found["Text"].count("{{c1::") >= 1


def test_a_blank_in_a_formula_is_a_cloze_in_it() -> None:
    found = made(Card("n.c", "n", "t", "cloze", r"$\frac{[...]}{2}$ of it", r"$\sqrt{B}$"))

    assert found["Text"] == r"\(\frac{ {{c1::\sqrt&#123;B&#125;}} }{2}\) of it"


def test_choices_have_an_order_that_no_edit_of_a_text_changes() -> None:
    wrong = (Distractor("one", "no"), Distractor("two", "never"), Distractor("three", "nor"))
    card = Card("n.c", "n", "t", "choice", "F", "right", distractors=wrong)
    before = made(card)
    after = made(card._replace(back="RIGHT", distractors=(wrong[0]._replace(text="ONE"), *wrong[1:])))

    assert after["Choices"] == before["Choices"].replace("right", "RIGHT").replace("one", "ONE")
    assert before["Judged"].count('class="right"') == 1
    for each in wrong:
        assert f'{each.text}<span class="because">{each.why}</span>' in before["Judged"]


def test_a_main_card_carries_everything_that_its_note_says() -> None:
    note = Note(
        "n", 1, "t", (), 2, "Q?", "Short.", "Long **answer**.",
        key_points=(KeyPoint("n#a", "A point.", must=True), KeyPoint("n#b", "Another.")),
        pitfalls=("A pitfall.",), follow_ups=(FollowUp("And?", "Then."),),
        corrections=(Correction("dated", "Old.", "New."),), figures=(Figure("media/a.svg", "A \x1f picture"),), as_of="2026-11",
    )  # fmt: skip
    source = Source("k", "Kingma, Ba", "Adam: <b>", "https://example.org/a?b=1&c=2", "ICLR")

    found = made(Card("n", "n", "t", "explain", "Q?", "x"), note, [source])

    assert found["Question"] == "Q?"
    assert found["Key points"].count("checkbox") == 2
    assert found["Key points"].count(">must<") == 1
    assert found["Follow-ups"] == "<details><summary>And?</summary><p>Then.</p></details>"
    assert (
        found["Corrections"] == '<ul><li><span class="grade">dated</span> Old. <strong>Instead:</strong> New.</li></ul>'
    )
    assert found["Figures"] == '<p><img src="media/a.svg" alt="A \ufffd picture"></p>'
    assert found["As of"] == "2026-11"
    assert "CC BY 4.0" in found["License"]
    link = '<a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a>'
    assert found["Sources"] == f"<ul><li>Kingma, Ba: <cite>Adam: &lt;b&gt;</cite>, ICLR. {link}</li></ul>"


def test_the_built_in_banks_licence_is_not_claimed_for_ones_own_bank() -> None:
    assert made(Card("mine/n.c", "mine/n", "t", "basic", "F", "B"))["License"] == ""


# ---- the package


def opened(target: Path) -> dict[str, Any]:
    """What a package holds: the collection's tables, the members of the zip, the names of its media."""
    with zipfile.ZipFile(target) as packed:
        database = target.with_suffix(".db")
        database.write_bytes(packed.read("collection.anki2"))
        media = json.loads(packed.read("media"))
        names = packed.namelist()
        pictures = {media[each]: packed.read(each) for each in names if each.isdigit()}
    found: dict[str, Any] = {"names": names, "media": pictures}
    with closing(sqlite3.connect(database)) as db:
        db.row_factory = sqlite3.Row
        for col in ("col", "notes", "cards", "revlog"):
            found[col] = [dict(row) for row in db.execute(f"SELECT * FROM {col}")]
    found["by_guid"] = {row["guid"]: row for row in found["notes"]}
    return found


def exported(folder: Path, name: str = "deck.apkg", **how: Any) -> Path:
    with a_collection(folder, write=False) as col:
        to_anki.apkg(col, folder / name, None, **{"with_progress": False, **how})
    return folder / name


def at(monkeypatch: pytest.MonkeyPatch, **since: int) -> None:
    monkeypatch.setattr(collection, "now", lambda _: later(MONDAY, **since))


def test_the_same_bank_gives_the_same_bytes(tmp_path: Path) -> None:
    first = exported(tmp_path, "a.apkg").read_bytes()  # makes the progress file, in which the time is kept

    assert exported(tmp_path, "b.apkg").read_bytes() == first


def test_one_top_deck_below_it_the_bank_and_its_topics(tmp_path: Path) -> None:
    found = opened(exported(tmp_path))
    known = {each["name"] for each in json.loads(found["col"][0]["decks"]).values()}

    assert known == {"Default", "dlquiz", "dlquiz::mine", "dlquiz::mine::optimizers"}
    assert (
        found["by_guid"]["dlquiz:mine/adam"]["tags"]
        == " dlquiz::bank::mine dlquiz::kind::explain dlquiz::topic::optimizers "
    )


def test_a_text_is_as_old_as_its_first_showing_or_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch)
    with a_collection(tmp_path) as col:
        card_view = col.card_view("mine/sgd", MONDAY)
        state = session.show(session.Session(queue=()), card_view, "reveal")
        col.answer(card_view, session.answer(state, Rating.GOOD, MONDAY, col.preset, 1)[1], {})
    at(monkeypatch, days=3)
    found = {row["guid"]: row["mod"] for row in opened(exported(tmp_path))["notes"]}
    shown, today = MONDAY.at_ms // 1000, later(MONDAY, days=3).at_ms // 1000

    assert found["dlquiz:mine/sgd"] == max(shown, fields.CHANGED_S)
    assert found["dlquiz:mine/adam"] == today
    at(monkeypatch, days=9)
    a_bank(tmp_path, SMALL_BANK.replace("Gradients have signs.", "Signs!"))
    again = {row["guid"]: row["mod"] for row in opened(exported(tmp_path))["notes"]}
    assert {guid for guid in found if again[guid] != found[guid]} == {"dlquiz:mine/adam.pick"}


def test_where_no_progress_can_be_written_a_text_is_as_old_as_its_file(tmp_path: Path, home: Path) -> None:
    home.write_text("a file where the home should be", encoding="utf-8")
    bank = a_bank(tmp_path)
    os.utime(bank, (1_800_000_000, 1_800_000_000))

    found = opened(exported(tmp_path))

    assert {row["mod"] for row in found["notes"]} == {1_800_000_000}


def test_the_built_in_bank_leaves_nothing_behind(tmp_path: Path, home: Path) -> None:
    with collection.opened(collection.BankPaths(), write=False) as col:
        done = to_anki.apkg(col, tmp_path / "deck.apkg", None, with_progress=True)
        wanted = len(list(col.bank.in_order()))
    found = opened(tmp_path / "deck.apkg")

    assert (done.cards, done.answers, done.remarks) == (wanted, 0, ())
    assert len({row["guid"] for row in found["notes"]}) == len({row["id"] for row in found["notes"]}) == wanted
    assert not home.exists()


FIGURE = "    figures: [{file: media/a.svg, alt: A picture}]\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    short: Two", FIGURE + "    short: Two"),
        ("    answer: Two running", "    answer: See ![A picture](media/a.svg). Two running"),
        ("question: What does Adam keep for each weight?", 'question: "![A picture](media/a.svg) What?"'),
    ],
)
def test_pictures_travel_under_names_of_their_content(tmp_path: Path, old: str, new: str) -> None:
    a_bank(tmp_path, SMALL_BANK.replace(old, new))
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.svg").write_text("<svg/>", encoding="utf-8")
    first = opened(exported(tmp_path))
    (tmp_path / "media" / "a.svg").write_text("<svg id='b'/>", encoding="utf-8")
    second = opened(exported(tmp_path))

    (one,), (two,) = first["media"], second["media"]
    assert one != two
    assert one.startswith("dlquiz-a-")
    assert f'<img src="{one}" alt="A picture">' in first["by_guid"]["dlquiz:mine/adam"]["flds"]
    assert second["by_guid"]["dlquiz:mine/adam"]["mod"] > first["by_guid"]["dlquiz:mine/adam"]["mod"]
    assert second["media"] == {two: b"<svg id='b'/>"}


@pytest.mark.parametrize("file", ["media/none.svg", "outside.svg"])
def test_a_picture_that_is_not_there_is_told_and_described(tmp_path: Path, file: str) -> None:
    folder = tmp_path / "bank"
    (tmp_path / "outside.svg").write_text("<svg/>", encoding="utf-8")
    a_bank(folder, SMALL_BANK.replace("    short: Two", FIGURE.replace("media/a.svg", file) + "    short: Two"))
    with a_collection(folder) as col:
        done = to_anki.apkg(col, tmp_path / "deck.apkg", None, with_progress=False)
    found = opened(tmp_path / "deck.apkg")

    assert done.remarks == (
        f"mine/adam: there is no picture {file} beside the bank; its description stands in its place",
    )
    assert found["media"] == {}
    assert "<em>Picture: A picture</em>" in found["by_guid"]["dlquiz:mine/adam"]["flds"]


def an_entry(number: int, reviews: Iterable[tuple[str, package.RevlogEntry]] = ()) -> package.PackagedNote:
    card = package.PackagedCard(package.CardSchedule(number), tuple(reviews))
    texts = [f"{number} {'long ' * 400}", *[""] * (len(notetypes.ALL[0].fields) - 1)]
    return package.PackagedNote(
        f"dlquiz:n{number}", notetypes.ALL[0], 1_700_000_000 + number, "dlquiz::t", (), texts, (card,)
    )


def answered(at_ms: int, device: str) -> tuple[str, package.RevlogEntry]:
    return f"{at_ms}-{device}", package.RevlogEntry(at_ms, 3, 1, 1, 2500, 9000, 1)


def test_a_package_is_the_same_in_whichever_order_its_notes_come(tmp_path: Path) -> None:
    entries = [an_entry(number, [answered(5_000 - number, "a")]) for number in range(20)]

    package.write(tmp_path / "a.apkg", entries, {}, package.PackageInfo(0))
    package.write(tmp_path / "b.apkg", reversed(entries), {}, package.PackageInfo(0))

    assert (tmp_path / "a.apkg").read_bytes() == (tmp_path / "b.apkg").read_bytes()


def test_answers_of_one_instant_are_told_apart_in_the_order_of_their_events(tmp_path: Path) -> None:
    entries = [
        an_entry(1, [answered(7_000, "c"), answered(7_002, "a")]),
        an_entry(2, [answered(7_000, "b"), answered(9_000, "a")]),
        an_entry(3, [answered(7_000, "a")]),
    ]

    package.write(tmp_path / "deck.apkg", entries, {}, package.PackageInfo(0))

    with (
        zipfile.ZipFile(tmp_path / "deck.apkg") as packed,
        closing(sqlite3.connect(packed.extract("collection.anki2", tmp_path))) as db,
    ):
        query = "SELECT revlog.id, guid FROM revlog JOIN notes ON notes.id = cid ORDER BY revlog.id"
        rows = [(number, guid.removeprefix("dlquiz:")) for number, guid in db.execute(query)]
    assert rows == [(7_000, "n3"), (7_001, "n2"), (7_002, "n1"), (7_003, "n1"), (9_000, "n2")]


def test_a_package_of_many_notes_is_written_without_holding_them(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        package.write(tmp_path / "deck.apkg", (an_entry(number) for number in range(3_000)), {}, package.PackageInfo(0))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 2_000_000  # their texts alone take six


def test_an_export_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "deck.apkg"
    target.write_bytes(b"the old one")

    def entries() -> Iterator[package.PackagedNote]:
        raise OSError(28, "No space left on device")
        yield

    with pytest.raises(StoreError, match=r"can't write .*deck\.apkg: No space left on device; nothing was changed"):
        package.write(target, entries(), {}, package.PackageInfo(0))

    assert [each.name for each in tmp_path.iterdir()] == ["deck.apkg"]
    assert target.read_bytes() == b"the old one"


def test_a_place_that_can_hold_no_file_is_told(tmp_path: Path) -> None:
    with a_collection(tmp_path) as col:
        with pytest.raises(UsageError, match="is a folder; name a file in it"):
            to_anki.apkg(col, tmp_path, None, with_progress=False)
        with pytest.raises(UsageError, match=r"there is no folder .*none; make it or name another file"):
            to_anki.apkg(col, tmp_path / "none" / "deck.apkg", None, with_progress=False)
        with pytest.raises(StoreError, match="nothing was changed"):
            to_anki.apkg(col, tmp_path / ("x" * 300 + ".apkg"), None, with_progress=False)


def test_two_cards_whose_numbers_meet_get_two(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(identity, "number", lambda _: 1_600_000_000_000)

    found = opened(exported(tmp_path))

    assert [row["id"] for row in found["notes"]] == list(range(1_600_000_000_000, 1_600_000_000_007))
    assert [row["nid"] for row in found["cards"]] == [row["id"] for row in found["notes"]]


def test_the_day_from_which_due_days_count_is_what_it_says() -> None:
    at_noon = calendar.from_ms(schedule.DAY_ZERO_S * 1000)
    assert (at_noon.date(), at_noon.hour) == (schedule.DAY_ZERO, 12)


def test_a_card_keeps_its_guid_when_its_bank_gets_another_name(tmp_path: Path) -> None:
    text = SMALL_BANK.replace("bank: mine", "bank: newest\nwas: [mine, newer]").replace(
        "{id: lr,", "{id: rate, was: [adam.lr],"
    )

    cards = ("newest/adam", "newest/adam.rate", "newest/adam.beta")
    with a_collection(tmp_path, text=text) as col:
        note = col.bank.fields("newest/adam") or {}
        ids = [anki_notes.first_id(col.bank, col.bank.fields(card) or {}, note) for card in cards]

    assert ids == ["mine/adam", "mine/adam.lr", "mine/adam.beta"]


def test_by_night_the_card_has_its_own_ground_though_anki_has_a_rule_for_the_whole_body() -> None:
    """Anki's `body.nightMode` is stronger than `.card` alone, and would put its canvas beneath our panels."""
    (night,) = re.findall(r"\.card\.nightMode, \.card\.night_mode \{([^}]*--paper[^}]*)\}", notetypes.look())

    assert "background: var(--paper); color: var(--ink);" in night
