"""Text cut into rows of cells: what the lines before them say, the separator that fits, quotes that are and are none."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from dlquiz.text import phrases

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
_HEADER = re.compile(
    r"#(separator|html|deck|deck column|tags|tags column|guid column|notetype|notetype column|columns|if matches):([^\n]*)\n?"
)
_HINT = re.compile(r'"?sep=([^"\w\s]|\t)"?[^\S\n]*\n')  # how some spreadsheets say it
Rows = list[tuple[int, list[str]]]  # each with the line on which it begins


class Head(NamedTuple):
    """What the lines before the rows say."""

    separator: str | None = None
    columns: Mapping[str, int] = {}
    deck: str = ""
    tags: str = ""
    html: bool = False
    lines: int = 0


class MisreadError(Exception):
    """Why a text is no table."""


def head(text: str) -> tuple[Head, str]:
    """Anki's header lines, or a spreadsheet's, and what follows them."""
    hint = _HINT.match(text)
    if hint:
        return Head(separator=hint[1], lines=1), text[hint.end() :]
    head, columns, offset = Head(), dict[str, int](), 0
    while match := _HEADER.match(text, offset):
        key, value = match[1], match[2].strip().rstrip(",;\t").strip()  # a spreadsheet fills lines up with separators
        offset = match.end()
        head = head._replace(lines=head.lines + 1)
        if head.lines > MAX_HEADER:
            raise MisreadError(f"more than {MAX_HEADER} header lines before the first row; remove them")
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
    return head._replace(columns=columns), text[offset:]


def _told_separator(text: str, value: str) -> str | None:
    """The separator that a header line names, in a word or as it is."""
    if value.lower() in SEPARATORS:
        return SEPARATORS[value.lower()]
    if not text or (len(text) == 1 and text != '"'):
        return text or None
    raise MisreadError(
        f"there is no separator '{text[:20]}'; the line '#separator:' takes one of {', '.join(SEPARATORS)}"
    )


def separator(body: str, head: Head) -> str:
    """The separator by which the most rows have the same number of columns; what the file says of it goes first."""
    tried = dict.fromkeys([*([head.separator] if head.separator else ()), *TRIED])
    fits = {separator: _fit(body, separator) for separator in tried}
    if head.separator and fits[head.separator][1]:
        return head.separator
    best: str = max(tried, key=lambda separator: fits[separator])
    if not any(fits[best]):
        raise MisreadError("no row has a question and an answer; put one into each line, a comma or tab between them")
    return best


def _fit(body: str, separator: str) -> tuple[bool, float]:
    """Does the first row name the columns when it is cut so? And the share of rows that have as many columns as most, 0 for one column."""
    sample, fault = _sample(_reader(body, separator, strict=True))
    if fault:
        sample = max(sample, _sample(_reader(body, separator, literal=True))[0], key=len)
    sample = [cells for cells in sample if any(cell.strip() for cell in cells)]
    if not sample:
        return False, 0
    width, count = Counter(len(cells) for cells in sample).most_common(1)[0]
    return {"question", "answer"} <= set(named(sample[0])), count / len(sample) if width > 1 else 0


def _sample(reader: Any) -> tuple[list[list[str]], bool]:
    """The first rows, and whether something is wrong with one of them, where they end."""
    sample: list[list[str]] = []
    try:
        sample.extend(islice(reader, SAMPLE))
    except csv.Error:
        return sample, True
    return sample, False


def _reader(body: str, separator: str, *, strict: bool = False, literal: bool = False) -> Any:
    if literal:
        return csv.reader(io.StringIO(body), delimiter=separator, quoting=csv.QUOTE_NONE)
    return csv.reader(io.StringIO(body), delimiter=separator, strict=strict)


def rows(body: str, separator: str, first_line: int) -> tuple[Rows, str]:
    """The rows, and what is to be said of their quotes."""
    reader, numbered, line = _reader(body, separator, strict=True), Rows(), first_line
    try:
        for cells in reader:
            if len(numbered) >= MAX_ROWS:
                raise MisreadError(f"more than {phrases.number(MAX_ROWS)} rows; split the file")
            numbered.append((line, cells))
            line = first_line + reader.line_num
    except csv.Error as error:
        fault = error
    else:
        return numbered, ""
    if "field limit" in str(fault):
        raise MisreadError(
            f"line {line}: more than {phrases.number(csv.field_size_limit())} characters in one text, or a quote that never closes"
        )
    # Quotes that are no quotation marks of CSV: `"Attention" is what?`. Where all rows fit without them, they are part of the texts.
    try:
        numbered = [
            (first_line + n, [_unquoted(cell) for cell in cells])
            for n, cells in enumerate(_reader(body, separator, literal=True))
        ]
    except csv.Error as error:
        raise MisreadError(f"line {line}: {error}") from error
    widths = {len(cells) for _, cells in numbered if cells}
    line = next(
        (n for n, cells in numbered if any(cell.startswith('"') and cell.count('"') % 2 for cell in cells)), line
    )
    if len(widths) == 1 and widths != {1} and len(numbered) <= MAX_ROWS:
        return numbered, f"line {line}: a quote opens and does not close; all quotes were taken as they stand"
    raise MisreadError(
        f"line {line}: a quote opens and does not close as it should; remove it, or double each quote inside a quoted text"
    )


def _unquoted(cell: str) -> str:
    """A cell without the quotes that enclose all of it."""
    enclosed = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', "")
    return cell[1:-1].replace('""', '"') if enclosed else cell


def named(first: Sequence[str]) -> dict[str, int]:
    """Columns by what the first line calls them."""
    cells = [cell.strip().lower() for cell in first]
    places = {name: next((cells.index(word) for word in words if word in cells), -1) for name, words in COLUMNS.items()}
    return {name: column for name, column in places.items() if column >= 0}
