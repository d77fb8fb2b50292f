"""Looking things up: `search`, `list`, `show`, `flags`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import SMALL_BANK, a_bank, called, run
from rich.cells import cell_len

ADAM = "mine/adam"


def as_json(*args: str) -> Any:
    done = called(*args, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_search_shows_the_best_first_with_an_excerpt_and_what_to_type_next(bank: list[str]) -> None:
    lines = called("search", "learning", "rate", *bank).stdout.splitlines()

    assert lines[0] == "mine/adam.lr  basic · optimizers"
    assert lines[1] == "  What is Adam's usual learning rate?"
    assert lines[2] == "    0.001"
    assert lines[-1] == "Read one: dlquiz show mine/adam.lr"


def test_json_of_search_is_as_that_of_list_with_the_cards_that_were_found(bank: list[str]) -> None:
    (row,) = as_json("search", "arithmetic", *bank)
    (adam, _) = as_json("list", *bank)

    assert {**row, "cards": []} == {**adam, "cards": []}
    assert row["cards"] == [card for card in adam["cards"] if card["id"] == "mine/adam.pick"]


def test_nothing_found_shows_what_the_nearest_words_find(bank: list[str]) -> None:
    done = called("search", "gradiemt", *bank)
    assert done.returncode == 0
    assert done.stderr.startswith("no match for 'gradiemt'; did you mean: gradient")
    assert "\nshowing: gradient\n" in done.stderr
    assert "mine/sgd" in done.stdout
    assert as_json("search", "zzzzzz", *bank) == []


@pytest.mark.parametrize(("typed", "code"), [("", 2), ("?!", 2), ("x" * 10_000, 0), ('") OR text MATCH ("a', 0)])
def test_odd_input_to_search_ends_with_a_sentence(bank: list[str], typed: str, code: int) -> None:
    done = called("search", typed, *bank)

    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert max(map(len, done.stderr.splitlines()), default=0) < 200


def test_control_characters_that_were_typed_do_not_reach_the_terminal(bank: list[str]) -> None:
    done = called("search", "\x1b[31mred\x07", *bank)

    assert "\x1b" not in done.stdout + done.stderr
    assert "\x07" not in done.stdout + done.stderr


def test_search_makes_no_home_and_keeps_its_index_in_one_that_is_there(bank: list[str], home: Path) -> None:
    called("search", "adam", *bank)
    assert not home.exists()

    home.mkdir()
    first = called("search", "adam", *bank).stdout
    assert list(home.glob("cache/search-*.db"))
    assert called("search", "adam", *bank).stdout == first


@pytest.mark.parametrize(
    ("columns", "verb"),
    [
        (40, ["list"]),
        (120, ["list"]),
        (40, ["show", "optimizer-choice"]),
        (80, ["show", "rnn-lstm-gru"]),
        (40, ["search", "adam"]),
    ],
)
def test_pages_fit_the_width(columns: int, verb: list[str]) -> None:
    done = run(*verb, env={"COLUMNS": str(columns)})

    assert done.returncode == 0
    assert max(map(cell_len, done.stdout.splitlines())) <= columns
    assert "\x1b" not in done.stdout


def test_list_is_a_table_where_there_is_room(bank: list[str]) -> None:
    wide = run("list", *bank, env={"COLUMNS": "80"}).stdout
    slim = run("list", *bank, env={"COLUMNS": "40"}).stdout

    assert "optimizers  Optimizers\n   -  mine/adam   5 cards  What does Adam keep for each weight?\n" in wide
    assert "   -  mine/adam  5 cards\n      What does Adam keep for each\n      weight?\n" in slim
    assert wide.endswith("2 notes, 7 cards. Read one: dlquiz show ID\n")


def test_a_narrower_word_lists_the_cards_it_means(bank: list[str]) -> None:
    text = called("list", "--topic", "lr", *bank).stdout

    assert "mine/adam.lr\n" in text
    assert "What is Adam's usual learning rate?" in text
    assert "1 note, 1 card." in text


def test_show_tells_a_note_under_headings(bank: list[str]) -> None:
    lines = called("show", ADAM, *bank).stdout.splitlines()

    assert lines[:3] == ["mine/adam", "optimizers", "Not answered yet."]
    assert [line for line in lines if line and not line.startswith(" ")][3:] == [
        "Short answer",
        "Key points",
        "Answer",
        "Cards",
    ]
    assert "   • must: A mean of gradients." in lines
    assert "   • Both are corrected for their start at zero." in lines
    assert "  mine/adam.lr  basic, new" in lines


def test_show_tells_a_card_with_why_other_answers_are_wrong(bank: list[str]) -> None:
    text = called("show", "mine/adam.pick", *bank).stdout

    assert text.startswith("mine/adam.pick\noptimizers · choice · a card of mine/adam\nNot answered yet.\n")
    assert "Wrong answers\n   • an arithmetic one: It would never forget.\n" in text
    assert "Adam corrects the bias of its means." in called("show", "mine/adam.gap", *bank).stdout
    assert "Also right\n  1e-3\n" in called("show", "mine/adam.lr", *bank).stdout


def test_show_tells_other_right_answers_as_they_are_typed(tmp_path: Path) -> None:
    text = SMALL_BANK.replace('accept: ["1e-3"]', 'accept: ["10*1e-4", "100*1e-5", "a_b_c"]')
    bank = ["--no-builtin", "--bank", str(a_bank(tmp_path, text))]

    assert "Also right\n  10*1e-4, 100*1e-5, a_b_c\n" in called("show", "mine/adam.lr", *bank).stdout


def test_show_tells_memory_in_words(bank: list[str]) -> None:
    called("study", "--card", "mine/sgd", "--cards", "1", *bank, keys="\n4\n")
    called("suspend", "mine/sgd", *bank)
    text = called("show", "mine/sgd", *bank).stdout

    assert "Known: 1 answer, the last today; due " in text
    assert "; suspended." in text
    assert "Chance of recall today: 100%. It falls to 90% " in text
    called("study", "--card", "mine/adam.lr", "--cards", "1", *bank, keys="\n1\n")
    assert "Being learnt: 1 answer, the last today; due at " in called("show", "mine/adam.lr", *bank).stdout


def test_flags_tell_what_was_noted_where_the_card_is_written(bank: list[str], tmp_path: Path) -> None:
    assert "Nothing was flagged" in called("flags", *bank).stdout
    called("study", "--card", "mine/sgd.batch", *bank, keys="! not so with noise\n! and \x1b[31munclear\nq\n")

    card, *lines = called("flags", *bank).stdout.splitlines()
    line = (tmp_path / "mine.yaml").read_text(encoding="utf-8").splitlines().index(
        "      - {id: batch, front: What does a batch of all examples give?, back: gradient descent}"
    )  # fmt: skip
    assert card == f"mine/sgd.batch ({tmp_path / 'mine.yaml'}:{line + 1})"
    assert lines[0].endswith(": not so with noise")
    assert "\x1b" not in lines[1]
    assert lines[2].startswith("dlquiz ")
    (one, two) = as_json("flags", *bank)
    assert list(one) == [
        "id",
        "card",
        "flagged_at",
        "study_day",
        "text",
        "params",
        "file",
        "line",
        "changed",
        "version",
    ]
    assert (one["text"], one["line"], one["changed"]) == ("not so with noise", line + 1, False)
    assert one["flagged_at"] < two["flagged_at"]


def test_a_flag_says_when_its_card_has_changed_or_gone(bank: list[str], tmp_path: Path) -> None:
    called("study", "--card", "mine/sgd.batch", *bank, keys="! odd\nq\n")
    path = tmp_path / "mine.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("back: gradient descent", "back: descent"), encoding="utf-8")
    assert "odd (the card has changed since)" in called("flags", *bank).stdout

    path.write_text(text.replace("id: batch", "id: other"), encoding="utf-8")
    assert called("flags", *bank).stdout.startswith("mine/sgd.batch (in none of the banks at hand)\n")


def test_flags_are_put_away_one_card_at_a_time_and_nothing_else_is(bank: list[str]) -> None:
    called("study", "--card", "mine/sgd", *bank, keys="! one\n! two\n\n3\n")
    called("study", "--card", "mine/adam.lr", *bank, keys="! three\nq\n")
    assert called("flags", "--done", "mine/sgd", *bank).returncode == 0

    assert [row["text"] for row in as_json("flags", *bank)] == ["three"]
    assert as_json("show", "mine/sgd", *bank)["memory"]["reps"] == 1
    again = called("flags", "--done", "mine/sgd", *bank)
    assert (again.returncode, again.stdout) == (2, "")
    assert called("doctor", *bank).returncode == 0


def test_undo_takes_back_a_flag_too(bank: list[str]) -> None:
    called("study", "--card", "mine/sgd", *bank, keys="! one\nq\n")

    assert "undone mine/sgd (flag)" in called("undo", *bank).stdout
    assert as_json("flags", *bank) == []


def test_what_is_suspended_already_is_told_and_not_written_again(bank: list[str]) -> None:
    assert called("suspend", "mine/adam.lr", *bank).stdout == "suspended mine/adam.lr\n"
    again = called("suspend", "mine/adam.*", *bank)
    assert again.stderr == "already suspended: mine/adam.lr\n"
    assert len(again.stdout.splitlines()) == 4

    assert called("unsuspend", *bank).stdout.splitlines() == [
        "mine/adam",
        *(f"mine/adam.{n}" for n in ("beta", "gap", "lr", "pick")),
    ]
    called("undo", *bank)
    called("undo", *bank)
    left = called("unsuspend", "mine/sgd", "mine/adam.lr", *bank)
    assert "not suspended: mine/sgd" in left.stderr
    assert called("reset", "mine/sgd", *bank).stderr == "new already: mine/sgd\n"


def test_notes_are_listed_by_their_numbers() -> None:
    listed = json.loads(called("list", "--numbers", "29-31", "--json").stdout)

    assert [note["number"] for note in listed] == [29, 30, 31]
    assert called("list", "--numbers", "x").returncode == 2
    assert called("list", "--numbers", "31-29").stdout == "No note has a number in 31-29.\n"


def test_a_selection_of_single_cards_has_no_question_to_assess() -> None:
    done = called("assess", "--topic", "nope", keys="")

    assert done.stdout == "No question to assess in nope (in llm): it has single cards only.\n"


def test_an_emptied_setting_is_shown_as_empty() -> None:
    assert called("config", "set", "plan_topics", "").stdout == "plan_topics = ''\n"
