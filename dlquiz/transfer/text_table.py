"""Rows of text with a question and an answer in each (CSV, TSV, Anki's text export), understood or refused; and rows that Anki imports."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from dlquiz.bank import write
from dlquiz.errors import BankError
from dlquiz.html import from_html
from dlquiz.text import phrases
from dlquiz.text.slug import slug

MAX_BYTES = 64 << 20
MAX_ROWS = 100_000
MAX_HEADER = 50  # lines that begin with `#`; Anki writes eight at most
SAMPLE = 1_000  # rows over which a separator is tried
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":"}  # Anki's names
TRIED = "\t;,|"  # where the file does not say which; of two that fit alike the first is taken
COLUMNS = {
    "question": ("question", "front", "prompt", "term", "word"),
    "answer": ("answer", "back", "definition", "meaning", "explanation"),
    "topic": ("topic", "deck", "category", "subject"),
    "tags": ("tags", "tag"),
    "guid": ("guid",),
}  # what a first line may call them
NAMED_LINES = 5  # that a remark names
_HEADER = re.compile(
    r"#(separator|html|deck|deck column|tags|tags column|guid column|notetype|notetype column|columns|if matches):([^\n]*)\n?"
)
_HINT = re.compile(r'"?sep=([^"\w\s]|\t)"?[^\S\n]*\n')  # how some spreadsheets say it
_Rows = list[tuple[int, list[str]]]  # each with the line on which it begins


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


class _Head(NamedTuple):
    """What the lines before the rows say."""

    separator: str | None = None
    columns: Mapping[str, int] = {}
    deck: str = ""
    tags: str = ""
    html: bool = False
    lines: int = 0


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
        head, body = _head(text.replace("\r\n", "\n").replace("\r", "\n"))
        separator = _separator(body, head)
        rows, literal = _rows(body, separator, head.lines + 1)
        layout, rows = _layout(rows, head)
        table = _table(rows, layout, head, separator)
    except _MisreadError as error:
        raise BankError(f"{name}: {error}; nothing was imported") from error
    remarks = [f"{name}: {remark}" for remark in (*([literal] if literal else ()), *table.remarks)]
    return table._replace(remarks=remarks)


def text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Comma-separated rows below Anki's header lines; all in quotes, since a bare `#` would begin a comment."""
    out = io.StringIO()
    out.write("".join(f"#{line}\n" for line in header))
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


class _MisreadError(Exception):
    """Why a text is no table."""


def _head(text: str) -> tuple[_Head, str]:
    """Anki's header lines, or a spreadsheet's, and what follows them."""
    hint = _HINT.match(text)
    if hint:
        return _Head(separator=hint[1], lines=1), text[hint.end() :]
    head, columns, place = _Head(), dict[str, int](), 0
    while match := _HEADER.match(text, place):
        key, value = match[1], match[2].strip().rstrip(",;\t").strip()  # a spreadsheet fills lines up with separators
        place = match.end()
        head = head._replace(lines=head.lines + 1)
        if head.lines > MAX_HEADER:
            raise _MisreadError(f"more than {MAX_HEADER} header lines before the first row; remove them")
        if key == "separator":
            head = head._replace(separator=_told_separator(match[2].strip(), value))
        elif key == "html":
            head = head._replace(html=value.lower() == "true")
        elif key in ("deck", "tags"):
            head = head._replace(deck=value) if key == "deck" else head._replace(tags=value)
        elif key.endswith(" column") and value.isascii() and value.isdecimal() and 0 < int(value[:6]) < 1000:
            columns[{"deck column": "topic"}.get(key, key.removesuffix(" column"))] = int(value) - 1
    if columns:  # question and answer are the first two that mean nothing else
        free = [column for column in range(len(columns) + 2) if column not in columns.values()]
        columns |= {"question": free[0], "answer": free[1]}
    return head._replace(columns=columns), text[place:]


def _told_separator(whole: str, value: str) -> str | None:
    """The separator that a header line names, in a word or as it is."""
    if value.lower() in SEPARATORS:
        return SEPARATORS[value.lower()]
    if not whole or (len(whole) == 1 and whole != '"'):
        return whole or None
    raise _MisreadError(
        f"there is no separator '{whole[:20]}'; the line '#separator:' takes one of {', '.join(SEPARATORS)}"
    )


def _separator(body: str, head: _Head) -> str:
    """The separator by which the most rows have the same number of columns; what the file says of it goes first."""
    tried = dict.fromkeys([*([head.separator] if head.separator else ()), *TRIED])
    fits = {separator: _fit(body, separator) for separator in tried}
    if head.separator and fits[head.separator][1]:
        return head.separator
    best: str = max(tried, key=lambda separator: fits[separator])
    if not any(fits[best]):
        raise _MisreadError("no row has a question and an answer; put one into each line, a comma or tab between them")
    return best


def _fit(body: str, separator: str) -> tuple[bool, float]:
    """Does the first row name the columns when it is cut so? And the share of rows that have as many columns as most, 0 for one column."""
    rows, fault = _sample(_reader(body, separator, strict=True))
    if fault:
        rows = max(rows, _sample(_reader(body, separator, literal=True))[0], key=len)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return False, 0
    width, count = Counter(len(row) for row in rows).most_common(1)[0]
    return {"question", "answer"} <= set(_named(rows[0])), count / len(rows) if width > 1 else 0


def _sample(reader: Any) -> tuple[list[list[str]], bool]:
    """The first rows, and whether something is wrong with one of them, where they end."""
    rows: list[list[str]] = []
    try:
        rows.extend(islice(reader, SAMPLE))
    except csv.Error:
        return rows, True
    return rows, False


def _reader(body: str, separator: str, *, strict: bool = False, literal: bool = False) -> Any:
    if literal:
        return csv.reader(io.StringIO(body), delimiter=separator, quoting=csv.QUOTE_NONE)
    return csv.reader(io.StringIO(body), delimiter=separator, strict=strict)


def _rows(body: str, separator: str, first_line: int) -> tuple[_Rows, str]:
    """The rows, and what is to be said of their quotes."""
    reader, rows, line = _reader(body, separator, strict=True), _Rows(), first_line
    try:
        for cells in reader:
            if len(rows) >= MAX_ROWS:
                raise _MisreadError(f"more than {phrases.number(MAX_ROWS)} rows; split the file")
            rows.append((line, cells))
            line = first_line + reader.line_num
    except csv.Error as error:
        fault = error
    else:
        return rows, ""
    if "field limit" in str(fault):
        raise _MisreadError(
            f"line {line}: more than {phrases.number(csv.field_size_limit())} characters in one text, or a quote that never closes"
        )
    # Quotes that are no quotation marks of CSV: `"Attention" is what?`. Where all rows fit without them, they are part of the texts.
    try:
        rows = [
            (first_line + n, [_unquoted(cell) for cell in row])
            for n, row in enumerate(_reader(body, separator, literal=True))
        ]
    except csv.Error as error:
        raise _MisreadError(f"line {line}: {error}") from error
    widths = {len(cells) for _, cells in rows if cells}
    line = next((n for n, cells in rows if any(cell.startswith('"') and cell.count('"') % 2 for cell in cells)), line)
    if len(widths) == 1 and widths != {1} and len(rows) <= MAX_ROWS:
        return rows, f"line {line}: a quote opens and does not close; all quotes were taken as they stand"
    raise _MisreadError(
        f"line {line}: a quote opens and does not close as it should; remove it, or double each quote inside a quoted text"
    )


def _unquoted(cell: str) -> str:
    """A cell without the quotes that enclose all of it."""
    whole = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', "")
    return cell[1:-1].replace('""', '"') if whole else cell


def _layout(rows: _Rows, head: _Head) -> tuple[_Layout, _Rows]:
    """Which column is what, and the rows below the one that says so."""
    rows = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    if not rows:
        raise _MisreadError("no row has a question and an answer; put one into each line, a comma or tab between them")
    widths = Counter(_width(cells) for _, cells in rows)
    if head.columns:
        return _Layout(head.columns, max(max(head.columns.values()) + 1, widths.most_common(1)[0][0])), rows
    (line, first), *rest = rows
    named = _named(first)
    if {"question", "answer"} <= set(named):
        return _Layout(named, _width(first), [cell.strip() for cell in first]), rest
    if {"question", "answer"} & set(named):
        lacks = "answer" if "question" in named else "question"
        raise _MisreadError(
            f"line {line} seems to name the columns, but none is called {lacks}; call one so, or remove the line"
        )
    return _Layout({"question": 0, "answer": 1}, max(2, widths.most_common(1)[0][0])), rows


def _named(first: Sequence[str]) -> dict[str, int]:
    """Columns by what the first line calls them."""
    cells = [cell.strip().lower() for cell in first]
    places = {name: next((cells.index(word) for word in words if word in cells), -1) for name, words in COLUMNS.items()}
    return {name: place for name, place in places.items() if place >= 0}


def _width(cells: Sequence[str]) -> int:
    """How many columns a row has, without empty ones at its end."""
    return max((n for n, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _table(rows: _Rows, layout: _Layout, head: _Head, separator: str) -> TextTable:
    table: list[TableRow] = []
    wide, narrow, halves = list[int](), list[int](), {"question": list[int](), "answer": list[int]()}
    for line, row in rows:
        if _width(row) > layout.width:
            wide.append(line)
            continue
        cells = {key: row[place].strip() if place < len(row) else "" for key, place in layout.columns.items()}
        texts = {key: from_html.to_markdown(cells[key]) if head.html else cells[key] for key in halves}
        texts = {key: write.cleaned(text).strip() for key, text in texts.items()}
        lacking = next((key for key in halves if not texts[key]), None)
        if lacking:
            halves[lacking].append(line)
            continue
        if len(row) < layout.width:
            narrow.append(line)
        topic = slug((cells.get("topic") or head.deck).rpartition("::")[2])
        tags = (slug(tag) for tag in f"{head.tags} {cells.get('tags', '')}".split())
        guid = cells.get("guid", "")
        table.append(TableRow(line, **texts, topic=topic, tags=tuple(dict.fromkeys(filter(None, tags))), guid=guid))
    if len(wide) > len(rows) / 2:
        raise _MisreadError(f"{_lines(wide, 'has', 'have')} more columns than {layout.width}; {_CURE}")
    if not table:
        raise _MisreadError("no row has a question and an answer; put one into each line, a comma or tab between them")
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


def _lines(lines: Sequence[int], one: str, several: str) -> str:
    """`line 3 has`, `lines 3, 5 and 3 more have`."""
    if len(lines) == 1:
        return f"line {lines[0]} {one}"
    more = f" and {phrases.number(len(lines) - NAMED_LINES)} more" if len(lines) > NAMED_LINES else ""
    return f"lines {', '.join(map(str, lines[:NAMED_LINES]))}{more} {several}"


def _taken(layout: _Layout, separator: str) -> str:
    """Which column was taken for what, and which for nothing."""

    def called(column: int) -> str:
        return f"{column + 1} ({layout.names[column]})" if column < len(layout.names) else f"{column + 1}"

    between = next(name for name, sign in [*SEPARATORS.items(), (f"'{separator}'", separator)] if sign == separator)
    places = sorted((place, key) for key, place in layout.columns.items() if key in COLUMNS)
    ignored = [called(column) for column in range(layout.width) if column not in layout.columns.values()]
    rest = f"; {'columns' if len(ignored) > 1 else 'column'} {', '.join(ignored[:20])} ignored" if ignored else ""
    return f"separator {between}; took {', '.join(f'column {called(place)} as {key}' for place, key in places)}{rest}"
