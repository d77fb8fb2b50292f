"""What leaves to be read: every note whole with its cards, as Markdown (.md) and as one page to study and print (.html)."""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from dlquiz.bank import nouns, revisions, select
from dlquiz.desk import Desk
from dlquiz.desk.exporting import Exported, check_target, chosen
from dlquiz.desk.sharing import put, without_progress
from dlquiz.documents import guide, handout
from dlquiz.exchange import journal

_KINDS = {"svg": "svg+xml", "jpg": "jpeg"}  # endings of pictures that are not their media type


def pages(desk: Desk, target: Path, selected: select.Selection | None, *, with_progress: bool) -> Exported:
    """A readable document in Markdown."""
    check_target(target)
    chapters = _chapters(desk, selected)
    put(target, handout.markdown(chapters))
    return Exported(target, _count(chapters), remarks=without_progress(with_progress, target))


def study_guide(desk: Desk, target: Path, selected: select.Selection | None, *, with_progress: bool) -> Exported:
    """One page with everything in it, pictures too."""
    check_target(target)
    chapters = _chapters(desk, selected)
    missing = []

    def picture(note: str, file: str) -> str | None:
        found = _address(desk.bank.file(note).parent, file)
        if found is None:
            missing.append(f"{note}: there is no picture {file} beside the bank; its description stands in its place")
        return found

    put(target, guide.html(chapters, desk.now().day, picture))
    remarks = (*without_progress(with_progress, target), *dict.fromkeys(missing))
    return Exported(target, _count(chapters), remarks=remarks)


def _chapters(desk: Desk, selected: select.Selection | None) -> list[handout.Chapter]:
    """What was chosen, by topic, in the order in which it is studied."""
    cards = [card for _, card in chosen(desk, selected)]
    wanted = {card.id for card in cards}
    topics = {topic.slug: (place, topic.title) for place, topic in enumerate(desk.bank.topics())}
    entries = [_entry(desk, note, wanted) for note in dict.fromkeys(card.note for card in cards)]
    entries.sort(key=lambda entry: topics[entry.note.topic][0])
    return [
        handout.Chapter(slug, topics[slug][1], tuple(group))
        for slug, group in groupby(entries, key=lambda entry: entry.note.topic)
    ]


def _entry(desk: Desk, note_id: str, wanted: set[str]) -> handout.Entry:
    fields = desk.bank.fields(note_id) or {}
    cards = tuple(nouns.make_card(each, fields) for each in fields["cards"] if each["id"] in wanted)
    sources = {source.key: source for source in desk.bank.sources(note_id, journal.cited(fields))}
    return handout.Entry(nouns.make_note(fields), note_id in wanted, cards, sources)


def _count(chapters: list[handout.Chapter]) -> int:
    return sum(entry.whole + len(entry.cards) for chapter in chapters for entry in chapter.entries)


def _address(folder: Path, file: str) -> str | None:
    """A picture beside a bank as an address that holds it; None where there is none."""
    path = revisions.picture(folder, file)
    if path is None or not journal.is_picture(file):
        return None
    kind = path.suffix[1:].lower()
    with suppress(OSError):
        return f"data:image/{_KINDS.get(kind, kind)};base64,{b64encode(path.read_bytes()).decode()}"
    return None
