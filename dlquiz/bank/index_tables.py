"""The tables of a compiled bank, in one file with nothing else, as the compiler fills them and the index reads them."""

from __future__ import annotations

FORMAT = 8  # of the index; another one is built anew
TABLES = """
CREATE TABLE file (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, sha TEXT, bank TEXT) STRICT;
CREATE TABLE note (id TEXT PRIMARY KEY, file TEXT, topic TEXT, rank INTEGER, number INTEGER, fields TEXT) STRICT;
CREATE TABLE card (id TEXT PRIMARY KEY, note TEXT, topic TEXT, kind TEXT, points INTEGER, rank INTEGER,
    content TEXT, fields TEXT, priority INTEGER) STRICT;
CREATE TABLE point (id TEXT PRIMARY KEY, note TEXT) STRICT;
CREATE TABLE tag (tag TEXT, note TEXT, PRIMARY KEY (tag, note)) STRICT, WITHOUT ROWID;
CREATE TABLE topic (slug TEXT, file TEXT, title TEXT, notes INTEGER, cards INTEGER, rank INTEGER,
    PRIMARY KEY (slug, file)) STRICT, WITHOUT ROWID;
CREATE TABLE alias (name TEXT, topic TEXT, file TEXT, PRIMARY KEY (name, topic, file)) STRICT, WITHOUT ROWID;
CREATE TABLE renamed (old TEXT, id TEXT, file TEXT, PRIMARY KEY (old, id)) STRICT;
CREATE TABLE former_bank (old TEXT, bank TEXT, file TEXT, PRIMARY KEY (old, file)) STRICT;
CREATE TABLE retired (id TEXT, replaced_by TEXT, file TEXT, PRIMARY KEY (id, file)) STRICT;
CREATE TABLE glossary (folder TEXT, name TEXT, pattern TEXT, file TEXT, PRIMARY KEY (folder, name)) STRICT, WITHOUT ROWID;
CREATE TABLE words (file TEXT PRIMARY KEY, words TEXT) STRICT;
CREATE TABLE source (folder TEXT, key TEXT, fields TEXT, file TEXT, PRIMARY KEY (folder, key)) STRICT;
"""
INDEXES = """
CREATE INDEX note_file ON note (file);
CREATE INDEX card_note ON card (note);
CREATE INDEX card_topic ON card (topic, rank);
CREATE INDEX card_rank ON card (rank, id, note, topic, kind, points);
CREATE INDEX card_priority ON card (priority DESC, rank, id, note, topic, kind, points);
CREATE INDEX point_note ON point (note);
CREATE INDEX tag_note ON tag (note);
"""
