"""Markdown whose text diagrams give way to their description where the screen can't show them. Imported late: Rich's parser is slow."""

from __future__ import annotations

from markdown_it.token import Token
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Markdown
from rich.padding import Padding
from rich.text import Text

INDENT = 2


class Diagram(CodeBlock):
    """A fence; the words after its language are what to say when it does not fit."""

    words = ""

    @classmethod
    def create(cls, markdown: Markdown, token: Token) -> Diagram:
        language, _, words = (token.info or "").partition(" ")
        fence = cls(language or "text", markdown.code_theme)
        fence.words = words.strip()
        return fence

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        drawing = str(self.text).rstrip("\n")
        if not self.words:
            yield from super().__rich_console__(console, options)
            return
        width = max(map(cell_len, drawing.splitlines()), default=0)
        if width > options.max_width or not _encodable(drawing, options.encoding):
            yield Text(f"Picture: {self.words}", "italic")
            return
        indent = min(INDENT, options.max_width - width)
        yield Padding(Text(drawing, no_wrap=True, overflow="ignore"), (0, 0, 0, indent))


class Page(Markdown):
    """Rich's Markdown with such fences."""

    elements = {**Markdown.elements, "fence": Diagram}  # noqa: RUF012 - Rich's own attribute, typed there


def _encodable(text: str, encoding: str) -> bool:
    """Can the terminal show these very characters? Spelling them out would shift the lines of a drawing."""
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True
