"""Rows of text with a question and an answer in each (CSV, TSV, Anki's text export), understood or refused; and rows that Anki imports."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dlquiz.bank import write
from dlquiz.errors import BankError
from dlquiz.html import from_html
from dlquiz.text import phrases
from dlquiz.text.slug import slug
from dlquiz.transfer import table_rows

MAX_BYTES = 64 << 20
NAMED_LINES = 5  # that a remark names


class TableRow(NamedTuple):
    """A question with its answer, in Markdown."""

    line: int
    question: str
    answer: str
    topic: str = ""
    tags: tuple[str, ...] = ()
    guid: str = ""


class TextTable(NamedTuple):
    """What such a file holds."""

    rows: list[TableRow]
    taken: str  #: which column was taken for what, in words
    remarks: list[str]
    html: bool = False


class _Layout(NamedTuple):
    """Which column is what."""

    columns: Mapping[str, int]
    width: int
    names: Sequence[str] = ()  #: what the first line calls the columns


def read(raw: bytes, name: str) -> TextTable:
    """Questions and answers out of a table.

    The first line may name the columns (question or front, answer or back, topic or deck, tags); without it the first column is the
    question and the second the answer. Anki's header lines (`#separator:`, `#deck column:` ...) are understood.

    Raises:
        BankError: It is no text, or can't be understood as a table; the line is named.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BankError(f"{name}: no UTF-8 text; save it as UTF-8 and import it again") from error
    if "\0" in text:
        raise BankError(f"{name}: no text but a binary file; export it as text and import it again")
    try:
        head, body = table_rows.head(text.replace("\r\n", "\n").replace("\r", "\n"))
        separator = table_rows.separator(body, head)
        rows, literal = table_rows.rows(body, separator, head.lines + 1)
        layout, rows = _layout(rows, head)
        table = _table(rows, layout, head, separator)
    except table_rows.MisreadError as error:
        raise BankError(f"{name}: {error}; nothing was imported") from error
    remarks = [f"{name}: {remark}" for remark in (*([literal] if literal else ()), *table.remarks)]
    return table._replace(remarks=remarks)


def text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Comma-separated rows below Anki's header lines; all in quotes, since a bare `#` would begin a comment."""
    yield from (f"#{line}\n" for line in header)
    for row in rows:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(row)
        yield out.getvalue()


def _layout(numbered: table_rows.Rows, head: table_rows.Head) -> tuple[_Layout, table_rows.Rows]:
    """Which column is what, and the rows below the one that says so."""
    numbered = [(line, cells) for line, cells in numbered if any(cell.strip() for cell in cells)]
    if not numbered:
        raise table_rows.MisreadError(
            "no row has a question and an answer; put one into each line, a comma or tab between them"
        )
    widths = Counter(_width(cells) for _, cells in numbered)
    if head.columns:
        return _Layout(head.columns, max(max(head.columns.values()) + 1, widths.most_common(1)[0][0])), numbered
    (line, first), *rest = numbered
    named = table_rows.named(first)
    if {"question", "answer"} <= set(named):
        return _Layout(named, _width(first), [cell.strip() for cell in first]), rest
    if {"question", "answer"} & set(named):
        lacks = "answer" if "question" in named else "question"
        raise table_rows.MisreadError(
            f"line {line} seems to name the columns, but none is called {lacks}; call one so, or remove the line"
        )
    return _Layout({"question": 0, "answer": 1}, max(2, widths.most_common(1)[0][0])), numbered


def _width(cells: Sequence[str]) -> int:
    """How many columns a row has, without empty ones at its end."""
    return max((n for n, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _table(numbered: table_rows.Rows, layout: _Layout, head: table_rows.Head, separator: str) -> TextTable:
    table: list[TableRow] = []
    wide, narrow, halves = list[int](), list[int](), {"question": list[int](), "answer": list[int]()}
    for line, cells_of_line in numbered:
        if _width(cells_of_line) > layout.width:
            wide.append(line)
            continue
        cells = {
            key: cells_of_line[column].strip() if column < len(cells_of_line) else ""
            for key, column in layout.columns.items()
        }
        texts = {key: from_html.to_markdown(cells[key]) if head.html else cells[key] for key in halves}
        texts = {key: write.cleaned(text).strip() for key, text in texts.items()}
        lacking = next((key for key in halves if not texts[key]), None)
        if lacking:
            halves[lacking].append(line)
            continue
        if len(cells_of_line) < layout.width:
            narrow.append(line)
        topic = slug((cells.get("topic") or head.deck).rpartition("::")[2])
        tags = (slug(tag) for tag in f"{head.tags} {cells.get('tags', '')}".split())
        guid = cells.get("guid", "")
        table.append(TableRow(line, **texts, topic=topic, tags=tuple(dict.fromkeys(filter(None, tags))), guid=guid))
    if len(wide) > len(numbered) / 2:
        raise table_rows.MisreadError(f"{_lines(wide, 'has', 'have')} more columns than {layout.width}; {_CURE}")
    if not table:
        raise table_rows.MisreadError(
            "no row has a question and an answer; put one into each line, a comma or tab between them"
        )
    remarks = (
        [f"{_lines(wide, 'has', 'have')} more columns than {layout.width} and {_left_out(wide)}; {_CURE}"]
        if wide
        else []
    )
    remarks += [
        f"{_lines(lines, 'has', 'have')} no {key} and {_left_out(lines)}" for key, lines in halves.items() if lines
    ]
    if narrow:
        remarks.append(
            f"{_lines(narrow, 'has', 'have')} fewer columns than {layout.width}; the rest was taken as empty"
        )
    return TextTable(table, _taken(layout, separator), remarks, head.html)


_CURE = "put a text that holds the separator in quotes"


def _left_out(lines: Sequence[int]) -> str:
    return "was left out" if len(lines) == 1 else "were left out"


def _lines(lines: Sequence[int], singular: str, plural: str) -> str:
    """`line 3 has`, `lines 3, 5 and 3 more have`."""
    if len(lines) == 1:
        return f"line {lines[0]} {singular}"
    more = f" and {phrases.number(len(lines) - NAMED_LINES)} more" if len(lines) > NAMED_LINES else ""
    return f"lines {', '.join(map(str, lines[:NAMED_LINES]))}{more} {plural}"


def _taken(layout: _Layout, separator: str) -> str:
    """Which column was taken for what, and which for nothing."""

    def called(column: int) -> str:
        return f"{column + 1} ({layout.names[column]})" if column < len(layout.names) else f"{column + 1}"

    between = next(
        name for name, sign in [*table_rows.SEPARATORS.items(), (f"'{separator}'", separator)] if sign == separator
    )
    places = sorted((column, key) for key, column in layout.columns.items() if key in table_rows.COLUMNS)
    ignored = [called(column) for column in range(layout.width) if column not in layout.columns.values()]
    rest = f"; {'columns' if len(ignored) > 1 else 'column'} {', '.join(ignored[:20])} ignored" if ignored else ""
    return f"separator {between}; took {', '.join(f'column {called(column)} as {key}' for column, key in places)}{rest}"
