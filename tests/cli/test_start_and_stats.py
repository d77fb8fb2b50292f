"""The start screen and `stats`."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from builders import SMALL_BANK, a_bank, called, run

from dlquiz.cli import program
from dlquiz.store import Store, schema
from dlquiz.store import counts as log_counts


def test_a_first_start_welcomes_and_names_the_one_command(bank: list[str], home: Path) -> None:
    text = called(*bank).stdout

    assert text.startswith("Welcome. Your bank holds 2 questions to answer aloud and 5 short ones")
    assert "you are ready for 0 % of what is asked." in " ".join(text.split())
    assert "7 cards today, about 4 minutes." in text
    assert text.endswith("\nNext: dlquiz study\n")
    assert len(text.splitlines()) < 10
    assert not home.exists()


def test_after_an_answer_the_start_screen_shows_the_days(bank: list[str]) -> None:
    called("study", "--card", "mine/sgd", "--cards", "1", *bank, keys="\n4\n")
    lines = called(*bank).stdout.splitlines()

    assert re.fullmatch(r"You are ready today for \d+ % of what is asked.", lines[0])
    assert lines[1].startswith("6 cards today, about ")
    assert lines[3:5] == ["topic       new", "optimizers    6"]
    assert any(line.startswith("Coming") for line in lines)
    assert "Studied  today, the first day  ●" in lines
    assert lines[-1] == "Next: dlquiz study"


def test_cards_that_come_forward_for_missed_points_are_not_called_due(tmp_path: Path) -> None:
    """The start screen said 38 due, `status` 33."""
    path = a_bank(tmp_path, SMALL_BANK.replace('accept: ["1e-3"]}', 'accept: ["1e-3"], drills: [first]}'))
    bank = ["--no-builtin", "--bank", str(path)]
    called("config", "set", "rollover", "23:59")  # yesterday's study day is still on
    called("study", "--card", "mine/adam.lr", *bank, keys="\n4\n")
    called("config", "set", "rollover", "00:00")
    called("study", "--card", "mine/adam", *bank, keys="\nb\n2\n")

    assert re.match(
        r"6 cards today, about \d minutes: 1 for a point you missed, 5 new\n", called(*bank).stdout.partition("\n")[2]
    )
    assert json.loads(called("status", "--json", *bank).stdout)["due"] == 0


def test_a_day_that_is_none_in_the_cache_is_told_with_the_command_that_mends_it(bank: list[str], home: Path) -> None:
    called("study", "--card", "mine/sgd", "--cards", "1", *bank, keys="\n4\n")
    sound = called(*bank).stdout
    with closing(sqlite3.connect(home / "progress.db")) as db, db:
        db.execute("UPDATE standing SET last_day = '202D-11-23' WHERE last_day IS NOT NULL")

    done = called(*bank)
    assert (done.returncode, done.stdout) == (1, "")
    assert "what it remembers of the answers is damaged; `dlquiz doctor` makes it anew from them" in done.stderr
    assert "1 card differed from the log; mended from the log" in called("doctor", *bank).stderr
    assert called(*bank).stdout == sound


def test_with_nothing_due_it_says_when_and_how_to_go_ahead(bank: list[str]) -> None:
    called("study", "--new", "7", *bank, keys="\n4\n" * 7)
    text = called(*bank).stdout

    assert text.startswith("You are ready today for 100 % of what is asked.\n\nComing ")
    assert "Nothing is due.\nNext: " in text
    assert "dlquiz study --new" not in text
    assert text.endswith("Practise without the schedule: dlquiz random\n")


def test_the_start_screen_counts_the_steps_that_study_would_ask_now(bank: list[str]) -> None:
    called("study", "--new", "7", *bank, keys="\n4\n" * 5 + "\n1\n" * 2 + "q\n")
    start, status = called(*bank).stdout, json.loads(called("status", "--json", *bank).stdout)

    asked = called("study", *bank, keys="q\n").stdout

    assert start.splitlines()[1].startswith(f"{status['learning']} cards today, about ")
    assert "Nothing is due" not in start
    assert start.endswith("Next: dlquiz study\n")
    assert "card mine/" in asked


def test_stats_of_nothing_is_a_sentence_and_no_failure(bank: list[str]) -> None:
    done = called("stats", "--topic", "adam", *bank)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Nothing answered yet, so there is nothing to count.\n\nNext: dlquiz study --topic adam\n"
    found = json.loads(called("stats", "--json", *bank).stdout)
    assert (found["answers"], found["retention"]["all"]["share"], found["scheduler"]["expected"]) == (0, None, None)


def test_stats_is_plain_text_where_no_terminal_is(bank: list[str]) -> None:
    called("study", *bank, keys="y\n\n4\nh\n\n1\n")
    done = called("stats", *bank)

    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "2 answers on 1 day since " in done.stdout
    assert "y sure" in done.stdout
    assert [line for line in done.stdout.splitlines() if line != line.rstrip()] == []
    assert json.loads(called("stats", "--json", *bank).stdout)["answers"] == 2


def test_stats_reads_on_a_terminal_that_lacks_the_marks(bank: list[str]) -> None:
    called("study", *bank, keys="\n4\n")
    for encoding in ("cp1252", "ascii"):
        done = run("stats", *bank, env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
        assert done.returncode == 0
        assert "Studied  today, the first day  *" in done.stdout


@pytest.mark.parametrize("verb", [[], ["study"], ["random"], ["list"], ["topics"], ["search", "adam"], ["plan"]])
def test_banks_without_a_card_are_told_with_what_to_do(verb: list[str], home: Path) -> None:
    done = called("--no-builtin", *verb)

    assert done.returncode == 0
    assert "no cards in these banks. Write some with `dlquiz new`" in done.stdout + done.stderr
    assert not (home / "progress.db").exists() or verb == ["study"]


def test_force_color_styles_results_in_a_pipe_but_not_a_sitting_read_by_lines(bank: list[str]) -> None:
    forced = run("show", "mine/adam", *bank, env={"FORCE_COLOR": "1"}).stdout

    assert "\x1b[1m" in forced
    assert "\x1b" not in run("show", "mine/adam", *bank, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout
    assert "\x1b" not in run("show", "mine/adam", *bank, env={"FORCE_COLOR": "0"}).stdout
    assert "\x1b" not in run("study", *bank, keys="\n3\n", env={"FORCE_COLOR": "1"}).stdout


def test_an_unknown_topic_is_told(bank: list[str]) -> None:
    done = called("stats", "--topic", "optimzers", *bank)

    assert done.returncode == 2
    assert "did you mean 'optimizers'?" in done.stderr


def test_the_form_of_the_json_is_marked_unstable() -> None:
    assert "may change until 1.0" in called("stats", "--help").stdout


def test_the_start_screen_loads_no_verb_it_does_not_need(monkeypatch: pytest.MonkeyPatch) -> None:
    assert program.needed(["--no-builtin", "--bank", "study"]) == []
    assert program.needed(["--help"]) == []
    monkeypatch.setenv("_DLQUIZ_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "dlquiz st")
    assert program.needed([]) == []
    monkeypatch.setenv("COMP_WORDS", "dlquiz stats --topic opt")
    assert program.needed([]) == ["stats"]


def test_the_start_screen_asks_for_indexed_rows_only(bank: list[str], home: Path) -> None:
    called("study", "--card", "mine/sgd", "--cards", "1", *bank, keys="\n4\n")
    asked: list[str] = []
    connection = schema.connect(home / "progress.db", write=False)
    connection.set_trace_callback(asked.append)
    log = Store(connection, home / "progress.db", home / "backups", writable=False)
    log_counts.studied(log, date(2026, 11, 23), date(2026, 11, 24))
    log_counts.first_day(log)
    list(log_counts.due_days(log, date(2026, 11, 23), date(2026, 11, 30), overdue=False))
    log.close()

    with closing(sqlite3.connect(home / "progress.db")) as db:
        for query in [query for query in asked if query.startswith("SELECT")]:
            plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}")]
            assert plan
            indexed = ("USING INDEX", "USING COVERING INDEX", "QUERY", "UNION ALL", "USE TEMP B-TREE FOR GROUP BY")
            assert all(any(words in step for words in indexed) for step in plan), plan


def test_a_copy_beside_the_log_and_a_fuller_backup_are_named_with_what_unites_them(bank: list[str], home: Path) -> None:
    called("study", "--card", "mine/sgd", "--cards", "1", *bank, keys="\n3\n")
    (home / "backups").mkdir(exist_ok=True)
    shutil.copy(home / "progress.db", home / "progress (conflicted copy).db")
    shutil.copy(home / "progress.db", home / "backups" / "progress-2026-01-01.db")
    with closing(sqlite3.connect(home / "progress.db")) as db, db:
        db.execute("DELETE FROM event")

    said = called(*bank).stderr
    assert "conflicted copy" in said
    assert "fewer than the 1 of a backup" in " ".join(said.split())
    assert called("doctor", *bank).returncode == 1
