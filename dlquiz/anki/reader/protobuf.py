"""As much of the protobuf wire format as Anki's packages need: fields of a message, within bounds."""

from __future__ import annotations

from collections.abc import Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # wire types; groups (3, 4) are out of use
_LONGEST_VARINT = 10  # bytes of a 64-bit number


class MalformedError(ValueError):
    """No such message."""


def fields(raw: bytes) -> Iterator[tuple[int, int | bytes]]:
    """A message's fields in their order: number, and what stands there; numbers unsigned, everything else as bytes.

    Raises:
        MalformedError: It ends too early, or holds what the format does not know.
    """
    at = 0
    while at < len(raw):
        tag, at = _varint(raw, at)
        number, wire = tag >> 3, tag & 7
        if not 0 < number < 1 << 29:
            raise MalformedError(f"field number {number}")
        if wire == _VARINT:
            value, at = _varint(raw, at)
            yield number, value
            continue
        if wire == _BYTES:
            size, at = _varint(raw, at)
        elif wire in (_FIXED64, _FIXED32):
            size = 8 if wire == _FIXED64 else 4
        else:
            raise MalformedError(f"wire type {wire}")
        if size > len(raw) - at:
            raise MalformedError("it ends too early")
        yield number, raw[at : at + size]
        at += size


def text(raw: bytes, number: int) -> str:
    """The text of a field, the last one where it stands twice; "" when it is missing."""
    values = parts(raw, number)
    return values[-1].decode("utf-8", "replace") if values else ""


def whole(raw: bytes, number: int) -> int:
    """The number in a field; 0 when it is missing."""
    values = [value for key, value in fields(raw) if key == number and isinstance(value, int)]
    return values[-1] if values else 0


def parts(raw: bytes, number: int) -> list[bytes]:
    """What stands in a field of texts or messages, as often as it does."""
    return [value for key, value in fields(raw) if key == number and isinstance(value, bytes)]


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, lowest first, and where it ends."""
    value = 0
    for position in range(_LONGEST_VARINT):
        if at + position >= len(raw):
            raise MalformedError("it ends too early")
        byte = raw[at + position]
        value |= (byte & 0x7F) << (7 * position)
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at + position + 1
    raise MalformedError("a number without an end")
