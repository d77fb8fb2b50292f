"""Whisper's model in the home: which there are, which one is installed, putting one there whole or not at all. Uses no network."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from dlquiz import files
from dlquiz.config import Home
from dlquiz.errors import StoreError, UsageError

PACKAGES = ("pywhispercpp", "miniaudio")
MISSING = (
    "listening needs pywhispercpp and miniaudio, 95 MB, which are not installed: pip install 'dlquiz[listen]'"
    " (not for every machine, see docs/listening.md)"
)
ADDRESS = "https://huggingface.co/ggerganov/whisper.cpp/resolve/5359861c739e955e79d9a303bcbc70fb988958b1/"
LICENCE = "MIT"
MAGIC = b"lmgg"  # the first bytes of every model of whisper.cpp


class Known(NamedTuple):
    """A model that can be downloaded."""

    name: str
    file: str
    size: int  #: bytes
    sha256: str
    does: str

    @property
    def url(self) -> str:
        return ADDRESS + self.file


# Sizes and hashes as several unrelated public projects list them, all the same; the files were not at hand to be hashed here.
KNOWN = {
    "tiny": Known(
        "tiny", "ggml-tiny.en-q5_1.bin", 32_166_155, "c77c5766f1cef09b6b7d47f21b546cbddd4157886b3b5d6d4f709e91e66c7c2b",
        "for slow machines; mishears more",
    ),
    "base": Known(
        "base", "ggml-base.en-q5_1.bin", 59_721_011, "4baf70dd0d7c4247ba2b81fafd9c01005ac77c2f9ef064e00dcf195d0e2fdd2f",
        "the usual one",
    ),
    "small": Known(
        "small", "ggml-small.en-q5_1.bin", 190_098_681, "bfdff4894dcb76bbf647d56263ea2a96645423f1669176f4844a1bf8e478ad30",
        "for fast machines; not tried yet",
    ),
}  # fmt: skip
USUAL = "base"


class Model(NamedTuple):
    """The one that is installed."""

    path: Path
    sha256: str
    name: str  #: "" for one that we don't know

    @property
    def size(self) -> int:
        return self.path.stat().st_size


def ready(home: Home) -> Model:
    """The model, where everything that listening needs is there.

    Raises:
        UsageError: The extra, or a model, is missing.
    """
    if missing():
        raise UsageError(MISSING)
    model = installed(home)
    if model is None:
        raise UsageError(f"no model yet: `dlquiz listen setup` ({megabytes(KNOWN[USUAL].size)})")
    return model


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"


def missing() -> bool:
    """Is the extra not installed? Imports nothing."""
    return any(find_spec(name) is None for name in PACKAGES)


def installed(home: Home) -> Model | None:
    """The model that is used; None where there is none."""
    try:
        noted = json.loads(home.model_note.read_text(encoding="utf-8"))
        model = Model(home.models / Path(str(noted["file"])).name, str(noted["sha256"]), str(noted.get("name", "")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return model if model.path.is_file() else None


def is_there(home: Home, offered: Known) -> bool:
    """Is this the model that is used, and is its file sound?"""
    used = installed(home)
    try:
        return used is not None and used.sha256 == offered.sha256 == digest(used.path)
    except OSError:
        return False


def digest(path: Path) -> str:
    """The SHA-256 of a file; raises OSError."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def known_as(sha256: str) -> Known | None:
    return next((offered for offered in KNOWN.values() if offered.sha256 == sha256), None)


def is_model(path: Path) -> bool:
    """Does it begin as a model of whisper.cpp does? Raises OSError."""
    with open(path, "rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def install(home: Home, source: Path, agree: Callable[[str], bool]) -> Model | None:
    """Put a copy of a file into the home as the model.

    Args:
        home: Where to.
        source: The file.
        agree: Asked whether a model that is not known is wanted.

    Returns:
        None when it was not wanted.

    Raises:
        UsageError: The file can't be read, or is no model.
        StoreError: It can't be written; what was there is as it was.
    """
    try:
        if not is_model(source):
            raise UsageError(
                f"{source} is no model of whisper.cpp (ggml-*.bin); get one of those that `dlquiz listen` lists"
            )
        sha256 = digest(source)
    except OSError as error:
        raise UsageError(f"can't read {source}: {error.strerror or error}; check the path") from error
    offered = known_as(sha256)
    if offered is None and not agree(f"{source.name} is none of the models that dlquiz knows. Use it all the same?"):
        return None
    return put(home, source.name if offered is None else offered.file, lambda draft: _copied(source, draft, sha256))


def put(home: Home, name: str, fill: Callable[[Path], str]) -> Model:
    """Make a model of what is filled into a draft, which then takes its place whole; any other one goes.

    Args:
        home: Where to.
        name: Of the file.
        fill: Writes the draft; returns its SHA-256.

    Raises:
        StoreError: It can't be written; what was there is as it was.
    """
    home.make()
    try:
        home.models.mkdir(exist_ok=True)
        files.write_text(home.models / ".gitignore", "*\n")  # who keeps the home in git keeps no 60 MB there
        with files.replacing(home.models / name) as draft:
            sha256 = fill(draft)
        offered = known_as(sha256)
        noted = {"file": name, "sha256": sha256, "name": offered.name if offered else ""}
        files.write_text(home.model_note, json.dumps(noted) + "\n")
        for path in _models(home):
            if path.name != name:
                path.unlink()
    except OSError as error:
        why = error.strerror or error
        raise StoreError(f"can't write the model into {home.models}: {why}; nothing was changed") from error
    finally:
        _remove_if_empty(home)
    return Model(home.models / name, sha256, noted["name"])


def _copied(source: Path, draft: Path, sha256: str) -> str:
    shutil.copyfile(source, draft)
    if digest(draft) != sha256:
        raise OSError(f"{source.name} changed while it was copied")
    return sha256


def _models(home: Home) -> Iterator[Path]:
    return home.models.glob("*.bin")


def recordings(home: Home) -> list[Path]:
    """The answers that were kept, oldest first."""
    return sorted(home.answers.glob("*.wav"))


def remove(home: Home) -> tuple[int, int]:
    """Take away the model and every recording: how many of each.

    Raises:
        StoreError: One can't be removed.
    """
    models, audio = list(_models(home)), recordings(home)
    try:
        for path in (home.model_note, *models, *audio):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"can't remove {error.filename}: {error.strerror}; remove {home.models} yourself") from error
    _remove_if_empty(home)
    with suppress(OSError):  # something else is in it
        os.rmdir(home.answers)
    return len(models), len(audio)


def _remove_if_empty(home: Home) -> None:
    """Take the folder of models away where there is none in it."""
    with suppress(OSError):  # something else is
        if not any(_models(home)):
            (home.models / ".gitignore").unlink(missing_ok=True)
            os.rmdir(home.models)
