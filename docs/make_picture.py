"""Exports the README's picture from the program's own views: python docs/make_picture.py"""

from __future__ import annotations

import io
import os
import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text
from rich.theme import Theme

from dlquiz import card_text, collection, session, view
from dlquiz.card import Rating
from dlquiz.terminal import clock
from dlquiz.view import card as card_layout

HERE = Path(__file__).resolve().parent
CARD = "epochs-and-batches"
SAID = "abd"
# Rich's own frame without the web font: a picture must not fetch anything.
FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img"
aria-label="A sitting in dlquiz: a question, the short answer, key points to tick and four rating keys">
<style>.{unique_id}-matrix {{font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px;
line-height: {line_height}px; font-variant-east-asian: full-width;}}
.{unique_id}-title {{font-size: 18px; font-weight: bold; font-family: sans-serif;}}
{styles}</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
{chrome}<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g></g></svg>
"""


def main() -> None:
    console = Console(
        record=True,
        width=84,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
        theme=Theme(view.STYLES),
    )
    with tempfile.TemporaryDirectory() as home:
        os.environ["DLQUIZ_HOME"] = home
        with collection.opened(collection.BankPaths(), write=False) as col:
            _draw(console, col)
    picture = console.export_svg(title="dlquiz study", theme=MONOKAI, code_format=FRAME, unique_id="dlquiz")
    (HERE / "sitting.svg").write_text(re.sub(r"[ \t]+\n", "\n", picture), encoding="utf-8")


def _draw(console: Console, col: collection.Collection) -> None:
    """A card with its answer, some of its points ticked."""
    moment = col.now()
    start = session.Session(queue=tuple(col.bank.in_order())[:9])
    state = session.show(start, col.card_view(CARD, moment), "speak")
    card_view = state.card_view
    assert card_view is not None
    state = session.reveal(state, 74_000)
    for letter in SAID:
        state = session.tick(state, letter)
    counts = session.counts(state, {})
    for part in card_layout.live_header(state, card_view, "", counts, low=False):
        console.print(part)
    console.print(Text())
    console.print(card_layout.pinned(card_view))
    console.print(Text())
    console.print(view.narrow(view.Readable(card_text.first_answer(card_view), card_view.card.forms)))
    for part in card_layout.ticked_points(state, f"You spoke for {clock.told(74)}."):
        console.print(part)
    suggested = session.suggestion(state) or Rating.GOOD
    console.print(Text())
    console.print(card_layout.rating_keys(card_view, suggested))
    console.print(Text(card_layout.taken(state, suggested)))


if __name__ == "__main__":
    main()
