"""Finding cards by their words, on real SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from pathlib import Path

import pytest
from builders import SMALL_BANK, a_bank
from hypothesis import given
from hypothesis import strategies as st

from dlquiz.bank import index, search
from dlquiz.errors import UsageError

RICH_BANK = """\
bank: mine
notes:
  - id: adam
    tags: [moments]
    question: What does Adam keep?
    short: A breath about memory.
    answer: Two running means of the gradient.
    key_points: [{id: a, text: It rescales steps.}]
    pitfalls: [It needs no tuning at all.]
    follow_ups: [{question: Why warm it up?, answer: Early variance is high.}]
    corrections: [{grade: wrong, claim: It forgets nothing., instead: It decays exponentially.}]
    cards:
      - {id: eps, front: What is $\\epsilon$ for?, back: stability, why: A denominator of zero.}
      - {id: decoupled, front: What does AdamW change?, back: the weight decay}
  - id: sgd
    question: What is momentum?
    answer: A sum of gradients. Weight matters, decay too.
"""


def opened(path: Path) -> index.Bank:
    return index.open_bank([index.Root(path)], None)


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[index.Bank]:
    found = opened(a_bank(tmp_path, RICH_BANK))
    yield found
    found.close()


def ids(bank: index.Bank, *typed: str, folder: Path | None = None) -> list[str]:
    return [card for card, _ in search.find(bank, folder, typed).cards]


@pytest.mark.parametrize(
    ("typed", "card"),
    [
        ("moments", "mine/adam"),
        ("keep", "mine/adam"),
        ("breath", "mine/adam"),
        ("running", "mine/adam"),
        ("rescale", "mine/adam"),
        ("tuning", "mine/adam"),
        ("warm", "mine/adam"),
        ("variance", "mine/adam"),
        ("forgets", "mine/adam"),
        ("exponentially", "mine/adam"),
        ("epsilon", "mine/adam.eps"),
        ("stability", "mine/adam.eps"),
        ("denominator", "mine/adam.eps"),
        ("decoupled", "mine/adam.decoupled"),
        ("sgd", "mine/sgd"),
    ],
)
def test_every_field_is_looked_through(bank: index.Bank, typed: str, card: str) -> None:
    assert ids(bank, typed) == [card]


def test_all_words_are_wanted_and_a_phrase_as_it_stands(bank: index.Bank) -> None:
    assert set(ids(bank, "weight", "decay")) == {"mine/adam.decoupled", "mine/sgd"}
    assert ids(bank, "weight decay") == ["mine/adam.decoupled"]
    assert ids(bank, '"weight decay" adamw') == ["mine/adam.decoupled"]


def test_a_word_of_the_question_counts_more_than_one_of_the_answer(tmp_path: Path) -> None:
    text = (
        "bank: two\nnotes:\n"
        "  - {id: b, question: What else is there?, answer: There is dropout and more.}\n"
        "  - {id: a, question: What is dropout?, answer: It is a mask of noise.}\n"
    )
    bank = opened(a_bank(tmp_path, text, "two.yaml"))

    assert ids(bank, "dropout") == ["two/a", "two/b"]
    bank.close()


def test_when_nothing_has_all_words_some_do_and_the_missing_are_named(bank: index.Bank) -> None:
    found = search.find(bank, None, ["momentum", "gradiant"])

    assert not found.whole
    assert [card for card, _ in found.cards] == ["mine/sgd"]
    assert found.nearest["gradiant"][0].startswith("gradient")


def test_an_id_finds_its_card_and_what_begins_so(bank: index.Bank) -> None:
    assert ids(bank, "mine/adam.eps") == ["mine/adam.eps"]
    assert ids(bank, "mine/adam") == ["mine/adam", "mine/adam.decoupled", "mine/adam.eps"]


def test_small_words_do_not_stand_in_the_way(bank: index.Bank) -> None:
    assert ids(bank, "what", "is", "the", "momentum") == ["mine/sgd"]


def test_as_many_as_wanted_and_how_many_there_are(bank: index.Bank) -> None:
    found = search.find(bank, None, ["what"], 2)

    assert (len(found.cards), found.total) == (2, 4)


@pytest.mark.parametrize("typed", [[], [""], ["?", "\x1b"], ['""']])
def test_no_word_is_a_sentence(bank: index.Bank, typed: list[str]) -> None:
    with pytest.raises(UsageError, match="no word to search for"):
        search.find(bank, None, typed)


@given(
    typed=st.lists(
        st.text() | st.sampled_from(['"', "AND", "NOT x", "NEAR(a b)", "name:", "*", "'--", "^a", "x" * 10_000])
    )
)
def test_whatever_is_typed_is_words_and_no_command(typed: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    with (
        closing(opened(a_bank(tmp_path_factory.getbasetemp() / "typed", RICH_BANK))) as bank,
        suppress(UsageError),
    ):  # no word in it
        found = search.find(bank, None, typed, 5)
        assert len(bank.card_refs(card for card, _ in found.cards)) == len(found.cards) <= found.total


def test_the_kept_index_follows_the_files(tmp_path: Path) -> None:
    path, other = (
        a_bank(tmp_path / "b", RICH_BANK),
        a_bank(tmp_path / "b", SMALL_BANK.replace("mine", "other"), "o.yaml"),
    )
    read: list[int] = []

    def reading(notes: int) -> AbstractContextManager[None]:
        read.append(notes)
        return nullcontext()

    def look(word: str) -> list[str]:
        bank = opened(tmp_path / "b")
        found = search.find(bank, tmp_path / "cache", [word], -1, reading)
        bank.close()
        return [card for card, _ in found.cards]

    assert look("momentum") == ["mine/sgd"]
    assert look("momentum") == ["mine/sgd"]
    path.write_text(RICH_BANK.replace("momentum", "inertia"), encoding="utf-8")
    assert look("inertia") == ["mine/sgd"]
    assert look("momentum") == []
    assert read == [4, 2], "only what changed is read again"
    other.unlink()
    assert look("geometric") == []


@pytest.mark.parametrize("damage", [b"no database at all", b""])
def test_a_damaged_index_is_built_anew(tmp_path: Path, bank: index.Bank, damage: bytes) -> None:
    assert ids(bank, "keep", folder=tmp_path) == ["mine/adam"]
    (kept,) = tmp_path.glob("search-*.db")
    kept.write_bytes(damage or kept.read_bytes()[:9000] + b"\xff" * 30_000)

    assert ids(bank, "keep", folder=tmp_path) == ["mine/adam"]


def test_where_nothing_can_be_written_it_is_made_for_this_once(tmp_path: Path, bank: index.Bank) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")

    assert ids(bank, "keep", folder=tmp_path / "file") == ["mine/adam"]


def test_an_excerpt_shows_the_hit_and_else_the_answers_beginning(bank: index.Bank) -> None:
    fields = bank.fields("mine/adam.decoupled") or {}
    found = search.find(bank, None, ["adamw"])
    asked, piece = search.excerpt(fields, found.terms)

    assert [part.text for part in asked if part.hit] == ["AdamW"]
    assert "".join(part.text for part in piece) == "the weight decay"
