"""Writes the published JSON Schema: python -m dlquiz.bank.schema > questions/schema.json"""

from __future__ import annotations

import json

from dlquiz.bank import format as bank_format


def text() -> str:
    return json.dumps(bank_format.json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    print(text(), end="")
