"""Values to Rich renderables. Decides how things look, never what they are; meaning never rests on colour alone."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

from rich.cells import cell_len
from rich.console import Console, ConsoleDimensions, ConsoleOptions, RenderableType, RenderResult
from rich.containers import Lines
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from rich.theme import Theme

from dlquiz import calendar, maths
from dlquiz.card import Memory, Rating
from dlquiz.text import printable

WIDEST = 100  # columns of prose; longer lines are hard to read
NAMES = {Rating.AGAIN: "again", Rating.HARD: "hard", Rating.GOOD: "good", Rating.EASY: "easy"}
_BLOCKS = re.compile(r"^\s*(```|~~~|\||[-*+] |\d+\. |>|#)|\n\n", re.MULTILINE)
_MARKS = re.compile(r"\\(?=[!-/:-@\[-`{-~\s]|$)|&#?\w+;|\]\(")  # escaped punctuation, a broken line, an entity, a link
_INLINE = re.compile(r"(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)")

_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?!\d)")
_JOINT = "\ufdd0"  # no character: it stands in no text


# Every style by the name of what it marks: a theme is another table. Colours are the terminal's own sixteen, only those that can be read
# on light and dark grounds alike, and never alone in meaning. Markdown's stand in place of Rich's, whose cyan on black vanishes on white.
STYLES = {
    "again": Style(color="red", bold=True),
    "hard": Style(color="magenta", bold=True),
    "good": Style(color="green", bold=True),
    "easy": Style(color="bright_blue", bold=True),
    "suggested": Style(reverse=True),
    "right": Style(color="green", bold=True),
    "wrong": Style(color="red", bold=True),
    "tick": Style(color="green", bold=True),
    "must": Style(color="magenta", bold=True),
    "gap": Style(color="magenta", bold=True),
    "quiet": Style(dim=True),
    "heading": Style(bold=True),
    "key": Style(bold=True),
    "notice": Style(italic=True),
    "remark": Style(color="bright_blue", italic=True),
    "progress": Style(color="green"),
    "chart": Style(color="green"),
    "count.new": Style(color="bright_blue"),
    "count.learning": Style(color="red"),
    "count.due": Style(color="green"),
    "count.current": Style(underline=True, bold=True),
    "cursor": Style(reverse=True),
    "markdown.code": Style(bold=True),
    "markdown.code_block": Style(),
    "markdown.block_quote": Style(italic=True),
    "markdown.list": Style(),
    "markdown.item.number": Style(bold=True),
    "markdown.h1": Style(bold=True, underline=True),
    "markdown.h2": Style(bold=True),
    "markdown.h3": Style(bold=True),
    "markdown.h4": Style(italic=True),
    "markdown.link": Style(underline=True),
    "markdown.link_url": Style(underline=True),
    "markdown.table.border": Style(dim=True),
    "markdown.table.header": Style(bold=True),
}


def console(*, plain_text: bool) -> Console:
    """Where everything is printed; `plain_text` never emits a control sequence."""
    theme = Theme(STYLES)
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
        screen.size = ConsoleDimensions(*shutil.get_terminal_size())
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
    with console.capture() as taken:
        console.print(item, crop=False)
    console.file.write("".join(f"{line.rstrip()}\n" for line in taken.get().splitlines()))
    console.file.flush()


class Readable:
    """Markdown no wider than reads well."""

    def __init__(self, text: str, forms: Mapping[str, str]) -> None:
        self._source, self._forms = text, forms

    @cached_property
    def text(self) -> str:
        """Made when it is first shown: what nobody reads costs nothing."""
        from dlquiz.text import tags  # 7 ms of patterns, which the first card must not wait for

        return maths.readable(tags.markdown(printable.clean(self._source)), self._forms)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
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

    def wrap(self, console: Console, width: int, **how: Any) -> Lines:
        joined = self.copy()
        joined.plain = _joined(self.plain)
        lines = joined.wrap(console, width, **how)
        for line in lines:
            line.plain = line.plain.replace(_JOINT, " ")
        return lines


def _joined(text: str) -> str:
    """With something that is no space between the groups of digits, as long as lines are broken."""
    return _GROUPS.sub(lambda number: number[0].replace(" ", _JOINT), text)


def narrow(item: RenderableType, indent: int = 2) -> RenderableType:
    return Padding(item, (0, 0, 0, indent))


class Hanging:
    """A label, and text whose further lines begin under its first."""

    def __init__(self, label: Text, text: RenderableType) -> None:
        self.label = label
        self.text = text if isinstance(text, Text) else Text(str(getattr(text, "text", text)))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        indent = self.label.cell_len
        width = max(10, min(options.max_width, WIDEST) - indent)
        for n, line in enumerate(self.text.wrap(console, width)):
            line.rstrip()
            yield Text.assemble(Text(" " * indent) if n else self.label, line)


class Cited:
    """A source: a label, what it is, and its link, which stands whole wherever it fits on a line of its own."""

    def __init__(self, label: Text, line: Text) -> None:
        self.label = label
        self.line = line

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        words, _, link = self.line.plain.rpartition(" ")
        if min(options.max_width, WIDEST) - self.label.cell_len < cell_len(link) <= options.max_width:
            yield Hanging(self.label, self.line[: len(words)])
            yield Text(link, self.line.style)
        else:
            yield Hanging(self.label, self.line)


class SideBySide:
    """Items side by side, as many on a line as fit; none is broken."""

    def __init__(self, items: Iterable[Text], between: Text, indent: int = 2) -> None:
        self.items, self.between, self.indent = list(items), between, indent

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        line = Text()
        for item in self.items:
            if line.plain and line.cell_len + self.between.cell_len + item.cell_len > options.max_width:
                yield line
                line = Text()
            line = Text.assemble(line, self.between if line.plain else " " * self.indent, item)
        yield line


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
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for n, heading in enumerate(headings):
        side: Literal["right", "left"] = "right" if heading in figures else "left"
        table.add_column(heading, overflow="fold", no_wrap=n == 0 and len(headings) > 2, justify=side)
    for line in lines:
        table.add_row(*(Text(printable.clean(cell)) for cell in line))
    return table
