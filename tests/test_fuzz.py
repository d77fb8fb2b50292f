"""Whatever a bank's file holds: a sentence or a clean end, and nothing that acts on a terminal. `make fuzz` tries ten thousand."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from banks_at_random import FOLDERS, Folder
from builders import Called, called
from fuzzed import FOUND, Found
from hypothesis import HealthCheck, Phase, given, seed, settings
from rich.console import Console

from dlquiz import collection, view
from dlquiz.text import printable

COUNT = int(os.environ.get("FUZZ", "40"))
SEED = int(os.environ.get("FUZZ_SEED", "20261124"))
LOCATED = re.compile(r".+\.yaml:[1-9]\d*:[1-9]\d*: (error|advice): .+; .+")
MORE = re.compile(r"\.\.\. and \d+ more; `dlquiz check` lists all")  # the last line where there are very many
STYLE = re.compile(r"\x1b\[[\d;]*m")  # what Rich colours with


def harmless(done: Called, *codes: int) -> Called:
    """The run, if it ended as one of these and printed nothing that a terminal would act on."""
    assert done.returncode in codes, done
    for text in (done.stdout, done.stderr):
        assert printable.clean(text) == text
        assert "Traceback" not in text
    return done


def try_out(folder: Path) -> None:
    """Every verb that reads banks, on this folder's."""
    path = str(folder / "mine.yaml")
    bank = ["--no-builtin", "--bank", path]
    checked = harmless(called("check", "--strict", path), 0, 65).stdout.splitlines()
    assert all(LOCATED.fullmatch(line) for line in checked)
    errors = [line for line in checked if ": error: " in line]

    listed = harmless(called("list", "--json", *bank), 65 if errors else 0)
    if errors:
        assert listed.stdout == ""
        told = listed.stderr.removeprefix("dlquiz: ").splitlines()
        assert told
        assert all(line in errors or MORE.fullmatch(line) for line in told)
        return
    notes = [row["id"] for row in json.loads(listed.stdout)]
    cards = [card["id"] for row in json.loads(listed.stdout) for card in row["cards"]]
    for verb in (
        [],
        ["list"],
        ["topics"],
        ["topics", "--json"],
        ["random", "--seed", "1", "--count", "50"],
        *(["show", each] for each in notes),
    ):
        harmless(called(*verb, *bank), 0)
    for card in cards:
        harmless(called("show", card, "--json", *bank), 0)
    sitting = harmless(called("study", "--new", "99", *bank, keys="\n! odd\n3\n" * (len(cards) + 1)), 0)
    assert re.search(r"^saved\b", sitting.stdout, re.MULTILINE)  # an id longer than the line stands on the next one
    on_a_terminal(Path(path))


def on_a_terminal(path: Path) -> None:
    """Every text as a terminal would get it: Rich's colours and nothing else that acts."""
    drawn = StringIO()
    console = Console(file=drawn, force_terminal=True, width=60, highlight=False, markup=False, emoji=False)
    with collection.opened_bank(collection.BankPaths((path,), builtin=False)) as bank:
        for note in bank.note_ids():
            for text in texts_of(bank.fields(note)):
                console.print(view.Readable(text, {}))
                console.print(view.prose(text, {text: text}))
    shown = STYLE.sub("", drawn.getvalue())
    assert printable.clean(shown) == shown


def texts_of(value: Any) -> Iterator[str]:
    """Every text in it, keys too."""
    if isinstance(value, dict):
        yield from (text for pair in value.items() for each in pair for text in texts_of(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in texts_of(each))
    elif isinstance(value, str):
        yield value


def a_folder(where: Path, files: Folder) -> Path:
    (where / "mine.yaml").write_bytes(files.bank)
    if files.sources is not None:
        (where / "sources.yaml").write_bytes(files.sources)
    return where


@seed(SEED)
@settings(
    max_examples=COUNT,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes longer than cutting a find down by hand
)
@given(FOLDERS)
def test_whatever_a_bank_holds_ends_with_a_sentence_or_cleanly(files: Folder) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DLQUIZ_HOME", f"{name}/home")
        try_out(a_folder(Path(name), files))


@pytest.mark.parametrize("row", FOUND, ids=lambda row: row.found.replace(" ", "-"))
def test_what_was_found_once_is_not_found_again(row: Found, tmp_path: Path) -> None:
    try_out(a_folder(tmp_path, row.files))
