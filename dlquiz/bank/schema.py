"""Writes the published JSON Schema: python -m dlquiz.bank.schema > questions/schema.json"""

from __future__ import annotations

import json

from dlquiz.bank import shape


def text() -> str:
    return json.dumps(shape.json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    print(text(), end="")
