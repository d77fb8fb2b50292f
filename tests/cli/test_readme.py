"""The README's commands, read from the README itself, typed one after the other by somebody who has just installed it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import called, run

if sys.platform == "win32":
    pytest.skip("the commands are a POSIX shell's", allow_module_level=True)

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETUPS = re.findall(r"```sh\n(.+?)\n```", README, re.DOTALL)
ROWS = [tuple(row) for row in re.findall(r"^\| (`.+) \| (.+) \|$", README, re.MULTILINE)]
INLINE = re.findall(r"`((?:[^`]*\| )?dlquiz [a-z][^`]+)`", README.partition("## Five minutes")[2])
KEYS = "\n3\n" * 3  # the answer, good; then the input ends
FILES = {
    "check": "home/banks/mine.yaml", "backup": "here.db", "restore": "here.db", "export": "all.json", "import": "all.json",
}  # fmt: skip


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where `dlquiz` is on the path, and an editor that writes a line."""
    command = tmp_path / "bin" / "dlquiz"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dlquiz "$@"\n')
    command.chmod(0o755)
    editor = tmp_path / "editor.py"
    editor.write_text("import sys\nwith open(sys.argv[-1], 'a') as file: file.write('# mine\\n')\n")
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("EDITOR", f'"{sys.executable}" "{editor}"')
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


def commands(cell: str) -> list[str]:
    return re.findall(r"`(dlquiz[^`]*)`", cell)


def filled_in(command: str) -> str:
    """With something in place of ID and FILE, and a day to come for one that may be past."""
    if re.search(r"\bID\b", command):
        notes = json.loads(run("list", "--json").stdout)
        command = re.sub(r"\bID\b", next(note["id"] for note in notes if "/" in note["id"]), command)
    if "FILE" in command:
        command = command.replace("FILE", FILES[command.split()[1]])
    return re.sub(r"\d{4}-\d\d-\d\d", str(datetime.now(UTC).date() + timedelta(days=68)), command)


def test_ci_runs_the_command_for_the_tests_as_it_stands_here() -> None:
    assert SETUPS[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_command_works_in_the_order_of_the_page(newcomer: Path) -> None:
    rows = (command for first, _ in ROWS for command in commands(first))
    tour = [SETUPS[0].rsplit("/", 1)[1], *dict.fromkeys([*rows, *INLINE])]
    tour.remove("dlquiz check --strict")  # which tests/test_questions.py types
    assert len(tour) > 30
    for command in tour:
        done = subprocess.run(
            ["/bin/sh", "-c", filled_in(command)],
            input=KEYS, capture_output=True, encoding="utf-8", cwd=newcomer, timeout=60, check=False,
            env={**os.environ, "DLQUIZ_HOME": str(newcomer / "home")},
        )  # fmt: skip
        assert done.returncode == 0, f"{command}: {done.stderr}"
        assert done.stdout or done.stderr, command


def test_what_the_tour_says_of_a_command_is_in_its_help() -> None:
    for first, second in ROWS:
        for option in re.findall(r"`(--[a-z]+)`", second):
            for command in commands(first):
                assert option in called(*command.split()[1:2], "--help").stdout, f"{command} {option}"


def test_setting_up_takes_what_the_project_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runs, tests = (setup.split(" && ") for setup in SETUPS)

    assert runs[0] == tests[0] == "python3 -m venv .venv"
    assert runs[1:] == [".venv/bin/python -m pip install -q .", ".venv/bin/dlquiz study"]
    assert tests[1:] == [".venv/bin/python -m pip install -q -e '.[dev]'", ".venv/bin/python -m pytest -n auto"]
    assert "dlquiz" in project["scripts"]
    assert any(need.startswith("pytest") for need in project["optional-dependencies"]["dev"])
