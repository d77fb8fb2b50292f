"""Notes as fields -> the YAML of a bank's file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from dlquiz.bank import format as bank_format

_WIDTH = 110
_BREAK = re.compile("\r\n?|[\x85\u2028\u2029]")  # all that YAML takes for a line's end
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")
_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):  # type: ignore[misc]  # which one it is shows only when it runs
    """Writes no YAML aliases, however often a value occurs."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


class _InlineDumper(_Dumper):
    """Writes texts of several lines in single quotes, in which a backslash is one."""


def cleaned(text: str) -> str:
    """A text as a bank can hold it: uniform line ends, no tabs, and no control characters, which no reader accepts."""
    return _CONTROL.sub("", _BREAK.sub("\n", text).expandtabs(4))


def _block(dumper: Any, value: str) -> Any:
    """Write a text of several lines as a block, where YAML allows it."""
    value = cleaned(value)
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else _quotes(value))


def _quotes(value: str) -> str | None:
    """Quotes for what our reader would take for a number; PyYAML sees to all others. It writes 0E0 without."""
    return "'" if bank_format.is_number_or_truth(value.strip()) else None


_Dumper.add_representer(str, _block)
_InlineDumper.add_representer(
    str,
    lambda dumper, value: dumper.represent_scalar(
        "tag:yaml.org,2002:str", cleaned(value), style="'" if "\n" in value or "\\" in value else _quotes(value)
    ),
)


def text(bank: str, topic: str, notes: Iterable[Mapping[str, Any]]) -> str:
    """A bank's file, whole; see `pieces`."""
    return "".join(pieces(bank, topic, notes))


def pieces(
    bank: str,
    topic: str,
    notes: Iterable[Mapping[str, Any]],
    *,
    title: str = "",
    aliases: Sequence[str] = (),
    was: Sequence[str] = (),
) -> Iterator[str]:
    """A bank's file, note by note: all at once they take PyYAML four kilobytes each.

    Args:
        bank: Its slug.
        topic: A slug.
        notes: Fields by the names of the format; ids full or as the file writes them.
        title: The topic's name on the screen.
        aliases: Other spellings of the topic.
        was: Former slugs of the bank, oldest first.
    """
    head: dict[str, Any] = {"bank": bank, **({"was": list(was)} if was else {}), "topic": topic}
    head |= {"title": title} if title and title != topic else {}
    head |= {"aliases": list(aliases)} if aliases else {}
    yield _yaml(head)
    before = "notes:\n"
    for note in notes:
        yield before + item(note, topic)
        before = ""
    if before:
        yield "notes: []\n"


def item(fields: Mapping[str, Any], topic: str) -> str:
    """A note as an item of the list of notes in a file of that topic."""
    return _yaml([_note(fields, topic)])


def cards(fields: Iterable[Mapping[str, Any]]) -> str:
    """Cards as items of a note's list."""
    return _yaml([_card(card) for card in fields])


def inline(fields: Mapping[str, Any]) -> str:
    """A card within brackets, on one line but for texts that have several."""
    written = yaml.dump(
        _card(fields), Dumper=_InlineDumper, allow_unicode=True, sort_keys=False, width=10**6, default_flow_style=True
    )
    return str(written).strip()


def sources(by_key: Mapping[str, Mapping[str, Any]]) -> str:
    """A `sources.yaml`."""
    return _yaml({"sources": {key: _known(by_key[key], bank_format.SOURCE) for key in sorted(by_key)}})


def _note(fields: Mapping[str, Any], topic: str) -> dict[str, Any]:
    """A note as its file writes it: local ids, the file's topic not repeated, no empty or unknown fields."""
    note = _known(fields, bank_format.NOTE)
    note["id"] = fields["id"].rpartition("/")[2]
    if note.get("topic") == topic:
        del note["topic"]
    if "key_points" in note:
        note["key_points"] = [{**point, "id": point["id"].rpartition("#")[2]} for point in note["key_points"]]
    if "cards" in note:
        note["cards"] = [_card(card) for card in note["cards"]]
    return note


def _card(fields: Mapping[str, Any]) -> dict[str, Any]:
    card = _known(fields, bank_format.CARD)
    card["id"] = fields["id"].rpartition("/")[2].rpartition(".")[2]
    if card.get("kind") == "basic":
        del card["kind"]
    return card


def _known(fields: Mapping[str, Any], form: bank_format.Struct) -> dict[str, Any]:
    return {key: fields[key] for key in form.keys if fields.get(key) not in (None, "", [], {})}


def _yaml(value: Any) -> str:
    return str(yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH))
