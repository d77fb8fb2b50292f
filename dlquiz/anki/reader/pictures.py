"""Pictures of a package: which of them a bank may have, and under which names. A name in a package never becomes a path."""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from collections.abc import Mapping
from functools import partial
from html import unescape
from pathlib import Path
from typing import Protocol
from unicodedata import normalize
from urllib.parse import unquote, unquote_to_bytes

from dlquiz.anki.reader import notes
from dlquiz.anki.reader.archive import MAX_PICTURE
from dlquiz.anki.reader.records import AnkiNote
from dlquiz.errors import BankError
from dlquiz.text import slug

FOLDER = "media"  # beside the bank
_HEADS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF87a": "gif", b"GIF89a": "gif"}
_ACTIVE = re.compile(rb"<\s*(?:script|foreignobject|iframe|!entity)|\bon[a-z]+\s*=|javascript:", re.IGNORECASE)
_DATA = re.compile(
    r"""(<img\b[^<>]*?\bsrc\s*=\s*)(?:"(data:[^"]*)"|'(data:[^']*)'|(data:[^\s<>"']+))""", re.IGNORECASE
)  # a picture whose address holds all of it
_FORMS = {"image/png": "png", "image/jpeg": "jpg", "image/jpg": "jpg", "image/gif": "gif", "image/webp": "webp"}


_PLAIN = re.compile(r"[^a-z0-9-]+")  # what a file's name does not have, so that every system can make it
_composed, _decomposed = partial(normalize, "NFC"), partial(normalize, "NFD")


class Media(Protocol):
    """Where pictures lie: an `Archive`, or the folder beside a collection."""

    @property
    def media(self) -> Mapping[str, str]:
        """Name in the collection -> what `read` calls it."""

    def read(self, member: str, most: int) -> bytes:
        """Its bytes, if they are no more than `most`; else a BankError."""


class Pictures:
    """The pictures of one package, each looked at once."""

    def __init__(self, media: Media, folder: Path) -> None:
        """folder: Where pictures that stand in the text are put for the time of the import."""
        self._media, self._folder = media, folder
        self._names = media.media
        self._judged: dict[str, tuple[str, str]] = {}
        self._written: dict[str, str] = {}  # those that stood in a text -> their forms

    def look(self, name: str) -> tuple[str, str]:
        """The path that a picture gets beside a bank; or "" and why it gets none."""
        if name not in self._judged:
            self._judged[name] = self._judge(name)
        return self._judged[name]

    def as_files(self, note: AnkiNote) -> AnkiNote:
        """The note with names in place of the pictures that stand in its text; each becomes a file like any other."""
        if not any("data:" in text for text in note.fields.values()):
            return note
        return note._replace(fields={name: _DATA.sub(self._as_file, text) for name, text in note.fields.items()})

    def read(self, name: str) -> bytes:
        """A picture that was looked at."""
        if name in self._written:
            return (self._folder / name).read_bytes()
        return self._media.read(self._names[self._known(name)], MAX_PICTURE)

    def _known(self, name: str) -> str:
        """The name under which the package has it: pages write a blank as `%20`, and systems take accents apart."""
        spellings = [form(text) for text in (name, unquote(name)) for form in (str, _composed, _decomposed)]
        return next((spelling for spelling in spellings if spelling in self._names), "")

    def _judge(self, name: str) -> tuple[str, str]:
        if not (name in self._written or self._known(name)):
            return "", "not in the package"
        try:
            raw = self.read(name)
        except BankError:
            return "", f"damaged, or larger than {MAX_PICTURE >> 20} MB"
        form = kind(raw) or self._written.get(name, "")
        if not form:
            return "", "no SVG, PNG, JPEG, GIF or WebP"
        if form == "svg" and _ACTIVE.search(raw):
            return "", "an SVG with a script in it"
        stem = (
            ""
            if name in self._written
            else _PLAIN.sub("", slug.slug(self._known(name).rpartition(".")[0]))[:40].strip("-")
        )
        return f"{FOLDER}/{f'{stem}-' if stem else ''}{notes.key(self._known(name) or name, 0)}.{form}", ""

    def _as_file(self, match: re.Match[str]) -> str:
        """Keep the picture that an address holds; an address that holds none stays, and is told as what it is."""
        head, _, content = (match[2] or match[3] or match[4]).partition(",")
        about = head[5:].split(";")
        try:
            packed = "".join(unquote(content).split())
            raw = (
                b64decode(packed + "=" * (-len(packed) % 4))
                if "base64" in about[1:]
                else unquote_to_bytes(unescape(content))
            )
        except ValueError:
            return match[0]
        form = kind(raw) or _FORMS.get(
            about[0].strip().lower(), ""
        )  # what it says of itself, as no ending is there to do so
        if not raw or not form:
            return match[0]
        name = f"written-{hashlib.blake2b(raw, digest_size=10).hexdigest()}"
        if name not in self._written:
            self._written[name] = form
            (self._folder / name).write_bytes(raw)
        return f'{match[1]}"{name}"'


def kind(raw: bytes) -> str:
    """The form of a picture, by what it holds and not by its name; "" for another one."""
    for head, form in _HEADS.items():
        if raw.startswith(head):
            return form
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "webp"
    start = raw[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    return "svg" if start.startswith((b"<?xml", b"<svg", b"<!--", b"<!DOCTYPE svg")) and b"<svg" in raw[:65536] else ""
