"""The program with keys piped in, one a line."""

from __future__ import annotations

import json
import re
from pathlib import Path

from builders import SMALL_BANK, a_bank, called, run


def lines(text: str, pattern: str = r"card |saved |undone ") -> list[str]:
    return [line for line in text.splitlines() if re.match(pattern, line)]


def test_space_then_a_digit_answers_and_is_acknowledged_before_the_next_card(bank: list[str]) -> None:
    done = called("study", "--card", "mine/adam", "--card", "mine/sgd", *bank, keys="\n3\n \n4\n")

    assert done.returncode == 0, done.stderr
    found = lines(done.stdout)
    assert found[0] == "card mine/adam"
    assert re.fullmatch(r"saved mine/adam 3 due \d{4}-\d\d-\d\d", found[1])
    assert found[2] == "card mine/sgd"
    assert re.fullmatch(r"saved mine/sgd 4 due \d{4}-\d\d-\d\d", found[3])
    assert "\x1b" not in done.stdout


def test_an_answer_in_steps_is_due_at_a_time(bank: list[str]) -> None:
    done = called("study", "--card", "mine/sgd", "--cards", "1", *bank, keys="\n1\n")

    assert re.search(r"^saved mine/sgd 1 due \d\d:\d\d$", done.stdout, re.MULTILINE)


def test_ticks_suggest_and_an_empty_line_takes_the_suggestion(bank: list[str]) -> None:
    done = called("study", "--card", "mine/adam", *bank, keys="\nab\n\n")

    assert "Enter gives 3 good" in done.stdout
    assert len(lines(done.stdout, "saved mine/adam 3 ")) == 1


def test_a_script_that_calls_an_answer_good_without_its_musts_is_told_so_and_obeyed(bank: list[str]) -> None:
    done = called("study", "--card", "mine/adam", "--card", "mine/sgd", *bank, keys="\na\n3\n\n4\n")

    assert [line.split(" due")[0] for line in lines(done.stdout, "saved|  1 must")] == [
        "  1 must unsaid", "saved mine/adam 3", "saved mine/sgd 4",
    ]  # fmt: skip


def test_an_empty_line_rates_nothing_before_a_tick(bank: list[str]) -> None:
    done = called("study", "--card", "mine/adam", *bank, keys="\n\n\n")

    assert lines(done.stdout, "saved") == []


def test_anything_else_before_the_answer_is_a_typed_answer(bank: list[str]) -> None:
    done = called("study", "--card", "mine/adam.lr", *bank, keys="1e-3\n3\n")
    assert "You wrote “1e-3”. Right." in done.stdout
    assert "0.001" in done.stdout

    done = called("study", "--card", "mine/adam.beta", *bank, keys="=q\n3\n")
    assert "You wrote “q”. Compare:" in done.stdout
    assert lines(done.stdout, "saved mine/adam.beta 3")


def test_an_equals_sign_with_nothing_behind_it_is_no_answer_and_takes_no_key(bank: list[str]) -> None:
    done = called("study", "--card", "mine/adam.lr", *bank, keys="=\n= \n\n3\n")

    assert done.stdout.count("nothing was typed after =") == 2
    assert "You wrote" not in done.stdout
    assert lines(done.stdout, "saved mine/adam.lr 3")


def test_a_digit_picks_on_a_choice_card_and_is_typed_on_others(bank: list[str]) -> None:
    picked = called("study", "--card", "mine/adam.pick", *bank, keys="2\n3\n")
    typed = called("study", "--card", "mine/adam.beta", *bank, keys="2\n3\n")

    assert "You picked “" in picked.stdout
    assert "It would never forget." in picked.stdout
    assert "You wrote “2”" in typed.stdout


def test_a_claim_takes_1_for_yes_and_2_for_no(tmp_path: Path) -> None:
    claim = "kind: claim, holds: false, front: 'Does this hold? \"Adam keeps one mean.\"', back: 'No: it keeps two.'"
    text = SMALL_BANK.replace("front: What does a batch of all examples give?, back: gradient descent", claim)
    bank = ["--no-builtin", "--bank", str(a_bank(tmp_path, text))]
    card = ["--card", "mine/sgd.batch"]

    said = called("study", *card, *bank, keys="2\n3\n").stdout
    assert re.search(r"  1  Yes\n  2  No\n", said)
    assert "You picked “No”. Right." in said
    assert "You picked “Yes”. Wrong." in called("study", *card, *bank, keys="yes\n1\n").stdout
    assert "You wrote “3”. Compare:" in called("study", *card, *bank, keys="3\n1\n").stdout
    assert "No: it keeps two." in called("random", "--count", "99", *bank).stdout
    shown = json.loads(called("show", "mine/sgd.batch", "--json", *bank).stdout)
    assert (shown["kind"], shown["holds"]) == ("claim", False)


def test_undo_shows_that_cards_answer_again_and_takes_another_rating(bank: list[str]) -> None:
    done = called("study", "--card", "mine/adam", "--card", "mine/sgd", *bank, keys="\n3\nu\n1\nq\n")

    found = lines(done.stdout)
    assert [line.split(" due")[0] for line in found] == [
        "card mine/adam", "saved mine/adam 3", "card mine/sgd", "undone mine/adam", "saved mine/adam 1", "card mine/sgd",
    ]  # fmt: skip
    log = json.loads(called("log", "--json", *bank).stdout)
    assert [(row["card"], row["rating"], row["undone"]) for row in log] == [
        ("mine/adam", 3, True),
        ("mine/adam", 1, False),
    ]


def test_end_of_input_ends_and_keeps_every_answer(bank: list[str]) -> None:
    done = called("study", *bank, keys="\n4\n\n")

    assert done.returncode == 0
    assert len(json.loads(called("log", "--json", *bank).stdout)) == 1


def test_a_flag_keeps_its_note_and_goes_on(bank: list[str]) -> None:
    done = called("study", "--card", "mine/sgd", *bank, keys="! the answer is too short\n\n3\n")

    assert "flagged mine/sgd" in done.stdout
    assert lines(done.stdout, "saved mine/sgd 3")


def test_undo_of_a_word_on_another_card_asks_that_card_not_again(bank: list[str]) -> None:
    called("study", "--card", "mine/adam", *bank, keys="\nm two means\nq\n")
    done = called("study", "--card", "mine/sgd", *bank, keys="u\n\n3\n")

    assert lines(done.stdout)[:2] == ["card mine/sgd", "undone mine/adam"]
    assert lines(done.stdout)[2].startswith("saved mine/sgd 3 ")
    assert "mine/adam: your remark is as it was before" in done.stdout


def test_a_remark_is_shown_with_the_answer_until_it_is_taken_back_or_emptied(bank: list[str]) -> None:
    two = ("--card", "mine/adam", "--card", "mine/sgd")
    done = called("study", *two, *bank, keys="\nm two *means*\n3\nu\n3\n")

    assert lines(done.stdout, "remark on") == ["remark on mine/adam kept"]
    assert done.stdout.count("You noted: two means") == 1
    assert "You noted: two means" in called("show", "mine/adam", *bank).stdout
    assert json.loads(called("show", "mine/adam", "--json", *bank).stdout)["remark"] == "two *means*"

    again = called("study", "--card", "mine/adam", *bank, keys="\nm\nm\n3\n")
    assert lines(again.stdout, "remark on") == ["remark on mine/adam removed"]
    assert "no remark" in again.stdout
    assert "You noted" not in called("show", "mine/adam", *bank).stdout

    assert called("undo", *bank).stdout.startswith("undone mine/adam (rated 3)")
    assert called("undo", *bank).stdout.startswith("undone mine/adam (remark)")
    assert "You noted: two means" in called("show", "mine/adam", *bank).stdout


def test_v_names_the_questions_picture_and_is_an_answer_where_there_is_none(tmp_path: Path) -> None:
    text = SMALL_BANK.replace("What is SGD?", "What is ![](media/a.png)?")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.png").write_bytes(b"")
    bank = ("--no-builtin", "--bank", str(a_bank(tmp_path, text)))
    cards = ("--card", "mine/sgd", "--card", "mine/adam.lr")

    done = called("study", *cards, *bank, keys="v\n\n3\nv\n1\n")

    assert "What is [picture]?" in done.stdout
    assert f"picture: {tmp_path / 'media' / 'a.png'}" in done.stdout.splitlines()
    assert "You wrote “v”" in done.stdout


def test_bury_and_suspend_take_the_card_away_and_undo_brings_it_back(bank: list[str]) -> None:
    done = called("study", "--card", "mine/adam", "--card", "mine/sgd", *bank, keys="-\n@\n")
    assert "mine/adam buried" in done.stdout
    assert "mine/sgd suspended" in done.stdout

    assert called("undo", *bank).stdout.startswith("undone mine/sgd (suspend)")
    assert called("undo", *bank).stdout.startswith("undone mine/adam (bury)")
    assert called("undo", *bank).returncode == 1


def test_cards_and_minutes_and_new_limit_a_sitting(bank: list[str]) -> None:
    assert len(lines(called("study", "--cards", "2", *bank, keys="\n4\n" * 9).stdout, "saved")) == 2
    assert len(lines(called("study", "--new", "1", *bank, keys="\n4\n" * 9).stdout, "saved")) == 1
    assert "Go ahead with new cards" in called("study", "--new", "0", *bank).stdout


def test_every_key_can_be_listed_and_an_unbound_one_is_told(bank: list[str]) -> None:
    done = called("study", "--card", "mine/adam", *bank, keys="?\n\nz\nx\np\n\n")

    assert "show the answer" in done.stdout
    assert "'z' does nothing here" in done.stdout
    assert "no formula here" in done.stdout
    assert "paused" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_latex_is_shown_on_demand(bank: list[str]) -> None:
    done = called("study", "--card", "mine/adam.beta", *bank, keys="x\n")

    assert "β₁" in done.stdout
    assert r"\beta_1" in done.stdout


def test_random_prints_questions_with_answers_and_writes_nothing(bank: list[str], home: Path) -> None:
    one = called("random", "--count", "3", "--seed", "x", *bank)
    two = called("random", "--count", "3", "--seed", "x", *bank)

    assert one.returncode == 0
    assert len(lines(one.stdout, "card ")) == 3
    assert one.stdout == two.stdout
    assert not home.exists()


def test_random_with_rate_counts(bank: list[str]) -> None:
    done = called("random", "--count", "2", "--seed", "x", "--rate", *bank, keys="\n4\n\n4\n")

    assert len(lines(done.stdout, "saved")) == 2
    assert json.loads(called("status", "--json", *bank).stdout)["reviewed_today"] == 2


def test_input_that_is_no_utf8_is_no_reason_to_fall(bank: list[str]) -> None:
    import os
    import subprocess
    import sys

    raw = subprocess.run(
        [sys.executable, "-m", "dlquiz", "study", "--card", "mine/sgd", *bank],
        input=b"\xff\xfe\n3\n",
        capture_output=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        check=False,
    )

    assert raw.returncode == 0, raw.stderr
    assert b"saved mine/sgd 3" in raw.stdout


def test_an_encoding_without_greek_gets_it_spelled(bank: list[str]) -> None:
    done = run(
        "study", "--card", "mine/adam.beta", *bank, keys="\n", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )

    assert done.returncode == 0, done.stderr
    assert "beta_1" in done.stdout


def test_text_from_a_bank_never_acts_on_the_terminal(tmp_path: Path) -> None:
    text = (
        'bank: evil\nnotes:\n  - id: n\n    question: "a &#x1b;[31m red [bold]?[/bold] \\u202e"\n'
        '    answer: "&#27;]0;title&#7; done \\u2066"\n'
    )
    done = called("study", "--no-builtin", "--bank", str(a_bank(tmp_path, text)), keys="\n3\n")

    assert not set(done.stdout + done.stderr) & {"\x1b", "\x07", "\u202e", "\u2066"}
    assert "[bold]?[/bold]" in done.stdout


def test_a_bank_with_control_characters_is_refused_without_acting_on_the_terminal(tmp_path: Path) -> None:
    text = 'bank: evil\nnotes:\n  - id: n\n    question: "a \\e[31m red"\n    answer: "\\e]0;title\\a done"\n'
    done = called("study", "--no-builtin", "--bank", str(a_bank(tmp_path, text)), keys="\n3\n")

    assert done.returncode == 65
    assert not set(done.stdout + done.stderr) & {"\x1b", "\x07"}


def test_the_end_counts_as_status_and_the_start_screen_do_and_the_tally_comes_last(bank: list[str]) -> None:
    ended = called("study", "--cards", "2", *bank, keys="\n1\n" * 2).stdout.splitlines()
    status = json.loads(called("status", "--json", *bank).stdout)
    today = re.search(r"^(\d+) cards today", called(*bank).stdout, re.MULTILINE)

    assert status["learning"] == 2
    assert today
    assert f"{today[1]} cards left for today: dlquiz study" in ended
    assert any(re.fullmatch(r"2 cards still being learnt, the next at \d\d:\d\d", line) for line in ended)
    assert re.fullmatch(r"2 answers: 2 again; \d+ s", ended[-1])


def test_the_end_lists_only_what_is_still_missed_musts_first(bank: list[str]) -> None:
    recalled = called("study", "--card", "mine/sgd", *bank, keys="\n1\n\n3\n").stdout
    missed = called("study", "--card", "mine/adam", "--card", "mine/adam.beta", *bank, keys="\n0\n1\n\n1\nq\n").stdout

    assert recalled.count("saved mine/sgd") == 2
    assert "Read again:" not in recalled
    assert [line for line in missed.partition("Read again:")[2].splitlines() if line.startswith("  ")] == [
        "  - A mean of gradients.", "  - A mean of squared gradients.", "  - Both are corrected for their start at zero.",
        "    dlquiz show mine/adam", "  and 1 more; it comes back when due",
    ]  # fmt: skip


def test_the_end_tells_what_a_plain_sitting_would_ask_whatever_this_one_was_told(bank: list[str]) -> None:
    called("config", "set", "new_per_day", "1")
    more = called("study", "--new", "3", *bank, keys="\n3\n")
    called("config", "set", "new_per_day", "3")
    fewer = called("study", "--cards", "1", "--topic", "optimizers", *bank, keys="\n3\n")

    assert "left for today" not in more.stdout
    assert "2 cards left for today: dlquiz study" in fewer.stdout  # one in steps, one new
