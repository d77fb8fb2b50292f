"""Tables of cards: rows of somebody's become notes of a bank of one's own, each once; and a card in each row for other programs."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from dlquiz import card_text, config
from dlquiz.anki import fields, identity
from dlquiz.anki.reader import notes
from dlquiz.bank import build, index, select
from dlquiz.card import Card, CardRef, Note
from dlquiz.collection import BankPaths, Collection, opened_bank
from dlquiz.files import free_name
from dlquiz.html import from_html
from dlquiz.text import phrases
from dlquiz.text.slug import slug
from dlquiz.transfer import exports, imports, install, match_anki, text_table
from dlquiz.transfer.anki_notes import deck, first_id
from dlquiz.transfer.exports import ExportResult
from dlquiz.transfer.imports import ImportResult, Told, quiet
from dlquiz.transfer.text_table import TableRow, TextTable

ANKI_HEADER = (
    "separator:Comma",
    "html:true",
    "notetype:Basic",
    "columns:Front,Back,Deck,Tags,GUID",
    "deck column:3",
    "tags column:4",
    "guid column:5",
)
LONGEST_SAID = 200  # characters of a changed text


# ---- sending out


def export_file(
    col: Collection, target: Path, selected: select.Selection | None, *, with_progress: bool
) -> ExportResult:
    """A card in each row, with the header lines that Anki's text import reads; the same GUIDs as in a package, so none comes twice."""
    exports.check_target(target)
    cards = exports.chosen(col, selected)
    remarks = exports.remarks(col, with_progress=with_progress)
    exports.put(target, text_table.text(ANKI_HEADER, _rows(col.bank, cards, remarks)))
    return ExportResult(target, len(cards), remarks=exports.without_progress(with_progress, target))


def _rows(bank: index.Bank, cards: Sequence[CardRef], remarks: Mapping[str, str]) -> Iterator[Sequence[str]]:
    """A row for each card: front, back, deck, tags, GUID."""
    for note, around, own, card in _with_notes(bank, cards):
        guid = identity.guid(first_id(bank, own, around))
        yield *_sides(note, card, remarks.get(card.id, "")), deck(card), " ".join(note.tags), guid


def _with_notes(
    bank: index.Bank, cards: Sequence[CardRef]
) -> Iterator[tuple[Note, Mapping[str, Any], Mapping[str, Any], Card]]:
    """Each card with its note, the note's fields, and its own."""
    around: Mapping[str, Any] = {}
    for card_ref in cards:
        if around.get("id") != card_ref.note:
            around = bank.fields(card_ref.note) or {}
            note = build.make_note(around)
        own = around if card_ref.explains else next(card for card in around["cards"] if card["id"] == card_ref.id)
        yield note, around, own, build.main_card(note) if card_ref.explains else build.make_card(own, around)


def _sides(note: Note, card: Card, remark: str = "") -> tuple[str, str]:
    """Front and back as HTML; of a main card the note's short answer, key points and answer. The user's remark ends the back."""
    noted = [card_text.noted(remark)] if remark else []
    if not card.explains:
        return fields.html(card_text.asked(card)), fields.html("\n\n".join([card_text.told(card), *noted]))
    pictures = (f"*Picture: {' '.join(figure.alt.split())}*" for figure in note.figures)
    back = "\n\n".join(filter(None, (note.short, card_text.key_points(note), note.answer, *pictures, *noted)))
    return fields.html(note.question), fields.html(back)


# ---- bringing in


class _Matched(NamedTuple):
    """What the rows of a table come to."""

    new: list[TableRow]
    here: int  #: rows whose cards are in a bank already
    banks: Counter[str]  #: bank -> rows that are notes of it
    remarks: list[str]


def import_file(paths: BankPaths, file: Path, on_progress: Told = quiet) -> ImportResult:
    """A table of questions and answers: those that are in no bank yet become notes of one, without history.

    Raises:
        BankError: It can't be read as such a table; nothing was changed.
    """
    table = text_table.read(imports.contents(file, text_table.MAX_BYTES), str(file))
    home = config.home()
    on_progress("comparing with the banks", 0, 0)
    warned: list[str] = []
    with opened_bank(paths._replace(warn=warned.append)) as bank:
        matched = _match(table, bank, file)
        name, extended = _bank_for(file, matched, bank, home)
        taken = {note.rpartition("/")[2] for note in bank.ever() if note.rpartition("/")[0] == name}
    remarks = (*warned, *table.remarks, *matched.remarks)
    there = f"{phrases.counted(matched.here, 'card')} {'is' if matched.here == 1 else 'are'} here already"
    if not matched.new:
        return ImportResult((f"{there}; nothing was added", table.taken), imports.few(home, file, remarks))
    imports.insist_sound(file, warned)
    on_progress("writing the bank", 0, 0)
    topics: dict[str, list[Mapping[str, Any]]] = {}
    for note in _notes(matched.new, taken):
        topics.setdefault(note.get("topic") or name, []).append(note)
    files = install.bank_files(name, {topic: partial(iter, of_topic) for topic, of_topic in topics.items()}, {})
    count = phrases.counted(len(matched.new), "card")
    if extended:
        path = install.extend(home, name, _free_names(home, name, files))
        outcome = f"added {count} to the bank {path}"
    else:
        path = home.banks / install.folder_name(name)
        install.install(home, {path: files})
        outcome = f"made the bank {path} with {count}"
    return ImportResult(
        (f"{outcome}; {there}" if matched.here else outcome, table.taken), imports.few(home, file, remarks)
    )


def _match(table: TextTable, bank: index.Bank, file: Path) -> _Matched:
    """Which rows are in a bank here: by their GUID, else by their question; the second of a question is the second note that asks it."""
    shelf = match_anki.KnownIds(bank)
    asking: dict[str, deque[str]] = {}
    for note, question in bank.own_questions():
        asking.setdefault(_plain(question), deque()).append(note)
    matched, met = _Matched([], 0, Counter(), []), dict[str, dict[str, int]]()
    here = 0
    for entry in table.rows:
        answers = met.setdefault(_plain(entry.question), {})  # answer -> the line on which it stood first
        if answers and not entry.guid:
            again = answers.get(_plain(entry.answer))
            if again:
                matched.remarks.append(f"{file}: line {entry.line} repeats line {again} and was left out")
                continue
            first = next(iter(answers.values()))
            matched.remarks.append(f"{file}: line {entry.line} asks the same as line {first}, with another answer")
        answers.setdefault(_plain(entry.answer), entry.line)
        card = _known(entry, bank, shelf, asking)
        if card is None:
            matched.new.append(entry)
            continue
        here += 1
        matched.banks[card.rpartition("/")[0]] += 1
        matched.remarks.extend(_changed(entry, card, bank, html=table.html))
    return matched._replace(here=here)


def _known(
    entry: TableRow, bank: index.Bank, shelf: match_anki.KnownIds, asking: Mapping[str, deque[str]]
) -> str | None:
    """The card of a bank here that a row is, or was until it was removed on purpose."""
    if entry.guid:
        first = identity.first_id(entry.guid)
        today = shelf.today(first) if first is not None else ""
        if today and (shelf.live([today]) or bank.retired(today) is not None):
            return today
        imported_as = shelf.made_as(notes.key(entry.guid, 0))
        if imported_as is not None:
            return shelf.today(imported_as)
    same = asking.get(_plain(entry.question))
    return same.popleft() if same else None


def _changed(entry: TableRow, card: str, bank: index.Bank, *, html: bool) -> Iterator[str]:
    """A remark where the bank says something else than the row; the bank stays as it is."""
    card_ref = bank.card_refs([card]).get(card)
    if card_ref is None:  # retired: it was removed here on purpose
        return
    ((note, _, _, value),) = _with_notes(bank, [card_ref])
    texts = (note.question, note.answer) if card_ref.explains else (value.front, value.back)
    if entry.guid.startswith(identity.PREFIX) and html:  # as dlquiz itself puts a card into a row
        front, back = _sides(note, value)
        texts = from_html.to_markdown(front), from_html.to_markdown(back)
        entry = entry._replace(answer=entry.answer.partition(card_text.NOTED)[0])
    for name, here, there in zip(("question", "answer"), texts, (entry.question, entry.answer), strict=True):
        if _plain(here) != _plain(there):
            short = there if len(there) <= LONGEST_SAID else f"{there[:LONGEST_SAID].rstrip()} ..."
            yield f"{card}: its {name} in the table is another, the bank was left as it is; there it says: {' '.join(short.split())}"


def _plain(text: str) -> str:
    return " ".join(text.split())


def _bank_for(file: Path, matched: _Matched, bank: index.Bank, home: config.Home) -> tuple[str, bool]:
    """The bank that new rows go to, and whether it is there already: the file's own, or the one that has most of its rows."""
    stem = slug(file.stem) or "imported"
    slugs = {note.rpartition("/")[0] for note, _ in bank.own_questions()}
    own = [name for name in matched.banks if name in slugs and (name == stem or name.startswith(f"{stem}-"))]
    most, count = matched.banks.most_common(1)[0] if matched.banks else ("", 0)
    name = own[0] if own else most if most in slugs and count > len(matched.new) else ""
    if name and (home.banks / install.folder_name(name)).is_dir():
        return name, True
    return install.free_name(home, stem, slugs), False


def _notes(entries: Sequence[TableRow], taken: set[str]) -> Iterator[dict[str, Any]]:
    """Rows as notes, under ids that are free. One with a GUID is known by it for ever."""
    numbers: dict[str, int] = {}
    for entry in entries:
        stem = slug(entry.question) or f"row-{entry.line}"
        if entry.guid:
            stem = f"{stem[:32].strip('-')}-{notes.key(entry.guid, 0)}"
        name = stem
        while name in taken:
            numbers[stem] = numbers.get(stem, 1) + 1
            name = f"{stem}-{numbers[stem]}"
        taken.add(name)
        note: dict[str, Any] = {"id": name, "question": entry.question, "answer": entry.answer}
        yield {
            **note,
            **({"topic": entry.topic} if entry.topic else {}),
            **({"tags": list(entry.tags)} if entry.tags else {}),
        }


def _free_names(home: config.Home, bank: str, files: install.Files) -> install.Files:
    """The same files under names that nothing in the bank's folder has."""
    folder = home.banks / install.folder_name(bank)
    stems = {name: name.removesuffix(".yaml") for name in files}
    return {
        (name if not (folder / name).exists() else free_name(folder, stems[name], ".yaml").name): make
        for name, make in files.items()
    }
