"""Rows of text with a question and an answer in each (CSV, TSV, Anki's text export) -> notes; and notes -> rows that Anki imports."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from dlquiz.errors import BankError
from dlquiz.html import from_html
from dlquiz.text.slug import slug

MAX_BYTES = 64 << 20
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":"}  # Anki's names
COLUMNS = {
    "question": ("question", "front", "prompt", "term"),
    "answer": ("answer", "back", "definition"),
    "topic": ("topic", "deck"),
    "tags": ("tags", "tag"),
}  # what a first line may call them


class TextTable(NamedTuple):
    """What such a file holds."""

    notes: list[dict[str, Any]]
    remarks: list[str]


class _Head(NamedTuple):
    """What the lines before the rows say."""

    separator: str | None = None
    columns: dict[str, int] = {}  # noqa: RUF012 - never changed
    deck: str = ""
    html: bool = False


def read(raw: bytes, name: str) -> TextTable:
    """Notes out of a table.

    The first line may name the columns (question or front, answer or back, topic or deck, tags); without it the first column is the
    question and the second the answer. Anki's header lines (`#separator:`, `#deck column:` ...) are understood.

    Raises:
        BankError: It is no text, or no row has a question and an answer.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BankError(f"{name}: no UTF-8 text; save it as UTF-8 and import it again") from error
    if "\0" in text:
        raise BankError(f"{name}: no text but a binary file; export it as text and import it again")
    head, body = _head(text)
    try:
        rows = list(csv.reader(io.StringIO(body), delimiter=head.separator or _separator(body), strict=False))
    except csv.Error as error:
        raise BankError(f"{name}: no table: {error}; mend the file and import it again") from error
    columns = head.columns
    if rows and not columns and (named := _named(rows[0])):
        columns, rows = named, rows[1:]
    columns = columns or {"question": 0, "answer": 1}
    found = _notes(rows, columns, head, name)
    if not found.notes:
        raise BankError(
            f"{name}: no row has a question and an answer; put one into each line, a comma or tab between them"
        )
    return found


def text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Comma-separated rows below Anki's header lines; all in quotes, since a bare `#` would begin a comment."""
    out = io.StringIO()
    out.write("".join(f"#{line}\n" for line in header))
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue()


def _head(text: str) -> tuple[_Head, str]:
    """Anki's header lines, and what follows them."""
    head = _Head()
    while match := re.match(r"#([a-z][a-z ]*):(.*)\r?\n", text):
        key, value = match[1], match[2].strip()
        text = text[match.end() :]
        if key == "separator":
            head = head._replace(separator=SEPARATORS.get(value.lower(), value[:1] or None))
        elif key == "html":
            head = head._replace(html=value.lower() == "true")
        elif key == "deck":
            head = head._replace(deck=value)
        elif key in ("deck column", "tags column") and value.isdecimal():
            name = "topic" if key == "deck column" else "tags"
            head = head._replace(columns={**head.columns, name: int(value) - 1})
        elif key in ("guid column", "notetype column") and value.isdecimal():
            head = head._replace(columns={**head.columns, key: int(value) - 1})
    if head.columns:  # question and answer are the first two that mean nothing else
        taken = set(head.columns.values())
        free = [n for n in range(len(taken) + 2) if n not in taken]
        head = head._replace(columns={**head.columns, "question": free[0], "answer": free[1]})
    return head, text


def _separator(body: str) -> str:
    first = next((line for line in body.splitlines() if line.strip()), "")
    return max("\t;,", key=first.count) if any(each in first for each in "\t;,") else ","


def _named(first: Sequence[str]) -> dict[str, int]:
    """Columns by what the first line calls them; empty when it names no question."""
    cells = [cell.strip().lower() for cell in first]
    found = {name: next((cells.index(each) for each in words if each in cells), -1) for name, words in COLUMNS.items()}
    known = {name: place for name, place in found.items() if place >= 0}
    return known if {"question", "answer"} <= set(known) else {}


def _notes(rows: Sequence[Sequence[str]], columns: dict[str, int], head: _Head, name: str) -> TextTable:
    notes: list[dict[str, Any]] = []
    remarks: list[str] = []
    taken: set[str] = set()
    for number, row in enumerate(rows, 1):
        if not any(cell.strip() for cell in row):
            continue
        cells = {key: row[place].strip() if place < len(row) else "" for key, place in columns.items()}
        if not cells["question"] or not cells["answer"]:
            remarks.append(
                f"{name}: row {number} has no {'question' if not cells['question'] else 'answer'} and was left out"
            )
            continue
        texts = {key: _markdown(cells[key], head.html) for key in ("question", "answer")}
        note = {"id": _free(slug(texts["question"]) or f"row-{number}", taken), **texts}
        topic = slug((cells.get("topic") or head.deck).rpartition("::")[2])
        tags = [found for tag in cells.get("tags", "").split() if (found := slug(tag))]
        notes.append(
            {**note, **({"topic": topic} if topic else {}), **({"tags": list(dict.fromkeys(tags))} if tags else {})}
        )
    return TextTable(notes, remarks)


def _markdown(cell: str, is_html: bool) -> str:
    return from_html.to_markdown(cell) if is_html else cell


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    taken.add(name)
    return name
