"""What a compiled bank calls its notes, cards, topics and tags: all that a shell completes, without the nouns themselves."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from dlquiz import hashing
from dlquiz.bank import index_file
from dlquiz.bank import paths as bank_paths
from dlquiz.bank.index_file import IndexFile
from dlquiz.bank.paths import Root


class Topic(NamedTuple):
    slug: str
    title: str
    aliases: tuple[str, ...]
    notes: int
    cards: int


class Names:
    """The names in a compiled bank."""

    def __init__(self, db: IndexFile) -> None:
        self._db = db

    def close(self) -> None:
        self._db.close()

    def ids_from(self, beginning: str, most: int, *, notes: bool) -> list[str]:
        """The first ids with that prefix, of notes or of all cards."""
        query = f"SELECT id FROM {'note' if notes else 'card'} WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"
        return [name for (name,) in self._db.execute(query, (beginning, beginning + "\U0010ffff", most))]

    def topics(self) -> list[Topic]:
        """The topics, in the order of their first note."""
        aliases: dict[str, list[str]] = {}
        for topic, name in self._db.execute("SELECT DISTINCT topic, name FROM alias ORDER BY name"):
            aliases.setdefault(topic, []).append(name)
        query = "SELECT slug, min(title), sum(notes), sum(cards) FROM topic GROUP BY slug ORDER BY min(rank), slug"
        return [
            Topic(slug, title, tuple(aliases.get(slug, ())), notes, cards)
            for slug, title, notes, cards in self._db.execute(query)
        ]

    def tags(self) -> set[str]:
        return {tag for (tag,) in self._db.execute("SELECT DISTINCT tag FROM tag")}


def compiled(roots: Sequence[Root], cache: Path) -> Names | None:
    """The banks as last compiled; None if that is out of date. Creates and changes nothing."""
    files = asked_for(roots)
    path = target(files, cache)
    return Names(IndexFile(path, files)) if index_file.fresh(path, files) else None


def asked_for(roots: Sequence[Root]) -> dict[str, Root]:
    """The files under these roots by their whole paths."""
    return {str(path.absolute()): root for path, root in bank_paths.files_of(roots).items()}


def target(files: Mapping[str, Root], cache: Path) -> Path:
    """The index of just these files."""
    name = hashing.sha256("\n".join(sorted(f"{path} {root.builtin}" for path, root in files.items())).encode())
    return cache / f"bank-{name.hexdigest()[:16]}.db"
