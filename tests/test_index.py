from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dlquiz import config
from dlquiz.bank import index, read, select
from dlquiz.bank.roots import BankPaths, open_banks
from dlquiz.card import EXPLAIN, CardRef, Distractor, Figure, FollowUp, KeyPoint, note_of, text_hash
from dlquiz.errors import BankError, UsageError

OPTIMIZERS = """\
bank: mine
topic: optimizers
title: Optimisers
aliases: [sgd, adam, momentum, nesterov]
notes:
  - id: optimizer-choice
    number: 7
    tags: [adam, sgd]
    difficulty: 2
    question: Which optimiser do you take?
    short: AdamW.
    answer: AdamW, unless SGD is known to be better.
    key_points:
      - {id: default, text: AdamW is the default., must: true}
      - {id: tuned, text: Tuned SGD can match it., was: ['optimizer-choice#sgd']}
    pitfalls: [Adam is always better.]
    follow_ups: [{question: Why?, answer: Habit.}]
    corrections: [{grade: dated, claim: Adam wins., instead: It depends., sources: [adam2015], taught_by: [tuned]}]
    figures: [{file: media/adam.svg, alt: Two means., text: 'm, v'}]
    sources: [adam2015]
    as_of: 2026-11
    volatility: slow
    text: {'\\eta': the rate}
    was: [optimisers]
    cards:
      - id: momentum-term
        front: What does $\\beta_1$ set?
        back: 0.90
        drills: [default]
        accept: [".9"]
        why: It averages.
        notation: $\\beta_1$ is a rate.
        check: 0.9 < 1
        text: {'\\beta_1': beta one}
        was: [optimizer-choice.beta]
      - id: pick
        kind: choice
        front: Which one decays weights?
        back: AdamW
        distractors: [{text: Adam, why: It adds a penalty.}, {text: SGD, why: It does nothing.}]
        sources: [other2019]
  - id: learning-rates
    number: 3
    tags: [schedules]
    question: How do you set a rate?
    answer: By a sweep.
retired:
  - {id: optimizer-choice.lr, on: 2026-11, replaced_by: learning-rates}
  - {id: old-note, on: 2026-11-24}
"""
REGULARIZATION = """\
bank: mine
topic: regularization
aliases: [dropout, regularisation-methods]
notes:
  - id: dropout-at-test
    tags: [regularisers, adam]
    question: What does dropout do?
    answer: It drops units.
  - id: weight-penalty
    tags: [regularisers]
    question: What does weight decay do?
    answer: It shrinks weights.
    cards:
      - {id: vs-dropout, front: f, back: b}
      - {id: strength, front: f, back: b}
"""
SOURCES = """\
sources:
  adam2015: {authors: Kingma, title: Adam, link: 'https://arxiv.org/abs/1412.6980', where: ICLR, year: 2015}
  other2019: {authors: Other, title: 2019, link: 'https://example.org'}
"""
PRIVATE = "bank: {bank}\nnotes:\n  - {{id: {name}, question: Q, answer: A, cards: [{{id: c, front: f, back: b}}]}}\n"
QUICKLY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.stat().st_mtime_ns if path.exists() else 0
        path.write_text(text, encoding="utf-8")
        after = max(path.stat().st_mtime_ns, before + 1_000_000)  # a file system's clock may tick slower than a test
        os.utime(path, ns=(after, after))
    return folder


def private(name: str = "a", bank: str = "mine") -> str:
    """A bank's file with one note and one atomic card."""
    return PRIVATE.format(name=name, bank=bank)


@contextmanager
def opened(*paths: Path, cache: Path | None = None) -> Iterator[index.Bank]:
    with closing(index.open_bank([index.Root(path) for path in paths], cache)) as bank:
        yield bank


def everything(bank: index.Bank) -> list[Any]:
    """All that a bank says, as one value."""
    card_refs = list(bank.in_order())
    said = [
        (card_ref, bank.content(card_ref.id), bank.fields(card_ref.id), bank.card(card_ref.id))
        for card_ref in card_refs
    ]
    notes = [(note, bank.note(note), bank.cards_of(note)) for note in bank.note_ids()]
    return [said, notes, bank.topics(), bank.tags(), bank.renamings()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {"optimizers.yaml": OPTIMIZERS, "regularization.yaml": REGULARIZATION, "sources.yaml": SOURCES}
    return written(tmp_path / "banks", files)


@pytest.fixture
def bank(folder: Path) -> Iterator[index.Bank]:
    with opened(folder) as compiled:
        yield compiled


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    names: list[str] = []
    real = read.read

    def noting(path: Path, *, builtin: bool, shown_path: str = "") -> read.BankFile:
        names.append(path.name)
        return real(path, builtin=builtin, shown_path=shown_path)

    monkeypatch.setattr(read, "read", noting)
    return names


# ---- which files


def test_a_folder_is_searched_for_banks_and_nothing_else(tmp_path: Path) -> None:
    names = ["b.yaml", "a.yml", "deep/er/c.yaml", "sources.yaml", "deep/sources.yml", "revisions.yaml", ".hidden.yaml"]
    written(tmp_path, dict.fromkeys([*names, "notes.md", "x.yaml~", "y.yaml.bak", "z.yxml"], ""))

    found = index.Root(tmp_path).files()

    assert [str(path.relative_to(tmp_path)) for path in found] == ["a.yml", "b.yaml", "deep/er/c.yaml"]


def test_the_built_in_bank_has_no_folders_in_it(tmp_path: Path) -> None:
    written(tmp_path, {"a.yaml": "", "media/b.yaml": ""})

    assert index.Root(tmp_path, builtin=True).files() == [tmp_path / "a.yaml"]


def test_folders_that_are_hidden_or_named_like_a_bank_are_no_banks(tmp_path: Path) -> None:
    written(tmp_path, {".git/a.yaml": "", ".github/workflows/ci.yml": "", "x.yaml/b.yaml": "", "c.yaml": ""})

    found = index.Root(tmp_path).files()

    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["c.yaml", "x.yaml/b.yaml"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("goal", ["x.yaml", "nowhere"], ids=["a circle", "nowhere"])
def test_a_link_that_leads_to_no_file_is_told_with_its_name(goal: str, tmp_path: Path) -> None:
    banks = written(tmp_path / "banks", {"a.yaml": private()})
    (banks / "x.yaml").symlink_to(goal)

    with pytest.raises(BankError, match=r"x\.yaml:1:1: error: can't be read: .*; check the path"), opened(banks):
        pass


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this user may read everything")
@pytest.mark.parametrize("name", ["a.yaml", "deep"])
def test_what_may_not_be_read_is_told_with_its_name(name: str, tmp_path: Path) -> None:
    banks = written(tmp_path / "banks", {"a.yaml": private(), "deep/b.yaml": private("b")})
    (banks / name).chmod(0)
    try:
        with pytest.raises(BankError, match=rf"{name}:1:1: error: can't be read: Permission"), opened(banks):
            pass
    finally:
        (banks / name).chmod(0o700)


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode elsewhere")
def test_a_file_whose_name_is_no_text_is_told(tmp_path: Path) -> None:
    written(tmp_path, {"b\udcff.yaml": private()})

    with pytest.raises(BankError, match="the file's name is not UTF-8; rename it"), opened(tmp_path):
        pass


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_is_no_bank(tmp_path: Path) -> None:
    banks = written(tmp_path / "banks", {"a.yaml": private()})
    os.mkfifo(banks / "x.yaml")

    assert index.Root(banks).files() == [banks / "a.yaml"]
    with pytest.raises(UsageError, match=r"x\.yaml is neither a file nor a folder; check the path"):
        index.Root(banks / "x.yaml").files()


def test_a_file_that_was_named_may_have_any_name(tmp_path: Path) -> None:
    written(tmp_path, {"mine.txt": private()})

    with opened(tmp_path / "mine.txt") as bank:
        assert bank.note_ids() == ["mine/a"]


def test_a_root_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no bank at .*/none; check the path"):
        index.open_bank([index.Root(tmp_path / "none")], None)


def test_a_file_named_twice_counts_once(folder: Path, bank: index.Bank) -> None:
    with opened(folder, folder / "optimizers.yaml", folder, folder / ".." / folder.name) as twice:
        assert everything(twice) == everything(bank)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_file_and_a_link_to_it_count_once(folder: Path, bank: index.Bank, tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to(folder / "optimizers.yaml")

    with opened(folder, tmp_path / "link.yaml") as twice:
        assert everything(twice) == everything(bank)


def test_no_banks_at_all_are_an_empty_bank(tmp_path: Path) -> None:
    with opened(tmp_path) as bank:
        assert everything(bank) == [[], [], [], set(), {}]


# ---- what a compiled bank says


def test_cards_come_by_number_the_main_card_first(bank: index.Bank) -> None:
    assert [card_ref.id for card_ref in bank.in_order()] == [
        "mine/learning-rates",
        "mine/optimizer-choice",
        "mine/optimizer-choice.momentum-term",
        "mine/optimizer-choice.pick",
        "mine/dropout-at-test",
        "mine/weight-penalty",
        "mine/weight-penalty.vs-dropout",
        "mine/weight-penalty.strength",
    ]


def test_order_can_be_asked_for_some_notes_only(bank: index.Bank) -> None:
    assert [card_ref.id for card_ref in bank.in_order({"mine/dropout-at-test"})] == ["mine/dropout-at-test"]
    assert list(bank.in_order(set())) == []


def test_briefs_are_of_the_cards_that_are_there(bank: index.Bank) -> None:
    many = [f"mine/none-{n}" for n in range(1200)]

    found = bank.card_refs([*many, "mine/optimizer-choice.pick", "mine/optimizer-choice"])

    assert found == {
        "mine/optimizer-choice": CardRef("mine/optimizer-choice", "mine/optimizer-choice", "optimizers", EXPLAIN),
        "mine/optimizer-choice.pick": CardRef(
            "mine/optimizer-choice.pick", "mine/optimizer-choice", "optimizers", "choice"
        ),
    }
    assert bank.live([*many, "mine/optimizer-choice"]) == {"mine/optimizer-choice"}


SECOND_EDITION = """\
bank: mine
was: [ours, theirs]
notes:
  - id: adam
    asked: 3
    question: What does Adam keep?
    answer: Two running means.
    key_points:
      - {id: first, text: A mean., need: [mean | average, "0.9"], not: [median], accept: [It averages.], reject: [It sums.]}
      - {id: second, text: Another., about: gradient, or: [two means]}
      - {id: third, text: No more.}
    cards:
      - {id: even, kind: claim, holds: true, front: 'Does this hold? "Adam keeps two means."', back: "Yes: of g and g²."}
      - {id: odd, kind: claim, holds: false, front: 'Does this hold? "Adam keeps one mean."', back: "No: it keeps two."}
"""


def test_what_the_second_edition_of_the_format_says_is_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(SECOND_EDITION, encoding="utf-8")
    link = "{authors: A, title: T, link: L, seen: abstract}"
    (tmp_path / "sources.yaml").write_text(f"sources:\n  a: {link}\n  b: {{authors: A, title: T, link: L}}\n")
    with closing(index.open_bank([index.Root(tmp_path)], None)) as bank:
        note = bank.note("mine/adam")

        assert note.asked == 3
        assert [dict(point.rubric) for point in note.key_points] == [
            {"need": ["mean | average", "0.9"], "not": ["median"], "accept": ["It averages."], "reject": ["It sums."]},
            {"about": "gradient", "or": ["two means"]},
            {},
        ]
        assert [bank.card(f"mine/adam.{name}").verdict for name in ("even", "odd")] == ["Yes", "No"]
        assert bank.card("mine/adam").verdict == ""
        assert [source.seen for source in bank.sources("mine/adam", ["a", "b"])] == ["abstract", ""]
        assert bank.former_banks() == {"ours": "mine", "theirs": "mine"}


def test_topics_say_how_much_they_hold(bank: index.Bank) -> None:
    assert bank.topics() == [
        index.Topic("optimizers", "Optimisers", ("adam", "momentum", "nesterov", "sgd"), 2, 4),
        index.Topic("regularization", "Regularization", ("dropout", "regularisation-methods"), 2, 4),
    ]


def test_cards_are_counted_as_they_are_asked(tmp_path: Path) -> None:
    """Main cards with key points are asked aloud; what the bank has no more is not counted."""
    path = tmp_path / "mine.yaml"
    note = "  - {id: %s, question: 'Q?', answer: A., %scards: [{id: c, front: 'F?', back: B.}]}"
    points = "key_points: [{id: p, text: P.}], "
    path.write_text(
        "\n".join(["bank: mine", "notes:", note % ("aloud", points), note % ("short", "")]), encoding="utf-8"
    )

    bank = index.open_bank([index.Root(path)], tmp_path / "cache")
    with closing(bank):
        assert bank.counted(["mine/aloud", "mine/aloud.c", "mine/short", "mine/gone"]) == (3, 1)
        assert bank.counted([]) == (0, 0)


def test_a_note_keeps_everything_that_was_written(bank: index.Bank) -> None:
    note = bank.note("mine/optimizer-choice")

    assert (note.number, note.topic, note.tags, note.difficulty) == (7, "optimizers", ("adam", "sgd"), 2)
    assert (note.short, note.pitfalls) == ("AdamW.", ("Adam is always better.",))
    assert note.follow_ups == (FollowUp("Why?", "Habit."),)
    assert note.key_points == (
        KeyPoint("mine/optimizer-choice#default", "AdamW is the default.", must=True),
        KeyPoint("mine/optimizer-choice#tuned", "Tuned SGD can match it.", was=("optimizer-choice#sgd",)),
    )
    assert note.corrections[0].taught_by == ("tuned",)
    assert (note.sources, note.as_of, note.volatility) == (("adam2015",), "2026-11", "slow")
    assert note.figures == (Figure("media/adam.svg", "Two means.", "m, v"),)
    assert note.forms == {"\\eta": "the rate"}


def test_a_card_keeps_everything_that_was_written(bank: index.Bank) -> None:
    card = bank.card("mine/optimizer-choice.momentum-term")

    assert (card.note, card.topic, card.kind) == ("mine/optimizer-choice", "optimizers", "basic")
    assert (card.back, card.accept, card.why) == ("0.90", (".9",), "It averages.")
    assert card.drills == ("mine/optimizer-choice#default",)
    assert card.notation == "$\\beta_1$ is a rate."
    assert card.forms == {"\\eta": "the rate", "\\beta_1": "beta one"}
    assert card.sources == ("adam2015",)  # its note's
    assert bank.card("mine/optimizer-choice.pick").sources == ("other2019",)
    assert bank.card("mine/optimizer-choice.pick").distractors == (
        Distractor("Adam", "It adds a penalty."),
        Distractor("SGD", "It does nothing."),
    )


def test_the_main_card_asks_the_question_and_drills_every_point(bank: index.Bank) -> None:
    card = bank.card("mine/optimizer-choice")

    assert card.explains
    assert (card.front, card.back) == ("Which optimiser do you take?", "AdamW, unless SGD is known to be better.")
    assert card.drills == ("mine/optimizer-choice#default", "mine/optimizer-choice#tuned")


def test_fields_have_the_names_of_the_file_and_full_ids(bank: index.Bank) -> None:
    note = bank.fields("mine/optimizer-choice")
    card = bank.fields("mine/optimizer-choice.pick")

    assert note is not None
    assert [each["id"] for each in note["cards"]] == [
        "mine/optimizer-choice.momentum-term",
        "mine/optimizer-choice.pick",
    ]
    assert note["was"] == ["optimisers"]
    assert card == note["cards"][1]
    assert bank.fields("mine/none") is None


def test_what_is_not_there_is_said_with_the_way_to_find_it(bank: index.Bank) -> None:
    with pytest.raises(UsageError, match=r"there is no card 'none'; `dlquiz list`"):
        bank.card("none")
    with pytest.raises(UsageError, match=r"there is no note 'none'; `dlquiz list`"):
        bank.note("none")
    assert bank.content("none") == ""


def test_content_is_the_hash_of_the_text_that_is_shown(bank: index.Bank) -> None:
    for card_ref in bank.in_order():
        card = bank.card(card_ref.id)
        text = bank.shown_text(card)

        assert card.front in text
        assert bank.content(card_ref.id) == text_hash(text)


def test_content_changes_with_what_is_shown_and_with_nothing_else(folder: Path, bank: index.Bank) -> None:
    before = {card_ref.id: bank.content(card_ref.id) for card_ref in bank.in_order()}
    text = OPTIMIZERS.replace("Which one decays", "Which of them decays").replace("difficulty: 2", "difficulty: 3")
    written(folder, {"optimizers.yaml": text})

    with opened(folder) as changed:
        after = {card_ref.id: changed.content(card_ref.id) for card_ref in changed.in_order()}

    assert {card for card in before if before[card] != after[card]} == {"mine/optimizer-choice.pick"}


def test_former_ids_lead_to_todays(bank: index.Bank) -> None:
    assert bank.current("mine/optimisers") == "mine/optimizer-choice"
    assert bank.current("mine/optimisers.pick") == "mine/optimizer-choice.pick"
    assert bank.current("mine/optimizer-choice.beta") == "mine/optimizer-choice.momentum-term"
    assert bank.current("mine/none") == "mine/none"
    assert all(new in bank.live([new]) for new in bank.renamings().values())


def test_retired_ids_name_what_replaced_them(bank: index.Bank) -> None:
    assert bank.retired("mine/optimizer-choice.lr") == "mine/learning-rates"
    assert bank.retired("mine/old-note") == ""
    assert bank.retired("mine/learning-rates") is None


# ---- sources beside files


def test_sources_are_those_beside_the_notes_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        text = private("a", name).replace("question:", "sources: [x], question:")
        sources = f"sources:\n  x: {{authors: A, title: Of {name}, link: L}}\n"
        written(tmp_path / name, {"bank.yaml": text, "sources.yaml": sources})

    with opened(tmp_path / "one", tmp_path / "two" / "bank.yaml") as bank:
        titles = {note: [source.title for source in bank.sources(note, ["x"])] for note in bank.note_ids()}

    assert titles == {"one/a": ["Of one"], "two/a": ["Of two"]}


def test_sources_come_in_the_order_they_are_cited_and_unknown_ones_are_left_out(bank: index.Bank) -> None:
    found = bank.sources("mine/optimizer-choice", ["other2019", "none", "adam2015", "other2019"])

    assert [source.key for source in found] == ["other2019", "adam2015"]
    assert (found[0].title, found[0].year, found[0].where) == ("2019", None, "")
    assert (found[1].where, found[1].year) == ("ICLR", 2015)
    assert bank.sources("mine/none", ["adam2015"]) == []


def test_a_changed_sources_file_is_read_again(folder: Path, tmp_path: Path) -> None:
    def title() -> list[str]:
        with opened(folder, cache=tmp_path / "cache") as bank:
            return [source.title for source in bank.sources("mine/optimizer-choice", ["adam2015"])]

    before = title()
    written(folder, {"sources.yaml": SOURCES.replace("title: Adam", "title: Adam again")})
    after = title()
    (folder / "sources.yaml").unlink()

    assert (before, after, title()) == (["Adam"], ["Adam again"], [])


def test_a_malformed_sources_file_is_told_with_its_place(folder: Path) -> None:
    written(folder, {"sources.yaml": "sources:\n  Adam: {}\n"})

    with pytest.raises(BankError) as caught, opened(folder):
        pass

    assert str(caught.value).startswith(f"{folder}/sources.yaml:2:3: error: 'Adam' is no slug; ")


# ---- freshness


def test_a_fresh_index_reads_no_bank(folder: Path, tmp_path: Path, reads: list[str]) -> None:
    with opened(folder, cache=tmp_path / "cache") as bank:
        first = everything(bank)
    read_first = sorted(reads)
    reads.clear()

    with opened(folder, cache=tmp_path / "cache") as bank:
        assert everything(bank) == first
    assert read_first == ["optimizers.yaml", "regularization.yaml"]
    assert reads == []


def test_only_a_changed_file_is_read_again(folder: Path, tmp_path: Path, reads: list[str]) -> None:
    with opened(folder, cache=tmp_path / "cache"):
        pass
    written(folder, {"regularization.yaml": REGULARIZATION.replace("drops units", "drops some units")})
    reads.clear()

    with opened(folder, cache=tmp_path / "cache") as bank:
        assert bank.note("mine/dropout-at-test").answer == "It drops some units."
        assert bank.note("mine/learning-rates").answer == "By a sweep."
    assert reads == ["regularization.yaml"]


def test_a_touched_file_with_the_same_content_is_not_read_again(folder: Path, tmp_path: Path, reads: list[str]) -> None:
    with opened(folder, cache=tmp_path / "cache"):
        pass
    reads.clear()

    for second in (1, 2_000_000_000):  # older than it was, and newer
        os.utime(folder / "optimizers.yaml", (second, second))
        with opened(folder, cache=tmp_path / "cache") as bank:
            assert len(bank.note_ids()) == 4
    assert reads == []


def test_a_change_of_the_same_length_is_seen(folder: Path, tmp_path: Path) -> None:
    with opened(folder, cache=tmp_path / "cache"):
        pass
    path = folder / "regularization.yaml"
    was = path.stat()
    written(folder, {path.name: REGULARIZATION.replace("drops", "loses")})
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns - 1))  # even one that looks older

    with opened(folder, cache=tmp_path / "cache") as bank:
        assert bank.note("mine/dropout-at-test").answer == "It loses units."


def test_a_file_that_comes_or_goes_changes_the_bank(folder: Path, tmp_path: Path) -> None:
    def notes() -> list[str]:
        with opened(folder, cache=tmp_path / "cache") as bank:
            return bank.note_ids()

    before = notes()
    written(folder, {"new.yaml": private("new")})
    more = notes()
    (folder / "new.yaml").unlink()

    assert set(more) - set(before) == {"mine/new"}
    assert notes() == before


def test_a_note_may_move_to_another_file(tmp_path: Path) -> None:
    banks = written(tmp_path / "banks", {"one.yaml": private("a"), "two.yaml": private("b")})
    with opened(banks, cache=tmp_path / "cache"):
        pass

    written(banks, {"one.yaml": private("b"), "two.yaml": private("a")})

    with opened(banks, cache=tmp_path / "cache") as bank:
        assert {note: bank.note(note).topic for note in bank.note_ids()} == {"mine/a": "two", "mine/b": "one"}


def test_a_malformed_change_leaves_the_index_as_it_was(folder: Path, tmp_path: Path, reads: list[str]) -> None:
    with opened(folder, cache=tmp_path / "cache") as bank:
        before = everything(bank)
    written(folder, {"regularization.yaml": REGULARIZATION + "colour: red\n"})
    with (
        pytest.raises(BankError, match=r"regularization.yaml:\d+:1: error: 'colour'"),
        opened(folder, cache=tmp_path / "cache"),
    ):
        pass
    written(folder, {"regularization.yaml": REGULARIZATION})
    reads.clear()

    with opened(folder, cache=tmp_path / "cache") as bank:
        assert everything(bank) == before
    assert reads == []


def test_every_problem_of_every_file_is_told_sorted_by_place(tmp_path: Path) -> None:
    written(tmp_path, {"b.yaml": "size: 1\n" + private("b") + "colour: red\n", "a.yaml": "notes: []\n"})

    with pytest.raises(BankError) as caught, opened(tmp_path):
        pass

    places = [line.partition(": error: ")[0] for line in str(caught.value).splitlines()]
    assert places == [f"{tmp_path}/a.yaml:1:1", f"{tmp_path}/b.yaml:1:1", f"{tmp_path}/b.yaml:5:1"]


def test_very_many_problems_are_counted(tmp_path: Path) -> None:
    written(tmp_path, {"a.yaml": private() + "".join(f"key{n}: 1\n" for n in range(100))})

    with pytest.raises(BankError) as caught, opened(tmp_path):
        pass

    lines = str(caught.value).splitlines()
    assert len(lines) == 41
    assert lines[-1] == "... and 60 more; `dlquiz check` lists all"


class Named(NamedTuple):
    """A note with a card and a key point, and what each of the three was called before."""

    name: str
    was: Sequence[str] = ()
    card_was: Sequence[str] = ()
    point_was: Sequence[str] = ()


def former(end: str = "") -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from("abcde").map(lambda name: name + end), max_size=1) | st.just([])


NOTES = st.lists(
    st.builds(Named, st.sampled_from("abcd"), former(), former(".c"), former("#p")),
    max_size=3,
    unique_by=lambda note: note.name,
)
GONE = st.lists(st.sampled_from(["a", "c", "e", "e.c"]), max_size=1)


def of_notes(notes: Iterable[Named], tag: str, gone: Iterable[str] = ()) -> str:
    rows = [
        f"  - {{id: {note.name}, question: Q, answer: A, tags: [{tag}], was: {list(note.was)},"
        f" cards: [{{id: c, front: f, back: b, was: {list(note.card_was)}}}],"
        f" key_points: [{{id: p, text: T, was: {list(note.point_was)}}}]}}\n"
        for note in notes
    ]
    tombs = "".join(f"  - {{id: {name}, on: 2026-11}}\n" for name in gone)
    head = "bank: mine\naliases: [" + tag + "]\nnotes:\n" + ("".join(rows) or "  []\n")
    return head + (f"retired:\n{tombs}" if tombs else "")


def outcome(folder: Path, cache: Path | None) -> list[Any] | str:
    try:
        with opened(folder, cache=cache) as bank:
            return [everything(bank), [bank.retired(f"mine/{name}") for name in ("a", "c", "e", "e.c")]]
    except BankError as error:
        return str(error)


A, B = Named("a"), Named("b")


@QUICKLY
@given(changes=st.lists(st.tuples(NOTES, NOTES, GONE, st.sampled_from("xy")), min_size=1, max_size=4))
@example(changes=[([A], [B], [], "x"), ([B], [A], [], "x")])
@example(changes=[([A], [B], [], "x"), ([A, B], [B], [], "x"), ([A], [B], [], "y")])
@example(changes=[([A], [B._replace(was=["e"])], [], "x"), ([A._replace(was=["e"])], [B._replace(was=["e"])], [], "x")])
@example(
    changes=[
        ([A], [B._replace(was=["e"])], [], "x"),
        ([A._replace(card_was=["e.c"])], [B._replace(was=["e"])], [], "x"),
    ]
)
@example(changes=[([A], [B._replace(was=["e"])], [], "x"), ([A], [B._replace(was=["e"])], ["e.c"], "x")])
@example(
    changes=[
        ([A], [B._replace(point_was=["e#p"])], [], "x"),
        ([A._replace(name="e")], [B._replace(point_was=["e#p"])], [], "x"),
    ]
)
def test_an_index_brought_up_to_date_is_the_one_built_anew(
    changes: list[tuple[list[Named], list[Named], list[str], str]], tmp_path: Path
) -> None:
    own = tmp_path / str(len(list(tmp_path.iterdir())))
    folder, cache = own / "banks", own / "cache"

    for one, two, gone, tag in changes:
        written(folder, {"one.yaml": of_notes(one, tag, gone), "two.yaml": of_notes(two, "z")})

        assert outcome(folder, cache) == outcome(folder, None)


# ---- two banks


def test_two_banks_may_use_the_same_slugs(tmp_path: Path) -> None:
    one = written(tmp_path / "one", {"a.yaml": private("adam", "mine")})
    two = written(tmp_path / "two", {"a.yaml": private("adam", "yours")})

    with opened(one, two) as bank:
        assert bank.note_ids() == ["mine/adam", "yours/adam"]
        assert bank.cards_of("yours/adam") == ["yours/adam", "yours/adam.c"]
        assert bank.topics() == [index.Topic("a", "A", (), 2, 4)]


def test_two_roots_may_not_share_an_id(tmp_path: Path) -> None:
    one = written(tmp_path / "one", {"a.yaml": private("adam")})
    two = written(tmp_path / "two", {"b.yaml": private("adam")})

    with pytest.raises(BankError) as caught, opened(one, two):
        pass

    assert str(caught.value) == (
        f"{two}/b.yaml:3:6: error: the id 'mine/adam' is taken by {one}/a.yaml:3; ids are never shared, choose another\n"
        f"{two}/b.yaml:3:49: error: the id 'mine/adam.c' is taken by {one}/a.yaml:3; ids are never shared, choose another"
    )


def test_a_changed_file_may_not_take_an_id_of_an_unchanged_one(tmp_path: Path) -> None:
    banks = written(tmp_path / "banks", {"one.yaml": private("a"), "two.yaml": private("b")})
    with opened(banks, cache=tmp_path / "cache"):
        pass
    written(banks, {"two.yaml": private("a")})

    with (
        pytest.raises(BankError, match=r"two.yaml:3:6: error: the id 'mine/a' .* choose another"),
        opened(banks, cache=tmp_path / "cache"),
    ):
        pass


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (
            "retired: [{id: a, on: 2026-11}]\n",
            r"one.yaml:3:6: error: the id 'mine/a' is retired and never used again; ",
        ),
        (
            "  - {id: x, question: Q, answer: A, was: [a]}\n",
            r"two.yaml:4:37: error: 'was: a' names an id that is live \(",
        ),
        (
            "  - {id: x, question: Q, answer: A, was: [o]}\n",
            r"two.yaml:4:37: error: 'was: o' is claimed by mine/p too; ",
        ),
        ("retired: [{id: o, on: 2026-11}]\n", r"three.yaml:3:37: error: 'was: o' names a retired id; "),
    ],
)
def test_a_changed_file_may_not_retire_or_rename_what_an_unchanged_one_uses(
    extra: str, said: str, tmp_path: Path
) -> None:
    former = "bank: mine\nnotes:\n  - {id: p, question: Q, answer: A, was: [o]}\n"
    files = {"one.yaml": private("a"), "two.yaml": private("b"), "three.yaml": former}
    banks = written(tmp_path / "banks", files)
    with opened(banks, cache=tmp_path / "cache"):
        pass
    written(banks, {"two.yaml": private("b") + extra})

    with pytest.raises(BankError, match=said), opened(banks, cache=tmp_path / "cache"):
        pass


def test_the_built_in_bank_and_a_users_can_never_clash(tmp_path: Path) -> None:
    ours = written(tmp_path / "ours", {"a.yaml": private("adam").removeprefix("bank: mine\n")})
    mine = written(tmp_path / "mine", {"a.yaml": private("adam")})

    with closing(index.open_bank([index.Root(ours, builtin=True), index.Root(mine)], None)) as bank:
        assert sorted(bank.note_ids()) == ["adam", "mine/adam"]
        assert bank.cards_of("adam") == ["adam", "adam.c"]
        assert note_of("mine/adam.c") == "mine/adam"


# ---- a damaged index


def the_index(cache: Path) -> Path:
    [found] = cache.glob("bank-*.db")
    return found


DAMAGES: dict[str, bytes | None] = {
    "empty": b"",
    "text": b"no database at all" * 500,
    "zeros": bytes(8192),
    "gone": None,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_built_anew(damage: str, folder: Path, bank: index.Bank, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with opened(folder, cache=cache):
        pass
    raw = DAMAGES[damage]
    if raw is None:
        the_index(cache).unlink()
    else:
        the_index(cache).write_bytes(raw)

    with opened(folder, cache=cache) as again:
        assert everything(again) == everything(bank)
    with closing(sqlite3.connect(the_index(cache))) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_half_written_index_is_built_anew(folder: Path, bank: index.Bank, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with opened(folder, cache=cache):
        pass
    path = the_index(cache)
    path.write_bytes(path.read_bytes()[:4096])

    with opened(folder, cache=cache) as again:
        assert everything(again) == everything(bank)


@pytest.mark.parametrize("statement", ["PRAGMA user_version = 99", "PRAGMA user_version = 0", "DROP TABLE file"])
def test_an_index_of_another_form_is_built_anew(statement: str, folder: Path, bank: index.Bank, tmp_path: Path) -> None:
    with opened(folder, cache=tmp_path / "cache"):
        pass
    with closing(sqlite3.connect(the_index(tmp_path / "cache"))) as db:
        db.execute(statement)

    with opened(folder, cache=tmp_path / "cache") as again:
        assert everything(again) == everything(bank)


def a_wide_bank(folder: Path) -> Path:
    """A bank whose index has some sixty pages."""
    cards = ", ".join(f"{{id: c{n}, front: {'front ' * 200}{n}, back: b}}" for n in range(4))
    point = "key_points: [{id: p, text: T, was: ['old#p']}]"
    notes = [
        f"  - {{id: n{n}, number: {n}, tags: [t{n}], question: Q, answer: A, sources: [adam2015], cards: [{cards}]}}\n"
        for n in range(20)
    ]
    text = f"bank: mine\naliases: [b, c]\nnotes:\n  - {{id: m, question: Q, answer: A, was: [old], {point}}}\n"
    return written(folder, {"a.yaml": text + "".join(notes), "sources.yaml": SOURCES})


@pytest.mark.parametrize("junk", [b"\0", b"\xff"])
def test_an_index_damaged_anywhere_is_built_anew_when_that_is_met(junk: bytes, tmp_path: Path) -> None:
    banks, cache = a_wide_bank(tmp_path / "banks"), tmp_path / "cache"
    with opened(banks, cache=cache) as bank:
        sound = everything(bank)
        sources = bank.sources("mine/n0", ["adam2015"])
    raw = the_index(cache).read_bytes()
    pages = len(raw) // 4096
    assert pages > 20

    for start in range(1, pages, 3):  # the first says where the others are: it has tests of its own
        damaged = bytearray(raw)
        damaged[start * 4096 : (start + 3) * 4096] = junk * (len(raw[start * 4096 : (start + 3) * 4096]))
        the_index(cache).write_bytes(damaged)

        with opened(banks, cache=cache) as bank:
            assert everything(bank) == sound
            assert bank.sources("mine/n0", ["adam2015"]) == sources
            assert bank.current("mine/old#p") == "mine/m#p"
            assert bank.retired("mine/x") is None


def test_an_index_that_is_met_damaged_is_sound_the_next_time(tmp_path: Path, reads: list[str]) -> None:
    banks, cache = a_wide_bank(tmp_path / "banks"), tmp_path / "cache"
    with opened(banks, cache=cache) as bank:
        sound = everything(bank)
    raw = the_index(cache).read_bytes()
    the_index(cache).write_bytes(raw[:20_480] + b"\xff" * (len(raw) - 20_480))

    with opened(banks, cache=cache) as bank:
        assert everything(bank) == sound
    reads.clear()

    with opened(banks, cache=cache) as bank:
        assert everything(bank) == sound
    assert reads == []
    with closing(sqlite3.connect(the_index(cache))) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_index_that_says_what_its_files_do_not_is_built_anew(folder: Path, bank: index.Bank, tmp_path: Path) -> None:
    with opened(folder, cache=tmp_path / "cache"):
        pass
    with closing(sqlite3.connect(the_index(tmp_path / "cache"))) as db, db:
        db.execute("INSERT INTO renamed (old, id, file) VALUES ('mine/learning-rates', 'mine/x', 'none')")
    written(folder, {"regularization.yaml": REGULARIZATION + "# changed\n"})

    with opened(folder, cache=tmp_path / "cache") as again:
        assert everything(again) == everything(bank)


def test_a_malformed_bank_met_while_an_index_is_built_anew_is_told(tmp_path: Path) -> None:
    banks, cache = a_wide_bank(tmp_path / "banks"), tmp_path / "cache"
    with opened(banks, cache=cache):
        pass
    raw = the_index(cache).read_bytes()
    the_index(cache).write_bytes(raw[:20_480] + b"\xff" * (len(raw) - 20_480))

    with opened(banks, cache=cache) as bank:
        (banks / "a.yaml").write_text("colour: red\n", encoding="utf-8")
        with pytest.raises(BankError, match="unknown field of a bank"):
            everything(bank)


def test_half_a_character_finds_nothing_and_damages_nothing(folder: Path, tmp_path: Path) -> None:
    with opened(folder, cache=tmp_path / "cache") as bank:
        assert bank.current("\udcff") == "\udcff"
        assert bank.fields("\udcff") is None
    assert the_index(tmp_path / "cache").exists()


def test_without_a_place_for_the_index_it_lives_in_memory(folder: Path, bank: index.Bank, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")

    with opened(folder, cache=tmp_path / "file" / "cache") as nowhere:
        assert everything(nowhere) == everything(bank)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "no folder"


def test_without_a_cache_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))

    with opened(folder):
        pass

    assert sorted(tmp_path.rglob("*")) == before


def test_an_index_that_another_sitting_has_open_can_be_used(folder: Path, tmp_path: Path) -> None:
    with opened(folder, cache=tmp_path / "cache") as one, opened(folder, cache=tmp_path / "cache") as two:
        assert everything(one) == everything(two)


# ---- selecting


def chosen(bank: index.Bank, topics: list[str] | None = None, tags: list[str] | None = None) -> tuple[set[str], str]:
    """The cards that these words select, without their bank, and the header's words."""
    selected = select.selection(bank, topics or [], tags or [])
    assert selected is not None
    return {
        card_ref.id.removeprefix("mine/") for card_ref in bank.in_order() if selected.holds(card_ref)
    }, selected.label


OF_OPTIMIZERS = {
    "learning-rates",
    "optimizer-choice",
    "optimizer-choice.momentum-term",
    "optimizer-choice.pick",
}
OF_CHOICE = OF_OPTIMIZERS - {"learning-rates"}
OF_PENALTY = {"weight-penalty", "weight-penalty.vs-dropout", "weight-penalty.strength"}


def test_no_words_select_nothing_in_particular(bank: index.Bank) -> None:
    assert select.selection(bank, [], []) is None


@pytest.mark.parametrize(
    "word", ["optimizers", "optimisers", "optimizer", "optimiser", "Optimizers", "OPTIMISERS", " optimizers "]
)
def test_a_topic_is_found_in_every_spelling(word: str, bank: index.Bank) -> None:
    assert chosen(bank, [word]) == (OF_OPTIMIZERS, "optimizers")


@pytest.mark.parametrize("word", ["regularization", "regularisation", "Regularisations"])
def test_a_noun_is_found_in_british_spelling_too(word: str, bank: index.Bank) -> None:
    assert chosen(bank, [word])[1] == "regularization"


def test_an_alias_that_selects_nothing_by_itself_means_its_topic(bank: index.Bank) -> None:
    assert chosen(bank, ["nesterov"]) == (OF_OPTIMIZERS, "optimizers")
    assert chosen(bank, ["Regularization Methods"])[1] == "regularization"


def test_a_narrower_word_selects_by_tag_inside_its_topic(bank: index.Bank) -> None:
    assert chosen(bank, ["adam"]) == (
        OF_CHOICE,
        "adam (in optimizers)",
    )  # not the note on dropout, which has the tag too


def test_a_narrower_word_selects_by_a_part_of_an_id_inside_its_topic(bank: index.Bank) -> None:
    cards = {"dropout-at-test", "weight-penalty.vs-dropout"}

    assert chosen(bank, ["Dropout"]) == (cards, "Dropout (in regularization)")
    assert chosen(bank, ["momentum"]) == ({"optimizer-choice.momentum-term"}, "momentum (in optimizers)")


@pytest.mark.parametrize(
    ("word", "cards", "where"),
    [
        ("schedule", {"learning-rates"}, "optimizers"),  # a tag, in the singular
        ("Regularizer", {"dropout-at-test", *OF_PENALTY}, "regularization"),  # a tag, as Americans spell it
        ("penalty", OF_PENALTY, "regularization"),  # a part of a note's id brings all its cards
        ("strength", {"weight-penalty.strength"}, "regularization"),  # a part of a card's id brings that card
        ("rate", {"learning-rates"}, "optimizers"),
    ],
)
def test_a_word_that_is_no_alias_selects_in_every_topic(
    word: str, cards: set[str], where: str, bank: index.Bank
) -> None:
    assert chosen(bank, [word]) == (cards, f"{word} (in {where})")


def test_a_part_of_a_word_is_no_part_of_an_id(bank: index.Bank) -> None:
    with pytest.raises(UsageError):
        select.selection(bank, ["drop"], [])


def test_an_unknown_topic_is_answered_with_the_nearest_and_the_list(bank: index.Bank) -> None:
    with pytest.raises(UsageError) as caught:
        select.selection(bank, ["Optimzer"], [])

    assert str(caught.value) == (
        "there is no topic 'Optimzer'; did you mean 'optimizers'? the topics are optimizers, regularization"
    )
    assert caught.value.exit_code == 2


def test_the_nearest_alias_leads_to_its_topic(bank: index.Bank) -> None:
    with pytest.raises(UsageError, match=r"no topic 'nestrov'; did you mean 'optimizers'\?"):
        select.selection(bank, ["nestrov"], [])


def test_a_topic_like_nothing_is_answered_with_the_list_alone(bank: index.Bank) -> None:
    with pytest.raises(UsageError, match=r"^there is no topic 'qqq'; the topics are optimizers, regularization$"):
        select.selection(bank, ["qqq"], [])


@pytest.mark.parametrize("word", ["regularisers", "regularizer", "Regularisers"])
def test_a_tag_is_found_in_every_spelling(word: str, bank: index.Bank) -> None:
    assert chosen(bank, tags=[word]) == ({"dropout-at-test", *OF_PENALTY}, f"#{word}")


def test_an_unknown_tag_is_answered_with_the_nearest_and_the_list(bank: index.Bank) -> None:
    with pytest.raises(UsageError) as caught:
        select.selection(bank, [], ["schedul"])

    assert str(caught.value) == (
        "there is no tag 'schedul'; did you mean 'schedules'? the tags are adam, regularisers, schedules, sgd"
    )


def test_words_of_one_sort_add_up_and_of_two_sorts_narrow(bank: index.Bank) -> None:
    assert chosen(bank, ["optimizers", "strength"])[0] == {*OF_OPTIMIZERS, "weight-penalty.strength"}
    assert chosen(bank, tags=["schedules", "sgd"])[0] == OF_OPTIMIZERS
    assert chosen(bank, ["regularization"], ["adam"]) == ({"dropout-at-test"}, "regularization, #adam")
    assert chosen(bank, ["strength"], ["regularisers"])[0] == {"weight-penalty.strength"}
    assert chosen(bank, ["schedule"], ["sgd"])[0] == set()


def test_a_note_is_never_selected_twice(bank: index.Bank) -> None:
    selected = select.selection(bank, ["regularization", "strength"], [])

    assert selected is not None
    assert selected.cards == frozenset()
    assert selected.all_notes == {"mine/dropout-at-test", "mine/weight-penalty"}


def test_ids_name_a_main_card_an_atomic_card_or_a_note_with_its_cards(bank: index.Bank) -> None:
    assert select.card_ids(bank, ["mine/optimizer-choice"]) == ["mine/optimizer-choice"]
    assert select.card_ids(bank, ["mine/optimizer-choice.pick"]) == ["mine/optimizer-choice.pick"]
    assert select.card_ids(bank, ["mine/optimizer-choice.*"]) == [
        "mine/optimizer-choice",
        "mine/optimizer-choice.momentum-term",
        "mine/optimizer-choice.pick",
    ]


def test_ids_keep_their_order_and_stand_once(bank: index.Bank) -> None:
    ids = ["mine/weight-penalty.strength", "mine/learning-rates", "mine/weight-penalty.*", "mine/learning-rates"]

    assert select.card_ids(bank, ids) == [
        "mine/weight-penalty.strength",
        "mine/learning-rates",
        "mine/weight-penalty",
        "mine/weight-penalty.vs-dropout",
    ]


def test_former_ids_are_understood(bank: index.Bank) -> None:
    assert select.card_ids(bank, ["mine/optimisers.*"]) == select.card_ids(bank, ["mine/optimizer-choice.*"])
    assert select.card_ids(bank, ["mine/optimizer-choice.beta"]) == ["mine/optimizer-choice.momentum-term"]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("mine/optimizer-choice.pik", "there is no card 'mine/optimizer-choice.pik'; did you mean 'mine/optimizer-choice.pick'?"),
        ("learning-rates", "there is no card 'learning-rates'; did you mean 'mine/learning-rates'?"),
        ("mine/optimizer-choice.pick.*", "there is no card 'mine/optimizer-choice.pick.*'; did you mean"),
        ("qqq", "there is no card 'qqq'; `dlquiz list` shows all"),
        ("", "there is no card ''; `dlquiz list` shows all"),
        ("mine/optimizer-choice.lr", "'mine/optimizer-choice.lr' was retired; 'mine/learning-rates' asks this now"),
        ("mine/old-note", "'mine/old-note' was retired; nothing asks this now"),
    ],
)  # fmt: skip
def test_an_unknown_id_is_answered_with_what_may_be_meant(pattern: str, message: str, bank: index.Bank) -> None:
    with pytest.raises(UsageError) as caught:
        select.card_ids(bank, [pattern])

    assert str(caught.value).startswith(message)
    assert caught.value.exit_code == 2


@QUICKLY
@given(word=st.text(max_size=12))
def test_any_word_selects_cards_or_is_unknown(word: str, bank: index.Bank) -> None:
    for topics, tags in (([word], []), ([], [word])):
        try:
            selected = select.selection(bank, topics, tags)
        except UsageError:
            continue
        assert selected is not None
        assert selected.notes or selected.cards
    with suppress(UsageError):
        assert select.card_ids(bank, [word])


@QUICKLY
@given(stem=st.from_regex(r"[a-z]{1,8}", fullmatch=True), end=st.sampled_from("e er ers ed ing ation ations".split()))
def test_british_american_and_capital_letters_have_one_plain_form(stem: str, end: str) -> None:
    british, american = f"{stem}is{end}", f"{stem}iz{end}"

    assert select.plain(british) == select.plain(american) == select.plain(british.upper())
    assert select.plain(f"pre-{british} x") == select.plain(f"Pre_{american}-x")


@pytest.mark.parametrize(
    ("one", "other"),
    [("colour", "color"), ("behaviours", "behavior"), ("learning rates", "learning-rate"), ("a_b", "A b")],
)
def test_these_spellings_are_one(one: str, other: str) -> None:
    assert select.plain(one) == select.plain(other)


@pytest.mark.parametrize(("one", "other"), [("loss", "los"), ("gas", "ga"), ("bias", "basis"), ("adam", "adamw")])
def test_these_words_stay_two(one: str, other: str) -> None:
    assert select.plain(one) != select.plain(other)


# ---- bad files among the banks that are studied every day


def standing(tmp_path: Path, **banks: str) -> tuple[list[str], list[str]]:
    """The notes that are asked with these files in the home's banks, and what is said of the others."""
    home = config.Home(tmp_path / "home")
    home.banks.mkdir(parents=True)
    for name, text in banks.items():
        (home.banks / f"{name}.yaml").write_text(text, encoding="utf-8")
    told: list[str] = []
    with closing(open_banks(BankPaths(builtin=False, warn=told.append), home, None)) as bank:
        return bank.note_ids(), told


ONE = "bank: mine\nnotes:\n  - {id: a, question: A?, answer: B.}\n  - {id: b, question: B?, answer: C.}\n"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("<<<<<<< HEAD\n" + ONE, "left out"),
        ("services:\n  web: {image: x}\n", "left out"),
        ("bank: other\nnotes:\n  - {id: a}\n", "has no answer"),
        (ONE, "compare the two and remove one"),
    ],
)
def test_a_bad_file_is_left_out_with_a_warning_and_the_sound_ones_go_on(tmp_path: Path, bad: str, said: str) -> None:
    names, told = standing(tmp_path, **{"mine": ONE, "mine (conflicted copy)": bad})

    assert names == ["mine/a", "mine/b"]
    assert len(told) == 1
    assert said in told[0]
    assert "mine (conflicted copy).yaml" in told[0]


def test_a_bad_file_that_was_named_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("<<<<<<< HEAD\n")
    with pytest.raises(BankError, match=r"bad\.yaml"):
        open_banks(BankPaths((path,), builtin=False), config.Home(tmp_path / "home"), None)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_linked_folder_and_a_shouted_ending_are_read_once(tmp_path: Path) -> None:
    home = config.Home(tmp_path / "home")
    home.banks.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "MINE.YAML").write_text(ONE)
    (home.banks / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "round").symlink_to(home.banks)

    with closing(open_banks(BankPaths(builtin=False), home, None)) as bank:
        assert bank.note_ids() == ["mine/a", "mine/b"]
