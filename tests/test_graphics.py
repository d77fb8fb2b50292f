"""Pictures inside a terminal: who is sent them, how large, in which form."""

from __future__ import annotations

import os
import re
import shutil
import sys
from base64 import b64decode
from pathlib import Path

import pytest

from dlquiz.interactive.picture_show import PictureShow
from dlquiz.terminal import graphics
from dlquiz.terminal.graphics import Protocol

PICTURE = (
    Path(__file__).resolve().parents[1] / "questions" / "media" / "lstm-cell.svg"
)  # 420 by 470, its PNG twice that


@pytest.mark.parametrize(
    ("environ", "protocol"),
    [
        ({"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}, Protocol.KITTY),
        ({"TERM": "xterm-ghostty"}, Protocol.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Protocol.ITERM2),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, Protocol.ITERM2),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, Protocol.ITERM2),
        ({"TERM": "xterm-256color"}, None),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1", "TMUX": "/tmp/tmux"}, None),
        ({"TERM": "screen", "LC_TERMINAL": "iTerm2"}, None),
        ({"TERM": "xterm-kitty", "DLQUIZ_PICTURES": "viewer"}, None),
        ({"TERM": "foot", "DLQUIZ_PICTURES": "iterm2"}, Protocol.ITERM2),
        ({}, None),
    ],
)
def test_only_a_terminal_that_says_so_gets_pictures(environ: dict[str, str], protocol: Protocol | None) -> None:
    assert graphics.spoken(environ, "linux") == protocol


def test_the_windows_console_gets_none() -> None:
    assert graphics.spoken({"TERM_PROGRAM": "WezTerm"}, "win32") is None


def test_kitty_is_sent_the_png_in_pieces_as_large_as_there_is_room() -> None:
    image = graphics.image(Protocol.KITTY, PICTURE, 76, 18, (9, 18))

    assert image
    assert image.rows == 18
    pieces = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", image.draw)
    assert pieces[0][0].startswith("a=T,f=100,t=d,")
    assert "c=32,r=18" in pieces[0][0]  # 840/940 of 18 rows of 18 pixels, in columns of 9
    assert "C=1" in pieces[0][0]
    assert [head[-3:] for head, _ in pieces] == ["m=1"] * (len(pieces) - 1) + ["m=0"]
    assert max(len(text) for _, text in pieces) <= 4096
    assert b64decode("".join(text for _, text in pieces)) == PICTURE.with_suffix(".png").read_bytes()
    assert image.erase.startswith("\x1b_Ga=d,d=I,")


def test_a_picture_is_never_larger_than_it_is() -> None:
    image = graphics.image(Protocol.KITTY, PICTURE, 500, 500, (10, 20))

    assert image
    assert "c=84,r=47" in image.draw


def test_iterm2_is_sent_the_file_and_its_room() -> None:
    image = graphics.image(Protocol.ITERM2, PICTURE, 20, 90, (10, 20))

    assert image
    assert image.draw.startswith("\x1b]1337;File=inline=1;size=")
    assert "width=20;height=11;" in image.draw
    assert image.draw.endswith("\x07")
    assert image.erase == ""


def test_what_the_terminal_cannot_show_is_left_to_the_viewer(tmp_path: Path) -> None:
    lonely = shutil.copy(PICTURE, tmp_path / "lonely.svg")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff")
    (tmp_path / "large.png").write_bytes(graphics.PNG + bytes(graphics.MAX_BYTES))

    for protocol in Protocol:
        assert graphics.image(protocol, Path(lonely), 80, 24) is None
        assert graphics.image(protocol, tmp_path / "none.png", 80, 24) is None
        assert graphics.image(protocol, tmp_path / "large.png", 80, 24) is None
    assert graphics.image(Protocol.KITTY, photo, 80, 24) is None
    assert graphics.image(Protocol.ITERM2, photo, 80, 24)


def test_a_cell_has_a_size_also_where_the_terminal_tells_none() -> None:
    readable, writable = os.pipe()
    assert graphics.cell_size(readable) == graphics.CELL
    os.close(readable)
    os.close(writable)


def test_some_pictures_are_shown_where_no_viewer_shows_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff")
    both = {"picture 1 of 2": PICTURE, "picture 2 of 2": photo}
    monkeypatch.setenv("DLQUIZ_PICTURES", "kitty")
    monkeypatch.setenv("DLQUIZ_VIEWER", "feh")
    assert not PictureShow(both).possible
    assert PictureShow({"picture": PICTURE}).possible

    for name in ("DLQUIZ_VIEWER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    show = PictureShow(both)
    if sys.platform == "linux":
        assert show.possible
    assert (show.name, show.hints()[0]) == ("picture 1 of 2", ("Space", "next picture"))
    assert show.turn(1)
    assert show.name == f"picture 2 of 2: {photo}"
    assert show.hints() == [("Space", "back to the card")]
    assert not show.turn(1)
