"""Exports the README's picture from the program's own views: python docs/make_picture.py"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from dlquiz import card_text, session, view
from dlquiz import collection as dlquiz_collection
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
        record=True, width=84, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False
    )
    with tempfile.TemporaryDirectory() as home:
        bank = dlquiz_collection.index.open_bank(
            [dlquiz_collection.index.Root(HERE.parent / "questions", builtin=True)], None
        )
        table = dlquiz_collection.Collection(
            dlquiz_collection.config.Home(Path(home)), dlquiz_collection.config.Settings(), bank, None
        )
        moment = table.now()
        start = session.Session(queue=tuple(table.bank.in_order())[:9])
        state = session.show(start, table.card_view(CARD, moment), "speak")
        card_view = state.card_view
        assert card_view is not None
        console.print(card_layout.header(state, card_view, "", with_id=True))
        console.print(card_layout.question(card_view))
        console.print(Text())
        console.print(view.narrow(view.Readable(card_text.first_answer(card_view), card_view.card.forms)))
        for part in card_layout.key_points(card_view, f"You spoke for {clock.told(74)}."):
            console.print(part)
        for letter in SAID:
            state = session.tick(state, letter)
        suggested = session.suggestion(state) or Rating.GOOD
        console.print(Text())
        console.print(card_layout.rating_keys(card_view, suggested))
        console.print(Text(card_layout.ticked(state, suggested)))
        bank.close()
    picture = console.export_svg(title="dlquiz study", theme=MONOKAI, code_format=FRAME, unique_id="dlquiz")
    (HERE / "sitting.svg").write_text(re.sub(r"[ \t]+\n", "\n", picture), encoding="utf-8")


if __name__ == "__main__":
    main()
