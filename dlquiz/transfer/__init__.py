"""Files in and out of the collection: Anki packages, JSON, tables, other `progress.db` files, pages to read."""
