"""Markdown as terminals show it: nothing centred, no colour that vanishes on a ground, diagrams that give way to their description.

Imported late: Rich's parser is slow.
"""

from __future__ import annotations

import rich.table
from markdown_it.token import Token
from rich import markdown
from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.text import Text

INDENT = 2


class Heading(markdown.Heading):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self.text


class Fence(markdown.CodeBlock):
    """Code as it is; a line that is too wide goes on below. The words after a fence's language say what to show where it does not fit."""

    words = ""

    @classmethod
    def create(cls, markdown: markdown.Markdown, token: Token) -> Fence:
        language, _, words = (token.info or "").partition(" ")
        fence = cls(language or "text", markdown.code_theme)
        fence.words = words.strip()
        return fence

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = str(self.text).rstrip().split("\n")
        width = max(map(cell_len, lines))
        if self.words and (width > options.max_width or not _encodable(str(self.text), options.encoding)):
            yield Text(f"Picture: {self.words}", "italic")
            return
        indent = min(INDENT, max(0, options.max_width - width))
        pieces = [piece for line in lines for piece in chop_cells(line, options.max_width - indent) or [""]]
        drawing = Text("\n".join(pieces), no_wrap=True, overflow="ignore")
        yield Padding(drawing, (0, 0, 0, indent))


class MarkdownTable(markdown.TableElement):
    """A table without empty lines around it; words that are too long for their column are folded, never cut."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for table in super().__rich_console__(console, options):
            if isinstance(table, rich.table.Table):
                table.show_edge = False
                for column in table.columns:
                    column.overflow = "fold"
            yield table


class MarkdownPage(markdown.Markdown):
    """Rich's Markdown with such elements."""

    elements = {  # noqa: RUF012 - Rich's own attribute, typed there
        **markdown.Markdown.elements,
        "heading_open": Heading,
        "fence": Fence,
        "code_block": Fence,
        "table_open": MarkdownTable,
    }


def _encodable(text: str, encoding: str) -> bool:
    """Can the terminal show these very characters? Spelling them out would shift the lines of a drawing."""
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True
