"""What several verbs print."""

from __future__ import annotations

import sys
from typing import Any

from dlquiz.text import printable

NO_CARDS = """\
There are no cards in these banks. Write some with `dlquiz new`, add a file with
--bank PATH, or leave out --no-builtin."""


def print_json(value: Any) -> None:
    import json  # Tab passes here for a verb's options and prints none

    ascii_only = sys.stdout.encoding.lower().replace("-", "") != "utf8"
    sys.stdout.write(printable.escaped(json.dumps(value, ensure_ascii=ascii_only, indent=2)) + "\n")
