"""The compiled bank: built when files change, read by key afterwards, however big the bank is."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import cached_property
from itertools import filterfalse
from pathlib import Path
from typing import Any

from dlquiz.bank import build, names
from dlquiz.bank.index_file import IndexFile
from dlquiz.bank.names import Topic as Topic
from dlquiz.bank.paths import Patience
from dlquiz.bank.paths import Root as Root  # what `open_bank` takes
from dlquiz.card import Card, CardRef, Note, Source, content_text, note_of, text_hash
from dlquiz.errors import UsageError

_IN = 500  # rows at once
_FROM = "WHERE (rank, id) >= (?, ?)"  # a card's place in the order of introduction
_FIRST = 50  # of the cards in order; more are seldom looked at


class Bank(names.Names):
    """All configured banks, compiled. Use `open_bank`."""

    def __init__(self, db: IndexFile) -> None:
        super().__init__(db)
        self._former_banks: dict[str, str] | None = None
        self._latest: Mapping[str, Any] | None = None  #: fields of the note that was read last

    def card_refs(self, ids: Iterable[str]) -> dict[str, CardRef]:
        """The cards with these ids that the bank has now."""
        refs: dict[str, CardRef] = {}
        all_ids = list(ids)
        for start in range(0, len(all_ids), _IN):
            chunk = all_ids[start : start + _IN]
            query = f"SELECT id, note, topic, kind, points FROM card WHERE id IN ({','.join('?' * len(chunk))})"
            refs.update((row[0], _card_ref(row)) for row in self._db.execute(query, chunk))
        return refs

    def counted(self, ids: Collection[str]) -> tuple[int, int]:
        """How many of these cards the bank has now, and how many of them are asked aloud (see `card.Card.spoken`)."""
        query = (  # a main card has its note's id, without a dot: the rows of all others are not read, which takes half as long
            "SELECT count(*), total(CASE WHEN instr(id, '.') THEN 0 ELSE points END) FROM card"
            " WHERE id IN (SELECT value FROM json_each(?))"
        )
        cards, aloud = self._db.execute(query, (json.dumps(list(ids)),)).fetchone()
        return cards, int(aloud)

    def in_order(self, notes: set[str] | None = None, start: str | None = None) -> Iterator[CardRef]:
        """Every card in the order of introduction; limited to `notes` and starting at the card `start` where given."""
        query = (
            "SELECT id, note, topic, kind, points, rank FROM card WHERE (rank, id) {} (?, ?) ORDER BY rank, id LIMIT ?"
        )
        batch = self._db.execute(query.format(">="), (*self._position(start), _FIRST))
        while batch:
            for *card_ref, _ in batch:
                if notes is None or card_ref[1] in notes:
                    yield _card_ref(card_ref)
            batch = self._db.execute(query.format(">"), (batch[-1][-1], batch[-1][0], _IN))

    def first_outside(self, cards: set[str], start: str) -> str | None:
        """The first card from `start` on, in the order of introduction, that is none of these."""
        query = f"SELECT json_group_array(id) FROM (SELECT id FROM card {_FROM} ORDER BY rank, id)"
        ids = json.loads(self._db.execute(query, self._position(start)).fetchone()[0])
        return next(filterfalse(cards.__contains__, ids), None)

    def topics_outside(self, cards: set[str], start: str | None) -> Counter[str]:
        """How many cards each topic has from `start` on, in the order of introduction, that are none of these; None: from the first."""
        query = f"SELECT topic, json_group_array(id) FROM card INDEXED BY card_rank {_FROM} GROUP BY topic"
        topics = self._db.execute(query, self._position(start))
        return Counter(
            {topic: sum(1 for _ in filterfalse(cards.__contains__, json.loads(ids))) for topic, ids in topics}
        )

    def _position(self, card: str | None) -> tuple[int, str]:
        """Where a card stands in the order of introduction; before all others when it is none of the bank's."""
        row = self._db.execute("SELECT rank, id FROM card WHERE id = ?", (card,)).fetchone()
        return tuple(row) if row else (-1, "")

    def by_importance(self) -> Iterator[tuple[CardRef, int]]:
        """Every card with its priority (see `card.priority`), the highest first."""
        for *card, priority in self._db.execute(
            "SELECT id, note, topic, kind, points, priority FROM card ORDER BY priority DESC, rank, id"
        ):
            yield _card_ref(card), priority

    def edition(self) -> str:
        """A hash that changes with any of the files."""
        return text_hash(" ".join(sha for (sha,) in self._db.execute("SELECT sha FROM file ORDER BY path")))

    def version(self) -> int:
        """A number that changes whenever another program compiles something into the index."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def files(self) -> dict[str, str]:
        """The banks' files, and a hash of what each holds."""
        return dict(self._db.execute("SELECT path, sha FROM file WHERE path IN (SELECT file FROM note)"))

    def file_of(self, note: str) -> str | None:
        """The file that a note is written in."""
        row = self._db.execute("SELECT file FROM note WHERE id = ?", (note,)).fetchone()
        return row[0] if row else None

    def notes_of_file(self, path: str) -> list[str]:
        """A file's notes, in order."""
        return [name for (name,) in self._db.execute("SELECT id FROM note WHERE file = ? ORDER BY rank, id", (path,))]

    def notes_of_topic(self, topic: str) -> set[str]:
        return {note for (note,) in self._db.execute("SELECT id FROM note WHERE topic = ?", (topic,))}

    def notes_of_tag(self, tag: str) -> set[str]:
        return {note for (note,) in self._db.execute("SELECT note FROM tag WHERE tag = ?", (tag,))}

    def note_ids(self) -> list[str]:
        """All notes, in order."""
        return [note for (note,) in self._db.execute("SELECT id FROM note ORDER BY rank, id")]

    def own_questions(self) -> list[tuple[str, str]]:
        """Every note of the banks of one's own with its question, in order."""
        query = "SELECT id, json_extract(fields, '$.question') FROM note WHERE id GLOB '*/*' ORDER BY rank, id"
        return [(note, question) for note, question in self._db.execute(query)]

    def cards_of(self, note: str) -> list[str]:
        """The note's main card, then its atomic cards."""
        return [card for (card,) in self._db.execute("SELECT id FROM card WHERE note = ? ORDER BY rank", (note,))]

    def drilling(self, points: Iterable[str]) -> list[tuple[str, CardRef]]:
        """Pairs of key point and card that drills it: notes in the order of their first point, musts before others."""
        point_ids = dict.fromkeys(points)
        pairs = []
        for note in dict.fromkeys(map(note_of, point_ids)):
            query = "SELECT id, note, topic, kind, fields FROM card WHERE note = ? AND fields IS NOT NULL ORDER BY rank"
            cards = [
                (CardRef(*fields[:4]), json.loads(fields[4]).get("drills", ()))
                for fields in self._db.execute(query, (note,))
            ]
            fields = self._db.execute("SELECT fields FROM note WHERE id = ?", (note,)).fetchone()
            points_here = json.loads(fields[0]).get("key_points", ()) if fields else ()
            for point in sorted(points_here, key=lambda point: not point.get("must")):
                if point["id"] in point_ids:
                    name = point["id"].rpartition("#")[2]
                    pairs += [(point["id"], card_ref) for card_ref, drills in cards if name in drills]
        return pairs

    def current(self, card: str) -> str:
        """The current id of a card or key point, given its current id or a former one, its own or its bank's."""
        bank, slash, own = card.rpartition("/")
        today = self.former_banks().get(bank) if slash else None
        for name in (card, f"{today}/{own}") if today else (card,):
            if name in self._renamed:
                return self._renamed[name]
        return f"{today}/{own}" if today and not self.live([card]) else card

    @cached_property
    def _renamed(self) -> dict[str, str]:
        """Former full id -> today's, of cards and key points: few, and asked for every key point missed lately after every answer."""
        return dict(self._db.execute("SELECT old, id FROM renamed"))

    def renamings(self) -> dict[str, str]:
        """Former full id -> today's, of cards; where a bank was renamed, of all of its cards."""
        renamed = {old: new for old, new in self._renamed.items() if "#" not in old}
        former = self.former_banks()
        if former:
            query = "SELECT id, id FROM card WHERE id GLOB ? || '/*' UNION ALL SELECT old, id FROM renamed WHERE old GLOB ? || '/*'"
            of_banks = {
                f"{slug}/{name.rpartition('/')[2]}": today
                for slug, bank in former.items()
                for name, today in self._db.execute(query, (bank, bank))
                if "#" not in name
            }
            live = self.live(of_banks)
            renamed = {**{old: new for old, new in of_banks.items() if old not in live}, **renamed}
        return renamed

    def former_banks(self) -> dict[str, str]:
        """Former name of a bank -> today's, the oldest first."""
        if self._former_banks is None:
            query = "SELECT old, bank FROM former_bank ORDER BY file, rowid"
            self._former_banks = dict(self._db.execute(query))
        return self._former_banks

    def first_bank(self, bank: str) -> str:
        """The name that a bank had first."""
        return next((old for old, today in self.former_banks().items() if today == bank), bank)

    def ever(self) -> set[str]:
        """All note ids, current, former and removed, and the former and removed ids of cards."""
        query = "SELECT id FROM note UNION SELECT old FROM renamed UNION SELECT id FROM retired"
        return {entry[0] for entry in self._db.execute(query)}

    def live(self, ids: Iterable[str]) -> set[str]:
        return set(self.card_refs(ids))

    def retired(self, card: str) -> str | None:
        """What replaced a retired card, "" for nothing; None when it is not retired."""
        row = self._db.execute("SELECT coalesce(replaced_by, '') FROM retired WHERE id = ?", (card,)).fetchone()
        return row[0] if row else None

    def fields(self, any_id: str) -> dict[str, Any] | None:
        """The YAML fields of a note or card, with full ids; a note's include its cards."""
        note = self._note_fields(any_id)
        if note:
            query = "SELECT fields FROM card WHERE note = ? AND fields IS NOT NULL ORDER BY rank"
            return {**note, "cards": [json.loads(fields) for (fields,) in self._db.execute(query, (any_id,))]}
        row = self._db.execute("SELECT fields FROM card WHERE id = ?", (any_id,)).fetchone()
        return json.loads(row[0]) if row else None

    def note(self, note_id: str) -> Note:
        """Raises: UsageError when there is none."""
        fields = self._note_fields(note_id)
        if fields is None:
            raise UsageError(f"there is no note '{note_id}'; `dlquiz list` shows them all")
        return build.make_note(fields)

    def _note_fields(self, note_id: str) -> Mapping[str, Any] | None:
        """A note's fields without its cards; of the latest note read once, for showing a card asks for them several times."""
        if self._latest is None or self._latest["id"] != note_id:
            row = self._db.execute("SELECT fields FROM note WHERE id = ?", (note_id,)).fetchone()
            if row is None:
                return None
            self._latest = json.loads(row[0])
        return self._latest

    def card(self, card_id: str, numbers: Mapping[str, float] | None = None) -> Card:
        """A card; one with fresh numbers gets `numbers`, or else its example's.

        Raises:
            UsageError: There is none.
        """
        row = self._db.execute("SELECT note, topic, fields FROM card WHERE id = ?", (card_id,)).fetchone()
        if row is None:
            raise UsageError(f"there is no card '{card_id}'; `dlquiz list` shows them all")
        if row[2] is None:
            return build.main_card(self.note(row[0]))
        return build.make_card(json.loads(row[2]), self._note_fields(row[0]) or {}, numbers)

    def content(self, card_id: str) -> str:
        """The hash of what the card says."""
        row = self._db.execute("SELECT content FROM card WHERE id = ?", (card_id,)).fetchone()
        return row[0] if row else ""

    def shown_text(self, card: Card) -> str:
        """The text that this card shows; `content` is its hash."""
        fields = self.fields(card.id)
        return content_text(card.kind, fields or {})

    def file(self, note_id: str) -> Path:
        """The file that contains a note."""
        row = self._db.execute("SELECT file FROM note WHERE id = ?", (note_id,)).fetchone()
        return Path(row[0] if row else "")

    def glossary(self, note_id: str) -> dict[str, str]:
        """The glossary beside a note's file."""
        folder = str(self.file(note_id).parent)
        return dict(self._db.execute("SELECT name, pattern FROM glossary WHERE folder = ?", (folder,)))

    def words(self) -> frozenset[str]:
        """Every word in the texts of the banks."""
        rows = self._db.execute("SELECT words FROM words")
        return frozenset(word for row in rows for word in row[0].split())

    def sources(self, note_id: str, keys: Sequence[str]) -> list[Source]:
        """The sources with these keys that the note's file can cite, in the order of the keys; unknown keys are skipped."""
        unique = list(dict.fromkeys(keys))
        query = f"SELECT key, fields FROM source WHERE folder = ? AND key IN ({','.join('?' * len(unique))})"
        found = dict(self._db.execute(query, (str(self.file(note_id).parent), *unique)))
        return [Source(key=key, **json.loads(found[key])) for key in unique if key in found]


def _card_ref(columns: Sequence[Any]) -> CardRef:
    card, note, topic, kind, points = columns
    return CardRef(card, note, topic, kind, bool(points))


def open_bank(
    roots: Sequence[Root],
    cache: Path | None,
    left_out: frozenset[str] = frozenset(),
    patience: Patience = nullcontext,
) -> Bank:
    """The banks under these roots, compiled anew as far as their files changed.

    Args:
        roots: Files and folders; a file named twice counts once.
        cache: Folder that keeps the index; None (a read-only verb on a fresh machine, a read-only home): in memory, for this run.
        left_out: Files that are not read.
        patience: Entered, with what is done, while changed files are read.

    Raises:
        BankError: A file is malformed or can't be read; every problem is named with its place.
        UsageError: A root does not exist.
    """
    files = {path: root for path, root in names.asked_for(roots).items() if path not in left_out}
    return Bank(IndexFile(names.target(files, cache) if cache is not None else None, files, patience))
