"""The outer shell of a package: a zip whose members are looked up by name, never unpacked by it, and never read beyond what is bearable."""

from __future__ import annotations

import json
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from dlquiz import files
from dlquiz.anki.reader import protobuf
from dlquiz.errors import BankError, StoreError, UsageError
from dlquiz.text.phrases import number

MAX_MEMBERS = 100_000  # pictures and sounds; the largest shared decks have half as many
MAX_DIRECTORY = 8 << 20  # bytes of the zip's own list; all of it is held in memory
MAX_DATABASE = 2 << 30  # bytes, unpacked
MAX_LIST = 64 << 20  # bytes of the list of media
MAX_PICTURE = 32 << 20
MAX_ALL = 6 << 30  # bytes unpacked out of one package
MAX_RATIO = 200  # unpacked to packed, from RATIO_FROM on; texts in SQLite reach 20
RATIO_FROM = 64 << 20
DATABASES = {1: "collection.anki2", 2: "collection.anki21", 3: "collection.anki21b"}  # by the version in `meta`
NEWEST = max(DATABASES)
_CHUNK = 1 << 20
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)  # what Python's reader raises when it is led astray; OSError for a place before the file's beginning
_END, _END64, _LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"


class Archive:
    """An open package; `opened` makes one."""

    def __init__(self, name: str, packed: zipfile.ZipFile) -> None:
        self.name = name
        self._zip = packed
        self._left = MAX_ALL
        self._members = self._listed()
        self.version = self._version()

    @property
    def media(self) -> dict[str, str]:
        """Name in the collection -> member of the zip."""
        if "media" not in self._members:
            return {}
        raw = self.read("media", MAX_LIST)
        if self.version == NEWEST:
            try:
                names = [protobuf.text(entry, 1) for entry in protobuf.parts(raw, 1)]
            except protobuf.MalformedError as error:
                raise self.broken(f"the list of media is no such list ({error})") from error
            return {name: str(number) for number, name in enumerate(names)}
        try:
            listed: Any = json.loads(raw or b"{}")
        except (ValueError, RecursionError) as error:
            raise self.broken(f"the list of media is no JSON ({error})") from error
        if not isinstance(listed, dict):
            raise self.broken("the list of media is no such list")
        return {str(name): str(member) for member, name in listed.items()}

    def database(self, target: Path) -> None:
        """Unpack the collection into a file, readable without a journal beside it."""
        member = DATABASES[self.version]
        try:
            with open(target, "w+b") as file:
                for chunk in self._chunks(member, MAX_DATABASE):
                    file.write(chunk)
                file.seek(0)
                if file.read(16) != files.SQLITE_BEGINNING:
                    raise self.broken("its collection is no SQLite database")
                file.seek(18)
                file.write(b"\x01\x01")  # exported in WAL mode: without its journal such a file opens nowhere
        except OSError as error:
            raise StoreError(
                f"can't unpack into {target.parent}: {error.strerror or error}; make room there"
            ) from error

    def read(self, member: str, most: int) -> bytes:
        """A member's bytes, unpacked.

        Raises:
            BankError: There is no such member, or it is larger than `most` bytes, or damaged.
        """
        return b"".join(self._chunks(member, most))

    def broken(self, what: str) -> BankError:
        """What a person is told about a package that can't be read."""
        return BankError(f"{self.name}: {what}; nothing was imported, export it from Anki again")

    def _listed(self) -> dict[str, zipfile.ZipInfo]:
        members: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            if info.filename in members:
                raise self.broken(f"it holds '{info.filename[:60]}' twice")
            members[info.filename] = info
        return members

    def _version(self) -> int:
        """Which generation it is. The older collection in a newer package is a stub with one note that says so, and is never read."""
        version = 0
        if "meta" in self._members:
            try:
                # `meta` itself is never packed with zstd
                version = protobuf.whole(b"".join(self._raw("meta", 1 << 10)), 1)
            except protobuf.MalformedError as error:
                raise self.broken(f"its description is damaged ({error})") from error
        if version > NEWEST:
            raise BankError(
                f"{self.name}: written by a newer Anki than this dlquiz knows; in Anki, export it again with 'Support older"
                " Anki versions' ticked"
            )
        there = [number for number, member in DATABASES.items() if member in self._members]
        if version and version not in there:
            raise self.broken(f"it has no {DATABASES[version]}")
        if not there:
            raise self.broken("it holds no collection of Anki")
        return version or max(there)

    def _chunks(self, member: str, most: int) -> Iterator[bytes]:
        """A member's bytes as Anki wrote them: in the newest generation each is packed once more, with zstd."""
        raw = self._raw(member, most)
        if self.version < NEWEST:
            yield from raw
            return
        yield from self._bounded(_unpacked(raw, self), member, most)

    def _raw(self, member: str, most: int) -> Iterator[bytes]:
        info = self._info(member)
        if info.flag_bits & 1:
            raise BankError(f"{self.name}: it is encrypted, which no package of Anki is; nothing was imported")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self.broken(f"{member} is packed in a way that Anki does not use")
        yield from self._bounded(self._inflated(info), member, most)

    def _info(self, member: str) -> zipfile.ZipInfo:
        info = self._members.get(member)
        if info is None:
            raise self.broken(f"it has no {member[:60]}")
        return info

    def _inflated(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._zip.open(info) as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
        except _UNREADABLE as error:
            raise self.broken(f"{info.filename[:60]} is damaged ({error})") from error

    def _bounded(self, chunks: Iterator[bytes], member: str, most: int) -> Iterator[bytes]:
        """The chunks, as long as they stay bearable: a small file can hold a very large one."""
        size, packed = 0, max(1, self._info(member).compress_size)
        for chunk in chunks:
            size += len(chunk)
            self._left -= len(chunk)
            if size > most or self._left < 0 or (size > RATIO_FROM and size > MAX_RATIO * packed):
                raise BankError(
                    f"{self.name}: {member} unpacks to more than {number(size - len(chunk))} bytes, which no"
                    " deck does; nothing was imported"
                )
            yield chunk


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A package.

    Raises:
        UsageError: The file can't be read.
        BankError: It is no package.
    """
    try:
        file = open(path, "rb")  # noqa: SIM115 - closed below, where the error it may raise is not this one's
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}; check the path") from error
    with file:
        _check_directory(file, path)
        try:
            packed = zipfile.ZipFile(file)
        except _UNREADABLE as error:
            raise BankError(f"{path}: no package of Anki, or cut short ({error}); export it again") from error
        with packed:
            yield Archive(str(path), packed)


def _check_directory(file: IO[bytes], path: Path) -> None:
    """Refuse a list of members that would fill the memory, before it is read."""
    size = file.seek(0, 2)
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise BankError(f"{path}: no package of Anki, or cut short; export it again")
    count, length = struct.unpack_from("<HL", tail, at + 10)
    if at >= 76 and tail[at - 20 : at - 16] == _LOCATOR64 and tail[at - 76 : at - 72] == _END64:
        count, length = struct.unpack_from("<QQ", tail, at - 44)  # where Python's reader looks too
    if count > MAX_MEMBERS or length > MAX_DIRECTORY:
        raise BankError(
            f"{path}: it lists {number(count)} members, more than {number(MAX_MEMBERS)}; no deck does, nothing was imported"
        )
    file.seek(0)


def _unpacked(chunks: Iterator[bytes], archive: Archive) -> Iterator[bytes]:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    reader = zstd.ZstdDecompressor()
    try:
        for chunk in chunks:
            data = chunk
            while data or not (reader.needs_input or reader.eof):
                if reader.eof:
                    reader = zstd.ZstdDecompressor()  # frames may follow each other
                yield reader.decompress(data, _CHUNK)
                data = reader.unused_data
    except (zstd.ZstdError, EOFError) as error:
        raise archive.broken(f"it is damaged ({error})") from error
    if not reader.eof:
        raise archive.broken("it is cut short")
