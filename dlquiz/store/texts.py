"""Texts of `progress.db` that are no UTF-8: a flipped bit makes one, and whatever reads it fails."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from dlquiz.store import schema

CACHE = "standing"
OWN = {"event": "given"}  # what a person typed is mended; a row of the log that is damaged elsewhere is set aside


def undecodable(db: sqlite3.Connection, table: str) -> list[tuple[str, bytes]]:
    """The columns of a table with each text in them that is no UTF-8."""
    columns = [name for _, name, sort, *_ in db.execute(f"PRAGMA table_info({table})") if sort == "TEXT"]
    with suppress(sqlite3.OperationalError):  # quick, and nearly always all there is to do
        for _ in db.execute(f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED"):
            pass
        return []
    distinct = ((column, f"SELECT DISTINCT CAST({column} AS BLOB) FROM {table} NOT INDEXED") for column in columns)
    return [(column, raw) for column, query in distinct for (raw,) in db.execute(query) if raw and not _is_text(raw)]


def rows_beyond_reading(db: sqlite3.Connection) -> set[int]:
    """Row ids of the log's rows with such a text in any column but what was typed."""
    return {
        row
        for column, raw in undecodable(db, "event")
        if column != OWN["event"]
        for (row,) in db.execute(f"SELECT rowid FROM event NOT INDEXED WHERE {column} = CAST(? AS TEXT)", (raw,))
    }


def mend(db: sqlite3.Connection) -> bool:
    """Leave out what is no text, in one transaction; the cache is emptied, and folded again from the log.

    Returns:
        Was there something to mend?
    """
    bad = {table: found for table in schema.TABLES if (found := undecodable(db, table))}
    bad["event"] = [(column, raw) for column, raw in bad.get("event", ()) if column == OWN["event"]]
    if not any(bad.values()):
        return False
    db.execute("BEGIN IMMEDIATE")
    try:
        if bad.pop(CACHE, None):
            db.execute(f"DELETE FROM {CACHE}")
        for table, found in bad.items():
            for column, raw in found:
                _mend_text(db, table, column, raw)
        db.execute("DELETE FROM meta WHERE key = 'folded_under'")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return True


def _mend_text(db: sqlite3.Connection, table: str, column: str, raw: bytes) -> None:
    try:
        db.execute(
            f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {column} = CAST(? AS TEXT)",
            (raw.decode("utf-8", "ignore"), raw),
        )
    except sqlite3.IntegrityError:  # a word that the column may not have
        db.execute(f"DELETE FROM {table} WHERE {column} = CAST(? AS TEXT)", (raw,))


@contextmanager
def any_bytes(db: sqlite3.Connection) -> Iterator[None]:
    """Texts are read whatever bytes they have; what is no UTF-8 becomes U+FFFD."""
    before, db.text_factory = db.text_factory, lambda raw: raw.decode("utf-8", "replace")
    try:
        yield
    finally:
        db.text_factory = before


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
