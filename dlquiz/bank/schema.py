"""The JSON Schema of a bank's file, for editors. Published with: python -m dlquiz.bank.schema > questions/schema.json"""

from __future__ import annotations

import json
from typing import Any

from dlquiz.bank.format import BANK, List, MappingOf, Shape, Struct, TextField, Truth, Values, Whole


def text() -> str:
    """As it is published: indented, with a line end."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dlquiz question bank",
        **_schema(BANK),
    }
    return json.dumps(schema, indent=2) + "\n"


def _schema(shape: Shape) -> dict[str, Any]:
    match shape:
        case TextField(choices=(_, *_)):
            return {"enum": list(shape.choices)}
        case TextField():
            kind: Any = ["string", "number", "boolean"] if shape.loose else "string"
            bounds = {"pattern": f"^(?:{shape.pattern})$"} if shape.pattern else {"minLength": 1}
            return {"type": kind, **bounds}
        case Whole():
            return {"type": "integer", "minimum": shape.low, "maximum": shape.high}
        case Truth():
            return {"type": "boolean"}
        case List():
            return {"type": "array", "items": _schema(shape.of)}
        case Values():
            return {
                "type": "array",
                "items": {"type": "number"},
                "minItems": shape.low,
                "maxItems": shape.high,
                "uniqueItems": True,
            }
        case MappingOf():
            names = {"propertyNames": {"pattern": f"^(?:{shape.keys})$"}} if shape.keys else {}
            return {"type": "object", "additionalProperties": _schema(shape.of), **names}
        case Struct():
            return {
                "type": "object",
                "additionalProperties": False,
                "required": list(shape.required),
                "properties": {
                    key: {"description": means, **_schema(inner)} for key, (inner, means) in shape.keys.items()
                },
            }


if __name__ == "__main__":
    print(text(), end="")
