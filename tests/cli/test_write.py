"""Writing cards in one's own editor: `new` and `edit`, with editors that are small scripts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builders import SMALL_BANK, a_bank, called, run

from dlquiz import files
from dlquiz.bank import locate

WHERE = ["--no-builtin"]


def an_editor(tmp_path: Path, *changes: str, name: str = "pen") -> dict[str, str]:
    """The environment of an editor that keeps its arguments and, at its n-th start, replaces the n-th "old=>new"."""
    script = tmp_path / f"{name}.py"
    script.write_text(
        "import sys, pathlib\n"
        f"log = pathlib.Path({str(tmp_path / 'started')!r})\n"
        "before = log.read_text(encoding='utf-8').splitlines() if log.exists() else []\n"
        "log.write_text('\\n'.join([*before, ' '.join(sys.argv[1:])]) + '\\n', encoding='utf-8')\n"
        f"changes = {changes!r}\n"
        "if len(before) < len(changes):\n"
        "    path, (old, new) = pathlib.Path(sys.argv[-1]), changes[len(before)].split('=>')\n"
        "    text = path.read_text(encoding='utf-8')\n"
        "    assert old in text, (old, text)\n"
        "    path.write_text(text.replace(old, new), encoding='utf-8')\n",
        encoding="utf-8",
    )
    return {"EDITOR": f'"{sys.executable}" "{script}"', "VISUAL": ""}


def started(tmp_path: Path) -> list[str]:
    log = tmp_path / "started"
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


@pytest.fixture
def mine(home: Path) -> Path:
    return a_bank(home / "banks")


def test_new_begins_a_bank_that_can_be_studied_at_once(tmp_path: Path, home: Path) -> None:
    done = run("new", *WHERE, env=an_editor(tmp_path, "What would an interviewer ask?=>What is momentum?"))

    assert done.returncode == 0, done.stderr
    path = home / "banks" / "mine.yaml"
    assert done.stdout == f"{path}: 1 note, 2 cards, no problems\nStudy it: dlquiz study --topic mine\n"
    assert called("study", "--topic", "mine", *WHERE, keys="").stdout.startswith("card mine/first-question")


def test_new_takes_a_name_or_a_path_and_the_bank_is_called_after_it(tmp_path: Path, home: Path) -> None:
    pen = an_editor(tmp_path, "core=>heart", "core=>heart")
    assert run("new", "Deep Papers", *WHERE, env=pen).returncode == 0
    assert "bank: deep-papers " in (home / "banks" / "Deep Papers.yaml").read_text(encoding="utf-8")

    elsewhere = tmp_path / "my banks" / "work.yml"
    done = run("new", str(elsewhere), *WHERE, env=pen)
    assert done.stdout.splitlines()[-1] == f"Study it: dlquiz study --bank {files.quoted(elsewhere)}"
    assert "bank: work " in elsewhere.read_text(encoding="utf-8")


def test_new_goes_on_with_a_file_that_is_there_at_its_end(tmp_path: Path, mine: Path) -> None:
    text = mine.read_text(encoding="utf-8")
    run("new", "mine", *WHERE, env=an_editor(tmp_path, "back: gradient descent=>back: descent"))

    assert mine.read_text(encoding="utf-8") == text.replace("back: gradient descent", "back: descent")


def test_a_first_text_that_nobody_wrote_over_leaves_nothing(tmp_path: Path, home: Path) -> None:
    done = run("new", *WHERE, env=an_editor(tmp_path))

    assert (done.returncode, done.stdout) == (0, "Nothing was changed.\n")
    assert not list(home.rglob("*.yaml*"))


@pytest.mark.parametrize("name", ["notes.txt", "sources.yaml", ".hidden", "🎉", ".", "/"])
def test_a_name_that_no_bank_can_have_is_told(name: str, tmp_path: Path, home: Path) -> None:
    done = run("new", name, *WHERE, env=an_editor(tmp_path))

    assert (done.returncode, started(tmp_path)) == (2, [])
    assert "Traceback" not in done.stderr
    assert not home.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the editor is a shell script")
def test_edit_opens_the_file_at_the_cards_line_and_keeps_progress(tmp_path: Path, mine: Path) -> None:
    called("study", "--card", "mine/adam.lr", *WHERE, keys="\n3\nq\n")
    vim = tmp_path / "vim"
    pen = an_editor(tmp_path, "back: 0.001=>back: 0.002")
    vim.write_text(f'#!/bin/sh\nexec {pen["EDITOR"]} "$@"\n', encoding="utf-8")
    vim.chmod(0o755)
    done = run("edit", "mine/adam.lr", *WHERE, env={"VISUAL": str(vim), "EDITOR": "never"})

    assert done.returncode == 0, done.stderr
    assert started(tmp_path) == [f"+13 {mine}"]
    assert mine.read_text(encoding="utf-8").splitlines()[12].strip().startswith("- {id: lr")
    assert '"reps": 1' in called("show", "mine/adam.lr", "--json", *WHERE).stdout


def test_a_broken_text_is_told_with_its_place_and_the_old_one_is_back(tmp_path: Path, mine: Path) -> None:
    mine.chmod(0o640)
    done = run("edit", "mine/adam", *WHERE, env=an_editor(tmp_path, "back: 0.001=>bakc: 0.001"))

    assert done.returncode == 65
    assert f"{mine}:13:" in done.stderr
    assert "'bakc' is an unknown field of a card" in done.stderr
    assert mine.read_text(encoding="utf-8") == SMALL_BANK
    assert os.name == "nt" or mine.stat().st_mode & 0o777 == 0o640
    kept = mine.with_name("mine.yaml.broken")
    assert f"what you wrote is kept in {kept}" in done.stderr
    assert "bakc: 0.001" in kept.read_text(encoding="utf-8")
    assert called("study", *WHERE, keys="").returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_at_a_terminal_the_broken_text_can_be_mended(tmp_path: Path, mine: Path) -> None:
    import pexpect

    pen = an_editor(tmp_path, "back: 0.001=>bakc: 0.002", "bakc=>back")
    command = ["-m", "dlquiz", "edit", "mine/adam.lr", *WHERE]
    child = pexpect.spawn(sys.executable, command, env={**os.environ, **pen}, encoding="utf-8", timeout=20)
    child.expect("Open it again")
    child.sendline("")
    child.expect("2 notes, 7 cards, no problems")
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 0
    assert "back: 0.002" in mine.read_text(encoding="utf-8")
    assert [path.name for path in mine.parent.iterdir()] == ["mine.yaml"]


def test_no_broken_text_is_written_over_by_the_next(tmp_path: Path, mine: Path) -> None:
    run("edit", "mine/adam", *WHERE, env=an_editor(tmp_path, "front:=>frnt:", "front:=>fnt:"))
    run("edit", "mine/adam", *WHERE, env=an_editor(tmp_path, "front:=>frnt:", "front:=>fnt:"))

    assert "frnt:" in mine.with_name("mine.yaml.broken").read_text(encoding="utf-8")
    assert "fnt:" in mine.with_name("mine.yaml.broken-2").read_text(encoding="utf-8")


def test_a_new_bank_that_is_broken_is_no_bank(tmp_path: Path, home: Path) -> None:
    done = run("new", *WHERE, env=an_editor(tmp_path, "front:=>frnt:"))

    assert done.returncode == 65
    assert "no bank was made" in done.stderr
    assert [path.name for path in (home / "banks").iterdir()] == ["mine.yaml.broken"]


@pytest.mark.usefixtures("mine")
def test_an_id_that_another_file_has_is_broken_too(tmp_path: Path) -> None:
    done = run("new", "second", *WHERE, env=an_editor(tmp_path, "bank: second=>bank: mine", "", ""))
    assert done.returncode == 0
    clash = run("edit", "mine/first-question", *WHERE, env=an_editor(tmp_path, "", "first-question=>adam"))

    assert clash.returncode == 65
    assert "the id 'mine/adam'" in clash.stderr
    assert called("status", *WHERE).returncode == 0


@pytest.mark.usefixtures("mine")
def test_an_id_that_is_gone_is_told_with_how_to_keep_its_progress(tmp_path: Path) -> None:
    done = run("edit", "mine/adam.lr", *WHERE, env=an_editor(tmp_path, "id: lr=>id: rate"))
    assert done.returncode == 0
    assert "mine/adam.lr is gone from the file; if it has a new name, write `was: [adam.lr]` there" in done.stderr

    done = run("edit", "mine/adam.gap", *WHERE, env=an_editor(tmp_path, "", "id: gap,=>id: hole, was: [adam.gap],"))
    assert "is gone" not in done.stderr


def test_another_broken_file_is_no_reason_to_refuse_a_sound_one(tmp_path: Path, home: Path) -> None:
    a_bank(home / "banks", "bank: odd\nnotes: []\n", "odd.yaml")
    done = run("new", *WHERE, env=an_editor(tmp_path, "core=>heart"))

    assert done.returncode == 0
    assert "another file keeps all banks from being read" in done.stderr
    assert "odd.yaml:2" in done.stderr


@pytest.mark.parametrize("editor", ["", "no-such-editor", '"unbalanced'])
def test_without_an_editor_a_sentence_says_where_the_card_is(editor: str, mine: Path, home: Path) -> None:
    env = {"EDITOR": editor, "VISUAL": ""}
    done = run("edit", "mine/adam.lr", *WHERE, env=env)
    assert done.returncode == 2
    assert "EDITOR" in done.stderr
    assert editor or f"open {mine} at line 13 yourself" in done.stderr
    assert mine.read_text(encoding="utf-8") == SMALL_BANK

    assert run("new", "other", *WHERE, env=env).returncode == 2
    assert not list(home.rglob("other*"))


def test_an_installed_bank_is_not_edited(tmp_path: Path) -> None:
    """The package with the bank inside, as a wheel has it."""
    package = Path(locate.__file__).parent.parent
    copy = tmp_path / "site" / "dlquiz"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__", "questions"))
    a_bank(copy / "questions", "notes: [{id: adam, question: Why?, answer: Because.}]\n", "optimizers.yaml")
    done = subprocess.run(
        [sys.executable, "-m", "dlquiz", "edit", "adam"],
        env={**os.environ, "PYTHONPATH": str(copy.parent), **an_editor(tmp_path)},
        cwd=copy.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert "belongs to the built-in bank, which an upgrade replaces" in done.stderr
    assert "`dlquiz study --card adam`" in done.stderr
    assert not started(tmp_path)


# ---- a card in one line


def test_a_card_in_one_line_can_be_studied_at_once(home: Path) -> None:
    done = called("new", "--front", "What is a bigram?", "--back", "Two tokens in a row: $p(w_2|w_1)$", *WHERE)

    path = home / "banks" / "mine.yaml"
    assert done.stdout == (
        f"added mine/what-is-a-bigram to {path}\nStudy it: dlquiz study --card mine/what-is-a-bigram\n"
    )
    assert "Two tokens in a row" in called("study", "--card", "mine/what-is-a-bigram", *WHERE, keys="\n3\n").stdout


def test_a_card_in_one_line_leaves_the_rest_of_a_file_alone(home: Path) -> None:
    text = SMALL_BANK + "      # a thought\nretired:\n  - {id: old, on: 2026-01-01}\n"
    path = a_bank(home / "banks", text)

    done = called("new", "--front", "Why?", "--back", "Because:\nso.", "--topic", "Vision Models", *WHERE)

    assert done.returncode == 0, done.stderr
    item = "  - id: why\n    topic: vision-models\n    question: Why?\n    answer: |-\n      Because:\n      so.\n"
    before, _, after = text.partition("retired:")
    assert path.read_text(encoding="utf-8") == f"{before}{item}retired:{after}"
    assert "vision-models" in called("topics", *WHERE).stdout


def test_a_topic_in_another_spelling_is_the_one_that_is_there(mine: Path) -> None:
    called("new", "--front", "Which one?", "--back", "That one.", "--topic", "optimisers")

    added = mine.read_text(encoding="utf-8").partition("which-one")[2]
    assert "That one" in added
    assert "topic:" not in added


def test_what_is_asked_already_or_has_one_side_is_refused(mine: Path) -> None:
    before = mine.read_text(encoding="utf-8")

    again = called("new", "--front", "what is  SGD?", "--back", "A step.", *WHERE)
    assert again.returncode == 2
    assert again.stderr == "dlquiz: 'mine/sgd' asks that already; change it with: dlquiz edit mine/sgd\n"
    half = called("new", "--front", "What is Lion?", *WHERE)
    assert (half.returncode, half.stderr) == (2, "dlquiz: a card has two sides: give --front TEXT and --back TEXT\n")
    assert mine.read_text(encoding="utf-8") == before


def test_a_file_that_is_no_sound_bank_takes_no_card_and_stays(mine: Path) -> None:
    mine.write_text("bank: mine\nnotes: [{id: a, question: A?, answer: B}]\n", encoding="utf-8")
    done = called("new", "--front", "What?", "--back", "That.", *WHERE)
    assert done.returncode == 65
    assert "add the card with: dlquiz new" in done.stderr

    mine.write_text("bank: mine\nnotes:\n  - {id: a, question: A?}\n", encoding="utf-8")
    done = called("new", "--front", "What?", "--back", "That.", *WHERE)
    assert (done.returncode, ":3:" in done.stderr) == (65, True)
    assert mine.read_text(encoding="utf-8").endswith("question: A?}\n")


def test_a_second_card_of_the_same_words_gets_an_id_of_its_own_in_a_file_anywhere(tmp_path: Path) -> None:
    path = str(tmp_path / "work.yaml")
    for front in ("Why not?", "Why, not?"):
        done = called("new", path, "--front", front, "--back", "Because.", *WHERE)
        assert done.returncode == 0, done.stderr

    assert done.stdout.startswith("added work/why-not-2 to ")
    assert f"--card work/why-not-2 --bank {files.quoted(Path(path))}" in done.stdout
