"""What shells are told when Tab is pressed, over the protocol that the installed scripts speak, and in the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from builders import a_bank, run

NOTES = ["mine/adam", "mine/sgd"]


@pytest.fixture
def dlquiz(tmp_path: Path) -> Path:
    """The program by its name, as shells call it."""
    program = tmp_path / "bin" / "dlquiz"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport sys\nfrom dlquiz.cli import main\nsys.argv[0] = 'dlquiz'\nmain()\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program


def completed(dlquiz: Path, line: str) -> list[str]:
    """What bash is told for a line whose last word is being typed."""
    words = line.split(" ")
    env = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_DLQUIZ_COMPLETE": "complete_bash"}
    done = subprocess.run(
        [sys.executable, str(dlquiz)],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.fixture
def compiled(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose index knows a small bank."""
    monkeypatch.setenv("DLQUIZ_BUILTIN", "0")
    path = a_bank(home / "banks")
    run("status")
    assert list(home.glob("cache/bank-*.db"))
    return path


def test_verbs_and_options_need_no_bank_and_make_nothing(dlquiz: Path, home: Path) -> None:
    assert completed(dlquiz, "dlquiz sea") == ["search"]
    assert "--topic" in completed(dlquiz, "dlquiz study --")
    assert completed(dlquiz, "dlquiz config get new") == ["new_per_day"]
    assert completed(dlquiz, "dlquiz show op") == []
    assert not home.exists()


@pytest.mark.usefixtures("compiled")
def test_topics_tags_and_ids_come_from_the_compiled_index(dlquiz: Path) -> None:
    assert completed(dlquiz, "dlquiz list --topic opt") == ["optimizers"]
    assert completed(dlquiz, "dlquiz show ") == NOTES
    assert completed(dlquiz, "dlquiz show mine/adam.l") == ["mine/adam.lr"]
    assert completed(dlquiz, "dlquiz study --card mine/s") == ["mine/sgd", "mine/sgd.batch"]
    assert completed(dlquiz, "dlquiz suspend mine/adam mine/sgd.") == ["mine/sgd.batch"]
    assert completed(dlquiz, "dlquiz study --mode s") == ["speak"]


def test_a_bank_that_changed_is_neither_compiled_nor_an_error(dlquiz: Path, compiled: Path, home: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    compiled.write_text("no bank at all: [", encoding="utf-8")
    before[compiled] = compiled.stat().st_mtime_ns

    assert completed(dlquiz, "dlquiz show mi") == []
    assert completed(dlquiz, "dlquiz sho") == ["show"]
    assert {path: path.stat().st_mtime_ns for path in home.rglob("*")} == before


@pytest.mark.usefixtures("compiled")
def test_the_bank_that_the_line_names_is_asked(dlquiz: Path, tmp_path: Path) -> None:
    other = a_bank(
        tmp_path / "other", "bank: two\nnotes: [{id: gan, question: Why?, answer: Because., tags: [rare]}]\n"
    )
    run("status", "--bank", str(other))

    assert completed(dlquiz, "dlquiz show tw") == []
    assert completed(dlquiz, f"dlquiz --bank {other} show tw") == ["two/gan"]
    assert completed(dlquiz, f"dlquiz list --bank {other} --tag ra") == ["rare"]
    assert completed(dlquiz, "dlquiz --bank no/such.yaml show mi") == []


@pytest.mark.usefixtures("compiled")
def test_powershell_is_told_too(dlquiz: Path) -> None:
    env = {
        "_TYPER_COMPLETE_ARGS": "dlquiz show mine/adam.l",
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": "mine/adam.l",
        "_DLQUIZ_COMPLETE": "complete_powershell",
    }
    done = subprocess.run(
        [sys.executable, str(dlquiz)],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split(":::")[0] == "mine/adam.lr"


BASH = (
    'eval "$(dlquiz --show-completion)"; COMP_WORDS=(dlquiz show mine/adam.l); COMP_CWORD=2; _dlquiz_completion dlquiz;'
    ' echo "${COMPREPLY[@]}"'
)
FISH = 'dlquiz --show-completion | source; complete -C "dlquiz show mine/adam.l"'
ZSH = (
    'compdef() { : }; eval "$(dlquiz --show-completion)"; _arguments() { print -r -- "$@" };'
    " words=(dlquiz show mine/adam.l); CURRENT=3; _dlquiz_completion"
)


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(
    ("shell", "options", "script"),
    [("bash", ["--norc"], BASH), ("fish", ["--no-config"], FISH), ("zsh", ["-f"], ZSH)],
)
def test_the_script_that_a_shell_gets_works_in_it(dlquiz: Path, shell: str, options: list[str], script: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} here")
    env = {**os.environ, "PATH": f"{dlquiz.parent}{os.pathsep}{os.environ['PATH']}", "TERM": "dumb"}
    done = subprocess.run(
        [program, *options, "-c", script], env=env, capture_output=True, text=True, timeout=60, check=False
    )

    assert "mine/adam.lr" in done.stdout, done.stderr


def test_installing_writes_only_what_the_shell_reads(dlquiz: Path, tmp_path: Path, home: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    user = tmp_path / "user"
    user.mkdir()
    env = {**os.environ, "HOME": str(user), "PATH": f"{dlquiz.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [bash, "--norc", "-c", "dlquiz --install-completion; exit $?"],
        env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in user.rglob("*") if path.is_file()) == [".bashrc", "dlquiz.sh"]
    assert not home.exists()
