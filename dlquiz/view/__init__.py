"""Values to renderables: styled text (`styled`) and Rich's. Decides how things look, never what they are; meaning never rests on colour
alone. Rich takes longer to import than all the rest before a sitting's first question, which does without it: so it is imported where
something is drawn through it."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from dlquiz import calendar, maths
from dlquiz.card import Memory, Rating
from dlquiz.text import pictures, printable
from dlquiz.view import styled
from dlquiz.view.sheet import size
from dlquiz.view.styled import WIDEST, Indented, Text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

NAMES = {Rating.AGAIN: "again", Rating.HARD: "hard", Rating.GOOD: "good", Rating.EASY: "easy"}
_BLOCKS = re.compile(r"^\s*(```|~~~|\||[-*+] |\d+\. |>|#)|\n\n", re.MULTILINE)
_MARKS = re.compile(r"\\(?=[!-/:-@\[-`{-~\s]|$)|&#?\w+;|\]\(")  # escaped punctuation, a broken line, an entity, a link
_INLINE = re.compile(r"(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)")

_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?!\d)")
_JOINT = "\ufdd0"  # no character: it stands in no text


def console(*, plain_text: bool) -> Console:
    """Where everything is printed; `plain_text` never emits a control sequence."""
    from rich.console import Console, ConsoleDimensions
    from rich.theme import Theme

    theme = Theme(styled.STYLES)
    if plain_text:
        return Console(
            force_terminal=False,
            color_system=None,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
            theme=theme,
        )
    screen = Console(highlight=False, markup=False, emoji=False, theme=theme)
    if screen.is_dumb_terminal:  # Rich takes its width for 80 columns
        screen.size = ConsoleDimensions(*size())
    return screen


def page(*, screen: bool) -> Console:
    """Where results are printed: with styles on a screen, and where FORCE_COLOR asks for them and NO_COLOR does not forbid."""
    forced = os.environ.get("FORCE_COLOR", "") not in ("", "0") and not os.environ.get("NO_COLOR")
    return console(plain_text=not (screen or forced))


def put(console: Console, item: RenderableType) -> None:
    """Print; where no terminal is, without the blanks that Rich fills lines up with, and at once."""
    if console.is_terminal:
        console.print(item, crop=False)
        return
    with console.capture() as captured:
        console.print(item, crop=False)
    console.file.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))
    console.file.flush()


class Readable:
    """Markdown no wider than reads well."""

    def __init__(self, text: str, forms: Mapping[str, str]) -> None:
        self._source, self._forms = text, forms

    @cached_property
    def text(self) -> str:
        """Made when it is first shown: what nobody reads costs nothing."""
        from dlquiz.text import tags  # 7 ms of patterns, which the first card must not wait for

        return maths.readable(tags.markdown(printable.clean(pictures.in_words(self._source))), self._forms)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.segment import Segment

        from dlquiz.view import markdown  # Rich's parser, 60 ms: never before the first card is on the screen

        width = min(options.max_width, WIDEST)
        page = markdown.MarkdownPage(_joined(self.text), hyperlinks=False)
        for text, style, control in console.render(page, options.update(width=width)):
            clean = printable.clean(text.replace(_JOINT, " "))  # Markdown decodes `&#x202e;` and `<http://x/%1B>`
            yield Segment(clean, style, control)


def warm() -> None:
    """Import what turning a card over needs, while somebody reads the question."""
    import dlquiz.maths.parser
    import dlquiz.view.markdown  # noqa: F401 - both for their side effect of being there


def _has_tags(text: str) -> bool:
    from dlquiz.text import tags

    return tags.meant(text)


def prose(text: str, forms: Mapping[str, str], style: str = "") -> RenderableType:
    """Text of one paragraph without the cost of a Markdown parser; anything richer goes through it."""
    text = pictures.in_words(text)
    if _BLOCKS.search(text) or ("<" in text and _has_tags(text)):
        return Readable(text, forms)
    plain = maths.plain(printable.clean(" ".join(text.split())), forms)
    if _MARKS.search(plain):
        return Readable(text, forms)
    out = Prose(style=style)
    for span in _INLINE.split(plain):
        if span.startswith("`"):
            out.append(span[1:-1], "bold")
        elif span.startswith("**"):
            out.append(span[2:-2], "bold")
        elif span.startswith("*") and len(span) > 2:
            out.append(span[1:-1], "italic")
        else:
            out.append(span)
    return out


class Prose(Text):
    """Text whose numbers are never broken between their groups of digits: `1 000`."""

    def breaks(self, width: int) -> list[int]:
        return styled.breaks(_GROUPS.sub(lambda number: number[0].replace(" ", "0"), self.plain), width)


def _joined(text: str) -> str:
    """With something that is no space between the groups of digits, as long as lines are broken."""
    return _GROUPS.sub(lambda number: number[0].replace(" ", _JOINT), text)


def narrow(item: RenderableType, indent: int = 2) -> RenderableType:
    return Indented(item, indent)


def interval(value: int) -> str:
    """`10 min`, `4 days`, `2.5 months`: a promised interval, days or negative seconds."""
    if value < 0:
        return f"{max(1, round(-value / 60))} min"
    if value == 1:
        return "1 day"
    if value < 60:
        return f"{value} days"
    if value < 365:
        return f"{value / 30.44:.1f} months"
    return f"{value / 365.25:.1f} years"


def due(memory: Memory) -> str:
    """YYYY-MM-DD in review, HH:MM in steps."""
    return memory.due_day.isoformat() if memory.due_ms is None else calendar.clock(memory.due_ms)


def rows(
    lines: Sequence[tuple[str, ...]], headings: Sequence[str], figures: Collection[str] = frozenset()
) -> RenderableType:
    """A plain table whose last column takes what width is left.

    Args:
        lines: Its cells.
        headings: One for each column.
        figures: The headings of those whose numbers stand under one another.
    """
    from rich import text
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for n, heading in enumerate(headings):
        side: Literal["right", "left"] = "right" if heading in figures else "left"
        table.add_column(heading, overflow="fold", no_wrap=n == 0 and len(headings) > 2, justify=side)
    for line in lines:
        table.add_row(*(text.Text(printable.clean(cell)) for cell in line))
    return table
