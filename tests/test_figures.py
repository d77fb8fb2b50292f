"""The bank's pictures: drawn by the script that stays, safe to embed, each with its words."""

from __future__ import annotations

import hashlib
import re
import struct
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dlquiz.bank import index
from dlquiz.card import Figure

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT / "questions"
PICTURES = sorted(QUESTIONS.joinpath("media").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
DRAWN_WITH = {"svg", "title", "desc", "style", "defs", "marker", "rect", "circle", "path", "text", "tspan"}


@pytest.fixture(scope="module")
def figures() -> list[Figure]:
    bank = index.open_bank([index.Root(QUESTIONS, builtin=True)], None)
    found = [figure for note in bank.note_ids() for figure in bank.note(note).figures]
    bank.close()
    return found


def test_what_is_committed_is_what_the_script_draws(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-B", ROOT / "docs" / "figures" / "figures.py", tmp_path], check=True)

    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert drawn == {path.name: path.read_bytes() for path in PICTURES}


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_runs_nothing_fetches_nothing_and_says_what_it_is(path: Path) -> None:
    text = path.read_text("utf-8")
    picture = ElementTree.fromstring(text)

    parts = [*picture.iter()]
    assert {part.tag.removeprefix(SVG) for part in parts} <= DRAWN_WITH
    assert not [name for part in parts for name in part.attrib if name.startswith("on") or name.endswith("href")]
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org/2000/svg\")|&(?!lt;|gt;|amp;|#x27;|quot;)", text)
    assert [part.tag for part in picture[:2]] == [SVG + "title", SVG + "desc"]
    assert all(part.text for part in picture[:2])
    assert len(text) < 20_000


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_beside_each_picture_lies_a_png_made_from_it(path: Path) -> None:
    raw, svg = path.with_suffix(".png").read_bytes(), path.read_bytes()

    assert f"svg-sha256\0{hashlib.sha256(svg).hexdigest()}".encode() in raw, "run: make figures"
    size = ElementTree.fromstring(svg).attrib["viewBox"].split()[2:]
    assert struct.unpack(">II", raw[16:24]) == tuple(2 * int(side) for side in size)
    assert len(raw) < 80_000


def test_nothing_else_lies_there() -> None:
    names = {path.stem for path in PICTURES}
    assert {(path.stem in names, path.suffix in (".svg", ".png")) for path in PICTURES[0].parent.iterdir()} == {
        (True, True)
    }


def test_every_picture_hangs_on_a_note_and_is_there(figures: list[Figure]) -> None:
    assert sorted(figure.file for figure in figures) == [f"media/{path.name}" for path in PICTURES]


def test_every_picture_has_words_and_a_text_diagram_that_fits_a_terminal(figures: list[Figure]) -> None:
    for figure in figures:
        assert 100 < len(figure.alt) < 300, figure.file
        assert 0 < max(map(len, figure.text.splitlines())) <= 76, figure.file
