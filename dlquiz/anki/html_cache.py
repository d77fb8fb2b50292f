"""Rendered HTML kept by the hash of what it was made from: a cache, done without wherever it can't be read or written."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from pathlib import Path

from dlquiz.anki import fields, notetypes

_TABLES = """
CREATE TABLE IF NOT EXISTS form (text TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS html (hash TEXT PRIMARY KEY, notetype INTEGER, fields TEXT) STRICT;
"""
_TYPES = {each.id: each for each in notetypes.ALL}


class HtmlCache:
    """An open cache; one without a file keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self._db = _opened(path) if path else None

    def get(self, said: str) -> fields.Rendered | None:
        """What was made of the text with this hash."""
        if self._db is None:
            return None
        with suppress(sqlite3.Error, ValueError, KeyError):
            row = self._db.execute("SELECT notetype, fields FROM html WHERE hash = ?", (said,)).fetchone()
            return fields.Rendered(_TYPES[row[0]], json.loads(row[1])) if row else None
        return None

    def put(self, said: str, made: fields.Rendered) -> None:
        if self._db is None:
            return
        with suppress(sqlite3.Error):
            row = (said, made.notetype.id, json.dumps(made.fields, ensure_ascii=False))
            self._db.execute("INSERT OR REPLACE INTO html (hash, notetype, fields) VALUES (?, ?, ?)", row)

    def close(self) -> None:
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.commit()
            self._db.close()


def _opened(path: Path) -> sqlite3.Connection | None:
    """The cache, emptied when its HTML has another form than today's; made anew when it is damaged."""
    for _ in range(2):
        with suppress(OSError, sqlite3.Error):
            path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(path, timeout=0)  # another export that writes is not waited for
            try:
                db.execute("PRAGMA synchronous = OFF")
                db.executescript(_TABLES)
                wanted = fields.form()
                if db.execute("SELECT 1 FROM form WHERE text = ?", (wanted,)).fetchone() is None:
                    db.execute("DELETE FROM html")
                    db.execute("DELETE FROM form")
                    db.execute("INSERT INTO form (text) VALUES (?)", (wanted,))
                    db.commit()
            except BaseException:
                db.close()
                raise
            return db
        with suppress(OSError):
            path.unlink()
    return None
