"""Pictures of a package: which of them a bank may have, and under which names. A name in a package never becomes a path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dlquiz.anki.reader import notes
from dlquiz.anki.reader.archive import MAX_PICTURE, Archive
from dlquiz.errors import BankError
from dlquiz.text import slug

FOLDER = "media"  # beside the bank
_HEADS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF87a": "gif", b"GIF89a": "gif"}
_ACTIVE = re.compile(rb"<\s*(?:script|foreignobject|iframe|!entity)|\bon[a-z]+\s*=|javascript:", re.IGNORECASE)


class Pictures:
    """The pictures of one package, each looked at once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._members = archive.media
        self._judged: dict[str, tuple[str, str]] = {}

    def look(self, name: str) -> tuple[str, str]:
        """The path that a picture gets beside a bank; or "" and why it gets none."""
        if name not in self._judged:
            self._judged[name] = self._judge(name)
        return self._judged[name]

    def _judge(self, name: str) -> tuple[str, str]:
        if name not in self._members:
            return "", "not in the package"
        try:
            raw = self._archive.read(self._members[name], MAX_PICTURE)
        except BankError:
            return "", f"damaged, or larger than {MAX_PICTURE >> 20} MB"
        form = kind(raw)
        if not form:
            return "", "no SVG, PNG, JPEG, GIF or WebP"
        if form == "svg" and _ACTIVE.search(raw):
            return "", "an SVG with a script in it"
        stem = slug.slug(name.rpartition(".")[0])[:40].strip("-")
        return f"{FOLDER}/{f'{stem}-' if stem else ''}{notes.key(name, 0)}.{form}", ""

    def read(self, name: str) -> bytes:
        """A picture that was looked at."""
        return self._archive.read(self._members[name], MAX_PICTURE)


class PictureFiles(Mapping[str, bytes]):
    """Files of a bank by their paths beside it; pictures are unpacked one at a time, when they are asked for."""

    def __init__(self, texts: Mapping[str, bytes], shown: Mapping[str, str], pictures: Pictures) -> None:
        """shown: path -> a picture's name."""
        self._texts, self._shown, self._pictures = texts, shown, pictures

    def __getitem__(self, path: str) -> bytes:
        return self._texts[path] if path in self._texts else self._pictures.read(self._shown[path])

    def __iter__(self) -> Iterator[str]:
        yield from (*self._texts, *self._shown)

    def __len__(self) -> int:
        return len(self._texts) + len(self._shown)


def kind(raw: bytes) -> str:
    """The form of a picture, by what it holds and not by its name; "" for another one."""
    for head, form in _HEADS.items():
        if raw.startswith(head):
            return form
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "webp"
    start = raw[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    return "svg" if start.startswith((b"<?xml", b"<svg", b"<!--", b"<!DOCTYPE svg")) and b"<svg" in raw[:65536] else ""
