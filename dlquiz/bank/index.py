"""The compiled bank: built when files change, read by key afterwards, however big the bank is."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, NamedTuple

from dlquiz.bank import names
from dlquiz.card import (
    EXPLAIN,
    Brief,
    Card,
    Correction,
    Distractor,
    Figure,
    FollowUp,
    KeyPoint,
    Note,
    Source,
    content_text,
    note_of,
    text_hash,
)
from dlquiz.errors import BankError, UsageError

FORMAT = 4  # of the index; another one is built anew
UNNUMBERED = 1_000_000  # notes without a number come after all that have one
_IN = 500

_TABLES = """
CREATE TABLE file (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, sha TEXT, bank TEXT) STRICT;
CREATE TABLE note (id TEXT PRIMARY KEY, file TEXT, topic TEXT, rank INTEGER, number INTEGER, fields TEXT) STRICT;
CREATE INDEX note_file ON note (file);
CREATE TABLE card (id TEXT PRIMARY KEY, note TEXT, topic TEXT, kind TEXT, points INTEGER, rank INTEGER, content TEXT, fields TEXT) STRICT;
CREATE INDEX card_note ON card (note);
CREATE INDEX card_topic ON card (topic, rank);
CREATE INDEX card_rank ON card (rank, id, note, topic, kind, points);
CREATE TABLE point (id TEXT PRIMARY KEY, note TEXT) STRICT;
CREATE INDEX point_note ON point (note);
CREATE TABLE tag (tag TEXT, note TEXT, PRIMARY KEY (tag, note)) STRICT, WITHOUT ROWID;
CREATE INDEX tag_note ON tag (note);
CREATE TABLE topic (slug TEXT, file TEXT, title TEXT, PRIMARY KEY (slug, file)) STRICT, WITHOUT ROWID;
CREATE TABLE alias (name TEXT, topic TEXT, file TEXT, PRIMARY KEY (name, topic, file)) STRICT, WITHOUT ROWID;
CREATE TABLE renamed (old TEXT, id TEXT, file TEXT, PRIMARY KEY (old, id)) STRICT;
CREATE TABLE retired (id TEXT, replaced_by TEXT, file TEXT, PRIMARY KEY (id, file)) STRICT;
CREATE TABLE source (folder TEXT, key TEXT, fields TEXT, file TEXT, PRIMARY KEY (folder, key)) STRICT;
"""


class Root(NamedTuple):
    """A file or folder that holds banks."""

    path: Path
    builtin: bool = False

    def files(self) -> list[Path]:
        """Its bank files, sorted.

        Raises:
            UsageError: There is no such path.
            BankError: It, or a folder in it, can't be read.
        """
        try:
            mode = self.path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # a NUL in the name is a ValueError
            raise UsageError(f"there is no bank at {self.path}; check the path") from error
        except OSError as error:
            raise BankError(str(names.unreadable(str(self.path), error))) from error
        if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
            raise UsageError(f"{self.path} is neither a file nor a folder; check the path")
        if stat.S_ISREG(mode):
            return [self.path]
        return sorted(names.banks_in(self.path, deep=not self.builtin))


def files_of(roots: Iterable[Root]) -> dict[Path, Root]:
    """Every bank file under these roots, once, whatever names lead to it.

    Raises:
        UsageError: A root is not there.
        BankError: A root can't be read, or a file has a name that no text can hold.
    """
    found: dict[str, tuple[Path, Root]] = {}
    for root in roots:
        for path in root.files():
            found.setdefault(os.path.realpath(path), (path, root))
    for path, _ in found.values():
        try:
            str(path).encode()
        except UnicodeEncodeError as error:
            raise BankError(f"{path}:1:1: error: the file's name is not UTF-8; rename it") from error
    return dict(found.values())


class Topic(NamedTuple):
    slug: str
    title: str
    aliases: tuple[str, ...]
    notes: int
    cards: int


class Rows(list[Any]):
    """All that a query found."""

    def fetchone(self) -> Any:
        """The first row."""
        return self[0] if self else None


class Kept:
    """A compiled index that can be asked. It is only a cache: one that is met damaged is built anew, and then asked again."""

    def __init__(self, target: Path | None, files: Mapping[str, Root]) -> None:
        """
        Args:
            target: Where it lies; None: in memory.
            files: The bank files that it is compiled from.

        Raises:
            BankError: One of them is malformed or can't be read; every problem is named with its place.
        """
        self._builds = _builds(target, files, _stats(files))
        self._db = next(self._builds)

    def close(self) -> None:
        self._db.close()

    def execute(self, query: str, values: Sequence[Any] = ()) -> Rows:
        """What a query finds."""
        while True:
            try:
                rows = Rows(self._db.execute(query, values))
                if any("\0" in value for row in rows for value in row if isinstance(value, str)):
                    raise sqlite3.DatabaseError("a text holds a NUL, which none in a bank can")
                return rows
            except UnicodeEncodeError:
                return Rows()  # half a character, typed: no file can hold it
            except sqlite3.ProgrammingError:
                raise  # ours
            except sqlite3.DatabaseError:
                self._db.close()
                another = next(self._builds, None)
                if another is None:
                    raise
                self._db = another


class Bank:
    """All configured banks, compiled. Use `open_bank`."""

    def __init__(self, db: Kept) -> None:
        self._db = db

    def close(self) -> None:
        self._db.close()

    def briefs(self, ids: Iterable[str]) -> dict[str, Brief]:
        """The cards among these ids that the bank has today."""
        found: dict[str, Brief] = {}
        rows = list(ids)
        for start in range(0, len(rows), _IN):
            part = rows[start : start + _IN]
            query = f"SELECT id, note, topic, kind, points FROM card WHERE id IN ({','.join('?' * len(part))})"
            found.update((row[0], _brief(row)) for row in self._db.execute(query, part))
        return found

    def in_order(self, notes: set[str] | None = None, start: str | None = None) -> Iterator[Brief]:
        """Every card in the order in which new ones are met; of these notes only, and from the card `start` on, when given."""
        query = (
            "SELECT id, note, topic, kind, points, rank FROM card WHERE (rank, id) {} (?, ?) ORDER BY rank, id LIMIT ?"
        )
        place = self._db.execute("SELECT rank, id FROM card WHERE id = ?", (start,)).fetchone() or (-1, "")
        rows = self._db.execute(query.format(">="), (*place, _IN))
        while rows:
            for *brief, _ in rows:
                if notes is None or brief[1] in notes:
                    yield _brief(brief)
            rows = self._db.execute(query.format(">"), (rows[-1][-1], rows[-1][0], _IN))

    def edition(self) -> str:
        """A hash that changes with any of the files."""
        return text_hash(" ".join(row[0] for row in self._db.execute("SELECT sha FROM file ORDER BY path")))

    def topics(self) -> list[Topic]:
        """The topics, in the order of their first note."""
        aliases: dict[str, list[str]] = {}
        for topic, name in self._db.execute("SELECT DISTINCT topic, name FROM alias ORDER BY name"):
            aliases.setdefault(topic, []).append(name)
        notes = dict(self._db.execute("SELECT topic, count(*) FROM note GROUP BY topic"))
        titles = dict(self._db.execute("SELECT slug, min(title) FROM topic GROUP BY slug"))
        query = "SELECT topic, count(*) FROM card GROUP BY topic ORDER BY min(rank), topic"
        return [
            Topic(slug, titles.get(slug, slug), tuple(aliases.get(slug, ())), notes[slug], cards)
            for slug, cards in self._db.execute(query)
        ]

    def tags(self) -> set[str]:
        return {row[0] for row in self._db.execute("SELECT DISTINCT tag FROM tag")}

    def notes_of_topic(self, topic: str) -> set[str]:
        return {row[0] for row in self._db.execute("SELECT id FROM note WHERE topic = ?", (topic,))}

    def notes_of_tag(self, tag: str) -> set[str]:
        return {row[0] for row in self._db.execute("SELECT note FROM tag WHERE tag = ?", (tag,))}

    def note_ids(self) -> list[str]:
        """All notes, in order."""
        return [row[0] for row in self._db.execute("SELECT id FROM note ORDER BY rank, id")]

    def cards_of(self, note: str) -> list[str]:
        """The note's main card, then its atomic cards."""
        return [row[0] for row in self._db.execute("SELECT id FROM card WHERE note = ? ORDER BY rank", (note,))]

    def drilling(self, points: Iterable[str]) -> list[tuple[str, Brief]]:
        """Each of these key points with every card that drills it: notes in the order of their first point, musts before others."""
        wanted = dict.fromkeys(points)
        found = []
        for note in dict.fromkeys(map(note_of, wanted)):
            query = "SELECT id, note, topic, kind, fields FROM card WHERE note = ? AND fields IS NOT NULL ORDER BY rank"
            cards = [
                (Brief(*row[:4]), json.loads(row[4]).get("drills", ())) for row in self._db.execute(query, (note,))
            ]
            row = self._db.execute("SELECT fields FROM note WHERE id = ?", (note,)).fetchone()
            points_here = json.loads(row[0]).get("key_points", ()) if row else ()
            for point in sorted(points_here, key=lambda point: not point.get("must")):
                if point["id"] in wanted:
                    name = point["id"].rpartition("#")[2]
                    found += [(point["id"], brief) for brief, drills in cards if name in drills]
        return found

    def current(self, card: str) -> str:
        """Today's id of a card that may be named by a former one."""
        row = self._db.execute("SELECT id FROM renamed WHERE old = ?", (card,)).fetchone()
        return row[0] if row else card

    def renamings(self) -> dict[str, str]:
        """Former full id -> today's, of cards."""
        return {old: new for old, new in self._db.execute("SELECT old, id FROM renamed") if "#" not in old}

    def ever(self) -> set[str]:
        """All ids that notes have, had, or had until they were removed; of cards the former and the removed ones."""
        query = "SELECT id FROM note UNION SELECT old FROM renamed UNION SELECT id FROM retired"
        return {row[0] for row in self._db.execute(query)}

    def live(self, ids: Iterable[str]) -> set[str]:
        return set(self.briefs(ids))

    def retired(self, card: str) -> str | None:
        """What replaced a retired card, "" for nothing; None when it is not retired."""
        row = self._db.execute("SELECT coalesce(replaced_by, '') FROM retired WHERE id = ?", (card,)).fetchone()
        return row[0] if row else None

    def fields(self, any_id: str) -> dict[str, Any] | None:
        """A note's or card's YAML fields by their names, with full ids; a note's hold its cards."""
        row = self._db.execute("SELECT fields FROM note WHERE id = ?", (any_id,)).fetchone()
        if row:
            out: dict[str, Any] = json.loads(row[0])
            query = "SELECT fields FROM card WHERE note = ? AND fields IS NOT NULL ORDER BY rank"
            out["cards"] = [json.loads(each[0]) for each in self._db.execute(query, (any_id,))]
            return out
        row = self._db.execute("SELECT fields FROM card WHERE id = ?", (any_id,)).fetchone()
        return json.loads(row[0]) if row else None

    def note(self, note_id: str) -> Note:
        """Raises: UsageError when there is none."""
        row = self._db.execute("SELECT fields FROM note WHERE id = ?", (note_id,)).fetchone()
        if row is None:
            raise UsageError(f"there is no note '{note_id}'; `dlquiz list` shows them")
        return make_note(json.loads(row[0]))

    def card(self, card_id: str) -> Card:
        """Raises: UsageError when there is none."""
        row = self._db.execute("SELECT note, topic, fields FROM card WHERE id = ?", (card_id,)).fetchone()
        if row is None:
            raise UsageError(f"there is no card '{card_id}'; `dlquiz list` shows them")
        if row[2] is None:
            return main_card(self.note(row[0]))
        note = self._db.execute("SELECT fields FROM note WHERE id = ?", (row[0],)).fetchone()
        return make_card(json.loads(row[2]), json.loads(note[0]))

    def content(self, card_id: str) -> str:
        """The hash of what the card says."""
        row = self._db.execute("SELECT content FROM card WHERE id = ?", (card_id,)).fetchone()
        return row[0] if row else ""

    def shown_text(self, card: Card) -> str:
        """What a person who sees this card is shown, whose hash `content` is."""
        fields = self.fields(card.id)
        return content_text(card.kind, fields or {})

    def file(self, note_id: str) -> Path:
        """The file that a note stands in."""
        row = self._db.execute("SELECT file FROM note WHERE id = ?", (note_id,)).fetchone()
        return Path(row[0] if row else "")

    def sources(self, note_id: str, keys: Sequence[str]) -> list[Source]:
        """The sources that a note's file can cite, in the order of the keys; an unknown key is left out."""
        folder = str(self.file(note_id).parent)
        found = []
        for key in dict.fromkeys(keys):
            row = self._db.execute("SELECT fields FROM source WHERE folder = ? AND key = ?", (folder, key)).fetchone()
            if row:
                found.append(Source(key=key, **json.loads(row[0])))
        return found


def _brief(row: Sequence[Any]) -> Brief:
    card, note, topic, kind, points = row
    return Brief(card, note, topic, kind, bool(points))


def make_note(fields: Mapping[str, Any]) -> Note:
    """A note from its fields."""
    return Note(
        id=fields["id"],
        number=fields.get("number"),
        topic=fields["topic"],
        tags=tuple(fields.get("tags", ())),
        difficulty=fields.get("difficulty"),
        question=fields["question"],
        short=fields.get("short", ""),
        answer=fields["answer"],
        key_points=tuple(
            KeyPoint(point["id"], point["text"], point.get("must", False), tuple(point.get("was", ())))
            for point in fields.get("key_points", ())
        ),
        pitfalls=tuple(fields.get("pitfalls", ())),
        follow_ups=tuple(FollowUp(**each) for each in fields.get("follow_ups", ())),
        corrections=tuple(
            Correction(
                each["grade"],
                each["claim"],
                each["instead"],
                tuple(each.get("sources", ())),
                tuple(each.get("taught_by", ())),
            )
            for each in fields.get("corrections", ())
        ),
        sources=tuple(fields.get("sources", ())),
        figures=tuple(Figure(**each) for each in fields.get("figures", ())),
        as_of=fields.get("as_of", ""),
        volatility=fields.get("volatility", ""),
        forms=fields.get("text", {}),
    )


def main_card(note: Note) -> Card:
    """The card "say it in 90 seconds" of a note."""
    return Card(
        note.id, note.id, note.topic, EXPLAIN, note.question, note.answer,
        drills=tuple(point.id for point in note.key_points), sources=note.sources, as_of=note.as_of, forms=note.forms,
    )  # fmt: skip


def make_card(fields: Mapping[str, Any], parent: Mapping[str, Any]) -> Card:
    """An atomic card from its fields and its note's."""
    return Card(
        id=fields["id"],
        note=parent["id"],
        topic=parent["topic"],
        kind=fields["kind"],
        front=fields["front"],
        back=fields["back"],
        drills=tuple(f"{parent['id']}#{name}" for name in fields.get("drills", ())),
        accept=tuple(fields.get("accept", ())),
        why=fields.get("why", ""),
        notation=fields.get("notation", ""),
        distractors=tuple(Distractor(**each) for each in fields.get("distractors", ())),
        sources=tuple(fields.get("sources", ()) or parent.get("sources", ())),
        as_of=fields.get("as_of", ""),
        forms={**parent.get("text", {}), **fields.get("text", {})},
    )


def open_bank(roots: Sequence[Root], cache: Path | None) -> Bank:
    """The banks under these roots, compiled anew as far as their files changed.

    Args:
        roots: Files and folders; a file named twice counts once.
        cache: Folder that keeps the index; None (a read-only verb on a fresh machine, a read-only home): in memory, for this run.

    Raises:
        BankError: A file is malformed or can't be read; every problem is named with its place.
        UsageError: A root is not there.
    """
    files = {str(path.absolute()): root for path, root in files_of(roots).items()}
    target = None
    if cache is not None:
        name = hashlib.sha256("\n".join(sorted(f"{path} {root.builtin}" for path, root in files.items())).encode())
        target = cache / f"bank-{name.hexdigest()[:16]}.db"
    return Bank(Kept(target, files))


def _builds(
    target: Path | None, files: Mapping[str, Root], stats: Mapping[str, tuple[int, int]]
) -> Iterator[sqlite3.Connection]:
    """The index that is kept there; when that is damaged, half-written or unwritable, one built anew; and then one in memory."""
    for place in (target, target, None) if target else (None,):
        try:
            db = _compiled(place, files, stats)
        except (sqlite3.DatabaseError, OSError):
            if place is None:
                raise
        else:
            yield db
        if place is not None:
            with suppress(OSError):
                place.unlink(missing_ok=True)


def _compiled(
    target: Path | None, files: Mapping[str, Root], stats: Mapping[str, tuple[int, int]]
) -> sqlite3.Connection:
    if target is None:
        db = sqlite3.connect(":memory:", isolation_level=None)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(target, isolation_level=None, timeout=30)
    try:
        if not _fresh(db, stats):
            from dlquiz.bank import compiling  # YAML and all that: only when a file changed

            db.execute("PRAGMA synchronous = OFF")  # a cache: a damaged one is built anew
            compiling.update(db, _TABLES, FORMAT, files, stats)
        return db
    except BaseException:
        db.close()
        raise


def _fresh(db: sqlite3.Connection, stats: Mapping[str, tuple[int, int]]) -> bool:
    if db.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
        return False
    with closing(db.execute("SELECT path, size, mtime_ns FROM file")) as rows:
        return {path: (size, mtime) for path, size, mtime in rows} == stats


def _stats(files: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Size and time of each file, and of the sources beside them."""
    stats = {path: _stat(path) for path in files}
    return {**stats, **_sources_beside(files)}


def _stat(path: str) -> tuple[int, int]:
    try:
        found = Path(path).stat()
    except OSError as error:
        raise BankError(str(names.unreadable(path, error))) from error
    return found.st_size, found.st_mtime_ns


def _sources_beside(files: Iterable[str]) -> dict[str, tuple[int, int]]:
    folders = {str(Path(path).parent) for path in files}
    beside = (Path(folder) / "sources.yaml" for folder in sorted(folders))
    return {str(path): _stat(str(path)) for path in beside if path.is_file()}


def file_hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def content_hash(kind: str, fields: Mapping[str, Any]) -> str:
    return text_hash(content_text(kind, fields))
