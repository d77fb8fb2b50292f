"""Any text as a slug: what ids, topics and tags made from other people's words look like."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60


def slug(text: str) -> str:
    """Letters and digits of a text with hyphens between, in lower case and ASCII; "" when there are none."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST].strip("-")
