"""Records the README's pictures from the real program on an emulated terminal: python docs/make_picture.py

POSIX only, needs the extra `dev`.

`sitting.svg` stands still; `moving.svg` shows a plan, a sitting and a mock interview's debrief one after the other.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from screen import Terminal  # noqa: E402 - the tests' emulated terminal, found through the line above

COLUMNS, ROWS = 84, 24
CELL, LINE, MARGIN, BAR = 8.43, 18, 12, 34  # pixels
GROUND, INK, QUIET = "#1d1f21", "#d5d8d6", "#8b8f8e"
COLOURS = {
    "red": "#e06c75", "green": "#98c379", "magenta": "#c678dd", "brightblue": "#61afef", "brown": "#e5c07b", "cyan": "#56b6c2",
    "blue": "#61afef",
}  # fmt: skip
QUIET_S = 0.4  # a screen that stands still for so long is drawn
ALT = "A plan towards an interview, a sitting with its key points ticked, and the debrief of a mock interview"

A_HOME = "/home/me/.dlquiz"  # what the pictures say in place of a folder of this machine


class Frame(NamedTuple):
    rows: tuple[str, ...]  #: each an SVG text, "" for an empty one
    seconds: float


class Cell(NamedTuple):
    """What a character of the screen looks like."""

    colour: str
    bold: bool
    italic: bool
    reverse: bool


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"DLQUIZ_HOME": home, "PS1": "$ "}
        frames = list(_recorded(Terminal(["bash", "--norc", "--noprofile", "-i"], COLUMNS, ROWS)))
    still = max(frames, key=lambda frame: sum("✓" in row for row in frame.rows))
    (HERE / "sitting.svg").write_text(_picture([still._replace(seconds=1)]), encoding="utf-8")
    moving = _picture(frames).replace(home, A_HOME.ljust(len(home)))
    (HERE / "moving.svg").write_text(moving, encoding="utf-8")


def _recorded(terminal: Terminal) -> Iterator[Frame]:
    """The screens of one short story."""
    dlquiz = f"{sys.executable} -m dlquiz"
    terminal.type(f'dlquiz() {{ {dlquiz} "$@"; }}; clear\n')
    _settle(terminal)
    interview = datetime.now().astimezone().date() + timedelta(days=21)
    story: list[tuple[str, str, float]] = [
        (f"dlquiz plan --date {interview} --minutes 20\n", ":$", 4),
        ("q", r"\$$", 0),
        ("clear; dlquiz study --card epochs-and-batches --card neuron.combines\n", "done speaking", 3),
        (" ", "Which of these", 3),
        ("a", "✓ a", 0.7),
        ("b", "✓ b", 0.7),
        ("d", "✓ d", 2),
        (" ", "what is asked next", 2.5),
        ("\n", "1-4 pick", 2),
        ("1", "You picked", 2.5),
        ("4", r"answers: [^$]*\$$", 4),
        ("clear; dlquiz interview --questions 1 --topic optimizers --seed picture\n", "done", 3),
        ("s", "Which of these", 2),
        ("ab", "said a b", 3),
        (" ", r"kept [^$]*\$$", 4),
    ]
    for keys, pattern, seconds in story:
        terminal.type(keys)
        terminal.until(lambda: re.search(pattern, terminal.now().rstrip()) is not None, pattern)  # noqa: B023 - called at once
        _settle(terminal)
        if seconds:
            yield Frame(tuple(_rows(terminal)), seconds)
    terminal.child.close(force=True)


def _settle(terminal: Terminal) -> None:
    """Wait until the screen stands still, but for a running clock."""
    end = time.monotonic() + 3 * QUIET_S
    while time.monotonic() < end:
        before = len(terminal.raw)
        terminal.pump(QUIET_S)
        if len(terminal.raw) == before:
            return


def _rows(terminal: Terminal) -> Iterator[str]:
    screen: Any = terminal.screen
    for y in range(ROWS):
        cells = [screen.buffer[y][x] for x in range(COLUMNS)]
        styled = [(cell.data or "", Cell(cell.fg, cell.bold, cell.italics, cell.reverse)) for cell in cells]
        spans, x = [], 0
        for cell, run in groupby(styled, key=lambda pair: pair[1]):
            text = "".join(data for data, _ in run)
            if text.strip() or cell.reverse:
                spans.append(_span(text, cell, x))
            x += len(text)
        yield "".join(spans)


def _span(text: str, cell: Cell, x: int) -> str:
    left, width = MARGIN + x * CELL, len(text) * CELL
    fill = COLOURS.get(cell.colour, INK)
    ground = f'<rect x="{left:.1f}" y="-13" width="{width:.1f}" height="{LINE}" fill="{fill}"/>' if cell.reverse else ""
    style = (' font-weight="bold"' if cell.bold else "") + (' font-style="italic"' if cell.italic else "")
    ink = GROUND if cell.reverse else fill
    return f'{ground}<text x="{left:.1f}" fill="{ink}" textLength="{width:.1f}"{style}>{escape(text)}</text>'


def _picture(frames: list[Frame]) -> str:
    width, height = 2 * MARGIN + COLUMNS * CELL, BAR + ROWS * LINE + MARGIN
    total, begun = sum(frame.seconds for frame in frames), 0.0
    styles, groups = [], []
    for n, frame in enumerate(frames):
        rows = "".join(
            f'<g transform="translate(0 {BAR + LINE * y + 13})">{row}</g>' for y, row in enumerate(frame.rows) if row
        )
        groups.append(f'<g id="f{n}">{rows}</g>')
        if len(frames) > 1:
            opacities = {0.0: 0, 100 * begun / total: 1, 100 * (begun + frame.seconds) / total: 0}
            steps = "".join(f"{percent:.2f}%{{opacity:{opacity}}}" for percent, opacity in opacities.items())
            styles.append(f"@keyframes k{n}{{{steps}}}#f{n}{{opacity:0;animation:k{n} {total:.1f}s step-end infinite}}")
        begun += frame.seconds
    font = 'ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace'
    return (
        f'<svg viewBox="0 0 {width:.0f} {height}" xmlns="http://www.w3.org/2000/svg" xml:space="preserve" role="img" aria-label="{ALT}">\n'
        f"<style>text{{font:14px {font};white-space:pre}}{''.join(styles)}</style>\n"
        f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>\n'
        f'<g fill="{QUIET}"><circle cx="18" cy="16" r="5"/><circle cx="36" cy="16" r="5"/><circle cx="54" cy="16" r="5"/></g>\n'
        + "\n".join(groups)
        + "\n</svg>\n"
    )


if __name__ == "__main__":
    main()
