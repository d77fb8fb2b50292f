"""What leaves to be read: every note whole with its cards, as Markdown (.md) and as one page to study and print (.html)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from dlquiz.bank import build, revisions, select
from dlquiz.collection import Collection
from dlquiz.guide import handout, study_guide
from dlquiz.text import pictures
from dlquiz.transfer import exports, journal_format, json_file
from dlquiz.transfer.exports import ExportResult

_KINDS = {"svg": "svg+xml", "jpg": "jpeg"}  # endings of pictures that are not their media type


def markdown(col: Collection, target: Path, selected: select.Selection | None, *, with_progress: bool) -> ExportResult:
    """A readable document in Markdown, with words in place of pictures: they lie beside the banks."""
    exports.check_target(target)
    chapters = _chapters(col, selected, exports.remarks(col, with_progress=with_progress))
    exports.put(target, [pictures.in_words(handout.markdown(chapters))])
    return ExportResult(target, _count(chapters), remarks=exports.without_progress(with_progress, target))


def html(col: Collection, target: Path, selected: select.Selection | None, *, with_progress: bool) -> ExportResult:
    """One page with everything in it, pictures too."""
    exports.check_target(target)
    chapters = _chapters(col, selected, exports.remarks(col, with_progress=with_progress))
    missing = []

    def picture(note: str, file: str) -> str | None:
        address = _address(col.bank.file(note).parent, file)
        if address is None:
            missing.append(f"{note}: there is no picture {file} beside the bank; its description stands in its place")
        return address

    exports.put(target, [study_guide.html(chapters, col.now().day, picture)])
    remarks = (*exports.without_progress(with_progress, target), *dict.fromkeys(missing))
    return ExportResult(target, _count(chapters), remarks=remarks)


def _chapters(col: Collection, selected: select.Selection | None, remarks: Mapping[str, str]) -> list[handout.Chapter]:
    """What was chosen, by topic, in the order in which it is studied."""
    cards = exports.chosen(col, selected)
    card_ids = {card.id for card in cards}
    topics = {topic.slug: (rank, topic.title) for rank, topic in enumerate(col.bank.topics())}
    entries = [
        _entry(col, note, card_ids)._replace(remarks=remarks) for note in dict.fromkeys(card.note for card in cards)
    ]
    entries.sort(key=lambda entry: topics[entry.note.topic][0])
    return [
        handout.Chapter(slug, topics[slug][1], tuple(group))
        for slug, group in groupby(entries, key=lambda entry: entry.note.topic)
    ]


def _entry(col: Collection, note_id: str, card_ids: set[str]) -> handout.NoteEntry:
    fields = col.bank.fields(note_id) or {}
    cards = tuple(build.make_card(card, fields) for card in fields["cards"] if card["id"] in card_ids)
    sources = {source.key: source for source in col.bank.sources(note_id, json_file.cited(fields))}
    return handout.NoteEntry(build.make_note(fields), note_id in card_ids, cards, sources)


def _count(chapters: list[handout.Chapter]) -> int:
    return sum(entry.whole + len(entry.cards) for chapter in chapters for entry in chapter.entries)


def _address(folder: Path, file: str) -> str | None:
    """A picture beside a bank as an address that holds it; None where there is none."""
    path = revisions.picture(folder, file)
    if path is None or not journal_format.is_picture(file):
        return None
    kind = path.suffix[1:].lower()
    with suppress(OSError):
        return f"data:image/{_KINDS.get(kind, kind)};base64,{b64encode(path.read_bytes()).decode()}"
    return None
