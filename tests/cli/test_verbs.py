"""The command-line contract, verb by verb."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from builders import SMALL_BANK, a_bank, called, run

from dlquiz import cli
from dlquiz.cli import program, streams
from dlquiz.cli.verbs import VERBS


def as_json(*args: str) -> Any:
    done = called(*args, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_nothing_but_study_makes_a_home(bank: list[str], home: Path) -> None:
    for verb in (
        ["status"],
        ["stats"],
        ["list"],
        ["topics"],
        ["log"],
        ["show", "mine/adam"],
        ["check"],
        ["doctor"],
        ["undo"],
        ["random"],
        [],
    ):
        called(*verb, *bank)
        assert not home.exists(), verb

    called("study", *bank, keys="")
    assert (home / "progress.db").exists()


def test_json_of_list_and_show_and_topics(bank: list[str]) -> None:
    (adam, sgd) = as_json("list", *bank)
    assert list(adam) == ["id", "number", "topic", "tags", "difficulty", "question", "cards"]
    assert adam["cards"][0] == {"id": "mine/adam", "kind": "explain", "front": adam["question"]}
    assert [card["id"] for card in sgd["cards"]] == ["mine/sgd", "mine/sgd.batch"]

    note = as_json("show", "mine/adam", *bank)
    assert note["key_points"][0] == {"id": "mine/adam#first", "text": "A mean of gradients.", "must": True}
    assert note["memory"] is None
    card = as_json("show", "mine/adam.lr", *bank)
    assert (card["front"], card["back"], card["accept"]) == ("What is Adam's usual learning rate?", "0.001", ["1e-3"])

    assert as_json("topics", *bank) == [
        {"topic": "optimizers", "title": "Optimizers", "aliases": [], "notes": 2, "cards": 7}
    ]


def test_show_tells_memory_after_an_answer(bank: list[str]) -> None:
    called("study", "--card", "mine/sgd", "--cards", "1", *bank, keys="\n4\n")
    memory = as_json("show", "mine/sgd", *bank)["memory"]
    assert (memory["state"], memory["reps"], memory["lapses"]) == ("review", 1, 0)
    assert len(memory["due"]) == len("2026-11-24")

    called("study", "--card", "mine/adam", "--cards", "1", *bank, keys="\n1\n")
    memory = as_json("show", "mine/adam", *bank)["memory"]
    assert memory["state"] == "learning"
    assert memory["due"].endswith("Z")


def test_the_log_has_the_contracts_columns(bank: list[str]) -> None:
    called("study", "--card", "mine/sgd", "--cards", "1", *bank, keys="\n4\n")
    (row,) = as_json("log", *bank)

    assert list(row) == ["id", "card", "rating", "reviewed_at", "study_day", "took_ms", "undone"]
    assert row["reviewed_at"].endswith("Z")
    assert row["undone"] is False


def test_the_log_is_in_local_time_newest_last_and_narrows_to_the_last_a_topic_or_a_card(
    bank: list[str], tmp_path: Path
) -> None:
    for card in ("mine/sgd", "mine/adam", "mine/adam.lr"):
        called("study", "--card", card, "--cards", "1", *bank, keys="\n4\n")
    utc = datetime.fromisoformat(as_json("log", *bank)[-1]["reviewed_at"])
    shown = run("log", *bank, env={"TZ": "XXX-5:45"}).stdout.splitlines()

    assert [line.split()[-1] for line in shown[1:]] == ["mine/sgd", "mine/adam", "mine/adam.lr"]
    assert shown[-1].startswith(f"{utc.astimezone(timezone(timedelta(hours=5, minutes=45))):%Y-%m-%d %H:%M} ")
    for args, cards in (
        (["--last", "1"], ["mine/adam.lr"]),
        (["--last", "9"], ["mine/sgd", "mine/adam", "mine/adam.lr"]),
        (["--topic", "sgd"], ["mine/sgd"]),
        (["--card", "mine/adam"], ["mine/adam"]),
        (["--card", "mine/adam.*", "--last", "1"], ["mine/adam.lr"]),
        (["--topic", "sgd", "--card", "mine/adam.lr"], ["mine/sgd", "mine/adam.lr"]),
    ):
        assert [row["card"] for row in as_json("log", *args, *bank)] == cards
    assert called("log", "--card", "mine/sgd.batch", *bank).stdout == "No answers to these cards yet.\n"
    assert "did you mean" in called("log", "--card", "mine/sgdd", *bank).stderr

    other = a_bank(tmp_path / "other", "bank: other\nnotes: [{id: n, question: Q, answer: A}]\n")  # the cards are gone
    gone = ["--no-builtin", "--bank", str(other)]
    assert [row["card"] for row in as_json("log", "--card", "mine/adam", *gone)] == ["mine/adam"]


def test_suspend_takes_all_cards_of_a_note_and_reset_starts_afresh(bank: list[str]) -> None:
    assert len(called("suspend", "mine/adam.*", *bank).stdout.splitlines()) == 5
    assert as_json("status", *bank)["new"] == 2
    called("unsuspend", "mine/adam.*", *bank)
    assert as_json("status", *bank)["new"] == 7
    assert called("undo", *bank).stdout.count("(unsuspend)") == 5
    assert as_json("status", *bank)["new"] == 2
    assert called("undo", *bank).stdout.count("(suspend)") == 5
    assert called("undo", *bank).returncode == 1

    called("study", "--card", "mine/sgd", "--cards", "1", *bank, keys="\n4\n")
    called("reset", "mine/sgd", *bank)
    assert as_json("show", "mine/sgd", *bank)["memory"] is None
    called("undo", *bank)
    assert as_json("show", "mine/sgd", *bank)["memory"]["reps"] == 1


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["study", "--topic", "optimizer-s"], 2, "there is no topic"),
        (["study", "--card", "mine/adm"], 2, "did you mean 'mine/adam'?"),
        (["list", "--topic", "optimzers"], 2, "did you mean 'optimizers'?"),
        (["list", "--tag", "nothing"], 2, "there is no tag"),
        (["show", "nobody"], 2, "there is no card 'nobody'"),
        (["suspend", "nobody"], 2, "there is no card 'nobody'"),
        (["check", "no/such/file.yaml"], 2, "there is no bank at"),
        (["study", "--bank", "no/such/file.yaml"], 2, "there is no bank at"),
        (["study", "--frobnicate"], 2, "No such option"),
        (["study", "--mode", "sing"], 2, "there is no mode 'sing'"),
        (["undo"], 1, "nothing to undo"),
        (["restore", "no.db"], 2, "there is no file no.db"),
        (["backup"], 2, "there is nothing to back up"),
        (["config", "get", "colour"], 2, "there is no setting 'colour'"),
        (["config", "set", "rollover", "25:00"], 2, "give it a time like 04:00"),
        (["config", "set", "desired_retention", "1.5"], 2, "a number from 0.70 to 0.99"),
    ],
)
def test_a_mistake_is_told_with_what_to_do_and_creates_nothing(
    bank: list[str], home: Path, args: list[str], code: int, said: str
) -> None:
    done = called(*args, *bank)

    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (home / "progress.db").exists() or args[0] == "study"


def test_a_malformed_bank_is_exit_65_with_its_place(tmp_path: Path) -> None:
    path = a_bank(tmp_path, SMALL_BANK.replace("    answer: Two", "    anwser: Two"))
    done = called("study", "--no-builtin", "--bank", str(path))

    assert done.returncode == 65
    assert f"{path}:6:5: error: 'anwser' is an unknown field of a note" in done.stderr
    assert "has no answer; add the line 'answer: ...'" in done.stderr


def test_settings_are_kept_line_by_line(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text("# mine\nnew_per_day = 5\n", encoding="utf-8")
    called("config", "set", "rollover", "03:00")
    called("config", "set", "new_per_day", "8")

    assert (home / "config.toml").read_text(encoding="utf-8") == '# mine\nnew_per_day = 8\nrollover = "03:00"\n'
    assert called("config", "get", "rollover").stdout == "03:00\n"
    assert called("config", "path").stdout.strip() == str(home)


def test_settings_may_be_written_as_windows_programs_write(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_bytes("\ufeffnew_per_day = 5\r\nrollover = '03:00'\r\n".encode())

    assert called("config", "get", "new_per_day").stdout == "5\n"
    called("config", "set", "new_per_day", "6")
    assert called("config", "get", "new_per_day").stdout == "6\n"
    assert called("config", "get", "rollover").stdout == "03:00\n"


def test_a_broken_settings_file_is_told(home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text("new_per_day = many\n", encoding="utf-8")
    done = called("status")

    assert done.returncode == 2
    assert "config.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_backup_and_restore_go_there_and_back(bank: list[str], tmp_path: Path) -> None:
    called("study", "--card", "mine/sgd", "--cards", "1", *bank, keys="\n4\n")
    copy = tmp_path / "my copy.db"
    assert called("backup", str(copy)).returncode == 0
    called("study", "--card", "mine/adam", "--cards", "1", *bank, keys="\n4\n")
    assert len(as_json("log", *bank)) == 2

    done = called("restore", str(copy))
    assert done.returncode == 0
    assert "what it replaced is kept as" in done.stdout
    assert len(as_json("log", *bank)) == 1
    assert called("doctor", *bank).returncode == 0


def test_doctor_is_exit_1_when_it_had_to_mend(bank: list[str], home: Path) -> None:
    called("study", "--card", "mine/sgd", "--cards", "1", *bank, keys="\n4\n")
    with closing(sqlite3.connect(home / "progress.db", isolation_level=None)) as db:
        db.execute("UPDATE standing SET reps = 7")

    assert called("doctor", *bank).returncode == 1
    assert called("doctor", *bank).returncode == 0


def test_a_row_that_cannot_be_read_is_named_by_whatever_meets_it_and_doctor_sets_it_aside(
    bank: list[str], home: Path
) -> None:
    for card in ("mine/sgd", "mine/adam"):
        called("study", "--card", card, "--cards", "1", *bank, keys="\n4\n")
    with closing(sqlite3.connect(home / "progress.db")) as db, db:
        db.execute("UPDATE event SET study_day = '2026-15-24' WHERE card = 'mine/sgd'")

    for verb in (["stats"], ["log"], ["export", str(home / "x.json")]):
        done = called(*verb, *bank)
        assert done.returncode == 1, verb
        assert done.stderr.startswith(f"dlquiz: {home / 'progress.db'}: the log has a row that can't be read")
        assert "Traceback" not in done.stderr
    assert "set-aside.json" in called("doctor", *bank).stderr
    assert [row["card"] for row in as_json("log", *bank)] == ["mine/adam"]
    assert called("stats", *bank).returncode == 0


def test_a_damaged_file_is_told_with_the_way_back(bank: list[str], home: Path) -> None:
    called("study", "--card", "mine/sgd", "--cards", "1", *bank, keys="\n4\n")
    called("study", "--card", "mine/adam", "--cards", "1", *bank, keys="\n4\n")
    (home / "progress.db").write_bytes(b"x" * 5000)
    done = called("study", *bank)

    assert done.returncode == 1
    assert "is damaged" in done.stderr
    assert "dlquiz restore" in done.stderr
    backup = done.stderr.rsplit("dlquiz restore ", 1)[1].strip().strip('"')
    assert called("restore", backup).returncode == 0
    assert len(as_json("log", *bank)) == 1


def test_options_of_the_program_stand_before_or_after_the_verb(tmp_path: Path) -> None:
    path = str(a_bank(tmp_path))
    for args in (
        ["--no-builtin", "--bank", path, "topics"],
        ["topics", f"--bank={path}", "--no-builtin"],
        ["--no-builtin", "topics", "--bank", path],
    ):
        assert as_json(*args)[0]["cards"] == 7


def test_banks_come_from_the_environment_and_from_the_home_too(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_bank(home / "banks")
    other = a_bank(tmp_path, "bank: two\ntopic: mine\nnotes: [{id: x, question: Why?, answer: Because.}]\n", "two.yaml")
    monkeypatch.setenv("DLQUIZ_BUILTIN", "0")
    monkeypatch.setenv("DLQUIZ_BANK", str(other))

    assert {row["topic"] for row in as_json("topics")} == {"optimizers", "mine"}


def test_everything_after_a_double_dash_is_left_alone() -> None:
    assert program.hoisted(["show", "--bank", "b", "--", "--bank"]) == ["--bank", "b", "show", "--", "--bank"]


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f'"{sys.executable}" -m dlquiz list --json | head -c 20 > {os.devnull}; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.EINVAL, "Invalid argument"), 0),  # what a closed pipe is there
        (OSError(errno.EINVAL, "Invalid argument", "what?.yaml"), 1),
        (BrokenPipeError(), 0),
    ],
)
def test_windows_calls_a_reader_that_is_gone_an_invalid_argument(
    error: OSError, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_args: object, **_settings: object) -> None:
        raise error

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(program, "app", fails)
    monkeypatch.setattr(streams, "drop", lambda _stream: None)

    assert cli._run(["--no-builtin"]) == code
    assert ("what?.yaml" in capsys.readouterr().err) is bool(code)


def test_help_lists_every_verb() -> None:
    text = called("--help").stdout

    built = "study random interview plan search flags new edit import export stats list show topics status log undo suspend check config"
    for verb in built.split():
        assert f"\n  {verb} " in text


def test_every_verb_is_found_by_the_module_that_owns_it() -> None:
    for name, verb in VERBS.items():
        assert program.needed([name]) == [verb.module]
