"""Files that appear whole or not at all, and names that nothing has yet."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path, PurePath

LEFT_S = 24 * 60 * 60
SQLITE_BEGINNING = b"SQLite format 3\0"  # of every database


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A draft beside a file, which takes the file's place once the block ends without an error; else it is removed.

    A symlink stays one: what it leads to is replaced. The permissions of a file that is replaced are kept. Drafts that a killed program
    left are removed after a day.

    Raises:
        OSError: It can't be written; the file is as it was.
    """
    path = Path(os.path.realpath(target))
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        yield draft
        if path.exists():
            os.chmod(draft, stat.S_IMODE(path.stat().st_mode))
        with open(draft, "rb+") as written:
            os.fsync(written.fileno())
        os.replace(draft, path)
        sweep(path.parent, f".{path.name}.*.new*", beside=path)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):  # a full disk lets SQLite remove nothing
            with suppress(OSError):
                draft.with_name(draft.name + ending).unlink(missing_ok=True)


def sweep(folder: Path, pattern: str, *, beside: Path) -> None:
    """Remove what a killed program left: files that nobody has written to for a day.

    Args:
        folder: Where.
        pattern: Their names.
        beside: A file that was written just now.
    """
    with suppress(OSError):
        written = beside.stat().st_mtime
        for path in folder.glob(pattern.translate({ord("["): "?", ord("]"): "?"})):
            with suppress(OSError):
                if written - path.stat().st_mtime > LEFT_S:
                    path.unlink()


def write_text(target: Path, text: str) -> None:
    """Put a text into a file as UTF-8, whole or not at all; raises OSError."""
    write_pieces(target, [text])


def write_pieces(target: Path, pieces: Iterable[str]) -> None:
    """As `write_text`, of a text that comes in pieces, each written before the next is asked for."""
    with replacing(target) as draft, open(draft, "w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)


def write_bytes(target: Path, raw: bytes) -> None:
    """Put these bytes into a file, whole or not at all; raises OSError."""
    with replacing(target) as draft:
        draft.write_bytes(raw)


def sqlite_uri(path: PurePath, options: str) -> str:
    """A file as SQLite opens it by address. SQLite knows no hosts: a Windows share is a path of two slashes behind an empty one.

    Args:
        path: An absolute path.
        options: As `mode=ro&immutable=1`.
    """
    text = path.as_posix()
    if not re.fullmatch(r"[\w/:.-]*", text, re.ASCII):
        from urllib.parse import quote_from_bytes  # for a few; every start passes here

        text = quote_from_bytes(os.fsencode(text), safe="/:")
    return f"file://{'' if text.startswith('/') else '/'}{text}?{options}"


def quoted(path: PurePath, *, windows: bool = os.name == "nt") -> str:
    """As a shell reads it; on Windows as both of its shells do, for which only double quotes are quotes alike."""
    if windows:
        return f'"{path}"' if re.search(r"[^\w\\/:.-]", str(path)) else str(path)
    import shlex  # only for messages

    return shlex.quote(str(path))


def words(command: str, *, windows: bool = os.name == "nt") -> list[str]:
    """A command's words without their quotes. On Windows quotes are double and the backslash is a letter.

    Raises:
        ValueError: A quote is never closed.
    """
    if windows:
        return [word.replace('"', "") for word in re.findall(r'(?:[^\s"]|"[^"]*"?)+', command)]
    import shlex  # only where a command is read

    return shlex.split(command)


def free_name(folder: Path, stem: str, ending: str) -> Path:
    """A path that nothing has yet: `stem.db`, `stem-2.db` ..."""
    paths = (folder / f"{stem}{f'-{n}' if n > 1 else ''}{ending}" for n in count(1))
    return next(path for path in paths if not os.path.lexists(path))
