"""The README's tour, command by command, by the real program, in the order in which a reader types them."""

from __future__ import annotations

import re
import shlex
import sys
from datetime import date, timedelta
from pathlib import Path

from builders import run

README = Path(__file__).resolve().parents[2] / "README.md"
KEYS = {"study": "\n3\n\n1\n", "interview": "\ns\ns\ns\ns\n"}  # a few answers, then the end of input
PLACEHOLDERS = {"ID": "mine/first", "FILE": "kept"}


def _commands() -> list[list[str]]:
    """The words after `dlquiz` of every command in the tour's first column and in the text, in reading order."""
    text = README.read_text(encoding="utf-8")
    tour = text.split("\n## Five minutes\n")[1].split("\n## ")[0]
    column = [line.split("|")[1] for line in tour.splitlines() if line.startswith("| `")]
    return [shlex.split(words) for words in re.findall(r"`dlquiz ?([^`]*)`", "\n".join(column))]


def _in_days(words: list[str], days: int) -> list[str]:
    """A date of the README's will be past one day; the command is tried as a reader of today would type it."""
    day = (date.today() + timedelta(days=days)).isoformat()
    return [re.sub(r"\d{4}-\d\d-\d\d", day, word) for word in words]


def test_every_command_of_the_tour_does_what_it_is_there_for(tmp_path: Path) -> None:
    writer = tmp_path / "writer.py"
    writer.write_text(
        "import sys\nfrom pathlib import Path\n"
        "note = 'bank: mine\\nnotes:\\n  - id: first\\n    question: What is kept?\\n    answer: What was said.\\n'\n"
        "Path(sys.argv[-1]).write_text(note, encoding='utf-8')\n",
        encoding="utf-8",
    )
    env = {"EDITOR": f'"{sys.executable}" "{writer}"', "VISUAL": ""}
    commands = _commands()
    failed = []
    for words in commands:
        typed = [PLACEHOLDERS.get(word, word) for word in _in_days(words, 40)]
        if typed[:1] == ["export"]:
            typed[1] = str(tmp_path / typed[1])
        done = run(*typed, keys=KEYS.get(typed[0] if typed else "", ""), env=env)
        if done.returncode or not (done.stdout + done.stderr).strip():
            failed.append((words, done.returncode, done.stdout[-300:], done.stderr[-300:]))

    assert len(commands) > 15
    assert not failed
    assert (tmp_path / "deck.apkg").stat().st_size > 100_000


def test_the_readme_names_no_verb_and_no_option_that_is_not_there() -> None:
    text = README.read_text(encoding="utf-8")
    pages = {"": run("--help").stdout}
    for words in re.findall(r"\bdlquiz ([a-z]+(?: [^`|\n]*)?)[`|]", text):
        verb, *rest = words.split()
        page = pages.setdefault(verb, run(verb, "--help").stdout)
        assert f"dlquiz {verb}" in page, words
        assert all(option in page for option in rest if option.startswith("--")), words
