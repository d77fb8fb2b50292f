"""Banks: YAML to notes, errors with a place, the compiled index."""
